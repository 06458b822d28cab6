-- A charge's new state, if the version is still the one that was read; $1 organization, $2 charge, $3 that version, $4 state, $5 decided by, $6 decided at, $7 reason, $8 export, $9 credit export
UPDATE charge SET state = $4, decided_by = $5, decided_at = $6, decision_reason = $7, export_id = $8, credit_export_id = $9, version = version + 1
WHERE organization_id = $1 AND charge_id = $2 AND version = $3
