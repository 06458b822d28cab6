#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "exchange/exchange_fixture.h"
#include "patients/conditions_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"
#include "safety/safety_store.h"
#include "treatments/treatments_store.h"

namespace concord::exchange {
namespace {

using ::testing::HasSubstr;

class FhirImport : public ExchangeTest {
 protected:
  static std::string bundle(const std::vector<std::string>& resources, const std::string& type = "collection") {
    std::string out = R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)";
    for (std::size_t i = 0; i < resources.size(); ++i)
      out += (i == 0 ? "\n" : ",\n") + std::string(R"({"resource":)") + resources[i] + "}";
    return out + "]}";
  }
  static std::string ann() {
    return R"({"resourceType":"Patient","id":"ann","name":[{"family":"Birch","given":["Ann"]}],"gender":"female","birthDate":"1980-05-01",
      "identifier":[{"system":"urn:mrn","value":"77"}]})";
  }
  static std::string total(const std::string& id, const std::string& loinc, const std::string& value,
                           const std::string& when = "2026-01-05T15:00:00Z", const std::string& more = "") {
    return R"({"resourceType":"Observation","id":")" + id +
           R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":")" + loinc +
           R"("}]},"subject":{"reference":"Patient/ann"},"effectiveDateTime":")" + when + "\"," + value + more + "}";
  }
  /// A PHQ-9 response with these points, in the shape LForms writes.
  static std::string phq9(const std::string& id, const std::vector<int>& points, const std::string& more_items = "",
                          const std::string& when = "2026-01-05T15:00:00Z") {
    static const std::vector<std::string> kCodes = {"44250-9", "44255-8", "44259-0", "44254-1", "44251-7",
                                                    "44258-2", "44252-5", "44253-3", "44260-8"};
    static const std::vector<std::string> kAnswers = {"LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"};
    std::string out =
        R"({"resourceType":"QuestionnaireResponse","id":")" + id +
        R"(","status":"completed","questionnaire":"http://loinc.org/q/44249-1|1.0","subject":{"reference":"Patient/ann"},"authored":")" +
        when + R"(","item":[)";
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i > 0) out += ",";
      out += R"({"linkId":"/)" + kCodes[i] + R"("})";
      if (points[i] >= 0) {
        out.pop_back();
        out += R"(,"answer":[{"valueCoding":{"system":"http://loinc.org","code":")" +
               kAnswers[static_cast<std::size_t>(points[i])] + R"("}}]})";
      }
    }
    return out + more_items + "]}";
  }
};
CONCORD_ON_BOTH_DATABASES(FhirImport);

TEST_P(FhirImport, SampleBundleBecomesItsRowsAndTheSecondRunStoresNothing) {
  const auto path = std::filesystem::path(CONCORD_SOURCE_DIR) / "tests/golden/fhir/clinic";
  auto first = fhir({path});
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->exit_code(), 0) << render_table(*first);
  EXPECT_EQ(first->stored.rows["patients"], 2);
  EXPECT_EQ(first->stored.rows["coverage"], 1);
  EXPECT_EQ(first->stored.rows["episodes"], 1);
  EXPECT_EQ(first->stored.rows["referrals"], 1);
  EXPECT_EQ(first->stored.rows["treatments"], 1);
  EXPECT_EQ(first->stored.rows["visits"], 2);
  EXPECT_EQ(first->stored.rows["team_members"], 1);
  EXPECT_EQ(first->stored.measurements["phq-9"], 2);
  EXPECT_EQ(first->stored.measurements["gad-7"], 1);
  EXPECT_EQ(first->stored.measurements["phq-2"], 1);
  EXPECT_EQ(first->placeholders["practitioners"], 1) << "referred to by NPI, not in the files";
  EXPECT_GT((first->not_used[{"Claim", "not part of the registry"}]), 0);

  const auto p = database().read([&](db::Tx& tx) { return patients::find(tx, organization_, patient("fhir", "Patient/ana")); });
  ASSERT_TRUE(p);
  EXPECT_EQ(p->family_name, "Ruiz");
  EXPECT_EQ(p->language, "es");
  EXPECT_EQ(p->ethnicity, "Hispanic or Latino");
  EXPECT_EQ(p->postal_code, "12207");
  EXPECT_TRUE(p->interpreter_needed);
  const auto open = database().read([&](db::Tx& tx) { return episodes::find_open(tx, organization_, p->id); });
  ASSERT_TRUE(open);
  EXPECT_EQ(open->state, episodes::State::active);
  EXPECT_EQ(open->primary_condition, "depression");
  EXPECT_EQ(open->primary_instrument, "phq-9");
  EXPECT_TRUE(open->referral.has_value());

  auto second = fhir({path});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->stored.total(), 0) << render_table(*second);
  EXPECT_EQ(second->unchanged.total(), first->stored.total() - first->stored.rows["staff"] - first->stored.rows["safety_events"])
      << render_table(*second);
  EXPECT_EQ(second->placeholder_count(), 0);
  EXPECT_EQ(count("measurement"), 4);
}

