-- Questionnaires that patients answer through a one-purpose link, a code, the clinic's tablet or the portal. Secrets are
-- kept as their BLAKE2b hash only.
CREATE TABLE check_in (
  organization_id {{id}} NOT NULL,
  check_in_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  channel TEXT NOT NULL,
  why TEXT NOT NULL,
  state TEXT NOT NULL,
  language TEXT NOT NULL,
  due_date {{date}},
  token_hash {{bytes}} NOT NULL,
  asks_birth_date {{bool}} NOT NULL,
  wrong_birth_dates {{int}} NOT NULL DEFAULT 0,
  starts {{int}} NOT NULL DEFAULT 0,
  made_at {{instant}} NOT NULL,
  made_by {{id}},
  on_behalf_by {{id}},
  sent_at {{instant}},
  started_at {{instant}},
  expires_at {{instant}} NOT NULL,
  ended_at {{instant}},
  ended_why TEXT NOT NULL DEFAULT '',
  ended_by {{id}},
  receipt TEXT NOT NULL DEFAULT '',
  seen_at {{instant}},
  seen_by {{id}},
  seen_role TEXT NOT NULL DEFAULT '',
  version {{int}} NOT NULL DEFAULT 1,
  CONSTRAINT check_in_channel_known CHECK (channel IN ('link', 'qr', 'kiosk', 'portal')),
  CONSTRAINT check_in_why_known CHECK (why IN ('staff', 'reminder', 'weekly', 'patient')),
  CONSTRAINT check_in_state_known CHECK (state IN ('made', 'sent', 'started', 'submitted', 'expired', 'revoked', 'fulfilled')),
  CONSTRAINT check_in_ended_why_known CHECK (ended_why IN ('', 'wrong_person', 'birth_date', 'staff', 'replaced')),
  CONSTRAINT check_in_end_whole CHECK ((ended_at IS NULL) = (state IN ('made', 'sent', 'started'))),
  PRIMARY KEY (organization_id, check_in_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
-- Whoever opens a link says nothing but its secret. Two secrets of 132 bits are never alike.
CREATE INDEX idx_check_in__secret ON check_in (token_hash);
CREATE INDEX idx_check_in__patient ON check_in (organization_id, patient_id, made_at);
CREATE INDEX idx_check_in__unseen ON check_in (organization_id, site_id, ended_at, check_in_id)
  WHERE state = 'submitted' AND seen_at IS NULL;
CREATE INDEX idx_check_in__open ON check_in (organization_id, site_id, made_at, check_in_id)
  WHERE ended_at IS NULL;
CREATE INDEX idx_check_in__doubted ON check_in (organization_id, site_id, ended_at, check_in_id)
  WHERE state = 'revoked' AND ended_why IN ('wrong_person', 'birth_date');

-- One questionnaire of a check-in; the measurement once there is one.
CREATE TABLE check_in_form (
  organization_id {{id}} NOT NULL,
  check_in_id {{id}} NOT NULL,
  number {{int}} NOT NULL,
  instrument TEXT NOT NULL,
  informant TEXT NOT NULL,
  measurement_id {{id}},
  by_staff {{bool}} NOT NULL DEFAULT FALSE,
  PRIMARY KEY (organization_id, check_in_id, number),
  FOREIGN KEY (organization_id, check_in_id) REFERENCES check_in (organization_id, check_in_id)
) {{clustered}};
CREATE INDEX idx_check_in_form__measurement ON check_in_form (organization_id, measurement_id)
  WHERE measurement_id IS NOT NULL;

-- The cookie a secret was exchanged for.
CREATE TABLE check_in_session (
  organization_id {{id}} NOT NULL,
  check_in_id {{id}} NOT NULL,
  session_hash {{bytes}} NOT NULL,
  started_at {{instant}} NOT NULL,
  expires_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, check_in_id, session_hash),
  FOREIGN KEY (organization_id, check_in_id) REFERENCES check_in (organization_id, check_in_id)
) {{clustered}};
CREATE INDEX idx_check_in_session__secret ON check_in_session (session_hash);

-- Answers that are not sent yet; gone once they are a measurement. A skipped question has no value.
CREATE TABLE check_in_answer (
  organization_id {{id}} NOT NULL,
  check_in_id {{id}} NOT NULL,
  instrument TEXT NOT NULL,
  item TEXT NOT NULL,
  value {{real}},
  saved_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, check_in_id, instrument, item),
  FOREIGN KEY (organization_id, check_in_id) REFERENCES check_in (organization_id, check_in_id)
) {{clustered}};

-- Which positive answers have raised a safety event already, with the highest value that did.
CREATE TABLE check_in_signal (
  organization_id {{id}} NOT NULL,
  check_in_id {{id}} NOT NULL,
  instrument TEXT NOT NULL,
  item TEXT NOT NULL,
  value {{real}} NOT NULL,
  safety_event_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, check_in_id, instrument, item),
  FOREIGN KEY (organization_id, check_in_id) REFERENCES check_in (organization_id, check_in_id)
) {{clustered}};
