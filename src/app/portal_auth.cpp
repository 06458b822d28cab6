#include "app/portal_auth.h"

#include <sodium.h>

#include <algorithm>

#include "app/portal_auth_parts.h"
#include "audit/audit_store.h"
#include "base/log.h"
#include "base/text.h"
#include "base/zone.h"
#include "http/replies.h"
#include "http/security.h"
#include "identity/identity.h"
#include "json/cursor.h"
#include "portal/accounts_api.h"
#include "portal/totp.h"

namespace concord::app {
namespace {

using http::Request;
using http::Response;
using portal::Account;
using portal::Code;
using portal::ContactPoint;
using portal::Grant;
using portal::GrantId;
using portal::Session;

tl::unexpected<Error> wrong_credentials() {
  return fail(ErrorCode::wrong_credentials, "This does not match. Check it, or ask for a new code.");
}

tl::unexpected<Error> no_invitation() {
  return fail(ErrorCode::not_found, "This link does not work any more. Ask your clinic for a new one.");
}

std::string code_hash(std::string_view token, const Uuid& id, std::string_view digits) {
  std::string text(token);
  text += '|';
  id.append_text(text);
  text += '|';
  text += digits;
  return identity::token_hash(text);
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_digits() {
  std::string digits;
  for (int i = 0; i < portal::kCodeDigits; ++i) digits += static_cast<char>('0' + randombytes_uniform(10));
  return digits;
}

}  // namespace

bool NetworkLimit::take(const std::string& network, Instant now) {
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= kMost) windows_.clear();
  auto& window = windows_[network];
  if (now - window.since > std::chrono::hours(1) || now < window.since) window = {now, 0};
  return ++window.count <= most_;
}

struct PortalAuth::Entrance {
  http::Method method;
  std::string_view path;
  Act act;
  std::string_view reason;
};

const std::vector<PortalAuth::Entrance>& PortalAuth::entrances() {
  using http::Method;
  static const std::vector<Entrance> all = {
      {Method::get, "/auth/portal/session", &PortalAuth::session,
       "answers 401 without a live portal session; tells the person about themselves"},
      {Method::post, "/auth/portal/code", &PortalAuth::ask_code,
       "nobody is known yet; the same answer whether or not anybody has the name"},
      {Method::post, "/auth/portal/code/verify", &PortalAuth::verify_code,
       "nobody is known yet; needs a code that was sent and the cookie of the browser that asked"},
      {Method::post, "/auth/portal/sign-in", &PortalAuth::sign_in, "nobody is known yet"},
      {Method::post, "/auth/portal/passkey/begin", &PortalAuth::begin_passkey, "hands out a random challenge"},
      {Method::post, "/auth/portal/passkey/finish", &PortalAuth::finish_passkey,
       "nobody is known yet; needs a passkey's signature"},
      {Method::post, "/auth/portal/sign-out", &PortalAuth::sign_out, "ends the session it is sent with, whatever its state"},
      {Method::post, "/auth/portal/act-for", &PortalAuth::act_for,
       "needs a live portal session; takes only grants that the person holds"},
      {Method::post, "/auth/portal/invitation", &PortalAuth::open_invitation,
       "needs the secret of an open invitation; says the clinic's name and what it is for"},
      {Method::post, "/auth/portal/invitation/confirm", &PortalAuth::confirm_invitation,
       "needs the secret of an open invitation and the birth date; sends a code to the record's contact point"},
      {Method::post, "/auth/portal/password", &PortalAuth::set_password,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/password/remove", &PortalAuth::remove_password,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/totp/begin", &PortalAuth::begin_totp,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/totp/confirm", &PortalAuth::confirm_totp,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/totp/remove", &PortalAuth::remove_totp,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/passkeys/begin", &PortalAuth::begin_new_passkey,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/passkeys/finish", &PortalAuth::finish_new_passkey,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/passkeys/remove", &PortalAuth::remove_passkey,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/contact", &PortalAuth::change_contact,
       "needs a portal session proved a short while ago; changes one's own only"},
      {Method::post, "/auth/portal/language", &PortalAuth::set_language, "needs a live portal session; changes one's own only"},
  };
  return all;
}

const std::vector<PublicPath>& portal_public_paths() {
  static const std::vector<PublicPath> paths = PortalAuth::listed();
  return paths;
}

std::vector<PublicPath> PortalAuth::listed() {
  std::vector<PublicPath> list;
  for (const auto& e : entrances()) list.push_back({e.method, e.path, e.reason});
  return list;
}

PortalAuth::PortalAuth(db::Database& database, const Clock& clock, IdSource& ids, identity::PasswordHasher& hasher,
                       WorkerPool& pool, const portal::Deps& deps, std::string public_url)
    : database_(database),
      clock_(clock),
      ids_(ids),
      hasher_(hasher),
      pool_(pool),
      deps_(deps),
      public_url_(std::move(public_url)) {}

void PortalAuth::handle(http::Exchange& exchange) {
  const Request& request = exchange.request;
  const auto refuse = [&](Error error) { exchange.respond(http::problem(error, request.request_id)); };
  const Entrance* entrance = nullptr;
  for (const auto& e : entrances())
    if (e.path == request.path) entrance = &e;
  if (entrance == nullptr) return refuse({ErrorCode::not_found, "There is no such address.", {}, {}});
  if (entrance->method != request.method)
    return refuse({ErrorCode::method_not_allowed, "This address takes another method.", {}, {}});
  if (request.method == http::Method::post)
    if (auto own = check_same_origin(request); !own) return refuse(own.error());
  auto taken = std::make_shared<Request>(std::move(exchange.request));
  const bool accepted = pool_.submit([this, taken, entrance, respond = exchange.respond] {
    try {
      auto result = (this->*entrance->act)(*taken, clock_.now());
      if (result) {
        respond(std::move(*result));
        return;
      }
      auto problem = http::problem(result.error(), taken->request_id);
      if (result.error().code == ErrorCode::too_many_requests) problem.headers.emplace_back("Retry-After", "60");
      respond(std::move(problem));
    } catch (const db::ConstraintViolation&) {
      respond(
          http::problem(Error{ErrorCode::conflict, "This was done at the same moment elsewhere. Load the page again.", {}, {}},
                        taken->request_id));
    } catch (const std::exception& failure) {
      log::error("incident", {{"request", taken->request_id}, {"route", taken->path}, {"what", failure.what()}});
      respond(http::problem(Error{ErrorCode::database_unavailable, "This is not possible right now. Try again shortly.", {}, {}},
                            taken->request_id));
    }
  });
  if (!accepted) {
    auto busy = http::problem(Error{ErrorCode::overloaded, "Too many people are signing in. Try again in a moment.", {}, {}},
                              taken->request_id);
    busy.headers.emplace_back("Retry-After", "2");
    exchange.respond(std::move(busy));
  }
}

std::string PortalAuth::cookie(std::string_view name, std::string_view value, std::optional<std::chrono::seconds> age) const {
  return http::secret_cookie(name, value, deps_.secure_cookies, age);
}

void PortalAuth::audit(db::Tx& tx, const Request& request, const std::optional<Account>& account, std::string action,
                       std::string result, Instant now, const std::optional<Uuid>& patient) const {
  audit::Entry entry;
  entry.at = now;
  entry.actor_kind = ActorKind::patient;
  if (account) {
    entry.organization = account->organization;
    entry.actor = account->id;
    entry.actor_kind =
        account->patient && (!patient || account->patient->uuid == *patient) ? ActorKind::patient : ActorKind::trusted_person;
    entry.role = entry.actor_kind == ActorKind::patient ? "patient" : "trusted_person";
  }
  entry.action = std::move(action);
  entry.patient = patient;
  entry.result = std::move(result);
  entry.request_id = request.request_id;
  audit::append(tx, entry);
}

Result<PortalAuth::Who> PortalAuth::who(db::Tx& tx, const Request& request, Instant now) const {
  const auto hash = portal::session_hash(deps_, request);
  auto session = hash.empty() ? std::nullopt : portal::find_session(tx, hash);
  auto account = session ? portal::find_account(tx, session->organization, session->account) : std::nullopt;
  if (!session || !portal::is_live(*session, now) || !account || account->ended_at)
    return fail(ErrorCode::not_signed_in, "Sign in first.");
  return Who{std::move(*session), std::move(*account)};
}

Result<PortalAuth::Who> PortalAuth::proved(db::Tx& tx, const Request& request, Instant now) const {
  CONCORD_TRY(auto found, who(tx, request, now));
  CONCORD_TRY_VOID(portal::require_proof(tx, found.session.token_hash, now));
  return found;
}

std::vector<Grant> PortalAuth::active_grants(db::Tx& tx, const Account& account, Instant now) const {
  std::vector<Grant> active;
  for (auto& grant : portal::grants_of(tx, account.organization, account.id)) {
    const auto patient = deps_.patient(tx, account.organization, grant.patient);
    if (patient && portal::state_of(grant, patient->birth_date, deps_.age_rules(),
                                    deps_.zone(tx, account.organization, patient->site), now) == "active")
      active.push_back(std::move(grant));
  }
  return active;
}

void PortalAuth::write_session(json::Writer& w, db::Tx& tx, const Session& session, const Account& account, Instant now) const {
  const auto grants = active_grants(tx, account, now);
  const Grant* acting = nullptr;
  for (const auto& grant : grants)
    if (session.grant == grant.id) acting = &grant;
  const bool is_self = !session.grant && account.patient;
  w.object().key("account").object().field("id", account.id).field("display_name", account.display_name);
  w.field("language", account.language);
  std::optional<std::string> mail, phone;
  for (auto& contact : portal::contacts_of(tx, account.organization, account.id))
    (contact.channel == "mail" ? mail : phone) = std::move(contact.address);
  const auto passkeys = portal::list_passkeys(tx, account.organization, account.id);
  w.field("mail", mail).field("phone", phone).field("has_password", account.password_hash.has_value());
  w.field("has_totp", !account.totp_secret.empty()).key("passkeys").array();
  for (const auto& key : passkeys)
    w.object()
        .field("id", key.id)
        .field("name", key.name)
        .field("created_at", key.created_at)
        .field("last_used_at", key.last_used_at)
        .end();
  w.end().end();
  std::optional<patients::Patient> patient;
  if (is_self) patient = deps_.patient(tx, account.organization, *account.patient);
  else if (acting != nullptr) patient = deps_.patient(tx, account.organization, acting->patient);
  w.key("acting");
  if (!patient) {
    w.null();
  } else {
    w.object()
        .field("kind", is_self ? "self" : "trusted_person")
        .key("patient")
        .object()
        .field("given_name", patient->given_name);
    if (is_self) w.field("family_name", patient->family_name).field("birth_date", patient->birth_date);
    w.end().field("grant_id", session.grant).key("scopes").array();
    if (is_self)
      for (const auto scope : portal::kScopes) w.value(scope);
    else
      for (const auto& scope : acting->scopes) w.value(scope);
    w.end().key("expires_on");
    if (is_self) w.null();
    else
      w.value(local_date(acting->expires_at - std::chrono::microseconds(1), deps_.zone(tx, account.organization, patient->site)));
    w.end();
  }
  w.key("can_act_for").array();
  if (account.patient)
    if (const auto own = deps_.patient(tx, account.organization, *account.patient))
      w.object().field("kind", "self").key("grant_id").null().field("given_name", own->given_name).end();
  for (const auto& grant : grants)
    if (const auto whose = deps_.patient(tx, account.organization, grant.patient))
      w.object().field("kind", "trusted_person").field("grant_id", grant.id).field("given_name", whose->given_name).end();
  w.end().key("views").array();
  portal::Viewer viewer;
  viewer.is_self = is_self;
  if (acting != nullptr) viewer.scopes = acting->scopes;
  for (const auto& [name, scope] : deps_.view_scopes)
    if (patient && viewer.has(scope)) w.value(name);
  w.end().key("clinic");
  if (patient) {
    const auto clinic = deps_.clinic(tx, account.organization, patient->site);
    const auto zone = deps_.zone(tx, account.organization, patient->site);
    w.object().field("name", clinic.name).field("phone", clinic.phone).field("hours", clinic.hours).field("time_zone", zone);
    w.field("today", local_date(now, zone)).end();
  } else {
    w.null();
  }
  w.field("method", session.method).field("proved_at", session.proved_at).field("is_proved", portal::is_proved(session, now));
  w.field("expires_at", portal::expires_at(session)).end();
}

Result<Response> PortalAuth::session(const Request& request, Instant now) {
  return database_.read([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, who(tx, request, now));
    Response response = json_answer(200);
    json::Writer w(response.body);
    write_session(w, tx, found.session, found.account, now);
    return response;
  });
}