TEST_P(FhirImport, ResponseAndTheTotalDerivedFromItAreOneMeasurement) {
  Folder folder;
  folder.write("b.json", bundle({ann(), phq9("r1", {3, 3, 2, 2, 2, 1, 1, 1, 1}),
                                 total("o1", "44261-6", R"("valueInteger":16)", "2026-01-05T15:02:10Z",
                                       R"(,"derivedFrom":[{"reference":"QuestionnaireResponse/r1"}])"),
                                 total("o2", "70274-6", R"("valueQuantity":{"value":7})")}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  EXPECT_EQ(report->stored.measurements["phq-9"], 1);
  EXPECT_EQ(report->stored.measurements["gad-7"], 1);
  const auto list = scores(patient("fhir", "Patient/ann"));
  ASSERT_EQ(list.size(), 2U);
  const auto& m = list[0].instrument == "phq-9" ? list[0] : list[1];
  EXPECT_EQ(m.total, 16);
  EXPECT_EQ(m.severity, "moderately severe");
  EXPECT_EQ(m.answers.size(), 9U);
  EXPECT_EQ(m.safety, "positive");
  EXPECT_EQ(m.administered_date, Date::ymd(2026, 1, 5));
  EXPECT_EQ(report->stored.rows["safety_events"], 1);
}

TEST_P(FhirImport, SameAdministrationInAnotherFileAndAnotherRunIsOneMeasurement) {
  Folder folder;
  folder.write("1.json", bundle({ann(), total("o1", "44261-6", R"("valueInteger":16)")}));
  ASSERT_EQ(fhir({folder.path()})->stored.measurements["phq-9"], 1);
  folder.write("2.json", bundle({ann(), phq9("r1", {3, 3, 2, 2, 2, 1, 1, 1, 1})}));
  auto second = fhir({folder.path()});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->stored.measurements["phq-9"], 1) << "the answers are new: a fuller version of the same score";
  EXPECT_EQ(second->updated, 1);
  auto third = fhir({folder.path()});
  EXPECT_EQ(third->stored.total(), 0) << render_table(*third);
  const auto list = scores(patient("fhir", "Patient/ann"));
  EXPECT_EQ(std::count_if(list.begin(), list.end(), [](const auto& m) { return !m.replaced_by; }), 1);
}

TEST_P(FhirImport, NdjsonScoresMeetAcrossFilesInAnyOrder) {
  Folder folder;
  folder.write("Observation.ndjson", [] {
    std::string one = total("o1", "44261-6", R"("valueInteger":16)");
    std::replace(one.begin(), one.end(), '\n', ' ');
    return one + "\n" + one.replace(one.find("\"o1\""), 4, "\"o2\"").replace(one.find("2026-01-05"), 10, "2026-02-05") + "\n";
  }());
  std::string a = ann(), r = phq9("r1", {3, 3, 2, 2, 2, 1, 1, 1, 1});
  std::replace(a.begin(), a.end(), '\n', ' ');
  folder.write("QuestionnaireResponse.ndjson", r + "\n" + R"({"resourceType":"Claim"})" + "\n");
  folder.write("zPatient.ndjson",
               a + "\n" + R"({"resourceType":"Patient","id":"bob","name":[{"family":"Elm"}],"birthDate":"1970-01-01"})" + "\n");
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  EXPECT_EQ(report->stored.rows["patients"], 2);
  EXPECT_EQ(report->stored.measurements["phq-9"], 2);
  EXPECT_EQ(report->placeholder_count(), 0);
  EXPECT_EQ(fhir({folder.path()})->stored.total(), 0);
}

TEST_P(FhirImport, StatedTotalThatDisagreesIsKeptReportedAndNotTrusted) {
  Folder folder;
  folder.write(
      "b.json",
      bundle({ann(), phq9("r1", {1, 1, 1, 1, 1, 1, 1, 1, 0}, R"(,{"linkId":"/44261-6","answer":[{"valueDecimal":20}]})")}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0);
  ASSERT_EQ(report->notes.size(), 1U);
  EXPECT_THAT(report->notes[0], HasSubstr("disagree"));
  const auto list = scores(patient("fhir", "Patient/ann"));
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].total, 8);
  EXPECT_EQ(list[0].stated_total, 20);
}

