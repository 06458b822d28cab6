#include "referrals/referrals_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "referrals/referrals_store.h"

namespace concord::referrals {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::Place;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Referral& r) {
  const auto organization = asker.organization();
  const Date today = deps.chart->place(asker.caller, asker.now, r.patient, r.site).today;
  w.object().field("id", r.id).key("patient").object().field("id", r.patient);
  if (const auto patient = deps.patient(tx, organization, r.patient))
    w.field("given_name", patient->given_name)
        .field("family_name", patient->family_name)
        .field("birth_date", patient->birth_date)
        .field("phone", patient->phone)
        .field("language", patient->language);
  w.end()
      .field("site_id", r.site)
      .field("referred_by", r.referred_by)
      .field("reason", r.reason)
      .field("received_date", r.received_date)
      .field("age_days", std::max(0, r.outcome_date.value_or(today) - r.received_date))
      .key("attempts")
      .array();
  for (const auto& a : list_attempts(tx, organization, r.id))
    w.object()
        .field("id", a.id)
        .field("at", a.at)
        .field("on", a.on)
        .field("by_name", deps.chart->user_name(tx, organization, a.by))
        .field("modality", a.modality)
        .field("result", a.result)
        .field("note", a.note)
        .end();
  w.end().field("outcome", r.outcome).field("outcome_date", r.outcome_date).field("seen_elsewhere_date", r.seen_elsewhere_date);
  const auto episode = deps.episode_of(tx, organization, r.patient, r.id);
  w.key("episode_id");
  if (episode) w.value(episode->first);
  else w.null();
  w.key("episode_state");
  if (episode) w.value(episodes::name(episode->second));
  else w.null();
  w.field("version", r.version).end();
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Referral& r) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, r);
  return out;
}

Result<Referral> visible(db::Tx& tx, const Asker& asker, ReferralId id) {
  auto found = find(tx, asker.organization(), id);
  if (!found || !asker.caller.may_use(found->site)) return http::not_found();
  return std::move(*found);
}

Reply referral_changed(int status, std::string body, const Referral& r, std::int64_t version) {
  Reply reply = changed(status, std::move(body), r.patient, r.id.uuid);
  reply.events.push_back({"referrals", r.id.uuid});
  reply.version = version;
  return reply;
}

