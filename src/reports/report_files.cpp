#include "reports/report_files.h"

namespace concord::reports {
namespace {

using patients::Asker;

constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

About about(const Scene& scene, const Asker& asker, const Listing& table, const std::optional<measures::Figure>& figure) {
  About lines;
  std::string what = table.name;
  if (figure) what += ": " + scene.figure_name(measures::info(*figure).id);
  lines.emplace_back(scene.say("about.what"), what);
  lines.emplace_back(scene.say("about.period"), scene.asked.period.from.iso() + " - " + scene.asked.period.to.iso());
  std::string filters;
  for (const auto& [stratum, value] : scene.asked.filters)
    filters += (filters.empty() ? "" : "; ") + scene.say("stratum." + std::string(measures::name(stratum))) + ": " +
               scene.value_name(stratum, value);
  lines.emplace_back(scene.say("about.filters"), filters.empty() ? scene.say("about.none") : filters);
  lines.emplace_back(scene.say("about.rule_set"), scene.words()("letter.foot.rule_set", scene.language,
                                                                {scene.facts->rules->name, scene.facts->rules->version,
                                                                 scene.rules().name, scene.rules().version}));
  lines.emplace_back(scene.say("about.denominators"), scene.say("letter.foot.denominators"));
  lines.emplace_back(scene.say("about.suppression"),
                     scene.asked.exact
                         ? scene.say("about.exact")
                         : scene.words()("letter.foot.suppressed", scene.language, {std::to_string(scene.rules().threshold)}));
  lines.emplace_back(scene.say("about.printed"), asker.caller.role + ", " + iso(asker.now));
  lines.emplace_back(scene.say("about.rows"), std::to_string(table.rows.size()));
  return lines;
}

}  // namespace

std::vector<std::string> columns(const Scene& scene, std::initializer_list<std::string_view> ids) {
  std::vector<std::string> names;
  for (const auto id : ids) names.push_back(scene.say("column." + std::string(id)));
  return names;
}

Result<http::Reply> file_reply(const Scene& scene, const Asker& asker, const Listing& table, const FileOf& file) {
  http::Reply reply;
  if (file.workbook) {
    CONCORD_TRY(reply.body, to_xlsx(about(scene, asker, table, file.figure), scene.say("about.title"), table));
    reply.content_type = kXlsx;
  } else {
    reply.body = to_csv(table);
    reply.content_type = "text/csv; charset=utf-8";
  }
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file.name + "-" +
                                                        month_text(scene.asked.period.span.to) +
                                                        (file.workbook ? ".xlsx\"" : ".csv\""));
  reply.audit_detail = audit_of(scene, file.what) + " rows=" + std::to_string(table.rows.size());
  return reply;
}

}  // namespace concord::reports
