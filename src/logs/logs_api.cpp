#include "logs/logs_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "logs/logs_store.h"
#include "portal/acts.h"

namespace concord::logs {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;
using Kept = std::shared_ptr<const Deps>;
using After = std::optional<std::pair<Date, LogId>>;

constexpr int kGlanceDays = 28;
constexpr std::size_t kGlanceRows = 5;

void write_members(json::Writer& w, const Log& l, std::string_view by, const std::vector<Medicine>& medicines) {
  w.field("id", l.id).field("kind", l.kind).field("on", l.on).field("at", l.at).field("by", by);
  w.field("score", l.score).field("text", l.words).field("pleasure", l.pleasure).field("mastery", l.mastery).key("treatment");
  const auto medicine =
      std::find_if(medicines.begin(), medicines.end(), [&](const Medicine& m) { return l.treatment && m.id == *l.treatment; });
  if (medicine != medicines.end()) w.object().field("id", medicine->id).field("name", medicine->name).end();
  else w.null();
  w.field("taken", l.taken).field("bother", l.bother);
}

std::string_view teller_of(const Log& l) { return l.on_behalf_by ? "trusted_person" : "patient"; }

/// "2026-03-01.<log>"
std::string key_of(const Log& l) { return l.on.iso() + "." + l.id.text(); }
Result<After> read_after(const std::optional<std::string>& key) {
  if (!key) return After();
  const auto dot = key->find('.');
  if (dot == std::string::npos) return http::wrong_page();
  const auto day = Date::parse(std::string_view(*key).substr(0, dot));
  const auto id = LogId::parse(std::string_view(*key).substr(dot + 1));
  if (!day || !id) return http::wrong_page();
  return After(std::pair(*day, *id));
}

Result<void> write_view(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
  CONCORD_TRY(const auto page, http::read_page(request));
  CONCORD_TRY(const auto after, read_after(page.after));
  const auto medicines = deps.medicines(tx, viewer.organization, viewer.patient);
  // Rows that may not be seen are left out before the page is counted.
  std::vector<Log> rows;
  After from = after;
  while (rows.size() <= static_cast<std::size_t>(page.limit)) {
    const auto batch = list_before(tx, viewer.organization, viewer.patient, from, std::nullopt, page.limit + 1);
    for (const auto& l : batch) {
      from = std::pair(l.on, l.id);
      if (portal::may_see(viewer, l.labels, l.on_behalf_by ? std::string_view() : kOwnLogs)) rows.push_back(l);
    }
    if (batch.size() <= static_cast<std::size_t>(page.limit)) break;
  }
  const bool more = rows.size() > static_cast<std::size_t>(page.limit);
  if (more) rows.resize(static_cast<std::size_t>(page.limit));
  w.object().key("items").array();
  for (const auto& l : rows) {
    w.object();
    write_members(w, l, portal::by_for_page(teller_of(l)), medicines);
    w.end();
  }
  w.end().field("next", more ? std::optional(key_of(rows.back())) : std::nullopt);
  w.field("seen_by_team", (*deps.words)("logs.seen_by_team", viewer.language)).end();
  return {};
}

/// Reads what the kind asks for; everything else is refused.
Log read_log(const json::Cursor& body) {
  Log l;
  l.kind = body.required("kind").one_of({"mood", "activity", "medicine", "side_effect"}).value_or("");
  const auto number = [&](const json::Cursor& at, int most) -> std::optional<int> {
    const auto n = at.integer(0, most);
    return n ? std::optional(static_cast<int>(*n)) : std::nullopt;
  };
  const auto words = [&](bool needed, std::size_t most) {
    const auto at = needed ? body.required("text") : body.optional("text");
    auto text = at.string(0, most * 4);
    if (!text) return;
    l.words = std::string(trim(*text));
    if (needed && l.words.empty()) at.issue("must not be empty");
    if (portal::characters(l.words) > most) at.issue("is too long: at most " + std::to_string(most) + " characters");
  };
  if (l.kind == "mood") {
    body.only({"kind", "on", "score", "text"});
    l.score = number(body.required("score"), 10);
    words(false, 2000);
  } else if (l.kind == "activity") {
    body.only({"kind", "on", "text", "pleasure", "mastery"});
    words(true, 500);
    l.pleasure = number(body.optional("pleasure"), 10);
    l.mastery = number(body.optional("mastery"), 10);
  } else if (l.kind == "medicine") {
    body.only({"kind", "on", "treatment_id", "taken"});
    l.taken = body.required("taken").one_of({"yes", "partly", "no"});
  } else if (l.kind == "side_effect") {
    body.only({"kind", "on", "treatment_id", "text", "bother"});
    words(true, 2000);
    l.bother = number(body.required("bother"), 3);
  }
  if (l.kind == "medicine" || l.kind == "side_effect")
    if (const auto id = body.required("treatment_id").id<LogId>()) l.treatment = id->uuid;
  return l;
}

Result<Work> write_down(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  Log given = read_log(body);
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  given.id = LogId(deps->chart->ids->next());
  given.at = call.now;
  given.by = call.caller.user;
  return Work([deps, asker = Asker(call), on, given = std::move(given)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(portal::require_self(asker.caller));
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, portal::patient_of(asker.caller)));
    const auto viewer = deps->viewer_of(tx, asker.caller, asker.now);
    Log row = given;
    row.patient = place.patient;
    row.on = on.value_or(place.today);
    row.on_behalf_by = portal::on_behalf_by(asker.caller);
    row.labels = portal::labels_of_new(viewer, deps->labels_of(tx, organization, place.patient), kOwnLogs);
    std::vector<Issue> wrong;
    patients::check_not_after(row.on, place.today, "on", wrong);
    if (place.today - row.on > kMostDaysBack) wrong.push_back({"on", "must be within the last 31 days"});
    const auto medicines = deps->medicines(tx, organization, place.patient);
    if (row.treatment) {
      const auto found =
          std::find_if(medicines.begin(), medicines.end(), [&](const Medicine& m) { return m.id == *row.treatment; });
      if (found == medicines.end()) wrong.push_back({"treatment_id", "is no treatment of yours"});
      else if (row.on < found->start) wrong.push_back({"on", "must not be before the treatment began"});
      else if (row.kind == "medicine" && (found->kind != "medication" || (found->stop && row.on >= *found->stop)))
        wrong.push_back({"treatment_id", "is no medicine that you take on that day"});
    }
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, organization, row);
    if (row.kind == "side_effect" && deps->report_side_effect)
      CONCORD_TRY_VOID(deps->report_side_effect(tx, organization, row, portal::teller(asker.caller), place.today));
    std::string out;
    json::Writer w(out);
    w.object();
    write_members(w, row, portal::by_for_page(teller_of(row)), medicines);
    w.end();
    Reply reply = patients::changed(201, std::move(out), place.patient, row.id.uuid);
    reply.audit_detail = "kind=" + row.kind;
    reply.location = "/api/v1/portal/logs";
    return reply;
  });
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  CONCORD_TRY(const auto after, read_after(page.after));
  std::optional<std::string> kind;
  if (const auto wanted = call.request.parameter("kind")) kind = std::string(*wanted);
  return Work([deps, asker = Asker(call), patient, page, after, kind](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    auto rows = list_before(tx, asker.organization(), patient, after, kind, page.limit + 1);
    const bool more = rows.size() > static_cast<std::size_t>(page.limit);
    if (more) rows.pop_back();
    const auto medicines = deps->medicines(tx, asker.organization(), patient);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& l : rows) {
      w.object();
      write_members(w, l, teller_of(l), medicines);
      w.end();
    }
    w.end().field("next", more ? std::optional(key_of(rows.back())) : std::nullopt).end();
    Reply reply = patients::looked(std::move(body), patient, patient.uuid);
    reply.audit_detail = "rows=" + std::to_string(rows.size());
    return reply;
  });
}

