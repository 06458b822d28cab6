#include "portal/accounts_api.h"

#include <algorithm>

#include "base/text.h"
#include "base/zone.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "portal/accounts_store.h"

namespace concord::portal {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using patients::Place;

constexpr int kMostRows = 100;  // of invitations or trusted persons of one patient in an answer

Date expires_on(const Grant& grant, std::string_view zone) {
  return local_date(grant.expires_at - std::chrono::microseconds(1), zone);
}

Instant end_of_months(Date today, int months, std::string_view zone) {
  return at_local_time(today.plus_months(months).plus_days(1), 0, zone);
}

/// `for_patient`: the patient's own words ("you") and the whole address; staff get "patient" and a masked one.
void write_grant(const Deps& deps, json::Writer& w, const Grant& g, const patients::Patient& patient, std::string_view zone,
                 Instant now, bool for_patient) {
  w.object().field("id", g.id).field("name", g.name).field("relationship", g.relationship).field("kind", g.kind);
  w.field("channel", g.channel).field("address", for_patient ? g.address : masked({g.channel, g.address}));
  w.key("scopes").array();
  for (const auto& scope : g.scopes) w.value(scope);
  w.end().field("part2", g.part2).field("language", g.language);
  w.field("state", state_of(g, patient.birth_date, deps.age_rules(), zone, now)).field("invited_at", g.invited_at);
  w.field("invited_by", g.invited_by_user ? "staff" : for_patient ? "you" : "patient");
  w.field("wish", g.wish)
      .field("agreed_at", g.agreed_at)
      .field("accepted_at", g.accepted_at)
      .field("expires_on", expires_on(g, zone));
  w.field("ended_at", g.ended_at).key("ended_by");
  if (!g.ended_by) w.null();
  else if (*g.ended_by == "patient") w.value(for_patient ? "you" : "patient");
  else if (*g.ended_by == "trusted_person") w.value("they");
  else w.value("staff");
  w.field("last_used_at", g.last_used_at).field("version", g.version).end();
}

std::string grant_schema() {
  return http::schema({{"id", "id!"},
                       {"name", "text!"},
                       {"relationship", "text!"},
                       {"kind", "trusted|guardian!"},
                       {"channel", "mail|sms!"},
                       {"address", "text!"},
                       {"scopes", "[]text!"},
                       {"part2", "boolean!"},
                       {"language", "text!"},
                       {"state", "invited|active|ended|expired|ask_again!"},
                       {"invited_at", "instant!"},
                       {"invited_by", "you|patient|staff!"},
                       {"wish", "text?!"},
                       {"agreed_at", "instant!"},
                       {"accepted_at", "instant?!"},
                       {"expires_on", "date!"},
                       {"ended_at", "instant?!"},
                       {"ended_by", "text?!"},
                       {"last_used_at", "instant?!"},
                       {"version", "integer!"}});
}

void write_invitation(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, const Invitation& i,
                      Instant now) {
  w.object().field("id", i.id).field("channel", i.channel).field("for", i.grant ? "trusted_person" : "patient");
  w.field("state", state_of(i, now)).field("made_at", i.made_at).key("made_by");
  deps.chart->write_user(w, tx, organization, i.made_by);
  w.field("expires_at", i.expires_at).field("accepted_at", i.accepted_at).field("ended_at", i.ended_at);
  w.field("tries_left", std::max(0, kBirthDateTries - i.tries)).end();
}

std::string invitation_schema() {
  return http::schema({{"id", "id!"},
                       {"channel", "mail|sms!"},
                       {"for", "patient|trusted_person!"},
                       {"state", "open|accepted|ended|expired!"},
                       {"made_at", "instant!"},
                       {"made_by", "object?!"},
                       {"expires_at", "instant!"},
                       {"accepted_at", "instant?!"},
                       {"ended_at", "instant?!"},
                       {"tries_left", "integer!"}});
}

Result<void> refuse(std::string_view problem) {
  if (problem.empty()) return {};
  if (problem == "too_young")
    return fail(ErrorCode::conflict, "A child of this age has no account of their own. Invite a guardian instead.");
  if (problem == "no_birth_date")
    return fail(ErrorCode::conflict, "Record the birth date first: the patient is asked for it when they open the link.");
  const auto text = problem == "no_address"       ? "is not on the patient's record, or cannot be written to"
                    : problem == "shared_address" ? "is also a trusted person's; ask the patient for one of their own"
                                                  : "belongs to somebody else's account; ask the patient for one of their own";
  return fail(ErrorCode::invalid, "The invitation cannot go there.", {{"channel", text}});
}

// ---- staff

Result<std::string> read_reason(const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return *reason;
}

void write_account(json::Writer& w, db::Tx& tx, const std::optional<Account>& account) {
  w.key("account");
  if (!account) {
    w.null();
    return;
  }
  w.object().field("id", account->id).field("state", account->ended_at ? "ended" : "active");
  w.field("display_name", account->display_name).key("channels").array();
  for (const auto& contact : contacts_of(tx, account->organization, account->id)) w.value(contact.channel);
  w.end().field("created_at", account->created_at).field("last_active_at", last_active(tx, account->organization, account->id));
  w.field("ended_at", account->ended_at).field("ended_because", account->ended_because).end();
}

std::string state_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const patients::Patient& patient) {
  std::string out;
  json::Writer w(out);
  w.object();
  const auto account = last_account_of_patient(tx, asker.organization(), patient.id);
  write_account(w, tx, account);
  std::string_view problem = account && !account->ended_at ? "has_account" : "";
  w.key("can_invite").object().key("channels").array();
  if (problem.empty()) {
    std::string_view mail = invitation_problem(deps, tx, asker.organization(), patient, "mail", place.today);
    const std::string_view sms = invitation_problem(deps, tx, asker.organization(), patient, "sms", place.today);
    if (mail.empty()) w.value("mail");
    if (sms.empty()) w.value("sms");
    if (!mail.empty() && !sms.empty()) problem = mail == "no_address" ? sms : mail;
  }
  w.end().key("problem");
  if (problem.empty()) w.null();
  else w.value(problem);
  const auto stage = stage_of(patient.birth_date, place.today, deps.age_rules());
  w.end().field("stage", stage == Stage::child ? "child" : stage == Stage::adolescent ? "adolescent" : "adult");
  w.key("invitations").array();
  for (const auto& i : list_invitations(tx, asker.organization(), patient.id, kMostRows))
    write_invitation(deps, w, tx, asker.organization(), i, asker.now);
  w.end().key("trusted_persons").array();
  for (const auto& g : list_grants(tx, asker.organization(), patient.id, kMostRows))
    write_grant(deps, w, g, patient, place.zone, asker.now, false);
  w.end().end();
  return out;
}

