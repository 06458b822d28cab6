#include "feedback/feedback_api.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "feedback/feedback_store.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "portal/acts.h"

namespace concord::feedback {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;
using Kept = std::shared_ptr<const Deps>;

std::string topic_name(const Deps& deps, std::string_view topic, std::string_view language) {
  const std::string id = "feedback.topic." + std::string(topic);
  return (*deps.words)(deps.words->has(id) ? id : "feedback.topic.other", language);
}

void write_own(const Deps& deps, json::Writer& w, const Feedback& f, std::string_view language) {
  w.object()
      .field("id", f.id)
      .field("at", f.at)
      .field("topic", f.topic)
      .field("topic_name", topic_name(deps, f.topic, language))
      .field("text", f.words)
      .field("anonymous", f.anonymous)
      .field("state", f.state)
      .field("state_words", (*deps.words)("feedback.state." + f.state, language))
      .field("answer", f.answer)
      .field("closed_at", f.closed_at)
      .end();
}

std::string own_schema() {
  return http::schema({{"id", "id!"},
                       {"at", "instant!"},
                       {"topic", "text!"},
                       {"topic_name", "text!"},
                       {"text", "text!"},
                       {"anonymous", "boolean!"},
                       {"state", "new|answered|closed!"},
                       {"state_words", "text!"},
                       {"answer", "text?!"},
                       {"closed_at", "instant?!"}});
}

std::string read_words(const json::Cursor& at, bool needed) {
  auto words = at.string(0, kMostCharacters * 16);
  if (!words) return {};
  const auto count = portal::characters(*words);
  if (needed && trim(*words).empty()) at.issue("must not be empty");
  if (count > kMostCharacters)
    at.issue("is too long: " + std::to_string(count) + " characters, at most " + std::to_string(kMostCharacters));
  return trim(*words).empty() ? std::string() : std::move(*words);
}

Result<Work> send(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"topic", "text", "anonymous"});
  Feedback given;
  given.topic = body.required("topic").string(1, 40).value_or("");
  if (issues.empty() && std::find(std::begin(kTopics), std::end(kTopics), given.topic) == std::end(kTopics))
    body.required("topic").issue("is no topic of the list");
  given.words = read_words(body.required("text"), true);
  given.anonymous = body.optional("anonymous").boolean().value_or(false);
  if (!issues.empty()) return issues.error();
  given.id = FeedbackId(deps->chart->ids->next());
  given.at = call.now;
  given.language = call.caller.language;
  return Work([deps, asker = Asker(call), given = std::move(given)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(portal::require_self(asker.caller));
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, portal::patient_of(asker.caller)));
    Feedback row = given;
    row.patient = place.patient;
    row.site = place.site;
    const auto viewer = deps->viewer_of(tx, asker.caller, asker.now);
    row.labels = portal::labels_of_new(viewer, deps->labels_of(tx, organization, place.patient), "own:messages");
    insert(tx, organization, row);
    if (deps->notify)  // without the patient: it leads to the list
      for (const auto manager : deps->managers(tx, organization, place.site))
        deps->notify(tx, organization, {manager, "feedback.new", std::nullopt, row.id.uuid, false, "new"});
    std::string out;
    json::Writer w(out);
    write_own(*deps, w, row, viewer.language);
    Reply reply = patients::looked(std::move(out), place.patient, row.id.uuid);
    // The log of the record is read by the care team's privacy officer: it does not tie the words to the patient.
    if (row.anonymous) reply.audit_object = place.patient.uuid;
    reply.status = 201;
    reply.location = "/api/v1/portal/feedback";
    reply.events = {{"feedback", row.site.uuid}};
    return reply;
  });
}

// ---- the program manager

