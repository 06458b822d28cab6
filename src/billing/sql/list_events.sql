-- What was done to a month, oldest first; $1 organization, $2 site, $3 month
SELECT at, by_user, kind, reason, detail FROM billing_event
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3 ORDER BY at, event_id
