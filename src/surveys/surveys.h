// Short surveys about the care itself, at set points of a course of care: content/surveys/*.json. Answers are the patient's;
// the program manager sees them added up, never one person's, and no cell of fewer than kSmallestCell people.
// A survey whose words belong to somebody (`opt_in`) ships without them: it is offered only at a site that has recorded its
// permission, and in the words that the site entered with it.
// Pure. Read next: surveys_store.h (tables), surveys_api.h (view, act, staff routes).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "json/bilingual.h"
#include "patients/patients.h"

namespace concord::surveys {

using json::Bilingual;
using patients::PatientId;
using AnswerId = Id<struct SurveyAnswerTag>;

/// Small cells are not shown: the rule of the Centers for Medicare & Medicaid Services for cells of 1 to 10.
inline constexpr int kSmallestCell = 11;

struct Option {
  int value = 0;
  Bilingual text;
};
struct Item {
  std::string id;
  std::optional<Bilingual> text;  ///< nullopt: of an opt_in survey
  int minimum = 0, maximum = 4;
  std::vector<Option> options;  ///< one for each value, or none: only the ends have words
  std::optional<Bilingual> low, high;
  bool optional = false;
};
/// When it is asked: from a day to a day, counted from the enrolment or from the closing.
struct Point {
  std::string id;  ///< week_4, week_12, closing
  bool after_closing = false;
  int from_day = 0, until_day = 0;
};
struct Survey {
  std::string id, version;
  bool opt_in = false;
  std::string holder, terms, source, review;
  Bilingual title, intro, thanks;
  std::vector<Point> points;
  std::vector<Item> items;
  const Item* item(std::string_view id) const;
};
class Library {
 public:
  const std::vector<Survey>& all() const { return surveys_; }  ///< by id
  const Survey* find(std::string_view id) const;

 private:
  friend Result<Library> load_surveys(const std::filesystem::path& folder);
  std::vector<Survey> surveys_;
};
/// Reads every *.json of the folder; bad_file with every issue of every file.
Result<Library> load_surveys(const std::filesystem::path& folder);
Result<Survey> parse_survey(std::string_view file_name, std::string_view text);

/// The words a site brings for an opt_in survey, in one language.
struct OwnWords {
  std::vector<std::string> items;  ///< in the survey's order
  std::string low, high;
};
using WordsByLanguage = std::map<std::string, OwnWords>;  ///< "en", "es"
std::string encode(const WordsByLanguage& words);
WordsByLanguage decode_words(std::string_view stored);

/// A course of care as surveys see it.
struct Course {
  Uuid episode;
  SiteId site;
  Date enrolled;
  std::optional<Date> closed;
  std::string labels = "normal";
};
/// The point that asks today: the latest one whose days include today and that has no answer yet; nullptr for none.
const Point* due(const Survey& survey, const Course& course, Date today, std::span<const std::string> answered_points);

struct Answer {
  AnswerId id;
  PatientId patient;
  Uuid episode;
  SiteId site;
  std::string survey, version, point;
  Date on;
  Instant at{};
  std::string language = "en";
  bool declined = false;
  std::map<std::string, int> values;  ///< by item
  std::string labels = "normal";
  UserId by;
};
std::string encode(const std::map<std::string, int>& values);
std::map<std::string, int> decode_values(std::string_view stored);

// ---- added up

/// The counts, with what is too small left out; where only one cell would be missing, the next smallest goes too, so that
/// nobody can work it out from the total.
std::vector<std::optional<int>> without_small_cells(std::span<const int> counts);

struct ItemResult {
  std::string id;
  std::optional<int> n;
  std::optional<double> mean;
  std::optional<double> top_percent;       ///< gave the highest answer
  std::vector<std::optional<int>> counts;  ///< by value from minimum to maximum; empty when `n` is
};
struct SurveyResult {
  std::optional<int> answered, declined;
  std::vector<std::pair<std::string, std::optional<int>>> points;
  std::vector<ItemResult> items;
};
SurveyResult add_up(const Survey& survey, std::span<const Answer> answers);

}  // namespace concord::surveys
