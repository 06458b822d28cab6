#include "app/caseload_from_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/random.h"
#include "base/table_reader.h"
#include "base/text.h"
#include "caseload/criteria.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;

constexpr Date kDay = Date::ymd(2026, 3, 31);  // a Tuesday

fs::path golden() { return fs::path(CONCORD_SOURCE_DIR) / "tests/golden/csv"; }
fs::path clinic() { return golden() / "clinic"; }

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const instruments::Library& library() {
  static const instruments::Library loaded =
      std::move(instruments::load_library(fs::path(CONCORD_SOURCE_DIR) / "instruments").value());
  return loaded;
}

const caseload::RuleSet& rules() {
  static const caseload::RuleSet loaded = [] {
    auto set = std::move(caseload::load_rule_set(read_text(fs::path(CONCORD_SOURCE_DIR) / "rulesets/concord-2026.json")).value());
    caseload::add_instruments(set, library());
    return set;
  }();
  return loaded;
}

/// Text by file name.
using Files = std::map<std::string, std::string>;

/// A folder of files that goes away with the test.
class Folder {
 public:
  explicit Folder(const Files& files) {
    static int count = 0;
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string folder = "concord_" + std::string(test->name()) + "_" + std::to_string(++count);
    std::replace(folder.begin(), folder.end(), '/', '_');
    path_ = fs::path(::testing::TempDir()) / folder;
    fs::remove_all(path_);
    fs::create_directories(path_);
    for (const auto& [file, text] : files) std::ofstream(path_ / file, std::ios::binary) << text;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<CsvCaseload> list_of(const fs::path& folder, Date day = kDay,
                            std::optional<std::string_view> care_manager = std::nullopt) {
  return caseload_from_csv(folder, day, care_manager, library(), rules());
}
Result<CsvCaseload> list_of(const Files& files, Date day = kDay, std::optional<std::string_view> care_manager = std::nullopt) {
  const Folder folder(files);
  return list_of(folder.path(), day, care_manager);
}

std::string json_of(const Result<CsvCaseload>& list) {
  if (list) return caseload_json(*list, rules());
  std::string text = list.error().text;
  for (const auto& issue : list.error().issues) text += "\n" + issue.path + " " + issue.text;
  ADD_FAILURE() << text;
  return {};
}

/// One row a line, so that a difference names the patient.
std::vector<std::string> rows_of(std::string json) {
  std::erase(json, '\n');
  std::vector<std::string> rows;
  const std::string_view mark = R"({"patient_id")";
  for (std::size_t at = 0; at < json.size();) {
    const auto next = json.find(mark, at + 1);
    rows.push_back(json.substr(at, next == std::string::npos ? next : next - at));
    at = next == std::string::npos ? json.size() : next;
  }
  return rows;
}

struct Csv {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  static Csv parse(const std::string& text) {
    auto table = TableReader::open(text, "clinic").value();
    Csv csv;
    csv.header = table.header();
    while (table.next()) {
      EXPECT_FALSE(table.problem());
      auto& row = csv.rows.emplace_back();
      for (const auto cell : table.cells()) row.emplace_back(cell);
    }
    return csv;
  }
  std::string text() const {
    std::string out;
    auto line = [&](const std::vector<std::string>& cells) {
      for (std::size_t i = 0; i < cells.size(); ++i) out += (i ? "," : "") + csv_cell(cells[i]);
      out += "\n";
    };
    line(header);
    for (const auto& row : rows) line(row);
    return out;
  }
};

std::map<std::string, Csv> clinic_tables() {
  std::map<std::string, Csv> tables;
  for (const auto& entry : fs::directory_iterator(clinic()))
    if (entry.path().extension() == ".csv") tables[entry.path().filename().string()] = Csv::parse(read_text(entry.path()));
  return tables;
}

Files texts(const std::map<std::string, Csv>& tables) {
  Files files;
  for (const auto& [name, csv] : tables) files[name] = csv.text();
  return files;
}

/// One patient in active care with nothing to do; the tests below put one thing into it.
Files small() {
  return {
      {"patient.csv", "patient_id,birth_date,given_name,family_name\np1,1980-02-03,Ana,Ruiz\np2,1990-05-06,Ben,Cole\n"},
      {"episode.csv",
       "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,care_manager\n"
       "e1,p1,2026-02-24,depression,phq-9,Íris Vance\n"},
      {"contact.csv",
       "contact_id,patient_id,contact_date,staff_role,contact_kind,modality\n"
       "k1,p1,2026-03-03,bhcm,treatment,phone\n"
       "k2,p1,2026-03-10,bhcm,treatment,phone\n"
       "k3,p1,2026-03-17,bhcm,no_show,phone\n"
       "k4,p1,2026-03-18,bhcm,treatment,video\n"
       "k5,p1,2026-03-24,bhcm,message,sms\n"
       "k6,p1,2026-03-27,bhcm,treatment,phone\n"},
      {"scale_result.csv", "result_id,patient_id,administered_date,instrument,total_score\nr1,p1,2026-03-03,phq-9,14\n"},
      {"psych_review.csv", "review_id,patient_id,review_date,recommendation_documented\nv1,p1,2026-03-06,yes\n"},
      {"consent.csv", "patient_id,consent_date,kind\np1,2026-02-24,verbal\n"},
  };
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(CaseloadFromCsv, TheClinicGivesExactlyTheExpectedRows) {
  const auto expected = rows_of(read_text(golden() / "clinic.expected.json"));
  const auto got = rows_of(json_of(list_of(clinic())));
  for (std::size_t i = 0; i < std::min(expected.size(), got.size()); ++i) EXPECT_EQ(got[i], expected[i]) << "row " << i;
  EXPECT_EQ(got.size(), expected.size());
}

TEST(CaseloadFromCsv, EveryPatientOfTheClinicHasAComment) {
  const std::string comments = read_text(clinic() / "README.md");
  const auto patients = clinic_tables().at("patient.csv");
  EXPECT_GE(patients.rows.size(), 25u);
  for (const auto& row : patients.rows) EXPECT_NE(comments.find("\n| " + row[0] + " | "), std::string::npos) << row[0];
}

TEST(CaseloadFromCsv, TheClinicWalksEveryStateAndEveryRuleAFolderCanShow) {
  const std::string expected = read_text(golden() / "clinic.expected.json");
  for (const auto rule : caseload::all_rules()) {
    // The files do not hold who has looked at a self-report, drafts, questions, goals, plans, minutes toward a code, tasks;
    // and where they name no care manager, somebody may have left the name out.
    using enum caseload::Rule;
    static const std::set<caseload::Rule> kNotInFiles{
        checkin_unseen,     recommendation_unsent,   recommendation_trial, question_open, goal_review,
        education_language, plan_relapse_prevention, visit_missing,        minutes_near,  task_due,
        pathway_measure,    care_manager_missing,    message_unanswered,   community_open};
    if (kNotInFiles.contains(rule)) continue;
    EXPECT_NE(expected.find("\"rule\":\"" + std::string(caseload::name(rule)) + "\""), std::string::npos) << caseload::name(rule);
  }
  for (const std::string_view state : {"referred", "assessed", "active", "on_hold", "relapse_prevention", "closed"})
    EXPECT_NE(expected.find("\"state\":\"" + std::string(state) + "\""), std::string::npos) << state;
}

TEST(CaseloadFromCsv, TheOrderOfTheRowsInTheFilesDoesNotMatter) {
  const std::string expected = json_of(list_of(clinic()));
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Random random(seed);
    auto tables = clinic_tables();
    for (auto& [name, csv] : tables)
      for (std::size_t i = csv.rows.size(); i > 1; --i) std::swap(csv.rows[i - 1], csv.rows[random.next() % i]);
    EXPECT_EQ(json_of(list_of(texts(tables))), expected) << "seed " << seed;
  }
}

TEST(CaseloadFromCsv, TheOrderOfTheColumnsDoesNotMatter) {
  auto tables = clinic_tables();
  for (auto& [name, csv] : tables) {
    std::reverse(csv.header.begin(), csv.header.end());
    for (auto& row : csv.rows) std::reverse(row.begin(), row.end());
  }
  EXPECT_EQ(json_of(list_of(texts(tables))), json_of(list_of(clinic())));
}

TEST(CaseloadFromCsv, TenClinicsInOneFolderGiveTenTimesTheSameRows) {
  const auto one = clinic_tables();
  auto ten = one;
  for (auto& [name, csv] : ten) csv.rows.clear();
  for (int copy = 0; copy < 10; ++copy)
    for (const auto& [name, csv] : one)
      for (auto row : csv.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
          if (csv.header[i].ends_with("_id") && !row[i].empty()) row[i] += "~" + std::to_string(copy);
        ten.at(name).rows.push_back(std::move(row));
      }
  auto expected = rows_of(json_of(list_of(clinic())));
  auto got = rows_of(json_of(list_of(texts(ten))));
  ASSERT_EQ(got.size(), 1 + 10 * (expected.size() - 1));  // the first is the head
  auto bare = [](std::string row) {
    for (auto at = row.find('~'); at != std::string::npos; at = row.find('~')) row.erase(at, 2);
    while (!row.empty() && (row.back() == ',' || row.back() == '}' || row.back() == ']')) row.pop_back();
    return row;
  };
  std::map<std::string, int> counts;
  for (std::size_t i = 1; i < got.size(); ++i) ++counts[bare(got[i])];
  for (std::size_t i = 1; i < expected.size(); ++i) EXPECT_EQ(counts[bare(expected[i])], 10) << expected[i];
}

TEST(CaseloadFromCsv, ShowsOneCareManagersPeopleWithoutMindingCaseAndAccents) {
  auto files = small();
  files["episode.csv"] += "e2,p2,2026-03-24,depression,phq-9,Omar Petrov\n";
  const auto list = list_of(files, kDay, "iris VANCE");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->rows.size(), 1u);
  EXPECT_EQ(list->rows[0].given_name, "Ana");

  const auto nobody = list_of(files, kDay, "Iris");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::not_found);
  ASSERT_EQ(nobody.error().issues.size(), 1u);
  EXPECT_EQ(nobody.error().issues[0].text, "is not one of: Omar Petrov, Íris Vance");
}

