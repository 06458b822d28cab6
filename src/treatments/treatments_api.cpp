#include "treatments/treatments_api.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>

#include "base/text.h"
#include "json/edits.h"
#include "patients/shapes.h"
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
using RecommendationId = Id<struct AnyRecommendationTag>;

constexpr std::size_t kShownReports = 20;
constexpr std::size_t kNoteBytes = 2000;

/// A contact may be written by more people than may change a treatment or report on one (identity/permissions.cpp:
/// treatments.write, treatments.report); what a contact brings asks for the same.
Result<void> refuse_role(const Caller& caller, std::span<const std::string_view> roles) {
  if (std::find(roles.begin(), roles.end(), caller.role) != roles.end()) return {};
  return fail(ErrorCode::not_allowed, "Your role may write contacts, but not this about treatments.");
}
constexpr std::array<std::string_view, 2> kMayChange = {"care_manager", "pcp"};
constexpr std::array<std::string_view, 3> kMayReport = {"care_manager", "pcp", "bh_specialist"};

/// What a treatment is judged by.
struct Around {
  std::vector<Report> reports;
  std::vector<Session> sessions;
  Date today;
  std::vector<TakenDay> taken;
};
Around around(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place) {
  Around known{list_reports(tx, asker.organization(), place.patient),
               list_sessions(tx, asker.organization(), place.patient),
               place.today,
               {}};
  if (deps.taken) known.taken = deps.taken(tx, asker.organization(), place.patient, place.today.plus_days(1 - kTakenDays));
  return known;
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Report& r) {
  w.object()
      .field("id", r.id)
      .field("treatment_id", r.treatment)
      .field("on", r.on)
      .field("adherence", r.adherence)
      .field("side_effects", r.side_effects)
      .field("bother", r.bother)
      .key("by");
  chart.write_user(w, tx, asker.caller, r.by);
  w.field("contact_id", r.contact).field("reported_by", r.reporter).end();
}

/// `all` has every session of the patient: the number is counted among those of the approach.
void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Session& s,
           const std::vector<Session>& all) {
  int number = 1;
  for (const auto& other : all)
    if (other.approach == s.approach && (other.on < s.on || (other.on == s.on && other.id < s.id))) ++number;
  w.object()
      .field("id", s.id)
      .field("treatment_id", s.treatment)
      .field("approach", s.approach)
      .field("on", s.on)
      .field("minutes", s.minutes)
      .field("number", number)
      .field("focus", s.focus)
      .field("homework", s.homework)
      .key("by");
  chart.write_user(w, tx, asker.caller, s.by);
  w.field("contact_id", s.contact).end();
}

/// The patient's own log of the last days; null when they wrote nothing down.
void write_taken(json::Writer& w, const Treatment& t, const Around& known) {
  int yes = 0, partly = 0, no = 0;
  for (const auto& day : known.taken) {
    if (day.treatment != t.id) continue;
    yes += day.taken == "yes";
    partly += day.taken == "partly";
    no += day.taken == "no";
  }
  w.key("taken");
  if (yes + partly + no == 0) w.null();
  else w.object().field("days", kTakenDays).field("yes", yes).field("partly", partly).field("no", no).end();
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Treatment& t, const Around& known) {
  const Date end = t.stop_date ? std::min(*t.stop_date, known.today) : known.today;
  const auto weeks = [&](Date from) { return from < end ? (end - from) / 7 : 0; };
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
  w.end()
      .field("line", line(t, known.today))
      .field("active", t.active(known.today))
      .field("weeks", weeks(t.start_date))
      .field("weeks_at_dose", weeks(t.changes.empty() ? t.start_date : t.changes.back().on))
      .field("recommendation_id", t.recommendation);
  write_taken(w, t, known);
  const Adequacy a = adequacy(t, known.reports, known.sessions, *deps.rules, known.today, asker.caller.language);
  w.field("sessions", a.sessions).key("adequate").object().field("result", name(a.result)).field("weeks", a.weeks);
  w.field("needed_weeks", a.needed_weeks).field("minimum_mg_per_day", a.minimum_mg);
  w.field("sessions", a.sessions).field("needed_sessions", a.needed_sessions).field("why", a.why);
  w.field("citation", a.citation).end().key("last_report");
  const auto last =
      std::find_if(known.reports.begin(), known.reports.end(), [&](const Report& r) { return r.treatment == t.id; });
  if (last == known.reports.end()) w.null();
  else write(*deps.chart, w, tx, asker, *last);
  w.field("version", t.version).end();
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Treatment& t) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, t, around(deps, tx, asker, place));
  return out;
}

