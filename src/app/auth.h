// Sign-in, sign-out, the session answer and password change: what happens before or around a Caller, and
// needs a worker thread because passwords are hashed. Also finds out who sends a request.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

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

/// Failures with names that nobody has: they wait like real ones, so that waiting tells nothing about who
/// exists. In memory and bounded. Thread-safe.
class UnknownNames {
 public:
  struct Failures {
    int count = 0;
    std::optional<Instant> last;
  };
  Failures of(std::string_view folded_name) const;
  void failed(std::string_view folded_name, Instant now);

 private:
  static constexpr std::size_t kMost = 65536;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_;  // by hash of the name
};

class Auth {
 public:
  struct Settings {
    bool secure_cookies = false;
    /// Told the hash of a session that ended before its time: its live streams end too.
    std::function<void(std::string_view session_hash)> session_ended;
  };
  Auth(db::Database& database, const Clock& clock, identity::PasswordHasher& hasher, WorkerPool& pool, Settings settings);

  /// True when the path was /auth/... and has been taken over.
  bool handle(http::Exchange& exchange);

  /// Who a request says it is, checked: a live session of an enabled user, or a service key.
  struct Who {
    std::optional<identity::Session> session;
    std::optional<identity::ServiceKey> service;
    std::string session_hash;  ///< for touching and ending it
  };
  /// not_signed_in when there is neither, or the session has ended.
  Result<Who> identify(db::Tx& tx, const http::Request& request, Instant now) const;

  /// False when a request names nobody at all: it is refused without asking the database.
  bool has_credentials(const http::Request& request) const;
  std::string_view cookie_name() const;

 private:
  void sign_in(http::Request request, http::Respond respond);
  void sign_out(const http::Request& request, http::Respond respond);
  void session(const http::Request& request, http::Respond respond);
  void change_password(http::Request request, http::Respond respond);
  http::Response session_answer(db::Tx& tx, const identity::Session& session, Instant now) const;
  std::string set_cookie(std::string_view token) const;
  void end_streams(std::string_view session_hash) const;

  db::Database& database_;
  const Clock& clock_;
  identity::PasswordHasher& hasher_;
  WorkerPool& pool_;
  const Settings settings_;
  UnknownNames unknown_names_;
};

/// A change must come from our own pages: JSON content type, and Origin or Sec-Fetch-Site of this host
/// (security.md C4). Requests with a service key need neither. `is_form`: a page without scripts sends its answers
/// as application/x-www-form-urlencoded.
Result<void> check_same_origin(const http::Request& request, bool is_form = false);

}  // namespace concord::app
