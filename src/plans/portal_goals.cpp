#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "json/edits.h"
#include "plans/plans_routes.h"
#include "plans/plans_store.h"
#include "plans/portal_parts.h"
#include "portal/acts.h"

namespace concord::plans {
namespace internal {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;

namespace {

constexpr std::size_t kShownTicks = 60;
constexpr int kRecentDays = 14;
constexpr std::size_t kMostRecent = 3;

/// A goal as this viewer may see it, or nothing.
std::optional<Goal> as_seen(const Viewer& viewer, Goal goal) {
  if (!portal::may_see(viewer, goal.labels, goal.written_by == "patient" ? kOwnGoals : "")) return std::nullopt;
  if (!viewer.is_self && portal::is_private(viewer, kOwnGoals))
    std::erase_if(goal.entries, [](const GoalEntry& e) { return e.told_by == "patient"; });
  return goal;
}

void write_milestones(json::Writer& w, const std::vector<Milestone>& list, std::string_view language) {
  w.array();
  for (const auto& m : list) w.object().field("id", m.id).field("on", m.on).field("text", milestone_text(m.id, language)).end();
  w.end();
}

/// Members of one goal, in an open object.
void write_members(const PortalDeps& deps, json::Writer& w, const Viewer& viewer, const Goal& g) {
  w.field("id", g.id).field("statement", statement(g)).field("what", g.what).field("how_long", g.how_long).key("days");
  write_days(w, g);
  const bool offer = offer_smaller_step(g);
  w.field("at", g.day_time)
      .field("where_with", g.where_with)
      .field("how_often", g.how_often)
      .field("times_per_week", g.times_per_week)
      .field("until", g.until)
      .field("confidence", g.confidence)
      .field("confidence_now", confidence_now(g))
      .field("offer_smaller_step", offer)
      .field("smaller_step_words", offer ? std::optional((*deps.words)("goals.smaller_step", viewer.language)) : std::nullopt)
      .field("obstacle", g.obstacle)
      .field("obstacle_plan", g.obstacle_plan)
      .field("status", g.status)
      .field("start_date", g.start_date)
      .field("written_by", portal::by_for_page(g.written_by))
      .field("for_today", is_for(g, viewer.today))
      .field("today", told_for(g, viewer.today))
      .key("check_offs")
      .array();
  std::size_t times = 0;
  for (auto e = g.entries.rbegin(); e != g.entries.rend(); ++e) {
    if (e->kind != "check_off" || ++times > kShownTicks) continue;
    w.object().field("id", e->id).field("on", e->on).field("result", e->result).field("note", e->note);
    w.field("by", portal::by_for_page(e->told_by)).end();
  }
  const auto weeks = recent_weeks(g, viewer.today);
  w.end().field("times", times).key("weeks").object().field("done", weeks.done).field("of", weeks.of).end().key("milestones");
  write_milestones(w, milestones(g), viewer.language);
  w.field("may_edit", g.status != "imported").field("version", g.version);
}

std::string to_json(const PortalDeps& deps, const Viewer& viewer, const Goal& g) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_members(deps, w, viewer, g);
  w.end();
  return out;
}

Reply goal_reply(const PortalDeps& deps, db::Tx& tx, const Viewer& viewer, const Goal& g, int status) {
  deps.chart->refresh_caseload(tx, viewer.organization, g.patient);
  Reply reply = patients::changed(status, to_json(deps, viewer, g), g.patient, g.id.uuid);
  reply.version = g.version;
  return reply;
}

json::Edits<Goal> read_edits(const json::Cursor& body) {
  body.only({"what", "how_long", "days", "at", "where_with", "until", "confidence", "obstacle", "obstacle_plan"});
  json::Edits<Goal> edits;
  edits.text(body, "what", 1, 500, &Goal::what);
  edits.text(body, "how_long", 200, &Goal::how_long);
  edits.text(body, "at", 200, &Goal::day_time);
  edits.text(body, "where_with", 300, &Goal::where_with);
  edit_days(body, edits);
  edits.date(body, "until", &Goal::until);
  edits.integer(body, "confidence", 0, 10, &Goal::confidence);
  edits.text(body, "obstacle", 500, &Goal::obstacle);
  edits.text(body, "obstacle_plan", 500, &Goal::obstacle_plan);
  return edits;
}

std::vector<Issue> wrong_in(const Goal& goal) {
  std::vector<Issue> wrong;
  if (!goal.confidence) wrong.push_back({"confidence", "say how sure you are, 0 to 10"});
  if (goal.until && *goal.until < goal.start_date) wrong.push_back({"until", "must not be before the goal begins"});
  return wrong;
}

/// Who acts, and what they see.
struct Scene {
  Place place;
  Viewer viewer;
};
Result<Scene> scene_of(const PortalDeps& deps, db::Tx& tx, const Asker& asker) {
  CONCORD_TRY_VOID(portal::require(asker.caller, "goals"));
  CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, portal::patient_of(asker.caller)));
  return Scene{place, deps.viewer_of(tx, asker.caller, asker.now)};
}

