// Columns from the database: what is read, and that folding changes in gives what loading afresh gives.
#include "measures/columns_for_tests.h"
#include "measures/residents.h"

namespace concord::measures {
namespace {

class Columns : public ColumnsTest {};
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
  Residents residents(test_rules(), kSurveys, {});
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  std::uint64_t version = get()->version;
  for (int round = 0; round < 12; ++round) {
    for (int n = 1 + static_cast<int>(random.integer(0, 3)); n > 0; --n) write([&](Tx& tx) { something_happens(tx, random); });
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

TEST_P(Columns, OneOrganizationThatCannotBeReadDoesNotKeepAnotherWaiting) {
  write([&](Tx& tx) { add_patient(tx); });
  const OrganizationId other(next());
  // Nobody says in which order they are looked after: each of them fails once.
  for (const auto& [broken, whole] : {std::pair(other, organization_), {organization_, other}}) {
    OneOrganizationFails database(this->database(), broken);
    Residents::Settings settings;
    settings.background = true;
    settings.wait = std::chrono::milliseconds(0);
    Residents residents(test_rules(), kSurveys, settings);
    const auto get = [&](OrganizationId of) { return database.read([&](Tx& tx) { return residents.get(tx, of); }); };
    EXPECT_FALSE(get(broken));
    EXPECT_FALSE(get(whole));
    EXPECT_EQ(residents.run_due(database, std::chrono::steady_clock::time_point{std::chrono::hours(1000)}), 1);
    EXPECT_FALSE(get(broken));
    EXPECT_TRUE(get(whole));
  }
}

TEST_P(Columns, ColumnsThatWereLetGoAndReadAgainHaveAVersionOfTheirOwn) {
  Residents::Settings settings;
  settings.keep = std::chrono::hours(24);
  Residents residents(test_rules(), kSurveys, settings);
  const auto get = [&] { return database().read([&](Tx& tx) { return residents.get(tx, organization_); }); };
  const std::chrono::steady_clock::time_point begin{std::chrono::hours(1000)};
  const auto before = get();
  residents.run_due(database(), begin);
  write([&](Tx& tx) { add_patient(tx); });
  residents.run_due(database(), begin + std::chrono::hours(25));
  const auto after = get();
  EXPECT_NE(before->patients(), after->patients()) << "they were let go";
  EXPECT_GT(after->version, before->version) << "answers are kept by version";
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
