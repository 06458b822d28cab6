#include "treatments/treatments_api.h"

#include <memory>
#include <utility>

#include "json/edits.h"
#include "treatments/treatments_store.h"

namespace concord::treatments {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

void write(json::Writer& w, const Treatment& t) {
  w.object()
      .field("id", t.id)
      .field("kind", t.kind)
      .field("name", t.name)
      .field("code", t.code)
      .field("dose", t.dose)
      .field("start_date", t.start_date)
      .field("stop_date", t.stop_date)
      .field("stop_reason", t.stop_reason)
      .key("changes")
      .array();
  for (const auto& c : t.changes)
    w.object()
        .field("id", c.id)
        .field("on", c.on)
        .field("from_dose", c.from_dose)
        .field("to_dose", c.to_dose)
        .field("reason", c.reason)
        .end();
  w.end().field("version", t.version).end();
}

std::string to_json(const Treatment& t) {
  std::string out;
  json::Writer w(out);
  write(w, t);
  return out;
}

/// A date of the trial: not in the future, not before its start or its last change.
void check_day(const Treatment& t, Date day, Date today, std::vector<Issue>& issues) {
  patients::check_not_after(day, today, "on", issues);
  if (day < t.start_date) issues.push_back({"on", "must not be before the treatment began"});
  if (!t.changes.empty() && day < t.changes.back().on) issues.push_back({"on", "must not be before the last change"});
}

Result<Work> create_treatment(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "name", "code", "dose", "start_date"});
  const auto kind = body.required("kind").one_of({"medication", "psychotherapy"});
  const auto name = body.required("name").string(1, 200);
  const auto start = body.optional("start_date").date();
  Treatment treatment;
  json::Edits<Treatment> edits;
  edits.text(body, "code", 60, &Treatment::code);
  edits.text(body, "dose", 200, &Treatment::dose);
  edits.apply(treatment);
  if (!issues.empty()) return issues.error();
  treatment.id = TreatmentId(deps->chart->ids->next());
  treatment.patient = patient;
  treatment.kind = *kind;
  treatment.name = *name;
  return Work([deps, asker = Asker(call), treatment = std::move(treatment), start](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, treatment.patient));
    Treatment row = treatment;
    row.start_date = start.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.start_date, place.today, "start_date", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    deps->chart->refresh_caseload(tx, asker.organization(), row.patient);
    Reply reply = changed(201, to_json(row), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/treatments/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

Result<Work> list_treatments(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_all(w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

/// The treatment after the change; nullopt when it is stale.
Result<std::optional<Treatment>> apply_change(const Chart& chart, db::Tx& tx, const Asker& asker, const Treatment& before,
                                              std::int64_t version, Date day, Date today, const std::string& to_dose,
                                              const std::string& reason) {
  if (before.version != version) return std::optional<Treatment>();
  if (before.stop_date) return fail(ErrorCode::conflict, "This treatment was stopped. Start a new one.");
  std::vector<Issue> wrong;
  check_day(before, day, today, wrong);
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  const DoseChange change{chart.ids->next(), day, before.dose, to_dose, reason};
  if (!change_dose(tx, asker.organization(), before, change)) return std::optional<Treatment>();
  Treatment after = before;
  after.dose = to_dose;
  after.changes.push_back(change);
  ++after.version;
  return std::optional(std::move(after));
}

Result<Work> change_treatment(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<TreatmentId>("treatment_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "to_dose", "reason"});
  const auto on = body.optional("on").date();
  const auto to_dose = body.required("to_dose").string(1, 200);
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, on, to_dose = *to_dose, reason](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    CONCORD_TRY(const auto after,
                apply_change(chart, tx, asker, *before, version, on.value_or(place.today), place.today, to_dose, reason));
    if (!after) return stale(asker.request_id, to_json(*before), patient, id.uuid);
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(*after), patient, id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/treatments/" + id.text();
    reply.version = after->version;
    return reply;
  });
}

Result<Work> stop_treatment(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<TreatmentId>("treatment_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "reason"});
  const auto on = body.optional("on").date();
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, on, reason = *reason](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    if (before->version != version) return stale(asker.request_id, to_json(*before), patient, id.uuid);
    if (before->stop_date) return fail(ErrorCode::conflict, "This treatment was stopped already.");
    const Date day = on.value_or(place.today);
    std::vector<Issue> wrong;
    check_day(*before, day, place.today, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!stop(tx, asker.organization(), *before, day, reason)) return stale(asker.request_id, to_json(*before), patient, id.uuid);
    Treatment after = *before;
    after.stop_date = day;
    after.stop_reason = reason;
    ++after.version;
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(200, to_json(after), patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

std::string treatment_schema() {
  const std::string change =
      http::schema({{"id", "id!"}, {"on", "date!"}, {"from_dose", "text?!"}, {"to_dose", "text!"}, {"reason", "text!"}});
  return http::schema({{"id", "id!"},
                       {"kind", "medication|psychotherapy!"},
                       {"name", "text!"},
                       {"code", "text?!"},
                       {"dose", "text?!"},
                       {"start_date", "date!"},
                       {"stop_date", "date?!"},
                       {"stop_reason", "text?!"},
                       {"changes", "[]" + change + "!"},
                       {"version", "integer!"}});
}

}  // namespace

std::function<StoreChange(const json::Cursor& body)> reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body) -> StoreChange {
    body.only({"treatment_id", "version", "to_dose", "reason"});
    const auto id = body.required("treatment_id").id<TreatmentId>();
    const auto version = body.required("version").integer(1, 1'000'000'000);
    const auto to_dose = body.required("to_dose").string(1, 200);
    const auto reason = body.optional("reason").string(0, 500).value_or("");
    if (!id || !version || !to_dose) return nullptr;
    return [deps, path = body.path(), id = *id, version = *version, to_dose = *to_dose, reason](
               db::Tx& tx, const Asker& asker, const Place& place, Date day, json::Writer& w) -> Result<void> {
      const auto before = find(tx, asker.organization(), place.patient, id);
      if (!before)
        return fail(ErrorCode::invalid, "A treatment is not known.",
                    {{path + ".treatment_id", "is no treatment of this patient"}});
      CONCORD_TRY(const auto after, apply_change(*deps->chart, tx, asker, *before, version, day, place.today, to_dose, reason));
      if (!after)
        return fail(ErrorCode::conflict, "Somebody else changed a treatment since you opened it.",
                    {{path + ".version", "is " + std::to_string(before->version) + " now"}});
      write(w, *after);
      return {};
    };
  };
}

void write_all(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& t : list(tx, asker.organization(), place.patient)) write(w, t);
  w.end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = treatment_schema();
  const std::string base = "/api/v1/patients/{patient_id}/treatments";
  return {
      {Method::get,
       base,
       "treatments.list",
       "treatments.read",
       "Treatment trials of a patient, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_treatments)},
      {Method::post,
       base,
       "treatments.create",
       "treatments.write",
       "A new treatment trial",
       RunAs::write,
       true,
       http::schema({{"kind", "medication|psychotherapy!"},
                     {"name", "text!"},
                     {"code", "text?"},
                     {"dose", "text?"},
                     {"start_date", "date"}},
                    true),
       row,
       {},
       handler(create_treatment)},
      {Method::post,
       base + "/{treatment_id}/changes",
       "treatments.change",
       "treatments.write",
       "A change of dose",
       RunAs::write,
       true,
       http::schema({{"on", "date"}, {"to_dose", "text!"}, {"reason", "text"}}, true),
       row,
       {},
       handler(change_treatment)},
      {Method::post,
       base + "/{treatment_id}/stop",
       "treatments.stop",
       "treatments.write",
       "Ends a treatment trial",
       RunAs::write,
       false,
       http::schema({{"on", "date"}, {"reason", "text!"}}, true),
       row,
       {},
       handler(stop_treatment)},
  };
}

}  // namespace concord::treatments
