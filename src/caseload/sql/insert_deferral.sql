-- Puts a line off; $1 organization, $2 patient, $3 deferral, $4 episode, $5 rule, $6 made on, $7 until, $8 reason, $9 by, $10 at
INSERT INTO attention_deferral (organization_id, patient_id, deferral_id, episode_id, rule, made_date, until_date, reason, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
