#include "groups/groups_api.h"

#include <algorithm>
#include <memory>

#include "base/zone.h"
#include "groups/groups_store.h"
#include "http/route_list.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "json/trimmed.h"
#include "patients/shapes.h"

namespace concord::groups {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr int kMostSessionsForPatient = 12;
constexpr std::string_view kConfidential = "adolescent_confidential";

// ---- writing

void write_session_fields(json::Writer& w, const Session& s) {
  w.field("id", s.id)
      .field("number", s.number)
      .field("starts_at", s.starts_at)
      .field("ends_at", s.ends_at)
      .field("zone", s.zone)
      .field("date", s.date())
      .field("start_minute", s.start_minute())
      .field("minutes", s.minutes())
      .field("state", s.state)
      .field("reason", s.reason)
      .field("version", s.version);
}

const Session* next_session(const std::vector<Session>& sessions, Instant now) {
  for (const auto& s : sessions)
    if (s.state == "planned" && s.ends_at > now) return &s;
  return nullptr;
}

void write_next_session(json::Writer& w, const std::vector<Session>& sessions, Instant now) {
  const auto* next = next_session(sessions, now);
  if (next == nullptr) w.null();
  else
    w.object()
        .field("id", next->id)
        .field("starts_at", next->starts_at)
        .field("date", next->date())
        .field("start_minute", next->start_minute())
        .end();
}

void write_group_fields(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Group& g,
                        const std::vector<Member>& members, const std::vector<Session>& sessions) {
  const auto organization = asker.organization();
  int joined = 0, held = 0, waiting = 0;
  for (const auto& m : members) {
    joined += m.state == "joined";
    held += m.state == "invited" || m.state == "offered";
    waiting += m.state == "waiting";
  }
  w.field("id", g.id)
      .field("site_id", g.site)
      .field("name", g.name)
      .field("topic", g.topic)
      .field("kind", g.kind)
      .field("language", g.language)
      .field("modality", g.modality)
      .field("place", g.place)
      .field("video_link",
             g.modality == "video" && deps.video_link ? deps.video_link(tx, organization, g.site, g.link_code) : std::nullopt)
      .field("capacity", g.capacity)
      .field("first_date", g.first_date)
      .field("start_minute", g.start_minute)
      .field("minutes", g.minutes)
      .field("every_weeks", g.every_weeks)
      .field("sessions_planned", g.sessions_planned)
      .field("offer_days", g.offer_days)
      .field("state", g.state)
      .field("reason", g.reason)
      .key("facilitators")
      .array();
  for (const auto user : facilitators(tx, organization, g.id)) deps.chart->write_user(w, tx, asker.caller, user);
  w.end()
      .field("joined", joined)
      .field("held", held)
      .field("waiting", waiting)
      .field("free", std::max(0, free_places(g, members)))
      .key("next_session");
  write_next_session(w, sessions, asker.now);
  w.field("version", g.version);
}

void write_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, PatientId id) {
  const auto patient = deps.patient(tx, organization, id);
  if (!patient) w.null();
  else
    w.object().field("id", patient->id).field("given_name", patient->given_name).field("family_name", patient->family_name).end();
}

enum class With { patient, nobody };

void write_member(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const std::vector<Member>& members,
                  const Member& m, With with) {
  w.object().field("id", m.id);
  if (with == With::patient) {
    w.key("patient");
    write_patient(deps, w, tx, asker.organization(), m.patient);
  }
  w.field("state", m.state);
  // Of another roster than the patient's own the place in line is not known here.
  if (with == With::patient) w.field("place_in_line", place_in_line(members, m));
  w.field("answer_by", m.answer_by)
      .field("joined_on", m.joined)
      .field("left_on", m.left)
      .field("reason", m.reason)
      .field("confidential", m.labels != "normal")
      .key("added_by");
  deps.chart->write_user(w, tx, asker.caller, m.added_by);
  w.field("added_at", m.added_at).field("version", m.version).end();
}

/// Joined, then those who hold a place, then the line, then those who left.
std::vector<Member> in_order(std::vector<Member> members) {
  const auto rank = [](const Member& m) { return m.state == "joined" ? 0 : m.holds_place() ? 1 : m.state == "waiting" ? 2 : 3; };
  std::stable_sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
    return std::pair(rank(a), a.line.value_or(0)) < std::pair(rank(b), b.line.value_or(0));
  });
  return members;
}

std::string group_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Group& g,
                       const std::vector<std::string>& warnings = {}) {
  const auto members = list_members(tx, asker.organization(), g.id);
  const auto sessions = list_sessions(tx, asker.organization(), g.id);
  std::string out;
  json::Writer w(out);
  w.object();
  write_group_fields(deps, w, tx, asker, g, members, sessions);
  w.key("members").array();
  for (const auto& m : in_order(members)) write_member(deps, w, tx, asker, members, m, With::patient);
  w.end().key("sessions").array();
  for (const auto& s : sessions) {
    w.object();
    write_session_fields(w, s);
    w.end();
  }
  w.end().key("warnings").array();
  for (const auto& warning : warnings) w.value(warning);
  w.end().end();
  return out;
}

Reply group_changed(int status, std::string body, const Group& g, std::int64_t version) {
  Reply reply = http::json_reply(status, std::move(body));
  reply.version = version;
  reply.audit_object = g.id.uuid;
  reply.events.push_back({"groups", g.id.uuid});
  return reply;
}

Reply stale_group(const Deps& deps, db::Tx& tx, const Asker& asker, const Group& g) {
  Reply reply = http::stale_reply(asker.request_id, group_json(deps, tx, asker, g));
  reply.audit_object = g.id.uuid;
  reply.audit_detail = "stale";
  return reply;
}

Result<Group> visible(db::Tx& tx, const Asker& asker, GroupId id) {
  auto found = find(tx, asker.organization(), id);
  if (!found || !asker.caller.may_use(found->site)) return http::not_found();
  return std::move(*found);
}

Date today_at(const Deps& deps, OrganizationId organization, SiteId site, Instant now) {
  return local_date(now, deps.chart->time_zone(organization, site));
}