/// not_found for a goal that is not there and for one that the caller may not see.
Result<Goal> find_seen(db::Tx& tx, const Viewer& viewer, GoalId id) {
  auto stored = find_goal(tx, viewer.organization, viewer.patient, id);
  if (!stored) return http::not_found();
  auto seen = as_seen(viewer, std::move(*stored));
  if (!seen) return http::not_found();
  return std::move(*seen);
}

Result<Work> create(const KeptPortal& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.required("what").string(1, 500);
  body.required("confidence").integer(0, 10);
  if (!issues.empty()) return issues.error();
  const auto edits = read_edits(body);
  if (!issues.empty()) return issues.error();
  Goal goal;
  edits.apply(goal);
  goal.id = GoalId(deps->chart->ids->next());
  return Work([deps, asker = Asker(call), goal = std::move(goal)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    Goal row = goal;
    row.patient = scene.viewer.patient;
    row.start_date = row.status_date = row.last_reviewed_date = scene.place.today;
    row.language = asker.caller.language;
    row.written_by = portal::teller(asker.caller);
    row.on_behalf_by = portal::on_behalf_by(asker.caller);
    const std::string labels = deps->labels_of ? deps->labels_of(tx, asker.organization(), row.patient) : std::string();
    row.labels = portal::labels_of_new(scene.viewer, labels, kOwnGoals);
    CONCORD_TRY_VOID(patients::refuse_if_any(wrong_in(row)));
    insert(tx, asker.organization(), row);
    Reply reply = goal_reply(*deps, tx, scene.viewer, row, 201);
    reply.location = "/api/v1/portal/goals";
    return reply;
  });
}

Result<Work> edit(const KeptPortal& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  auto edits = read_edits(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    CONCORD_TRY(const auto before, find_seen(tx, scene.viewer, id));
    const auto current = [&] { return to_json(*deps, scene.viewer, before); };
    if (before.version != version) return patients::stale(asker.request_id, current(), before.patient, id.uuid);
    CONCORD_TRY_VOID(goal_may_be_changed(before));
    Goal after = before;
    edits.apply(after);
    CONCORD_TRY_VOID(patients::refuse_if_any(wrong_in(after)));
    if (!update(tx, asker.organization(), after)) return patients::stale(asker.request_id, current(), before.patient, id.uuid);
    ++after.version;
    const GoalRevision former{before.version,       statement(before), before.confidence, before.obstacle,
                              before.obstacle_plan, scene.place.today, asker.caller.user};
    insert_revision(tx, asker.organization(), before, former);
    after.revisions.push_back(former);
    return goal_reply(*deps, tx, scene.viewer, after, 200);
  });
}

