#include "tasks/tasks_api.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "tasks/handover_store.h"
#include "tasks/tasks_store.h"

namespace concord::tasks {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

/// A badge that counts further would not help anybody.
constexpr int kMostCounted = 1000;
/// The rule whose lines are overdue tasks themselves.
constexpr std::string_view kTaskRule = "task.due";

Date today_at(const Deps& deps, const Asker& asker, SiteId site) {
  return local_date(asker.now, deps.chart->time_zone(asker.organization(), site));
}

/// The covers that run now at the caller's sites, each by its own site's day.
Covers covers_now(const Deps& deps, db::Tx& tx, const Asker& asker) {
  std::vector<Date> days;
  for (const auto site : asker.caller.sites) {
    const Date today = today_at(deps, asker, site);
    if (std::find(days.begin(), days.end(), today) == days.end()) days.push_back(today);
  }
  Covers all;
  for (const Date day : days)
    for (auto& cover : covers_on(tx, asker.organization(), day))
      if (asker.caller.may_use(cover.site) && today_at(deps, asker, cover.site) == day) all.push_back(std::move(cover));
  return all;
}

void write_fields(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Covers& covers, const Task& t) {
  const auto organization = asker.organization();
  const auto& chart = *deps.chart;
  w.field("id", t.id)
      .field("title", t.title)
      .field("note", t.note)
      .field("due_date", t.due)
      .field("overdue_days", overdue_days(t, today_at(deps, asker, t.site)))
      .key("owner")
      .object()
      .field("id", t.owner)
      .field("name",
             t.owner == asker.caller.user ? asker.caller.display_name : chart.user_name(tx, organization, t.owner).value_or(""))
      .key("cover");
  write_cover(chart, w, tx, organization, covers, t.site, t.owner, t.patient);
  w.end().field("site_id", t.site).key("patient");
  const auto patient = t.patient ? deps.patient(tx, organization, *t.patient) : std::nullopt;
  if (!patient) w.null();
  else
    w.object().field("id", patient->id).field("given_name", patient->given_name).field("family_name", patient->family_name).end();
  w.field("episode_id", t.episode)
      .field("source", t.source)
      .field("rule", t.rule)
      .field("source_id", t.source_id)
      .field("state", t.state)
      .field("reason", t.reason)
      .key("created_by");
  chart.write_user(w, tx, asker.caller, t.created_by);
  w.field("created_at", t.created_at).key("closed_by");
  chart.write_user(w, tx, asker.caller, t.closed_by);
  w.field("closed_at", t.closed_at).field("version", t.version);
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Covers& covers, const Task& t) {
  w.object();
  write_fields(deps, w, tx, asker, covers, t);
  w.end();
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Task& t) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, covers_now(deps, tx, asker), t);
  return out;
}

Reply about(Reply reply, const Task& t) {
  reply.audit_object = t.id.uuid;
  if (t.patient) reply.audit_patient = t.patient->uuid;
  return reply;
}

/// Open tasks are facts of the attention list.
void refresh(const Deps& deps, db::Tx& tx, const Asker& asker, const Task& t) {
  if (t.patient) deps.chart->refresh_caseload(tx, asker.organization(), *t.patient);
}

Reply task_changed(int status, std::string body, const Task& t) {
  Reply reply = about(http::json_reply(status, std::move(body)), t);
  reply.version = t.version;
  reply.events.push_back({"tasks", t.id.uuid});
  if (t.patient) reply.events.push_back({"patient", t.patient->uuid});
  return reply;
}

/// Whoever does not see the team's tasks sees what is theirs, or what they asked for.
bool may_see(const Deps& deps, const Asker& asker, const Covers& covers, const Task& t) {
  if (!asker.caller.may_use(t.site)) return false;
  if (deps.sees_team(asker.caller.role)) return true;
  const auto me = asker.caller.user;
  return t.owner == me || t.created_by == me || responsible(covers, t.site, t.owner, t.patient) == me;
}

