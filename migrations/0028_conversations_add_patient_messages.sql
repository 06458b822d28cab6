-- Conversations of a patient, or somebody they trust, with the care team. A thread's labels hold for its messages. `waiting_since`: the
-- first message of the patient's side that nobody has answered, while `state` is waiting; `answer_due` is the day the clinic promised.
CREATE TABLE patient_thread (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  thread_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'closed')),
  addressee_id {{id}},
  opened_at {{instant}} NOT NULL,
  opened_by TEXT NOT NULL CHECK (opened_by IN ('patient', 'trusted_person', 'staff')),
  last_at {{instant}} NOT NULL,
  last_by TEXT NOT NULL CHECK (last_by IN ('patient', 'trusted_person', 'staff')),
  waiting_since {{instant}},
  waiting_date {{date}},
  answer_due {{date}},
  unread_staff {{int}} NOT NULL,
  unread_patient {{int}} NOT NULL,
  closed_reason TEXT,
  labels TEXT NOT NULL,
  version {{int}} NOT NULL,
  CONSTRAINT patient_thread_waiting CHECK ((state = 'waiting') = (waiting_since IS NOT NULL)),
  CONSTRAINT patient_thread_closed CHECK (state <> 'closed' OR closed_reason IS NOT NULL),
  PRIMARY KEY (organization_id, patient_id, thread_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_patient_thread__waiting ON patient_thread (organization_id, site_id, waiting_since, thread_id) WHERE state = 'waiting';
CREATE INDEX idx_patient_thread__last ON patient_thread (organization_id, site_id, last_at, thread_id);

-- Never changed but for who read it. `author_id`: a user account (staff) or a portal account; `on_behalf_by`: the trusted person's account.
CREATE TABLE patient_message (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  thread_id {{id}} NOT NULL,
  message_id {{id}} NOT NULL,
  sent_at {{instant}} NOT NULL,
  author_kind TEXT NOT NULL CHECK (author_kind IN ('patient', 'trusted_person', 'staff')),
  author_id {{id}} NOT NULL,
  author_role TEXT NOT NULL,
  on_behalf_by {{id}},
  words TEXT NOT NULL,
  read_at {{instant}},
  read_by {{id}},
  read_role TEXT,
  CONSTRAINT patient_message_words CHECK (words <> ''),
  PRIMARY KEY (organization_id, patient_id, thread_id, message_id),
  FOREIGN KEY (organization_id, patient_id, thread_id) REFERENCES patient_thread (organization_id, patient_id, thread_id)
) {{clustered}};

-- What staff did to a thread besides writing: handed it to somebody, closed it without an answer.
CREATE TABLE patient_thread_change (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  thread_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  changed_by {{id}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('assigned', 'closed')),
  from_user_id {{id}},
  to_user_id {{id}},
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, thread_id, change_id),
  FOREIGN KEY (organization_id, patient_id, thread_id) REFERENCES patient_thread (organization_id, patient_id, thread_id)
) {{clustered}};
