// Runs jobs: handlers by kind, and schedules that queue a job every so many minutes. app/ wires one a process:
//
//   jobs::Worker worker(database, clock, ids);
//   worker.handle("referrals.reach_out", [&](jobs::JobRun& run) { return referrals.reach_out(run.job()); });
//   worker.handle("caseload.rebuild", rebuild);
//   worker.every(std::chrono::minutes(15), "caseload.rebuild");
//   std::jthread thread([&](std::stop_token stop) { worker.run(stop); });
//
// Several processes may do so on one database: a schedule queues one job a period in all of them together.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

#include "base/clock.h"
#include "jobs/queue.h"

namespace concord::jobs {

class Worker;

/// What a handler sees of the attempt that it makes.
class JobRun {
 public:
  const Job& job() const { return job_; }
  /// Long work calls this well within the lease. False: the job is another's now, stop without effect.
  bool keep();
  bool stopping() const { return stop_.stop_requested(); }

 private:
  friend class Worker;
  JobRun(Worker& worker, const Job& job, std::stop_token stop) : worker_(worker), job_(job), stop_(std::move(stop)) {}
  Worker& worker_;
  const Job& job_;
  std::stop_token stop_;
};

/// An error or an exception is a failed attempt. Runs on the worker's thread, or on one beside it (WorkerSettings::parallel);
/// must bear a second run.
using Handler = std::function<Result<void>(JobRun&)>;

struct WorkerSettings {
  std::chrono::seconds lease{300};
  /// Real time between looks into the queue when nothing wakes the worker.
  std::chrono::milliseconds poll{2000};
  int batch = 8;                          ///< jobs of each kind claimed at once
  int parallel = 1;                       ///< of those run at the same time; handlers must bear it when it is more
  std::chrono::hours keep_done{24 * 14};  ///< done jobs are removed after this
};

/// handle() and every() before run(). run() and run_due() on one thread; wake() from any.
class Worker {
 public:
  Worker(db::Database& database, const Clock& clock, IdSource& ids, WorkerSettings settings = {});

  /// One handler a kind; a second breaks an invariant.
  void handle(std::string kind, Handler handler);
  /// Queues a job of the kind for `organization` once in every period of this length, counted from
  /// 1970-01-01T00:00Z. Periods in which no worker ran are not made up for; a period is passed over
  /// while the job of one before is unfinished.
  void every(std::chrono::minutes period, std::string kind, OrganizationId organization = {}, std::string payload = "{}");

  /// Queues what the schedules ask for, claims what is due and runs it; the number of jobs run. Throws
  /// what the database throws.
  int run_due(std::stop_token stop = {});
  /// Does so until asked to stop; database failures are logged and tried again.
  void run(std::stop_token stop);
  /// A job was queued: look now.
  void wake();

 private:
  friend class JobRun;
  struct Schedule {
    std::chrono::minutes period;
    NewJob job;
    std::optional<Instant> queued_for;  ///< the last period seen to
  };

  void queue_scheduled();
  void clean_up();
  void run_together(const std::vector<const Job*>& jobs, const std::stop_token& stop);
  void run_one(const Job& job, const std::stop_token& stop);
  bool keep(const Job& job);

  db::Database& database_;
  const Clock& clock_;
  WorkerSettings settings_;
  WorkerId id_;
  std::map<std::string, Handler> handlers_;
  std::vector<std::string> kinds_;
  std::vector<Schedule> schedules_;
  std::optional<Instant> cleaned_at_;

  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool wake_ = false;
};

}  // namespace concord::jobs
