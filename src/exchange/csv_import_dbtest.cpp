#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "exchange/exchange_fixture.h"
#include "patients/patients_store.h"
#include "safety/safety_store.h"

namespace concord::exchange {
namespace {

using ::testing::HasSubstr;

class CsvImport : public ExchangeTest {
 protected:
  /// A folder with something of everything.
  static void fill(Folder& folder) {
    folder
        .write("patient.csv",
               "patient_id,birth_date,given_name,family_name,sex,language,interpreter_needed,phone,email,identifiers,labels\n"
               "P1,1980-05-01,Ann,\"Birch, Jr.\",female,es,yes,+15550100,ann@example.org,urn:mrn|77 "
               "urn:x|a%20b,part2\nP2,1990-02-03,Ben,=Elm,m,,,,,,\nP3,2012-02-03,Cy,Fir,m,,,,,,\n")
        .write("coverage.csv",
               "patient_id,payer_category,start_date,end_date,plan_name\nP1,medicaid_managed_care,2025-01-01,,Hudson\nP2,"
               "commercial,2025-01-01,2025-12-31,\n")
        .write("condition.csv",
               "condition_id,patient_id,text,recorded_date,code,code_system,clinical_status,onset_date,ended_date,labels\n"
               "D1,P1,Bipolar II disorder,2025-06-01,F31.81,,remission,2019-02-03,2024-01-01,\n"
               "D2,P2,Asthma,2025-02-01,,,,,,part2\n")
        .write("referral.csv",
               "referral_id,patient_id,received_date,referred_by,reason,outcome,outcome_date\nR1,P1,2025-12-20,Dr. Sato,low "
               "mood,enrolled,2026-01-05\nR2,P3,2026-03-20,Dr. Sato,,,\n")
        .write("referral_attempt.csv",
               "attempt_id,referral_id,attempt_date,result\nA1,R1,2025-12-22,no_answer\nA2,R1,2025-12-23,reached\n")
        .write("episode.csv",
               "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,care_manager,discharge_date,discharge_"
               "reason,site\n"
               "E1,P1,2026-01-05,depression,phq-9,Mina Okafor,,,Main Street\nE2,P2,2025-02-01,anxiety,gad-7,Mina "
               "Okafor,2025-09-01,target_met,Lake Road\n")
        .write(
            "consent.csv",
            "patient_id,consent_date,kind,withdrawn_date\nP1,2026-01-05,verbal,\nP2,2025-02-01,collaborative_care,2025-09-02\n")
        .write("contact.csv",
               "contact_id,patient_id,contact_date,staff_role,contact_kind,modality,minutes,with_caregiver,interventions,note,"
               "staff\n"
               "C1,P1,2026-01-05,bhcm,treatment,in_person,40,no,behavioral_activation;psychoeducation,\"said \"\"fine\"\"\nnext "
               "line\",Mina Okafor\n"
               "C2,P1,2026-02-05,bhcm,no_show,,,,,,\n")
        .write("time_entry.csv",
               "entry_id,patient_id,staff_id,date,minutes,activity,start_time,separately_billed,contact_id\nT1,P1,Mina "
               "Okafor,2026-01-05,40,contact,09:30,no,C1\n")
        .write("scale_result.csv",
               "result_id,patient_id,administered_date,instrument,total_score,informant,q1,q2,q3,q4,q5,q6,q7,q8,q9\n"
               "S1,P1,2026-01-05,phq-9,16,,3,3,2,2,2,1,1,1,1\nS2,P1,2026-02-05,phq-9,20,,1,1,1,1,1,1,1,1,0\nS3,P1,2026-02-05,phq-"
               "9,11,,,,,,,,,,\n"
               "S4,P2,2025-02-01,gad-7,14,,,,,,,,,,\nS5,P3,2026-03-21,scared_parent,31,,,,,,,,,,\n")
        .write("psych_review.csv",
               "review_id,patient_id,review_date,recommendation_documented,recommendation_to,recommendation,recommendation_state,"
               "answered_date\n"
               "V1,P1,2026-02-10,yes,pcp,Increase the dose,accepted,2026-02-12\n")
        .write("practice_visit.csv",
               "visit_id,patient_id,visit_date,provider_category,billing_codes,modality\nW1,P1,2026-01-05,physician,99213 "
               "G0439,in_person\n")
        .write("site_month.csv", "site_id,reporting_month,bhcm_fte\nMain Street,2026-02,1.5\n")
        .write("treatment.csv",
               "treatment_id,patient_id,kind,name,start_date,dose,stop_date\nM1,P1,medication,sertraline,2026-01-06,100 mg,\n")
        .write("treatment_change.csv",
               "treatment_id,change_date,to_dose,from_dose,reason\nM1,2026-02-12,100 mg,50 mg,not better\n")
        .write("safety_event.csv",
               "safety_event_id,patient_id,signalled_date,signal,closed_date,level,disposition,reassess_date,result_id\n"
               "F1,P1,2026-01-05,phq-9 q9 = 1,2026-01-05,low,seen the same day,2026-02-04,S1\n");
  }
};
CONCORD_ON_BOTH_DATABASES(CsvImport);

TEST_P(CsvImport, FolderIsStoredAndTheSecondRunStoresNothing) {
  Folder folder;
  fill(folder);
  auto first = csv(folder.path());
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->exit_code(), 0) << render_table(*first);
  EXPECT_EQ(first->files, 16);
  EXPECT_EQ(first->resources, 29);
  EXPECT_EQ(first->stored.rows["patients"], 3);
  EXPECT_EQ(first->stored.rows["episodes"], 3) << "two of the file and one for the referral that waits";
  EXPECT_EQ(first->stored.rows["sites"], 1) << "Lake Road is new";
  EXPECT_EQ(first->stored.rows["staff"], 1);
  EXPECT_EQ(first->stored.measurements["phq-9"], 3);
  EXPECT_EQ(first->stored.rows["safety_events"], 1);
  EXPECT_EQ(count("time_entry"), 1);
  EXPECT_EQ(count("practice_visit"), 1);
  EXPECT_EQ(count("site_month"), 1);
  EXPECT_EQ(count("treatment_change"), 1);
  EXPECT_EQ(count("patient_condition"), 2);

