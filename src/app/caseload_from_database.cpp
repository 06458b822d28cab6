#include "app/caseload_from_database.h"

#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/text.h"
#include "base/zone.h"
#include "caseload/caseload_store.h"

namespace concord::app {

Result<DatabaseCaseload> caseload_from_database(CommandLine& line, const Config& config, const DataFiles& data,
                                                const CaseloadQuestion& question) {
  CONCORD_TRY(auto database, line.open_database(config));
  struct Read {
    DatabaseCaseload caseload;
    OrganizationId organization;
  };
  CONCORD_TRY(auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    Read out;
    CONCORD_TRY(const auto organization, find_organization(tx, question.organization));
    out.organization = organization.id;
    const auto sites = identity::sites(tx, organization.id);
    const std::string zone = sites.empty() ? "UTC" : sites.front().time_zone;
    out.caseload.as_of = question.as_of.value_or(local_date(line.clock.now(), zone));
    std::vector<caseload::EpisodeFacts> facts;
    bool care_manager_known = question.care_manager.empty();
    caseload::each_facts(tx, organization.id, [&](caseload::EpisodeFacts&& f) {
      if (!question.care_manager.empty()) {
        if (fold(f.care_manager_name) != fold(question.care_manager)) return;
        care_manager_known = true;
      }
      facts.push_back(std::move(f));
    });
    if (!care_manager_known)
      return fail(ErrorCode::not_found, "Nobody's care manager has this name.", {{"--care-manager", "check the spelling"}});
    out.caseload.rows = caseload::caseload(facts, data.rules, out.caseload.as_of);
    return out;
  }));
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "caseload.list";
    entry.detail = "rows=" + std::to_string(read.caseload.rows.size());
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return std::move(read.caseload);
}

}  // namespace concord::app
