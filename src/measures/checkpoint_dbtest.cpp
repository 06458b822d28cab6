// Kept columns: taken up as they were, brought up to date, and never believed when something does not fit.
#include "measures/checkpoint_store.h"
#include "measures/columns_for_tests.h"
#include "measures/measures_sql.h"
#include "measures/residents.h"

namespace concord::measures {
namespace {

class KeptColumns : public ColumnsTest {
 protected:
  void SetUp() override {
    ColumnsTest::SetUp();
    if (IsSkipped()) return;
    for (int i = 0; i < 60; ++i) happen();
  }
  void happen() {
    write([&](Tx& tx) { something_happens(tx, random_); });
  }
  /// In small parts, so that there are many.
  void keep() {
    const auto heads = database().read([&](Tx& tx) { return audit_heads(tx, organization_); });
    ASSERT_TRUE(keep_checkpoint(database(), *fresh(), heads, checkpoint_terms(*test_rules(), kSurveys), 500));
  }
  std::optional<Checkpoint> resumed(std::shared_ptr<const OutcomeRules> rules = test_rules()) {
    return database().read([&](Tx& tx) { return resume(tx, organization_, rules, kSurveys, 3); });
  }
  std::int64_t count(const char* text) {
    return database().read([&](Tx& tx) {
      return *tx.one(Sql{"test.count", text}, {organization_}, [](const db::Row& row) { return row.integer(0); });
    });
  }

