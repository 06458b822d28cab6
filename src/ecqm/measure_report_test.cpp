#include "ecqm/measure_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "ecqm/cases_for_tests.h"
#include "json/value.h"

namespace concord::ecqm {
namespace {

using testing::read_whole;

Question year_2026() { return {MeasurementPeriod::parse("2026").value(), {}}; }

PatientResult somebody(const std::string& id, bool numerator, int stratum) {
  PatientResult r;
  r.patient_id = id;
  GroupResult group;
  group[Population::initial_population] = {1, "x"};
  group[Population::denominator] = {1, "x"};
  group[Population::numerator] = {numerator ? 1 : 0, "x"};
  group.stratum = stratum;
  r.groups.push_back(group);
  r.evidence = {"Encounter/e1"};
  return r;
}

Totals::Counts counts(std::int64_t denominator, std::int64_t exclusions, std::int64_t exceptions, std::int64_t numerator) {
  Totals::Counts c;
  c.of = {denominator, denominator, exclusions, exceptions, numerator};
  return c;
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("concord-ecqm-" + std::to_string(::getpid()))) {}
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(MeasureReport, ScoreLeavesOutExclusionsAndExceptionsAndRoundsHalfUp) {
  EXPECT_EQ(score_tenths(counts(3, 0, 0, 2)), 667);
  EXPECT_EQ(score_tenths(counts(5, 1, 1, 1)), 333);
  EXPECT_EQ(score_tenths(counts(2000, 0, 0, 1)), 1);  // 0.05 % exactly: up
  EXPECT_EQ(score_tenths(counts(2001, 0, 0, 1)), 0);
  EXPECT_EQ(score_tenths(counts(4, 0, 0, 4)), 1000);
}

TEST(MeasureReport, NobodyMeasuredHasNoScore) {
  EXPECT_EQ(score_tenths(counts(0, 0, 0, 0)), std::nullopt);
  EXPECT_EQ(score_tenths(counts(2, 1, 1, 0)), std::nullopt);
  std::string text;
  append_summary(text, cms159(), year_2026(), Totals(cms159()));
  EXPECT_EQ(text.find("measureScore"), std::string::npos);
  EXPECT_NE(text.find("\"count\":0"), std::string::npos);
}

TEST(MeasureReport, IndividualReportIsTheSameBytesEveryTime) {
  std::string text;
  append_individual(text, cms2(), year_2026(), somebody("p1", true, -1));
  EXPECT_EQ(
      text,
      R"({"resourceType":"MeasureReport","id":"cms2-20260101-20261231-)" + text.substr(text.find("1231-") + 5, 32) +
          R"(","status":"complete","type":"individual","measure":")" + std::string(cms2().url) + "|" +
          std::string(cms2().version) +
          R"(","subject":{"reference":"Patient/p1"},"period":{"start":"2026-01-01","end":"2026-12-31"},"improvementNotation":{"coding":[)"
          R"({"system":"http://terminology.hl7.org/CodeSystem/measure-improvement-notation","code":"increase"}]},"group":[{"code":{"text":")" +
          std::string(cms2().groups[0].title.empty() ? cms2().title : cms2().groups[0].title) +
          R"("},"population":[{"code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-population","code":"initial-population"}]},"count":1},)"
          R"({"code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-population","code":"denominator"}]},"count":1},)"
          R"({"code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-population","code":"denominator-exclusion"}]},"count":0},)"
          R"({"code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-population","code":"denominator-exception"}]},"count":0},)"
          R"({"code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-population","code":"numerator"}]},"count":1}]}],)"
          R"("evaluatedResource":[{"reference":"Encounter/e1"}]})");
}

TEST(MeasureReport, IdsAreShortHoldNoPatientIdAndDifferByPatient) {
  const auto id_of = [](const std::string& patient) {
    std::string text;
    append_individual(text, cms159(), year_2026(), somebody(patient, true, 1));
    const auto document = json::Document::parse(text).value();
    return std::string(document.root().find("id")->text());
  };
  const std::string long_id(64, 'a');
  EXPECT_LE(id_of(long_id).size(), 64U);
  EXPECT_EQ(id_of("MRN-12345").find("12345"), std::string::npos);
  EXPECT_NE(id_of("p1"), id_of("p2"));
  EXPECT_EQ(id_of("p1"), id_of("p1"));
}

TEST(MeasureReport, OnlyTheMeasuresOwnPopulationsAreReported) {
  EXPECT_EQ(populations_of(cms177()),
            (std::vector{Population::initial_population, Population::denominator, Population::numerator}));
  EXPECT_EQ(populations_of(cms2()).size(), 5U);
  EXPECT_EQ(populations_of(cms159()).size(), 4U);
}

TEST(MeasureReport, WriterLeavesOutWhoCouldNotBeReadAndWritesListsWithoutEmptyEntries) {
  const Folder folder;
  auto writer = ReportWriter::open(folder.path() / "deep", cms159(), year_2026());
  ASSERT_TRUE(writer) << writer.error().text;
  Totals totals(cms159());
  PatientResult unreadable;
  unreadable.patient_id = "p0";
  unreadable.errors = {{"p0.json", "no Patient"}};
  for (const auto& r : {somebody("p1", true, 0), unreadable, somebody("p2", false, 1)}) {
    ASSERT_TRUE(writer->add(r));
    totals.add(r);
  }
  ASSERT_TRUE(writer->finish(totals));
  const auto deep = folder.path() / "deep";
  const std::string individual = read_whole(deep / "cms159-individual.ndjson");
  EXPECT_EQ(std::count(individual.begin(), individual.end(), '\n'), 2);
  const auto list_of = [&](const std::string& population) {
    const std::string text =
        read_whole(deep / ("cms159-list-" + std::string(cms159().groups[0].id) + "-" + population + ".json"));
    const auto document = json::Document::parse(text).value();
    const auto* entries = document.root().find("entry");
    return entries == nullptr ? -1 : static_cast<int>(entries->items().size());
  };
  EXPECT_EQ(list_of("denominator"), 2);
  EXPECT_EQ(list_of("numerator"), 1);
  EXPECT_EQ(list_of("denominator-exclusion"), -1);  // FHIR knows no empty list
  EXPECT_NE(read_whole(deep / "cms159-summary.json").find("\"measureScore\":{\"value\":50,"), std::string::npos);
  EXPECT_NE(read_whole(deep / "cms159-subject-list.json").find("List/cms159-20260101-20261231-1-numerator"), std::string::npos);
}

TEST(MeasureReport, FolderThatCannotBeMadeIsAnErrorWithItsOption) {
  const auto writer = ReportWriter::open("/dev/null/reports", cms159(), year_2026());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::bad_file);
  EXPECT_EQ(writer.error().issues.at(0).path, "--out");
}

}  // namespace
}  // namespace concord::ecqm
