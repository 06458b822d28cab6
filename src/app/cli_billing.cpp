// `concord billing`: what a month's minutes become, of the database or of a CSV folder.
#include <cstdio>

#include "app/billing_from_csv.h"
#include "app/cli.h"
#include "app/directory.h"
#include "audit/audit_store.h"
#include "billing/billing_store.h"
#include "billing/report.h"

namespace concord::app {
namespace {

struct BillingOptions {
  std::string csv, month, organization;
  bool as_json = false;
};

std::string render(const billing::Book& book, billing::Month month, const DataFiles& data, const billing::TermsOf& terms,
                   const billing::ReportNames& names, bool as_json) {
  return as_json ? billing::report_json(book, month, data.billing, terms, names)
                 : billing::report_table(book, month, data.billing, terms, names);
}

Result<std::string> of_csv(const BillingOptions& options, billing::Month month, const DataFiles& data) {
  CONCORD_TRY(const auto read, book_from_csv(options.csv, data.instruments, data.billing));
  for (const auto& note : read.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  const auto name = [&](const Uuid& id) {
    const auto found = read.ids.find(id);
    return found == read.ids.end() ? id.text() : found->second;
  };
  return render(read.book, month, data, billing::terms_of(data.billing), {name, name}, options.as_json);
}

Result<std::string> of_database(CommandLine& line, const Config& config, const BillingOptions& options, billing::Month month,
                                const DataFiles& data) {
  CONCORD_TRY(auto database, line.find_database(config));
  struct Read {
    OrganizationId organization;
    std::string text;
  };
  CONCORD_TRY(auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto book = billing::load_organization(tx, organization.id, month, data.billing);
    const auto terms = billing::terms_of(data.billing, billing::list_settings(tx, organization.id, data.billing), month);
    const auto name = [](const Uuid& id) { return id.text(); };
    return Read{organization.id, render(book, month, data, terms, {name, name}, options.as_json)};
  }));
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "billing.month";
    entry.detail = "month=" + month.text();
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return std::move(read.text);
}

}  // namespace

void add_billing_command(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<BillingOptions>();
  auto* command = app.add_subcommand("billing", "Minutes of a month: which count, which codes they become, what is missing");
  command->add_option("--month", options->month, "The month, YYYY-MM")->required();
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer(
      "Examples:\n  concord billing --csv extract/ --month 2026-03 --json\n  concord billing --db sqlite:clinic.db --month "
      "2026-03");
  command->callback([&line, options] {
    const auto text = [&]() -> Result<std::string> {
      const auto month = billing::Month::parse(options->month);
      if (!month) return fail(ErrorCode::invalid, "The month cannot be read.", {{"--month", "must be a month like 2026-03"}});
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(const auto data, load_data_files(config.data_folder));
      return options->csv.empty() ? of_database(line, config, *options, *month, data) : of_csv(*options, *month, data);
    }();
    if (!text) return line.failed(text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
    if (!text->empty() && text->back() != '\n') std::fputc('\n', stdout);
  });
}

}  // namespace concord::app