// ---- what happens to members

MemberChange change_of(const Deps& deps, const Member& after, std::optional<std::string> before, Instant at) {
  MemberChange c;
  c.id = deps.chart->ids->next();
  c.group = after.group;
  c.member = after.id;
  c.at = at;
  c.by_kind = "system";
  c.before = std::move(before);
  c.after = after.state;
  c.reason = after.reason;
  return c;
}

MemberChange change_by_staff(const Deps& deps, const Asker& asker, const Member& after, std::optional<std::string> before) {
  auto c = change_of(deps, after, std::move(before), asker.now);
  c.by_kind = "staff";
  c.by = asker.caller.user;
  return c;
}

void tell(const Deps& deps, db::Tx& tx, OrganizationId organization, const Member& m, std::string_view kind, const Uuid& object,
          const std::string& once) {
  // Nothing goes out that somebody else in the family might read.
  if (deps.tell_patient && m.labels == "normal") deps.tell_patient(tx, organization, m.patient, kind, object, once);
}

/// Free places go to those who wait; who was told of a place is told once.
int settle_group(const Deps& deps, db::Tx& tx, OrganizationId organization, const Group& group, Instant now) {
  auto members = list_members(tx, organization, group.id);
  const auto steps = settle(group, members, now);
  for (const auto& step : steps) {
    auto& m = members[step.member];
    if (m.state == "left" && !m.left) m.left = today_at(deps, organization, group.site, now);
    // Two steps of the same row (an offer that ended) are written as they came.
    const auto version = m.version;
    if (!update(tx, organization, m, version)) continue;
    m.version = version + 1;
    insert(tx, organization, change_of(deps, m, step.before, now));
    if (m.state == "offered") tell(deps, tx, organization, m, "groups.place", m.id.uuid, "v" + std::to_string(m.version));
  }
  return static_cast<int>(steps.size());
}

// ---- groups

std::optional<std::vector<UserId>> read_facilitators(const json::Cursor& list) {
  if (!list.present()) return std::nullopt;
  std::vector<UserId> users;
  list.each([&](const json::Cursor& item) {
    if (users.size() >= 6) {
      item.issue("is one too many: at most 6");
      return;
    }
    if (const auto id = item.id<UserId>(); id && std::find(users.begin(), users.end(), *id) == users.end()) users.push_back(*id);
  });
  if (users.empty()) list.issue("must name at least one person");
  return users;
}

void check_facilitators(const Deps& deps, db::Tx& tx, const Asker& asker, SiteId site, const std::vector<UserId>& users,
                        std::vector<Issue>& issues) {
  for (std::size_t i = 0; i < users.size(); ++i)
    if (!deps.may_lead(tx, asker.organization(), users[i], site))
      issues.push_back({"facilitator_ids[" + std::to_string(i) + "]", "is nobody who leads groups at this site"});
}

std::vector<std::string> closed_days(const Deps& deps, db::Tx& tx, OrganizationId organization, const Group& g,
                                     const std::vector<Session>& sessions) {
  std::vector<std::string> warnings;
  if (!deps.calendar_of) return warnings;
  const auto calendar = deps.calendar_of(tx, organization, g.site);
  for (const auto& s : sessions)
    if (s.state == "planned" && !calendar::is_working_day(calendar, s.date())) warnings.push_back("closed_day:" + s.date().iso());
  return warnings;
}

Result<Work> list_groups(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::string state = "open";
  if (const auto text = call.request.parameter("state"); text && !text->empty()) {
    if (*text != "open" && *text != "ended") return http::wrong_filter("state", "must be open or ended");
    state = std::string(*text);
  }
  std::vector<SiteId> sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    sites = {*site};
  }
  GroupId after;
  if (page.after) {
    const auto id = GroupId::parse(*page.after);
    if (!id) return http::wrong_page();
    after = *id;
  }
  return Work([deps, asker = Asker(call), page, state, sites, after](db::Tx& tx) -> Result<Reply> {
    std::vector<Group> found;
    for (const auto site : sites)
      for (auto& g : list(tx, asker.organization(), site, state, after, page.limit + 1)) found.push_back(std::move(g));
    std::sort(found.begin(), found.end(), [](const Group& a, const Group& b) { return a.id < b.id; });
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& g : found) {
      w.object();
      write_group_fields(*deps, w, tx, asker, g, list_members(tx, asker.organization(), g.id),
                         list_sessions(tx, asker.organization(), g.id));
      w.end();
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

Result<Work> create_group(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "name", "topic", "kind", "language", "modality", "place", "capacity", "first_date", "start_minute",
             "minutes", "every_weeks", "sessions", "facilitator_ids", "offer_days"});
  Group g;
  const auto site = body.optional("site_id").id<SiteId>();
  g.name = json::trimmed(body.required("name"), kNameBytes).value_or("");
  g.topic = json::trimmed(body.optional("topic"), kTextBytes).value_or("");
  g.kind = body.optional("kind").one_of({"skills", "education", "support", "psychotherapy"}).value_or("education");
  g.language = body.optional("language").string(2, 20).value_or("en");
  g.modality = body.required("modality").one_of({"in_person", "video", "phone"}).value_or("in_person");
  g.place = json::trimmed(body.optional("place"), 300).value_or("");
  const auto number = [&](const json::Cursor& at, int least, int most, int otherwise) {
    return static_cast<int>(at.integer(least, most).value_or(otherwise));
  };
  g.capacity = number(body.required("capacity"), 2, kMostCapacity, 2);
  const auto first_date = body.required("first_date").date();
  g.start_minute = number(body.required("start_minute"), 0, 1439, 0);
  g.minutes = number(body.required("minutes"), 15, kMostMinutes, 60);
  g.every_weeks = number(body.optional("every_weeks"), 1, 4, 1);
  g.sessions_planned = number(body.required("sessions"), 1, kMostSessions, 1);
  g.offer_days = number(body.optional("offer_days"), 1, 30, 5);
  const auto leaders = read_facilitators(body.optional("facilitator_ids")).value_or(std::vector<UserId>{call.caller.user});
  if (!issues.empty()) return issues.error();
  g.first_date = *first_date;
  g.id = GroupId(deps->chart->ids->next());
  g.link_code = deps->code();
  g.created_by = call.caller.user;
  g.created_at = call.now;
  return Work([deps, asker = Asker(call), site, given = std::move(g), leaders](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    Group group = given;
    if (site) {
      if (!asker.caller.may_use(*site)) return http::not_found();
      group.site = *site;
    } else if (asker.caller.sites.size() == 1) {
      group.site = asker.caller.sites.front();
    } else {
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"site_id", "at which of your sites?"}});
    }
    const auto zone = deps->chart->time_zone(organization, group.site);
    std::vector<Issue> wrong = check(group, local_date(asker.now, zone));
    check_facilitators(*deps, tx, asker, group.site, leaders, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, organization, group);
    set_facilitators(tx, organization, group.id, leaders);
    std::vector<Session> sessions;
    for (const auto& [from, until] : session_times(group, zone)) {
      Session s;
      s.id = SessionId(deps->chart->ids->next());
      s.group = group.id;
      s.number = static_cast<int>(sessions.size()) + 1;
      s.starts_at = from;
      s.ends_at = until;
      s.zone = zone;
      insert(tx, organization, s);
      sessions.push_back(std::move(s));
    }
    Reply reply = group_changed(201, group_json(*deps, tx, asker, group, closed_days(*deps, tx, organization, group, sessions)),
                                group, group.version);
    reply.location = "/api/v1/groups/" + group.id.text();
    return reply;
  });
}

