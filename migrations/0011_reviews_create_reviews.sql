-- Psychiatric case reviews of one patient, each with the recommendation it made and what became of it.
CREATE TABLE review (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  review_date {{date}} NOT NULL,
  review_id {{id}} NOT NULL,
  reviewer_id {{id}},
  reviewer_name TEXT NOT NULL,
  question TEXT NOT NULL,
  recommendation_documented {{bool}} NOT NULL,
  recommendation TEXT NOT NULL,
  recommendation_to TEXT NOT NULL,
  recommendation_state TEXT NOT NULL CHECK (recommendation_state IN ('none', 'sent', 'accepted', 'modified', 'declined', 'done')),
  answered_date {{date}},
  answer_reason TEXT,
  done_date {{date}},
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, review_date, review_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