Result<Task> visible(const Deps& deps, db::Tx& tx, const Asker& asker, TaskId id) {
  auto found = find(tx, asker.organization(), id);
  if (!found || !may_see(deps, asker, covers_now(deps, tx, asker), *found)) return http::not_found();
  return std::move(*found);
}

void tell_owner(const Deps& deps, db::Tx& tx, const Asker& asker, const Task& t) {
  if (!deps.notify || t.owner == asker.caller.user) return;
  deps.notify(tx, asker.organization(),
              {t.owner, "task.handed_over", t.patient, t.id.uuid, false, "v" + std::to_string(t.version)});
}

TaskChange change_of(const Deps& deps, const Asker& asker, const Task& t, std::string kind, std::string reason = "") {
  TaskChange change;
  change.id = deps.chart->ids->next();
  change.task = t.id;
  change.at = asker.now;
  change.by = asker.caller.user;
  change.kind = std::move(kind);
  change.reason = std::move(reason);
  return change;
}

std::string open_key(const Task& t) { return t.due.iso() + "_" + t.id.text(); }
std::string closed_key(const Task& t) { return std::to_string(t.closed_at->time_since_epoch().count()) + "_" + t.id.text(); }

std::optional<AfterOpen> read_open_key(std::string_view key) {
  const auto parts = split(key, '_');
  const auto due = parts.size() == 2 ? Date::parse(parts[0]) : std::nullopt;
  const auto id = parts.size() == 2 ? TaskId::parse(parts[1]) : std::nullopt;
  if (!due || !id) return std::nullopt;
  return AfterOpen{*due, *id};
}

std::optional<AfterClosed> read_closed_key(std::string_view key) {
  const auto parts = split(key, '_');
  const auto id = parts.size() == 2 ? TaskId::parse(parts[1]) : std::nullopt;
  std::int64_t micros = 0;
  if (!id || std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), micros).ec != std::errc()) return std::nullopt;
  return AfterClosed{Instant(std::chrono::microseconds(micros)), *id};
}

/// What the three lists have in common.
struct Wanted {
  http::Page page;
  bool closed = false;
  AfterOpen after_open;
  AfterClosed after_closed = newest();
};

Result<Wanted> read_wanted(const Call& call) {
  Wanted wanted;
  CONCORD_TRY(wanted.page, http::read_page(call.request));
  if (const auto word = call.request.parameter("state")) {
    if (*word == "closed") wanted.closed = true;
    else if (*word != "open") return http::wrong_filter("state", "must be open or closed");
  }
  if (!wanted.page.after) return wanted;
  if (wanted.closed) {
    const auto key = read_closed_key(*wanted.page.after);
    if (!key) return http::wrong_page();
    wanted.after_closed = *key;
  } else {
    const auto key = read_open_key(*wanted.page.after);
    if (!key) return http::wrong_page();
    wanted.after_open = *key;
  }
  return wanted;
}

void sort_open(std::vector<Task>& tasks) {
  std::sort(tasks.begin(), tasks.end(),
            [](const Task& a, const Task& b) { return std::pair(a.due, a.id) < std::pair(b.due, b.id); });
}

void sort_closed(std::vector<Task>& tasks) {
  std::sort(tasks.begin(), tasks.end(),
            [](const Task& a, const Task& b) { return std::pair(*b.closed_at, b.id) < std::pair(*a.closed_at, a.id); });
}

Reply list_reply(const Deps& deps, db::Tx& tx, const Asker& asker, const Covers& covers, const Wanted& wanted,
                 std::vector<Task> found) {
  if (wanted.closed) sort_closed(found);
  else sort_open(found);
  const bool more = found.size() > static_cast<std::size_t>(wanted.page.limit);
  if (more) found.resize(static_cast<std::size_t>(wanted.page.limit));
  std::string body;
  json::Writer w(body);
  w.object().key("items").array();
  for (const auto& t : found) write(deps, w, tx, asker, covers, t);
  w.end().key("next");
  if (more) w.value(wanted.closed ? closed_key(found.back()) : open_key(found.back()));
  else w.null();
  w.end();
  Reply reply = http::json_reply(200, std::move(body));
  reply.audit_detail = "rows=" + std::to_string(found.size());
  return reply;
}