/// A date of the trial: not in the future, not before its start or its last change.
void check_day(const Treatment& t, Date day, Date today, std::vector<Issue>& issues) {
  patients::check_not_after(day, today, "on", issues);
  if (day < t.start_date) issues.push_back({"on", "must not be before the treatment began"});
  if (!t.changes.empty() && day < t.changes.back().on) issues.push_back({"on", "must not be before the last change"});
}

/// In the treatment's own transaction: when the advice cannot be carried out any more, nothing is stored at all.
Result<void> close(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                   const std::optional<RecommendationId>& recommendation, TreatmentId treatment, Date day,
                   std::string_view path = "recommendation_id") {
  if (!recommendation) return {};
  return deps.close_recommendation(tx, asker, place, recommendation->uuid, treatment.uuid, day, path);
}

Result<Work> create_treatment(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "name", "code", "dose", "start_date", "recommendation_id"});
  const auto kind = body.required("kind").one_of({"medication", "psychotherapy"});
  const auto name = body.required("name").string(1, 200);
  const auto start = body.optional("start_date").date();
  const auto recommendation = body.optional("recommendation_id").id<RecommendationId>();
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
  if (recommendation) treatment.recommendation = recommendation->uuid;
  return Work([deps, asker = Asker(call), treatment = std::move(treatment), start, recommendation](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, treatment.patient));
    Treatment row = treatment;
    row.start_date = start.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.start_date, place.today, "start_date", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    CONCORD_TRY_VOID(close(*deps, tx, asker, place, recommendation, row.id, row.start_date));
    insert(tx, asker.organization(), row, asker.now);
    deps->chart->refresh_caseload(tx, asker.organization(), row.patient);
    Reply reply = changed(201, to_json(*deps, tx, asker, place, row), row.patient, row.id.uuid);
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
    write_all(*deps, w, tx, asker, place);
    w.key("trial");
    write_trial(*deps, w, tx, asker, place);
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
  if (!change_dose(tx, asker.organization(), before, change, asker.now)) return std::optional<Treatment>();
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
  body.only({"on", "to_dose", "reason", "recommendation_id"});
  const auto on = body.optional("on").date();
  const auto to_dose = body.required("to_dose").string(1, 200);
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  const auto recommendation = body.optional("recommendation_id").id<RecommendationId>();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, on, to_dose = *to_dose, reason,
               recommendation](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    CONCORD_TRY(const auto after,
                apply_change(chart, tx, asker, *before, version, on.value_or(place.today), place.today, to_dose, reason));
    if (!after) return stale(asker.request_id, to_json(*deps, tx, asker, place, *before), patient, id.uuid);
    CONCORD_TRY_VOID(close(*deps, tx, asker, place, recommendation, id, on.value_or(place.today)));
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(*deps, tx, asker, place, *after), patient, id.uuid);
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
  body.only({"on", "reason", "recommendation_id"});
  const auto on = body.optional("on").date();
  const auto reason = body.required("reason").string(1, 500);
  const auto recommendation = body.optional("recommendation_id").id<RecommendationId>();
  if (!issues.empty()) return issues.error();
  return Work(
      [deps, asker = Asker(call), patient, id, version, on, reason = *reason, recommendation](db::Tx& tx) -> Result<Reply> {
        const auto& chart = *deps->chart;
        CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
        const auto before = find(tx, asker.organization(), patient, id);
        if (!before) return http::not_found();
        const auto current = [&] { return stale(asker.request_id, to_json(*deps, tx, asker, place, *before), patient, id.uuid); };
        if (before->version != version) return current();
        if (before->stop_date) return fail(ErrorCode::conflict, "This treatment was stopped already.");
        const Date day = on.value_or(place.today);
        std::vector<Issue> wrong;
        check_day(*before, day, place.today, wrong);
        CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
        if (!stop(tx, asker.organization(), *before, day, reason, asker.now)) return current();
        CONCORD_TRY_VOID(close(*deps, tx, asker, place, recommendation, id, day));
        Treatment after = *before;
        after.stop_date = day;
        after.stop_reason = reason;
        ++after.version;
        chart.refresh_caseload(tx, asker.organization(), patient);
        Reply reply = changed(200, to_json(*deps, tx, asker, place, after), patient, id.uuid);
        reply.version = after.version;
        return reply;
      });
}

