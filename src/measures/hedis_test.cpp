// The engine against a second reading of the same rules: plain loops over rows and days, nothing shared with hedis.cpp but the
// facts and the numbers. Golden patients by hand are in tests/golden/hedis.
#include "measures/hedis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "measures/made_up_clinic.h"

namespace concord::measures {
namespace {

using F = HedisFigure;

const HedisRules& rules() {
  static const auto loaded = std::move(load_hedis_rules(rule_set_text("hedis-my2026")).value());
  return loaded;
}
ReportPeriod year() { return *ReportPeriod::year("2026"); }

Date some_day(Dice& dice) {
  static const Date kEdges[] = {Date::ymd(2026, 1, 1), Date::ymd(2025, 12, 31), Date::ymd(2026, 12, 1), Date::ymd(2026, 12, 31),
                                Date::ymd(2025, 5, 1), Date::ymd(2026, 4, 30),  Date::ymd(2026, 5, 1),  Date::ymd(2026, 8, 31),
                                Date::ymd(2026, 9, 1), Date::ymd(2025, 1, 1)};
  if (dice.once_in(3)) return dice.of(kEdges).plus_days(dice.below(3) - 1);
  return Date::ymd(2024, 11, 1).plus_days(dice.below(800));
}
/// Near another day: at a distance that decides something.
Date near(Dice& dice, Date day) {
  static const int kDistances[] = {0, 0, 30, 120, 240};
  return day.plus_days(dice.of(kDistances) + dice.below(3) - 1);
}

std::vector<PatientRows> random_rows(Dice& dice) {
  static const char* const kScored[] = {"phq-9", "phq-9", "phq-9m", "phq-2", "epds", "gad-7"};
  static const char* const kConditions[] = {
      "depression", "depression", "depression", "depression", "perinatal_depression", "anxiety", "bipolar", "psychosis", ""};
  static const char* const kCodes[] = {"F319", "F3181", "F302", "F603", "F250", "F840", "F329", "Z515", "F61"};
  static const double kTotals[] = {0, 2, 3, 4, 5, 9, 9, 10, 11, 18, 20};
  std::vector<PatientRows> rows;
  for (int i = dice.below(5); i >= 0; --i) {
    PatientRows p;
    p.id = "p" + std::to_string(i);
    if (dice.once_in(4)) p.born = Date::ymd(2014, 1, 1).plus_days(dice.below(400) - 200);
    if (dice.once_in(20)) p.born = std::nullopt;
    for (int n = dice.below(6); n > 0; --n) {
      const Date day = p.scores.empty() || dice.once_in(2) ? some_day(dice) : near(dice, dice.of(p.scores).second.date);
      p.score(dice.of(kScored), day, dice.of(kTotals), 10 + dice.below(3));
    }
    if (dice.once_in(2)) {  // in care since an elevated score, and scored again
      const Date index = Date::ymd(2025, 4, 25).plus_days(dice.below(375));
      p.score("phq-9", index, dice.once_in(3) ? 20 : 10 + dice.below(10));
      Episode e;
      e.id = p.id + "-drr";
      e.enrolled = index.plus_days(dice.below(60) - 25);
      e.discharged = e.enrolled.plus_days(dice.below(300));
      e.primary_condition = "depression";
      p.episodes.push_back(e);
      for (int n = dice.below(3); n > 0; --n) p.score("phq-9", near(dice, index), dice.of(kTotals), 10 + dice.below(3));
    }
    const auto around = [&] {
      return p.scores.empty() || dice.once_in(2) ? some_day(dice) : near(dice, dice.of(p.scores).second.date);
    };
    Date from = around();
    for (int n = dice.below(3); n > 0; --n) {
      Episode e;
      e.id = p.id + "-" + std::to_string(n);
      e.enrolled = from;
      e.primary_condition = dice.of(kConditions);
      if (n > 1 || dice.once_in(2)) {
        e.discharged = from.plus_days(dice.below(300));
        from = e.discharged->plus_days(1 + dice.below(30));
      }
      p.episodes.push_back(e);
    }
    for (int n = dice.below(2); n > 0; --n) p.contacts.push_back({around()});
    for (int n = dice.below(2); n > 0; --n) p.steps.push_back({around(), static_cast<TreatmentStep::What>(dice.below(3))});
    for (int n = dice.below(5); n > 0; --n) p.visits.push_back({around(), dice.once_in(2), dice.once_in(20)});
    if (dice.once_in(6)) p.diagnoses.push_back({around(), dice.of(kCodes)});
    if (dice.once_in(20)) p.died = around();
    if (!p.episodes.empty() && p.episodes.back().discharged && dice.once_in(20)) p.episodes.back().discharge_reason = "died";
    rows.push_back(std::move(p));
  }
  return rows;
}

// ---- the second reading

struct Second {
  Rate figures[kHedisFigures];
};

bool depression(const Episode& e) { return e.primary_condition == "depression" || e.primary_condition == "perinatal_depression"; }
bool phq(const std::string& instrument) { return instrument == "phq-9" || instrument == "phq-9m"; }
bool in_care(const PatientRows& p, Date day, Date known) {
  for (const auto& e : p.episodes)
    if (depression(e) && e.enrolled <= known && day >= e.enrolled && day <= e.discharged.value_or(day)) return true;
  return false;
}
std::optional<bool> positive(const std::string& instrument, double total) {
  if (instrument == "phq-2") return total >= 3;
  if (phq(instrument) || instrument == "epds") return total >= 10;
  return std::nullopt;
}
bool twelve(const PatientRows& p, Date day) { return p.born && p.born->plus_months(144) <= day; }

/// Out of a measure whatever else is so: the days are walked from the first to the last of which something is known.
bool excluded(const PatientRows& p, char measure, Date until) {
  const Date year_begins = Date::ymd(2026, 1, 1);
  for (Date day = Date::ymd(2024, 9, 1); day <= until; day = day.plus_days(1)) {
    if (p.died == day) return true;
    for (const auto& e : p.episodes) {
      if (e.discharged == day && e.discharge_reason == "died") return true;
      if (e.enrolled != day) continue;
      if (e.primary_condition == "bipolar" && (measure != 's' || day < year_begins)) return true;
      if (e.primary_condition == "psychosis" && measure != 's') return true;
    }
    for (const auto& d : p.diagnoses) {
      if (d.since != day) continue;
      const std::string three = d.code.substr(0, 3);
      if ((three == "F30" || three == "F31") && (measure != 's' || day < year_begins)) return true;
      if (measure != 's' && (three == "F60" || three == "F84" || (three >= "F20" && three <= "F29"))) return true;
    }
  }
  return false;
}
bool in_hospice(const PatientRows& p, Date from, Date until) {
  for (const auto& v : p.visits)
    if (v.is_hospice && v.date >= from && v.date <= until) return true;
  return false;
}

Second second_reading(const std::vector<PatientRows>& rows, Date until, const HedisRules& r) {
  Second out;
  const auto add = [&](F figure, bool counts) {
    ++out.figures[static_cast<std::size_t>(figure)].denominator;
    out.figures[static_cast<std::size_t>(figure)].numerator += counts;
  };
  const Date first = Date::ymd(2026, 1, 1);
  for (const auto& p : rows) {
    bool visited = false, known = false;
    for (const auto& v : p.visits) visited = visited || (v.date >= first && v.date <= until);
    for (const auto& e : p.episodes)
      known = known || (depression(e) && e.enrolled < first && e.discharged.value_or(first) >= Date::ymd(2025, 1, 1));
    if (visited && twelve(p, first) && !(known && r.known_depression_excluded) && !excluded(p, 's', until) &&
        !in_hospice(p, first, until)) {
      bool screened = false, found = false;
      for (Date day = first; day <= until && day <= Date::ymd(2026, 12, 1); day = day.plus_days(1)) {
        bool any_positive = false, long_positive = false, long_negative = false;
        for (const auto& [instrument, s] : p.scores) {
          const auto result = positive(instrument, s.total);
          if (s.date != day || !result) continue;
          screened = true;
          any_positive = any_positive || *result;
          long_positive = long_positive || (*result && instrument != "phq-2");
          long_negative = long_negative || (!*result && instrument != "phq-2");
        }
        if (!any_positive || found) continue;
        found = true;
        if (r.same_day_negative_counts && long_negative && !long_positive) {
          add(F::dsf_follow_up, true);
          continue;
        }
        bool care = false;
        for (Date d = day; d <= day.plus_days(30) && d <= until; d = d.plus_days(1)) {
          for (const auto& c : p.contacts) care = care || c.date == d;
          for (const auto& e : p.episodes) care = care || e.enrolled == d;
          for (const auto& s : p.steps) care = care || (s.date == d && s.what == TreatmentStep::What::start);
          for (const auto& v : p.visits) care = care || (v.date == d && in_care(p, d, until));
        }
        if (care || day.plus_days(30) <= until) add(F::dsf_follow_up, care);
      }
      add(F::dsf_screening, screened);
    }
    for (int i = 0; i < 3; ++i) {
      const auto of_third = [&](Date day) {
        return day >= first && day <= until && day.parts().year() == std::chrono::year(2026) &&
               (static_cast<int>(static_cast<unsigned>(day.parts().month())) - 1) / 4 == i;
      };
      bool encounter = false, scored = false;
      for (const auto& v : p.visits)
        encounter = encounter || (of_third(v.date) && in_care(p, v.date, until) && twelve(p, v.date));
      for (const auto& c : p.contacts)
        if (r.depression_encounters.size() == 2)
          encounter = encounter || (of_third(c.date) && in_care(p, c.date, until) && twelve(p, c.date));
      for (const auto& [instrument, s] : p.scores) scored = scored || (phq(instrument) && of_third(s.date));
      if (encounter && !excluded(p, 'm', until) && !in_hospice(p, first, until))
        add(static_cast<F>(static_cast<int>(F::dms_first) + i), scored);
    }
    const Date intake = Date::ymd(2025, static_cast<unsigned>(r.intake_first_month), 1);
    const Score* index = nullptr;
    for (const auto& [instrument, s] : p.scores) {
      if (!phq(instrument) || s.total <= 9 || s.date < intake || s.date >= intake.plus_months(12) || s.date > until) continue;
      bool ill = in_care(p, s.date, until);
      for (const auto& e : p.episodes)
        ill = ill || (depression(e) && e.enrolled <= until && e.enrolled >= s.date && e.enrolled <= s.date.plus_days(30));
      if (!ill || !twelve(p, s.date)) continue;
      if (!index || s.date < index->date || (s.date == index->date && s.at < index->at)) index = &s;
    }
    if (!index || index->date.plus_days(240) > until) continue;
    if (excluded(p, 'r', until) || in_hospice(p, intake, until)) continue;
    const Score* last = nullptr;
    bool remission = false, response = false;
    for (const auto& [instrument, s] : p.scores) {
      if (!phq(instrument) || s.date < index->date.plus_days(120) || s.date > index->date.plus_days(240)) continue;
      remission = remission || s.total < 5;
      response = response || s.total * 2 <= index->total;
      if (!last || s.date > last->date || (s.date == last->date && s.at >= last->at)) last = &s;
    }
    if (last && r.most_recent_score) {
      remission = last->total < 5;
      response = last->total * 2 <= index->total;
    }
    add(F::drr_follow_up, last != nullptr);
    add(F::drr_remission, remission);
    add(F::drr_response, response);
  }
  return out;
}

TEST(HedisReport, TenThousandRandomClinicsAreReadAlikeByASecondReading) {
  std::int64_t asked[kHedisFigures] = {}, met[kHedisFigures] = {};
  for (std::uint64_t seed = 1; seed <= 10000; ++seed) {
    Dice dice(seed);
    ReportPeriod period = year();
    if (dice.once_in(4)) period = *period.known_on(period.first.plus_days(dice.below(365)));
    HedisRules changed = rules();
    changed.same_day_negative_counts = !dice.once_in(4);
    changed.most_recent_score = !dice.once_in(4);
    changed.known_depression_excluded = !dice.once_in(4);
    if (dice.once_in(4)) changed.intake_first_month = 6;
    if (dice.once_in(4)) changed.depression_encounters = {"visit"};
    const auto rows = random_rows(dice);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto ours = hedis_report(clinic_of(rows), changed, period);
    const auto theirs = second_reading(rows, period.until, changed);
    for (std::size_t f = 0; f < kHedisFigures; ++f) {
      EXPECT_EQ(ours.totals[f].numerator, theirs.figures[f].numerator) << info(static_cast<F>(f)).id;
      EXPECT_EQ(ours.totals[f].denominator, theirs.figures[f].denominator) << info(static_cast<F>(f)).id;
      asked[f] += ours.totals[f].denominator;
      met[f] += ours.totals[f].numerator;
    }
    if (HasFailure()) break;  // the first seed is enough to look at
  }
  for (std::size_t f = 0; f < kHedisFigures; ++f) {
    EXPECT_GT(met[f], 100) << "the dice hardly ever meet " << info(static_cast<F>(f)).id;
    EXPECT_GT(asked[f] - met[f], 100) << "the dice hardly ever miss " << info(static_cast<F>(f)).id;
  }
}

TEST(HedisReport, TheOrderOfPatientsDoesNotMatterAndFiguresAreSumsOfLines) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const auto rows = random_rows(dice);
    const auto report = hedis_report(clinic_of(rows), rules(), year());
    EXPECT_EQ(hedis_json(report, rules()), hedis_json(hedis_report(clinic_of(rows, true), rules(), year()), rules()));
    for (std::size_t f = 0; f < kHedisFigures; ++f) {
      Rate sum;
      for (const auto& line : report.lines) {
        count(line.standings[f], sum);
        EXPECT_FALSE(line.standings[f].reason.empty());
      }
      EXPECT_EQ(sum.numerator, report.totals[f].numerator);
      EXPECT_EQ(sum.denominator, report.totals[f].denominator);
    }
  }
}

