-- A new tenant; $1 organization, $2 name, $3 now.
INSERT INTO organization (organization_id, name, created_at) VALUES ($1, $2, $3)
