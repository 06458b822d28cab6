#include "patients/patients_api.h"

#include <memory>
#include <set>
#include <utility>

#include "base/text.h"
#include "json/cursor.h"
#include "json/edits.h"
#include "patients/patients_store.h"
#include "patients/shapes.h"

namespace concord::patients {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr std::size_t kMostIdentifiers = 20;

void write(json::Writer& w, const Patient& p) {
  w.object()
      .field("id", p.id)
      .field("site_id", p.site)
      .field("given_name", p.given_name)
      .field("family_name", p.family_name)
      .field("birth_date", p.birth_date)
      .field("sex", p.sex)
      .field("gender_identity", p.gender_identity)
      .field("race", p.race)
      .field("ethnicity", p.ethnicity)
      .field("language", p.language)
      .field("interpreter_needed", p.interpreter_needed)
      .field("preferred_channel", p.preferred_channel)
      .field("phone", p.phone)
      .field("email", p.email)
      .field("postal_code", p.postal_code)
      .field("deceased_date", p.deceased_date)
      .field("placeholder", p.placeholder)
      .key("labels");
  write_labels(w, p.labels, Normal::written);
  w.key("identifiers").array();
  for (const auto& identifier : p.identifiers)
    w.object().field("system", identifier.system).field("value", identifier.value).end();
  w.end().field("version", p.version).end();
}

std::string to_json(const Patient& p) {
  std::string out;
  json::Writer w(out);
  write(w, p);
  return out;
}

void write(json::Writer& w, const Coverage& c) {
  w.object()
      .field("id", c.id)
      .field("payer_category", c.payer_category)
      .field("plan_name", c.plan_name)
      .field("start_date", c.start_date)
      .field("end_date", c.end_date)
      .field("version", c.version)
      .end();
}

std::string to_json(const Coverage& c) {
  std::string out;
  json::Writer w(out);
  write(w, c);
  return out;
}

void write_coverage(json::Writer& w, db::Tx& tx, OrganizationId organization, PatientId patient) {
  w.array();
  for (const auto& c : list_coverage(tx, organization, patient)) write(w, c);
  w.end();
}

void read_identifiers(const json::Cursor& body, json::Edits<Patient>& edits) {
  const auto list = body.optional("identifiers");
  if (!list.present()) return;
  std::vector<Identifier> identifiers;
  list.each([&](const json::Cursor& item) {
    item.only({"system", "value"});
    const auto system = item.required("system").string(1, 200);
    const auto value = item.required("value").string(1, 200);
    if (system && value) identifiers.push_back({std::string(trim(*system)), std::string(trim(*value))});
  });
  if (identifiers.size() > kMostIdentifiers) list.issue("must have at most 20 entries");
  edits.add([identifiers = std::move(identifiers)](Patient& p) { p.identifiers = identifiers; });
}

json::Edits<Patient> read_edits(const json::Cursor& body) {
  json::Edits<Patient> edits;
  edits.text(body, "given_name", 1, 100, &Patient::given_name);
  edits.text(body, "family_name", 1, 100, &Patient::family_name);
  edits.date(body, "birth_date", &Patient::birth_date);
  edits.one_of(body, "sex", {"female", "male", "other", "unknown"}, &Patient::sex);
  edits.text(body, "gender_identity", 100, &Patient::gender_identity);
  edits.text(body, "race", 100, &Patient::race);
  edits.text(body, "ethnicity", 100, &Patient::ethnicity);
  edits.text(body, "language", 35, &Patient::language);
  edits.boolean(body, "interpreter_needed", &Patient::interpreter_needed);
  edits.one_of(body, "preferred_channel", {"phone", "sms", "email", "portal"}, &Patient::preferred_channel);
  edits.text(body, "phone", 40, &Patient::phone);
  edits.text(body, "email", 254, &Patient::email);
  edits.text(body, "postal_code", 20, &Patient::postal_code);
  edits.date(body, "deceased_date", &Patient::deceased_date);
  read_identifiers(body, edits);
  return edits;
}

Result<Work> search_patients(const Kept& deps, const Call& call) {
  CONCORD_TRY(auto page, http::read_page(call.request));
  std::optional<PatientId> after;
  if (page.after) {
    after = PatientId::parse(*page.after);
    if (!after) return http::wrong_page();
  }
  const auto typed = call.request.parameter("q").value_or("");
  if (typed.size() > 200) return fail(ErrorCode::invalid, "The search text is too long.", {{"q", "must have at most 200 bytes"}});
  return Work([deps, asker = Asker(call), page, after, wanted = parse_search(typed)](db::Tx& tx) -> Result<Reply> {
    auto found = search(tx, asker.organization(), asker.caller.sites, wanted, after, page.limit + 1);
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.pop_back();
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (auto& patient : found) {
      if (const auto full = find(tx, asker.organization(), patient.id)) patient.identifiers = full->identifiers;
      w.object()
          .field("id", patient.id)
          .field("given_name", patient.given_name)
          .field("family_name", patient.family_name)
          .field("birth_date", patient.birth_date)
          .field("sex", patient.sex)
          .field("site_id", patient.site)
          .key("identifiers")
          .array();
      for (const auto& identifier : patient.identifiers)
        w.object().field("system", identifier.system).field("value", identifier.value).end();
      w.end().field("episode_state", deps->episode_state(tx, asker.organization(), patient.id)).end();
    }
    w.end().key("next");
    if (more) w.value(found.back().id);
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Reply duplicates_reply(const Asker& asker, const std::vector<Duplicate>& duplicates) {
  std::string list;
  json::Writer w(list);
  w.array();
  for (const auto& d : duplicates)
    w.object()
        .field("id", d.id)
        .field("given_name", d.given_name)
        .field("family_name", d.family_name)
        .field("birth_date", d.birth_date)
        .field("because", d.because)
        .end();
  w.end();
  Reply reply =
      http::problem_reply(Error{ErrorCode::possible_duplicate,
                                "This may be somebody who is already here. Look at them first, or say it is another person.",
                                {},
                                {}},
                          asker.request_id, "duplicates", list);
  reply.audit_detail = "duplicates=" + std::to_string(duplicates.size());
  return reply;
}

Result<Work> create_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "given_name", "family_name", "birth_date", "sex", "gender_identity", "race", "ethnicity", "language",
             "interpreter_needed", "preferred_channel", "phone", "email", "postal_code", "identifiers", "accept_duplicate"});
  Patient patient;
  const auto site = body.required("site_id").id<SiteId>();
  for (const auto key : {"given_name", "family_name", "birth_date"})
    if (!body.required(key).present()) body.required(key).issue("is required");
  read_edits(body).apply(patient);
  const bool accept = body.optional("accept_duplicate").boolean().value_or(false);
  if (site && !call.caller.may_use(*site)) body.required("site_id").issue("is not one of your sites");
  if (!issues.empty()) return issues.error();
  patient.id = PatientId(deps->chart->ids->next());
  patient.site = *site;
  const auto place = deps->chart->place(call.caller, call.now, patient.id, patient.site);
  CONCORD_TRY_VOID(refuse_if_any(check(patient, place.today)));
  return Work([deps, asker = Asker(call), patient = std::move(patient), accept](db::Tx& tx) -> Result<Reply> {
    if (!accept)
      if (const auto duplicates = find_duplicates(tx, asker.organization(), asker.caller.sites, patient); !duplicates.empty())
        return duplicates_reply(asker, duplicates);
    insert(tx, asker.organization(), patient, asker.now);
    Reply reply = changed(201, to_json(patient), patient.id, patient.id.uuid);
    reply.location = "/api/v1/patients/" + patient.id.text();
    reply.version = patient.version;
    return reply;
  });
}

/// The patient if the caller may see them.
Result<Patient> visible(db::Tx& tx, const Asker& asker, PatientId id) {
  auto patient = find(tx, asker.organization(), id);
  if (!patient || !asker.caller.may_use(patient->site)) return http::not_found();
  return std::move(*patient);
}

Result<Work> read_patient(const Kept&, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto patient, visible(tx, asker, id));
    Reply reply = looked(to_json(patient), id, id.uuid);
    reply.version = patient.version;
    return reply;
  });
}

