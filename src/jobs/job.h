// One piece of background work and the states it goes through:
//
//           enqueue               claim (attempts + 1)              handler answers ok
//   (none) -----------> queued -------------------------> leased ------------------------> done
//                         ^                               | | |
//                         |  handler fails, tries left:   | | |  handler fails or the lease runs out,
//                         +-- due again after a pause ----+ | +-- no tries left ----------> dead
//                         |                                 |                                |
//                         |   the lease runs out: any worker may claim it at once            |
//                         |   (the attempt is "lost": its process died or was too slow)      |
//                         +---------------- retry_dead, by a person -------------------------+
//
// A failed attempt is a row in job_attempt, not a state of the job. A job runs at least once, never surely
// once: a worker may die after the work and before it says so. Handlers must bear a second run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"

namespace concord::jobs {

using JobId = Id<struct JobTag>;
using WorkerId = Id<struct WorkerTag>;

enum class State { queued, leased, done, dead };
std::string_view state_name(State state);
std::optional<State> state_named(std::string_view name);

struct Job {
  OrganizationId organization;  ///< nil for jobs of the whole installation
  JobId id;
  std::string kind;                ///< names the handler: "referrals.reach_out"
  std::optional<std::string> key;  ///< at most one unfinished job of a kind has a key
  std::string payload;             ///< JSON; ids and codes, never personal data
  State state = State::queued;
  Instant available_at;  ///< due time; while leased, the end of the lease
  int attempts = 0;      ///< counts the one that runs
  int most_attempts = 0;
  Instant created_at;
  std::optional<Instant> finished_at;
};

struct Attempt {
  int number = 0;
  WorkerId worker;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::string outcome;  ///< running, done, failed, lost
  std::string error;    ///< "code: text" of a failure
};

/// The pause after the n-th failed attempt (from 1): 30 s, 1 min, 2 min, ... at most 1 h.
std::chrono::seconds pause_after(int attempt);

/// The start of the period of `every` that `now` lies in, counted from 1970-01-01T00:00Z.
Instant period_start(Instant now, std::chrono::minutes every);

}  // namespace concord::jobs
