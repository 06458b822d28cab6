-- Whose records entries of a chain are about, NULL for an import; $1 organization, $2 chain, $3 the last entry that is known
SELECT patient_id
FROM audit_event
WHERE organization_id = $1 AND chain = $2 AND sequence > $3 AND result = 'ok'
  AND (patient_id IS NOT NULL OR action IN ('import.csv', 'import.fhir'))
