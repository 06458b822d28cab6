-- The roster of a group; $1 organization, $2 group
SELECT group_id, member_id, patient_id, state, line, answer_by, joined_date, left_date, reason, labels, added_by, added_at, version
FROM group_member WHERE organization_id = $1 AND group_id = $2 ORDER BY member_id