/// Open tasks of the caller and of those the caller stands in for, `most` at most of each person.
std::vector<Task> open_of_mine(db::Tx& tx, const Asker& asker, const Covers& covers, const AfterOpen& after, int most) {
  std::vector<Task> found;
  const auto me = asker.caller.user;
  for (const auto owner : stands_in_for(covers, me)) {
    AfterOpen from = after;
    for (int kept = 0; kept < most;) {
      const auto batch = list_open_of_owner(tx, asker.organization(), owner, from, most);
      for (const auto& t : batch) {
        if (!asker.caller.may_use(t.site)) continue;
        if (owner != me && responsible(covers, t.site, owner, t.patient) != me) continue;
        found.push_back(t);
        ++kept;
      }
      if (batch.size() < static_cast<std::size_t>(most)) break;
      from = {batch.back().due, batch.back().id};
    }
  }
  return found;
}

Result<Work> list_mine(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto wanted, read_wanted(call));
  return Work([deps, asker = Asker(call), wanted](db::Tx& tx) -> Result<Reply> {
    const auto covers = covers_now(*deps, tx, asker);
    std::vector<Task> found;
    if (!wanted.closed) {
      found = open_of_mine(tx, asker, covers, wanted.after_open, wanted.page.limit + 1);
    } else {
      for (const auto site : asker.caller.sites)
        for (auto& t : list_closed(tx, asker.organization(), site, asker.caller.user, wanted.after_closed, wanted.page.limit + 1))
          found.push_back(std::move(t));
    }
    return list_reply(*deps, tx, asker, covers, wanted, std::move(found));
  });
}

Result<Work> list_team(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto wanted, read_wanted(call));
  std::vector<SiteId> sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    sites = {*site};
  }
  std::optional<UserId> owner;
  if (const auto text = call.request.parameter("owner"); text && !text->empty()) {
    owner = UserId::parse(*text);
    if (!owner) return http::wrong_filter("owner", "must be an id");
  }
  return Work([deps, asker = Asker(call), wanted, sites = std::move(sites), owner](db::Tx& tx) -> Result<Reply> {
    const int most = wanted.page.limit + 1;
    std::vector<Task> found;
    for (const auto site : sites)
      for (auto& t : wanted.closed ? list_closed(tx, asker.organization(), site, owner, wanted.after_closed, most)
                                   : list_open(tx, asker.organization(), site, owner, wanted.after_open, most))
        found.push_back(std::move(t));
    return list_reply(*deps, tx, asker, covers_now(*deps, tx, asker), wanted, std::move(found));
  });
}

