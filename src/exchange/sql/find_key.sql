-- The row an outside key became, and its digest; $1 organization, $2 kind, $3 outside key
SELECT row_id, digest FROM import_key
WHERE organization_id = $1 AND kind = $2 AND outside_key = $3
