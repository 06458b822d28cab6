-- The rota of a site that may still matter on a day; $1 organization, $2 site, $3 the day before
SELECT site_id, shift_id, rung, place, user_id, from_date, to_date, weekdays, starts_minute, ends_minute, made_by, made_at, removed_by, removed_at FROM on_call_shift
WHERE organization_id = $1 AND site_id = $2 AND removed_at IS NULL AND (to_date >= $3 OR to_date IS NULL)
ORDER BY rung, place, from_date, shift_id
