#include <algorithm>
#include <utility>

#include "base/text.h"
#include "http/wrong_parameter.h"
#include "json/edits.h"
#include "json/trimmed.h"
#include "patients/shapes.h"
#include "reviews/api_parts.h"

namespace concord::reviews {
namespace {

constexpr std::size_t kTextBytes = 5000;
constexpr int kChunk = 500;

bool has_role(const Caller& caller, std::initializer_list<std::string_view> roles) {
  return std::find(roles.begin(), roles.end(), caller.role) != roles.end();
}

bool is_addressee(const Caller& caller, const Recommendation& r) {
  if (r.to) return *r.to == caller.user;
  return !r.to_role.empty() && r.to_role == caller.role;
}

bool may_withdraw(const Caller& caller, const Recommendation& r) {
  return caller.role == "psychiatric_consultant" || (r.author && *r.author == caller.user);
}

/// A specialist answers what is addressed to them, not what the doctor is asked; the care manager records anybody's
/// answer.
bool may_answer(const Caller& caller, const Recommendation& r) {
  return caller.role != "bh_specialist" || is_addressee(caller, r);
}

/// The acts this caller may take now; permissions.cpp decides, this only saves people a refusal.
std::vector<std::string_view> acts_of(const Caller& caller, const Recommendation& r) {
  std::vector<std::string_view> acts;
  const bool writes = has_role(caller, {"care_manager", "psychiatric_consultant"});
  if (writes && r.state == State::draft) acts.push_back("send");
  const bool own = may_answer(caller, r);
  if (has_role(caller, {"care_manager", "pcp", "bh_specialist"}) && own && next(r.state, Act::accept)) acts.push_back("answer");
  const bool follows = own && has_role(caller, {"care_manager", "pcp", "psychiatric_consultant", "bh_specialist"});
  if (follows && next(r.state, Act::finish)) acts.push_back("done");
  if (follows && has_trial(r.kind) && next(r.state, Act::adequate)) acts.push_back("trial");
  if (writes && may_withdraw(caller, r) && next(r.state, Act::withdraw)) acts.push_back("withdraw");
  return acts;
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, r);
  return out;
}

/// The row and its review, one version on. False when somebody else was quicker.
bool store(db::Tx& tx, const Asker& asker, Recommendation& r) {
  if (!update(tx, asker.organization(), r, asker.now)) return false;
  ++r.version;
  const auto review = find(tx, asker.organization(), r.patient, r.review);
  return review && touch(tx, asker.organization(), *review);
}

struct Target {
  PatientId patient;
  RecommendationId id;
  std::optional<std::int64_t> version;
};
Result<Target> target_of(const Call& call, bool with_version = true) {
  Target target;
  CONCORD_TRY(target.patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(target.id, call.path_id<RecommendationId>("recommendation_id"));
  if (with_version) {
    CONCORD_TRY(const auto version, call.if_match());
    target.version = version;
  }
  return target;
}

using Change = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Recommendation&)>;

/// One act on one recommendation, stored with its step.
Work change_of(const Kept& deps, const Call& call, const Target& target, Change change) {
  return Work([deps, asker = Asker(call), target, change = std::move(change)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, target.patient));
    const auto before = find(tx, asker.organization(), target.patient, target.id);
    if (!before) return http::not_found();
    const auto current = [&] {
      return stale(asker.request_id, to_json(*deps, tx, asker, *before), target.patient, target.id.uuid);
    };
    if (target.version && before->version != *target.version) return current();
    Recommendation after = *before;
    CONCORD_TRY_VOID(change(tx, asker, place, after));
    if (!store(tx, asker, after))
      return fail(ErrorCode::conflict, "Somebody else changed this recommendation just now. Look again.");
    deps->chart->refresh_caseload(tx, asker.organization(), target.patient);
    Reply reply = changed(200, to_json(*deps, tx, asker, after), target.patient, target.id.uuid);
    reply.version = after.version;
    reply.audit_detail = "state=" + std::string(name(after.state));
    return reply;
  });
}

