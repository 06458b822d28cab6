-- A new annotation; $1 organization, $2 annotation, $3 day, $4 site, $5 figure, $6 words, $7 who, $8 when
INSERT INTO report_annotation (organization_id, annotation_id, on_date, site_id, figure, words, created_by, created_at, end_reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 1)