TEST_P(FhirImport, MissingAnswersAreNeverZero) {
  Folder folder;
  folder.write(
      "b.json",
      bundle({ann(), phq9("r1", {3, 3, -1, -1, -1, 1, 1, 1, 0}, R"(,{"linkId":"/44261-6","answer":[{"valueDecimal":9}]})")}));
  ASSERT_TRUE(fhir({folder.path()}));
  const auto list = scores(patient("fhir", "Patient/ann"));
  ASSERT_EQ(list.size(), 1U);
  EXPECT_FALSE(list[0].valid);
  EXPECT_FALSE(list[0].total.has_value());
  EXPECT_EQ(list[0].stated_total, 9);
}

TEST_P(FhirImport, AnswersAsSeparateObservationsMakeOneForm) {
  const std::vector<std::string> codes = {"69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"};
  std::vector<std::string> list = {ann()};
  for (std::size_t i = 0; i < codes.size(); ++i)
    list.push_back(total("i" + std::to_string(i), codes[i],
                         i == 1 ? R"("valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"LA18938-3"}]})"
                                : R"("valueInteger":1)"));
  Folder folder;
  folder.write("b.json", bundle(list));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored.measurements["gad-7"], 1) << render_table(*report);
  const auto found = scores(patient("fhir", "Patient/ann"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].total, 8) << "More days than not counts two";
  EXPECT_EQ(fhir({folder.path()})->stored.total(), 0);
}

TEST_P(FhirImport, ChangedScoreIsACorrectionThatKeepsTheOriginal) {
  Folder folder;
  folder.write("b.json", bundle({ann(), total("o1", "44261-6", R"("valueInteger":16)")}));
  ASSERT_TRUE(fhir({folder.path()}));
  folder.write("b.json", bundle({ann(), total("o1", "44261-6", R"("valueInteger":14)")}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored.measurements["phq-9"], 1);
  EXPECT_EQ(report->updated, 1);
  const auto list = scores(patient("fhir", "Patient/ann"));
  ASSERT_EQ(list.size(), 2U);
  for (const auto& m : list) EXPECT_EQ(m.total, m.replaced_by ? 16 : 14);
  EXPECT_EQ(fhir({folder.path()})->stored.total(), 0);
}

TEST_P(FhirImport, ScoreOutsideTheRangeIsRejectedAndTheRestIsStored) {
  Folder folder;
  folder.write("b.json",
               bundle({ann(), total("o1", "44261-6", R"("valueInteger":28)"), total("o2", "70274-6", R"("valueInteger":7)")}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 1);
  ASSERT_EQ(report->rejected.size(), 1U);
  EXPECT_EQ(report->rejected[0].file, "b.json");
  EXPECT_EQ(report->rejected[0].path, "Bundle.entry[1].resource");
  EXPECT_THAT(report->rejected[0].reason, HasSubstr("0 to 27"));
  EXPECT_EQ(report->stored.measurements["gad-7"], 1);
}

TEST_P(FhirImport, UglyResourcesAreRejectedWithTheirPlaceAndNothingElseIsLost) {
  Folder folder;
  folder.write(
      "b.json",
      bundle(
          {ann(), total("o1", "44261-6", R"("valueInteger":5)", "2026-02-30"),
           total("o2", "44261-6", R"("valueInteger":5)", "2026"), total("o3", "44261-6", R"("valueString":"five")"),
           R"({"resourceType":"Patient","id":"x","birthDate":"05/01/1980"})", R"({"id":"no type"})",
           R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]},"valueInteger":3,"effectiveDateTime":"2026-01-01"})"}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 1);
  std::map<std::string, std::string> by_path;
  for (const auto& r : report->rejected) by_path[r.path] = r.reason;
  EXPECT_EQ(by_path["Bundle.entry[1].resource.effectiveDateTime"], "is no full date");
  EXPECT_EQ(by_path["Bundle.entry[2].resource.effectiveDateTime"], "is no full date");
  EXPECT_EQ(by_path["Bundle.entry[3].resource.value[x]"], "is no number");
  EXPECT_EQ(by_path["Bundle.entry[4].resource.birthDate"], "is no date");
  EXPECT_THAT(by_path["Bundle.entry[5].resource"], HasSubstr("no resourceType"));
  EXPECT_THAT(by_path["Bundle.entry[6].resource.subject"], HasSubstr("is missing"));
  EXPECT_EQ(report->stored.rows["patients"], 1);
}

TEST_P(FhirImport, TruncatedFileIsRejectedWholeAndTheOthersAreStored) {
  Folder folder;
  const auto whole = bundle({ann(), total("o1", "44261-6", R"("valueInteger":5)")});
  folder.write("a.json", whole.substr(0, whole.size() - 20));
  folder.write("b.json", bundle({R"({"resourceType":"Patient","id":"bob","name":[{"family":"Elm"}],"birthDate":"1970-01-01"})"}));
  folder.write("notes.txt", "not for us");
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 1);
  ASSERT_EQ(report->rejected.size(), 1U);
  EXPECT_EQ(report->rejected[0].file, "a.json");
  EXPECT_THAT(report->rejected[0].reason, HasSubstr("cut off"));
  EXPECT_EQ(report->stored.rows["patients"], 1);
  EXPECT_EQ(count("patient"), 1);
  EXPECT_EQ((report->not_used[{"(file)", "not JSON"}]), 1);
}

