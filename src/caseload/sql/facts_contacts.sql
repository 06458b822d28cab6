-- Contacts of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, contact_id, contact_date, kind, modality, staff_role, with_whom, source, next_due_date, entered_at, replaced_by_id
FROM contact
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
ORDER BY patient_id