Result<Work> list_mine(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  const std::string whose(call.request.parameter("for").value_or("me"));
  static constexpr std::array<std::string_view, 5> kWhose = {"me", "mine", "pcp", "care_manager", "bh_specialist"};
  if (std::find(kWhose.begin(), kWhose.end(), whose) == kWhose.end())
    return http::wrong_filter("for", "must be me, mine, pcp, care_manager or bh_specialist");
  if (const auto state = call.request.parameter("state"); state && *state != "open")
    return http::wrong_filter("state", "must be open; what has ended is on the patient's page");
  std::optional<RecommendationId> after;
  if (page.after) {
    after = RecommendationId::parse(*page.after);
    if (!after) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), page, whose, after](db::Tx& tx) -> Result<Reply> {
    const auto wanted = [&](const Recommendation& r) {
      if (whose == "mine") return r.author == asker.caller.user;
      if (whose == "me") return is_addressee(asker.caller, r);
      return r.to_role == whose;
    };
    std::vector<Recommendation> found;
    for (const State state : {State::sent, State::read, State::accepted, State::modified}) {
      Date day;
      RecommendationId id;
      while (true) {
        const auto some = list_in_state(tx, asker.organization(), state, day, id, kChunk);
        for (const auto& r : some)
          if (wanted(r) && deps->chart->find(tx, asker.caller, asker.now, r.patient)) found.push_back(r);
        if (static_cast<int>(some.size()) < kChunk) break;
        day = some.back().sent_date.value_or(Date());
        id = some.back().id;
      }
    }
    // Urgent first, then what waits for an answer, then the longest; the order is total.
    const auto key = [](const Recommendation& r) {
      return std::tuple(r.urgency == "urgent" ? 0 : 1, is_waiting(r.state) ? 0 : 1, r.sent_date.value_or(Date()), r.id);
    };
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    auto from = found.begin();
    if (after) {
      from = std::find_if(found.begin(), found.end(), [&](const auto& r) { return r.id == *after; });
      if (from != found.end()) ++from;
    }
    const auto left = static_cast<std::size_t>(found.end() - from);
    const auto shown = std::min(left, static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (auto r = from; r != from + static_cast<std::ptrdiff_t>(shown); ++r) {
      const auto place = deps->chart->find(tx, asker.caller, asker.now, r->patient);
      w.object().key("recommendation");
      write(*deps, w, tx, asker, *r);
      w.key("patient");
      write_patient(w, deps->patient(tx, asker.organization(), r->patient), r->patient, place ? place->today : Date());
      w.end();
    }
    w.end().key("next");
    if (shown < left) w.value((from + static_cast<std::ptrdiff_t>(shown) - 1)->id);
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(shown);
    return reply;
  });
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& review : list(tx, asker.organization(), patient))
      for (const auto& r : review.recommendations) write(*deps, w, tx, asker, r, &review);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> get_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call, false));
  return Work([deps, asker = Asker(call), target](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, target.patient));
    const auto r = find(tx, asker.organization(), target.patient, target.id);
    if (!r) return http::not_found();
    std::string body = to_json(*deps, tx, asker, *r);
    body.pop_back();
    body += ",\"history\":";
    json::Writer w(body);
    write_steps(*deps, w, tx, asker, *r);
    body += '}';
    Reply reply = looked(std::move(body), target.patient, target.id.uuid);
    reply.version = r->version;
    return reply;
  });
}

/// The PCP's two minutes: question, trend, recommendation.
Result<Work> get_page(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call, false));
  return Work([deps, asker = Asker(call), target](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, target.patient));
    const auto r = find(tx, asker.organization(), target.patient, target.id);
    if (!r) return http::not_found();
    const auto reviews = list(tx, asker.organization(), target.patient);
    const auto review = std::find_if(reviews.begin(), reviews.end(), [&](const Review& v) { return v.id == r->review; });
    std::string body;
    json::Writer w(body);
    w.object().key("recommendation");
    write(*deps, w, tx, asker, *r, review == reviews.end() ? nullptr : &*review);
    w.key("history");
    write_steps(*deps, w, tx, asker, *r);
    w.key("patient");
    write_patient(w, deps->patient(tx, asker.organization(), target.patient), target.patient, place.today);
    w.key("question");
    if (review == reviews.end()) w.null().key("consultant").null().key("notes").null();
    else {
      w.value(review->question).key("consultant").object();
      w.field("id", review->reviewer).field("name", review->reviewer_name).end().field("notes", review->notes);
    }
    w.key("trend");
    deps->write_trend(w, tx, asker, place);
    w.key("story");
    write_story(*deps, w, tx, asker, place, reviews);
    w.key("other_recommendations").array();
    for (const auto& v : reviews)
      for (const auto& other : v.recommendations)
        if (other.id != r->id && other.state != State::draft && other.state != State::noted && !is_over(other))
          write(*deps, w, tx, asker, other, &v);
    w.end();
    write_sections(deps->answer_sections, w, tx, asker, place);
    w.end();
    Reply reply = looked(std::move(body), target.patient, target.id.uuid);
    reply.version = r->version;
    return reply;
  });
}

