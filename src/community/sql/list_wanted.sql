-- Needs of a site's patients that wait for somebody: help is wanted and no referral is open, the longest waiting first;
-- $1 organization, $2 site, $3 and $4 time and id to begin after, $5 how many
SELECT n.patient_id, n.need_id, n.kind, n.state, n.later_until, n.source, n.found_date, n.note, n.labels, n.created_by, n.changed_at, n.version
FROM social_need n JOIN patient p ON p.organization_id = n.organization_id AND p.patient_id = n.patient_id
WHERE n.organization_id = $1 AND p.site_id = $2 AND n.state = 'wants_help' AND n.changed_at >= $3 AND (n.changed_at > $3 OR n.need_id > $4)
  AND NOT EXISTS (SELECT 1 FROM community_referral r WHERE r.organization_id = n.organization_id AND r.patient_id = n.patient_id
    AND r.need_id = n.need_id AND r.state <> 'closed')
ORDER BY n.changed_at, n.need_id LIMIT $5
