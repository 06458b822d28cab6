-- All of it was looked at, once; $1 organization, $2 check-in, $3 when, $4 by whom, $5 role
UPDATE check_in SET seen_at = $3, seen_by = $4, seen_role = $5, version = version + 1
WHERE organization_id = $1 AND check_in_id = $2 AND seen_at IS NULL