/// Repeatable: a page that is opened twice, or by somebody else than the addressee, changes nothing.
Result<Work> mark_read(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call, false));
  return Work([deps, asker = Asker(call), target](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, target.patient));
    auto r = find(tx, asker.organization(), target.patient, target.id);
    if (!r) return http::not_found();
    Reply reply;
    if (r->state == State::sent && is_addressee(asker.caller, *r)) {
      CONCORD_TRY_VOID(step(tx, asker, *r, Act::open, place.today));
      if (!store(tx, asker, *r))
        return fail(ErrorCode::conflict, "Somebody else changed this recommendation just now. Look again.");
      deps->chart->refresh_caseload(tx, asker.organization(), target.patient);
      reply = changed(200, to_json(*deps, tx, asker, *r), target.patient, target.id.uuid);
    } else {
      reply = looked(to_json(*deps, tx, asker, *r), target.patient, target.id.uuid);
    }
    reply.version = r->version;
    return reply;
  });
}

Result<Work> edit_draft(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "text", "medication", "dose", "treatment_id", "to_role", "to_user_id", "urgency"});
  json::Edits<Recommendation> edits;
  edits.one_of(body, "kind",
               {"start", "increase", "switch", "augment", "taper", "psychotherapy", "labs", "diagnosis_question", "referral",
                "continue", "other"},
               &Recommendation::kind);
  edits.text(body, "text", 0, kTextBytes, &Recommendation::text);
  edits.text(body, "medication", 200, &Recommendation::medication);
  edits.text(body, "dose", 200, &Recommendation::dose);
  edits.one_of(body, "to_role", {"pcp", "care_manager", "bh_specialist", "patient", ""}, &Recommendation::to_role);
  edits.id(body, "to_user_id", &Recommendation::to);
  edits.one_of(body, "urgency", {"routine", "soon", "urgent"}, &Recommendation::urgency);
  if (const auto treatment = body.optional("treatment_id"); treatment.value()) {
    if (!treatment.present()) edits.add([](Recommendation& r) { r.treatment = std::nullopt; });
    else if (const auto id = treatment.id<Id<struct AnyTreatmentTag>>())
      edits.add([id](Recommendation& r) { r.treatment = id->uuid; });
  }
  if (!issues.empty()) return issues.error();
  return change_of(
      deps, call, target,
      [deps, edits = std::move(edits)](db::Tx& tx, const Asker& asker, const Place&, Recommendation& r) -> Result<void> {
        if (r.state != State::draft)
          return fail(ErrorCode::conflict, "This recommendation has left the draft; withdraw it and write another.");
        edits.apply(r);
        auto wrong = check(r, "");
        check_ids(*deps, tx, asker, r, "", wrong);
        return patients::refuse_if_any(std::move(wrong));
      });
}

Result<Work> send_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  return change_of(deps, call, target,
                   [deps](db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r) -> Result<void> {
                     if (r.state != State::draft) return fail(ErrorCode::conflict, why_not(r.state, Act::send));
                     CONCORD_TRY_VOID(send(*deps, tx, asker, place, r));
                     tell_sent(*deps, tx, asker, r);
                     return {};
                   });
}

Result<Work> answer_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"state", "reason"});
  const auto state = body.required("state").one_of({"accepted", "modified", "declined"});
  const auto reason = std::string(trim(body.optional("reason").string(0, 2000).value_or("")));
  if (state && *state != "accepted" && reason.empty() && issues.empty())
    body.required("reason").issue("say what is changed, or why not");
  if (!issues.empty()) return issues.error();
  const Act act = *state == "accepted" ? Act::accept : *state == "modified" ? Act::modify : Act::decline;
  return change_of(deps, call, target,
                   [deps, act, reason](db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r) -> Result<void> {
                     CONCORD_TRY_VOID(refuse_bystander(asker.caller, r));
                     CONCORD_TRY_VOID(step(tx, asker, r, act, place.today, reason));
                     r.answered_by = asker.caller.user;
                     if (!reason.empty()) r.answer_reason = reason;
                     tell_answered(*deps, tx, asker, r);
                     return {};
                   });
}

