-- Treatment contacts of a part of the table, for several readers at once on PostgreSQL; $1 organization, $2 first page, $3 the page after the last
SELECT patient_id, contact_date, modality, staff_role, with_whom, source
FROM contact
WHERE organization_id = $1 AND $2 < $3 AND kind = 'treatment' AND replaced_by_id IS NULL
