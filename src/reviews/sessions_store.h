// Reads and writes review_session, review_attendee and review_agenda_edit.
#pragma once

#include <optional>
#include <vector>

#include "db/database.h"
#include "reviews/agenda.h"
#include "reviews/reviews.h"

namespace concord::reviews {

/// With its attendees.
std::optional<Session> find(db::Tx& tx, OrganizationId organization, SessionId session);
/// Newest first, without attendees, before a day and id.
std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, Date first, Date last, Date before_day,
                                   SessionId before, int limit);
std::vector<Attendee> list_attendees(db::Tx& tx, OrganizationId organization, SessionId session);
void insert(db::Tx& tx, OrganizationId organization, const Session& session);
/// The row and its attendees; false when `session.version` is stale.
bool update(db::Tx& tx, OrganizationId organization, const Session& session);

/// One patient's place on an agenda as people decided it.
struct Edit {
  PatientId patient;
  std::optional<int> position;
  std::string decision;  ///< none, added, removed
  std::string reason;
  std::optional<int> minutes;
  UserId by;
  Instant at{};
};
/// By position, then time.
std::vector<Edit> list_edits(db::Tx& tx, OrganizationId organization, SessionId session);
/// The whole order; empty: none.
void set_order(db::Tx& tx, OrganizationId organization, SessionId session, const std::vector<PatientId>& order, UserId by,
               Instant at);
/// Keeps the position.
void set_decision(db::Tx& tx, OrganizationId organization, SessionId session, const Edit& edit);

}  // namespace concord::reviews
