-- Columns of outcomes as they were kept last, so that a server that starts again need not read every fact. Derived: may be
-- emptied at any time. A checkpoint is written part by part; the row here is written last and says that all of it is there.
CREATE TABLE outcome_checkpoint (
  organization_id {{id}} NOT NULL,
  number {{int}} NOT NULL,
  terms TEXT NOT NULL,
  parts {{int}} NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (organization_id),
  FOREIGN KEY (organization_id) REFERENCES organization (organization_id)
) {{clustered}};

CREATE TABLE outcome_checkpoint_part (
  organization_id {{id}} NOT NULL,
  number {{int}} NOT NULL,
  part {{int}} NOT NULL,
  bytes {{bytes}} NOT NULL,
  PRIMARY KEY (organization_id, number, part),
  FOREIGN KEY (organization_id) REFERENCES organization (organization_id)
) {{table}};
