-- An allergy does not stand any more, if the version is still the one that was edited; $1 organization, $2 patient, $3 allergy, $4 that version, $5 reason, $6 date
UPDATE patient_allergy SET end_reason = $5, ended_date = $6, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND allergy_id = $3 AND version = $4
