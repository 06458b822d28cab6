#include "exchange/behavioral.h"
#include "exchange/exchange_fixture.h"
#include "exchange/forms.h"

namespace concord::exchange {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

CsvFolder read(const Folder& folder, Mapping mapping = {}) {
  CsvOptions options;
  options.instruments = &library();
  options.zone = "America/New_York";
  options.today = today();
  options.mapping = std::move(mapping);
  auto result = read_csv_folder(folder.path(), options);
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

/// "file:line:column reason" of everything rejected.
std::vector<std::string> problems(const CsvFolder& folder) {
  std::vector<std::string> out;
  for (const auto& r : folder.rejected) out.push_back(r.file + ":" + std::to_string(r.line) + ":" + r.path + " " + r.reason);
  return out;
}

const std::string kPatients = "patient_id,birth_date,given_name,family_name\nP1,1980-05-01,Ann,Birch\nP2,1990-02-03,Ben,Elm\n";

TEST(CsvFolder, OnlyThePatientFileIsRequired) {
  Folder folder;
  folder.write("patient.csv", kPatients);
  const auto read_back = read(folder);
  EXPECT_EQ(read_back.files, 1);
  EXPECT_EQ(read_back.rows_read, 2);
  ASSERT_EQ(read_back.rows.patients.size(), 2U);
  EXPECT_EQ(read_back.rows.patients[0].row.family_name, "Birch");
  EXPECT_TRUE(read_back.rejected.empty());

  Folder empty;
  CsvOptions options;
  options.instruments = &library();
  auto missing = read_csv_folder(empty.path(), options);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text, HasSubstr("patient.csv"));
}

TEST(CsvFolder, MissingRequiredColumnIsNamed) {
  Folder folder;
  folder.write("patient.csv", "patient_id,given_name\nP1,Ann\n");
  CsvOptions options;
  options.instruments = &library();
  auto result = read_csv_folder(folder.path(), options);
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().issues.size(), 1U);
  EXPECT_EQ(result.error().issues[0].path, "patient.csv:1:birth_date");
}

TEST(CsvFolder, ByteOrderMarkCarriageReturnsQuotesAndAnyColumnOrder) {
  Folder folder;
  folder.write("patient.csv",
               "\xEF\xBB\xBF"
               "Family Name,BIRTH_DATE,patient-id,given_name\r\n\"O\"\"Hara, Jr.\",1980-05-01,P1,\"Ann\r\nMarie\"\r\n");
  const auto r = read(folder);
  ASSERT_EQ(r.rows.patients.size(), 1U) << ::testing::PrintToString(problems(r));
  EXPECT_EQ(r.rows.patients[0].row.family_name, "O\"Hara, Jr.");
  EXPECT_EQ(r.rows.patients[0].row.given_name, "Ann\r\nMarie");
}

TEST(CsvFolder, BadDateInLineSevenIsNamedWithFileLineColumnAndReason) {
  Folder folder;
  std::string contacts = "contact_id,patient_id,contact_date,staff_role,contact_kind\n";
  for (int i = 2; i <= 9; ++i)
    contacts +=
        "C" + std::to_string(i) + ",P1," + (i == 7 ? "02/30/2026" : "2026-03-0" + std::to_string(i - 1)) + ",bhcm,treatment\n";
  folder.write("patient.csv", kPatients).write("contact.csv", contacts);
  const auto r = read(folder);
  ASSERT_EQ(r.rejected.size(), 1U);
  EXPECT_EQ(r.rejected[0], (Rejection{"contact.csv", 7, "contact_date", "is no date; write it like 2026-03-01"}));
  EXPECT_EQ(r.rows.contacts.size(), 7U);
  EXPECT_EQ(r.rows.contacts[0].row.staff_role, "care_manager");
}

