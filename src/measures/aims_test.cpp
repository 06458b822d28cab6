// The engine against a second reading of the same rules: every day is walked one after the other, nothing shared with aims.cpp
// but the facts and the numbers. Golden patients by hand are in tests/golden/aims.
#include "measures/aims.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "measures/made_up_clinic.h"

namespace concord::measures {
namespace {

using F = AimsFigure;

const AimsRules& rules() {
  static const auto loaded = std::move(load_aims_rules(rule_set_text("aims-2026")).value());
  return loaded;
}
ReportPeriod quarter() { return *ReportPeriod::quarter("2026-Q1"); }

/// Distances after enrolment at which something happens, and the day before and after each.
int some_distance(Dice& dice) {
  static const int kEdges[] = {0, 1, 7, 14, 28, 30, 56, 70, 84, 90};
  if (dice.once_in(3)) return dice.below(130) - 5;
  return dice.of(kEdges) + dice.below(3) - 1;
}
Date some_enrolment(Dice& dice, const ReportPeriod& period) {
  static const int kEdges[] = {0, 28, 30, 56, 70, 84, 90};
  const Date from = dice.once_in(3) ? period.first : period.until;
  if (dice.once_in(3)) return period.until.plus_days(-dice.below(260));
  return from.plus_days(1 - dice.of(kEdges) - dice.below(3));
}

std::vector<PatientRows> random_rows(Dice& dice, const ReportPeriod& period) {
  static const char* const kScales[] = {"phq-9", "phq-9", "phq-9", "phq-9m", "gad-7", ""};
  static const char* const kScored[] = {"phq-9", "phq-9", "phq-9", "phq-9m", "gad-7"};
  static const char* const kKinds[] = {"increase", "other", "continue", "labs", "switch"};
  static const double kTotals[] = {0, 4, 5, 9, 10, 10, 18, 19, 20, 20, 24, 8.5};
  std::vector<PatientRows> rows;
  for (int i = dice.below(5); i >= 0; --i) {
    PatientRows p;
    p.id = "p" + std::to_string(i);
    Date from = some_enrolment(dice, period);
    for (int n = 1 + dice.once_in(4); n > 0; --n) {
      Episode e;
      e.id = p.id + "-" + std::to_string(p.episodes.size());
      e.enrolled = from;
      e.primary_scale = dice.of(kScales);
      if (n > 1 || dice.once_in(3)) {
        e.discharged = from.plus_days(std::max(0, some_distance(dice)));
        e.discharge_reason = dice.once_in(2) ? "moved" : "";
        from = e.discharged->plus_days(1 + dice.below(40));
      }
      p.episodes.push_back(e);
    }
    const auto day = [&] { return dice.of(p.episodes).enrolled.plus_days(some_distance(dice)); };
    for (int n = dice.below(6); n > 0; --n) p.contacts.push_back({day()});
    for (int n = dice.below(6); n > 0; --n) p.score(dice.of(kScored), day(), dice.of(kTotals), 10 + dice.below(3));
    for (int n = dice.below(4); n > 0; --n) {
      const Date on = day();
      p.reviews.push_back({on, dice.below(4) != 0});
      if (dice.below(3) != 0) {
        Recommendation advice{on, dice.of(kKinds), std::nullopt, std::nullopt};
        if (dice.once_in(3)) advice.done = on.plus_days(some_distance(dice));
        p.recommendations.push_back(advice);
      }
    }
    for (int n = dice.below(4); n > 0; --n) {
      const Date on = p.recommendations.empty() || dice.once_in(2)
                          ? day()
                          : dice.of(p.recommendations).reviewed.plus_days(some_distance(dice));
      p.steps.push_back({on, static_cast<TreatmentStep::What>(dice.below(3))});
    }
    rows.push_back(std::move(p));
  }
  return rows;
}

// ---- the second reading: walks the days

struct Second {
  std::map<F, std::pair<std::int64_t, std::int64_t>> figures;  ///< numerator, denominator
  std::vector<double> phq9, to_contact, to_change;
};

bool has_contact(const PatientRows& p, Date day) {
  for (const auto& c : p.contacts)
    if (c.date == day) return true;
  return false;
}
bool is_phq(const std::string& instrument) { return instrument == "phq-9" || instrument == "phq-9m"; }
/// The last of the day, by the hour, then by entry.
std::optional<double> phq_of(const PatientRows& p, Date day, bool first) {
  std::optional<double> total;
  std::int64_t at = 0;
  for (const auto& [instrument, s] : p.scores) {
    if (!is_phq(instrument) || s.date != day) continue;
    if (total && (first ? s.at >= at : s.at < at)) continue;
    total = s.total;
    at = s.at;
  }
  return total;
}
bool better(double from, double to) { return to < 10 || to * 2 <= from; }

/// Baseline and current of an episode, walked from enrolment to a day.
struct Walk {
  std::optional<double> baseline, current, latest;
};
Walk walk_scores(const PatientRows& p, Date from, Date to) {
  Walk walk;
  for (Date day = from; day <= to; day = day.plus_days(1)) {
    if (const auto last = phq_of(p, day, false)) {
      if (walk.baseline) walk.current = last;
      else walk.baseline = phq_of(p, day, true);
      walk.latest = last;
    }
  }
  return walk;
}

Second second_reading(const std::vector<PatientRows>& rows, const ReportPeriod& period, const AimsRules& r) {
  Second out;
  const Date first = period.first, until = period.until;
  const auto add = [&](F figure, bool counts) {
    out.figures[figure].first += counts;
    ++out.figures[figure].second;
  };
  const auto ended = [&](F figure, Date day, bool reached) {
    if (day >= first && day <= until) add(figure, reached);
  };
  for (const auto& p : rows) {
    const Episode* stands = nullptr;
    std::optional<Date> stands_over;
    for (const auto& e : p.episodes) {
      if (e.enrolled > until) continue;
      const bool is_closed = e.discharged && *e.discharged <= until;
      const Date end = is_closed ? *e.discharged : until;
      // Inactivity: count the silent days up to the end.
      Date latest = e.enrolled;
      for (Date day = e.enrolled; day <= end; day = day.plus_days(1))
        if (has_contact(p, day)) latest = day;
      std::optional<Date> over;
      if (latest.plus_days(90) <= until) over = latest.plus_days(90);
      if (is_closed && (!over || *e.discharged < *over)) over = *e.discharged;
      if (!over || *over >= first) {
        stands = &e;
        stands_over = over;
      }

      for (Date month = first; month <= until; month = month.plus_months(1)) {
        bool enrolled = false;
        for (Date day = month; day <= month.last_of_month() && day <= until; day = day.plus_days(1))
          enrolled = enrolled || (day >= e.enrolled && (!over || day <= *over));
        out.figures[F::contacts_per_month].second += enrolled;
      }
      bool in_period = !over || *over >= first;
      for (const auto& c : p.contacts)
        if (in_period && c.date >= first && c.date >= e.enrolled && c.date <= end) ++out.figures[F::contacts_per_month].first;

      std::optional<Date> contact;
      for (Date day = e.enrolled.plus_days(1); day <= end && !contact; day = day.plus_days(1))
        if (has_contact(p, day)) contact = day;
      if (contact && *contact >= first) {
        add(F::days_to_first_contact, true);
        out.to_contact.push_back(*contact - e.enrolled);
      }
      const Date four_weeks = e.enrolled.plus_days(28);
      for (Date day = e.enrolled; day <= until; day = day.plus_days(1)) {
        if (contact == day && day <= four_weeks) {
          ended(F::first_contact, day, true);
          break;
        }
        if (is_closed && day == *e.discharged && day < four_weeks) {
          if (r.early_discharge_counts) ended(F::first_contact, day, false);
          break;
        }
        if (day == four_weeks) {
          ended(F::first_contact, day, false);
          break;
        }
      }

      for (const auto& c : p.contacts) {
        if (c.date < first || c.date < e.enrolled || c.date > end) continue;
        bool scored = false;
        for (const auto& [instrument, s] : p.scores)
          if ((instrument == e.primary_scale || (is_phq(instrument) && is_phq(e.primary_scale))) && s.date >= e.enrolled &&
              s.date <= c.date && s.date >= c.date.plus_days(-7))
            scored = true;
        add(F::score_at_contact, scored);
      }

      if (is_phq(e.primary_scale) && e.enrolled.plus_days(56) <= end) {
        const Walk walk = walk_scores(p, e.enrolled, e.enrolled.plus_days(56));
        const bool asked = walk.baseline && (!r.needs_elevated_baseline || *walk.baseline >= 10) &&
                           !(walk.current && better(*walk.baseline, *walk.current));
        for (Date day = e.enrolled.plus_days(56); asked && day <= until; day = day.plus_days(1)) {
          bool reviewed = false;
          for (const auto& review : p.reviews)
            if (review.date == day && day <= end && (review.has_recommendation || !r.review_needs_recommendation))
              reviewed = true;
          const bool is_last = day == e.enrolled.plus_days(84);
          const bool is_cut = is_closed && day == *e.discharged && !is_last;
          if (reviewed) ended(F::reviewed_weeks_8_to_12, day, true);
          else if (is_last || (is_cut && r.early_discharge_counts)) ended(F::reviewed_weeks_8_to_12, day, false);
          if (reviewed || is_last || is_cut) break;
        }
      }

      for (Date review = e.enrolled; review <= end; review = review.plus_days(1)) {
        bool asks = false;
        for (const auto& advice : p.recommendations)
          asks = asks || (advice.reviewed == review && advice.kind != "continue" && advice.kind != "labs");
        if (!asks) continue;
        std::optional<Date> change;
        for (Date day = review; day <= end && !change; day = day.plus_days(1)) {
          for (const auto& step : p.steps)
            if (step.date == day) change = day;
          for (const auto& advice : p.recommendations)
            if (advice.reviewed == review && advice.kind != "continue" && advice.kind != "labs" && advice.done == day)
              change = day;
        }
        if (change && *change >= first && *change - review <= 84) {
          out.to_change.push_back(*change - review);
          add(F::days_to_change, true);
        }
        for (Date day = review; day <= until; day = day.plus_days(1)) {
          const bool is_last = day == review.plus_days(14);
          const bool is_cut = is_closed && day == *e.discharged && !is_last;
          if (change == day) ended(F::change_after_review, day, true);
          else if (is_last || (is_cut && r.early_discharge_counts)) ended(F::change_after_review, day, false);
          if (change == day || is_last || is_cut) break;
        }
      }
    }
    if (!stands) continue;
    const Episode& e = *stands;
    const Date end = e.discharged && *e.discharged <= until ? *e.discharged : until;
    add(F::caseload, true);
    if (!stands_over) add(F::active_caseload, true);
    int contacts = 0;
    for (const auto& c : p.contacts) {
      const auto month = [](Date day) {
        return 12 * static_cast<int>(day.parts().year()) + static_cast<int>(static_cast<unsigned>(day.parts().month()));
      };
      contacts += c.date >= e.enrolled && c.date <= end && month(until) - month(c.date) < 3;
    }
    add(F::three_contacts, contacts >= 3);
    const Walk walk = is_phq(e.primary_scale) ? walk_scores(p, e.enrolled, end) : Walk{};
    if (walk.baseline && stands_over.value_or(until) - e.enrolled >= 70 && (!r.needs_elevated_baseline || *walk.baseline >= 10)) {
      const bool improved = walk.current && better(*walk.baseline, *walk.current);
      add(F::improved, improved);
      if (!improved) {
        bool consulted = false, changed = false;
        for (const auto& review : p.reviews)
          consulted = consulted || (review.date >= e.enrolled && review.date <= end &&
                                    (review.has_recommendation || !r.review_needs_recommendation));
        for (const auto& step : p.steps) changed = changed || (step.date > e.enrolled && step.date <= end);
        add(F::consulted, consulted);
        add(F::changed, changed);
      }
    }
    if (!stands_over && walk.latest) {
      add(F::median_phq9, true);
      out.phq9.push_back(*walk.latest);
    }
    if (!stands_over && !e.primary_scale.empty() && until - e.enrolled >= 29) {
      bool scored = false;
      for (const auto& [instrument, s] : p.scores)
        scored = scored || ((instrument == e.primary_scale || (is_phq(instrument) && is_phq(e.primary_scale))) &&
                            until - s.date < 30 && s.date <= end && s.date >= e.enrolled);
      add(F::score_monitored, scored);
    }
  }
  return out;
}

std::optional<double> middle(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double twice = values[(values.size() - 1) / 2] + values[values.size() / 2];
  return static_cast<double>(static_cast<int>(twice * 5 + 0.5 + 1e-9)) / 10;  // tenths, half up
}

void expect_alike(const AimsReport& ours, const Second& theirs) {
  for (std::size_t f = 0; f < kAimsFigures; ++f) {
    const F figure = static_cast<F>(f);
    if (!info(figure).is_of_lines) continue;
    const auto found = theirs.figures.find(figure);
    const auto second = found == theirs.figures.end() ? std::pair<std::int64_t, std::int64_t>{} : found->second;
    EXPECT_EQ(ours.total(figure).numerator, second.first) << "numerator of " << info(figure).id;
    EXPECT_EQ(ours.total(figure).denominator, second.second) << "denominator of " << info(figure).id;
  }
  EXPECT_EQ(ours.total(F::median_phq9).value, middle(theirs.phq9));
  EXPECT_EQ(ours.total(F::days_to_first_contact).value, middle(theirs.to_contact));
  EXPECT_EQ(ours.total(F::days_to_change).value, middle(theirs.to_change));
}

TEST(AimsReport, TenThousandRandomClinicsAreReadAlikeByASecondReading) {
  std::int64_t most[kAimsFigures] = {};
  for (std::uint64_t seed = 1; seed <= 10000; ++seed) {
    Dice dice(seed);
    ReportPeriod period = dice.once_in(3) ? *ReportPeriod::month("2026-02") : quarter();
    if (dice.once_in(4)) period = *period.known_on(period.first.plus_days(dice.below(40)));
    AimsRules changed = rules();
    changed.needs_elevated_baseline = !dice.once_in(4);
    changed.review_needs_recommendation = !dice.once_in(4);
    changed.early_discharge_counts = !dice.once_in(4);
    const auto rows = random_rows(dice, period);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto report = aims_report(clinic_of(rows), changed, period);
    expect_alike(report, second_reading(rows, period, changed));
    for (std::size_t f = 0; f < kAimsFigures; ++f)
      most[f] += report.totals[f].denominator > report.totals[f].numerator || info(static_cast<F>(f)).kind != "rate";
    if (HasFailure()) break;  // the first seed is enough to look at
  }
  for (std::size_t f = 0; f < kAimsFigures; ++f)
    EXPECT_GT(most[f], 500) << "the dice hardly ever ask " << info(static_cast<F>(f)).id;
}

TEST(AimsReport, AQuarterIsTheSumOfItsMonthsForEverythingThatHasAClock) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Dice dice(seed);
    const auto clinic = clinic_of(random_rows(dice, quarter()));
    const auto whole = aims_report(clinic, rules(), quarter());
    for (const F figure : {F::first_contact, F::reviewed_weeks_8_to_12, F::change_after_review, F::days_to_first_contact,
                           F::days_to_change, F::score_at_contact}) {
      std::int64_t numerator = 0, denominator = 0;
      for (const char* month : {"2026-01", "2026-02", "2026-03"}) {
        const auto part = aims_report(clinic, rules(), *ReportPeriod::month(month));
        numerator += part.total(figure).numerator;
        denominator += part.total(figure).denominator;
      }
      EXPECT_EQ(whole.total(figure).numerator, numerator) << info(figure).id << " seed " << seed;
      EXPECT_EQ(whole.total(figure).denominator, denominator) << info(figure).id << " seed " << seed;
    }
  }
}

