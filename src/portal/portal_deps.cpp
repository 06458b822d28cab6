#include "portal/portal_deps.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "identity/password.h"
#include "portal/accounts_store.h"

namespace concord::portal {
namespace {

Viewer at_record(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient, Instant now) {
  Viewer viewer;
  viewer.organization = organization;
  viewer.patient = patient;
  viewer.now = now;
  const auto row = deps.patient(tx, organization, patient);
  if (!row) {  // gone between admission and here: nothing is shown
    viewer.record_labels = "gone";
    viewer.zone = "UTC";
    viewer.today = local_date(now, viewer.zone);
    return viewer;
  }
  viewer.site = row->site;
  viewer.zone = deps.zone(tx, organization, row->site);
  viewer.today = local_date(now, viewer.zone);
  viewer.record_labels = row->labels;
  // A substance use program's episode makes the whole record one of its own. That an adolescent's episode is confidential is
  // said by its rows and by the age rules: the young person may share what is neither.
  for (const auto label : split(deps.episode_labels(tx, organization, patient), ' '))
    if (label == "part2") viewer.record_labels += " part2";
  const auto& ages = deps.age_rules();
  viewer.private_codes = private_codes(stage_of(row->birth_date, viewer.today, ages), ages);
  return viewer;
}

}  // namespace

std::string_view cookie_name(const Deps& deps) { return deps.secure_cookies ? "__Host-concord_portal" : "concord_portal"; }

std::string_view request_cookie_name(const Deps& deps) {
  return deps.secure_cookies ? "__Host-concord_portal_request" : "concord_portal_request";
}

std::string session_hash(const Deps& deps, const http::Request& request) {
  const auto token = request.cookie(cookie_name(deps));
  return token && !token->empty() ? identity::token_hash(*token) : std::string();
}

Result<Admitted> admit(const Deps& deps, db::Tx& tx, std::string_view hash, Instant now) {
  const auto over = [] {
    return fail(ErrorCode::not_signed_in, "Your session has ended. Sign in again; what you typed is still on the page.");
  };
  if (hash.empty()) return fail(ErrorCode::not_signed_in, "Sign in first.");
  auto session = find_session(tx, hash);
  if (!session || !is_live(*session, now)) return over();
  const auto account = find_account(tx, session->organization, session->account);
  if (!account || account->ended_at) return over();
  Admitted admitted;
  Caller& caller = admitted.caller;
  caller.organization = account->organization;
  caller.user = account->id;
  caller.display_name = account->display_name;
  caller.language = account->language;
  PatientId patient;
  if (session->grant) {
    auto grant = find_grant(tx, account->organization, *session->grant);
    const auto whose = grant ? deps.patient(tx, account->organization, grant->patient) : std::nullopt;
    const bool holds =
        whose && grant->account == account->id &&
        state_of(*grant, whose->birth_date, deps.age_rules(), deps.zone(tx, account->organization, whose->site), now) == "active";
    if (!holds) return fail(ErrorCode::not_allowed, "You cannot act for this person any more.");
    caller.kind = ActorKind::trusted_person;
    caller.role = "trusted_person";
    caller.through = grant->id.uuid;
    caller.scopes = grant->scopes;
    caller.patient = grant->patient.uuid;
    caller.sites = {whose->site};
    admitted.grant = std::move(grant);
  } else {
    if (!account->patient) return fail(ErrorCode::not_allowed, "Choose first for whom you act.");
    const auto own = deps.patient(tx, account->organization, *account->patient);
    if (!own) return over();
    caller.kind = ActorKind::patient;
    caller.role = "patient";
    caller.patient = own->id.uuid;
    caller.sites = {own->site};
  }
  admitted.session = std::move(*session);
  return admitted;
}

void extend(db::Tx& tx, const Admitted& admitted, Instant now) {
  if (now - admitted.session.last_active_at < kActivityGrain) return;
  touch_session(tx, admitted.session.token_hash, now);
  if (admitted.grant) grant_used(tx, admitted.session.organization, *admitted.grant, now);
}

Result<void> require_proof(db::Tx& tx, std::string_view hash, Instant now) {
  const auto session = hash.empty() ? std::nullopt : find_session(tx, hash);
  if (session && is_live(*session, now) && is_proved(*session, now)) return {};
  return fail(ErrorCode::step_up_needed, "Show once more that it is you, then try again.");
}

Viewer viewer_of(const Deps& deps, db::Tx& tx, const Caller& caller, Instant now) {
  CHECK(caller.patient.has_value());
  Viewer viewer = at_record(deps, tx, caller.organization, patient_of(caller), now);
  viewer.is_self = caller.kind == ActorKind::patient;
  viewer.language = caller.language;
  if (viewer.is_self) return viewer;
  viewer.scopes = caller.scopes;
  if (caller.through)
    if (const auto grant = find_grant(tx, caller.organization, GrantId(*caller.through))) viewer.part2_agreed = grant->part2;
  return viewer;
}

Viewer trusted_viewer(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient,
                      std::vector<std::string> scopes, bool part2, std::string language, Instant now) {
  Viewer viewer = at_record(deps, tx, organization, patient, now);
  viewer.scopes = std::move(scopes);
  viewer.part2_agreed = part2;
  viewer.language = std::move(language);
  return viewer;
}

std::string new_secret() {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  char text[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text;
}

Result<Invitation> invite(const Deps& deps, db::Tx& tx, OrganizationId organization, Invitation invitation, std::string_view kind,
                          const std::optional<std::string>& language, Instant now) {
  const std::string secret = new_secret();
  invitation.id = InvitationId(deps.chart->ids->next());
  invitation.made_at = now;
  invitation.expires_at = now + std::chrono::duration_cast<std::chrono::microseconds>(kInvitationLasts);
  insert_invitation(tx, organization, invitation, identity::token_hash(secret));
  messaging::ToPatient letter;
  letter.patient = invitation.patient;
  letter.kind = std::string(kind);
  letter.path = "/portal/i#" + secret;
  letter.object = invitation.id.uuid;
  letter.only = invitation.channel == "mail" ? messaging::Channel::mail : messaging::Channel::sms;
  letter.to_address = invitation.address;
  letter.language = language;
  const bool goes = deps.tell && !deps.tell(tx, organization, letter).empty();
  if (deps.show) deps.show(invitation.address, letter.path);
  else if (!goes)
    return fail(ErrorCode::conflict, "No message can go there: it is not set up, or this address asked for none.",
                {{"channel", "cannot be reached"}});
  return invitation;
}

}  // namespace concord::portal