TEST(CsvFolder, EveryBadCellOfARowIsReported) {
  Folder folder;
  folder.write("patient.csv", kPatients)
      .write("scale_result.csv",
             "result_id,patient_id,administered_date,instrument,total_score\nR1,P1,2026-03-01,phq-9,28\nR2,P1,2026-03-01,mood-o-"
             "meter,5\n"
             "R3,P9,2026-03-01,phq-9,5\nR4,P1,2026-04-01,phq-9,5\nR5,P1,1970-01-01,phq-9,5\nR6,P1,2026-03-02,phq-9,\nR7,P1,2026-"
             "03-02,phq-9,five\n"
             "R1,P1,2026-03-02,phq-9,5\nR9,,2026-03-02,,5\n");
  const auto r = read(folder);
  EXPECT_THAT(problems(r),
              UnorderedElementsAre(
                  HasSubstr("scale_result.csv:2:total_score "), "scale_result.csv:3:instrument is no instrument Concord knows",
                  "scale_result.csv:4:patient_id is no patient_id of patient.csv",
                  "scale_result.csv:5:administered_date is in the future",
                  "scale_result.csv:6:administered_date is before the patient's birth date",
                  "scale_result.csv:7:total_score is required when no answers are given",
                  "scale_result.csv:8:total_score is no number", "scale_result.csv:9:result_id is there twice (first in line 2)",
                  "scale_result.csv:10:patient_id is required", "scale_result.csv:10:instrument is required"));
  EXPECT_TRUE(r.rows.measurements.empty());
}

TEST(CsvFolder, UnknownColumnIsReportedOnceAndUnknownWordIsAnError) {
  Folder folder;
  folder.write("patient.csv", "patient_id,birth_date,shoe_size\nP1,1980-05-01,40\nP2,1990-05-01,41\n")
      .write("coverage.csv", "patient_id,payer_category,start_date\nP1,Medicaid FFS,2025-01-01\nP2,golden,2025-01-01\n");
  const auto r = read(folder);
  EXPECT_EQ(r.notes, std::vector<std::string>{"patient.csv: the column \"shoe_size\" is not known and was ignored"});
  ASSERT_EQ(r.rejected.size(), 1U);
  EXPECT_EQ(r.rejected[0].path, "payer_category");
  EXPECT_THAT(r.rejected[0].reason, HasSubstr("medicaid_managed_care"));
  ASSERT_EQ(r.rows.coverage.size(), 1U);
  EXPECT_EQ(r.rows.coverage[0].row.payer_category, "medicaid_ffs");
}

TEST(CsvFolder, InstrumentSpellingsAndInformantSuffixes) {
  Folder folder;
  folder.write("patient.csv", kPatients)
      .write("scale_result.csv",
             "result_id,patient_id,administered_date,instrument,total_score,informant,vanderbilt_symptom_count\n1,P1,2026-03-01,"
             "PHQ_A,5,,\n"
             "2,P1,2026-03-01,scared_child,30,,\n3,P1,2026-03-01,Scared,30,parent,\n4,P1,2026-03-01,phq9,5,,\n5,P1,2026-03-01,"
             "vanderbilt_teacher,20,,7\n"
             "6,P1,2026-03-02,phq-9,5,teacher,\n");
  const auto r = read(folder);
  ASSERT_EQ(r.rows.measurements.size(), 5U) << ::testing::PrintToString(problems(r));
  EXPECT_EQ(r.rows.measurements[0].row.instrument, "phq-9m");
  EXPECT_EQ(r.rows.measurements[1].row.informant, "child");
  EXPECT_EQ(r.rows.measurements[2].row.informant, "parent");
  EXPECT_EQ(r.rows.measurements[3].row.instrument, "phq-9");
  EXPECT_EQ(r.rows.measurements[4].row.instrument, "vanderbilt-teacher");
  EXPECT_EQ(r.rows.measurements[4].row.subscales[0], (measurements::SubscaleScore{"symptom_count", 7}));
  ASSERT_EQ(r.rejected.size(), 1U);
  EXPECT_EQ(r.rejected[0].path, "informant");
}

TEST(CsvFolder, AnswersAreScoredAndAWrongTotalIsKeptAsStated) {
  Folder folder;
  folder.write("patient.csv", kPatients)
      .write("scale_result.csv",
             "result_id,patient_id,administered_date,instrument,total_score,q1,q2,q3,q4,q5,q6,q7,q8,q9\n1,P1,2026-03-01,phq-9,16,"
             "3,3,2,2,2,1,1,1,1\n"
             "2,P1,2026-03-08,phq-9,20,1,1,1,1,1,1,1,1,0\n3,P1,2026-03-15,phq-9,12,,,,,,,,,2\n4,P1,2026-03-16,phq-9,12,7,,,,,,,,"
             "2\n");
  const auto r = read(folder);
  ASSERT_EQ(r.rows.measurements.size(), 3U) << ::testing::PrintToString(problems(r));
  EXPECT_EQ(r.rows.measurements[0].row.total, 16);
  EXPECT_EQ(r.rows.measurements[0].row.safety, "positive");
  EXPECT_EQ(r.rows.measurements[1].row.total, 8);
  EXPECT_EQ(r.rows.measurements[1].row.stated_total, 20);
  EXPECT_EQ(r.rows.measurements[2].row.total, 12) << "only item 9 was typed in beside the total";
  EXPECT_EQ(r.rows.measurements[2].row.safety, "positive");
  EXPECT_THAT(r.notes, ::testing::Contains(HasSubstr("disagree")));
  ASSERT_EQ(r.rejected.size(), 1U);
  EXPECT_EQ(r.rejected[0].path, "q1");
}