std::optional<GrantId> PortalAuth::first_grant(db::Tx& tx, const Request& request, const Account& account, Instant now) const {
  const auto grants = active_grants(tx, account, now);
  if (const auto before = who(tx, request, now); before && before->account.id == account.id && before->session.grant)
    for (const auto& grant : grants)
      if (before->session.grant == grant.id) return grant.id;
  if (account.patient || grants.size() != 1) return std::nullopt;
  return grants.front().id;
}

Response PortalAuth::admit(db::Tx& tx, const Request& request, const Account& account, std::string_view method,
                           const std::optional<GrantId>& grant, const std::string& token, Instant now) {
  if (const auto old = portal::session_hash(deps_, request); !old.empty()) portal::end_session(tx, old, now, "new sign-in");
  Session session;
  session.token_hash = identity::token_hash(token);
  session.organization = account.organization;
  session.account = account.id;
  session.grant = grant;
  session.method = method;
  session.network = portal::network_of(request.remote_address);
  session.created_at = session.proved_at = session.last_active_at = now;
  portal::insert_session(tx, session);
  Response response = json_answer(200);
  json::Writer w(response.body);
  write_session(w, tx, session, account, now);
  response.headers.emplace_back("Set-Cookie", cookie(portal::cookie_name(deps_), token, std::nullopt));
  response.headers.emplace_back("Set-Cookie", cookie(portal::request_cookie_name(deps_), "", std::nullopt));
  return response;
}