Result<Work> read_group(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GroupId>("group_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto group, visible(tx, asker, id));
    Reply reply = http::json_reply(200, group_json(*deps, tx, asker, group));
    reply.version = group.version;
    reply.audit_object = id.uuid;
    return reply;
  });
}

Result<Work> edit_group(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "topic", "place", "capacity", "offer_days", "facilitator_ids"});
  const auto name = json::trimmed(body.optional("name"), kNameBytes);
  if (name && name->empty()) body.optional("name").issue("must not be empty");
  const auto topic = json::trimmed(body.optional("topic"), kTextBytes);
  const auto where = json::trimmed(body.optional("place"), 300);
  const auto capacity = body.optional("capacity").integer(2, kMostCapacity);
  const auto offer_days = body.optional("offer_days").integer(1, 30);
  const auto leaders = read_facilitators(body.optional("facilitator_ids"));
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto before, visible(tx, asker, id));
    if (before.version != version) return stale_group(*deps, tx, asker, before);
    if (before.state != "open") return fail(ErrorCode::conflict, "This group has ended.");
    Group after = before;
    if (name) after.name = *name;
    if (topic) after.topic = *topic;
    if (where) after.place = *where;
    if (capacity) after.capacity = static_cast<int>(*capacity);
    if (offer_days) after.offer_days = static_cast<int>(*offer_days);
    if (after.capacity < before.capacity && free_places(after, list_members(tx, organization, id)) < 0)
      return fail(ErrorCode::conflict, "More people than that have a place already.");
    if (leaders) {
      std::vector<Issue> wrong;
      check_facilitators(*deps, tx, asker, after.site, *leaders, wrong);
      CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    }
    if (!update(tx, organization, after, version)) return stale_group(*deps, tx, asker, before);
    ++after.version;
    if (leaders) set_facilitators(tx, organization, id, *leaders);
    settle_group(*deps, tx, organization, after, asker.now);
    return group_changed(200, group_json(*deps, tx, asker, after), after, after.version);
  });
}

Result<Work> act_on_group(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "reason"});
  const auto act = body.required("act").one_of({"end", "reopen"});
  const auto reason = json::trimmed(body.optional("reason"), kReasonBytes).value_or("");
  if (act && *act == "end" && reason.empty()) body.required("reason").issue("is needed to end a group");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, act = *act, reason](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto before, visible(tx, asker, id));
    if (before.version != version) return stale_group(*deps, tx, asker, before);
    if ((act == "end") == (before.state == "ended"))
      return fail(ErrorCode::conflict, "The group is " + before.state + " already.");
    Group after = before;
    after.state = act == "end" ? "ended" : "open";
    after.reason = act == "end" ? reason : "";
    if (!update(tx, organization, after, version)) return stale_group(*deps, tx, asker, before);
    ++after.version;
    if (act == "end") {
      bool had_more = false;
      for (auto s : list_sessions(tx, organization, id)) {
        if (s.state != "planned" || s.ends_at <= asker.now) continue;
        had_more = true;
        s.state = "cancelled";
        s.reason = reason;
        update(tx, organization, s, s.version);
      }
      for (const auto& m : list_members(tx, organization, id)) {
        if (m.state == "left") continue;
        if (had_more && m.state == "joined") tell(*deps, tx, organization, m, "groups.changed", id.uuid, "ended");
        if (m.state == "joined") continue;  // they were in it to the end
        Member gone = m;
        gone.state = "left";
        gone.line.reset();
        gone.answer_by.reset();
        gone.left = today_at(*deps, organization, after.site, asker.now);
        gone.reason = "group_ended";
        if (update(tx, organization, gone, m.version)) insert(tx, organization, change_by_staff(*deps, asker, gone, m.state));
      }
    }
    Reply reply = group_changed(200, group_json(*deps, tx, asker, after), after, after.version);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

// ---- the roster

std::string member_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Member& m) {
  std::string out;
  json::Writer w(out);
  write_member(deps, w, tx, asker, list_members(tx, asker.organization(), m.group), m, With::patient);
  return out;
}

Reply member_changed(const Deps& deps, db::Tx& tx, const Asker& asker, int status, const Group& group, MemberId id) {
  const auto m = find_member(tx, asker.organization(), group.id, id);  // settle may have moved it on
  Reply reply = group_changed(status, member_json(deps, tx, asker, *m), group, m->version);
  reply.audit_object = id.uuid;
  reply.audit_patient = m->patient.uuid;
  reply.events.push_back({"patient", m->patient.uuid});
  return reply;
}

