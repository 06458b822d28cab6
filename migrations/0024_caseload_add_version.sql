-- What the rows of the caseload projection were computed with: the form they are kept in and the rule set. One row for the whole
-- installation, under the nil organization.
CREATE TABLE caseload_version (
  organization_id {{id}} NOT NULL,
  made_with TEXT NOT NULL,
  PRIMARY KEY (organization_id)
) {{clustered}};
