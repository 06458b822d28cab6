#include "plans/plans_store.h"

#include <unordered_map>

#include "base/check.h"
#include "plans/plans_sql.h"

namespace concord::plans {
namespace {

std::string encode_list(const std::vector<std::string>& list) {
  std::string out;
  json::Writer w(out);
  w.array();
  for (const auto& one : list) w.value(one);
  w.end();
  return out;
}

std::vector<std::string> decode_list(std::string_view text) {
  const auto document = json::Document::parse(text);
  CHECK(document.has_value());
  std::vector<std::string> list;
  for (const auto& item : document->root().items()) list.emplace_back(item.text());
  return list;
}

std::string encode_weights(const std::vector<Weight>& weights) {
  std::string out;
  json::Writer w(out);
  w.array();
  for (const auto& one : weights) w.object().field("item", one.item).field("weight", one.weight).end();
  w.end();
  return out;
}

std::vector<Weight> decode_weights(std::string_view text) {
  const auto document = json::Document::parse(text);
  CHECK(document.has_value());
  std::vector<Weight> weights;
  for (const auto& item : document->root().items()) {
    const auto* name = item.find("item");
    const auto* weight = item.find("weight");
    CHECK(name != nullptr && weight != nullptr);
    weights.push_back({std::string(name->text()), static_cast<int>(weight->integer().value_or(0))});
  }
  return weights;
}

std::optional<int> maybe_int(const db::Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

Goal read_goal(const db::Row& row, PatientId patient) {
  Goal g;
  g.patient = patient;
  g.id = row.id<GoalId>(0);
  g.what = row.string(1);
  g.where_with = row.maybe_string(2);
  g.how_often = row.maybe_string(3);
  g.times_per_week = maybe_int(row, 4);
  g.until = row.maybe_date(5);
  g.confidence = maybe_int(row, 6);
  g.obstacle = row.maybe_string(7);
  g.obstacle_plan = row.maybe_string(8);
  g.language = row.string(9);
  g.status = row.string(10);
  g.status_date = row.date(11);
  g.status_reason = row.maybe_string(12);
  g.start_date = row.date(13);
  g.last_reviewed_date = row.date(14);
  g.labels = row.string(15);
  g.source = row.string(16);
  g.version = row.integer(17);
  g.how_long = row.maybe_string(18);
  g.days = row.maybe_string(19);
  g.day_time = row.maybe_string(20);
  g.written_by = row.string(21);
  g.on_behalf_by = row.maybe_id<UserId>(22);
  return g;
}

/// A plan's columns in the order of the table; looks into `p`.
std::vector<db::Param> values_of(OrganizationId organization, const Plan& p) {
  return {organization, p.patient,    p.id,         p.kind,   p.title,  p.status,
          p.start_date, p.ended_date, p.end_reason, p.labels, p.source, p.version};
}

}  // namespace

std::vector<Plan> list_plans(db::Tx& tx, OrganizationId organization, PatientId patient) {
  std::vector<Plan> plans;
  std::unordered_map<Uuid, std::size_t> at;
  tx.each(sql::kListPlans, {organization, patient}, [&](const db::Row& row) {
    Plan p;
    p.patient = patient;
    p.id = row.id<PlanId>(0);
    p.kind = row.string(1);
    p.title = row.string(2);
    p.status = row.string(3);
    p.start_date = row.date(4);
    p.ended_date = row.maybe_date(5);
    p.end_reason = row.maybe_string(6);
    p.labels = row.string(7);
    p.source = row.string(8);
    p.version = row.integer(9);
    at.emplace(p.id.uuid, plans.size());
    plans.push_back(std::move(p));
  });
  if (plans.empty()) return plans;
  tx.each(sql::kListPlanVersions, {organization, patient}, [&](const db::Row& row) {
    const auto found = at.find(row.uuid(0));
    if (found == at.end()) return;
    auto& plan = plans[found->second];
    PlanVersion v;
    v.number = row.integer(1);
    v.state = row.string(2);
    v.language = row.string(3);
    v.content = decode(plan.kind, row.text(4));
    v.reason = row.string(5);
    v.written_date = row.date(6);
    v.written_by = row.maybe_id<UserId>(7);
    v.effective_date = row.maybe_date(8);
    v.replaced_date = row.maybe_date(9);
    v.patient_view = row.string(10);
    v.patient_words = row.maybe_string(11);
    v.patient_view_date = row.maybe_date(12);
    plan.versions.push_back(std::move(v));
  });
  tx.each(sql::kListPlanViews, {organization, patient}, [&](const db::Row& row) {
    const auto found = at.find(row.uuid(0));
    if (found == at.end()) return;
    for (auto& v : plans[found->second].versions)
      if (v.number == row.integer(1))
        v.views.push_back({row.uuid(2), row.string(3), row.maybe_string(4), row.date(5), row.id<UserId>(6)});
  });
  return plans;
}

std::optional<Plan> find_plan(db::Tx& tx, OrganizationId organization, PatientId patient, PlanId plan) {
  for (auto& p : list_plans(tx, organization, patient))
    if (p.id == plan) return std::move(p);
  return std::nullopt;
}

bool insert(db::Tx& tx, OrganizationId organization, const Plan& p) {
  if (tx.run(sql::kInsertPlan, values_of(organization, p)) == 0) return false;
  for (const auto& v : p.versions) insert_version(tx, organization, p, v);
  return true;
}

void insert_version(db::Tx& tx, OrganizationId organization, const Plan& p, const PlanVersion& v) {
  const std::string content = encode(p.kind, v.content);
  tx.run(sql::kInsertPlanVersion,
         {organization, p.patient, p.id, v.number, v.state, v.language, content, v.reason, v.written_date, v.written_by,
          v.effective_date, v.replaced_date, v.patient_view, v.patient_words, v.patient_view_date});
}

bool touch(db::Tx& tx, OrganizationId organization, const Plan& p) {
  return tx.run(sql::kTouchPlan, {organization, p.patient, p.id, p.version}) > 0;
}

void update_draft(db::Tx& tx, OrganizationId organization, const Plan& p, const PlanVersion& v) {
  const std::string content = encode(p.kind, v.content);
  CHECK(tx.run(sql::kUpdateDraft, {organization, p.patient, p.id, v.number, v.language, content}) == 1);
}

void set_state(db::Tx& tx, OrganizationId organization, const Plan& p, const PlanVersion& v) {
  CHECK(tx.run(sql::kSetVersionState, {organization, p.patient, p.id, v.number, v.state, v.effective_date, v.replaced_date}) ==
        1);
}

void add_view(db::Tx& tx, OrganizationId organization, const Plan& p, std::int64_t number, const PatientView& view, Instant at) {
  CHECK(tx.run(sql::kSetPatientView, {organization, p.patient, p.id, number, view.view, view.words, view.on}) == 1);
  tx.run(sql::kInsertView,
         {organization, p.patient, p.id, number, view.id, view.view, view.words, view.on, view.recorded_by, at});
}

void end_plan(db::Tx& tx, OrganizationId organization, const Plan& p, Date on, std::string_view reason) {
  tx.run(sql::kEndPlan, {organization, p.patient, p.id, on, reason});
}

std::vector<Goal> list_goals(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto goals = tx.all(sql::kListGoals, {organization, patient}, [&](const db::Row& row) { return read_goal(row, patient); });
  if (goals.empty()) return goals;
  std::unordered_map<Uuid, Goal*> at;
  for (auto& g : goals) at.emplace(g.id.uuid, &g);
  tx.each(sql::kListGoalEntries, {organization, patient}, [&](const db::Row& row) {
    if (const auto found = at.find(row.uuid(0)); found != at.end())
      found->second->entries.push_back({row.uuid(1), row.date(2), row.string(3), row.string(4), maybe_int(row, 5), row.string(6),
                                        row.id<UserId>(7), row.string(8), row.maybe_id<UserId>(9)});
  });
  tx.each(sql::kListGoalRevisions, {organization, patient}, [&](const db::Row& row) {
    if (const auto found = at.find(row.uuid(0)); found != at.end())
      found->second->revisions.push_back({row.integer(1), row.string(2), maybe_int(row, 3), row.maybe_string(4),
                                          row.maybe_string(5), row.date(6), row.id<UserId>(7)});
  });
  return goals;
}

std::optional<Goal> find_goal(db::Tx& tx, OrganizationId organization, PatientId patient, GoalId goal) {
  for (auto& g : list_goals(tx, organization, patient))
    if (g.id == goal) return std::move(g);
  return std::nullopt;
}

namespace {

/// A goal's columns in the order of the table; looks into `g`.
std::vector<db::Param> values_of(OrganizationId organization, const Goal& g) {
  return {organization,
          g.patient,
          g.id,
          g.what,
          g.where_with,
          g.how_often,
          g.times_per_week,
          g.until,
          g.confidence,
          g.obstacle,
          g.obstacle_plan,
          g.language,
          g.status,
          g.status_date,
          g.status_reason,
          g.start_date,
          g.last_reviewed_date,
          g.labels,
          g.source,
          g.version,
          g.how_long,
          g.days,
          g.day_time,
          g.written_by,
          g.on_behalf_by};
}

}  // namespace

void insert(db::Tx& tx, OrganizationId organization, const Goal& g) { tx.run(sql::kInsertGoal, values_of(organization, g)); }

bool update(db::Tx& tx, OrganizationId organization, const Goal& g) {
  return tx.run(sql::kUpdateGoal, {organization,
                                   g.patient,
                                   g.id,
                                   g.version,
                                   g.what,
                                   g.where_with,
                                   g.how_often,
                                   g.times_per_week,
                                   g.until,
                                   g.confidence,
                                   g.obstacle,
                                   g.obstacle_plan,
                                   g.language,
                                   g.status,
                                   g.status_date,
                                   g.status_reason,
                                   g.last_reviewed_date,
                                   g.how_long,
                                   g.days,
                                   g.day_time}) > 0;
}

void insert_entry(db::Tx& tx, OrganizationId organization, const Goal& g, const GoalEntry& e, Instant at) {
  tx.run(sql::kInsertGoalEntry, {organization, g.patient, g.id, e.on, e.id, e.kind, e.result, e.confidence, e.note, e.by, at,
                                 e.told_by, e.on_behalf_by});
}

void insert_revision(db::Tx& tx, OrganizationId organization, const Goal& g, const GoalRevision& r) {
  tx.run(sql::kInsertGoalRevision, {organization, g.patient, g.id, r.version, r.statement, r.confidence, r.obstacle,
                                    r.obstacle_plan, r.changed_on, r.changed_by});
}

std::optional<Preparation> find_preparation(db::Tx& tx, OrganizationId organization, PatientId patient, std::string_view aid) {
  for (auto& one : list_preparations(tx, organization, patient))
    if (one.aid == aid) return std::move(one);
  return std::nullopt;
}

std::vector<Preparation> list_preparations(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListPreparations, {organization, patient}, [&](const db::Row& row) {
    Preparation p;
    p.patient = patient;
    p.aid = row.string(0);
    p.aid_version = row.string(1);
    p.weights = decode_weights(row.text(2));
    p.leaning = row.maybe_string(3);
    p.words = row.string(4);
    p.labels = row.string(5);
    p.saved_by = row.id<UserId>(6);
    p.on_behalf_by = row.maybe_id<UserId>(7);
    p.saved_at = row.instant(8);
    p.version = row.integer(9);
    return p;
  });
}

bool save(db::Tx& tx, OrganizationId organization, const Preparation& p) {
  const std::string weights = encode_weights(p.weights);
  return tx.run(p.version == 0 ? sql::kInsertPreparation : sql::kUpdatePreparation,
                {organization, p.patient, p.aid, p.aid_version, weights, p.leaning, p.words, p.labels, p.saved_by, p.on_behalf_by,
                 p.saved_at, p.version == 0 ? std::int64_t{1} : p.version}) > 0;
}

std::vector<Decision> list_decisions(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListDecisions, {organization, patient}, [&](const db::Row& row) {
    Decision d;
    d.patient = patient;
    d.id = row.id<DecisionId>(0);
    d.on = row.date(1);
    d.aid = row.maybe_string(2);
    d.aid_version = row.maybe_string(3);
    d.topic = row.string(4);
    d.language = row.string(5);
    d.options = decode_list(row.text(6));
    d.weights = decode_weights(row.text(7));
    d.choice = row.string(8);
    d.choice_words = row.maybe_string(9);
    d.took_part = decode_list(row.text(10));
    d.note = row.string(11);
    d.labels = row.string(12);
    d.replaces = row.maybe_id<DecisionId>(13);
    d.replaced_by = row.maybe_id<DecisionId>(14);
    d.recorded_by = row.id<UserId>(15);
    d.version = row.integer(16);
    return d;
  });
}

