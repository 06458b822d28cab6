-- A new group; $1 organization, then the columns in order
INSERT INTO care_group (organization_id, group_id, site_id, name, topic, kind, language, modality, place, link_code, capacity, first_date, start_minute, minutes, every_weeks,
  sessions_planned, offer_days, state, reason, created_by, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
