-- A safety signal's whole hand-off: who has it, what the assessment found, what stands, what is asked, when Concord
-- tells the next person. Rows from before have none of it.
ALTER TABLE safety_event ADD COLUMN notified_at {{instant}};
ALTER TABLE safety_event ADD COLUMN has_it {{id}};
ALTER TABLE safety_event ADD COLUMN assessed_by {{id}};
ALTER TABLE safety_event ADD COLUMN assessed_at {{instant}};
-- The C-SSRS it was assessed with, or why without one.
ALTER TABLE safety_event ADD COLUMN assessment_id {{id}};
ALTER TABLE safety_event ADD COLUMN assessed_otherwise TEXT;
-- What the assessment says; `level` is what stands.
ALTER TABLE safety_event ADD COLUMN found_level TEXT;
-- A lower level that waits for the consultant.
ALTER TABLE safety_event ADD COLUMN step_down_to TEXT;
ALTER TABLE safety_event ADD COLUMN step_down_reason TEXT;
ALTER TABLE safety_event ADD COLUMN step_down_asked_by {{id}};
ALTER TABLE safety_event ADD COLUMN step_down_asked_at {{instant}};
-- The latest reassessment; reassess_date is when the next one is due. Ended: no further one.
ALTER TABLE safety_event ADD COLUMN reassessed_on {{date}};
ALTER TABLE safety_event ADD COLUMN follow_up_ended_on {{date}};
-- How many calls for help went out; each call's job names the number it follows, so that it works once.
ALTER TABLE safety_event ADD COLUMN escalations {{int}} NOT NULL DEFAULT 0;
ALTER TABLE safety_event ADD COLUMN next_escalation_at {{instant}};
CREATE INDEX idx_safety_event__patient_open ON safety_event (organization_id, patient_id) WHERE closed_at IS NULL;
CREATE INDEX idx_safety_event__signalled ON safety_event (organization_id, signalled_at);

-- Everything that happened to a safety event, in order: nothing is overwritten. by_user NULL: Concord itself.
CREATE TABLE safety_step (
  organization_id {{id}} NOT NULL,
  safety_event_id {{id}} NOT NULL,
  number {{int}} NOT NULL,
  patient_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  kind TEXT NOT NULL,
  by_user {{id}},
  to_user {{id}},
  channel TEXT,
  rung TEXT,
  level TEXT,
  action TEXT,
  text TEXT,
  measurement_id {{id}},
  message_id {{id}},
  CONSTRAINT safety_step_kind_known CHECK (kind IN ('signalled', 'notified', 'delivered', 'not_delivered', 'escalated',
    'nobody', 'acknowledged', 'taken_over', 'assessed', 'level', 'action', 'step_down_asked', 'step_down_agreed',
    'step_down_declined', 'reassessed', 'closed')),
  PRIMARY KEY (organization_id, safety_event_id, number),
  FOREIGN KEY (organization_id, patient_id, safety_event_id)
    REFERENCES safety_event (organization_id, patient_id, safety_event_id)
) {{clustered}};

-- The patient's own plan; a new version is a new row.
CREATE TABLE safety_plan (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  plan_id {{id}} NOT NULL,
  written_at {{instant}} NOT NULL,
  written_on {{date}} NOT NULL,
  written_by {{id}} NOT NULL,
  written_with TEXT NOT NULL,
  language TEXT NOT NULL,
  -- The entries of the six steps as JSON.
  steps TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (organization_id, patient_id, version),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Who answers when at a site. Minutes since local midnight; a shift that does not end after it starts ends the next
-- morning. A removed shift stays.
CREATE TABLE on_call_shift (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  shift_id {{id}} NOT NULL,
  rung TEXT NOT NULL,
  place {{int}} NOT NULL,
  user_id {{id}} NOT NULL,
  from_date {{date}} NOT NULL,
  to_date {{date}},
  -- Sum of 1 for Monday, 2 for Tuesday, ... 64 for Sunday.
  weekdays {{int}} NOT NULL,
  starts_minute {{int}} NOT NULL,
  ends_minute {{int}} NOT NULL,
  made_by {{id}} NOT NULL,
  made_at {{instant}} NOT NULL,
  removed_by {{id}},
  removed_at {{instant}},
  CONSTRAINT on_call_shift_rung_known CHECK (rung IN ('care_manager', 'on_call', 'consultant')),
  CONSTRAINT on_call_shift_times CHECK (starts_minute BETWEEN 0 AND 1439 AND ends_minute BETWEEN 0 AND 1439),
  CONSTRAINT on_call_shift_weekdays CHECK (weekdays BETWEEN 1 AND 127),
  CONSTRAINT on_call_shift_dates CHECK (to_date IS NULL OR to_date >= from_date),
  PRIMARY KEY (organization_id, site_id, shift_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};

-- What a site says outside its hours, and how long it waits for an answer.
CREATE TABLE on_call_settings (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  escalate_after_minutes {{int}},
  outside_text_en TEXT,
  outside_text_es TEXT,
  -- [{"label","number"}] as JSON.
  numbers TEXT NOT NULL,
  version {{int}} NOT NULL,
  CONSTRAINT on_call_settings_minutes CHECK (escalate_after_minutes IS NULL OR escalate_after_minutes BETWEEN 1 AND 240),
  PRIMARY KEY (organization_id, site_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
