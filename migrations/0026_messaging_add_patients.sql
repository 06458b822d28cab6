-- Messages that leave the building, to somebody of the staff (a notice) or to a patient. What leads a patient somewhere
-- without a sign-in (link_path) and codes stay only until the message was sent or given up; page_path holds no secret.
CREATE TABLE message_out_next (
  organization_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  notice_id {{id}},
  user_id {{id}},
  patient_id {{id}},
  kind TEXT NOT NULL,
  object_id {{id}} NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  urgent {{bool}} NOT NULL,
  state TEXT NOT NULL,
  attempts {{int}} NOT NULL,
  -- Attempts before a person gave it a new set of them; names the job that sends it now.
  attempts_before {{int}} NOT NULL,
  queued_at {{instant}} NOT NULL,
  -- The end of the quiet hours it was queued or tried in.
  not_before {{instant}} NOT NULL,
  next_at {{instant}},
  ended_at {{instant}},
  clinic TEXT NOT NULL DEFAULT '',
  link_path TEXT,
  page_path TEXT,
  code TEXT,
  ignores_quiet_hours {{bool}} NOT NULL DEFAULT FALSE,
  -- False: an address that was named with the message, not the patient's own.
  own_address {{bool}} NOT NULL DEFAULT TRUE,
  may_fall_back {{bool}} NOT NULL DEFAULT FALSE,
  instead_of_id {{id}},
  -- What the gateway said after it took the message.
  delivery TEXT,
  delivery_at {{instant}},
  delivery_code TEXT,
  CONSTRAINT message_out_channel_known CHECK (channel IN ('mail', 'sms')),
  CONSTRAINT message_out_state_known CHECK (state IN ('queued', 'retrying', 'sent', 'dead', 'cancelled')),
  CONSTRAINT message_out_end_time CHECK ((ended_at IS NULL) = (state IN ('queued', 'retrying'))),
  CONSTRAINT message_out_to_somebody CHECK ((notice_id IS NULL) = (patient_id IS NOT NULL)
    AND (user_id IS NULL) = (patient_id IS NOT NULL)),
  CONSTRAINT message_out_secrets_wiped CHECK (ended_at IS NULL OR (link_path IS NULL AND code IS NULL)),
  CONSTRAINT message_out_delivery_known CHECK (delivery IS NULL OR delivery IN ('delivered', 'undelivered')),
  PRIMARY KEY (organization_id, message_id)
) {{clustered}};
INSERT INTO message_out_next (organization_id, message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent,
  state, attempts, attempts_before, queued_at, not_before, next_at, ended_at)
SELECT organization_id, message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent,
  state, attempts, attempts_before, queued_at, queued_at, next_at, ended_at
FROM message_out;

CREATE TABLE message_attempt_next (
  organization_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  attempt {{int}} NOT NULL,
  at {{instant}} NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  CONSTRAINT message_attempt_outcome_known CHECK (outcome IN ('sent', 'failed', 'lost')),
  PRIMARY KEY (organization_id, message_id, attempt),
  FOREIGN KEY (organization_id, message_id) REFERENCES message_out_next (organization_id, message_id)
) {{clustered}};
INSERT INTO message_attempt_next (organization_id, message_id, attempt, at, outcome, detail)
SELECT organization_id, message_id, attempt, at, outcome, detail FROM message_attempt;

DROP TABLE message_attempt;
DROP TABLE message_out;
ALTER TABLE message_out_next RENAME TO message_out;
ALTER TABLE message_attempt_next RENAME TO message_attempt;
CREATE INDEX idx_message_out__state ON message_out (organization_id, state, queued_at, message_id);
CREATE INDEX idx_message_out__open ON message_out (not_before) WHERE ended_at IS NULL;
CREATE INDEX idx_message_out__patient ON message_out (organization_id, patient_id, queued_at, message_id)
  WHERE patient_id IS NOT NULL;
CREATE INDEX idx_message_out__waiting ON message_out (organization_id, patient_id)
  WHERE patient_id IS NOT NULL AND ended_at IS NULL;
-- Who was written to at a number that answers, in all organizations.
CREATE INDEX idx_message_out__address ON message_out (address, queued_at) WHERE patient_id IS NOT NULL;

-- How a patient wants to be told. What is NULL follows the demographics and the program's settings.
CREATE TABLE patient_contact_preference (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  channel TEXT,
  language TEXT,
  -- Minutes after midnight at the site.
  quiet_from {{int}},
  quiet_until {{int}},
  tell_when_read {{bool}} NOT NULL,
  mail_stopped_at {{instant}},
  sms_stopped_at {{instant}},
  version {{int}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  -- A user, or the portal account of the patient.
  changed_by {{id}} NOT NULL,
  CONSTRAINT patient_contact_preference_channel_known CHECK (channel IS NULL OR channel IN ('mail', 'sms', 'none')),
  CONSTRAINT patient_contact_preference_quiet_whole CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
  PRIMARY KEY (organization_id, patient_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- What is known of an address: it said STOP, or its last message came back.
CREATE TABLE address_state (
  organization_id {{id}} NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  stopped_at {{instant}},
  failing_since {{instant}},
  -- Somebody wrote back something else than a keyword; it is answered once in a while and not kept.
  wrote_back_at {{instant}},
  CONSTRAINT address_state_channel_known CHECK (channel IN ('mail', 'sms')),
  PRIMARY KEY (organization_id, channel, address)
) {{clustered}};

-- What staff set for one patient's reminders.
CREATE TABLE reminder_setting (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  paused {{bool}} NOT NULL,
  paused_until {{date}},
  pause_reason TEXT NOT NULL,
  every_days {{int}},
  weekly_agreed {{bool}} NOT NULL,
  visits {{bool}} NOT NULL,
  version {{int}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  changed_by {{id}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- What was done for a patient on a day; its id is made from what makes it the same step, so that none is done twice.
CREATE TABLE reminder_step (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  day {{date}} NOT NULL,
  step_id {{id}} NOT NULL,
  act TEXT NOT NULL,
  why TEXT NOT NULL,
  due_date {{date}} NOT NULL,
  instruments TEXT NOT NULL,
  -- The check-in or visit it is about, or the task.
  object_id {{id}},
  at {{instant}} NOT NULL,
  CONSTRAINT reminder_step_act_known
    CHECK (act IN ('check_in', 'weekly', 'again', 'visit', 'check_in_before_visit', 'ask', 'not_possible')),
  PRIMARY KEY (organization_id, patient_id, day, step_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_reminder_step__day ON reminder_step (organization_id, day);

-- How far the planning of a site's day is. A process that dies in the middle is followed by one that goes on there.
CREATE TABLE reminder_run (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  day {{date}} NOT NULL,
  after_patient_id {{id}} NOT NULL,
  patients {{int}} NOT NULL,
  check_ins {{int}} NOT NULL,
  reminders {{int}} NOT NULL,
  visits {{int}} NOT NULL,
  asked {{int}} NOT NULL,
  not_possible {{int}} NOT NULL,
  started_at {{instant}} NOT NULL,
  finished_at {{instant}},
  PRIMARY KEY (organization_id, site_id, day),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
