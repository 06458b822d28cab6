-- What groups a patient is or was in, newest first; $1 organization, $2 patient
SELECT group_id, member_id, patient_id, state, line, answer_by, joined_date, left_date, reason, labels, added_by, added_at, version
FROM group_member WHERE organization_id = $1 AND patient_id = $2 ORDER BY member_id DESC
