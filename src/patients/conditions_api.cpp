#include "patients/conditions_api.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/cursor.h"
#include "json/edits.h"
#include "patients/conditions_store.h"
#include "patients/shapes.h"

namespace concord::patients {
namespace {

using http::Call;
using http::Reply;
using http::Work;

constexpr std::size_t kShown = 50;

void write(json::Writer& w, const Condition& c) {
  w.object()
      .field("id", c.id)
      .field("text", c.text)
      .field("code", c.code)
      .field("code_system", c.code_system)
      .field("clinical_status", c.clinical_status)
      .field("onset_date", c.onset_date)
      .field("ended_date", c.ended_date)
      .field("recorded_date", c.recorded_date)
      .field("source", c.source);
  w.key("labels");
  write_labels(w, c.labels, Normal::written);
  w.field("version", c.version).end();
}

void write(json::Writer& w, const Allergy& a) {
  w.object()
      .field("id", a.id)
      .field("substance", a.substance)
      .field("code", a.code)
      .field("code_system", a.code_system)
      .field("category", a.category)
      .field("criticality", a.criticality)
      .field("reaction", a.reaction)
      .field("active", !a.ended_date)
      .field("onset_date", a.onset_date)
      .field("ended_date", a.ended_date)
      .field("end_reason", a.end_reason)
      .field("source", a.source);
  w.key("labels");
  write_labels(w, a.labels, Normal::written);
  w.field("version", a.version).end();
}

template <class T>
std::string to_json(const T& row) {
  std::string out;
  json::Writer w(out);
  write(w, row);
  return out;
}

template <class T>
Reply row_reply(const T& row, int status, std::string_view list) {
  Reply reply = changed(status, to_json(row), row.patient, row.id.uuid);
  reply.version = row.version;
  if (status == 201) reply.location = "/api/v1/patients/" + row.patient.text() + "/" + std::string(list) + "/" + row.id.text();
  return reply;
}

template <class List>
http::Handler lists(const Chart& chart, List list) {
  return [&chart, list](const Call& call) -> Result<Work> {
    CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
    return Work([&chart, list, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
      CONCORD_TRY_VOID(chart.find(tx, asker.caller, asker.now, patient));
      std::string body;
      json::Writer w(body);
      w.object().key("items").array();
      for (const auto& row : list(tx, asker.organization(), patient)) write(w, row);
      w.end().key("next").null().end();
      return looked(std::move(body), patient, patient.uuid);
    });
  };
}

Result<Work> create_condition(const Chart& chart, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text", "code", "code_system", "onset_date", "clinical_status"});
  const auto text = body.required("text").string(1, 300);
  Condition condition;
  json::Edits<Condition> edits;
  edits.text(body, "code", 60, &Condition::code);
  edits.text(body, "code_system", 200, &Condition::code_system);
  edits.date(body, "onset_date", &Condition::onset_date);
  edits.one_of(body, "clinical_status", {"active", "recurrence", "relapse", "inactive", "remission", "resolved"},
               &Condition::clinical_status);
  edits.apply(condition);
  if (condition.code_system && !condition.code) body.optional("code").issue("is needed with code_system");
  if (!issues.empty()) return issues.error();
  condition.id = ConditionId(chart.ids->next());
  condition.patient = patient;
  condition.text = std::string(trim(*text));
  return Work([&chart, asker = Asker(call), condition = std::move(condition)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, condition.patient));
    Condition row = condition;
    row.recorded_date = place.today;
    std::vector<Issue> wrong;
    if (row.onset_date) check_not_after(*row.onset_date, place.today, "onset_date", wrong);
    CONCORD_TRY_VOID(refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row, asker.now);
    return row_reply(row, 201, "conditions");
  });
}

Result<Work> create_allergy(const Chart& chart, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"substance", "code", "code_system", "category", "criticality", "reaction", "onset_date"});
  const auto substance = body.required("substance").string(1, 300);
  Allergy allergy;
  json::Edits<Allergy> edits;
  edits.text(body, "code", 60, &Allergy::code);
  edits.text(body, "code_system", 200, &Allergy::code_system);
  edits.one_of(body, "category", {"medication", "food", "environment", "biologic"}, &Allergy::category);
  edits.one_of(body, "criticality", {"low", "high", "unable-to-assess"}, &Allergy::criticality);
  edits.text(body, "reaction", 500, &Allergy::reaction);
  edits.date(body, "onset_date", &Allergy::onset_date);
  edits.apply(allergy);
  if (!issues.empty()) return issues.error();
  allergy.id = AllergyId(chart.ids->next());
  allergy.patient = patient;
  allergy.substance = std::string(trim(*substance));
  return Work([&chart, asker = Asker(call), allergy = std::move(allergy)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, allergy.patient));
    std::vector<Issue> wrong;
    if (allergy.onset_date) check_not_after(*allergy.onset_date, place.today, "onset_date", wrong);
    CONCORD_TRY_VOID(refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), allergy);
    return row_reply(allergy, 201, "allergies");
  });
}