Result<Work> edit_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "given_name", "family_name", "birth_date", "sex", "gender_identity", "race", "ethnicity", "language",
             "interpreter_needed", "preferred_channel", "phone", "email", "postal_code", "deceased_date", "identifiers"});
  json::Edits<Patient> edits = read_edits(body);
  if (const auto site = body.optional("site_id").id<SiteId>()) {
    if (!call.caller.may_use(*site)) body.optional("site_id").issue("is not one of your sites");
    edits.add([site = *site](Patient& p) { p.site = site; });
  }
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto before, visible(tx, asker, id));
    if (before.version != version) return stale(asker.request_id, to_json(before), id, id.uuid);
    Patient after = before;
    edits.apply(after);
    after.placeholder = false;  // somebody has looked: it is a person now
    const auto place = deps->chart->place(asker.caller, asker.now, id, after.site);
    CONCORD_TRY_VOID(refuse_if_any(check(after, place.today)));
    if (!update(tx, asker.organization(), before, after, asker.now)) return stale(asker.request_id, to_json(before), id, id.uuid);
    after.version = before.version + 1;
    deps->chart->refresh_caseload(tx, asker.organization(), id);
    Reply reply = changed(200, to_json(after), id, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

Result<Work> read_summary(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto patient, visible(tx, asker, id));
    const auto place = deps->chart->place(asker.caller, asker.now, id, patient.site);
    std::string body;
    json::Writer w(body);
    w.object().field("as_of", place.today).key("patient");
    write(w, patient);
    w.key("coverage");
    write_coverage(w, tx, asker.organization(), id);
    for (const auto& section : deps->sections) {
      w.key(section.name);
      section.write(w, tx, asker, place);
    }
    w.end();
    return looked(std::move(body), id, id.uuid);
  });
}

