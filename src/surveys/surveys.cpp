#include "surveys/surveys.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "json/cursor.h"
#include "json/data_files.h"
#include "json/writer.h"

namespace concord::surveys {
namespace {

using json::Cursor;

Item read_item(const Cursor& at, bool opt_in) {
  Item item;
  at.only({"id", "text", "minimum", "maximum", "options", "low", "high", "optional"});
  item.id = at.required("id").string(1, 40).value_or("");
  const auto text = at.optional("text");
  if (text.present()) item.text = json::read_bilingual(text, 500);
  if (opt_in && text.present()) text.issue("must not be shipped: the words need a permission");
  if (!opt_in && !text.present()) at.required("text").issue("is missing");
  item.minimum = static_cast<int>(at.required("minimum").integer(0, 100).value_or(0));
  item.maximum = static_cast<int>(at.required("maximum").integer(0, 100).value_or(0));
  if (item.maximum <= item.minimum) at.required("maximum").issue("must be above minimum");
  if (const auto options = at.optional("options"); options.present())
    options.each([&](const Cursor& option) {
      option.only({"value", "text"});
      Option read;
      read.value = static_cast<int>(option.required("value").integer(0, 100).value_or(0));
      read.text = json::read_bilingual(option.required("text"), 200);
      item.options.push_back(std::move(read));
    });
  if (!item.options.empty() && item.options.size() != static_cast<std::size_t>(item.maximum - item.minimum + 1))
    at.required("options").issue("must have one for each value");
  for (std::size_t i = 0; i < item.options.size(); ++i)
    if (item.options[i].value != item.minimum + static_cast<int>(i))
      at.required("options").issue("must be in order of their values");
  if (const auto low = at.optional("low"); low.present()) item.low = json::read_bilingual(low, 200);
  if (const auto high = at.optional("high"); high.present()) item.high = json::read_bilingual(high, 200);
  if (!opt_in && item.options.empty() && (!item.low || !item.high))
    at.required("options").issue("or words for both ends are needed");
  item.optional = at.optional("optional").boolean().value_or(false);
  return item;
}

Survey read_survey(const Cursor& root) {
  Survey s;
  root.only(
      {"id", "version", "permission", "holder", "terms", "source", "review", "title", "intro", "thanks", "points", "items"});
  s.id = root.required("id").string(1, 60).value_or("");
  s.version = root.required("version").string(1, 20).value_or("");
  s.opt_in = root.required("permission").one_of({"free", "opt_in"}) == "opt_in";
  s.holder = root.required("holder").string(1, 200).value_or("");
  s.terms = root.required("terms").string(1, 1000).value_or("");
  s.source = root.required("source").string(1, 500).value_or("");
  s.review = root.required("review").string(1, 200).value_or("");
  s.title = json::read_bilingual(root.required("title"), 200);
  s.intro = json::read_bilingual(root.required("intro"), 1000);
  s.thanks = json::read_bilingual(root.required("thanks"), 500);
  root.required("points").each([&](const Cursor& at) {
    at.only({"id", "counts_from", "from_day", "until_day"});
    Point p;
    p.id = at.required("id").string(1, 40).value_or("");
    p.after_closing = at.required("counts_from").one_of({"enrolment", "closing"}) == "closing";
    p.from_day = static_cast<int>(at.required("from_day").integer(0, 3650).value_or(0));
    p.until_day = static_cast<int>(at.required("until_day").integer(0, 3650).value_or(0));
    if (p.until_day < p.from_day) at.required("until_day").issue("must not be before from_day");
    s.points.push_back(std::move(p));
  });
  root.required("items").each([&](const Cursor& at) { s.items.push_back(read_item(at, s.opt_in)); });
  if (s.items.empty()) root.required("items").issue("must hold at least one");
  for (std::size_t i = 0; i < s.items.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (s.items[i].id == s.items[k].id) root.required("items").issue("names " + s.items[i].id + " twice");
  return s;
}

}  // namespace

const Item* Survey::item(std::string_view wanted) const {
  for (const auto& one : items)
    if (one.id == wanted) return &one;
  return nullptr;
}

const Survey* Library::find(std::string_view id) const {
  for (const auto& one : surveys_)
    if (one.id == id) return &one;
  return nullptr;
}

Result<Survey> parse_survey(std::string_view file_name, std::string_view text) {
  const auto wrong = [&](std::vector<Issue> issues) {
    for (auto& issue : issues) issue.path = std::string(file_name) + ": " + issue.path;
    return fail(ErrorCode::bad_file, "A survey is not what it should be.", std::move(issues));
  };
  const auto document = json::Document::parse(text);
  if (!document) return wrong({{"", document.error().text}});
  json::Issues issues;
  auto survey = read_survey(Cursor(document->root(), issues));
  if (issues.empty() && survey.id + ".json" != file_name) issues.add("id", "must be the file's name");
  if (!issues.empty()) return wrong(issues.list());
  return survey;
}

Result<Library> load_surveys(const std::filesystem::path& folder) {
  const auto files = json::files_in(folder, ".json");
  if (files.empty())
    return fail(ErrorCode::bad_file, "The surveys cannot be read.",
                {{folder.filename().string(), "is missing or empty in the data folder"}});
  Library library;
  std::vector<Issue> issues;
  for (const auto& file : files) {
    auto survey = parse_survey(file.filename().string(), json::read_file(file).value_or(""));
    if (survey) library.surveys_.push_back(std::move(*survey));
    else issues.insert(issues.end(), survey.error().issues.begin(), survey.error().issues.end());
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "Surveys are not what they should be.", std::move(issues));
  return library;
}

std::string encode(const WordsByLanguage& words) {
  std::string out;
  json::Writer w(out);
  w.object();
  for (const auto& [language, own] : words) {
    w.key(language).object().key("items").array();
    for (const auto& item : own.items) w.value(item);
    w.end().field("low", own.low).field("high", own.high).end();
  }
  w.end();
  return out;
}

WordsByLanguage decode_words(std::string_view stored) {
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());  // only encode() writes it
  WordsByLanguage words;
  for (const auto& member : document->root().members()) {
    OwnWords own;
    if (const auto* items = member.value.find("items"))
      for (const auto& item : items->items()) own.items.emplace_back(item.text());
    if (const auto* low = member.value.find("low")) own.low = low->text();
    if (const auto* high = member.value.find("high")) own.high = high->text();
    words.emplace(std::string(member.key), std::move(own));
  }
  return words;
}

std::string encode(const std::map<std::string, int>& values) {
  std::string out;
  json::Writer w(out);
  w.object();
  for (const auto& [item, value] : values) w.field(item, value);
  w.end();
  return out;
}

std::map<std::string, int> decode_values(std::string_view stored) {
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());
  std::map<std::string, int> values;
  for (const auto& member : document->root().members())
    if (const auto number = member.value.integer()) values.emplace(std::string(member.key), static_cast<int>(*number));
  return values;
}

