#include "jobs/queue.h"

#include "base/check.h"
#include "jobs/jobs_sql.h"

namespace concord::jobs {
namespace {

/// Columns as in get.sql and list_in_state.sql.
Job job_of(const db::Row& row) {
  const auto state = state_named(row.text(5));
  CHECK(state);
  Job job;
  job.organization = row.id<OrganizationId>(0);
  job.id = row.id<JobId>(1);
  job.kind = row.string(2);
  job.key = row.maybe_string(3);
  job.payload = row.string(4);
  job.state = *state;
  job.available_at = row.instant(6);
  job.attempts = static_cast<int>(row.integer(7));
  job.most_attempts = static_cast<int>(row.integer(8));
  job.created_at = row.instant(9);
  job.finished_at = row.maybe_instant(10);
  return job;
}

/// Columns as in list_available.sql.
Job available_job_of(const db::Row& row, const std::string& kind) {
  Job job;
  job.organization = row.id<OrganizationId>(0);
  job.id = row.id<JobId>(1);
  job.kind = kind;
  job.key = row.maybe_string(2);
  job.payload = row.string(3);
  job.state = row.text(4) == state_name(State::leased) ? State::leased : State::queued;
  job.attempts = static_cast<int>(row.integer(5));
  job.most_attempts = static_cast<int>(row.integer(6));
  job.created_at = row.instant(7);
  return job;
}

void end_attempt(db::Tx& tx, const Job& job, std::string_view outcome, Instant now, std::optional<std::string_view> error) {
  tx.run(sql::kEndAttempt, {job.organization, job.id, job.attempts, outcome, now, error});
}

}  // namespace

bool enqueue(db::Tx& tx, const NewJob& job, JobId id, Instant now) {
  CHECK(!job.kind.empty() && job.most_attempts >= 1);
  return tx.run(sql::kAdd,
                {job.organization, id, job.kind, job.key, job.payload, job.due_at.value_or(now), job.most_attempts, now}) == 1;
}

void enqueue_new(db::Tx& tx, std::span<const FreshJob> jobs, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id", "job_id",       "kind",     "job_key",       "payload",
                                                  "state",           "available_at", "attempts", "most_attempts", "created_at"};
  std::size_t next = 0;
  tx.load("job", kColumns, [&](std::vector<db::Param>& values) {
    if (next == jobs.size()) return false;
    const auto& [job, id] = jobs[next++];
    CHECK(!job.kind.empty() && !job.key && job.most_attempts >= 1);
    values = {job.organization,         id, job.kind,          nullptr, job.payload, state_name(State::queued),
              job.due_at.value_or(now), 0,  job.most_attempts, now};
    return true;
  });
}

std::vector<Job> claim(db::Tx& tx, std::span<const std::string> kinds, WorkerId worker, Instant now, std::chrono::seconds lease,
                       int most) {
  std::vector<Job> claimed;
  for (const std::string& kind : kinds) {
    const auto available =
        tx.all(sql::kListAvailable, {kind, now, most}, [&](const db::Row& row) { return available_job_of(row, kind); });
    for (Job job : available) {
      const bool was_lost = job.state == State::leased;
      if (was_lost) end_attempt(tx, job, "lost", now, std::nullopt);
      if (was_lost && job.attempts >= job.most_attempts) {
        tx.run(sql::kFinish, {job.organization, job.id, job.attempts, state_name(State::dead), now});
        continue;
      }
      if (tx.run(sql::kLease, {job.organization, job.id, job.attempts, now + lease}) != 1) continue;
      job.state = State::leased;
      job.available_at = now + lease;
      ++job.attempts;
      tx.run(sql::kStartAttempt, {job.organization, job.id, job.attempts, worker, now});
      claimed.push_back(std::move(job));
    }
  }
  return claimed;
}

bool renew(db::Tx& tx, const Job& job, Instant lease_until) {
  return tx.run(sql::kRenew, {job.organization, job.id, job.attempts, lease_until}) == 1;
}

bool mark_done(db::Tx& tx, const Job& job, Instant now) {
  if (tx.run(sql::kFinish, {job.organization, job.id, job.attempts, state_name(State::done), now}) != 1) return false;
  end_attempt(tx, job, "done", now, std::nullopt);
  return true;
}

bool mark_failed(db::Tx& tx, const Job& job, const Error& error, Instant now) {
  const bool last = job.attempts >= job.most_attempts;
  const auto changed = last ? tx.run(sql::kFinish, {job.organization, job.id, job.attempts, state_name(State::dead), now})
                            : tx.run(sql::kPutBack, {job.organization, job.id, job.attempts, now + pause_after(job.attempts)});
  if (changed != 1) return false;
  const std::string text = std::string(code_name(error.code)) + ": " + error.text;
  end_attempt(tx, job, "failed", now, text);
  return true;
}

bool give_back(db::Tx& tx, const Job& job, Instant now) {
  if (tx.run(sql::kPutBack, {job.organization, job.id, job.attempts, now}) != 1) return false;
  end_attempt(tx, job, "lost", now, std::nullopt);
  return true;
}

std::optional<Instant> next_available(db::Tx& tx, std::span<const std::string> kinds) {
  std::optional<Instant> first;
  for (const std::string& kind : kinds) {
    const auto at = tx.one(sql::kNextAvailable, {kind}, [](const db::Row& row) { return row.instant(0); });
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

std::optional<Job> find_job(db::Tx& tx, OrganizationId organization, JobId id) {
  return tx.one(sql::kGet, {organization, id}, job_of);
}

std::vector<Job> list_jobs(db::Tx& tx, OrganizationId organization, State state, int most) {
  return tx.all(sql::kListInState, {organization, state_name(state), most}, job_of);
}

std::vector<Attempt> list_attempts(db::Tx& tx, OrganizationId organization, JobId id) {
  return tx.all(sql::kListAttempts, {organization, id}, [](const db::Row& row) {
    return Attempt{static_cast<int>(row.integer(0)), row.id<WorkerId>(1), row.instant(2), row.maybe_instant(3), row.string(4),
                   row.maybe_string(5).value_or("")};
  });
}

Result<void> retry_dead(db::Tx& tx, OrganizationId organization, JobId id, Instant now, int more_attempts) {
  if (tx.run(sql::kRetryDead, {organization, id, now, more_attempts}) != 1)
    return fail(ErrorCode::not_found, "There is no dead job with this id.");
  return {};
}

int remove_done_before(db::Tx& tx, Instant time, int most) {
  struct Place {
    OrganizationId organization;
    JobId id;
  };
  const auto places = tx.all(sql::kListFinishedBefore, {time, most},
                             [](const db::Row& row) { return Place{row.id<OrganizationId>(0), row.id<JobId>(1)}; });
  for (const Place& place : places) {
    tx.run(sql::kRemoveAttempts, {place.organization, place.id});
    tx.run(sql::kRemove, {place.organization, place.id});
  }
  return static_cast<int>(places.size());
}

OpenJobs count_open(db::Tx& tx) {
  OpenJobs open;
  tx.each(sql::kCountOpen, {}, [&](const db::Row& row) {
    if (row.text(0) == state_name(State::queued)) {
      open.queued = row.integer(1);
      open.oldest_queued = row.maybe_instant(2);
    } else {
      open.leased = row.integer(1);
    }
  });
  return open;
}

}  // namespace concord::jobs
