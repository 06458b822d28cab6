-- What became of messages about check-ins, newest last; $1 organization, $2 first patient, $3 last patient, $4 queued since
SELECT patient_id, object_id, state, delivery FROM message_out
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND queued_at >= $4
  AND kind IN ('checkins.asked', 'checkins.again', 'checkins.weekly', 'checkins.before_visit')
ORDER BY patient_id, queued_at
