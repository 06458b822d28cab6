-- Conditions (the problem list) and allergies of a patient.
CREATE TABLE patient_condition (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  condition_id {{id}} NOT NULL,
  text TEXT NOT NULL,
  code TEXT,
  code_system TEXT,
  clinical_status TEXT NOT NULL
    CHECK (clinical_status IN ('active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved', 'unknown')),
  onset_date {{date}},
  ended_date {{date}},
  recorded_date {{date}} NOT NULL,
  labels TEXT NOT NULL,
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, condition_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE patient_allergy (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  allergy_id {{id}} NOT NULL,
  substance TEXT NOT NULL,
  code TEXT,
  code_system TEXT,
  category TEXT,
  criticality TEXT,
  reaction TEXT,
  onset_date {{date}},
  ended_date {{date}},
  end_reason TEXT,
  labels TEXT NOT NULL,
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, allergy_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
