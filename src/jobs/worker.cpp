#include "jobs/worker.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/log.h"

namespace concord::jobs {
namespace {

constexpr std::chrono::hours kCleanEvery{1};
constexpr int kCleanAtOnce = 500;

JobId scheduled_id(const NewJob& job, std::chrono::minutes period, Instant start) {
  const std::string organization = job.organization.text();
  const std::string length = std::to_string(period.count());
  const std::string begins = iso(start);
  const std::string_view parts[] = {"jobs.schedule", organization, job.kind, length, begins};
  return JobId(make_uuid_from(parts));
}

void warn_lease_lost(const Job& job) {
  const std::string id = job.id.text();
  log::warn("jobs.lease_lost", {{"job", std::string_view(id)}, {"kind", std::string_view(job.kind)}});
}

}  // namespace

bool JobRun::keep() { return worker_.keep(job_); }

Worker::Worker(db::Database& database, const Clock& clock, IdSource& ids, WorkerSettings settings)
    : database_(database), clock_(clock), settings_(settings), id_(ids.next()) {
  CHECK(settings.lease.count() > 0 && settings.batch > 0 && settings.parallel > 0);
}

void Worker::handle(std::string kind, Handler handler) {
  CHECK(handlers_.emplace(kind, std::move(handler)).second);
  kinds_.push_back(std::move(kind));
}

void Worker::every(std::chrono::minutes period, std::string kind, OrganizationId organization, std::string payload) {
  CHECK(period.count() > 0);
  NewJob job;
  job.organization = organization;
  job.key = "schedule";
  job.kind = std::move(kind);
  job.payload = std::move(payload);
  schedules_.push_back({period, std::move(job), std::nullopt});
}

int Worker::run_due(std::stop_token stop) {
  queue_scheduled();
  clean_up();
  int ran = 0;
  while (!stop.stop_requested()) {
    // A look costs no write, and most looks find nothing.
    const Instant now = clock_.now();
    const auto next = database_.read([&](db::Tx& tx) { return next_available(tx, kinds_); });
    if (!next || *next > now) break;
    const auto claimed = database_.write(
        [&](db::Tx& tx) -> Result<std::vector<Job>> { return claim(tx, kinds_, id_, now, settings_.lease, settings_.batch); });
    CHECK(claimed.has_value());
    // Nothing although something is there: another worker holds it, or its last lease ran out.
    if (claimed->empty()) break;
    // One claim feeds all that run together: many workers of their own would claim against each other.
    const auto together = static_cast<std::size_t>(settings_.parallel);
    for (std::size_t first = 0; first < claimed->size(); first += together) {
      std::vector<const Job*> ours;
      for (std::size_t i = first; i < std::min(claimed->size(), first + together); ++i) {
        const Job& job = (*claimed)[i];
        if (stop.stop_requested()) {
          CHECK(database_.write([&](db::Tx& tx) -> Result<bool> { return give_back(tx, job, clock_.now()); }));
          continue;
        }
        // Jobs claimed together wait for each other, and meanwhile the lease runs.
        if (clock_.now() > now + settings_.lease / 4 && !keep(job)) {
          warn_lease_lost(job);
          continue;
        }
        ours.push_back(&job);
      }
      run_together(ours, stop);
      ran += static_cast<int>(ours.size());
    }
  }
  return ran;
}

void Worker::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      run_due(stop);
    } catch (const std::exception&) {
      // The text may hold values of rows, so it is not logged; db/ logs its own failures.
      log::error("jobs.round_failed");
    }
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, settings_.poll, [&] { return wake_; });
    wake_ = false;
  }
}

void Worker::wake() {
  {
    std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_all();
}

void Worker::queue_scheduled() {
  const Instant now = clock_.now();
  for (Schedule& schedule : schedules_) {
    const Instant start = period_start(now, schedule.period);
    if (schedule.queued_for == start) continue;
    const JobId id = scheduled_id(schedule.job, schedule.period, start);
    const auto queued = database_.write([&](db::Tx& tx) -> Result<bool> { return enqueue(tx, schedule.job, id, now); });
    CHECK(queued.has_value());
    schedule.queued_for = start;
  }
}

void Worker::clean_up() {
  const Instant now = clock_.now();
  if (cleaned_at_ && now < *cleaned_at_ + kCleanEvery) return;
  const auto removed =
      database_.write([&](db::Tx& tx) -> Result<int> { return remove_done_before(tx, now - settings_.keep_done, kCleanAtOnce); });
  // A full batch means that there is more: go on in the next round.
  if (removed && *removed < kCleanAtOnce) cleaned_at_ = now;
}

void Worker::run_together(const std::vector<const Job*>& jobs, const std::stop_token& stop) {
  if (jobs.size() <= 1) {
    for (const Job* job : jobs) run_one(*job, stop);
    return;
  }
  std::vector<std::exception_ptr> failures(jobs.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      threads.emplace_back([&, i] {
        try {
          run_one(*jobs[i], stop);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

void Worker::run_one(const Job& job, const std::stop_token& stop) {
  Result<void> outcome;
  try {
    JobRun run(*this, job, stop);
    outcome = handlers_.at(job.kind)(run);
  } catch (const std::exception&) {
    outcome = fail(ErrorCode::internal, "The handler threw.");
  }
  const Instant now = clock_.now();
  const auto still_ours = database_.write(
      [&](db::Tx& tx) -> Result<bool> { return outcome ? mark_done(tx, job, now) : mark_failed(tx, job, outcome.error(), now); });
  CHECK(still_ours.has_value());
  if (!*still_ours) {
    warn_lease_lost(job);
  } else if (!outcome) {
    const std::string id = job.id.text();
    const bool dead = job.attempts >= job.most_attempts;
    log::write(dead ? log::Level::error : log::Level::warn, dead ? "jobs.dead" : "jobs.failed",
               {{"job", std::string_view(id)},
                {"kind", std::string_view(job.kind)},
                {"attempt", std::int64_t{job.attempts}},
                {"code", code_name(outcome.error().code)}});
  }
}

bool Worker::keep(const Job& job) {
  const Instant until = clock_.now() + settings_.lease;
  const auto kept = database_.write([&](db::Tx& tx) -> Result<bool> { return renew(tx, job, until); });
  return kept && *kept;
}

}  // namespace concord::jobs
