-- Annotations between two days, by day; $1 organization, $2 from, $3 to
SELECT annotation_id, on_date, site_id, figure, words, created_by, created_at, ended_at, ended_by, end_reason, version
FROM report_annotation
WHERE organization_id = $1 AND on_date >= $2 AND on_date <= $3
ORDER BY on_date, annotation_id
