-- One group; $1 organization, $2 group
SELECT group_id, site_id, name, topic, kind, language, modality, place, link_code, capacity, first_date, start_minute, minutes, every_weeks,
  sessions_planned, offer_days, state, reason, created_by, created_at, version
FROM care_group WHERE organization_id = $1 AND group_id = $2
