#include "app/dispatcher.h"

#include <algorithm>
#include <chrono>

#include "audit/audit_store.h"
#include "base/log.h"
#include "http/security.h"
#include "identity/idempotency_store.h"
#include "identity/permissions.h"

namespace concord::app {
namespace {

constexpr std::string_view kBackgroundHeader = "x-concord-background";
constexpr std::size_t kMaxIdempotencyKey = 200;
// Check-in pages, and what the SMS gateway calls. Routes like all others, outside /api/.
constexpr std::string_view kFormPaths = "/c/";
constexpr std::string_view kHookPaths = "/hooks/";

bool is_change(http::Method method) { return method != http::Method::get && method != http::Method::head; }

void add_api_headers(http::Response& response, const DispatcherOptions& options, std::string_view request_id) {
  http::add_missing(response, http::api_security_headers(options.secure_cookies));
  response.headers.emplace_back("X-Request-Id", std::string(request_id));
}

}  // namespace

/// One request on its way. Only one thread works on it at a time.
struct Dispatcher::Flight {
  http::Request request;
  http::Respond respond;
  std::function<std::shared_ptr<http::EventStream>(http::Headers)> stream;
  http::Router::Match match;
  Instant now{};
  std::chrono::steady_clock::time_point started;
  Caller caller;             ///< organization and user are set as soon as they are known
  bool is_known = false;     ///< somebody was identified: the audit entry has an actor
  bool audit_tried = false;  ///< the entry of a failure was submitted once
  std::string session_hash;
  std::optional<Instant> session_active_at;
  std::optional<Instant> session_expires_at;
  std::function<void(db::Tx&)> extend;  ///< of a portal session
  Result<http::Reply> outcome = fail(ErrorCode::internal, "");
  bool replayed = false;
  std::string incident;
  std::string allow;  ///< methods of a path that exists, for 405