// ---- a day before, at and after each boundary

struct Boundary {
  const char* what;
  F figure;
  std::function<void(PatientRows&, int)> build;  ///< shifted by days or points
  const char* before;
  const char* at;
  const char* after;
};

TEST(HedisReport, ChangesItsMindOnTheVeryDayOfEachBoundary) {
  const Date visit = Date::ymd(2026, 3, 10);
  const auto seen = [=](PatientRows& p) { p.visits.push_back({visit, true}); };
  const auto cared = [](PatientRows& p, Date from, std::optional<Date> to = std::nullopt) {
    Episode e;
    e.id = "e";
    e.enrolled = from;
    e.discharged = to;
    e.primary_condition = "depression";
    p.episodes.push_back(e);
  };
  const auto index = [&](PatientRows& p, Date day, double total = 18) {
    cared(p, day);
    p.score("phq-9", day, total);
  };
  const Date indexed = Date::ymd(2025, 9, 1);
  const Boundary kBoundaries[] = {
      {"visit on 1 January", F::dsf_screening,
       [&](PatientRows& p, int d) { p.visits.push_back({Date::ymd(2026, 1, 1).plus_days(d), true}); }, "", "not_screened",
       "not_screened"},
      {"visit on 31 December", F::dsf_screening,
       [&](PatientRows& p, int d) { p.visits.push_back({Date::ymd(2026, 12, 31).plus_days(d), true}); }, "not_screened",
       "not_screened", ""},
      {"twelfth birthday on 1 January", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.born = Date::ymd(2014, 1, 1).plus_days(d);
       },
       "not_screened", "not_screened", "too_young"},
      {"screened on 1 January", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-2", Date::ymd(2026, 1, 1).plus_days(d), 0);
       },
       "not_screened", "screened", "screened"},
      {"screened on 1 December", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-2", Date::ymd(2026, 12, 1).plus_days(d), 0);
       },
       "screened", "screened", "screened_too_late"},
      {"episode of depression begins on 1 January", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         cared(p, Date::ymd(2026, 1, 1).plus_days(d));
       },
       "known_depression", "not_screened", "not_screened"},
      {"episode of depression ended a year before", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         cared(p, Date::ymd(2024, 10, 1), Date::ymd(2025, 1, 1).plus_days(d));
       },
       "not_screened", "known_depression", "known_depression"},
      {"PHQ-2 of 3", F::dsf_follow_up,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-2", visit, 3 + d);
       },
       "screened_negative", "no_care_in_time", "no_care_in_time"},
      {"PHQ-9 of 10", F::dsf_follow_up,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-9", visit, 10 + d);
       },
       "screened_negative", "no_care_in_time", "no_care_in_time"},
      {"PHQ-9 negative on the day of a positive PHQ-2", F::dsf_follow_up,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-2", visit, 4).score("phq-9", visit.plus_days(d), 9);
       },
       "no_care_in_time", "same_day_negative", "no_care_in_time"},
      {"contact on day 30", F::dsf_follow_up,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-9", visit, 12);
         p.contacts.push_back({visit.plus_days(30 + d)});
       },
       "cared_for_in_time", "cared_for_in_time", "no_care_in_time"},
      {"contact on the day of the screen", F::dsf_follow_up,
       [&](PatientRows& p, int d) {
         seen(p);
         p.score("phq-9", visit, 12);
         p.contacts.push_back({visit.plus_days(d)});
       },
       "no_care_in_time", "cared_for_in_time", "cared_for_in_time"},
      {"encounter on 30 April", F::dms_first,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1));
         p.visits.push_back({Date::ymd(2026, 4, 30).plus_days(d), true});
       },
       "no_phq9_in_the_period", "no_phq9_in_the_period", "no_depression_encounter"},
      {"encounter on 1 May", F::dms_second,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1));
         p.visits.push_back({Date::ymd(2026, 5, 1).plus_days(d), true});
       },
       "no_depression_encounter", "no_phq9_in_the_period", "no_phq9_in_the_period"},
      {"contact on 1 May", F::dms_second,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1));
         p.contacts.push_back({Date::ymd(2026, 5, 1).plus_days(d)});
       },
       "no_depression_encounter", "no_phq9_in_the_period", "no_phq9_in_the_period"},
      {"contact on 31 December", F::dms_third,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1));
         p.contacts.push_back({Date::ymd(2026, 12, 31).plus_days(d)});
       },
       "no_phq9_in_the_period", "no_phq9_in_the_period", ""},
      {"contact on the day of discharge", F::dms_first,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1), visit);
         p.contacts.push_back({visit.plus_days(d)});
       },
       "no_phq9_in_the_period", "no_phq9_in_the_period", ""},
      {"PHQ-9 on 1 September", F::dms_third,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1));
         p.visits.push_back({Date::ymd(2026, 10, 1), true});
         p.score("phq-9", Date::ymd(2026, 9, 1).plus_days(d), 9);
       },
       "no_phq9_in_the_period", "phq9_in_the_period", "phq9_in_the_period"},
      {"visit on the day of enrolment", F::dms_first,
       [&](PatientRows& p, int d) {
         cared(p, visit);
         p.visits.push_back({visit.plus_days(d), true});
       },
       "no_depression_encounter", "no_phq9_in_the_period", "no_phq9_in_the_period"},
      {"visit on the day of discharge", F::dms_first,
       [&](PatientRows& p, int d) {
         cared(p, Date::ymd(2025, 6, 1), visit);
         p.visits.push_back({visit.plus_days(d), true});
       },
       "no_phq9_in_the_period", "no_phq9_in_the_period", "no_depression_encounter"},
      {"index on 1 May", F::drr_follow_up, [&](PatientRows& p, int d) { index(p, Date::ymd(2025, 5, 1).plus_days(d)); }, "",
       "no_score_in_the_window", "no_score_in_the_window"},
      {"index on 30 April", F::drr_follow_up, [&](PatientRows& p, int d) { index(p, Date::ymd(2026, 4, 30).plus_days(d)); },
       "no_score_in_the_window", "no_score_in_the_window", ""},
      {"index of 10", F::drr_follow_up, [&](PatientRows& p, int d) { index(p, indexed, 10 + d); }, "", "no_score_in_the_window",
       "no_score_in_the_window"},
      {"depression begins 30 days after the index", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         p.score("phq-9", indexed, 15);
         cared(p, indexed.plus_days(30 + d));
       },
       "no_score_in_the_window", "no_score_in_the_window", "no_depression"},
      {"depression ended on the day of the index", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         p.score("phq-9", indexed, 15);
         cared(p, Date::ymd(2025, 6, 1), indexed.plus_days(d));
       },
       "no_depression", "no_score_in_the_window", "no_score_in_the_window"},
      {"score on day 120", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.score("phq-9", indexed.plus_days(120 + d), 8);
       },
       "no_score_in_the_window", "score_in_the_window", "score_in_the_window"},
      {"score on day 240", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.score("phq-9", indexed.plus_days(240 + d), 8);
       },
       "score_in_the_window", "score_in_the_window", "no_score_in_the_window"},
      {"last score of 5", F::drr_remission,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.score("phq-9", indexed.plus_days(150), 5 + d);
       },
       "remission", "no_remission", "no_remission"},
      {"half of 18", F::drr_response,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.score("phq-9", indexed.plus_days(150), 9 + d);
       },
       "response", "response", "no_response"},
      {"died on 31 December", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.died = Date::ymd(2026, 12, 31).plus_days(d);
       },
       "excluded_died", "excluded_died", "not_screened"},
      {"the episode ended with death on 31 December", F::dms_first,
       [&](PatientRows& p, int d) {
         seen(p);
         cared(p, Date::ymd(2025, 6, 1), Date::ymd(2026, 12, 31).plus_days(d));
         p.episodes[0].discharge_reason = "died";
       },
       "excluded_died", "excluded_died", "no_phq9_in_the_period"},
      {"hospice care on 1 January", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.visits.push_back({Date::ymd(2026, 1, 1).plus_days(d), false, true});
       },
       "not_screened", "excluded_hospice", "excluded_hospice"},
      {"hospice care on the first day of the intake", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.visits.push_back({Date::ymd(2025, 5, 1).plus_days(d), false, true});
       },
       "no_score_in_the_window", "excluded_hospice", "excluded_hospice"},
      {"bipolar since 1 January: of screening", F::dsf_screening,
       [&](PatientRows& p, int d) {
         seen(p);
         p.diagnoses.push_back({Date::ymd(2026, 1, 1).plus_days(d), "F319"});
       },
       "excluded_bipolar", "not_screened", "not_screened"},
      {"bipolar since 31 December: of monitoring", F::dms_first,
       [&](PatientRows& p, int d) {
         seen(p);
         cared(p, Date::ymd(2025, 6, 1));
         p.diagnoses.push_back({Date::ymd(2026, 12, 31).plus_days(d), "F3181"});
       },
       "excluded_bipolar", "excluded_bipolar", "no_phq9_in_the_period"},
      {"an episode of psychosis since 31 December", F::drr_follow_up,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         Episode e;
         e.id = "later";
         e.enrolled = Date::ymd(2026, 12, 31).plus_days(d);
         e.primary_condition = "psychosis";
         p.episodes.push_back(e);
       },
       "excluded_psychotic_disorder", "excluded_psychotic_disorder", "no_score_in_the_window"},
      {"personality disorder since 31 December", F::drr_response,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.diagnoses.push_back({Date::ymd(2026, 12, 31).plus_days(d), "F603"});
       },
       "excluded_personality_disorder", "excluded_personality_disorder", "no_score_in_the_window"},
      {"developmental disorder since 31 December", F::dms_first,
       [&](PatientRows& p, int d) {
         seen(p);
         cared(p, Date::ymd(2025, 6, 1));
         p.diagnoses.push_back({Date::ymd(2026, 12, 31).plus_days(d), "F845"});
       },
       "excluded_developmental_disorder", "excluded_developmental_disorder", "no_phq9_in_the_period"},
      {"the most recent score decides", F::drr_remission,
       [&](PatientRows& p, int d) {
         index(p, indexed);
         p.score("phq-9", indexed.plus_days(150), 3).score("phq-9", indexed.plus_days(150 + d), 9, 15);
       },
       "remission", "no_remission", "no_remission"},
  };
  for (const auto& boundary : kBoundaries) {
    const char* const expected[] = {boundary.before, boundary.at, boundary.after};
    for (int shift = -1; shift <= 1; ++shift) {
      SCOPED_TRACE(std::string(boundary.what) + (shift < 0 ? ", before" : shift > 0 ? ", after" : ", at"));
      PatientRows p;
      p.id = "p";
      boundary.build(p, shift);
      const auto report = hedis_report(clinic_of({p}), rules(), year());
      EXPECT_EQ(report.lines.empty() ? "" : report.lines[0].standing(boundary.figure).reason, expected[shift + 1]);
    }
  }
}