  Random random_{11};
};
CONCORD_ON_BOTH_DATABASES(KeptColumns);

TEST_P(KeptColumns, AreTakenUpAsTheyWere) {
  EXPECT_FALSE(resumed()) << "there are none yet";
  keep();
  EXPECT_GT(count("SELECT COUNT(*) FROM outcome_checkpoint_part WHERE organization_id = $1"), 3);
  const auto taken = resumed();
  ASSERT_TRUE(taken);
  EXPECT_GT(taken->columns->scores(), 0u);
  EXPECT_EQ(taken->columns->dump(), fresh()->dump());
  EXPECT_EQ(taken->columns->version, 3u);
  EXPECT_EQ(checkpoint_bytes(*taken->columns, taken->heads), checkpoint_bytes(*fresh(), taken->heads));
}

TEST_P(KeptColumns, WhatHappenedSinceIsFoldedIn) {
  keep();
  for (int i = 0; i < 20; ++i) happen();
  const auto taken = resumed();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->columns->dump(), fresh()->dump());
  EXPECT_EQ(taken->heads, database().read([&](Tx& tx) { return audit_heads(tx, organization_); }));
}

TEST_P(KeptColumns, AnImportSinceHasEverythingReadAgain) {
  keep();
  write([&](Tx& tx) {
    add_patient(tx);
    audit(tx, 0, {}, "import.fhir");
  });
  EXPECT_FALSE(resumed());
}

TEST_P(KeptColumns, ThatAreTooFarBackAreNotReadButForTheirFirstWords) {
  keep();
  const std::int64_t parts = count("SELECT COUNT(*) FROM outcome_checkpoint_part WHERE organization_id = $1");
  const auto parts_read = [&](bool is_used) {
    return database().read([&](Tx& tx) {
      WatchedTx watched(tx);
      EXPECT_EQ(resume(watched, organization_, test_rules(), kSurveys, 3).has_value(), is_used);
      return std::pair(watched.rows[sql::kFindCheckpointPart.name], watched.rows[sql::kListCheckpointParts.name]);
    });
  };
  const auto [first, others] = parts_read(true);
  EXPECT_EQ(first + others, parts) << "each part once";
  EXPECT_GT(others, first);
  write([&](Tx& tx) { audit(tx, 0, {}, "import.fhir"); });
  EXPECT_EQ(parts_read(false), std::pair(first, std::int64_t{0})) << "after an import";
  keep();
  write([&](Tx& tx) {
    run(tx, "UPDATE audit_head SET sequence = sequence + 1000000 WHERE organization_id = $1 AND chain = 1", {organization_});
  });
  EXPECT_EQ(parts_read(false), std::pair(first, std::int64_t{0})) << "after a million entries";
}

TEST_P(KeptColumns, OfOtherRulesAreNotTakenUp) {
  keep();
  auto other = std::make_shared<OutcomeRules>(*test_rules());
  other->instruments.at("phq-9").remission_below = 6;
  EXPECT_FALSE(resumed(other));
  other = std::make_shared<OutcomeRules>(*test_rules());
  other->inactive_days = 91;
  EXPECT_FALSE(resumed(other));
  EXPECT_TRUE(resumed(std::make_shared<OutcomeRules>(*test_rules())));
}

TEST_P(KeptColumns, ThatLackAPartOrWereChangedAreNotTakenUp) {
  keep();
  write([&](Tx& tx) { run(tx, "UPDATE outcome_checkpoint SET digest = 'x' WHERE organization_id = $1", {organization_}); });
  EXPECT_FALSE(resumed());
  keep();
  EXPECT_TRUE(resumed()) << "the next one is whole";
  write([&](Tx& tx) { run(tx, "DELETE FROM outcome_checkpoint_part WHERE organization_id = $1 AND part = 1", {organization_}); });
  EXPECT_FALSE(resumed());
}

TEST_P(KeptColumns, ThatWereLeftHalfWayAreNotSeenAndTheOnesBeforeServe) {
  keep();
  write([&](Tx& tx) {
    run(tx, "INSERT INTO outcome_checkpoint_part (organization_id, number, part, bytes) VALUES ($1, 2, 0, $2)",
        {organization_, db::Bytes(site_.bytes)});
  });
  EXPECT_TRUE(resumed());
  keep();
  EXPECT_EQ(count("SELECT number FROM outcome_checkpoint WHERE organization_id = $1"), 3);
  EXPECT_EQ(count("SELECT COUNT(*) FROM outcome_checkpoint_part WHERE organization_id = $1 AND number < 3"), 0);
  EXPECT_TRUE(resumed());
}

TEST_P(KeptColumns, WhosePartsWereEmptiedAreFollowedByOnesThatServe) {
  keep();
  keep();
  write([&](Tx& tx) { run(tx, "DELETE FROM outcome_checkpoint_part WHERE organization_id = $1", {organization_}); });
  EXPECT_FALSE(resumed());
  keep();
  EXPECT_TRUE(resumed());
  EXPECT_EQ(count("SELECT number FROM outcome_checkpoint WHERE organization_id = $1"), 3);
}

TEST_P(KeptColumns, ThatDoNotSayWhatTheFactsSayAreNotTakenUp) {
  keep();
  write([&](Tx& tx) { run(tx, "UPDATE patient SET birth_date = '1931-01-01' WHERE organization_id = $1", {organization_}); });
  EXPECT_FALSE(resumed()) << "no entry told of it, the look at some patients did";
}

TEST_P(KeptColumns, AreKeptByWhoReadsEverythingAndTakenUpByTheNext) {
  Residents::Settings settings;
  settings.checkpoint_from = std::chrono::milliseconds(0);
  const std::chrono::steady_clock::time_point begin{std::chrono::hours(1000)};
  const auto checkpoints = [&] {
    return count("SELECT COALESCE(MAX(number), 0) FROM outcome_checkpoint WHERE organization_id = $1");
  };
  const auto serve = [&](Residents& residents, std::chrono::hours at) {
    database().read([&](Tx& tx) { return residents.get(tx, organization_); });
    return residents.run_due(database(), begin + at);
  };
  {
    Residents::Settings never = settings;
    never.checkpoint = std::chrono::hours(0);
    Residents residents(test_rules(), kSurveys, never);
    EXPECT_EQ(serve(residents, std::chrono::hours(0)), 1);
    EXPECT_EQ(checkpoints(), 0);
  }
  Residents first(test_rules(), kSurveys, settings);
  EXPECT_EQ(serve(first, std::chrono::hours(0)), 1);
  EXPECT_EQ(checkpoints(), 1);
  EXPECT_EQ(serve(first, std::chrono::hours(5)), 1) << "read again, kept not";
  EXPECT_EQ(checkpoints(), 1);
  EXPECT_EQ(serve(first, std::chrono::hours(6)), 1);
  EXPECT_EQ(checkpoints(), 2);

  happen();
  settings.background = true;  // get() does not read by itself
  settings.wait = std::chrono::milliseconds(0);
  Residents next(test_rules(), kSurveys, settings);
  EXPECT_EQ(serve(next, std::chrono::hours(7)), 1);
  EXPECT_EQ(checkpoints(), 2) << "taken up, so there was nothing to keep";
  EXPECT_EQ(database().read([&](Tx& tx) { return next.get(tx, organization_); })->dump(), fresh()->dump());
}

TEST(KeptColumnsAsBytes, AreRefusedWhereverTheyEndTooSoon) {
  const std::string whole = [] {
    ResidentBuilder builder(test_rules());
    RawPatient p;
    p.id.bytes[0] = 1;
    RawEpisode& episode = p.episodes.emplace_back();
    episode.instrument = 1;
    episode.referred = kToday;
    episode.enrolled = kToday;
    p.scores.push_back({kToday, 1, 0, 12.5});
    p.reviews.push_back({});
    builder.add(p);
    return checkpoint_bytes(*builder.finish(OrganizationId(), 1), {{0, 5}, {1, 7}});
  }();
  const auto read = [&](std::string_view bytes) { return read_checkpoint(bytes, OrganizationId(), test_rules(), 1); };
  const auto columns = read(whole);
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->heads, (AuditHeads{{0, 5}, {1, 7}}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(read(std::string_view(whole).substr(0, size))) << size << " of " << whole.size();
  EXPECT_FALSE(read(whole + "x"));

  // What stands in front is known as soon as its last byte is there.
  std::size_t size = 0;
  while (size < whole.size() && !read_checkpoint_front(std::string_view(whole).substr(0, size))) ++size;
  EXPECT_LT(size, whole.size() / 2);
  const auto front = read_checkpoint_front(std::string_view(whole).substr(0, size));
  ASSERT_TRUE(front);
  EXPECT_EQ(front->heads, columns->heads);
  EXPECT_EQ(front->patients, columns->columns->patients());
  EXPECT_FALSE(read_checkpoint_front("something else, and long enough to be columns"));
}

}  // namespace
}  // namespace concord::measures
