-- Consents to collaborative care of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, given_date, withdrawn_date FROM consent
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND kind = 'collaborative_care'