TEST(CaseloadFromCsv, KnowsOnAnEarlierDayOnlyWhatWasKnownThen) {
  const auto day = Date::ymd(2025, 6, 1);
  const std::string json = json_of(list_of(clinic(), day));
  // The first episode of the patient who enrolled again, with the score of then; nobody who came later.
  EXPECT_NE(json.find(R"("episode_id":"e62","state":"active","weeks_in_care":11)"), std::string::npos) << json;
  EXPECT_EQ(json.find("e62b"), std::string::npos);
  EXPECT_NE(json.find(R"("episode_id":"e53")"), std::string::npos);
  EXPECT_EQ(json.find(R"("patient_id":"c01")"), std::string::npos);
  EXPECT_EQ(json.find("\"2026-0"), std::string::npos) << "a date of the year after";
}

TEST(CaseloadFromCsv, APositiveAnswerWithATimeIsDueAfterTheRuleSetsMinutes) {
  auto files = small();
  files["scale_result.csv"] =
      "result_id,patient_id,administered_date,instrument,administered_at,q1,q2,q3,q4,q5,q6,q7,q8,q9\n"
      "r1,p1,2026-03-30,phq-9,2026-03-30T14:00:00Z,2,2,1,1,1,1,1,0,3\n";
  const auto list = list_of(files);
  ASSERT_TRUE(list);
  ASSERT_FALSE(list->rows.at(0).triggers.empty());
  const auto lines = caseload::attention(list->rows[0], rules(), kDay);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].rule, caseload::Rule::safety_unreviewed);
  EXPECT_EQ(lines[0].text, "Safety: PHQ-9 item 9 “nearly every day”, not yet assessed for 1 day.");
  const Instant given = Instant(Date::ymd(2026, 3, 30).sys()) + std::chrono::hours(14);
  ASSERT_TRUE(lines[0].due_at);
  EXPECT_EQ(*lines[0].due_at, given + std::chrono::minutes(rules().numbers.safety_unreviewed_minutes));
  ASSERT_EQ(lines[0].evidence.size(), 1u);
  EXPECT_EQ(list->ids.at(lines[0].evidence[0].id), "r1");
}

