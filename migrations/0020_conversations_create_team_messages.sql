-- What the team says to each other about a patient; the chart note is another thing. Nothing is deleted: a correction
-- is a message of its own that `corrects` another, which keeps its words and says what replaced it. `treating_only`:
-- labelled as a counseling note, so only its author and treating clinicians see it.
CREATE TABLE team_message (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  written_at {{instant}} NOT NULL,
  author_id {{id}} NOT NULL,
  author_role TEXT NOT NULL,
  words TEXT NOT NULL,
  labels TEXT NOT NULL,
  treating_only {{bool}} NOT NULL,
  corrects_id {{id}},
  replaced_by_id {{id}},
  PRIMARY KEY (organization_id, patient_id, message_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE team_mention (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, message_id, user_id),
  FOREIGN KEY (organization_id, patient_id, message_id) REFERENCES team_message (organization_id, patient_id, message_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};

-- Who follows a patient's conversation, and how much of it they have not read.
CREATE TABLE team_reader (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  unread {{int}} NOT NULL,
  unread_mentions {{int}} NOT NULL,
  last_message_at {{instant}} NOT NULL,
  read_until {{id}},
  read_at {{instant}},
  PRIMARY KEY (organization_id, user_id, patient_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_team_reader__patient ON team_reader (organization_id, patient_id);
CREATE INDEX idx_team_reader__unread ON team_reader (organization_id, user_id, last_message_at) WHERE unread > 0;
