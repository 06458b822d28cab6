#include "reports/reports.h"

#include <algorithm>
#include <charconv>

#include "json/cursor.h"

namespace concord::reports {
namespace {

using measures::Figure;

double number(const json::Cursor& at) {
  at.only({"value", "unit", "source"});
  at.required("unit").string(1, 40);
  at.required("source").string(1, 600);
  return at.required("value").real(0, 1e6).value_or(0);
}

std::string text(const json::Cursor& at) { return at.string(1, 600).value_or(""); }

Assumption read_assumption(const json::Cursor& at) {
  at.only({"id", "value", "unit", "minimum", "maximum", "source"});
  Assumption a;
  a.id = text(at.required("id"));
  a.unit = text(at.required("unit"));
  a.source = text(at.required("source"));
  a.minimum = at.required("minimum").real(0, 1e9).value_or(0);
  a.maximum = at.required("maximum").real(0, 1e9).value_or(0);
  a.value = at.required("value").real(a.minimum, a.maximum).value_or(0);
  return a;
}

Benchmark read_benchmark(const json::Cursor& at) {
  at.only({"id", "figure", "of", "unit", "value", "comparison", "n", "months", "source", "primary_source"});
  Benchmark b;
  b.id = text(at.required("id"));
  b.of = text(at.required("of"));
  b.unit = text(at.required("unit"));
  b.source = text(at.required("source"));
  b.figure = at.optional("figure").string(1, 60);
  b.value = at.required("value").real(0, 1e9).value_or(0);
  b.comparison = at.optional("comparison").real(0, 1e9);
  b.n = at.optional("n").integer(1, 100000000);
  b.months = at.optional("months").integer(1, 240);
  b.primary_source = at.required("primary_source").boolean().value_or(true);
  return b;
}

void must_be_figure(const json::Cursor& at, std::string_view id) {
  if (!measures::find_figure(id)) at.issue("is no figure");
}

}  // namespace

const Assumption* Rules::assumption(std::string_view id) const {
  for (const auto& a : assumptions)
    if (a.id == id) return &a;
  return nullptr;
}

Result<Rules> load_rules(std::string_view json_text) {
  const auto document = json::Document::parse(json_text);
  if (!document)
    return fail(ErrorCode::bad_file, "The rules of reports cannot be read.", {{"reports-2026.json", document.error().text}});
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  root.only({"name", "version", "about", "suppression", "assumptions", "benchmarks", "letter"});
  Rules rules;
  rules.name = text(root.required("name"));
  rules.version = text(root.required("version"));
  root.required("about").string(1, 2000);
  const auto suppression = root.required("suppression");
  if (suppression.present()) {
    rules.threshold = static_cast<int>(number(suppression.required("threshold")));
    rules.most_filters = static_cast<int>(number(suppression.required("most_filters")));
    // Tables of three partitions are not looked at (suppression.h).
    if (rules.most_filters > 2) suppression.optional("most_filters").issue("must be at most 2");
  }
  root.required("assumptions").each([&](const json::Cursor& at) { rules.assumptions.push_back(read_assumption(at)); });
  root.required("benchmarks").each([&](const json::Cursor& at) { rules.benchmarks.push_back(read_benchmark(at)); });
  const auto letter = root.required("letter");
  if (letter.present()) {
    letter.only({"figures", "at_least", "least_people"});
    rules.least_people = static_cast<int>(number(letter.required("least_people")));
    letter.required("figures").each([&](const json::Cursor& at) {
      rules.letter_figures.push_back(text(at));
      must_be_figure(at, rules.letter_figures.back());
    });
    letter.required("at_least").each([&](const json::Cursor& at) {
      at.only({"figure", "percent", "step", "source"});
      Mark mark{text(at.required("figure")), text(at.required("step")), text(at.required("source")), 0};
      must_be_figure(at.required("figure"), mark.figure);
      mark.percent = at.required("percent").real(0, 100).value_or(0);
      rules.marks.push_back(std::move(mark));
    });
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rules of reports are wrong.", issues.list());
  return rules;
}

std::string_view name(PeriodKind kind) {
  static constexpr std::string_view kNames[] = {"month", "quarter", "year", "12months"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<PeriodKind> parse_period_kind(std::string_view text) {
  for (const auto kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::year, PeriodKind::months12})
    if (text == name(kind)) return kind;
  return std::nullopt;
}

std::string month_text(MonthNumber month) { return first_day(month).iso().substr(0, 7); }

std::optional<MonthNumber> parse_month(std::string_view text) {
  const auto day = Date::parse(std::string(text) + "-01");
  if (text.size() != 7 || !day) return std::nullopt;
  return month_of(*day);
}

Result<Period> read_period(std::string_view period, std::string_view at, Date today) {
  const auto wrong = [](const char* path, std::string words) {
    return fail(ErrorCode::invalid, "The period is wrong.", {{path, std::move(words)}});
  };
  const auto kind = period.empty() ? std::optional(PeriodKind::month) : parse_period_kind(period);
  if (!kind) return wrong("period", "must be month, quarter, year or 12months");
  const MonthNumber now = month_of(today);
  std::optional<MonthNumber> month;
  if (!at.empty()) {
    month = parse_month(at);
    if (!month) return wrong("at", "must be a month such as 2026-03");
    if (*month > now) return wrong("at", "is in the future");
  }
  Period out;
  out.kind = *kind;
  switch (*kind) {
    case PeriodKind::month:
      out.span.from = out.span.to = month.value_or(now - 1);
      break;
    case PeriodKind::quarter:
      out.span.from = (month.value_or(now - 3)) / 3 * 3;
      out.span.to = out.span.from + 2;
      break;
    case PeriodKind::year:
      out.span.from = (month.value_or(now - 12)) / 12 * 12;
      out.span.to = out.span.from + 11;
      break;
    case PeriodKind::months12:
      out.span.to = month.value_or(now - 1);
      out.span.from = out.span.to - 11;
      break;
  }
  out.from = first_day(out.span.from);
  const Date last = first_day(out.span.to).last_of_month();
  out.complete = last < today;
  out.to = std::min(last, today);
  return out;
}

const std::string* Asked::filter(Stratum stratum) const {
  for (const auto& [which, value] : filters)
    if (which == stratum) return &value;
  return nullptr;
}

std::string Asked::key() const {
  std::string key = std::to_string(period.span.from) + ":" + std::to_string(period.span.to) + (exact ? "e" : "a") + today.iso();
  for (const auto& site : sites) key += "," + site;
  // With its length, so that a value with signs in it is no other question's.
  for (const auto& [stratum, value] : filters) {
    key += ";";
    key += measures::name(stratum);
    key += "=" + std::to_string(value.size()) + ":" + value;
  }
  return key;
}

std::string_view group_of(Figure figure) {
  switch (figure) {
    case Figure::enrolled:
    case Figure::active_caseload:
      return "reach";
    case Figure::first_contact_in_28_days:
    case Figure::days_to_first_contact:
    case Figure::measured_in_30_days:
    case Figure::nonresponders_reviewed:
    case Figure::days_from_review_to_change:
      return "care";
    case Figure::caseload_per_fte:
    case Figure::consultant_reach:
      return "capacity";
    case Figure::satisfied:
    case Figure::involved:
    case Figure::goals_reached:
      return "experience";
    default:
      break;
  }
  if (figure >= Figure::recommendations_sent && figure <= Figure::days_to_done) return "loop";
  if (figure >= Figure::funnel_screened) return "funnel";
  return "outcomes";
}

}  // namespace concord::reports
