-- Every publication, newest month first; $1 organization, $2 rule set
SELECT month_start, number, rule_set_version, as_of, published_at, published_by, published_role, reason, digest, figures
FROM report_publication WHERE organization_id = $1 AND rule_set = $2 ORDER BY month_start DESC, number DESC
