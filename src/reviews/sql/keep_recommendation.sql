-- A recommendation as it was known until now, when it will say something else; $1 organization, $2 patient, $3 recommendation, $4 version, $5 now, $6 kind, $7 state, $8 answered, $9 done
INSERT INTO recommendation_before (organization_id, patient_id, recommendation_id, known_until, known_from, review_id, kind, state, answered_date, done_date)
SELECT organization_id, patient_id, recommendation_id, $5, recorded_at, review_id, kind, state, answered_date, done_date FROM recommendation
WHERE organization_id = $1 AND patient_id = $2 AND recommendation_id = $3 AND version = $4
  AND (kind <> $6 OR state <> $7 OR answered_date IS DISTINCT FROM $8 OR done_date IS DISTINCT FROM $9)
ON CONFLICT (organization_id, patient_id, recommendation_id, known_until) DO NOTHING
