-- Views of the caseload that a user has named: the filters as the page's own query string.
CREATE TABLE saved_view (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  view_id {{id}} NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at {{instant}} NOT NULL,
  updated_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, user_id, view_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};
CREATE UNIQUE INDEX idx_saved_view__name ON saved_view (organization_id, user_id, name_folded);

-- What somebody is writing and has not signed yet, so that a closed browser loses nothing. Personal data, of nobody's
-- record; removed when signed, or some days after the last change.
CREATE TABLE draft (
  organization_id {{id}} NOT NULL,
  user_id {{id}} NOT NULL,
  draft_key TEXT NOT NULL,
  words TEXT NOT NULL,
  updated_at {{instant}} NOT NULL,
  version {{int}} NOT NULL,
  PRIMARY KEY (organization_id, user_id, draft_key),
  FOREIGN KEY (organization_id, user_id) REFERENCES user_account (organization_id, user_id)
) {{clustered}};
CREATE INDEX idx_draft__updated ON draft (updated_at);
