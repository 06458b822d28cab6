#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "json/edits.h"
#include "reviews/api_parts.h"

namespace concord::reviews {
namespace {

constexpr int kMostMinutes = 480;
constexpr std::size_t kMostAttendees = 30;
constexpr std::size_t kMostOrdered = 500;
constexpr int kChunk = 200;
constexpr int kMostQuestions = 2000;
/// A declined recommendation comes back for so long; later the case itself brings the patient back.
constexpr int kDeclinedDays = 90;

bool is_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const std::size_t i : {0u, 1u, 3u, 4u})
    if (text[i] < '0' || text[i] > '9') return false;
  return text.substr(0, 2) <= "23" && text.substr(3) <= "59";
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Session& s) {
  w.object()
      .field("id", s.id)
      .field("site_id", s.site)
      .field("date", s.date)
      .field("starts_at", s.starts_at)
      .field("minutes", s.minutes)
      .key("consultant");
  chart.write_user(w, tx, asker.caller, s.consultant);
  w.field("state", s.state).field("note", s.note).key("attendees").array();
  for (const auto& a : s.attendees) w.object().field("user_id", a.user).field("name", a.name).field("role", a.role).end();
  w.end().field("created_at", s.created_at).field("version", s.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Asker& asker, const Session& s) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, asker, s);
  return out;
}

Reply session_reply(int status, std::string body, const Session& s) {
  Reply reply = http::json_reply(status, std::move(body));
  reply.audit_object = s.id.uuid;
  reply.version = s.version;
  return reply;
}

Reply stale_session(const Chart& chart, db::Tx& tx, const Asker& asker, const Session& s) {
  Reply reply = http::stale_reply(asker.request_id, to_json(chart, tx, asker, s));
  reply.audit_object = s.id.uuid;
  reply.audit_detail = "stale";
  return reply;
}

std::vector<Attendee> read_attendees(const json::Cursor& list) {
  std::vector<Attendee> attendees;
  if (!list.present()) return attendees;
  list.each([&](const json::Cursor& item) {
    if (attendees.size() >= kMostAttendees) {
      item.issue("is one too many: at most 30");
      return;
    }
    item.only({"user_id", "name", "role"});
    Attendee a;
    a.user = item.optional("user_id").id<UserId>();
    a.name = std::string(trim(item.optional("name").string(0, 200).value_or("")));
    a.role = item.required("role")
                 .one_of({"care_manager", "psychiatric_consultant", "pcp", "bh_specialist", "community_worker", "program_manager",
                          "other"})
                 .value_or("");
    if (!a.user && a.name.empty()) item.issue("needs user_id or name");
    attendees.push_back(std::move(a));
  });
  return attendees;
}

void check_people(const Chart& chart, db::Tx& tx, const Asker& asker, Session& s, std::vector<Issue>& issues) {
  chart.check_user(tx, asker.organization(), s.consultant, "consultant_id", issues);
  for (std::size_t i = 0; i < s.attendees.size(); ++i) {
    auto& a = s.attendees[i];
    if (!a.user) continue;
    const auto name = chart.user_name(tx, asker.organization(), *a.user);
    if (name) a.name = *name;
    else issues.push_back({"attendees[" + std::to_string(i) + "].user_id", "is nobody of this organization"});
  }
}