// ---- Reports and sessions

Report read_report(const json::Cursor& body) {
  Report r;
  r.adherence = body.required("adherence").one_of({"as_planned", "some", "none"}).value_or("");
  r.side_effects = std::string(trim(body.optional("side_effects").string(0, kNoteBytes).value_or("")));
  if (const auto bother = body.optional("bother").integer(0, 3)) r.bother = static_cast<int>(*bother);
  return r;
}

Session read_session(const json::Cursor& body) {
  Session s;
  s.approach = body.required("approach").one_of({"pst", "ba", "cbt", "ipt", "mi", "other"}).value_or("");
  s.treatment = body.optional("treatment_id").id<TreatmentId>();
  if (const auto minutes = body.optional("minutes").integer(0, 24 * 60)) s.minutes = static_cast<int>(*minutes);
  s.focus = std::string(trim(body.optional("focus").string(0, kNoteBytes).value_or("")));
  s.homework = std::string(trim(body.optional("homework").string(0, kNoteBytes).value_or("")));
  return s;
}

/// Is the treatment the patient's, and does it fit what is said about it?
void check_treatment(db::Tx& tx, const Asker& asker, const Place& place, TreatmentId id, std::string_view kind, Date day,
                     const std::string& path, std::vector<Issue>& issues) {
  const auto t = find(tx, asker.organization(), place.patient, id);
  if (!t) issues.push_back({path + "treatment_id", "is no treatment of this patient"});
  else if (!kind.empty() && t->kind != kind) issues.push_back({path + "treatment_id", "is no " + std::string(kind)});
  else if (day < t->start_date)
    issues.push_back({path.empty() ? "on" : path + "treatment_id", "must not be before the treatment began"});
}

Result<Work> create_report(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto treatment, call.path_id<TreatmentId>("treatment_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "adherence", "side_effects", "bother"});
  Report read = read_report(body);
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  read.id = deps->chart->ids->next();
  read.patient = patient;
  read.treatment = treatment;
  read.by = call.caller.user;
  read.at = call.now;
  return Work([deps, asker = Asker(call), read = std::move(read), on](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, read.patient));
    if (!find(tx, asker.organization(), read.patient, read.treatment)) return http::not_found();
    Report row = read;
    row.on = on.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.on, place.today, "on", wrong);
    check_treatment(tx, asker, place, row.treatment, "", row.on, "", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    std::string text;
    json::Writer w(text);
    write(*deps->chart, w, tx, asker, row);
    Reply reply = changed(201, std::move(text), row.patient, row.id);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/treatment-reports";
    return reply;
  });
}

Result<Work> create_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"approach", "treatment_id", "on", "minutes", "focus", "homework"});
  Session read = read_session(body);
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  read.id = deps->chart->ids->next();
  read.patient = patient;
  read.by = call.caller.user;
  read.at = call.now;
  return Work([deps, asker = Asker(call), read = std::move(read), on](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, read.patient));
    Session row = read;
    row.on = on.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.on, place.today, "on", wrong);
    if (row.treatment) check_treatment(tx, asker, place, *row.treatment, "psychotherapy", row.on, "", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    std::string text;
    json::Writer w(text);
    write(*deps->chart, w, tx, asker, row, list_sessions(tx, asker.organization(), row.patient));
    Reply reply = changed(201, std::move(text), row.patient, row.id);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/psychotherapy-sessions";
    return reply;
  });
}