struct Found {
  Place place;
  patients::Patient patient;
};
Result<Found> find_patient(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId id) {
  CONCORD_TRY(auto place, deps.chart->find(tx, asker.caller, asker.now, id));
  auto patient = deps.patient(tx, asker.organization(), id);
  if (!patient) return http::not_found();
  return Found{std::move(place), std::move(*patient)};
}

Result<Work> show_state(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([&deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, id));
    return patients::looked(state_json(deps, tx, asker, found.place, found.patient), id, id.uuid);
  });
}

Result<Work> make_invitation(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"channel"});
  const auto channel = body.required("channel").one_of({"mail", "sms"});
  if (!issues.empty()) return issues.error();
  return Work([&deps, asker = Asker(call), id, channel = *channel](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(find_patient(deps, tx, asker, id));
    CONCORD_TRY(const auto made, invite_patient(deps, tx, asker.organization(), id, channel, asker.caller.user, asker.now));
    std::string out;
    json::Writer w(out);
    write_invitation(deps, w, tx, asker.organization(), made, asker.now);
    Reply reply = patients::changed(201, std::move(out), id, made.id.uuid);
    reply.location = "/api/v1/patients/" + id.text() + "/portal";
    reply.audit_detail = "channel=" + channel;
    return reply;
  });
}