Result<Work> create_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "date", "starts_at", "minutes", "consultant_id", "note", "attendees"});
  Session s;
  const auto site = body.required("site_id").id<SiteId>();
  if (site && !call.caller.may_use(*site)) body.required("site_id").issue("is not one of your sites");
  const auto date = body.required("date").date();
  s.starts_at = body.optional("starts_at").string(0, 5);
  if (s.starts_at && !is_clock(*s.starts_at)) body.optional("starts_at").issue("must be a time like 13:00");
  const auto minutes = body.required("minutes").integer(1, kMostMinutes);
  s.consultant = body.optional("consultant_id").id<UserId>();
  s.note = std::string(trim(body.optional("note").string(0, 2000).value_or("")));
  s.attendees = read_attendees(body.optional("attendees"));
  if (!issues.empty()) return issues.error();
  s.site = *site;
  s.date = *date;
  s.minutes = static_cast<int>(*minutes);
  s.id = SessionId(deps->chart->ids->next());
  s.created_by = call.caller.user;
  s.created_at = call.now;
  return Work([deps, asker = Asker(call), s = std::move(s)](db::Tx& tx) -> Result<Reply> {
    Session row = s;
    std::vector<Issue> wrong;
    check_people(*deps->chart, tx, asker, row, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    Reply reply = session_reply(201, to_json(*deps->chart, tx, asker, row), row);
    reply.location = "/api/v1/review-sessions/" + row.id.text();
    return reply;
  });
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<SiteId> site;
  if (const auto text = call.request.parameter("site")) {
    site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
  }
  Date first = Date::ymd(1900, 1, 1), last = Date::ymd(2199, 12, 31);
  std::vector<Issue> wrong;
  const auto read_day = [&](std::string_view key, Date& day) {
    const auto text = call.request.parameter(key);
    if (!text) return;
    if (const auto parsed = Date::parse(*text)) day = *parsed;
    else wrong.push_back({std::string(key), "must be a date (YYYY-MM-DD)"});
  };
  read_day("from", first);
  read_day("to", last);
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  Date before_day = Date::ymd(2199, 12, 31);
  SessionId before;
  before.uuid.bytes.fill(0xFF);
  if (page.after) {  // "2026-03-01_<id>"
    const auto parts = split(*page.after, '_');
    const auto day = parts.size() == 2 ? Date::parse(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? SessionId::parse(parts[1]) : std::nullopt;
    if (!day || !id) return http::wrong_page();
    before_day = *day;
    before = *id;
  }
  return Work([deps, asker = Asker(call), page, site, first, last, before_day, before](db::Tx& tx) -> Result<Reply> {
    const auto most = static_cast<std::size_t>(page.limit);
    std::vector<Session> found;
    Date day = before_day;
    SessionId id = before;
    while (found.size() <= most) {
      auto some = list_sessions(tx, asker.organization(), first, last, day, id, kChunk);
      const bool ended = static_cast<int>(some.size()) < kChunk;
      if (!some.empty()) day = some.back().date, id = some.back().id;
      for (auto& s : some)
        if (found.size() <= most && asker.caller.may_use(s.site) && (!site || s.site == *site)) found.push_back(std::move(s));
      if (ended) break;
    }
    const bool more = found.size() > most;
    if (more) found.resize(most);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (auto& s : found) {
      s.attendees = list_attendees(tx, asker.organization(), s.id);
      write(*deps->chart, w, tx, asker, s);
    }
    w.end().key("next");
    if (more) w.value(found.back().date.iso() + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> get_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    const auto session = visible_session(tx, asker, id);
    if (!session) return http::not_found();
    return session_reply(200, to_json(*deps->chart, tx, asker, *session), *session);
  });
}

Result<Work> edit_session(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "starts_at", "minutes", "consultant_id", "note", "state", "attendees"});
  json::Edits<Session> edits;
  edits.date(body, "date", &Session::date);
  edits.text(body, "starts_at", 5, &Session::starts_at);
  if (const auto starts = body.optional("starts_at"); starts.present())
    if (const auto text = starts.string(0, 5); text && !text->empty() && !is_clock(*text))
      starts.issue("must be a time like 13:00");
  if (const auto minutes = body.optional("minutes").integer(1, kMostMinutes))
    edits.add([m = static_cast<int>(*minutes)](Session& s) { s.minutes = m; });
  edits.id(body, "consultant_id", &Session::consultant);
  edits.text(body, "note", 0, 2000, &Session::note);
  edits.one_of(body, "state", {"planned", "held", "cancelled"}, &Session::state);
  if (const auto list = body.optional("attendees"); list.present())
    edits.add([attendees = read_attendees(list)](Session& s) { s.attendees = attendees; });
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    const auto before = visible_session(tx, asker, id);
    if (!before) return http::not_found();
    if (before->version != version) return stale_session(*deps->chart, tx, asker, *before);
    Session after = *before;
    edits.apply(after);
    std::vector<Issue> wrong;
    check_people(*deps->chart, tx, asker, after, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!update(tx, asker.organization(), after)) return stale_session(*deps->chart, tx, asker, *before);
    ++after.version;
    return session_reply(200, to_json(*deps->chart, tx, asker, after), after);
  });
}

