-- Positive safety signals. Only a clinician's disposition ends one; Concord never does.
CREATE TABLE safety_event (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  safety_event_id {{id}} NOT NULL,
  signalled_at {{instant}} NOT NULL,
  signalled_date {{date}} NOT NULL,
  signal TEXT NOT NULL,
  measurement_id {{id}},
  note TEXT,
  due_at {{instant}} NOT NULL,
  acknowledged_by {{id}},
  acknowledged_at {{instant}},
  level TEXT,
  disposition TEXT,
  closed_by {{id}},
  closed_at {{instant}},
  reassess_date {{date}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, safety_event_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  CHECK (closed_at IS NULL OR (closed_by IS NOT NULL AND disposition IS NOT NULL))
) {{clustered}};
CREATE INDEX idx_safety_event__open ON safety_event (organization_id, due_at) WHERE closed_at IS NULL;
