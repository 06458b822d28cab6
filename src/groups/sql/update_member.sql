-- Changes a member if the version is still the one that was edited; $1 organization, $2 group, $3 member, $4 that version, then the columns
UPDATE group_member SET state = $5, line = $6, answer_by = $7, joined_date = $8, left_date = $9, reason = $10, version = version + 1
WHERE organization_id = $1 AND group_id = $2 AND member_id = $3 AND version = $4