TEST(HedisReport, TheFirstExclusionOfTheRuleSetIsTheReasonAndOtherMeasuresStayAsTheyWere) {
  PatientRows p;
  p.id = "p";
  p.visits.push_back({Date::ymd(2026, 3, 10), true});
  p.diagnoses = {{Date::ymd(2010, 1, 1), "F840"}, {Date::ymd(2010, 1, 1), "F603"}};
  Episode e;
  e.id = "e";
  e.enrolled = Date::ymd(2026, 2, 10);
  e.primary_condition = "depression";
  p.episodes.push_back(e);
  const auto why = [&](F figure) { return hedis_report(clinic_of({p}), rules(), year()).lines[0].standing(figure).reason; };
  EXPECT_EQ(why(F::dms_first), "excluded_personality_disorder");
  EXPECT_EQ(why(F::dms_second), "no_depression_encounter") << "nobody is left out who was not asked about";
  EXPECT_EQ(why(F::dsf_screening), "not_screened");
  p.died = Date::ymd(2026, 12, 1);
  EXPECT_EQ(why(F::dms_first), "excluded_died");
  EXPECT_EQ(why(F::dsf_follow_up), "excluded_died");
}

TEST(HedisFacts, OnlyCodesOfHospiceCareAndOfIcd10CmAreRead) {
  EXPECT_TRUE(names_hospice("99213 G0182"));
  EXPECT_TRUE(names_hospice("Q5010"));
  EXPECT_TRUE(names_hospice("T2042"));
  for (const char* other : {"", "99213", "G0181", "Q5011", "G01820", "T2041", "T2047"})
    EXPECT_FALSE(names_hospice(other)) << other;
  const Date recorded = Date::ymd(2026, 3, 1);
  EXPECT_EQ(diagnosis_of("http://hl7.org/fhir/sid/icd-10-cm", "f31.81", {}, recorded)->code, "F3181");
  EXPECT_EQ(diagnosis_of("ICD-10", "F20.9", {}, recorded)->since, recorded);
  EXPECT_EQ(diagnosis_of("ICD-10", "F20.9", Date::ymd(2020, 1, 1), recorded)->since, Date::ymd(2020, 1, 1));
  EXPECT_FALSE(diagnosis_of("http://snomed.info/sct", "13746004", {}, recorded));
}

