-- A contact as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO contact_before (organization_id, patient_id, contact_id, known_until, known_from, contact_date, kind, modality, staff_role, with_whom, source)
SELECT organization_id, patient_id, contact_id, $4, COALESCE(recorded_at, entered_at), contact_date, kind, modality, staff_role, with_whom, source
FROM contact WHERE organization_id = $1 AND patient_id = $2 AND contact_id = $3 AND replaced_by_id IS NULL
ON CONFLICT (organization_id, patient_id, contact_id, known_until) DO NOTHING