/// {"items": what `section` writes, "next": null}
template <class Section>
Result<Work> list_with(const Kept& deps, const Call& call, Section section) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient, section](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    section(*deps, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

void write_reports_up_to(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place,
                         std::size_t most) {
  w.array();
  std::size_t shown = 0;
  for (const auto& r : list_reports(tx, asker.organization(), place.patient))
    if (shown++ < most) write(*deps.chart, w, tx, asker, r);
  w.end();
}

void write_sessions_up_to(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place,
                          std::size_t most) {
  const auto all = list_sessions(tx, asker.organization(), place.patient);
  w.array();
  for (std::size_t i = 0; i < all.size() && i < most; ++i) write(*deps.chart, w, tx, asker, all[i], all);
  w.end();
}

Result<Work> list_all_reports(const Kept& deps, const Call& call) {
  return list_with(deps, call, [](const Deps& d, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
    write_reports_up_to(d, w, tx, asker, place, 1000);
  });
}
Result<Work> list_all_sessions(const Kept& deps, const Call& call) {
  return list_with(deps, call, [](const Deps& d, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
    write_sessions_up_to(d, w, tx, asker, place, 1000);
  });
}

Trial trial_of(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto known = around(deps, tx, asker, place);
  return trial(list(tx, asker.organization(), place.patient), known.reports, known.sessions,
               deps.scores(tx, asker.organization(), place.patient), *deps.rules, place.today, asker.caller.language);
}

std::string report_schema() {
  return http::schema({{"id", "id!"},
                       {"treatment_id", "id!"},
                       {"on", "date!"},
                       {"adherence", "as_planned|some|none|not_said!"},
                       {"reported_by", "staff|patient|trusted_person!"},
                       {"side_effects", "text!"},
                       {"bother", "integer?!"},
                       {"by", patients::user_schema() + "!"},
                       {"contact_id", "id?!"}});
}

std::string session_schema() {
  return http::schema({{"id", "id!"},
                       {"treatment_id", "id?!"},
                       {"approach", "pst|ba|cbt|ipt|mi|other!"},
                       {"on", "date!"},
                       {"minutes", "integer?!"},
                       {"number", "integer!"},
                       {"focus", "text!"},
                       {"homework", "text!"},
                       {"by", patients::user_schema() + "!"},
                       {"contact_id", "id?!"}});
}

std::string trial_schema() {
  return http::schema({{"plan_since", "date?!"},
                       {"weeks_on_plan", "integer?!"},
                       {"last_change", "any!"},
                       {"instrument", "text?!"},
                       {"score_at_change", "any!"},
                       {"best_since", "any!"},
                       {"current_since", "any!"},
                       {"best_change", "number?!"},
                       {"best_percent", "number?!"},
                       {"current_percent", "number?!"},
                       {"adequate", "yes|no|unknown!"},
                       {"why", "text!"},
                       {"review_after_weeks", "integer!"},
                       {"citation", "text!"},
                       {"lines", "[]text!"}});
}

std::string treatment_schema() {
  const std::string change =
      http::schema({{"id", "id!"}, {"on", "date!"}, {"from_dose", "text?!"}, {"to_dose", "text!"}, {"reason", "text!"}});
  const std::string judged = http::schema({{"result", "yes|no|unknown!"},
                                           {"weeks", "integer!"},
                                           {"needed_weeks", "integer?!"},
                                           {"minimum_mg_per_day", "number?!"},
                                           {"sessions", "integer!"},
                                           {"needed_sessions", "integer?!"},
                                           {"why", "text!"},
                                           {"citation", "text!"}});
  return http::schema({{"id", "id!"},
                       {"kind", "medication|psychotherapy!"},
                       {"name", "text!"},
                       {"code", "text?!"},
                       {"dose", "text?!"},
                       {"start_date", "date!"},
                       {"stop_date", "date?!"},
                       {"stop_reason", "text?!"},
                       {"changes", "[]" + change + "!"},
                       {"line", "text!"},
                       {"active", "boolean!"},
                       {"weeks", "integer!"},
                       {"weeks_at_dose", "integer!"},
                       {"recommendation_id", "id?!"},
                       {"taken", R"({"type":["object","null"]}!)"},
                       {"sessions", "integer!"},
                       {"adequate", judged + "!"},
                       {"last_report", "any!"},
                       {"version", "integer!"}});
}

}  // namespace

std::function<StoreChange(const json::Cursor& body)> reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body) -> StoreChange {
    body.only({"treatment_id", "version", "to_dose", "reason", "recommendation_id"});
    const auto id = body.required("treatment_id").id<TreatmentId>();
    const auto version = body.required("version").integer(1, 1'000'000'000);
    const auto to_dose = body.required("to_dose").string(1, 200);
    const auto reason = body.optional("reason").string(0, 500).value_or("");
    const auto recommendation = body.optional("recommendation_id").id<RecommendationId>();
    if (!id || !version || !to_dose) return nullptr;
    return [deps, path = body.path(), id = *id, version = *version, to_dose = *to_dose, reason, recommendation](
               db::Tx& tx, const Asker& asker, const Place& place, Date day, json::Writer& w) -> Result<void> {
      CONCORD_TRY_VOID(refuse_role(asker.caller, kMayChange));
      const auto before = find(tx, asker.organization(), place.patient, id);
      if (!before)
        return fail(ErrorCode::invalid, "A treatment is not known.",
                    {{path + ".treatment_id", "is no treatment of this patient"}});
      CONCORD_TRY(const auto after, apply_change(*deps->chart, tx, asker, *before, version, day, place.today, to_dose, reason));
      if (!after)
        return fail(ErrorCode::conflict, "Somebody else changed a treatment since you opened it.",
                    {{path + ".version", "is " + std::to_string(before->version) + " now"}});
      CONCORD_TRY_VOID(close(*deps, tx, asker, place, recommendation, id, day, path + ".recommendation_id"));
      write(*deps, w, tx, asker, *after, around(*deps, tx, asker, place));
      return {};
    };
  };
}

