-- What has been put off for a range of patients and not taken back; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, episode_id, rule, made_date, until_date
FROM attention_deferral
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND withdrawn_at IS NULL
ORDER BY patient_id