TEST(AimsReport, EveryFigureIsTheSumOfItsLinesAndEveryLineSaysWhy) {
  Dice dice(7);
  for (int i = 0; i < 300; ++i) {
    const auto report = aims_report(clinic_of(random_rows(dice, quarter())), rules(), quarter());
    for (std::size_t f = 0; f < kAimsFigures; ++f) {
      if (!kAimsFigures || !info(static_cast<F>(f)).is_of_lines) continue;
      std::int64_t numerator = 0, denominator = 0;
      for (const auto& line : report.lines) {
        numerator += line.shares[f].numerator;
        denominator += line.shares[f].denominator;
        EXPECT_FALSE(line.shares[f].reason.empty()) << info(static_cast<F>(f)).id;
      }
      EXPECT_EQ(report.totals[f].numerator, numerator);
      EXPECT_EQ(report.totals[f].denominator, denominator);
    }
  }
}

TEST(AimsReport, TheOrderOfPatientsDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const auto rows = random_rows(dice, quarter());
    EXPECT_EQ(aims_json(aims_report(clinic_of(rows), rules(), quarter()), rules()),
              aims_json(aims_report(clinic_of(rows, true), rules(), quarter()), rules()));
  }
}

// ---- a day before, at and after each boundary

struct Boundary {
  const char* what;
  F figure;
  std::function<void(PatientRows&, int)> shift;  ///< by days
  const char* before;
  const char* at;
  const char* after;
};

