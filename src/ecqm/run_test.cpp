// Where records lie, and what happens to those that cannot be used.
#include "ecqm/run.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecqm/listing.h"
#include "ecqm/made_up.h"
#include "support/temporary_folder.h"

namespace concord::ecqm {
namespace {

namespace fs = std::filesystem;

class Run : public ::testing::Test {
 protected:
  static const Terms& terms() {
    static const Terms loaded = [] {
      testing::TemporaryFolder folder;
      EXPECT_TRUE(write_made_up_value_sets(folder.path(), cms2()));
      auto read = Terms::load(folder.path(), cms2().terms);
      EXPECT_TRUE(read) << read.error().text;
      return std::move(*read);
    }();
    return loaded;
  }
  static std::string patient(std::uint64_t number) {
    std::string text;
    append_made_up_patient(text, number);
    return text;
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  /// The JSON of a run, with every patient.
  std::string listing(const fs::path& path, const RunOptions& options = {}) {
    JsonListing list(cms2(), question_);
    std::string out;
    list.head(out);
    results_.clear();
    const auto summary = run(cms2(), terms(), path, question_, options, [&](const PatientResult& result) -> Result<void> {
      list.patient(out, result);
      results_.push_back(result);
      return {};
    });
    if (!summary)
      return summary.error().issues.empty() ? summary.error().text
                                            : summary.error().issues[0].path + " " + summary.error().issues[0].text;
    summary_ = *summary;
    list.tail(out, *summary);
    return out;
  }
  std::string listing(const RunOptions& options = {}) { return listing(folder_.path(), options); }
  /// Without where the patients were read from.
  static std::string without_sources(std::string text) {
    for (std::size_t at = text.find("\"source\":\""); at != std::string::npos; at = text.find("\"source\":\"", at))
      text.erase(at, text.find('"', at + 10) + 2 - at);
    return text;
  }

  testing::TemporaryFolder folder_;
  Question question_{*MeasurementPeriod::parse("2026"), {}};
  std::vector<PatientResult> results_;
  RunSummary summary_{Totals(cms2())};
};

TEST_F(Run, BundlesFoldersAndNdjsonGiveTheSame) {
  constexpr int kPatients = 15;
  ASSERT_TRUE(write_made_up_bundles(folder_.path() / "bundles", kPatients));
  ASSERT_TRUE(write_made_up_ndjson(folder_.path() / "lines", kPatients));
  for (int i = 0; i < kPatients; ++i) {
    // A folder a patient, a file a resource: cut from the text of the bundle.
    const std::string text = patient(static_cast<std::uint64_t>(i));
    std::size_t at = text.find("\"resource\":");
    for (int r = 0; at != std::string::npos; ++r) {
      const std::size_t from = at + 11, next = text.find("},{\"fullUrl\"", from);
      const std::size_t to = next == std::string::npos ? text.size() - 3 : next;
      write("folders/" + std::to_string(1000 + i) + "/" + std::to_string(100 + r) + ".json", text.substr(from, to - from));
      at = next == std::string::npos ? next : text.find("\"resource\":", next);
    }
  }
  const auto bundles = without_sources(listing(folder_.path() / "bundles"));
  EXPECT_EQ(summary_.totals.patients, kPatients);
  EXPECT_EQ(summary_.totals.errors, 0);
  EXPECT_GT(summary_.totals.groups[0].all[Population::numerator], 0);
  EXPECT_EQ(without_sources(listing(folder_.path() / "folders")), bundles);
  EXPECT_EQ(without_sources(listing(folder_.path() / "lines")), bundles);
  // Resource files of all patients in one folder.
  fs::create_directories(folder_.path() / "loose");
  for (const auto& one : fs::directory_iterator(folder_.path() / "folders"))
    for (const auto& file : fs::directory_iterator(one.path()))
      fs::copy_file(file.path(),
                    folder_.path() / "loose" / (one.path().filename().string() + "-" + file.path().filename().string()));
  EXPECT_EQ(without_sources(listing(folder_.path() / "loose")), bundles);
}

TEST_F(Run, NdjsonThroughTemporaryFilesGivesTheSameInAnyPieces) {
  ASSERT_TRUE(write_made_up_ndjson(folder_.path(), 150));
  const auto whole = listing();
  for (const std::uint64_t bytes : {100'000ULL, 300'000ULL}) {
    RunOptions options;
    options.grouping_bytes = bytes;
    EXPECT_EQ(listing(options), whole) << bytes;
  }
  EXPECT_EQ(summary_.totals.patients, 150);
}

TEST_F(Run, ThreadsChangeNothing) {
  ASSERT_TRUE(write_made_up_bundles(folder_.path() / "a", 300));
  write("b.ndjson", patient(1000) + "\n" + patient(1001) + "\n");
  write("a/00000/broken.json", "{");
  const auto one = listing();
  RunOptions options;
  options.jobs = 4;
  EXPECT_EQ(listing(options), one);
  EXPECT_EQ(summary_.totals.patients, 302);
  EXPECT_EQ(summary_.totals.errors, 1);
}

TEST_F(Run, ALineMayBeAWholeBundle) {
  write("all.ndjson", patient(1) + "\n\n" + patient(2));
  listing();
  ASSERT_EQ(results_.size(), 2U);
  EXPECT_EQ(results_[0].source, "all.ndjson:1");
  EXPECT_EQ(results_[1].source, "all.ndjson:3");
}

TEST_F(Run, OneBundleFileIsOnePatient) {
  write("p.json", patient(7));
  listing(folder_.path() / "p.json");
  ASSERT_EQ(results_.size(), 1U);
  EXPECT_EQ(results_[0].patient_id, "made-up-0000007");
}

TEST_F(Run, APathThatIsNotThereOrHoldsNothingIsAnError) {
  EXPECT_NE(listing(folder_.path() / "none").find("does not exist"), std::string::npos);
  EXPECT_NE(listing().find("holds no JSON or NDJSON file"), std::string::npos);
}

TEST_F(Run, ARecordThatCannotBeUsedIsAnErrorNeverDropped) {
  write("a.json", patient(1));
  write("b.json", "not json");
  write("c.json", R"({"resourceType":"Bundle","entry":[]})");
  std::string stranger = patient(2);
  stranger.replace(stranger.find("Patient/made-up-0000002\",\"display"), 23, "Patient/made-up-0000009");
  write("d.json", stranger);
  std::string no_date = patient(3);
  const auto at = no_date.find("\"onsetDateTime\":\"") + 17;
  no_date.replace(at, 4, "last");
  write("e.json", no_date);
  write("f.json", patient(1));
  write("g.json", R"({"resourceType":"Encounter","id":"x"})");
  write("h.json", R"({"resourceType":"MeasureReport","id":"x"})");
  listing();
  ASSERT_EQ(results_.size(), 7U);
  const auto said = [&](std::size_t i) {
    return results_[i].errors.empty() ? "" : results_[i].errors[0].path + ": " + results_[i].errors[0].text;
  };
  EXPECT_EQ(said(0), "");
  EXPECT_EQ(said(1), "b.json: The text is not valid JSON in UTF-8, at byte 0.");
  EXPECT_EQ(said(2), "c.json: holds no Patient resource");
  EXPECT_NE(said(3).find("d.json: Bundle.entry["), std::string::npos) << said(3);
  EXPECT_NE(said(3).find("subject.reference: names another patient"), std::string::npos) << said(3);
  EXPECT_NE(said(5).find("read already from another file"), std::string::npos) << said(5);
  EXPECT_NE(said(6).find("g.json: is a single Encounter"), std::string::npos) << said(6);
  EXPECT_EQ(summary_.totals.patients + summary_.totals.errors, 7);
}

TEST_F(Run, ValueSetsBesideTheRecordsAreNoRecords) {
  write("records/a.json", patient(1));
  ASSERT_TRUE(write_made_up_value_sets(folder_.path() / "valuesets", cms2()));
  write("sets.json", R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ValueSet","id":"v"}}]})");
  listing();
  EXPECT_EQ(summary_.totals.patients, 1);
  EXPECT_EQ(summary_.totals.errors, 0);
}

TEST_F(Run, ABadLineOfNdjsonIsNamedByFileAndLine) {
  ASSERT_TRUE(write_made_up_ndjson(folder_.path(), 3));
  {
    std::ofstream more(folder_.path() / "Encounter.ndjson", std::ios::app);
    more << "{\"resourceType\":\"Encounter\",\"id\":\"e\"\n";
    more << "{\"resourceType\":\"Encounter\",\"id\":\"e\"}\n";
    more << "{\"resourceType\":\"Encounter\",\"subject\":{\"reference\":\"Patient/nobody\"}}\n";
    more << "{\"resourceType\":\"Encounter\",\"subject\":{\"reference\":\"Patient/made-up-0000001\"},\"type\":[\n";
  }
  const auto text = listing();
  EXPECT_EQ(summary_.totals.patients, 2) << text;
  EXPECT_EQ(summary_.totals.errors, 4);
  for (const char* words : {"names no patient (subject.reference is missing)", "is not a JSON object",
                            "holds no Patient resource", "The JSON text ends too early"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST_F(Run, ASinkThatFailsEndsTheRun) {
  ASSERT_TRUE(write_made_up_bundles(folder_.path(), 200));
  for (const unsigned jobs : {1U, 3U}) {
    RunOptions options;
    options.jobs = jobs;
    int seen = 0;
    const auto summary = run(cms2(), terms(), folder_.path(), question_, options, [&](const PatientResult&) -> Result<void> {
      if (++seen == 70) return fail(ErrorCode::bad_file, "The disk is full.");
      return {};
    });
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().text, "The disk is full.");
    EXPECT_EQ(seen, 70);
  }
}

TEST_F(Run, TheTableNamesPopulationsRateAndReasons) {
  ASSERT_TRUE(write_made_up_bundles(folder_.path(), 60));
  listing();
  const auto table = summary_table(cms2(), question_, summary_);
  for (const char* words :
       {"Screening for depression and follow-up plan (cms2, FHIR version 1.0.000)", "2026-01-01 to 2026-12-31, 60 patients",
        "denominator-exception", "rate ", "Not in the numerator", "not screened with the tool for the age"})
    EXPECT_NE(table.find(words), std::string::npos) << words << "\n" << table;
}

TEST(Period, IsAYearOrTwoDates) {
  EXPECT_EQ(MeasurementPeriod::parse("2026")->to, Date::ymd(2026, 12, 31));
  EXPECT_EQ(MeasurementPeriod::parse("2025-07-01/2026-06-30")->from, Date::ymd(2025, 7, 1));
  for (const char* wrong : {"", "26", "2026-01", "2026-01-01", "2026-12-31/2026-01-01", "2026-01-01/x"})
    EXPECT_FALSE(MeasurementPeriod::parse(wrong)) << wrong;
}

TEST(Totals, AreSumsOfStandings) {
  PatientResult in, out, wrong;
  in.groups.resize(1);
  in.groups[0].stratum = 1;
  for (const Population p : {Population::initial_population, Population::denominator, Population::numerator})
    in.groups[0][p] = {1, "yes"};
  out.groups.resize(1);
  for (const Population p : {Population::initial_population, Population::denominator, Population::denominator_exclusion})
    out.groups[0][p] = {1, "yes"};
  out.groups[0][Population::numerator] = {0, "excluded"};
  wrong.errors.push_back({"a", "b"});
  Totals totals(cms159()), more(cms159());
  totals.add(in);
  totals.add(out);
  more.add(wrong);
  more.add(in);
  totals.add(more);
  const auto& group = totals.groups[0];
  EXPECT_EQ(group.all[Population::denominator], 3);
  EXPECT_EQ(group.all.measured(), 2);
  EXPECT_EQ(group.strata[1][Population::numerator], 2);
  EXPECT_EQ(group.strata[0][Population::denominator], 0);
  EXPECT_EQ(totals.patients, 3);
  EXPECT_EQ(totals.errors, 1);
  EXPECT_EQ(group.reasons.at({Population::numerator, false, "excluded"}), 1);
}

}  // namespace
}  // namespace concord::ecqm
