// concord messages: does mail and SMS go out, and what did not.
#include <cstdio>

#include "app/cli.h"
#include "app/messages.h"
#include "app/slices.h"
#include "identity/identity_store.h"
#include "json/writer.h"
#include "messaging/messaging_store.h"

namespace concord::app {
namespace {

constexpr int kShown = 200;

struct MessageCommand {
  std::string to, channel, state = "queued", whom = "all";
  bool as_json = false, retry = false;
};

void run_test(CommandLine& line, const MessageCommand& command) {
  const auto delivery = [&]() -> Result<messaging::Delivery> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(const auto transports, make_transports(config.messages));
    CONCORD_TRY(const auto texts, messaging::load_texts(config.data_folder / "content" / "messages"));
    const bool is_mail = command.channel.empty() ? messaging::is_mail_address(command.to) : command.channel == "mail";
    const auto number = messaging::normal_phone(command.to);
    if (is_mail ? !messaging::is_mail_address(command.to) : !number && !messaging::is_phone(command.to))
      return fail(ErrorCode::invalid, "The message was not sent.",
                  {{"--to", "must be a mail address, or a number like +15550100"}});
    if (!(is_mail ? transports.mail_is_set_up : transports.sms_is_set_up))
      return fail(ErrorCode::bad_config, "The message was not sent.",
                  {{is_mail ? "messages.smtp_url" : "messages.sms_url", "is not set"}});
    const auto& text = texts.of("messages.test", "en");
    const auto link = slice_settings(config, transports).public_url;
    messaging::Outgoing out;
    out.channel = is_mail ? messaging::Channel::mail : messaging::Channel::sms;
    out.to = is_mail || messaging::is_phone(command.to) ? command.to : *number;
    out.subject = text.subject;
    out.text = messaging::fill(is_mail ? text.mail : text.sms, link);
    out.message_id = line.ids.next().text();
    out.at = line.clock.now();
    return (is_mail ? transports.mail : transports.sms)(out);
  }();
  if (!delivery) return line.failed(delivery.error());
  if (!delivery->sent) line.exit_code = kExitFailed;
  if (command.as_json) {
    std::string out;
    json::Writer(out).object().field("sent", delivery->sent).field("detail", delivery->detail).end();
    std::printf("%s\n", out.c_str());
  } else {
    std::printf("%s: %s\n", delivery->sent ? "Sent" : "NOT sent", delivery->detail.c_str());
  }
}

struct Listed {
  std::string organization, detail;
  messaging::Message message;
};

/// Patients' addresses stay out of terminals and their logs.
std::string shown_address(const messaging::Message& m) {
  if (!m.patient) return m.address;
  return "patient " + m.patient->text();
}

void print(const std::vector<Listed>& all, bool as_json, std::optional<int> retried) {
  if (as_json) {
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& d : all)
      w.object()
          .field("organization", d.organization)
          .field("id", d.message.id)
          .field("kind", d.message.kind)
          .field("channel", messaging::name(d.message.channel))
          .field("state", d.message.state)
          .field("address", d.message.patient ? std::nullopt : std::optional(d.message.address))
          .field("patient_id", d.message.patient)
          .field("queued_at", d.message.queued_at)
          .field("not_before", d.message.not_before)
          .field("attempts", d.message.attempts)
          .field("last", d.detail)
          .end();
    w.end();
    if (retried) w.field("retried", *retried);
    w.end();
    std::printf("%s\n", out.c_str());
    return;
  }
  for (const auto& d : all)
    std::printf("%s  %-4s  %s  %s  %d attempts, last: %s\n", iso(d.message.queued_at).c_str(),
                std::string(messaging::name(d.message.channel)).c_str(), shown_address(d.message).c_str(), d.message.kind.c_str(),
                d.message.attempts, d.detail.empty() ? "none" : d.detail.c_str());
}

