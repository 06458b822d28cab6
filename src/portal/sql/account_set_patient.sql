-- An account becomes a patient's own as well; $1 organization, $2 account, $3 patient
UPDATE portal_account SET patient_id = $3, version = version + 1
WHERE organization_id = $1 AND account_id = $2 AND patient_id IS NULL AND ended_at IS NULL
