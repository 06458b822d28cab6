-- Charges of a site's month in the order of patients; $1 organization, $2 site, $3 month
SELECT charge_id, site_id, month_start, patient_id, reference, service_date, code, units, minutes_counted, payer_category, plan_name,
  practitioner, confirm, missing, state, decided_by, decided_at, decision_reason, export_id, credit_export_id, version
FROM charge WHERE organization_id = $1 AND site_id = $2 AND month_start = $3 ORDER BY patient_id, code, charge_id
