-- The next step of a recommendation; $1 organization, $2 patient, $3 recommendation, then the columns in order
INSERT INTO recommendation_event (organization_id, patient_id, recommendation_id, step_number, act, from_state, to_state, by_user_id, by_role, at, note)
VALUES ($1, $2, $3,
  (SELECT COALESCE(MAX(step_number), 0) + 1 FROM recommendation_event WHERE organization_id = $1 AND patient_id = $2 AND recommendation_id = $3),
  $4, $5, $6, $7, $8, $9, $10)
