// The AIMS set and the HEDIS-like figures of their golden clinics (tests/golden/aims, tests/golden/hedis): every patient stands
// where a person put them, and the report is the same to the byte.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "app/measures_from_csv.h"
#include "base/table_reader.h"
#include "json/data_files.h"
#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/program_figures.h"
#include "measures/program_words.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;

fs::path source() { return CONCORD_SOURCE_DIR; }
std::string read_text(const fs::path& path) {
  const auto text = json::read_file(path);
  EXPECT_TRUE(text) << path;
  return text.value_or("");
}

/// One line of standings.csv.
struct ByHand {
  std::string patient, figure, why, share;
};
std::vector<ByHand> standings(const std::string& set) {
  const std::string text = read_text(source() / "tests/golden" / set / "standings.csv");
  auto table = TableReader::open(text, "standings.csv");
  EXPECT_TRUE(table);
  const bool has_share = set == "aims";
  const auto columns =
      has_share ? table->require({"patient_id", "figure", "why", "share"}) : table->require({"patient_id", "figure", "why"});
  EXPECT_TRUE(columns);
  std::vector<ByHand> lines;
  while (table->next()) {
    const auto cell = [&](std::size_t i) { return std::string(table->cell((*columns)[i])); };
    lines.push_back({cell(0), cell(1), cell(2), has_share ? cell(3) : ""});
  }
  return lines;
}

class ProgramFigures : public ::testing::Test {
 protected:
  measures::Clinic golden(const std::string& set) const {
    auto read = clinic_from_csv(source() / "tests/golden" / set / "clinic", library_, facts_rules_);
    EXPECT_TRUE(read) << (read ? "" : read.error().text);
    return std::move(read->clinic);
  }
  static std::string rule_set(const std::string& name) { return read_text(source() / "rulesets" / (name + ".json")); }

  const instruments::Library library_ = std::move(instruments::load_library(source() / "instruments").value());
  const measures::NysRules facts_rules_ = std::move(measures::load_nys_rules(rule_set("nys-omh-2025"), library_).value());
};

TEST_F(ProgramFigures, EveryPatientOfTheAimsClinicStandsWhereTheyWerePutByHand) {
  const auto rules = std::move(measures::load_aims_rules(rule_set("aims-2026")).value());
  const auto report = measures::aims_report(golden("aims"), rules, *measures::ReportPeriod::quarter("2026-Q1"));
  std::map<std::string, const measures::AimsLine*> lines;  // the later episode of a patient
  for (const auto& line : report.lines) lines[line.patient_id] = &line;
  std::set<std::string> checked;
  for (const auto& by_hand : standings("aims")) {
    SCOPED_TRACE(by_hand.patient + " in " + by_hand.figure);
    ASSERT_TRUE(lines.contains(by_hand.patient));
    bool known = false;
    for (std::size_t f = 0; f < measures::kAimsFigures; ++f) {
      if (info(static_cast<measures::AimsFigure>(f)).id != by_hand.figure) continue;
      known = true;
      const auto& share = lines[by_hand.patient]->shares[f];
      EXPECT_EQ(share.reason, by_hand.why);
      if (!by_hand.share.empty()) {
        EXPECT_EQ(std::to_string(share.numerator) + "/" + std::to_string(share.denominator), by_hand.share);
      }
    }
    EXPECT_TRUE(known) << "no such figure";
    checked.insert(by_hand.patient);
  }
  EXPECT_EQ(checked.size(), 76u);
  EXPECT_FALSE(lines.contains("a43")) << "enrolled after the quarter";
}

TEST_F(ProgramFigures, TheAimsClinicGivesTheGoldenReportToTheByte) {
  const auto rules = std::move(measures::load_aims_rules(rule_set("aims-2026")).value());
  const auto report = measures::aims_report(golden("aims"), rules, *measures::ReportPeriod::quarter("2026-Q1"));
  EXPECT_EQ(measures::aims_json(report, rules), read_text(source() / "tests/golden/aims/2026-Q1.json"));
}

TEST_F(ProgramFigures, EveryPatientOfTheHedisClinicStandsWhereTheyWerePutByHand) {
  const auto rules = std::move(measures::load_hedis_rules(rule_set("hedis-my2026")).value());
  const auto report = measures::hedis_report(golden("hedis"), rules, *measures::ReportPeriod::year("2026"));
  std::map<std::string, const measures::HedisLine*> lines;
  for (const auto& line : report.lines) lines[line.patient_id] = &line;
  std::set<std::string> checked;
  for (const auto& by_hand : standings("hedis")) {
    SCOPED_TRACE(by_hand.patient + " in " + by_hand.figure);
    ASSERT_TRUE(lines.contains(by_hand.patient));
    bool known = false;
    for (std::size_t f = 0; f < measures::kHedisFigures; ++f) {
      if (info(static_cast<measures::HedisFigure>(f)).id != by_hand.figure) continue;
      known = true;
      EXPECT_EQ(lines[by_hand.patient]->standings[f].reason, by_hand.why);
    }
    EXPECT_TRUE(known) << "no such figure";
    checked.insert(by_hand.patient);
  }
  EXPECT_EQ(checked.size(), 68u);
  EXPECT_FALSE(lines.contains("h09")) << "not visited in the year";
  EXPECT_FALSE(lines.contains("h10")) << "visited the day before the year";
}

TEST_F(ProgramFigures, EveryReasonHasWordsInBothLanguages) {
  const auto aims = std::move(measures::load_aims_rules(rule_set("aims-2026")).value());
  const auto hedis = std::move(measures::load_hedis_rules(rule_set("hedis-my2026")).value());
  std::set<std::string_view> codes;
  const auto take = [&](const measures::ProgramFigures& program) {
    for (const auto& line : program.lines)
      for (const auto& place : line.places)
        if (!place.why.empty()) codes.insert(place.why);
  };
  take(measures::program_figures(measures::aims_report(golden("aims"), aims, *measures::ReportPeriod::quarter("2026-Q1"))));
  take(measures::program_figures(measures::hedis_report(golden("hedis"), hedis, *measures::ReportPeriod::year("2026"))));
  EXPECT_GT(codes.size(), 60u);
  for (const auto code : codes) {
    EXPECT_NE(measures::program_reason_words(code, "es"), code);
    EXPECT_NE(measures::program_reason_words(code, "es"), measures::program_reason_words(code, "en")) << code;
  }
}

TEST_F(ProgramFigures, TheHedisClinicGivesTheGoldenReportToTheByte) {
  const auto rules = std::move(measures::load_hedis_rules(rule_set("hedis-my2026")).value());
  const auto report = measures::hedis_report(golden("hedis"), rules, *measures::ReportPeriod::year("2026"));
  EXPECT_EQ(measures::hedis_json(report, rules), read_text(source() / "tests/golden/hedis/2026.json"));
}

}  // namespace
}  // namespace concord::app