  bool is_form() const {
    return match.route ? match.route->audience == http::Audience::form : request.path.starts_with(kFormPaths);
  }
  /// Keeps the session alive, if a person asked and not a page by itself.
  void touch_session(db::Tx& tx) const {
    if (!request.header(kBackgroundHeader).empty()) return;
    if (session_active_at && now - *session_active_at >= identity::kActivityGrain) identity::touch_session(tx, session_hash, now);
    if (extend) extend(tx);
  }
  audit::Entry audit_entry() const {
    audit::Entry entry;
    entry.organization = caller.organization;
    entry.at = now;
    entry.actor_kind = caller.kind;
    if (!caller.user.is_nil()) entry.actor = caller.user;
    entry.role = caller.role;
    entry.action = match.route->name;
    entry.request_id = request.request_id;
    // Whose record the address names; what was done knows better.
    for (const auto& [name, value] : match.parameters)
      if (name == "patient_id") entry.patient = Uuid::parse(value);
      else if (auto id = Uuid::parse(value)) entry.object = id;
    if (outcome) {
      if (outcome->audit_patient) entry.patient = outcome->audit_patient;
      if (outcome->audit_object) entry.object = outcome->audit_object;
      entry.detail = outcome->audit_detail;
      entry.result = outcome->status < 400 ? "ok" : outcome->status == 412 ? "edited_meanwhile" : "refused";
      if (replayed) {
        entry.detail = "repeated request";
        if (auto id = Uuid::parse(std::string_view(outcome->location).substr(outcome->location.rfind('/') + 1)))
          entry.object = id;
      }
    } else {
      entry.result = std::string(code_name(outcome.error().code));
    }
    return entry;
  }
};

Dispatcher::Dispatcher(db::Database& database, const Clock& clock, IdSource& ids, const http::Router& router, Auth& auth,
                       WorkerPool& pool, Zones& zones, http::EventHub& events, http::Metrics& metrics,
                       const http::StaticFiles& files, DispatcherOptions options)
    : database_(database),
      clock_(clock),
      ids_(ids),
      router_(router),
      auth_(auth),
      pool_(pool),
      zones_(zones),
      events_(events),
      metrics_(metrics),
      files_(files),
      options_(std::move(options)) {}

void Dispatcher::operator()(http::Exchange exchange) {
  const std::string& path = exchange.request.path;
  if (path.starts_with("/auth/")) {
    exchange.respond = [respond = std::move(exchange.respond), this, id = exchange.request.request_id](http::Response response) {
      add_api_headers(response, options_, id);
      respond(std::move(response));
    };
    if (path.starts_with("/auth/portal/") && options_.portal_auth) options_.portal_auth(exchange);
    else auth_.handle(exchange);
    return;
  }
  if (path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/api/openapi.json") {
    operations(exchange);
    return;
  }
  if (!path.starts_with("/api/") && !path.starts_with(kFormPaths) && !path.starts_with(kHookPaths)) {
    exchange.respond(files_.answer(exchange.request));
    return;
  }
  auto flight = std::make_shared<Flight>();
  flight->request = std::move(exchange.request);
  flight->respond = std::move(exchange.respond);
  flight->stream = std::move(exchange.stream);
  flight->now = clock_.now();
  flight->started = std::chrono::steady_clock::now();
  api(std::move(flight));
}

void Dispatcher::operations(http::Exchange& exchange) {
  const auto& request = exchange.request;
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  if (request.method != http::Method::get && request.method != http::Method::head) {
    exchange.respond(http::problem(Error{ErrorCode::method_not_allowed, "This address takes GET.", {}, {}}, request.request_id));
    return;
  }
  if (request.path == "/api/openapi.json") {
    response.content_type = "application/json";
    response.body = options_.openapi;
  } else if (request.path == "/healthz") {
    response.body = "ok\n";
  } else if (request.path == "/readyz") {
    response.status = ready_.load() ? 200 : 503;
    response.body = ready_.load() ? "ready\n" : "not ready\n";
  } else if (!options_.metrics_token.empty() && request.header("authorization") != "Bearer " + options_.metrics_token) {
    exchange.respond(http::problem(Error{ErrorCode::not_signed_in, "The metrics need their token.", {}, {}}, request.request_id));
    return;
  } else {
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_.set("concord_requests_in_flight", static_cast<double>(in_flight_.load()));
    metrics_.set("concord_writes_waiting", static_cast<double>(database_.waiting_writes()));
    metrics_.set("concord_workers_waiting", static_cast<double>(pool_.waiting()));
    response.body = metrics_.text();
  }
  exchange.respond(std::move(response));
}

void Dispatcher::api(FlightPtr flight) {
  ++in_flight_;
  flight->match = router_.match(flight->request.method, flight->request.path);
  const auto refuse = [&](Error error) {
    flight->outcome = tl::unexpected<Error>(std::move(error));
    answer(*flight);
  };
  if (!flight->match.route) {
    if (flight->match.path_exists) {
      flight->allow = router_.allowed(flight->request.path);
      return refuse({ErrorCode::method_not_allowed, "This address takes another method.", {}, {}});
    }
    return refuse({ErrorCode::not_found, "There is no such address.", {}, {}});
  }
  const auto& route = *flight->match.route;
  // A gateway is no browser: its signature covers what a page's origin would have to prove.
  if (is_change(flight->request.method) && route.audience != http::Audience::gateway)
    if (auto same = check_same_origin(flight->request, route.audience == http::Audience::form); !same)
      return refuse(same.error());
  if (!route.handler) return open_stream(flight);
  if (route.audience == http::Audience::staff && !auth_.has_credentials(flight->request))
    return refuse({ErrorCode::not_signed_in, "Sign in first.", {}, {}});
  if (route.run_as == http::RunAs::list && !(route.reads_little && route.reads_little(flight->request))) {
    if (!pool_.submit([this, flight] { run_list(flight); }))
      refuse({ErrorCode::overloaded, "Concord is busy. Try again in a moment.", {}, {}});
    return;
  }
  if (database_.waiting_writes() >= options_.max_waiting_writes)
    return refuse({ErrorCode::overloaded, "Concord is busy. What you entered was not stored; try again in a moment.", {}, {}});
  run_unit(flight);
}

const Admit& Dispatcher::admission(http::Audience audience) const {
  return audience == http::Audience::portal ? options_.admissions.portal
         : audience == http::Audience::form ? options_.admissions.form
                                            : options_.admissions.gateway;
}

Result<void> Dispatcher::admit(db::Tx& tx, Flight& flight) {
  const auto& route = *flight.match.route;
  if (route.audience == http::Audience::staff) return admit_staff(tx, flight);
  const Admit& admits = admission(route.audience);
  if (!admits) return fail(ErrorCode::not_signed_in, "Sign in first.");
  CONCORD_TRY(auto admitted, admits(tx, flight.request, flight.now));
  flight.is_known = true;
  flight.caller = std::move(admitted.caller);
  flight.session_expires_at = admitted.expires_at;
  flight.extend = std::move(admitted.extend);
  if (!identity::role_allows(flight.caller.role, route.permission))
    return fail(ErrorCode::not_allowed, "This is not open to you here.");
  zones_.learn(tx, flight.caller);
  return {};
}

Result<void> Dispatcher::admit_staff(db::Tx& tx, Flight& flight) {
  CONCORD_TRY(auto who, auth_.identify(tx, flight.request, flight.now));
  flight.is_known = true;
  const std::string& permission = flight.match.route->permission;
  if (who.service) {
    flight.caller.kind = ActorKind::service;
    flight.caller.organization = who.service->organization;
    flight.caller.user = UserId(who.service->id);
    flight.caller.display_name = who.service->name;
    flight.caller.role = who.service->role;
    if (!identity::role_allows(who.service->role, permission))
      return fail(ErrorCode::not_allowed, "This service key may not do this.");
    flight.caller.sites = {who.service->site};
    zones_.learn(tx, flight.caller);
    return {};
  }
  const auto& user = who.session->user;
  flight.caller.kind = ActorKind::user;
  flight.caller.organization = user.organization;
  flight.caller.user = user.id;
  flight.session_hash = std::move(who.session_hash);
  flight.session_active_at = who.session->times.last_active_at;
  flight.session_expires_at = identity::expires_at(who.session->times);
  if (!user.roles.empty()) flight.caller.role = user.roles.front().role;  // for the entry of a refusal
  auto caller = identity::authorize(user, permission);
  if (!caller) return fail(ErrorCode::not_allowed, "Your role does not allow this. Ask the program manager if you need it.");
  flight.caller = std::move(*caller);
  zones_.learn(tx, flight.caller);
  return {};
}

void Dispatcher::run_list(const FlightPtr& flight) {
  try {
    database_.read_with([&](db::Tx& tx) { carry_out(tx, *flight); });
  } catch (...) {
    fail_with_incident(flight, std::current_exception());
    return;
  }
  finish_after_audit(flight);
}

void Dispatcher::run_unit(const FlightPtr& flight) {
  database_.submit({[this, flight](db::Tx& tx) {
                      carry_out(tx, *flight);
                      if (!flight->outcome) return false;
                      auto entry = flight->audit_entry();
                      audit::append(tx, entry);
                      for (const auto& patient : flight->outcome->audit_more_patients) {
                        entry.patient = patient;
                        audit::append(tx, entry);
                      }
                      flight->touch_session(tx);
                      return true;
                    },
                    [this, flight](std::exception_ptr failure) {
                      if (failure) fail_with_incident(flight, failure);
                      else if (flight->outcome) answer(*flight);
                      else finish_after_audit(flight);  // rolled back: the failure is audited by itself
                    }});
}

void Dispatcher::carry_out(db::Tx& tx, Flight& flight) {
  flight.replayed = false;  // a unit may run again from the start
  flight.caller = {};
  flight.is_known = false;
  flight.extend = nullptr;
  flight.outcome = [&]() -> Result<http::Reply> {
    CONCORD_TRY_VOID(admit(tx, flight));
    const http::Call call{flight.request, flight.caller, flight.now, flight.match.parameters};
    CONCORD_TRY(const auto work, flight.match.route->handler(call));
    const std::string_view key = flight.match.route->creates ? flight.request.header("idempotency-key") : std::string_view();
    if (key.empty()) return work(tx);
    return work_once(tx, flight, key, work);
  }();
}

Result<http::Reply> Dispatcher::work_once(db::Tx& tx, Flight& flight, std::string_view key, const http::Work& work) {
  if (key.size() > kMaxIdempotencyKey)
    return fail(ErrorCode::bad_request, "The Idempotency-Key is longer than 200 characters.",
                {{"Idempotency-Key", "is too long"}});
  const auto digest = identity::request_digest(http::name(flight.request.method), flight.request.path, flight.request.body);
  if (auto known = identity::find_answer(tx, flight.caller.organization, flight.caller.user, key)) {
    if (known->request_digest != digest)
      return fail(ErrorCode::key_reused, "This Idempotency-Key was used for something else. Use a new one.");
    flight.replayed = true;
    http::Reply reply;
    reply.status = known->status;
    reply.location = std::move(known->location);
    reply.version = known->version;
    reply.body = std::move(known->body);
    return reply;
  }
  CONCORD_TRY(auto reply, work(tx));
  if (reply.status < 300)
    identity::keep_answer(tx, flight.caller.organization, flight.caller.user, key,
                          {digest, reply.status, reply.location, reply.version, reply.body}, flight.now);
  return reply;
}

void Dispatcher::finish_after_audit(const FlightPtr& flight) {
  if (!flight->is_known) {  // nobody to hold to account, and an open door for filling the log
    answer(*flight);
    return;
  }
  flight->audit_tried = true;
  database_.submit({[flight](db::Tx& tx) {
                      audit::append(tx, flight->audit_entry());
                      if (flight->outcome) flight->touch_session(tx);
                      return true;
                    },
                    [this, flight](std::exception_ptr failure) {
                      if (failure) fail_with_incident(flight, failure);
                      else answer(*flight);
                    }});
}

void Dispatcher::open_stream(const FlightPtr& flight) {
  try {
    flight->outcome = database_.read([&](db::Tx& tx) -> Result<http::Reply> {
      CONCORD_TRY_VOID(admit(tx, *flight));
      return http::Reply{};
    });
  } catch (...) {
    fail_with_incident(flight, std::current_exception());
    return;
  }
  if (!flight->outcome) {
    finish_after_audit(flight);
    return;
  }
  auto stream = flight->stream({{"Cache-Control", "no-store"}, {"X-Request-Id", flight->request.request_id}});
  --in_flight_;
  if (!stream) return;
  const bool is_service = flight->caller.kind == ActorKind::service;
  events_.subscribe(flight->caller.organization, is_service ? flight->caller.user.text() : flight->session_hash, stream,
                    flight->session_expires_at.value_or(Instant::max()));
  // Heard at once, because a change between head and subscription would be lost; ended if it cannot be audited.
  database_.submit({[flight](db::Tx& tx) {
                      audit::append(tx, flight->audit_entry());
                      return true;
                    },
                    [stream](std::exception_ptr failure) {
                      if (failure) stream->close();
                    }});
}

void Dispatcher::fail_with_incident(const FlightPtr& flight, const std::exception_ptr& failure) {
  Error error{ErrorCode::internal, "Concord failed. Nothing was stored. Tell your administrator the incident number.", {}, {}};
  std::string what;
  try {
    std::rethrow_exception(failure);
  } catch (const db::ConstraintViolation& violation) {
    error = {ErrorCode::conflict, "This contradicts what is already stored. Load the page again.", {}, violation.constraint};
  } catch (const db::DatabaseError& database_error) {
    error.code = ErrorCode::database_unavailable;
    error.text = "The database cannot be used right now. Nothing was stored. Try again shortly.";
    what = database_error.what();
  } catch (const std::exception& e) {
    what = e.what();
  }
  if (error.code != ErrorCode::conflict) {
    flight->incident = ids_.next().text();
    metrics_.increment("concord_incidents_total");
    log::error("incident", {{"incident", flight->incident},
                            {"request", flight->request.request_id},
                            {"route", flight->match.route ? std::string_view(flight->match.route->name) : "none"},
                            {"code", code_name(error.code)},
                            {"what", what}});
  }
  const bool database_works = error.code != ErrorCode::database_unavailable;
  flight->outcome = tl::unexpected<Error>(std::move(error));
  if (database_works && !flight->audit_tried) finish_after_audit(flight);
  else answer(*flight);
}

void Dispatcher::answer(Flight& flight) {
  http::Response response;
  if (flight.outcome) {
    auto& reply = *flight.outcome;
    response.status = reply.status;
    response.body = std::move(reply.body);
    response.content_type = std::move(reply.content_type);
    response.headers = std::move(reply.headers);
    if (reply.version) response.headers.emplace_back("ETag", '"' + std::to_string(*reply.version) + '"');
    if (!reply.location.empty()) response.headers.emplace_back("Location", reply.location);
    for (const auto& event : reply.events) events_.publish(flight.caller.organization, event, flight.now);
  } else {
    const Error& error = flight.outcome.error();
    const auto& page = options_.admissions.form_problem;
    response =
        flight.is_form() && page ? page(error, flight.request) : http::problem(error, flight.request.request_id, flight.incident);
    if (!flight.allow.empty()) response.headers.emplace_back("Allow", flight.allow);
    if (flight.outcome.error().code == ErrorCode::overloaded) response.headers.emplace_back("Retry-After", "1");
  }
  // Lets the page warn before the session ends without asking for it.
  if (flight.session_expires_at) {
    const bool extended = flight.outcome && flight.request.header(kBackgroundHeader).empty();
    const Instant until = extended ? flight.now + std::chrono::duration_cast<std::chrono::microseconds>(identity::kIdleTimeout) -
                                         identity::kActivityGrain
                                   : *flight.session_expires_at;
    response.headers.emplace_back("X-Concord-Session-Expires", iso(std::max(until, *flight.session_expires_at)));
  }
  add_api_headers(response, options_, flight.request.request_id);
  const auto took = std::chrono::steady_clock::now() - flight.started;
  metrics_.request(flight.match.route ? std::string_view(flight.match.route->name) : "none", http::name(flight.request.method),
                   response.status, std::chrono::duration<double>(took).count());
  --in_flight_;
  flight.respond(std::move(response));
}

}  // namespace concord::app
