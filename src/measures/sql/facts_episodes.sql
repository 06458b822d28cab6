-- Enrolments; $1 organization
SELECT patient_id, episode_id, enrolled_date, closed_date, close_reason, primary_instrument, primary_condition
FROM episode
WHERE organization_id = $1 AND enrolled_date IS NOT NULL
