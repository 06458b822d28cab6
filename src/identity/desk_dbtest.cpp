#include <gtest/gtest.h>

#include "identity/desk_api.h"
#include "identity/desk_store.h"
#include "identity/identity_store.h"
#include "json/value.h"
#include "support/databases.h"

namespace concord::identity {
namespace {

class Desk : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    organization_ = {OrganizationId(ids_.next()), "Riverside"};
    site_ = {SiteId(ids_.next()), "Main Street", "America/New_York", std::nullopt, std::nullopt};
    for (auto* caller : {&dana_, &sam_}) {
      caller->kind = ActorKind::user;
      caller->organization = organization_.id;
      caller->user = UserId(ids_.next());
    }
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      insert_organization(tx, organization_, clock_.now());
      insert_site(tx, organization_.id, site_, clock_.now());
      for (const auto* caller : {&dana_, &sam_}) {
        User user;
        user.organization = organization_.id;
        user.id = caller->user;
        user.display_name = "Somebody";
        user.roles = {{"care_manager", site_.id}};
        insert_user(tx, user, clock_.now());
      }
      return {};
    });
    ASSERT_TRUE(done.has_value());
    routes_ = desk_routes(ids_);
  }
  /// "200 {...}" or the error's name and paths.
  std::string call(const Caller& who, std::string_view name, std::string parameter, std::string body = "",
                   std::optional<int> version = std::nullopt) {
    http::Request request;
    request.body = std::move(body);
    request.request_id = "test";
    if (version) request.headers.emplace_back("if-match", '"' + std::to_string(*version) + '"');
    for (const auto& route : routes_) {
      if (route.name != name) continue;
      const auto key = name.starts_with("views") ? "view_id" : "draft_key";
      const http::Call given{request, who, clock_.now(), {{key, std::move(parameter)}}};
      const auto work = route.handler(given);
      if (!work) return said(work.error());
      const auto reply = database().write([&](db::Tx& tx) { return (*work)(tx); });
      if (!reply) return said(reply.error());
      last_ = reply->body;
      return std::to_string(reply->status);
    }
    return "no such route";
  }
  static std::string said(const Error& error) {
    std::string text(code_name(error.code));
    for (const auto& issue : error.issues) text += " " + issue.path;
    return text;
  }
  std::string member(std::string_view key) const {
    const auto document = json::Document::parse(last_);
    const auto* value = document ? document->root().find(key) : nullptr;
    return value ? std::string(value->text()) : "(none)";
  }

  ManualClock clock_{Instant(std::chrono::seconds(1'770'000'000))};
  SeededIds ids_{clock_, 7};
  Organization organization_;
  Site site_;
  Caller dana_, sam_;
  std::vector<http::Route> routes_;
  std::string last_;
};
CONCORD_ON_BOTH_DATABASES(Desk);

TEST_P(Desk, AViewHasANameOfItsOwnForEachPerson) {
  EXPECT_EQ(call(dana_, "views.create", "", R"({"name":" Mondays ","query":"?need=overdue&site=1"})"), "201");
  EXPECT_EQ(member("name"), "Mondays");
  EXPECT_EQ(member("query"), "need=overdue&site=1");
  const auto id = member("id");
  EXPECT_EQ(call(dana_, "views.create", "", R"({"name":"MONDAYS","query":""})"), "conflict name");
  EXPECT_EQ(call(sam_, "views.create", "", R"({"name":"Mondays","query":""})"), "201") << "somebody else's";
  EXPECT_EQ(call(dana_, "views.create", "", R"({"name":"","query":"a b"})"), "invalid name query");
  EXPECT_EQ(call(dana_, "views.edit", id, R"({"query":"need=safety"})", 1), "200");
  EXPECT_EQ(call(dana_, "views.edit", id, R"({"query":"need=safety"})", 1), "412");
  EXPECT_EQ(call(dana_, "views.create", "", R"({"name":"Other","query":""})"), "201");
  EXPECT_EQ(call(dana_, "views.edit", id, R"({"name":"other"})", 2), "conflict name");
  EXPECT_EQ(call(sam_, "views.edit", id, R"({"name":"mine now"})", 2), "not_found");
  EXPECT_EQ(call(sam_, "views.remove", id), "not_found");
  EXPECT_EQ(call(dana_, "views.remove", id), "204");
  EXPECT_EQ(call(dana_, "views.remove", id), "not_found");
}

TEST_P(Desk, NobodyHasMoreThanFiftyViews) {
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(call(dana_, "views.create", "", R"({"name":"v)" + std::to_string(i) + R"(","query":""})"), "201");
  EXPECT_EQ(call(dana_, "views.create", "", R"({"name":"one more","query":""})"), "conflict");
}

TEST_P(Desk, ADraftIsKeptForOnePersonOnly) {
  const std::string key = "contact-note:0190";
  EXPECT_EQ(call(dana_, "drafts.read", key), "not_found");
  EXPECT_EQ(call(dana_, "drafts.write", key, R"({"text":"called, no"})"), "200");
  EXPECT_EQ(call(dana_, "drafts.write", key, R"({"text":"called, no answer"})"), "200");
  EXPECT_EQ(call(dana_, "drafts.read", key), "200");
  EXPECT_EQ(member("text"), "called, no answer");
  EXPECT_EQ(member("version"), "2");
  EXPECT_EQ(call(sam_, "drafts.read", key), "not_found");
  EXPECT_EQ(call(dana_, "drafts.remove", key), "204");
  EXPECT_EQ(call(dana_, "drafts.remove", key), "204") << "there is none, which is what was wanted";
  EXPECT_EQ(call(dana_, "drafts.read", "no/such key"), "not_found");
}

TEST_P(Desk, ASecondWindowIsToldInsteadOfOverwritten) {
  ASSERT_EQ(call(dana_, "drafts.write", "k", R"({"text":"one"})"), "200");
  ASSERT_EQ(call(dana_, "drafts.write", "k", R"({"text":"two","version":1})"), "200");
  EXPECT_EQ(call(dana_, "drafts.write", "k", R"({"text":"three","version":1})"), "412");
  EXPECT_NE(last_.find(R"("text":"two")"), std::string::npos) << last_;
}

TEST_P(Desk, DraftsThatNobodyTouchesGo) {
  ASSERT_EQ(call(dana_, "drafts.write", "old", R"({"text":"x"})"), "200");
  clock_.advance(std::chrono::hours(24));
  ASSERT_EQ(call(dana_, "drafts.write", "new", R"({"text":"y"})"), "200");
  const auto purged = database().write(
      [&](db::Tx& tx) -> Result<std::int64_t> { return purge_drafts(tx, clock_.now() - std::chrono::hours(1)); });
  EXPECT_EQ(*purged, 1);
  EXPECT_EQ(call(dana_, "drafts.read", "old"), "not_found");
  EXPECT_EQ(call(dana_, "drafts.read", "new"), "200");
}

TEST_P(Desk, AMachineHasNoDesk) {
  Caller machine = dana_;
  machine.kind = ActorKind::service;
  EXPECT_EQ(call(machine, "views.list", ""), "not_found");
  EXPECT_EQ(call(machine, "drafts.write", "k", R"({"text":"x"})"), "not_found");
}

TEST_P(Desk, RolesAreHeldAtASite) {
  database().read([&](db::Tx& tx) {
    EXPECT_TRUE(has_role(tx, organization_.id, dana_.user, site_.id, "care_manager"));
    EXPECT_FALSE(has_role(tx, organization_.id, dana_.user, site_.id, "pcp"));
    EXPECT_FALSE(has_role(tx, organization_.id, dana_.user, SiteId(ids_.next()), "care_manager"));
    EXPECT_TRUE(may(tx, organization_.id, dana_.user, site_.id, "contacts.write"));
    EXPECT_FALSE(may(tx, organization_.id, dana_.user, site_.id, "audit.read"));
    EXPECT_EQ(find_organization(tx, organization_.id)->name, "Riverside");
  });
}

}  // namespace
}  // namespace concord::identity
