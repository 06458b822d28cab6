// Background work of the server: removes old sessions and forgotten idempotency keys, through the job queue,
// so that several servers on one database do it once.
#pragma once

#include <thread>

#include "base/clock.h"
#include "base/id.h"
#include "db/database.h"
#include "jobs/worker.h"

namespace concord::app {

class Housekeeping {
 public:
  Housekeeping(db::Database& database, const Clock& clock, IdSource& ids, std::chrono::hours keep_answers);
  /// Runs on a thread of its own until this object goes.
  void start();

 private:
  jobs::Worker worker_;
  std::jthread thread_;
};

}  // namespace concord::app
