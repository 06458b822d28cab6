-- What a site says where its patients look for help at once (safety/crisis.h): its own lines, its hours and when
-- answers are read, in both languages.
CREATE TABLE site_crisis (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  -- {"lines","read_when","clinic_hours"} as JSON.
  content TEXT NOT NULL,
  version {{int}} NOT NULL,
  changed_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};

-- A piece of the library that the team gave to a patient. `labels` say who else may know of it; `language` is the one it
-- was given in. Withdrawn is kept.
CREATE TABLE education_assignment (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  assignment_id {{id}} NOT NULL,
  piece TEXT NOT NULL,
  language TEXT NOT NULL,
  note TEXT,
  labels TEXT NOT NULL,
  assigned_by {{id}} NOT NULL,
  assigned_at {{instant}} NOT NULL,
  assigned_date {{date}} NOT NULL,
  withdrawn_by {{id}},
  withdrawn_at {{instant}},
  withdrawn_reason TEXT,
  version {{int}} NOT NULL,
  CONSTRAINT education_assignment_language CHECK (language IN ('en', 'es')),
  CONSTRAINT education_assignment_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  PRIMARY KEY (organization_id, patient_id, assignment_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_education_assignment__open ON education_assignment (organization_id, patient_id, piece)
  WHERE withdrawn_at IS NULL;

-- What somebody opened and finished, assigned or not: the patient, or a trusted person (on_behalf) apart from them.
CREATE TABLE education_reading (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  piece TEXT NOT NULL,
  reader {{id}} NOT NULL,
  on_behalf {{bool}} NOT NULL,
  language TEXT NOT NULL,
  opened_at {{instant}} NOT NULL,
  finished_at {{instant}},
  PRIMARY KEY (organization_id, patient_id, piece, reader),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
