#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>

#include "audit/audit_store.h"
#include "support/databases.h"

namespace concord::audit {
namespace {

class AuditLog : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    organization_ = OrganizationId(ids_.next());
    write([&](db::Tx& tx) { open_chains(tx, organization_); });
  }
  void write(const std::function<void(db::Tx&)>& body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    });
    ASSERT_TRUE(done.has_value());
  }
  Entry entry(std::string action) {
    clock_.advance(std::chrono::seconds(1));
    Entry e;
    e.organization = organization_;
    e.at = clock_.now();
    e.actor_kind = ActorKind::user;
    e.actor = UserId(ids_.next());
    e.role = "care_manager";
    e.action = std::move(action);
    e.patient = patient_;
    e.result = "ok";
    e.request_id = "r1";
    return e;
  }
  // In one unit of work, so that they are one chain: `chain_` on PostgreSQL is whichever was free.
  void append_some(int n) {
    write([&](db::Tx& tx) {
      for (int i = 0; i < n; ++i) append(tx, entry("patients.read"));
      static constexpr db::Sql kChain{
          "test.chain", "SELECT chain FROM audit_head WHERE organization_id = $1 AND sequence > 0 ORDER BY chain LIMIT 1"};
      chain_ =
          " AND chain = " + std::to_string(*tx.one(kChain, {organization_}, [](const db::Row& row) { return row.integer(0); }));
    });
  }
  std::vector<std::string> problems() {
    return database().read([](db::Tx& tx) { return verify(tx, {}); }).problems;
  }
  void tamper(const std::string& statement) {
    static std::vector<std::unique_ptr<std::string>> texts;  // Sql wants static storage
    texts.push_back(std::make_unique<std::string>(statement));
    const db::Sql sql{*texts.back(), *texts.back()};
    write([&](db::Tx& tx) { EXPECT_GT(tx.run(sql, {}), 0); });
  }

  ManualClock clock_{Instant(std::chrono::seconds(1'770'000'000))};
  SeededIds ids_{clock_, 1};
  OrganizationId organization_;
  Uuid patient_ = ids_.next();
  std::string chain_;
};
CONCORD_ON_BOTH_DATABASES(AuditLog);

TEST_P(AuditLog, IsWholeWhenNobodyTouchedIt) {
  append_some(20);
  const auto verification = database().read([](db::Tx& tx) { return verify(tx, {}); });
  EXPECT_EQ(verification.entries, 20);
  EXPECT_EQ(verification.chains, kChains);
  EXPECT_TRUE(verification.problems.empty());
}

TEST_P(AuditLog, FindsAnEditedEntryOfEveryField) {
  // Each change hits an entry of its own; every changed chain reports its first bad entry, so the changes go
  // from the newest entry to the oldest.
  constexpr const char* kChanges[] = {"role = 'admin'",        "action = 'other'", "result = 'refused'",
                                      "reason = 'x'",          "detail = 'y'",     "request_id = 'z'",
                                      "actor_kind = 'system'", "actor_id = NULL",  "patient_id = NULL"};
  append_some(12);
  int sequence = 12;
  for (const char* change : kChanges) {
    SCOPED_TRACE(change);
    --sequence;
    tamper("UPDATE audit_event SET " + std::string(change) + " WHERE sequence = " + std::to_string(sequence) + chain_);
    ASSERT_EQ(problems().size(), 1u);
    EXPECT_NE(problems().front().find("entry " + std::to_string(sequence) + " was changed"), std::string::npos)
        << problems().front();
  }
}

TEST_P(AuditLog, FindsARemovedEntry) {
  append_some(6);
  tamper("DELETE FROM audit_event WHERE sequence = 4" + chain_);
  ASSERT_EQ(problems().size(), 1u);
  EXPECT_NE(problems().front().find("entry 4 is missing"), std::string::npos);
}

TEST_P(AuditLog, FindsATruncatedEnd) {
  append_some(6);
  tamper("DELETE FROM audit_event WHERE sequence = 6" + chain_);
  ASSERT_EQ(problems().size(), 1u);
  EXPECT_NE(problems().front().find("ends at entry 5"), std::string::npos);
}

TEST_P(AuditLog, FindsSwappedEntries) {
  append_some(6);
  tamper("UPDATE audit_event SET sequence = 1000 WHERE sequence = 2" + chain_);
  tamper("UPDATE audit_event SET sequence = 2 WHERE sequence = 3" + chain_);
  tamper("UPDATE audit_event SET sequence = 3 WHERE sequence = 1000" + chain_);
  EXPECT_EQ(problems().size(), 1u);
}

TEST_P(AuditLog, FindsAChainWhoseHeadWasRemoved) {
  append_some(2);
  tamper("DELETE FROM audit_head WHERE sequence > 0" + chain_);
  EXPECT_EQ(problems().size(), 1u);
}

TEST_P(AuditLog, KeepsNothingOfARolledBackUnitOfWork) {
  append_some(1);
  const auto failed = database().write([&](db::Tx& tx) -> Result<void> {
    append(tx, entry("patients.change"));
    return fail(ErrorCode::conflict, "no");
  });
  EXPECT_FALSE(failed.has_value());
  append_some(1);
  EXPECT_TRUE(problems().empty());
  EXPECT_EQ(database().read([](db::Tx& tx) { return verify(tx, {}); }).entries, 2);
}

TEST_P(AuditLog, ListsWhoLookedAtAPatientNewestFirst) {
  append_some(3);
  patient_ = ids_.next();
  append_some(2);
  const auto rows = database().read(
      [&](db::Tx& tx) { return accesses(tx, organization_, patient_, clock_.now() + std::chrono::hours(1), 10); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_GT(rows[0].at, rows[1].at);
  EXPECT_EQ(rows[0].role, "care_manager");
}

TEST_P(AuditLog, StaysWholeUnderParallelWriters) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        Entry e;
        e.organization = organization_;
        e.at = Instant(std::chrono::seconds(1'770'000'000 + t * 100 + i));
        e.action = "x";
        e.result = "ok";
        const auto done = database().write([&](db::Tx& tx) -> Result<void> {
          append(tx, e);
          return {};
        });
        EXPECT_TRUE(done.has_value());
      }
    });
  for (auto& thread : threads) thread.join();
  const auto verification = database().read([](db::Tx& tx) { return verify(tx, {}); });
  EXPECT_EQ(verification.entries, 200);
  EXPECT_TRUE(verification.problems.empty());
}

}  // namespace
}  // namespace concord::audit
