-- People who are no members of the staff: patients and those they trust. One account a person; it may be a patient's own,
-- hold grants of other patients, or both.
CREATE TABLE portal_account (
  organization_id {{id}} NOT NULL REFERENCES organization (organization_id),
  account_id {{id}} NOT NULL,
  -- Whose own record this account opens; NULL for somebody who is only trusted.
  patient_id {{id}},
  display_name TEXT NOT NULL,
  language TEXT NOT NULL,
  password_hash TEXT,
  totp_secret {{bytes}},
  -- A secret that was shown and not proved yet.
  totp_candidate {{bytes}},
  -- The last 30-second step whose code was taken: each code works once.
  totp_step {{int}} NOT NULL,
  -- Wrong passwords in a row; at 100 the password sleeps until a mailed code has proved who it is.
  failed_attempts {{int}} NOT NULL,
  created_at {{instant}} NOT NULL,
  ended_at {{instant}},
  ended_because TEXT,
  version {{int}} NOT NULL,
  CONSTRAINT portal_account_end_said CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
  PRIMARY KEY (organization_id, account_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_portal_account__patient ON portal_account (organization_id, patient_id)
  WHERE patient_id IS NOT NULL AND ended_at IS NULL;

-- Proved contact points, which are also the names people sign in with. One person each within an organization; whoever has
-- accounts in two gets a code from both. Gone when the account ends.
CREATE TABLE portal_contact (
  organization_id {{id}} NOT NULL,
  account_id {{id}} NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  address_folded TEXT NOT NULL,
  proved_at {{instant}} NOT NULL,
  CONSTRAINT portal_contact_channel_known CHECK (channel IN ('mail', 'sms')),
  PRIMARY KEY (organization_id, account_id, channel),
  FOREIGN KEY (organization_id, account_id) REFERENCES portal_account (organization_id, account_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_portal_contact__address ON portal_contact (organization_id, address_folded);
CREATE INDEX idx_portal_contact__name ON portal_contact (address_folded);

-- Only the token's BLAKE2b-256 is stored. `network` is a hash, to know again where somebody signed in before.
CREATE TABLE portal_session (
  token_hash {{bytes}} NOT NULL PRIMARY KEY,
  organization_id {{id}} NOT NULL,
  account_id {{id}} NOT NULL,
  -- For whom the person acts: a grant, or NULL for themselves.
  grant_id {{id}},
  method TEXT NOT NULL,
  network {{bytes}} NOT NULL,
  created_at {{instant}} NOT NULL,
  -- When the person last proved who they are.
  proved_at {{instant}} NOT NULL,
  last_active_at {{instant}} NOT NULL,
  ended_at {{instant}},
  ended_because TEXT,
  CONSTRAINT portal_session_method_known CHECK (method IN ('code', 'totp', 'passkey'))
) {{clustered}};
CREATE INDEX idx_portal_session__account ON portal_session (organization_id, account_id, network);

-- What a trusted person may see and do, and until when. Live when accepted, not ended, not past expires_at, and agreed to
-- since the patient last reached an age at which everybody is asked again (portal/confidentiality.h).
CREATE TABLE trusted_grant (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  grant_id {{id}} NOT NULL,
  kind TEXT NOT NULL,
  account_id {{id}},
  name TEXT NOT NULL,
  relationship TEXT NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  address_folded TEXT NOT NULL,
  language TEXT NOT NULL,
  -- Words separated by blanks, sorted; '' is nothing.
  scopes TEXT NOT NULL,
  part2 {{bool}} NOT NULL,
  -- By the patient in the portal, or by a member of the staff with the patient's wish in words.
  invited_by_account {{id}},
  invited_by_user {{id}},
  wish TEXT,
  invited_at {{instant}} NOT NULL,
  agreed_at {{instant}} NOT NULL,
  accepted_at {{instant}},
  expires_at {{instant}} NOT NULL,
  last_used_at {{instant}},
  ended_at {{instant}},
  ended_by TEXT,
  ended_because TEXT,
  version {{int}} NOT NULL,
  CONSTRAINT trusted_grant_kind_known CHECK (kind IN ('trusted', 'guardian')),
  CONSTRAINT trusted_grant_channel_known CHECK (channel IN ('mail', 'sms')),
  CONSTRAINT trusted_grant_accepted_by_somebody CHECK ((accepted_at IS NULL) = (account_id IS NULL)),
  CONSTRAINT trusted_grant_end_said CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CONSTRAINT trusted_grant_ended_by_known CHECK (ended_by IS NULL OR ended_by IN ('patient', 'trusted_person', 'staff')),
  CONSTRAINT trusted_grant_invited_by_one CHECK ((invited_by_account IS NULL) <> (invited_by_user IS NULL)),
  CONSTRAINT trusted_grant_staff_says_wish CHECK (invited_by_user IS NULL OR wish IS NOT NULL),
  PRIMARY KEY (organization_id, patient_id, grant_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id),
  FOREIGN KEY (organization_id, account_id) REFERENCES portal_account (organization_id, account_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_trusted_grant__id ON trusted_grant (organization_id, grant_id);
CREATE INDEX idx_trusted_grant__account ON trusted_grant (organization_id, account_id) WHERE account_id IS NOT NULL;

-- What was agreed before and after each change: nothing about a grant is overwritten without a trace.
CREATE TABLE trusted_grant_change (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  grant_id {{id}} NOT NULL,
  version {{int}} NOT NULL,
  at {{instant}} NOT NULL,
  act TEXT NOT NULL,
  by_kind TEXT NOT NULL,
  by_id {{id}} NOT NULL,
  scopes TEXT NOT NULL,
  part2 {{bool}} NOT NULL,
  expires_at {{instant}} NOT NULL,
  CONSTRAINT trusted_grant_change_act_known CHECK (act IN ('invited', 'accepted', 'changed', 'ended')),
  PRIMARY KEY (organization_id, patient_id, grant_id, version),
  FOREIGN KEY (organization_id, patient_id, grant_id) REFERENCES trusted_grant (organization_id, patient_id, grant_id)
) {{clustered}};

-- One-purpose links: make an account, or accept a grant. Only the secret's hash is stored.
CREATE TABLE portal_invitation (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  invitation_id {{id}} NOT NULL,
  -- NULL: the patient's own account.
  grant_id {{id}},
  token_hash {{bytes}} NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  made_by_user {{id}},
  made_at {{instant}} NOT NULL,
  expires_at {{instant}} NOT NULL,
  -- Wrong birth dates so far.
  tries {{int}} NOT NULL,
  accepted_at {{instant}},
  ended_at {{instant}},
  ended_because TEXT,
  CONSTRAINT portal_invitation_channel_known CHECK (channel IN ('mail', 'sms')),
  PRIMARY KEY (organization_id, patient_id, invitation_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_portal_invitation__token ON portal_invitation (token_hash);

-- A one-time code that was sent. Works with the cookie of the browser that asked for it and with nothing else; the hash covers
-- that cookie's secret, so that a code cannot be found by trying all of them on a stolen database.
CREATE TABLE portal_code (
  request_hash {{bytes}} NOT NULL,
  organization_id {{id}} NOT NULL,
  code_id {{id}} NOT NULL,
  purpose TEXT NOT NULL,
  -- sign_in, contact: whose; invitation: which.
  account_id {{id}},
  invitation_id {{id}},
  patient_id {{id}},
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  code_hash {{bytes}} NOT NULL,
  network {{bytes}} NOT NULL,
  made_at {{instant}} NOT NULL,
  expires_at {{instant}} NOT NULL,
  tries {{int}} NOT NULL,
  used_at {{instant}},
  CONSTRAINT portal_code_purpose_known CHECK (purpose IN ('sign_in', 'contact', 'invitation')),
  CONSTRAINT portal_code_channel_known CHECK (channel IN ('mail', 'sms')),
  PRIMARY KEY (request_hash, code_id)
) {{clustered}};
CREATE INDEX idx_portal_code__account ON portal_code (organization_id, account_id, made_at);
CREATE INDEX idx_portal_code__made ON portal_code (made_at);

CREATE TABLE portal_passkey (
  organization_id {{id}} NOT NULL,
  account_id {{id}} NOT NULL,
  passkey_id {{id}} NOT NULL,
  -- As the browser says it: base64url.
  credential_id TEXT NOT NULL,
  algorithm {{int}} NOT NULL,
  public_key {{bytes}} NOT NULL,
  sign_count {{int}} NOT NULL,
  name TEXT NOT NULL,
  created_at {{instant}} NOT NULL,
  last_used_at {{instant}},
  removed_at {{instant}},
  PRIMARY KEY (organization_id, account_id, passkey_id),
  FOREIGN KEY (organization_id, account_id) REFERENCES portal_account (organization_id, account_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_portal_passkey__credential ON portal_passkey (credential_id) WHERE removed_at IS NULL;

-- What a passkey must sign, once, in the browser that asked.
CREATE TABLE portal_challenge (
  request_hash {{bytes}} NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  organization_id {{id}},
  account_id {{id}},
  challenge TEXT NOT NULL,
  expires_at {{instant}} NOT NULL,
  CONSTRAINT portal_challenge_purpose_known CHECK (purpose IN ('sign_in', 'register'))
) {{clustered}};