// ---- codes

PortalAuth::Sent PortalAuth::new_code() const { return Sent{identity::new_token(), random_digits()}; }

void PortalAuth::send_code(db::Tx& tx, const Sent& sent, Code code, std::string_view network, Instant now) const {
  code.id = ids_.next();
  code.made_at = now;
  code.expires_at = now + micro(portal::kCodeLasts);
  code.code_hash = code_hash(sent.token, code.id, sent.digits);
  portal::insert_code(tx, identity::token_hash(sent.token), code, network);
  if (deps_.tell && code.patient) {
    messaging::ToPatient message;
    message.patient = *code.patient;
    message.kind = "portal.code";
    message.object = code.id;
    message.ignores_quiet_hours = true;
    message.only = code.channel == "mail" ? messaging::Channel::mail : messaging::Channel::sms;
    message.to_address = code.address;
    message.code = sent.digits;
    message.language = code.language;
    deps_.tell(tx, code.organization, message);
  }
  sent.stored->push_back(code.address);
}

void PortalAuth::show(const Sent& sent) const {
  if (!deps_.show) return;
  for (const auto& address : *sent.stored) deps_.show(address, sent.digits);
}

Response PortalAuth::code_sent(const Sent& sent, Instant now) const {
  Response response = json_answer(202);
  json::Writer w(response.body);
  w.object().field("expires_at", now + micro(portal::kCodeLasts)).field("digits", portal::kCodeDigits).end();
  response.headers.emplace_back("Set-Cookie", cookie(portal::request_cookie_name(deps_), sent.token, portal::kCodeLasts));
  return response;
}