Result<Work> count_mine(const Kept& deps, const Call& call) {
  return Work([deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto covers = covers_now(*deps, tx, asker);
    int open = 0, overdue = 0, due_today = 0;
    for (const auto& t : open_of_mine(tx, asker, covers, {}, kMostCounted)) {
      const Date today = today_at(*deps, asker, t.site);
      ++open;
      overdue += t.due < today;
      due_today += t.due == today;
    }
    std::string body;
    json::Writer w(body);
    w.object().field("open", open).field("overdue", overdue).field("due_today", due_today).end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto covers = covers_now(*deps, tx, asker);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& t : list(tx, asker.organization(), place.patient))
      if (may_see(*deps, asker, covers, t)) write(*deps, w, tx, asker, covers, t);
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> read_task(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<TaskId>("task_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto task, visible(*deps, tx, asker, id));
    const auto& chart = *deps->chart;
    std::string body;
    json::Writer w(body);
    w.object();
    write_fields(*deps, w, tx, asker, covers_now(*deps, tx, asker), task);
    w.key("history").array();
    for (const auto& c : list_changes(tx, asker.organization(), id)) {
      w.object().field("at", c.at).key("by");
      chart.write_user(w, tx, asker.caller, c.by);
      w.field("kind", c.kind).key("owner_before");
      chart.write_user(w, tx, asker.caller, c.owner_before);
      w.key("owner_after");
      chart.write_user(w, tx, asker.caller, c.owner_after);
      w.field("due_before", c.due_before)
          .field("due_after", c.due_after)
          .field("text_before", c.text_before)
          .field("reason", c.reason)
          .end();
    }
    w.end().end();
    Reply reply = about(http::json_reply(200, std::move(body)), task);
    reply.version = task.version;
    return reply;
  });
}

/// A body of POST /tasks: words, or a line of the attention list.
struct Asked {
  std::optional<std::string> title;
  std::string note;
  std::optional<Date> due;
  std::optional<UserId> owner;
  std::optional<PatientId> patient;
  std::optional<SiteId> site;
  std::optional<Uuid> recommendation, episode;
  std::optional<std::string> rule;
};

std::optional<std::string> read_title(const json::Cursor& at) {
  const auto text = at.string(0, kTitleBytes);
  if (!text) return std::nullopt;
  std::string kept(trim(*text));
  if (kept.empty()) at.issue("must not be empty");
  return kept;
}

Result<Asked> read_asked(const json::Cursor& body) {
  body.only({"title", "note", "due_date", "owner_id", "patient_id", "site_id", "recommendation_id", "episode_id", "rule"});
  Asked asked;
  if (const auto id = body.optional("episode_id").id<EpisodeId>()) asked.episode = id->uuid;
  asked.rule = body.optional("rule").string(1, 60);
  const bool line = body.optional("episode_id").present() || body.optional("rule").present();
  asked.title = read_title(line ? body.optional("title") : body.required("title"));
  asked.due = (line ? body.optional("due_date") : body.required("due_date")).date();
  asked.note = body.optional("note").string(0, kNoteBytes).value_or("");
  asked.owner = body.optional("owner_id").id<UserId>();
  asked.patient = body.optional("patient_id").id<PatientId>();
  asked.site = body.optional("site_id").id<SiteId>();
  if (const auto id = body.optional("recommendation_id").id<TaskId>()) asked.recommendation = id->uuid;
  if (!line && asked.recommendation && !asked.patient) body.required("patient_id").issue("whose recommendation is it?");
  if (line) {
    body.required("episode_id").id<EpisodeId>();
    body.required("rule").string(1, 60);
    for (const auto* key : {"patient_id", "site_id", "recommendation_id"})
      if (body.optional(key).present()) body.optional(key).issue("does not go with a line of the attention list");
  }
  return asked;
}

/// At a character's edge, at most `most` bytes.
std::string clipped(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

/// The task that a line of the attention list asks for; `existing` when somebody has it already.
Result<Task> from_line(const Deps& deps, db::Tx& tx, const Asker& asker, const Asked& asked, std::optional<Task>& existing) {
  const auto organization = asker.organization();
  const auto where = deps.episode(tx, organization, *asked.episode);
  if (!where || !asker.caller.may_use(where->second)) return http::not_found();
  if (!deps.sees_team(asker.caller.role)) return fail(ErrorCode::not_allowed, "Your role does not see the attention list.");
  const auto place = deps.chart->place(asker.caller, asker.now, where->first, where->second);
  Task task;
  task.site = place.site;
  task.patient = place.patient;
  task.episode = asked.episode;
  task.source = "attention";
  task.rule = asked.rule;
  if (*asked.rule == kTaskRule) return fail(ErrorCode::conflict, "This line is about a task already.");
  existing = find_open_of_line(tx, organization, *asked.episode, *asked.rule);
  if (existing) return task;
  const auto line = deps.line(tx, asker, place, *asked.rule);
  if (!line) return fail(ErrorCode::conflict, "The attention list does not ask for this any more.");
  task.title = asked.title.value_or(clipped(line->text, kTitleBytes));
  task.due = asked.due.value_or(std::max(line->due.value_or(place.today), place.today));
  return task;
}

Result<Task> from_words(const Deps& deps, db::Tx& tx, const Asker& asker, const Asked& asked) {
  Task task;
  task.title = *asked.title;
  task.due = *asked.due;
  if (asked.patient) {
    CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, *asked.patient));
    task.patient = asked.patient;
    task.site = place.site;
    if (!asked.recommendation) return task;
    if (deps.is_recommendation && !deps.is_recommendation(tx, asker.organization(), *asked.patient, *asked.recommendation))
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
                  {{"recommendation_id", "is no recommendation about this patient"}});
    task.source = "recommendation";
    task.source_id = asked.recommendation;
    return task;
  }
  if (asked.site) {
    if (!asker.caller.may_use(*asked.site)) return http::not_found();
    task.site = *asked.site;
  } else if (asker.caller.sites.size() == 1) {
    task.site = asker.caller.sites.front();
  } else {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"site_id", "at which of your sites?"}});
  }
  return task;
}

