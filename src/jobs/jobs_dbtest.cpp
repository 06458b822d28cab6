#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "jobs/worker.h"
#include "support/databases.h"

namespace concord::jobs {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Jobs : public concord::testing::DatabaseTest {
 protected:
  OrganizationId org() const { return OrganizationId(Uuid::parse("0196f3a0-0000-7000-8000-000000000001").value()); }

  JobId add(NewJob job) {
    if (job.organization.is_nil()) job.organization = org();
    const JobId id(ids_.next());
    const auto added = database().write([&](db::Tx& tx) -> Result<bool> { return enqueue(tx, job, id, clock_.now()); });
    return added && *added ? id : JobId();
  }
  std::vector<Job> take(WorkerId worker, int most = 10, seconds lease = seconds(300)) {
    const std::vector<std::string> kinds = {"work"};
    return database()
        .write([&](db::Tx& tx) -> Result<std::vector<Job>> { return claim(tx, kinds, worker, clock_.now(), lease, most); })
        .value();
  }
  template <class Body>
  auto in_tx(Body&& body) {
    using T = std::invoke_result_t<Body, db::Tx&>;
    return database().write([&](db::Tx& tx) -> Result<T> { return body(tx); }).value();
  }
  Job stored(JobId id) {
    return database().read([&](db::Tx& tx) { return find_job(tx, org(), id); }).value();
  }
  /// "done failed lost": the outcomes of a job's attempts.
  std::string outcomes(JobId id) {
    std::string all;
    for (const Attempt& attempt : database().read([&](db::Tx& tx) { return list_attempts(tx, org(), id); }))
      all += (all.empty() ? "" : " ") + attempt.outcome;
    return all;
  }

  ManualClock clock_{parse_instant("2026-03-01T12:00:00Z").value()};
  SeededIds ids_{clock_, 1};
  WorkerId one_{ids_.next()};
  WorkerId two_{ids_.next()};
};
CONCORD_ON_BOTH_DATABASES(Jobs);

TEST_P(Jobs, AreRunOnceAndRecorded) {
  const JobId id = add({.kind = "work", .payload = R"({"site":"7"})"});
  Worker worker(database(), clock_, ids_);
  std::vector<std::string> payloads;
  worker.handle("work", [&](JobRun& run) -> Result<void> {
    payloads.push_back(run.job().payload);
    EXPECT_EQ(run.job().organization, org());
    EXPECT_EQ(run.job().attempts, 1);
    return {};
  });
  EXPECT_EQ(worker.run_due(), 1);
  EXPECT_EQ(worker.run_due(), 0);
  EXPECT_EQ(payloads, (std::vector<std::string>{R"({"site":"7"})"}));
  EXPECT_EQ(stored(id).state, State::done);
  EXPECT_EQ(stored(id).finished_at, clock_.now());
  EXPECT_EQ(outcomes(id), "done");
}

TEST_P(Jobs, WaitForTheirDueTime) {
  const JobId id = add({.kind = "work", .due_at = clock_.now() + hours(1)});
  EXPECT_TRUE(take(one_).empty());
  clock_.advance(hours(1) - seconds(1));
  EXPECT_TRUE(take(one_).empty());
  clock_.advance(seconds(1));
  ASSERT_EQ(take(one_).size(), 1u);
  EXPECT_EQ(stored(id).state, State::leased);
}

TEST_P(Jobs, AreTakenInTheOrderOfTheirDueTimes) {
  const JobId late = add({.kind = "work", .due_at = clock_.now() - minutes(1)});
  const JobId early = add({.kind = "work", .due_at = clock_.now() - minutes(5)});
  add({.kind = "other"});
  const auto first = take(one_, 1);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].id, early);
  const auto rest = take(one_);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].id, late);
}

TEST_P(Jobs, ExistOnlyWhenTheirCauseDoes) {
  const JobId id(ids_.next());
  const auto refused = database().write([&](db::Tx& tx) -> Result<bool> {
    EXPECT_TRUE(enqueue(tx, {.organization = org(), .kind = "work"}, id, clock_.now()));
    return fail(ErrorCode::invalid, "The cause was refused.");
  });
  EXPECT_FALSE(refused);
  EXPECT_TRUE(take(one_).empty());
}

