-- Records a permission; $1 organization, $2 site, $3 instrument, $4 valid from, $5 permitted by, $6 reference, $7 recorded by, $8 at
INSERT INTO instrument_permission
  (organization_id, site_id, instrument, valid_from, permitted_by, reference, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
