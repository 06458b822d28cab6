#include "reports/reports_api.h"

#include "http/route_list.h"
#include "reports/report_routes.h"
#include "reports/reports_schema.h"

namespace concord::reports {

std::vector<http::Route> routes(const Deps& deps) {
  using http::Method;
  using http::RunAs;
  http::RouteList<Kept> all(std::make_shared<const Shared>(deps));
  const auto question = question_parameters();
  const auto with_by = [&] {
    auto list = question;
    list.emplace_back("by", "Which tables, such as language,sex; without it the usual ones");
    return list;
  };
  all.add(Method::get, "/api/v1/reports/dashboard", "reports.dashboard", "reports.read",
          "Every figure of the program for a period", RunAs::list, "",
          page_schema({{"groups", "[]" + group_schema() + "!"}, {"choices", "object!"}}), read_dashboard)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/figures", "reports.figures", "reports.read", "What figures there are and what they mean",
          RunAs::point, "", http::list_schema(listed_figure_schema()), list_figures);
  all.add(Method::get, "/api/v1/reports/figures/{figure}", "reports.figure", "reports.read",
          "One figure in depth: 24 months, who by, and why somebody is not in it", RunAs::list, "",
          page_schema({{"figure", figure_schema() + "!"},
                       {"series", "[]" + series_schema() + "!"},
                       {"run_chart", run_chart_schema() + "!"},
                       {"annotations", "[]" + annotation_schema() + "!"},
                       {"strata", "[]" + strata_schema() + "!"},
                       {"reasons", "[]" + reason_schema() + "!"},
                       {"reasons_shown", "boolean!"},
                       {"benchmarks", "[]" + benchmark_schema() + "!"},
                       {"opens", "boolean!"}}),
          read_figure)
      .query_parameters = with_by();
  auto listed = question;
  listed.emplace_back("standing", "denominator (default, the numerator included), numerator, not_met or out");
  listed.emplace_back("reason", "Only lines with this reason");
  auto paged = listed;
  paged.emplace_back("limit", "Rows of a page, 1 to 200; 50 without it");
  paged.emplace_back("after", "\"next\" of the page before");
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients", "reports.patients", "reports.patients",
          "Whom a figure counts, and whom it does not, with the reason", RunAs::list, "",
          http::schema({{"figure", figure_schema() + "!"},
                        {"standing", "text!"},
                        {"reason", "text!"},
                        {"total", "integer!"},
                        {"items", "[]" + patient_schema() + "!"},
                        {"next", "text?!"}}),
          list_patients)
      .query_parameters = paged;
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients.csv", "reports.export_patients_csv", "reports.patients",
          "The same list as a table for spreadsheets", RunAs::list, "", R"({"type":"string","description":"text/csv"})",
          export_patients_csv)
      .query_parameters = listed;
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients.xlsx", "reports.export_patients_xlsx", "reports.patients",
          "The same list as a workbook", RunAs::list, "", R"({"type":"string","description":"xlsx"})", export_patients_xlsx)
      .query_parameters = listed;
  all.add(Method::get, "/api/v1/reports/funnel", "reports.funnel", "reports.read", "From screened to remission, by every stratum",
          RunAs::list, "",
          page_schema({{"steps", "[]" + funnel_step_schema() + "!"}, {"strata", "[]object!"}, {"opens", "boolean!"}}),
          read_funnel)
      .query_parameters = with_by();
  all.add(Method::get, "/api/v1/reports/costs", "reports.costs", "reports.read",
          "What care costs and may return, under stated assumptions", RunAs::list, "",
          page_schema({{"assumptions", assumptions_schema() + "!"},
                       {"lines", "[]" + cost_line_schema() + "!"},
                       {"not_confirmed", "[]text!"}}),
          read_costs)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/assumptions", "reports.assumptions", "reports.read",
          "The assumptions behind costs, and their history", RunAs::point, "", assumptions_schema(), read_assumptions);
  all.add(Method::put, "/api/v1/reports/assumptions", "reports.write_assumptions", "reports.settings",
          "Changes assumptions, with the reason", RunAs::write, http::schema({{"values", "object!"}, {"reason", "text!"}}, true),
          assumptions_schema(), write_assumptions);
  all.add(Method::get, "/api/v1/reports/benchmarks", "reports.benchmarks", "reports.read",
          "What the literature reports, beside ours", RunAs::list, "", page_schema({{"items", "[]" + benchmark_schema() + "!"}}),
          read_benchmarks)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/annotations", "reports.annotations", "reports.read", "Changes that explain a chart",
          RunAs::point, "", http::list_schema(annotation_schema()), list_annotations)
      .query_parameters = {{"from", "First day"}, {"to", "Last day"}};
  auto& create =
      all.add(Method::post, "/api/v1/reports/annotations", "reports.annotate", "reports.settings", "Marks a change on the charts",
              RunAs::write, http::schema({{"date", "date!"}, {"text", "text!"}, {"site_id", "id?"}, {"figure", "text?"}}, true),
              annotation_schema(), create_annotation);
  create.creates = true;
  all.add(Method::post, "/api/v1/reports/annotations/{annotation_id}/end", "reports.end_annotation", "reports.settings",
          "Takes a mark off the charts; it is kept", RunAs::write, http::schema({{"reason", "text!"}}, true), annotation_schema(),
          end_annotation);
  all.add(Method::get, "/api/v1/reports/letter", "reports.letter", "reports.read",
          "The monthly letter: one page in English or Spanish", RunAs::list, "", letter_schema(), read_letter)
      .query_parameters = {{"at", "The month, such as 2026-03; without it the last one that is over"},
                           {"site", "A site's id; without it all of yours"},
                           {"language", "en or es; without it the reader's"}};
  auto exported = with_by();
  exported.emplace_back("table", "dashboard (default), series, strata, reasons, funnel, costs or benchmarks");
  exported.emplace_back("figure", "For series, strata and reasons");
  all.add(Method::get, "/api/v1/reports/export.csv", "reports.export_csv", "reports.read",
          "A table of the reports for spreadsheets", RunAs::list, "", R"({"type":"string","description":"text/csv"})", export_csv)
      .query_parameters = exported;
  all.add(Method::get, "/api/v1/reports/export.xlsx", "reports.export_xlsx", "reports.read",
          "A table of the reports as a workbook whose first sheet says what it is", RunAs::list, "",
          R"({"type":"string","description":"xlsx"})", export_xlsx)
      .query_parameters = exported;
  return all.take();
}

}  // namespace concord::reports
