#include "simulation/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace concord::simulation {
namespace {

constexpr Date kToday = Date::ymd(2026, 3, 31);

Options some(std::int64_t patients, std::uint64_t seed = 5) {
  Options options;
  options.patients = patients;
  options.seed = seed;
  options.today = kToday;
  return options;
}

// The share of patients enrolled at least `weeks` ago who answer `predicate` for the last score by then; only
// those with a score after `seen_from_week`, where groups are compared that are measured at different times.
template <class Predicate>
double share_at_week(const std::vector<History>& histories, int weeks, Predicate predicate, int seen_from_week = 0) {
  int of = 0, with = 0;
  for (const auto& h : histories) {
    if (!h.episode.enrolled_date || h.episode.primary_instrument != "phq-9" || kToday - *h.episode.enrolled_date < weeks * 7)
      continue;
    const measurements::Measurement *first = nullptr, *last = nullptr;
    for (const auto& m : h.measurements) {
      if (m.instrument != "phq-9" || m.administered_date - *h.episode.enrolled_date > weeks * 7) continue;
      if (!first) first = &m;
      last = &m;
    }
    if (!first || last->administered_date - *h.episode.enrolled_date < seen_from_week * 7) continue;
    ++of;
    with += last != first && predicate(*first->total, *last->total);
  }
  return static_cast<double>(with) / of;
}

class SimulatedCohort : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cohort_ = new Cohort(plan_cohort(some(20000)));
    histories_ = new std::vector<History>;
    for (std::int64_t i = 0; i < cohort_->options.patients; ++i) histories_->push_back(simulate(*cohort_, i));
  }
  static void TearDownTestSuite() {
    delete histories_;
    delete cohort_;
  }
  static std::vector<History>* histories_;
  static Cohort* cohort_;
};
std::vector<History>* SimulatedCohort::histories_ = nullptr;
Cohort* SimulatedCohort::cohort_ = nullptr;

TEST_F(SimulatedCohort, EngagesTheShareThatIsPublished) {
  const auto engaged =
      std::count_if(histories_->begin(), histories_->end(), [](const auto& h) { return h.episode.enrolled_date.has_value(); });
  EXPECT_NEAR(static_cast<double>(engaged) / static_cast<double>(histories_->size()), 0.56, 0.03);
}

TEST_F(SimulatedCohort, RespondsAsPublishedProgramsDo) {
  const auto response = [](double first, double last) { return last <= first / 2; };
  const auto remission = [](double, double last) { return last < 5; };
  EXPECT_GT(share_at_week(*histories_, 26, response), share_at_week(*histories_, 12, response));
  EXPECT_NEAR(share_at_week(*histories_, 26, [](double first, double last) { return last < 10 || last <= first / 2; }), 0.55,
              0.10);
  EXPECT_NEAR(share_at_week(*histories_, 26, remission), 0.30, 0.10);
}

TEST_F(SimulatedCohort, DoesBetterWithAnEarlyFirstContact) {
  std::vector<History> early, late;
  for (const auto& h : *histories_) {
    if (!h.episode.enrolled_date) continue;
    for (const auto& c : h.contacts)
      if (c.kind == "treatment") {
        (c.date - *h.episode.enrolled_date <= 28 ? early : late).push_back(h);
        break;
      }
  }
  const auto improved = [](double first, double last) { return last < 10 || last <= first / 2; };
  EXPECT_GT(share_at_week(early, 14, improved, 9), share_at_week(late, 14, improved, 9) + 0.05);
}

TEST_F(SimulatedCohort, GivesEachCareManagerAboutNinetyOpenPatients) {
  std::map<UserId, int> open;
  for (const auto& h : *histories_)
    if (episodes::is_enrolled(h.episode.state)) ++open[*h.episode.care_manager];
  double sum = 0;
  for (const auto& [who, count] : open) sum += count;
  EXPECT_NEAR(sum / static_cast<double>(open.size()), kCaseload, 20);
}

TEST_F(SimulatedCohort, HasPositiveSafetyAnswersAtThePublishedRate) {
  int of = 0, positive = 0;
  for (const auto& h : *histories_)
    for (const auto& m : h.measurements)
      if (m.instrument == "phq-9" && m.administered_date == h.episode.enrolled_date) {
        ++of;
        positive += m.safety == "positive";
      }
  EXPECT_NEAR(static_cast<double>(positive) / of, 0.11, 0.02);
}

TEST_F(SimulatedCohort, TellsHistoriesThatHoldTogether) {
  for (const auto& h : *histories_) {
    const auto& e = h.episode;
    ASSERT_LE(h.referral.received_date, kToday);
    ASSERT_EQ(e.state == episodes::State::closed, e.closed_date.has_value());
    ASSERT_EQ(e.closed_date.has_value(), e.close_reason.has_value());
    ASSERT_TRUE(e.enrolled_date || (h.measurements.empty() && h.contacts.empty()));
    for (const auto& m : h.measurements) {
      if (m.instrument == "c-ssrs-screener") continue;  // a level, no total
      double total = 0;
      for (const auto& a : m.answers) {
        ASSERT_GE(*a.value, 0);
        ASSERT_LE(*a.value, 3);
        total += *a.value;
      }
      ASSERT_EQ(total, *m.total);
      ASSERT_LE(m.administered_date, kToday);
      ASSERT_EQ(m.safety == "positive", m.instrument == "phq-9" && *m.answers[8].value > 0);
    }
    for (const auto& c : h.contacts) {
      ASSERT_LE(c.date, kToday);
      ASSERT_FALSE(c.date.is_weekend() && c.kind == "treatment");
      ASSERT_TRUE(!e.closed_date || c.date <= *e.closed_date);
    }
    for (const auto& r : h.reviews) ASSERT_LE(r.date, kToday);
    for (const auto& s : h.safety_events) ASSERT_EQ(s.closed_at.has_value(), s.disposition.has_value());
  }
}

TEST(Simulation, TellsTheSameHistoryForTheSameSeedAndNumber) {
  const auto cohort = plan_cohort(some(500));
  const auto again = plan_cohort(some(500));
  const auto a = simulate(cohort, 321), b = simulate(again, 321);
  EXPECT_EQ(a.patient.id, b.patient.id);
  EXPECT_EQ(a.measurements.size(), b.measurements.size());
  EXPECT_EQ(a.episode.state, b.episode.state);
  EXPECT_NE(simulate(plan_cohort(some(500, 6)), 321).patient.id, a.patient.id);
}

TEST(Simulation, GivesEveryRowItsOwnId) {
  const auto cohort = plan_cohort(some(2000));
  std::set<Uuid> seen;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const auto h = simulate(cohort, i);
    EXPECT_TRUE(seen.insert(h.patient.id.uuid).second);
    for (const auto& m : h.measurements) EXPECT_TRUE(seen.insert(m.id.uuid).second);
    for (const auto& c : h.contacts) EXPECT_TRUE(seen.insert(c.id.uuid).second);
  }
}

TEST(Simulation, WorksForOnePatientAndForAMonth) {
  auto options = some(1);
  EXPECT_EQ(plan_cohort(options).sites.size(), 1u);
  simulate(plan_cohort(options), 0);
  options.patients = 300;
  options.months = 1;
  const auto cohort = plan_cohort(options);
  for (std::int64_t i = 0; i < 300; ++i) EXPECT_GE(simulate(cohort, i).referral.received_date, kToday.plus_days(-33));
}

}  // namespace
}  // namespace concord::simulation
