-- One more start, if the check-in is open and has one left; $1 organization, $2 check-in, $3 now, $4 most starts
UPDATE check_in SET starts = starts + 1, state = 'started', started_at = COALESCE(started_at, $3)
WHERE organization_id = $1 AND check_in_id = $2 AND ended_at IS NULL AND expires_at > $3 AND starts < $4
