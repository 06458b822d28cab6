// Columns from the database: what is read, and that folding changes in gives what loading afresh gives.
#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "measures/residents.h"
#include "support/databases.h"

namespace concord::measures {
namespace {

using db::Param;
using db::Sql;
using db::Tx;

std::shared_ptr<const OutcomeRules> test_rules() {
  static const auto rules = [] {
    auto r = std::make_shared<OutcomeRules>();
    for (const char* id : {"phq-9", "scared"}) {
      measurements::Criteria c;
      c.instrument = id;
      c.elevated = id[0] == 'p' ? 10 : 25;
      c.response_kind = measurements::ResponseKind::percent;
      c.remission_below = id[0] == 'p' ? 5 : 25;
      r->instruments.emplace(id, c);
    }
    return r;
  }();
  return rules;
}
const SurveyItems kSurveys = {{"satisfaction", {{"a", 4}, {"b", 4}}}, {"involvement", {{"a", 4}}}};

const Date kToday = Date::ymd(2026, 3, 1);

class Columns : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    organization_ = OrganizationId(next());
    site_ = next();
    user_ = next();
    write([&](Tx& tx) {
      run(tx, "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, 'Clinic', $2)", {organization_, now()});
      run(tx,
          "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, 'Main', 'America/New_York', "
          "$3)",
          {organization_, site_, now()});
      for (int chain = 0; chain < 2; ++chain)
        run(tx, "INSERT INTO audit_head (organization_id, chain, sequence, hash) VALUES ($1, $2, 0, $3)",
            {organization_, chain, db::Bytes(site_.bytes)});
    });
  }
  template <class Body>
  void write(const Body& body) {
    ASSERT_TRUE(database().write([&](Tx& tx) -> Result<void> {
      body(tx);
      return {};
    }));
  }
  // Statements are kept by the address of their text: each call has its own literal.
  static void run(Tx& tx, const char* text, std::initializer_list<Param> params) { tx.run(Sql{"test.insert", text}, params); }
  Uuid next() {
    Uuid id;
    const auto n = ++last_id_;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    id.bytes[0] = 1;
    return id;
  }
  static Instant now() { return Instant(kToday.sys()); }

