-- Somebody takes part; $1 organization, $2 session, $3 position, $4 user, $5 name, $6 role
INSERT INTO review_attendee (organization_id, session_id, position, user_id, name, role) VALUES ($1, $2, $3, $4, $5, $6)
