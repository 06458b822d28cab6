// A report of a month, a quarter or a year from the facts as they were known then. The facts are written as the slices and the
// importer write them; instants are given, so a year of a clinic passes in a moment.
#include "measures/as_of.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "base/zone.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "exchange/import_store.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/measures_store.h"
#include "measures/published_store.h"
#include "patients/conditions_store.h"
#include "patients/patients_store.h"
#include "reviews/reviews_store.h"
#include "support/databases.h"
#include "treatments/treatments_store.h"

namespace concord {
namespace {

using measures::ReportMonth;
using patients::PatientId;

constexpr ReportMonth kMonth{Date::ymd(2026, 3, 1)};
constexpr std::string_view kZone = "America/New_York";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const instruments::Library& library() {
  static const auto loaded =
      std::move(instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments").value());
  return loaded;
}
std::string rule_set(const std::string& name) {
  return read_text(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets" / (name + ".json"));
}
const measures::NysRules& rules() {
  static const auto loaded = std::move(measures::load_nys_rules(rule_set("nys-omh-2025"), library()).value());
  return loaded;
}
const measures::AimsRules& aims_rules() {
  static const auto loaded = std::move(measures::load_aims_rules(rule_set("aims-2026")).value());
  return loaded;
}
const measures::HedisRules& hedis_rules() {
  static const auto loaded = std::move(measures::load_hedis_rules(rule_set("hedis-my2026")).value());
  return loaded;
}

Instant at(int month, unsigned day, int hour = 12) {
  return Instant(Date::ymd(2026, static_cast<unsigned>(month), day).sys()) + std::chrono::hours(hour);
}

/// An organization with one site, and everything that can become known about its patients, at instants of the test's choice.
class Clinic {
 public:
  Clinic(db::Tx& tx, std::uint64_t number, Instant now) : tx_(tx), now_(now), number_(number) {
    organization = OrganizationId(next());
    site = SiteId(next());
    manager_ = UserId(next());
    identity::insert_organization(tx_, {organization, "Clinic " + std::to_string(number)}, now_);
    identity::insert_site(tx_, organization, {site, "Main", std::string(kZone), {}, {}}, now_);
  }

  OrganizationId organization;
  SiteId site;
  void set_time(Instant now) { now_ = now; }
  Instant now() const { return now_; }

  PatientId add_patient(std::optional<Date> born = Date::ymd(1980, 1, 1)) {
    patients::Patient p;
    p.id = PatientId(next());
    p.site = site;
    p.given_name = "Given";
    p.family_name = "Family";
    p.birth_date = born;
    patients::insert(tx_, organization, p, now_);
    return p.id;
  }
  void set_birth_date(PatientId patient, std::optional<Date> born) {
    const auto before = patients::find(tx_, organization, patient);
    auto after = *before;
    after.birth_date = born;
    EXPECT_TRUE(patients::update(tx_, organization, *before, after, now_));
  }
  patients::Coverage add_coverage(PatientId patient, Date start, std::optional<Date> end = {},
                                  std::string payer = "medicaid_ffs") {
    patients::Coverage c;
    c.id = patients::CoverageId(next());
    c.patient = patient;
    c.payer_category = std::move(payer);
    c.start_date = start;
    c.end_date = end;
    patients::insert(tx_, organization, c, now_);
    return c;
  }
  void change(const patients::Coverage& coverage) { EXPECT_TRUE(patients::update(tx_, organization, coverage, now_)); }
  episodes::Episode enroll(PatientId patient, Date on, std::string scale = "phq-9") {
    episodes::Episode e;
    e.id = episodes::EpisodeId(next());
    e.patient = patient;
    e.site = site;
    e.state = episodes::State::active;
    e.referred_date = on;
    e.enrolled_date = on;
    e.primary_condition = "depression";
    e.primary_instrument = std::move(scale);
    e.care_manager = manager_;
    EXPECT_TRUE(episodes::insert(tx_, organization, e, now_));
    return e;
  }
  void change(const episodes::Episode& episode) { EXPECT_TRUE(episodes::update(tx_, organization, episode, now_)); }
  void discharge(PatientId patient, Date on) {
    auto e = episodes::find_open(tx_, organization, patient).value();
    e.state = episodes::State::closed;
    e.closed_date = on;
    e.close_reason = "moved";
    change(e);
  }
  contacts::Contact add_contact(PatientId patient, Date on, std::string modality = "phone") {
    contacts::Contact c;
    c.id = contacts::ContactId(next());
    c.patient = patient;
    c.date = on;
    c.staff_role = "care_manager";
    c.modality = std::move(modality);
    c.entered_at = now_;
    contacts::insert(tx_, organization, c);
    return c;
  }
  void change(const contacts::Contact& before, std::string modality) {
    const auto stored = contacts::find(tx_, organization, before.patient, before.id).value();
    auto after = stored;
    after.modality = std::move(modality);
    EXPECT_TRUE(contacts::update(tx_, organization, stored, after, contacts::ContactId(next()), now_));
  }
  void withdraw(const contacts::Contact& c) { contacts::withdraw(tx_, organization, c.patient, c.id, now_); }
  measurements::Measurement add_score(PatientId patient, Date on, double total, std::string instrument = "phq-9",
                                      const measurements::Measurement* corrects = nullptr) {
    measurements::Measurement m;
    m.id = measurements::MeasurementId(next());
    m.patient = patient;
    m.instrument = std::move(instrument);
    m.instrument_version = "1";
    m.administered_date = on;
    m.administered_at = Instant(on.sys()) + std::chrono::hours(17);
    m.total = total;
    m.entered_at = now_;
    if (corrects) {
      m.replaces = corrects->id;
      EXPECT_TRUE(measurements::set_replaced(tx_, organization, *corrects, m.id));
    }
    measurements::insert(tx_, organization, m);
    return m;
  }
  void set_death(PatientId patient, std::optional<Date> died) {
    const auto before = patients::find(tx_, organization, patient);
    auto after = *before;
    after.deceased_date = died;
    EXPECT_TRUE(patients::update(tx_, organization, *before, after, now_));
  }
  patients::Condition add_condition(PatientId patient, Date recorded, std::string code) {
    patients::Condition c;
    c.id = patients::ConditionId(next());
    c.patient = patient;
    c.text = code;
    c.code = std::move(code);
    c.code_system = "http://hl7.org/fhir/sid/icd-10-cm";
    c.recorded_date = recorded;
    patients::insert(tx_, organization, c, now_);
    return c;
  }
  treatments::Treatment start(PatientId patient, Date on) {
    treatments::Treatment t;
    t.id = treatments::TreatmentId(next());
    t.patient = patient;
    t.name = "sertraline";
    t.dose = "50 mg";
    t.start_date = on;
    treatments::insert(tx_, organization, t, now_);
    return t;
  }
  void change_dose(const treatments::Treatment& t, Date on) {
    const auto before = treatments::find(tx_, organization, t.patient, t.id).value();
    EXPECT_TRUE(treatments::change_dose(tx_, organization, before, {next(), on, before.dose, "100 mg", ""}, now_));
  }
  void stop(const treatments::Treatment& t, Date on) {
    const auto before = treatments::find(tx_, organization, t.patient, t.id).value();
    EXPECT_TRUE(treatments::stop(tx_, organization, before, on, "finished", now_));
  }
  reviews::Recommendation advice(PatientId patient, reviews::ReviewId review, int position, std::string kind) {
    reviews::Recommendation r;
    r.id = reviews::RecommendationId(next());
    r.patient = patient;
    r.review = review;
    r.position = position;
    r.kind = std::move(kind);
    r.state = reviews::State::sent;
    r.created_at = now_;
    return r;
  }
  void add(const reviews::Recommendation& r) { reviews::insert(tx_, organization, r, now_); }
  /// Reads the row, lets `edit` change it, stores it.
  template <class Edit>
  void change(const reviews::Recommendation& r, const Edit& edit) {
    auto row = reviews::find(tx_, organization, r.patient, r.id);
    if (!row) return;  // an import took it away
    edit(*row);
    EXPECT_TRUE(reviews::update(tx_, organization, *row, now_));
  }
  reviews::ReviewId add_review(PatientId patient, Date on, bool documented = true, const std::string& kind = "") {
    reviews::Review r;
    r.id = reviews::ReviewId(next());
    r.patient = patient;
    r.date = on;
    r.reviewer_name = "Consultant";
    r.recommendation_documented = documented;
    r.signed_at = now_;
    if (!kind.empty()) r.recommendations.push_back(advice(patient, r.id, 1, kind));
    reviews::insert(tx_, organization, r);
    return r.id;
  }
  /// What an import of these rows makes of them; keys are the test's.
  void import(const exchange::Rows& rows) {
    exchange::ImportTarget target;
    target.organization = organization;
    target.default_site = site;
    target.zone = kZone;
    target.now = now_;
    target.source = "csv";
    const auto stored = exchange::store_rows(tx_, target, rows, {}, true);
    ASSERT_TRUE(stored) << stored.error().text << (stored.error().issues.empty() ? "" : stored.error().issues.front().text);
  }
  Uuid id_of(std::string_view kind, std::string_view key) const { return exchange::row_id(organization, "csv", kind, key); }

  measures::NysReport report(std::optional<Instant> as_of = {}, ReportMonth month = kMonth) {
    return measures::nys_report(facts(as_of), rules(), month);
  }
  measures::AimsReport aims(std::optional<Instant> as_of = {}) {
    return measures::aims_report(facts(as_of), aims_rules(),
                                 measures::ReportPeriod::quarter("2026-Q1")->known_on(day_of(as_of)).value());
  }
  measures::HedisReport hedis(std::optional<Instant> as_of = {}) {
    return measures::hedis_report(facts(as_of), hedis_rules(),
                                  measures::ReportPeriod::year("2026")->known_on(day_of(as_of)).value());
  }
  /// All three reports, each with every line.
  std::string everything(std::optional<Instant> as_of = {}) {
    const auto clinic = facts(as_of);
    const auto known = [&](const measures::ReportPeriod& period) { return period.known_on(day_of(as_of)).value(); };
    const auto quarter = known(*measures::ReportPeriod::quarter("2026-Q1"));
    const auto year = known(*measures::ReportPeriod::year("2026"));
    return measures::nys_json(measures::nys_report(clinic, rules(), kMonth)) +
           measures::aims_json(measures::aims_report(clinic, aims_rules(), quarter), aims_rules()) +
           measures::hedis_json(measures::hedis_report(clinic, hedis_rules(), year), hedis_rules());
  }

  /// Ids that grow, so that a later row comes after an earlier one.
  Uuid next() {
    Uuid id;
    for (int i = 0; i < 4; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number_ >> (24 - 8 * i));
    ++count_;
    for (int i = 0; i < 4; ++i) id.bytes[static_cast<std::size_t>(12 + i)] = static_cast<std::uint8_t>(count_ >> (24 - 8 * i));
    return id;
  }

 private:
  measures::Clinic facts(std::optional<Instant> as_of) {
    const auto name = [](std::string_view, const Uuid& id) { return id.text(); };
    return as_of ? measures::load_clinic_as_of(tx_, organization, rules(), name, *as_of)
                 : measures::load_clinic(tx_, organization, rules(), name);
  }
  Date day_of(std::optional<Instant> as_of) const { return local_date(as_of.value_or(now_), kZone); }

  db::Tx& tx_;
  Instant now_;
  UserId manager_;
  std::uint64_t number_, count_ = 0;
};

template <class T>
exchange::Sourced<T> sourced(T row, std::string key) {
  const auto digest = exchange::digest_of(row);
  return {std::move(row), std::move(key), digest, {}};
}

exchange::Rows fte(SiteId site, double value) {
  exchange::Rows rows;
  rows.site_months.push_back(sourced(exchange::SiteMonth{site, kMonth.first, value}, "main 2026-03"));
  return rows;
}

class AsOf : public testing::DatabaseTest {
 protected:
  template <class Body>
  void in_one_unit(const Body& body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    });
    EXPECT_TRUE(done) << done.error().text;
  }
};
CONCORD_ON_BOTH_DATABASES(AsOf);

TEST_P(AsOf, APublishedMonthStaysAndWhatComesLaterIsARestatementThatNamesExactlyWhoMoved) {
  in_one_unit([](db::Tx& tx) {
    Clinic clinic(tx, 1, at(1, 5));
    const auto enrolled = [&](bool medicaid = true) {
      const auto who = clinic.add_patient();
      if (medicaid) clinic.add_coverage(who, Date::ymd(2025, 1, 1));
      clinic.enroll(who, Date::ymd(2026, 1, 5));
      clinic.add_score(who, Date::ymd(2026, 1, 5), 18);
      return who;
    };
    const auto corrected = enrolled(), late = enrolled(), left = enrolled(), uninsured = enrolled(false), texted = enrolled(),
               unchanged = enrolled();
    clinic.set_time(at(2, 10));
    clinic.add_contact(texted, Date::ymd(2026, 2, 10));
    clinic.set_time(at(3, 10));
    for (const auto who : {corrected, late, left, uninsured, unchanged}) clinic.add_contact(who, Date::ymd(2026, 3, 3));
    const auto phoned = clinic.add_contact(texted, Date::ymd(2026, 3, 3));
    const auto wrong = clinic.add_score(corrected, Date::ymd(2026, 3, 10), 8);
    for (const auto who : {left, uninsured, texted, unchanged}) clinic.add_score(who, Date::ymd(2026, 3, 10), 8);
    const auto child = clinic.add_patient(Date::ymd(2010, 5, 1));
    clinic.add_score(child, Date::ymd(2026, 3, 12), 1, "phq-2");
    auto rows = fte(clinic.site, 1.0);
    rows.visits.push_back(sourced(
        exchange::PracticeVisit{clinic.id_of("visit", "v1"), child, Date::ymd(2026, 3, 12), "pcp", "99214", "in_person"}, "v1"));
    clinic.import(rows);

    // Too early, then the first time.
    const auto publish = [&](Instant as_of, std::string reason) {
      measures::Publish asked;
      asked.as_of = as_of;
      asked.now = clinic.now();
      asked.role = "program_manager";
      asked.reason = std::move(reason);
      return measures::publish(tx, clinic.organization, measures::snapshot_of(clinic.report(as_of)), asked, kZone);
    };
    clinic.set_time(at(3, 31));
    EXPECT_EQ(publish(clinic.now(), "").error().issues.front().path, "month") << "the month is not over";
    const Instant then = at(4, 5);
    clinic.set_time(then);
    EXPECT_EQ(publish(at(3, 20), "").error().issues.front().path, "as_of") << "the month was not over then";
    const auto at_the_time = measures::nys_json(clinic.report());
    const auto first = publish(then, "");
    ASSERT_TRUE(first) << first.error().text;
    EXPECT_EQ(first->number, 1);
    const auto find = [&](std::int64_t number) {
      return measures::find_snapshot(tx, clinic.organization, "nys-omh-2025", kMonth, number).value();
    };
    EXPECT_EQ(measures::snapshot_json(find(1)), at_the_time) << "what is stored is the report, to the byte";
    EXPECT_EQ(measures::digest_of(find(1)), first->digest);
    EXPECT_TRUE(measures::compare(find(1), measures::snapshot_of(clinic.report())).empty());
    EXPECT_EQ(publish(then, "again").error().code, ErrorCode::conflict) << "nothing to restate";

    // What becomes known later.
    clinic.set_time(at(4, 20));
    clinic.add_score(late, Date::ymd(2026, 3, 20), 4);
    clinic.add_score(corrected, Date::ymd(2026, 3, 10), 17, "phq-9", &wrong);
    clinic.set_time(at(4, 21));
    clinic.discharge(left, Date::ymd(2026, 2, 20));
    clinic.set_time(at(4, 22));
    clinic.add_coverage(uninsured, Date::ymd(2026, 1, 1));
    clinic.import(fte(clinic.site, 1.5));
    clinic.set_time(at(4, 23));
    clinic.change(phoned, "letter");
    clinic.set_birth_date(child, Date::ymd(2015, 5, 1));

    EXPECT_EQ(measures::nys_json(clinic.report(then)), at_the_time) << "as it was known then, to the byte";
    EXPECT_EQ(measures::nys_json(clinic.report(at(4, 23))), measures::nys_json(clinic.report()));
    EXPECT_EQ(measures::snapshot_json(find(1)), at_the_time) << "a published month is never changed";
    const auto restated = measures::compare(find(1), measures::snapshot_of(clinic.report()));
    const std::map<std::string, std::string> who = {
        {corrected.text(), "corrected"}, {late.text(), "late"},           {left.text(), "left"},  {uninsured.text(), "uninsured"},
        {texted.text(), "texted"},       {unchanged.text(), "unchanged"}, {child.text(), "child"}};
    std::vector<std::string> moved;
    for (const auto& m : restated.moved)
      moved.push_back(who.at(m.patient) + " " + std::to_string(m.metric) + " " + m.from.in + " " + m.from.why + " -> " + m.to.in +
                      " " + m.to.why);
    std::sort(moved.begin(), moved.end());
    EXPECT_EQ(moved, (std::vector<std::string>{
                         "child 9 numerator screened -> out not_in_the_report",
                         "corrected 6 numerator improved -> denominator not_improved",
                         "corrected 8 out improved -> denominator not_reviewed",
                         "late 5 denominator no_score_in_month -> numerator contact_and_score",
                         "late 6 denominator no_later_score -> numerator improved",
                         "late 7 denominator no_score_in_month -> numerator in_remission",
                         "late 8 denominator not_reviewed -> out improved",
                         "left 1 numerator enrolled -> out not_enrolled_this_month",
                         "left 2 numerator medicaid -> out not_enrolled_this_month",
                         "left 5 numerator contact_and_score -> out not_enrolled_this_month",
                         "left 6 numerator improved -> out not_enrolled_this_month",
                         "left 7 denominator not_in_remission -> out not_enrolled_this_month",
                         "texted 5 numerator contact_and_score -> denominator no_contact_in_month",
                         "uninsured 2 out not_medicaid -> numerator medicaid",
                         "uninsured 5 out not_medicaid -> numerator contact_and_score",
                         "uninsured 6 out not_medicaid -> numerator improved",
                         "uninsured 7 out not_medicaid -> denominator not_in_remission",
                     }));
    EXPECT_EQ(restated.other_changes, 0);
    std::vector<int> figures;
    for (const auto& f : restated.figures) figures.push_back(f.metric);
    EXPECT_EQ(figures, (std::vector{1, 7, 9, 11})) << "the others lost as many as they won";
    EXPECT_EQ(restated.figures.back().published, R"({"fte":1})");
    EXPECT_EQ(restated.figures.back().now, R"({"fte":1.5})");

    // A restatement is a publication of its own, with its reason, and keeps the first.
    EXPECT_EQ(publish(clinic.now(), "").error().issues.front().path, "reason");
    EXPECT_EQ(publish(at(4, 4), "late").error().code, ErrorCode::conflict) << "that is what was published";
    const auto second = publish(clinic.now(), "scores that came late");
    ASSERT_TRUE(second) << second.error().text;
    EXPECT_EQ(second->number, 2);
    EXPECT_EQ(measures::snapshot_json(find(1)), at_the_time);
    EXPECT_EQ(measures::snapshot_json(find(2)), measures::nys_json(clinic.report()));
    clinic.set_time(at(4, 24));
    clinic.add_score(unchanged, Date::ymd(2026, 3, 30), 3);
    EXPECT_EQ(publish(at(4, 22), "older").error().issues.front().path, "as_of") << "a restatement knows more";
    const auto all = measures::list_publications(tx, clinic.organization, "nys-omh-2025");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all.front().number, 2);
    EXPECT_EQ(all.front().reason, "scores that came late");
  });
}

TEST_P(AsOf, AnImportOfTodayAboutLastYearWasNotKnownLastYear) {
  in_one_unit([](db::Tx& tx) {
    Clinic clinic(tx, 1, at(1, 5));
    const auto who = clinic.add_patient();
    clinic.add_coverage(who, Date::ymd(2025, 1, 1));
    clinic.enroll(who, Date::ymd(2026, 1, 5));
    clinic.set_time(at(5, 2));
    exchange::Rows rows;
    contacts::Contact c;
    c.id = contacts::ContactId(clinic.id_of("contact", "c1"));
    c.patient = who;
    c.date = Date::ymd(2026, 3, 3);
    c.staff_role = "care_manager";
    c.modality = "phone";
    c.source = "csv";
    c.entered_at = at(3, 3);  // as the reader of the folder says
    rows.contacts.push_back(sourced(c, "c1"));
    measurements::Measurement m;
    m.id = measurements::MeasurementId(clinic.id_of("measurement", "m1"));
    m.patient = who;
    m.instrument = "phq-9";
    m.instrument_version = "1";
    m.administered_date = Date::ymd(2026, 3, 3);
    m.administered_at = m.entered_at = at(3, 3);
    m.total = 12;
    m.source = "csv";
    rows.measurements.push_back({m, {{"m1", exchange::digest_of(m)}}, {}});
    clinic.import(rows);
    EXPECT_EQ(clinic.report(at(4, 5)).contact.numerator, 0);
    EXPECT_EQ(clinic.report(at(5, 2)).contact.numerator, 1);
    // Sent again with another modality: a message after all. What was known before stays readable.
    clinic.set_time(at(5, 9));
    rows.contacts.front().row.modality = "sms";
    rows.contacts.front().digest = exchange::digest_of(rows.contacts.front().row);
    clinic.import(rows);
    EXPECT_EQ(clinic.report().contact.numerator, 0);
    EXPECT_EQ(clinic.report(at(5, 8)).contact.numerator, 1);
    EXPECT_EQ(clinic.report(at(5, 1)).contact.numerator, 0);
  });
}

TEST_P(AsOf, AnAnswerThatCameLaterDoesNotReachBackIntoTheQuarterAsItWasKnown) {
  in_one_unit([](db::Tx& tx) {
    Clinic clinic(tx, 1, at(1, 5));
    const auto who = clinic.add_patient();
    clinic.enroll(who, Date::ymd(2026, 1, 5));
    clinic.add_score(who, Date::ymd(2026, 1, 5), 18);
    const auto drug = clinic.start(who, Date::ymd(2026, 1, 5));
    clinic.set_time(at(3, 10));
    const auto review = clinic.add_review(who, Date::ymd(2026, 3, 10), true);
    const auto advice = clinic.advice(who, review, 1, "increase");
    clinic.add(advice);
    const auto reason = [&](measures::AimsFigure figure, std::optional<Instant> as_of = {}) {
      return std::string(clinic.aims(as_of).lines.at(0).share(figure).reason);
    };
    using F = measures::AimsFigure;
    clinic.set_time(at(4, 5));
    const auto then = measures::aims_json(clinic.aims(), aims_rules());
    EXPECT_EQ(reason(F::change_after_review), "not_changed_in_time");
    // Entered late: the dose was raised in time, the advice is done; and the drug of January was stopped in February.
    clinic.set_time(at(4, 9));
    clinic.change_dose(drug, Date::ymd(2026, 3, 12));
    EXPECT_EQ(reason(F::change_after_review), "changed_in_time");
    EXPECT_EQ(reason(F::change_after_review, at(4, 5)), "not_changed_in_time");
    clinic.set_time(at(4, 10));
    clinic.change(advice, [](auto& r) { r.state = reviews::State::withdrawn; });
    EXPECT_EQ(reason(F::change_after_review), "no_review_asks_for_a_change");
    EXPECT_EQ(reason(F::change_after_review, at(4, 9)), "changed_in_time");
    clinic.set_time(at(4, 11));
    clinic.stop(drug, Date::ymd(2026, 2, 1));
    EXPECT_EQ(measures::aims_json(clinic.aims(at(4, 5)), aims_rules()), then) << "to the byte";
    EXPECT_EQ(measures::aims_json(clinic.aims(at(4, 11)), aims_rules()), measures::aims_json(clinic.aims(), aims_rules()));
  });
}

TEST_P(AsOf, ADiagnosisOrADeathThatBecameKnownLaterLeavesNobodyOutBefore) {
  in_one_unit([](db::Tx& tx) {
    Clinic clinic(tx, 1, at(1, 5));
    const auto who = clinic.add_patient();
    exchange::Rows rows;
    rows.visits.push_back(sourced(
        exchange::PracticeVisit{clinic.id_of("visit", "v1"), who, Date::ymd(2026, 1, 4), "pcp", "99214", "in_person"}, "v1"));
    clinic.import(rows);
    const auto why = [&](std::optional<Instant> as_of = {}) {
      return std::string(clinic.hedis(as_of).lines.at(0).standing(measures::HedisFigure::dsf_screening).reason);
    };
    clinic.set_time(at(3, 1));
    clinic.add_condition(who, Date::ymd(2025, 2, 1), "F31.9");
    EXPECT_EQ(why(), "excluded_bipolar");
    clinic.set_time(at(3, 5));
    clinic.set_death(who, Date::ymd(2026, 2, 20));
    EXPECT_EQ(why(), "excluded_died");
    clinic.set_time(at(3, 8));
    clinic.set_death(who, std::nullopt);
    EXPECT_EQ(why(), "excluded_bipolar");
    EXPECT_EQ(why(at(3, 5)), "excluded_died");
    EXPECT_EQ(why(at(3, 1)), "excluded_bipolar");
    EXPECT_EQ(why(at(2, 28)), "not_screened");
  });
}

/// A year of a clinic in steps of chance; remembers what the reports said at many instants.
class History {
 public:
  History(db::Tx& tx, std::uint64_t seed) : random_(seed), clinic_(tx, seed + 1, at(1, 2)) {}

