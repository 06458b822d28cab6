-- One annotation; $1 organization, $2 annotation
SELECT annotation_id, on_date, site_id, figure, words, created_by, created_at, ended_at, ended_by, end_reason, version
FROM report_annotation
WHERE organization_id = $1 AND annotation_id = $2
