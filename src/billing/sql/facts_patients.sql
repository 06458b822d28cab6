-- Patients of a range and a site (null: of all); $1 organization, $2 first patient, $3 last patient, $4 site
SELECT patient_id, site_id FROM patient
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND (site_id = $4 OR $4 IS NULL)