  void run() {
    for (int step = 0; step < 50; ++step) {
      act();
      if (random_.chance(0.7)) {  // else several things in the same instant
        if (random_.chance(0.25)) remember();
        clinic_.set_time(clinic_.now() + std::chrono::hours(random_.integer(1, 150)));
      }
    }
    remember();
    for (const auto& [when, json] : remembered_)
      ASSERT_EQ(clinic_.everything(when), json) << "as of " << iso(when) << ", now " << iso(clinic_.now());
  }

 private:
  void remember() { remembered_.emplace_back(clinic_.now(), clinic_.everything()); }
  Date some_day() {
    static constexpr Date kEdges[] = {Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 31), Date::ymd(2026, 1, 20)};
    return random_.chance(0.4) ? random_.pick(kEdges)
                               : Date::ymd(2025, 12, 1).plus_days(static_cast<int>(random_.integer(0, 140)));
  }
  std::optional<Date> maybe_day() { return random_.chance(0.5) ? std::optional(some_day()) : std::nullopt; }
  PatientId somebody() { return random_.pick(patients_); }
  std::string some_kind() {
    static constexpr std::string_view kKinds[] = {"increase", "switch", "psychotherapy", "continue", "labs"};
    return std::string(random_.pick(kKinds));
  }

  void act() {
    const auto choice = patients_.empty() ? 0 : random_.integer(0, 24);
    switch (choice) {
      case 0:
        patients_.push_back(clinic_.add_patient(Date::ymd(2010, 1, 1).plus_days(static_cast<int>(random_.integer(0, 3000)))));
        break;
      case 1:
        clinic_.set_birth_date(somebody(), Date::ymd(2014, 3, 1).plus_days(static_cast<int>(random_.integer(-9, 30))));
        break;
      case 2:
        coverage_.push_back(clinic_.add_coverage(somebody(), some_day().plus_days(-60)));
        break;
      case 3:
        if (coverage_.empty()) break;
        {
          auto& c = random_.pick(coverage_);
          c.end_date = maybe_day();
          if (c.end_date && *c.end_date < c.start_date) c.end_date.reset();
          c.payer_category = random_.chance(0.7) ? "medicaid_ffs" : "commercial";
          clinic_.change(c);
          ++c.version;
        }
        break;
      case 4:
      case 5: {
        const auto who = somebody();
        const auto open = std::find_if(episodes_.begin(), episodes_.end(),
                                       [&](const auto& e) { return e.patient == who && e.state != episodes::State::closed; });
        if (open == episodes_.end()) {
          episodes_.push_back(clinic_.enroll(who, some_day(), random_.chance(0.7) ? "phq-9" : "scared"));
          break;
        }
        if (random_.chance(0.5)) {
          open->state = episodes::State::closed;
          open->closed_date = some_day();
          open->close_reason = random_.chance(0.5) ? "moved" : "completed";
        } else {
          open->enrolled_date = some_day();
        }
        clinic_.change(*open);
        ++open->version;
        break;
      }
      case 6:
      case 7:
        contacts_.push_back(clinic_.add_contact(somebody(), some_day()));
        break;
      case 8:
        if (!contacts_.empty()) clinic_.change(random_.pick(contacts_), random_.chance(0.5) ? "video" : "letter");
        break;
      case 9:
        if (contacts_.empty()) break;
        std::swap(random_.pick(contacts_), contacts_.back());
        clinic_.withdraw(contacts_.back());
        contacts_.pop_back();
        break;
      case 10:
      case 11:
        scores_.push_back(clinic_.add_score(somebody(), some_day(), static_cast<double>(random_.integer(0, 27)),
                                            random_.chance(0.7)   ? "phq-9"
                                            : random_.chance(0.5) ? "phq-2"
                                                                  : "scared"));
        break;
      case 12:
        if (scores_.empty()) break;
        {
          auto& old = random_.pick(scores_);
          old = clinic_.add_score(old.patient, random_.chance(0.5) ? old.administered_date : some_day(),
                                  static_cast<double>(random_.integer(0, 27)), old.instrument, &old);
        }
        break;
      case 13:
      case 14:
      case 15: {
        const auto who = somebody();
        const auto review = clinic_.add_review(who, some_day(), random_.chance(0.8), random_.chance(0.7) ? some_kind() : "");
        reviewed_.emplace_back(who, review);
        break;
      }
      case 16:
      case 17: {
        if (reviewed_.empty()) break;
        const auto& [who, review] = random_.pick(reviewed_);
        const auto advice = clinic_.advice(who, review, 2 + static_cast<int>(advice_.size()), some_kind());
        clinic_.add(advice);
        advice_.push_back(advice);
        break;
      }
      case 18:
      case 19:
        if (!advice_.empty())
          clinic_.change(random_.pick(advice_), [&](reviews::Recommendation& r) {
            r.state = random_.pick(reviews::kStates);
            r.kind = random_.chance(0.8) ? r.kind : some_kind();
            if (r.state == reviews::State::done) r.done_date = some_day();
            else if (random_.chance(0.2)) r.done_date.reset();
          });
        break;
      case 20:
      case 21:
        treatments_.push_back(clinic_.start(somebody(), some_day()));
        break;
      case 22:
        if (treatments_.empty()) break;
        if (random_.chance(0.5)) clinic_.change_dose(random_.pick(treatments_), some_day());
        else clinic_.stop(random_.pick(treatments_), some_day());
        break;
      case 23:
        if (random_.chance(0.4)) clinic_.set_death(somebody(), maybe_day());
        else clinic_.add_condition(somebody(), some_day(), random_.chance(0.6) ? "F31.9" : "F60.3");
        break;
      default:
        import();
        break;
    }
  }

