// concord migrate | user | audit: what an administrator does on the machine itself.
#include <cstdio>

#include "app/cli.h"
#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/text.h"
#include "caseload/caseload_store.h"
#include "db/migrate.h"
#include "identity/password.h"
#include "identity/permissions.h"
#include "json/writer.h"

namespace concord::app {
namespace {

audit::Entry command_entry(const CommandLine& line, OrganizationId organization, std::string action) {
  audit::Entry entry;
  entry.organization = organization;
  entry.at = line.clock.now();
  entry.role = "command line";
  entry.action = std::move(action);
  entry.result = "ok";
  return entry;
}

std::string role_list() {
  std::string text;
  for (const auto& grants : identity::role_grants()) text += (text.empty() ? "" : ", ") + std::string(grants.role);
  return text;
}

void run_migrate(CommandLine& line, bool as_json) {
  const auto report = [&]() -> Result<db::MigrationReport> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, db::Database::open(config.database_url, config.database));
    CONCORD_TRY(const auto migrations, db::load_migrations(config.data_folder / "migrations", database->dialect()));
    CONCORD_TRY(const auto data, load_data_files(config.data_folder));
    CONCORD_TRY(auto done, db::migrate(*database, migrations, line.clock));
    CONCORD_TRY_VOID(bring_caseload_up_to_date(*database, data));
    return done;
  }();
  if (!report) return line.failed(report.error());
  if (as_json) {
    std::string out;
    json::Writer w(out);
    w.object().field("before", report->before).field("now", report->now).key("applied").array();
    for (const auto& name : report->applied) w.value(name);
    w.end().end();
    std::printf("%s\n", out.c_str());
    return;
  }
  for (const auto& name : report->applied) std::printf("applied %s\n", name.c_str());
  std::printf("The database is at migration %d%s.\n", report->now, report->applied.empty() ? ", nothing to do" : "");
}

struct UserOptions {
  std::string sign_in_name, display_name, role, organization, site, language = "en", time_zone, key_name;
  bool as_json = false;
};

void print_credentials(const UserOptions& options, const std::string& what, const std::string& secret) {
  if (options.as_json) {
    std::string out;
    json::Writer w(out);
    w.object()
        .field(what == "key" ? "name" : "sign_in_name", what == "key" ? options.key_name : options.sign_in_name)
        .field(what, secret)
        .end();
    std::printf("%s\n", out.c_str());
    return;
  }
  std::printf("%s: %s\nIt is shown this once. %s\n", what == "key" ? "Service key" : "Initial password", secret.c_str(),
              what == "key" ? "Send it as \"Authorization: Bearer KEY\"."
                            : "Ask the person to change it in their account after signing in.");
}

void add_user(CommandLine& line, const UserOptions& options) {
  const auto done = [&]() -> Result<std::string> {
    if (!identity::role_exists(options.role))
      return fail(ErrorCode::invalid, "There is no such role.", {{"--role", "must be one of " + role_list()}});
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.open_database(config));
    identity::PasswordHasher hasher;
    const auto password = identity::new_initial_password();
    const auto hash = hasher.hash(password);
    CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
      CONCORD_TRY(const auto place,
                  find_place(tx, line.ids, line.clock.now(), options.organization, options.site, options.time_zone, true));
      if (auto existing = identity::find_by_sign_in_name(tx, options.sign_in_name)) {
        if (existing->organization != place.organization.id)
          return fail(ErrorCode::conflict, "Another organization uses this sign-in name.", {{"sign-in-name", "choose another"}});
        return fail(ErrorCode::conflict, "Somebody has this sign-in name.",
                    {{"sign-in-name", "choose another, or use \"user role\" or \"user reset\""}});
      }
      identity::User user;
      user.organization = place.organization.id;
      user.id = UserId(line.ids.next());
      user.display_name = options.display_name;
      user.sign_in_name = options.sign_in_name;
      user.password_hash = hash;
      user.language = options.language;
      user.roles = {{options.role, place.site.id}};
      identity::insert_user(tx, user, line.clock.now());
      auto entry = command_entry(line, place.organization.id, "user.add");
      entry.object = user.id.uuid;
      entry.detail = "role=" + options.role;
      audit::append(tx, entry);
      return {};
    }));
    return password;
  }();
  if (!done) return line.failed(done.error());
  print_credentials(options, "password", *done);
}

