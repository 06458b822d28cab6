-- A publication's figures; $1 organization, $2 rule set, $3 month, $4 number
SELECT rule_set_version, figures FROM report_publication
WHERE organization_id = $1 AND rule_set = $2 AND month_start = $3 AND number = $4
