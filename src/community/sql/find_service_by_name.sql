-- The service of that name; $1 organization, $2 folded name
SELECT service_id, name, kinds, areas, languages, phone, hours, web, eligibility, cost, note, checked_date, withdrawn, updated_at, version
FROM community_service WHERE organization_id = $1 AND name_folded = $2
