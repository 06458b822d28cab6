-- One more wrong birth date; $1 organization, $2 check-in
UPDATE check_in SET wrong_birth_dates = wrong_birth_dates + 1 WHERE organization_id = $1 AND check_in_id = $2