Result<Work> add_member(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_id", "as", "confidential"});
  const auto patient = body.required("patient_id").id<PatientId>();
  const auto as = body.optional("as").one_of({"invite", "join", "wait"}).value_or("invite");
  const bool confidential = body.optional("confidential").boolean().value_or(false);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, patient = *patient, as, confidential,
               member = MemberId(deps->chart->ids->next())](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto group, visible(tx, asker, id));
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    if (place.site != group.site)
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
                  {{"patient_id", "is a patient of another site than the group's"}});
    if (group.state != "open") return fail(ErrorCode::conflict, "This group has ended.");
    settle_group(*deps, tx, organization, group, asker.now);
    const auto members = list_members(tx, organization, id);
    for (const auto& other : members)
      if (other.patient == patient) {
        Reply reply = http::problem_reply(Error{ErrorCode::conflict, "This person is on the roster already.", {}, {}},
                                          asker.request_id, "member", member_json(*deps, tx, asker, other));
        reply.audit_object = other.id.uuid;
        reply.audit_patient = patient.uuid;
        return reply;
      }
    Member m;
    m.id = member;
    m.group = id;
    m.patient = patient;
    m.added_by = asker.caller.user;
    m.added_at = asker.now;
    if (confidential) m.labels = kConfidential;
    const bool somebody_waits = std::any_of(members.begin(), members.end(), [](const Member& o) { return o.line.has_value(); });
    if (as == "wait" || somebody_waits || free_places(group, members) <= 0) {
      m.state = "waiting";
      m.line = end_of_line(members);
    } else if (as == "join") {
      m.state = "joined";
      m.joined = place.today;
    } else {
      m.state = "invited";
      m.answer_by = asker.now + std::chrono::hours(24 * group.offer_days);
    }
    insert(tx, organization, m);
    insert(tx, organization, change_by_staff(*deps, asker, m, std::nullopt));
    if (m.state == "invited") tell(*deps, tx, organization, m, "groups.place", m.id.uuid, "v1");
    settle_group(*deps, tx, organization, group, asker.now);
    Reply reply = member_changed(*deps, tx, asker, 201, group, m.id);
    reply.location = "/api/v1/groups/" + id.text();
    return reply;
  });
}

Result<Work> act_on_member(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto id, call.path_id<MemberId>("member_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "reason"});
  const auto act = body.required("act").one_of({"join", "decline", "leave", "first_in_line", "again"});
  const auto reason = json::trimmed(body.optional("reason"), kReasonBytes).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), group_id, id, version, act = *act, reason](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto group, visible(tx, asker, group_id));
    const auto before = find_member(tx, organization, group_id, id);
    if (!before) return http::not_found();
    if (before->version != version) {
      Reply reply = http::stale_reply(asker.request_id, member_json(*deps, tx, asker, *before));
      reply.audit_object = id.uuid;
      reply.audit_patient = before->patient.uuid;
      return reply;
    }
    const auto today = today_at(*deps, organization, group.site, asker.now);
    CONCORD_TRY(auto after, apply(group, list_members(tx, organization, group_id), *before, act, reason, today, asker.now));
    if (!update(tx, organization, after, version)) return fail(ErrorCode::conflict, "The roster was changed a moment ago.");
    ++after.version;
    auto change = change_by_staff(*deps, asker, after, before->state);
    if (!reason.empty()) change.reason = reason;
    insert(tx, organization, change);
    if (after.state == "invited")
      tell(*deps, tx, organization, after, "groups.place", id.uuid, "v" + std::to_string(after.version));
    settle_group(*deps, tx, organization, group, asker.now);
    Reply reply = member_changed(*deps, tx, asker, 200, group, id);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

// ---- sessions

std::string session_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Group& group, const Session& s) {
  const auto organization = asker.organization();
  const auto rows = list_attendance(tx, organization, group.id, s.id);
  std::string out;
  json::Writer w(out);
  w.object();
  write_session_fields(w, s);
  w.field("group_id", group.id).field("group_name", group.name).key("attendance").array();
  for (const auto& m : in_order(list_members(tx, organization, group.id))) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Attendance& a) { return a.member == m.id; });
    if (row == rows.end() && !is_on_sheet(m, s.date())) continue;
    w.object().field("member_id", m.id).key("patient");
    write_patient(deps, w, tx, organization, m.patient);
    if (row == rows.end()) {
      w.key("status").null().field("note", "").key("contact_id").null().key("recorded_by").null().key("recorded_at").null();
    } else {
      w.field("status", row->status).field("note", row->note).field("contact_id", row->contact).key("recorded_by");
      deps.chart->write_user(w, tx, asker.caller, row->by);
      w.field("recorded_at", row->at);
    }
    w.end();
  }
  w.end().end();
  return out;
}

struct Sheet {
  Group group;
  Session session;
};

Result<Sheet> sheet(db::Tx& tx, const Asker& asker, GroupId group_id, SessionId id) {
  CONCORD_TRY(auto group, visible(tx, asker, group_id));
  auto session = find_session(tx, asker.organization(), group_id, id);
  if (!session) return http::not_found();
  return Sheet{std::move(group), std::move(*session)};
}

Reply session_reply(const Deps& deps, db::Tx& tx, const Asker& asker, int status, const Group& group, const Session& s) {
  Reply reply = group_changed(status, session_json(deps, tx, asker, group, s), group, s.version);
  reply.audit_object = s.id.uuid;
  return reply;
}

Reply stale_session(const Deps& deps, db::Tx& tx, const Asker& asker, const Sheet& now) {
  Reply reply = http::stale_reply(asker.request_id, session_json(deps, tx, asker, now.group, now.session));
  reply.audit_object = now.session.id.uuid;
  return reply;
}

void tell_joined(const Deps& deps, db::Tx& tx, const Asker& asker, const Session& s, std::string_view kind) {
  if (s.starts_at <= asker.now) return;
  for (const auto& m : list_members(tx, asker.organization(), s.group))
    if (m.state == "joined") tell(deps, tx, asker.organization(), m, kind, s.id.uuid, "v" + std::to_string(s.version));
}