Result<Response> PortalAuth::ask_code(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "channel"});
  const auto name = body.optional("name").string(1, 200);
  const auto channel = body.optional("channel").one_of({"mail", "sms"});
  const auto contact = name ? portal::contact_point(*name) : std::nullopt;
  if (name && !contact) body.optional("name").issue("must be a mail address or a phone number");
  if (!issues.empty()) return issues.error();
  const std::string network = portal::network_of(request.remote_address);
  if (!code_limit_.take(network, now)) return too_many();

  std::optional<Account> own;
  if (!contact) {
    auto found = database_.read([&](db::Tx& tx) { return who(tx, request, now); });
    if (!found) return tl::unexpected<Error>(found.error());
    own = std::move(found->account);
  }
  const Sent sent = new_code();
  // Who has the name is looked up after the answer has left: neither its words nor its time tell.
  database_.submit({[this, own, contact, channel, sent, network, request, now](db::Tx& tx) {
                      sent.stored->clear();  // a unit may run again
                      const auto accounts =
                          own ? std::vector<Account>{*own} : portal::accounts_by_name(tx, portal::folded(*contact));
                      for (const auto& account : accounts) {
                        const auto [all, here] =
                            portal::count_codes(tx, account.organization, account.id, now - std::chrono::hours(1), network);
                        const bool known = portal::knows_network(tx, account.organization, account.id, network);
                        const bool enough = here >= portal::kCodesPerNetwork || (all >= portal::kCodesPerAccount && !known);
                        audit(tx, request, account, "auth.portal.code", enough ? "too_many_requests" : "ok", now);
                        if (enough) continue;
                        Code code;
                        code.organization = account.organization;
                        code.purpose = "sign_in";
                        code.account = account.id;
                        code.patient = account.patient;
                        if (!code.patient)  // whose clinic it is: the words of a message name it
                          if (const auto grants = portal::grants_of(tx, account.organization, account.id); !grants.empty())
                            code.patient = grants.front().patient;
                        code.language = account.language;
                        std::optional<ContactPoint> to = contact;
                        if (!to)
                          for (auto& point : portal::contacts_of(tx, account.organization, account.id))
                            if (!to || point.channel == channel) to = point;
                        if (!to) continue;
                        code.channel = to->channel;
                        code.address = to->address;
                        send_code(tx, sent, std::move(code), network, now);
                      }
                      return true;
                    },
                    [this, sent](std::exception_ptr failed) {
                      if (!failed) show(sent);
                    }});
  return code_sent(sent, now);
}

