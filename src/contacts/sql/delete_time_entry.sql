-- Removes the minutes of a contact before they are written anew (the contact's earlier wording keeps them); $1 organization, $2 patient, $3 day, $4 contact
DELETE FROM time_entry WHERE organization_id = $1 AND patient_id = $2 AND entry_date = $3 AND contact_id = $4
