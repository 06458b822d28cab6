#include "ecqm/reader.h"

#include <gtest/gtest.h>

#include "ecqm/measure.h"

namespace concord::ecqm {
namespace {

enum Term : unsigned { kCode, kOther, kReason };

Terms terms() {
  Terms all = Terms::of({});
  all.add(kCode, "http://x", "a");
  all.add(kOther, "http://x", "b");
  all.add(kReason, "http://x", "r");
  return all;
}

constexpr std::string_view kA = R"({"coding":[{"system":"http://y","code":"a"},{"system":"http://x","code":"a"}]})";

class Record : public ::testing::Test {
 protected:
  const Facts* read(const std::string& resources,
                    const std::string& patient = R"({"resourceType":"Patient","id":"p","birthDate":"2000-02-29"})") {
    const std::string text = R"({"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:pp","resource":)" + patient + "}" +
                             (resources.empty() ? "" : "," + resources) + "]}";
    auto document = json::Document::parse(text);
    EXPECT_TRUE(document) << text;
    document_ = std::move(*document);
    reader_.begin();
    reader_.add(document_.root(), "p.json");
    return reader_.finish("p.json");
  }
  static std::string entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }
  static std::string with_code(const std::string& type, const std::string& members) {
    return entry(R"({"resourceType":")" + type + R"(","id":"r1","subject":{"reference":"Patient/p"},"code":)" + std::string(kA) +
                 "," + members + "}");
  }
  std::string first_issue() const {
    return reader_.issues().empty() ? "" : reader_.issues()[0].path + ": " + reader_.issues()[0].text;
  }

