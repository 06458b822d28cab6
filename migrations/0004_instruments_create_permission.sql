-- Permissions a site has recorded for instruments that may not be used without one.
CREATE TABLE instrument_permission (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  instrument TEXT NOT NULL,
  permitted_by TEXT NOT NULL,
  reference TEXT NOT NULL,
  valid_from {{date}} NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, instrument),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
