-- What patients write down for themselves: mood, what they did, medicines taken, side effects. `logged_by` is a portal account. Of two
-- rows about the same medicine and day the later one counts.
CREATE TABLE patient_log (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  log_date {{date}} NOT NULL,
  log_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('mood', 'activity', 'medicine', 'side_effect')),
  score {{int}} CONSTRAINT patient_log_score CHECK (score BETWEEN 0 AND 10),
  words TEXT NOT NULL,
  pleasure {{int}} CONSTRAINT patient_log_pleasure CHECK (pleasure BETWEEN 0 AND 10),
  mastery {{int}} CONSTRAINT patient_log_mastery CHECK (mastery BETWEEN 0 AND 10),
  treatment_id {{id}},
  taken TEXT CONSTRAINT patient_log_taken CHECK (taken IN ('yes', 'partly', 'no')),
  bother {{int}} CONSTRAINT patient_log_bother CHECK (bother BETWEEN 0 AND 3),
  labels TEXT NOT NULL,
  logged_by {{id}} NOT NULL,
  on_behalf_by {{id}},
  logged_at {{instant}} NOT NULL,
  CONSTRAINT patient_log_mood CHECK (kind <> 'mood' OR score IS NOT NULL),
  CONSTRAINT patient_log_medicine CHECK (kind <> 'medicine' OR (treatment_id IS NOT NULL AND taken IS NOT NULL)),
  CONSTRAINT patient_log_side_effect CHECK (kind <> 'side_effect' OR (treatment_id IS NOT NULL AND bother IS NOT NULL)),
  PRIMARY KEY (organization_id, patient_id, log_date, log_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Goals that patients build themselves: "I will walk for 10 minutes on Monday and Thursday, after lunch." `days`: "mon thu".
ALTER TABLE goal ADD COLUMN how_long TEXT;
ALTER TABLE goal ADD COLUMN days TEXT;
ALTER TABLE goal ADD COLUMN day_time TEXT;
ALTER TABLE goal ADD COLUMN written_by TEXT NOT NULL DEFAULT 'staff' CHECK (written_by IN ('staff', 'patient', 'trusted_person'));
ALTER TABLE goal ADD COLUMN on_behalf_by {{id}};
ALTER TABLE goal_entry ADD COLUMN told_by TEXT NOT NULL DEFAULT 'staff' CHECK (told_by IN ('staff', 'patient', 'trusted_person'));
ALTER TABLE goal_entry ADD COLUMN on_behalf_by {{id}};

-- What a patient weighs before a decision is made, one row an aid; saving again replaces it, until the decision keeps its own copy.
CREATE TABLE decision_preparation (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  aid TEXT NOT NULL,
  aid_version TEXT NOT NULL,
  -- JSON list, as in decision.
  weights TEXT NOT NULL,
  leaning TEXT,
  words TEXT NOT NULL,
  labels TEXT NOT NULL,
  saved_by {{id}} NOT NULL,
  on_behalf_by {{id}},
  saved_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, aid),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

ALTER TABLE safety_plan ADD COLUMN written_by_kind TEXT NOT NULL DEFAULT 'staff' CHECK (written_by_kind IN ('staff', 'patient'));

-- Patients report about treatments too; they may leave out how it is taken.
CREATE TABLE treatment_report_next (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  report_date {{date}} NOT NULL,
  report_id {{id}} NOT NULL,
  treatment_id {{id}} NOT NULL,
  adherence TEXT NOT NULL CHECK (adherence IN ('as_planned', 'some', 'none', 'not_said')),
  side_effects TEXT NOT NULL,
  bother {{int}} CONSTRAINT treatment_report_bother CHECK (bother BETWEEN 0 AND 3),
  contact_id {{id}},
  reported_by {{id}} NOT NULL,
  reported_at {{instant}} NOT NULL,
  reporter_kind TEXT NOT NULL CHECK (reporter_kind IN ('staff', 'patient', 'trusted_person')),
  labels TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, report_date, report_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
INSERT INTO treatment_report_next (organization_id, patient_id, report_date, report_id, treatment_id, adherence, side_effects, bother,
  contact_id, reported_by, reported_at, reporter_kind, labels)
SELECT organization_id, patient_id, report_date, report_id, treatment_id, adherence, side_effects, bother, contact_id, reported_by,
  reported_at, 'staff', 'normal' FROM treatment_report;
DROP TABLE treatment_report;
ALTER TABLE treatment_report_next RENAME TO treatment_report;

-- A survey whose words belong to somebody: the site that has their permission brings the words. `words` is JSON by language.
CREATE TABLE survey_permission (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  survey TEXT NOT NULL,
  valid_from {{date}} NOT NULL,
  permitted_by TEXT NOT NULL,
  reference TEXT NOT NULL,
  words TEXT NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, survey, valid_from),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};

-- One answer a patient, episode, survey and point ("week_4"); declined ones count as asked. `answers` is a JSON object.
CREATE TABLE survey_answer (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  answer_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  survey TEXT NOT NULL,
  survey_version TEXT NOT NULL,
  point TEXT NOT NULL,
  answered_date {{date}} NOT NULL,
  answered_at {{instant}} NOT NULL,
  language TEXT NOT NULL,
  declined {{bool}} NOT NULL,
  answers TEXT NOT NULL,
  labels TEXT NOT NULL,
  answered_by {{id}} NOT NULL,
  CONSTRAINT survey_answer_once UNIQUE (organization_id, patient_id, episode_id, survey, point),
  PRIMARY KEY (organization_id, patient_id, answer_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_survey_answer__site ON survey_answer (organization_id, site_id, survey, answered_date);

-- What patients say about the care itself, for the program manager. `anonymous`: the manager does not learn who wrote it.
CREATE TABLE feedback (
  organization_id {{id}} NOT NULL,
  feedback_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  sent_at {{instant}} NOT NULL,
  topic TEXT NOT NULL,
  words TEXT NOT NULL,
  language TEXT NOT NULL,
  anonymous {{bool}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'answered', 'closed')),
  answer TEXT,
  answered_by {{id}},
  answered_at {{instant}},
  closed_by {{id}},
  closed_at {{instant}},
  labels TEXT NOT NULL,
  version {{int}} NOT NULL,
  CONSTRAINT feedback_answered CHECK (state <> 'answered' OR answer IS NOT NULL),
  CONSTRAINT feedback_closed CHECK (state <> 'closed' OR closed_at IS NOT NULL),
  PRIMARY KEY (organization_id, feedback_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_feedback__site ON feedback (organization_id, site_id, sent_at, feedback_id);
CREATE INDEX idx_feedback__patient ON feedback (organization_id, patient_id, feedback_id);