  Uuid add_patient(Tx& tx) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, name_folded, birth_date, sex, "
        "language, "
        "interpreter_needed, placeholder, labels, version, created_at, updated_at) VALUES ($1, $2, $3, 'A', 'B', 'b a', $4, "
        "'female', 'es', "
        "TRUE, FALSE, 'normal', 1, $5, $5)",
        {organization_, id, site_, Date::ymd(1980, 5, 1), now()});
    return id;
  }
  Uuid add_referral(Tx& tx, const Uuid& patient, Date on, std::optional<Date> reached) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO referral (organization_id, referral_id, patient_id, site_id, referred_by, reason, received_at, "
        "received_date, version) "
        "VALUES ($1, $2, $3, $4, 'Dr', 'low', $5, $6, 1)",
        {organization_, id, patient, site_, now(), on});
    if (reached)
      run(tx,
          "INSERT INTO referral_attempt (organization_id, referral_id, attempt_id, at, attempt_date, by_user, modality, result, "
          "note) VALUES "
          "($1, $2, $3, $4, $5, $6, 'phone', 'reached', '')",
          {organization_, id, next(), now(), *reached, user_});
    return id;
  }
  Uuid add_episode(Tx& tx, const Uuid& patient, Date enrolled, std::optional<Date> closed, std::optional<Uuid> referral) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, referral_id, state, primary_condition, "
        "primary_instrument, "
        "care_manager_id, referred_date, assessed_date, enrolled_date, closed_date, close_reason, labels, version, created_at, "
        "updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'depression', 'phq-9', $7, $8, $9, $9, $10, $11, 'normal', 1, $12, $12)",
        {organization_, id, patient, site_, referral, closed ? "closed" : "active", user_, enrolled.plus_days(-7), enrolled,
         closed, closed ? Param("moved") : Param(nullptr), now()});
    return id;
  }
  Uuid add_score(Tx& tx, const Uuid& patient, Date on, double total, int hour = 12, bool valid = true,
                 const char* instrument = "phq-9", const char* informant = "self") {
    const Uuid id = next();
    run(tx,
        "INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, administered_date, instrument, "
        "instrument_version, informant, mode, language, total, valid, prorated, safety, answers, subscales, source, entered_at, "
        "labels) VALUES "
        "($1, $2, $3, $4, $5, $6, '1', $7, 'phone', 'en', $8, $9, FALSE, 'none', '{}', '[]', 'concord', $10, 'normal')",
        {organization_, patient, Instant(on.sys()) + std::chrono::hours(hour), id, on, instrument, informant, total, valid,
         now()});
    return id;
  }
  void add_contact(Tx& tx, const Uuid& patient, Date on, const char* kind = "treatment", const char* modality = "phone") {
    run(tx,
        "INSERT INTO contact (organization_id, patient_id, contact_date, contact_id, staff_role, kind, modality, with_whom, "
        "interventions, note, "
        "source, labels, entered_at, version) VALUES ($1, $2, $3, $4, 'care_manager', $5, $6, 'patient', '', '', 'concord', "
        "'normal', $7, 1)",
        {organization_, patient, on, next(), kind, modality, now()});
  }
  void add_minutes(Tx& tx, const Uuid& patient, Date on, int minutes, const char* role, std::optional<Instant> ended = {}) {
    run(tx,
        "INSERT INTO time_entry (organization_id, patient_id, entry_date, entry_id, staff_name, minutes, activity, "
        "separately_billed, staff_role, "
        "ended_at) VALUES ($1, $2, $3, $4, 'Ann', $5, 'contact', FALSE, $6, $7)",
        {organization_, patient, on, next(), minutes, role, ended});
  }
  Uuid add_review(Tx& tx, const Uuid& patient, Date on, std::optional<Uuid> session) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_name, question, "
        "recommendation_documented, source, "
        "version, session_id) VALUES ($1, $2, $3, $4, 'Dr', '', TRUE, 'concord', 1, $5)",
        {organization_, patient, on, id, session});
    return id;
  }
  void add_recommendation(Tx& tx, const Uuid& patient, const Uuid& review, int position, const char* kind, const char* state,
                          std::optional<Date> sent, std::optional<Date> answered, std::optional<Date> done) {
    run(tx,
        "INSERT INTO recommendation (organization_id, patient_id, recommendation_id, review_id, position, kind, text, to_role, "
        "urgency, state, "
        "sent_date, answered_date, done_date, source, version) VALUES ($1, $2, $3, $4, $5, $6, 'x', 'pcp', 'routine', $7, $8, "
        "$9, $10, 'concord', 1)",
        {organization_, patient, next(), review, position, kind, state, sent, answered, done});
  }
  void add_treatment(Tx& tx, const Uuid& patient, Date start, std::optional<Date> stop, std::optional<Date> dose) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO treatment (organization_id, patient_id, treatment_id, kind, name, start_date, stop_date, source, version) "
        "VALUES ($1, $2, $3, "
        "'medication', 'sertraline', $4, $5, 'concord', 1)",
        {organization_, patient, id, start, stop});
    if (dose)
      run(tx,
          "INSERT INTO treatment_change (organization_id, patient_id, treatment_id, change_date, change_id, to_dose, reason) "
          "VALUES ($1, $2, $3, $4, "
          "$5, '100 mg', '')",
          {organization_, patient, id, *dose, next()});
  }
  void add_goal(Tx& tx, const Uuid& patient, Date start, const char* status, Date status_date, std::optional<Date> until) {
    run(tx,
        "INSERT INTO goal (organization_id, patient_id, goal_id, what, until_date, language, status, status_date, start_date, "
        "last_reviewed_date, "
        "labels, source, version) VALUES ($1, $2, $3, 'walk', $4, 'en', $5, $6, $7, $7, 'normal', 'concord', 1)",
        {organization_, patient, next(), until, status, status_date, start});
  }
  void add_survey(Tx& tx, const Uuid& patient, const Uuid& episode, const char* survey, Date on, const char* answers,
                  bool declined) {
    run(tx,
        "INSERT INTO survey_answer (organization_id, patient_id, answer_id, episode_id, site_id, survey, survey_version, point, "
        "answered_date, "
        "answered_at, language, declined, answers, labels, answered_by) VALUES ($1, $2, $3, $4, $5, $6, '1', $7, $8, $9, 'en', "
        "$10, $11, 'normal', $12)",
        {organization_, patient, next(), episode, site_, survey, next().text(), on, now(), declined, answers, user_});
  }
  void add_coverage(Tx& tx, const Uuid& patient, const char* payer, Date start, std::optional<Date> end) {
    run(tx,
        "INSERT INTO coverage (organization_id, patient_id, coverage_id, payer_category, start_date, end_date, version) VALUES "
        "($1, $2, $3, $4, $5, "
        "$6, 1)",
        {organization_, patient, next(), payer, start, end});
  }
  Uuid add_session(Tx& tx, Date on, int minutes, const char* state) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO review_session (organization_id, session_id, site_id, session_date, minutes, state, note, created_by, "
        "created_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 1)",
        {organization_, id, site_, on, minutes, state, user_, now()});
    return id;
  }
  /// As the dispatcher does in the same transaction.
  void audit(Tx& tx, int chain, std::optional<Uuid> patient, const char* action = "x") {
    const auto sequence = ++sequence_[static_cast<std::size_t>(chain)];
    run(tx, "UPDATE audit_head SET sequence = $3 WHERE organization_id = $1 AND chain = $2", {organization_, chain, sequence});
    run(tx,
        "INSERT INTO audit_event (organization_id, chain, sequence, at, actor_kind, role, action, patient_id, result, reason, "
        "detail, request_id, "
        "hash) VALUES ($1, $2, $3, $4, 'user', 'care_manager', $7, $5, 'ok', '', '', '', $6)",
        {organization_, chain, sequence, now(), patient, db::Bytes(site_.bytes), action});
  }
  std::shared_ptr<const Resident> fresh() {
    return database().read([&](Tx& tx) { return load_resident(tx, organization_, test_rules(), kSurveys, 1); });
  }

  OrganizationId organization_;
  Uuid site_, user_;
  std::int64_t sequence_[2] = {0, 0};
  std::uint64_t last_id_ = 0;
};
CONCORD_ON_BOTH_DATABASES(Columns);