TEST(HedisReport, OfARunningYearNobodyIsJudgedBeforeTheirTimeIsOver) {
  PatientRows p;
  p.id = "p";
  p.visits.push_back({Date::ymd(2026, 3, 10), true});
  p.score("phq-9", Date::ymd(2026, 3, 10), 15);
  Episode e;
  e.id = "e";
  e.enrolled = Date::ymd(2026, 4, 10);
  e.primary_condition = "depression";
  p.episodes.push_back(e);
  const auto on = [&](Date today, F figure) {
    return hedis_report(clinic_of({p}), rules(), *year().known_on(today)).lines[0].standing(figure).reason;
  };
  EXPECT_EQ(on(Date::ymd(2026, 4, 8), F::dsf_follow_up), "not_due_yet");
  EXPECT_EQ(on(Date::ymd(2026, 4, 9), F::dsf_follow_up), "no_care_in_time");
  p.episodes[0].enrolled = Date::ymd(2026, 3, 10);
  EXPECT_EQ(on(Date::ymd(2026, 11, 4), F::drr_follow_up), "window_not_over");
  EXPECT_EQ(on(Date::ymd(2026, 11, 5), F::drr_follow_up), "no_score_in_the_window");
}

TEST(HedisReport, SaysThatItIsOurReadingAndCarriesItsParameters) {
  const auto report = hedis_report(clinic_of({}), rules(), year());
  const auto text = hedis_json(report, rules());
  EXPECT_NE(text.find("Not HEDIS results"), std::string::npos);
  EXPECT_NE(text.find(R"("intake_first_month":5)"), std::string::npos);
  EXPECT_NE(text.find(R"("exclusions_read":["died","hospice","bipolar")"), std::string::npos);
  EXPECT_NE(text.find(R"("exclusions_not_read":[{"id":"hospice_elsewhere")"), std::string::npos);
  EXPECT_NE(hedis_table(report, rules()).find("Not HEDIS results"), std::string::npos);
  EXPECT_NE(hedis_table(report, rules()).find("nobody"), std::string::npos);
}

