-- Changes a person's contact settings at a version; $1 organization, $2 user, $3 version, $4 mail, $5 phone, $6 mail for, $7 SMS for
UPDATE user_contact SET mail = $4, phone = $5, mail_for = $6, sms_for = $7, version = version + 1
WHERE organization_id = $1 AND user_id = $2 AND version = $3