Result<Work> read_coverage_list(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_coverage(w, tx, asker.organization(), place.patient);
    w.key("next").null().end();
    return looked(std::move(body), id, id.uuid);
  });
}

json::Edits<Coverage> read_coverage_edits(const json::Cursor& body) {
  json::Edits<Coverage> edits;
  edits.one_of(body, "payer_category",
               {"medicaid_ffs", "medicaid_managed_care", "dual_medicare_medicaid", "child_health_plus", "essential_plan",
                "medicare", "commercial", "self_pay", "other"},
               &Coverage::payer_category);
  edits.text(body, "plan_name", 200, &Coverage::plan_name);
  edits.date(body, "start_date", &Coverage::start_date);
  edits.date(body, "end_date", &Coverage::end_date);
  return edits;
}

Result<Work> add_coverage(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"payer_category", "plan_name", "start_date", "end_date"});
  Coverage coverage;
  for (const auto key : {"payer_category", "start_date"})
    if (!body.required(key).present()) body.required(key).issue("is required");
  read_coverage_edits(body).apply(coverage);
  if (!issues.empty()) return issues.error();
  CONCORD_TRY_VOID(refuse_if_any(check(coverage)));
  coverage.id = CoverageId(deps->chart->ids->next());
  coverage.patient = id;
  return Work([deps, asker = Asker(call), coverage = std::move(coverage)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, coverage.patient));
    insert(tx, asker.organization(), coverage, asker.now);
    deps->chart->refresh_caseload(tx, asker.organization(), place.patient);
    Reply reply = changed(201, to_json(coverage), place.patient, coverage.id.uuid);
    reply.location = "/api/v1/patients/" + place.patient.text() + "/coverage/" + coverage.id.text();
    reply.version = coverage.version;
    return reply;
  });
}

Result<Work> edit_coverage(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<CoverageId>("coverage_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"payer_category", "plan_name", "start_date", "end_date"});
  auto edits = read_coverage_edits(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    for (const auto& before : list_coverage(tx, asker.organization(), place.patient)) {
      if (before.id != id) continue;
      Coverage after = before;
      edits.apply(after);
      CONCORD_TRY_VOID(refuse_if_any(check(after)));
      if (before.version != version || !update(tx, asker.organization(), after, asker.now))
        return stale(asker.request_id, to_json(before), patient, id.uuid);
      after.version = before.version + 1;
      deps->chart->refresh_caseload(tx, asker.organization(), patient);
      Reply reply = changed(200, to_json(after), patient, id.uuid);
      reply.version = after.version;
      return reply;
    }
    return http::not_found();
  });
}

const std::string& identifier_schema() {
  static const std::string text = http::schema({{"system", "text!"}, {"value", "text!"}});
  return text;
}
const std::string& patient_schema() {
  static const std::string text = http::schema({{"id", "id!"},
                                                {"site_id", "id!"},
                                                {"given_name", "text!"},
                                                {"family_name", "text!"},
                                                {"birth_date", "date?!"},
                                                {"sex", "female|male|other|unknown?!"},
                                                {"gender_identity", "text?!"},
                                                {"race", "text?!"},
                                                {"ethnicity", "text?!"},
                                                {"language", "text?!"},
                                                {"interpreter_needed", "boolean!"},
                                                {"preferred_channel", "phone|sms|email|portal?!"},
                                                {"phone", "text?!"},
                                                {"email", "text?!"},
                                                {"postal_code", "text?!"},
                                                {"deceased_date", "date?!"},
                                                {"placeholder", "boolean!"},
                                                {"labels", "[]text!"},
                                                {"identifiers", "[]" + identifier_schema() + "!"},
                                                {"version", "integer!"}});
  return text;
}
std::string patient_body_schema(bool creating) {
  const std::string need = creating ? "!" : "";
  return http::schema({{"site_id", "id" + need},
                       {"given_name", "text" + need},
                       {"family_name", "text" + need},
                       {"birth_date", "date" + need},
                       {"sex", "female|male|other|unknown?"},
                       {"gender_identity", "text?"},
                       {"race", "text?"},
                       {"ethnicity", "text?"},
                       {"language", "text?"},
                       {"interpreter_needed", "boolean"},
                       {"preferred_channel", "phone|sms|email|portal?"},
                       {"phone", "text?"},
                       {"email", "text?"},
                       {"postal_code", "text?"},
                       {creating ? "accept_duplicate" : "deceased_date", creating ? "boolean" : "date?"},
                       {"identifiers", "[]" + identifier_schema()}},
                      true);
}
constexpr std::string_view kPayers =
    "medicaid_ffs|medicaid_managed_care|dual_medicare_medicaid|child_health_plus|essential_plan|medicare|commercial|self_pay|"
    "other";
