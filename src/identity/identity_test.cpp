#include "identity/identity.h"

#include <gtest/gtest.h>

#include "identity/password.h"
#include "identity/permissions.h"

namespace concord::identity {
namespace {

constexpr Instant kNoon{std::chrono::hours(12) + std::chrono::days(20000)};

TEST(Session, EndsAfterFifteenIdleMinutes) {
  const SessionTimes times{kNoon, kNoon, std::nullopt};
  EXPECT_TRUE(is_live(times, kNoon + std::chrono::minutes(15) - std::chrono::microseconds(1)));
  EXPECT_FALSE(is_live(times, kNoon + std::chrono::minutes(15)));
}

TEST(Session, EndsAfterTwelveHoursHoweverBusy) {
  const SessionTimes times{kNoon, kNoon + std::chrono::hours(12) - std::chrono::minutes(1), std::nullopt};
  EXPECT_TRUE(is_live(times, kNoon + std::chrono::hours(12) - std::chrono::seconds(1)));
  EXPECT_FALSE(is_live(times, kNoon + std::chrono::hours(12)));
}

TEST(Session, IsDeadOnceEnded) { EXPECT_FALSE(is_live({kNoon, kNoon, kNoon}, kNoon)); }

TEST(SignIn, SlowsDownAfterThreeFailuresAndNeverLocksForGood) {
  EXPECT_EQ(sign_in_delay(0).count(), 0);
  EXPECT_EQ(sign_in_delay(2).count(), 0);
  EXPECT_EQ(sign_in_delay(3).count(), 2);
  EXPECT_EQ(sign_in_delay(5).count(), 8);
  EXPECT_EQ(sign_in_delay(100000).count(), 15 * 60);
  EXPECT_TRUE(must_wait(3, kNoon, kNoon + std::chrono::seconds(1)));
  EXPECT_FALSE(must_wait(3, kNoon, kNoon + std::chrono::seconds(2)));
  EXPECT_FALSE(must_wait(0, std::nullopt, kNoon));
}

std::string why(std::string_view password) {
  const auto issues = check_password(password, "dana.demo", "Riverside Clinic");
  return issues.empty() ? "" : issues.front().text;
}

TEST(Password, TakesALongPhraseWithoutRulesOfComposition) {
  EXPECT_EQ(why("seven quiet lamps on the stair"), "");
  EXPECT_EQ(why(std::string(64, 'a') + " and then some b"), "");
  EXPECT_EQ(why("señor búho duerme"), "");
}

TEST(Password, NeedsFifteenCharactersNotBytes) {
  EXPECT_NE(why("short but tidy"), "");
  EXPECT_NE(why("ñññññññññññññ"), "");
}

TEST(Password, RefusesWhatIsTriedFirst) {
  EXPECT_NE(why("correct horse battery staple"), "");
  EXPECT_NE(why("Password-123456789"), "");
  EXPECT_NE(why("aaaaaaaaaaaaaaaaaaaa"), "");
  EXPECT_NE(why("abcabcabcabcabcabcabc"), "");
  EXPECT_NE(why("riverside clinic concord"), "");
  EXPECT_NE(why("dana.demo dana.demo 1"), "");
}

TEST(Password, HashVerifiesOnlyItsOwnPassword) {
  PasswordHasher hasher(true);
  const auto hash = hasher.hash("seven quiet lamps on the stair");
  EXPECT_TRUE(hasher.verify(hash, "seven quiet lamps on the stair"));
  EXPECT_FALSE(hasher.verify(hash, "seven quiet lamps on the stairs"));
  EXPECT_FALSE(hasher.verify(std::nullopt, "nobody has this password"));
  EXPECT_NE(hash, hasher.hash("seven quiet lamps on the stair"));
}

TEST(Password, InitialPasswordsPassTheirOwnCheckAndDiffer) {
  const auto one = new_initial_password();
  EXPECT_EQ(why(one), "") << one;
  EXPECT_NE(one, new_initial_password());
}

TEST(Authorization, HoldsOnlyAtTheSitesOfTheRoleThatAllowsIt) {
  const SiteId north(Uuid{{1}}), south(Uuid{{2}});
  User user;
  user.roles = {{"care_manager", north}, {"billing", south}};
  const auto reads = authorize(user, "episodes.write");
  ASSERT_TRUE(reads.has_value());
  EXPECT_EQ(reads->role, "care_manager");
  EXPECT_TRUE(reads->may_use(north));
  EXPECT_FALSE(reads->may_use(south));
  EXPECT_FALSE(authorize(user, "audit.read").has_value());
}

TEST(Authorization, DeniesWhatNoRoleNames) {
  User user;
  user.roles = {{"care_manager", SiteId()}};
  EXPECT_FALSE(authorize(user, "no.such.permission").has_value());
  EXPECT_FALSE(authorize(user, "").has_value());
  user.roles = {{"no_such_role", SiteId()}};
  EXPECT_FALSE(authorize(user, "account.use").has_value());
}

TEST(Authorization, ProgramManagersSeeNoPatientRows) {
  for (auto permission : {"patients.read", "caseload.read", "measurements.read", "contacts.read"})
    EXPECT_FALSE(role_allows("program_manager", permission)) << permission;
}

}  // namespace
}  // namespace concord::identity
