-- Patients, their outside identifiers, search words and coverage.
CREATE TABLE patient (
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  birth_date {{date}},
  sex TEXT,
  gender_identity TEXT,
  race TEXT,
  ethnicity TEXT,
  language TEXT,
  interpreter_needed {{bool}} NOT NULL,
  preferred_channel TEXT,
  phone TEXT,
  email TEXT,
  postal_code TEXT,
  deceased_date {{date}},
  placeholder {{bool}} NOT NULL,
  labels TEXT NOT NULL,
  version {{int}} NOT NULL,
  created_at {{instant}} NOT NULL,
  updated_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
CREATE INDEX idx_patient__name ON patient (organization_id, name_folded, birth_date);
CREATE INDEX idx_patient__birth ON patient (organization_id, birth_date);

-- An outside identifier is never trusted as unique: two patients may carry the same one.
CREATE TABLE patient_identifier (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  system TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, system, value),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_patient_identifier__value ON patient_identifier (organization_id, value, system);

-- One row per folded word of the name, for search by any beginning of any word.
CREATE TABLE patient_name_word (
  organization_id {{id}} NOT NULL,
  word TEXT NOT NULL,
  patient_id {{id}} NOT NULL,
  PRIMARY KEY (organization_id, word, patient_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE coverage (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  coverage_id {{id}} NOT NULL,
  payer_category TEXT NOT NULL,
  plan_name TEXT,
  start_date {{date}} NOT NULL,
  end_date {{date}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, coverage_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
