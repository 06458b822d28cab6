-- A person or place of another system with what is now known; $1 organization, $2 id, $3 name, $4 identifier, $5 role, $6 phone, $7 placeholder
UPDATE outside_party SET name = $3, identifier = $4, role = $5, phone = $6, placeholder = $7
WHERE organization_id = $1 AND party_id = $2