Result<Work> stop_invitation(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto invitation, call.path_id<InvitationId>("invitation_id"));
  CONCORD_TRY(const auto reason, read_reason(call));
  return Work([&deps, asker = Asker(call), id, invitation, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(find_patient(deps, tx, asker, id));
    const auto before = find_invitation(tx, asker.organization(), id, invitation);
    if (!before) return http::not_found();
    if (!end_invitation(tx, asker.organization(), id, invitation, asker.now, reason))
      return fail(ErrorCode::conflict, "This invitation is over already.");
    std::string out;
    json::Writer w(out);
    write_invitation(deps, w, tx, asker.organization(), *find_invitation(tx, asker.organization(), id, invitation), asker.now);
    return patients::changed(200, std::move(out), id, invitation.uuid);
  });
}

Result<Work> stop_access(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto reason, read_reason(call));
  return Work([&deps, asker = Asker(call), id, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, id));
    CONCORD_TRY_VOID(end_access(tx, asker.organization(), id, asker.now, reason));
    return patients::changed(200, state_json(deps, tx, asker, found.place, found.patient), id, id.uuid);
  });
}

// ---- trusted persons

struct Asked {
  std::string name, relationship, kind = "trusted", channel, address, language;
  std::vector<std::string> scopes;
  bool part2 = false;
  int months = 0;
  std::optional<std::string> wish;
};

std::vector<std::string> scopes_of(const json::Cursor& list) {
  std::string text;
  list.each([&](const json::Cursor& item) {
    const auto scope = item.string(1, 40);
    if (scope && !is_scope(*scope)) item.issue("is no scope");
    if (scope) text += *scope + ' ';
  });
  return read_scopes(text, ' ');
}

Result<Asked> read_asked(const Call& call, const Deps& deps, bool by_staff) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  if (by_staff)
    body.only({"name", "relationship", "kind", "channel", "address", "scopes", "part2", "months", "language", "wish"});
  else body.only({"name", "relationship", "channel", "address", "scopes", "part2", "months", "language"});
  Asked a;
  a.name = trim(body.required("name").string(1, 120).value_or(""));
  a.relationship = body.optional("relationship").string(0, 80).value_or("");
  if (by_staff) {
    a.kind = body.required("kind").one_of({"trusted", "guardian"}).value_or("");
    a.wish = body.required("wish").string(3, 1000);
  }
  a.channel = body.required("channel").one_of({"mail", "sms"}).value_or("");
  const auto typed = body.required("address").string(3, 200);
  if (typed) {
    const auto contact = contact_point(*typed);
    if (!contact || contact->channel != a.channel) body.required("address").issue("is no address of this kind");
    else a.address = contact->address;
  }
  a.scopes = scopes_of(body.required("scopes"));
  if (a.scopes.empty()) body.required("scopes").issue("must name at least one thing to share");
  a.part2 = body.optional("part2").boolean().value_or(false);
  a.months = static_cast<int>(body.optional("months").integer(1, 24).value_or(deps.trusted_months));
  a.language = body.optional("language").one_of({"en", "es"}).value_or(call.caller.language);
  if (!issues.empty()) return issues.error();
  return a;
}

/// Whom nobody may name as trusted: the patient, through an address of theirs, and somebody who is named already.
Result<void> check_address(db::Tx& tx, OrganizationId organization, const patients::Patient& patient, const Asked& asked) {
  const auto same = [&](const ContactPoint& contact) { return folded(contact) == folded({asked.channel, asked.address}); };
  bool own = false;
  for (const auto* channel : {"mail", "sms"})
    if (const auto contact = on_record(patient, channel); contact && same(*contact)) own = true;
  if (const auto account = account_of_patient(tx, organization, patient.id))
    for (const auto& contact : contacts_of(tx, organization, account->id)) own = own || same(contact);
  if (own)
    return fail(ErrorCode::invalid, "A trusted person needs an address of their own.",
                {{"address", "is the patient's own; somebody who shares it could not be told apart"}});
  for (const auto& g : list_grants(tx, organization, patient.id, kMostRows))
    if (!g.ended_at && same({g.channel, g.address}))
      return fail(ErrorCode::conflict, "This person is invited already. Change what they may see, or stop it first.");
  return {};
}

