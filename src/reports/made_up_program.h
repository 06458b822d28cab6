// A made-up program for the tests of reports: some hundred patients over two years at two sites, the same for the same seed.
#pragma once

#include <algorithm>
#include <memory>
#include <random>

#include "measures/resident.h"

namespace concord::reports {

struct Program {
  std::shared_ptr<measures::OutcomeRules> rules = std::make_shared<measures::OutcomeRules>();
  std::shared_ptr<const measures::Resident> facts;
  Date begin = Date::ymd(2024, 1, 1), today = Date::ymd(2026, 3, 4);
};

inline Uuid program_id(int kind, int number) {
  Uuid id;
  id.bytes[0] = static_cast<std::uint8_t>(kind);
  for (int i = 0; i < 4; ++i) id.bytes[static_cast<std::size_t>(15 - i)] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

/// `sites` and `managers`: ids as the database has them.
inline Program made_up_program(unsigned seed, int patients, OrganizationId organization, std::uint64_t version,
                               const std::vector<std::string>& sites, const std::vector<std::string>& managers) {
  using namespace measures;
  Program program;
  measurements::Criteria phq;
  phq.instrument = "phq-9";
  phq.elevated = 10;
  phq.response_kind = measurements::ResponseKind::percent;
  phq.response = 50;
  phq.remission_below = 5;
  phq.improved_below = 10;
  program.rules->version = "3";
  program.rules->instruments.emplace("phq-9", phq);
  std::mt19937 random(seed);
  const auto one_of = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto chance = [&](int percent) { return one_of(100) < percent; };
  ResidentBuilder builder(program.rules);
  const auto code = [&](Stratum stratum, const std::string& value) { return builder.book(stratum).code(value); };
  const auto pick = [&](Stratum stratum, std::initializer_list<const char*> values, int unknown) -> std::uint16_t {
    if (chance(unknown)) return 0;
    // The first values are common, the last ones rare.
    const int most = static_cast<int>(values.size());
    return code(stratum, *(values.begin() + std::min(one_of(most), std::min(one_of(most), one_of(most)))));
  };
  for (const auto& site : sites) code(Stratum::site, site);
  for (const auto& manager : managers) code(Stratum::care_manager, manager);
  const auto instrument = *builder.instrument("phq-9");
  const auto manager_role = builder.roles().code("care_manager"),
             consultant_role = builder.roles().code("psychiatric_consultant");
  const int days = program.today - program.begin;
  for (int n = 0; n < patients; ++n) {
    RawPatient p;
    p.id = program_id(1, n + 1);
    if (!chance(5)) p.born = Date::ymd(1940 + one_of(72), 1 + static_cast<unsigned>(one_of(12)), 1);
    p.language = pick(Stratum::language, {"en", "es", "zh", "ht"}, 4);
    p.interpreter = pick(Stratum::interpreter, {"no", "yes"}, 5);
    p.race = pick(Stratum::race, {"white", "black", "asian", "other"}, 12);
    p.ethnicity = pick(Stratum::ethnicity, {"not_hispanic", "hispanic"}, 8);
    p.sex = pick(Stratum::sex, {"female", "male"}, 2);
    const auto site =
        code(Stratum::site, sites[static_cast<std::size_t>(one_of(3) == 0 ? one_of(static_cast<int>(sites.size())) : 0)]);
    p.site = site;
    if (!chance(6)) {
      RawCoverage coverage;
      coverage.start = program.begin.plus_days(-400);
      coverage.payer = pick(Stratum::payer, {"medicaid_managed_care", "commercial", "medicare", "self_pay"}, 0);
      p.coverage.push_back(coverage);
    }
    const Date referred = program.begin.plus_days(one_of(days));
    RawReferral referral;
    referral.id = program_id(3, n + 1);
    referral.site = site;
    referral.received = referred;
    const bool reached = chance(85), enrolled = reached && chance(85);
    if (reached) referral.reached = referred.plus_days(one_of(10));
    p.referrals.push_back(referral);
    if (chance(60)) p.scores.push_back({referred.plus_days(-one_of(20)), instrument, 0, 10.0 + one_of(15)});
    RawEpisode e;
    e.id = program_id(2, n + 1);
    e.site = site;
    e.care_manager = code(Stratum::care_manager, managers[static_cast<std::size_t>(one_of(static_cast<int>(managers.size())))]);
    e.pathway = pick(Stratum::pathway, {"adult_depression", "perinatal"}, 10);
    e.instrument = instrument;
    e.referral = referral.id;
    e.referred = referred;
    if (enrolled) {
      const Date start = referred.plus_days(3 + one_of(20));
      if (start <= program.today) {
        e.assessed = e.enrolled = start;
        const int length = 30 + one_of(300);
        if (chance(70) && start.plus_days(length) <= program.today) e.closed = start.plus_days(length);
        double total = 8 + one_of(18);
        for (int d = one_of(10); d < length && start.plus_days(d) <= program.today; d += 14 + one_of(25)) {
          p.scores.push_back({start.plus_days(d), instrument, 0, std::max(0.0, total)});
          total -= one_of(5) - 1;
        }
        for (int d = 2 + one_of(35); d < length && start.plus_days(d) <= program.today; d += 7 + one_of(28))
          p.contacts.push_back(start.plus_days(d));
        for (int d = 20 + one_of(60); d < length && start.plus_days(d) <= program.today; d += 60 + one_of(60)) {
          RawReview review;
          review.id = program_id(4, n * 10 + d);
          review.date = start.plus_days(d);
          review.site = site;
          review.documented = review.change = chance(70);
          review.in_session = chance(80);
          p.reviews.push_back(review);
          RawRecommendation advice;
          advice.sent = review.date;
          if (chance(75)) {
            advice.answered = review.date.plus_days(one_of(14));
            advice.accepted = chance(80);
            if (advice.accepted && chance(70)) {
              advice.done = advice.answered->plus_days(one_of(20));
              if (chance(60))
                advice.trial = chance(70) ? RawRecommendation::Trial::adequate : RawRecommendation::Trial::not_adequate;
              p.changes.push_back(*advice.done);
            }
          }
          p.recommendations.push_back(advice);
        }
        if (chance(40)) p.surveys.push_back({e.id, start.plus_days(30), chance(10), chance(50), 50.0 + one_of(51)});
        if (chance(50)) {
          RawGoal goal;
          goal.start = start;
          goal.until = start.plus_days(60);
          goal.state = chance(60) ? RawGoal::State::reached : RawGoal::State::active;
          goal.state_date = start.plus_days(40);
          p.goals.push_back(goal);
        }
        for (Date month = start.first_of_month(); month <= program.today && month <= start.plus_days(length);
             month = month.plus_months(1)) {
          p.minutes.push_back({month, manager_role, static_cast<std::uint32_t>(20 + one_of(60))});
          if (chance(20)) p.minutes.push_back({month, consultant_role, 15});
        }
      }
    }
    if (reached) p.episodes.push_back(e);
    std::sort(p.scores.begin(), p.scores.end(), [](const RawScore& a, const RawScore& b) { return a.date < b.date; });
    builder.add(p);
  }
  for (Date day = program.begin; day <= program.today; day = day.plus_days(7))
    builder.add_session({code(Stratum::site, sites[0]), day_of(day), 60});
  for (Date month = program.begin; month <= program.today; month = month.plus_months(1))
    builder.add_fte({code(Stratum::site, sites[0]), day_of(month), 2.5});
  program.facts = builder.finish(organization, version);
  return program;
}

}  // namespace concord::reports
