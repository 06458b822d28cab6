-- Before an order by hand is written anew; $1 organization, $2 session
UPDATE review_agenda_edit SET position = NULL WHERE organization_id = $1 AND session_id = $2
