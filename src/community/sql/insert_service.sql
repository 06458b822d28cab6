-- A new service, unless there is one of that name; $1 organization, then the columns in order
INSERT INTO community_service (organization_id, service_id, name, name_folded, kinds, areas, languages, phone, hours, web, eligibility, cost,
  note, checked_date, withdrawn, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (organization_id, name_folded) DO NOTHING
