#include "app/messages.h"

#include <fstream>

#include "base/text.h"
#include "messaging/transport_curl.h"

namespace concord::app {
namespace {

Result<std::string> read_secret(const std::string& file, std::string setting) {
  if (file.empty()) return std::string();
  std::ifstream in(file);
  std::string secret;
  if (!in || !std::getline(in, secret) || trim(secret).empty())
    return fail(ErrorCode::bad_config, "Messages cannot be sent with these settings.",
                {{std::move(setting), "must name a readable file whose first line is the secret"}});
  return std::string(trim(secret));
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// "20:00"; the configuration has checked it.
int minute_of(const std::string& time) { return std::stoi(time.substr(0, 2)) * 60 + std::stoi(time.substr(3, 2)); }

messaging::Transport not_set_up() {
  return [](const messaging::Outgoing&) { return messaging::Delivery{false, true, "not set up on this server"}; };
}

}  // namespace

Result<Transports> make_transports(const MessageOptions& options) {
  Transports made{not_set_up(), not_set_up(), !options.smtp_url.empty(), !options.sms_url.empty(), options.connections, {}};
  if ((made.mail_is_set_up || made.sms_is_set_up) && !options.public_url.starts_with("https://") &&
      !options.public_url.starts_with("http://"))
    return fail(ErrorCode::bad_config, "Messages cannot be sent with these settings.",
                {{"messages.public_url", "must say where people open Concord, like https://concord.example.org"}});
  if (made.mail_is_set_up) {
    messaging::MailSettings mail;
    mail.url = options.smtp_url;
    mail.from = options.smtp_from;
    mail.user = options.smtp_user;
    CONCORD_TRY(mail.password, read_secret(options.smtp_password_file, "messages.smtp_password_file"));
    mail.ca_file = options.ca_file;
    mail.connect_timeout_ms = options.connect_timeout_ms;
    mail.timeout_ms = options.timeout_ms;
    CONCORD_TRY(made.mail, messaging::make_mail_transport(mail));
  }
  if (made.sms_is_set_up) {
    messaging::SmsSettings sms;
    sms.url = options.sms_url;
    sms.account = options.sms_account;
    CONCORD_TRY(sms.token, read_secret(options.sms_token_file, "messages.sms_token_file"));
    made.sms_token = sms.token;
    if (options.sms_callbacks) sms.status_callback = without_slash(options.public_url) + "/hooks/sms/status";
    sms.from = options.sms_from;
    sms.ca_file = options.ca_file;
    sms.connect_timeout_ms = options.connect_timeout_ms;
    sms.timeout_ms = options.timeout_ms;
    CONCORD_TRY(made.sms, messaging::make_sms_transport(sms));
  }
  return made;
}

SliceSettings slice_settings(const Config& config, const Transports& transports) {
  SliceSettings settings;
  settings.public_url = without_slash(config.messages.public_url);
  settings.quiet = {minute_of(config.messages.quiet_from), minute_of(config.messages.quiet_until)};
  settings.sms_token = transports.sms_token;
  settings.reminders_on = config.reminders.on;
  settings.reminder_minute = minute_of(config.reminders.time);
  settings.outcomes.every = std::chrono::milliseconds(config.reports.refresh_ms);
  settings.outcomes.reload = std::chrono::minutes(config.reports.reload_minutes);
  settings.outcomes.checkpoint = std::chrono::hours(config.reports.checkpoint_hours);
  settings.outcomes.checkpoint_from = std::chrono::milliseconds(config.reports.checkpoint_from_ms);
  settings.outcomes.wait = std::chrono::milliseconds(config.reports.wait_ms);
  settings.mail_is_set_up = transports.mail_is_set_up;
  settings.sms_is_set_up = transports.sms_is_set_up;
  settings.most_attempts = config.messages.most_attempts;
  settings.checkins = config.checkins;
  settings.secure_cookies = !config.server.tls_certificate.empty() || config.server.behind_proxy;
  settings.web_folder = config.data_folder / "web" / "dist";
  settings.portal.state = config.portal.state;
  settings.portal.trusted_months = config.portal.trusted_months;
  settings.portal.staff_by_name = config.portal.staff_names;
  settings.portal.show = config.portal.show;
  settings.escalate_after_minutes = config.safety.escalate_after_minutes;
  settings.remind_assessment_minutes = config.safety.remind_assessment_minutes;
  return settings;
}

}  // namespace concord::app