std::string log_schema(std::string_view by) {
  return http::schema({{"id", "id!"},
                       {"kind", "mood|activity|medicine|side_effect!"},
                       {"on", "date!"},
                       {"at", "instant!"},
                       {"by", by},
                       {"score", "integer?!"},
                       {"text", "text!"},
                       {"pleasure", "integer?!"},
                       {"mastery", "integer?!"},
                       {"treatment", R"({"type":["object","null"]}!)"},
                       {"taken", "text?!"},
                       {"bother", "integer?!"}});
}

}  // namespace

void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto rows = list_since(tx, asker.organization(), place.patient, place.today.plus_days(1 - kGlanceDays));
  const auto seen = glance(rows);
  w.object().key("mood").array();
  for (const auto& m : seen.mood) w.object().field("on", m.on).field("score", m.score).end();
  w.end().field("activities", seen.activities).field("side_effects", seen.side_effects).key("last").array();
  const auto medicines = rows.empty() ? std::vector<Medicine>() : deps.medicines(tx, asker.organization(), place.patient);
  for (std::size_t i = 0; i < std::min(rows.size(), kGlanceRows); ++i) {
    w.object();
    write_members(w, rows[i], teller_of(rows[i]), medicines);
    w.end();
  }
  w.end().end();
}

std::vector<portal::View> portal_views(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  portal::View view;
  view.name = "logs";
  view.summary = "What I wrote down: mood, what I did, medicines, side effects; newest first";
  view.schema = http::schema(
      {{"items", "[]" + log_schema("you|team|trusted_person!") + "!"}, {"next", "text?!"}, {"seen_by_team", "text!"}});
  view.query_parameters = {{"limit", "1 to 200"}, {"after", "page key"}};
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
    return write_view(*deps, w, tx, viewer, request);
  };
  return {std::move(view)};
}

std::vector<http::Route> portal_routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return {portal::act(http::Method::post, "/api/v1/portal/logs", "portal.logs.write", "Writes something down", true,
                      http::schema({{"kind", "mood|activity|medicine|side_effect!"},
                                    {"on", "date"},
                                    {"score", "integer"},
                                    {"text", "text"},
                                    {"pleasure", "integer"},
                                    {"mastery", "integer"},
                                    {"treatment_id", "id"},
                                    {"taken", "yes|partly|no"},
                                    {"bother", "integer"}},
                                   true),
                      log_schema("you|team|trusted_person!"), [deps](const Call& call) { return write_down(deps, call); })};
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  http::Route list;
  list.pattern = "/api/v1/patients/{patient_id}/logs";
  list.name = "logs.list";
  list.permission = "logs.read";
  list.summary = "What a patient wrote down in the portal, newest first";
  list.response_schema = http::list_schema(log_schema("patient|trusted_person!"));
  list.query_parameters = {{"kind", "mood, activity, medicine or side_effect"}, {"limit", "1 to 200"}, {"after", "page key"}};
  list.handler = [deps](const Call& call) { return list_of_patient(deps, call); };
  return {std::move(list)};
}

}  // namespace concord::logs