TEST_P(FhirImport, MissingPatientBecomesAMarkedPlaceholderThatTheRealOneReplaces) {
  Folder folder;
  folder.write("b.json", bundle({total("o1", "44261-6", R"("valueInteger":5)")}));
  auto first = fhir({folder.path()});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->exit_code(), 0);
  EXPECT_EQ(first->placeholders["patients"], 1);
  EXPECT_EQ(count("patient", "placeholder"), 1);
  folder.write("c.json", bundle({ann()}));
  auto second = fhir({folder.path()});
  EXPECT_EQ(second->stored.rows["patients"], 1);
  EXPECT_EQ(count("patient"), 1);
  EXPECT_EQ(count("patient", "placeholder"), 0);
  EXPECT_EQ(scores(patient("fhir", "Patient/ann")).size(), 1U);
}

TEST_P(FhirImport, PlaceholderOfAConditionalReferenceBecomesThePatientWithThatIdentifier) {
  Folder folder;
  auto by_identifier = total("o1", "44261-6", R"("valueInteger":5)");
  by_identifier.replace(by_identifier.find("Patient/ann"), 11, "Patient?identifier=urn:mrn|77");
  folder.write("a.json", bundle({by_identifier}));
  ASSERT_EQ(fhir({folder.path()})->placeholders["patients"], 1);
  Folder other;
  other.write("b.json", bundle({ann(), total("o2", "70274-6", R"("valueInteger":5)")}));
  auto report = fhir({other.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  EXPECT_EQ(count("patient"), 1);
  EXPECT_EQ(count("measurement"), 2);
  EXPECT_EQ(fhir({other.path()})->stored.total(), 0);
}

TEST_P(FhirImport, ChangedPatientIsUpdatedAndKeepsWhatTheSourceDoesNotSay) {
  Folder folder;
  folder.write("b.json", bundle({ann()}));
  ASSERT_TRUE(fhir({folder.path()}));
  const auto id = patient("fhir", "Patient/ann");
  auto changed = database().write([&](db::Tx& tx) -> Result<bool> {
    auto before = patients::find(tx, organization_, id);
    auto after = *before;
    after.phone = "555-0100";
    return patients::update(tx, organization_, *before, after, now_);
  });
  ASSERT_TRUE(changed && *changed);
  auto married = ann();
  married.replace(married.find("Birch"), 5, "Aspen");
  folder.write("b.json", bundle({married}));
  EXPECT_EQ(fhir({folder.path()})->updated, 1);
  const auto now_stored = database().read([&](db::Tx& tx) { return patients::find(tx, organization_, id); });
  EXPECT_EQ(now_stored->family_name, "Aspen");
  EXPECT_EQ(now_stored->phone, "555-0100");
}

TEST_P(FhirImport, OnlyBehavioralMedicationsStartATrial) {
  auto medication = [](const std::string& id, const std::string& name) {
    return R"({"resourceType":"MedicationRequest","id":")" + id +
           R"(","status":"active","intent":"order","subject":{"reference":"Patient/ann"},"authoredOn":"2026-01-06",
      "medicationCodeableConcept":{"text":")" +
           name + R"("},"dosageInstruction":[{"text":"once a day"}]})";
  };
  Folder folder;
  folder.write("b.json",
               bundle({ann(), medication("1", "Sertraline 50 MG Oral Tablet"), medication("2", "Lisinopril 10 MG Oral Tablet")}));
  auto report = fhir({folder.path()});
  EXPECT_EQ(report->stored.rows["treatments"], 1);
  EXPECT_EQ((report->not_used[{"MedicationRequest", "not a psychiatric medication"}]), 1);
  const auto list =
      database().read([&](db::Tx& tx) { return treatments::list(tx, organization_, patient("fhir", "Patient/ann")); });
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].dose, "once a day");
}

