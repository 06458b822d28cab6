// Signing in to the portal, invitations, and the factors of an account: what happens before or around a Caller, hashes
// passwords, or sets the cookie. Rules are portal/accounts.h's, rows portal/accounts_store.h's.
// portal_auth.cpp: signing in and invitations; portal_factors.cpp: the factors and settings of somebody who is signed in.
//
//   code            POST code {name} -> a code is sent -> POST code/verify {code}          bound to the browser by a cookie
//   password + app  POST sign-in {name, password, totp}
//   passkey         POST passkey/begin -> the browser signs -> POST passkey/finish
//   step-up         any of them again in the same browser: a new session takes the old one's place
//
// The same answer at the same time for names that nobody has; nobody can be locked out by a stranger: wrong passwords slow
// down the network they come from, and codes asked for elsewhere do not use up those of a network the person is known in.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "app/admission.h"
#include "app/auth.h"
#include "app/worker_pool.h"
#include "base/clock.h"
#include "db/database.h"
#include "http/server.h"
#include "identity/password.h"
#include "portal/accounts_store.h"
#include "portal/portal_deps.h"
#include "portal/webauthn.h"

namespace concord::app {

/// The paths of this file, each with the reason why it needs no permission.
const std::vector<PublicPath>& portal_public_paths();

/// How often a network may ask for something that costs us or bothers somebody. In memory and bounded. Thread-safe.
class NetworkLimit {
 public:
  explicit NetworkLimit(int most_an_hour) : most_(most_an_hour) {}
  /// False when the hour's number is used up.
  bool take(const std::string& network, Instant now);

 private:
  struct Window {
    Instant since{};
    int count = 0;
  };
  static constexpr std::size_t kMost = 65536;
  const int most_;
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;
};

class PortalAuth {
 public:
  PortalAuth(db::Database& database, const Clock& clock, IdSource& ids, identity::PasswordHasher& hasher, WorkerPool& pool,
             const portal::Deps& deps, std::string public_url);

  /// Every path with its reason.
  static std::vector<PublicPath> listed();
  /// Takes over every path under /auth/portal/.
  void handle(http::Exchange& exchange);

 private:
  using Act = Result<http::Response> (PortalAuth::*)(const http::Request&, Instant);
  struct Entrance;  // a path and what it does
  static const std::vector<Entrance>& entrances();

  Result<http::Response> session(const http::Request& request, Instant now);
  Result<http::Response> ask_code(const http::Request& request, Instant now);
  Result<http::Response> verify_code(const http::Request& request, Instant now);
  Result<http::Response> sign_in(const http::Request& request, Instant now);
  Result<http::Response> begin_passkey(const http::Request& request, Instant now);
  Result<http::Response> finish_passkey(const http::Request& request, Instant now);
  Result<http::Response> sign_out(const http::Request& request, Instant now);
  Result<http::Response> act_for(const http::Request& request, Instant now);
  Result<http::Response> open_invitation(const http::Request& request, Instant now);
  Result<http::Response> confirm_invitation(const http::Request& request, Instant now);
  Result<http::Response> set_password(const http::Request& request, Instant now);
  Result<http::Response> remove_password(const http::Request& request, Instant now);
  Result<http::Response> begin_totp(const http::Request& request, Instant now);
  Result<http::Response> confirm_totp(const http::Request& request, Instant now);
  Result<http::Response> remove_totp(const http::Request& request, Instant now);
  Result<http::Response> begin_new_passkey(const http::Request& request, Instant now);
  Result<http::Response> finish_new_passkey(const http::Request& request, Instant now);
  Result<http::Response> remove_passkey(const http::Request& request, Instant now);
  Result<http::Response> change_contact(const http::Request& request, Instant now);
  Result<http::Response> set_language(const http::Request& request, Instant now);

  /// The live session of an account that has not ended; not_signed_in otherwise.
  struct Who {
    portal::Session session;
    portal::Account account;
  };
  Result<Who> who(db::Tx& tx, const http::Request& request, Instant now) const;
  Result<Who> proved(db::Tx& tx, const http::Request& request, Instant now) const;

  /// A code that is on its way: made before the unit of work, so that running it again sends the same.
  struct Sent {
    std::string token;  ///< for the browser's cookie
    std::string digits;
    /// Addresses of the codes that were stored, for Deps::show: told when it is sure that they are.
    std::shared_ptr<std::vector<std::string>> stored = std::make_shared<std::vector<std::string>>();
  };
  void show(const Sent& sent) const;
  Sent new_code() const;
  void send_code(db::Tx& tx, const Sent& sent, portal::Code code, std::string_view network, Instant now) const;
  http::Response code_sent(const Sent& sent, Instant now) const;

  /// A new session in this browser in place of the old one; the answer with its cookie.
  http::Response admit(db::Tx& tx, const http::Request& request, const portal::Account& account, std::string_view method,
                       const std::optional<portal::GrantId>& grant, const std::string& token, Instant now);
  /// For whom somebody acts who has just signed in: as before, themselves, or the only one who trusts them.
  std::optional<portal::GrantId> first_grant(db::Tx& tx, const http::Request& request, const portal::Account& account,
                                             Instant now) const;
  Result<http::Response> accept(db::Tx& tx, const http::Request& request, const portal::Code& code, const std::string& token,
                                Instant now);
  void write_session(json::Writer& w, db::Tx& tx, const portal::Session& session, const portal::Account& account,
                     Instant now) const;
  void audit(db::Tx& tx, const http::Request& request, const std::optional<portal::Account>& account, std::string action,
             std::string result, Instant now, const std::optional<Uuid>& patient = {}) const;
  std::string cookie(std::string_view name, std::string_view value, std::optional<std::chrono::seconds> age) const;
  std::vector<portal::Grant> active_grants(db::Tx& tx, const portal::Account& account, Instant now) const;
  std::optional<portal::Party> party(const http::Request& request) const;

  db::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  identity::PasswordHasher& hasher_;
  WorkerPool& pool_;
  const portal::Deps& deps_;
  const std::string public_url_;
  UnknownNames failures_;        // by name and network
  NetworkLimit code_limit_{60};  // a clinic's waiting room is one network
  NetworkLimit other_limit_{600};
};

}  // namespace concord::app
