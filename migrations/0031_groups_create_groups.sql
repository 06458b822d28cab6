-- Groups of patients that meet: who is in them, when they meet, who came. What one patient sees of a group never holds
-- another patient, so nothing here joins members to members for them.
CREATE TABLE care_group (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('skills', 'education', 'support', 'psychotherapy')),
  language TEXT NOT NULL,
  modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video', 'phone')),
  place TEXT NOT NULL,
  link_code TEXT NOT NULL,
  capacity {{int}} NOT NULL,
  first_date {{date}} NOT NULL,
  start_minute {{int}} NOT NULL,
  minutes {{int}} NOT NULL,
  every_weeks {{int}} NOT NULL,
  sessions_planned {{int}} NOT NULL,
  offer_days {{int}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'ended')),
  reason TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, group_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
CREATE INDEX idx_care_group__site ON care_group (organization_id, site_id, state, group_id);

CREATE TABLE group_facilitator (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  PRIMARY KEY (organization_id, group_id, user_id),
  FOREIGN KEY (organization_id, group_id) REFERENCES care_group (organization_id, group_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};

-- One row for each patient of a group, whatever became of it. Invited and offered hold a place until answer_by;
-- `line` orders those who wait.
CREATE TABLE group_member (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  member_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'invited', 'offered', 'joined', 'left')),
  line {{int}},
  answer_by {{instant}},
  joined_date {{date}},
  left_date {{date}},
  reason TEXT NOT NULL,
  labels TEXT NOT NULL,
  added_by {{id}} NOT NULL,
  added_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, group_id, member_id),
  FOREIGN KEY (organization_id, group_id) REFERENCES care_group (organization_id, group_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  CONSTRAINT group_member_line CHECK ((state = 'waiting') = (line IS NOT NULL)),
  CONSTRAINT group_member_answer CHECK ((state IN ('invited', 'offered')) = (answer_by IS NOT NULL))
) {{clustered}};
CREATE UNIQUE INDEX idx_group_member__patient ON group_member (organization_id, patient_id, group_id);
CREATE INDEX idx_group_member__answer ON group_member (organization_id, answer_by) WHERE answer_by IS NOT NULL;

-- `by_kind` patient and trusted_person: `by_id` is the portal account; system: nobody.
CREATE TABLE group_member_change (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  member_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  by_kind TEXT NOT NULL CHECK (by_kind IN ('staff', 'patient', 'trusted_person', 'system')),
  by_id {{id}},
  on_behalf_by {{id}},
  state_before TEXT,
  state_after TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, group_id, member_id, change_id),
  FOREIGN KEY (organization_id, group_id, member_id) REFERENCES group_member (organization_id, group_id, member_id)
) {{clustered}};

CREATE TABLE group_session (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  number {{int}} NOT NULL,
  starts_at {{instant}} NOT NULL,
  ends_at {{instant}} NOT NULL,
  zone TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  reason TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, group_id, session_id),
  FOREIGN KEY (organization_id, group_id) REFERENCES care_group (organization_id, group_id),
  CONSTRAINT group_session_order CHECK (starts_at < ends_at)
) {{clustered}};
CREATE INDEX idx_group_session__time ON group_session (organization_id, group_id, starts_at);

-- Who came, and what the facilitator wrote about this one person. A correction is a new version; the highest counts.
CREATE TABLE group_attendance (
  organization_id {{id}} NOT NULL,
  group_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  member_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  patient_id {{id}} NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('present', 'absent', 'excused', 'phone')),
  note TEXT NOT NULL,
  names_accepted {{bool}} NOT NULL,
  contact_id {{id}},
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, group_id, session_id, member_id, version),
  FOREIGN KEY (organization_id, group_id, session_id) REFERENCES group_session (organization_id, group_id, session_id),
  FOREIGN KEY (organization_id, group_id, member_id) REFERENCES group_member (organization_id, group_id, member_id)
) {{clustered}};
CREATE INDEX idx_group_attendance__patient ON group_attendance (organization_id, patient_id);