Result<Work> check_off(const KeptPortal& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"result", "on", "note"});
  const auto result = body.required("result").one_of({"done", "something_else"});
  const auto on = body.optional("on").date();
  const auto note = body.optional("note").string(0, 1000).value_or("");
  if (!issues.empty()) return issues.error();
  GoalEntry entry;
  entry.id = deps->chart->ids->next();
  entry.kind = "check_off";
  entry.result = *result;
  entry.note = note;
  entry.by = call.caller.user;
  return Work([deps, asker = Asker(call), id, on, entry = std::move(entry)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    CONCORD_TRY(const auto before, find_seen(tx, scene.viewer, id));
    CONCORD_TRY_VOID(goal_may_be_changed(before));
    GoalEntry row = entry;
    row.told_by = portal::teller(asker.caller);
    row.on_behalf_by = portal::on_behalf_by(asker.caller);
    std::vector<Issue> wrong;
    row.on = day_of(on, scene.place.today, before.start_date, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    // A second tap of the same button is the same news.
    const auto told = told_for(before, row.on);
    if (told && *told != row.result) return fail(ErrorCode::conflict, "This day is told already. Both answers count the same.");
    Goal after = before;
    if (!told) {
      CONCORD_TRY(after, add_entry(tx, asker, before, row));
    }
    std::string out;
    json::Writer w(out);
    w.object();
    write_members(*deps, w, scene.viewer, after);
    auto reached = milestones(after);
    const auto known = milestones(before);
    std::erase_if(reached, [&](const Milestone& m) {
      return std::any_of(known.begin(), known.end(), [&](const Milestone& old) { return old.id == m.id; });
    });
    w.key("celebrate");
    write_milestones(w, reached, scene.viewer.language);
    w.end();
    deps->chart->refresh_caseload(tx, asker.organization(), after.patient);
    Reply reply = patients::changed(told ? 200 : 201, std::move(out), after.patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

Result<Work> set_status(const KeptPortal& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"status", "reason"});
  const auto status = body.required("status").one_of({"active", "reached", "stopped"});
  const auto reason = body.optional("reason").string(0, 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, status = *status, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    CONCORD_TRY(const auto before, find_seen(tx, scene.viewer, id));
    const auto current = [&] { return to_json(*deps, scene.viewer, before); };
    if (before.version != version) return patients::stale(asker.request_id, current(), before.patient, id.uuid);
    CONCORD_TRY_VOID(goal_may_be_changed(before));
    Goal after = before;
    after.status = status;
    after.status_date = scene.place.today;
    after.status_reason = reason && !trim(*reason).empty() ? std::optional(std::string(trim(*reason))) : std::nullopt;
    if (!update(tx, asker.organization(), after)) return patients::stale(asker.request_id, current(), before.patient, id.uuid);
    ++after.version;
    return goal_reply(*deps, tx, scene.viewer, after, 200);
  });
}

std::string goal_schema(bool with_celebrate) {
  const std::string milestone = http::schema({{"id", "text!"}, {"on", "date!"}, {"text", "text!"}});
  const std::string told =
      http::schema({{"id", "id!"}, {"on", "date!"}, {"result", "done|something_else!"}, {"note", "text!"}, {"by", "text!"}});
  const std::string all = http::schema({{"id", "id!"},
                                        {"statement", "text!"},
                                        {"what", "text!"},
                                        {"how_long", "text?!"},
                                        {"days", "[]text!"},
                                        {"at", "text?!"},
                                        {"where_with", "text?!"},
                                        {"how_often", "text?!"},
                                        {"times_per_week", "integer?!"},
                                        {"until", "date?!"},
                                        {"confidence", "integer?!"},
                                        {"confidence_now", "integer?!"},
                                        {"offer_smaller_step", "boolean!"},
                                        {"smaller_step_words", "text?!"},
                                        {"obstacle", "text?!"},
                                        {"obstacle_plan", "text?!"},
                                        {"status", "active|reached|stopped|imported!"},
                                        {"start_date", "date!"},
                                        {"written_by", "you|team|trusted_person!"},
                                        {"for_today", "boolean!"},
                                        {"today", "text?!"},
                                        {"check_offs", "[]" + told + "!"},
                                        {"times", "integer!"},
                                        {"weeks", http::schema({{"done", "integer!"}, {"of", "integer!"}}) + "!"},
                                        {"milestones", "[]" + milestone + "!"},
                                        {"may_edit", "boolean!"},
                                        {"version", "integer!"},
                                        {"celebrate", "[]" + milestone + (with_celebrate ? "!" : "")}});
  return all;
}

std::string goal_body(bool creating) {
  return http::schema({{"what", creating ? "text!" : "text"},
                       {"how_long", "text?"},
                       {"days", "[]mon|tue|wed|thu|fri|sat|sun"},
                       {"at", "text?"},
                       {"where_with", "text?"},
                       {"until", "date?"},
                       {"confidence", creating ? "integer!" : "integer"},
                       {"obstacle", "text?"},
                       {"obstacle_plan", "text?"}},
                      true);
}

}  // namespace