void write_staff(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const Feedback& f) {
  w.object()
      .field("id", f.id)
      .field("site_id", f.site)
      .field("at", f.at)
      .field("topic", f.topic)
      .field("topic_name", topic_name(deps, f.topic, caller.language))
      .field("text", f.words)
      .field("language", f.language)
      .field("anonymous", f.anonymous)
      .key("patient");
  const auto patient = f.anonymous ? std::nullopt : deps.patient(tx, caller.organization, f.patient);
  if (patient) w.object().field("id", f.patient).field("name", patient->family_name + ", " + patient->given_name).end();
  else w.null();
  w.field("state", f.state).field("answer", f.answer).key("answered_by");
  deps.chart->write_user(w, tx, caller, f.answered_by);
  w.field("answered_at", f.answered_at).field("closed_at", f.closed_at).key("closed_by");
  deps.chart->write_user(w, tx, caller, f.closed_by);
  w.field("version", f.version).end();
}

std::string key_of(const Feedback& f) { return std::to_string(f.at.time_since_epoch().count()) + "." + f.id.text(); }
std::optional<std::pair<Instant, FeedbackId>> parse_key(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t micros = 0;
  const auto read = std::from_chars(key.data(), key.data() + dot, micros);
  const auto id = FeedbackId::parse(key.substr(dot + 1));
  if (read.ec != std::errc() || read.ptr != key.data() + dot || !id) return std::nullopt;
  return std::pair(Instant(std::chrono::microseconds(micros)), *id);
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<std::string> state;
  if (const auto given = call.request.parameter("state")) {
    if (*given != "new" && *given != "answered" && *given != "closed")
      return fail(ErrorCode::invalid, "The state is not known.", {{"state", "must be new, answered or closed"}});
    state = std::string(*given);
  }
  std::optional<std::pair<Instant, FeedbackId>> before;
  if (page.after) {
    before = parse_key(*page.after);
    if (!before) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), page, state, before](db::Tx& tx) -> Result<Reply> {
    std::vector<Feedback> rows;
    std::int64_t fresh = 0;
    for (const auto site : asker.caller.sites) {
      fresh += count_new(tx, asker.organization(), site);
      for (auto& f : list_of_site(tx, asker.organization(), site, state, before, page.limit + 1)) rows.push_back(std::move(f));
    }
    std::sort(rows.begin(), rows.end(),
              [](const Feedback& a, const Feedback& b) { return std::pair(b.at, b.id) < std::pair(a.at, a.id); });
    const bool more = rows.size() > static_cast<std::size_t>(page.limit);
    if (more) rows.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& f : rows) write_staff(*deps, w, tx, asker.caller, f);
    w.end().field("next", more ? std::optional(key_of(rows.back())) : std::nullopt).field("new", fresh).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(rows.size());
    for (const auto& f : rows) {
      if (f.anonymous) continue;
      if (!reply.audit_patient) reply.audit_patient = f.patient.uuid;
      else if (*reply.audit_patient != f.patient.uuid &&
               std::find(reply.audit_more_patients.begin(), reply.audit_more_patients.end(), f.patient.uuid) ==
                   reply.audit_more_patients.end())
        reply.audit_more_patients.push_back(f.patient.uuid);
    }
    return reply;
  });
}

Result<Work> act_on(const Kept& deps, const Call& call, bool closing) {
  CONCORD_TRY(const auto id, call.path_id<FeedbackId>("feedback_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text"});
  auto words = read_words(closing ? body.optional("text") : body.required("text"), !closing);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, closing, words = std::move(words)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const auto before = find(tx, organization, id);
    if (!before || !asker.caller.may_use(before->site)) return http::not_found();
    const auto shown = [&](const Feedback& f) {
      std::string out;
      json::Writer w(out);
      write_staff(*deps, w, tx, asker.caller, f);
      return out;
    };
    const auto about = [&](Reply reply) {
      if (!before->anonymous) reply.audit_patient = before->patient.uuid;
      reply.audit_object = id.uuid;
      return reply;
    };
    if (before->version != version) return about(http::stale_reply(asker.request_id, shown(*before)));
    Feedback after = *before;
    CONCORD_TRY_VOID(closing ? close(after, words, asker.caller.user, asker.now)
                             : answer(after, words, asker.caller.user, asker.now));
    if (!update(tx, organization, after)) return about(http::stale_reply(asker.request_id, shown(*before)));
    ++after.version;
    if (deps->tell_patient) {
      messaging::ToPatient to;
      to.patient = after.patient;
      to.kind = "feedback.answered";
      to.path = "/portal/feedback";
      to.object = id.uuid;
      deps->tell_patient(tx, organization, to);
    }
    Reply reply = about(http::json_reply(200, shown(after)));
    reply.version = after.version;
    reply.events = {{"feedback", after.site.uuid}};
    return reply;
  });
}

}  // namespace