// Finds a user and runs `change` on them, with an audit entry.
Result<void> change_user(CommandLine& line, const UserOptions& options, const std::string& action,
                         const std::function<Result<void>(db::Tx&, const identity::User&)>& change) {
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(auto database, line.find_database(config));
  return database->write([&](db::Tx& tx) -> Result<void> {
    const auto user = identity::find_by_sign_in_name(tx, options.sign_in_name);
    if (!user) return fail(ErrorCode::not_found, "Nobody has this sign-in name.", {{"sign-in-name", "check the spelling"}});
    CONCORD_TRY_VOID(change(tx, *user));
    auto entry = command_entry(line, user->organization, action);
    entry.object = user->id.uuid;
    audit::append(tx, entry);
    return {};
  });
}

void add_key(CommandLine& line, const UserOptions& options) {
  const auto token = identity::new_token();
  const auto done = [&]() -> Result<void> {
    if (!identity::role_exists(options.role))
      return fail(ErrorCode::invalid, "There is no such role.", {{"--role", "must be one of " + role_list()}});
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.find_database(config));
    return database->write([&](db::Tx& tx) -> Result<void> {
      CONCORD_TRY(const auto place, find_place(tx, line.ids, line.clock.now(), options.organization, options.site, "", false));
      const Uuid id = line.ids.next();
      identity::insert_service_key(tx, identity::token_hash(token),
                                   {place.organization.id, id, options.key_name, options.role, place.site.id}, line.clock.now());
      auto entry = command_entry(line, place.organization.id, "user.key");
      entry.object = id;
      entry.detail = "role=" + options.role;
      audit::append(tx, entry);
      return {};
    });
  }();
  if (!done) return line.failed(done.error());
  print_credentials(options, "key", token);
}

void run_verify(CommandLine& line, bool as_json) {
  const auto result = [&]() -> Result<audit::Verification> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(auto database, line.find_database(config));
    const bool shows_progress = is_terminal(2);
    auto verification = database->read([&](db::Tx& tx) {
      return audit::verify(tx, [&](std::int64_t entries) {
        if (shows_progress) std::fprintf(stderr, "\rverified %lld entries", static_cast<long long>(entries));
      });
    });
    if (shows_progress) std::fprintf(stderr, "\r\033[K");
    return verification;
  }();
  if (!result) return line.failed(result.error());
  if (!result->problems.empty()) line.exit_code = kExitFailed;
  if (as_json) {
    std::string out;
    json::Writer w(out);
    w.object()
        .field("entries", result->entries)
        .field("chains", result->chains)
        .field("whole", result->problems.empty())
        .key("problems")
        .array();
    for (const auto& problem : result->problems) w.value(problem);
    w.end().end();
    std::printf("%s\n", out.c_str());
    return;
  }
  for (const auto& problem : result->problems) std::printf("BROKEN: %s\n", problem.c_str());
  std::printf("%lld entries in %d chains: %s\n", static_cast<long long>(result->entries), result->chains,
              result->problems.empty() ? "whole" : "NOT whole");
}

}  // namespace

