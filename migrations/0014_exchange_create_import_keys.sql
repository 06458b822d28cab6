-- Which row an outside resource became, and a digest of its content, so that the same file again stores
-- nothing and a changed one is seen.
CREATE TABLE import_key (
  organization_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  outside_key TEXT NOT NULL,
  row_id {{id}} NOT NULL,
  digest {{bytes}} NOT NULL,
  PRIMARY KEY (organization_id, kind, outside_key)
) {{clustered}};

-- Facts of the interchange extract that reports use and no screen edits yet.
CREATE TABLE practice_visit (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  visit_date {{date}} NOT NULL,
  visit_id {{id}} NOT NULL,
  provider_category TEXT NOT NULL,
  billing_codes TEXT NOT NULL,
  modality TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, visit_date, visit_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE site_month (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  bhcm_fte {{real}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, month_start)
) {{clustered}};

-- Practitioners, organizations and locations of other systems that imported resources refer to. A
-- placeholder was referred to and never sent.
CREATE TABLE outside_party (
  organization_id {{id}} NOT NULL,
  party_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('practitioner', 'organization', 'location', 'practitioner_role')),
  name TEXT NOT NULL,
  identifier TEXT NOT NULL,
  role TEXT NOT NULL,
  phone TEXT NOT NULL,
  placeholder {{bool}} NOT NULL,
  PRIMARY KEY (organization_id, party_id)
) {{clustered}};
