-- A person; $1 organization, $2 user, $3 display name, $4 sign-in name, $5 password hash, $6 language, $7 imported, $8 now.
INSERT INTO user_account (organization_id, user_id, display_name, sign_in_name, password_hash, language, imported, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
