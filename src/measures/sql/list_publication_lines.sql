-- A publication's lines in order; $1 organization, $2 rule set, $3 month, $4 number
SELECT part, patient_id, episode_id, line FROM report_publication_line
WHERE organization_id = $1 AND rule_set = $2 AND month_start = $3 AND number = $4
ORDER BY part, position
