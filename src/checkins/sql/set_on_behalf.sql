-- Who answers instead of the patient; $1 organization, $2 check-in, $3 portal account or NULL
UPDATE check_in SET on_behalf_by = $3 WHERE organization_id = $1 AND check_in_id = $2
