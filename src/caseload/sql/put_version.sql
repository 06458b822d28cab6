-- The projection is computed with this now; $1 the nil organization, $2 form and rule set
INSERT INTO caseload_version (organization_id, made_with) VALUES ($1, $2)
ON CONFLICT (organization_id) DO UPDATE SET made_with = excluded.made_with
