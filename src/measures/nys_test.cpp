// The engine against a second reading of the same rules: plain loops over rows, one rule after the other, nothing shared with
// nys.cpp but the facts and the numbers. Golden patients by hand are in tests/golden/nys.
#include "measures/nys.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/random.h"
#include "json/value.h"

namespace concord::measures {
namespace {

constexpr ReportMonth kMonth{Date::ymd(2026, 3, 1)};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const instruments::Library& library() {
  static const auto loaded =
      std::move(instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments").value());
  return loaded;
}

std::string rules_text() { return read_text(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets/nys-omh-2025.json"); }

const NysRules& rules() {
  static const auto loaded = std::move(load_nys_rules(rules_text(), library()).value());
  return loaded;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  /// 0 <= x < n
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.integer(0, static_cast<std::int64_t>(n) - 1)); }

 private:
  Random random_;
};

/// Everything that is known of a made-up clinic, as rows.
struct Rows {
  struct OfPatient {
    std::string id;
    Date born;
    std::vector<Coverage> coverage;
    std::vector<Episode> episodes;
    std::vector<Contact> contacts;
    std::vector<std::pair<FormKey, Score>> scores;
    std::vector<Review> reviews;
    std::vector<Visit> visits;
  };
  std::vector<OfPatient> patients;
};

Clinic clinic_of(const Rows& rows, bool backwards = false) {
  Clinic clinic;
  for (std::size_t i = 0; i < rows.patients.size(); ++i) {
    const auto& p = rows.patients[backwards ? rows.patients.size() - 1 - i : i];
    const auto who = clinic.add_patient(p.id, p.born);
    for (const auto& c : p.coverage) clinic.coverage.add(who, c);
    for (const auto& e : p.episodes) clinic.episodes.add(who, e);
    for (const auto& c : p.contacts) clinic.contacts.add(who, c);
    for (const auto& [form, s] : p.scores) {
      Score score = s;
      score.form = clinic.form(form.instrument, form.informant);
      clinic.scores.add(who, score);
    }
    for (const auto& r : p.reviews) clinic.reviews.add(who, r);
    for (const auto& v : p.visits) clinic.visits.add(who, v);
  }
  clinic.group();
  return clinic;
}

/// Days that lie where a rule changes its mind, and some others.
Date some_day(Dice& dice) {
  static const Date kEdges[] = {Date::ymd(2026, 3, 1),  Date::ymd(2026, 2, 28),  Date::ymd(2026, 3, 31),  Date::ymd(2026, 4, 1),
                                Date::ymd(2026, 1, 20), Date::ymd(2026, 1, 21),  Date::ymd(2026, 1, 31),  Date::ymd(2026, 1, 30),
                                Date::ymd(2025, 12, 1), Date::ymd(2025, 11, 30), Date::ymd(2025, 12, 31), Date::ymd(2026, 3, 2),
                                Date::ymd(2025, 3, 31), Date::ymd(2025, 4, 1),   Date::ymd(2025, 3, 1),   Date::ymd(2026, 3, 15)};
  if (dice.below(2) == 0) return kEdges[dice.below(std::size(kEdges))].plus_days(static_cast<int>(dice.below(3)) - 1);
  return Date::ymd(2025, 1, 1).plus_days(static_cast<int>(dice.below(480)));
}

Rows random_rows(Dice& dice) {
  Rows rows;
  const std::vector<FormKey> forms = {{"phq-9", ""},
                                      {"phq-9m", ""},
                                      {"gad-7", ""},
                                      {"pcl-5", ""},
                                      {"psc-17", ""},
                                      {"scared", "child"},
                                      {"scared", "parent"},
                                      {"smfq", "child"},
                                      {"smfq", "parent"},
                                      {"phq-2", ""},
                                      {"vanderbilt-parent", ""},
                                      {"vanderbilt-teacher", ""},
                                      {"who-5", ""}};
  const std::string scales[] = {"phq-9", "gad-7", "pcl-5", "psc-17", "scared", "smfq", "vanderbilt-parent", "vanderbilt-teacher",
                                "who-5"};
  const auto patients = 1 + dice.below(6);
  for (std::size_t i = 0; i < patients; ++i) {
    Rows::OfPatient p;
    p.id = "p" + std::to_string(i);
    p.born = dice.below(3) == 0 ? Date::ymd(2014, 3, 1).plus_days(static_cast<int>(dice.below(40))) : Date::ymd(1980, 1, 1);
    for (auto n = dice.below(3); n > 0; --n) {
      const Date start = some_day(dice);
      p.coverage.push_back({start,
                            dice.below(2) ? std::optional(start.plus_days(static_cast<int>(dice.below(400)))) : std::nullopt,
                            dice.below(4) != 0});
    }
    const std::string scale = scales[dice.below(std::size(scales))];
    Date from = some_day(dice);
    for (auto n = dice.below(3); n > 0; --n) {
      Episode e;
      e.id = p.id + "-" + std::to_string(p.episodes.size());
      e.enrolled = from;
      e.primary_scale = scale;
      if (n > 1 || dice.below(2)) {
        e.discharged = from.plus_days(static_cast<int>(dice.below(150)));
        e.discharge_reason = "moved";
        from = e.discharged->plus_days(1 + static_cast<int>(dice.below(60)));
      }
      p.episodes.push_back(e);
    }
    for (auto n = dice.below(6); n > 0; --n) p.contacts.push_back({some_day(dice)});
    for (auto n = dice.below(9); n > 0; --n) {
      // Mostly of the scale they are followed by.
      FormKey form = forms[dice.below(forms.size())];
      if (dice.below(3) != 0)
        for (std::size_t tries = 0; form.instrument.substr(0, 6) != scale.substr(0, 6) && tries < 40; ++tries)
          form = forms[dice.below(forms.size())];
      Score s;
      s.date = some_day(dice);
      s.at = static_cast<std::int64_t>(s.date.days_since_1970()) * 86'400'000'000 +
             static_cast<std::int64_t>(dice.below(3)) * 3'600'000'000;
      s.total = static_cast<double>(dice.below(40));
      if (form.instrument.starts_with("vanderbilt") && dice.below(5) != 0) s.symptoms = static_cast<int>(dice.below(10));
      p.scores.emplace_back(form, s);
    }
    for (auto n = dice.below(3); n > 0; --n) p.reviews.push_back({some_day(dice), dice.below(3) != 0});
    for (auto n = dice.below(3); n > 0; --n) p.visits.push_back({some_day(dice), dice.below(3) != 0});
    rows.patients.push_back(std::move(p));
  }
  return rows;
}

// ---- the second reading

struct Second {
  std::int64_t one = 0, two = 0, three = 0;
  std::multiset<int> days;
  Rate five, six, seven, eight, nine, ten;
};

struct Marks {
  double elevated, remission;
  bool symptoms;
};
/// metrics.md, written out again.
std::optional<Marks> marks(const FormKey& form) {
  if (form.instrument == "phq-9" || form.instrument == "phq-9m" || form.instrument == "gad-7") return Marks{10, 5, false};
  if (form.instrument == "pcl-5") return Marks{33, 33, false};
  if (form.instrument == "scared") return Marks{25, 25, false};
  if (form.instrument == "psc-17") return Marks{15, 15, false};
  if (form.instrument == "smfq" && form.informant == "child") return Marks{12, 8, false};
  if (form.instrument.starts_with("vanderbilt")) return Marks{6, 6, true};
  return std::nullopt;
}
bool better(const FormKey& form, double from, double to) {
  if (form.instrument == "pcl-5") return from - to >= 12;
  if (form.instrument == "smfq") return from - to >= 8;
  const bool half = from > 0 && to * 2 <= from;
  if (form.instrument == "phq-9" || form.instrument == "phq-9m" || form.instrument == "gad-7") return half || to < 10;
  return half;
}

Second second_reading(const Rows& rows) {
  Second out;
  const Date first = Date::ymd(2026, 3, 1), last = Date::ymd(2026, 3, 31);
  for (const auto& p : rows.patients) {
    bool medicaid = false;
    for (const auto& c : p.coverage)
      if (c.is_medicaid && c.start <= first && c.end.value_or(last) >= first) medicaid = true;
    const Episode* standing = nullptr;
    bool newly = false;
    for (const auto& e : p.episodes) {
      if (e.enrolled > last) continue;
      if (medicaid && e.enrolled >= first) newly = true;
      Date silent = e.enrolled.plus_days(90);
      for (const auto& c : p.contacts)
        if (c.date >= e.enrolled && c.date <= last && (!e.discharged || c.date <= *e.discharged))
          silent = std::max(silent, c.date.plus_days(90));
      const Date over = e.discharged ? std::min(*e.discharged, silent) : silent;
      if (over < first) continue;
      if (!standing || e.enrolled >= standing->enrolled) standing = &e;
      if (medicaid && over <= last) out.days.insert(over - e.enrolled);
    }
    out.three += newly;
    if (standing) {
      const auto& e = *standing;
      ++out.one;
      if (medicaid) {
        ++out.two;
        Date silent = e.enrolled.plus_days(90);
        for (const auto& c : p.contacts)
          if (c.date >= e.enrolled && c.date <= last && (!e.discharged || c.date <= *e.discharged))
            silent = std::max(silent, c.date.plus_days(90));
        const Date over = std::min({e.discharged.value_or(last), silent, last});
        bool contact = false, score = false, elevated = false, improved = false, remission = false, reviewed = false;
        for (const auto& c : p.contacts) contact = contact || (c.date >= first && c.date <= last && c.date >= e.enrolled);
        for (const auto& [form, s] : p.scores)
          if (form.instrument != "phq-2" && form.instrument != "who-5" && s.date >= first && s.date <= last &&
              s.date >= e.enrolled)
            score = true;
        std::vector<FormKey> forms;
        if (e.primary_scale.starts_with("vanderbilt")) forms = {{"vanderbilt-parent", ""}, {"vanderbilt-teacher", ""}};
        else if (e.primary_scale == "scared" || e.primary_scale == "smfq")
          forms = {{e.primary_scale, "child"}, {e.primary_scale, "parent"}};
        else if (e.primary_scale != "who-5") forms = {{e.primary_scale, ""}};
        for (const auto& form : forms) {
          const auto mark = marks(form);
          if (!mark) continue;
          const Score *baseline = nullptr, *current = nullptr, *of_month = nullptr;
          const auto is_later = [](const Score& a, const Score& b) {
            return a.date > b.date || (a.date == b.date && a.at >= b.at);
          };
          for (const auto& [of, s] : p.scores) {
            if (of != form || s.date < e.enrolled || s.date > last || (e.discharged && s.date > *e.discharged)) continue;
            if (!baseline || !is_later(s, *baseline)) baseline = &s;
            if (s.date >= first && (!of_month || is_later(s, *of_month))) of_month = &s;
          }
          if (!baseline) continue;
          for (const auto& [of, s] : p.scores) {
            if (of != form || s.date <= baseline->date || s.date > last || (e.discharged && s.date > *e.discharged)) continue;
            if (!current || is_later(s, *current)) current = &s;
          }
          const auto read = [&](const Score& s) {
            return mark->symptoms ? (s.symptoms ? std::optional<double>(*s.symptoms) : std::nullopt) : std::optional(s.total);
          };
          if (!read(*baseline) || *read(*baseline) < mark->elevated) continue;
          elevated = true;
          if (current && better(form, baseline->total, current->total)) improved = true;
          if (of_month && read(*of_month) && *read(*of_month) < mark->remission) remission = true;
        }
        for (const auto& r : p.reviews)
          reviewed = reviewed || (r.has_recommendation && r.date >= Date::ymd(2026, 1, 31) && r.date <= last);
        ++out.five.denominator;
        out.five.numerator += contact && score;
        ++out.seven.denominator;
        out.seven.numerator += remission;
        if (over - e.enrolled >= 70 && elevated) {
          ++out.six.denominator;
          out.six.numerator += improved;
          if (!improved) {
            ++out.eight.denominator;
            out.eight.numerator += reviewed;
          }
        }
      }
    }
    bool visit = false, screened = false;
    for (const auto& v : p.visits)
      if (v.is_screening_visit && v.date >= first && v.date <= last && age_in_years(p.born, v.date) >= 12) visit = true;
    const Score* initial = nullptr;
    for (const auto& [form, s] : p.scores) {
      const bool is_phq9 = form.instrument == "phq-9" || form.instrument == "phq-9m";
      if ((is_phq9 || form.instrument == "phq-2") && s.date >= Date::ymd(2025, 4, 1) && s.date <= last) screened = true;
      if (is_phq9 && s.date >= first && s.date <= last &&
          (!initial || s.date < initial->date || (s.date == initial->date && s.at < initial->at)))
        initial = &s;
    }
    if (initial)
      for (const auto& [form, s] : p.scores)
        if ((form.instrument == "phq-9" || form.instrument == "phq-9m") && s.date < first && initial->date - s.date <= 365) {
          initial = nullptr;
          break;
        }
    out.nine.denominator += visit;
    out.nine.numerator += visit && screened;
    out.ten.denominator += initial != nullptr;
    out.ten.numerator += initial && initial->total >= 10;
  }
  return out;
}

void expect_equal(const Rate& ours, const Rate& theirs, std::string_view metric) {
  EXPECT_EQ(ours.numerator, theirs.numerator) << "numerator of " << metric;
  EXPECT_EQ(ours.denominator, theirs.denominator) << "denominator of " << metric;
}

TEST(NysReport, TenThousandRandomClinicsAreReadAlikeByASecondReading) {
  for (std::uint64_t seed = 1; seed <= 10000; ++seed) {
    Dice dice(seed);
    const auto rows = random_rows(dice);
    const auto ours = nys_report(clinic_of(rows), rules(), kMonth);
    const auto theirs = second_reading(rows);
    SCOPED_TRACE("seed " + std::to_string(seed));
    EXPECT_EQ(ours.enrolled, theirs.one);
    EXPECT_EQ(ours.medicaid, theirs.two);
    EXPECT_EQ(ours.newly_enrolled, theirs.three);
    EXPECT_EQ(std::multiset<int>(ours.durations.begin(), ours.durations.end()), theirs.days);
    expect_equal(ours.contact, theirs.five, "5");
    expect_equal(ours.improvement, theirs.six, "6");
    expect_equal(ours.remission, theirs.seven, "7");
    expect_equal(ours.consultation, theirs.eight, "8");
    expect_equal(ours.screening, theirs.nine, "9");
    expect_equal(ours.yield, theirs.ten, "10");
    if (HasFailure()) break;  // the first seed is enough to look at
  }
}

TEST(NysReport, TheOrderOfPatientsDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const auto rows = random_rows(dice);
    EXPECT_EQ(nys_json(nys_report(clinic_of(rows), rules(), kMonth)),
              nys_json(nys_report(clinic_of(rows, true), rules(), kMonth)));
  }
}

TEST(NysReport, EveryFigureIsTheNumberOfItsLines) {
  Dice dice(7);
  for (int i = 0; i < 300; ++i) {
    const auto report = nys_report(clinic_of(random_rows(dice)), rules(), kMonth);
    std::array<Rate, 9> counted{};
    for (const auto& line : report.lines)
      for (std::size_t metric = 1; metric <= 8; ++metric) {
        counted[metric].numerator += line.metrics[metric].in_numerator;
        counted[metric].denominator += line.metrics[metric].in_denominator;
        EXPECT_FALSE(line.metrics[metric].reason.empty());
        EXPECT_LE(line.metrics[metric].in_numerator, line.metrics[metric].in_denominator);
      }
    EXPECT_EQ(counted[1].numerator, report.enrolled);
    EXPECT_EQ(counted[2].numerator, report.medicaid);
    EXPECT_EQ(counted[3].numerator, report.newly_enrolled);
    EXPECT_EQ(counted[4].numerator, static_cast<std::int64_t>(report.durations.size()));
    expect_equal(report.improvement, counted[6], "6");
    expect_equal(report.consultation, counted[8], "8");
  }
}

TEST(NysReport, NobodyIsNoPatientsAndNeverNoughtPerCent) {
  Clinic empty;
  empty.group();
  const auto report = nys_report(empty, rules(), kMonth);
  EXPECT_FALSE(report.contact.percent());
  EXPECT_FALSE(report.weeks());
  EXPECT_FALSE(report.fte);
  EXPECT_NE(nys_json(report).find(R"("5":{"numerator":0,"denominator":0,"percent":null})"), std::string::npos);
  EXPECT_NE(nys_table(report, rules()).find("no patients"), std::string::npos);
}

TEST(NysReport, PercentIsRoundedHalfUpFromTheExactRatio) {
  EXPECT_EQ((Rate{1, 2000}.percent()), 0.1);  // 0.05 exactly
  EXPECT_EQ((Rate{1, 2001}.percent()), 0.0);
  EXPECT_EQ((Rate{2, 3}.percent()), 66.7);
  EXPECT_EQ((Rate{23, 40}.percent()), 57.5);
  EXPECT_EQ((Rate{5, 5}.percent()), 100.0);
}

TEST(NysRules, AMonthIsFourDigitsAndTwo) {
  EXPECT_TRUE(ReportMonth::parse("2026-03"));
  for (const char* text : {"2026-13", "2026-3", "2026-03-01", "march", "", "2026/03"})
    EXPECT_FALSE(ReportMonth::parse(text)) << text;
}

TEST(NysRules, ARuleSetWithAMistakeIsRefusedWithItsPlace) {
  std::string text = rules_text();
  const auto at = text.find("\"treatment_days\": {\"value\": 70");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string("\"treatment_days\": {\"value\": 70").size(), "\"treatment_days\": {\"value\": -1");
  const auto loaded = load_nys_rules(text, library());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_file);
  ASSERT_EQ(loaded.error().issues.size(), 1u);
  EXPECT_EQ(loaded.error().issues[0].path, "numbers.treatment_days.value");
}

}  // namespace
}  // namespace concord::measures
