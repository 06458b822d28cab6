-- Changes a service if the version is still the one that was edited; $1 organization, $2 service, $3 that version, then the columns
UPDATE community_service SET name = $4, name_folded = $5, kinds = $6, areas = $7, languages = $8, phone = $9, hours = $10, web = $11,
  eligibility = $12, cost = $13, note = $14, checked_date = $15, withdrawn = $16, updated_at = $17, version = version + 1
WHERE organization_id = $1 AND service_id = $2 AND version = $3
