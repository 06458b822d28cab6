-- Episodes of collaborative care, their transitions, consents and care team.
CREATE TABLE episode (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  referral_id {{id}},
  state TEXT NOT NULL CHECK (state IN ('referred', 'assessed', 'active', 'on_hold', 'relapse_prevention', 'closed')),
  primary_condition TEXT,
  primary_instrument TEXT,
  target TEXT,
  pathway TEXT,
  care_manager_id {{id}},
  billing_practitioner TEXT,
  consultant_id {{id}},
  referred_date {{date}} NOT NULL,
  assessed_date {{date}},
  enrolled_date {{date}},
  relapse_prevention_date {{date}},
  on_hold_date {{date}},
  closed_date {{date}},
  close_reason TEXT,
  labels TEXT NOT NULL,
  version {{int}} NOT NULL,
  created_at {{instant}} NOT NULL,
  updated_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, episode_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  CHECK (state <> 'closed' OR (closed_date IS NOT NULL AND close_reason IS NOT NULL)),
  CHECK (state NOT IN ('active', 'on_hold', 'relapse_prevention') OR (enrolled_date IS NOT NULL AND care_manager_id IS NOT NULL
    AND primary_condition IS NOT NULL AND primary_instrument IS NOT NULL))
) {{clustered}};
CREATE UNIQUE INDEX idx_episode__one_open ON episode (organization_id, patient_id) WHERE state <> 'closed';
CREATE INDEX idx_episode__patient ON episode (organization_id, patient_id);

CREATE TABLE episode_transition (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  transition_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  transition_date {{date}} NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  by_user {{id}} NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (organization_id, episode_id, transition_id),
  FOREIGN KEY (organization_id, episode_id) REFERENCES episode (organization_id, episode_id)
) {{clustered}};

CREATE TABLE consent (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  consent_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('verbal', 'written', 'electronic', 'unknown')),
  text_version TEXT NOT NULL,
  language TEXT NOT NULL,
  given_date {{date}} NOT NULL,
  withdrawn_date {{date}},
  recorded_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, consent_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE care_team_member (
  organization_id {{id}} NOT NULL,
  episode_id {{id}} NOT NULL,
  member_id {{id}} NOT NULL,
  role TEXT NOT NULL,
  user_id {{id}},
  name TEXT NOT NULL,
  since_date {{date}} NOT NULL,
  until_date {{date}},
  PRIMARY KEY (organization_id, episode_id, member_id),
  FOREIGN KEY (organization_id, episode_id) REFERENCES episode (organization_id, episode_id)
) {{clustered}};