// ---- The agenda

/// What is known of a patient nobody's caseload brings: somebody asked, added or discussed them.
Case lone_case(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, Date day) {
  if (auto known = deps.one_case(tx, asker, place.patient, day)) return std::move(*known);
  Case bare;
  bare.patient = place.patient;
  bare.site = place.site;
  if (const auto p = deps.patient(tx, asker.organization(), place.patient)) {
    bare.name = p->given_name.empty() ? p->family_name : p->family_name + ", " + p->given_name;
    bare.birth_date = p->birth_date;
  }
  return bare;
}

/// The cases of a session: the caseloads of the care managers who take part, and whoever was asked about, added,
/// declined or discussed.
class Cases {
 public:
  Cases(const Deps& deps, db::Tx& tx, const Asker& asker, const Session& session, Date day)
      : deps_(deps), tx_(tx), asker_(asker), session_(session), day_(day) {
    std::vector<UserId> managers;
    for (const auto& a : session.attendees)
      if (a.role == "care_manager" && a.user && std::find(managers.begin(), managers.end(), *a.user) == managers.end())
        managers.push_back(*a.user);
    list_ = deps.cases(tx, asker, session.site, managers, day);
    for (std::size_t i = 0; i < list_.size(); ++i) at_.emplace(list_[i].patient.uuid, i);
    questions();
    declined();
  }
  /// The patient's case, fetched when it is not there; null when the caller may not see them or they are elsewhere.
  Case* of(PatientId patient) {
    if (const auto found = at_.find(patient.uuid); found != at_.end()) return &list_[found->second];
    if (absent_.count(patient.uuid)) return nullptr;
    const auto place = deps_.chart->find(tx_, asker_.caller, asker_.now, patient);
    if (!place || place->site != session_.site) {
      absent_.emplace(patient.uuid, true);
      return nullptr;
    }
    at_.emplace(patient.uuid, list_.size());
    list_.push_back(lone_case(deps_, tx_, asker_, *place, day_));
    return &list_.back();
  }
  const std::vector<Case>& list() const { return list_; }
  const std::vector<Uuid>& questions_of(PatientId patient) const {
    static const std::vector<Uuid> kNone;
    const auto found = questions_.find(patient.uuid);
    return found == questions_.end() ? kNone : found->second;
  }

