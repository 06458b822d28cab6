// The server put together: database, slices, router, dispatcher, HTTP. Built by `concord serve` and by the
// black-box tests, which pass their own clock and a free port.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/dispatcher.h"
#include "app/housekeeping.h"
#include "app/portal_auth.h"
#include "app/slices.h"
#include "base/clock.h"

namespace concord::app {

class Application {
 public:
  /// Opens and migrates the database, loads the data files, listens. Errors say what to do.
  /// `cheap_passwords` is for tests and the demo: sign-in must not take most of the time there. Without
  /// `works_by_itself` no background worker starts: a test calls housekeeping().run_due() when it moved its clock.
  static Result<std::unique_ptr<Application>> build(const Config& config, const Clock& clock, IdSource& ids,
                                                    bool cheap_passwords = false, bool works_by_itself = true);
  ~Application();

  /// Serves until stop(); then everything accepted is answered and stored.
  void run();
  /// From any thread.
  void stop();
  std::uint16_t port() const { return server_->port(); }
  db::Database& database() { return *database_; }
  const http::Router& router() const { return *router_; }
  const Slices& slices() const { return *slices_; }
  http::EventHub& events() { return *events_; }
  Housekeeping& housekeeping() { return *housekeeping_; }

 private:
  Application() = default;

  bool works_by_itself_ = true;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Slices> slices_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::StaticFiles> files_;
  std::unique_ptr<http::Metrics> metrics_;
  std::unique_ptr<http::EventHub> events_;
  std::unique_ptr<identity::PasswordHasher> hasher_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<Auth> auth_;
  std::unique_ptr<PortalAuth> portal_auth_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Housekeeping> housekeeping_;
};

}  // namespace concord::app
