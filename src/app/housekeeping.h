// Background work of the server, through the job queue, so that several servers on one database do it once:
//
//   house    removes old sessions and forgotten idempotency keys, looks for messages that were lost
//   ladder   calls the next person for a safety signal: alone, so that nothing holds it up
//   reminders  plans what patients are sent today, site by site
//   mail     sends mail; a server that hangs holds up mail only
//   sms      sends SMS
//   ... and one more of each for patients, with `messages.connections` conversations at once
#pragma once

#include <list>
#include <thread>
#include <vector>

#include "app/messages.h"
#include "app/slices.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/database.h"
#include "jobs/worker.h"

namespace concord::app {

class Housekeeping {
 public:
  /// `slices` must outlive this.
  Housekeeping(db::Database& database, const Clock& clock, IdSource& ids, std::chrono::hours keep_answers, const Slices& slices,
               const Transports& transports, std::chrono::hours keep_drafts = std::chrono::hours(14 * 24));
  /// Each worker on a thread of its own until this object goes.
  void start();
  /// Does everything that is due, on this thread; for tests that move the clock themselves, instead of start().
  int run_due();
  /// For work that other slices add, before start().
  jobs::Worker& house() { return workers_.front(); }

 private:
  std::list<jobs::Worker> workers_;
  std::vector<std::jthread> threads_;
};

}  // namespace concord::app