const Point* due(const Survey& survey, const Course& course, Date today, std::span<const std::string> answered_points) {
  const Point* latest = nullptr;
  for (const auto& point : survey.points) {
    if (point.after_closing ? !course.closed.has_value() : course.closed.has_value()) continue;
    const Date from = point.after_closing ? *course.closed : course.enrolled;
    const int day = today - from;
    if (day < point.from_day || day > point.until_day) continue;
    if (std::find(answered_points.begin(), answered_points.end(), point.id) != answered_points.end()) continue;
    if (latest == nullptr || point.from_day > latest->from_day) latest = &point;
  }
  return latest;
}

std::vector<std::optional<int>> without_small_cells(std::span<const int> counts) {
  std::vector<std::optional<int>> shown(counts.begin(), counts.end());
  int hidden = 0;
  for (auto& cell : shown)
    if (*cell > 0 && *cell < kSmallestCell) {
      cell.reset();
      ++hidden;
    }
  if (hidden != 1) return shown;
  // One missing cell is the total less the others: take the next smallest that holds anybody, else an empty one.
  std::optional<int>* next = nullptr;
  for (auto& cell : shown)
    if (cell && (next == nullptr || (*cell > 0 && (**next == 0 || *cell < **next)))) next = &cell;
  if (next != nullptr) next->reset();
  return shown;
}

SurveyResult add_up(const Survey& survey, std::span<const Answer> answers) {
  SurveyResult result;
  const auto shown = [](int n) { return n == 0 || n >= kSmallestCell ? std::optional(n) : std::nullopt; };
  int answered = 0, declined = 0;
  std::vector<int> by_point(survey.points.size());
  for (const auto& a : answers) {
    declined += a.declined;
    if (a.declined) continue;
    ++answered;
    for (std::size_t i = 0; i < survey.points.size(); ++i) by_point[i] += survey.points[i].id == a.point;
  }
  result.answered = shown(answered);
  result.declined = shown(declined);
  const auto points = without_small_cells(by_point);
  for (std::size_t i = 0; i < survey.points.size(); ++i)
    result.points.emplace_back(survey.points[i].id, result.answered ? points[i] : std::nullopt);
  for (const auto& item : survey.items) {
    ItemResult r;
    r.id = item.id;
    std::vector<int> counts(static_cast<std::size_t>(item.maximum - item.minimum + 1));
    int n = 0;
    double sum = 0;
    for (const auto& a : answers) {
      const auto value = a.values.find(item.id);
      if (a.declined || value == a.values.end() || value->second < item.minimum || value->second > item.maximum) continue;
      ++counts[static_cast<std::size_t>(value->second - item.minimum)];
      ++n;
      sum += value->second;
    }
    r.n = shown(n);
    if (n >= kSmallestCell) {
      r.mean = sum / n;
      r.counts = without_small_cells(counts);
      // A share of a hidden cell would show it.
      if (r.counts.back()) r.top_percent = 100.0 * *r.counts.back() / n;
    }
    result.items.push_back(std::move(r));
  }
  return result;
}

}  // namespace concord::surveys
