#include "measurements/measurements_api.h"

#include <memory>
#include <utility>

#include "base/zone.h"
#include "instruments/score.h"
#include "measurements/measurements_store.h"
#include "measurements/scored.h"
#include "patients/shapes.h"

namespace concord::measurements {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::Place;
using Kept = std::shared_ptr<const Deps>;

constexpr int kNoon = 12 * 60;  // a form whose hour nobody knows

/// A body, read and scored; what only the transaction knows (the site's day) is still open.
struct Scored {
  Measurement measurement;
  std::optional<Instant> at;
  std::optional<Date> on;
  std::string path;  ///< of the body: "" or "measurements[0]"
  std::string signal;
  std::optional<std::string> level;
  const instruments::Instrument* needs_permission = nullptr;

  std::string path_of(std::string_view member) const {
    return path.empty() ? std::string(member) : path + "." + std::string(member);
  }
};

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Measurement& m) {
  w.object()
      .field("id", m.id)
      .field("instrument", m.instrument)
      .field("instrument_version", m.instrument_version)
      .field("informant", m.informant)
      .field("mode", m.mode)
      .field("language", m.language)
      .field("administered_at", m.administered_at)
      .field("administered_date", m.administered_date)
      .field("total", m.total)
      .field("severity", m.severity)
      .field("valid", m.valid)
      .field("invalid_reason", m.invalid_reason)
      .field("prorated", m.prorated)
      .field("safety", m.safety)
      .field("stated_total", m.stated_total)
      .key("answers")
      .array();
  for (const auto& answer : m.answers) w.object().field("item", answer.item).field("value", answer.value).end();
  w.end().key("subscales").array();
  for (const auto& s : m.subscales) w.object().field("id", s.id).field("total", s.total).end();
  w.end().key("entered_by");
  chart.write_user(w, tx, caller, m.entered_by);
  w.field("replaces", m.replaces)
      .field("replaced_by", m.replaced_by)
      .field("correction_reason", m.correction_reason)
      .key("seen_by");
  chart.write_user(w, tx, caller, m.seen_by);
  w.field("seen_at", m.seen_at).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Caller& caller, const Measurement& m) {
  std::string out;
  out.reserve(1024);
  json::Writer w(out);
  write(chart, w, tx, caller, m);
  return out;
}

/// Points from a number, or true/false for 1/0; an issue otherwise. Null: left blank.
std::optional<double> read_points(const json::Cursor& answer) {
  if (!answer.present()) return std::nullopt;
  if (answer.value()->is(json::Kind::boolean)) return answer.value()->boolean() ? 1.0 : 0.0;
  return answer.real(-1000, 1000);
}

/// Named or positional answers, in the order of the form. Every required item that was asked must be listed,
/// blank ones as null: a forgotten field must not look like a patient's blank.
std::vector<Answer> read_answers(const json::Cursor& answers, const instruments::Instrument& instrument, bool& positional) {
  std::vector<Answer> given;
  positional = false;
  if (answers.value()->is(json::Kind::array)) {
    positional = true;
    const auto count = answers.value()->items().size();
    const auto all = instrument.items.size();
    const auto required = static_cast<std::size_t>(instrument.required_count);
    if (count != all && count != required) {
      answers.issue("must have " + std::to_string(required) + " entries" +
                    (all == required ? std::string() : " or " + std::to_string(all)) + ", null where left blank");
      return given;
    }
    std::size_t index = 0;
    answers.each([&](const json::Cursor& answer) {
      while (count != all && index < all && !instrument.items[index].required) ++index;
      given.push_back({instrument.items[index++].link_id, read_points(answer)});
    });
    return given;
  }
  if (!answers.value()->is(json::Kind::object)) {
    answers.issue("must be an object of item and value, or a list of values");
    return given;
  }
  for (const auto& member : answers.value()->members())
    if (instrument.item(member.key) < 0) answers.optional(member.key).issue("is no item of " + instrument.id);
  for (const auto& item : instrument.items)
    if (const auto answer = answers.optional(item.link_id); answer.value()) given.push_back({item.link_id, read_points(answer)});
  return given;
}

void add_issues(const json::Cursor& body, const Error& error) {
  const std::string prefix = body.path();
  for (const auto& issue : error.issues) body.issues().add(prefix.empty() ? issue.path : prefix + "." + issue.path, issue.text);
  if (error.issues.empty()) body.issue(error.text);
}

