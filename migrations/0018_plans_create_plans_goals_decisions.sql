-- Shared care plans as lines of versions, goals with check-offs, decisions, and which pathway an episode follows.
CREATE TABLE care_plan (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  plan_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('care_plan', 'relapse_prevention', 'imported')),
  title TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'ended')),
  start_date {{date}} NOT NULL,
  ended_date {{date}},
  end_reason TEXT,
  labels TEXT NOT NULL,
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  CHECK (status <> 'ended' OR ended_date IS NOT NULL),
  PRIMARY KEY (organization_id, patient_id, plan_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_care_plan__one_open ON care_plan (organization_id, patient_id, kind)
  WHERE status = 'open' AND kind <> 'imported';

-- A version's words never change once the patient was asked. `content` is a JSON document (plans.h says what of).
CREATE TABLE care_plan_version (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  plan_id {{id}} NOT NULL,
  plan_version {{int}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'in_effect', 'replaced', 'withdrawn')),
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL,
  written_date {{date}} NOT NULL,
  written_by {{id}},
  effective_date {{date}},
  replaced_date {{date}},
  patient_view TEXT NOT NULL CHECK (patient_view IN ('not_asked', 'agreed', 'agreed_with_reservation', 'wants_something_else')),
  patient_words TEXT,
  patient_view_date {{date}},
  CONSTRAINT care_plan_version_agreed CHECK (state <> 'in_effect' OR patient_view IN ('agreed', 'agreed_with_reservation')),
  CONSTRAINT care_plan_version_effective CHECK (state <> 'in_effect' OR effective_date IS NOT NULL),
  PRIMARY KEY (organization_id, patient_id, plan_id, plan_version),
  FOREIGN KEY (organization_id, patient_id, plan_id) REFERENCES care_plan (organization_id, patient_id, plan_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_care_plan_version__one_in_effect ON care_plan_version (organization_id, patient_id, plan_id)
  WHERE state = 'in_effect';

-- Every view the patient gave, in the order it was given.
CREATE TABLE care_plan_view (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  plan_id {{id}} NOT NULL,
  plan_version {{int}} NOT NULL,
  view_id {{id}} NOT NULL,
  patient_view TEXT NOT NULL CHECK (patient_view IN ('agreed', 'agreed_with_reservation', 'wants_something_else')),
  patient_words TEXT,
  view_date {{date}} NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, plan_id, plan_version, view_id),
  FOREIGN KEY (organization_id, patient_id, plan_id, plan_version)
    REFERENCES care_plan_version (organization_id, patient_id, plan_id, plan_version)
) {{clustered}};

CREATE TABLE goal (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  goal_id {{id}} NOT NULL,
  what TEXT NOT NULL,
  where_with TEXT,
  how_often TEXT,
  times_per_week {{int}},
  until_date {{date}},
  confidence {{int}},
  obstacle TEXT,
  obstacle_plan TEXT,
  language TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'reached', 'stopped', 'imported')),
  status_date {{date}} NOT NULL,
  status_reason TEXT,
  start_date {{date}} NOT NULL,
  last_reviewed_date {{date}} NOT NULL,
  labels TEXT NOT NULL,
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  CONSTRAINT goal_confidence CHECK (confidence BETWEEN 0 AND 10),
  PRIMARY KEY (organization_id, patient_id, goal_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- What the patient ticked off, and each time the goal was looked at together.
CREATE TABLE goal_entry (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  goal_id {{id}} NOT NULL,
  entry_date {{date}} NOT NULL,
  entry_id {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('check_off', 'review')),
  result TEXT NOT NULL CHECK (result IN ('done', 'something_else', 'going_well', 'some', 'stuck', 'reached')),
  confidence {{int}},
  note TEXT NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, goal_id, entry_date, entry_id),
  FOREIGN KEY (organization_id, patient_id, goal_id) REFERENCES goal (organization_id, patient_id, goal_id)
) {{clustered}};

-- A goal's words before they were changed.
CREATE TABLE goal_revision (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  goal_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  statement TEXT NOT NULL,
  confidence {{int}},
  obstacle TEXT,
  obstacle_plan TEXT,
  changed_date {{date}} NOT NULL,
  changed_by {{id}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, goal_id, version),
  FOREIGN KEY (organization_id, patient_id, goal_id) REFERENCES goal (organization_id, patient_id, goal_id)
) {{clustered}};

-- A decision of the patient. `options`, `weights` and `took_part` are JSON lists.
CREATE TABLE decision (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  decision_id {{id}} NOT NULL,
  decided_date {{date}} NOT NULL,
  aid TEXT,
  aid_version TEXT,
  topic TEXT NOT NULL,
  language TEXT NOT NULL,
  options TEXT NOT NULL,
  weights TEXT NOT NULL,
  choice TEXT NOT NULL,
  choice_words TEXT,
  took_part TEXT NOT NULL,
  note TEXT NOT NULL,
  labels TEXT NOT NULL,
  replaces {{id}},
  replaced_by {{id}},
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, decision_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Every choice of a pathway for an episode, with its reason.
CREATE TABLE episode_pathway (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  choice_id {{id}} NOT NULL,
  chosen_date {{date}} NOT NULL,
  from_pathway TEXT,
  to_pathway TEXT,
  reason TEXT NOT NULL,
  by_user {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, episode_id, choice_id),
  FOREIGN KEY (organization_id, episode_id) REFERENCES episode (organization_id, episode_id)
) {{clustered}};