Result<Response> PortalAuth::verify_code(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"code"});
  const auto typed = body.required("code").string(1, 40);
  if (!issues.empty()) return issues.error();
  const std::string digits = portal::digits_of(*typed);
  const std::string asked(request.cookie(portal::request_cookie_name(deps_)).value_or(""));
  if (asked.empty()) return wrong_credentials();
  const std::string hash = identity::token_hash(asked);
  const std::string token = identity::new_token();
  std::optional<Error> refused;
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    refused.reset();
    const auto codes = portal::list_codes(tx, hash);
    const Code* match = nullptr;
    for (const auto& code : codes) {
      const bool open = !code.used_at && now < code.expires_at && code.tries < portal::kCodeTries;
      if (same(code.code_hash, code_hash(asked, code.id, digits)) && open) match = &code;
    }
    if (match == nullptr) {  // the try is kept, so this unit must succeed
      portal::count_code_try(tx, hash);
      for (const auto& code : codes)
        if (code.account) {
          const auto account = portal::find_account(tx, code.organization, *code.account);
          audit(tx, request, account, "auth.portal.sign-in", "wrong_credentials", now);
        }
      refused = wrong_credentials().value();
      return Response{};
    }
    portal::use_codes(tx, hash, now);
    if (match->purpose == "invitation") return accept(tx, request, *match, token, now);
    const auto account = portal::find_account(tx, match->organization, *match->account);
    if (!account || account->ended_at) return wrong_credentials();
    if (match->purpose == "contact") {
      CONCORD_TRY(const auto found, who(tx, request, now));
      if (found.account.id != account->id) return wrong_credentials();
      const ContactPoint contact{match->channel, match->address};
      if (const auto other = portal::account_by_contact(tx, account->organization, portal::folded(contact));
          other && other->id != account->id)
        return fail(ErrorCode::conflict, "This address cannot be used here. Take another one.");
      portal::put_contact(tx, account->organization, account->id, contact, now);
      portal::end_sessions(tx, account->organization, account->id, found.session.token_hash, now, "contact point changed");
      audit(tx, request, account, "auth.portal.contact", "ok", now);
      return admit(tx, request, *account, "code", found.session.grant, token, now);
    }
    portal::set_failures(tx, account->organization, account->id, 0);
    audit(tx, request, account, "auth.portal.sign-in", "ok", now);
    return admit(tx, request, *account, "code", first_grant(tx, request, *account, now), token, now);
  });
  if (refused) return tl::unexpected<Error>(*refused);
  return answer;
}

// ---- password and passkey

Result<Response> PortalAuth::sign_in(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "password", "totp"});
  const auto name = body.required("name").string(1, 200);
  const auto password = body.required("password").string(1, 1024);
  const auto totp = body.required("totp").string(1, 20);
  if (!issues.empty()) return issues.error();
  const auto contact = portal::contact_point(*name);
  const std::string folded_name = contact ? portal::folded(*contact) : fold(*name);
  const std::string network = portal::network_of(request.remote_address);
  const std::string key = to_hex(network) + "|" + folded_name;
  const auto failures = failures_.of(key);
  const bool waits = identity::must_wait(failures.count, failures.last, now);

  std::optional<Account> account;
  for (auto& a : database_.read([&](db::Tx& tx) { return portal::accounts_by_name(tx, folded_name); }))
    if (!account && a.password_hash) account = std::move(a);
  // Everything is computed in every case, so that time tells nothing about the name.
  static const std::string no_secret(20, 'x');
  const bool has_both = account && !account->totp_secret.empty();
  const bool matches = hasher_.verify(account ? account->password_hash : std::nullopt, *password);
  const auto step = portal::totp_step_of(has_both ? account->totp_secret : no_secret, portal::digits_of(*totp), now,
                                         has_both ? account->totp_step : 0);
  const bool asleep = account && account->failed_attempts >= portal::kMostFailures;
  const bool knows = matches && step && has_both && !waits && !asleep;
  const std::string token = identity::new_token();
  bool admitted = false;
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    admitted = knows && portal::use_totp_step(tx, account->organization, account->id, *step);
    audit(tx, request, account, "auth.portal.sign-in", admitted ? "ok" : waits ? "too_many_requests" : "wrong_credentials", now);
    if (!admitted) {
      if (account && !waits && !asleep && !matches)
        portal::set_failures(tx, account->organization, account->id, account->failed_attempts + 1);
      return Response{};
    }
    portal::set_failures(tx, account->organization, account->id, 0);
    return admit(tx, request, *account, "totp", first_grant(tx, request, *account, now), token, now);
  });
  if (!answer) return answer;
  if (waits) return too_many();
  if (!admitted) {
    failures_.failed(key, now);
    return wrong_credentials();
  }
  return answer;
}

