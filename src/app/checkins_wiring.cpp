#include "app/checkins_wiring.h"

#include <algorithm>

#include "app/team_wiring.h"
#include "checkins/checkins_store.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "identity/password.h"
#include "instruments/instruments_store.h"
#include "json/cursor.h"
#include "measurements/measurements_store.h"
#include "patients/patients_store.h"
#include "safety/crisis_store.h"
#include "safety/hand_off.h"

namespace concord::app {
namespace {

using patients::Asker;
using patients::PatientId;
using patients::Place;

constexpr std::string_view kTidyJob = "checkins.tidy";
constexpr int kAtOnce = 500;

/// The care manager, or whoever covers for them; without one, every care manager of the site.
std::vector<UserId> readers(db::Tx& tx, OrganizationId organization, const Place& place, Instant now) {
  const auto episode = episodes::find_open(tx, organization, place.patient);
  if (episode && episode->care_manager)
    return {responsible_now(tx, organization, episode->site, place.patient, *episode->care_manager, now)};
  std::vector<UserId> all;
  for (const auto& user : identity::staff(tx, organization, "care_manager")) {
    const bool is_here = std::any_of(user.roles.begin(), user.roles.end(), [&](const identity::RoleAtSite& r) {
      return r.role == "care_manager" && r.site == place.site;
    });
    if (is_here && !user.disabled_at && user.sign_in_name) all.push_back(user.id);
  }
  return all;
}

}  // namespace

void wire_checkins(checkins::Deps& deps, const CheckinsLent& lent) {
  deps.chart = lent.chart;
  deps.library = &lent.data->instruments;
  deps.words = &lent.data->checkin_words;
  deps.assets = checkins::load_assets(lent.settings->web_folder / "manifest.json");
  deps.settings = lent.settings->checkins;
  deps.secure_cookies = lent.settings->secure_cookies;
  deps.public_url = lent.settings->public_url;
  deps.new_token = identity::new_token;
  deps.token_hash = identity::token_hash;
  deps.patient = patients::find;
  deps.permitted = lent.measurements->permitted;
  deps.calendar_of = lent.calendar_of;
  deps.clinic = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& s : identity::sites(tx, organization))
      if (s.id == site) return checkins::Clinic{s.name};
    return checkins::Clinic{};
  };
  deps.help = [safety = lent.safety, words = deps.words, calendar_of = lent.calendar_of](
                  db::Tx& tx, OrganizationId organization, SiteId site, std::string_view language, Instant now) {
    auto help = safety::crisis_help(*safety, tx, organization, site, language, now);
    // What the clinic's calendar says, in the reader's language, is better than a general sentence or the site's free words.
    const auto own = safety::find_site_crisis(tx, organization, site);
    if (!own.read_when) help.read_when.clear();
    if (!own.clinic_hours)
      for (auto& line : help.lines)
        if (line.id == "clinic" && !line.number.empty())
          line.hours = checkins::hours_text(*words, language, calendar_of(tx, organization, site));
    return help;
  };
  deps.help_anywhere = [crisis = &lent.data->crisis](std::string_view language) {
    return safety::help_for(*crisis, {}, {}, {}, true, language);
  };
  deps.tell = [tell = lent.tell_patient](db::Tx& tx, OrganizationId organization, const checkins::Telling& t) {
    if (!tell) return false;
    messaging::ToPatient message;
    message.patient = t.patient;
    message.kind = t.kind;
    message.path = t.path;
    message.object = t.object;
    message.once = t.once;
    return !tell(tx, organization, message).empty();
  };
  deps.notify = lent.notify;
  deps.people = [clock = lent.clock](db::Tx& tx, OrganizationId organization, const Place& place) {
    return readers(tx, organization, place, clock->now());
  };
  deps.store = [measurements = lent.measurements](db::Tx& tx, const Asker& asker, const Place& place,
                                                  const measurements::SelfReport& report) {
    return measurements::store_self_report(*measurements, tx, asker, place, report);
  };
  deps.see = [measurements = lent.measurements](db::Tx& tx, const Asker& asker, const Place& place,
                                                measurements::MeasurementId id) -> Result<void> {
    CONCORD_TRY_VOID(measurements::see(*measurements, tx, asker, place, id));
    return {};
  };
  deps.is_seen = [](db::Tx& tx, OrganizationId organization, PatientId patient, measurements::MeasurementId id) {
    const auto m = measurements::find(tx, organization, patient, id);
    return !m || m->seen_at.has_value();
  };
  deps.raise = [safety = lent.safety](db::Tx& tx, const Asker& asker, const Place& place, const std::string& signal,
                                      const std::optional<std::string>& level) {
    return safety::raise_answer(*safety, tx, asker, place, signal, level);
  };
  deps.heard_again = [safety = lent.safety](db::Tx& tx, const Asker& asker, const Place& place, safety::SafetyEventId event,
                                            const std::string& signal) {
    return safety::heard_again(*safety, tx, asker, place, event, signal);
  };
  deps.attach = [](db::Tx& tx, OrganizationId organization, PatientId patient, safety::SafetyEventId event,
                   measurements::MeasurementId measurement) {
    safety::attach_measurement(tx, organization, patient, event, measurement);
  };
}

