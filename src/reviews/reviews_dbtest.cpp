#include <gtest/gtest.h>

#include "db/migrate.h"
#include "reviews/reviews_store.h"
#include "reviews/sessions_store.h"
#include "support/clinic.h"

namespace concord::reviews {
namespace {

class ReviewStore : public testing::ClinicTest {
 protected:
  Review review(PatientId patient, Date on) {
    Review r;
    r.id = ReviewId(clinic().ids().next());
    r.patient = patient;
    r.date = on;
    r.reviewer_name = "Dr. Sol Ames";
    return r;
  }
  template <class Body>
  void write(Body body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().text;
  }
};
CONCORD_ON_BOTH_DATABASES(ReviewStore);

TEST_P(ReviewStore, KeepsEveryMemberOfARecommendation) {
  const auto patient = clinic().add_patient();
  Review v = review(patient, Date::ymd(2026, 2, 1));
  Recommendation r;
  r.id = RecommendationId(clinic().ids().next());
  r.patient = patient;
  r.review = v.id;
  r.position = 1;
  r.kind = "increase";
  r.text = "and see her in four weeks";
  r.medication = "sertraline";
  r.dose = "100 mg";
  r.treatment = clinic().ids().next();
  r.to_role = "pcp";
  r.to = clinic().manager.user;
  r.urgency = "urgent";
  r.author = clinic().manager.user;
  r.created_at = clinic().clock().now();
  v.recommendations.push_back(r);
  Recommendation second = r;
  second.id = RecommendationId(clinic().ids().next());
  second.position = 2;
  second.kind = "labs";
  v.recommendations.push_back(second);
  write([&](db::Tx& tx) { insert(tx, clinic().organization, v); });

  r.state = State::adequate_trial;
  r.sent_date = Date::ymd(2026, 2, 2);
  r.read_at = clinic().clock().now();
  r.answered_date = Date::ymd(2026, 2, 3);
  r.answered_by = clinic().manager.user;
  r.answer_reason = "yes";
  r.done_date = Date::ymd(2026, 2, 4);
  r.closed_by_treatment = r.treatment;
  r.trial_dose = "100 mg";
  r.trial_weeks = 6;
  r.trial_reason = "well tolerated";
  r.withdrawn_reason = "-";
  r.ended_date = Date::ymd(2026, 3, 3);
  write([&](db::Tx& tx) {
    EXPECT_TRUE(update(tx, clinic().organization, r, clinic().clock().now()));
    EXPECT_FALSE(update(tx, clinic().organization, r, clinic().clock().now())) << "the version is stale now";
    insert(tx, clinic().organization, patient, r.id,
           Step{"send", "draft", "sent", clinic().manager.user, "care_manager", clinic().clock().now(), "n"});
  });
  database().read([&](db::Tx& tx) {
    const auto back = find(tx, clinic().organization, patient, r.id);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->version, 2);
    EXPECT_EQ(back->state, State::adequate_trial);
    EXPECT_EQ(back->medication, r.medication);
    EXPECT_EQ(back->dose, r.dose);
    EXPECT_EQ(back->treatment, r.treatment);
    EXPECT_EQ(back->to, r.to);
    EXPECT_EQ(back->urgency, "urgent");
    EXPECT_EQ(back->author, r.author);
    EXPECT_EQ(back->created_at, r.created_at);
    EXPECT_EQ(back->sent_date, r.sent_date);
    EXPECT_EQ(back->read_at, r.read_at);
    EXPECT_EQ(back->answered_by, r.answered_by);
    EXPECT_EQ(back->answer_reason, r.answer_reason);
    EXPECT_EQ(back->done_date, r.done_date);
    EXPECT_EQ(back->closed_by_treatment, r.treatment);
    EXPECT_EQ(back->trial_dose, r.trial_dose);
    EXPECT_EQ(back->trial_weeks, r.trial_weeks);
    EXPECT_EQ(back->trial_reason, r.trial_reason);
    EXPECT_EQ(back->ended_date, r.ended_date);
    const auto reviews = list(tx, clinic().organization, patient);
    ASSERT_EQ(reviews.size(), 1u);
    ASSERT_EQ(reviews[0].recommendations.size(), 2u);
    EXPECT_EQ(reviews[0].recommendation, "Increase sertraline to 100 mg. and see her in four weeks");
    EXPECT_EQ(reviews[0].recommendation_state, "done");
    EXPECT_EQ(list_steps(tx, clinic().organization, patient, r.id).size(), 1u);
    EXPECT_TRUE(list(tx, clinic().other_organization, patient).empty());
  });
}

TEST_P(ReviewStore, LoadsManyInTheOldWordsAsRowsOfTheirOwn) {
  const auto patient = clinic().add_patient();
  std::vector<Review> many;
  for (const std::string& state : std::vector<std::string>{"none", "sent", "accepted", "done", ""}) {
    Review r = review(patient, Date::ymd(2026, 1, static_cast<unsigned>(many.size() + 1)));
    if (!state.empty()) {
      r.recommendation = "raise the dose";
      r.recommendation_to = "pcp";
      r.recommendation_state = state;
    }
    if (state == "done") r.done_date = Date::ymd(2026, 2, 1);
    many.push_back(r);
  }
  write([&](db::Tx& tx) { insert_all(tx, clinic().organization, many, clinic().clock().now()); });
  database().read([&](db::Tx& tx) {
    const auto back = list(tx, clinic().organization, patient);
    ASSERT_EQ(back.size(), 5u);
    EXPECT_TRUE(back[0].recommendations.empty());
    EXPECT_EQ(back[1].recommendation_state, "done");
    EXPECT_EQ(back[1].recommendations[0].ended_date, Date::ymd(2026, 2, 1));
    EXPECT_EQ(back[4].recommendations[0].state, State::noted);
    EXPECT_EQ(list_in_state(tx, clinic().organization, State::sent, Date(), RecommendationId(), 10).size(), 1u);
  });
}

TEST_P(ReviewStore, AReviewTakesItsRecommendationsWithIt) {
  // An import writes a changed review anew: it removes the row and trusts the rest to follow.
  const auto patient = clinic().add_patient();
  Review r = review(patient, Date::ymd(2026, 2, 1));
  r.recommendation = "raise the dose";
  r.recommendation_to = "pcp";
  r.recommendation_state = "sent";
  write([&](db::Tx& tx) { insert(tx, clinic().organization, r); });
  static constexpr db::Sql kDelete{"test.delete",
                                   "DELETE FROM review WHERE organization_id = $1 AND patient_id = $2 AND review_id = $3"};
  write([&](db::Tx& tx) {
    tx.run(kDelete, {clinic().organization, patient, r.id});
    insert(tx, clinic().organization, r);
  });
  database().read([&](db::Tx& tx) { EXPECT_EQ(list_recommendations(tx, clinic().organization, patient).size(), 1u); });
}

TEST_P(ReviewStore, OnePatientIsReviewedOnceInASession) {
  const auto patient = clinic().add_patient();
  Review first = review(patient, Date::ymd(2026, 2, 1)), second = review(patient, Date::ymd(2026, 2, 1));
  first.session = second.session = SessionId(clinic().ids().next());
  write([&](db::Tx& tx) { insert(tx, clinic().organization, first); });
  const auto refused = database().write([&](db::Tx& tx) -> Result<void> {
    insert(tx, clinic().organization, second);
    return {};
  });
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
}

TEST_P(ReviewStore, ADraftIsOnesOwnAndNeverOverwrittenUnseen) {
  const auto patient = clinic().add_patient();
  const auto mine = clinic().manager.user, other = clinic().elsewhere.user;
  const SessionId none, session(clinic().ids().next());
  const auto now = clinic().clock().now();
  write([&](db::Tx& tx) {
    EXPECT_TRUE(save_draft(tx, clinic().organization, patient, mine, none, 0, R"({"notes":"a"})", now));
    EXPECT_FALSE(save_draft(tx, clinic().organization, patient, mine, none, 0, R"({"notes":"b"})", now))
        << "another tab was first";
    EXPECT_TRUE(save_draft(tx, clinic().organization, patient, mine, none, 1, R"({"notes":"c"})", now));
    EXPECT_FALSE(save_draft(tx, clinic().organization, patient, mine, none, 1, R"({"notes":"d"})", now));
    EXPECT_TRUE(save_draft(tx, clinic().organization, patient, mine, session, 0, R"({"notes":"e"})", now));
    EXPECT_TRUE(save_draft(tx, clinic().organization, patient, other, none, 0, R"({"notes":"f"})", now));
  });
  database().read([&](db::Tx& tx) {
    EXPECT_EQ(find_draft(tx, clinic().organization, patient, mine, none).content, R"({"notes":"c"})");
    EXPECT_EQ(find_draft(tx, clinic().organization, patient, mine, session).version, 1);
    EXPECT_EQ(find_draft(tx, clinic().organization, patient, other, session).version, 0);
    EXPECT_EQ(list_drafts(tx, clinic().organization, mine, session).size(), 1u);
  });
}

class OldReviews : public ::testing::TestWithParam<db::Dialect> {};
CONCORD_ON_BOTH_DATABASES(OldReviews);

TEST_P(OldReviews, KeepTheirRecommendationWhenItBecomesARow) {
  if (!testing::can_use(GetParam())) return;
  const auto bare = testing::bare_database(GetParam());
  ManualClock clock(*parse_instant("2026-03-04T15:00:00Z"));
  SeededIds ids(clock, 3);
  auto migrations = testing::project_migrations(GetParam());
  std::vector<db::Migration> before;
  for (const auto& migration : migrations)
    if (migration.number < 15) before.push_back(migration);
  ASSERT_TRUE(db::migrate(bare->get(), before, clock).has_value());
  const OrganizationId organization(ids.next());
  const SiteId site(ids.next());
  patients::Patient ann;
  ann.id = PatientId(ids.next());
  ann.site = site;
  ann.given_name = "Ann";
  ann.family_name = "Ruiz";
  static constexpr db::Sql kOrganization{"test.o",
                                         "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, $2, $3)"};
  static constexpr db::Sql kSite{
      "test.s", "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)"};
  static constexpr db::Sql kPatient{
      "test.p",
      "INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, name_folded, interpreter_needed, "
      "placeholder, labels, created_at, updated_at, version) VALUES ($1, $2, $3, 'Ann', 'Ruiz', 'ruiz ann', FALSE, FALSE, "
      "'normal', $4, $4, 1)"};
  static constexpr db::Sql kReview{
      "test.r",
      "INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_name, question, "
      "recommendation_documented, "
      "recommendation, recommendation_to, recommendation_state, answered_date, answer_reason, done_date, source, version) "
      "VALUES ($1, $2, $3, $4, 'Dr. Ames', 'q', TRUE, $5, $6, $7, $8, $9, $10, 'csv', 3)"};
  const ReviewId done(ids.next()), silent(ids.next()), plain(ids.next());
  const auto stored = bare->get().write([&](db::Tx& tx) -> Result<void> {
    tx.run(kOrganization, {organization, "Maple", clock.now()});
    tx.run(kSite, {organization, site, "Maple", "America/New_York", clock.now()});
    tx.run(kPatient, {organization, ann.id, site, clock.now()});
    tx.run(kReview, {organization, ann.id, Date::ymd(2026, 1, 5), done, "raise the dose", "pcp", "done", Date::ymd(2026, 1, 9),
                     "yes", Date::ymd(2026, 1, 12)});
    tx.run(kReview, {organization, ann.id, Date::ymd(2026, 1, 6), silent, "continue", "", "none", nullptr, nullptr, nullptr});
    tx.run(kReview, {organization, ann.id, Date::ymd(2026, 1, 7), plain, "", "", "none", nullptr, nullptr, nullptr});
    return {};
  });
  ASSERT_TRUE(stored.has_value()) << stored.error().text;
  ASSERT_TRUE(db::migrate(bare->get(), migrations, clock).has_value());
  bare->get().read([&](db::Tx& tx) {
    const auto reviews = list(tx, organization, ann.id);
    ASSERT_EQ(reviews.size(), 3u);
    EXPECT_EQ(reviews[2].id, done);
    EXPECT_EQ(reviews[2].recommendation, "raise the dose");
    EXPECT_EQ(reviews[2].recommendation_state, "done");
    EXPECT_EQ(reviews[2].answered_date, Date::ymd(2026, 1, 9));
    EXPECT_EQ(reviews[2].answer_reason, "yes");
    EXPECT_EQ(reviews[2].done_date, Date::ymd(2026, 1, 12));
    EXPECT_EQ(reviews[2].version, 3);
    EXPECT_EQ(reviews[2].recommendations[0].ended_date, Date::ymd(2026, 1, 12));
    EXPECT_EQ(reviews[1].recommendations[0].state, State::noted);
    EXPECT_TRUE(reviews[0].recommendations.empty());
    EXPECT_TRUE(reviews[0].recommendation_documented);
  });
}

}  // namespace
}  // namespace concord::reviews