TEST_P(Columns, EveryTableIsReadAsItsSliceMeansIt) {
  const Date begin = Date::ymd(2025, 9, 1);
  write([&](Tx& tx) {
    const Uuid p = add_patient(tx);
    add_score(tx, p, begin.plus_days(-20), 14);
    const Uuid referral = add_referral(tx, p, begin.plus_days(-10), begin.plus_days(-3));
    const Uuid episode = add_episode(tx, p, begin, {}, referral);
    add_score(tx, p, begin.plus_days(90), 6, 15);
    add_score(tx, p, begin.plus_days(90), 8, 9);  // earlier on that day
    add_score(tx, p, begin, 18.5);
    add_score(tx, p, begin.plus_days(100), 2, 12, false);
    const Uuid corrected = add_score(tx, p, begin.plus_days(95), 0);
    run(tx, "UPDATE measurement SET replaced_by_id = $3 WHERE organization_id = $1 AND measurement_id = $2",
        {organization_, corrected, next()});
    add_contact(tx, p, begin.plus_days(14));
    add_contact(tx, p, begin.plus_days(2), "no_show");
    add_contact(tx, p, begin.plus_days(3), "treatment", "sms");
    for (int d = 40; d < 200; d += 40) add_contact(tx, p, begin.plus_days(d));
    const Uuid session = add_session(tx, begin.plus_days(30), 30, "held");
    add_session(tx, begin.plus_days(31), 60, "planned");
    const Uuid review = add_review(tx, p, begin.plus_days(30), session);
    add_recommendation(tx, p, review, 1, "increase", "done", begin.plus_days(30), begin.plus_days(32), begin.plus_days(40));
    add_recommendation(tx, p, review, 2, "labs", "withdrawn", begin.plus_days(30), {}, {});
    add_recommendation(tx, p, review, 3, "switch", "draft", {}, {}, {});
    add_treatment(tx, p, begin.plus_days(-5), {}, begin.plus_days(37));
    add_goal(tx, p, begin, "reached", begin.plus_days(50), {});
    add_goal(tx, p, begin, "imported", begin.plus_days(50), {});
    add_survey(tx, p, episode, "satisfaction", begin.plus_days(35), R"({"a":3,"b":3})", false);
    add_survey(tx, p, episode, "involvement", begin.plus_days(35), R"({"a":2})", false);
    add_survey(tx, p, episode, "other", begin.plus_days(35), R"({"a":4})", false);
    add_minutes(tx, p, begin.plus_days(14), 20, "care_manager");
    add_minutes(tx, p, begin.plus_days(15), 11, "care_manager");
    add_minutes(tx, p, begin.plus_days(16), 99, "care_manager", now());
    add_coverage(tx, p, "commercial", begin.plus_days(-300), {});
    add_coverage(tx, p, "medicaid_ffs", begin.plus_days(-400), begin);
    run(tx, "INSERT INTO site_month (organization_id, site_id, month_start, bhcm_fte) VALUES ($1, $2, $3, 0.5)",
        {organization_, site_, begin});
  });
  const auto columns = fresh();
  const Question q{begin,
                   begin.plus_days(120),
                   {{Stratum::payer, {"medicaid_ffs"}},
                    {Stratum::language, {"es"}},
                    {Stratum::age_band, {"45-64"}},
                    {Stratum::interpreter, {"yes"}},
                    {Stratum::instrument, {"phq-9"}}}};
  Totals t = evaluate(*columns, q);
  const auto rate = [&](Figure f) { return std::to_string(t[f].numerator) + "/" + std::to_string(t[f].denominator); };
  EXPECT_EQ(rate(Figure::enrolled), "1/1");
  EXPECT_EQ(rate(Figure::response_of_remeasured), "1/1") << "6 at 3 pm is the last of its day";
  EXPECT_EQ(rate(Figure::remission_of_remeasured), "0/1");
  EXPECT_EQ(rate(Figure::first_contact_in_28_days), "1/1");
  EXPECT_EQ(t[Figure::days_to_first_contact].value, 14.0);
  EXPECT_EQ(t[Figure::days_from_review_to_change].value, 7.0);
  EXPECT_EQ(rate(Figure::recommendations_sent), "1/1");
  EXPECT_EQ(t[Figure::days_to_answer].value, 2.0);
  EXPECT_EQ(t[Figure::days_to_done].value, 10.0);
  EXPECT_EQ(rate(Figure::satisfied), "1/1");
  EXPECT_EQ(rate(Figure::involved), "0/1");
  EXPECT_EQ(rate(Figure::goals_reached), "1/1");
  t = evaluate(*columns, {begin, begin.plus_days(120), {}});
  EXPECT_EQ(t[Figure::caseload_per_fte].value, 2.0);
  EXPECT_EQ(t[Figure::consultant_reach].value, 2.0);
  t = evaluate(*columns, {begin.plus_days(-20), begin.plus_days(120), {}});
  for (const Figure f : {Figure::funnel_screened, Figure::funnel_reached, Figure::funnel_first_contact, Figure::funnel_response})
    EXPECT_EQ(rate(f), "1/1") << info(f).id;
  EXPECT_EQ(standings(*columns, {begin.plus_days(-20), begin, {}}, Figure::funnel_screened).at(0).reason, "screened_positive");
  const auto minutes = minutes_by_role(*columns, {begin, begin.plus_days(30), {}});
  ASSERT_EQ(minutes.size(), 1u);
  EXPECT_EQ(minutes[0].minutes, 31);
}

