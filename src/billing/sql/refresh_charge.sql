-- What a charge that has not gone out says after its month was closed anew; $1 organization, $2 charge, $3 service day, $4 minutes, $5 payer, $6 plan, $7 practitioner, $8 confirm, $9 missing, $10 state
UPDATE charge SET service_date = $3, minutes_counted = $4, payer_category = $5, plan_name = $6, practitioner = $7, confirm = $8, missing = $9, state = $10,
  version = version + 1
WHERE organization_id = $1 AND charge_id = $2
