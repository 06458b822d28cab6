-- A new version; nothing when somebody was faster; $1 organization, $2 version, $3 values, $4 reason, $5 who, $6 when
INSERT INTO report_assumptions (organization_id, version, assumed_values, reason, changed_by, changed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, version) DO NOTHING
