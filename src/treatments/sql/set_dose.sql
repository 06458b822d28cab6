-- The dose after a change, if the version is still the one that was edited; $1 organization, $2 patient, $3 treatment, $4 that version, $5 dose
UPDATE treatment SET dose = $5, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND treatment_id = $3 AND version = $4