std::function<StorePart(const json::Cursor& body)> report_reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body) -> StorePart {
    body.only({"treatment_id", "adherence", "side_effects", "bother"});
    Report read = read_report(body);
    const auto id = body.required("treatment_id").id<TreatmentId>();
    if (!id || read.adherence.empty()) return nullptr;
    read.treatment = *id;
    read.id = deps->chart->ids->next();
    return [deps, path = body.path(), read = std::move(read)](db::Tx& tx, const Asker& asker, const Place& place,
                                                              const Uuid& contact, Date day, json::Writer& w) -> Result<void> {
      CONCORD_TRY_VOID(refuse_role(asker.caller, kMayReport));
      Report row = read;
      row.patient = place.patient;
      row.on = day;
      row.contact = contact;
      row.by = asker.caller.user;
      row.at = asker.now;
      std::vector<Issue> wrong;
      check_treatment(tx, asker, place, row.treatment, "", day, path + ".", wrong);
      CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
      insert(tx, asker.organization(), row);
      write(*deps->chart, w, tx, asker, row);
      return {};
    };
  };
}

std::function<StorePart(const json::Cursor& body, std::optional<int> minutes)> session_reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body, std::optional<int> minutes) -> StorePart {
    body.only({"approach", "treatment_id", "minutes", "focus", "homework"});
    Session read = read_session(body);
    if (read.approach.empty()) return nullptr;
    if (!read.minutes) read.minutes = minutes;
    read.id = deps->chart->ids->next();
    return [deps, path = body.path(), read = std::move(read)](db::Tx& tx, const Asker& asker, const Place& place,
                                                              const Uuid& contact, Date day, json::Writer& w) -> Result<void> {
      CONCORD_TRY_VOID(refuse_role(asker.caller, kMayReport));
      Session row = read;
      row.patient = place.patient;
      row.on = day;
      row.contact = contact;
      row.by = asker.caller.user;
      row.at = asker.now;
      std::vector<Issue> wrong;
      if (row.treatment) check_treatment(tx, asker, place, *row.treatment, "psychotherapy", day, path + ".", wrong);
      CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
      insert(tx, asker.organization(), row);
      write(*deps->chart, w, tx, asker, row, list_sessions(tx, asker.organization(), row.patient));
      return {};
    };
  };
}

void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto known = around(deps, tx, asker, place);
  w.array();
  for (const auto& t : list(tx, asker.organization(), place.patient)) write(deps, w, tx, asker, t, known);
  w.end();
}

