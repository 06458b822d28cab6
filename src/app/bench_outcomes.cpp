#include "app/bench_outcomes.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "app/outcomes_wiring.h"
#include "base/random.h"
#include "base/zone.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "measures/checkpoint_store.h"
#include "measures/outcomes.h"
#include "measures/resident.h"
#include "measures/resident_store.h"
#include "patients/patients_store.h"

namespace concord::app {
namespace {

using SteadyClock = std::chrono::steady_clock;
using measures::Stratum;

constexpr const char* kZone = "America/New_York";
constexpr int kScores = 8, kContacts = 2;

double seconds_since(SteadyClock::time_point begin) { return std::chrono::duration<double>(SteadyClock::now() - begin).count(); }

/// What happened in one invented episode; the same for the same number.
struct Course {
  int enrolled = 0;  ///< days before today
  int length = 0;    ///< until it was closed; 0: open
  int site = 0, manager = 0, language = 0, race = 0, ethnicity = 0, sex = 0, payer = 0, born = 0;
  std::array<int, kScores> day{}, total{};
  std::array<int, kContacts> contact{};
};
Course course_of(std::int64_t number) {
  Random random(20260301, static_cast<std::uint64_t>(number));
  const auto upto = [&](int n) { return static_cast<int>(random.integer(0, n)); };
  Course c;
  c.enrolled = 200 + upto(729);
  if (upto(9) < 6) c.length = 180 + upto(120);  // every score lies inside
  c.site = upto(9);
  c.manager = upto(99);
  c.language = upto(5);
  c.race = upto(5);
  c.ethnicity = upto(2);
  c.sex = upto(1);
  c.payer = upto(4);
  c.born = 12 * 365 + upto(70 * 365);
  int day = upto(3), total = 10 + upto(14);
  for (int i = 0; i < kScores; ++i) {
    c.day[static_cast<std::size_t>(i)] = day;
    c.total[static_cast<std::size_t>(i)] = total;
    day += 7 + upto(18);
    total = std::clamp(total + 2 - upto(6), 0, 27);
  }
  for (int i = 0; i < kContacts; ++i) c.contact[static_cast<std::size_t>(i)] = 5 + 56 * i + upto(40);
  return c;
}

constexpr const char* kLanguages[] = {"en", "es", "zh", "ru", "bn", "ht"};
constexpr const char* kRaces[] = {"white", "black", "asian", "native", "pacific", "other"};
constexpr const char* kEthnicities[] = {"hispanic", "not_hispanic", "declined"};
constexpr const char* kPayers[] = {"medicaid_managed_care", "medicare", "commercial", "medicaid_ffs", "self_pay"};

std::shared_ptr<const measures::Resident> synthesize(const std::shared_ptr<const measures::OutcomeRules>& rules,
                                                     std::int64_t episodes, Date today) {
  measures::ResidentBuilder builder(rules);
  std::vector<std::uint16_t> sites, managers, languages, races, ethnicities, sexes, payers;
  const auto codes = [&](Stratum stratum, const auto& values, std::vector<std::uint16_t>& into) {
    for (const auto& value : values) into.push_back(builder.book(stratum).code(value));
  };
  std::vector<std::string> site_names, manager_names;
  for (int i = 0; i < 10; ++i) site_names.push_back("site-" + std::to_string(i));
  for (int i = 0; i < 100; ++i) manager_names.push_back("manager-" + std::to_string(i));
  codes(Stratum::site, site_names, sites);
  codes(Stratum::care_manager, manager_names, managers);
  codes(Stratum::language, kLanguages, languages);
  codes(Stratum::race, kRaces, races);
  codes(Stratum::ethnicity, kEthnicities, ethnicities);
  codes(Stratum::sex, std::initializer_list<const char*>{"female", "male"}, sexes);
  codes(Stratum::payer, kPayers, payers);
  const std::uint16_t phq9 = builder.instrument("phq-9").value_or(0);
  const auto n = static_cast<std::size_t>(episodes);
  builder.reserve(n, n, n * kScores);
  measures::RawPatient p;
  for (std::int64_t i = 0; i < episodes; ++i) {
    const Course c = course_of(i);
    const auto pick = [](const std::vector<std::uint16_t>& from, int which) { return from[static_cast<std::size_t>(which)]; };
    p.clear();
    for (std::size_t b = 0; b < 8; ++b) p.id.bytes[b] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(i) >> (56 - 8 * b));
    p.site = pick(sites, c.site);
    p.language = pick(languages, c.language);
    p.race = pick(races, c.race);
    p.ethnicity = pick(ethnicities, c.ethnicity);
    p.sex = pick(sexes, c.sex);
    p.born = today.plus_days(-c.born);
    p.coverage.push_back({today.plus_days(-1500), std::nullopt, pick(payers, c.payer), false});
    const Date begin = today.plus_days(-c.enrolled);
    auto& e = p.episodes.emplace_back();
    e.id = p.id;
    e.site = p.site;
    e.care_manager = pick(managers, c.manager);
    e.instrument = phq9;
    e.referred = begin.plus_days(-7);
    e.assessed = e.enrolled = begin;
    if (c.length && c.length < c.enrolled) e.closed = begin.plus_days(c.length);
    for (std::size_t k = 0; k < kScores; ++k)
      p.scores.push_back({begin.plus_days(c.day[k]), phq9, 0, static_cast<double>(c.total[k])});
    for (const int day : c.contact) p.contacts.push_back(begin.plus_days(day));
    builder.add(p);
  }
  return builder.finish(OrganizationId(), 1);
}

template <class Work>
double median_ms(int times, const Work& work) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    const auto begin = SteadyClock::now();
    work();
    taken.push_back(seconds_since(begin) * 1000);
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

constexpr Stratum kPageStrata[] = {Stratum::language, Stratum::interpreter, Stratum::race, Stratum::ethnicity,
                                   Stratum::sex,      Stratum::age_band,    Stratum::payer};

void evaluate_columns(const measures::Resident& columns, const measures::Resident& tenth, Date today, OutcomeFigures& out) {
  // Everybody is in it, and the scores of the last half year are not known yet.
  const measures::Question past{today.plus_days(-1500), today.plus_days(-180), {}};
  const measures::Question year{today.plus_days(-364), today, {}};
  const auto windows = measures::monthly_windows(today, 24);
  std::int64_t kept = 0;  // so that nothing is optimized away
  const auto keep = [&](const measures::Totals& t) { kept += t[measures::Figure::enrolled].numerator; };
  keep(measures::outcome_report(columns, past, true));  // warm
  out.report_ms = median_ms(11, [&] { keep(measures::outcome_report(columns, past, false)); });
  out.report_slopes_ms = median_ms(11, [&] { keep(measures::outcome_report(columns, past, true)); });
  out.all_ms = median_ms(3, [&] { keep(measures::evaluate(columns, year)); });
  out.series_ms = median_ms(1, [&] { keep(measures::series(columns, {}, windows).back()); });
  const auto strata = [&](const measures::Resident& r) {
    for (const Stratum s : kPageStrata) keep(measures::evaluate_by(r, year, s).front().totals);
  };
  out.strata_ms = median_ms(1, [&] { strata(columns); });
  out.page_ms = median_ms(5, [&] {
    keep(measures::evaluate(tenth, year));
    keep(measures::series(tenth, {}, windows).back());
  });
  if (kept == 0) out.report_ms = 0;
  out.bytes = static_cast<double>(columns.bytes());
}

constexpr db::Sql kFindOrganization{"bench.find_organization", "SELECT organization_id FROM organization WHERE name = $1"};
constexpr db::Sql kCountEpisodes{"bench.count_episodes", "SELECT COUNT(*) FROM episode WHERE organization_id = $1"};

Result<OrganizationId> fill(CommandLine& line, db::Database& database, std::int64_t episodes, double& seconds) {
  const std::string name = "Bench Outcomes " + std::to_string(episodes);
  const auto known = database.read([&](db::Tx& tx) {
    return tx.one(kFindOrganization, {name}, [](const db::Row& row) { return OrganizationId(row.uuid(0)); });
  });
  if (known && database.read([&](db::Tx& tx) {
        return *tx.one(kCountEpisodes, {*known}, [](const db::Row& row) { return row.integer(0); });
      }) == episodes)
    return *known;
  if (known) return fail(ErrorCode::bad_config, "The database of the last benchmark is not complete: remove it.");
  const auto begin = SteadyClock::now();
  const OrganizationId organization(line.ids.next());
  const Instant now = line.clock.now();
  const Date today = local_date(now, kZone);
  std::vector<SiteId> sites;
  std::vector<UserId> managers;
  for (int i = 0; i < 10; ++i) sites.emplace_back(line.ids.next());
  for (int i = 0; i < 100; ++i) managers.emplace_back(line.ids.next());
  constexpr std::int64_t kBatch = 10000;
  for (std::int64_t done = 0; done < episodes; done += kBatch) {
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      if (done == 0) {
        identity::insert_organization(tx, {organization, name}, now);
        for (std::size_t i = 0; i < sites.size(); ++i) {
          identity::Site site;
          site.id = sites[i];
          site.name = "Bench Clinic " + std::to_string(i);
          site.time_zone = kZone;
          identity::insert_site(tx, organization, site, now);
        }
      }
      std::vector<patients::Patient> people;
      std::vector<patients::Coverage> coverage;
      std::vector<episodes::Episode> courses;
      std::vector<measurements::Measurement> scores;
      std::vector<contacts::Contact> contacts;
      for (std::int64_t i = done; i < std::min(episodes, done + kBatch); ++i) {
        const Course c = course_of(i);
        const Date enrolled = today.plus_days(-c.enrolled);
        patients::Patient& p = people.emplace_back();
        p.id = patients::PatientId(line.ids.next());
        p.site = sites[static_cast<std::size_t>(c.site)];
        p.given_name = "Bench";
        p.family_name = "Patient " + std::to_string(i);
        p.birth_date = today.plus_days(-c.born);
        p.sex = c.sex ? "male" : "female";
        p.language = kLanguages[c.language];
        p.race = kRaces[c.race];
        p.ethnicity = kEthnicities[c.ethnicity];
        patients::Coverage& paid = coverage.emplace_back();
        paid.id = patients::CoverageId(line.ids.next());
        paid.patient = p.id;
        paid.payer_category = kPayers[c.payer];
        paid.start_date = today.plus_days(-1500);
        episodes::Episode& e = courses.emplace_back();
        e.id = episodes::EpisodeId(line.ids.next());
        e.patient = p.id;
        e.site = p.site;
        e.state = episodes::State::active;
        e.primary_condition = "depression";
        e.primary_instrument = "phq-9";
        e.pathway = "adult-depression";
        e.care_manager = managers[static_cast<std::size_t>(c.manager)];
        e.referred_date = enrolled.plus_days(-7);
        e.assessed_date = e.enrolled_date = enrolled;
        if (c.length && c.length < c.enrolled) {
          e.state = episodes::State::closed;
          e.closed_date = enrolled.plus_days(c.length);
          e.close_reason = "target_met";
        }
        for (std::size_t k = 0; k < kScores; ++k) {
          measurements::Measurement& m = scores.emplace_back();
          m.id = measurements::MeasurementId(line.ids.next());
          m.patient = p.id;
          m.instrument = "phq-9";
          m.instrument_version = "1";
          m.administered_date = enrolled.plus_days(c.day[k]);
          m.administered_at = Instant(m.administered_date.sys()) + std::chrono::hours(15);
          m.total = c.total[k];
          m.severity = "moderate";
          // As long as a real one's answers.
          for (int q = 1; q <= 9; ++q) m.answers.push_back({"q" + std::to_string(q), static_cast<double>((c.total[k] + q) % 4)});
          m.source = "simulation";
          m.entered_at = m.administered_at;
        }
        for (const int day : c.contact) {
          contacts::Contact& contact = contacts.emplace_back();
          contact.id = contacts::ContactId(line.ids.next());
          contact.patient = p.id;
          contact.date = enrolled.plus_days(day);
          contact.staff_role = "care_manager";
          contact.modality = "phone";
          contact.minutes = 20;
          contact.entered_at = now;
        }
      }
      patients::insert_all(tx, organization, people, now);
      patients::insert_all(tx, organization, coverage, now);
      episodes::insert_all(tx, organization, courses, now);
      measurements::insert_all(tx, organization, scores, now);
      contacts::insert_all(tx, organization, contacts, now);
      return {};
    }));
  }
  // What the server does by itself within minutes; without it the first scan would write every page back.
  if (database.dialect() == db::Dialect::postgres)
    database.migrate_with([](const auto& execute, db::Tx&) { execute("VACUUM ANALYZE"); });
  seconds = seconds_since(begin);
  return organization;
}

}  // namespace

