-- Appointments: in person, by phone, by video. A row is the appointment as it stands; visit_change is everything that
-- happened to it. Times are instants with the zone of the site in which they were agreed.
CREATE TABLE visit (
  organization_id {{id}} NOT NULL,
  visit_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  staff_id {{id}} NOT NULL,
  starts_at {{instant}} NOT NULL,
  ends_at {{instant}} NOT NULL,
  zone TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('in_person', 'phone', 'video')),
  purpose TEXT NOT NULL CHECK (purpose IN ('assessment', 'follow_up', 'review', 'therapy', 'community', 'other')),
  place TEXT NOT NULL,
  link_code TEXT NOT NULL,
  note TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('booked', 'arrived', 'done', 'cancelled', 'no_show')),
  answer TEXT NOT NULL CHECK (answer IN ('none', 'confirmed', 'change_asked', 'cancelled')),
  answer_words TEXT NOT NULL,
  answered_at {{instant}},
  answered_by TEXT CHECK (answered_by IN ('patient', 'trusted_person')),
  cancelled_by TEXT CHECK (cancelled_by IN ('staff', 'patient')),
  reason TEXT NOT NULL,
  overlap_reason TEXT NOT NULL,
  labels TEXT NOT NULL,
  contact_id {{id}},
  sequence {{int}} NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, visit_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  FOREIGN KEY (organization_id, staff_id) REFERENCES user_account (organization_id, user_id),
  CONSTRAINT visit_order CHECK (starts_at < ends_at),
  CONSTRAINT visit_cancelled CHECK ((state = 'cancelled') = (cancelled_by IS NOT NULL))
) {{clustered}};
CREATE INDEX idx_visit__patient ON visit (organization_id, patient_id, starts_at);
CREATE INDEX idx_visit__staff ON visit (organization_id, staff_id, starts_at);
CREATE INDEX idx_visit__site ON visit (organization_id, site_id, starts_at, visit_id);
CREATE INDEX idx_visit__booked ON visit (organization_id, starts_at) WHERE state = 'booked';

-- Nothing is overwritten: a visit that moved says here where it was. `by_kind` patient and trusted_person: `by_id` is the
-- portal account, and on_behalf_by the trusted person's.
CREATE TABLE visit_change (
  organization_id {{id}} NOT NULL,
  visit_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  by_id {{id}} NOT NULL,
  by_kind TEXT NOT NULL CHECK (by_kind IN ('staff', 'patient', 'trusted_person')),
  on_behalf_by {{id}},
  kind TEXT NOT NULL CHECK (kind IN ('booked', 'moved', 'edited', 'arrived', 'done', 'no_show', 'cancelled', 'reopened', 'confirmed',
    'change_asked', 'settled')),
  starts_before {{instant}},
  ends_before {{instant}},
  staff_before {{id}},
  kind_before TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, visit_id, change_id),
  FOREIGN KEY (organization_id, visit_id) REFERENCES visit (organization_id, visit_id)
) {{clustered}};

-- The clinic's own video service and its address. Every version is kept; the highest counts.
CREATE TABLE visit_settings (
  organization_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  video_link_template TEXT,
  place TEXT NOT NULL,
  changed_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id, version),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
