-- Safety signals of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT e.patient_id, e.safety_event_id, e.signalled_date, e.signal, e.measurement_id, e.due_at, e.closed_at, e.level, e.reassess_date,
  e.acknowledged_at, e.assessed_at, e.reassessed_on, e.follow_up_ended_on, u.display_name
FROM safety_event e
LEFT JOIN user_account u ON u.organization_id = e.organization_id AND u.user_id = e.has_it
WHERE e.organization_id = $1 AND e.patient_id BETWEEN $2 AND $3
ORDER BY e.patient_id
