-- A questionnaire of a check-in; $1 organization, $2 check-in, $3 number, $4 instrument, $5 informant
INSERT INTO check_in_form (organization_id, check_in_id, number, instrument, informant) VALUES ($1, $2, $3, $4, $5)