TEST_P(Jobs, WithAKeyAreQueuedOnceUntilTheyAreFinished) {
  const JobId first = add({.kind = "work", .key = "episode 1"});
  EXPECT_FALSE(first.is_nil());
  EXPECT_TRUE(add({.kind = "work", .key = "episode 1"}).is_nil());
  EXPECT_FALSE(add({.kind = "work", .key = "episode 2"}).is_nil());
  EXPECT_FALSE(add({.kind = "other", .key = "episode 1"}).is_nil());
  EXPECT_FALSE(add({.kind = "work"}).is_nil());
  EXPECT_FALSE(add({.kind = "work"}).is_nil());
  for (const Job& job : take(one_)) EXPECT_TRUE(in_tx([&](db::Tx& tx) { return mark_done(tx, job, clock_.now()); }));
  EXPECT_FALSE(add({.kind = "work", .key = "episode 1"}).is_nil());
}

TEST_P(Jobs, WithOneIdAreQueuedOnce) {
  const JobId id(ids_.next());
  const auto again = [&] {
    return in_tx([&](db::Tx& tx) { return enqueue(tx, {.organization = org(), .kind = "work"}, id, clock_.now()); });
  };
  EXPECT_TRUE(again());
  EXPECT_FALSE(again());
}

TEST_P(Jobs, ThatFailComeBackAfterGrowingPausesAndThenAreDead) {
  const JobId id = add({.kind = "work", .most_attempts = 3});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [](JobRun&) -> Result<void> { return fail(ErrorCode::overloaded, "Not now."); });
  EXPECT_EQ(worker.run_due(), 1);
  EXPECT_EQ(stored(id).state, State::queued);
  EXPECT_EQ(stored(id).available_at, clock_.now() + seconds(30));
  EXPECT_EQ(worker.run_due(), 0);
  clock_.advance(seconds(30));
  EXPECT_EQ(worker.run_due(), 1);
  EXPECT_EQ(stored(id).available_at, clock_.now() + seconds(60));
  clock_.advance(seconds(60));
  EXPECT_EQ(worker.run_due(), 1);
  EXPECT_EQ(stored(id).state, State::dead);
  EXPECT_EQ(outcomes(id), "failed failed failed");
  const auto attempts = database().read([&](db::Tx& tx) { return list_attempts(tx, org(), id); });
  EXPECT_EQ(attempts[2].number, 3);
  EXPECT_EQ(attempts[2].error, "overloaded: Not now.");
  EXPECT_EQ(attempts[2].ended_at, clock_.now());
  clock_.advance(hours(1000));
  EXPECT_EQ(worker.run_due(), 0);
}

TEST_P(Jobs, WhoseHandlerThrowsHaveFailed) {
  const JobId id = add({.kind = "work"});
  const JobId next = add({.kind = "work"});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [&](JobRun& run) -> Result<void> {
    if (run.job().id == id) throw std::runtime_error("broken");
    return {};
  });
  EXPECT_EQ(worker.run_due(), 2);
  EXPECT_EQ(outcomes(id), "failed");
  EXPECT_EQ(stored(next).state, State::done);
}

TEST_P(Jobs, RunTogetherWhereTheWorkerIsToldSo) {
  WorkerSettings settings;
  settings.batch = settings.parallel = 3;
  Worker worker(database(), clock_, ids_, settings);
  std::mutex mutex;
  std::condition_variable all_here;
  int here = 0;
  bool together = true;
  worker.handle("meet", [&](JobRun&) -> Result<void> {
    std::unique_lock lock(mutex);
    ++here;
    all_here.notify_all();
    // Real time, and only when the test fails.
    together = all_here.wait_for(lock, std::chrono::seconds(10), [&] { return here % 3 == 0; }) && together;
    return {};
  });
  for (int i = 0; i < 6; ++i) add({.kind = "meet"});
  EXPECT_EQ(worker.run_due(), 6);
  EXPECT_TRUE(together);
  EXPECT_EQ(here, 6);
}

TEST_P(Jobs, ThatAreDeadGetNewAttemptsFromAPerson) {
  const JobId id = add({.kind = "work", .most_attempts = 1});
  const Job job = take(one_).at(0);
  in_tx([&](db::Tx& tx) { return mark_failed(tx, job, Error{ErrorCode::internal, "x", {}, {}}, clock_.now()); });
  ASSERT_EQ(stored(id).state, State::dead);
  EXPECT_EQ(database().read([&](db::Tx& tx) { return list_jobs(tx, org(), State::dead, 10).size(); }), 1u);
  const auto retry = [&] {
    return database().write([&](db::Tx& tx) -> Result<void> { return retry_dead(tx, org(), id, clock_.now(), 2); });
  };
  EXPECT_TRUE(retry());
  EXPECT_EQ(stored(id).most_attempts, 3);
  EXPECT_EQ(retry().error().code, ErrorCode::not_found);
  EXPECT_EQ(take(one_).size(), 1u);
}