Result<Work> list_referrals(const Kept& deps, const Call& call) {
  CONCORD_TRY(auto page, http::read_page(call.request));
  Status status = Status::open;
  if (const auto word = call.request.parameter("status")) {
    if (*word == "closed") status = Status::closed;
    else if (*word == "all") status = Status::all;
    else if (*word != "open") return http::wrong_filter("status", "must be open, closed or all");
  }
  std::vector<SiteId> sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    sites = {*site};
  }
  std::optional<After> after;
  if (page.after) {  // "2026-03-01_<id>"
    const auto parts = split(*page.after, '_');
    const auto date = parts.size() == 2 ? Date::parse(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? ReferralId::parse(parts[1]) : std::nullopt;
    if (!date || !id) return http::wrong_page();
    after = After{*date, *id};
  }
  return Work([deps, asker = Asker(call), page, status, sites = std::move(sites), after](db::Tx& tx) -> Result<Reply> {
    std::vector<Referral> found;
    for (const auto site : sites)
      for (auto& r : list(tx, asker.organization(), site, status, after, page.limit + 1)) found.push_back(std::move(r));
    const bool oldest_first = status == Status::open;
    std::sort(found.begin(), found.end(), [&](const Referral& a, const Referral& b) {
      const auto left = std::make_pair(a.received_date, a.id), right = std::make_pair(b.received_date, b.id);
      return oldest_first ? left < right : right < left;
    });
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& r : found) write(*deps, w, tx, asker, r);
    w.end().key("next");
    if (more) w.value(found.back().received_date.iso() + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> read_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("referral_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto referral, visible(tx, asker, id));
    Reply reply = looked(to_json(*deps, tx, asker, referral), referral.patient, id.uuid);
    reply.version = referral.version;
    return reply;
  });
}

Result<Work> create_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_id", "site_id", "referred_by", "referred_by_user", "reason", "received_date"});
  const auto patient = body.required("patient_id").id<PatientId>();
  const auto site = body.required("site_id").id<SiteId>();
  const auto referred_by = body.required("referred_by").string(1, 200);
  const auto referred_by_user = body.optional("referred_by_user").id<UserId>();
  const auto reason = body.required("reason").string(1, 2000);
  const auto received = body.optional("received_date").date();
  if (site && !call.caller.may_use(*site)) body.required("site_id").issue("is not one of your sites");
  if (!issues.empty()) return issues.error();
  Referral referral;
  referral.id = ReferralId(deps->chart->ids->next());
  referral.patient = *patient;
  referral.site = *site;
  referral.referred_by = *referred_by;
  referral.referred_by_user = referred_by_user;
  referral.reason = *reason;
  referral.received_at = call.now;
  return Work([deps, asker = Asker(call), referral, received](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY_VOID(chart.find(tx, asker.caller, asker.now, referral.patient));
    const Date today = chart.place(asker.caller, asker.now, referral.patient, referral.site).today;
    Referral row = referral;
    row.received_date = received.value_or(today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.received_date, today, "received_date", wrong);
    chart.check_user(tx, asker.organization(), row.referred_by_user, "referred_by_user", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    CONCORD_TRY_VOID(deps->open_episode(tx, asker, row.patient, row.site, row.id, row.received_date));
    chart.refresh_caseload(tx, asker.organization(), row.patient);
    Reply reply = referral_changed(201, to_json(*deps, tx, asker, row), row, row.version);
    reply.location = "/api/v1/referrals/" + row.id.text();
    return reply;
  });
}

Result<Work> add_attempt(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("referral_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"modality", "result", "note", "on"});
  const auto modality = body.required("modality").one_of({"phone", "video", "in_person", "sms", "email", "portal", "letter"});
  const auto result = body.required("result").one_of(
      {"reached", "no_answer", "message_left", "unable", "wrong_contact", "declined", "support_person"});
  const auto note = body.optional("note").string(0, 5000).value_or("");
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  Attempt attempt;
  attempt.id = deps->chart->ids->next();
  attempt.referral = id;
  attempt.at = call.now;
  attempt.by = call.caller.user;
  attempt.modality = *modality;
  attempt.result = *result;
  attempt.note = note;
  return Work([deps, asker = Asker(call), id, attempt, on](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto referral, visible(tx, asker, id));
    const Date today = chart.place(asker.caller, asker.now, referral.patient, referral.site).today;
    Attempt row = attempt;
    row.on = on.value_or(today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.on, today, "on", wrong);
    if (row.on < referral.received_date) wrong.push_back({"on", "must not be before the referral"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    chart.refresh_caseload(tx, asker.organization(), referral.patient);
    Reply reply = referral_changed(201, to_json(*deps, tx, asker, referral), referral, referral.version);
    reply.location = "/api/v1/referrals/" + id.text();
    reply.audit_detail = "result=" + row.result;
    return reply;
  });
}

Result<Work> end_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("referral_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"outcome", "on", "reason"});
  const auto outcome =
      body.required("outcome").one_of({"enrolled", "declined", "unreachable", "other_level_of_care", "not_eligible"});
  const auto on = body.optional("on").date();
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, outcome = *outcome, reason, on](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto before, visible(tx, asker, id));
    if (before.version != version) return stale(asker.request_id, to_json(*deps, tx, asker, before), before.patient, id.uuid);
    if (before.outcome) return fail(ErrorCode::conflict, "This referral has an outcome already.");
    const Date today = chart.place(asker.caller, asker.now, before.patient, before.site).today;
    const Date day = on.value_or(today);
    std::vector<Issue> wrong;
    patients::check_not_after(day, today, "on", wrong);
    if (day < before.received_date) wrong.push_back({"on", "must not be before the referral"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (outcome == "enrolled") {
      const auto episode = deps->episode_of(tx, asker.organization(), before.patient, id);
      if (!episode || !episodes::is_enrolled(episode->second))
        return fail(ErrorCode::conflict, "The patient is not enrolled. Enrol the episode; the outcome follows by itself.");
    }
    if (!set_outcome(tx, asker.organization(), before, outcome, day))
      return stale(asker.request_id, to_json(*deps, tx, asker, before), before.patient, id.uuid);
    if (outcome != "enrolled") CONCORD_TRY_VOID(deps->close_episode(tx, asker, before.patient, id, outcome, reason, day));
    chart.refresh_caseload(tx, asker.organization(), before.patient);
    Referral after = before;
    after.outcome = outcome;
    after.outcome_date = day;
    ++after.version;
    Reply reply = referral_changed(200, to_json(*deps, tx, asker, after), after, after.version);
    reply.audit_detail = "outcome=" + outcome;
    return reply;
  });
}

Result<Work> confirm_seen_elsewhere(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("referral_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on"});
  const auto on = body.required("on").date();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, day = *on](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto before, visible(tx, asker, id));
    if (before.version != version) return stale(asker.request_id, to_json(*deps, tx, asker, before), before.patient, id.uuid);
    if (before.outcome != "other_level_of_care")
      return fail(ErrorCode::conflict, "Only a referral to another level of care is confirmed as seen there.");
    const Date today = chart.place(asker.caller, asker.now, before.patient, before.site).today;
    std::vector<Issue> wrong;
    patients::check_not_after(day, today, "on", wrong);
    if (day < before.received_date) wrong.push_back({"on", "must not be before the referral"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!set_seen_elsewhere(tx, asker.organization(), before, day))
      return stale(asker.request_id, to_json(*deps, tx, asker, before), before.patient, id.uuid);
    chart.refresh_caseload(tx, asker.organization(), before.patient);
    Referral after = before;
    after.seen_elsewhere_date = day;
    ++after.version;
    return referral_changed(200, to_json(*deps, tx, asker, after), after, after.version);
  });
}

