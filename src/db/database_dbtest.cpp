// The contract of database.h, on both databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <limits>
#include <thread>

#include "base/check.h"
#include "support/databases.h"

namespace concord::db {
namespace {

using testing::bare_database;
using testing::can_use;
using testing::FreshDatabase;

constexpr Sql kInsertItem{"test.insert_item", "INSERT INTO item (id, amount) VALUES ($1, $2)"};
constexpr Sql kInsertNote{"test.insert_note", "INSERT INTO note (item_id, place, text) VALUES ($1, $2, $3)"};
constexpr Sql kAddAmount{"test.add_amount", "UPDATE item SET amount = amount + $2 WHERE id = $1"};
constexpr Sql kAmount{"test.amount", "SELECT amount FROM item WHERE id = $1"};
constexpr Sql kCount{"test.count", "SELECT COUNT(*) FROM item"};
constexpr Sql kAmounts{"test.amounts", "SELECT amount FROM item ORDER BY amount"};

Uuid uuid(std::uint8_t n) {
  Uuid out;
  out.bytes[15] = n;
  return out;
}

/// A database with a few tables that use every kind.
class DatabaseContract : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!can_use(GetParam())) return;
    fresh_ = bare_database(GetParam());
    create(
        "CREATE TABLE item (id {{id}} NOT NULL PRIMARY KEY, amount {{int}} NOT NULL, code TEXT, kind TEXT,"
        " CONSTRAINT item_amount_positive CHECK (amount >= 0)) {{table}};"
        "CREATE UNIQUE INDEX idx_item__code ON item (code, kind) WHERE kind IS NOT NULL;"
        "CREATE TABLE note (item_id {{id}} NOT NULL REFERENCES item (id), place {{int}} NOT NULL, text TEXT NOT NULL,"
        " PRIMARY KEY (item_id, place), UNIQUE (text)) {{clustered}};"
        "CREATE TABLE every_kind (i {{int}}, r {{real}}, b {{bool}}, t TEXT, d {{date}}, at {{instant}}, id {{id}}, raw "
        "{{bytes}})"
        " {{table}};");
  }
  void TearDown() override { fresh_.reset(); }

  void create(std::string_view script) {
    database().migrate_with([&](const auto& execute, Tx&) {
      for (const auto& statement : split_statements(expand_tokens(script, GetParam()))) execute(statement);
    });
  }
  Database& database() { return **fresh_; }
  std::int64_t count() {
    return database().read([](Tx& tx) { return *tx.one(kCount, {}, [](const Row& row) { return row.integer(0); }); });
  }
  Result<void> insert(std::uint8_t n, std::int64_t amount) {
    return database().write([&](Tx& tx) -> Result<void> {
      tx.run(kInsertItem, {uuid(n), amount});
      return {};
    });
  }
  /// The violation that `body` runs into.
  std::optional<ConstraintViolation> violation(const std::function<void(Tx&)>& body) {
    std::optional<ConstraintViolation> found;
    const auto done = database().write([&](Tx& tx) -> Result<void> {
      try {
        body(tx);
      } catch (const ConstraintViolation& caught) {
        found = caught;
      }
      return fail(ErrorCode::conflict, "rolled back");
    });
    EXPECT_FALSE(done.has_value());
    return found;
  }

  std::unique_ptr<FreshDatabase> fresh_;
};
CONCORD_ON_BOTH_DATABASES(DatabaseContract);