/// Enrolled 84 days before the last day of the quarter, not improved, twice contacted.
PatientRows usual() {
  PatientRows p;
  p.id = "p";
  Episode e;
  e.id = "e";
  e.enrolled = Date::ymd(2026, 1, 6);
  e.primary_scale = "phq-9";
  p.episodes.push_back(e);
  p.contacts = {{Date::ymd(2026, 1, 20)}, {Date::ymd(2026, 3, 1)}};
  p.score("phq-9", Date::ymd(2026, 1, 6), 18).score("phq-9", Date::ymd(2026, 2, 20), 16);
  return p;
}

TEST(AimsReport, ChangesItsMindOnTheVeryDayOfEachBoundary) {
  const Date enrolled = Date::ymd(2026, 1, 6), last = Date::ymd(2026, 3, 31), first = Date::ymd(2026, 1, 1);
  const auto enrol = [](PatientRows& p, Date day) {
    p.episodes[0].enrolled = day;
    p.scores[0].second.date = day;
  };
  const auto review = [&](int day) {
    return [=](PatientRows& p, int days) { p.reviews = {{enrolled.plus_days(day + days), true}}; };
  };
  const auto advised = [](PatientRows& p, Date day) {
    p.recommendations = {{day, "increase", std::nullopt, std::nullopt}};
    p.reviews = {{day, true}};
  };
  const Boundary kBoundaries[] = {
      {"enrolled on the last day", F::caseload, [&](PatientRows& p, int d) { enrol(p, last.plus_days(d)); }, "enrolled",
       "enrolled", nullptr},
      {"discharged on the first day", F::caseload,
       [&](PatientRows& p, int d) {
         enrol(p, Date::ymd(2025, 12, 1));
         p.episodes[0].discharged = first.plus_days(d);
       },
       "not_enrolled_in_period", "enrolled", "enrolled"},
      {"discharged on the last day", F::active_caseload,
       [&](PatientRows& p, int d) { p.episodes[0].discharged = last.plus_days(d); }, "discharged", "discharged",
       "enrolled_on_the_last_day"},
      {"silent for 90 days", F::active_caseload,
       [&](PatientRows& p, int d) {
         enrol(p, Date::ymd(2025, 12, 1));
         p.contacts = {{last.plus_days(-90 + d)}};
       },
       "inactive", "inactive", "enrolled_on_the_last_day"},
      {"third contact on the first day", F::three_contacts,
       [&](PatientRows& p, int d) {
         enrol(p, Date::ymd(2025, 12, 1));
         p.contacts.push_back({first.plus_days(d)});
       },
       "fewer_contacts", "enough_contacts", "enough_contacts"},
      {"contact on the day of enrolment", F::first_contact,
       [&](PatientRows& p, int d) { p.contacts = {{enrolled.plus_days(d)}}; }, "no_contact", "no_contact", "contact_in_time"},
      {"contact on day 28", F::first_contact, [&](PatientRows& p, int d) { p.contacts = {{enrolled.plus_days(28 + d)}}; },
       "contact_in_time", "contact_in_time", "contact_later"},
      {"four weeks end on the last day", F::first_contact,
       [&](PatientRows& p, int d) {
         enrol(p, last.plus_days(-28 + d));
         p.contacts.clear();
       },
       "no_contact", "no_contact", "not_due_yet"},
      {"four weeks end on the first day", F::first_contact,
       [&](PatientRows& p, int d) {
         enrol(p, first.plus_days(-28 + d));
         p.contacts.clear();
       },
       "clock_ended_earlier", "no_contact", "no_contact"},
      {"discharged on day 28 without a contact", F::first_contact,
       [&](PatientRows& p, int d) {
         p.contacts.clear();
         p.episodes[0].discharged = enrolled.plus_days(28 + d);
       },
       "discharged_without_contact", "no_contact", "no_contact"},
      {"score on the first of 30 days", F::score_monitored,
       [&](PatientRows& p, int d) { p.scores[1].second.date = last.plus_days(-29 + d); }, "score_older", "scored_in_the_window",
       "scored_in_the_window"},
      {"score on the last of 30 days", F::score_monitored,
       [&](PatientRows& p, int d) { p.scores[1].second.date = last.plus_days(d); }, "scored_in_the_window",
       "scored_in_the_window", "score_older"},
      {"enrolled on the first of 30 days", F::score_monitored,
       [&](PatientRows& p, int d) {
         enrol(p, last.plus_days(-29 + d));
         p.scores.clear();
       },
       "never_scored", "never_scored", "enrolled_within_the_window"},
      {"score 7 days before the contact", F::score_at_contact,
       [&](PatientRows& p, int d) {
         p.contacts = {{Date::ymd(2026, 2, 27)}};
         p.scores[1].second.date = Date::ymd(2026, 2, 20).plus_days(d);
       },
       "no_contact_scored", "every_contact_scored", "every_contact_scored"},
      {"score on the day of the contact", F::score_at_contact,
       [&](PatientRows& p, int d) {
         p.contacts = {{Date::ymd(2026, 2, 20)}};
         p.scores[1].second.date = Date::ymd(2026, 2, 20).plus_days(d);
       },
       "every_contact_scored", "every_contact_scored", "no_contact_scored"},
      {"enrolled 70 days", F::improved, [&](PatientRows& p, int d) { enrol(p, last.plus_days(-70 + d)); }, "not_improved",
       "not_improved", "under_10_weeks"},
      {"baseline of 10", F::improved, [&](PatientRows& p, int d) { p.scores[0].second.total = 10 + d; }, "baseline_not_elevated",
       "not_improved", "not_improved"},
      {"current of 10", F::improved, [&](PatientRows& p, int d) { p.scores[1].second.total = 10 + d; }, "improved",
       "not_improved", "not_improved"},
      {"half of 22", F::improved,
       [&](PatientRows& p, int d) {
         p.scores[0].second.total = 22;
         p.scores[1].second.total = 11 + d;
       },
       "improved", "improved", "not_improved"},
      {"later score on the last day", F::improved, [&](PatientRows& p, int d) { p.scores[1].second.date = last.plus_days(d); },
       "not_improved", "not_improved", "no_later_score"},
      {"second score on the baseline's day", F::improved,
       [&](PatientRows& p, int d) { p.scores[1].second.date = enrolled.plus_days(d); }, "no_later_score", "no_later_score",
       "not_improved"},
      {"consultation on the day of enrolment", F::consulted, review(0), "not_reviewed", "consulted", "consulted"},
      {"consultation on the last day", F::consulted, review(84), "consulted", "consulted", "not_reviewed"},
      {"treatment begun on the day of enrolment", F::changed,
       [&](PatientRows& p, int d) { p.steps = {{enrolled.plus_days(d), TreatmentStep::What::start}}; }, "not_changed",
       "not_changed", "changed"},
      {"change on the last day", F::changed,
       [&](PatientRows& p, int d) { p.steps = {{last.plus_days(d), TreatmentStep::What::dose}}; }, "changed", "changed",
       "not_changed"},
      {"review on day 56", F::reviewed_weeks_8_to_12, review(56), "not_reviewed", "reviewed_in_window", "reviewed_in_window"},
      {"review on day 84", F::reviewed_weeks_8_to_12,
       [&](PatientRows& p, int d) {
         enrol(p, enrolled.plus_days(-2));
         p.reviews = {{enrolled.plus_days(82 + d), true}};
       },
       "reviewed_in_window", "reviewed_in_window", "reviewed_later"},
      {"week 12 ends on the last day", F::reviewed_weeks_8_to_12, [&](PatientRows& p, int d) { enrol(p, enrolled.plus_days(d)); },
       "not_reviewed", "not_reviewed", "not_due_yet"},
      {"day 56 is the last day", F::reviewed_weeks_8_to_12, [&](PatientRows& p, int d) { enrol(p, last.plus_days(-56 + d)); },
       "not_due_yet", "not_due_yet", "before_week_8"},
      {"below 10 on day 56", F::reviewed_weeks_8_to_12,
       [&](PatientRows& p, int d) { p.score("phq-9", enrolled.plus_days(56 + d), 9); }, "improved_by_week_8",
       "improved_by_week_8", "not_reviewed"},
      {"discharged on day 56", F::reviewed_weeks_8_to_12,
       [&](PatientRows& p, int d) { p.episodes[0].discharged = enrolled.plus_days(56 + d); }, "discharged_before_week_8",
       "discharged_without_review", "discharged_without_review"},
      {"changed on the day of the review", F::change_after_review,
       [&](PatientRows& p, int d) {
         advised(p, Date::ymd(2026, 2, 1));
         p.steps = {{Date::ymd(2026, 2, 1).plus_days(d), TreatmentStep::What::dose}};
       },
       "not_changed_in_time", "changed_in_time", "changed_in_time"},
      {"changed on day 14", F::change_after_review,
       [&](PatientRows& p, int d) {
         advised(p, Date::ymd(2026, 2, 1));
         p.steps = {{Date::ymd(2026, 2, 15).plus_days(d), TreatmentStep::What::dose}};
       },
       "changed_in_time", "changed_in_time", "not_changed_in_time"},
      {"two weeks end on the last day", F::change_after_review,
       [&](PatientRows& p, int d) { advised(p, last.plus_days(-14 + d)); }, "not_changed_in_time", "not_changed_in_time",
       "not_due_yet"},
      {"changed 84 days after the review", F::days_to_change,
       [&](PatientRows& p, int d) {
         enrol(p, Date::ymd(2025, 12, 20));
         advised(p, Date::ymd(2025, 12, 31));
         p.steps = {{Date::ymd(2026, 3, 25).plus_days(d), TreatmentStep::What::dose}};
       },
       "changed_in_period", "changed_in_period", "no_change_in_period"},
  };
  for (const auto& boundary : kBoundaries) {
    const char* const expected[] = {boundary.before, boundary.at, boundary.after};
    for (int shift = -1; shift <= 1; ++shift) {
      SCOPED_TRACE(std::string(boundary.what) + (shift < 0 ? ", a day before" : shift > 0 ? ", a day after" : ""));
      auto p = usual();
      boundary.shift(p, shift);
      const auto report = aims_report(clinic_of({p}), rules(), quarter());
      if (!expected[shift + 1]) {
        EXPECT_TRUE(report.lines.empty());
      } else if (report.lines.size() != 1) {
        ADD_FAILURE() << "no line";
      } else {
        EXPECT_EQ(report.lines[0].share(boundary.figure).reason, expected[shift + 1]);
      }
    }
  }
}

