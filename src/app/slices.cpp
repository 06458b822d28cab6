#include "app/slices.h"

#include <fstream>
#include <sstream>

#include "audit/audit_api.h"
#include "base/zone.h"
#include "caseload/caseload_api.h"
#include "caseload/caseload_store.h"
#include "caseload/criteria.h"
#include "contacts/contacts_api.h"
#include "episodes/episodes_api.h"
#include "identity/identity_api.h"
#include "identity/identity_store.h"
#include "instruments/instruments_api.h"
#include "instruments/instruments_store.h"
#include "measurements/measurements_api.h"
#include "patients/patients_api.h"
#include "patients/patients_store.h"
#include "referrals/referrals_api.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_api.h"
#include "safety/safety_api.h"
#include "treatments/treatments_api.h"

namespace concord::app {

Result<DataFiles> load_data_files(const std::filesystem::path& folder) {
  DataFiles data;
  CONCORD_TRY(data.instruments, instruments::load_library(folder / "instruments"));
  const auto file = folder / "rulesets" / "concord-2026.json";
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in)
    return fail(ErrorCode::bad_file, "The rule set cannot be read.",
                {{file.filename().string(), "is missing in the data folder"}});
  CONCORD_TRY(data.rules, caseload::load_rule_set(text.str()));
  caseload::add_instruments(data.rules, data.instruments);
  return data;
}

// One Deps for each slice; a neighbour's function is passed as a function, never as its store.
struct Slices::Wiring {
  patients::Chart chart;
  safety::Deps safety;
  measurements::Deps measurements;
  treatments::Deps treatments;
  episodes::Deps episodes;
  referrals::Deps referrals;
  reviews::Deps reviews;
  contacts::Deps contacts;
  patients::Deps patients;
  caseload::Deps caseload;
};

Slices::Slices(const Clock& clock, IdSource& ids, DataFiles data)
    : clock_(clock), ids_(ids), data_(std::move(data)), wiring_(std::make_unique<Wiring>()) {
  using patients::Asker;
  using patients::PatientId;
  using patients::Place;
  auto& w = *wiring_;

  w.chart.ids = &ids_;
  w.chart.time_zone = [this](OrganizationId organization, SiteId site) { return zones_.of(organization, site); };
  w.chart.site_of = patients::find_site;
  w.chart.user_name = identity::display_name;
  w.chart.refresh_caseload = [this](db::Tx& tx, OrganizationId organization, PatientId patient) {
    caseload::refresh(tx, organization, patient, data_.rules);
  };

  w.safety.chart = &w.chart;
  w.safety.review_within_minutes = data_.rules.numbers.safety_unreviewed_minutes;

  w.measurements.chart = &w.chart;
  w.measurements.library = &data_.instruments;
  w.measurements.permitted = [this](db::Tx& tx, OrganizationId organization, SiteId site, std::string_view instrument) {
    return instruments::is_permitted(tx, organization, site, instrument, local_date(clock_.now(), zones_.of(organization, site)));
  };
  w.measurements.raise_signal = [&w](db::Tx& tx, const Asker& asker, const Place& place,
                                     const measurements::RaisedSignal& raised) {
    safety::raise(w.safety, tx, asker, place, raised.measurement, raised.signal, raised.level, raised.corrects);
  };

  w.treatments.chart = &w.chart;
  w.reviews.chart = &w.chart;

  w.episodes.chart = &w.chart;
  w.episodes.is_instrument = [this](std::string_view id) { return data_.instruments.find(id) != nullptr; };
  w.episodes.set_referral_outcome = [](db::Tx& tx, OrganizationId organization, episodes::ReferralId referral,
                                       std::string_view outcome,
                                       Date on) { referrals::set_outcome(tx, organization, referral, outcome, on); };

  w.referrals.chart = &w.chart;
  w.referrals.patient = patients::find;
  w.referrals.open_episode = [&w](db::Tx& tx, const Asker& asker, PatientId patient, SiteId site, episodes::ReferralId referral,
                                  Date on) { return episodes::open(w.chart, tx, asker, patient, site, referral, on); };
  w.referrals.episode_of = episodes::of_referral;
  w.referrals.close_episode = [&w](db::Tx& tx, const Asker& asker, PatientId patient, episodes::ReferralId referral,
                                   std::string_view reason, std::string_view note, Date on) {
    return episodes::close_of_referral(w.chart, tx, asker, patient, referral, reason, note, on);
  };

  w.contacts.chart = &w.chart;
  w.contacts.read_measurement = measurements::reader(w.measurements);
  w.contacts.read_treatment_change = treatments::reader(w.treatments);
  const auto write_attention = [this](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
    return caseload::write_attention(out, tx, asker.caller, data_.rules, place.patient, place.today, asker.now);
  };
  w.contacts.write_attention = write_attention;

  w.patients.chart = &w.chart;
  w.patients.episode_state = episodes::open_state;
  const auto with_chart = [&w](auto write) {
    return [&w, write](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
      write(w.chart, out, tx, asker, place);
    };
  };
  w.patients.sections = {
      {"episode", with_chart(episodes::write_open)},
      {"episodes", with_chart(episodes::write_all)},
      {"care_team", with_chart(episodes::write_team)},
      {"consents", with_chart(episodes::write_consents)},
      {"measurements", with_chart(measurements::write_all)},
      {"contacts", with_chart(contacts::write_all)},
      {"treatments", treatments::write_all},
      {"reviews", reviews::write_all},
      {"safety_events", with_chart(safety::write_all)},
      {"referrals", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                         const Place& place) { referrals::write_all(w.referrals, out, tx, asker, place); }},
      {"minutes_this_month", contacts::write_minutes},
      {"attention", [write_attention](json::Writer& out, db::Tx& tx, const Asker& asker,
                                      const Place& place) { write_attention(out, tx, asker, place); }},
  };

  w.caseload.rules = &data_.rules;
  w.caseload.chart = &w.chart;
  w.caseload.chart = &w.chart;
}

Slices::~Slices() = default;

std::vector<http::Route> Slices::routes() const {
  const auto& w = *wiring_;
  std::vector<http::Route> all;
  const auto add = [&](std::vector<http::Route> routes) {
    for (auto& route : routes) all.push_back(std::move(route));
  };
  add(caseload::routes(w.caseload));
  add(patients::routes(w.patients));
  add(referrals::routes(w.referrals));
  add(episodes::routes(w.episodes));
  add(measurements::routes(w.measurements));
  add(contacts::routes(w.contacts));
  add(treatments::routes(w.treatments));
  add(reviews::routes(w.reviews));
  add(safety::routes(w.safety));
  add(instruments::routes(data_.instruments));
  add(identity::routes());
  add(audit::routes([&w](db::Tx& tx, const Caller& caller, Instant now, const Uuid& patient) {
    return w.chart.find(tx, caller, now, patients::PatientId(patient)).has_value();
  }));
  // The live stream has no handler: the dispatcher opens it after the same admission as everything else.
  http::Route events;
  events.pattern = "/api/v1/events";
  events.name = "events.stream";
  events.permission = "events.read";
  events.summary = "Server-sent events: which kind of row changed, and its id";
  events.response_schema = R"({"type":"string","description":"text/event-stream; event: change; data: {\"topic\",\"id\"}"})";
  all.push_back(std::move(events));
  return all;
}

void Slices::refresh(db::Tx& tx, OrganizationId organization, std::span<const patients::PatientId> patients) const {
  caseload::refresh_many(tx, organization, patients, data_.rules);
}

}  // namespace concord::app
