// The newest columns of every organization that somebody looks at, and how they stay fresh. Thread-safe.
//
// With `background` a thread loads what was asked for and then, every `every` seconds, looks what has happened: each write
// appends to the audit log in its own transaction, whichever server made it, so the heads of its chains are the version and the
// entries since tell whose rows to read again. An entry of an import has everything read again. What no
// entry tells of is seen by the full reload after `reload`. What took long to read is kept in the database (checkpoint_store.h),
// so that the next server begins there. Without `background` (tests) the caller's own transaction does the work at once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/caller.h"
#include "db/database.h"
#include "measures/resident.h"
#include "measures/resident_store.h"

namespace concord::measures {

class Residents {
 public:
  struct Settings {
    bool background = false;
    std::chrono::milliseconds every{2000};  ///< how long a change may take to be seen
    std::chrono::minutes reload{60};        ///< everything anew, for changes that no entry of the log tells of
    std::chrono::hours keep{24};            ///< columns nobody asks for are let go after so long
    std::chrono::milliseconds wait{1000};   ///< how long who asks first waits for the load before being told to come back
    int threads = 2;                        ///< of a load
    std::chrono::hours checkpoint{6};       ///< how often columns that were read anew are kept in the database; 0: never
    std::chrono::milliseconds checkpoint_from{1000};  ///< reading them must have taken so long to be worth it
  };

  Residents(std::shared_ptr<const OutcomeRules> rules, SurveyItems surveys, Settings settings);
  ~Residents();
  Residents(const Residents&) = delete;
  Residents& operator=(const Residents&) = delete;

  /// Starts the thread. Before the first get(); `database` outlives this or stop().
  void start(db::Database& database);
  void stop();

  /// The newest snapshot. nullptr: it is being prepared and was not ready within `wait`; ask again in a second. Without a thread:
  /// made or brought up to date now.
  std::shared_ptr<const Resident> get(db::Tx& tx, OrganizationId organization);
  const OutcomeRules& rules() const { return *rules_; }
  /// Loads and folds in what is due; what the thread does each time. For tests and the benchmark. The number of new snapshots:
  /// an organization whose rows cannot be read is logged and has none.
  int run_due(db::Database& database, std::chrono::steady_clock::time_point now);

 private:
  struct Kept {
    std::shared_ptr<const Resident> columns;
    AuditHeads heads;
    std::chrono::steady_clock::time_point loaded_at{}, asked_at{};
    std::optional<std::chrono::steady_clock::time_point> kept_at;  ///< when a checkpoint was written or taken up
    bool asked = true;                                             ///< since the thread looked last
  };
  /// False: nothing has happened.
  bool bring_up_to_date(db::Database& database, OrganizationId organization, std::chrono::steady_clock::time_point now);

  const std::shared_ptr<const OutcomeRules> rules_;
  const SurveyItems surveys_;
  Settings settings_;
  std::mutex mutex_;  // guards kept_; never held while the database is read in the background
  std::unordered_map<OrganizationId, Kept> kept_;
  /// Never begins anew, also when columns were let go: answers are kept by version.
  std::atomic<std::uint64_t> versions_{0};
  std::mutex tx_mutex_;  // without a thread: one caller at a time brings columns up to date
  std::condition_variable_any wake_, ready_;
  bool asked_ = false;
  std::jthread thread_;
};

}  // namespace concord::measures
