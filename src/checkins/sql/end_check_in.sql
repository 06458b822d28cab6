-- Ends an open check-in, once; $1 organization, $2 check-in, $3 state, $4 when, $5 why, $6 by whom or NULL, $7 receipt
UPDATE check_in SET state = $3, ended_at = $4, ended_why = $5, ended_by = $6, receipt = $7, version = version + 1
WHERE organization_id = $1 AND check_in_id = $2 AND ended_at IS NULL
