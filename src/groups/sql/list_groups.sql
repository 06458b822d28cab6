-- Groups of a site in a state, oldest first; $1 organization, $2 site, $3 state, $4 group to begin after, $5 how many
SELECT group_id, site_id, name, topic, kind, language, modality, place, link_code, capacity, first_date, start_minute, minutes, every_weeks,
  sessions_planned, offer_days, state, reason, created_by, created_at, version
FROM care_group WHERE organization_id = $1 AND site_id = $2 AND state = $3 AND group_id > $4 ORDER BY group_id LIMIT $5
