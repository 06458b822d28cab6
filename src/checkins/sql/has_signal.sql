-- Whether any answer of a check-in has raised a safety event; $1 organization, $2 check-in
SELECT 1 FROM check_in_signal WHERE organization_id = $1 AND check_in_id = $2 LIMIT 1
