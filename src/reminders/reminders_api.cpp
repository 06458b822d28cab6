#include "reminders/reminders_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::reminders {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using Kept = std::shared_ptr<const Deps>;

constexpr int kRecentDays = 180;
constexpr std::size_t kMostRecent = 20;

std::string page_of(const Deps& deps, db::Tx& tx, const Asker& asker, const patients::Place& place, const Setting& setting) {
  std::string body;
  json::Writer w(body);
  w.object()
      .field("paused", setting.paused)
      .field("paused_until", setting.paused_until)
      .field("pause_reason", setting.pause_reason)
      .field("every_days", setting.every_days)
      .field("weekly_agreed", setting.weekly_agreed)
      .field("visits", setting.visits)
      .field("version", setting.version)
      .key("next")
      .array();
  const auto planned = plan_one(deps.lent, tx, asker.organization(), place.site, place.patient, place.zone, place.today);
  auto steps = list_steps(tx, asker.organization(), place.patient, place.patient, place.today.plus_days(-kRecentDays));
  // What was done today is not ahead any more.
  const bool done_today = std::any_of(steps.begin(), steps.end(), [&](const DoneStep& s) { return s.day == place.today; });
  if (planned && !done_today)
    for (const auto& step : planned->steps) write_step(w, step);
  w.end().key("recent").array();
  std::reverse(steps.begin(), steps.end());
  if (steps.size() > kMostRecent) steps.resize(kMostRecent);
  for (const auto& s : steps) {
    w.object().field("day", s.day).field("act", s.act).field("why", s.why).field("due", s.due).key("instruments").array();
    for (const auto& instrument : s.instruments) w.value(instrument);
    w.end().field("object_id", s.object).field("at", s.at).end();
  }
  w.end().end();
  return body;
}

Result<Work> show(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    const auto setting = find_setting(tx, asker.organization(), place.patient);
    Reply reply = patients::looked(page_of(*deps, tx, asker, place, setting), place.patient, place.patient.uuid);
    reply.version = setting.version;
    return reply;
  });
}

Result<Work> change(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"paused", "paused_until", "pause_reason", "every_days", "weekly_agreed", "visits"});
  Setting setting;
  setting.version = version;
  setting.paused = body.optional("paused").boolean().value_or(false);
  setting.paused_until = body.optional("paused_until").date();
  setting.pause_reason = std::string(trim(body.optional("pause_reason").string(0, 500).value_or("")));
  if (const auto days = body.optional("every_days").integer(1, 1000)) setting.every_days = static_cast<int>(*days);
  setting.weekly_agreed = body.optional("weekly_agreed").boolean().value_or(false);
  setting.visits = body.optional("visits").boolean().value_or(true);
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    CONCORD_TRY_VOID(patients::refuse_if_any(check(setting, place.today)));
    const auto before = find_setting(tx, asker.organization(), place.patient);
    if (before.version != version ||
        !save_setting(tx, asker.organization(), place.patient, setting, asker.caller.user, asker.now))
      return fail(ErrorCode::edited_meanwhile, "The settings were changed since you opened them. Look at them again.");
    Setting stored = setting;
    stored.version = version + 1;
    Reply reply = patients::changed(200, page_of(*deps, tx, asker, place, stored), place.patient, place.patient.uuid);
    reply.version = stored.version;
    return reply;
  });
}

}  // namespace

void write_step(json::Writer& w, const Step& step) {
  w.object().field("act", name(step.act)).key("instruments").array();
  for (const auto& instrument : step.instruments) w.value(instrument);
  w.end().field("due", step.due).field("why", step.why).end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step_ = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step_ step) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  using http::RunAs;
  const std::string acts = "check_in|weekly|again|visit|check_in_before_visit|ask";
  const std::string next = http::schema({{"act", acts + "!"}, {"instruments", "[]text!"}, {"due", "date!"}, {"why", "text!"}});
  const std::string recent = http::schema({{"day", "date!"},
                                           {"act", acts + "|not_possible!"},
                                           {"why", "text!"},
                                           {"due", "date!"},
                                           {"instruments", "[]text!"},
                                           {"object_id", "id?!"},
                                           {"at", "instant!"}});
  const std::string page = http::schema({{"paused", "boolean!"},
                                         {"paused_until", "date?!"},
                                         {"pause_reason", "text!"},
                                         {"every_days", "integer?!"},
                                         {"weekly_agreed", "boolean!"},
                                         {"visits", "boolean!"},
                                         {"version", "integer!"},
                                         {"next", R"({"type":"array","items":)" + next + "}!"},
                                         {"recent", R"({"type":"array","items":)" + recent + "}!"}});
  return {{Method::get,
           "/api/v1/patients/{patient_id}/reminders",
           "reminders.read",
           "reminders.read",
           "A patient's reminders: settings, what is due today, what was sent",
           RunAs::point,
           false,
           "",
           page,
           {},
           handler(show)},
          {Method::put,
           "/api/v1/patients/{patient_id}/reminders",
           "reminders.change",
           "reminders.write",
           "Change a patient's reminders: pause, cadence, weekly question, visits",
           RunAs::write,
           false,
           http::schema({{"paused", "boolean"},
                         {"paused_until", "date?"},
                         {"pause_reason", "text"},
                         {"every_days", "integer?"},
                         {"weekly_agreed", "boolean"},
                         {"visits", "boolean"}},
                        true),
           page,
           {},
           handler(change)}};
}

}  // namespace concord::reminders
