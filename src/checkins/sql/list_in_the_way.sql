-- Patients of a range with an open check-in, or with one that reached somebody else; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, check_in_id, ended_why FROM check_in
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
  AND (ended_at IS NULL OR (state = 'revoked' AND ended_why IN ('wrong_person', 'birth_date')))