TEST(CsvFolder, PositiveAnswerOpensASafetyEventUnlessOneIsGivenOrItIsOld) {
  Folder folder;
  folder.write("patient.csv", kPatients)
      .write("scale_result.csv",
             "result_id,patient_id,administered_date,instrument,total_score,q9\n1,P1,2026-03-01,phq-9,10,1\n2,P2,2026-03-01,phq-"
             "9,10,1\n"
             "3,P1,2025-06-01,phq-9,10,1\n")
      .write(
          "safety_event.csv",
          "safety_event_id,patient_id,signalled_date,signal,closed_date,level\nS1,P2,2026-03-01,phq-9 q9 = 1,2026-03-01,low\n");
  const auto r = read(folder);
  ASSERT_EQ(r.rows.safety_events.size(), 2U) << ::testing::PrintToString(problems(r));
  EXPECT_TRUE(r.rows.safety_events[0].row.closed_at.has_value());
  EXPECT_EQ(r.rows.safety_events[1].row.signal, "phq-9 q9 = 1");
  EXPECT_FALSE(r.rows.safety_events[1].row.closed_at.has_value());
}

TEST(CsvFolder, EpisodeStatesFollowFromDatesOrTheStateColumn) {
  Folder folder;
  folder
      .write("patient.csv",
             "patient_id,birth_date\nA,1980-01-01\nB,1980-01-01\nC,1980-01-01\nD,1980-01-01\nE,1980-01-01\nF,1980-01-01\n")
      .write("referral.csv",
             "referral_id,patient_id,received_date,referred_by,outcome,outcome_date\nRA,A,2025-12-20,Dr. "
             "Sato,,\nRF,F,2026-03-20,Dr. Sato,,\n")
      .write("episode.csv",
             "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,care_manager,discharge_date,discharge_reason,"
             "state,relapse_prevention_date,referred_date\n"
             "1,A,2026-01-05,depression,PHQ-9,Mina Okafor,,,,,\n2,B,2026-01-05,depression,phq9,Mina Okafor,,,,2026-03-01,\n"
             "3,C,2026-01-05,anxiety,gad-7,,2026-03-01,completed,,,\n4,D,,depression,,,,,assessed,,2026-02-01\n5,E,2026-01-05,"
             "depression,phq-9,Mina Okafor,,,on_hold,,\n");
  const auto r = read(folder);
  ASSERT_TRUE(r.rejected.empty()) << ::testing::PrintToString(problems(r));
  ASSERT_EQ(r.rows.episodes.size(), 6U);
  const auto& e = r.rows.episodes;
  EXPECT_EQ(e[0].row.state, episodes::State::active);
  EXPECT_EQ(e[0].row.referral, r.rows.referrals[0].row.id);
  EXPECT_EQ(r.rows.referrals[0].row.outcome, "enrolled");
  EXPECT_EQ(e[1].row.state, episodes::State::relapse_prevention);
  EXPECT_EQ(e[2].row.state, episodes::State::closed);
  EXPECT_EQ(e[2].row.close_reason, "target_met");
  EXPECT_EQ(e[3].row.state, episodes::State::assessed);
  EXPECT_EQ(e[4].row.state, episodes::State::on_hold);
  EXPECT_EQ(e[5].row.state, episodes::State::referred) << "a referral alone is somebody waiting";
  ASSERT_EQ(r.rows.people.size(), 1U);
  EXPECT_EQ(r.rows.people[0].name, "Mina Okafor");
}

