-- A coverage period; $1 organization, $2 patient, $3 coverage, $4 payer category, $5 plan, $6 start, $7 end, $8 version, $9 now
INSERT INTO coverage (organization_id, patient_id, coverage_id, payer_category, plan_name, start_date, end_date, version, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
