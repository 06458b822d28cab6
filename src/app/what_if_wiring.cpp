#include "app/what_if_wiring.h"

#include <charconv>
#include <cstdio>

#include "app/caseload_from_csv.h"
#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "caseload/caseload_store.h"
#include "exchange/csv_folder.h"
#include "json/writer.h"

namespace concord::app {
namespace {

using caseload::Change;
using caseload::EpisodeFacts;
using caseload::WhatIfSource;

struct Options {
  std::vector<std::string> changes;
  std::string csv, to, organization;
  bool as_json = false;
};

/// "review.nonresponse.from_days=42"
Result<std::vector<Change>> read_changes(const std::vector<std::string>& given, const caseload::RuleSet& rules) {
  std::vector<Change> changes;
  std::vector<Issue> issues;
  for (const auto& text : given) {
    const auto equals = text.find('=');
    double value = 0;
    const char* end = text.data() + text.size();
    if (equals == std::string::npos || std::from_chars(text.data() + equals + 1, end, value).ptr != end ||
        equals + 1 == text.size()) {
      issues.push_back({"--set " + text, "must be like review.nonresponse.from_days=42"});
      continue;
    }
    changes.emplace_back(text.substr(0, equals), value);
  }
  if (issues.empty()) {
    auto other = caseload::changed(rules, changes);
    if (other) return changes;
    // The answer of the API, in the words of the command line.
    for (auto issue : other.error().issues) {
      std::size_t nth = 0;
      const std::string_view path = issue.path;
      if (path.starts_with("changes[")) std::from_chars(path.data() + 8, path.data() + path.size(), nth);
      std::string known;
      if (path.ends_with(".id") && nth < changes.size()) {
        const auto first_part = changes[nth].first.substr(0, changes[nth].first.find_first_of("._"));
        for (const auto& one : caseload::adjustable(rules))
          if (one.now.id.starts_with(first_part)) known += (known.empty() ? "; there are: " : ", ") + one.now.id;
      }
      issues.push_back({nth < given.size() ? "--set " + given[nth] : "--set", issue.text + known});
    }
  }
  return fail(ErrorCode::invalid, "The numbers cannot be changed like this.", std::move(issues));
}

struct Found {
  caseload::WhatIf answer;
  std::vector<std::string> notes;
};

Result<Found> of_csv(const Options& options, const DataFiles& data, const caseload::RuleSet& other, Date from, Date to) {
  CONCORD_TRY(auto read, exchange::read_faultless_folder(options.csv, data.instruments));
  auto facts = episode_facts(read.rows, to, data.instruments, data.rules);
  std::erase_if(facts, [&](const EpisodeFacts& f) { return f.referred > to; });
  caseload::WhatIfCounter counter(data.rules, other, data.what_if, from, to);
  counter.add(facts);
  return Found{counter.answer(), std::move(read.notes)};
}

Result<Found> of_database(CommandLine& line, const Config& config, const Options& options, const DataFiles& data,
                          const caseload::RuleSet& other, std::optional<Date> wanted) {
  CONCORD_TRY(auto database, line.find_database(config, data));
  struct Read {
    OrganizationId organization;
    caseload::WhatIf answer;
  };
  CONCORD_TRY(auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    const Date today = local_date(line.clock.now(), sites.empty() ? "UTC" : sites.front().time_zone);
    const Date to = wanted.value_or(reports::last_whole_year(today).to);
    caseload::WhatIfCounter counter(data.rules, other, data.what_if, to.plus_days(1).plus_months(-12), to);
    std::vector<EpisodeFacts> batch;
    caseload::each_facts(tx, organization.id, data.rules, [&](EpisodeFacts&& facts) {
      if (facts.referred > to) return;
      batch.push_back(std::move(facts));
      if (batch.size() < 1000) return;
      counter.add(batch);
      batch.clear();
    });
    counter.add(batch);
    return Read{organization.id, counter.answer()};
  }));
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "reports.what_if";
    entry.detail = "to=" + read.answer.to.iso() + " episodes=" + std::to_string(read.answer.looked_at);
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return Found{std::move(read.answer), {}};
}

Result<std::string> run(CommandLine& line, const Options& options) {
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(const auto data, load_data_files(config.data_folder));
  CONCORD_TRY(const auto changes, read_changes(options.changes, data.rules));
  CONCORD_TRY(const auto other, caseload::changed(data.rules, changes));
  std::optional<Date> to;
  const Date today = local_date(line.clock.now(), "UTC");
  if (!options.to.empty()) {
    to = Date::parse(options.to);
    if (!to) return fail(ErrorCode::invalid, "The date cannot be read.", {{"--to", "must be a date like 2026-03-31"}});
    if (*to > today) return fail(ErrorCode::invalid, "This day has not come.", {{"--to", "must not be after " + today.iso()}});
  }
  const bool is_csv = !options.csv.empty();
  const Date last = to.value_or(reports::last_whole_year(today).to);
  CONCORD_TRY(const auto found, is_csv ? of_csv(options, data, other, last.plus_days(1).plus_months(-12), last)
                                       : of_database(line, config, options, data, other, to));
  for (const auto& note : found.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  const auto source = is_csv ? WhatIfSource::csv : WhatIfSource::database;
  if (!options.as_json) return caseload::what_if_table(found.answer, data.rules, changes, data.what_if, source);
  std::string text;
  json::Writer w(text);
  w.object();
  caseload::write_what_if(w, found.answer, data.rules, changes, data.what_if, source);
  w.end();
  return text + "\n";
}

}  // namespace

reports::WhatIfDeps what_if_deps(const reports::Deps& lent, const DataFiles& data) {
  reports::WhatIfDeps deps;
  deps.chart = lent.chart;
  deps.rules = &data.rules;
  deps.assumptions = &data.what_if;
  deps.threshold = data.reports.threshold;
  deps.may_open = lent.may_open;
  deps.count_episodes = caseload::count_episodes;
  deps.each_facts = [&data](db::Tx& tx, OrganizationId organization, const std::function<void(EpisodeFacts&&)>& each) {
    caseload::each_facts(tx, organization, data.rules, each);
  };
  return deps;
}

void add_what_if(CLI::App& caseload, CommandLine& line) {
  auto options = std::make_shared<Options>();
  auto* command = caseload.add_subcommand("what-if", "What other numbers of the rules would have meant over a year");
  command->add_option("--set", options->changes, "NUMBER=VALUE, several times for several numbers")->required();
  command->add_option("--to", options->to, "The last day of the year, YYYY-MM-DD (default: the end of last month)");
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer(
      "Examples:\n  concord caseload what-if --set review.nonresponse.from_days=42\n  concord caseload what-if --csv extract/ "
      "--to "
      "2026-03-31 --set contact.due.late_days=21 --json");
  command->callback([&line, options] {
    const auto text = run(line, *options);
    if (!text) return line.failed(text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
  });
}

}  // namespace concord::app