Result<Work> finish_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "treatment_id"});
  const auto on = body.optional("on").date();
  const auto treatment = body.optional("treatment_id").id<Id<struct AnyTreatmentTag>>();
  if (!issues.empty()) return issues.error();
  return change_of(deps, call, target,
                   [deps, on, treatment](db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r) -> Result<void> {
                     CONCORD_TRY_VOID(refuse_bystander(asker.caller, r));
                     if (!next(r.state, Act::finish)) return fail(ErrorCode::conflict, why_not(r.state, Act::finish));
                     const Date day = on.value_or(place.today);
                     std::vector<Issue> wrong;
                     patients::check_not_after(day, place.today, "on", wrong);
                     if (r.sent_date && day < *r.sent_date)
                       wrong.push_back({"on", "must not be before the recommendation was sent"});
                     if (treatment && !deps->is_treatment(tx, asker.organization(), r.patient, treatment->uuid))
                       wrong.push_back({"treatment_id", "is no treatment of this patient"});
                     CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
                     if (treatment) r.closed_by_treatment = treatment->uuid;
                     return step(tx, asker, r, Act::finish, day);
                   });
}

Result<Work> judge_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"result", "dose", "weeks", "reason"});
  const auto result = body.required("result").one_of({"adequate", "not_adequate"});
  const auto dose = std::string(trim(body.optional("dose").string(0, 200).value_or("")));
  const auto weeks = body.optional("weeks").integer(0, 520);
  const auto reason = std::string(trim(body.optional("reason").string(0, 2000).value_or("")));
  if (result && *result == "not_adequate" && reason.empty() && issues.empty())
    body.required("reason").issue("say why the trial was not long or high enough");
  if (result && *result == "adequate" && !weeks && issues.empty()) body.required("weeks").issue("say for how many weeks");
  if (!issues.empty()) return issues.error();
  const Act act = *result == "adequate" ? Act::adequate : Act::not_adequate;
  return change_of(
      deps, call, target,
      [act, dose, weeks, reason](db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r) -> Result<void> {
        CONCORD_TRY_VOID(refuse_bystander(asker.caller, r));
        CONCORD_TRY_VOID(step(tx, asker, r, act, place.today, reason));
        if (act == Act::adequate && dose.empty() && r.kind != "psychotherapy")
          return patients::refuse_if_any({{"dose", "say at which dose"}});
        r.trial_dose = dose.empty() ? std::nullopt : std::optional(dose);
        r.trial_weeks = weeks ? std::optional(static_cast<int>(*weeks)) : std::nullopt;
        r.trial_reason = reason.empty() ? std::nullopt : std::optional(reason);
        return {};
      });
}

Result<Work> withdraw_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto target, target_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = body.required("reason").string(1, 2000);
  if (reason && trim(*reason).empty()) body.required("reason").issue("say why");
  if (!issues.empty()) return issues.error();
  return change_of(deps, call, target,
                   [deps, reason = std::string(trim(*reason))](db::Tx& tx, const Asker& asker, const Place& place,
                                                               Recommendation& r) -> Result<void> {
                     if (!may_withdraw(asker.caller, r))
                       return fail(ErrorCode::not_allowed,
                                   "Only the author or a psychiatric consultant withdraws a recommendation.");
                     const bool was_sent = r.state != State::draft;
                     CONCORD_TRY_VOID(step(tx, asker, r, Act::withdraw, place.today, reason));
                     r.withdrawn_reason = reason;
                     if (was_sent && r.to && *r.to != asker.caller.user)
                       deps->notify(tx, asker.organization(),
                                    {*r.to, "recommendation.withdrawn", r.patient, r.id.uuid, r.urgency == "urgent"});
                     return {};
                   });
}

}  // namespace

Result<void> refuse_bystander(const Caller& caller, const Recommendation& r) {
  if (may_answer(caller, r)) return {};
  return fail(ErrorCode::not_allowed, "This recommendation is addressed to somebody else.");
}

