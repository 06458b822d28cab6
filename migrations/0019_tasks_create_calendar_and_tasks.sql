-- The working calendar of a site. Every version is kept; the highest counts. `week` has seven parts, Sunday first,
-- each "-" (closed) or "08:00-17:00", divided by spaces. A site without a row has the default (calendar.h).
CREATE TABLE site_calendar (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  week TEXT NOT NULL,
  holidays TEXT NOT NULL CHECK (holidays IN ('none', 'us_federal')),
  reason TEXT NOT NULL,
  changed_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, version),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};

-- One day of a calendar that is not as its weekday says: closed, or open with these hours.
CREATE TABLE site_special_day (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  special_date {{date}} NOT NULL,
  name TEXT NOT NULL,
  opens_minute {{int}},
  closes_minute {{int}},
  PRIMARY KEY (organization_id, site_id, version, special_date),
  FOREIGN KEY (organization_id, site_id, version) REFERENCES site_calendar (organization_id, site_id, version),
  CONSTRAINT site_special_day_hours CHECK ((opens_minute IS NULL AND closes_minute IS NULL)
    OR (opens_minute IS NOT NULL AND closes_minute IS NOT NULL AND opens_minute < closes_minute))
) {{clustered}};

-- What somebody must do by a date. `rule` with `episode_id`: the attention line it was made from, one open task a line.
-- `source_id`: the recommendation or hand-over it came from.
CREATE TABLE task (
  organization_id {{id}} NOT NULL,
  task_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  patient_id {{id}},
  episode_id {{id}},
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  due_date {{date}} NOT NULL,
  owner_id {{id}} NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('free', 'attention', 'recommendation', 'hand_over')),
  rule TEXT,
  source_id {{id}},
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
  reason TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  closed_by {{id}},
  closed_at {{instant}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, task_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  FOREIGN KEY (organization_id, owner_id) REFERENCES user_account (organization_id, user_id),
  CONSTRAINT task_closed CHECK ((state = 'open') = (closed_at IS NULL)),
  CONSTRAINT task_line CHECK (source <> 'attention' OR (rule IS NOT NULL AND episode_id IS NOT NULL AND patient_id IS NOT NULL))
) {{clustered}};
CREATE INDEX idx_task__owner_open ON task (organization_id, owner_id, due_date, task_id) WHERE state = 'open';
CREATE INDEX idx_task__site_open ON task (organization_id, site_id, due_date, task_id) WHERE state = 'open';
CREATE INDEX idx_task__site_closed ON task (organization_id, site_id, closed_at, task_id) WHERE state <> 'open';
CREATE INDEX idx_task__patient ON task (organization_id, patient_id, task_id);
CREATE UNIQUE INDEX idx_task__line ON task (organization_id, episode_id, rule) WHERE state = 'open' AND source = 'attention';

-- Everything that happened to a task, in order: nothing is overwritten.
CREATE TABLE task_change (
  organization_id {{id}} NOT NULL,
  task_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  by_user {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('created', 'edited', 'assigned', 'handed_over', 'done', 'cancelled', 'reopened')),
  owner_before {{id}},
  owner_after {{id}},
  due_before {{date}},
  due_after {{date}},
  text_before TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, task_id, change_id),
  FOREIGN KEY (organization_id, task_id) REFERENCES task (organization_id, task_id)
) {{clustered}};

-- A caseload that somebody else looks after: for good (no until_date: the episodes themselves moved on from_date) or as
-- cover from from_date to until_date, both included. A cover ends by its date, nothing has to run;
-- ended early: until_date moves, planned_until_date stays.
CREATE TABLE hand_over (
  organization_id {{id}} NOT NULL,
  hand_over_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  from_user {{id}} NOT NULL,
  to_user {{id}} NOT NULL,
  from_date {{date}} NOT NULL,
  until_date {{date}},
  planned_until_date {{date}},
  all_patients {{bool}} NOT NULL,
  patients {{int}} NOT NULL,
  tasks {{int}} NOT NULL,
  reason TEXT NOT NULL,
  made_by {{id}} NOT NULL,
  made_at {{instant}} NOT NULL,
  ended_by {{id}},
  ended_at {{instant}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, hand_over_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  FOREIGN KEY (organization_id, from_user) REFERENCES user_account (organization_id, user_id),
  FOREIGN KEY (organization_id, to_user) REFERENCES user_account (organization_id, user_id),
  CONSTRAINT hand_over_two_people CHECK (from_user <> to_user)
) {{clustered}};
CREATE INDEX idx_hand_over__until ON hand_over (organization_id, until_date);
CREATE INDEX idx_hand_over__site ON hand_over (organization_id, site_id, made_at);

-- Whose care moved (for good), or is covered (unless the cover is for all patients).
CREATE TABLE hand_over_patient (
  organization_id {{id}} NOT NULL,
  hand_over_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  PRIMARY KEY (organization_id, hand_over_id, patient_id),
  FOREIGN KEY (organization_id, hand_over_id) REFERENCES hand_over (organization_id, hand_over_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_hand_over_patient__patient ON hand_over_patient (organization_id, patient_id);

CREATE INDEX idx_episode__care_manager ON episode (organization_id, care_manager_id) WHERE state <> 'closed';

-- Whose minutes these are: the role in which they were spent ("bh_specialist"); '' where an import did not say.
ALTER TABLE time_entry ADD COLUMN staff_role TEXT NOT NULL DEFAULT '';
UPDATE time_entry SET staff_role = COALESCE((SELECT c.staff_role FROM contact c WHERE c.organization_id = time_entry.organization_id
  AND c.patient_id = time_entry.patient_id AND c.contact_date = time_entry.entry_date AND c.contact_id = time_entry.contact_id), '')
WHERE contact_id IS NOT NULL;

-- People of the care team who do not sign in here: how to reach them, how they belong to the patient, whether they inform.
ALTER TABLE care_team_member ADD COLUMN phone TEXT;
ALTER TABLE care_team_member ADD COLUMN relationship TEXT;
ALTER TABLE care_team_member ADD COLUMN informant {{bool}} NOT NULL DEFAULT FALSE;
ALTER TABLE care_team_member ADD COLUMN until_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE care_team_member ADD COLUMN added_by {{id}};
ALTER TABLE care_team_member ADD COLUMN added_at {{instant}};
ALTER TABLE care_team_member ADD COLUMN ended_by {{id}};
ALTER TABLE care_team_member ADD COLUMN ended_at {{instant}};

-- "Not now" taken back: the row stays.
ALTER TABLE attention_deferral ADD COLUMN withdrawn_at {{instant}};
ALTER TABLE attention_deferral ADD COLUMN withdrawn_by {{id}};
