-- Services by name; $1 organization, $2 withdrawn ones or those in use, $3 folded name to begin after, $4 how many
SELECT service_id, name, kinds, areas, languages, phone, hours, web, eligibility, cost, note, checked_date, withdrawn, updated_at, version
FROM community_service WHERE organization_id = $1 AND withdrawn = $2 AND name_folded > $3 ORDER BY name_folded LIMIT $4