Result<Reply> share(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const patients::Patient& patient,
                    const Asked& asked) {
  const auto stage = stage_of(patient.birth_date, place.today, deps.age_rules());
  if (asked.kind == "guardian" && stage == Stage::adult)
    return fail(ErrorCode::invalid, "An adult has no guardian here.", {{"kind", "must be trusted: the patient is an adult"}});
  CONCORD_TRY_VOID(check_address(tx, asker.organization(), patient, asked));
  const bool by_patient = asker.caller.kind == ActorKind::patient;
  Grant g;
  g.patient = patient.id;
  g.id = GrantId(deps.chart->ids->next());
  g.kind = asked.kind;
  g.name = asked.name;
  g.relationship = asked.relationship;
  g.channel = asked.channel;
  g.address = asked.address;
  g.language = asked.language;
  g.scopes = asked.scopes;
  g.part2 = asked.part2;
  if (by_patient) g.invited_by_account = asker.caller.user;
  else g.invited_by_user = asker.caller.user;
  g.wish = asked.wish;
  g.invited_at = g.agreed_at = asker.now;
  g.expires_at = end_of_months(place.today, asked.months, place.zone);
  insert_grant(tx, asker.organization(), g, {by_patient ? "patient" : "staff", asker.caller.user});
  Invitation letter;
  letter.patient = patient.id;
  letter.grant = g.id;
  letter.channel = g.channel;
  letter.address = g.address;
  if (!by_patient) letter.made_by = asker.caller.user;
  CONCORD_TRY_VOID(invite(deps, tx, asker.organization(), letter, "portal.trusted_invited", g.language, asker.now));
  std::string out;
  json::Writer w(out);
  write_grant(deps, w, g, patient, place.zone, asker.now, by_patient);
  Reply reply = patients::changed(201, std::move(out), patient.id, g.id.uuid);
  reply.location = by_patient ? "/api/v1/portal/trusted-persons" : "/api/v1/patients/" + patient.id.text() + "/portal";
  reply.version = g.version;
  reply.audit_detail = "scopes=" + join(g.scopes, ',');
  return reply;
}

Reply grant_reply(const Deps& deps, const Grant& grant, const Found& found, Instant now, bool for_patient) {
  std::string out;
  json::Writer w(out);
  write_grant(deps, w, grant, found.patient, found.place.zone, now, for_patient);
  Reply reply = patients::changed(200, std::move(out), grant.patient, grant.id.uuid);
  reply.version = grant.version;
  reply.audit_detail = "scopes=" + join(grant.scopes, ',');
  return reply;
}

Result<Work> staff_share(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto asked, read_asked(call, deps, true));
  return Work([&deps, asker = Asker(call), id, asked](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, id));
    return share(deps, tx, asker, found.place, found.patient, asked);
  });
}

Result<Work> staff_stop(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto grant, call.path_id<GrantId>("grant_id"));
  CONCORD_TRY(const auto reason, read_reason(call));
  return Work([&deps, asker = Asker(call), id, grant, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, id));
    const auto before = find_grant(tx, asker.organization(), grant);
    if (!before || before->patient != id) return http::not_found();
    if (!end_grant(tx, asker.organization(), *before, asker.now, {"staff", asker.caller.user}, reason))
      return fail(ErrorCode::conflict, "This has ended already.");
    return grant_reply(deps, *find_grant(tx, asker.organization(), grant), found, asker.now, false);
  });
}