TEST(CsvFolder, ContradictoryEpisodesAreRejected) {
  Folder folder;
  folder.write("patient.csv", kPatients)
      .write("episode.csv",
             "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,discharge_date\n1,P1,2026-01-05,depression,"
             "phq-9,\n2,P1,2026-02-05,depression,phq-9,\n"
             "3,P2,2026-02-05,depression,phq-9,2026-01-01\n4,P2,2025-02-05,depression,phq-9,2025-06-01\n5,P2,2025-06-01,"
             "depression,phq-9,\n6,P2,,depression,phq-9,\n");
  const auto r = read(folder);
  EXPECT_THAT(
      problems(r),
      UnorderedElementsAre(
          "episode.csv:3:enrollment_date lies in another episode of the same patient (line 2); only one may be open at a time",
          "episode.csv:4:discharge_date is before enrollment_date", "episode.csv:7:enrollment_date is required"));
  EXPECT_EQ(r.rows.episodes.size(), 3U) << "an episode may begin on the day the last one ended";
}

TEST(CsvFolder, RowsOfARejectedPatientSayWhy) {
  Folder folder;
  folder.write("patient.csv", "patient_id,birth_date\nP1,yesterday\n")
      .write("consent.csv", "patient_id,consent_date,kind\nP1,2026-01-01,verbal\n");
  const auto r = read(folder);
  EXPECT_THAT(problems(r), UnorderedElementsAre("patient.csv:2:birth_date is no date; write it like 2026-03-01",
                                                "consent.csv:2:patient_id belongs to a patient whose own row was rejected"));
}

TEST(CsvFolder, BooleansListsAndTimes) {
  Folder folder;
  folder.write("patient.csv", "patient_id,birth_date,interpreter_needed,language\nP1,1980-05-01,Yes,Spanish\n")
      .write("contact.csv",
             "contact_id,patient_id,contact_date,staff_role,contact_kind,modality,minutes,with_caregiver,interventions\n"
             "1,P1,2026-03-01,BHCM,Treatment,In person,30,1,behavioral activation;mi|psychoeducation\n"
             "2,P1,2026-03-02,BHCM,Treatment,phone,30,0,behavioral_activation mi "
             "psychoeducation\n3,P1,2026-03-02,BHCM,Treatment,phone,30,0,juggling\n")
      .write("time_entry.csv",
             "entry_id,patient_id,staff_id,date,minutes,activity,start_time,separately_billed\n1,P1,mo,2026-03-01,30,contact,14:"
             "05,no\n"
             "2,P1,mo,2026-03-01,30,contact,25:00,maybe\n");
  const auto r = read(folder);
  EXPECT_TRUE(r.rows.patients[0].row.interpreter_needed);
  EXPECT_EQ(r.rows.patients[0].row.language, "es");
  ASSERT_EQ(r.rows.contacts.size(), 2U);
  const std::vector<std::string> three = {"behavioral_activation", "motivational_interviewing", "psychoeducation"};
  EXPECT_EQ(r.rows.contacts[0].row.interventions, three);
  EXPECT_EQ(r.rows.contacts[0].row.with_whom, "patient caregiver");
  EXPECT_EQ(r.rows.contacts[1].row.interventions, three);
  EXPECT_THAT(problems(r), UnorderedElementsAre(HasSubstr("contact.csv:4:interventions"),
                                                "time_entry.csv:3:start_time is no time; write it like 14:30",
                                                HasSubstr("time_entry.csv:3:separately_billed")));
  ASSERT_EQ(r.rows.time_entries.size(), 1U);
  EXPECT_EQ(r.rows.time_entries[0].row.start_minute, 14 * 60 + 5);
}