TEST(CaseloadFromCsv, ASignalIsOneLineThoughScoreAndEventBothSpeakOfIt) {
  auto files = small();
  files["scale_result.csv"] =
      "result_id,patient_id,administered_date,instrument,q1,q2,q3,q4,q5,q6,q7,q8,q9\nr1,p1,2026-03-30,phq-9,2,2,1,1,1,1,1,0,1\n";
  files["safety_event.csv"] =
      "safety_event_id,patient_id,signalled_date,signal,result_id\ns1,p1,2026-03-30,phq-9 item 9 = 1,r1\n";
  const auto list = list_of(files);
  ASSERT_TRUE(list);
  const auto lines = caseload::attention(list->rows.at(0), rules(), kDay);
  ASSERT_EQ(lines.size(), 1u);
  ASSERT_EQ(lines[0].evidence.size(), 1u);
  EXPECT_EQ(list->ids.at(lines[0].evidence[0].id), "s1");
}

TEST(CaseloadFromCsv, OfTwoFormsOnOneDayTheLaterLineIsCurrentWhenNoTimesAreKnown) {
  auto files = small();
  files["scale_result.csv"] += "r2,p1,2026-03-24,phq-9,9\nr3,p1,2026-03-24,phq-9,11\n";
  auto list = list_of(files);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->rows.at(0).primary.current, 11);
  files["scale_result.csv"] = replaced(files["scale_result.csv"], "r2,p1,2026-03-24,phq-9,9\nr3,p1,2026-03-24,phq-9,11\n",
                                       "r3,p1,2026-03-24,phq-9,11\nr2,p1,2026-03-24,phq-9,9\n");
  list = list_of(files);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->rows.at(0).primary.current, 9);
}

