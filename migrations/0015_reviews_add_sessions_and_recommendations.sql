-- The review hour: sessions with their agenda, questions to the consultant, drafts, and recommendations as rows of their own
-- (until now each review carried one). With them what treatments report at contacts, and psychotherapy sessions.

-- The meeting of the consultant and the care team. Being on its agenda is not a review.
CREATE TABLE review_session (
  organization_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  site_id {{id}} NOT NULL,
  session_date {{date}} NOT NULL,
  starts_at TEXT,
  minutes {{int}} NOT NULL,
  consultant_id {{id}},
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  note TEXT NOT NULL,
  created_by {{id}} NOT NULL,
  created_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, session_id),
  FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, site_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_review_session__by_date ON review_session (organization_id, session_date, session_id);

CREATE TABLE review_attendee (
  organization_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  position {{int}} NOT NULL,
  user_id {{id}},
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (organization_id, session_id, position),
  FOREIGN KEY (organization_id, session_id) REFERENCES review_session (organization_id, session_id)
) {{clustered}};

-- What people changed about the proposed agenda: a place by hand, somebody added or taken off with a reason.
-- The proposal itself is never stored: it is computed from the facts whenever somebody looks.
CREATE TABLE review_agenda_edit (
  organization_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  position {{int}},
  decision TEXT NOT NULL CHECK (decision IN ('none', 'added', 'removed')),
  reason TEXT NOT NULL,
  minutes {{int}},
  decided_by {{id}} NOT NULL,
  decided_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, session_id, patient_id),
  FOREIGN KEY (organization_id, session_id) REFERENCES review_session (organization_id, session_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- A question of the care manager or the PCP to the consultant, answered by a review.
CREATE TABLE review_question (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  question_id {{id}} NOT NULL,
  question TEXT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('routine', 'soon', 'urgent')),
  asked_by {{id}} NOT NULL,
  asked_role TEXT NOT NULL,
  asked_at {{instant}} NOT NULL,
  asked_date {{date}} NOT NULL,
  to_user_id {{id}},
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'withdrawn')),
  review_id {{id}},
  ended_at {{instant}},
  withdraw_reason TEXT,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, question_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_review_question__by_state ON review_question (organization_id, state, asked_at, question_id);

-- What one reviewer has typed and not signed yet. The nil id stands for "outside a session".
CREATE TABLE review_draft (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  reviewer_id {{id}} NOT NULL,
  session_id {{id}} NOT NULL,
  content TEXT NOT NULL,
  saved_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, reviewer_id, session_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

ALTER TABLE review ADD COLUMN session_id {{id}};
ALTER TABLE review ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN signed_at {{instant}};
CREATE UNIQUE INDEX idx_review__id ON review (organization_id, patient_id, review_id);
CREATE UNIQUE INDEX idx_review__one_in_a_session ON review (organization_id, session_id, patient_id) WHERE session_id IS NOT NULL;

-- What the consultant advises, to whom, and what became of it. The states and their order: src/reviews/recommendation.h.
-- Taken over from the old columns of review, a recommendation has its review's id.
CREATE TABLE recommendation (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  recommendation_id {{id}} NOT NULL,
  review_id {{id}} NOT NULL,
  position {{int}} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('start', 'increase', 'switch', 'augment', 'taper', 'psychotherapy', 'labs', 'diagnosis_question', 'referral', 'continue', 'other')),
  text TEXT NOT NULL,
  medication TEXT,
  dose TEXT,
  treatment_id {{id}},
  to_role TEXT NOT NULL,
  to_user_id {{id}},
  urgency TEXT NOT NULL CHECK (urgency IN ('routine', 'soon', 'urgent')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'noted', 'sent', 'read', 'accepted', 'modified', 'declined', 'done', 'adequate_trial', 'not_adequate', 'withdrawn')),
  author_id {{id}},
  created_at {{instant}},
  sent_date {{date}},
  read_at {{instant}},
  answered_date {{date}},
  answered_by {{id}},
  answer_reason TEXT,
  done_date {{date}},
  closed_by_treatment_id {{id}},
  trial_dose TEXT,
  trial_weeks {{int}},
  trial_reason TEXT,
  withdrawn_reason TEXT,
  ended_date {{date}},
  source TEXT NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, recommendation_id),
  FOREIGN KEY (organization_id, patient_id, review_id) REFERENCES review (organization_id, patient_id, review_id) ON DELETE CASCADE
) {{clustered}};
INSERT INTO recommendation (organization_id, patient_id, recommendation_id, review_id, position, kind, text, to_role, urgency, state, author_id,
  sent_date, answered_date, answer_reason, done_date, ended_date, source, version)