void write_patient(json::Writer& w, const std::optional<patients::Patient>& p, PatientId id, Date today) {
  w.object().field("id", id);
  if (p) {
    w.field("name", p->given_name.empty() ? p->family_name : p->family_name + ", " + p->given_name)
        .field("given_name", p->given_name)
        .field("family_name", p->family_name)
        .field("birth_date", p->birth_date)
        .key("age");
    if (p->birth_date) w.value(age_in_years(*p->birth_date, today));
    else w.null();
  } else {
    w.field("name", "").field("given_name", "").field("family_name", "").key("birth_date").null().key("age").null();
  }
  w.end();
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Recommendation& r, const Review* review) {
  std::optional<Review> own;
  if (!review) {
    own = find(tx, asker.organization(), r.patient, r.review);
    review = own ? &*own : nullptr;
  }
  const auto& chart = *deps.chart;
  w.object().field("id", r.id).field("patient_id", r.patient).field("review_id", r.review).key("review_date");
  if (review) w.value(review->date);
  else w.null();
  w.field("position", r.position)
      .field("kind", r.kind)
      .field("text", r.text)
      .field("summary", summary(r, asker.caller.language))
      .field("medication", r.medication)
      .field("dose", r.dose)
      .field("treatment_id", r.treatment)
      .field("to_role", r.to_role)
      .key("to");
  chart.write_user(w, tx, asker.caller, r.to);
  w.field("urgency", r.urgency).field("state", name(r.state)).key("author");
  chart.write_user(w, tx, asker.caller, r.author);
  w.field("created_at", r.created_at)
      .field("sent_date", r.sent_date)
      .field("read_at", r.read_at)
      .field("answered_date", r.answered_date)
      .key("answered_by");
  chart.write_user(w, tx, asker.caller, r.answered_by);
  w.field("answer_reason", r.answer_reason)
      .field("done_date", r.done_date)
      .field("closed_by_treatment_id", r.closed_by_treatment)
      .field("trial_dose", r.trial_dose)
      .field("trial_weeks", r.trial_weeks)
      .field("trial_reason", r.trial_reason)
      .field("withdrawn_reason", r.withdrawn_reason)
      .field("ended_date", r.ended_date)
      .key("may")
      .array();
  for (const auto act : acts_of(asker.caller, r)) w.value(act);
  w.end().field("version", r.version).end();
}

void write_steps(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Recommendation& r) {
  w.array();
  for (const auto& s : list_steps(tx, asker.organization(), r.patient, r.id)) {
    w.object().field("act", s.act).field("from", s.from).field("to", s.to).key("by");
    deps.chart->write_user(w, tx, asker.caller, s.by);
    w.field("role", s.role).field("at", s.at).field("note", s.note).end();
  }
  w.end();
}

Recommendation read_recommendation(const json::Cursor& body, bool with_send) {
  if (with_send) body.only({"kind", "text", "medication", "dose", "treatment_id", "to_role", "to_user_id", "urgency", "send"});
  else body.only({"kind", "text", "medication", "dose", "treatment_id", "to_role", "to_user_id", "urgency"});
  const bool clean = body.issues().empty();
  Recommendation r;
  r.kind = body.required("kind")
               .one_of({"start", "increase", "switch", "augment", "taper", "psychotherapy", "labs", "diagnosis_question",
                        "referral", "continue", "other"})
               .value_or("other");
  r.text = std::string(trim(body.optional("text").string(0, kTextBytes).value_or("")));
  const auto maybe = [&](std::string_view key) { return json::filled(body.optional(key), 200); };
  r.medication = maybe("medication");
  r.dose = maybe("dose");
  if (const auto id = body.optional("treatment_id").id<Id<struct AnyTreatmentTag>>()) r.treatment = id->uuid;
  r.to_role = body.optional("to_role").one_of({"pcp", "care_manager", "bh_specialist", "patient", ""}).value_or("");
  r.to = body.optional("to_user_id").id<UserId>();
  r.urgency = body.optional("urgency").one_of({"routine", "soon", "urgent"}).value_or("routine");
  if (clean && body.issues().empty()) {
    const std::string path = body.path();
    for (auto& issue : check(r, path.empty() ? "" : path + ".")) body.issues().add(std::move(issue.path), std::move(issue.text));
  }
  return r;
}

