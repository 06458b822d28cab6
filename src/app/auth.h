// Sign-in, sign-out, the session answer and password change: what happens before or around a Caller, and
// needs a worker thread because passwords are hashed. Also finds out who sends a request.
#pragma once

#include <optional>
#include <string>

#include "app/worker_pool.h"
#include "base/clock.h"
#include "db/database.h"
#include "http/message.h"
#include "http/server.h"
#include "identity/identity_store.h"
#include "identity/password.h"

namespace concord::app {

/// The paths that answer without a permission, each with the reason. The authorization matrix lists them.
struct PublicPath {
  http::Method method;
  std::string_view path;
  std::string_view reason;
};
const std::vector<PublicPath>& public_paths();

class Auth {
 public:
  struct Settings {
    bool secure_cookies = false;
  };
  Auth(db::Database& database, const Clock& clock, identity::PasswordHasher& hasher, WorkerPool& pool, Settings settings);

  /// True when the path was /auth/... and has been taken over.
  bool handle(http::Exchange& exchange);

  /// Who a request says it is, checked: a live session of an enabled user, or a service key.
  struct Who {
    std::optional<identity::Session> session;
    std::optional<identity::ServiceKey> service;
    std::string session_hash;             ///< for touching and ending it
  };
  /// not_signed_in when there is neither, or the session has ended.
  Result<Who> identify(db::Tx& tx, const http::Request& request, Instant now) const;

  std::string_view cookie_name() const;

 private:
  void sign_in(http::Request request, http::Respond respond);
  void sign_out(const http::Request& request, http::Respond respond);
  void session(const http::Request& request, http::Respond respond);
  void change_password(http::Request request, http::Respond respond);
  http::Response session_answer(db::Tx& tx, const identity::Session& session, Instant now) const;
  std::string set_cookie(std::string_view token) const;

  db::Database& database_;
  const Clock& clock_;
  identity::PasswordHasher& hasher_;
  WorkerPool& pool_;
  const Settings settings_;
};

/// A change must come from our own pages: JSON content type, and Origin or Sec-Fetch-Site of this host
/// (security.md C4). Requests with a service key need neither.
Result<void> check_same_origin(const http::Request& request);

}  // namespace concord::app
