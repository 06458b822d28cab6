-- Every version of what payers take, newest first of each; $1 organization
SELECT payer_category, plan_name, version, valid_from, settings, reason, changed_by, changed_at FROM payer_setting
WHERE organization_id = $1 ORDER BY payer_category, plan_name, version DESC
