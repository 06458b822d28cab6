// What care costs and may return, what the literature reports, and the assumptions that somebody may change.
#include "base/text.h"
#include "json/cursor.h"
#include "reports/costs_json.h"
#include "reports/figures_json.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using patients::Asker;

std::string costs_page(const Scene& scene) {
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("assumptions").object();
  const auto& now = scene.assumptions;
  write_assumption_members(w, scene.deps(), scene.language, now, now.by ? scene.user_name(*now.by) : std::string());
  w.end().key("lines").array();
  for (const auto& line : costs_of(scene, scene.total())) write_cost_line(w, scene, line);
  w.end().key("not_confirmed").array();
  for (const auto* id : {"costs.not_confirmed_savings", "costs.not_confirmed_hours"}) w.value(scene.say(id));
  w.end().end();
  return body;
}

std::string benchmarks_page(const Scene& scene) {
  const Sheet sheet = scene.total();
  const auto cost_lines = costs_of(scene, sheet);
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("items").array();
  for (const auto& b : scene.rules().benchmarks) write_benchmark(w, scene, b, sheet, cost_lines);
  w.end().end();
  return body;
}

Reply assumptions_reply(const Kept& shared, db::Tx& tx, const Asker& asker, int status) {
  const Deps& deps = shared->deps;
  const auto now = assumptions_now(tx, asker.organization(), *deps.rules);
  const auto author = now.by ? deps.chart->user_name(tx, asker.organization(), *now.by).value_or("") : std::string();
  std::string body;
  json::Writer w(body);
  w.object();
  write_assumption_members(w, deps, asker.caller.language, now, author);
  w.key("history").array();
  for (const auto& v : assumption_versions(tx, asker.organization())) {
    w.object().field("version", v.version).field("at", v.at).key("by");
    deps.chart->write_user(w, tx, asker.organization(), v.by);
    w.field("reason", v.reason).key("values").object();
    for (const auto& [id, value] : v.values) w.field(id, value);
    w.end().end();
  }
  w.end().end();
  Reply reply = http::json_reply(status, std::move(body));
  reply.version = now.version;
  reply.audit_detail = "version=" + std::to_string(now.version);
  return reply;
}

}  // namespace

Result<Work> read_costs(const Kept& shared, const Call& call) { return page(shared, call, "costs", costs_page); }

Result<Work> read_benchmarks(const Kept& shared, const Call& call) { return page(shared, call, "benchmarks", benchmarks_page); }

Result<Work> read_assumptions(const Kept& shared, const Call& call) {
  return Work([shared, asker = Asker(call)](db::Tx& tx) -> Result<Reply> { return assumptions_reply(shared, tx, asker, 200); });
}

Result<Work> write_assumptions(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"values", "reason"});
  const auto reason = std::string(trim(body.required("reason").string(1, kMostWords).value_or("")));
  if (issues.empty() && reason.empty()) body.required("reason").issue("must say why, or where the number is from");
  Assumptions changes;
  const auto values = body.required("values");
  if (values.value() != nullptr && values.value()->is(json::Kind::object)) {
    for (const auto& member : values.value()->members()) {
      const auto* known = shared->deps.rules->assumption(member.key);
      const auto at = values.required(member.key);
      if (known == nullptr) at.issue("is no assumption");
      else if (const auto value = at.real(known->minimum, known->maximum)) changes[known->id] = *value;
    }
    if (values.value()->members().empty()) values.issue("must change something");
  } else if (values.present()) {
    values.issue("must be an object of numbers");
  }
  if (!issues.empty()) return issues.error();
  return Work([shared, asker = Asker(call), version, changes, reason](db::Tx& tx) -> Result<Reply> {
    auto all = assumption_versions(tx, asker.organization());
    AssumptionsVersion next;
    if (!all.empty()) next = std::move(all.front());
    if (next.version != version) {
      const auto now = assumptions_reply(shared, tx, asker, 200);
      Reply reply = http::stale_reply(asker.request_id, now.body);
      reply.audit_detail = "stale";
      return reply;
    }
    next.version = version + 1;
    for (const auto& [id, value] : changes) next.values[id] = value;
    next.reason = reason;
    next.by = asker.caller.user;
    next.at = asker.now;
    if (!insert(tx, asker.organization(), next))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed the assumptions. Load them again.");
    return assumptions_reply(shared, tx, asker, 200);
  });
}

}  // namespace concord::reports
