-- When the patient was seen at the other level of care, if the version is still the one that was edited; $1 organization, $2 referral, $3 that version, $4 date
UPDATE referral SET seen_elsewhere_date = $4, version = version + 1
WHERE organization_id = $1 AND referral_id = $2 AND version = $3
