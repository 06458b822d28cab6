-- How many episodes there are; $1 organization
SELECT COUNT(*)
FROM episode
WHERE organization_id = $1
