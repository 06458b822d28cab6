-- What a version of a grant says; $1 organization, $2 patient, $3 grant, $4 now, $5 act, $6 kind of who, $7 who
INSERT INTO trusted_grant_change (organization_id, patient_id, grant_id, version, at, act, by_kind, by_id, scopes, part2, expires_at)
SELECT organization_id, patient_id, grant_id, version, $4, $5, $6, $7, scopes, part2, expires_at
FROM trusted_grant WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3
