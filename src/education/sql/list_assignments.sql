-- Everything given to a patient, oldest first; $1 organization, $2 patient
SELECT assignment_id, patient_id, piece, language, note, labels, assigned_by, assigned_at, assigned_date, withdrawn_by, withdrawn_at,
  withdrawn_reason, version
FROM education_assignment WHERE organization_id = $1 AND patient_id = $2 ORDER BY assignment_id