std::string coverage_schema() {
  return http::schema({{"id", "id!"},
                       {"payer_category", std::string(kPayers) + "!"},
                       {"plan_name", "text?!"},
                       {"start_date", "date!"},
                       {"end_date", "date?!"},
                       {"version", "integer!"}});
}
std::string coverage_body_schema(bool creating) {
  const std::string need = creating ? "!" : "";
  return http::schema({{"payer_category", std::string(kPayers) + need},
                       {"plan_name", "text?"},
                       {"start_date", "date" + need},
                       {"end_date", "date?"}},
                      true);
}

}  // namespace

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Act = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Act act) -> http::Handler { return [deps, act](const Call& call) { return act(deps, call); }; };
  using http::Method;
  using http::RunAs;
  return {
      {Method::get,
       "/api/v1/patients",
       "patients.search",
       "patients.read",
       "Patients by name, birth date or identifier",
       RunAs::list,
       false,
       "",
       http::list_schema(http::schema({{"id", "id!"},
                                       {"given_name", "text!"},
                                       {"family_name", "text!"},
                                       {"birth_date", "date?!"},
                                       {"sex", "text?!"},
                                       {"site_id", "id!"},
                                       {"identifiers", "[]" + identifier_schema() + "!"},
                                       {"episode_state", "referred|assessed|active|on_hold|relapse_prevention?!"}})),
       {{"q", "beginnings of words of the name, a birth date, or a whole identifier"},
        {"limit", "1 to 200"},
        {"after", "page key"}},
       handler(search_patients)},
      {Method::post,
       "/api/v1/patients",
       "patients.create",
       "patients.write",
       "A new patient; warns of a possible duplicate",
       RunAs::write,
       true,
       patient_body_schema(true),
       patient_schema(),
       {},
       handler(create_patient)},
      {Method::get,
       "/api/v1/patients/{patient_id}",
       "patients.read",
       "patients.read",
       "One patient",
       RunAs::point,
       false,
       "",
       patient_schema(),
       {},
       handler(read_patient)},
      {Method::patch,
       "/api/v1/patients/{patient_id}",
       "patients.edit",
       "patients.write",
       "Changes a patient",
       RunAs::write,
       false,
       patient_body_schema(false),
       patient_schema(),
       {},
       handler(edit_patient)},
      // The page shows scores and notes, so it asks for more than patients.read.
      {Method::get,
       "/api/v1/patients/{patient_id}/summary",
       "patients.summary",
       "measurements.read",
       "Everything the patient page shows",
       RunAs::list,
       false,
       "",
       http::schema({{"as_of", "date!"}, {"patient", patient_schema() + "!"}}),
       {},
       handler(read_summary)},
      {Method::get,
       "/api/v1/patients/{patient_id}/coverage",
       "coverage.list",
       "patients.read",
       "Coverage periods of a patient",
       RunAs::point,
       false,
       "",
       http::list_schema(coverage_schema()),
       {},
       handler(read_coverage_list)},
      {Method::post,
       "/api/v1/patients/{patient_id}/coverage",
       "coverage.create",
       "patients.write",
       "A new coverage period",
       RunAs::write,
       true,
       coverage_body_schema(true),
       coverage_schema(),
       {},
       handler(add_coverage)},
      {Method::patch,
       "/api/v1/patients/{patient_id}/coverage/{coverage_id}",
       "coverage.edit",
       "patients.write",
       "Changes a coverage period",
       RunAs::write,
       false,
       coverage_body_schema(false),
       coverage_schema(),
       {},
       handler(edit_coverage)},
  };
}

}  // namespace concord::patients
