-- Case reviews of a range of patients, a row for each recommendation; $1 organization, $2 first patient, $3 last patient
SELECT v.patient_id, v.review_id, v.review_date, r.recommendation_id, r.kind, r.to_role, u.display_name, r.urgency, r.state, r.sent_date,
  r.answered_date, r.done_date, r.ended_date
FROM review v
LEFT JOIN recommendation r ON r.organization_id = v.organization_id AND r.patient_id = v.patient_id AND r.review_id = v.review_id
LEFT JOIN user_account u ON u.organization_id = r.organization_id AND u.user_id = r.to_user_id
WHERE v.organization_id = $1 AND v.patient_id BETWEEN $2 AND $3
ORDER BY v.patient_id, v.review_id