void check_owner(const Deps& deps, db::Tx& tx, OrganizationId organization, const Task& task, std::vector<Issue>& issues) {
  if (!deps.may_own(tx, organization, task.owner, task.site))
    issues.push_back({"owner_id", "is nobody who does tasks at this site"});
}

Result<Work> create_task(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  CONCORD_TRY(auto asked, read_asked(body));
  if (!issues.empty()) return issues.error();
  return Work(
      [deps, asker = Asker(call), asked = std::move(asked), id = TaskId(deps->chart->ids->next())](db::Tx& tx) -> Result<Reply> {
        std::optional<Task> existing;
        CONCORD_TRY(auto task, asked.rule ? from_line(*deps, tx, asker, asked, existing) : from_words(*deps, tx, asker, asked));
        if (existing) {
          Reply reply = http::problem_reply(Error{ErrorCode::conflict, "Somebody has this line as a task already.", {}, {}},
                                            asker.request_id, "task", to_json(*deps, tx, asker, *existing));
          return about(std::move(reply), *existing);
        }
        task.id = id;
        task.note = asked.note;
        task.owner = asked.owner.value_or(asker.caller.user);
        task.created_by = asker.caller.user;
        task.created_at = asker.now;
        std::vector<Issue> wrong = check_due(task.due, today_at(*deps, asker, task.site));
        check_owner(*deps, tx, asker.organization(), task, wrong);
        CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
        insert(tx, asker.organization(), task);
        auto change = change_of(*deps, asker, task, "created");
        change.owner_after = task.owner;
        change.due_after = task.due;
        insert(tx, asker.organization(), change);
        refresh(*deps, tx, asker, task);
        tell_owner(*deps, tx, asker, task);
        Reply reply = task_changed(201, to_json(*deps, tx, asker, task), task);
        reply.location = "/api/v1/tasks/" + task.id.text();
        reply.audit_detail = "source=" + task.source;
        return reply;
      });
}

Reply stale_task(const Deps& deps, db::Tx& tx, const Asker& asker, const Task& task) {
  Reply reply = about(http::stale_reply(asker.request_id, to_json(deps, tx, asker, task)), task);
  reply.audit_detail = "stale";
  return reply;
}

