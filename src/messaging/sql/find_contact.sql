-- Where and for what a person wants mail and SMS; $1 organization, $2 user
SELECT mail, phone, mail_for, sms_for, version FROM user_contact WHERE organization_id = $1 AND user_id = $2
