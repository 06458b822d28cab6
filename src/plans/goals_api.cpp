#include <algorithm>
#include <array>

#include "base/text.h"
#include "json/edits.h"
#include "patients/shapes.h"
#include "plans/plans_routes.h"
#include "plans/plans_store.h"

namespace concord::plans {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;

constexpr std::size_t kShownTicks = 60;
constexpr std::size_t kShownReviews = 20;

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Goal& g, Date today) {
  w.object()
      .field("id", g.id)
      .field("statement", statement(g))
      .field("what", g.what)
      .field("where_with", g.where_with)
      .field("how_often", g.how_often)
      .field("times_per_week", g.times_per_week)
      .field("how_long", g.how_long)
      .key("days");
  write_days(w, g);
  w.field("at", g.day_time)
      .field("until", g.until)
      .field("confidence", g.confidence)
      .field("confidence_now", confidence_now(g))
      .field("offer_smaller_step", offer_smaller_step(g))
      .field("obstacle", g.obstacle)
      .field("obstacle_plan", g.obstacle_plan)
      .field("language", g.language)
      .field("status", g.status)
      .field("status_date", g.status_date)
      .field("status_reason", g.status_reason)
      .field("start_date", g.start_date)
      .field("last_reviewed_date", g.last_reviewed_date)
      .field("source", g.source)
      .field("written_by", g.written_by)
      .key("check_offs")
      .array();
  std::size_t ticks = 0, reviews = 0;
  for (auto e = g.entries.rbegin(); e != g.entries.rend(); ++e) {
    if (e->kind != "check_off" || ++ticks > kShownTicks) continue;
    w.object()
        .field("id", e->id)
        .field("on", e->on)
        .field("result", e->result)
        .field("note", e->note)
        .field("by_whom", e->told_by)
        .key("by");
    chart.write_user(w, tx, caller, e->by);
    w.end();
  }
  w.end().field("check_offs_total", ticks).key("reviews").array();
  for (auto e = g.entries.rbegin(); e != g.entries.rend(); ++e) {
    if (e->kind != "review" || ++reviews > kShownReviews) continue;
    w.object()
        .field("id", e->id)
        .field("on", e->on)
        .field("progress", e->result)
        .field("confidence", e->confidence)
        .field("note", e->note)
        .key("by");
    chart.write_user(w, tx, caller, e->by);
    w.end();
  }
  const auto weeks = recent_weeks(g, today);
  w.end().key("weeks").object().field("done", weeks.done).field("of", weeks.of).end().key("milestones").array();
  for (const auto& m : milestones(g))
    w.object().field("id", m.id).field("on", m.on).field("text", milestone_text(m.id, caller.language)).end();
  w.end().key("revisions").array();
  for (const auto& r : g.revisions)
    w.object()
        .field("version", r.version)
        .field("statement", r.statement)
        .field("confidence", r.confidence)
        .field("obstacle", r.obstacle)
        .field("obstacle_plan", r.obstacle_plan)
        .field("changed_on", r.changed_on)
        .end();
  w.end().key("labels");
  patients::write_labels(w, g.labels, patients::Normal::written);
  w.field("version", g.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Asker& asker, const Goal& g, Date today) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, asker.caller, g, today);
  return out;
}

Reply goal_reply(const Deps& deps, db::Tx& tx, const Asker& asker, const Goal& g, Date today, int status) {
  deps.chart->refresh_caseload(tx, asker.organization(), g.patient);
  Reply reply = changed(status, to_json(*deps.chart, tx, asker, g, today), g.patient, g.id.uuid);
  reply.version = g.version;
  if (status == 201) reply.location = "/api/v1/patients/" + g.patient.text() + "/goals/" + g.id.text();
  return reply;
}

json::Edits<Goal> read_edits(const json::Cursor& body) {
  body.only({"what", "where_with", "how_often", "times_per_week", "how_long", "days", "at", "until", "confidence", "obstacle",
             "obstacle_plan", "language"});
  json::Edits<Goal> edits;
  edits.text(body, "what", 1, 500, &Goal::what);
  edits.text(body, "where_with", 300, &Goal::where_with);
  edits.text(body, "how_often", 300, &Goal::how_often);
  edits.integer(body, "times_per_week", 1, 21, &Goal::times_per_week);
  edits.text(body, "how_long", 200, &Goal::how_long);
  edits.text(body, "at", 200, &Goal::day_time);
  edit_days(body, edits);
  edits.date(body, "until", &Goal::until);
  edits.integer(body, "confidence", 0, 10, &Goal::confidence);
  edits.text(body, "obstacle", 500, &Goal::obstacle);
  edits.text(body, "obstacle_plan", 500, &Goal::obstacle_plan);
  if (const auto language = body.optional("language").string(2, 35))
    edits.add([language = *language](Goal& g) { g.language = language; });
  return edits;
}

