-- What a person of the staff is told inside Concord, in the order they read it: newest first by id (UUIDv7 or made
-- from its cause). No text: kinds are templates.
CREATE TABLE notice (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  notice_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  patient_id {{id}},
  object_id {{id}} NOT NULL,
  urgent {{bool}} NOT NULL,
  made_at {{instant}} NOT NULL,
  read_at {{instant}},
  PRIMARY KEY (organization_id, user_id, notice_id)
) {{clustered}};
CREATE INDEX idx_notice__newest ON notice (organization_id, user_id, made_at, notice_id);
CREATE INDEX idx_notice__unread ON notice (organization_id, user_id) WHERE read_at IS NULL;

-- Messages that leave the building, written in the transaction of their cause.
CREATE TABLE message_out (
  organization_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  notice_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
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
  next_at {{instant}},
  ended_at {{instant}},
  CONSTRAINT message_out_channel_known CHECK (channel IN ('mail', 'sms')),
  CONSTRAINT message_out_state_known CHECK (state IN ('queued', 'retrying', 'sent', 'dead', 'cancelled')),
  CONSTRAINT message_out_end_time CHECK ((ended_at IS NULL) = (state IN ('queued', 'retrying'))),
  PRIMARY KEY (organization_id, message_id)
) {{clustered}};
CREATE INDEX idx_message_out__state ON message_out (organization_id, state, queued_at, message_id);
CREATE INDEX idx_message_out__open ON message_out (queued_at) WHERE ended_at IS NULL;

-- Every attempt, as it came out.
CREATE TABLE message_attempt (
  organization_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  attempt {{int}} NOT NULL,
  at {{instant}} NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  CONSTRAINT message_attempt_outcome_known CHECK (outcome IN ('sent', 'failed', 'lost')),
  PRIMARY KEY (organization_id, message_id, attempt),
  FOREIGN KEY (organization_id, message_id) REFERENCES message_out (organization_id, message_id)
) {{clustered}};

-- Where and for what a person wants mail and SMS.
CREATE TABLE user_contact (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  mail TEXT,
  phone TEXT,
  mail_for TEXT NOT NULL,
  sms_for TEXT NOT NULL,
  version {{int}} NOT NULL,
  CONSTRAINT user_contact_wishes_known CHECK (mail_for IN ('all', 'urgent', 'none') AND sms_for IN ('all', 'urgent', 'none')),
  PRIMARY KEY (organization_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};