constexpr Sql kInsertKinds{"test.insert_kinds",
                           "INSERT INTO every_kind (i, r, b, t, d, at, id, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Sql kSelectKinds{"test.select_kinds", "SELECT i, r, b, t, d, at, id, raw FROM every_kind"};

struct Kinds {
  std::int64_t i;
  double r;
  bool b;
  std::string t;
  Date d;
  Instant at;
  Uuid id;
  std::vector<std::uint8_t> raw;
  auto operator<=>(const Kinds&) const = default;
};
Kinds read_kinds(const Row& row) {
  const Bytes raw = row.bytes(7);
  return {row.integer(0), row.real(1),    row.boolean(2), row.string(3),
          row.date(4),    row.instant(5), row.uuid(6),    {raw.begin(), raw.end()}};
}

TEST_P(DatabaseContract, EveryKindComesBackAsItWentIn) {
  const std::vector<Kinds> wanted = {
      {0, 0.0, false, "", Date(), Instant(), Uuid{}, {}},
      {std::numeric_limits<std::int64_t>::max(),
       0.1,
       true,
       "Zoë; O'Neil \"x\"",
       Date::ymd(2024, 2, 29),
       Instant(std::chrono::microseconds(1772600706123456)),
       uuid(200),
       {0, 255, 10}},
      {std::numeric_limits<std::int64_t>::min(),
       -1.7976931348623157e308,
       false,
       "line\nline",
       Date::ymd(1800, 1, 1),
       Instant(std::chrono::microseconds(-1)),
       uuid(1),
       {0}},
      {-1, 5e-324, true, "日本", Date::ymd(2200, 12, 31), Instant(std::chrono::microseconds(1)), uuid(2),
       std::vector<std::uint8_t>(70000, 7)},
  };
  for (const auto& one : wanted) {
    const auto back = database().write([&](Tx& tx) -> Result<Kinds> {
      tx.run(Sql{"test.clear", "DELETE FROM every_kind"}, {});
      EXPECT_EQ(tx.run(kInsertKinds, {one.i, one.r, one.b, one.t, one.d, one.at, one.id, Bytes(one.raw)}), 1);
      return *tx.one(kSelectKinds, {}, read_kinds);
    });
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, one);
    EXPECT_EQ(database().read([](Tx& tx) { return *tx.one(kSelectKinds, {}, read_kinds); }), one);
  }
}

