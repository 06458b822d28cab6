-- Whose event it is, from its first step; $1 organization, $2 event
SELECT patient_id FROM safety_step WHERE organization_id = $1 AND safety_event_id = $2 AND number = 1
