-- One notice of a person; $1 organization, $2 user, $3 notice
SELECT notice_id, kind, patient_id, object_id, urgent, made_at, read_at FROM notice WHERE organization_id = $1 AND user_id = $2 AND notice_id = $3