void insert(db::Tx& tx, OrganizationId organization, const Decision& d, Instant at) {
  const std::string options = encode_list(d.options), weights = encode_weights(d.weights), took_part = encode_list(d.took_part);
  tx.run(sql::kInsertDecision,
         {organization,  d.patient,     d.id,     d.on,           d.aid,     d.aid_version, d.topic,  d.language,
          options,       weights,       d.choice, d.choice_words, took_part, d.note,        d.labels, d.replaces,
          d.replaced_by, d.recorded_by, at,       d.version});
}

bool set_replaced(db::Tx& tx, OrganizationId organization, PatientId patient, DecisionId old, DecisionId by) {
  return tx.run(sql::kSetDecisionReplaced, {organization, patient, old, by}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Plan> plans, Instant) {
  if (plans.empty()) return;
  static constexpr std::string_view kColumns[] = {"organization_id", "patient_id", "plan_id",    "kind",   "title",  "status",
                                                  "start_date",      "ended_date", "end_reason", "labels", "source", "version"};
  std::size_t next = 0;
  tx.load("care_plan", kColumns, [&](std::vector<db::Param>& values) {
    if (next == plans.size()) return false;
    values = values_of(organization, plans[next++]);
    return true;
  });
  static constexpr std::string_view kVersionColumns[] = {
      "organization_id", "patient_id",   "plan_id",        "plan_version",  "state",        "language",      "content",
      "reason",          "written_date", "effective_date", "replaced_date", "patient_view", "patient_words", "patient_view_date"};
  next = 0;
  std::string content;
  tx.load("care_plan_version", kVersionColumns, [&](std::vector<db::Param>& values) {
    if (next == plans.size()) return false;
    const Plan& p = plans[next++];
    const PlanVersion& v = p.newest();
    content = encode(p.kind, v.content);
    values.assign({organization, p.patient, p.id, v.number, v.state, v.language, content, v.reason, v.written_date,
                   v.effective_date, v.replaced_date, v.patient_view, v.patient_words, v.patient_view_date});
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Goal> goals, Instant) {
  if (goals.empty()) return;
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id",  "goal_id",       "what",       "where_with",         "how_often",
      "times_per_week",  "until_date",  "confidence",    "obstacle",   "obstacle_plan",      "language",
      "status",          "status_date", "status_reason", "start_date", "last_reviewed_date", "labels",
      "source",          "version",     "how_long",      "days",       "day_time",           "written_by",
      "on_behalf_by"};
  std::size_t next = 0;
  tx.load("goal", kColumns, [&](std::vector<db::Param>& values) {
    if (next == goals.size()) return false;
    const Goal& g = goals[next++];
    values = values_of(organization, g);
    return true;
  });
}

}  // namespace concord::plans
