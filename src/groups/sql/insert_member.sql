-- One more on the roster; $1 organization, then the columns in order
INSERT INTO group_member (organization_id, group_id, member_id, patient_id, state, line, answer_by, joined_date, left_date, reason, labels, added_by, added_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
