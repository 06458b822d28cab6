-- One line of the rota, removed or not; $1 organization, $2 shift
SELECT site_id, shift_id, rung, place, user_id, from_date, to_date, weekdays, starts_minute, ends_minute, made_by, made_at, removed_by, removed_at FROM on_call_shift WHERE organization_id = $1 AND shift_id = $2
