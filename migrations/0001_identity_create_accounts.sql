-- Organizations, sites, people who sign in, their roles, sessions and service keys.
CREATE TABLE organization (
  organization_id {{id}} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  rule_set TEXT NOT NULL DEFAULT 'concord-2026',
  created_at {{instant}} NOT NULL
) {{table}};

CREATE TABLE site (
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  site_id {{id}} NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  phone TEXT,
  hours TEXT,
  created_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, site_id)
) {{clustered}};

-- `imported` people came with an import (a care manager's name in a file): no sign-in name, no password.
CREATE TABLE user_account (
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  user_id {{id}} NOT NULL,
  display_name TEXT NOT NULL,
  sign_in_name TEXT,
  password_hash TEXT,
  language TEXT NOT NULL DEFAULT 'en',
  imported {{bool}} NOT NULL,
  failed_attempts {{int}} NOT NULL DEFAULT 0,
  last_failed_at {{instant}},
  disabled_at {{instant}},
  created_at {{instant}} NOT NULL,
  version {{int}} NOT NULL DEFAULT 1,
  PRIMARY KEY (organization_id, user_id)
) {{clustered}};

-- Sign-in names are unique in the whole installation, because nobody types an organization.
CREATE TABLE sign_in_name (
  name_folded TEXT NOT NULL PRIMARY KEY,
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL
) {{clustered}};

CREATE TABLE user_role (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('care_manager', 'psychiatric_consultant', 'pcp', 'bh_specialist',
    'community_worker', 'program_manager', 'billing', 'privacy_officer', 'admin')),
  PRIMARY KEY (organization_id, user_id, site_id, role),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};

-- The token itself is never stored, only its BLAKE2b-256.
CREATE TABLE session (
  token_hash {{bytes}} NOT NULL PRIMARY KEY,
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  last_active_at {{instant}} NOT NULL,
  ended_at {{instant}},
  ended_because TEXT
) {{clustered}};
CREATE INDEX idx_session__user ON session (organization_id, user_id);

CREATE TABLE service_key (
  key_hash {{bytes}} NOT NULL PRIMARY KEY,
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  service_key_id {{id}} NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  site_id {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  revoked_at {{instant}}
) {{clustered}};

-- What a creating request answered the first time, so that sending it again creates nothing.
CREATE TABLE idempotency_key (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_digest {{bytes}} NOT NULL,
  status {{int}} NOT NULL,
  location TEXT NOT NULL,
  version {{int}},
  body TEXT NOT NULL,
  created_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, user_id, idempotency_key)
) {{clustered}};
CREATE INDEX idx_idempotency_key__created ON idempotency_key (created_at);