  /// A few rows under few keys, so that many were there before and say something else now.
  void import() {
    exchange::Rows rows;
    const auto key = [&](std::string_view kind) { return std::string(kind) + std::to_string(random_.integer(0, 3)); };
    const auto who_has = [&](const std::string& key_text) {  // a key's patient never changes
      auto [found, fresh] = owners_.try_emplace(key_text, somebody());
      return found->second;
    };
    if (random_.chance(0.5)) rows = fte(clinic_.site, static_cast<double>(random_.integer(1, 9)) / 10);
    if (random_.chance(0.7)) {
      const auto k = key("visit");
      rows.visits.push_back(sourced(exchange::PracticeVisit{clinic_.id_of("visit", k), who_has(k), some_day(), "pcp",
                                                            random_.chance(0.7) ? "99214" : "90791", "in_person"},
                                    k));
    }
    if (random_.chance(0.5)) {
      const auto k = key("coverage");
      patients::Coverage c;
      c.id = patients::CoverageId(clinic_.id_of("coverage", k));
      c.patient = who_has(k);
      c.payer_category = random_.chance(0.7) ? "medicaid_managed_care" : "medicare";
      c.start_date = some_day().plus_days(-100);
      rows.coverage.push_back(sourced(c, k));
    }
    if (random_.chance(0.5)) {
      const auto k = key("contact");
      contacts::Contact c;
      c.id = contacts::ContactId(clinic_.id_of("contact", k));
      c.patient = who_has(k);
      c.date = some_day();
      c.staff_role = "care_manager";
      c.kind = random_.chance(0.8) ? "treatment" : "outreach_attempt";
      c.modality = "phone";
      c.source = "csv";
      c.entered_at = Instant(c.date.sys()) + std::chrono::hours(12);
      rows.contacts.push_back(sourced(c, k));
    }
    if (random_.chance(0.5)) {
      const auto k = key("review");
      reviews::Review r;
      r.id = reviews::ReviewId(clinic_.id_of("review", k));
      r.patient = who_has(k);
      r.date = some_day();
      r.recommendation_documented = random_.chance(0.8);
      r.source = "csv";
      if (random_.chance(0.6)) {
        r.recommendation = "Another dose";
        r.recommendation_to = "pcp";
        r.recommendation_state = random_.chance(0.5) ? "done" : "sent";
        if (r.recommendation_state == "done") r.answered_date = r.done_date = some_day();
      }
      rows.reviews.push_back(sourced(r, k));
    }
    if (random_.chance(0.5)) {
      const auto k = key("score");
      measurements::Measurement m;
      m.id = measurements::MeasurementId(clinic_.id_of("measurement", k));
      m.patient = who_has(k);
      m.instrument = "phq-9";
      m.instrument_version = "1";
      m.administered_date = some_day();
      m.administered_at = m.entered_at = Instant(m.administered_date.sys()) + std::chrono::hours(12);
      m.total = static_cast<double>(random_.integer(0, 27));
      m.source = "csv";
      rows.measurements.push_back({m, {{k, exchange::digest_of(m)}}, {}});
    }
    if (random_.chance(0.5)) {
      const auto k = key("treatment");
      treatments::Treatment t;
      t.id = treatments::TreatmentId(clinic_.id_of("treatment", k));
      t.patient = who_has(k);
      t.name = "fluoxetine";
      t.start_date = some_day();
      t.stop_date = maybe_day();
      t.source = "csv";
      for (int n = 0; n < 2; ++n)
        if (random_.chance(0.5))
          t.changes.push_back({clinic_.id_of("treatment_change", k + std::to_string(n)), some_day(), "20 mg", "40 mg", ""});
      rows.treatments.push_back(sourced(t, k));
    }
    if (random_.chance(0.3)) {
      const auto k = key("condition");
      patients::Condition c;
      c.id = patients::ConditionId(clinic_.id_of("condition", k));
      c.patient = who_has(k);
      c.text = "?";
      if (random_.chance(0.8)) c.code = random_.chance(0.5) ? "F25.0" : "J45";
      if (c.code) c.code_system = "icd-10";
      c.recorded_date = some_day();
      c.source = "csv";
      rows.conditions.push_back(sourced(c, k));
    }
    clinic_.import(rows);
  }

