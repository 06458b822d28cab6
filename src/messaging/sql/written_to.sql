-- Who was written to at an address, in all organizations, latest first; $1 address, $2 at most
SELECT organization_id, patient_id, MAX(queued_at) AS latest FROM message_out
WHERE address = $1 AND patient_id IS NOT NULL GROUP BY organization_id, patient_id ORDER BY latest DESC LIMIT $2