TEST(CaseloadFromCsv, WithoutAConsentFileNobodyIsSaidToLackConsent) {
  auto files = small();
  files["consent.csv"] = "patient_id,consent_date,kind\n";
  EXPECT_NE(json_of(list_of(files)).find("consent.missing"), std::string::npos);
  files.erase("consent.csv");
  EXPECT_EQ(json_of(list_of(files)).find("consent.missing"), std::string::npos);
}

TEST(CaseloadFromCsv, TellsOfColumnsItDoesNotKnowAndOfRowsLaterThanTheDay) {
  auto files = small();
  files["patient.csv"] = "patient_id,birth_date,favourite_tea\np1,1980-02-03,mint\n";
  const auto list = list_of(files, Date::ymd(2026, 3, 20));
  ASSERT_TRUE(list);
  std::string notes;
  for (const auto& note : list->notes) notes += note + "\n";
  EXPECT_NE(notes.find("favourite_tea"), std::string::npos) << notes;
  EXPECT_NE(notes.find("2 rows are later than 2026-03-20"), std::string::npos) << notes;
}

TEST(CaseloadFromCsv, TheTableIsCalmAndWhole) {
  auto files = small();
  files["episode.csv"] += "e2,p2,2026-03-03,depression,phq-9,Omar Petrov\n";
  files["patient.csv"] = replaced(files["patient.csv"], "Ben,Cole", "Zoë,\"Cole\x1B[2J\"");
  const auto list = list_of(files);
  ASSERT_TRUE(list);
  EXPECT_EQ(caseload_table(*list, rules()),
            "Caseload on 2026-03-31 (2)\n"
            "  Name (id)           State   Weeks  Scores              Next due    Why now\n"
            "\n"
            "Overdue\n"
            "  Cole [2J, Zoë (p2)  active  4      PHQ-9 no score yet  2026-03-31  No treatment contact since enrolment 28 days "
            "ago; the first due today.\n"
            "                                                                     New case, never reviewed; psychiatric review "
            "was due Tue 17 Mar, 14 days overdue.\n"
            "\n"
            "On track\n"
            "  Ruiz, Ana (p1)      active  5      PHQ-9 14            2026-04-10\n");
  EXPECT_EQ(caseload_table(*list_of(Files{{"patient.csv", "patient_id,birth_date\n"}}), rules(), "es"),
            "Lista del 2026-03-31 (0)\nNo hay nadie en la lista.\n");
}

struct Mistake {
  std::string name;
  std::string file, what, with;  ///< `what` of the small folder's file becomes `with`
  std::string path, reason;      ///< of an issue there must be
};

class CaseloadFromCsvMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(CaseloadFromCsvMistake, IsToldWithFileLineAndColumnAndNothingIsPrinted) {
  const Mistake& m = GetParam();
  auto files = small();
  files[m.file] = replaced(files[m.file], m.what, m.with);
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const auto list = list_of(files);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(list);
  std::string all;
  for (const auto& issue : list.error().issues) all += issue.path + " " + issue.text + "\n";
  ASSERT_EQ(list.error().issues.size(), 1u) << all;
  EXPECT_EQ(list.error().issues[0].path, m.path);
  EXPECT_NE(list.error().issues[0].text.find(m.reason), std::string::npos) << all;
  EXPECT_FALSE(list.error().text.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, CaseloadFromCsvMistake,
    ::testing::Values(
        Mistake{"BadDateInLine7", "contact.csv", "2026-03-27", "27/03/2026", "contact.csv:7:contact_date", "is no date"},
        Mistake{"DayThatIsNotInTheCalendar", "contact.csv", "2026-03-27", "2026-02-30", "contact.csv:7:contact_date",
                "is no date"},
        Mistake{"MissingColumn", "episode.csv", "episode_id,patient_id", "episode_id,person", "episode.csv:1:patient_id",
                "required column"},
        Mistake{"UnknownValue", "contact.csv", "no_show", "chat", "contact.csv:4:contact_kind", "is not one of: treatment"},
        Mistake{"TwoOpenEpisodes", "episode.csv", "Íris Vance\n", "Íris Vance\ne9,p1,2026-03-10,depression,phq-9,Íris Vance\n",
                "episode.csv:3:enrollment_date", "only one may be open"},
        Mistake{"PatientWithoutRow", "scale_result.csv", "r1,p1", "r1,p7", "scale_result.csv:2:patient_id",
                "is no patient_id of patient.csv"},
        Mistake{"ScoreOf28OnThePhq9", "scale_result.csv", "phq-9,14", "phq-9,28", "scale_result.csv:2:total_score", "0 to 27"},
        Mistake{"UnknownInstrument", "scale_result.csv", "phq-9,14", "mood-o-meter,14", "scale_result.csv:2:instrument",
                "is no instrument"},
        Mistake{"TheSameResultTwice", "scale_result.csv", "r1,p1,2026-03-03,phq-9,14\n",
                "r1,p1,2026-03-03,phq-9,14\nr1,p1,2026-03-10,phq-9,12\n", "scale_result.csv:3:result_id", "is there twice"},
        Mistake{"AnswerThatIsNone", "scale_result.csv", "total_score\nr1,p1,2026-03-03,phq-9,14", "q1\nr1,p1,2026-03-03,phq-9,4",
                "scale_result.csv:2:q1", ""}),
    [](const auto& test) { return test.param.name; });

TEST(CaseloadFromCsv, TellsEveryMistakeAtOnce) {
  auto files = small();
  files["contact.csv"] = replaced(files["contact.csv"], "2026-03-03,bhcm", "soon,bhcm");
  files["scale_result.csv"] = replaced(files["scale_result.csv"], "phq-9,14", "phq-9,28");
  const auto list = list_of(files);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().text, "The folder has 2 mistakes.");
  EXPECT_EQ(list.error().issues.size(), 2u);
}

TEST(CaseloadFromCsv, AFolderThatIsNotThereOrHasNoPatientsIsAnError) {
  const auto missing = list_of(fs::path(::testing::TempDir()) / "concord_no_such_folder");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::bad_file);
  const auto empty = list_of(Files{{"episode.csv", "episode_id,patient_id\n"}});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::bad_file);
  ASSERT_EQ(empty.error().issues.size(), 1u);
  EXPECT_EQ(empty.error().issues[0].path, "patient.csv");
}

/// What the program itself prints and how it ends.
std::pair<std::string, int> run_program(const std::string& arguments) {
  const std::string command = std::string(CONCORD_BINARY) + " " + arguments + " 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {"", -1};
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int status = ::pclose(pipe);
  return {out, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

TEST(CaseloadFromCsv, TheProgramPrintsTheExpectedFile) {
  const auto [out, code] = run_program("caseload --csv '" + clinic().string() + "' --as-of 2026-03-31 --json");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(rows_of(out), rows_of(read_text(golden() / "clinic.expected.json")));
}

TEST(CaseloadFromCsv, TheProgramPrintsNoListOfAFolderWithMistakes) {
  auto files = small();
  files["contact.csv"] = replaced(files["contact.csv"], "2026-03-27", "soon");
  const Folder folder(files);
  const auto [out, code] = run_program("caseload --csv '" + folder.path().string() + "' --as-of 2026-03-31 --json");
  EXPECT_EQ(code, 1);
  EXPECT_EQ(out.find("rows"), std::string::npos) << out;
}

}  // namespace
}  // namespace concord::app