void check_words(const Goal& goal, std::vector<Issue>& issues) {
  if (!goal.confidence) issues.push_back({"confidence", "ask how sure the patient is, 0 to 10"});
  if (goal.until && *goal.until < goal.start_date) issues.push_back({"until", "must not be before the goal begins"});
}

}  // namespace

void write_days(json::Writer& w, const Goal& goal) {
  w.array();
  if (goal.days)
    for (const auto day : split(*goal.days, ' '))
      if (!day.empty()) w.value(day);
  w.end();
}

void edit_days(const json::Cursor& body, json::Edits<Goal>& edits) {
  const auto list = body.optional("days");
  if (list.value() == nullptr) return;
  std::array<bool, std::size(kDays)> chosen{};
  if (list.present())
    list.each([&](const json::Cursor& item) {
      if (const auto word = item.one_of({"mon", "tue", "wed", "thu", "fri", "sat", "sun"}))
        chosen[static_cast<std::size_t>(std::find(std::begin(kDays), std::end(kDays), *word) - std::begin(kDays))] = true;
    });
  std::string days;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) days.append(days.empty() ? "" : " ").append(kDays[i]);
  edits.add([days](Goal& g) { g.days = days.empty() ? std::nullopt : std::optional(days); });
}

Result<void> goal_may_be_changed(const Goal& goal) {
  if (goal.status == "imported")
    return fail(ErrorCode::conflict, "This goal came from another system. Write one of your own with the patient.");
  return {};
}

namespace {

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& goal : list_goals(tx, asker.organization(), patient))
      write(*deps->chart, w, tx, asker.caller, goal, place.today);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> read_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto goal = find_goal(tx, asker.organization(), patient, id);
    if (!goal) return http::not_found();
    Reply reply = looked(to_json(*deps->chart, tx, asker, *goal, place.today), patient, id.uuid);
    reply.version = goal->version;
    return reply;
  });
}

Result<Work> create_goal(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.required("what").string(1, 500);
  body.required("confidence").integer(0, 10);
  if (!issues.empty()) return issues.error();
  const auto edits = read_edits(body);
  const auto language = body.optional("language").string(2, 35);
  if (!issues.empty()) return issues.error();
  Goal goal;
  edits.apply(goal);
  goal.id = GoalId(deps->chart->ids->next());
  goal.patient = patient;
  return Work([deps, asker = Asker(call), goal = std::move(goal), language](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, goal.patient));
    Goal row = goal;
    row.start_date = row.status_date = row.last_reviewed_date = place.today;
    if (!language) row.language = language_for(*deps, tx, asker, goal.patient);
    row.labels = labels_for(*deps, tx, asker, goal.patient);
    std::vector<Issue> wrong;
    check_words(row, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    return goal_reply(*deps, tx, asker, row, place.today, 201);
  });
}

Result<Work> edit_goal(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  auto edits = read_edits(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find_goal(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    const auto current = [&] { return to_json(chart, tx, asker, *before, place.today); };
    if (before->version != version) return stale(asker.request_id, current(), patient, id.uuid);
    CONCORD_TRY_VOID(goal_may_be_changed(*before));
    Goal after = *before;
    edits.apply(after);
    std::vector<Issue> wrong;
    check_words(after, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!update(tx, asker.organization(), after)) return stale(asker.request_id, current(), patient, id.uuid);
    ++after.version;
    const GoalRevision former{before->version,       statement(*before), before->confidence, before->obstacle,
                              before->obstacle_plan, place.today,        asker.caller.user};
    insert_revision(tx, asker.organization(), *before, former);
    after.revisions.push_back(former);
    return goal_reply(*deps, tx, asker, after, place.today, 200);
  });
}

}  // namespace

