#include "app/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <limits>

#include "base/text.h"

namespace concord::app {
namespace {

struct Setting {
  ConfigKey key;
  // Sets the value from its text; what is allowed, when the text is wrong.
  std::function<std::optional<std::string>(Config&, std::string_view)> set;
};

template <class Number>
auto number(std::function<void(Config&, Number)> assign, std::int64_t min, std::int64_t max) {
  return [=](Config& config, std::string_view text) -> std::optional<std::string> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < min || value > max)
      return "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
    assign(config, static_cast<Number>(value));
    return std::nullopt;
  };
}

auto text(std::function<void(Config&, std::string)> assign) {
  return [=](Config& config, std::string_view value) -> std::optional<std::string> {
    if (value.empty()) return "not empty";
    assign(config, std::string(value));
    return std::nullopt;
  };
}

auto flag(std::function<void(Config&, bool)> assign) {
  return [=](Config& config, std::string_view value) -> std::optional<std::string> {
    if (value != "true" && value != "false") return "true or false";
    assign(config, value == "true");
    return std::nullopt;
  };
}

auto time_of_day(std::function<void(Config&, std::string)> assign) {
  return [=](Config& config, std::string_view v) -> std::optional<std::string> {
    const auto digit = [&](std::size_t i) { return v[i] >= '0' && v[i] <= '9'; };
    if (v.size() != 5 || v[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4) || v.substr(0, 2) > "23" ||
        v.substr(3) > "59")
      return "a time like 09:00";
    assign(config, std::string(v));
    return std::nullopt;
  };
}

