// The one way a request takes: route -> sign-in -> permission (deny by default) -> handler -> unit of work in
// one transaction with its audit entry -> response. Nothing else in Concord decides who may do what.
//
//   point, write   one unit of work on the database's write queue: sign-in, permission, handler, work and audit
//                  entry commit together. Reads go there too, because their audit entry has to be written
//                  anyway: one transaction instead of two, and SQLite's one writer has the pages in its cache.
//   list           may look at very much: a read snapshot on the worker pool (503 when too much is waiting), then
//                  the audit entry, then the answer.
//
// A failure is audited too, in a transaction of its own, since its work was rolled back.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "app/admission.h"
#include "app/auth.h"
#include "app/worker_pool.h"
#include "app/zones.h"
#include "base/clock.h"
#include "db/database.h"
#include "http/events.h"
#include "http/metrics.h"
#include "http/route.h"
#include "http/server.h"
#include "http/static_files.h"

namespace concord::app {

struct DispatcherOptions {
  std::size_t max_waiting_writes = 4096;
  bool secure_cookies = false;                       ///< TLS, or a proxy that does it: __Host- cookie and HSTS
  std::string metrics_token;                         ///< empty: /metrics needs no token (loopback only)
  std::string openapi;                               ///< answer of /api/openapi.json
  Admissions admissions;                             ///< of portal, check-in forms and gateway
  std::function<void(http::Exchange&)> portal_auth;  ///< takes /auth/portal/...
};

class Dispatcher {
 public:
  Dispatcher(db::Database& database, const Clock& clock, IdSource& ids, const http::Router& router, Auth& auth, WorkerPool& pool,
             Zones& zones, http::EventHub& events, http::Metrics& metrics, const http::StaticFiles& files,
             DispatcherOptions options);

  /// Called by the server on an I/O thread. Never blocks for long.
  void operator()(http::Exchange exchange);
  /// /readyz answers 503 until this is called with true, and again while stopping.
  void set_ready(bool ready) { ready_.store(ready); }
  /// Requests taken and not yet answered.
  std::size_t in_flight() const { return in_flight_.load(); }

 private:
  struct Flight;
  using FlightPtr = std::shared_ptr<Flight>;

  void api(FlightPtr flight);
  void run_list(const FlightPtr& flight);
  void run_unit(const FlightPtr& flight);
  /// Sign-in, permission, handler and work; fills flight.caller and flight.outcome.
  void carry_out(db::Tx& tx, Flight& flight);
  /// `work`, or what the same request was answered before.
  Result<http::Reply> work_once(db::Tx& tx, Flight& flight, std::string_view key, const http::Work& work);
  void open_stream(const FlightPtr& flight);
  /// Authenticates and authorizes inside `tx`; fills flight.caller.
  Result<void> admit(db::Tx& tx, Flight& flight);
  Result<void> admit_staff(db::Tx& tx, Flight& flight);
  const Admit& admission(http::Audience audience) const;
  /// Writes the audit entry for what `flight.outcome` holds, then answers.
  void finish_after_audit(const FlightPtr& flight);
  void answer(Flight& flight);
  void fail_with_incident(const FlightPtr& flight, const std::exception_ptr& failure);
  void operations(http::Exchange& exchange);

  db::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  const http::Router& router_;
  Auth& auth_;
  WorkerPool& pool_;
  Zones& zones_;
  http::EventHub& events_;
  http::Metrics& metrics_;
  const http::StaticFiles& files_;
  const DispatcherOptions options_;
  std::atomic<bool> ready_{false};
  std::atomic<std::size_t> in_flight_{0};
};

}  // namespace concord::app
