#include <gtest/gtest.h>

#include "identity/idempotency_store.h"
#include "identity/identity_store.h"
#include "identity/password.h"
#include "support/databases.h"

namespace concord::identity {
namespace {

class Accounts : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    organization_ = {OrganizationId(ids_.next()), "Riverside"};
    site_ = {SiteId(ids_.next()), "Main Street", "America/New_York", "555 0100", std::nullopt};
    dana_.organization = organization_.id;
    dana_.id = UserId(ids_.next());
    dana_.display_name = "Dana Demo";
    dana_.sign_in_name = "Dana.Demo";
    dana_.roles = {{"care_manager", site_.id}};
    write([&](db::Tx& tx) {
      insert_organization(tx, organization_, now_);
      insert_site(tx, organization_.id, site_, now_);
      insert_user(tx, dana_, now_);
    });
  }
  void write(const std::function<void(db::Tx&)>& body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().text;
  }

  const Instant now_{std::chrono::seconds(1'770'000'000)};
  ManualClock clock_{now_};
  SeededIds ids_{clock_, 7};
  Organization organization_;
  Site site_;
  User dana_;
};
CONCORD_ON_BOTH_DATABASES(Accounts);

TEST_P(Accounts, AreFoundBySignInNameWhateverItsCaseAndAccents) {
  const auto found = database().read([](db::Tx& tx) { return find_by_sign_in_name(tx, "dana.DEMO"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, dana_.id);
  EXPECT_EQ(found->roles, dana_.roles);
  EXPECT_FALSE(database().read([](db::Tx& tx) { return find_by_sign_in_name(tx, "nobody"); }).has_value());
}

TEST_P(Accounts, RefuseASignInNameThatSomebodyHasInAnyOrganization) {
  const auto refused = database().write([&](db::Tx& tx) -> Result<void> {
    Organization other{OrganizationId(ids_.next()), "Other"};
    insert_organization(tx, other, now_);
    User twin = dana_;
    twin.organization = other.id;
    twin.id = UserId(ids_.next());
    twin.roles.clear();
    twin.sign_in_name = "DANA.demo";
    insert_user(tx, twin, now_);
    return {};
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(database().read([](db::Tx& tx) { return organizations(tx).size(); }), 1u) << "nothing half-stored";
}

TEST_P(Accounts, KeepEveryRoleOfASession) {
  const auto hash = token_hash("token");
  write([&](db::Tx& tx) {
    add_role(tx, organization_.id, dana_.id, {"pcp", site_.id});
    add_role(tx, organization_.id, dana_.id, {"pcp", site_.id});
    insert_session(tx, hash, organization_.id, dana_.id, now_);
  });
  const auto session = database().read([&](db::Tx& tx) { return find_session(tx, hash); });
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->user.roles.size(), 2u);
  EXPECT_EQ(session->times.created_at, now_);
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_session(tx, token_hash("other")); }).has_value());
}

TEST_P(Accounts, EndingOtherSessionsKeepsTheNamedOne) {
  const auto mine = token_hash("mine"), other = token_hash("other");
  write([&](db::Tx& tx) {
    insert_session(tx, mine, organization_.id, dana_.id, now_);
    insert_session(tx, other, organization_.id, dana_.id, now_);
    EXPECT_EQ(end_sessions(tx, organization_.id, dana_.id, mine, now_, "password changed"), 1);
  });
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_session(tx, mine); })->times.ended_at.has_value());
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return find_session(tx, other); })->times.ended_at.has_value());
  write([&](db::Tx& tx) { EXPECT_EQ(end_sessions(tx, organization_.id, dana_.id, "", now_, "disabled"), 1); });
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return find_session(tx, mine); })->times.ended_at.has_value());
}

TEST_P(Accounts, CountAndClearFailedSignIns) {
  write([&](db::Tx& tx) {
    record_sign_in_failure(tx, organization_.id, dana_.id, now_);
    record_sign_in_failure(tx, organization_.id, dana_.id, now_);
  });
  EXPECT_EQ(database().read([&](db::Tx& tx) { return find_user(tx, organization_.id, dana_.id); })->failed_attempts, 2);
  write([&](db::Tx& tx) { clear_sign_in_failures(tx, organization_.id, dana_.id); });
  EXPECT_EQ(database().read([&](db::Tx& tx) { return find_user(tx, organization_.id, dana_.id); })->failed_attempts, 0);
}

TEST_P(Accounts, AStaleVersionChangesNothing) {
  User edited = dana_;
  edited.display_name = "Dana D.";
  write([&](db::Tx& tx) {
    EXPECT_TRUE(update_account(tx, edited, 1));
    edited.display_name = "Overwritten";
    EXPECT_FALSE(update_account(tx, edited, 1));
  });
  EXPECT_EQ(database().read([&](db::Tx& tx) { return find_user(tx, organization_.id, dana_.id); })->display_name, "Dana D.");
}

TEST_P(Accounts, AServiceKeyStopsWorkingWhenRevoked) {
  const auto hash = token_hash("key");
  write([&](db::Tx& tx) {
    insert_service_key(tx, hash, {organization_.id, ids_.next(), "lab feed", "care_manager", site_.id}, now_);
  });
  ASSERT_TRUE(database().read([&](db::Tx& tx) { return find_service_key(tx, hash); }).has_value());
  write([&](db::Tx& tx) { EXPECT_TRUE(revoke_service_key(tx, organization_.id, "lab feed", now_)); });
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_service_key(tx, hash); }).has_value());
}

TEST_P(Accounts, AnIdempotencyKeyRemembersItsAnswerPerPerson) {
  const StoredAnswer answer{request_digest("POST", "/x", "{}"), 201, "/x/1", 1, "{\"id\":1}"};
  write([&](db::Tx& tx) { keep_answer(tx, organization_.id, dana_.id, "k", answer, now_); });
  const auto found = database().read([&](db::Tx& tx) { return find_answer(tx, organization_.id, dana_.id, "k"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->request_digest, answer.request_digest);
  EXPECT_EQ(found->body, answer.body);
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_answer(tx, organization_.id, UserId(), "k"); }).has_value());
  EXPECT_NE(request_digest("POST", "/x", "{}"), request_digest("POST", "/x{", "}"));
}

}  // namespace
}  // namespace concord::identity
