-- Somebody has read what the other side wrote; $1 organization, $2 patient, $3 thread, $4 TRUE for messages of staff, $5 when, $6 who, $7 role
UPDATE patient_message SET read_at = $5, read_by = $6, read_role = $7
WHERE organization_id = $1 AND patient_id = $2 AND thread_id = $3 AND read_at IS NULL AND (author_kind = 'staff') = $4