void write_trial(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto scores = deps.scores(tx, asker.organization(), place.patient);
  const Trial t = trial_of(deps, tx, asker, place);
  const auto point = [&](const std::optional<ScorePoint>& p) {
    if (p) w.object().field("date", p->date).field("total", p->total).end();
    else w.null();
  };
  w.object().field("plan_since", t.plan_since).field("weeks_on_plan", t.weeks_on_plan).key("last_change");
  if (t.last_change)
    w.object()
        .field("on", t.last_change->on)
        .field("treatment_id", t.last_change->treatment)
        .field("what", t.last_change->what)
        .field("line", t.last_change->line)
        .end();
  else w.null();
  w.key("instrument");
  if (scores.instrument.empty()) w.null();
  else w.value(scores.instrument);
  w.key("score_at_change");
  point(t.at_change);
  w.key("best_since");
  point(t.best);
  w.key("current_since");
  point(t.current);
  w.field("best_change", t.best_change).field("best_percent", t.best_percent).field("current_percent", t.current_percent);
  w.field("adequate", name(t.adequate)).field("why", t.why).field("review_after_weeks", deps.rules->review_after_weeks);
  w.field("citation", deps.rules->review_source).key("lines").array();
  for (const auto& text : t.lines) w.value(text);
  w.end().end();
}

void write_reports(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  write_reports_up_to(deps, w, tx, asker, place, kShownReports);
}
void write_sessions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  write_sessions_up_to(deps, w, tx, asker, place, kShownReports);
}

PlanNow plan_now(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place) {
  PlanNow plan;
  plan.adequate = trial_of(deps, tx, asker, place).adequate;
  for (const auto& t : list(tx, asker.organization(), place.patient)) {
    if (!t.active(place.today)) continue;
    if (!plan.line.empty()) plan.line += " + ";
    plan.line += line(t, place.today);
  }
  return plan;
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = treatment_schema();
  const std::string patient = "/api/v1/patients/{patient_id}";
  const std::string base = patient + "/treatments";
  const std::string list_row = R"({"type":"object","properties":{"items":{"type":"array","items":)" + row + R"(},"trial":)" +
                               trial_schema() + R"(,"next":{"type":"null"}},"required":["items","trial","next"]})";
  return {
      {Method::get,
       base,
       "treatments.list",
       "treatments.read",
       "Treatment trials of a patient, newest first, with the trial clock",
       RunAs::point,
       false,
       "",
       list_row,
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
                     {"start_date", "date"},
                     {"recommendation_id", "id?"}},
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
       http::schema({{"on", "date"}, {"to_dose", "text!"}, {"reason", "text"}, {"recommendation_id", "id?"}}, true),
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
       http::schema({{"on", "date"}, {"reason", "text!"}, {"recommendation_id", "id?"}}, true),
       row,
       {},
       handler(stop_treatment)},
      {Method::get,
       patient + "/treatment-reports",
       "treatment_reports.list",
       "treatments.read",
       "Adherence and side effects as reported, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(report_schema()),
       {},
       handler(list_all_reports)},
      {Method::post,
       base + "/{treatment_id}/reports",
       "treatment_reports.create",
       "treatments.report",
       "What the patient reports about a treatment",
       RunAs::write,
       true,
       http::schema({{"on", "date"}, {"adherence", "as_planned|some|none!"}, {"side_effects", "text"}, {"bother", "integer?"}},
                    true),
       report_schema(),
       {},
       handler(create_report)},
      {Method::get,
       patient + "/psychotherapy-sessions",
       "psychotherapy_sessions.list",
       "treatments.read",
       "Sessions of psychotherapy, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(session_schema()),
       {},
       handler(list_all_sessions)},
      {Method::post,
       patient + "/psychotherapy-sessions",
       "psychotherapy_sessions.create",
       "treatments.report",
       "A session of psychotherapy",
       RunAs::write,
       true,
       http::schema({{"approach", "pst|ba|cbt|ipt|mi|other!"},
                     {"treatment_id", "id?"},
                     {"on", "date"},
                     {"minutes", "integer?"},
                     {"focus", "text"},
                     {"homework", "text"}},
                    true),
       session_schema(),
       {},
       handler(create_session)},
  };
}

}  // namespace concord::treatments