/// nullopt after an issue.
std::optional<Scored> read_scored(const Deps& deps, const json::Cursor& body, std::string_view mode) {
  const auto issues_before = body.issues().list().size();
  Scored scored;
  scored.path = body.path();

  const instruments::Instrument* instrument = nullptr;
  std::string informant;
  if (const auto name = body.required("instrument").string(1, 60)) {
    auto found = deps.library->lookup(*name);
    if (!found) {
      body.required("instrument").issue("is not an instrument Concord knows");
    } else {
      instrument = found->instrument;
      informant = found->informant;
    }
  }
  if (const auto word = body.optional("informant").string(1, 30)) {
    informant = *word;
    if (instrument && !instrument->has_informant(informant))
      body.optional("informant").issue("is nobody who fills in " + instrument->id);
  }
  const auto given_mode =
      body.optional("mode").one_of({"in_person", "phone", "video", "paper", "tablet", "link", "portal", "unknown"});
  const auto language = body.optional("language").string(2, 35);
  scored.at = body.optional("administered_at").instant();
  scored.on = body.optional("administered_date").date();
  if (scored.at && scored.on) body.optional("administered_date").issue("give administered_at or administered_date, not both");

  const auto answers = body.optional("answers");
  const auto total = body.optional("total").real(-100000, 100000);
  std::vector<SubscaleScore> subscales;
  if (const auto given = body.optional("subscales"); given.present()) {
    if (!given.value()->is(json::Kind::object)) given.issue("must be an object of subscale and total");
    for (const auto& member : given.value()->members()) {
      const auto subscale = given.optional(member.key);
      if (instrument && instrument->subscale(member.key) < 0) subscale.issue("is no subscale of " + instrument->id);
      else if (const auto value = subscale.real(-100000, 100000)) subscales.push_back({std::string(member.key), *value});
    }
  }
  if (!instrument) return std::nullopt;
  if (!answers.present() && !total && !body.optional("total").present())
    body.required("answers").issue("give the answers, or the total");

  Result<instruments::Score> score = fail(ErrorCode::invalid, "");
  std::vector<Answer> given;
  const instruments::ScoreContext context{instruments::Sex::unknown, informant};
  if (answers.present()) {
    bool positional = false;
    given = read_answers(answers, *instrument, positional);
    if (body.issues().list().size() > issues_before) return std::nullopt;
    std::vector<instruments::Answer> points;
    points.reserve(given.size());
    for (const auto& answer : given) points.push_back({answer.item, answer.value});
    score = instruments::score(*instrument, points, context);
    if (!score) {
      add_issues(body, score.error());
      return std::nullopt;
    }
    if (!positional) {  // a list has a place for every item already
      for (const auto& missing : score->missing) {
        const int index = instrument->item(missing);
        if (index < 0 || !instrument->items[static_cast<std::size_t>(index)].required || answers.optional(missing).value())
          continue;
        answers.optional(missing).issue("is missing; give null when it was left blank");
      }
    }
  } else {
    if (body.issues().list().size() > issues_before) return std::nullopt;
    std::vector<instruments::GivenSubscale> parts;
    for (const auto& s : subscales) parts.push_back({s.id, s.total});
    score = instruments::from_total(*instrument, *total, parts, context);
    if (!score) {
      add_issues(body, score.error());
      return std::nullopt;
    }
  }
  if (body.issues().list().size() > issues_before) return std::nullopt;

  scored.measurement = from_score(*score);
  scored.measurement.answers = std::move(given);
  if (answers.present() && total && scored.measurement.total != total) scored.measurement.stated_total = total;
  if (given_mode) scored.measurement.mode = *given_mode;
  else if (!mode.empty()) scored.measurement.mode = std::string(mode);
  if (language) scored.measurement.language = *language;
  scored.signal = safety_signal(*instrument, *score);
  scored.level = safety_level(*score);
  if (instrument->permission == instruments::Permission::opt_in) scored.needs_permission = instrument;
  return scored;
}

