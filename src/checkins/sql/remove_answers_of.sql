-- Staff have entered this questionnaire; $1 organization, $2 check-in, $3 instrument
DELETE FROM check_in_answer WHERE organization_id = $1 AND check_in_id = $2 AND instrument = $3
