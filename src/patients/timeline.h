// Who did what when in a patient's care, of every slice on one line. A slice lends a function that adds what it
// knows; app/ lists them. Newest first, paged by key; what a patient has is small enough to be read whole.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patients/chart.h"

namespace concord::patients {

struct TimelineEntry {
  Date date;                  ///< at the site
  std::optional<Instant> at;  ///< when it happened, or was written down; nullopt: only the day is known
  std::string kind;           ///< contact, score, review, recommendation, treatment, safety, plan, task, conversation, team, ...
  std::string what;           ///< a word of that kind: "treatment", "signalled", "joined"
  Uuid id;                    ///< of the row; the same id may stand there with several `what`
  std::optional<UserId> who;
  std::string who_name;  ///< of somebody who is no user here
  std::string role;      ///< in which they did it, when known
  std::string text;      ///< somebody's words; empty where there are none
  std::string data;      ///< a JSON object with what the kind has besides; "" for none
};

struct TimelineSource {
  std::string kind;        ///< for the filter; a source may add entries of other kinds too
  std::string permission;  ///< without it the caller does not see what this source adds
  std::function<void(db::Tx&, const Asker&, const Place&, std::vector<TimelineEntry>&)> add;
};

struct TimelineDeps {
  const Chart* chart = nullptr;
  /// identity/permissions.h role_allows.
  std::function<bool(std::string_view role, std::string_view permission)> allows;
  std::vector<TimelineSource> sources;
};

/// Newest first; ties by kind, what and id, so that the order is total.
bool newer(const TimelineEntry& a, const TimelineEntry& b);

std::vector<http::Route> timeline_routes(const TimelineDeps& deps);

}  // namespace concord::patients
