#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instruments/instruments_api.h"
#include "instruments/instruments_store.h"
#include "support/databases.h"

namespace concord::instruments {
namespace {

using ::testing::HasSubstr;

constexpr db::Sql kOrganization{"test.organization",
                                "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, 'Riverside', $2)"};
constexpr db::Sql kSite{"test.site",
                        "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, 'Main Street', "
                        "'America/New_York', $3)"};

const Library& library() {
  static const Library loaded = std::move(load_library(std::string(CONCORD_SOURCE_DIR) + "/instruments").value());
  return loaded;
}

class InstrumentLedger : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      tx.run(kOrganization, {here_, now_});
      tx.run(kOrganization, {elsewhere_, now_});
      tx.run(kSite, {here_, north_, now_});
      tx.run(kSite, {here_, south_, now_});
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().text;
    admin_.kind = ActorKind::user;
    admin_.organization = here_;
    admin_.user = UserId(ids_.next());
    admin_.sites = {north_};
  }

  Result<void> record(const PermissionRecord& permission) {
    return database().write([&](db::Tx& tx) { return record_permission(tx, here_, permission); });
  }
  PermissionRecord epds(Date from) {
    return {north_, "epds", from, "Royal College of Psychiatrists", "letter 12", admin_.user, now_};
  }
  bool permitted(SiteId site, std::string_view instrument, Date day) {
    return database().read([&](db::Tx& tx) { return is_permitted(tx, here_, site, instrument, day); });
  }
  Result<http::Reply> call(std::size_t route, http::Request request, std::string instrument = {}) {
    const auto all = routes(library());
    http::Call made{request, admin_, now_, {}};
    if (!instrument.empty()) made.path_parameters.push_back({"instrument", std::move(instrument)});
    CONCORD_TRY(const auto work, all.at(route).handler(made));
    return database().write([&](db::Tx& tx) { return work(tx); });
  }

  const Instant now_{std::chrono::seconds(1'770'000'000)};  // 2 February 2026
  const Date today_ = Date::ymd(2026, 2, 2);
  ManualClock clock_{now_};
  SeededIds ids_{clock_, 11};
  OrganizationId here_{ids_.next()}, elsewhere_{ids_.next()};
  SiteId north_{ids_.next()}, south_{ids_.next()};
  Caller admin_;
};
CONCORD_ON_BOTH_DATABASES(InstrumentLedger);

TEST_P(InstrumentLedger, PermissionHoldsAtItsSiteFromItsFirstDay) {
  EXPECT_FALSE(permitted(north_, "epds", today_));
  ASSERT_TRUE(record(epds(today_)).has_value());
  EXPECT_TRUE(permitted(north_, "epds", today_));
  EXPECT_TRUE(permitted(north_, "epds", today_.plus_days(900)));
  EXPECT_FALSE(permitted(north_, "epds", today_.plus_days(-1)));
  EXPECT_FALSE(permitted(south_, "epds", today_));
  EXPECT_FALSE(permitted(north_, "mdq", today_));
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return is_permitted(tx, elsewhere_, north_, "epds", today_); }));
}

TEST_P(InstrumentLedger, KeepsEveryRecordAndItsWords) {
  ASSERT_TRUE(record(epds(today_)).has_value());
  ASSERT_TRUE(record(epds(today_.plus_days(365))).has_value());
  const auto twice = record(epds(today_));
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().code, ErrorCode::conflict);
  const auto all = database().read([&](db::Tx& tx) { return list_permissions(tx, here_); });
  EXPECT_THAT(all, ::testing::ElementsAre(epds(today_), epds(today_.plus_days(365))));
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return list_permissions(tx, elsewhere_); }).empty());
}

TEST_P(InstrumentLedger, ListShowsWhereAnInstrumentMayBeStarted) {
  const auto before = call(0, {});
  ASSERT_TRUE(before.has_value()) << before.error().text;
  EXPECT_THAT(before->body, HasSubstr(R"("id":"phq-9")"));
  EXPECT_EQ(call(1, {}, "epds")->body.find(R"("may_start":true)"), std::string::npos);
  ASSERT_TRUE(record(epds(today_)).has_value());
  EXPECT_THAT(call(1, {}, "EPDS")->body, HasSubstr(R"("may_start":true,"usable_at":[")" + north_.text()));
  EXPECT_THAT(call(1, {}, "phq_9")->body, HasSubstr(R"("may_start":true)"));
  EXPECT_EQ(call(1, {}, "phq-10").error().code, ErrorCode::not_found);
}

TEST_P(InstrumentLedger, AdministratorRecordsAPermission) {
  http::Request request;
  request.body =
      R"({"site_id":")" + north_.text() + R"(","valid_from":"2026-02-01","permitted_by":"Owner","reference":"contract 7"})";
  const auto made = call(2, request, "mdq");
  ASSERT_TRUE(made.has_value()) << made.error().text;
  EXPECT_EQ(made->status, 201);
  EXPECT_TRUE(permitted(north_, "mdq", today_));
  EXPECT_EQ(call(2, request, "mdq").error().code, ErrorCode::conflict);
  EXPECT_EQ(call(2, request, "phq-9").error().code, ErrorCode::invalid);

  request.body =
      R"({"site_id":")" + south_.text() + R"(","valid_from":"2026-02-01","permitted_by":"Owner","reference":"contract 7"})";
  EXPECT_EQ(call(2, request, "mdq").error().code, ErrorCode::not_found);
  request.body = R"({"site_id":"x","valid_from":"soon","permitted_by":"","extra":1})";
  const auto wrong = call(2, request, "mdq");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid);
  EXPECT_GE(wrong.error().issues.size(), 5U);
}

}  // namespace
}  // namespace concord::instruments
