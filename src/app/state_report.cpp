#include "app/state_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "exchange/outside_names.h"
#include "identity/identity_store.h"
#include "json/writer.h"
#include "measures/as_of.h"
#include "measures/measures_store.h"
#include "measures/published_store.h"
#include "measures/restatement.h"

namespace concord::app {
namespace {

using measures::Publication;

/// What an id is called in the CSV folders that rows came from.
using Names = std::unordered_map<std::string, std::string>;

struct Read {
  OrganizationId organization;
  std::string zone;
  std::optional<Instant> as_of;  ///< asked for
  measures::NysReport report;    ///< with outside names
  Names names;
  std::vector<Publication> publications;         ///< of the month, oldest first
  std::optional<measures::Snapshot> in_own_ids;  ///< when something is published
};

Result<Read> read_facts(db::Tx& tx, const StateReportOptions& options, measures::ReportMonth month,
                        const measures::NysRules& rules, Instant now) {
  Read read;
  CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
  read.organization = organization.id;
  const auto sites = identity::sites(tx, organization.id);
  read.zone = sites.empty() ? "UTC" : sites.front().time_zone;
  const Date today = local_date(now, read.zone);
  if (month.first > today)
    return fail(ErrorCode::invalid, "This month has not begun.", {{"--month", "must not be after today, " + today.iso()}});
  if (!options.as_of.empty()) {
    read.as_of = measures::parse_as_of(options.as_of, read.zone);
    if (!read.as_of)
      return fail(ErrorCode::invalid, "The time cannot be read.",
                  {{"--as-of", "must be a day like 2026-04-01, a time like 2026-04-01T12:30 or an instant with its zone"}});
    if (*read.as_of > now && options.as_of == today.iso()) read.as_of = now;  // the end of today has not come
    if (*read.as_of > now) return fail(ErrorCode::invalid, "That time has not come.", {{"--as-of", "must not be in the future"}});
    if (local_date(*read.as_of, read.zone) < month.first)
      return fail(ErrorCode::invalid, "The month had not begun then.",
                  {{"--as-of", "must not be before " + month.first.iso() + ", the month's first day"}});
  }
  if (options.publish && !read.as_of) read.as_of = now;
  read.publications = measures::list_publications(tx, organization.id, rules.name, month);

  exchange::OutsideNames outside(tx, organization.id);
  const auto load = [&](const measures::NameOf& name_of) {
    return measures::nys_report(read.as_of ? measures::load_clinic_as_of(tx, organization.id, rules, name_of, *read.as_of)
                                           : measures::load_clinic(tx, organization.id, rules, name_of),
                                rules, month);
  };
  const bool compares = options.publish || !read.publications.empty();
  read.report = load([&](std::string_view kind, const Uuid& id) {
    auto name = outside.of(kind, id);
    if (compares) read.names.emplace(id.text(), name);
    return name;
  });
  if (compares) read.in_own_ids = measures::snapshot_of(load([](std::string_view, const Uuid& id) { return id.text(); }));
  return read;
}

std::string local_text(Instant at, const std::string& zone) {
  const int minute = local_minute_of_day(at, zone);
  return fmt::format("{} {:02}:{:02}", local_date(at, zone).iso(), minute / 60, minute % 60);
}

/// {"number",...,"metrics"}
std::string publication_json(db::Tx& tx, OrganizationId organization, const Publication& p) {
  std::string by = "null", text;
  if (p.by) {
    by.clear();
    json::Writer w(by);
    w.object().field("id", *p.by).field("name", identity::display_name(tx, organization, *p.by).value_or("")).end();
  }
  json::Writer w(text);
  measures::write(w, p, by);
  text.pop_back();
  return text + ",\"metrics\":" + p.figures + "}";
}

}  // namespace

Result<std::string> state_report(CommandLine& line, const Config& config, const StateReportOptions& options,
                                 measures::ReportMonth month, const measures::NysRules& rules) {
  CONCORD_TRY(auto database, line.find_database(config));
  const Instant now = line.clock.now();
  CONCORD_TRY(const auto read,
              database->read([&](db::Tx& tx) -> Result<Read> { return read_facts(tx, options, month, rules, now); }));

  std::optional<Publication> published;
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = now;
    entry.role = "command line";
    entry.action = "report." + rules.name;
    entry.detail = "period=" + month.text() + " rows=" + std::to_string(read.report.lines.size());
    if (read.as_of) entry.detail += " as_of=" + iso(*read.as_of);
    entry.result = "ok";
    if (options.publish) {
      measures::Publish asked;
      asked.as_of = *read.as_of;
      asked.now = now;
      asked.role = "command line";
      asked.reason = options.reason;
      auto done = measures::publish(tx, read.organization, *read.in_own_ids, asked, read.zone);
      if (!done) {
        for (auto& issue : done.error().issues) {
          std::replace(issue.path.begin(), issue.path.end(), '_', '-');
          issue.path = "--" + issue.path;
        }
        return tl::unexpected<Error>(std::move(done.error()));
      }
      published = std::move(*done);
      entry.action += ".publish";
      entry.detail += " number=" + std::to_string(published->number) + " digest=" + published->digest;
    }
    audit::append(tx, entry);
    return {};
  }));

  // Against what was published before: before this publication, or as far as it was published then.
  const Publication* before = nullptr;
  for (const auto& p : read.publications)
    if (!read.as_of || p.as_of <= *read.as_of) before = &p;
  const Publication* shown = published ? &*published : before;
  struct Compared {
    std::string published;
    std::optional<measures::Restatement> restated;
  };
  const auto compared = database->read([&](db::Tx& tx) {
    Compared c;
    if (shown) c.published = publication_json(tx, read.organization, *shown);
    if (before)
      if (const auto words = measures::find_snapshot(tx, read.organization, rules.name, month, before->number))
        c.restated = measures::compare(*words, *read.in_own_ids);
    return c;
  });
  const bool differs = compared.restated && !compared.restated->empty();
  const auto name = [&](std::string_view, const std::string& id) {
    const auto found = read.names.find(id);
    return found == read.names.end() ? id : found->second;
  };
  if (options.as_json) {
    measures::JsonExtras extras;
    extras.as_of = read.as_of;
    extras.published = compared.published;
    if (differs) extras.restatement = measures::restatement_json(*compared.restated, before->number, name);
    return measures::nys_json(read.report, extras);
  }
  std::string text = measures::nys_table(read.report, rules);
  if (read.as_of) text += fmt::format("\nAs known at {} ({}).\n", local_text(*read.as_of, read.zone), read.zone);
  if (shown)
    text += fmt::format("{}ublication {} of this month: {}, as known at {}{}{}.\n", published ? "\nThis is p" : "\nP",
                        shown->number, local_text(shown->published_at, read.zone), local_text(shown->as_of, read.zone),
                        shown->reason.empty() ? "" : "; ", shown->reason);
  if (differs) text += measures::restatement_table(*compared.restated, before->number, name);
  else if (before) text += "Nothing differs from it.\n";
  return text;
}

}  // namespace concord::app