void check_ids(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r, const std::string& path,
               std::vector<Issue>& issues) {
  deps.chart->check_user(tx, asker.organization(), r.to, path + "to_user_id", issues);
  if (r.treatment && !deps.is_treatment(tx, asker.organization(), r.patient, *r.treatment))
    issues.push_back({path + "treatment_id", "is no treatment of this patient"});
}

Result<void> step(db::Tx& tx, const Asker& asker, Recommendation& r, Act act, Date day, std::string note) {
  const State from = r.state;
  CONCORD_TRY_VOID(take(r, act, day, asker.now));
  insert(tx, asker.organization(), r.patient, r.id,
         Step{std::string(name(act)), std::string(name(from)), std::string(name(r.state)), asker.caller.user, asker.caller.role,
              asker.now, std::move(note)});
  return {};
}

Result<void> send(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r) {
  if (r.to_role.empty()) return step(tx, asker, r, Act::note, place.today);
  if (!r.to) {
    const auto team = deps.team(tx, asker.organization(), place.patient);
    if (r.to_role == "pcp") r.to = team.pcp;
    else if (r.to_role == "care_manager") r.to = team.care_manager;
    else if (r.to_role == "bh_specialist") r.to = team.bh_specialist;
  }
  return step(tx, asker, r, Act::send, place.today);
}

void tell_sent(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r) {
  if (!is_waiting(r.state)) return;
  const bool urgent = r.urgency == "urgent";
  if (r.to && *r.to != asker.caller.user)
    deps.notify(tx, asker.organization(), {*r.to, "recommendation.sent", r.patient, r.id.uuid, urgent, "sent"});
  const auto manager = deps.team(tx, asker.organization(), r.patient).care_manager;
  if (manager && manager != r.to && *manager != asker.caller.user)
    deps.notify(tx, asker.organization(), {*manager, "recommendation.copy", r.patient, r.id.uuid, urgent, "sent"});
}

void tell_answered(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r) {
  const auto manager = deps.team(tx, asker.organization(), r.patient).care_manager;
  if (r.author && *r.author != asker.caller.user)
    deps.notify(tx, asker.organization(), {*r.author, "recommendation.answered", r.patient, r.id.uuid, false, "answered"});
  if (manager && manager != r.author && *manager != asker.caller.user)
    deps.notify(tx, asker.organization(), {*manager, "recommendation.answered", r.patient, r.id.uuid, false, "answered"});
}

Result<void> close_recommendation(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Uuid& id,
                                  const Uuid& treatment, Date day, std::string_view path) {
  auto r = find(tx, asker.organization(), place.patient, RecommendationId(id));
  if (!r)
    return fail(ErrorCode::invalid, "A recommendation is not known.",
                {{std::string(path), "is no recommendation for this patient"}});
  if (is_waiting(r->state)) {
    CONCORD_TRY_VOID(step(tx, asker, *r, Act::accept, place.today));
    r->answered_by = asker.caller.user;
    tell_answered(deps, tx, asker, *r);
  }
  r->closed_by_treatment = treatment;
  // Doing it a while ago and writing it down now is common; before it was sent it cannot have been this advice.
  CONCORD_TRY_VOID(step(tx, asker, *r, Act::finish, r->sent_date ? std::max(day, *r->sent_date) : day));
  if (!store(tx, asker, *r)) return fail(ErrorCode::conflict, "Somebody else changed this recommendation just now. Look again.");
  return {};
}

std::string recommendation_schema() {
  const std::string person = patients::user_schema() + "!";
  return http::schema(
      {{"id", "id!"},
       {"patient_id", "id!"},
       {"review_id", "id!"},
       {"review_date", "date?!"},
       {"position", "integer!"},
       {"kind", "start|increase|switch|augment|taper|psychotherapy|labs|diagnosis_question|referral|continue|other!"},
       {"text", "text!"},
       {"summary", "text!"},
       {"medication", "text?!"},
       {"dose", "text?!"},
       {"treatment_id", "id?!"},
       {"to_role", "text!"},
       {"to", person},
       {"urgency", "routine|soon|urgent!"},
       {"state", "draft|noted|sent|read|accepted|modified|declined|done|adequate_trial|not_adequate|withdrawn!"},
       {"author", person},
       {"created_at", "instant?!"},
       {"sent_date", "date?!"},
       {"read_at", "instant?!"},
       {"answered_date", "date?!"},
       {"answered_by", person},
       {"answer_reason", "text?!"},
       {"done_date", "date?!"},
       {"closed_by_treatment_id", "id?!"},
       {"trial_dose", "text?!"},
       {"trial_weeks", "integer?!"},
       {"trial_reason", "text?!"},
       {"withdrawn_reason", "text?!"},
       {"ended_date", "date?!"},
       {"may", "[]send|answer|done|trial|withdraw!"},
       {"version", "integer!"}});
}

