// A route is a value: address, permission, documentation and the function that answers it. Slices return
// lists of them; app/ puts them behind the one choke point (sign-in, permission, audit, idempotency,
// ETag). OpenAPI, the authorization matrix and the audit action come from the same value.
//
//   request -> Router -> authorization (deny by default) -> Handler (parse, no I/O) -> Work in one
//   transaction (domain, store) -> audit entry in the same transaction -> response
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "http/message.h"

namespace concord::db {
class Tx;
}

namespace concord::http {

/// What a handler sees of one authorized request.
struct Call {
  const Request& request;
  const Caller& caller;
  Instant now;
  std::vector<std::pair<std::string_view, std::string>> path_parameters;

  std::string_view path_parameter(std::string_view name) const;  ///< broken invariant if the pattern has none
  /// not_found when it is no id: a foreign, a missing and a malformed id answer alike.
  template <class IdType>
  Result<IdType> path_id(std::string_view name) const {
    auto parsed = IdType::parse(path_parameter(name));
    if (!parsed) return fail(ErrorCode::not_found, "There is no such thing, or it is not yours to see.");
    return *parsed;
  }
  /// The version in If-Match ("7" -> 7); precondition_missing or bad_request otherwise.
  Result<std::int64_t> if_match() const;
};

/// What changed, for live updates of other people's screens: ids only, never personal data.
struct Event {
  std::string topic;  ///< "caseload", "referrals", "patient"
  Uuid object;
};

/// What a unit of work answers. The audit fields tell the log what was looked at or changed.
struct Reply {
  int status = 200;
  std::string body;  ///< JSON unless content_type says otherwise
  std::string content_type = "application/json";
  std::optional<std::int64_t> version;  ///< becomes ETag: "N"
  std::string location;                 ///< for 201
  Headers headers;
  std::optional<Uuid> audit_patient;
  std::vector<Uuid> audit_more_patients;  ///< of a write that touches several records: an entry in each one's log
  std::optional<Uuid> audit_object;
  std::string audit_detail;   ///< counts and codes ("rows=50"), never personal data
  std::vector<Event> events;  ///< published after the commit
};

using Work = std::function<Result<Reply>(db::Tx&)>;
using Handler = std::function<Result<Work>(const Call&)>;

/// Where the unit of work runs: `point` and `write` on the database's write queue, together with the audit
/// entry (and the idempotency key of a route that creates): a few indexed rows, never a scan. `list` = may be
/// more: on the bounded pool (503 when full), with a read snapshot, the audit entry afterwards.
enum class RunAs { point, list, write };

/// Who may knock at all, and how they show who they are.
enum class Audience {
  staff,    ///< a staff session's cookie, or a service key
  portal,   ///< the portal session's cookie: a patient or a trusted person
  form,     ///< the secret of a check-in link, or the cookie it was exchanged for; answers are HTML pages
  gateway,  ///< the SMS gateway, by its signature
};

struct Route {
  Method method = Method::get;
  std::string pattern;     ///< "/api/v1/patients/{patient_id}"
  std::string name;        ///< "patients.read": audit action, metric label and operationId
  std::string permission;  ///< a name in identity/permissions.h; "" is refused at start
  std::string summary;
  RunAs run_as = RunAs::point;
  bool creates = false;                                               ///< a POST that creates: Idempotency-Key is honoured
  std::string request_schema;                                         ///< JSON Schema text, "" when there is no body
  std::string response_schema;                                        ///< JSON Schema text
  std::vector<std::pair<std::string, std::string>> query_parameters;  ///< name, meaning
  Handler handler;
  /// Of a `list`: true for requests that read little after all (one care manager's caseload), run as `point`.
  std::function<bool(const Request&)> reads_little = {};
  Audience audience = Audience::staff;
};

/// Finds the route for a path. Literal segments win over parameters; matching is exact, no trailing slash.
class Router {
 public:
  /// Breaks an invariant for two routes with the same method and shape, or a route without permission.
  explicit Router(std::vector<Route> routes);
  struct Match {
    const Route* route = nullptr;  ///< null: nothing has this path and method
    bool path_exists = false;      ///< 405 rather than 404
    std::vector<std::pair<std::string_view, std::string>> parameters;
  };
  /// `path` as in Request::path: decoded once, by the server, which refuses an encoded slash. HEAD finds GET.
  Match match(Method method, std::string_view path) const;
  /// The value of an Allow header: "GET, HEAD, POST"; empty when nothing has this path.
  std::string allowed(std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Node;
  std::vector<Route> routes_;
  std::shared_ptr<const Node> root_;  // shared because Node is incomplete here; never shared in fact
};

}  // namespace concord::http
