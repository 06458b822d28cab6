#include "app/application.h"

#include <fstream>

#include "audit/audit_store.h"
#include "base/text.h"
#include "db/migrate.h"
#include "http/openapi.h"

namespace concord::app {
namespace {

// The description of the interface is one of its routes, but needs neither sign-in nor permission; the
// dispatcher serves it as a static answer.
Result<std::string> read_token(const std::optional<std::string>& file) {
  if (!file) return std::string();
  std::ifstream in(*file);
  std::string token;
  if (!in || !std::getline(in, token) || trim(token).size() < 16)
    return fail(ErrorCode::bad_config, "The metrics token cannot be used.",
                {{"server.metrics_token_file", "must name a readable file whose first line has 16 characters or more"}});
  return std::string(trim(token));
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1" || address == "localhost"; }

}  // namespace

Result<std::unique_ptr<Application>> Application::build(const Config& config, const Clock& clock, IdSource& ids,
                                                        bool cheap_passwords, bool works_by_itself) {
  auto app = std::unique_ptr<Application>(new Application());
  app->works_by_itself_ = works_by_itself;
  CONCORD_TRY(const auto token, read_token(config.metrics_token_file));
  CONCORD_TRY(const auto transports, make_transports(config.messages));
  CONCORD_TRY(auto data, load_data_files(config.data_folder, config.own_content));
  CONCORD_TRY(app->database_, db::Database::open(config.database_url, config.database));
  CONCORD_TRY(const auto migrations, db::load_migrations(config.data_folder / "migrations", app->database_->dialect()));
  CONCORD_TRY_VOID(db::migrate(*app->database_, migrations, clock));
  CONCORD_TRY_VOID(bring_caseload_up_to_date(*app->database_, data));
  CONCORD_TRY_VOID(app->database_->write([](db::Tx& tx) -> Result<void> {
    audit::open_chains(tx, OrganizationId());
    return {};
  }));
  const bool secure = !config.server.tls_certificate.empty() || config.server.behind_proxy;
  auto settings = slice_settings(config, transports);
  const std::string public_url = settings.public_url;
  app->slices_ = std::make_unique<Slices>(clock, ids, std::move(data), std::move(settings));
  app->router_ = std::make_unique<http::Router>(app->slices_->routes());
  app->files_ = std::make_unique<http::StaticFiles>();
  const auto web = config.data_folder / "web" / "dist";
  if (std::filesystem::exists(web / "index.html")) {
    http::StaticOptions pages;
    if (std::filesystem::exists(web / "portal.html")) pages.shells.emplace_back("/portal", "portal.html");
    CONCORD_TRY(*app->files_, http::StaticFiles::load(web, std::move(pages)));
  }
  app->metrics_ = std::make_unique<http::Metrics>();
  app->events_ = std::make_unique<http::EventHub>();
  app->slices_->publish_to([events = app->events_.get(), &clock](OrganizationId organization, const http::Event& event) {
    events->publish(organization, event, clock.now());
  });
  app->hasher_ = std::make_unique<identity::PasswordHasher>(cheap_passwords);
  app->pool_ = std::make_unique<WorkerPool>(config.workers, static_cast<std::size_t>(config.max_waiting_requests));
  app->portal_auth_ =
      std::make_unique<PortalAuth>(*app->database_, clock, ids, *app->hasher_, *app->pool_, app->slices_->portal(), public_url);
  app->auth_ = std::make_unique<Auth>(
      *app->database_, clock, *app->hasher_, *app->pool_,
      Auth::Settings{secure, [events = app->events_.get()](std::string_view session) { events->close_session(session); }});
  http::OpenApiInfo info;
  info.version = CONCORD_VERSION;
  info.description = "The care team's interface to Concord.";
  info.session_cookie = std::string(app->auth_->cookie_name());
  info.portal_cookie = std::string(portal::cookie_name(app->slices_->portal()));
  DispatcherOptions options;
  options.max_waiting_writes = static_cast<std::size_t>(config.max_waiting_writes);
  options.secure_cookies = secure;
  options.metrics_token = token;
  options.admissions = app->slices_->admissions();
  options.portal_auth = [auth = app->portal_auth_.get()](http::Exchange& exchange) { auth->handle(exchange); };
  options.openapi = http::openapi(app->router_->routes(), info);
  app->dispatcher_ =
      std::make_unique<Dispatcher>(*app->database_, clock, ids, *app->router_, *app->auth_, *app->pool_, app->slices_->zones(),
                                   *app->events_, *app->metrics_, *app->files_, std::move(options));
  CONCORD_TRY(app->server_, http::Server::listen(config.server, [dispatcher = app->dispatcher_.get()](http::Exchange exchange) {
                (*dispatcher)(std::move(exchange));
              }));
  // After listen(), which first says what is missing for the address itself (TLS or a proxy).
  if (token.empty() && !is_loopback(config.server.address))
    return fail(ErrorCode::bad_config, "Off loopback, /metrics needs a token.",
                {{"server.metrics_token_file", "must name a file with a token of 16 characters or more"}});
  app->housekeeping_ = std::make_unique<Housekeeping>(*app->database_, clock, ids, std::chrono::hours(config.idempotency_hours),
                                                      *app->slices_, transports, std::chrono::hours(24 * config.draft_days));
  return app;
}

// Whatever still runs answers through the dispatcher and the server, so those go last.
Application::~Application() {
  if (slices_) slices_->residents().stop();
  housekeeping_.reset();
  pool_.reset();
  database_.reset();
  server_.reset();
}

void Application::run() {
  if (works_by_itself_) {
    housekeeping_->start();
    slices_->residents().start(*database_);
  }
  dispatcher_->set_ready(true);
  server_->run();
  if (works_by_itself_) housekeeping_.reset();
}

void Application::stop() {
  dispatcher_->set_ready(false);
  events_->close_all();
  server_->stop();
}

}  // namespace concord::app