TEST_P(FhirImport, ConditionsAllergiesPlansAndGoalsAreKeptAndTheSecondRunStoresNothing) {
  Folder folder;
  folder.write(
      "b.json",
      bundle(
          {ann(),
           R"({"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]},
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"65363002"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"H66.90"}],"text":" Otitis media "},
        "subject":{"reference":"Patient/ann"},"onsetDateTime":"2011-10-01T23:30:00-04:00","abatementDateTime":"2011-12-17","recordedDate":"2011-10-02"})",
           R"({"resourceType":"Condition","id":"c2","code":{"text":"Asthma"},"subject":{"reference":"Patient/ann"},"onsetDateTime":"2011"})",
           R"({"resourceType":"Condition","id":"c3","verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"refuted"}]},
        "code":{"text":"Gout"},"subject":{"reference":"Patient/ann"}})",
           R"({"resourceType":"AllergyIntolerance","id":"a1","category":["medication"],"criticality":"high","code":{"text":"Penicillin"},"patient":{"reference":"Patient/ann"},
        "reaction":[{"manifestation":[{"text":"Hives"},{"text":"Wheezing"}]}]})",
           R"({"resourceType":"AllergyIntolerance","id":"a2","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"resolved"}]},
        "code":{"text":"Egg"},"patient":{"reference":"Patient/ann"}})",
           R"({"resourceType":"CarePlan","id":"p1","status":"active","intent":"plan","category":[{"coding":[{"code":"assess-plan"}]},{"text":"Burn care"}],
        "subject":{"reference":"Patient/ann"},"period":{"start":"2025-10-20"},"activity":[{"detail":{"code":{"text":"Dressing"}}},{"detail":{"description":"Rest"}},{"detail":{"code":{"text":"Dressing"}}}]})",
           R"({"resourceType":"Goal","id":"g1","lifecycleStatus":"active","description":{"text":"Hemoglobin A1c below 7"},"subject":{"reference":"Patient/ann"},
        "target":[{"dueDate":"2026-12-01"}]})"}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code(), 0) << render_table(*report);
  EXPECT_EQ(report->stored.rows["conditions"], 2);
  EXPECT_EQ(report->stored.rows["allergies"], 2);
  EXPECT_EQ(report->stored.rows["care_plans"], 1);
  EXPECT_EQ(report->stored.rows["goals"], 1);
  EXPECT_EQ((report->not_used[{"Condition", "the source says it is not so (refuted)"}]), 1);

  const auto id = patient("fhir", "Patient/ann");
  database().read([&](db::Tx& tx) {
    const auto conditions = patients::list_conditions(tx, organization_, id);
    ASSERT_EQ(conditions.size(), 2U);
    EXPECT_EQ(conditions[0].text, "Asthma") << "those that may stand come first";
    EXPECT_EQ(conditions[0].clinical_status, "unknown");
    EXPECT_FALSE(conditions[0].onset_date) << "only a year is known";
    EXPECT_EQ(conditions[0].recorded_date, today()) << "no day given: the import's";
    EXPECT_EQ(conditions[1].text, "Otitis media");
    EXPECT_EQ(conditions[1].code, "H66.90") << "ICD-10 before SNOMED";
    EXPECT_EQ(conditions[1].onset_date, Date::ymd(2011, 10, 1)) << "the day at the site";
    EXPECT_EQ(conditions[1].ended_date, Date::ymd(2011, 12, 17));
    const auto allergies = patients::list_allergies(tx, organization_, id);
    ASSERT_EQ(allergies.size(), 2U);
    EXPECT_EQ(allergies[0].substance, "Penicillin");
    EXPECT_EQ(allergies[0].reaction, "Hives; Wheezing");
    EXPECT_TRUE(allergies[1].ended_date) << "resolved";
    const auto plans = plans::list_plans(tx, organization_, id);
    ASSERT_EQ(plans.size(), 1U);
    EXPECT_EQ(plans[0].kind, "imported");
    EXPECT_EQ(plans[0].title, "Burn care");
    EXPECT_EQ(plans[0].in_effect(), nullptr) << "nobody knows what the patient said to it";
    EXPECT_EQ(plans[0].newest().patient_view, "not_asked");
    EXPECT_EQ(plans[0].newest().content.activities, (std::vector<std::string>{"Dressing", "Rest"}));
    const auto goals = plans::list_goals(tx, organization_, id);
    ASSERT_EQ(goals.size(), 1U);
    EXPECT_EQ(goals[0].status, "imported");
    EXPECT_EQ(plans::statement(goals[0]), "Hemoglobin A1c below 7");
    EXPECT_EQ(goals[0].until, Date::ymd(2026, 12, 1));
  });

  // On another day too: what the import's own day stands in for is no change.
  FhirImportOptions options;
  options.target = target("fhir");
  options.instruments = &library();
  options.today = today().plus_days(1);
  auto second = import_fhir(database(), options, {folder.path()});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->stored.total(), 0) << render_table(*second);
}