Result<Work> list_mine(const Deps& deps, const Call& call) {
  return Work([&deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(require_self(asker.caller));
    const auto id = patient_of(asker.caller);
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, id));
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& g : list_grants(tx, asker.organization(), id, kMostRows))
      write_grant(deps, w, g, found.patient, found.place.zone, asker.now, true);
    w.end().key("next").null().end();
    return patients::looked(std::move(out), id, id.uuid);
  });
}

Result<Work> share_mine(const Deps& deps, const Call& call) {
  CONCORD_TRY_VOID(require_self(call.caller));
  CONCORD_TRY(const auto asked, read_asked(call, deps, false));
  return Work([&deps, asker = Asker(call), asked, hash = session_hash(deps, call.request)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(require_proof(tx, hash, asker.now));
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, patient_of(asker.caller)));
    return share(deps, tx, asker, found.place, found.patient, asked);
  });
}

Result<Work> change_mine(const Deps& deps, const Call& call) {
  CONCORD_TRY_VOID(require_self(call.caller));
  CONCORD_TRY(const auto id, call.path_id<GrantId>("grant_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"scopes", "part2", "months"});
  std::optional<std::vector<std::string>> scopes;
  if (const auto list = body.optional("scopes"); list.present()) {
    scopes = scopes_of(list);
    if (scopes->empty()) list.issue("must name at least one thing to share; stop it to share nothing");
  }
  const auto part2 = body.optional("part2").boolean();
  const auto months = body.optional("months").integer(1, 24);
  if (!issues.empty()) return issues.error();
  return Work([&deps, asker = Asker(call), id, version, scopes, part2, months,
               hash = session_hash(deps, call.request)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(require_proof(tx, hash, asker.now));
    const auto patient = patient_of(asker.caller);
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, patient));
    auto g = find_grant(tx, asker.organization(), id);
    if (!g || g->patient != patient) return http::not_found();
    if (g->ended_at) return fail(ErrorCode::conflict, "This has ended. Invite the person again.");
    if (g->version == version) {
      const bool is_over = asker.now >= g->expires_at;
      if (scopes) g->scopes = *scopes;
      if (part2) g->part2 = *part2;
      if (months || is_over)
        g->expires_at =
            end_of_months(found.place.today, static_cast<int>(months.value_or(deps.trusted_months)), found.place.zone);
      if (change_grant(tx, asker.organization(), *g, version, asker.now, {"patient", asker.caller.user}))
        return grant_reply(deps, *find_grant(tx, asker.organization(), id), found, asker.now, true);
    }
    g = find_grant(tx, asker.organization(), id);
    std::string current;
    json::Writer w(current);
    write_grant(deps, w, *g, found.patient, found.place.zone, asker.now, true);
    return patients::stale(asker.request_id, current, patient, id.uuid);
  });
}

/// One tap: no proof is asked for. The patient stops anybody, a trusted person themselves.
Result<Work> stop_mine(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<GrantId>("grant_id"));
  std::string reason = "stopped";
  if (!call.request.body.empty()) {
    CONCORD_TRY(const auto document, http::read_json(call.request));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"reason"});
    reason = body.optional("reason").string(1, 500).value_or(reason);
    if (!issues.empty()) return issues.error();
  }
  return Work([&deps, asker = Asker(call), id, reason](db::Tx& tx) -> Result<Reply> {
    const auto patient = patient_of(asker.caller);
    CONCORD_TRY(const auto found, find_patient(deps, tx, asker, patient));
    const auto g = find_grant(tx, asker.organization(), id);
    const bool by_patient = asker.caller.kind == ActorKind::patient;
    if (!g || g->patient != patient || (!by_patient && g->account != asker.caller.user)) return http::not_found();
    const By by{by_patient ? "patient" : "trusted_person", asker.caller.user};
    if (!end_grant(tx, asker.organization(), *g, asker.now, by, reason))
      return fail(ErrorCode::conflict, "This has ended already.");
    if (by_patient) return grant_reply(deps, *find_grant(tx, asker.organization(), id), found, asker.now, true);
    // They are out with this very request: the answer holds nothing of the patient's any more.
    Reply reply = patients::changed(200, "{\"state\":\"ended\"}", patient, id.uuid);
    return reply;
  });
}

}  // namespace

