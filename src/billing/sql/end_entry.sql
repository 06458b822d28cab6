-- Corrects or removes an entry, which stays; $1 organization, $2 patient, $3 day, $4 entry, $5 at, $6 by, $7 reason, $8 what replaces it
UPDATE time_entry SET ended_at = $5, ended_by = $6, end_reason = $7, replaced_by_id = $8
WHERE organization_id = $1 AND patient_id = $2 AND entry_date = $3 AND entry_id = $4 AND ended_at IS NULL