Result<Goal> add_entry(db::Tx& tx, const Asker& asker, const Goal& before, const GoalEntry& entry) {
  Goal after = before;
  insert_entry(tx, asker.organization(), before, entry, asker.now);
  const auto later =
      std::find_if(after.entries.begin(), after.entries.end(), [&](const GoalEntry& e) { return e.on > entry.on; });
  after.entries.insert(later, entry);
  if (entry.kind == "review") {
    after.last_reviewed_date = std::max(after.last_reviewed_date, entry.on);
    if (entry.result == "reached" && after.status == "active") {
      after.status = "reached";
      after.status_date = entry.on;
    }
    if (!update(tx, asker.organization(), after))
      return fail(ErrorCode::conflict, "Somebody else changed the goal at the same moment. Try again.");
    ++after.version;
  }
  return after;
}

namespace {

Result<Work> tick(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"result", "on", "note"});
  const auto result = body.required("result").one_of({"done", "something_else"});
  const auto on = body.optional("on").date();
  const auto note = body.optional("note").string(0, 1000).value_or("");
  if (!issues.empty()) return issues.error();
  GoalEntry entry{deps->chart->ids->next(), {}, "check_off", *result, std::nullopt, note, call.caller.user};
  return Work([deps, asker = Asker(call), patient, id, on, entry = std::move(entry)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find_goal(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    CONCORD_TRY_VOID(goal_may_be_changed(*before));
    GoalEntry row = entry;
    std::vector<Issue> wrong;
    row.on = day_of(on, place.today, before->start_date, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    CONCORD_TRY(const auto after, add_entry(tx, asker, *before, row));
    return goal_reply(*deps, tx, asker, after, place.today, 201);
  });
}

struct Look {
  std::string progress;
  std::optional<int> confidence;
  std::string note;
};
std::optional<Look> read_look(const json::Cursor& body) {
  const auto progress = body.required("progress").one_of({"going_well", "some", "stuck", "reached"});
  const auto confidence = body.optional("confidence").integer(0, 10);
  const auto note = body.optional("note").string(0, 1000).value_or("");
  if (!progress) return std::nullopt;
  return Look{*progress, confidence ? std::optional(static_cast<int>(*confidence)) : std::nullopt, note};
}

Result<Work> look_at(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"progress", "confidence", "note", "on"});
  const auto look = read_look(body);
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  GoalEntry entry{deps->chart->ids->next(), {}, "review", look->progress, look->confidence, look->note, call.caller.user};
  return Work([deps, asker = Asker(call), patient, id, on, entry = std::move(entry)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find_goal(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    CONCORD_TRY_VOID(goal_may_be_changed(*before));
    GoalEntry row = entry;
    std::vector<Issue> wrong;
    row.on = day_of(on, place.today, before->start_date, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    CONCORD_TRY(const auto after, add_entry(tx, asker, *before, row));
    return goal_reply(*deps, tx, asker, after, place.today, 201);
  });
}

Result<Work> set_status(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<GoalId>("goal_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"status", "reason", "on"});
  const auto status = body.required("status").one_of({"active", "reached", "stopped"});
  const auto reason = body.optional("reason").string(1, 500);
  const auto on = body.optional("on").date();
  if (status == "stopped" && !reason && issues.empty()) body.optional("reason").issue("say why the goal was let go");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, status = *status, reason, on](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find_goal(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    const auto current = [&] { return to_json(chart, tx, asker, *before, place.today); };
    if (before->version != version) return stale(asker.request_id, current(), patient, id.uuid);
    CONCORD_TRY_VOID(goal_may_be_changed(*before));
    Goal after = *before;
    std::vector<Issue> wrong;
    after.status = status;
    after.status_date = day_of(on, place.today, before->start_date, wrong);
    after.status_reason = reason;
    after.last_reviewed_date = std::max(after.last_reviewed_date, after.status_date);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!update(tx, asker.organization(), after)) return stale(asker.request_id, current(), patient, id.uuid);
    ++after.version;
    return goal_reply(*deps, tx, asker, after, place.today, 200);
  });
}

