-- How many referrals of a site are open, and how many of them nobody confirmed in time; $1 organization, $2 site, $3 sent on or before
SELECT COUNT(*), SUM(CASE WHEN state <> 'seen' AND sent_date <= $3 THEN 1 ELSE 0 END)
FROM community_referral WHERE organization_id = $1 AND site_id = $2 AND state <> 'closed'