 private:
  void questions() {
    Instant time{};
    QuestionId id;
    for (int seen = 0; seen < kMostQuestions;) {
      const auto some = list_questions(tx_, asker_.organization(), "open", time, id, kChunk);
      for (const auto& q : some) {
        if (q.to && session_.consultant && *q.to != *session_.consultant) continue;
        Case* c = of(q.patient);
        if (!c) continue;
        const bool urgent = q.urgency == "urgent";
        const std::string who = deps_.chart->user_name(tx_, asker_.organization(), q.asked_by).value_or("");
        c->causes.push_back({urgent ? Reason::asked_urgent : Reason::asked, q.asked_date, std::nullopt,
                             (speaks_spanish(asker_) ? "Pregunta de " : "Asked by ") + who + ": " + q.question, "question",
                             q.id.uuid, ""});
        questions_[q.patient.uuid].push_back(q.id.uuid);
      }
      seen += static_cast<int>(some.size());
      if (static_cast<int>(some.size()) < kChunk) break;
      time = some.back().asked_at;
      id = some.back().id;
    }
  }
  void declined() {
    for (const auto& d : list_declined(tx_, asker_.organization(), day_.plus_days(-kDeclinedDays))) {
      const auto known = at_.find(d.patient.uuid);
      if (known == at_.end()) continue;  // no case of these caseloads: whoever has it sees it there
      Case& c = list_[known->second];
      if (c.last_review && *c.last_review > d.on) continue;
      c.causes.push_back({Reason::declined, d.on, std::nullopt,
                          speaks_spanish(asker_)
                              ? "Recomendación rechazada el " + d.on.iso() + "; ninguna revisión desde entonces"
                              : "Recommendation declined on " + d.on.iso() + ", no review since",
                          "recommendation", d.recommendation.uuid, ""});
    }
  }

  const Deps& deps_;
  db::Tx& tx_;
  const Asker& asker_;
  const Session& session_;
  Date day_;
  std::vector<Case> list_;
  std::unordered_map<Uuid, std::size_t> at_;
  std::unordered_map<Uuid, bool> absent_;
  std::unordered_map<Uuid, std::vector<Uuid>> questions_;
};

void write_item(json::Writer& w, const AgendaItem& item, std::size_t rank, Date day, const Cases& cases,
                const std::unordered_map<Uuid, ReviewId>& reviewed, const std::vector<PatientId>& drafts) {
  const Case& c = *item.of;
  const auto weeks = [&](const std::optional<Date>& since) {
    if (since && *since <= day) w.value((day - *since) / 7);
    else w.null();
  };
  w.object().field("rank", rank).key("patient").object();
  w.field("id", c.patient).field("name", c.name).field("birth_date", c.birth_date).key("age");
  if (c.birth_date) w.value(age_in_years(*c.birth_date, day));
  else w.null();
  w.end().field("episode_id", c.episode).field("state", c.state).key("care_manager");
  if (c.care_manager) w.object().field("id", *c.care_manager).field("name", c.care_manager_name).end();
  else w.null();
  w.key("weeks_in_care");
  weeks(c.enrolled);
  w.key("score").object().field("instrument", c.score.instrument);
  w.field("baseline", c.score.baseline).field("current", c.score.current);
  w.field("change", c.score.change).field("percent", c.score.percent).field("current_date", c.score.current_date).end();
  w.field("last_review_date", c.last_review).field("plan_since", c.plan_since).key("weeks_on_plan");
  weeks(c.plan_since);
  w.key("reasons").array();
  for (const Cause& cause : item.reasons) {
    w.object().field("kind", name(cause.reason)).field("text", cause.text).field("since", cause.since).field("due", cause.due);
    w.key("evidence");
    if (cause.evidence) w.object().field("kind", cause.evidence_kind).field("id", *cause.evidence).end();
    else w.null();
    w.field("citation", cause.citation).end();
  }
  w.end().field("minutes", item.minutes).field("added_by_hand", item.by_hand).field("arrived_since_ordering", item.arrived);
  w.key("question_ids").array();
  for (const auto& id : cases.questions_of(c.patient)) w.value(id);
  w.end().key("review_id");
  if (const auto found = reviewed.find(c.patient.uuid); found != reviewed.end()) w.value(found->second);
  else w.null();
  w.field("has_draft", std::find(drafts.begin(), drafts.end(), c.patient) != drafts.end()).end();
}

