-- One organization; $1 organization
SELECT organization_id, name FROM organization WHERE organization_id = $1
