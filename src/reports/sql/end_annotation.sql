-- Ends an annotation; $1 organization, $2 annotation, $3 version, $4 when, $5 who, $6 reason
UPDATE report_annotation
SET ended_at = $4, ended_by = $5, end_reason = $6, version = version + 1
WHERE organization_id = $1 AND annotation_id = $2 AND version = $3 AND ended_at IS NULL
