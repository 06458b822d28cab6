-- Takes a line off the rota; $1 organization, $2 site, $3 shift, $4 who, $5 now
UPDATE on_call_shift SET removed_by = $4, removed_at = $5
WHERE organization_id = $1 AND site_id = $2 AND shift_id = $3 AND removed_at IS NULL