Result<Work> edit_task(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<TaskId>("task_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"title", "note", "due_date", "owner_id", "reason"});
  const auto title = read_title(body.optional("title"));
  const auto note = body.optional("note").string(0, kNoteBytes);
  const auto due = body.optional("due_date").date();
  const auto owner = body.optional("owner_id").id<UserId>();
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, title, note, due, owner, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto before, visible(*deps, tx, asker, id));
    if (before.version != version) return stale_task(*deps, tx, asker, before);
    if (before.state != "open") return fail(ErrorCode::conflict, "This task is closed. Reopen it to change it.");
    Task after = before;
    after.title = title.value_or(before.title);
    after.note = note.value_or(before.note);
    after.due = due.value_or(before.due);
    after.owner = owner.value_or(before.owner);
    auto change = difference(before, after);
    if (!change) return task_changed(200, to_json(*deps, tx, asker, before), before);
    std::vector<Issue> wrong;
    if (after.due != before.due) wrong = check_due(after.due, today_at(*deps, asker, after.site));
    if (after.owner != before.owner) check_owner(*deps, tx, asker.organization(), after, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!update(tx, asker.organization(), after, version)) return stale_task(*deps, tx, asker, before);
    ++after.version;
    const auto base = change_of(*deps, asker, after, change->kind, reason);
    change->id = base.id;
    change->at = base.at;
    change->by = base.by;
    change->reason = base.reason;
    insert(tx, asker.organization(), *change);
    if (after.owner != before.owner) tell_owner(*deps, tx, asker, after);
    refresh(*deps, tx, asker, after);
    return task_changed(200, to_json(*deps, tx, asker, after), after);
  });
}

Result<Work> act_on_task(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<TaskId>("task_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "reason"});
  const auto act = body.required("act").one_of({"done", "cancel", "reopen"});
  const auto reason = std::string(trim(body.optional("reason").string(0, 500).value_or("")));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, act = *act, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto before, visible(*deps, tx, asker, id));
    if (before.version != version) return stale_task(*deps, tx, asker, before);
    if (act == "reopen" && before.source == "attention") {
      const auto other = find_open_of_line(tx, asker.organization(), *before.episode, *before.rule);
      if (other) {
        return about(http::problem_reply(Error{ErrorCode::conflict, "Somebody has this line as another task.", {}, {}},
                                         asker.request_id, "task", to_json(*deps, tx, asker, *other)),
                     *other);
      }
    }
    CONCORD_TRY(const auto after, apply(before, act, reason, asker.caller.user, asker.now));
    if (!update(tx, asker.organization(), after, version)) return stale_task(*deps, tx, asker, before);
    insert(tx, asker.organization(),
           change_of(*deps, asker, after,
                     act == "done"     ? "done"
                     : act == "cancel" ? "cancelled"
                                       : "reopened",
                     reason));
    refresh(*deps, tx, asker, after);
    Reply reply = task_changed(200, to_json(*deps, tx, asker, after), after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

constexpr std::string_view kPerson =
    R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}})";

std::string task_schema(bool with_history) {
  const std::string cover =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"},"until":{"type":"string","format":"date"}}})";
  const std::string owner = http::schema({{"id", "id!"}, {"name", "text!"}, {"cover", cover + "!"}});
  const std::string patient =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"given_name":{"type":"string"},"family_name":{"type":"string"}}})";
  const std::string person(kPerson);
  const std::string change = http::schema({{"at", "instant!"},
                                           {"by", person + "!"},
                                           {"kind", "created|edited|assigned|handed_over|done|cancelled|reopened!"},
                                           {"owner_before", person + "!"},
                                           {"owner_after", person + "!"},
                                           {"due_before", "date?!"},
                                           {"due_after", "date?!"},
                                           {"text_before", "text?!"},
                                           {"reason", "text!"}});
  return http::schema({{"id", "id!"},
                       {"title", "text!"},
                       {"note", "text!"},
                       {"due_date", "date!"},
                       {"overdue_days", "integer!"},
                       {"owner", owner + "!"},
                       {"site_id", "id!"},
                       {"patient", patient + "!"},
                       {"episode_id", "id?!"},
                       {"source", "free|attention|recommendation|hand_over!"},
                       {"rule", "text?!"},
                       {"source_id", "id?!"},
                       {"state", "open|done|cancelled!"},
                       {"reason", "text!"},
                       {"created_by", person + "!"},
                       {"created_at", "instant!"},
                       {"closed_by", person + "!"},
                       {"closed_at", "instant?!"},
                       {"version", "integer!"},
                       {"history", "[]" + change + (with_history ? "!" : "")}});
}

}  // namespace

