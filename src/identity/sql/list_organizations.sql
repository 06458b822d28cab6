-- Every tenant. Columns: organization, name.
SELECT organization_id, name FROM organization ORDER BY name, organization_id
