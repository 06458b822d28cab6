-- Which site may use an instrument whose owner asks for permission, on whose word, from when. A renewal is a
-- new row; rows are never changed.
CREATE TABLE instrument_permission (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  instrument TEXT NOT NULL,
  valid_from {{date}} NOT NULL,
  permitted_by TEXT NOT NULL,
  reference TEXT NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  CONSTRAINT instrument_permission_named CHECK (permitted_by <> '' AND reference <> ''),
  PRIMARY KEY (organization_id, site_id, instrument, valid_from),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