void write_cover(const Chart& chart, json::Writer& w, db::Tx& tx, OrganizationId organization, const Covers& covers, SiteId site,
                 UserId owner, const std::optional<PatientId>& patient) {
  const auto* cover = cover_of(covers, site, owner, patient);
  const auto who = responsible(covers, site, owner, patient);
  if (!cover || who == owner) {
    w.null();
    return;
  }
  w.object()
      .field("id", who)
      .field("name", chart.user_name(tx, organization, who).value_or(""))
      .field("until", cover->until)
      .end();
}

void write_open(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place) {
  const auto covers = covers_now(deps, tx, asker);
  w.array();
  for (const auto& t : list(tx, asker.organization(), place.patient))
    if (t.state == "open" && may_see(deps, asker, covers, t)) write(deps, w, tx, asker, covers, t);
  w.end();
}

UserId responsible_for(db::Tx& tx, OrganizationId organization, SiteId site, PatientId patient, UserId owner, Date today) {
  return responsible(covers_on(tx, organization, today), site, owner, patient);
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = task_schema(false);
  const std::vector<std::pair<std::string, std::string>> paging = {
      {"state", "open (default, oldest due first) or closed (newest first)"}, {"limit", "1 to 200"}, {"after", "page key"}};
  auto team_query = paging;
  team_query.emplace_back("site", "one of your sites; all of them when absent");
  team_query.emplace_back("owner", "only tasks of this person");
  std::vector<http::Route> all = {
      {Method::get, "/api/v1/tasks", "tasks.list", "tasks.read", "My tasks, and those of people I stand in for", RunAs::list,
       false, "", http::list_schema(row), paging, handler(list_mine)},
      {Method::get, "/api/v1/tasks/team", "tasks.team", "tasks.team", "Everybody's tasks at my sites", RunAs::list, false, "",
       http::list_schema(row), team_query, handler(list_team)},
      {Method::get,
       "/api/v1/tasks/counts",
       "tasks.counts",
       "tasks.read",
       "How many tasks wait for me",
       RunAs::point,
       false,
       "",
       http::schema({{"open", "integer!"}, {"overdue", "integer!"}, {"due_today", "integer!"}}),
       {},
       handler(count_mine)},
      {Method::get,
       "/api/v1/tasks/{task_id}",
       "tasks.read",
       "tasks.read",
       "One task with everything that happened to it",
       RunAs::point,
       false,
       "",
       task_schema(true),
       {},
       handler(read_task)},
      {Method::get,
       "/api/v1/patients/{patient_id}/tasks",
       "tasks.of_patient",
       "tasks.read",
       "Tasks about a patient",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_of_patient)},
      {Method::post,
       "/api/v1/tasks",
       "tasks.create",
       "tasks.write",
       "A new task: in words, or from a line of the attention list (episode_id and rule)",
       RunAs::write,
       true,
       http::schema({{"title", "text"},
                     {"note", "text"},
                     {"due_date", "date"},
                     {"owner_id", "id"},
                     {"patient_id", "id"},
                     {"site_id", "id"},
                     {"recommendation_id", "id"},
                     {"episode_id", "id"},
                     {"rule", "text"}},
                    true),
       row,
       {},
       handler(create_task)},
      {Method::patch,
       "/api/v1/tasks/{task_id}",
       "tasks.edit",
       "tasks.write",
       "Changes a task or gives it to somebody",
       RunAs::write,
       false,
       http::schema({{"title", "text"}, {"note", "text"}, {"due_date", "date"}, {"owner_id", "id"}, {"reason", "text"}}, true),
       row,
       {},
       handler(edit_task)},
      {Method::post,
       "/api/v1/tasks/{task_id}/acts",
       "tasks.act",
       "tasks.write",
       "Done, cancelled with a reason, or open again",
       RunAs::write,
       false,
       http::schema({{"act", "done|cancel|reopen!"}, {"reason", "text"}}, true),
       row,
       {},
       handler(act_on_task)},
  };
  for (auto& route : handover_routes(given)) all.push_back(std::move(route));
  return all;
}

}  // namespace concord::tasks
