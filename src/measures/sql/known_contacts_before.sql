-- Contacts that said something else then, or were taken back later, the next change first; $1 organization, $2 when
SELECT patient_id, contact_date, modality, staff_role, with_whom, source, contact_id, kind
FROM contact_before
WHERE organization_id = $1 AND known_until > $2 AND known_from <= $2
ORDER BY known_until