std::string agenda_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Session& session) {
  const auto organization = asker.organization();
  const Date today = local_date(asker.now, deps.chart->time_zone(organization, session.site));
  // A session to come is prepared for its own day; one that was held shows what it would be today.
  const Date day = std::max(today, session.date);
  Cases cases(deps, tx, asker, session, day);
  AgendaEdits edits;
  const auto kept = list_edits(tx, organization, session.id);
  for (const auto& e : kept) {
    if (!cases.of(e.patient)) continue;
    if (e.position) edits.order.push_back(e.patient);
    const Date on = local_date(e.at, deps.chart->time_zone(organization, session.site));
    if (e.decision == "added") edits.added.push_back({e.patient, e.reason, e.minutes, on});
    if (e.decision == "removed") edits.removed.push_back({e.patient, on});
  }
  std::unordered_map<Uuid, ReviewId> reviewed;
  for (const auto& d : list_discussed(tx, organization, session.id)) {
    if (!cases.of(d.patient)) continue;
    edits.discussed.push_back(d.patient);
    reviewed.emplace(d.patient.uuid, d.review);
  }
  const auto drafts = list_drafts(tx, organization, asker.caller.user, session.id);
  const Agenda agenda = propose(cases.list(), *deps.agenda_rules, session.minutes, edits, day);

  std::string body;
  json::Writer w(body);
  w.object().key("session");
  write(*deps.chart, w, tx, asker, session);
  w.field("as_of", day).key("minutes").object();
  w.field("available", session.minutes)
      .field("planned", agenda.planned)
      .field("left", std::max(0, session.minutes - agenda.planned))
      .end();
  for (const bool fits : {true, false}) {
    w.key(fits ? "items" : "cut").array();
    for (std::size_t i = 0; i < agenda.items.size(); ++i)
      if (agenda.items[i].fits == fits) write_item(w, agenda.items[i], i + 1, day, cases, reviewed, drafts);
    w.end();
  }
  w.key("removed").array();
  for (const auto& e : kept) {
    if (e.decision != "removed") continue;
    const Case* c = cases.of(e.patient);
    if (!c) continue;
    const bool back = std::any_of(agenda.items.begin(), agenda.items.end(), [&](const auto& item) { return item.of == c; });
    if (back) continue;
    w.object().key("patient").object().field("id", c->patient).field("name", c->name).end().field("reason", e.reason).key("by");
    deps.chart->write_user(w, tx, asker.caller, e.by);
    w.field("at", e.at).end();
  }
  w.end().field("ordered_by_hand", agenda.ordered_by_hand).key("rules").object();
  w.field("name", deps.agenda_rules->name).field("version", deps.agenda_rules->version).end().end();
  return body;
}

Reply agenda_reply(const Deps& deps, db::Tx& tx, const Asker& asker, int status, const Session& session) {
  return session_reply(status, agenda_json(deps, tx, asker, session), session);
}

Result<Work> get_agenda(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    const auto session = visible_session(tx, asker, id);
    if (!session) return http::not_found();
    return agenda_reply(*deps, tx, asker, 200, *session);
  });
}

/// Stores a changed agenda under a new version of its session, so that the other screen notices.
Result<Reply> store_agenda(const Deps& deps, db::Tx& tx, const Asker& asker, int status, Session session) {
  if (!update(tx, asker.organization(), session))
    return fail(ErrorCode::conflict, "Somebody else changed this session just now. Look again.");
  ++session.version;
  return agenda_reply(deps, tx, asker, status, session);
}

Result<Work> order_agenda(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_ids"});
  std::vector<PatientId> order;
  body.required("patient_ids").each([&](const json::Cursor& item) {
    const auto patient = item.id<PatientId>();
    if (!patient) return;
    if (order.size() >= kMostOrdered) item.issue("is one too many: at most 500");
    else if (std::find(order.begin(), order.end(), *patient) != order.end()) item.issue("is there twice");
    else order.push_back(*patient);
  });
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, order = std::move(order)](db::Tx& tx) -> Result<Reply> {
    const auto session = visible_session(tx, asker, id);
    if (!session) return http::not_found();
    if (session->version != version) return stale_session(*deps->chart, tx, asker, *session);
    std::vector<Issue> wrong;
    for (std::size_t i = 0; i < order.size(); ++i)
      if (!deps->chart->find(tx, asker.caller, asker.now, order[i]))
        wrong.push_back({"patient_ids[" + std::to_string(i) + "]", "is no patient here"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    set_order(tx, asker.organization(), id, order, asker.caller.user, asker.now);
    return store_agenda(*deps, tx, asker, 200, *session);
  });
}

