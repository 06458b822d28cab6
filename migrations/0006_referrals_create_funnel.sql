-- Referrals into collaborative care and every attempt to reach the person.
CREATE TABLE referral (
  organization_id {{id}} NOT NULL,
  referral_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  referred_by TEXT NOT NULL,
  referred_by_user {{id}},
  reason TEXT NOT NULL,
  received_at {{instant}} NOT NULL,
  received_date {{date}} NOT NULL,
  outcome TEXT CHECK (outcome IN ('enrolled', 'declined', 'unreachable', 'other_level_of_care', 'not_eligible')),
  outcome_date {{date}},
  seen_elsewhere_date {{date}},
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, referral_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE INDEX idx_referral__patient ON referral (organization_id, patient_id);
CREATE INDEX idx_referral__waiting ON referral (organization_id, site_id, received_date) WHERE outcome IS NULL;
CREATE INDEX idx_referral__elsewhere ON referral (organization_id, site_id, received_date)
  WHERE outcome = 'other_level_of_care' AND seen_elsewhere_date IS NULL;
CREATE INDEX idx_referral__site ON referral (organization_id, site_id, received_date);

CREATE TABLE referral_attempt (
  organization_id {{id}} NOT NULL,
  referral_id {{id}} NOT NULL,
  attempt_id {{id}} NOT NULL,
  at {{instant}} NOT NULL,
  attempt_date {{date}} NOT NULL,
  by_user {{id}} NOT NULL,
  modality TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('reached', 'no_answer', 'message_left', 'unable', 'wrong_contact', 'declined', 'support_person')),
  note TEXT NOT NULL,
  PRIMARY KEY (organization_id, referral_id, attempt_id),
  FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, referral_id)
) {{clustered}};
