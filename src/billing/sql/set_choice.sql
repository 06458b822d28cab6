-- What was decided between families of codes; $1 organization, then the columns in order
INSERT INTO billing_choice (organization_id, patient_id, month_start, family, reason, chosen_by, chosen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, patient_id, month_start) DO UPDATE
SET family = excluded.family, reason = excluded.reason, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at
