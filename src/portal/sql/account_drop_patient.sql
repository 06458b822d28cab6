-- The account stops being a patient's own; $1 organization, $2 account
UPDATE portal_account SET patient_id = NULL, version = version + 1 WHERE organization_id = $1 AND account_id = $2
