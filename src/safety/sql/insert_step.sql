-- One step; $1 organization, $2 event, $3 patient, then the columns in order
INSERT INTO safety_step (organization_id, safety_event_id, patient_id, number, at, kind, by_user, to_user, channel, rung, level, action, text, measurement_id, message_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
