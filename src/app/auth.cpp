#include "app/auth.h"

#include "app/portal_auth.h"
#include "audit/audit_store.h"
#include "base/text.h"
#include "http/security.h"
#include "identity/identity_api.h"
#include "json/cursor.h"

namespace concord::app {
namespace {

constexpr std::string_view kSignInPath = "/auth/sign-in";
constexpr std::string_view kSignOutPath = "/auth/sign-out";
constexpr std::string_view kSessionPath = "/auth/session";
constexpr std::string_view kPasswordPath = "/auth/password";

audit::Entry entry_for(const http::Request& request, Instant now, std::string action, std::string result) {
  audit::Entry entry;
  entry.at = now;
  entry.actor_kind = ActorKind::user;
  entry.action = std::move(action);
  entry.result = std::move(result);
  entry.request_id = request.request_id;
  return entry;
}

tl::unexpected<Error> wrong_credentials() {
  return fail(ErrorCode::wrong_credentials, "The sign-in name and password do not match a person who may sign in.");
}

http::Response empty_answer() {
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace

const std::vector<PublicPath>& public_paths() {
  static const std::vector<PublicPath> paths = [] {
    std::vector<PublicPath> all = {
        {http::Method::post, kSignInPath, "nobody is known yet"},
        {http::Method::post, kSignOutPath, "ends the session it is sent with, whatever its state"},
        {http::Method::get, kSessionPath, "answers 401 without a live session; tells the person about themselves"},
        {http::Method::post, kPasswordPath, "needs a live session and the current password; changes one's own only"},
        {http::Method::get, "/healthz", "says only that the process runs"},
        {http::Method::get, "/readyz", "says only whether requests are served"},
        {http::Method::get, "/metrics", "counters without personal data; a token guards it off loopback"},
        {http::Method::get, "/api/openapi.json", "the description of the interface, which is public"},
    };
    const auto& portal = portal_public_paths();
    all.insert(all.end(), portal.begin(), portal.end());
    return all;
  }();
  return paths;
}

Auth::Auth(db::Database& database, const Clock& clock, identity::PasswordHasher& hasher, WorkerPool& pool, Settings settings)
    : database_(database), clock_(clock), hasher_(hasher), pool_(pool), settings_(settings) {}

std::string_view Auth::cookie_name() const { return settings_.secure_cookies ? "__Host-concord_session" : "concord_session"; }

std::string Auth::set_cookie(std::string_view token) const {
  return http::secret_cookie(cookie_name(), token, settings_.secure_cookies);
}

bool Auth::has_credentials(const http::Request& request) const {
  if (!request.header("authorization").empty()) return true;
  const auto token = request.cookie(cookie_name());
  return token && !token->empty();
}

Result<Auth::Who> Auth::identify(db::Tx& tx, const http::Request& request, Instant now) const {
  const auto refused = [](std::string text) { return fail(ErrorCode::not_signed_in, std::move(text)); };
  Who who;
  const std::string_view authorization = request.header("authorization");
  if (!authorization.empty()) {
    if (!authorization.starts_with("Bearer ")) return refused("The Authorization header must be \"Bearer\" and a service key.");
    who.service = identity::find_service_key(tx, identity::token_hash(authorization.substr(7)));
    if (!who.service) return refused("The service key is not known or was revoked.");
    return who;
  }
  const auto token = request.cookie(cookie_name());
  if (!token || token->empty()) return refused("Sign in first.");
  who.session_hash = identity::token_hash(*token);
  who.session = identity::find_session(tx, who.session_hash);
  if (!who.session || who.session->user.disabled_at || !identity::is_live(who.session->times, now))
    return refused("Your session has ended. Sign in again; what you typed is still on the page.");
  return who;
}

bool Auth::handle(http::Exchange& exchange) {
  auto& request = exchange.request;
  if (!request.path.starts_with("/auth/")) return false;
  const bool is_post = request.method == http::Method::post;
  const bool is_known = request.path == kSignInPath || request.path == kSignOutPath || request.path == kPasswordPath;
  if (request.path == kSessionPath && request.method == http::Method::get) {
    session(request, exchange.respond);
  } else if (is_known && is_post) {
    if (auto same = check_same_origin(request); !same) {
      exchange.respond(http::problem(same.error(), request.request_id));
    } else if (request.path == kSignOutPath) {
      sign_out(request, exchange.respond);
    } else {
      const bool signing_in = request.path == kSignInPath;
      auto taken = std::make_shared<http::Request>(std::move(request));
      const bool accepted = pool_.submit([this, taken, respond = exchange.respond, signing_in] {
        if (signing_in) sign_in(std::move(*taken), respond);
        else change_password(std::move(*taken), respond);
      });
      if (!accepted) {
        auto busy = http::problem(Error{ErrorCode::overloaded, "Too many people are signing in. Try again in a moment.", {}, {}},
                                  taken->request_id);
        busy.headers.emplace_back("Retry-After", "2");
        exchange.respond(std::move(busy));
      }
    }
  } else {
    const bool exists = is_known || request.path == kSessionPath;
    exchange.respond(http::problem(Error{exists ? ErrorCode::method_not_allowed : ErrorCode::not_found,
                                         exists ? "This address takes another method." : "There is no such address.",
                                         {},
                                         {}},
                                   request.request_id));
  }
  return true;
}

void Auth::sign_in(http::Request request, http::Respond respond) {
  const Instant now = clock_.now();
  const auto answer = [&]() -> Result<http::Response> {
    CONCORD_TRY(auto document, json::Document::parse(request.body));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"sign_in_name", "password"});
    const auto name = body.required("sign_in_name").string(1, 200);
    const auto password = body.required("password").string(1, 1024);
    if (!issues.empty()) return issues.error();

    const auto user = database_.read([&](db::Tx& tx) { return identity::find_by_sign_in_name(tx, *name); });
    const std::string folded = fold(*name);
    auto failures = unknown_names_.of(folded);
    if (user) failures = {user->failed_attempts, user->last_failed_at};
    const bool waits = identity::must_wait(failures.count, failures.last, now);
    // The hash is computed in every case, so that time tells nothing about the name.
    const bool matches = hasher_.verify(user ? user->password_hash : std::nullopt, *password);
    const bool admitted = matches && user && !user->disabled_at && !waits;
    const std::string token = identity::new_token();
    std::string ended;
    auto stored = database_.write([&](db::Tx& tx) -> Result<http::Response> {
      auto entry = entry_for(request, now, "auth.sign-in", admitted ? "ok" : waits ? "too_many_requests" : "wrong_credentials");
      if (user) {
        entry.organization = user->organization;
        entry.actor = user->id;
      }
      audit::append(tx, entry);
      http::Response response;
      if (!admitted) {
        if (user && !waits) identity::record_sign_in_failure(tx, user->organization, user->id, now);
        return response;
      }
      identity::clear_sign_in_failures(tx, user->organization, user->id);
      const auto hash = identity::token_hash(token);
      // A session that the browser still had ends with the new sign-in.
      if (auto old = request.cookie(cookie_name())) {
        ended = identity::token_hash(*old);
        identity::end_session(tx, ended, now, "new sign-in");
      }
      identity::insert_session(tx, hash, user->organization, user->id, now);
      auto session = identity::find_session(tx, hash);
      return session_answer(tx, *session, now);
    });
    if (!stored) return stored;
    if (!ended.empty()) end_streams(ended);
    if (!user && !waits) unknown_names_.failed(folded, now);
    if (waits) {
      const auto wait = *failures.last + identity::sign_in_delay(failures.count) - now;
      auto busy = http::problem(
          Error{ErrorCode::too_many_requests, "Too many attempts with this name. Wait a little, then try again.", {}, {}},
          request.request_id);
      busy.headers.emplace_back("Retry-After",
                                std::to_string(std::chrono::duration_cast<std::chrono::seconds>(wait).count() + 1));
      return busy;
    }
    if (!admitted) return wrong_credentials();
    stored->headers.emplace_back("Set-Cookie", set_cookie(token));
    return stored;
  };
  try {
    auto result = answer();
    respond(result ? std::move(*result) : http::problem(result.error(), request.request_id));
  } catch (const std::exception&) {
    respond(
        http::problem(Error{ErrorCode::database_unavailable, "Signing in is not possible right now. Try again shortly.", {}, {}},
                      request.request_id));
  }
}

http::Response Auth::session_answer(db::Tx& tx, const identity::Session& session, Instant now) const {
  http::Response response;
  json::Writer w(response.body);
  const auto organization =
      identity::find_organization(tx, session.user.organization).value_or(identity::Organization{session.user.organization, {}});
  std::vector<identity::Site> mine;
  for (auto& site : identity::sites(tx, session.user.organization))
    for (const auto& held : session.user.roles)
      if (held.site == site.id) {
        mine.push_back(site);
        break;
      }
  identity::write_session(w, session.user, organization, mine, session.times, now);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void Auth::session(const http::Request& request, http::Respond respond) {
  const Instant now = clock_.now();
  auto answer = database_.read([&](db::Tx& tx) -> Result<http::Response> {
    CONCORD_TRY(const auto who, identify(tx, request, now));
    if (!who.session) return fail(ErrorCode::not_signed_in, "A service key has no session.");
    return session_answer(tx, *who.session, now);
  });
  respond(answer ? std::move(*answer) : http::problem(answer.error(), request.request_id));
}

void Auth::sign_out(const http::Request& request, http::Respond respond) {
  const Instant now = clock_.now();
  auto response = empty_answer();
  response.headers.emplace_back("Set-Cookie", set_cookie(""));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
  const auto token = request.cookie(cookie_name());
  if (!token || token->empty()) {
    respond(std::move(response));
    return;
  }
  const auto hash = identity::token_hash(*token);
  auto entry = entry_for(request, now, "auth.sign-out", "ok");
  database_.submit(
      {[hash, now, entry](db::Tx& tx) mutable {
         if (auto session = identity::find_session(tx, hash)) {
           entry.organization = session->user.organization;
           entry.actor = session->user.id;
           identity::end_session(tx, hash, now, "signed out");
           audit::append(tx, entry);
         }
         return true;
       },
       [this, hash, respond, response, id = request.request_id](std::exception_ptr failed) {
         if (!failed) end_streams(hash);
         if (failed)
           respond(http::problem(Error{ErrorCode::database_unavailable, "Signing out was not stored. Try again.", {}, {}}, id));
         else respond(response);
       }});
}

void Auth::change_password(http::Request request, http::Respond respond) {
  const Instant now = clock_.now();
  const auto answer = [&]() -> Result<http::Response> {
    CONCORD_TRY(auto document, json::Document::parse(request.body));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"current_password", "new_password"});
    const auto current = body.required("current_password").string(1, 1024);
    const auto fresh = body.required("new_password").string(1, 1024);
    if (!issues.empty()) return issues.error();
    struct Found {
      Who who;
      identity::User user;
      std::string organization;
    };
    CONCORD_TRY(auto found, database_.read([&](db::Tx& tx) -> Result<Found> {
      CONCORD_TRY(auto who, identify(tx, request, now));
      if (!who.session) return fail(ErrorCode::not_allowed, "A service key has no password.");
      Found f;
      f.user = *identity::find_user(tx, who.session->user.organization, who.session->user.id);
      f.who = std::move(who);
      if (const auto organization = identity::find_organization(tx, f.user.organization)) f.organization = organization->name;
      return f;
    }));
    if (identity::must_wait(found.user.failed_attempts, found.user.last_failed_at, now))
      return fail(ErrorCode::too_many_requests, "Too many attempts. Wait a little, then try again.");
    const bool matches = hasher_.verify(found.user.password_hash, *current);
    auto wrong = identity::check_password(*fresh, found.user.sign_in_name.value_or(""), found.organization);
    for (auto& issue : wrong) issue.path = "new_password";
    const std::string hash = matches && wrong.empty() ? hasher_.hash(*fresh) : std::string();
    const std::string result = !matches ? "wrong_credentials" : !wrong.empty() ? "invalid" : "ok";
    std::vector<std::string> ended;
    CONCORD_TRY_VOID(database_.write([&](db::Tx& tx) -> Result<void> {
      auto entry = entry_for(request, now, "auth.password", result);
      entry.organization = found.user.organization;
      entry.actor = found.user.id;
      audit::append(tx, entry);
      if (!matches) identity::record_sign_in_failure(tx, found.user.organization, found.user.id, now);
      if (result == "ok") {
        identity::set_password(tx, found.user.organization, found.user.id, hash);
        ended.clear();
        for (auto& [session, times] : identity::live_sessions(tx, found.user.organization, found.user.id, now))
          if (session != found.who.session_hash) ended.push_back(session);
        identity::end_sessions(tx, found.user.organization, found.user.id, found.who.session_hash, now, "password changed");
      }
      return {};
    }));
    for (const auto& session : ended) end_streams(session);
    if (!matches)
      return fail(ErrorCode::invalid, "The current password is wrong.", {{"current_password", "is not your password"}});
    if (!wrong.empty()) return fail(ErrorCode::invalid, "Choose another new password.", std::move(wrong));
    return empty_answer();
  };
  try {
    auto result = answer();
    respond(result ? std::move(*result) : http::problem(result.error(), request.request_id));
  } catch (const std::exception&) {
    respond(http::problem(Error{ErrorCode::database_unavailable, "The password was not changed. Try again shortly.", {}, {}},
                          request.request_id));
  }
}