  auto second = csv(folder.path());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->stored.total(), 0) << render_table(*second);
  EXPECT_EQ(second->unchanged.rows["contacts"], 2);
  EXPECT_EQ(second->unchanged.measurements["phq-9"], 3);
}

TEST_P(CsvImport, ASafetyEventThatSomebodyWorksOnHereIsNotOverwritten) {
  Folder folder;
  fill(folder);
  const auto event = [&](const std::string& rest) {
    folder.write("safety_event.csv",
                 "safety_event_id,patient_id,signalled_date,signal,closed_date,level,disposition,reassess_date,result_id\n"
                 "F1,P1,2026-01-05,phq-9 q9 = 1," +
                     rest + "\n");
  };
  event(",,,,S1");
  ASSERT_TRUE(csv(folder.path()));
  const auto open = [&] {
    return database().read([&](db::Tx& tx) { return safety::list_open(tx, organization_, std::nullopt, 10); });
  };
  ASSERT_EQ(open().size(), 1U);
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    safety::Step step;
    step.kind = "acknowledged";
    step.at = now_;
    safety::add_step(tx, organization_, open().at(0), step);
    return {};
  }));
  event("2026-01-06,low,seen elsewhere,2026-02-05,S1");
  auto again = csv(folder.path(), true);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(again->exit_code(), 1) << render_table(*again);
  EXPECT_EQ(open().size(), 1U) << "it goes on here";
}

TEST_P(CsvImport, ExportReadBackGivesTheSameExport) {
  Folder folder;
  fill(folder);
  ASSERT_TRUE(csv(folder.path()));
  const auto out = folder.path() / "out", again = folder.path() / "again";
  auto written = write_csv(out);
  ASSERT_TRUE(written) << written.error().text;
  EXPECT_EQ(written->stored.rows["measurements"], 5);

  auto other = concord::testing::fresh_database(dialect());
  prepare(**other);
  auto read_back = csv(out, false, &**other);
  ASSERT_TRUE(read_back) << read_back.error().text;
  EXPECT_EQ(read_back->exit_code(), 0) << render_table(*read_back);
  ASSERT_TRUE(write_csv(again, &**other));
  for (auto kind : csv_kinds()) {
    const std::string name = std::string(kind) + ".csv";
    EXPECT_EQ(folder.read("out/" + name), folder.read("again/" + name)) << name;
  }
  EXPECT_THAT(folder.read("out/patient.csv"), HasSubstr("'=Elm")) << "no cell may run as a formula";
  EXPECT_THAT(folder.read("out/patient.csv"), HasSubstr("\"Birch, Jr.\""));
  // Into the database it came from, nothing is new.
  auto same = csv(out);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->exit_code(), 0) << render_table(*same);
  EXPECT_EQ(same->stored.total(), same->updated) << render_table(*same);
  EXPECT_EQ(count("measurement"), 5);
  EXPECT_EQ(count("contact"), 2);
  EXPECT_FALSE(write_csv(out)) << "an export is not written over";
}

TEST_P(CsvImport, OneBadRowMeansNothingIsStoredUnlessPartial) {
  Folder folder;
  fill(folder);
  folder.write("psych_review.csv",
               "review_id,patient_id,review_date,recommendation_documented\nV1,P1,2026-13-10,yes\nV2,P1,2026-02-10,yes\n");
  auto refused = csv(folder.path());
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->nothing_stored);
  EXPECT_EQ(refused->exit_code(), 1);
  ASSERT_EQ(refused->rejected.size(), 1U);
  EXPECT_EQ(refused->rejected[0].line, 2U);
  EXPECT_EQ(count("patient"), 0);
  EXPECT_EQ(count("import_key"), 0);
  auto partial = csv(folder.path(), true);
  ASSERT_TRUE(partial);
  EXPECT_EQ(partial->exit_code(), 1);
  EXPECT_EQ(partial->stored.rows["reviews"], 1);
  EXPECT_EQ(count("patient"), 3);
}

