-- The first save of a draft; nothing when there is one; $1 organization, $2 patient, $3 reviewer, $4 session, $5 content, $6 now
INSERT INTO review_draft (organization_id, patient_id, reviewer_id, session_id, content, saved_at, version)
VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (organization_id, patient_id, reviewer_id, session_id) DO NOTHING
