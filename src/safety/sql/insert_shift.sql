-- A line of the rota; $1 organization, then the columns in order
INSERT INTO on_call_shift (organization_id, site_id, shift_id, rung, place, user_id, from_date, to_date, weekdays, starts_minute, ends_minute, made_by, made_at, removed_by, removed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