TEST_P(CsvImport, ChangedRowsAreUpdatedAndAChangedScoreIsACorrection) {
  Folder folder;
  fill(folder);
  ASSERT_TRUE(csv(folder.path()));
  folder
      .write("contact.csv",
             "contact_id,patient_id,contact_date,staff_role,contact_kind,modality,minutes\nC1,P1,2026-01-06,bhcm,treatment,phone,"
             "45\nC2,P1,2026-02-05,bhcm,no_show,,\n")
      .write(
          "scale_result.csv",
          "result_id,patient_id,administered_date,instrument,total_score\nS1,P1,2026-01-05,phq-9,16\nS4,P2,2025-02-01,gad-7,15\n")
      .write(
          "episode.csv",
          "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,care_manager,discharge_date,discharge_reason\n"
          "E1,P1,2026-01-05,depression,phq-9,Mina Okafor,2026-03-01,target_met\nE3,P1,2026-03-10,depression,phq-9,Mina "
          "Okafor,,\n");
  auto report = csv(folder.path());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  const auto p1 = patient("csv", "P1");
  const auto contacts = database().read([&](db::Tx& tx) { return contacts::list(tx, organization_, p1); });
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[1].minutes, 45);
  EXPECT_EQ(contacts[1].version, 2);
  const auto gad = scores(patient("csv", "P2"));
  ASSERT_EQ(gad.size(), 2U);
  for (const auto& m : gad) EXPECT_EQ(m.total, m.replaced_by ? 14 : 15);
  const auto list = database().read([&](db::Tx& tx) { return episodes::list(tx, organization_, p1); });
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(csv(folder.path())->stored.total(), 0);
}

TEST_P(CsvImport, EnrolmentOfSomebodyReferredContinuesTheirEpisode) {
  Folder folder;
  folder.write("patient.csv", "patient_id,birth_date\nP1,1980-05-01\n")
      .write("referral.csv", "referral_id,patient_id,received_date\nR1,P1,2026-03-01\n");
  ASSERT_TRUE(csv(folder.path()));
  EXPECT_EQ(count("episode", "state = 'referred'"), 1);
  folder.write("episode.csv",
               "episode_id,patient_id,enrollment_date,primary_condition,primary_scale\nE1,P1,2026-03-10,depression,phq-9\n");
  auto report = csv(folder.path());
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  EXPECT_EQ(count("episode"), 1);
  EXPECT_EQ(count("episode", "state = 'active'"), 1);
}

TEST_P(CsvImport, EpisodeBesideOneThatIsOpenHereRefusesTheBatch) {
  Folder folder;
  folder.write("patient.csv", "patient_id,birth_date\nP1,1980-05-01\n")
      .write("episode.csv",
             "episode_id,patient_id,enrollment_date,primary_condition,primary_scale\nE1,P1,2026-03-10,depression,phq-9\n");
  ASSERT_TRUE(csv(folder.path()));
  folder
      .write("episode.csv",
             "episode_id,patient_id,enrollment_date,primary_condition,primary_scale\nE9,P1,2026-03-12,depression,phq-9\n")
      .write("consent.csv", "patient_id,consent_date,kind\nP1,2026-03-10,verbal\n");
  auto report = csv(folder.path());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->nothing_stored);
  ASSERT_EQ(report->rejected.size(), 1U);
  EXPECT_EQ(report->rejected[0].file, "episode.csv");
  EXPECT_EQ(report->rejected[0].line, 2U);
  EXPECT_EQ(count("consent"), 0);
}

TEST_P(CsvImport, TouchedPatientsAreRefreshedAndTheActIsAudited) {
  Folder folder;
  fill(folder);
  CsvImportOptions options;
  options.target = target("csv");
  options.instruments = &library();
  options.today = today();
  std::vector<PatientId> refreshed;
  std::string audited;
  options.target.refresh_caseload = [&](db::Tx&, OrganizationId, std::span<const PatientId> list) {
    refreshed.assign(list.begin(), list.end());
  };
  options.target.audit = [&](db::Tx&, std::string_view action, std::string_view) { audited = action; };
  ASSERT_TRUE(import_csv(database(), options, folder.path()));
  EXPECT_EQ(refreshed.size(), 3U);
  EXPECT_EQ(audited, "import.csv");
}

TEST_P(CsvImport, TenThousandRowsAreOneTransaction) {
  Folder folder;
  std::string patients = "patient_id,birth_date\n", results = "result_id,patient_id,administered_date,instrument,total_score\n";
  for (int i = 0; i < 1000; ++i) patients += "P" + std::to_string(i) + ",1980-01-01\n";
  for (int i = 0; i < 9000; ++i)
    results += "R" + std::to_string(i) + ",P" + std::to_string(i % 1000) + "," +
               Date::ymd(2025, 1, 1).plus_days(i / 1000 * 14).iso() + ",phq-9," + std::to_string(i % 28) + "\n";
  folder.write("patient.csv", patients).write("scale_result.csv", results);
  auto report = csv(folder.path());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored.measurements["phq-9"], 9000);
  EXPECT_EQ(csv(folder.path())->unchanged.measurements["phq-9"], 9000);
}

}  // namespace
}  // namespace concord::exchange