Result<Work> add_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_id", "reason", "minutes"});
  const auto patient = body.required("patient_id").id<PatientId>();
  const auto reason = body.required("reason").string(1, 500);
  if (reason && trim(*reason).empty()) body.required("reason").issue("say why");
  const auto minutes = body.optional("minutes").integer(1, 120);
  if (!issues.empty()) return issues.error();
  Edit edit;
  edit.patient = *patient;
  edit.decision = "added";
  edit.reason = std::string(trim(*reason));
  if (minutes) edit.minutes = static_cast<int>(*minutes);
  edit.by = call.caller.user;
  edit.at = call.now;
  return Work([deps, asker = Asker(call), id, edit = std::move(edit)](db::Tx& tx) -> Result<Reply> {
    const auto session = visible_session(tx, asker, id);
    if (!session) return http::not_found();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, edit.patient));
    if (place.site != session->site)
      return patients::refuse_if_any({{"patient_id", "is a patient of another site"}}).map([] { return Reply(); });
    set_decision(tx, asker.organization(), id, edit);
    CONCORD_TRY(auto reply, store_agenda(*deps, tx, asker, 201, *session));
    reply.audit_patient = edit.patient.uuid;
    reply.location = "/api/v1/review-sessions/" + id.text() + "/agenda";
    return reply;
  });
}

Result<Work> remove_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<SessionId>("session_id"));
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = body.required("reason").string(1, 500);
  if (reason && trim(*reason).empty()) body.required("reason").issue("say why");
  if (!issues.empty()) return issues.error();
  Edit edit;
  edit.patient = patient;
  edit.decision = "removed";
  edit.reason = std::string(trim(*reason));
  edit.by = call.caller.user;
  edit.at = call.now;
  return Work([deps, asker = Asker(call), id, edit = std::move(edit)](db::Tx& tx) -> Result<Reply> {
    const auto session = visible_session(tx, asker, id);
    if (!session) return http::not_found();
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, edit.patient).map([](const Place&) {}));
    for (const auto& d : list_discussed(tx, asker.organization(), id))
      if (d.patient == edit.patient) return fail(ErrorCode::conflict, "This patient was discussed already.");
    set_decision(tx, asker.organization(), id, edit);
    CONCORD_TRY(auto reply, store_agenda(*deps, tx, asker, 200, *session));
    reply.audit_patient = edit.patient.uuid;
    return reply;
  });
}

std::string session_schema() {
  return http::schema({{"id", "id!"},
                       {"site_id", "id!"},
                       {"date", "date!"},
                       {"starts_at", "text?!"},
                       {"minutes", "integer!"},
                       {"consultant", "any!"},
                       {"state", "planned|held|cancelled!"},
                       {"note", "text!"},
                       {"attendees", "[]" + http::schema({{"user_id", "id?!"}, {"name", "text!"}, {"role", "text!"}}) + "!"},
                       {"created_at", "instant!"},
                       {"version", "integer!"}});
}

}  // namespace