/// Dates it, checks what needs the site, stores it and raises its safety signal. `fallback`: the day when the
/// body gives none.
Result<Measurement> store(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Scored& scored,
                          std::optional<Date> fallback, const Measurement* corrects) {
  Measurement m = scored.measurement;
  std::vector<Issue> wrong;
  if (scored.at) {
    if (*scored.at > asker.now) wrong.push_back({scored.path_of("administered_at"), "must not be in the future"});
    m.administered_at = *scored.at;
    m.administered_date = local_date(*scored.at, place.zone);
  } else if (const auto day = scored.on ? scored.on : fallback; day && *day != place.today) {
    patients::check_not_after(*day, place.today, scored.path_of("administered_date"), wrong);
    m.administered_date = *day;
    m.administered_at = at_local_time(*day, kNoon, place.zone);
  } else {
    m.administered_at = asker.now;
    m.administered_date = place.today;
  }
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  if (scored.needs_permission)
    CONCORD_TRY_VOID(instruments::may_start(*scored.needs_permission,
                                            deps.permitted(tx, asker.organization(), place.site, scored.needs_permission->id)));
  m.id = MeasurementId(deps.chart->ids->next());
  m.patient = place.patient;
  m.entered_at = asker.now;
  if (asker.caller.kind == ActorKind::user) {  // who types it in has seen it
    m.entered_by = asker.caller.user;
    m.seen_by = asker.caller.user;
    m.seen_at = asker.now;
  }
  if (corrects) m.replaces = corrects->id;
  insert(tx, asker.organization(), m);
  if (m.safety == "positive")
    deps.raise_signal(tx, asker, place,
                      {m.id, scored.signal, scored.level, corrects ? std::optional(corrects->id) : std::nullopt});
  if (asker.caller.kind == ActorKind::user && deps.on_entered) deps.on_entered(tx, asker, place, m);
  return m;
}

Result<Work> create_measurement(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only(
      {"instrument", "informant", "mode", "language", "administered_at", "administered_date", "answers", "total", "subscales"});
  auto scored = read_scored(*deps, body, "");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, scored = std::move(*scored)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY(const auto m, store(*deps, tx, asker, place, scored, std::nullopt, nullptr));
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(*deps->chart, tx, asker.caller, m), patient, m.id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/measurements/" + m.id.text();
    reply.audit_detail = "instrument=" + m.instrument;
    return reply;
  });
}

Result<Work> correct_measurement(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<MeasurementId>("measurement_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"instrument", "informant", "mode", "language", "administered_at", "administered_date", "answers", "total",
             "subscales", "reason"});
  auto read = read_scored(*deps, body, "");
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  read->measurement.correction_reason = *reason;
  const bool keeps_mode = !body.optional("mode").present(), keeps_language = !body.optional("language").present();
  return Work([deps, asker = Asker(call), patient, id, given = std::move(*read), keeps_mode,
               keeps_language](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto old = find(tx, asker.organization(), patient, id);
    if (!old) return http::not_found();
    Scored scored = given;
    if (!scored.at && !scored.on) scored.at = old->administered_at;
    if (keeps_mode) scored.measurement.mode = old->mode;
    if (keeps_language) scored.measurement.language = old->language;
    CONCORD_TRY(const auto m, store(*deps, tx, asker, place, scored, std::nullopt, &*old));
    if (!set_replaced(tx, asker.organization(), *old, m.id))
      return fail(ErrorCode::conflict, "This score was corrected already. Correct the newer one.");
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(*deps->chart, tx, asker.caller, m), patient, m.id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/measurements/" + m.id.text();
    reply.audit_detail = "instrument=" + m.instrument + " corrects=" + id.text();
    return reply;
  });
}

Result<Work> see_measurement(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<MeasurementId>("measurement_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY(const auto found, see(*deps, tx, asker, place, id));
    return changed(200, to_json(*deps->chart, tx, asker.caller, found), patient, id.uuid);
  });
}

