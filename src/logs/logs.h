// What patients write down between visits: mood, what they did, how a medicine was taken, side effects. Rows are never changed;
// of two about the same medicine and day the later one counts. Nothing is scored, nothing is counted against anybody.
// The care team sees them; a trusted person never does. Pure. Read next: logs_store.h (table), logs_api.h (view, acts, staff).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::logs {

using patients::PatientId;
using LogId = Id<struct LogTag>;

/// The age rules' code for what a young person writes down.
inline constexpr std::string_view kOwnLogs = "own:logs";
/// How far back a day may be filled in.
inline constexpr int kMostDaysBack = 31;

struct Log {
  LogId id;
  PatientId patient;
  Date on;
  std::string kind;                      ///< mood, activity, medicine, side_effect
  std::optional<int> score;              ///< mood, 0 (worst) to 10 (best)
  std::string words;                     ///< of the mood; what was done; the side effect
  std::optional<int> pleasure, mastery;  ///< of an activity, 0 to 10: how much I liked it, how well it went
  std::optional<Uuid> treatment;         ///< medicine, side_effect
  std::optional<std::string> taken;      ///< medicine: yes, partly, no
  std::optional<int> bother;             ///< side_effect: 0 not at all to 3 a great deal
  std::string labels = "normal";
  UserId by;  ///< a portal account
  std::optional<UserId> on_behalf_by;
  Instant at{};
};

/// Of each treatment and day the later row, newest day first.
std::vector<Log> taken_days(std::span<const Log> logs);

/// What the team sees at a glance.
struct Glance {
  struct Mood {
    Date on;
    int score = 0;
  };
  std::vector<Mood> mood;  ///< one a day (the later one), oldest first
  int activities = 0;
  int side_effects = 0;  ///< that bother quite a bit or more
};
/// `logs` newest first.
Glance glance(std::span<const Log> logs);

}  // namespace concord::logs
