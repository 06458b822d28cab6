-- A proved contact point takes the place of the one before; $1 organization, $2 account, $3 channel, $4 address, $5 folded, $6 now
INSERT INTO portal_contact (organization_id, account_id, channel, address, address_folded, proved_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, account_id, channel) DO UPDATE SET address = $4, address_folded = $5, proved_at = $6