portal::View goals_view(const KeptPortal& deps) {
  portal::View view;
  view.name = "goals";
  view.scope = "goals";
  view.summary = "Goals, those that are going on first";
  view.schema = http::schema({{"items", "[]" + goal_schema(false) + "!"}, {"empty", "text?!"}, {"today", "date!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    const auto goals = goals_for(tx, viewer);
    w.object().key("items").array();
    for (const auto& goal : goals) {
      w.object();
      write_members(*deps, w, viewer, goal);
      w.end();
    }
    w.end().field("empty", goals.empty() ? std::optional((*deps->words)("goals.empty", viewer.language)) : std::nullopt);
    w.field("today", viewer.today).end();
    return {};
  };
  return view;
}

std::vector<http::Route> goal_acts(const KeptPortal& deps) {
  using http::Method;
  const auto handler = [deps](Result<Work> (*step)(const KeptPortal&, const Call&)) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  const std::string base = "/api/v1/portal/goals", one = base + "/{goal_id}";
  return {
      portal::act(Method::post, base, "portal.goals.create", "A goal of one's own", true, goal_body(true), goal_schema(false),
                  handler(create)),
      portal::act(Method::patch, one, "portal.goals.edit", "Other words for a goal; the former ones are kept", false,
                  goal_body(false), goal_schema(false), handler(edit)),
      portal::act(Method::post, one + "/check-offs", "portal.goals.check_off", "I did it, or something else", true,
                  http::schema({{"result", "done|something_else!"}, {"on", "date"}, {"note", "text"}}, true), goal_schema(true),
                  handler(check_off)),
      portal::act(Method::post, one + "/status", "portal.goals.status", "A goal is reached, let go or taken up again", false,
                  http::schema({{"status", "active|reached|stopped!"}, {"reason", "text"}}, true), goal_schema(false),
                  handler(set_status)),
  };
}

}  // namespace internal

std::vector<Goal> goals_for(db::Tx& tx, const portal::Viewer& viewer) {
  std::vector<Goal> seen;
  for (auto& goal : list_goals(tx, viewer.organization, viewer.patient))
    if (auto one = internal::as_seen(viewer, std::move(goal))) seen.push_back(std::move(*one));
  return seen;
}

GoalsNow goals_now(db::Tx& tx, const portal::Viewer& viewer) {
  GoalsNow now;
  for (const auto& goal : goals_for(tx, viewer)) {
    for (const auto& m : milestones(goal))
      if (m.on <= viewer.today && viewer.today - m.on < internal::kRecentDays)
        now.milestones.push_back({goal.id, statement(goal), m});
    if (goal.status != "active") continue;
    ++now.active;
    const bool told = told_for(goal, viewer.today).has_value();
    if (!is_for(goal, viewer.today) && !told) continue;
    ++now.for_today;
    now.done_today += told;
    if (told || now.next) continue;
    now.next = goal.id;
    now.statement = statement(goal);
  }
  std::stable_sort(now.milestones.begin(), now.milestones.end(),
                   [](const auto& a, const auto& b) { return a.milestone.on > b.milestone.on; });
  if (now.milestones.size() > internal::kMostRecent) now.milestones.resize(internal::kMostRecent);
  return now;
}

std::optional<std::pair<GoalId, std::string>> own_goal(db::Tx& tx, const portal::Viewer& viewer) {
  for (const auto& goal : goals_for(tx, viewer))
    if (goal.status == "active") return std::pair(goal.id, statement(goal));
  return std::nullopt;
}

}  // namespace concord::plans
