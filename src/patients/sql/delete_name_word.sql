-- Removes a word a patient is no longer found by; $1 organization, $2 word, $3 patient
DELETE FROM patient_name_word WHERE organization_id = $1 AND word = $2 AND patient_id = $3
