-- Every outside key of a kind, for large imports; $1 organization, $2 kind
SELECT outside_key, row_id, digest FROM import_key
WHERE organization_id = $1 AND kind = $2