SELECT organization_id, patient_id, review_id, review_id, 1, 'other', recommendation, recommendation_to, 'routine',
  CASE recommendation_state WHEN 'none' THEN 'noted' ELSE recommendation_state END, reviewer_id,
  CASE recommendation_state WHEN 'none' THEN NULL ELSE review_date END, answered_date, answer_reason, done_date,
  CASE recommendation_state WHEN 'none' THEN review_date WHEN 'declined' THEN answered_date WHEN 'done' THEN done_date ELSE NULL END, source, 1
FROM review WHERE recommendation <> '' OR recommendation_to <> '' OR recommendation_state <> 'none';
CREATE UNIQUE INDEX idx_recommendation__by_review ON recommendation (organization_id, patient_id, review_id, position);
CREATE UNIQUE INDEX idx_recommendation__by_state ON recommendation (organization_id, state, sent_date, recommendation_id);

-- Every step of a recommendation, with who and when. Several steps may be taken at one instant (a treatment accepts and
-- carries out), so they are numbered.
CREATE TABLE recommendation_event (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  recommendation_id {{id}} NOT NULL,
  step_number {{int}} NOT NULL,
  act TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  by_user_id {{id}} NOT NULL,
  by_role TEXT NOT NULL,
  at {{instant}} NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (organization_id, patient_id, recommendation_id, step_number),
  FOREIGN KEY (organization_id, patient_id, recommendation_id) REFERENCES recommendation (organization_id, patient_id, recommendation_id) ON DELETE CASCADE
) {{clustered}};

ALTER TABLE review DROP COLUMN recommendation;
ALTER TABLE review DROP COLUMN recommendation_to;
ALTER TABLE review DROP COLUMN recommendation_state;
ALTER TABLE review DROP COLUMN answered_date;
ALTER TABLE review DROP COLUMN answer_reason;
ALTER TABLE review DROP COLUMN done_date;

-- Adherence and side effects as asked at a contact.
CREATE TABLE treatment_report (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  report_date {{date}} NOT NULL,
  report_id {{id}} NOT NULL,
  treatment_id {{id}} NOT NULL,
  adherence TEXT NOT NULL CHECK (adherence IN ('as_planned', 'some', 'none')),
  side_effects TEXT NOT NULL,
  bother {{int}} CONSTRAINT treatment_report_bother CHECK (bother BETWEEN 0 AND 3),
  contact_id {{id}},
  reported_by {{id}} NOT NULL,
  reported_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, report_date, report_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

CREATE TABLE psychotherapy_session (
  organization_id {{id}} NOT NULL,
  patient_id {{id}} NOT NULL,
  session_date {{date}} NOT NULL,
  psychotherapy_session_id {{id}} NOT NULL,
  treatment_id {{id}},
  approach TEXT NOT NULL CHECK (approach IN ('pst', 'ba', 'cbt', 'ipt', 'mi', 'other')),
  minutes {{int}},
  focus TEXT NOT NULL,
  homework TEXT NOT NULL,
  contact_id {{id}},
  held_by {{id}} NOT NULL,
  recorded_at {{instant}} NOT NULL,
  PRIMARY KEY (organization_id, patient_id, session_date, psychotherapy_session_id),
  FOREIGN KEY (organization_id, patient_id) REFERENCES patient (organization_id, patient_id)
) {{clustered}};

-- Which recommendation a treatment follows, if one.
ALTER TABLE treatment ADD COLUMN recommendation_id {{id}};
