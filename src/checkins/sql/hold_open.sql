-- Keeps an open check-in open for the rest of the transaction; 0 rows when it has ended. $1 organization, $2 check-in
UPDATE check_in SET state = state WHERE organization_id = $1 AND check_in_id = $2 AND ended_at IS NULL
