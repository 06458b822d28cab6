-- $1 organization, $2 account
SELECT channel, address FROM portal_contact WHERE organization_id = $1 AND account_id = $2 ORDER BY channel