void run_dead(CommandLine& line, const MessageCommand& command) {
  std::vector<Listed> dead;
  int retried = 0;
  const auto done = [&]() -> Result<void> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.find_database(config));
    CONCORD_TRY(const auto patient_texts, messaging::load_patient_texts(config.data_folder / "content" / "messages"));
    messaging::Outbox outbox;
    outbox.clock = &line.clock;
    outbox.ids = &line.ids;
    outbox.patient_texts = &patient_texts;
    outbox.most_attempts = config.messages.most_attempts;
    return database->write([&](db::Tx& tx) -> Result<void> {
      dead.clear();  // it may run twice
      retried = 0;
      for (const auto& organization : identity::organizations(tx))
        for (auto& m : messaging::list_messages(tx, organization.id, "dead", std::nullopt, kShown)) {
          const auto attempts = messaging::list_attempts(tx, organization.id, m.id);
          if (command.retry && messaging::retry(outbox, tx, organization.id, m.id, line.clock.now())) ++retried;
          dead.push_back({organization.name, attempts.empty() ? "" : attempts.back().detail, std::move(m)});
        }
      return {};
    });
  }();
  if (!done) return line.failed(done.error());
  print(dead, command.as_json, retried);
  if (command.as_json) return;
  if (dead.empty()) std::printf("No message is dead.\n");
  else if (!command.retry) std::printf("%zu dead. With --retry the server tries them again.\n", dead.size());
  else
    std::printf(
        "%d of %zu are tried again by the server.%s\n", retried, dead.size(),
        retried < static_cast<int>(dead.size()) ? " The links of the others are wiped: make new check-ins or invitations." : "");
}

void run_list(CommandLine& line, const MessageCommand& command) {
  std::vector<Listed> all;
  const auto done = [&]() -> Result<void> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.find_database(config));
    database->read([&](db::Tx& tx) {
      for (const auto& organization : identity::organizations(tx))
        for (auto& m : messaging::list_messages(tx, organization.id, command.state, std::nullopt, kShown, command.whom)) {
          const auto attempts = messaging::list_attempts(tx, organization.id, m.id);
          all.push_back({organization.name, attempts.empty() ? "" : attempts.back().detail, std::move(m)});
        }
    });
    return {};
  }();
  if (!done) return line.failed(done.error());
  print(all, command.as_json, std::nullopt);
  if (!command.as_json) std::printf("%zu %s.\n", all.size(), command.state.c_str());
}

}  // namespace

void add_message_commands(CLI::App& app, CommandLine& line) {
  auto command = std::make_shared<MessageCommand>();
  auto* messages = app.add_subcommand("messages", "Mail and SMS to the care team and to patients");
  messages->require_subcommand(1);
  messages->footer(
      "Examples:\n  concord messages test --to me@example.org\n  concord messages list --state queued --whom patients\n  concord "
      "messages dead --retry");
  auto* test = messages->add_subcommand("test", "Send a test message; exit code 1 when it does not go out");
  test->add_option("--to", command->to, "A mail address, or a number like +15550100")->required();
  test->add_option("--channel", command->channel, "mail or sms; told by the address when left out")
      ->check(CLI::IsMember({"mail", "sms"}));
  test->add_flag("--json", command->as_json, "Machine-readable output");
  test->callback([&line, command] { run_test(line, *command); });
  auto* dead = messages->add_subcommand("dead", "Messages that could not be sent");
  dead->add_flag("--retry", command->retry, "Let the server try them again");
  dead->add_flag("--json", command->as_json, "Machine-readable output");
  dead->callback([&line, command] { run_dead(line, *command); });
  auto* list = messages->add_subcommand("list", "Messages in a state, newest first");
  list->add_option("--state", command->state, "queued, retrying, sent, dead or cancelled")
      ->check(CLI::IsMember({"queued", "retrying", "sent", "dead", "cancelled"}));
  list->add_option("--whom", command->whom, "all, staff or patients")->check(CLI::IsMember({"all", "staff", "patients"}));
  list->add_flag("--json", command->as_json, "Machine-readable output");
  list->callback([&line, command] { run_list(line, *command); });
}

}  // namespace concord::app
