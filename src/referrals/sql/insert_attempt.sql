-- An attempt to reach the person; $1 organization, $2 referral, $3 attempt, $4 at, $5 date, $6 who, $7 modality, $8 result, $9 note
INSERT INTO referral_attempt (organization_id, referral_id, attempt_id, at, attempt_date, by_user, modality, result, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
