-- One service; $1 organization, $2 service
SELECT service_id, name, kinds, areas, languages, phone, hours, web, eligibility, cost, note, checked_date, withdrawn, updated_at, version
FROM community_service WHERE organization_id = $1 AND service_id = $2