std::string goal_schema() {
  const std::string weeks = http::schema({{"done", "integer!"}, {"of", "integer!"}});
  const std::string milestone = http::schema({{"id", "text!"}, {"on", "date!"}, {"text", "text!"}});
  return http::schema({{"id", "id!"},
                       {"statement", "text!"},
                       {"what", "text!"},
                       {"where_with", "text?!"},
                       {"how_often", "text?!"},
                       {"times_per_week", "integer?!"},
                       {"how_long", "text?!"},
                       {"days", "[]text!"},
                       {"at", "text?!"},
                       {"until", "date?!"},
                       {"confidence", "integer?!"},
                       {"confidence_now", "integer?!"},
                       {"offer_smaller_step", "boolean!"},
                       {"obstacle", "text?!"},
                       {"obstacle_plan", "text?!"},
                       {"language", "text!"},
                       {"status", "active|reached|stopped|imported!"},
                       {"status_date", "date!"},
                       {"status_reason", "text?!"},
                       {"start_date", "date!"},
                       {"last_reviewed_date", "date!"},
                       {"source", "text!"},
                       {"written_by", "staff|patient|trusted_person!"},
                       {"check_offs", "[]object!"},
                       {"check_offs_total", "integer!"},
                       {"reviews", "[]object!"},
                       {"weeks", weeks + "!"},
                       {"milestones", "[]" + milestone + "!"},
                       {"revisions", "[]object!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

std::string goal_body(bool creating) {
  return http::schema({{"what", creating ? "text!" : "text"},
                       {"where_with", "text?"},
                       {"how_often", "text?"},
                       {"times_per_week", "integer?"},
                       {"how_long", "text?"},
                       {"days", "[]text"},
                       {"at", "text?"},
                       {"until", "date?"},
                       {"confidence", creating ? "integer!" : "integer"},
                       {"obstacle", "text?"},
                       {"obstacle_plan", "text?"},
                       {"language", "text"}},
                      true);
}

}  // namespace

std::function<StoreCheck(const json::Cursor& body)> goal_check_reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body) -> StoreCheck {
    body.only({"goal_id", "progress", "confidence", "note"});
    const auto id = body.required("goal_id").id<GoalId>();
    const auto look = read_look(body);
    if (!id || !look) return nullptr;
    return [deps, path = body.path(), id = *id, look = *look, entry_id = deps->chart->ids->next()](
               db::Tx& tx, const Asker& asker, const Place& place, Date day, json::Writer& w) -> Result<void> {
      const auto before = find_goal(tx, asker.organization(), place.patient, id);
      if (!before) return fail(ErrorCode::invalid, "A goal is not known.", {{path + ".goal_id", "is no goal of this patient"}});
      CONCORD_TRY_VOID(goal_may_be_changed(*before));
      const GoalEntry entry{
          entry_id, std::max(day, before->start_date), "review", look.progress, look.confidence, look.note, asker.caller.user};
      CONCORD_TRY(const auto after, add_entry(tx, asker, *before, entry));
      write(*deps->chart, w, tx, asker.caller, after, place.today);
      return {};
    };
  };
}

void write_goals(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& goal : list_goals(tx, asker.organization(), place.patient))
    if (goal.status == "active" || goal.status == "reached") write(*deps.chart, w, tx, asker.caller, goal, place.today);
  w.end();
}

std::vector<http::Route> goal_routes(const Kept& deps) {
  using http::Method;
  const std::string row = goal_schema();
  const std::string base = "/api/v1/patients/{patient_id}/goals";
  const std::string one = base + "/{goal_id}";
  return {
      reading(base, "goals.list", "plans.read", "Goals of a patient, active ones first", http::list_schema(row),
              handler(deps, list_all)),
      reading(one, "goals.read", "plans.read", "One goal", row, handler(deps, read_one)),
      writing(Method::post, base, "goals.create", "A new goal", true, goal_body(true), row, handler(deps, create_goal)),
      writing(Method::patch, one, "goals.edit", "Other words for a goal; the former ones are kept", false, goal_body(false), row,
              handler(deps, edit_goal)),
      writing(Method::post, one + "/check-offs", "goals.check_off", "The patient did it, or something else", true,
              http::schema({{"result", "done|something_else!"}, {"on", "date"}, {"note", "text"}}, true), row,
              handler(deps, tick)),
      writing(Method::post, one + "/reviews", "goals.review", "A goal looked at together, outside a contact", true,
              http::schema(
                  {{"progress", "going_well|some|stuck|reached!"}, {"confidence", "integer"}, {"note", "text"}, {"on", "date"}},
                  true),
              row, handler(deps, look_at)),
      writing(Method::post, one + "/status", "goals.status", "A goal is reached, let go or taken up again", false,
              http::schema({{"status", "active|reached|stopped!"}, {"reason", "text"}, {"on", "date"}}, true), row,
              handler(deps, set_status)),
  };
}

}  // namespace concord::plans