void Auth::end_streams(std::string_view session_hash) const {
  if (settings_.session_ended) settings_.session_ended(session_hash);
}

UnknownNames::Failures UnknownNames::of(std::string_view folded_name) const {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(identity::token_hash(folded_name));
  return found == failures_.end() ? Failures() : found->second;
}

void UnknownNames::failed(std::string_view folded_name, Instant now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kMost) failures_.erase(failures_.begin());
  auto& failures = failures_[identity::token_hash(folded_name)];
  ++failures.count;
  failures.last = now;
}

Result<void> check_same_origin(const http::Request& request, bool is_form) {
  if (request.header("authorization").starts_with("Bearer ")) return {};
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return fail(ErrorCode::not_allowed, "Changes are taken from Concord's own pages only.");
  const std::string_view origin = request.header("origin");
  if (!origin.empty()) {
    const auto scheme_end = origin.find("://");
    if (scheme_end == std::string_view::npos || origin.substr(scheme_end + 3) != request.header("host"))
      return fail(ErrorCode::not_allowed, "Changes are taken from Concord's own pages only.");
  }
  const std::string_view type = request.header("content-type");
  const auto media_type = trim(type.substr(0, type.find(';')));
  if (is_form && equals_ignoring_case(media_type, "application/x-www-form-urlencoded")) return {};
  if (!equals_ignoring_case(media_type, "application/json") && !(request.body.empty() && type.empty()))
    return fail(ErrorCode::wrong_media_type, "Send the body as application/json.");
  return {};
}

}  // namespace concord::app