std::vector<http::Route> session_routes(const Kept& deps) {
  using http::Method;
  using http::RunAs;
  const std::string row = session_schema();
  const std::string base = "/api/v1/review-sessions", one = base + "/{session_id}", agenda = one + "/agenda";
  const std::string item = http::schema({{"rank", "integer!"},
                                         {"patient", "object!"},
                                         {"episode_id", "id?!"},
                                         {"state", "text!"},
                                         {"care_manager", "any!"},
                                         {"weeks_in_care", "integer?!"},
                                         {"score", "object!"},
                                         {"last_review_date", "date?!"},
                                         {"plan_since", "date?!"},
                                         {"weeks_on_plan", "integer?!"},
                                         {"reasons", "[]object!"},
                                         {"minutes", "integer!"},
                                         {"added_by_hand", "boolean!"},
                                         {"arrived_since_ordering", "boolean!"},
                                         {"question_ids", "[]id!"},
                                         {"review_id", "id?!"},
                                         {"has_draft", "boolean!"}});
  const std::string agenda_row =
      http::schema({{"session", row + "!"},
                    {"as_of", "date!"},
                    {"minutes", http::schema({{"available", "integer!"}, {"planned", "integer!"}, {"left", "integer!"}}) + "!"},
                    {"items", "[]" + item + "!"},
                    {"cut", "[]" + item + "!"},
                    {"removed", "[]object!"},
                    {"ordered_by_hand", "boolean!"},
                    {"rules", http::schema({{"name", "text!"}, {"version", "text!"}}) + "!"}});
  const std::string attendees = "[]" + http::schema({{"user_id", "id?"}, {"name", "text"}, {"role", "text!"}}, true);
  return {
      {Method::get,
       base,
       "review_sessions.list",
       "reviews.read",
       "Review sessions at the caller's sites, newest day first",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {{"site", "one site"},
        {"from", "first day"},
        {"to", "last day"},
        {"limit", "1 to 200"},
        {"after", "next of the page before"}},
       handler(deps, list_all)},
      {Method::post,
       base,
       "review_sessions.create",
       "reviews.write",
       "A meeting of the consultant and the care team",
       RunAs::write,
       true,
       http::schema({{"site_id", "id!"},
                     {"date", "date!"},
                     {"minutes", "integer!"},
                     {"starts_at", "text?"},
                     {"consultant_id", "id?"},
                     {"note", "text"},
                     {"attendees", attendees}},
                    true),
       row,
       {},
       handler(deps, create_session)},
      {Method::get,
       one,
       "review_sessions.get",
       "reviews.read",
       "One review session",
       RunAs::point,
       false,
       "",
       row,
       {},
       handler(deps, get_session)},
      {Method::patch,
       one,
       "review_sessions.edit",
       "reviews.write",
       "Changes a review session",
       RunAs::write,
       false,
       http::schema({{"date", "date"},
                     {"minutes", "integer"},
                     {"starts_at", "text?"},
                     {"consultant_id", "id?"},
                     {"note", "text"},
                     {"state", "planned|held|cancelled"},
                     {"attendees", attendees}},
                    true),
       row,
       {},
       handler(deps, edit_session)},
      {Method::get,
       agenda,
       "review_agenda.get",
       "reviews.read",
       "Whom to discuss first and why, within the consultant's minutes",
       RunAs::list,
       false,
       "",
       agenda_row,
       {},
       handler(deps, get_agenda)},
      {Method::put,
       agenda + "/order",
       "review_agenda.order",
       "reviews.write",
       "An order by hand, which wins; an empty list brings the proposal back",
       RunAs::write,
       false,
       http::schema({{"patient_ids", "[]id!"}}, true),
       agenda_row,
       {},
       handler(deps, order_agenda)},
      {Method::post,
       agenda + "/patients",
       "review_agenda.add",
       "reviews.write",
       "Puts a patient on the agenda",
       RunAs::write,
       true,
       http::schema({{"patient_id", "id!"}, {"reason", "text!"}, {"minutes", "integer?"}}, true),
       agenda_row,
       {},
       handler(deps, add_patient)},
      {Method::post,
       agenda + "/patients/{patient_id}/remove",
       "review_agenda.remove",
       "reviews.write",
       "Takes a patient off the agenda, with the reason",
       RunAs::write,
       false,
       http::schema({{"reason", "text!"}}, true),
       agenda_row,
       {},
       handler(deps, remove_patient)},
  };
}

}  // namespace concord::reviews
