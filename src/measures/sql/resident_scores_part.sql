-- Valid scores of a part of the table, for several readers at once on PostgreSQL; $1 organization, $2 first page, $3 the page after the last
SELECT patient_id, administered_date, instrument, informant, total, administered_at
FROM measurement
WHERE organization_id = $1 AND $2 < $3 AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
