-- Contacts with a patient and the minutes spent, which are entries of their own.
CREATE TABLE contact (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  contact_date {{date}} NOT NULL,
  contact_id {{id}} NOT NULL,
  started_at {{instant}},
  staff_id {{id}},
  staff_role TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('treatment', 'outreach_attempt', 'scheduling', 'no_show', 'message')),
  modality TEXT,
  minutes {{int}},
  with_whom TEXT NOT NULL,
  interventions TEXT NOT NULL,
  note TEXT NOT NULL,
  next_due_date {{date}},
  next_due_modality TEXT,
  source TEXT NOT NULL,
  labels TEXT NOT NULL,
  replaced_by_id {{id}},
  entered_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, contact_date, contact_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE time_entry (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  entry_date {{date}} NOT NULL,
  entry_id {{id}} NOT NULL,
  staff_id {{id}},
  staff_name TEXT NOT NULL,
  minutes {{int}} NOT NULL,
  activity TEXT NOT NULL,
  start_minute {{int}},
  separately_billed {{bool}} NOT NULL,
  contact_id {{id}},
  PRIMARY KEY (organization_id, patient_id, entry_date, entry_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
