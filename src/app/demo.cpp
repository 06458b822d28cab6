#include "app/demo.h"

#include <algorithm>

#include "app/demo_checkins.h"
#include "app/demo_content.h"
#include "app/demo_education.h"
#include "app/demo_outreach.h"
#include "app/demo_plans.h"
#include "app/demo_portal.h"
#include "app/demo_program.h"
#include "app/demo_state_report.h"
#include "app/demo_team.h"
#include "audit/audit_store.h"
#include "base/text.h"
#include "identity/password.h"

namespace concord::app {

const std::vector<DemoPerson>& demo_people() {
  static const std::vector<DemoPerson> people = {
      {"dana.demo", "Dana Demo", "care_manager"},
      {"amari.demo", "Dr. Amari Demo", "psychiatric_consultant"},
      {"lee.demo", "Dr. Lee Demo", "pcp"},
      {"sol.demo", "Sol Demo", "bh_specialist"},
      {"wen.demo", "Wen Demo", "community_worker"},
      {"bea.demo", "Bea Demo", "billing"},
      {"max.demo", "Max Demo", "program_manager"},
      {"ines.demo", "Ines Demo", "privacy_officer"},
      {"kim.demo", "Kim Demo", "admin"},
  };
  return people;
}

void add_cohort_people(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization, std::string_view organization_name,
                       const simulation::Cohort& cohort, bool sign_ins) {
  identity::insert_organization(tx, {organization, std::string(organization_name)}, now);
  audit::open_chains(tx, organization);
  std::string hash;
  if (sign_ins) {
    // The cheapest cost: these passwords are printed on the screen.
    identity::PasswordHasher hasher(true);
    hash = hasher.hash(kDemoPassword);
  }
  bool is_first_site = true;
  for (const auto& site : cohort.sites) {
    identity::insert_site(tx, organization, {site.id, site.name, cohort.options.time_zone, "555-0100", "Weekdays 8 am to 5 pm"},
                          now);
    std::vector<std::string_view> taken;
    const auto add = [&](UserId id, std::string_view name, std::string_view role) {
      identity::User user;
      user.organization = organization;
      user.id = id;
      user.display_name = std::string(name);
      user.imported = true;
      user.roles = {{std::string(role), site.id}};
      if (sign_ins && is_first_site && std::find(taken.begin(), taken.end(), role) == taken.end()) {
        for (const auto& person : demo_people()) {
          if (person.role != role) continue;
          taken.push_back(person.role);
          user.display_name = std::string(person.display_name);
          user.sign_in_name = std::string(person.sign_in_name);
          user.password_hash = hash;
          user.imported = false;
        }
      }
      identity::insert_user(tx, user, now);
    };
    for (std::size_t i = 0; i < site.care_managers.size(); ++i)
      add(site.care_managers[i], site.care_manager_names[i], "care_manager");
    add(site.consultant, site.consultant_name, "psychiatric_consultant");
    if (sign_ins && is_first_site)
      for (const auto& person : demo_people())
        if (std::find(taken.begin(), taken.end(), person.role) == taken.end())
          add(person.role == "pcp" && site.pcp ? *site.pcp : UserId(ids.next()), person.display_name, person.role);
    is_first_site = false;
  }
}

Result<simulation::Written> simulate_into(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                                          std::string_view name, const simulation::Options& options, bool sign_ins,
                                          const std::function<void(const simulation::Progress&)>& progress) {
  const std::string seed = std::to_string(options.seed);
  const std::string_view parts[] = {"simulation", "organization", name, seed};
  const OrganizationId organization(make_uuid_from(parts));
  const auto there = database.read([&](db::Tx& tx) { return identity::organizations(tx); });
  for (const auto& known : there)
    if (known.id == organization || fold(known.name) == fold(name))
      return fail(ErrorCode::conflict, "This database holds that organization already.",
                  {{"organization", "choose another --organization or another database"}});
  auto cohort = simulation::plan_cohort(options);
  if (sign_ins)  // the histories name the people who sign in
    for (const auto& person : demo_people()) {
      if (person.role == "care_manager") cohort.sites.front().care_manager_names.front() = std::string(person.display_name);
      if (person.role == "psychiatric_consultant") cohort.sites.front().consultant_name = std::string(person.display_name);
      if (person.role == "pcp") {
        cohort.sites.front().pcp_name = std::string(person.display_name);
        cohort.sites.front().pcp = UserId(ids.next());
      }
    }
  simulation::Deps deps;
  deps.add_people = [&](db::Tx& tx, const simulation::Cohort& c) {
    add_cohort_people(tx, ids, now, organization, name, c, sign_ins);
  };
  deps.refresh_caseload = [&](db::Tx& tx, OrganizationId org, std::span<const patients::PatientId> patients) {
    slices.refresh(tx, org, patients);
  };
  auto written = simulation::write_cohort(database, organization, cohort, now, deps, progress);
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_plans(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_team(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_education(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_portal(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_content(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_checkins(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_outreach(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(add_demo_program(database, slices, ids, now, organization, cohort));
  if (written && sign_ins) CONCORD_TRY_VOID(publish_demo_months(database, slices, now, organization, options.time_zone));
  return written;
}

}  // namespace concord::app