std::optional<portal::Party> PortalAuth::party(const Request& request) const {
  if (!public_url_.empty()) return portal::party_of(public_url_);
  return portal::party_of(std::string(request.secure ? "https://" : "http://") + std::string(request.header("host")));
}

Result<Response> PortalAuth::begin_passkey(const Request& request, Instant now) {
  if (!other_limit_.take(portal::network_of(request.remote_address), now)) return too_many();
  const auto here = party(request);
  if (!here) return fail(ErrorCode::conflict, "Passkeys need messages.public_url in the configuration.");
  const std::string token = identity::new_token();
  portal::Challenge challenge;
  challenge.purpose = "sign_in";
  challenge.challenge = identity::new_token();
  challenge.expires_at = now + micro(portal::kCodeLasts);
  database_.write([&](db::Tx& tx) -> Result<bool> {
    portal::put_challenge(tx, identity::token_hash(token), challenge);
    return true;
  });
  Response response = json_answer(200);
  json::Writer w(response.body);
  w.object().field("challenge", challenge.challenge).field("rp_id", here->id);
  w.field("timeout_ms", static_cast<std::int64_t>(std::chrono::milliseconds(portal::kCodeLasts).count()));
  w.field("user_verification", "required").end();
  response.headers.emplace_back("Set-Cookie", cookie(portal::request_cookie_name(deps_), token, portal::kCodeLasts));
  return response;
}

Result<Response> PortalAuth::finish_passkey(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"credential_id", "authenticator_data", "client_data_json", "signature"});
  const auto credential = body.required("credential_id").string(1, 2000);
  const auto authenticator = body.required("authenticator_data").string(1, 8000);
  const auto client = body.required("client_data_json").string(1, 8000);
  const auto signature = body.required("signature").string(1, 4000);
  if (!issues.empty()) return issues.error();
  const auto here = party(request);
  const std::string asked(request.cookie(portal::request_cookie_name(deps_)).value_or(""));
  if (asked.empty() || !here) return wrong_credentials();
  const std::string token = identity::new_token();
  std::optional<Error> refused;
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    refused.reset();
    const auto challenge = portal::take_challenge(tx, identity::token_hash(asked));
    const auto key = portal::find_passkey(tx, *credential);
    const auto account = key ? portal::find_account(tx, key->organization, key->account) : std::nullopt;
    const bool open =
        challenge && challenge->purpose == "sign_in" && now < challenge->expires_at && account && !account->ended_at;
    const auto count = open ? portal::check_assertion(*here, challenge->challenge, *client, *authenticator, *signature,
                                                      key->algorithm, key->public_key, key->sign_count)
                            : Result<std::int64_t>(wrong_credentials());
    audit(tx, request, account, "auth.portal.sign-in", count ? "ok" : "wrong_credentials", now);
    if (!count) {  // the challenge is spent all the same
      refused = count.error();
      return Response{};
    }
    portal::passkey_used(tx, *key, *count, now);
    portal::set_failures(tx, account->organization, account->id, 0);
    return admit(tx, request, *account, "passkey", first_grant(tx, request, *account, now), token, now);
  });
  if (refused) return tl::unexpected<Error>(*refused);
  return answer;
}

