-- $1 organization, $2 account
DELETE FROM portal_contact WHERE organization_id = $1 AND account_id = $2
