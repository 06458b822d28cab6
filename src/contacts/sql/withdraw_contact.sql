-- Takes a contact back that did not take place: it is replaced by nothing, so no list shows it; $1 organization, $2 patient, $3 contact
UPDATE contact SET replaced_by_id = contact_id, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND contact_id = $3 AND replaced_by_id IS NULL