/// Ends one row: finds it, checks version and day, and lets `apply` write it.
template <class T, class IdType, class List, class Apply>
Work ending(const Chart& chart, const Call& call, PatientId patient, IdType id, std::int64_t version, std::optional<Date> on,
            List list, Apply apply) {
  return Work([&chart, asker = Asker(call), patient, id, version, on, list, apply](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto all = list(tx, asker.organization(), patient);
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& row) { return row.id == id; });
    if (found == all.end()) return http::not_found();
    if (found->version != version) return stale(asker.request_id, to_json(*found), patient, id.uuid);
    if (found->ended_date) return fail(ErrorCode::conflict, "This was ended already.");
    const Date day = on.value_or(place.today);
    std::vector<Issue> wrong;
    check_not_after(day, place.today, "on", wrong);
    if (found->onset_date && day < *found->onset_date) wrong.push_back({"on", "must not be before it began"});
    CONCORD_TRY_VOID(refuse_if_any(std::move(wrong)));
    T after = *found;
    if (!apply(tx, asker.organization(), *found, after, day)) return stale(asker.request_id, to_json(*found), patient, id.uuid);
    ++after.version;
    return row_reply(after, 200, "");
  });
}

Result<Work> end_condition(const Chart& chart, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ConditionId>("condition_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "clinical_status"});
  const auto on = body.optional("on").date();
  const auto status = body.optional("clinical_status").one_of({"inactive", "remission", "resolved"}).value_or("resolved");
  if (!issues.empty()) return issues.error();
  return ending<Condition>(
      chart, call, patient, id, version, on, list_conditions,
      [status](db::Tx& tx, OrganizationId organization, const Condition& before, Condition& after, Date day) {
        after.clinical_status = status;
        after.ended_date = day;
        return end(tx, organization, before, status, day);
      });
}

Result<Work> end_allergy(const Chart& chart, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<AllergyId>("allergy_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "reason"});
  const auto on = body.optional("on").date();
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return ending<Allergy>(
      chart, call, patient, id, version, on, list_allergies,
      [reason = *reason](db::Tx& tx, OrganizationId organization, const Allergy& before, Allergy& after, Date day) {
        after.end_reason = reason;
        after.ended_date = day;
        return end(tx, organization, before, reason, day);
      });
}

std::string condition_schema() {
  return http::schema({{"id", "id!"},
                       {"text", "text!"},
                       {"code", "text?!"},
                       {"code_system", "text?!"},
                       {"clinical_status", "active|recurrence|relapse|inactive|remission|resolved|unknown!"},
                       {"onset_date", "date?!"},
                       {"ended_date", "date?!"},
                       {"recorded_date", "date!"},
                       {"source", "text!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

std::string allergy_schema() {
  return http::schema({{"id", "id!"},
                       {"substance", "text!"},
                       {"code", "text?!"},
                       {"code_system", "text?!"},
                       {"category", "text?!"},
                       {"criticality", "text?!"},
                       {"reaction", "text?!"},
                       {"active", "boolean!"},
                       {"onset_date", "date?!"},
                       {"ended_date", "date?!"},
                       {"end_reason", "text?!"},
                       {"source", "text!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

}  // namespace

void write_conditions(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  std::size_t shown = 0;
  for (const auto& c : list_conditions(tx, asker.organization(), place.patient))
    if (c.is_active() && shown++ < kShown) write(w, c);
  w.end();
}

void write_allergies(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& a : list_allergies(tx, asker.organization(), place.patient))
    if (!a.ended_date) write(w, a);
  w.end();
}

std::vector<http::Route> condition_routes(const Chart& chart) {
  using http::Method;
  using http::RunAs;
  using Run = Result<Work> (*)(const Chart&, const Call&);
  const auto handler = [&chart](Run run) -> http::Handler {
    return [&chart, run](const Call& call) { return run(chart, call); };
  };
  const std::string condition = condition_schema(), allergy = allergy_schema();
  const std::string base = "/api/v1/patients/{patient_id}";
  return {
      {Method::get,
       base + "/conditions",
       "conditions.list",
       "conditions.read",
       "Conditions of a patient, those that stand first",
       RunAs::point,
       false,
       "",
       http::list_schema(condition),
       {},
       lists(chart, list_conditions)},
      {Method::post,
       base + "/conditions",
       "conditions.create",
       "conditions.write",
       "Adds a condition",
       RunAs::write,
       true,
       http::schema({{"text", "text!"},
                     {"code", "text?"},
                     {"code_system", "text?"},
                     {"onset_date", "date?"},
                     {"clinical_status", "active|recurrence|relapse|inactive|remission|resolved"}},
                    true),
       condition,
       {},
       handler(create_condition)},
      {Method::post,
       base + "/conditions/{condition_id}/end",
       "conditions.end",
       "conditions.write",
       "A condition is over",
       RunAs::write,
       false,
       http::schema({{"on", "date"}, {"clinical_status", "inactive|remission|resolved"}}, true),
       condition,
       {},
       handler(end_condition)},
      {Method::get,
       base + "/allergies",
       "allergies.list",
       "conditions.read",
       "Allergies of a patient",
       RunAs::point,
       false,
       "",
       http::list_schema(allergy),
       {},
       lists(chart, list_allergies)},
      {Method::post,
       base + "/allergies",
       "allergies.create",
       "conditions.write",
       "Adds an allergy",
       RunAs::write,
       true,
       http::schema({{"substance", "text!"},
                     {"code", "text?"},
                     {"code_system", "text?"},
                     {"category", "medication|food|environment|biologic?"},
                     {"criticality", "low|high|unable-to-assess?"},
                     {"reaction", "text?"},
                     {"onset_date", "date?"}},
                    true),
       allergy,
       {},
       handler(create_allergy)},
      {Method::post,
       base + "/allergies/{allergy_id}/end",
       "allergies.end",
       "conditions.write",
       "An allergy does not stand any more",
       RunAs::write,
       false,
       http::schema({{"on", "date"}, {"reason", "text!"}}, true),
       allergy,
       {},
       handler(end_allergy)},
  };
}

}  // namespace concord::patients
