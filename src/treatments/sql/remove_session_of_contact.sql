-- Removes the session that another slice recorded with a contact which did not take place; $1 organization, $2 patient, $3 contact
DELETE FROM psychotherapy_session WHERE organization_id = $1 AND patient_id = $2 AND contact_id = $3
