#include "app/measures_from_csv.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/table_reader.h"
#include "json/value.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;

fs::path source() { return CONCORD_SOURCE_DIR; }

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

measures::NysReport march(const instruments::Library& library, const measures::NysRules& rules) {
  const auto read = clinic_from_csv(source() / "tests/golden/nys/clinic", library, rules);
  EXPECT_TRUE(read) << (read ? "" : read.error().text);
  return measures::nys_report(read->clinic, rules, *measures::ReportMonth::parse("2026-03"));
}

class ProgramReport : public ::testing::Test {
 protected:
  const instruments::Library library_ = std::move(instruments::load_library(source() / "instruments").value());
  const measures::NysRules rules_ =
      std::move(measures::load_nys_rules(read_text(source() / "rulesets/nys-omh-2025.json"), library_).value());
};

TEST_F(ProgramReport, EveryPatientOfTheGoldenClinicStandsWhereTheyWerePutByHand) {
  const auto report = march(library_, rules_);
  std::map<std::string, const measures::NysLine*> lines;  // the later episode of a patient
  for (const auto& line : report.lines) lines[line.patient_id] = &line;
  std::map<std::string, const measures::ScreeningLine*> screening;
  for (const auto& line : report.screening_lines) screening[line.patient_id] = &line;
  const std::string text = read_text(source() / "tests/golden/nys/standings.csv");
  auto table = TableReader::open(text, "standings.csv");
  ASSERT_TRUE(table);
  const auto columns = table->require({"patient_id", "metric", "why"});
  ASSERT_TRUE(columns);
  int checked = 0;
  while (table->next()) {
    const std::string patient(table->cell((*columns)[0])), metric(table->cell((*columns)[1])), why(table->cell((*columns)[2]));
    SCOPED_TRACE(patient + " in metric " + metric);
    ++checked;
    if (metric == "9" || metric == "10") {
      ASSERT_TRUE(screening.contains(patient));
      EXPECT_EQ(metric == "9" ? screening[patient]->screening.reason : screening[patient]->yield.reason, why);
    } else {
      ASSERT_TRUE(lines.contains(patient));
      EXPECT_EQ(lines[patient]->metrics[static_cast<std::size_t>(std::stoi(metric))].reason, why);
    }
  }
  EXPECT_GT(checked, 150);
  EXPECT_FALSE(lines.contains("p04")) << "enrolled after the month";
  EXPECT_FALSE(screening.contains("p56")) << "eleven years old";
}

TEST_F(ProgramReport, TheGoldenClinicGivesTheGoldenReportToTheByte) {
  EXPECT_EQ(measures::nys_json(march(library_, rules_)), read_text(source() / "tests/golden/nys/2026-03.json"));
}

TEST_F(ProgramReport, NotesSayWhichFilesAreMissingAndWhereTheOrderOfRowsDecides) {
  const fs::path folder = fs::temp_directory_path() / "concord_report_with_ties";
  fs::remove_all(folder);
  fs::copy(source() / "tests/golden/nys/clinic", folder, fs::copy_options::recursive);
  fs::remove(folder / "coverage.csv");
  const auto notes = [&] {
    const auto read = clinic_from_csv(folder, library_, rules_);
    EXPECT_TRUE(read);
    return read ? read->notes : std::vector<std::string>();
  };
  const auto before = notes();
  ASSERT_FALSE(before.empty());
  EXPECT_EQ(before[0], "coverage.csv is not in the folder: it is read as if there were no such rows");
  std::ofstream(folder / "scale_result.csv") << "result_id,patient_id,administered_date,instrument,total_score\n"
                                                "s1,p01,2026-01-20,phq-9,18\ns2,p01,2026-01-20,phq-9,12\n"
                                                "s3,p02,2026-01-21,phq-9,18\ns4,p02,2026-01-21,gad-7,12\n";
  EXPECT_EQ(notes().back(),
            "scale_result.csv: 1 patient has two different scores of one form at one time (p01, phq-9 on 2026-01-20): the order "
            "of the rows decides");
  fs::remove_all(folder);
}

TEST_F(ProgramReport, AFolderWithAMistakeIsRefusedWithFileLineAndColumn) {
  const fs::path folder = fs::temp_directory_path() / "concord_report_with_a_mistake";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "patient.csv") << "patient_id,birth_date\na,1980-01-01\n";
  std::ofstream(folder / "episode.csv") << "episode_id,patient_id,enrollment_date,primary_condition,primary_scale\n"
                                           "e1,a,2026-02-30,depression,phq-9\n";
  const auto read = clinic_from_csv(folder, library_, rules_);
  fs::remove_all(folder);
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().issues.size(), 1u);
  EXPECT_EQ(read.error().issues[0].path, "episode.csv:2:enrollment_date");
}

}  // namespace
}  // namespace concord::app