TEST_P(Jobs, WhoseLeaseRanOutAreTakenByAnother) {
  const JobId id = add({.kind = "work"});
  const Job slow = take(one_).at(0);
  EXPECT_TRUE(take(two_).empty());
  clock_.advance(seconds(300));
  const Job taken = take(two_).at(0);
  EXPECT_EQ(taken.attempts, 2);
  EXPECT_EQ(outcomes(id), "lost running");
  // The first worker wakes up: it must not end, fail or keep what is another's.
  EXPECT_FALSE(in_tx([&](db::Tx& tx) { return renew(tx, slow, clock_.now() + hours(1)); }));
  EXPECT_FALSE(in_tx([&](db::Tx& tx) { return mark_done(tx, slow, clock_.now()); }));
  EXPECT_FALSE(in_tx([&](db::Tx& tx) { return mark_failed(tx, slow, Error{}, clock_.now()); }));
  EXPECT_TRUE(in_tx([&](db::Tx& tx) { return mark_done(tx, taken, clock_.now()); }));
  EXPECT_FALSE(in_tx([&](db::Tx& tx) { return mark_done(tx, taken, clock_.now()); }));
  EXPECT_EQ(outcomes(id), "lost done");
}

TEST_P(Jobs, ThatKillTheirWorkerAtEveryAttemptAreDead) {
  const JobId id = add({.kind = "work", .most_attempts = 2});
  EXPECT_EQ(take(one_).size(), 1u);
  clock_.advance(hours(1));
  EXPECT_EQ(take(one_).size(), 1u);
  clock_.advance(hours(1));
  EXPECT_TRUE(take(one_).empty());
  EXPECT_EQ(stored(id).state, State::dead);
  EXPECT_EQ(outcomes(id), "lost lost");
}

TEST_P(Jobs, KeepTheirLeaseWhileTheHandlerSaysSo) {
  add({.kind = "work"});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [&](JobRun& run) -> Result<void> {
    clock_.advance(seconds(200));
    EXPECT_TRUE(run.keep());
    clock_.advance(seconds(200));
    EXPECT_TRUE(take(two_).empty());
    clock_.advance(seconds(200));
    EXPECT_EQ(take(two_).size(), 1u);
    EXPECT_FALSE(run.keep());
    return {};
  });
  EXPECT_EQ(worker.run_due(), 1);
}

TEST_P(Jobs, ThatWaitBehindALongOneKeepTheirLease) {
  for (int i = 0; i < 3; ++i) add({.kind = "work"});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [&](JobRun&) -> Result<void> {
    clock_.advance(seconds(120));
    return {};
  });
  EXPECT_EQ(worker.run_due(), 3);
  EXPECT_EQ(database().read([](db::Tx& tx) { return count_open(tx).leased; }), 0);
}

TEST_P(Jobs, AreGivenBackWhenTheWorkerIsAskedToStop) {
  const JobId first = add({.kind = "work"});
  const JobId second = add({.kind = "work"});
  Worker worker(database(), clock_, ids_);
  std::stop_source stop;
  worker.handle("work", [&](JobRun& run) -> Result<void> {
    stop.request_stop();
    EXPECT_TRUE(run.stopping());
    return {};
  });
  EXPECT_EQ(worker.run_due(stop.get_token()), 1);
  EXPECT_EQ(stored(first).state, State::done);
  EXPECT_EQ(stored(second).state, State::queued);
  EXPECT_EQ(take(two_).size(), 1u);
}

TEST_P(Jobs, OfUnknownKindsAreLeftForThoseWhoKnowThem) {
  const JobId id = add({.kind = "newer"});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [](JobRun&) -> Result<void> { return {}; });
  EXPECT_EQ(worker.run_due(), 0);
  EXPECT_EQ(stored(id).attempts, 0);
}

TEST_P(Jobs, OnAScheduleAreQueuedOnceAPeriodForAllWorkers) {
  Worker a(database(), clock_, ids_), b(database(), clock_, ids_);
  int runs = 0;
  for (Worker* worker : {&a, &b}) {
    worker->handle("work", [&](JobRun& run) -> Result<void> {
      EXPECT_TRUE(run.job().organization.is_nil());
      ++runs;
      return {};
    });
    worker->every(minutes(15), "work");
  }
  for (int minute = 0; minute < 60; ++minute) {
    a.run_due();
    b.run_due();
    clock_.advance(minutes(1));
  }
  EXPECT_EQ(runs, 4);
  clock_.advance(hours(5));  // what was missed is not made up for
  a.run_due();
  b.run_due();
  EXPECT_EQ(runs, 5);
}

