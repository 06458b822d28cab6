-- Who did what, to whose record, when, why, and how it ended. Hash-chained from the first row. An
-- organization has one or more chains (`chain`), so that parallel writers on PostgreSQL do not wait for
-- each other; SQLite uses chain 0 only. The nil organization holds what happens before anybody is known.
CREATE TABLE audit_event (
  organization_id {{id}} NOT NULL,
  chain {{int}} NOT NULL,
  sequence {{int}} NOT NULL,
  at {{instant}} NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id {{id}},
  role TEXT NOT NULL,
  action TEXT NOT NULL,
  patient_id {{id}},
  object_id {{id}},
  result TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  request_id TEXT NOT NULL,
  hash {{bytes}} NOT NULL,
  PRIMARY KEY (organization_id, chain, sequence)
) {{clustered}};

-- The newest row of each chain: what verification must end at.
CREATE TABLE audit_head (
  organization_id {{id}} NOT NULL,
  chain {{int}} NOT NULL,
  sequence {{int}} NOT NULL,
  hash {{bytes}} NOT NULL,
  PRIMARY KEY (organization_id, chain)
) {{clustered}};
CREATE INDEX idx_audit_event__patient ON audit_event (organization_id, patient_id, at) WHERE patient_id IS NOT NULL;
