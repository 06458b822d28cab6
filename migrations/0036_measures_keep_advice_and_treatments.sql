-- The AIMS set and the HEDIS-like figures from the facts as they were known at an instant, as 0034 does it for the state's report
-- (docs/decisions/0012): what advice, treatments, diagnoses and a date of death said before a change stays in <table>_before until
-- known_until. Each slice writes its own tables. Rows of before this file without a time of entry: docs/measures.md.
ALTER TABLE recommendation ADD COLUMN recorded_at {{instant}};
ALTER TABLE treatment ADD COLUMN recorded_at {{instant}};
ALTER TABLE treatment_change ADD COLUMN recorded_at {{instant}};
ALTER TABLE patient_condition ADD COLUMN recorded_at {{instant}};
UPDATE recommendation SET recorded_at = created_at WHERE created_at IS NOT NULL;

CREATE TABLE patient_death_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  deceased_date {{date}},
  PRIMARY KEY (organization_id, patient_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE patient_condition_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  condition_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  code TEXT,
  code_system TEXT,
  onset_date {{date}},
  recorded_date {{date}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, condition_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE treatment_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  treatment_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  start_date {{date}} NOT NULL,
  stop_date {{date}},
  PRIMARY KEY (organization_id, patient_id, treatment_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE treatment_change_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  treatment_id {{id}} NOT NULL,
  change_date {{date}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, change_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE recommendation_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  recommendation_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  review_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  answered_date {{date}},
  done_date {{date}},
  PRIMARY KEY (organization_id, patient_id, recommendation_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- The steps of a recommendation were always kept: what it said before each of them follows.
INSERT INTO recommendation_before (organization_id, patient_id, recommendation_id, known_until, known_from, review_id, kind, state,
  answered_date, done_date)
SELECT e.organization_id, e.patient_id, e.recommendation_id, e.at, r.recorded_at, r.review_id, r.kind, e.from_state,
  CASE WHEN e.from_state IN ('draft', 'noted', 'sent', 'read') THEN NULL ELSE r.answered_date END,
  CASE WHEN e.from_state IN ('done', 'adequate_trial', 'not_adequate') THEN r.done_date ELSE NULL END
FROM recommendation_event e
JOIN recommendation r ON r.organization_id = e.organization_id AND r.patient_id = e.patient_id AND r.recommendation_id = e.recommendation_id
WHERE NOT EXISTS (SELECT 1 FROM recommendation_event x
  WHERE x.organization_id = e.organization_id AND x.patient_id = e.patient_id AND x.recommendation_id = e.recommendation_id
    AND x.at = e.at AND x.step_number < e.step_number);
