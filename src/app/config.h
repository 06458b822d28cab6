// Configuration: concord.toml, environment over the file, flags over both. Every key is documented in
// concord.toml.example, and a test checks that the two agree.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "checkins/checkins.h"
#include "db/database.h"
#include "http/server.h"

namespace concord::app {

/// How mail and SMS leave. Nothing set: notices stay inside Concord.
struct MessageOptions {
  std::string public_url;
  std::string smtp_url;
  std::string smtp_from;
  std::string smtp_user;
  std::string smtp_password_file;
  std::string sms_url;
  std::string sms_account;
  std::string sms_token_file;
  std::string sms_from;
  std::string ca_file;
  int connect_timeout_ms = 10000;
  int timeout_ms = 30000;
  int most_attempts = 10;
  int connections = 4;               ///< conversations at once with the mail server, and with the gateway, for patients
  std::string quiet_from = "20:00";  ///< no message to a patient from then on, site time
  std::string quiet_until = "09:00";
  bool sms_callbacks = true;  ///< asks the gateway to say what became of a message
};

struct ReminderOptions {
  std::string time = "08:00";  ///< site time at which a day is planned
  bool on = true;
};

struct ReportOptions {
  int refresh_ms = 2000;          ///< how long a change may take to be seen in figures of outcomes
  int reload_minutes = 60;        ///< everything is read again, for changes that another program made
  int checkpoint_hours = 6;       ///< how often what was read is kept in the database for the next start; 0: never
  int checkpoint_from_ms = 1000;  ///< only what took so long to read
  int wait_ms = 1000;             ///< how long the first question waits for the facts to be read
};

struct SafetyOptions {
  int escalate_after_minutes = 10;
  int remind_assessment_minutes = 60;
};

struct PortalOptions {
  std::string state;  ///< postal code whose age rules hold ("CA"); empty: the default ones
  int trusted_months = 12;
  bool staff_names = true;
  /// No key: only `concord demo`, which has no mail server, shows codes and links on its console (and tests take them from here).
  std::function<void(const std::string& address, const std::string& text)> show;
};

struct Config {
  std::string database_url = "sqlite:concord.db";
  db::Options database;
  http::ServerOptions server;
  int workers = 2;                    ///< threads for lists and password hashing
  int max_waiting_requests = 256;     ///< beyond this, lists answer 503
  int max_waiting_writes = 4096;      ///< beyond this, changes answer 503
  std::filesystem::path data_folder;  ///< holds migrations/, instruments/, rulesets/, web/
  std::string own_content;            ///< folder with the site's own pieces (education/*.md); "" for none
  log::Level log_level = log::Level::info;
  int draft_days = 14;                            ///< a draft nobody has touched for so long is removed
  int idempotency_hours = 24;                     ///< how long a repeated POST finds its first answer
  std::optional<std::string> metrics_token_file;  ///< required for /metrics on a non-loopback address
  MessageOptions messages;
  SafetyOptions safety;
  checkins::Settings checkins;
  ReminderOptions reminders;
  ReportOptions reports;
  PortalOptions portal;
};

/// A key of the file: its name, the environment variable that overrides it, and how to set it.
struct ConfigKey {
  std::string_view name;         ///< "server.port"
  std::string_view environment;  ///< "CONCORD_SERVER_PORT"
};
/// Every key there is, in the order of concord.toml.example.
const std::vector<ConfigKey>& config_keys();

using Environment = std::vector<std::pair<std::string, std::string>>;

/// bad_config names the key, what is wrong and what is allowed; unknown keys are errors too.
Result<Config> load_config(const std::optional<std::filesystem::path>& file, const Environment& environment);

/// Where the data lies: next to the binary (a release), else the source tree it was built from.
std::filesystem::path find_data_folder(const std::filesystem::path& executable);

}  // namespace concord::app