TEST_P(Columns, FoldingChangesInGivesWhatLoadingAfreshGives) {
  Random random(7);
  const auto upto = [&](int n) { return static_cast<int>(random.integer(0, n)); };
  Residents residents(test_rules(), kSurveys, {});
  std::vector<Uuid> people, sessions;
  std::map<Uuid, std::pair<Uuid, Date>> open;  // patient -> episode and its enrolment
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  std::uint64_t version = get()->version;
  for (int round = 0; round < 12; ++round) {
    for (int n = 1 + upto(3); n > 0; --n)
      write([&](Tx& tx) {
        std::optional<Uuid> about;
        if (people.empty() || upto(9) == 0) {
          about = add_patient(tx);
          // Ids do not come in order where two servers make them.
          people.push_back(*about);
          add_coverage(tx, *about, upto(1) ? "medicaid_ffs" : "commercial", kToday.plus_days(-upto(900)), {});
        } else if (upto(12) == 0) {
          sessions.push_back(add_session(tx, kToday.plus_days(-upto(100)), 60, upto(2) ? "held" : "planned"));
        } else {
          const Uuid p = people[static_cast<std::size_t>(upto(static_cast<int>(people.size()) - 1))];
          about = p;
          const Date on = kToday.plus_days(-upto(500));
          switch (upto(11)) {
            case 0:
              if (!open.contains(p)) {
                const Uuid referral =
                    add_referral(tx, p, on.plus_days(-9), upto(1) ? std::optional(on.plus_days(-2)) : std::nullopt);
                open[p] = {add_episode(tx, p, on, {}, upto(1) ? std::optional(referral) : std::nullopt), on};
              }
              break;
            case 1:
              if (const auto it = open.find(p); it != open.end()) {
                run(tx,
                    "UPDATE episode SET state = 'closed', closed_date = $3, close_reason = 'moved' WHERE organization_id = $1 "
                    "AND episode_id = $2",
                    {organization_, it->second.first, it->second.second.plus_days(upto(200))});
                open.erase(it);
              }
              break;
            case 2:
            case 3:
            case 4:
              add_score(tx, p, on, upto(27), upto(20), true, upto(5) ? "phq-9" : "scared", upto(3) ? "self" : "parent");
              break;
            case 5:
              add_contact(tx, p, on);
              break;
            case 6: {
              const Uuid review = add_review(tx, p, on, {});
              add_recommendation(tx, p, review, 1, upto(1) ? "increase" : "labs", upto(1) ? "sent" : "done", on, on.plus_days(2),
                                 on.plus_days(5));
              break;
            }
            case 7:
              add_treatment(tx, p, on, upto(1) ? std::optional(on.plus_days(40)) : std::nullopt, on.plus_days(20));
              break;
            case 8:
              add_goal(tx, p, on, upto(1) ? "active" : "reached", on.plus_days(10), on.plus_days(30));
              break;
            case 9:
              if (open.contains(p)) add_survey(tx, p, open[p].first, "satisfaction", on, R"({"a":4,"b":2})", upto(3) == 0);
              break;
            case 10:
              add_minutes(tx, p, on, 5 + upto(30), upto(1) ? "care_manager" : "");
              break;
            default:
              run(tx, "UPDATE patient SET language = $3, race = $4 WHERE organization_id = $1 AND patient_id = $2",
                  {organization_, p, upto(1) ? "en" : "es", upto(1) ? "asian" : "white"});
          }
        }
        audit(tx, upto(1), about);
      });
    const auto folded = get();
    EXPECT_GT(folded->version, version);
    version = folded->version;
    ASSERT_EQ(folded->dump(), fresh()->dump()) << "round " << round;
  }
  EXPECT_EQ(get()->version, version) << "nothing happened: the same columns";
  EXPECT_GT(get()->episodes(), 0u);
}

