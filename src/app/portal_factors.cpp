// With what somebody signs in to the portal, and where codes go: password, authenticator app, passkeys, address, language. All of
// it needs a session that was proved a short while ago, but for the language.
#include "app/portal_auth.h"
#include "app/portal_auth_parts.h"
#include "http/replies.h"
#include "identity/identity.h"
#include "json/cursor.h"
#include "portal/totp.h"

namespace concord::app {

using http::Request;
using http::Response;
using portal::Account;
using portal::Code;

Result<Response> PortalAuth::set_password(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"new_password"});
  const auto password = body.required("new_password").string(1, 1024);
  if (!issues.empty()) return issues.error();
  auto found = database_.read([&](db::Tx& tx) -> Result<std::pair<Account, std::string>> {
    CONCORD_TRY(auto who_it_is, proved(tx, request, now));
    std::string clinic;
    if (who_it_is.account.patient)
      if (const auto patient = deps_.patient(tx, who_it_is.account.organization, *who_it_is.account.patient))
        clinic = deps_.clinic(tx, who_it_is.account.organization, patient->site).name;
    return std::pair(std::move(who_it_is.account), std::move(clinic));
  });
  if (!found) return tl::unexpected<Error>(found.error());
  if (found->first.totp_secret.empty())
    return fail(ErrorCode::conflict, "Set up an authenticator app first: a password alone does not sign in.");
  if (auto wrong = portal::check_portal_password(*password, found->first.display_name, found->second); !wrong.empty())
    return fail(ErrorCode::invalid, "Choose another password.", std::move(wrong));
  const std::string hash = hasher_.hash(*password);
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto now_known, proved(tx, request, now));
    const auto& account = now_known.account;
    portal::set_password(tx, account.organization, account.id, hash);
    portal::end_sessions(tx, account.organization, account.id, now_known.session.token_hash, now, "password changed");
    audit(tx, request, account, "auth.portal.password", "ok", now);
    return json_answer(204);
  });
}

Result<Response> PortalAuth::remove_password(const Request& request, Instant now) {
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    portal::set_password(tx, found.account.organization, found.account.id, std::nullopt);
    portal::end_sessions(tx, found.account.organization, found.account.id, found.session.token_hash, now, "password removed");
    audit(tx, request, found.account, "auth.portal.password", "ok", now);
    return json_answer(204);
  });
}

Result<Response> PortalAuth::begin_totp(const Request& request, Instant now) {
  const std::string secret = portal::new_totp_secret();
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    portal::set_totp(tx, found.account.organization, found.account.id, found.account.totp_secret, secret);
    std::string issuer = "Concord";
    if (found.account.patient)
      if (const auto patient = deps_.patient(tx, found.account.organization, *found.account.patient))
        issuer = deps_.clinic(tx, found.account.organization, patient->site).name;
    const auto contacts = portal::contacts_of(tx, found.account.organization, found.account.id);
    Response response = json_answer(200);
    json::Writer w(response.body);
    w.object().field("secret", portal::base32(secret));
    w.field("uri", portal::totp_uri(secret, issuer, contacts.empty() ? "portal" : contacts.front().address)).end();
    return response;
  });
}

Result<Response> PortalAuth::confirm_totp(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"code"});
  const auto code = body.required("code").string(1, 20);
  if (!issues.empty()) return issues.error();
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    const auto& account = found.account;
    if (account.totp_candidate.empty())
      return fail(ErrorCode::conflict, "Begin again: there is no secret that waits for its code.");
    // A new secret begins with its own steps: what the old one used does not count.
    const auto step = portal::totp_step_of(account.totp_candidate, portal::digits_of(*code), now, 0);
    if (!step) return fail(ErrorCode::invalid, "The code does not match.", {{"code", "does not match; wait for the next one"}});
    portal::set_totp(tx, account.organization, account.id, account.totp_candidate, "");
    portal::use_totp_step(tx, account.organization, account.id, *step);
    portal::end_sessions(tx, account.organization, account.id, found.session.token_hash, now, "authenticator app set");
    audit(tx, request, account, "auth.portal.totp", "ok", now);
    return json_answer(204);
  });
}

Result<Response> PortalAuth::remove_totp(const Request& request, Instant now) {
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    const auto& account = found.account;
    portal::set_totp(tx, account.organization, account.id, "", "");
    portal::set_password(tx, account.organization, account.id, std::nullopt);  // works only together with it
    portal::end_sessions(tx, account.organization, account.id, found.session.token_hash, now, "authenticator app removed");
    audit(tx, request, account, "auth.portal.totp", "ok", now);
    return json_answer(204);
  });
}

Result<Response> PortalAuth::begin_new_passkey(const Request& request, Instant now) {
  const auto here = party(request);
  if (!here) return fail(ErrorCode::conflict, "Passkeys need messages.public_url in the configuration.");
  const std::string token = identity::new_token();
  portal::Challenge challenge;
  challenge.purpose = "register";
  challenge.challenge = identity::new_token();
  challenge.expires_at = now + micro(portal::kCodeLasts);
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    challenge.organization = found.account.organization;
    challenge.account = found.account.id;
    portal::put_challenge(tx, identity::token_hash(token), challenge);
    const auto contacts = portal::contacts_of(tx, found.account.organization, found.account.id);
    const auto& bytes = found.account.id.uuid.bytes;
    Response response = json_answer(200);
    json::Writer w(response.body);
    w.object().field("challenge", challenge.challenge).key("rp").object().field("id", here->id).field("name", "Concord").end();
    w.key("user").object().field("id", portal::base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    w.field("name", contacts.empty() ? found.account.display_name : contacts.front().address);
    w.field("display_name", found.account.display_name).end();
    w.key("algorithms").array().value(-7).value(-8).value(-257).end().key("exclude").array();
    for (const auto& key : portal::list_passkeys(tx, found.account.organization, found.account.id)) w.value(key.credential_id);
    w.end().end();
    response.headers.emplace_back("Set-Cookie", cookie(portal::request_cookie_name(deps_), token, portal::kCodeLasts));
    return response;
  });
}