const std::vector<Setting>& settings() {
  constexpr std::int64_t kDay = 24LL * 3600 * 1000;
  static const std::vector<Setting> all = {
      {{"database.url", "CONCORD_DATABASE_URL"}, text([](Config& c, std::string v) { c.database_url = std::move(v); })},
      {{"database.read_connections", "CONCORD_DATABASE_READ_CONNECTIONS"},
       number<int>([](Config& c, int v) { c.database.read_connections = v; }, 1, 256)},
      {{"database.write_connections", "CONCORD_DATABASE_WRITE_CONNECTIONS"},
       number<int>([](Config& c, int v) { c.database.write_connections = v; }, 1, 256)},
      {{"database.busy_timeout_ms", "CONCORD_DATABASE_BUSY_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.database.busy_timeout_ms = v; }, 0, kDay)},
      {{"database.statement_timeout_ms", "CONCORD_DATABASE_STATEMENT_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.database.statement_timeout_ms = v; }, 0, kDay)},
      {{"database.checkpoint_pages", "CONCORD_DATABASE_CHECKPOINT_PAGES"},
       number<int>([](Config& c, int v) { c.database.checkpoint_pages = v; }, 100, 1 << 20)},
      {{"database.writer_cache_kib", "CONCORD_DATABASE_WRITER_CACHE_KIB"},
       number<int>([](Config& c, int v) { c.database.writer_cache_kib = v; }, 64, 1 << 24)},
      {{"database.cache_kib", "CONCORD_DATABASE_CACHE_KIB"},
       number<int>([](Config& c, int v) { c.database.cache_kib = v; }, 64, 1 << 24)},
      {{"server.address", "CONCORD_SERVER_ADDRESS"}, text([](Config& c, std::string v) { c.server.address = std::move(v); })},
      {{"server.port", "CONCORD_SERVER_PORT"},
       number<std::uint16_t>([](Config& c, std::uint16_t v) { c.server.port = v; }, 0, 65535)},
      {{"server.io_threads", "CONCORD_SERVER_IO_THREADS"}, number<int>([](Config& c, int v) { c.server.io_threads = v; }, 1, 64)},
      {{"server.behind_proxy", "CONCORD_SERVER_BEHIND_PROXY"}, flag([](Config& c, bool v) { c.server.behind_proxy = v; })},
      {{"server.tls_certificate", "CONCORD_SERVER_TLS_CERTIFICATE"},
       text([](Config& c, std::string v) { c.server.tls_certificate = std::move(v); })},
      {{"server.tls_key", "CONCORD_SERVER_TLS_KEY"}, text([](Config& c, std::string v) { c.server.tls_key = std::move(v); })},
      {{"server.max_header_bytes", "CONCORD_SERVER_MAX_HEADER_BYTES"},
       number<std::size_t>([](Config& c, std::size_t v) { c.server.max_header_bytes = v; }, 1024, 1 << 20)},
      {{"server.max_body_bytes", "CONCORD_SERVER_MAX_BODY_BYTES"},
       number<std::size_t>([](Config& c, std::size_t v) { c.server.max_body_bytes = v; }, 1024, 1 << 30)},
      {{"server.max_connections", "CONCORD_SERVER_MAX_CONNECTIONS"},
       number<std::size_t>([](Config& c, std::size_t v) { c.server.max_connections = v; }, 1, 1000000)},
      {{"server.header_timeout_ms", "CONCORD_SERVER_HEADER_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.server.header_timeout_ms = v; }, 10, kDay)},
      {{"server.body_timeout_ms", "CONCORD_SERVER_BODY_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.server.body_timeout_ms = v; }, 10, kDay)},
      {{"server.keep_alive_timeout_ms", "CONCORD_SERVER_KEEP_ALIVE_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.server.keep_alive_timeout_ms = v; }, 10, kDay)},
      {{"server.drain_timeout_ms", "CONCORD_SERVER_DRAIN_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.server.drain_timeout_ms = v; }, 0, kDay)},
      {{"server.workers", "CONCORD_SERVER_WORKERS"}, number<int>([](Config& c, int v) { c.workers = v; }, 1, 256)},
      {{"server.max_waiting_requests", "CONCORD_SERVER_MAX_WAITING_REQUESTS"},
       number<int>([](Config& c, int v) { c.max_waiting_requests = v; }, 1, 1000000)},
      {{"server.max_waiting_writes", "CONCORD_SERVER_MAX_WAITING_WRITES"},
       number<int>([](Config& c, int v) { c.max_waiting_writes = v; }, 1, 1000000)},
      {{"server.idempotency_hours", "CONCORD_SERVER_IDEMPOTENCY_HOURS"},
       number<int>([](Config& c, int v) { c.idempotency_hours = v; }, 1, 24 * 365)},
      {{"server.draft_days", "CONCORD_SERVER_DRAFT_DAYS"}, number<int>([](Config& c, int v) { c.draft_days = v; }, 1, 365)},
      {{"server.metrics_token_file", "CONCORD_SERVER_METRICS_TOKEN_FILE"},
       text([](Config& c, std::string v) { c.metrics_token_file = std::move(v); })},
      {{"data.folder", "CONCORD_DATA_FOLDER"}, text([](Config& c, std::string v) { c.data_folder = std::move(v); })},
      {{"data.own_content", "CONCORD_DATA_OWN_CONTENT"}, text([](Config& c, std::string v) { c.own_content = std::move(v); })},
      {{"messages.public_url", "CONCORD_MESSAGES_PUBLIC_URL"},
       text([](Config& c, std::string v) { c.messages.public_url = std::move(v); })},
      {{"messages.smtp_url", "CONCORD_MESSAGES_SMTP_URL"},
       text([](Config& c, std::string v) { c.messages.smtp_url = std::move(v); })},
      {{"messages.smtp_from", "CONCORD_MESSAGES_SMTP_FROM"},
       text([](Config& c, std::string v) { c.messages.smtp_from = std::move(v); })},
      {{"messages.smtp_user", "CONCORD_MESSAGES_SMTP_USER"},
       text([](Config& c, std::string v) { c.messages.smtp_user = std::move(v); })},
      {{"messages.smtp_password_file", "CONCORD_MESSAGES_SMTP_PASSWORD_FILE"},
       text([](Config& c, std::string v) { c.messages.smtp_password_file = std::move(v); })},
      {{"messages.sms_url", "CONCORD_MESSAGES_SMS_URL"},
       text([](Config& c, std::string v) { c.messages.sms_url = std::move(v); })},
      {{"messages.sms_account", "CONCORD_MESSAGES_SMS_ACCOUNT"},
       text([](Config& c, std::string v) { c.messages.sms_account = std::move(v); })},
      {{"messages.sms_token_file", "CONCORD_MESSAGES_SMS_TOKEN_FILE"},
       text([](Config& c, std::string v) { c.messages.sms_token_file = std::move(v); })},
      {{"messages.sms_from", "CONCORD_MESSAGES_SMS_FROM"},
       text([](Config& c, std::string v) { c.messages.sms_from = std::move(v); })},
      {{"messages.ca_file", "CONCORD_MESSAGES_CA_FILE"},
       text([](Config& c, std::string v) { c.messages.ca_file = std::move(v); })},
      {{"messages.connect_timeout_ms", "CONCORD_MESSAGES_CONNECT_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.messages.connect_timeout_ms = v; }, 100, 60000)},
      {{"messages.timeout_ms", "CONCORD_MESSAGES_TIMEOUT_MS"},
       number<int>([](Config& c, int v) { c.messages.timeout_ms = v; }, 100, 60000)},
      {{"messages.most_attempts", "CONCORD_MESSAGES_MOST_ATTEMPTS"},
       number<int>([](Config& c, int v) { c.messages.most_attempts = v; }, 1, 100)},
      {{"messages.connections", "CONCORD_MESSAGES_CONNECTIONS"},
       number<int>([](Config& c, int v) { c.messages.connections = v; }, 1, 64)},
      {{"messages.quiet_from", "CONCORD_MESSAGES_QUIET_FROM"},
       time_of_day([](Config& c, std::string v) { c.messages.quiet_from = std::move(v); })},
      {{"messages.quiet_until", "CONCORD_MESSAGES_QUIET_UNTIL"},
       time_of_day([](Config& c, std::string v) { c.messages.quiet_until = std::move(v); })},
      {{"messages.sms_callbacks", "CONCORD_MESSAGES_SMS_CALLBACKS"},
       flag([](Config& c, bool v) { c.messages.sms_callbacks = v; })},
      {{"reminders.on", "CONCORD_REMINDERS_ON"}, flag([](Config& c, bool v) { c.reminders.on = v; })},
      {{"reminders.time", "CONCORD_REMINDERS_TIME"},
       time_of_day([](Config& c, std::string v) { c.reminders.time = std::move(v); })},
      {{"reports.refresh_ms", "CONCORD_REPORTS_REFRESH_MS"},
       number<int>([](Config& c, int v) { c.reports.refresh_ms = v; }, 100, 600000)},
      {{"reports.reload_minutes", "CONCORD_REPORTS_RELOAD_MINUTES"},
       number<int>([](Config& c, int v) { c.reports.reload_minutes = v; }, 1, 1440)},
      {{"reports.checkpoint_hours", "CONCORD_REPORTS_CHECKPOINT_HOURS"},
       number<int>([](Config& c, int v) { c.reports.checkpoint_hours = v; }, 0, 168)},
      {{"reports.checkpoint_from_ms", "CONCORD_REPORTS_CHECKPOINT_FROM_MS"},
       number<int>([](Config& c, int v) { c.reports.checkpoint_from_ms = v; }, 0, 600000)},
      {{"reports.wait_ms", "CONCORD_REPORTS_WAIT_MS"}, number<int>([](Config& c, int v) { c.reports.wait_ms = v; }, 0, 10000)},
      {{"safety.escalate_after_minutes", "CONCORD_SAFETY_ESCALATE_AFTER_MINUTES"},
       number<int>([](Config& c, int v) { c.safety.escalate_after_minutes = v; }, 1, 240)},
      {{"safety.remind_assessment_minutes", "CONCORD_SAFETY_REMIND_ASSESSMENT_MINUTES"},
       number<int>([](Config& c, int v) { c.safety.remind_assessment_minutes = v; }, 5, 1440)},
      {{"checkins.link_days", "CONCORD_CHECKINS_LINK_DAYS"},
       number<int>([](Config& c, int v) { c.checkins.link_days = v; }, 1, 31)},
      {{"checkins.session_minutes", "CONCORD_CHECKINS_SESSION_MINUTES"},
       number<int>([](Config& c, int v) { c.checkins.session_minutes = v; }, 5, 120)},
      {{"checkins.kiosk_minutes", "CONCORD_CHECKINS_KIOSK_MINUTES"},
       number<int>([](Config& c, int v) { c.checkins.kiosk_minutes = v; }, 2, 60)},
      {{"checkins.most_starts", "CONCORD_CHECKINS_MOST_STARTS"},
       number<int>([](Config& c, int v) { c.checkins.most_starts = v; }, 1, 50)},
      {{"checkins.ask_birth_date", "CONCORD_CHECKINS_ASK_BIRTH_DATE"},
       flag([](Config& c, bool v) { c.checkins.ask_birth_date = v; })},
      {{"checkins.birth_date_tries", "CONCORD_CHECKINS_BIRTH_DATE_TRIES"},
       number<int>([](Config& c, int v) { c.checkins.birth_date_tries = v; }, 1, 10)},
      {{"checkins.keep_drafts_days", "CONCORD_CHECKINS_KEEP_DRAFTS_DAYS"},
       number<int>([](Config& c, int v) { c.checkins.keep_drafts_days = v; }, 1, 365)},
      {{"portal.state", "CONCORD_PORTAL_STATE"}, text([](Config& c, std::string v) { c.portal.state = std::move(v); })},
      {{"portal.trusted_months", "CONCORD_PORTAL_TRUSTED_MONTHS"},
       number<int>([](Config& c, int v) { c.portal.trusted_months = v; }, 1, 24)},
      {{"portal.staff_names", "CONCORD_PORTAL_STAFF_NAMES"}, flag([](Config& c, bool v) { c.portal.staff_names = v; })},
      {{"log.level", "CONCORD_LOG_LEVEL"},
       [](Config& c, std::string_view v) -> std::
                                             optional<std::string> {
                                               constexpr std::pair<std::string_view, log::Level> kLevels[] = {
                                                   {"debug", log::Level::debug},
                                                   {"info", log::Level::info},
                                                   {"warn", log::Level::warn},
                                                   {"error", log::Level::error},
                                                   {"off", log::Level::off}};
                                               for (const auto& [name, level] : kLevels)
                                                 if (name == v) {
                                                   c.log_level = level;
                                                   return std::nullopt;
                                                 }
                                               return "debug, info, warn, error or off";
                                             }},
  };
  return all;
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* s = node.as_string()) return s->get();
  if (const auto* i = node.as_integer()) return std::to_string(i->get());
  if (const auto* b = node.as_boolean()) return b->get() ? "true" : "false";
  return std::nullopt;
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> keys = [] {
    std::vector<ConfigKey> list;
    for (const auto& setting : settings()) list.push_back(setting.key);
    return list;
  }();
  return keys;
}

Result<Config> load_config(const std::optional<std::filesystem::path>& file, const Environment& environment) {
  Config config;
  std::vector<Issue> issues;
  const auto set = [&](const Setting& setting, std::string_view value, const std::string& where) {
    if (auto allowed = setting.set(config, value)) issues.push_back({where, "must be " + *allowed});
  };
  const auto find = [](std::string_view name) -> const Setting* {
    for (const auto& setting : settings())
      if (setting.key.name == name) return &setting;
    return nullptr;
  };
  if (file) {
    toml::parse_result parsed;
    try {
      parsed = toml::parse_file(file->string());
    } catch (const toml::parse_error& error) {
      if (error.source().begin.line == 0)
        return fail(ErrorCode::bad_config, "The configuration file cannot be read.",
                    {{file->string(), "does not exist, or may not be opened"}});
      return fail(ErrorCode::bad_config, "The configuration file " + file->string() + " cannot be read.",
                  {{"line " + std::to_string(error.source().begin.line), std::string(error.description())}});
    }
    for (const auto& [section_name, section] : parsed) {
      const auto* table = section.as_table();
      if (!table) {
        issues.push_back({std::string(section_name.str()), "must be a section like [server]"});
        continue;
      }
      for (const auto& [key_name, node] : *table) {
        const std::string name = std::string(section_name.str()) + "." + std::string(key_name.str());
        const auto* setting = find(name);
        const auto value = scalar_text(node);
        if (!setting) issues.push_back({name, "is not a setting of Concord; see concord.toml.example"});
        else if (!value) issues.push_back({name, "must be a text, a whole number, true or false"});
        else set(*setting, *value, name);
      }
    }
  }
  for (const auto& [variable, value] : environment)
    for (const auto& setting : settings())
      if (setting.key.environment == variable) set(setting, value, variable);
  if (!issues.empty()) return fail(ErrorCode::bad_config, "The configuration is wrong.", std::move(issues));
  return config;
}

std::filesystem::path find_data_folder(const std::filesystem::path& executable) {
  const auto has_data = [](const std::filesystem::path& folder) {
    return std::filesystem::exists(folder / "migrations") && std::filesystem::exists(folder / "instruments");
  };
  // A release holds bin/concord beside share/; a build holds build/<preset>/concord inside the source tree.
  for (auto folder = executable.parent_path(); !folder.empty() && folder != folder.root_path(); folder = folder.parent_path()) {
    if (has_data(folder)) return folder;
    if (has_data(folder / "share" / "concord")) return folder / "share" / "concord";
  }
  return std::filesystem::current_path();
}

}  // namespace concord::app