std::optional<ContactPoint> on_record(const patients::Patient& patient, std::string_view channel) {
  const auto& text = channel == "mail" ? patient.email : patient.phone;
  auto contact = text ? contact_point(*text) : std::nullopt;
  if (!contact || contact->channel != channel) return std::nullopt;
  return contact;
}

std::string_view invitation_problem(const Deps& deps, db::Tx& tx, OrganizationId organization, const patients::Patient& patient,
                                    std::string_view channel, Date today) {
  if (!patient.birth_date) return "no_birth_date";
  if (stage_of(patient.birth_date, today, deps.age_rules()) == Stage::child) return "too_young";
  const auto contact = on_record(patient, channel);
  if (!contact) return "no_address";
  for (const auto& grant : list_grants(tx, organization, patient.id, kMostRows))
    if (!grant.ended_at && folded({grant.channel, grant.address}) == folded(*contact)) return "shared_address";
  if (const auto other = account_by_contact(tx, organization, folded(*contact))) {
    if (other->patient && other->patient != patient.id) return "address_taken";
    // A parent's or friend's account opens with it: that of somebody who is or was trusted with this record.
    for (const auto& grant : list_grants(tx, organization, patient.id, kMostRows))
      if (grant.account == other->id) return "shared_address";
  }
  return {};
}

Result<Invitation> invite_patient(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId id,
                                  std::string_view channel, const std::optional<UserId>& by, Instant now) {
  const auto patient = deps.patient(tx, organization, id);
  if (!patient) return http::not_found();
  if (patient->deceased_date) return fail(ErrorCode::conflict, "This patient has died.");
  if (account_of_patient(tx, organization, id)) return fail(ErrorCode::conflict, "This patient uses the portal already.");
  const Date today = local_date(now, deps.zone(tx, organization, patient->site));
  CONCORD_TRY_VOID(refuse(invitation_problem(deps, tx, organization, *patient, channel, today)));
  end_open_invitations(tx, organization, id, now, "a newer one was sent");
  Invitation letter;
  letter.patient = id;
  letter.channel = channel;
  letter.address = on_record(*patient, channel)->address;
  letter.made_by = by;
  return invite(deps, tx, organization, letter, "portal.invited", std::nullopt, now);
}

Result<void> end_access(db::Tx& tx, OrganizationId organization, PatientId patient, Instant now, std::string_view because) {
  const auto account = account_of_patient(tx, organization, patient);
  bool any = false;
  for (const auto& i : list_invitations(tx, organization, patient, kMostRows))
    any = any || (!i.grant && state_of(i, now) == "open");
  if (!account && !any) return http::not_found();
  end_open_invitations(tx, organization, patient, now, because);
  if (!account) return {};
  // Somebody who is trusted by others keeps that: the account loses this record and every session.
  if (!grants_of(tx, organization, account->id).empty()) drop_patient(tx, organization, account->id, now, because);
  else end_account(tx, organization, account->id, now, because);
  return {};
}