Result<Work> list_measurements(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_all(*deps->chart, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

}  // namespace

std::string measurement_schema() {
  const std::string person = patients::user_schema() + "!";
  return http::schema({{"id", "id!"},
                       {"instrument", "text!"},
                       {"instrument_version", "text!"},
                       {"informant", "text!"},
                       {"mode", "text!"},
                       {"language", "text!"},
                       {"administered_at", "instant!"},
                       {"administered_date", "date!"},
                       {"total", "number?!"},
                       {"severity", "text?!"},
                       {"valid", "boolean!"},
                       {"invalid_reason", "text?!"},
                       {"prorated", "boolean!"},
                       {"safety", "none|positive|unknown!"},
                       {"stated_total", "number?!"},
                       {"answers", "[]" + http::schema({{"item", "text!"}, {"value", "number?!"}}) + "!"},
                       {"subscales", "[]" + http::schema({{"id", "text!"}, {"total", "number!"}}) + "!"},
                       {"entered_by", person},
                       {"replaces", "id?!"},
                       {"replaced_by", "id?!"},
                       {"correction_reason", "text?!"},
                       {"seen_by", person},
                       {"seen_at", "instant?!"}});
}

std::string measurement_body_schema(bool correction) {
  static constexpr std::string_view kAnswers =
      R"({"description":"points by item, null when left blank; or a list in the order of the form","type":["object","array"]})";
  static constexpr std::string_view kSubscales = R"({"type":"object","additionalProperties":{"type":"number"}})";
  constexpr std::string_view kModes = "in_person|phone|video|paper|tablet|link|portal|unknown";
  if (correction)
    return http::schema({{"instrument", "text!"},
                         {"informant", "text"},
                         {"mode", kModes},
                         {"language", "text"},
                         {"administered_at", "instant"},
                         {"administered_date", "date"},
                         {"answers", kAnswers},
                         {"total", "number"},
                         {"subscales", kSubscales},
                         {"reason", "text!"}},
                        true);
  return http::schema({{"instrument", "text!"},
                       {"informant", "text"},
                       {"mode", kModes},
                       {"language", "text"},
                       {"administered_at", "instant"},
                       {"administered_date", "date"},
                       {"answers", kAnswers},
                       {"total", "number"},
                       {"subscales", kSubscales}},
                      true);
}

std::function<StoreMeasurement(const json::Cursor& body, std::string_view mode)> reader(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return [deps](const json::Cursor& body, std::string_view mode) -> StoreMeasurement {
    body.only(
        {"instrument", "informant", "mode", "language", "administered_at", "administered_date", "answers", "total", "subscales"});
    auto scored = read_scored(*deps, body, mode);
    if (!scored) return nullptr;
    return [deps, scored = std::move(*scored)](db::Tx& tx, const Asker& asker, const Place& place, Date contact_date,
                                               json::Writer& w) -> Result<void> {
      CONCORD_TRY(const auto m, store(*deps, tx, asker, place, scored, contact_date, nullptr));
      write(*deps->chart, w, tx, asker.caller, m);
      return {};
    };
  };
}

Result<Measurement> store_self_report(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                                      const SelfReport& report) {
  const auto* instrument = deps.library->find(report.instrument);
  if (!instrument)
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"instrument", "is not an instrument Concord knows"}});
  std::vector<instruments::Answer> points;
  points.reserve(report.answers.size());
  for (const auto& answer : report.answers) points.push_back({answer.item, answer.value});
  CONCORD_TRY(const auto score, instruments::score(*instrument, points, {instruments::Sex::unknown, report.informant}));
  Measurement m = from_score(score);
  m.answers = report.answers;
  m.mode = report.mode;
  m.language = report.language;
  m.administered_at = asker.now;
  m.administered_date = place.today;
  m.id = MeasurementId(deps.chart->ids->next());
  m.patient = place.patient;
  m.entered_at = asker.now;
  if (deps.labels_of) m.labels = deps.labels_of(tx, asker.organization(), place.patient, report.instrument);
  insert(tx, asker.organization(), m);
  return m;
}

Result<Measurement> see(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, MeasurementId id) {
  auto found = find(tx, asker.organization(), place.patient, id);
  if (!found) return http::not_found();
  if (set_seen(tx, asker.organization(), *found, asker.caller.user, asker.now)) {
    found->seen_by = asker.caller.user;
    found->seen_at = asker.now;
    deps.chart->refresh_caseload(tx, asker.organization(), place.patient);
    if (deps.on_seen) deps.on_seen(tx, asker, place, id);
  }
  return std::move(*found);
}

void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& m : list(tx, asker.organization(), place.patient)) write(chart, w, tx, asker.caller, m);
  w.end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = measurement_schema();
  const std::string base = "/api/v1/patients/{patient_id}/measurements";
  return {
      {Method::post,
       base,
       "measurements.create",
       "measurements.write",
       "A completed questionnaire, scored here",
       RunAs::write,
       true,
       measurement_body_schema(false),
       row,
       {},
       handler(create_measurement)},
      {Method::post,
       base + "/{measurement_id}/corrections",
       "measurements.correct",
       "measurements.write",
       "Corrects a measurement; the original is kept",
       RunAs::write,
       true,
       measurement_body_schema(true),
       row,
       {},
       handler(correct_measurement)},
      {Method::post,
       base + "/{measurement_id}/seen",
       "measurements.see",
       "measurements.write",
       "Somebody of the staff has looked at it",
       RunAs::write,
       false,
       "",
       row,
       {},
       handler(see_measurement)},
      {Method::get,
       base,
       "measurements.list",
       "measurements.read",
       "Measurements of a patient, newest first",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_measurements)},
  };
}

}  // namespace concord::measurements
