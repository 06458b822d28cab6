// What the portal's accounts need from the rest of Concord; app/portal_wiring.cpp fills it. Functions are called inside the
// given transaction. Thread-safe when they are.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messaging/patient_messages.h"
#include "patients/chart.h"
#include "portal/accounts.h"
#include "portal/confidentiality.h"
#include "portal/view.h"

namespace concord::portal {

struct Clinic {
  std::string name;
  std::optional<std::string> phone, hours;
};

/// One look at or change of the record, as the audit log tells it; newest first.
struct Access {
  Instant at{};
  ActorKind kind = ActorKind::system;
  std::optional<UserId> actor;
  std::string name, role, action, result;
};

struct Deps {
  const patients::Chart* chart = nullptr;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// Labels of the open episode, "" when there is none.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> episode_labels;
  /// IANA zone of a site, read: signing in may be the first that this process hears of it (Chart::time_zone knows only those
  /// that a request has met).
  std::function<std::string(db::Tx&, OrganizationId, SiteId)> zone;
  std::function<Clinic(db::Tx&, OrganizationId, SiteId)> clinic;
  /// Entries strictly older than the instant, at most so many.
  std::function<std::vector<Access>(db::Tx&, OrganizationId, PatientId, Instant before, int limit)> accesses;
  /// Whether a route's name is one that only reads; made from the routes themselves.
  std::function<bool(std::string_view action)> is_read;
  messaging::TellPatient tell;
  const Confidentiality* ages = nullptr;
  std::string state;          ///< "NY": which state's age rules hold
  int trusted_months = 12;    ///< how long a grant holds when nobody says otherwise
  bool staff_by_name = true;  ///< "who looked at my record" names people, or only their role
  bool secure_cookies = false;
  std::vector<std::pair<std::string, std::string>> view_scopes;  ///< of every view: name, scope
  /// Where no message can go (the demo): shows what a message would have said. Empty elsewhere.
  std::function<void(const std::string& address, const std::string& text)> show;

  const AgeRules& age_rules() const { return ages->of(state); }
};

std::string_view cookie_name(const Deps& deps);          ///< of the session
std::string_view request_cookie_name(const Deps& deps);  ///< of a sign-in that is under way
/// Hash of the request's session token; empty without one.
std::string session_hash(const Deps& deps, const http::Request& request);

/// Who a session is, for the record it acts in. not_signed_in when it is over; not_allowed when it has to choose first or
/// when the grant does not hold any more. Nothing is cached: asked at every request.
struct Admitted {
  Caller caller;
  Session session;
  std::optional<Grant> grant;
};
Result<Admitted> admit(const Deps& deps, db::Tx& tx, std::string_view session_hash, Instant now);
/// After an act of the person.
void extend(db::Tx& tx, const Admitted& admitted, Instant now);
/// step_up_needed unless the session's person proved who they are a short while ago.
Result<void> require_proof(db::Tx& tx, std::string_view session_hash, Instant now);

/// The viewer of an admitted caller (a patient or a trusted person).
Viewer viewer_of(const Deps& deps, db::Tx& tx, const Caller& caller, Instant now);
/// What a trusted person with these scopes would be.
Viewer trusted_viewer(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient,
                      std::vector<std::string> scopes, bool part2, std::string language, Instant now);

/// A new random secret for a link or a cookie: 128 bits, base64url.
std::string new_secret();
/// Makes and sends the link; conflict when nothing can be sent there.
Result<Invitation> invite(const Deps& deps, db::Tx& tx, OrganizationId organization, Invitation invitation, std::string_view kind,
                          const std::optional<std::string>& language, Instant now);

}  // namespace concord::portal