TEST_P(Columns, AChangeWithoutAnEntryIsSeenByTheReload) {
  Residents::Settings settings;
  settings.reload = std::chrono::minutes(60);
  Residents residents(test_rules(), kSurveys, settings);
  Uuid p;
  write([&](Tx& tx) { p = add_patient(tx); });
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  EXPECT_EQ(get()->patients(), 1u);
  const std::chrono::steady_clock::time_point begin{std::chrono::hours(1000)};
  EXPECT_EQ(residents.run_due(database(), begin), 1) << "not known when it was loaded";
  write([&](Tx& tx) { add_patient(tx); });
  EXPECT_EQ(residents.run_due(database(), begin + std::chrono::minutes(59)), 0);
  EXPECT_EQ(get()->patients(), 1u);
  EXPECT_EQ(residents.run_due(database(), begin + std::chrono::minutes(60)), 1);
  EXPECT_EQ(get()->patients(), 2u);
}

TEST_P(Columns, AnImportHasEverythingReadAgain) {
  Residents residents(test_rules(), kSurveys, {});
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  EXPECT_EQ(get()->patients(), 0u);
  write([&](Tx& tx) {
    add_patient(tx);
    add_patient(tx);
    audit(tx, 1, {}, "import.csv");
  });
  EXPECT_EQ(get()->patients(), 2u);
}

