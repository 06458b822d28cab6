-- What a site says about help at once; $1 organization, $2 site
SELECT content, version FROM site_crisis WHERE organization_id = $1 AND site_id = $2
