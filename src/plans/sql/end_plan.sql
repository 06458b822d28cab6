-- Ends a plan; $1 organization, $2 patient, $3 plan, $4 date, $5 reason
UPDATE care_plan SET status = 'ended', ended_date = $4, end_reason = $5
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3
