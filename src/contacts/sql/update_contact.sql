-- Changes a contact if the version is still the one that was edited; $1 organization, $2 patient, $3 date, $4 contact, $5 that version, then the columns
UPDATE contact SET modality = $6, minutes = $7, with_whom = $8, interventions = $9, note = $10, next_due_date = $11,
  next_due_modality = $12, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND contact_date = $3 AND contact_id = $4 AND version = $5
