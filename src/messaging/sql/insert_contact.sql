-- A person's first contact settings, unless there are some; $1 organization, $2 user, $3 mail, $4 phone, $5 mail for, $6 SMS for
INSERT INTO user_contact (organization_id, user_id, mail, phone, mail_for, sms_for, version)
VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT DO NOTHING
