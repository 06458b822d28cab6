-- Minutes of a contact whose minutes were changed: they stay and do not count; $1 organization, $2 patient, $3 day, $4 entry, $5 at, $6 by, $7 what replaces them
UPDATE time_entry SET ended_at = $5, ended_by = $6, end_reason = 'the contact was changed', replaced_by_id = $7
WHERE organization_id = $1 AND patient_id = $2 AND entry_date = $3 AND entry_id = $4 AND ended_at IS NULL
