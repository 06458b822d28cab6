-- Whether somebody came, a new version of the row; $1 organization, $2 group, then the columns in order
INSERT INTO group_attendance (organization_id, group_id, session_id, member_id, version, patient_id, status, note, names_accepted, contact_id, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