std::string referral_schema() {
  const std::string patient = http::schema({{"id", "id!"},
                                            {"given_name", "text!"},
                                            {"family_name", "text!"},
                                            {"birth_date", "date?"},
                                            {"phone", "text?"},
                                            {"language", "text?"}});
  const std::string attempt = http::schema({{"id", "id!"},
                                            {"at", "instant!"},
                                            {"on", "date!"},
                                            {"by_name", "text?!"},
                                            {"modality", "text!"},
                                            {"result", "text!"},
                                            {"note", "text!"}});
  return http::schema({{"id", "id!"},
                       {"patient", patient + "!"},
                       {"site_id", "id!"},
                       {"referred_by", "text!"},
                       {"reason", "text!"},
                       {"received_date", "date!"},
                       {"age_days", "integer!"},
                       {"attempts", "[]" + attempt + "!"},
                       {"outcome", "enrolled|declined|unreachable|other_level_of_care|not_eligible?!"},
                       {"outcome_date", "date?!"},
                       {"seen_elsewhere_date", "date?!"},
                       {"episode_id", "id?!"},
                       {"episode_state", "text?!"},
                       {"version", "integer!"}});
}

}  // namespace

void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& r : list(tx, asker.organization(), place.patient))
    if (asker.caller.may_use(r.site)) write(deps, w, tx, asker, r);
  w.end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = referral_schema();
  return {
      {Method::get,
       "/api/v1/referrals",
       "referrals.list",
       "referrals.read",
       "Who waits, or all referrals",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {{"site", "one of your sites; all of them when absent"},
        {"status", "open (default, longest waiting first), closed or all (newest first)"},
        {"limit", "1 to 200"},
        {"after", "page key"}},
       handler(list_referrals)},
      {Method::post,
       "/api/v1/referrals",
       "referrals.create",
       "referrals.write",
       "A new referral; opens an episode",
       RunAs::write,
       true,
       http::schema({{"patient_id", "id!"},
                     {"site_id", "id!"},
                     {"referred_by", "text!"},
                     {"referred_by_user", "id"},
                     {"reason", "text!"},
                     {"received_date", "date"}},
                    true),
       row,
       {},
       handler(create_referral)},
      {Method::get,
       "/api/v1/referrals/{referral_id}",
       "referrals.read",
       "referrals.read",
       "One referral",
       RunAs::point,
       false,
       "",
       row,
       {},
       handler(read_referral)},
      {Method::post,
       "/api/v1/referrals/{referral_id}/attempts",
       "referrals.attempt",
       "referrals.write",
       "An attempt to reach the person",
       RunAs::write,
       true,
       http::schema({{"modality", "phone|video|in_person|sms|email|portal|letter!"},
                     {"result", "reached|no_answer|message_left|unable|wrong_contact|declined|support_person!"},
                     {"note", "text"},
                     {"on", "date"}},
                    true),
       row,
       {},
       handler(add_attempt)},
      {Method::post,
       "/api/v1/referrals/{referral_id}/outcome",
       "referrals.outcome",
       "referrals.write",
       "How the referral ended; all but enrolled close the episode",
       RunAs::write,
       false,
       http::schema(
           {{"outcome", "enrolled|declined|unreachable|other_level_of_care|not_eligible!"}, {"on", "date"}, {"reason", "text"}},
           true),
       row,
       {},
       handler(end_referral)},
      {Method::post,
       "/api/v1/referrals/{referral_id}/seen-elsewhere",
       "referrals.seen_elsewhere",
       "referrals.write",
       "The patient was seen at the other level of care",
       RunAs::write,
       false,
       http::schema({{"on", "date!"}}, true),
       row,
       {},
       handler(confirm_seen_elsewhere)},
  };
}

}  // namespace concord::referrals
