-- Publications of a month, oldest first; $1 organization, $2 rule set, $3 month
SELECT month_start, number, rule_set_version, as_of, published_at, published_by, published_role, reason, digest, figures
FROM report_publication WHERE organization_id = $1 AND rule_set = $2 AND month_start = $3 ORDER BY number
