-- What reviews advised, with the day of the review; $1 organization
SELECT a.patient_id, r.review_date, a.kind, a.answered_date, a.done_date
FROM recommendation a
JOIN review r ON r.organization_id = a.organization_id AND r.patient_id = a.patient_id AND r.review_id = a.review_id
WHERE a.organization_id = $1 AND a.state NOT IN ('draft', 'withdrawn')
