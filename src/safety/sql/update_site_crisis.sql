-- Changes them if the version is still the one that was seen; $1 organization, $2 site, $3 that version, $4 content, $5 who, $6 when
UPDATE site_crisis SET content = $4, version = version + 1, changed_by = $5, changed_at = $6
WHERE organization_id = $1 AND site_id = $2 AND version = $3
