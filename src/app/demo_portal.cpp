#include "app/demo_portal.h"

#include "base/zone.h"
#include "episodes/episodes_api.h"
#include "patients/patients_store.h"
#include "portal/accounts_store.h"

namespace concord::app {
namespace {

using portal::PatientId;

constexpr int kLooked = 400;  // patients of the first care manager, for somebody who fits

class People {
 public:
  People(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization)
      : tx_(tx), ids_(ids), now_(now), organization_(organization) {}

  portal::Account account(std::string_view mail, std::string display_name, std::string language,
                          std::optional<PatientId> patient) {
    portal::Account a;
    a.organization = organization_;
    a.id = portal::AccountId(ids_.next());
    a.patient = patient;
    a.display_name = std::move(display_name);
    a.language = std::move(language);
    a.created_at = now_;
    portal::insert_account(tx_, a);
    portal::put_contact(tx_, organization_, a.id, {"mail", std::string(mail)}, now_);
    return a;
  }
  portal::Account of(const patients::Patient& patient, std::string_view mail, std::string language) {
    auto after = patient;
    after.email = std::string(mail);
    patients::update(tx_, organization_, patient, after, now_);
    return account(mail, patient.given_name + " " + patient.family_name, std::move(language), patient.id);
  }
  void trust(const portal::Account& by, const portal::Account& whom, std::string_view mail, std::string relationship,
             std::vector<std::string> scopes, std::string_view zone) {
    portal::Grant g;
    g.patient = *by.patient;
    g.id = portal::GrantId(ids_.next());
    g.name = whom.display_name;
    g.relationship = std::move(relationship);
    g.channel = "mail";
    g.address = mail;
    g.scopes = std::move(scopes);
    g.invited_by_account = by.id;
    g.invited_at = g.agreed_at = now_;
    g.expires_at = at_local_time(local_date(now_, zone).plus_months(12), 0, zone);
    portal::insert_grant(tx_, organization_, g, {"patient", by.id});
    portal::accept_grant(tx_, organization_, g, whom.id, now_);
  }

 private:
  db::Tx& tx_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
};

}  // namespace

const std::vector<DemoPortalPerson>& demo_portal_people() {
  static const std::vector<DemoPortalPerson> people = {
      {"patient.demo@example.org", "a patient"},
      {"paciente.demo@example.org", "a patient, in Spanish"},
      {"teen.demo@example.org", "a patient of 12 to 17"},
      {"family.demo@example.org", "somebody two of them trust"},
  };
  return people;
}

Result<void> add_demo_portal(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                             OrganizationId organization, const simulation::Cohort& cohort) {
  return database.write([&](db::Tx& tx) -> Result<void> {
    const auto& site = cohort.sites.front();
    const auto& ages = slices.data().confidentiality.rules;
    const std::string zone = cohort.options.time_zone;
    std::optional<patients::Patient> english, spanish, teen;
    for (const auto manager : site.care_managers)
      for (const auto id : episodes::patients_of(tx, organization, site.id, manager, kLooked)) {
        const auto patient = patients::find(tx, organization, id);
        if (!patient || patient->deceased_date || !patient->birth_date) continue;
        const auto stage = portal::stage_of(patient->birth_date, cohort.options.today, ages);
        if (stage == portal::Stage::adolescent && !teen) teen = patient;
        if (stage != portal::Stage::adult) continue;
        auto& place = patient->language == "es" ? spanish : english;
        if (!place) place = patient;
      }
    if (!english) return {};  // too small a clinic
    People people(tx, ids, now, organization);
    const auto names = demo_portal_people();
    const auto first = people.of(*english, names[0].name, "en");
    const auto family = people.account(names[3].name, "Kim Demo", "en", std::nullopt);
    people.trust(first, family, names[3].name, "sister", {"appointments", "goals", "plan"}, zone);
    if (spanish) {
      const auto second = people.of(*spanish, names[1].name, "es");
      people.trust(second, family, names[3].name, "friend", {"appointments", "check_in", "messages"}, zone);
    }
    if (teen) people.of(*teen, names[2].name, "en");
    return {};
  });
}

}  // namespace concord::app
