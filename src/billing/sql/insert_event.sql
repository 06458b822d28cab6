-- What was done to a month; $1 organization, then the columns in order
INSERT INTO billing_event (organization_id, site_id, month_start, event_id, at, by_user, kind, reason, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
