-- An outside key's row or content changed; $1 organization, $2 kind, $3 outside key, $4 row, $5 digest
UPDATE import_key SET row_id = $4, digest = $5
WHERE organization_id = $1 AND kind = $2 AND outside_key = $3
