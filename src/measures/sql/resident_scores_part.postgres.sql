-- Valid scores of a part of the table, for several readers at once on PostgreSQL; $1 organization, $2 first page, $3 the page after the last
-- What nearly every row says is not sent: NULL stands for the PHQ-9 and for the patient themselves.
SELECT patient_id, administered_date, NULLIF(instrument, 'phq-9'), NULLIF(informant, 'self'), total, administered_at
FROM measurement
WHERE organization_id = $1 AND ctid >= CAST('(' || CAST($2 AS TEXT) || ',0)' AS tid) AND ctid < CAST('(' || CAST($3 AS TEXT) || ',0)' AS tid) AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