Result<Work> read_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  return Work([deps, asker = Asker(call), group_id, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto now, sheet(tx, asker, group_id, id));
    Reply reply = http::json_reply(200, session_json(*deps, tx, asker, now.group, now.session));
    reply.version = now.session.version;
    reply.audit_object = id.uuid;
    // What was written about each is read here, so each one's log says so.
    for (const auto& a : list_attendance(tx, asker.organization(), group_id, id))
      reply.audit_more_patients.push_back(a.patient.uuid);
    return reply;
  });
}

Result<Work> add_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "start_minute", "minutes"});
  const auto date = body.required("date").date();
  const auto start = body.required("start_minute").integer(0, 1439);
  const auto minutes = body.optional("minutes").integer(15, kMostMinutes);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), group_id, date = *date, start = static_cast<int>(*start), minutes,
               id = SessionId(deps->chart->ids->next())](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto group, visible(tx, asker, group_id));
    if (group.state != "open") return fail(ErrorCode::conflict, "This group has ended.");
    const auto sessions = list_sessions(tx, organization, group_id);
    if (sessions.size() >= 2 * kMostSessions)
      return fail(ErrorCode::conflict, "This group has too many sessions. Make a new one.");
    Session s;
    s.id = id;
    s.group = group_id;
    s.zone = deps->chart->time_zone(organization, group.site);
    s.starts_at = at_local_time(date, start, s.zone);
    s.ends_at = s.starts_at + std::chrono::minutes(minutes.value_or(group.minutes));
    for (const auto& other : sessions) s.number = std::max(s.number, other.number);
    ++s.number;
    if (s.starts_at <= asker.now)
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"start_minute", "must lie ahead"}});
    insert(tx, organization, s);
    tell_joined(*deps, tx, asker, s, "groups.changed");
    Reply reply = session_reply(*deps, tx, asker, 201, group, s);
    reply.location = "/api/v1/groups/" + group_id.text() + "/sessions/" + id.text();
    return reply;
  });
}

Result<Work> move_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "start_minute", "minutes", "reason"});
  const auto date = body.optional("date").date();
  const auto start = body.optional("start_minute").integer(0, 1439);
  const auto minutes = body.optional("minutes").integer(15, kMostMinutes);
  const auto reason = json::trimmed(body.optional("reason"), kReasonBytes).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), group_id, id, version, date, start, minutes, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto now, sheet(tx, asker, group_id, id));
    if (now.session.version != version) return stale_session(*deps, tx, asker, now);
    if (now.session.state != "planned") return fail(ErrorCode::conflict, "This session is " + now.session.state + ".");
    Session after = now.session;
    after.starts_at =
        at_local_time(date.value_or(after.date()), start ? static_cast<int>(*start) : after.start_minute(), after.zone);
    after.ends_at = after.starts_at + std::chrono::minutes(minutes.value_or(now.session.minutes()));
    after.reason = reason;
    if (after.starts_at <= asker.now)
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"start_minute", "must lie ahead"}});
    if (!update(tx, asker.organization(), after, version)) return stale_session(*deps, tx, asker, now);
    ++after.version;
    if (after.starts_at != now.session.starts_at) tell_joined(*deps, tx, asker, after, "groups.changed");
    return session_reply(*deps, tx, asker, 200, now.group, after);
  });
}