  Random random_;
  Clinic clinic_;
  std::vector<PatientId> patients_;
  std::vector<patients::Coverage> coverage_;
  std::vector<episodes::Episode> episodes_;
  std::vector<contacts::Contact> contacts_;
  std::vector<measurements::Measurement> scores_;
  std::vector<std::pair<PatientId, reviews::ReviewId>> reviewed_;
  std::vector<reviews::Recommendation> advice_;
  std::vector<treatments::Treatment> treatments_;
  std::map<std::string, PatientId> owners_;
  std::vector<std::pair<Instant, std::string>> remembered_;
};

TEST_P(AsOf, AReportOfAnyInstantIsTheOneThatWasComputedThen) {
  for (std::uint64_t seed = 0; seed < 200 && !HasFatalFailure() && !HasNonfatalFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    in_one_unit([&](db::Tx& tx) { History(tx, seed).run(); });
  }
}

TEST(AsOfText, ADayMeansItsEndAtTheProgramAndATimeThatOfTheProgram) {
  const auto read = [](std::string_view text) -> std::string {
    const auto at = measures::parse_as_of(text, kZone);
    return at ? iso(*at) : std::string("unreadable");
  };
  EXPECT_EQ(read("2026-04-01"), "2026-04-02T03:59:59.999999Z");
  EXPECT_EQ(read("2026-03-08"), "2026-03-09T03:59:59.999999Z") << "a day of 23 hours";
  EXPECT_EQ(read("2026-04-01T12:30"), "2026-04-01T16:30:00Z");
  EXPECT_EQ(read("2026-01-01T12:30:15"), "2026-01-01T17:30:15Z");
  EXPECT_EQ(read("2026-04-01T12:30:15.25Z"), "2026-04-01T12:30:15.250000Z");
  EXPECT_EQ(read("2026-04-01T12:30:15-04:00"), "2026-04-01T16:30:15Z");
  for (const char* wrong : {"", "2026-04", "2026-04-31", "2026-04-01 12:30", "2026-04-01T24:00", "2026-04-01T12:60",
                            "2026-04-01T1:300", "2026-04-01T12:30:60", "today"})
    EXPECT_EQ(read(wrong), "unreadable") << wrong;
}

}  // namespace
}  // namespace concord