  Terms terms_ = terms();
  PatientReader reader_{terms_};
  json::Document document_;
};

TEST_F(Record, WhatHasNoCodeOfTheMeasureLeavesNoTrace) {
  const Facts* facts = read(entry(R"({"resourceType":"Observation","code":{"coding":[{"system":"http://y","code":"a"}]}})"));
  ASSERT_NE(facts, nullptr) << first_issue();
  EXPECT_TRUE(facts->observations.empty());
  EXPECT_EQ(facts->patient_id, "p");
  EXPECT_EQ(facts->birth.day, Date::ymd(2000, 2, 29));
}

TEST_F(Record, ObservationKeepsCodeStatusTimesValueAndReason) {
  const Facts* facts = read(
      with_code("Observation",
                R"("meta":{"profile":["http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-observationcancelled|6.0.0"]},
      "status":"cancelled","effectivePeriod":{"start":"2026-03-01"},"issued":"2026-03-01T10:00:00Z","valueQuantity":{"value":9.5},
      "extension":[{"url":"http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason","valueCodeableConcept":{"coding":[{"system":"http://x","code":"r"}]}}])"));
  ASSERT_NE(facts, nullptr) << first_issue();
  const Observation& o = facts->observations.at(0);
  EXPECT_EQ(o.id, "r1");
  EXPECT_EQ(o.code, bit(kCode));
  EXPECT_EQ(o.status, Code::cancelled);
  EXPECT_EQ(o.profiles, kProfileCancelled);
  EXPECT_EQ(o.effective.high_edge, Span::Edge::unbounded);
  EXPECT_TRUE(o.issued.has_time());
  EXPECT_EQ(o.value_kind, ValueKind::number);
  EXPECT_EQ(o.number, 9.5);
  EXPECT_EQ(o.not_done_reason, bit(kReason));
}

TEST_F(Record, AValueMayBeANumberAConceptOrSomethingElse) {
  EXPECT_EQ(read(with_code("Observation", R"("valueInteger":0)"))->observations[0].value_kind, ValueKind::number);
  const Facts* facts = read(with_code("Observation", R"("valueCodeableConcept":{"coding":[{"system":"http://x","code":"b"}]})"));
  EXPECT_EQ(facts->observations[0].value, bit(kOther));
  EXPECT_EQ(facts->observations[0].value_kind, ValueKind::concept_value);
  EXPECT_EQ(read(with_code("Observation", R"("valueString":"12")"))->observations[0].value_kind, ValueKind::other);
  EXPECT_EQ(read(with_code("Observation", R"("status":"final")"))->observations[0].value_kind, ValueKind::none);
}

TEST_F(Record, EncounterKnowsItsPeriodDischargeAndDiagnoses) {
  const Facts* facts = read(
      entry(
          R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"http://x","code":"b"}]}})") +
      "," +
      entry(
          R"({"resourceType":"Encounter","id":"e1","status":"finished","subject":{"reference":"https://ehr.example.org/fhir/Patient/p/_history/3"},
        "type":[{"coding":[{"system":"http://x","code":"a"}]}],"period":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T10:30:00Z"},
        "reasonCode":[{"coding":[{"system":"http://x","code":"r"}]}],"reasonReference":[{"reference":"Condition/none"}],
        "diagnosis":[{"condition":{"reference":"Condition/c1"}}],
        "hospitalization":{"dischargeDisposition":{"coding":[{"system":"http://x","code":"b"}]}}})"));
  ASSERT_NE(facts, nullptr) << first_issue();
  const Encounter& e = facts->encounters.at(0);
  EXPECT_EQ(e.type, bit(kCode));
  EXPECT_EQ(e.status, Code::finished);
  EXPECT_EQ(e.reason, bit(kReason));
  EXPECT_EQ(e.diagnosis, bit(kOther));
  EXPECT_EQ(e.reason_reference, 0U);
  EXPECT_EQ(e.discharge, bit(kOther));
  EXPECT_EQ(iso(e.period.high), "2026-03-01T10:30:00Z");
}

TEST_F(Record, ConditionKindComesFromItsCategory) {
  const auto kind = [&](const std::string& code) {
    return read(with_code("Condition", R"("category":[{"coding":[{"code":")" + code + R"("}]}])"))->conditions.at(0).kind;
  };
  EXPECT_EQ(kind("problem-list-item"), ConditionKind::problem_list);
  EXPECT_EQ(kind("health-concern"), ConditionKind::problem_list);
  EXPECT_EQ(kind("encounter-diagnosis"), ConditionKind::encounter_diagnosis);
  EXPECT_EQ(kind("sdoh"), ConditionKind::unstated);
}

TEST_F(Record, PrevalenceRunsFromOnsetToAbatement) {
  const auto of = [&](const std::string& status, const std::string& more) {
    return prevalence(
        read(with_code(
                 "Condition",
                 R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":")" +
                     status + R"("}]})" + more))
            ->conditions.at(0),
        false);
  };
  const std::string onset = R"(,"onsetDateTime":"2020-01-01")";
  EXPECT_EQ(of("active", onset).high_edge, Span::Edge::unbounded);
  EXPECT_FALSE(of("inactive", onset).exists);
  EXPECT_FALSE(of("resolved", onset).exists);
  EXPECT_TRUE(of("relapse", onset).exists);
  EXPECT_EQ(of("resolved", onset + R"(,"abatementDateTime":"2025-05-01")").high.day, Date::ymd(2025, 5, 1));
  EXPECT_EQ(of("active", onset + R"(,"abatementDateTime":"2025-05-01")").high.day, Date::ymd(2025, 5, 1));
  EXPECT_EQ(of("resolved", onset + R"(,"abatementPeriod":{"start":"2025-05-01","end":"2025-05-10"})").high.day,
            Date::ymd(2025, 5, 9));
  EXPECT_FALSE(of("resolved", onset + R"(,"abatementString":"last spring")").exists);
  EXPECT_EQ(of("active", R"(,"onsetAge":{"value":18,"code":"a","system":"http://unitsofmeasure.org"})").low.day,
            Date::ymd(2018, 2, 28));
  EXPECT_EQ(of("resolved", onset + R"(,"abatementAge":{"value":20,"code":"a"})").high.day, Date::ymd(2021, 2, 27));
  EXPECT_EQ(of("resolved", R"(,"abatementDateTime":"2025-05-01")").low_edge, Span::Edge::unbounded);
  EXPECT_FALSE(of("active", "").exists) << "neither bound is known";
}

TEST_F(Record, AnInactiveConditionGoesOnWhenTheSwitchSaysSo) {
  const Facts* facts =
      read(with_code("Condition", R"("clinicalStatus":{"coding":[{"code":"inactive"}]},"onsetDateTime":"2020-01-01")"));
  EXPECT_FALSE(prevalence(facts->conditions[0], false).exists);
  EXPECT_TRUE(prevalence(facts->conditions[0], true).exists);
}

