-- Reports of a past month from the facts as they were known at an instant (docs/decisions/0012). A row is known from
-- recorded_at on (created_at of a patient or an episode, entered_at where nothing else is said); what it said before a change
-- stays in <table>_before until known_until. Each slice writes its own tables. Rows of before this file have no recorded_at:
-- docs/measures.md says since when they count as known.
ALTER TABLE coverage ADD COLUMN recorded_at {{instant}};
ALTER TABLE contact ADD COLUMN recorded_at {{instant}};
ALTER TABLE measurement ADD COLUMN recorded_at {{instant}};
ALTER TABLE review ADD COLUMN recorded_at {{instant}};
ALTER TABLE practice_visit ADD COLUMN recorded_at {{instant}};
ALTER TABLE site_month ADD COLUMN recorded_at {{instant}};
UPDATE review SET recorded_at = signed_at WHERE signed_at IS NOT NULL;

CREATE TABLE patient_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  birth_date {{date}},
  PRIMARY KEY (organization_id, patient_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE coverage_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  coverage_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  payer_category TEXT NOT NULL,
  start_date {{date}} NOT NULL,
  end_date {{date}},
  PRIMARY KEY (organization_id, patient_id, coverage_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE episode_before (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  enrolled_date {{date}},
  closed_date {{date}},
  close_reason TEXT,
  primary_instrument TEXT,
  primary_condition TEXT,
  PRIMARY KEY (organization_id, episode_id, known_until),
  FOREIGN KEY (organization_id, episode_id) REFERENCES episode (organization_id, episode_id)
) {{clustered}};

CREATE TABLE contact_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  contact_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}} NOT NULL,
  contact_date {{date}} NOT NULL,
  kind TEXT NOT NULL,
  modality TEXT,
  staff_role TEXT NOT NULL,
  with_whom TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, contact_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE review_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  review_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  review_date {{date}} NOT NULL,
  recommendation_documented {{bool}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, review_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE practice_visit_before (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  visit_id {{id}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  visit_date {{date}} NOT NULL,
  provider_category TEXT NOT NULL,
  billing_codes TEXT NOT NULL,
  modality TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, visit_id, known_until),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE site_month_before (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  month_start {{date}} NOT NULL,
  known_until {{instant}} NOT NULL,
  known_from {{instant}},
  bhcm_fte {{real}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, month_start, known_until)
) {{clustered}};

-- What was published of a month, word for word: number 1 is the first, each later one a restatement. Rows are never changed.
-- `figures` and `line` are the report's own JSON with Concord's ids, so that the digest can be computed again.
CREATE TABLE report_publication (
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  rule_set TEXT NOT NULL,
  month_start {{date}} NOT NULL,
  number {{int}} NOT NULL,
  rule_set_version TEXT NOT NULL,
  as_of {{instant}} NOT NULL,
  published_at {{instant}} NOT NULL,
  published_by {{id}},
  published_role TEXT NOT NULL,
  reason TEXT NOT NULL,
  figures TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (organization_id, rule_set, month_start, number),
  CONSTRAINT report_publication_reason CHECK (number = 1 OR reason <> '')
) {{clustered}};

CREATE TABLE report_publication_line (
  organization_id {{id}} NOT NULL,
  rule_set TEXT NOT NULL,
  month_start {{date}} NOT NULL,
  number {{int}} NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('episode', 'screening')),
  position {{int}} NOT NULL,
  patient_id {{id}} NOT NULL,
  episode_id {{id}},
  line TEXT NOT NULL,
  PRIMARY KEY (organization_id, rule_set, month_start, number, part, position),
  FOREIGN KEY (organization_id, rule_set, month_start, number)
    REFERENCES report_publication (organization_id, rule_set, month_start, number)
) {{clustered}};
