-- $1 hash, $2 organization, $3 account, $4 grant, $5 method, $6 network, $7 created, $8 proved, $9 now
INSERT INTO portal_session (token_hash, organization_id, account_id, grant_id, method, network, created_at, proved_at, last_active_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