TEST_F(Record, VerifiedMeansAbsentConfirmedUnconfirmedProvisionalOrDifferential) {
  const auto verified = [&](const std::string& code) {
    return is_verified(
        read(
            with_code(
                "Condition",
                R"("verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":")" +
                    code + R"("}]})"))
            ->conditions.at(0));
  };
  for (const char* yes : {"confirmed", "unconfirmed", "provisional", "differential"}) EXPECT_TRUE(verified(yes)) << yes;
  for (const char* no : {"refuted", "entered-in-error", "something"}) EXPECT_FALSE(verified(no)) << no;
  EXPECT_TRUE(is_verified(read(with_code("Condition", R"("onsetDateTime":"2020")"))->conditions.at(0)));
}

TEST_F(Record, SupplyOfAnOrderIsDaysTimesFillsFromItsFirstDay) {
  const auto supply = [&](const std::string& more) {
    return read(
               entry(
                   R"({"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","subject":{"reference":"Patient/p"},
      "medicationCodeableConcept":)" +
                   std::string(kA) + R"(,"authoredOn":"2026-03-01T10:00:00Z")" + more + "}"))
        ->medication_requests.at(0)
        .supplied();
  };
  const auto last = [&](const std::string& more) { return supply(more).high.day; };
  EXPECT_EQ(last(R"(,"dispenseRequest":{"expectedSupplyDuration":{"value":30,"code":"d"}})"), Date::ymd(2026, 3, 30));
  EXPECT_EQ(last(R"(,"dispenseRequest":{"expectedSupplyDuration":{"value":2,"unit":"weeks"},"numberOfRepeatsAllowed":1})"),
            Date::ymd(2026, 3, 28));
  const std::string dose = R"("doseAndRate":[{"doseQuantity":{"value":2}}])";
  EXPECT_EQ(
      last(
          R"(,"dispenseRequest":{"quantity":{"value":60}},"dosageInstruction":[{"timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d"}},)" +
          dose + "}]"),
      Date::ymd(2026, 3, 30));
  EXPECT_EQ(
      last(
          R"(,"dispenseRequest":{"quantity":{"value":60}},"dosageInstruction":[{"timing":{"repeat":{"timeOfDay":["08:00:00","20:00:00"]}},)" +
          dose + "}]"),
      Date::ymd(2026, 3, 15));
  EXPECT_EQ(last(R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"start":"2026-03-05","end":"2026-04-05"}}}}])"),
            Date::ymd(2026, 4, 5));
  EXPECT_EQ(supply(R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"start":"2026-03-05","end":"2026-04-05"}}}}])")
                .low.day,
            Date::ymd(2026, 3, 5));
  EXPECT_FALSE(supply("").exists);
  EXPECT_FALSE(supply(R"(,"dispenseRequest":{"quantity":{"value":60}},"dosageInstruction":[{)" + dose + "}]").exists)
      << "no frequency";
}

TEST_F(Record, AMedicationMayStandBesideOrInsideItsOrder) {
  const Facts* facts = read(
      R"({"fullUrl":"urn:uuid:m1","resource":{"resourceType":"Medication","code":)" + std::string(kA) + "}}," +
      entry(R"({"resourceType":"MedicationRequest","id":"1","medicationReference":{"reference":"urn:uuid:m1"}})") + "," +
      entry(
          R"({"resourceType":"MedicationDispense","id":"2","medicationReference":{"reference":"#in"},"whenHandedOver":"2026-03-01","daysSupply":{"value":10,"unit":"days"},
        "contained":[{"resourceType":"Medication","id":"in","code":{"coding":[{"system":"http://x","code":"b"}]}}]})"));
  ASSERT_NE(facts, nullptr) << first_issue();
  EXPECT_EQ(facts->medication_requests.at(0).medication, bit(kCode));
  EXPECT_EQ(facts->medication_dispenses.at(0).medication, bit(kOther));
  EXPECT_EQ(facts->medication_dispenses.at(0).supplied().high.day, Date::ymd(2026, 3, 10));
}