Result<Work> act_on_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "reason"});
  const auto act = body.required("act").one_of({"cancel", "restore"});
  const auto reason = json::trimmed(body.optional("reason"), kReasonBytes).value_or("");
  if (act && *act == "cancel" && reason.empty()) body.required("reason").issue("is needed to cancel a session");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), group_id, id, version, act = *act, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto now, sheet(tx, asker, group_id, id));
    if (now.session.version != version) return stale_session(*deps, tx, asker, now);
    Session after = now.session;
    if (act == "cancel") {
      if (now.session.state != "planned") return fail(ErrorCode::conflict, "This session is " + now.session.state + " already.");
      after.state = "cancelled";
      after.reason = reason;
    } else {
      if (now.session.state != "cancelled" || now.session.starts_at <= asker.now || now.group.state != "open")
        return fail(ErrorCode::conflict, "Only a cancelled session that lies ahead comes back.");
      after.state = "planned";
      after.reason.clear();
    }
    if (!update(tx, asker.organization(), after, version)) return stale_session(*deps, tx, asker, now);
    ++after.version;
    tell_joined(*deps, tx, asker, after, "groups.changed");
    Reply reply = session_reply(*deps, tx, asker, 200, now.group, after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

// ---- attendance

struct Entry {
  MemberId member;
  std::string status;
  std::optional<std::string> note;
  bool accept_names = false;
};

Result<Work> record_attendance(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto group_id, call.path_id<GroupId>("group_id"));
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"entries"});
  std::vector<Entry> entries;
  body.required("entries").each([&](const json::Cursor& item) {
    item.only({"member_id", "status", "note", "accept_names"});
    Entry e;
    const auto member = item.required("member_id").id<MemberId>();
    const auto status = item.required("status").one_of({"present", "absent", "excused", "phone"});
    e.note = json::trimmed(item.optional("note"), kNoteBytes);
    e.accept_names = item.optional("accept_names").boolean().value_or(false);
    if (!member || !status) return;
    e.member = *member;
    e.status = *status;
    for (const auto& other : entries)
      if (other.member == e.member) item.issue("names somebody twice");
    if (entries.size() >= 2 * kMostCapacity) item.issue("is one too many");
    else entries.push_back(std::move(e));
  });
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), group_id, id, version, entries](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(auto now, sheet(tx, asker, group_id, id));
    if (now.session.version != version) return stale_session(*deps, tx, asker, now);
    if (now.session.state == "cancelled") return fail(ErrorCode::conflict, "This session was cancelled.");
    if (now.session.starts_at > asker.now) return fail(ErrorCode::conflict, "This session has not begun yet.");
    const auto members = list_members(tx, organization, group_id);
    const auto rows = list_attendance(tx, organization, group_id, id);
    std::vector<RosterName> roster;
    for (const auto& m : members)
      if (const auto p = deps->patient(tx, organization, m.patient)) roster.push_back({m.id, p->given_name, p->family_name});

    std::vector<Issue> wrong;
    std::string named;
    json::Writer names(named);
    names.array();
    bool any_named = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& e = entries[i];
      const auto member = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.id == e.member; });
      const bool has_row = std::any_of(rows.begin(), rows.end(), [&](const Attendance& a) { return a.member == e.member; });
      if (member == members.end() || (!has_row && !is_on_sheet(*member, now.session.date())))
        wrong.push_back({"entries[" + std::to_string(i) + "].member_id", "is nobody of this group on that day"});
      if (!e.note || e.accept_names) continue;
      const auto others = names_in(*e.note, e.member, roster);
      if (others.empty()) continue;
      any_named = true;
      names.object().field("member_id", e.member).key("names").array();
      for (const auto& name : others) names.value(name);
      names.end().end();
    }
    names.end();
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (any_named) {
      Reply reply =
          http::problem_reply(Error{ErrorCode::conflict,
                                    "A note about one person holds the name of another. Leave it out, or say that it is meant.",
                                    {},
                                    {}},
                              asker.request_id, "named", named);
      reply.audit_object = id.uuid;
      reply.audit_detail = "names";
      return reply;
    }

    Session after = now.session;
    after.state = "held";
    if (!update(tx, organization, after, version)) return stale_session(*deps, tx, asker, now);
    ++after.version;
    Reply reply;
    for (const auto& e : entries) {
      const auto& m = *std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.id == e.member; });
      const auto row = std::find_if(rows.begin(), rows.end(), [&](const Attendance& a) { return a.member == e.member; });
      Attendance a;
      if (row != rows.end()) a = *row;
      const std::string note = e.note.value_or(a.note);
      if (row != rows.end() && row->status == e.status && row->note == note) continue;
      const bool same_way = row != rows.end() && row->status == e.status;
      a.session = id;
      a.member = m.id;
      a.patient = m.patient;
      a.version = row == rows.end() ? 1 : row->version + 1;
      a.status = e.status;
      a.note = note;
      a.names_accepted = e.accept_names && e.note && !names_in(*e.note, e.member, roster).empty();
      a.by = asker.caller.user;
      a.at = asker.now;
      if (!same_way && a.contact) {
        deps->take_back_contact(tx, organization, m.patient, *a.contact, asker.now);
        a.contact.reset();
      }
      if (a.attended() && !a.contact) a.contact = deps->record_contact(tx, asker, now.group, after, a);
      insert(tx, organization, group_id, a);
      reply.audit_more_patients.push_back(m.patient.uuid);
      reply.events.push_back({"patient", m.patient.uuid});
    }
    Reply done = session_reply(*deps, tx, asker, 200, now.group, after);
    done.audit_more_patients = std::move(reply.audit_more_patients);
    for (auto& event : reply.events) done.events.push_back(event);
    done.audit_detail = "entries=" + std::to_string(entries.size());
    return done;
  });
}

// ---- of one patient

struct Times {
  int attended = 0, missed = 0, excused = 0;
};

Times times_of(const std::vector<Attendance>& rows, MemberId member) {
  Times t;
  for (const auto& a : rows) {
    if (a.member != member) continue;
    t.attended += a.attended();
    t.missed += a.status == "absent";
    t.excused += a.status == "excused";
  }
  return t;
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto rows = list_attendance_of_patient(tx, organization, place.patient);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& m : list_members_of_patient(tx, organization, patient)) {
      const auto group = find(tx, organization, m.group);
      if (!group || !asker.caller.may_use(group->site)) continue;
      const auto sessions = list_sessions(tx, organization, m.group);
      const auto t = times_of(rows, m.id);
      w.object()
          .key("group")
          .object()
          .field("id", group->id)
          .field("name", group->name)
          .field("topic", group->topic)
          .field("kind", group->kind)
          .field("state", group->state)
          .end()
          .key("member");
      write_member(*deps, w, tx, asker, {}, m, With::nobody);
      w.field("attended", t.attended).field("missed", t.missed).field("excused", t.excused).key("next_session");
      write_next_session(w, sessions, asker.now);
      w.key("notes").array();
      for (auto s = sessions.rbegin(); s != sessions.rend(); ++s)
        for (const auto& a : rows)
          if (a.member == m.id && a.session == s->id)
            w.object().field("session_id", s->id).field("date", s->date()).field("status", a.status).field("note", a.note).end();
      w.end().end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

// ---- the portal

bool shows(const portal::Viewer& viewer, const Member& m, const Group& g) {
  return m.state != "left" && g.state == "open" && portal::may_see(viewer, m.labels, "group:" + g.kind);
}

void write_for_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, const Member& m,
                       const Group& g, Instant now) {
  w.object()
      .field("id", m.id)
      .field("name", g.name)
      .field("topic", g.topic)
      .field("state", m.state)
      .field("answer_by", m.answer_by)
      .key("facilitators")
      .array();
  for (const auto user : facilitators(tx, organization, g.id))
    w.value(deps.chart->user_name(tx, organization, user).value_or(""));
  w.end()
      .field("modality", g.modality)
      .field("place", g.place)
      .field("video_link", m.state == "joined" && g.modality == "video" && deps.video_link
                               ? deps.video_link(tx, organization, g.site, g.link_code)
                               : std::nullopt)
      .key("sessions")
      .array();
  int written = 0;
  for (const auto& s : list_sessions(tx, organization, g.id)) {
    if (s.ends_at <= now || written++ >= kMostSessionsForPatient) continue;
    w.object()
        .field("starts_at", s.starts_at)
        .field("ends_at", s.ends_at)
        .field("zone", s.zone)
        .field("date", s.date())
        .field("start_minute", s.start_minute())
        .field("minutes", s.minutes())
        .field("state", s.state)
        .end();
  }
  w.end().end();
}