std::vector<http::Route> account_routes(const Deps& deps) {
  using Step = Result<Work> (*)(const Deps&, const Call&);
  const auto handler = [&deps](Step step) -> http::Handler {
    return [&deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  const std::string account = http::schema({{"id", "id!"},
                                            {"state", "active|ended!"},
                                            {"display_name", "text!"},
                                            {"channels", "[]text!"},
                                            {"created_at", "instant!"},
                                            {"last_active_at", "instant?!"},
                                            {"ended_at", "instant?!"},
                                            {"ended_because", "text?!"}});
  const std::string can_invite = http::schema({{"channels", "[]text!"}, {"problem", "text?!"}});
  const std::string state = http::schema({{"account", R"({"anyOf":[{"type":"null"},)" + account + "]}!"},
                                          {"can_invite", can_invite + "!"},
                                          {"stage", "child|adolescent|adult!"},
                                          {"invitations", "[]" + invitation_schema() + "!"},
                                          {"trusted_persons", "[]" + grant_schema() + "!"}});
  const std::string reason = http::schema({{"reason", "text!"}}, true);
  const std::string of_patient = "/api/v1/patients/{patient_id}";
  const std::string mine = "/api/v1/portal/trusted-persons";
  std::vector<http::Route> routes;
  const auto add = [&](Method method, std::string pattern, std::string name, std::string permission, std::string summary,
                       std::string request, std::string response, Step step, bool creates = false) -> http::Route& {
    http::Route r;
    r.method = method;
    r.pattern = std::move(pattern);
    r.name = std::move(name);
    r.permission = std::move(permission);
    r.summary = std::move(summary);
    r.run_as = method == Method::get ? http::RunAs::point : http::RunAs::write;
    r.creates = creates;
    r.request_schema = std::move(request);
    r.response_schema = std::move(response);
    r.handler = handler(step);
    if (r.permission == "portal.use") r.audience = http::Audience::portal;
    routes.push_back(std::move(r));
    return routes.back();
  };
  add(Method::get, of_patient + "/portal", "portal.state", "portal.read",
      "Whether the patient uses the portal, invitations, whom they trust", "", state, show_state);
  add(Method::post, of_patient + "/portal-invitations", "portal.invite", "portal.write",
      "Sends the patient a link to make an account, to the contact point of the record",
      http::schema({{"channel", "mail|sms!"}}, true), invitation_schema(), make_invitation, true);
  add(Method::post, of_patient + "/portal-invitations/{invitation_id}/end", "portal.end_invitation", "portal.write",
      "The link stops working at once", reason, invitation_schema(), stop_invitation);
  add(Method::post, of_patient + "/portal/end", "portal.end", "portal.write", "Ends the patient's account and sessions at once",
      reason, state, stop_access);
  add(Method::post, of_patient + "/trusted-persons", "trusted_persons.invite", "portal.write",
      "Invites a trusted person or guardian because the patient wishes it",
      http::schema({{"name", "text!"},
                    {"relationship", "text"},
                    {"kind", "trusted|guardian!"},
                    {"channel", "mail|sms!"},
                    {"address", "text!"},
                    {"scopes", "[]text!"},
                    {"part2", "boolean"},
                    {"months", "integer"},
                    {"language", "en|es"},
                    {"wish", "text!"}},
                   true),
      grant_schema(), staff_share, true);
  add(Method::post, of_patient + "/trusted-persons/{grant_id}/end", "trusted_persons.end", "portal.write",
      "A trusted person's access ends at once", reason, grant_schema(), staff_stop);
  add(Method::get, mine, "portal_trusted.list", "portal.use", "Whom I trust, and what they may see", "",
      http::list_schema(grant_schema()), list_mine);
  add(Method::post, mine, "portal_trusted.invite", "portal.use", "Invites somebody I trust",
      http::schema({{"name", "text!"},
                    {"relationship", "text"},
                    {"channel", "mail|sms!"},
                    {"address", "text!"},
                    {"scopes", "[]text!"},
                    {"part2", "boolean"},
                    {"months", "integer"},
                    {"language", "en|es"}},
                   true),
      grant_schema(), share_mine, true);
  add(Method::patch, mine + "/{grant_id}", "portal_trusted.change", "portal.use",
      "Changes or renews what somebody I trust may see",
      http::schema({{"scopes", "[]text"}, {"part2", "boolean"}, {"months", "integer"}}, true), grant_schema(), change_mine);
  add(Method::post, mine + "/{grant_id}/stop", "portal_trusted.stop", "portal.use", "Stops it at once",
      http::schema({{"reason", "text"}}, true), grant_schema(), stop_mine);
  return routes;
}

}  // namespace concord::portal
