// For tests: clinics made up by dice, as rows. Days lie where a rule changes its mind and a day to either side.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "json/data_files.h"
#include "measures/facts.h"

namespace concord::measures {

inline std::string rule_set_text(const std::string& name) {
  const auto text = json::read_file(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets" / (name + ".json"));
  EXPECT_TRUE(text) << name;
  return text.value_or("");
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  /// 0 <= x < n
  int below(int n) { return static_cast<int>(random_.integer(0, n - 1)); }
  bool once_in(int n) { return below(n) == 0; }
  template <class List>
  auto of(const List& list) {
    return std::data(list)[below(static_cast<int>(std::size(list)))];
  }

 private:
  Random random_;
};

struct PatientRows {
  std::string id;
  std::optional<Date> born = Date::ymd(1980, 1, 1);
  std::vector<Episode> episodes;
  std::vector<Contact> contacts;
  std::vector<std::pair<std::string, Score>> scores;  ///< instrument
  std::vector<Review> reviews;
  std::vector<Recommendation> recommendations;
  std::vector<TreatmentStep> steps;
  std::vector<Visit> visits;
  std::vector<Diagnosis> diagnoses;
  std::optional<Date> died;

  PatientRows& score(std::string_view instrument, Date date, double total, int hour = 12) {
    Score s;
    s.date = date;
    s.at = static_cast<std::int64_t>(date.days_since_1970()) * 86'400'000'000 + hour * 3'600'000'000LL;
    s.total = total;
    scores.emplace_back(instrument, s);
    return *this;
  }
};

inline Clinic clinic_of(const std::vector<PatientRows>& rows, bool backwards = false,
                        std::vector<std::pair<Date, double>> fte = {}) {
  Clinic clinic;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& p = rows[backwards ? rows.size() - 1 - i : i];
    const auto who = clinic.add_patient(p.id, p.born, p.died);
    for (const auto& e : p.episodes) clinic.episodes.add(who, e);
    for (const auto& c : p.contacts) clinic.contacts.add(who, c);
    for (const auto& [instrument, s] : p.scores) {
      Score score = s;
      score.form = clinic.form(instrument, "");
      clinic.scores.add(who, score);
    }
    for (const auto& r : p.reviews) clinic.reviews.add(who, r);
    for (const auto& r : p.recommendations) clinic.recommendations.add(who, r);
    for (const auto& s : p.steps) clinic.treatment_steps.add(who, s);
    for (const auto& v : p.visits) clinic.visits.add(who, v);
    for (const auto& d : p.diagnoses) clinic.diagnoses.add(who, d);
  }
  clinic.bhcm_fte = std::move(fte);
  clinic.group();
  return clinic;
}

}  // namespace concord::measures
