-- Before the list of attendees is written anew; $1 organization, $2 session
DELETE FROM review_attendee WHERE organization_id = $1 AND session_id = $2