std::vector<portal::View> portal_views(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  portal::View view;
  view.name = "feedback";
  view.summary = "What I said about the care itself, and what became of it";
  view.schema = http::schema({{"items", "[]" + own_schema() + "!"},
                              {"topics", "[]" + http::schema({{"id", "text!"}, {"text", "text!"}}) + "!"},
                              {"who_reads", "text!"},
                              {"most_characters", "integer!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    w.object().key("items").array();
    for (const auto& f : list_of_patient(tx, viewer.organization, viewer.patient))
      if (portal::may_see(viewer, f.labels)) write_own(*deps, w, f, viewer.language);
    w.end().key("topics").array();
    for (const auto topic : kTopics) w.object().field("id", topic).field("text", topic_name(*deps, topic, viewer.language)).end();
    w.end().field("who_reads", (*deps->words)("feedback.who_reads", viewer.language));
    w.field("most_characters", kMostCharacters).end();
    return {};
  };
  return {std::move(view)};
}

std::vector<http::Route> portal_routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return {portal::act(http::Method::post, "/api/v1/portal/feedback", "portal.feedback.send",
                      "Says something about the care itself", true,
                      http::schema({{"topic", "text!"}, {"text", "text!"}, {"anonymous", "boolean"}}, true), own_schema(),
                      [deps](const Call& call) { return send(deps, call); })};
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  const std::string row = http::schema({{"id", "id!"},
                                        {"site_id", "id!"},
                                        {"at", "instant!"},
                                        {"topic", "text!"},
                                        {"topic_name", "text!"},
                                        {"text", "text!"},
                                        {"language", "text!"},
                                        {"anonymous", "boolean!"},
                                        {"patient", R"({"type":["object","null"]}!)"},
                                        {"state", "new|answered|closed!"},
                                        {"answer", "text?!"},
                                        {"answered_by", R"({"type":["object","null"]}!)"},
                                        {"answered_at", "instant?!"},
                                        {"closed_at", "instant?!"},
                                        {"closed_by", R"({"type":["object","null"]}!)"},
                                        {"version", "integer!"}});
  http::Route list;
  list.pattern = "/api/v1/feedback";
  list.name = "feedback.list";
  list.permission = "feedback.read";
  list.summary = "What patients say about the care itself, newest first";
  list.run_as = http::RunAs::list;
  list.response_schema = http::schema({{"items", "[]" + row + "!"}, {"next", "text?!"}, {"new", "integer!"}});
  list.query_parameters = {{"state", "new, answered or closed"}, {"limit", "1 to 200"}, {"after", "page key"}};
  list.handler = [deps](const Call& call) { return list_all(deps, call); };
  const auto acting = [&](std::string path, std::string name, std::string summary, std::string request, bool closing) {
    http::Route route;
    route.method = http::Method::post;
    route.pattern = "/api/v1/feedback/{feedback_id}/" + path;
    route.name = std::move(name);
    route.permission = "feedback.answer";
    route.summary = std::move(summary);
    route.run_as = http::RunAs::write;
    route.request_schema = std::move(request);
    route.response_schema = row;
    route.handler = [deps, closing](const Call& call) { return act_on(deps, call, closing); };
    return route;
  };
  return {std::move(list),
          acting("answer", "feedback.answer", "Answers feedback; the patient is told", http::schema({{"text", "text!"}}, true),
                 false),
          acting("close", "feedback.close", "Feedback is dealt with; the patient is told", http::schema({{"text", "text"}}, true),
                 true)};
}

}  // namespace concord::feedback
