#include "app/caseload_from_database.h"

#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/text.h"
#include "base/zone.h"
#include "caseload/caseload_store.h"

namespace concord::app {

Result<DatabaseCaseload> caseload_from_database(CommandLine& line, const Config& config, const DataFiles& data,
                                                const CaseloadQuestion& question) {
  CONCORD_TRY(auto database, line.find_database(config));
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
    caseload::each_facts(tx, organization.id, data.rules, [&](caseload::EpisodeFacts&& f) {
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

Result<DatabasePatient> patient_from_database(CommandLine& line, const Config& config, const DataFiles& data,
                                              const PatientQuestion& question) {
  CONCORD_TRY(auto database, line.find_database(config));
  struct Read {
    DatabasePatient patient;
    OrganizationId organization;
  };
  CONCORD_TRY(auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    Read out;
    CONCORD_TRY(const auto organization, find_organization(tx, question.organization));
    out.organization = organization.id;
    std::optional<caseload::EpisodeFacts> facts;
    if (const auto id = patients::PatientId::parse(question.patient)) {
      facts = caseload::read_facts(tx, organization.id, *id, data.rules);
    } else {
      std::vector<Issue> several;
      const std::string wanted = fold(question.patient);
      caseload::each_facts(tx, organization.id, data.rules, [&](caseload::EpisodeFacts&& f) {
        if (fold(f.family_name + " " + f.given_name) != wanted && fold(f.given_name + " " + f.family_name) != wanted) return;
        several.push_back({f.patient.text(), "has this name"});
        facts = std::move(f);
      });
      if (several.size() > 1)
        return fail(ErrorCode::not_found, "Several patients have this name. Use an id.", std::move(several));
    }
    if (!facts)
      return fail(ErrorCode::not_found, "There is no such patient with an episode.", {{"patient", "check the spelling"}});
    const std::string patient = facts->patient.text();
    std::string zone = "UTC";
    for (const auto& site : identity::sites(tx, organization.id))
      if (site.id == facts->site) zone = site.time_zone;
    out.patient.as_of = question.as_of.value_or(local_date(line.clock.now(), zone));
    auto then = caseload::as_of(std::move(*facts), out.patient.as_of);
    if (!then)
      return fail(ErrorCode::not_found, "This patient had no episode on that day.", {{"--as-of", patient + " came later"}});
    out.patient.facts = std::move(*then);
    return out;
  }));
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "caseload.explain";
    entry.patient = read.patient.facts.patient.uuid;
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return std::move(read.patient);
}

}  // namespace concord::app