TEST(AimsReport, CaseloadPerFullTimeEquivalentIsOfTheMeanOfTheAttestedMonths) {
  std::vector<PatientRows> rows;
  for (int i = 0; i < 5; ++i) {
    rows.push_back(usual());
    rows.back().id += std::to_string(i);
  }
  const auto with = [&](std::vector<std::pair<Date, double>> fte) {
    return aims_report(clinic_of(rows, false, std::move(fte)), rules(), quarter());
  };
  const auto both =
      with({{Date::ymd(2026, 1, 1), 0.5}, {Date::ymd(2026, 1, 1), 0.5}, {Date::ymd(2026, 3, 1), 2}, {Date::ymd(2026, 4, 1), 9}});
  EXPECT_EQ(both.fte, 1.5) << "two sites in January, nothing attested in February";
  EXPECT_EQ(both.total(F::caseload_per_fte).value, 3.3);
  EXPECT_EQ(with({}).fte, std::nullopt);
  EXPECT_EQ(with({}).total(F::caseload_per_fte).value, std::nullopt);
  EXPECT_EQ(with({{Date::ymd(2026, 1, 1), 0}}).total(F::caseload_per_fte).value, std::nullopt) << "nobody works there";
}

TEST(AimsReport, NobodyIsNobodyAndNeverNoughtPerCent) {
  const auto report = aims_report(clinic_of({}), rules(), quarter());
  EXPECT_FALSE(report.total(F::improved).percent());
  EXPECT_FALSE(report.total(F::median_phq9).value);
  const auto text = aims_json(report, rules());
  EXPECT_NE(text.find(R"("numerator":0,"denominator":0,"percent":null,"value":null,"unit":"percent")"), std::string::npos);
  EXPECT_NE(aims_table(report, rules()).find("nobody"), std::string::npos);
}