Result<Work> answer_place(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, "appointments"));
  CONCORD_TRY(const auto id, call.path_id<MemberId>("member_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"answer", "words"});
  const auto word = body.required("answer").one_of({"yes", "no", "leave"});
  const auto words = json::trimmed(body.optional("words"), kReasonBytes).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, word = *word, words](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto viewer, deps->viewer(tx, asker.caller, asker.now));
    std::optional<Member> before;
    for (auto& m : list_members_of_patient(tx, organization, viewer.patient))
      if (m.id == id) before = std::move(m);
    const auto group = before ? find(tx, organization, before->group) : std::nullopt;
    if (!group || !shows(viewer, *before, *group)) return http::not_found();
    CONCORD_TRY(auto after, answer(*group, *before, word, words, viewer.today, asker.now));
    if (!update(tx, organization, after, before->version))
      return fail(ErrorCode::conflict, "This was changed a moment ago. Please look at it again.");
    ++after.version;
    auto change = change_of(*deps, after, before->state, asker.now);
    change.by_kind = viewer.is_self ? "patient" : "trusted_person";
    change.by = asker.caller.user;
    change.on_behalf_by = portal::on_behalf_by(asker.caller);
    insert(tx, organization, change);
    if (word != "yes" && deps->notify)
      for (const auto leader : facilitators(tx, organization, group->id))
        deps->notify(
            tx, organization,
            {leader, "group.left", after.patient, group->id.uuid, false, "m" + id.text() + std::to_string(after.version)});
    settle_group(*deps, tx, organization, *group, asker.now);
    std::string out;
    json::Writer w(out);
    write_for_patient(*deps, w, tx, organization, after, *group, asker.now);
    Reply reply = patients::changed(200, std::move(out), after.patient, id.uuid);
    reply.events.push_back({"groups", group->id.uuid});
    reply.audit_detail = "answer=" + word;
    return reply;
  });
}

// ---- schemas

std::string session_schema() {
  const std::string attendance = http::schema({{"member_id", "id!"},
                                               {"patient", patients::patient_name_schema() + "!"},
                                               {"status", "text?!"},
                                               {"note", "text!"},
                                               {"contact_id", "id?!"},
                                               {"recorded_by", patients::user_schema() + "!"},
                                               {"recorded_at", "instant?!"}});
  return http::schema({{"id", "id!"},
                       {"number", "integer!"},
                       {"starts_at", "instant!"},
                       {"ends_at", "instant!"},
                       {"zone", "text!"},
                       {"date", "date!"},
                       {"start_minute", "integer!"},
                       {"minutes", "integer!"},
                       {"state", "planned|held|cancelled!"},
                       {"reason", "text!"},
                       {"version", "integer!"},
                       {"group_id", "id"},
                       {"group_name", "text"},
                       {"attendance", "[]" + attendance}});
}

std::string member_schema() {
  return http::schema({{"id", "id!"},
                       {"patient", patients::patient_name_schema()},
                       {"state", "waiting|invited|offered|joined|left!"},
                       {"place_in_line", "integer?"},
                       {"answer_by", "instant?!"},
                       {"joined_on", "date?!"},
                       {"left_on", "date?!"},
                       {"reason", "text!"},
                       {"confidential", "boolean!"},
                       {"added_by", patients::user_schema() + "!"},
                       {"added_at", "instant!"},
                       {"version", "integer!"}});
}

std::string group_schema() {
  return http::schema({{"id", "id!"},
                       {"site_id", "id!"},
                       {"name", "text!"},
                       {"topic", "text!"},
                       {"kind", "skills|education|support|psychotherapy!"},
                       {"language", "text!"},
                       {"modality", "in_person|video|phone!"},
                       {"place", "text!"},
                       {"video_link", "text?!"},
                       {"capacity", "integer!"},
                       {"first_date", "date!"},
                       {"start_minute", "integer!"},
                       {"minutes", "integer!"},
                       {"every_weeks", "integer!"},
                       {"sessions_planned", "integer!"},
                       {"offer_days", "integer!"},
                       {"state", "open|ended!"},
                       {"reason", "text!"},
                       {"facilitators", "[]" + patients::user_schema() + "!"},
                       {"joined", "integer!"},
                       {"held", "integer!"},
                       {"waiting", "integer!"},
                       {"free", "integer!"},
                       {"next_session", "object?!"},
                       {"version", "integer!"},
                       {"members", "[]" + member_schema()},
                       {"sessions", "[]" + session_schema()},
                       {"warnings", "[]text"}});
}

std::string portal_schema() {
  const std::string session = http::schema({{"starts_at", "instant!"},
                                            {"ends_at", "instant!"},
                                            {"zone", "text!"},
                                            {"date", "date!"},
                                            {"start_minute", "integer!"},
                                            {"minutes", "integer!"},
                                            {"state", "planned|held|cancelled!"}});
  return http::schema({{"id", "id!"},
                       {"name", "text!"},
                       {"topic", "text!"},
                       {"state", "waiting|invited|offered|joined|left!"},
                       {"answer_by", "instant?!"},
                       {"facilitators", "[]text!"},
                       {"modality", "in_person|video|phone!"},
                       {"place", "text!"},
                       {"video_link", "text?!"},
                       {"sessions", "[]" + session + "!"}});
}

}  // namespace

