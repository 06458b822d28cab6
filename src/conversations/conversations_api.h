// Routes of the team's conversation about a patient.
//
// Who sees what: whoever may see the patient and has conversations.read. A message takes over the labels of the
// patient. One labelled counseling_note is for its author and treating clinicians: others get neither its words nor
// a sign of it, not even a count.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conversations/conversations.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "patients/timeline.h"

namespace concord::conversations {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// Somebody who can be mentioned.
struct Person {
  UserId id;
  std::string name;
  std::vector<std::string> roles;  ///< at the patient's site
};

struct Deps {
  const Chart* chart = nullptr;
  /// patients_store.h find: names.
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// Privacy labels of the patient's record, those of the open episode included.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  /// Roles of somebody at a site with which conversations may be read; empty for nobody.
  std::function<std::vector<std::string>(db::Tx&, OrganizationId, UserId, SiteId)> reading_roles;
  /// Everybody who may read conversations at a site, by name.
  std::function<std::vector<Person>(db::Tx&, OrganizationId, SiteId)> people;
  /// Who has to do with the patient now and so follows the conversation: care manager, whoever covers for them,
  /// consultant, care team.
  std::function<std::vector<UserId>(db::Tx&, OrganizationId, const Place&)> team_of;
  messaging::Notify notify;
};

std::vector<http::Route> routes(const Deps& deps);

/// Member "conversation" of the patient page: {"unread", "unread_mentions", "last"}.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
/// Part "conversation" of the timeline.
void add_to_timeline(db::Tx& tx, const Asker& asker, const Place& place, std::vector<patients::TimelineEntry>& out);

}  // namespace concord::conversations