TEST(HedisRules, ARuleSetWithAMistakeIsRefusedWithItsPlace) {
  const auto refused = [](std::string_view from, std::string_view to) {
    std::string text = rule_set_text("hedis-my2026");
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto loaded = load_hedis_rules(text);
    return loaded || loaded.error().issues.empty() ? std::string("accepted") : loaded.error().issues[0].path;
  };
  EXPECT_EQ(refused(R"("intake_first_month": {"value": 5)", R"("intake_first_month": {"value": 13)"),
            "numbers.intake_first_month.value");
  EXPECT_EQ(refused(R"("reassessed_to_day": {"value": 240)", R"("reassessed_to_day": {"value": 119)"),
            "numbers.reassessed_to_day.value");
  EXPECT_EQ(refused(R"("treatment_start", "depression_visit")", R"("treatment_start", "visit")"), "follow_up_care.value");
  EXPECT_EQ(refused(R"(["visit", "contact"])", R"(["visit", "telephone"])"), "depression_encounters.value");
  EXPECT_EQ(refused(R"("notice")", R"("notise")"), "notise");
  EXPECT_EQ(refused(R"("id": "bipolar")", R"("id": "moody")"), "exclusions[2].id");
  EXPECT_EQ(refused(R"("measures": ["dms", "drr"], "icd10": ["F60"])", R"("measures": ["dms", "cms"], "icd10": ["F60"])"),
            "exclusions[3].measures");
}

}  // namespace
}  // namespace concord::measures
