-- The steps of a recommendation, oldest first; $1 organization, $2 patient, $3 recommendation
SELECT act, from_state, to_state, by_user_id, by_role, at, note
FROM recommendation_event WHERE organization_id = $1 AND patient_id = $2 AND recommendation_id = $3 ORDER BY step_number