TEST_P(FhirImport, AChangedCarePlanIsWrittenAnewAndNeverTakesEffect) {
  const auto plan = [](const std::string& status, const std::string& activity) {
    return R"({"resourceType":"CarePlan","id":"p1","status":")" + status +
           R"(","subject":{"reference":"Patient/ann"},"period":{"start":"2025-10-20","end":"2025-11-20"},
      "activity":[{"detail":{"description":")" +
           activity + R"("}}]})";
  };
  Folder folder;
  folder.write("b.json", bundle({ann(), plan("active", "Rest")}));
  ASSERT_TRUE(fhir({folder.path()}));
  folder.write("b.json", bundle({ann(), plan("completed", "Walk")}));
  const auto second = fhir({folder.path()});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->updated, 1) << render_table(*second);
  database().read([&](db::Tx& tx) {
    const auto plans = plans::list_plans(tx, organization_, patient("fhir", "Patient/ann"));
    ASSERT_EQ(plans.size(), 1U);
    EXPECT_EQ(plans[0].status, "ended");
    EXPECT_EQ(plans[0].ended_date, Date::ymd(2025, 11, 20));
    EXPECT_EQ(plans[0].newest().content.activities[0], "Walk");
    EXPECT_EQ(plans[0].version, 2);
  });
}

TEST_P(FhirImport, SecondOpenEpisodeIsRejected) {
  auto episode = [](const std::string& id) {
    return R"({"resourceType":"EpisodeOfCare","id":")" + id +
           R"(","status":"active","patient":{"reference":"Patient/ann"},"period":{"start":"2026-01-06"}})";
  };
  Folder folder;
  folder.write("b.json", bundle({ann(), episode("1"), episode("2")}));
  auto report = fhir({folder.path()});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored.rows["episodes"], 1);
  ASSERT_EQ(report->rejected.size(), 1U);
  EXPECT_EQ(report->rejected[0].path, "Bundle.entry[2].resource");
  EXPECT_THAT(report->rejected[0].reason, HasSubstr("open episode"));
}

TEST_P(FhirImport, AbsentPathIsAnError) {
  auto report = fhir({"/nowhere/at/all"});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::bad_file);
}

}  // namespace
}  // namespace concord::exchange
