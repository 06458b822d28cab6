// The queue in the database. Several processes may work on one queue (PostgreSQL): a claim is a transaction
// that takes each job only at the attempt it saw, so no two workers hold the same attempt.
// Read next: job.h for the states, worker.h for what runs the jobs.
#pragma once

#include <span>

#include "db/database.h"
#include "jobs/job.h"

namespace concord::jobs {

struct NewJob {
  OrganizationId organization = {};
  std::string kind;
  std::string payload = "{}";
  std::optional<std::string> key = {};  ///< refused while an unfinished job of the kind has the same
  std::optional<Instant> due_at = {};   ///< now when left out
  int most_attempts = 8;
};

/// Queues a job in the caller's transaction: it is there exactly when the cause is. False when the id or the
/// key is taken already. `id` from an IdSource, or from make_uuid_from() when a second call must do nothing.
bool enqueue(db::Tx& tx, const NewJob& job, JobId id, Instant now);

/// Many whose ids are new and that have no key, the fast way.
struct FreshJob {
  NewJob job;
  JobId id;
};
void enqueue_new(db::Tx& tx, std::span<const FreshJob> jobs, Instant now);

/// Leases up to `most` available jobs of each kind, kinds in the given order; records the attempts. A job
/// whose lease ran out at its last attempt becomes dead instead.
std::vector<Job> claim(db::Tx& tx, std::span<const std::string> kinds, WorkerId worker, Instant now, std::chrono::seconds lease,
                       int most);
/// The next four answer false when the attempt no longer holds the job (another took it after the lease).
bool renew(db::Tx& tx, const Job& job, Instant lease_until);
bool mark_done(db::Tx& tx, const Job& job, Instant now);
/// Queues the job again after pause_after(), or makes it dead when no attempts are left.
bool mark_failed(db::Tx& tx, const Job& job, const Error& error, Instant now);
/// Queues a job again at once because the worker stops before it began; its attempt is recorded as lost.
bool give_back(db::Tx& tx, const Job& job, Instant now);

/// When the first job of any of these kinds is available (maybe in the past); nullopt when there is none.
std::optional<Instant> next_available(db::Tx& tx, std::span<const std::string> kinds);
std::optional<Job> find_job(db::Tx& tx, OrganizationId organization, JobId id);
std::vector<Job> list_jobs(db::Tx& tx, OrganizationId organization, State state, int most);
std::vector<Attempt> list_attempts(db::Tx& tx, OrganizationId organization, JobId id);

/// Queues a dead job again with `more_attempts`; conflict when an unfinished one has its key; not_found
/// when there is no such dead job.
Result<void> retry_dead(db::Tx& tx, OrganizationId organization, JobId id, Instant now, int more_attempts = 8);
/// Removes up to `most` jobs that were done before `time`; dead ones stay until a person decides.
int remove_done_before(db::Tx& tx, Instant time, int most);

struct OpenJobs {
  std::int64_t queued = 0;
  std::int64_t leased = 0;
  std::optional<Instant> oldest_queued;  ///< its due time; may be in the future
};
/// For metrics.
OpenJobs count_open(db::Tx& tx);

}  // namespace concord::jobs
