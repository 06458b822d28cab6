-- What a patient reported about treatments, newest first; $1 organization, $2 patient
SELECT patient_id, report_id, treatment_id, report_date, adherence, side_effects, bother, contact_id, reported_by, reported_at, reporter_kind, labels
FROM treatment_report WHERE organization_id = $1 AND patient_id = $2 ORDER BY report_date DESC, report_id DESC