TEST_F(Record, AgeOfAPartialBirthDateIsARange) {
  const auto birth = parse_moment("2014-03").value();
  EXPECT_EQ(age_on(birth, Date::ymd(2026, 3, 15))->least, 11);
  EXPECT_EQ(age_on(birth, Date::ymd(2026, 3, 15))->most, 12);
  EXPECT_TRUE(age_on(birth, Date::ymd(2026, 4, 1))->at_least(12));
  EXPECT_FALSE(age_on(Moment{}, Date::ymd(2026, 4, 1)));
  EXPECT_EQ(age_on(Moment::of(Date::ymd(2012, 2, 29)), Date::ymd(2025, 2, 28))->least, 12);
}

TEST_F(Record, DeathHasADateOrOnlyIs) {
  EXPECT_EQ(read("", R"({"resourceType":"Patient","id":"p","deceasedDateTime":"2026-05-01T10:00:00Z"})")->died.day,
            Date::ymd(2026, 5, 1));
  const Facts* facts = read("", R"({"resourceType":"Patient","id":"p","deceasedBoolean":true})");
  EXPECT_TRUE(facts->deceased);
  EXPECT_FALSE(facts->died.present());
}

// What is wrong is named with file and path, and the patient is refused.

TEST_F(Record, ADateThatIsNoneIsNamed) {
  EXPECT_EQ(read(with_code("Observation", R"("effectiveDateTime":"03/01/2026")")), nullptr);
  EXPECT_EQ(first_issue().substr(0, 61), "p.json: Bundle.entry[1].resource.effectiveDateTime: is not a ");
  EXPECT_EQ(read("", R"({"resourceType":"Patient","id":"p","birthDate":"1980-02-30"})"), nullptr);
  EXPECT_NE(first_issue().find("Bundle.entry[0].resource.birthDate"), std::string::npos);
}

TEST_F(Record, AResourceOfAnotherPatientIsNamed) {
  EXPECT_EQ(read(with_code("Observation", R"("status":"final")") + "," +
                 entry(R"({"resourceType":"Encounter","subject":{"reference":"Patient/q"}})")),
            nullptr);
  EXPECT_NE(first_issue().find("Bundle.entry[2].resource.subject.reference: names another patient"), std::string::npos)
      << first_issue();
}

TEST_F(Record, TheSubjectMayBeTheFullUrlOfThePatient) {
  EXPECT_NE(read(entry(R"({"resourceType":"Encounter","subject":{"reference":"urn:uuid:pp"}})")), nullptr) << first_issue();
}

TEST_F(Record, NoPatientAndTwoPatientsAreRefused) {
  auto document = json::Document::parse(R"({"resourceType":"Bundle","entry":[]})");
  reader_.begin();
  reader_.add(document->root(), "p.json");
  EXPECT_EQ(reader_.finish("p.json"), nullptr);
  EXPECT_EQ(first_issue(), "p.json: holds no Patient resource");
  EXPECT_EQ(read(entry(R"({"resourceType":"Patient","id":"q"})")), nullptr);
  EXPECT_NE(first_issue().find("second Patient"), std::string::npos);
}

TEST(Skim, TellsTypeAndOwnerWithoutReadingAll) {
  const auto found = skim(
      R"({"text":{"div":"\"subject\":{}}"},"resourceType":"Encounter","id":"e","subject":{"display":"x","reference":"Patient/7"},"x":1})",
      SkimFor::owner);
  EXPECT_EQ(found.type, "Encounter");
  EXPECT_EQ(tail_of(found.subject), "7");
  EXPECT_EQ(skim(R"([{"resourceType":"Encounter"}])", SkimFor::end).is_object, false);
  EXPECT_EQ(skim(R"({"resourceType":"Encounter","id":)", SkimFor::end).size, 0U);
  EXPECT_EQ(skim("{\"a\":1}\n{\"b\":2}", SkimFor::end).size, 7U);
  EXPECT_EQ(tail_of("Patient/7/_history/2"), "7");
  EXPECT_EQ(tail_of("urn:uuid:abc"), "abc");
}

}  // namespace
}  // namespace concord::ecqm