Result<Response> PortalAuth::finish_new_passkey(const Request& request, Instant now) {
  constexpr std::size_t kMostPasskeys = 20;
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "authenticator_data", "client_data_json"});
  const auto name = body.required("name").string(1, 80);
  const auto authenticator = body.required("authenticator_data").string(1, 8000);
  const auto client = body.required("client_data_json").string(1, 8000);
  if (!issues.empty()) return issues.error();
  const auto here = party(request);
  const std::string asked(request.cookie(portal::request_cookie_name(deps_)).value_or(""));
  std::optional<Error> refused;
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    refused.reset();
    CONCORD_TRY(const auto found, proved(tx, request, now));
    const auto& account = found.account;
    const auto challenge = asked.empty() ? std::nullopt : portal::take_challenge(tx, identity::token_hash(asked));
    if (!here || !challenge || challenge->purpose != "register" || challenge->account != account.id ||
        now >= challenge->expires_at)
      return fail(ErrorCode::conflict, "Begin again: this took too long.");
    auto made = portal::check_registration(*here, challenge->challenge, *client, *authenticator);
    if (!made) {  // the challenge is spent all the same
      refused = made.error();
      return Response{};
    }
    if (portal::list_passkeys(tx, account.organization, account.id).size() >= kMostPasskeys ||
        portal::find_passkey(tx, made->credential_id))
      return fail(ErrorCode::conflict, "This passkey is known already, or there are too many.");
    portal::Passkey key;
    key.organization = account.organization;
    key.account = account.id;
    key.id = portal::PasskeyId(ids_.next());
    key.credential_id = std::move(made->credential_id);
    key.algorithm = made->algorithm;
    key.public_key = std::move(made->public_key);
    key.sign_count = made->sign_count;
    key.name = *name;
    key.created_at = now;
    portal::insert_passkey(tx, key);
    portal::end_sessions(tx, account.organization, account.id, found.session.token_hash, now, "passkey added");
    audit(tx, request, account, "auth.portal.passkey", "ok", now);
    Response response = json_answer(201);
    json::Writer w(response.body);
    w.object().field("id", key.id).end();
    return response;
  });
  if (refused) return tl::unexpected<Error>(*refused);
  return answer;
}

Result<Response> PortalAuth::remove_passkey(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"id"});
  const auto id = body.required("id").id<portal::PasskeyId>();
  if (!issues.empty()) return issues.error();
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, proved(tx, request, now));
    if (!portal::remove_passkey(tx, found.account.organization, found.account.id, *id, now)) return http::not_found();
    portal::end_sessions(tx, found.account.organization, found.account.id, found.session.token_hash, now, "passkey removed");
    audit(tx, request, found.account, "auth.portal.passkey", "ok", now);
    return json_answer(204);
  });
}

Result<Response> PortalAuth::change_contact(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"channel", "address"});
  const auto channel = body.required("channel").one_of({"mail", "sms"});
  const auto typed = body.required("address").string(1, 200);
  const auto contact = typed ? portal::contact_point(*typed) : std::nullopt;
  if (typed && (!contact || (channel && contact->channel != *channel)))
    body.required("address").issue("is no address of this kind");
  if (!issues.empty()) return issues.error();
  const std::string network = portal::network_of(request.remote_address);
  if (!code_limit_.take(network, now)) return too_many();
  const Sent sent = new_code();
  auto answer = database_.write([&](db::Tx& tx) -> Result<Response> {
    sent.stored->clear();
    CONCORD_TRY(const auto found, proved(tx, request, now));
    const auto& account = found.account;
    const auto other = portal::account_by_contact(tx, account.organization, portal::folded(*contact));
    if (account.patient)
      for (const auto& grant : portal::list_grants(tx, account.organization, *account.patient, 100))
        if (!grant.ended_at && portal::folded({grant.channel, grant.address}) == portal::folded(*contact))
          return fail(ErrorCode::invalid, "Take an address that is yours alone.", {{"address", "is also a trusted person's"}});
    audit(tx, request, account, "auth.portal.contact", "ok", now);
    // Somebody else's: the same answer, and nothing is sent, so that nobody learns who has an account.
    if (other && other->id != account.id) return code_sent(sent, now);
    Code code;
    code.organization = account.organization;
    code.purpose = "contact";
    code.account = account.id;
    code.patient = account.patient;
    if (!code.patient)
      if (const auto grants = portal::grants_of(tx, account.organization, account.id); !grants.empty())
        code.patient = grants.front().patient;
    code.channel = contact->channel;
    code.address = contact->address;
    code.language = account.language;
    send_code(tx, sent, std::move(code), network, now);
    return code_sent(sent, now);
  });
  if (answer) show(sent);
  return answer;
}

Result<Response> PortalAuth::set_language(const Request& request, Instant now) {
  CONCORD_TRY(const auto document, document_of(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"language"});
  const auto language = body.required("language").one_of({"en", "es"});
  if (!issues.empty()) return issues.error();
  return database_.write([&](db::Tx& tx) -> Result<Response> {
    CONCORD_TRY(const auto found, who(tx, request, now));
    portal::set_language(tx, found.account.organization, found.account.id, *language);
    audit(tx, request, found.account, "auth.portal.language", "ok", now);
    return json_answer(204);
  });
}

}  // namespace concord::app
