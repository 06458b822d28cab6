-- Instruments there are scores of; $1 organization
SELECT DISTINCT instrument FROM measurement
WHERE organization_id = $1
