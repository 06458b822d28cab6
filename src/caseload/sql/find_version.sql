-- What the projection was computed with; $1 the nil organization
SELECT made_with FROM caseload_version WHERE organization_id = $1