TEST_P(Jobs, OnAScheduleDoNotPileUpWhileOneIsUnfinished) {
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [](JobRun&) -> Result<void> { return fail(ErrorCode::internal, "Broken."); });
  worker.every(minutes(1), "work");
  for (int minute = 0; minute < 10; ++minute) {
    worker.run_due();
    clock_.advance(minutes(1));
  }
  EXPECT_EQ(database().read([](db::Tx& tx) { return count_open(tx).queued; }), 1);
}

TEST_P(Jobs, ThatAreDoneAreRemovedAfterAWhileAndDeadOnesStay) {
  const JobId done = add({.kind = "work"});
  const JobId dead = add({.kind = "work", .most_attempts = 1});
  Worker worker(database(), clock_, ids_);
  worker.handle("work", [&](JobRun& run) -> Result<void> {
    if (run.job().id == dead) return fail(ErrorCode::internal, "Broken.");
    return {};
  });
  worker.run_due();
  clock_.advance(hours(24 * 13));
  worker.run_due();
  EXPECT_EQ(stored(done).state, State::done);
  clock_.advance(hours(24 * 2));
  worker.run_due();
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_job(tx, org(), done); }));
  EXPECT_EQ(stored(dead).state, State::dead);
}

TEST_P(Jobs, AreCountedForMetrics) {
  add({.kind = "work", .due_at = clock_.now() - minutes(3)});
  add({.kind = "other"});
  add({.kind = "work", .due_at = clock_.now() - minutes(9)});
  take(one_, 1);
  const OpenJobs open = database().read([](db::Tx& tx) { return count_open(tx); });
  EXPECT_EQ(open.queued, 2);
  EXPECT_EQ(open.leased, 1);
  EXPECT_EQ(open.oldest_queued, clock_.now() - minutes(3));
}

TEST_P(Jobs, AreInOneOrganizationOnly) {
  const JobId id = add({.kind = "work"});
  const OrganizationId other(ids_.next());
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_job(tx, other, id); }));
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return list_jobs(tx, other, State::queued, 10); }).empty());
}

TEST_P(Jobs, AreEachRunOnceBySeveralProcesses) {
  constexpr int kJobs = 120;
  in_tx([&](db::Tx& tx) {
    for (int i = 0; i < kJobs; ++i)
      EXPECT_TRUE(enqueue(tx, {.organization = org(), .kind = "work"}, JobId(ids_.next()), clock_.now()));
    return true;
  });
  std::mutex mutex;
  std::map<JobId, int> runs;
  std::vector<std::unique_ptr<db::Database>> own;
  std::vector<std::thread> threads;
  constexpr int kWorkers = 3;
  // Every process has its own connections.
  for (int i = 0; i < kWorkers; ++i) own.push_back(db::Database::open(fresh().url(), {.busy_timeout_ms = 20000}).value());
  for (int i = 0; i < kWorkers; ++i)
    threads.emplace_back([&, i] {
      SeededIds ids(clock_, 100 + static_cast<std::uint64_t>(i));
      Worker worker(*own[static_cast<std::size_t>(i)], clock_, ids, {.batch = 4});
      worker.handle("work", [&](JobRun& run) -> Result<void> {
        std::lock_guard lock(mutex);
        ++runs[run.job().id];
        return {};
      });
      for (;;) {
        worker.run_due();
        std::lock_guard lock(mutex);
        if (runs.size() == kJobs) break;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(runs.size(), static_cast<std::size_t>(kJobs));
  for (const auto& [id, count] : runs) EXPECT_EQ(count, 1);
}

TEST_P(Jobs, AreRunByAThreadThatIsWokenAndStops) {
  Worker worker(database(), clock_, ids_, {.poll = hours(1)});
  std::atomic<int> runs = 0;
  worker.handle("work", [&](JobRun&) -> Result<void> {
    ++runs;
    runs.notify_all();
    return {};
  });
  std::jthread thread([&](std::stop_token stop) { worker.run(stop); });
  add({.kind = "work"});
  worker.wake();
  runs.wait(0);
  EXPECT_EQ(runs, 1);
  thread.request_stop();
  thread.join();
}

}  // namespace
}  // namespace concord::jobs
