-- A folded word a patient is found by; $1 organization, $2 word, $3 patient
INSERT INTO patient_name_word (organization_id, word, patient_id) VALUES ($1, $2, $3)
