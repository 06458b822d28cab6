-- A new version of what a payer takes; $1 organization, then the columns in order
INSERT INTO payer_setting (organization_id, payer_category, plan_name, version, valid_from, settings, reason, changed_by, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