Result<OutcomeFigures> bench_outcomes(CommandLine& line, const Config& config, std::int64_t episodes) {
  OutcomeFigures out;
  CONCORD_TRY(const auto data, load_data_files(config.data_folder));
  const Date today = local_date(line.clock.now(), kZone);
  {
    const auto columns = synthesize(data.outcomes, episodes, today);
    const auto tenth = synthesize(data.outcomes, std::max<std::int64_t>(1, episodes / 10), today);
    evaluate_columns(*columns, *tenth, today, out);
  }
  CommandLine with_url(line.clock);
  with_url.database_url = config.database_url;
  CONCORD_TRY(const auto database, with_url.open_database(config));
  CONCORD_TRY(const auto organization, fill(line, *database, episodes, out.fill_seconds));
  const auto begin = SteadyClock::now();
  const auto items = survey_items(data.surveys);
  const auto loaded = measures::load_resident(*database, organization, data.outcomes, items, 1, 2);
  out.load_seconds = seconds_since(begin);
  out.rows = static_cast<std::int64_t>(loaded->patients() + loaded->episodes() + loaded->scores()) + episodes * (1 + kContacts);
  if (static_cast<std::int64_t>(loaded->episodes()) != episodes ||
      static_cast<std::int64_t>(loaded->scores()) != episodes * kScores)
    return fail(ErrorCode::internal, "The columns do not hold what was stored.");
  const auto kept = SteadyClock::now();
  const auto heads = database->read([&](db::Tx& tx) { return measures::audit_heads(tx, organization); });
  CONCORD_TRY_VOID(measures::keep_checkpoint(*database, *loaded, heads, measures::checkpoint_terms(*data.outcomes, items)));
  out.keep_seconds = seconds_since(kept);
  const auto started = SteadyClock::now();
  const auto resumed = database->read([&](db::Tx& tx) { return measures::resume(tx, organization, data.outcomes, items, 1); });
  out.resume_seconds = seconds_since(started);
  if (!resumed || resumed->columns->bytes() != loaded->bytes())
    return fail(ErrorCode::internal, "The columns that were kept are not those that were loaded.");
  return out;
}

}  // namespace concord::app
