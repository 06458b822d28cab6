-- Treatment trials. A change of dose is a row of its own, so that the trial clock has a date for it.
CREATE TABLE treatment (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  treatment_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('medication', 'psychotherapy')),
  name TEXT NOT NULL,
  code TEXT,
  dose TEXT,
  start_date {{date}} NOT NULL,
  stop_date {{date}},
  stop_reason TEXT,
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, treatment_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE treatment_change (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  treatment_id {{id}} NOT NULL,
  change_date {{date}} NOT NULL,
  change_id {{id}} NOT NULL,
  from_dose TEXT,
  to_dose TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, treatment_id, change_date, change_id),
  FOREIGN KEY (organization_id, patient_id, treatment_id) REFERENCES treatment (organization_id, patient_id, treatment_id)
) {{clustered}};