TEST_P(DatabaseContract, AScanHandsOverEveryKindRowByRow) {
  constexpr Sql kInsert{"test.scan_insert",
                        "INSERT INTO every_kind (i, r, b, t, d, at, id, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
  constexpr Sql kScan{"test.scan", "SELECT i, r, b, t, d, at, id, raw FROM every_kind WHERE id = $1 AND d >= $2 AND i > $3"};
  const Date day = Date::ymd(2026, 3, 1);
  const std::uint8_t raw[] = {0, 255, 10};
  ASSERT_TRUE(database().write([&](Tx& tx) -> Result<void> {
    for (int i = 1; i <= 3000; ++i)
      tx.run(kInsert, {i, i / 2.0, i % 2 == 0, "text " + std::to_string(i), day, Instant(day.sys()), uuid(7), Bytes(raw)});
    tx.run(kInsert, {nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, uuid(8), nullptr});
    return {};
  }));
  std::int64_t rows = 0, sum = 0;
  database().read([&](Tx& tx) {
    tx.scan(kScan, {uuid(7), day, 0}, [&](const Row& row) {
      ++rows;
      sum += row.integer(0);
      EXPECT_EQ(row.real(1), static_cast<double>(row.integer(0)) / 2);
      EXPECT_EQ(row.boolean(2), row.integer(0) % 2 == 0);
      EXPECT_EQ(row.text(3), "text " + std::to_string(row.integer(0)));
      EXPECT_EQ(row.date(4), day);
      EXPECT_EQ(row.instant(5), Instant(day.sys()));
      EXPECT_EQ(row.uuid(6), uuid(7));
      EXPECT_EQ(row.bytes(7).size(), 3u);
    });
    constexpr Sql kNulls{"test.scan_nulls", "SELECT i, t FROM every_kind WHERE id = $1"};
    tx.scan(kNulls, {uuid(8)}, [&](const Row& row) {
      EXPECT_TRUE(row.is_null(0));
      EXPECT_EQ(row.maybe_string(1), std::nullopt);
    });
  });
  EXPECT_EQ(rows, 3000);
  EXPECT_EQ(sum, 3000 * 3001 / 2);
}

TEST_P(DatabaseContract, AScanThatIsLeftInTheMiddleLeavesTheConnectionUsable) {
  for (std::uint8_t n = 1; n <= 50; ++n) ASSERT_TRUE(insert(n, n));
  EXPECT_THROW(database().read([&](Tx& tx) { tx.scan(kAmounts, {}, [](const Row&) { throw std::runtime_error("enough"); }); }),
               std::runtime_error);
  EXPECT_EQ(count(), 50);
}

TEST_P(DatabaseContract, NullsComeBackAsNulloptAndBreakTheOtherReaders) {
  ASSERT_TRUE(database().write([](Tx& tx) -> Result<void> {
    tx.run(kInsertKinds, {nullptr, nullptr, nullptr, nullptr, std::optional<Date>(), std::nullopt, nullptr, nullptr});
    return {};
  }));
  database().read([](Tx& tx) {
    tx.each(kSelectKinds, {}, [](const Row& row) {
      EXPECT_EQ(row.maybe_integer(0), std::nullopt);
      EXPECT_EQ(row.maybe_real(1), std::nullopt);
      EXPECT_EQ(row.maybe_string(3), std::nullopt);
      EXPECT_EQ(row.maybe_date(4), std::nullopt);
      EXPECT_EQ(row.maybe_instant(5), std::nullopt);
      EXPECT_EQ(row.maybe_id<Id<struct SomeTag>>(6), std::nullopt);
      EXPECT_THROW(row.integer(0), BrokenInvariant);
      EXPECT_THROW(row.real(1), BrokenInvariant);
      EXPECT_THROW(row.boolean(2), BrokenInvariant);
      EXPECT_THROW(row.text(3), BrokenInvariant);
      EXPECT_THROW(row.date(4), BrokenInvariant);
      EXPECT_THROW(row.instant(5), BrokenInvariant);
      EXPECT_THROW(row.uuid(6), BrokenInvariant);
      EXPECT_THROW(row.bytes(7), BrokenInvariant);
    });
  });
}

TEST_P(DatabaseContract, ReadingAnotherKindOrAColumnThatIsNotThereBreaksAnInvariant) {
  ASSERT_TRUE(insert(1, 5));
  database().read([](Tx& tx) {
    tx.each(Sql{"test.id_amount", "SELECT id, amount FROM item"}, {}, [](const Row& row) {
      EXPECT_THROW(row.integer(0), BrokenInvariant);
      EXPECT_THROW(row.text(1), BrokenInvariant);
      EXPECT_THROW(row.date(1), BrokenInvariant);
      EXPECT_THROW(row.uuid(1), BrokenInvariant);
      EXPECT_THROW(row.integer(2), BrokenInvariant);
      EXPECT_THROW(row.is_null(2), BrokenInvariant);
    });
  });
}

TEST_P(DatabaseContract, AggregatesReadAsNumbersOnBoth) {
  ASSERT_TRUE(insert(1, 5));
  ASSERT_TRUE(insert(2, 8));
  ASSERT_TRUE(insert(3, 10'000'000'000'000'001));
  database().read([](Tx& tx) {
    tx.each(Sql{"test.aggregates",
                "SELECT COUNT(*), SUM(amount), MAX(amount), AVG(amount), SUM(CASE WHEN amount > 6 THEN 1 ELSE 0 END),"
                " COALESCE(SUM(amount), 0), 1, COUNT(*) > 2 FROM item"},
            {}, [](const Row& row) {
              EXPECT_EQ(row.integer(0), 3);
              EXPECT_EQ(row.integer(1), 10'000'000'000'000'014);
              EXPECT_EQ(row.integer(2), 10'000'000'000'000'001);
              EXPECT_DOUBLE_EQ(row.real(3), 10'000'000'000'000'014 / 3.0);
              EXPECT_EQ(row.integer(4), 2);
              EXPECT_EQ(row.integer(5), 10'000'000'000'000'014);
              EXPECT_EQ(row.integer(6), 1);
              EXPECT_TRUE(row.boolean(7));
            });
  });
}

TEST_P(DatabaseContract, ParametersTakeTheTypeTheStatementNeeds) {
  ASSERT_TRUE(insert(1, 5));
  ASSERT_TRUE(insert(2, 8));
  const auto found = [&](const Sql& sql, std::initializer_list<Param> params) {
    return database().read([&](Tx& tx) { return tx.all(sql, params, [](const Row& row) { return row.integer(0); }); });
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(found({"test.limit", "SELECT amount FROM item ORDER BY amount DESC LIMIT $1"}, {1}), ElementsAre(8));
  EXPECT_THAT(found({"test.optional", "SELECT amount FROM item WHERE (amount = $1 OR $1 IS NULL) ORDER BY amount"}, {nullptr}),
              ElementsAre(5, 8));
  EXPECT_THAT(found({"test.optional_set", "SELECT amount FROM item WHERE (amount = $1 OR $1 IS NULL)"}, {8}), ElementsAre(8));
  EXPECT_THAT(found({"test.having", "SELECT COUNT(*) FROM item HAVING SUM(amount) > $1"}, {12}), ElementsAre(2));
  EXPECT_THAT(found({"test.having_not", "SELECT COUNT(*) FROM item HAVING SUM(amount) > $1"}, {13}), ElementsAre());
  EXPECT_THAT(found({"test.having_mean", "SELECT COUNT(*) FROM item HAVING AVG(amount) > $1"}, {6.25}), ElementsAre(2));
  EXPECT_THAT(found({"test.having_mean_not", "SELECT COUNT(*) FROM item HAVING AVG(amount) < $1"}, {6.25}), ElementsAre());
  EXPECT_THAT(found({"test.numbers_mixed", "SELECT amount FROM item WHERE amount = $2 AND id = $1"}, {uuid(2), 8}),
              ElementsAre(8));
  EXPECT_THAT(found({"test.twice", "SELECT amount FROM item WHERE amount = $1 OR amount + 3 = $1 ORDER BY 1"}, {8}),
              ElementsAre(5, 8));
}

TEST_P(DatabaseContract, AWrongNumberOfParametersBreaksAnInvariant) {
  EXPECT_THROW(database().read([](Tx& tx) { tx.run(kAmount, {}); }), BrokenInvariant);
  EXPECT_THROW(database().read([](Tx& tx) { tx.run(kAmount, {uuid(1), 2}); }), BrokenInvariant);
}

TEST_P(DatabaseContract, BrokenSqlIsADatabaseErrorThatNamesTheStatement) {
  try {
    database().read([](Tx& tx) { tx.run(Sql{"test.broken", "SELEKT 1"}, {}); });
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("test.broken"));
  }
  EXPECT_EQ(count(), 0);  // the connection works on
}

TEST_P(DatabaseContract, AQueryInsideTheCallbackOfTheSameQueryWorks) {
  for (std::uint8_t n = 1; n <= 3; ++n) ASSERT_TRUE(insert(n, n));
  int pairs = 0;
  database().read([&](Tx& tx) {
    tx.each(kAmounts, {}, [&](const Row& outer) {
      const auto first = outer.integer(0);
      tx.each(kAmounts, {}, [&](const Row&) { ++pairs; });
      EXPECT_EQ(outer.integer(0), first);
    });
    EXPECT_EQ(tx.all(kAmounts, {}, [](const Row& row) { return row.integer(0); }).size(), 3u);
  });
  EXPECT_EQ(pairs, 9);
}

TEST_P(DatabaseContract, InsertReturningGivesRows) {
  const auto back = database().write([](Tx& tx) -> Result<std::int64_t> {
    return *tx.one(Sql{"test.returning", "INSERT INTO item (id, amount) VALUES ($1, $2) RETURNING amount"}, {uuid(9), 4},
                   [](const Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(*back, 4);
  EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseContract, AnErrorRollsEverythingOfTheUnitBack) {
  const auto refused = database().write([](Tx& tx) -> Result<int> {
    tx.run(kInsertItem, {uuid(1), 1});
    tx.run(kInsertItem, {uuid(2), 1});
    return fail(ErrorCode::invalid, "no");
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, AnExceptionRollsBackAndReachesTheCaller) {
  EXPECT_THROW(database().write([](Tx& tx) -> Result<void> {
    tx.run(kInsertItem, {uuid(1), 1});
    throw std::runtime_error("stop");
  }),
               std::runtime_error);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert(1, 1));
}

TEST_P(DatabaseContract, AViolationThatNobodyCatchesBecomesAConflict) {
  ASSERT_TRUE(insert(1, 1));
  const auto again = insert(1, 1);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
}

TEST_P(DatabaseContract, ViolationsSayKindAndName) {
  constexpr Sql kCoded{"test.insert_coded", "INSERT INTO item (id, amount, code, kind) VALUES ($1, 1, $2, $3)"};
  ASSERT_TRUE(insert(1, 1));
  using Kind = ConstraintViolation::Kind;
  const auto key = violation([](Tx& tx) { tx.run(kInsertItem, {uuid(1), 1}); });
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->kind, Kind::unique);
  EXPECT_TRUE(key->about("item_pkey"));
  EXPECT_FALSE(key->about("idx_item__code"));

  const auto index = violation([&](Tx& tx) {
    tx.run(kCoded, {uuid(2), "a", "b"});
    tx.run(kCoded, {uuid(3), "a", "b"});
  });
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->kind, Kind::unique);
  EXPECT_TRUE(index->about("idx_item__code"));
  EXPECT_FALSE(index->about("item_pkey"));

  const auto clause = violation([](Tx& tx) {
    tx.run(kInsertNote, {uuid(1), 1, "same"});
    tx.run(kInsertNote, {uuid(1), 2, "same"});
  });
  ASSERT_TRUE(clause.has_value());
  EXPECT_TRUE(clause->about("note_text_key"));

  const auto clustered_key = violation([](Tx& tx) {
    tx.run(kInsertNote, {uuid(1), 1, "one"});
    tx.run(kInsertNote, {uuid(1), 1, "two"});
  });
  ASSERT_TRUE(clustered_key.has_value());
  EXPECT_TRUE(clustered_key->about("note_pkey"));

  const auto check = violation([](Tx& tx) { tx.run(kInsertItem, {uuid(2), -1}); });
  ASSERT_TRUE(check.has_value());
  EXPECT_EQ(check->kind, Kind::check);
  EXPECT_TRUE(check->about("item_amount_positive"));

  const auto not_null = violation([](Tx& tx) { tx.run(kInsertItem, {uuid(2), nullptr}); });
  ASSERT_TRUE(not_null.has_value());
  EXPECT_EQ(not_null->kind, Kind::not_null);
  EXPECT_TRUE(not_null->about("item.amount"));

  const auto foreign = violation([](Tx& tx) { tx.run(kInsertNote, {uuid(99), 1, "lost"}); });
  ASSERT_TRUE(foreign.has_value());
  EXPECT_EQ(foreign->kind, Kind::foreign_key);
}

TEST_P(DatabaseContract, APartialUniqueIndexRefusesOnlyTheRowsItCovers) {
  constexpr Sql kCoded{"test.insert_partial", "INSERT INTO item (id, amount, code, kind) VALUES ($1, 1, $2, $3)"};
  ASSERT_TRUE(database().write([&](Tx& tx) -> Result<void> {
    tx.run(kCoded, {uuid(2), "a", nullptr});
    tx.run(kCoded, {uuid(3), "a", nullptr});
    tx.run(kCoded, {uuid(4), "a", "b"});
    return {};
  }));
  EXPECT_EQ(count(), 3);
}

TEST_P(DatabaseContract, AfterAViolationTheUnitCanOnlyEnd) {
  ASSERT_TRUE(insert(1, 1));
  EXPECT_THROW(database().write([](Tx& tx) -> Result<void> {
    EXPECT_THROW(tx.run(kInsertItem, {uuid(1), 1}), ConstraintViolation);
    EXPECT_THROW(tx.run(kInsertItem, {uuid(2), 1}), DatabaseError);
    return {};
  }),
               BrokenInvariant);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(insert(2, 1));
}

TEST_P(DatabaseContract, ReadersCannotWrite) {
  EXPECT_THROW(database().read([](Tx& tx) { tx.run(kInsertItem, {uuid(1), 1}); }), DatabaseError);
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, AReaderSeesOneMomentHoweverLongItReads) {
  ASSERT_TRUE(insert(1, 1));
  database().read([&](Tx& tx) {
    const auto number = [&] { return *tx.one(kCount, {}, [](const Row& row) { return row.integer(0); }); };
    EXPECT_EQ(number(), 1);
    ASSERT_TRUE(insert(2, 1));
    EXPECT_EQ(number(), 1);
  });
  EXPECT_EQ(count(), 2);
}

TEST_P(DatabaseContract, WritesReadWhatTheyWrote) {
  const auto seen = database().write([](Tx& tx) -> Result<std::int64_t> {
    tx.run(kInsertItem, {uuid(1), 41});
    EXPECT_EQ(tx.run(kAddAmount, {uuid(1), 1}), 1);
    EXPECT_EQ(tx.run(kAddAmount, {uuid(2), 1}), 0);
    return *tx.one(kAmount, {uuid(1)}, [](const Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(*seen, 42);
}

TEST_P(DatabaseContract, ALoadInsertsManyRowsWithEveryKind) {
  constexpr int kRows = 5000;
  const std::string_view columns[] = {"i", "r", "b", "t", "d", "at", "id", "raw"};
  const std::vector<std::uint8_t> raw = {1, 2, 3};
  int next = 0;
  std::string text;
  const auto loaded = database().write([&](Tx& tx) -> Result<std::int64_t> {
    next = 0;
    return tx.load("every_kind", columns, [&](std::vector<Param>& row) {
      if (next == kRows) return false;
      text = "text " + std::to_string(next);
      row = {next,
             next / 2.0,
             next % 2 == 0,
             text,
             Date(next),
             Instant(std::chrono::microseconds(next)),
             uuid(static_cast<std::uint8_t>(next)),
             Bytes(raw)};
      if (next == 7) row = {nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
      ++next;
      return true;
    });
  });
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(*loaded, kRows);
  database().read([&](Tx& tx) {
    const auto row =
        tx.one(Sql{"test.loaded", "SELECT i, r, b, t, d, at, id, raw FROM every_kind WHERE i = $1"}, {4999}, read_kinds);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(*row,
              (Kinds{4999, 2499.5, false, "text 4999", Date(4999), Instant(std::chrono::microseconds(4999)), uuid(135), raw}));
    EXPECT_EQ(tx.one(Sql{"test.loaded_null", "SELECT COUNT(*) FROM every_kind WHERE i IS NULL AND raw IS NULL"}, {},
                     [](const Row& r) { return r.integer(0); }),
              1);
  });
}

TEST_P(DatabaseContract, AViolationOrAnExceptionFailsTheWholeLoad) {
  const std::string_view columns[] = {"id", "amount"};
  int next = 0;
  const auto refused = database().write([&](Tx& tx) -> Result<std::int64_t> {
    next = 0;
    return tx.load("item", columns, [&](std::vector<Param>& row) {
      row = {uuid(static_cast<std::uint8_t>(next % 100)), 1};
      return next++ < 150;
    });
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(count(), 0);
  EXPECT_THROW(database().write([&](Tx& tx) -> Result<std::int64_t> {
    next = 0;
    return tx.load("item", columns, [&](std::vector<Param>& row) -> bool {
      if (next == 3) throw std::runtime_error("the file ended early");
      row = {uuid(static_cast<std::uint8_t>(next++)), 1};
      return true;
    });
  }),
               std::runtime_error);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert(1, 1));
}

TEST_P(DatabaseContract, ALoadTakesOnlyPlainNames) {
  const std::string_view bad[] = {"id, amount) VALUES (1, 2); --"};
  const auto nothing = [](std::vector<Param>&) { return false; };
  EXPECT_THROW(database().write([&](Tx& tx) -> Result<std::int64_t> { return tx.load("item", bad, nothing); }), BrokenInvariant);
}

TEST_P(DatabaseContract, WritingFromInsideAUnitOfWorkBreaksAnInvariantInsteadOfHanging) {
  EXPECT_THROW(database().write([&](Tx&) -> Result<void> { return insert(1, 1); }), BrokenInvariant);
}

TEST_P(DatabaseContract, SubmittedWorkIsFinishedBeforeTheDatabaseCloses) {
  std::atomic<int> done{0};
  for (std::uint8_t n = 1; n <= 50; ++n)
    database().submit({[n](Tx& tx) { return tx.run(kInsertItem, {uuid(n), 1}) == 1; }, [&](std::exception_ptr) { ++done; }});
  fresh_->reopen();
  EXPECT_EQ(done, 50);
  EXPECT_EQ(count(), 50);
}

TEST_P(DatabaseContract, OneFailingUnitDoesNotHurtItsNeighbours) {
  std::atomic<int> failed{0}, kept{0};
  for (int n = 0; n < 100; ++n)
    database().submit({[n](Tx& tx) {
                         tx.run(kInsertItem, {uuid(static_cast<std::uint8_t>(n)), 1});
                         if (n % 10 == 3) throw std::runtime_error("stop");
                         if (n % 10 == 4) tx.run(kInsertItem, {uuid(static_cast<std::uint8_t>(n)), 1});
                         return n % 10 != 5;
                       },
                       [&](std::exception_ptr problem) { ++(problem ? failed : kept); }});
  fresh_->reopen();
  EXPECT_EQ(failed, 20);
  EXPECT_EQ(kept, 80);
  EXPECT_EQ(count(), 70);
}

TEST_P(DatabaseContract, ThirtyTwoWritersLoseNothingWhileReadersRead) {
  constexpr int kWriters = 32, kEach = 25;
  ASSERT_TRUE(insert(1, 0));
  ASSERT_TRUE(insert(2, kWriters * kEach));
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0}, reads{0}, refused{0};
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader)
    threads.emplace_back([&] {
      while (!stop) {
        // Every unit moves one from 2 to 1 and adds a row: each moment must add up.
        database().read([&](Tx& tx) {
          const auto sum = tx.one(Sql{"test.sum", "SELECT SUM(amount) FROM item WHERE id <= $1"}, {uuid(2)},
                                  [](const Row& row) { return row.integer(0); });
          const auto first = tx.one(kAmount, {uuid(1)}, [](const Row& row) { return row.integer(0); });
          const auto notes =
              tx.one(Sql{"test.notes", "SELECT COUNT(*) FROM note"}, {}, [](const Row& row) { return row.integer(0); });
          if (sum != kWriters * kEach || first != notes) ++wrong;
        });
        ++reads;
      }
    });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        const int place = writer * kEach + i;
        const auto done = database().write([&](Tx& tx) -> Result<void> {
          const auto now = tx.one(kAmount, {uuid(1)}, [](const Row& row) { return row.integer(0); });
          tx.run(Sql{"test.set", "UPDATE item SET amount = $2 WHERE id = $1"}, {uuid(1), *now + 1});
          tx.run(kAddAmount, {uuid(2), -1});
          tx.run(kInsertNote, {uuid(1), place, "note " + std::to_string(place)});
          return {};
        });
        if (!done) ++refused;
      }
    });
  for (auto& writer : writers) writer.join();
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(reads, 0);
  database().read([&](Tx& tx) {
    EXPECT_EQ(tx.one(kAmount, {uuid(1)}, [](const Row& row) { return row.integer(0); }), kWriters * kEach);
    EXPECT_EQ(tx.one(kAmount, {uuid(2)}, [](const Row& row) { return row.integer(0); }), 0);
  });
  const Statistics statistics = database().statistics();
  EXPECT_EQ(statistics.units, kWriters * kEach + 2u);
  EXPECT_LE(statistics.commits, statistics.units);
  EXPECT_EQ(database().waiting_writes(), 0u);
}

TEST_P(DatabaseContract, MoreReadersThanConnectionsWaitForTheirTurn) {
  Options options;
  options.read_connections = 2;
  fresh_->reopen(options);
  ASSERT_TRUE(insert(1, 1));
  std::atomic<int> inside{0}, most{0}, answers{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j)
        database().read([&](Tx& tx) {
          const int now = ++inside;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
          tx.each(kCount, {}, [&](const Row&) { ++answers; });
          --inside;
        });
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answers, 160);
  EXPECT_LE(most, 2);
}

TEST_P(DatabaseContract, AReadOnlyDatabaseReadsAndRefusesToWrite) {
  ASSERT_TRUE(insert(1, 1));
  Options options;
  options.read_only = true;
  auto reader = Database::open(fresh_->url(), options);
  ASSERT_TRUE(reader.has_value()) << reader.error().detail;
  EXPECT_EQ((*reader)->read([](Tx& tx) { return *tx.one(kCount, {}, [](const Row& row) { return row.integer(0); }); }), 1);
  EXPECT_THROW((*reader)->write([](Tx&) -> Result<void> { return {}; }), BrokenInvariant);
  ASSERT_TRUE(insert(2, 1));
  EXPECT_EQ((*reader)->read([](Tx& tx) { return *tx.one(kCount, {}, [](const Row& row) { return row.integer(0); }); }), 2);
}

TEST_P(DatabaseContract, StatementsWithReusedStorageAreNotMixedUp) {
  ASSERT_TRUE(insert(1, 7));
  std::string text = "SELECT amount FROM item LIMIT 1";
  const auto first = [&] {
    return database().read(
        [&](Tx& tx) { return *tx.one(Sql{"test.reused", text}, {}, [](const Row& row) { return row.integer(0); }); });
  };
  EXPECT_EQ(first(), 7);
  text.replace(0, 14, "SELECT COUNT(*) ");
  text.resize(text.find(" LIMIT"));
  ASSERT_EQ(text, "SELECT COUNT(*) FROM item");
  EXPECT_EQ(first(), 1);
}

TEST(DatabaseOpen, RefusesAddressesItDoesNotKnow) {
  for (const char* url : {"", "mysql://x", "sqlite:", "sqlite::memory:", "/tmp/x.db", "postgresql://%zz"}) {
    const auto opened = Database::open(url, {});
    ASSERT_FALSE(opened.has_value()) << url;
    EXPECT_EQ(opened.error().code, ErrorCode::bad_config) << url;
  }
}

TEST(DatabaseOpen, AFolderThatIsNotThereOrAServerThatDoesNotAnswerIsUnavailable) {
  const auto sqlite = Database::open("sqlite:" + testing::scratch_folder() + "/missing/x.db", {});
  ASSERT_FALSE(sqlite.has_value());
  EXPECT_EQ(sqlite.error().code, ErrorCode::database_unavailable);
  const auto postgres = Database::open("postgresql://u:secret@/x?host=" + testing::scratch_folder() + "/missing", {});
  ASSERT_FALSE(postgres.has_value());
  EXPECT_EQ(postgres.error().code, ErrorCode::database_unavailable);
  EXPECT_EQ(postgres.error().text.find("secret"), std::string::npos);
  EXPECT_EQ(postgres.error().detail.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace concord::db
