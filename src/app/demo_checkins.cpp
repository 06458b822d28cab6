#include "app/demo_checkins.h"

#include "base/zone.h"
#include "checkins/checkins_store.h"
#include "checkins/flow.h"
#include "episodes/episodes_api.h"
#include "identity/password.h"

namespace concord::app {
namespace {

using checkins::CheckIn;
using checkins::Kept;

constexpr int kFirst = 20;  // the ones before tell other stories
constexpr int kPatients = 5;

class Filler {
 public:
  Filler(const checkins::Deps& deps, db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization,
         const simulation::Cohort& cohort)
      : deps_(deps),
        tx_(tx),
        ids_(ids),
        now_(now),
        organization_(organization),
        site_(cohort.sites.front().id),
        zone_(cohort.options.time_zone),
        by_(cohort.sites.front().care_managers.front()) {}

  CheckIn sent(patients::PatientId patient, std::vector<std::string> instruments, int hours_ago, std::string language = "en") {
    CheckIn c;
    c.id = checkins::CheckInId(ids_.next());
    c.patient = patient;
    c.site = site_;
    c.state = "sent";
    c.language = std::move(language);
    for (auto& id : instruments) c.forms.push_back({std::move(id), "self", std::nullopt, false});
    c.made_at = now_ - std::chrono::hours(hours_ago);
    c.sent_at = c.made_at;
    c.made_by = by_;
    c.expires_at = c.made_at + std::chrono::hours(24 * deps_.settings.link_days);
    checkins::insert(tx_, organization_, c, identity::token_hash(identity::new_token()));
    return c;
  }

  void begin(const CheckIn& c, const std::vector<Kept>& answers, int hours_ago) {
    const Instant at = now_ - std::chrono::hours(hours_ago);
    checkins::start(tx_, organization_, c.id, at, deps_.settings.most_starts);
    for (const auto& answer : answers) checkins::keep(tx_, organization_, c.id, answer, at);
  }

  Result<void> submit(const CheckIn& c, const std::vector<Kept>& answers, int hours_ago) {
    begin(c, answers, hours_ago);
    http::Request request;
    request.request_id = "demo";
    Caller caller;
    caller.kind = ActorKind::form;
    caller.organization = organization_;
    caller.role = "form";
    caller.sites = {site_};
    const Instant at = now_ - std::chrono::hours(hours_ago);
    const patients::Asker asker(http::Call{request, caller, at, {}});
    const patients::Place place{c.patient, site_, zone_, local_date(at, zone_)};
    CONCORD_TRY_VOID(checkins::submit(deps_, tx_, asker, place, c));
    return {};
  }

  void wrong_person(CheckIn c, int hours_ago) {
    c.state = "revoked";
    c.ended_why = "wrong_person";
    c.ended_at = now_ - std::chrono::hours(hours_ago);
    checkins::end(tx_, organization_, c);
  }

 private:
  const checkins::Deps& deps_;
  db::Tx& tx_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
  const SiteId site_;
  const std::string zone_;
  const UserId by_;
};

std::vector<Kept> answers(const std::string& instrument, std::initializer_list<double> values) {
  std::vector<Kept> kept;
  int number = 0;
  for (const double value : values) kept.push_back({instrument, "q" + std::to_string(++number), value});
  return kept;
}

}  // namespace

Result<void> add_demo_checkins(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                               OrganizationId organization, const simulation::Cohort& cohort) {
  return database.write([&](db::Tx& tx) -> Result<void> {
    const auto& site = cohort.sites.front();
    const auto all = episodes::patients_of(tx, organization, site.id, site.care_managers.front(), kFirst + kPatients);
    if (all.size() < kFirst + kPatients) return {};  // too small a clinic
    Filler f(slices.checkins(), tx, ids, now, organization, cohort);
    f.sent(all[kFirst], {"phq-9"}, 20);
    f.begin(f.sent(all[kFirst + 1], {"phq-9", "gad-7"}, 30), answers("phq-9", {1, 2, 2}), 5);
    auto gad = answers("gad-7", {2, 1, 2, 1, 1, 2, 0});
    gad.push_back({"gad-7", "difficulty", std::nullopt});
    CONCORD_TRY_VOID(f.submit(f.sent(all[kFirst + 2], {"gad-7"}, 26, "es"), gad, 3));
    CONCORD_TRY_VOID(f.submit(f.sent(all[kFirst + 3], {"weekly-mood"}, 22), answers("weekly-mood", {4}), 2));
    f.wrong_person(f.sent(all[kFirst + 4], {"phq-9"}, 50), 46);
    slices.refresh(tx, organization, all);
    return {};
  });
}

}  // namespace concord::app
