-- Groups in which an offer has run out; $1 organization, $2 now
SELECT DISTINCT group_id FROM group_member WHERE organization_id = $1 AND answer_by IS NOT NULL AND answer_by <= $2 ORDER BY group_id