Result<Response> PortalAuth::sign_out(const Request& request, Instant now) {
  const auto hash = portal::session_hash(deps_, request);
  if (!hash.empty())
    CONCORD_TRY_VOID(database_.write([&](db::Tx& tx) -> Result<bool> {
      if (const auto session = portal::find_session(tx, hash); session && portal::end_session(tx, hash, now, "signed out"))
        audit(tx, request, portal::find_account(tx, session->organization, session->account), "auth.portal.sign-out", "ok", now);
      return true;
    }));
  Response response = json_answer(204);
  response.headers.emplace_back("Set-Cookie", cookie(portal::cookie_name(deps_), "", std::nullopt));
  response.headers.emplace_back("Clear-Site-Data",
                                "\"cache\", \"storage\"");  // a staff session of the same browser is not ours to end
  return response;
}

Result<Response> PortalAuth::act_for(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"grant_id"});
  const auto wanted = body.optional("grant_id").id<GrantId>();
  if (!issues.empty()) return issues.error();
  const std::string token = identity::new_token();
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, who(tx, request, now));
    std::optional<Uuid> patient;
    if (wanted) {
      for (const auto& grant : active_grants(tx, found.account, now))
        if (grant.id == *wanted) patient = grant.patient.uuid;
    } else if (found.account.patient) {
      patient = found.account.patient->uuid;
    }
    if (!patient) return http::not_found();
    audit(tx, request, found.account, "portal.act_for", "ok", now, patient);
    // The same person in the same browser: what they proved, and since when they are here, stays.
    Session session = found.session;
    portal::end_session(tx, session.token_hash, now, "acts for somebody else");
    session.token_hash = identity::token_hash(token);
    session.grant = wanted;
    session.last_active_at = now;
    portal::insert_session(tx, session);
    Response response = json_answer(200);
    json::Writer w(response.body);
    write_session(w, tx, session, found.account, now);
    response.headers.emplace_back("Set-Cookie", cookie(portal::cookie_name(deps_), token, std::nullopt));
    return response;
  });
}

// ---- invitations

namespace {

struct Opened {
  OrganizationId organization;
  portal::Invitation invitation;
  patients::Patient patient;
  std::optional<Grant> grant;
  std::vector<ContactPoint> contacts;  // a code can go there
};

Result<Opened> opened(const portal::Deps& deps, db::Tx& tx, std::string_view token, Instant now) {
  auto found = portal::invitation_by_token(tx, identity::token_hash(token));
  if (!found || portal::state_of(found->second, now) != "open") return no_invitation();
  Opened o;
  o.organization = found->first;
  o.invitation = std::move(found->second);
  auto patient = deps.patient(tx, o.organization, o.invitation.patient);
  if (!patient) return no_invitation();
  o.patient = std::move(*patient);
  const auto zone = deps.zone(tx, o.organization, o.patient.site);
  if (o.invitation.grant) {
    o.grant = portal::find_grant(tx, o.organization, *o.invitation.grant);
    if (!o.grant || portal::state_of(*o.grant, o.patient.birth_date, deps.age_rules(), zone, now) != "invited")
      return no_invitation();
    o.contacts = {{o.invitation.channel, o.invitation.address}};
    return o;
  }
  if (!o.patient.birth_date || portal::account_of_patient(tx, o.organization, o.patient.id)) return no_invitation();
  const Date today = local_date(now, zone);
  for (const std::string_view channel : {"mail", "sms"})
    if (portal::invitation_problem(deps, tx, o.organization, o.patient, channel, today).empty())
      o.contacts.push_back(*portal::on_record(o.patient, channel));
  if (o.contacts.empty()) return no_invitation();
  return o;
}

}  // namespace

Result<Response> PortalAuth::open_invitation(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"token"});
  const auto token = body.required("token").string(1, 100);
  if (!issues.empty()) return issues.error();
  if (!other_limit_.take(portal::network_of(request.remote_address), now)) return too_many();
  return database_.read([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto o, opened(deps_, tx, *token, now));
    const auto clinic = deps_.clinic(tx, o.organization, o.patient.site);
    Response response = json_answer(200);
    json::Writer w(response.body);
    w.object().field("kind", o.grant ? "trusted_person" : "patient").key("clinic").object();
    w.field("name", clinic.name).field("phone", clinic.phone).field("hours", clinic.hours).end();
    w.field("language", o.grant ? o.grant->language : o.patient.language.value_or("en"))
        .field("expires_at", o.invitation.expires_at);
    w.field("asks_birth_date", !o.grant).key("channels").array();
    for (const auto& contact : o.contacts) w.value(contact.channel);
    w.end();
    if (o.grant) {
      w.field("from", o.patient.given_name).field("name", o.grant->name).key("scopes").array();
      for (const auto& scope : o.grant->scopes) w.value(scope);
      w.end().field("part2", o.grant->part2);
    }
    w.end();
    return response;
  });
}

