-- What is published of a month; $1 organization, then the columns in order
INSERT INTO report_publication (organization_id, rule_set, month_start, number, rule_set_version, as_of, published_at, published_by, published_role, reason, figures, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