TEST_P(Columns, TheThreadLoadsWhatWasAskedForAndFoldsIn) {
  Uuid p;
  write([&](Tx& tx) { p = add_patient(tx); });
  Residents::Settings settings;
  settings.every = std::chrono::milliseconds(5);
  Residents residents(test_rules(), kSurveys, settings);
  residents.start(database());
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  while (!get()) std::this_thread::yield();
  EXPECT_EQ(get()->patients(), 1u);
  write([&](Tx& tx) {
    add_episode(tx, p, kToday.plus_days(-100), {}, {});
    audit(tx, 0, p);
  });
  while (get()->episodes() == 0) std::this_thread::yield();
  residents.stop();
  EXPECT_EQ(get()->dump(), fresh()->dump());
}

TEST_P(Columns, SeveralReadersAtOnceReadTheSame) {
  constexpr int kPatients = 1100;
  std::vector<Uuid> ids;
  for (int i = 0; i < kPatients; ++i) ids.push_back(next());
  write([&](Tx& tx) {
    static constexpr std::string_view kPatient[] = {
        "organization_id",    "patient_id",  "site_id", "given_name", "family_name", "name_folded",
        "interpreter_needed", "placeholder", "labels",  "version",    "created_at",  "updated_at"};
    std::size_t i = 0;
    tx.load("patient", kPatient, [&](std::vector<Param>& v) {
      if (i == ids.size()) return false;
      v = {organization_, ids[i++], site_, "A", "B", "b a", false, false, "normal", 1, now(), now()};
      return true;
    });
    static constexpr std::string_view kEpisode[] = {
        "organization_id", "episode_id",    "patient_id",    "site_id", "state",   "primary_condition", "primary_instrument",
        "care_manager_id", "referred_date", "enrolled_date", "labels",  "version", "created_at",        "updated_at"};
    i = 0;
    tx.load("episode", kEpisode, [&](std::vector<Param>& v) {
      if (i == ids.size()) return false;
      v = {organization_,         next(),   ids[i++], site_, "active", "depression", "phq-9", user_, kToday.plus_days(-90),
           kToday.plus_days(-80), "normal", 1,        now(), now()};
      return true;
    });
    static constexpr std::string_view kScore[] = {"organization_id",
                                                  "patient_id",
                                                  "administered_at",
                                                  "measurement_id",
                                                  "administered_date",
                                                  "instrument",
                                                  "instrument_version",
                                                  "informant",
                                                  "mode",
                                                  "language",
                                                  "total",
                                                  "valid",
                                                  "prorated",
                                                  "safety",
                                                  "answers",
                                                  "subscales",
                                                  "source",
                                                  "entered_at",
                                                  "labels"};
    i = 0;
    // Two of a day at one moment for every tenth patient: their order is that of their ids, which PostgreSQL's table does not
    // keep.
    tx.load("measurement", kScore, [&](std::vector<Param>& v) {
      if (i == 4 * ids.size()) return false;
      const std::size_t who = i / 4, k = i % 4;
      ++i;
      const Date on = kToday.plus_days(-75 + static_cast<int>(k == 3 && who % 10 == 0 ? 2 : k) * 20);
      Uuid id = next();
      if (k == 3) id.bytes[1] = 0;
      if (k == 2) id.bytes[1] = 1;
      v = {organization_,
           ids[who],
           Instant(on.sys()),
           id,
           on,
           "phq-9",
           "1",
           "self",
           "phone",
           "en",
           static_cast<double>(who * 7 % 28 / (k + 1)),
           true,
           false,
           "none",
           "{}",
           "[]",
           "concord",
           now(),
           "normal"};
      return true;
    });
    for (int n = 0; n < kPatients; n += 3) add_contact(tx, ids[static_cast<std::size_t>(n)], kToday.plus_days(-60));
  });
  const auto together = load_resident(database(), organization_, test_rules(), kSurveys, 1, 2);
  EXPECT_EQ(together->episodes(), static_cast<std::size_t>(kPatients));
  EXPECT_EQ(together->scores(), static_cast<std::size_t>(4 * kPatients));
  EXPECT_EQ(together->dump(), fresh()->dump());
}

}  // namespace
}  // namespace concord::measures
