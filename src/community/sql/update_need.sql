-- Changes a need if the version is still the one that was edited; $1 organization, $2 patient, $3 need, $4 that version, then the columns
UPDATE social_need SET state = $5, later_until = $6, note = $7, labels = $8, changed_at = $9, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND need_id = $3 AND version = $4