TEST(AimsReport, OfARunningQuarterNothingLaterThanTodayIsJudged) {
  auto p = usual();
  p.contacts.clear();
  const auto on = [&](Date today) {
    return aims_report(clinic_of({p}), rules(), *quarter().known_on(today)).lines[0].share(F::first_contact).reason;
  };
  EXPECT_EQ(on(Date::ymd(2026, 2, 2)), "not_due_yet");
  EXPECT_EQ(on(Date::ymd(2026, 2, 3)), "no_contact");
  EXPECT_FALSE(quarter().known_on(Date::ymd(2025, 12, 31))) << "has not begun";
}

TEST(AimsRules, PublishedFiguresStandWithTheirDenominatorAndSource) {
  ASSERT_EQ(rules().benchmarks.size(), 5u);
  for (const auto& b : rules().benchmarks) {
    EXPECT_FALSE(b.of.empty());
    EXPECT_NE(b.source.find("doi"), std::string::npos);
  }
  const auto text = aims_json(aims_report(clinic_of({}), rules(), quarter()), rules());
  EXPECT_NE(text.find(R"("value":80.5)"), std::string::npos);
  EXPECT_NE(text.find(R"("treatment_days":70)"), std::string::npos) << "a report carries its parameters";
}

TEST(AimsRules, ARuleSetWithAMistakeIsRefusedWithItsPlace) {
  const auto refused = [](std::string_view from, std::string_view to) {
    std::string text = rule_set_text("aims-2026");
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto loaded = load_aims_rules(text);
    return loaded || loaded.error().issues.empty() ? std::string("accepted") : loaded.error().issues[0].path;
  };
  EXPECT_EQ(refused(R"("treatment_days": {"value": 70)", R"("treatment_days": {"value": -1)"), "numbers.treatment_days.value");
  EXPECT_EQ(refused(R"("review_from_day": {"value": 56)", R"("review_from_day": {"value": 55)"), "numbers.review_from_day.value");
  EXPECT_EQ(refused(R"("treatment_days")", R"("treatment_dais")"), "numbers.treatment_dais");
  EXPECT_EQ(refused(R"("figure": "consulted")", R"("figure": "consultd")"), "benchmarks");
  EXPECT_EQ(refused(R"({"value": 90, "unit": "days", "source")", R"({"value": 90, "unit": "days", "sourse")"),
            "numbers.inactivity_days.source");
}

TEST(ReportPeriod, IsAMonthAQuarterOrAYear) {
  EXPECT_EQ(ReportPeriod::quarter("2026-Q1")->last, Date::ymd(2026, 3, 31));
  EXPECT_EQ(ReportPeriod::quarter("2026-Q4")->first, Date::ymd(2026, 10, 1));
  EXPECT_EQ(ReportPeriod::month("2024-02")->last, Date::ymd(2024, 2, 29));
  EXPECT_EQ(ReportPeriod::year("2026")->last, Date::ymd(2026, 12, 31));
  for (const char* text : {"2026-Q0", "2026-Q5", "2026-q1", "2026Q1", "Q1-2026", "2026-Q", "", "abcd-Q1", "2026-01"})
    EXPECT_FALSE(ReportPeriod::quarter(text)) << text;
  for (const char* text : {"26", "20266", "year", "", "2026-01", "1700", "2200"}) EXPECT_FALSE(ReportPeriod::year(text)) << text;
  for (const char* text : {"2026-13", "2026-3", "march", "", "2026-Q1"}) EXPECT_FALSE(ReportPeriod::month(text)) << text;
}

}  // namespace
}  // namespace concord::measures
