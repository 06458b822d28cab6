// The projection (caseload_row) and what has been put off (attention_deferral). The one slice that reads other
// slices' tables, read-only and in sql/facts_*.sql alone: a projection of facts has to read the facts, and
// reading them in one place with few statements is what keeps a write cheap (README.md).
// Read next: caseload.h for what is derived from the facts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "caseload/caseload.h"
#include "db/database.h"

namespace concord::caseload {

/// The facts of a patient's current episode; nullopt without any episode. The rules say which facts need work: minutes
/// are counted with rules.billing, working days come from rules.calendar_of.
std::optional<EpisodeFacts> read_facts(db::Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules);
/// The current episodes of every patient of the organization, in patient order, read in batches.
void each_facts(db::Tx& tx, OrganizationId organization, const RuleSet& rules, const std::function<void(EpisodeFacts&&)>& each);

/// Episodes of all patients, earlier ones included.
std::int64_t count_episodes(db::Tx& tx, OrganizationId organization);

/// Brings one patient's row up to date: call it in the transaction that changed a fact.
void refresh(db::Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules);
/// The same for many patients at once (imports, simulation), in any order.
void refresh_many(db::Tx& tx, OrganizationId organization, std::span<const PatientId> patients, const RuleSet& rules);

/// Of every patient on this care manager's list: call it when their name or account changes.
void refresh_list_of(db::Tx& tx, OrganizationId organization, UserId care_manager, const RuleSet& rules);

struct RebuildProgress {
  std::int64_t patients = 0;
  std::int64_t rows = 0;
};
/// Makes the whole projection of an organization anew, in transactions of about a thousand patients, so that
/// other writers go on between them. `progress` is called after each.
Result<RebuildProgress> rebuild(db::Database& database, OrganizationId organization, const RuleSet& rules,
                                const std::function<void(const RebuildProgress&)>& progress = {});

/// The lines of one patient from the facts themselves, deferred ones included and marked. A patient without an
/// episode has safety lines only.
std::vector<Line> read_attention(db::Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules, Date today,
                                 std::optional<Instant> now, std::string_view language);

struct Deferral {
  Uuid id;
  PatientId patient;
  EpisodeId episode;
  Rule rule = Rule::contact_due;
  Date made_on, until;
  std::string reason;
  UserId by;
  Instant at{};
};
/// Stores it; refresh() makes it count.
void add_deferral(db::Tx& tx, OrganizationId organization, const Deferral& deferral);
/// Takes back every deferral of the rule that still counts; how many. refresh() makes it count.
std::int64_t withdraw_deferrals(db::Tx& tx, OrganizationId organization, PatientId patient, EpisodeId episode, Rule rule,
                                Date today, UserId by, Instant at);

/// Whose episode it is; nullopt when there is none.
struct EpisodePlace {
  PatientId patient;
  SiteId site;
  State state = State::referred;
};
std::optional<EpisodePlace> find_episode(db::Tx& tx, OrganizationId organization, EpisodeId episode);
/// name_key() of a patient.
std::optional<std::string> find_name(db::Tx& tx, OrganizationId organization, PatientId patient);

/// What a list asks for. Sites are always restricted to the caller's.
struct Filter {
  std::span<const SiteId> sites;
  std::optional<UserId> care_manager;
  /// With care_manager: people who are away and whose rows come too, where `covered` says so.
  std::vector<UserId> away;
  std::function<bool(UserId care_manager, SiteId, PatientId)> covered;
  std::optional<State> state;  ///< nullopt: everything on the list; closed: what is closed and settled too
  std::optional<Need> need;
  std::optional<Rule> rule;
  std::function<Date(SiteId)> today;  ///< the day at a site
  std::optional<SortKey> after;       ///< the last row of the page before
  std::size_t limit = 50;
};
struct Counts {
  std::int64_t total = 0;
  std::array<std::int64_t, 6> by_need{};
};
/// A row as kept, with its place in the list. One piece of memory a row: a page is read thousands of times a second.
struct ListedRow {
  Need need = Need::on_track;
  std::int64_t due = 0;
  Uuid patient, episode;
  Uuid care_manager;  ///< nil: nobody
  SiteId site;
  Date today;        ///< the day at its site
  std::string data;  ///< name key, encoded triggers, body
  std::size_t name_size = 0, triggers_size = 0;

  std::string_view name() const { return std::string_view(data).substr(0, name_size); }
  std::span<const std::uint8_t> triggers() const {
    return {reinterpret_cast<const std::uint8_t*>(data.data()) + name_size, triggers_size};
  }
  /// Members of a JSON object: row_body().
  std::string_view body() const { return std::string_view(data).substr(name_size + triggers_size); }
  SortKey key() const { return {need, due, std::string(name()), episode}; }
};
struct ListPage {
  std::vector<ListedRow> rows;  ///< in caseload order, at most `limit`
  bool more = false;
  Counts counts;  ///< before need and rule
};
/// One care manager's list is one clustered read; without care_manager every row of the organization is looked
/// at, while memory stays bounded by `limit`.
ListPage list(db::Tx& tx, OrganizationId organization, const Filter& filter);

/// The part of an API row that neither time nor the key tells: members of a JSON object, without braces. What is
/// not known is left out, so that key, triggers and body of most rows fit into a quarter of a database page
/// (1,002 bytes): a longer row costs a second page on every read.
std::string row_body(const CaseloadRow& row);

/// Every column of the projection as text, for the test that rebuilt = incremental.
std::vector<std::string> dump(db::Tx& tx, OrganizationId organization);

}  // namespace concord::caseload