Admit admit_form(const checkins::Deps& deps) {
  return [&deps](db::Tx& tx, const http::Request& request, Instant now) -> Result<Admission> {
    CONCORD_TRY(auto caller, checkins::admit(deps, tx, request, now));
    return Admission{std::move(caller)};
  };
}

FormProblem form_problem(const checkins::Deps& deps) {
  return [&deps](const Error& error, const http::Request& request) { return checkins::problem_page(deps, error, request); };
}

checkins::Send checkin_sender(const checkins::Deps& deps, const Clock& clock) {
  return [&deps, &clock](db::Tx& tx, OrganizationId organization, const checkins::NewCheckIn& wanted) {
    return checkins::send(deps, tx, organization, wanted, clock.now());
  };
}

portal::View check_ins_view(const checkins::Deps& deps) {
  portal::View view;
  view.name = "check-ins";
  view.scope = "check_in";
  view.schema = checkins::for_patient_schema();
  view.summary = "The check-in that waits for an answer, and when the last ones were read";
  view.write = [&deps](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    checkins::write_for_patient(
        deps, w, tx, viewer.organization, viewer.patient, viewer.language, viewer.now,
        [&](std::string_view instrument) { return portal::may_see(viewer, "", "instrument:" + std::string(instrument)); });
    return {};
  };
  return view;
}

std::vector<http::Route> portal_checkin_routes(const checkins::Deps& deps, const portal::Deps& portal) {
  http::Route route;
  route.method = http::Method::post;
  route.pattern = "/api/v1/portal/check-ins";
  route.name = "portal.answer_now";
  route.permission = "portal.use";
  route.summary = "Opens the check-in that waits, or a new one: its cookie is set and `path` is where the questions are";
  route.run_as = http::RunAs::write;
  route.audience = http::Audience::portal;
  route.request_schema = http::schema({{"instruments", "[]text"}}, true);
  route.response_schema = http::schema({{"id", "id!"}, {"path", "text!"}});
  route.handler = [&deps, &portal](const http::Call& call) -> Result<http::Work> {
    CONCORD_TRY_VOID(portal::require(call.caller, "check_in"));
    CONCORD_TRY(const auto document, http::read_json(call.request));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"instruments"});
    std::vector<std::string> instruments;
    if (const auto given = body.optional("instruments"); given.present())
      given.each([&](const json::Cursor& one) {
        if (const auto text = one.string(1, 80)) instruments.push_back(*text);
      });
    if (!issues.empty()) return issues.error();
    const auto by = portal::on_behalf_by(call.caller);
    return http::Work([&deps, &portal, asker = Asker(call), instruments, patient = portal::patient_of(call.caller),
                       by = by ? std::optional(by->uuid) : std::nullopt](db::Tx& tx) -> Result<http::Reply> {
      const auto viewer = portal::viewer_of(portal, tx, asker.caller, asker.now);
      const auto may_answer = [&](std::string_view instrument) {
        return portal::may_see(viewer, "", "instrument:" + std::string(instrument));
      };
      CONCORD_TRY(const auto now, checkins::answer_now(deps, tx, asker.organization(), patient, instruments, by,
                                                       asker.caller.language, asker.now, may_answer));
      std::string text;
      json::Writer w(text);
      w.object().field("id", now.id).field("path", "/c/now").end();
      auto reply = http::json_reply(201, std::move(text));
      reply.headers.emplace_back("Set-Cookie", checkins::set_cookie(deps, now.cookie));
      reply.audit_patient = patient.uuid;
      reply.audit_object = now.id.uuid;
      reply.events = {{"checkins", now.id.uuid}, {"patient", patient.uuid}};
      return reply;
    });
  };
  return {route};
}

void keep_checkins(const checkins::Deps& deps, jobs::Worker& worker, db::Database& database, const Clock& clock) {
  worker.handle(std::string(kTidyJob), [&deps, &database, &clock](jobs::JobRun& run) -> Result<void> {
    for (;;) {
      CONCORD_TRY(const int ended, database.write([&](db::Tx& tx) -> Result<int> {
        return checkins::write_down_expired(tx, clock.now(), kAtOnce);
      }));
      if (ended < kAtOnce) break;
      run.keep();
    }
    return database.write([&](db::Tx& tx) -> Result<void> {
      checkins::remove_old(tx, clock.now() - std::chrono::hours(24 * deps.settings.keep_drafts_days));
      return {};
    });
  });
  worker.every(std::chrono::minutes(60), std::string(kTidyJob));
}

}  // namespace concord::app