portal::View portal_view(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  portal::View view;
  view.name = "groups";
  view.scope = "appointments";
  view.summary = "My groups: when they meet, who leads them, my own place. Nothing about anybody else in them";
  view.schema = http::schema({{"items", "[]" + portal_schema() + "!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    w.object().key("items").array();
    for (const auto& m : list_members_of_patient(tx, viewer.organization, viewer.patient)) {
      const auto group = find(tx, viewer.organization, m.group);
      if (group && shows(viewer, m, *group)) write_for_patient(*deps, w, tx, viewer.organization, m, *group, viewer.now);
    }
    w.end().end();
    return {};
  };
  return view;
}

void write_glance(const Deps&, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto organization = asker.organization();
  const auto members = list_members_of_patient(tx, organization, place.patient);
  const auto rows = members.empty() ? std::vector<Attendance>() : list_attendance_of_patient(tx, organization, place.patient);
  w.array();
  for (const auto& m : members) {
    const auto group = find(tx, organization, m.group);
    if (!group || !asker.caller.may_use(group->site)) continue;
    const auto t = times_of(rows, m.id);
    w.object().field("group_id", group->id).field("name", group->name).field("state", m.state).key("next_session");
    if (m.state == "joined") write_next_session(w, list_sessions(tx, organization, m.group), asker.now);
    else w.null();
    w.field("attended", t.attended).field("missed", t.missed).end();
  }
  w.end();
}

int sweep(const Deps& deps, db::Tx& tx, OrganizationId organization, Instant now) {
  int changed = 0;
  for (const auto id : groups_with_late_answers(tx, organization, now)) {
    const auto group = find(tx, organization, id);
    if (group) changed += settle_group(deps, tx, organization, *group, now);
  }
  return changed;
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using http::Method;
  using http::RunAs;
  http::RouteList<Kept> all(deps);
  const std::string group = group_schema(), member = member_schema(), session = session_schema();
  const std::string base = "/api/v1/groups", one = base + "/{group_id}", meeting = one + "/sessions/{session_id}";
  all.add(Method::get, base, "groups.list", "groups.read", "Groups at my sites", RunAs::list, "", http::list_schema(group),
          list_groups)
      .query_parameters = {{"site", "one of your sites; all of them when absent"},
                           {"state", "open (default) or ended"},
                           {"limit", "1 to 200"},
                           {"after", "page key"}};
  all.add(Method::post, base, "groups.create", "groups.write", "A new group; its sessions are made from the rule", RunAs::write,
          http::schema({{"site_id", "id"},
                        {"name", "text!"},
                        {"topic", "text"},
                        {"kind", "skills|education|support|psychotherapy"},
                        {"language", "text"},
                        {"modality", "in_person|video|phone!"},
                        {"place", "text"},
                        {"capacity", "integer!"},
                        {"first_date", "date!"},
                        {"start_minute", "integer!"},
                        {"minutes", "integer!"},
                        {"every_weeks", "integer"},
                        {"sessions", "integer!"},
                        {"facilitator_ids", "[]id"},
                        {"offer_days", "integer"}},
                       true),
          group, create_group)
      .creates = true;
  all.add(Method::get, one, "groups.read", "groups.read", "One group with roster and sessions", RunAs::list, "", group,
          read_group);
  all.add(Method::patch, one, "groups.edit", "groups.write", "Changes a group; places that become free are offered in order",
          RunAs::write,
          http::schema({{"name", "text"},
                        {"topic", "text"},
                        {"place", "text"},
                        {"capacity", "integer"},
                        {"offer_days", "integer"},
                        {"facilitator_ids", "[]id"}},
                       true),
          group, edit_group);
  all.add(Method::post, one + "/acts", "groups.act", "groups.write", "Ends a group, or opens it again", RunAs::write,
          http::schema({{"act", "end|reopen!"}, {"reason", "text"}}, true), group, act_on_group);
  all.add(Method::post, one + "/members", "groups.add_member", "groups.write",
          "Invites a patient, takes one in, or puts one on the waiting list (which also happens when no place is free)",
          RunAs::write, http::schema({{"patient_id", "id!"}, {"as", "invite|join|wait"}, {"confidential", "boolean"}}, true),
          member, add_member)
      .creates = true;
  all.add(Method::post, one + "/members/{member_id}/acts", "groups.act_on_member", "groups.write",
          "Joins, declines, leaves with a reason, goes to the front of the line, or comes again", RunAs::write,
          http::schema({{"act", "join|decline|leave|first_in_line|again!"}, {"reason", "text"}}, true), member, act_on_member);
  all.add(Method::post, one + "/sessions", "groups.add_session", "groups.write", "One more session", RunAs::write,
          http::schema({{"date", "date!"}, {"start_minute", "integer!"}, {"minutes", "integer"}}, true), session, add_session)
      .creates = true;
  all.add(Method::get, meeting, "groups.session", "groups.read", "A session with who came", RunAs::point, "", session,
          read_session);
  all.add(Method::patch, meeting, "groups.move_session", "groups.write", "Moves a session; everybody who has joined is told",
          RunAs::write,
          http::schema({{"date", "date"}, {"start_minute", "integer"}, {"minutes", "integer"}, {"reason", "text"}}, true),
          session, move_session);
  all.add(Method::post, meeting + "/acts", "groups.act_on_session", "groups.write",
          "Cancels a session, or restores it; everybody who has joined is told", RunAs::write,
          http::schema({{"act", "cancel|restore!"}, {"reason", "text"}}, true), session, act_on_session);
  const std::string entry = http::schema(
      {{"member_id", "id!"}, {"status", "present|absent|excused|phone!"}, {"note", "text"}, {"accept_names", "boolean"}}, true);
  all.add(
      Method::put, meeting + "/attendance", "groups.attendance", "groups.write",
      "Who came, with a note about each; a contact for everybody who did. 409 with \"named\" when a note names another of the "
      "roster",
      RunAs::write, http::schema({{"entries", "[]" + entry + "!"}}, true), session, record_attendance);
  const std::string of_patient = http::schema({{"group", "object!"},
                                               {"member", member + "!"},
                                               {"attended", "integer!"},
                                               {"missed", "integer!"},
                                               {"excused", "integer!"},
                                               {"next_session", "object?!"},
                                               {"notes", "[]object!"}});
  all.add(Method::get, "/api/v1/patients/{patient_id}/groups", "groups.of_patient", "groups.read", "Groups of one patient",
          RunAs::list, "", http::list_schema(of_patient), list_of_patient);
  auto& portal = all.add(Method::post, "/api/v1/portal/groups/{member_id}/answer", "portal.groups_answer", "portal.use",
                         "I take the place, I do not, or I leave the group", RunAs::write,
                         http::schema({{"answer", "yes|no|leave!"}, {"words", "text"}}, true), portal_schema(), answer_place);
  portal.audience = http::Audience::portal;
  return all.take();
}

}  // namespace concord::groups
