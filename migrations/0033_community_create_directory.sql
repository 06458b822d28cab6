-- Services near the clinic, what patients need beside treatment, and who was sent where and seen.
-- Lists of words (kinds, languages, shares) are divided by blanks, areas by semicolons.
CREATE TABLE community_service (
  organization_id {{id}} NOT NULL,
  service_id {{id}} NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  kinds TEXT NOT NULL,
  areas TEXT NOT NULL,
  languages TEXT NOT NULL,
  phone TEXT NOT NULL,
  hours TEXT NOT NULL,
  web TEXT NOT NULL,
  eligibility TEXT NOT NULL,
  cost TEXT NOT NULL,
  note TEXT NOT NULL,
  checked_date {{date}},
  withdrawn {{bool}} NOT NULL,
  updated_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, service_id),
  FOREIGN KEY (organization_id) REFERENCES organization (organization_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_community_service__name ON community_service (organization_id, name_folded);

CREATE TABLE social_need (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  need_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('found', 'wants_help', 'declined', 'later', 'met')),
  later_until {{date}},
  source TEXT NOT NULL CHECK (source IN ('ahc-hrsn', 'prapare', 'conversation', 'patient', 'other')),
  found_date {{date}} NOT NULL,
  note TEXT NOT NULL,
  labels TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  changed_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, need_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
-- One open need of a kind; a new one after it was met.
CREATE UNIQUE INDEX idx_social_need__open ON social_need (organization_id, patient_id, kind) WHERE state <> 'met';
CREATE INDEX idx_social_need__wanted ON social_need (organization_id, changed_at, need_id) WHERE state = 'wants_help';

CREATE TABLE social_need_change (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  need_id {{id}} NOT NULL,
  change_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  by_kind TEXT NOT NULL CHECK (by_kind IN ('staff', 'patient', 'trusted_person')),
  by_id {{id}} NOT NULL,
  on_behalf_by {{id}},
  state_before TEXT,
  state_after TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, need_id, change_id),
  FOREIGN KEY (organization_id, patient_id, need_id) REFERENCES social_need (organization_id, patient_id, need_id)
) {{clustered}};

-- A questionnaire about social needs that was gone through: which parts were asked, which showed a need.
CREATE TABLE need_screening (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  screening_id {{id}} NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('ahc-hrsn', 'prapare')),
  screened_date {{date}} NOT NULL,
  asked TEXT NOT NULL,
  found TEXT NOT NULL,
  refused {{bool}} NOT NULL,
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, screening_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Nothing is told to a service without a consent that says what: consent_* and shares belong to this referral alone.
CREATE TABLE community_referral (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  referral_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  need_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  service_id {{id}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'declined', 'seen', 'closed')),
  sent_date {{date}} NOT NULL,
  sent_by_way TEXT NOT NULL CHECK (sent_by_way IN ('phone', 'mail', 'email', 'fax', 'platform', 'patient_goes')),
  shares TEXT NOT NULL,
  consent_method TEXT NOT NULL CHECK (consent_method IN ('verbal', 'written', 'electronic')),
  consent_date {{date}} NOT NULL,
  consent_recorded_by {{id}} NOT NULL,
  consent_withdrawn_date {{date}},
  accepted_date {{date}},
  declined_date {{date}},
  seen_date {{date}},
  seen_confirmed_by TEXT CHECK (seen_confirmed_by IN ('service', 'patient', 'staff')),
  closed_date {{date}},
  outcome TEXT CHECK (outcome IN ('met', 'partly_met', 'not_met')),
  reason TEXT NOT NULL,
  owner_id {{id}} NOT NULL,
  note TEXT NOT NULL,
  labels TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, referral_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id),
  FOREIGN KEY (organization_id, patient_id, need_id) REFERENCES social_need (organization_id, patient_id, need_id),
  FOREIGN KEY (organization_id, service_id) REFERENCES community_service (organization_id, service_id),
  CONSTRAINT community_referral_seen CHECK ((seen_date IS NULL) = (seen_confirmed_by IS NULL)),
  CONSTRAINT community_referral_closed CHECK ((state = 'closed') = (closed_date IS NOT NULL))
) {{clustered}};
CREATE INDEX idx_community_referral__open ON community_referral (organization_id, site_id, sent_date, referral_id) WHERE state <> 'closed';

CREATE TABLE community_referral_event (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  referral_id {{id}} NOT NULL,
  event_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  on_date {{date}} NOT NULL,
  by_kind TEXT NOT NULL CHECK (by_kind IN ('staff', 'patient', 'trusted_person')),
  by_id {{id}} NOT NULL,
  on_behalf_by {{id}},
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, referral_id, event_id),
  FOREIGN KEY (organization_id, patient_id, referral_id) REFERENCES community_referral (organization_id, patient_id, referral_id)
) {{clustered}};
