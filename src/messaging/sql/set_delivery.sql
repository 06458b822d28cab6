-- What became of a message after the gateway took it, unless it is known to have arrived; $1 organization, $2 message, $3 delivery, $4 at, $5 code
UPDATE message_out SET delivery = $3, delivery_at = $4, delivery_code = $5
WHERE organization_id = $1 AND message_id = $2 AND patient_id IS NOT NULL AND (delivery IS NULL OR delivery <> 'delivered')