std::vector<http::Route> recommendation_routes(const Kept& deps) {
  using http::Method;
  using http::RunAs;
  const std::string row = recommendation_schema();
  const std::string of_patient = "/api/v1/patients/{patient_id}/recommendations";
  const std::string one = of_patient + "/{recommendation_id}";
  const auto act = [&](std::string_view what, std::string permission, std::string summary_text, std::string schema,
                       Handle handle) {
    return http::Route{Method::post,
                       one + "/" + std::string(what),
                       "recommendations." + std::string(what),
                       std::move(permission),
                       std::move(summary_text),
                       RunAs::write,
                       false,
                       std::move(schema),
                       row,
                       {},
                       handler(deps, handle)};
  };
  const std::string kinds = "start|increase|switch|augment|taper|psychotherapy|labs|diagnosis_question|referral|continue|other";
  return {
      {Method::get,
       "/api/v1/recommendations",
       "recommendations.mine",
       "reviews.read",
       "Open recommendations: urgent first, then unanswered, then oldest",
       RunAs::list,
       false,
       "",
       http::list_schema(http::schema({{"recommendation", row + "!"}, {"patient", "object!"}})),
       {{"for", "me (default: to me, or to my role and nobody by name), mine (written by me), pcp, care_manager, bh_specialist"},
        {"state", "open"},
        {"limit", "1 to 200"},
        {"after", "next of the page before"}},
       handler(deps, list_mine)},
      {Method::get,
       of_patient,
       "recommendations.list",
       "reviews.read",
       "Recommendations of a patient, newest review first",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       handler(deps, list_of_patient)},
      {Method::get,
       one,
       "recommendations.get",
       "reviews.read",
       "One recommendation with its history",
       RunAs::point,
       false,
       "",
       R"({"type":"object"})",
       {},
       handler(deps, get_one)},
      {Method::get,
       one + "/page",
       "recommendations.page",
       "reviews.read",
       "The primary care provider's page: question, trend, recommendation",
       RunAs::point,
       false,
       "",
       http::schema({{"recommendation", row + "!"},
                     {"history", "[]object!"},
                     {"patient", "object!"},
                     {"question", "text?!"},
                     {"consultant", "any!"},
                     {"notes", "text?!"},
                     {"trend", "any!"},
                     {"story", "[]object!"},
                     {"other_recommendations", "[]" + row + "!"}}),
       {},
       handler(deps, get_page)},
      {Method::patch,
       one,
       "recommendations.edit",
       "reviews.write",
       "Changes a draft",
       RunAs::write,
       false,
       http::schema({{"kind", kinds},
                     {"text", "text"},
                     {"medication", "text?"},
                     {"dose", "text?"},
                     {"treatment_id", "id?"},
                     {"to_role", "pcp|care_manager|bh_specialist|patient|"},
                     {"to_user_id", "id?"},
                     {"urgency", "routine|soon|urgent"}},
                    true),
       row,
       {},
       handler(deps, edit_draft)},
      act("read", "reviews.answer", "The addressee has opened it; anybody else's look changes nothing", "", mark_read),
      act("send", "reviews.write", "A draft goes to whom it is for", "", send_one),
      act("answer", "reviews.answer", "Accepts, modifies or declines it",
          http::schema({{"state", "accepted|modified|declined!"}, {"reason", "text"}}, true), answer_one),
      act("done", "reviews.follow", "It was carried out", http::schema({{"on", "date"}, {"treatment_id", "id?"}}, true),
          finish_one),
      act("trial", "reviews.follow", "Was it tried at a sufficient dose for long enough?",
          http::schema({{"result", "adequate|not_adequate!"}, {"dose", "text"}, {"weeks", "integer?"}, {"reason", "text"}}, true),
          judge_one),
      act("withdraw", "reviews.write", "The author or a consultant takes it back", http::schema({{"reason", "text!"}}, true),
          withdraw_one),
  };
}

}  // namespace concord::reviews