Result<Response> PortalAuth::confirm_invitation(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"token", "birth_date", "channel", "language"});
  const auto token = body.required("token").string(1, 100);
  const auto birth_date = body.optional("birth_date").date();
  const auto channel = body.required("channel").one_of({"mail", "sms"});
  const auto language = body.optional("language").one_of({"en", "es"});
  if (!issues.empty()) return issues.error();
  const std::string network = portal::network_of(request.remote_address);
  if (!code_limit_.take(network, now)) return too_many();
  const Sent sent = new_code();
  std::optional<Error> refused;
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    refused.reset();
    sent.stored->clear();
    CONCORD_TRY(const auto o, opened(deps_, tx, *token, now));
    if (!o.grant && birth_date != o.patient.birth_date) {
      portal::count_try(tx, o.organization, o.invitation);
      const int left = portal::kBirthDateTries - o.invitation.tries - 1;
      refused = Error{ErrorCode::invalid,
                      "This birth date does not match what the clinic has. Tries left: " + std::to_string(left) + ".",
                      {{"birth_date", "does not match"}},
                      std::to_string(left)};
      return Response{};
    }
    const ContactPoint* to = nullptr;
    for (const auto& contact : o.contacts)
      if (contact.channel == *channel) to = &contact;
    if (to == nullptr) return fail(ErrorCode::invalid, "No code can go there.", {{"channel", "cannot be reached"}});
    Code code;
    code.organization = o.organization;
    code.purpose = "invitation";
    code.invitation = o.invitation.id;
    code.patient = o.patient.id;
    code.channel = to->channel;
    code.address = to->address;
    code.language = language.value_or(o.grant ? o.grant->language : o.patient.language.value_or("en") == "es" ? "es" : "en");
    send_code(tx, sent, std::move(code), network, now);
    return code_sent(sent, now);
  });
  if (refused) return tl::unexpected<Error>(*refused);
  if (answer) show(sent);
  return answer;
}

Result<Response> PortalAuth::accept(db::Tx& tx, const Request& request, const Code& code, const std::string& token, Instant now) {
  const auto organization = code.organization;
  auto invitation = portal::find_invitation(tx, organization, *code.patient, *code.invitation);
  const auto patient = deps_.patient(tx, organization, *code.patient);
  if (!invitation || !patient || portal::state_of(*invitation, now) != "open") return no_invitation();
  const ContactPoint contact{code.channel, code.address};
  const auto zone = deps_.zone(tx, organization, patient->site);
  std::optional<Grant> grant;
  if (invitation->grant) {
    grant = portal::find_grant(tx, organization, *invitation->grant);
    if (!grant || portal::state_of(*grant, patient->birth_date, deps_.age_rules(), zone, now) != "invited")
      return no_invitation();
  } else if (const auto own = portal::on_record(*patient, code.channel);
             !own || portal::folded(*own) != portal::folded(contact) ||
             !portal::invitation_problem(deps_, tx, organization, *patient, code.channel, local_date(now, zone)).empty()) {
    return no_invitation();  // the record has changed since the code was sent
  }
  auto account = portal::account_by_contact(tx, organization, portal::folded(contact));
  if (grant && account && account->patient == patient->id) return no_invitation();  // nobody is their own trusted person
  if (!account) {
    account.emplace();
    account->organization = organization;
    account->id = portal::AccountId(ids_.next());
    if (!grant) account->patient = patient->id;
    account->display_name = grant ? grant->name : patient->given_name + " " + patient->family_name;
    account->language = code.language;
    account->created_at = now;
    portal::insert_account(tx, *account);
    portal::put_contact(tx, organization, account->id, contact, now);
  } else if (!grant) {
    if (!portal::set_patient(tx, organization, account->id, patient->id)) return no_invitation();
    account->patient = patient->id;
  }
  if (!portal::accept_invitation(tx, organization, *invitation, now)) return no_invitation();
  std::optional<GrantId> acts;
  if (grant) {
    if (!portal::accept_grant(tx, organization, *grant, account->id, now)) return no_invitation();
    acts = grant->id;
  }
  audit(tx, request, account, grant ? "trusted_persons.accept" : "portal.accept", "ok", now, patient->id.uuid);
  return admit(tx, request, *account, "code", acts, token, now);
}

}  // namespace concord::app
