#include "reports/reports_schema.h"

#include "reports/scene.h"

namespace concord::reports {

using http::Members;

namespace {

std::string period_schema() {
  return http::schema(
      {{"kind", "month|quarter|year|12months!"}, {"from", "date!"}, {"to", "date!"}, {"at", "text!"}, {"complete", "boolean!"}});
}

/// Members of who looks at what.
Members head() {
  return {{"viewer", "patients|aggregates!"}, {"period", period_schema() + "!"}, {"filters", "object!"}, {"rule_set", "text!"},
          {"rule_set_version", "text!"},      {"threshold", "integer!"}};
}

Members figure_members() {
  return {{"id", "text!"},
          {"group", "text!"},
          {"kind", "text!"},
          {"unit", "text!"},
          {"name", "text!"},
          {"what", "text!"},
          {"of", "text?!"},
          {"better", "text!"},
          {"suppressed", "boolean!"},
          {"numerator", "integer?!"},
          {"denominator", "integer?!"},
          {"percent", "number?!"},
          {"value", "number?!"},
          {"rule_set", "text"},
          {"rule_set_version", "text"},
          {"period", period_schema()},
          {"not_sent", "boolean!"},
          {"opens", "boolean!"}};
}

}  // namespace

std::string page_schema(const Members& members) { return http::schema_of(http::joined(head(), members)); }

std::string figure_schema() { return http::schema_of(figure_members()); }

std::string card_schema() {
  return http::schema_of(http::joined(figure_members(), {{"signal", "text?"}, {"series", "[]any"}, {"benchmark", "any"}}));
}

std::string listed_figure_schema() {
  return http::schema({{"id", "text!"},
                       {"group", "text!"},
                       {"kind", "text!"},
                       {"unit", "text!"},
                       {"name", "text!"},
                       {"what", "text!"},
                       {"of", "text!"},
                       {"better", "text!"}});
}

std::string group_schema() { return http::schema({{"id", "text!"}, {"name", "text!"}, {"figures", "[]" + card_schema() + "!"}}); }

std::string series_schema() {
  return http::schema({{"month", "text!"},
                       {"period", "object!"},
                       {"suppressed", "boolean!"},
                       {"numerator", "integer?!"},
                       {"denominator", "integer?!"},
                       {"percent", "number?!"},
                       {"value", "number?!"},
                       {"lower", "number?!"},
                       {"upper", "number?!"}});
}

std::string run_chart_schema() {
  const std::string signal =
      http::schema({{"kind", "text!"}, {"direction", "up|down!"}, {"from", "text!"}, {"to", "text!"}, {"points", "integer!"}});
  return http::schema({{"kind", "text!"},
                       {"median", "number?!"},
                       {"mean", "number?!"},
                       {"points", "integer!"},
                       {"enough_points", "boolean!"},
                       {"signals", "[]" + signal + "!"},
                       {"rule_set", "text!"},
                       {"rule_set_version", "text!"}});
}

std::string strata_schema() {
  const std::string row = http::schema({{"value", "text!"},
                                        {"name", "text!"},
                                        {"suppressed", "boolean!"},
                                        {"numerator", "integer?!"},
                                        {"denominator", "integer?!"},
                                        {"percent", "number?!"},
                                        {"value_number", "number?!"}});
  return http::schema({{"id", "text!"}, {"name", "text!"}, {"rows", "[]" + row + "!"}, {"suppressed_rows", "integer!"}});
}

std::string reason_schema() {
  return http::schema(
      {{"standing", "out|denominator!"}, {"code", "text!"}, {"text", "text!"}, {"suppressed", "boolean!"}, {"n", "integer?!"}});
}

std::string patient_schema() {
  return http::schema({{"patient_id", "id!"},
                       {"episode_id", "id?!"},
                       {"given_name", "text!"},
                       {"family_name", "text!"},
                       {"birth_date", "date?!"},
                       {"site", "any"},
                       {"care_manager", "any"},
                       {"standing", "numerator|denominator|out!"},
                       {"reason", "object!"},
                       {"value", "number?!"},
                       {"day", "date!"},
                       {"enrolled_date", "date?!"},
                       {"state", "text!"}});
}

std::string funnel_step_schema() {
  return http::schema({{"id", "text!"},
                       {"name", "text"},
                       {"what", "text"},
                       {"n", "integer?!"},
                       {"percent_of_first", "number?!"},
                       {"percent_of_previous", "number?!"},
                       {"suppressed", "boolean!"}});
}

std::string annotation_schema() {
  return http::schema({{"id", "id!"},
                       {"date", "date!"},
                       {"text", "text!"},
                       {"site", "any"},
                       {"figure", "text?!"},
                       {"by", "any"},
                       {"created_at", "instant!"},
                       {"ended_at", "instant?!"},
                       {"end_reason", "text!"},
                       {"version", "integer!"}});
}

std::string benchmark_schema() {
  return http::schema({{"id", "text!"},
                       {"text", "text!"},
                       {"figure", "text?!"},
                       {"of", "text!"},
                       {"unit", "text!"},
                       {"value", "number!"},
                       {"percent", "number?!"},
                       {"comparison", "number?!"},
                       {"n", "integer?!"},
                       {"months", "integer?!"},
                       {"source", "text!"},
                       {"primary_source", "boolean!"},
                       {"note", "text!"},
                       {"ours", "any"}});
}

std::string assumptions_schema() {
  const std::string value = http::schema({{"id", "text!"},
                                          {"name", "text!"},
                                          {"value", "number!"},
                                          {"unit", "text!"},
                                          {"assumed", "boolean!"},
                                          {"source", "text!"},
                                          {"minimum", "number!"},
                                          {"maximum", "number!"}});
  return http::schema({{"version", "integer!"},
                       {"at", "instant?!"},
                       {"by", "any"},
                       {"reason", "text!"},
                       {"values", "[]" + value + "!"},
                       {"history", "[]object"}});
}

std::string cost_line_schema() {
  return http::schema({{"id", "text!"},
                       {"name", "text!"},
                       {"value", "number?!"},
                       {"unit", "text!"},
                       {"formula", "text!"},
                       {"suppressed", "boolean!"}});
}

std::string letter_schema() {
  const std::string lines = "[]" + http::schema({{"text", "text!"}, {"figure", "text?!"}}) + "!";
  const Members begins{{"language", "en|es!"}, {"title", "text!"}, {"program", "text!"}};
  return http::schema_of(http::joined(http::joined(begins, head()), {{"greeting", "text!"},
                                                                     {"went_well", lines},
                                                                     {"needs_a_look", lines},
                                                                     {"figures", "[]object!"},
                                                                     {"fell_out", lines},
                                                                     {"annotations", "[]" + annotation_schema() + "!"},
                                                                     {"next_steps", "[]object!"},
                                                                     {"footnotes", "[]text!"},
                                                                     {"printed", "object!"}}));
}

std::vector<std::pair<std::string, std::string>> question_parameters() {
  std::vector<std::pair<std::string, std::string>> all{
      {"period", "month (default), quarter, year or 12months"},
      {"at", "A month of the period, such as 2026-03 (of 12 months: the last one); without it the latest period that is over"}};
  for (const auto stratum : kFilters)
    all.emplace_back(std::string(measures::name(stratum)), stratum == Stratum::site ? "A site's id; without it all of yours"
                                                           : stratum == Stratum::care_manager
                                                               ? "me, or a user's id"
                                                               : "Only patients with this value; unknown: not recorded");
  return all;
}

}  // namespace concord::reports