void add_admin_commands(CLI::App& app, CommandLine& line) {
  auto as_json = std::make_shared<bool>(false);
  auto* migrate = app.add_subcommand("migrate", "Bring the database's schema up to date (serve does it too)");
  migrate->add_flag("--json", *as_json, "Machine-readable output");
  migrate->footer("Example:\n  concord migrate --db postgres://concord@localhost/concord");
  migrate->callback([&line, as_json] { run_migrate(line, *as_json); });

  auto options = std::make_shared<UserOptions>();
  auto* user = app.add_subcommand("user", "People who sign in, and service keys");
  user->require_subcommand(1);
  user->footer(
      "Example:\n  concord user add dana --name \"Dana Demo\" --role care_manager --organization \"Riverside\" --site \"Main "
      "Street\"");
  const auto name_option = [&](CLI::App* command) {
    command->add_option("sign-in-name", options->sign_in_name, "Sign-in name")->required();
    command->add_flag("--json", options->as_json, "Machine-readable output");
  };
  const auto place_options = [&](CLI::App* command) {
    command->add_option("--organization", options->organization, "Organization (default: the only one)");
    command->add_option("--site", options->site, "Site (default: the only one)");
  };
  auto* add = user->add_subcommand("add", "Add a person with a role at a site; prints an initial password once");
  name_option(add);
  place_options(add);
  add->add_option("--name", options->display_name, "Name as others see it")->required();
  add->add_option("--role", options->role, "Role: " + role_list())->required();
  add->add_option("--language", options->language, "en or es")->check(CLI::IsMember({"en", "es"}));
  add->add_option("--time-zone", options->time_zone, "IANA zone, when the site is new");
  add->callback([&line, options] { add_user(line, *options); });

  auto* role = user->add_subcommand("role", "Give a person one more role at a site");
  name_option(role);
  place_options(role);
  role->add_option("--role", options->role, "Role: " + role_list())->required();
  role->callback([&line, options] {
    const auto done = change_user(line, *options, "user.role", [&](db::Tx& tx, const identity::User& who) -> Result<void> {
      if (!identity::role_exists(options->role))
        return fail(ErrorCode::invalid, "There is no such role.", {{"--role", "must be one of " + role_list()}});
      std::string organization;
      for (const auto& o : identity::organizations(tx))
        if (o.id == who.organization) organization = o.name;
      CONCORD_TRY(const auto place, find_place(tx, line.ids, line.clock.now(), organization, options->site, "", false));
      identity::add_role(tx, who.organization, who.id, {options->role, place.site.id});
      identity::end_sessions(tx, who.organization, who.id, "", line.clock.now(), "role changed");
      return {};
    });
    if (!done) line.failed(done.error());
    else std::printf("Done. The person has to sign in again.\n");
  });

  auto* disable = user->add_subcommand("disable", "Nobody may sign in with this name any more; ends every session");
  name_option(disable);
  disable->callback([&line, options] {
    const auto done = change_user(line, *options, "user.disable", [&](db::Tx& tx, const identity::User& who) -> Result<void> {
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(const auto data, load_data_files(config.data_folder));
      identity::disable_user(tx, who.organization, who.id, line.clock.now());
      identity::end_sessions(tx, who.organization, who.id, "", line.clock.now(), "disabled");
      // Their patients are nobody's now, and the caseload says so.
      caseload::refresh_list_of(tx, who.organization, who.id, data.rules);
      return {};
    });
    if (!done) line.failed(done.error());
    else std::printf("Disabled. Their sessions have ended.\n");
  });

  auto* reset = user->add_subcommand("reset", "New initial password; ends every session");
  name_option(reset);
  reset->callback([&line, options] {
    identity::PasswordHasher hasher;
    const auto password = identity::new_initial_password();
    const auto done = change_user(line, *options, "user.reset", [&](db::Tx& tx, const identity::User& who) -> Result<void> {
      identity::set_password(tx, who.organization, who.id, hasher.hash(password));
      identity::end_sessions(tx, who.organization, who.id, "", line.clock.now(), "password reset");
      return {};
    });
    if (!done) line.failed(done.error());
    else print_credentials(*options, "password", password);
  });

  auto* key = user->add_subcommand("key", "A key for a machine, with a role at a site; printed once");
  key->add_option("name", options->key_name, "What uses the key")->required();
  key->add_option("--role", options->role, "Role: " + role_list())->required();
  key->add_flag("--json", options->as_json, "Machine-readable output");
  place_options(key);
  key->callback([&line, options] { add_key(line, *options); });

  auto* audit = app.add_subcommand("audit", "The audit log");
  audit->footer("Example:\n  concord audit verify --db sqlite:clinic.db");
  audit->require_subcommand(1);
  auto* verify = audit->add_subcommand("verify", "Recompute every hash of the log; exit code 1 when something was changed");
  verify->add_flag("--json", *as_json, "Machine-readable output");
  verify->callback([&line, as_json] { run_verify(line, *as_json); });
}

}  // namespace concord::app
