// Routes of tasks and of handing a caseload over, and what other slices ask of them through app/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "messaging/messaging.h"
#include "patients/chart.h"
#include "tasks/tasks.h"

namespace concord::tasks {

using patients::Asker;
using patients::Chart;

/// What the attention list says about an episode, as much as a task needs of it.
struct AttentionLine {
  std::string text;         ///< the sentence in the caller's language
  std::optional<Date> due;  ///< a day at the site
};

struct Deps {
  const Chart* chart = nullptr;
  /// patients_store.h find.
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// True when the person holds this role at the site and may sign in.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId, std::string_view role)> has_role;
  /// True when one of the person's roles at the site may do tasks.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId)> may_own;
  /// True for a role that sees the tasks of others.
  std::function<bool(std::string_view role)> sees_team;
  /// Patient and site of an episode.
  std::function<std::optional<std::pair<PatientId, SiteId>>(db::Tx&, OrganizationId, const Uuid& episode)> episode;
  /// The line that a rule gives for the patient today; nullopt when it asks for nothing.
  std::function<std::optional<AttentionLine>(db::Tx&, const Asker&, const patients::Place&, std::string_view rule)> line;
  /// True for a recommendation about this patient. Empty: they are not looked at.
  std::function<bool(db::Tx&, OrganizationId, PatientId, const Uuid& recommendation)> is_recommendation;
  /// Gives the open episodes of a care manager at a site to another, those of `only` or (nullopt) all, at most `most`;
  /// whose they are. Writes history; the caseload rows are not touched.
  std::function<Result<std::vector<PatientId>>(db::Tx&, const Asker&, SiteId, UserId from, UserId to,
                                               const std::optional<std::vector<PatientId>>& only, int most)>
      move_care_manager;
  /// Patients with an open episode of this care manager at the site, at most `most`.
  std::function<std::vector<PatientId>(db::Tx&, OrganizationId, SiteId, UserId, int most)> patients_of;
  /// Gives the open safety events that `from` holds to `to`; how many. Empty: there are none.
  std::function<int(db::Tx&, OrganizationId, const std::vector<PatientId>&, UserId from, UserId to, const std::string& why,
                    Instant)>
      move_safety_events;
  /// Brings caseload rows up to date after a hand-over.
  std::function<void(db::Tx&, OrganizationId, const std::vector<PatientId>&)> refresh_caseload;
  messaging::Notify notify;
};

std::vector<http::Route> routes(const Deps& deps);
/// The routes of handover_api.cpp; `routes` holds them too.
std::vector<http::Route> handover_routes(const Deps& deps);

/// Member "tasks" of the patient page: the open ones.
void write_open(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

/// Who answers today for the patient that `owner` looks after: `owner`, or whoever covers for them.
UserId responsible_for(db::Tx& tx, OrganizationId organization, SiteId site, PatientId patient, UserId owner, Date today);
/// {"id","name","until"} of whoever covers for `owner`, or null. `patient` nullopt: for what belongs to no patient.
void write_cover(const Chart& chart, json::Writer& w, db::Tx& tx, OrganizationId organization, const Covers& covers, SiteId site,
                 UserId owner, const std::optional<PatientId>& patient);

}  // namespace concord::tasks
