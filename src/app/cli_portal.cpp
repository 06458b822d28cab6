// concord portal: who uses the patient portal; invite a patient, end their access.
#include <cstdio>

#include "app/cli.h"
#include "app/messages.h"
#include "app/slices.h"
#include "audit/audit_store.h"
#include "identity/identity_store.h"
#include "json/writer.h"
#include "portal/accounts_api.h"
#include "portal/accounts_store.h"

namespace concord::app {
namespace {

constexpr int kShown = 1000;

struct PortalCommand {
  std::string patient, channel = "mail", reason;
  bool as_json = false;
};

struct Listed {
  std::string organization;
  portal::Account account;
  std::vector<portal::ContactPoint> contacts;
  std::size_t trusted_by = 0;
};

void run_list(CommandLine& line, const PortalCommand& command) {
  std::vector<Listed> all;
  const auto done = [&]() -> Result<void> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.find_database(config));
    database->read([&](db::Tx& tx) {
      for (const auto& organization : identity::organizations(tx))
        for (auto& account : portal::list_accounts(tx, organization.id, std::nullopt, kShown)) {
          auto contacts = portal::contacts_of(tx, organization.id, account.id);
          const auto trusted_by = portal::grants_of(tx, organization.id, account.id).size();
          all.push_back({organization.name, std::move(account), std::move(contacts), trusted_by});
        }
    });
    return {};
  }();
  if (!done) return line.failed(done.error());
  std::string out;
  json::Writer w(out);
  w.object().key("items").array();
  for (const auto& one : all) {
    const auto& a = one.account;
    // Names and addresses stay out of terminals and their logs.
    w.object().field("organization", one.organization).field("id", a.id).field("patient_id", a.patient);
    w.field("trusted_by", one.trusted_by).key("channels").array();
    for (const auto& contact : one.contacts) w.value(contact.channel);
    w.end().field("has_password", a.password_hash.has_value()).field("has_totp", !a.totp_secret.empty());
    w.field("created_at", a.created_at).field("ended_at", a.ended_at).end();
    if (!command.as_json)
      std::printf("%s  %s  %s  trusted by %zu  %s\n", iso(a.created_at).c_str(), a.id.text().c_str(),
                  a.patient ? ("patient " + a.patient->text()).c_str() : "no patient", one.trusted_by,
                  a.ended_at ? "ended" : "active");
  }
  w.end().end();
  if (command.as_json) std::printf("%s\n", out.c_str());
  else std::printf("%zu account%s.\n", all.size(), all.size() == 1 ? "" : "s");
}

/// Runs for whichever organization has the patient; audited like the route.
Result<void> change(CommandLine& line, const PortalCommand& command, std::string action,
                    const std::function<Result<void>(const Slices&, db::Tx&, OrganizationId, portal::PatientId)>& act) {
  const auto id = portal::PatientId::parse(command.patient);
  if (!id) return fail(ErrorCode::invalid, "Nothing was done.", {{"--patient", "must be a patient's id"}});
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(const auto transports, make_transports(config.messages));
  CONCORD_TRY(auto data, load_data_files(config.data_folder));
  CONCORD_TRY(auto database, line.find_database(config));
  Slices slices(line.clock, line.ids, std::move(data), slice_settings(config, transports));
  return database->write([&](db::Tx& tx) -> Result<void> {
    for (const auto& organization : identity::organizations(tx)) {
      const auto site = slices.portal().patient(tx, organization.id, *id);
      if (!site) continue;
      Caller caller;
      caller.organization = organization.id;
      caller.sites = {site->site};
      slices.zones().learn(tx, caller);
      CONCORD_TRY_VOID(act(slices, tx, organization.id, *id));
      audit::Entry entry;
      entry.organization = organization.id;
      entry.at = line.clock.now();
      entry.action = std::move(action);
      entry.patient = id->uuid;
      entry.result = "ok";
      entry.reason = command.reason;
      audit::append(tx, entry);
      return {};
    }
    return fail(ErrorCode::not_found, "There is no such patient.");
  });
}

void run_invite(CommandLine& line, const PortalCommand& command) {
  const auto done =
      change(line, command, "portal.invite",
             [&](const Slices& slices, db::Tx& tx, OrganizationId organization, portal::PatientId patient) -> Result<void> {
               CONCORD_TRY_VOID(portal::invite_patient(slices.portal(), tx, organization, patient, command.channel, std::nullopt,
                                                       line.clock.now()));
               return {};
             });
  if (!done) return line.failed(done.error());
  std::printf("Invited. The server sends the link, which works for 7 days.\n");
}

void run_end(CommandLine& line, const PortalCommand& command) {
  const auto done =
      change(line, command, "portal.end", [&](const Slices&, db::Tx& tx, OrganizationId organization, portal::PatientId patient) {
        return portal::end_access(tx, organization, patient, line.clock.now(), command.reason);
      });
  if (!done) return line.failed(done.error());
  std::printf("Ended. The patient's sessions and open invitations are over.\n");
}

}  // namespace

void add_portal_commands(CLI::App& app, CommandLine& line) {
  auto command = std::make_shared<PortalCommand>();
  auto* portal_command = app.add_subcommand("portal", "Who uses the patient portal");
  portal_command->require_subcommand(1);
  portal_command->footer("Examples:\n  concord portal list\n  concord portal end --patient 018f... --reason \"lost phone\"");
  auto* list = portal_command->add_subcommand("list", "Accounts, newest first, without names and addresses");
  list->add_flag("--json", command->as_json, "Machine-readable output");
  list->footer("Example:\n  concord portal list --json");
  list->callback([&line, command] { run_list(line, *command); });
  auto* invite =
      portal_command->add_subcommand("invite", "Send a patient the link to make an account, to the address of the record");
  invite->add_option("--patient", command->patient, "The patient's id")->required();
  invite->add_option("--channel", command->channel, "mail or sms")->check(CLI::IsMember({"mail", "sms"}));
  invite->footer("Example:\n  concord portal invite --patient 018f6b1e-0000-7000-8000-000000000001 --channel mail");
  invite->callback([&line, command] { run_invite(line, *command); });
  auto* end = portal_command->add_subcommand("end", "End a patient's account, sessions and open invitations at once");
  end->add_option("--patient", command->patient, "The patient's id")->required();
  end->add_option("--reason", command->reason, "Why; kept in the record")->required();
  end->footer("Example:\n  concord portal end --patient 018f6b1e-0000-7000-8000-000000000001 --reason \"lost phone\"");
  end->callback([&line, command] { run_end(line, *command); });
}

}  // namespace concord::app