TEST(CsvMapping, ReadsASpreadsheetWithItsOwnNamesValuesAndDates) {
  auto mapping = parse_mapping(R"({
    "patient": {"file": "tracker.csv", "separator": ";", "date_format": "M/D/YYYY",
                "columns": {"patient_id": "MRN", "birth_date": "DOB", "family_name": "Name", "sex": "Gender"}, "values": {"sex": {"Frau": "female"}}},
    "scale_result": [
      {"file": "tracker.csv", "separator": ";", "date_format": "M/D/YYYY", "skip_if_empty": ["total_score"], "defaults": {"instrument": "phq-9"},
       "columns": {"result_id": "PHQ no", "patient_id": "MRN", "administered_date": "PHQ date", "total_score": "PHQ", "q9": "Item 9"}},
      {"file": "tracker.csv", "separator": ";", "date_format": "M/D/YYYY", "skip_if_empty": ["total_score"], "defaults": {"instrument": "gad-7"},
       "columns": {"result_id": "GAD no", "patient_id": "MRN", "administered_date": "PHQ date", "total_score": "GAD"}}]})");
  ASSERT_TRUE(mapping) << mapping.error().text;
  Folder folder;
  folder.write("tracker.csv",
               "MRN;Name;Gender;DOB;PHQ no;PHQ date;PHQ;Item 9;GAD "
               "no;GAD;Remarks\n77;Birch;Frau;5/1/1980;a;3/2/2026;11;1;b;8;x\n78;Elm;m;12/31/1990;;;;;;;\n");
  const auto r = read(folder, *mapping);
  ASSERT_TRUE(r.rejected.empty()) << ::testing::PrintToString(problems(r));
  EXPECT_TRUE(r.notes.empty()) << "surplus columns of a mapped file are expected";
  ASSERT_EQ(r.rows.patients.size(), 2U);
  EXPECT_EQ(r.rows.patients[0].row.birth_date, Date::ymd(1980, 5, 1));
  EXPECT_EQ(r.rows.patients[0].row.sex, "female");
  ASSERT_EQ(r.rows.measurements.size(), 2U);
  EXPECT_EQ(r.rows.measurements[0].row.safety, "positive");
  EXPECT_EQ(r.rows.measurements[1].row.instrument, "gad-7");
}

TEST(CsvMapping, NamesWhatIsWrongWithIt) {
  auto mapping = parse_mapping(R"({"patient": {"columns": {"nose": "x"}, "date_format": "week"}, "dog": {}})");
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().code, ErrorCode::bad_file);
  EXPECT_EQ(mapping.error().issues.size(), 3U);
}

TEST(CsvMapping, DatesOfOtherForms) {
  EXPECT_EQ(parse_date("03/09/2026", "MM/DD/YYYY"), Date::ymd(2026, 3, 9));
  EXPECT_EQ(parse_date("3/9/26", "M/D/YY"), Date::ymd(2026, 3, 9));
  EXPECT_EQ(parse_date("9.3.2026", "D.M.YYYY"), Date::ymd(2026, 3, 9));
  EXPECT_FALSE(parse_date("13/40/2026", "MM/DD/YYYY"));
  EXPECT_FALSE(parse_date("3/9/2026 ", "MM/DD/YYYY"));
}

TEST(Behavioral, KnowsPsychotropicsByWholeWords) {
  EXPECT_EQ(psychotropic_in("24 HR Venlafaxine 75 MG Extended Release Oral Capsule"), "venlafaxine");
  EXPECT_EQ(psychotropic_in("ZOLOFT 50mg"), "zoloft");
  EXPECT_EQ(psychotropic_in("Lisinopril 10 MG Oral Tablet"), "");
  EXPECT_EQ(psychotropic_in("verapamil"), "") << "\"mil\" in it is no word";
  EXPECT_EQ(behavioral_condition("F33.1", ""), "depression");
  EXPECT_EQ(behavioral_condition("", "Generalized anxiety disorder"), "anxiety");
  EXPECT_FALSE(behavioral_condition("E11.9", "Type 2 diabetes mellitus"));
}

TEST(Report, JsonHasTheAgreedMembers) {
  Report report;
  report.files = 1;
  report.resources = 3;
  report.stored.add("patients", 40);
  report.stored.measurements["phq-2"] = 218;
  report.add_not_used("Claim", "not part of the registry", 5);
  report.rejected.push_back({"b.json", 0, "Bundle.entry[1]", "has no resource"});
  EXPECT_EQ(
      render_json(report),
      R"({"files":1,"resources":3,"stored":{"patients":40,"measurements":{"phq-2":218}},"updated":0,"unchanged":{"measurements":{}},)"
      R"("placeholders":0,"placeholders_by_kind":{},"not_used":{"Claim":5},"not_used_reasons":[{"type":"Claim","reason":"not part of the registry","count":5}],)"
      R"("rejected":[{"file":"b.json","line":null,"path":"Bundle.entry[1]","reason":"has no resource"}],"notes":[],"nothing_stored":false,"seconds":0})");
  EXPECT_EQ(report.exit_code(), 1);
  EXPECT_THAT(render_table(report), HasSubstr("b.json: Bundle.entry[1]: has no resource"));
}

}  // namespace
}  // namespace concord::exchange
