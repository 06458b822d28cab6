// The program as somebody at a terminal or a script uses it: words in, text and exit code out.
// 0 done, 1 it did not work or some input was rejected, 2 wrong usage.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "caseload/ruleset.h"
#include "support/databases.h"
#include "support/fake_servers.h"
#include "support/json_view.h"

namespace concord {
namespace {

namespace fs = std::filesystem;
using testing::Json;

struct Ended {
  int code = -1;
  std::string out, err;
};

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Every test has an empty folder to work in; the program starts there with a bare environment.
class CommandLineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::atomic<int> count{0};
    folder_ = fs::path(testing::scratch_folder()) / ("command-line-" + std::to_string(++count));
    fs::create_directories(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  Ended start(const std::string& program, const std::vector<std::string>& words) {
    const std::string out = (folder_ / ".out").string(), err = (folder_ / ".err").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, folder_.c_str());
    std::vector<std::string> all = {program};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (auto& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/bin:/bin";
    char* environment[] = {path.data(), nullptr};
    pid_t child = 0;
    Ended ended;
    if (posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environment) == 0) {
      int status = 0;
      waitpid(child, &status, 0);
      ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    posix_spawn_file_actions_destroy(&actions);
    ended.out = slurp(out);
    ended.err = slurp(err);
    return ended;
  }
  Ended concord(const std::vector<std::string>& words) { return start(CONCORD_BINARY, words); }
  /// Must end with 0 and print JSON.
  Json json_of(std::vector<std::string> words) {
    words.push_back("--json");
    const auto ended = concord(words);
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    return Json(ended.out);
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

const std::vector<std::vector<std::string>> kCommands = {
    {"serve"},
    {"demo"},
    {"migrate"},
    {"user"},
    {"user", "add"},
    {"user", "role"},
    {"user", "disable"},
    {"user", "reset"},
    {"user", "key"},
    {"audit"},
    {"audit", "verify"},
    {"import"},
    {"import", "fhir"},
    {"import", "csv"},
    {"export"},
    {"export", "csv"},
    {"caseload"},
    {"explain"},
    {"caseload", "rebuild"},
    {"score"},
    {"simulate"},
    {"bench"},
    {"measure"},
    {"messages"},
    {"messages", "test"},
    {"messages", "dead"},
    {"import", "community"},
    {"portal"},
    {"portal", "list"},
    {"portal", "invite"},
    {"portal", "end"},
};

TEST_F(CommandLineTest, EveryCommandExplainsItselfWithAnExample) {
  const auto top = concord({"--help"});
  EXPECT_EQ(top.code, 0);
  EXPECT_NE(top.out.find("Example"), std::string::npos);
  for (auto words : kCommands) {
    std::string name;
    for (const auto& word : words) name += " " + word;
    words.push_back("--help");
    const auto help = concord(words);
    EXPECT_EQ(help.code, 0) << name;
    EXPECT_NE(help.out.find("Example"), std::string::npos) << name;
    EXPECT_NE(help.out.find("concord" + name.substr(0, name.find(' ', 1))), std::string::npos) << name;
    if (words.size() == 2) {
      EXPECT_NE(top.out.find(words[0]), std::string::npos) << name << " is not in the list of commands";
    }
  }
  const auto version = concord({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("concord ")) << version.out;
}

TEST_F(CommandLineTest, WrongUsageEndsWithTwoAndSaysWhatIsMissing) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                     {"dance"},
                                                                                     {"score"},
                                                                                     {"score", "phq-9", "--ansers", "1"},
                                                                                     {"user"},
                                                                                     {"user", "add", "ann"},
                                                                                     {"import", "fhir"},
                                                                                     {"import", "fhir", "no-such-folder"},
                                                                                     {"serve", "--port", "70000"},
                                                                                     {"simulate", "--patients", "-1"}}) {
    const auto ended = concord(words);
    EXPECT_EQ(ended.code, 2) << (words.empty() ? "" : words.front()) << ended.out << ended.err;
    EXPECT_NE(ended.err, "");
    EXPECT_EQ(ended.out, "") << "mistakes belong to standard error";
  }
  EXPECT_TRUE(fs::is_empty(folder()) || std::distance(fs::directory_iterator(folder()), {}) == 2)
      << "nothing was made but what this test reads";
}

TEST_F(CommandLineTest, ScoresAsTheIssueSays) {
  const Json score = json_of({"score", "phq-9", "--answers", "3,3,2,2,2,1,1,1,1"});
  EXPECT_EQ(score["instrument"].text(), "phq-9");
  EXPECT_EQ(score["total"].integer(), 16);
  EXPECT_EQ(score["band"].text(), "moderately severe");
  EXPECT_TRUE(score["valid"].boolean());
  EXPECT_TRUE(score["safety"].boolean());
  EXPECT_FALSE(json_of({"score", "phq-9", "--answers", "3,3,2,2,2,1,1,1,0"})["safety"].boolean());
  const auto in_words = concord({"score", "phq-9", "--answers", "3,3,2,2,2,1,1,1,1"});
  EXPECT_EQ(in_words.code, 0);
  EXPECT_NE(in_words.out.find("16"), std::string::npos);
  EXPECT_NE(in_words.out.find("moderately severe"), std::string::npos);
}

TEST_F(CommandLineTest, OneMissingAnswerFollowsTheInstrumentsRule) {
  const Json prorated = json_of({"score", "phq-9", "--answers", "3,3,2,2,2,1,1,,1"});
  EXPECT_TRUE(prorated["valid"].boolean());
  EXPECT_TRUE(prorated["prorated"].boolean());
  EXPECT_EQ(prorated["missing"][0].text(), "q8");
  const Json blank_nine = json_of({"score", "phq-9", "--answers", "3,3,2,2,2,1,1,1,-"});
  EXPECT_FALSE(blank_nine["valid"].boolean());
  EXPECT_TRUE(blank_nine["total"].is_null());
}

TEST_F(CommandLineTest, WhatCannotBeScoredEndsWithOne) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"score", "phq-99", "--answers", "1"},
                                             {"score", "phq-9", "--answers", "1,2"},
                                             {"score", "phq-9", "--answers", "4,0,0,0,0,0,0,0,0"},
                                             {"score", "phq-9", "--answers", "one,0,0,0,0,0,0,0,0"},
                                             {"score", "phq-9", "--total", "28"},
                                             {"score", "phq-9"}}) {
    const auto ended = concord(words);
    EXPECT_EQ(ended.code, 1) << words[1] << ended.out;
    EXPECT_NE(ended.err, "");
    EXPECT_EQ(ended.out, "");
  }
}

TEST_F(CommandLineTest, AReportSaysWhichPeriodItWantsAndThatItHasNotBegun) {
  const std::string clinic = std::string(CONCORD_SOURCE_DIR) + "/tests/golden/aims/clinic";
  const std::pair<std::vector<std::string>, std::string> kWrong[] = {
      {{"aims-2026"}, "--month or --quarter: is missing"},
      {{"aims-2026", "--month", "2026-13"}, "must be a month like 2026-03"},
      {{"aims-2026", "--quarter", "2026-Q5"}, "must be a quarter like 2026-Q1"},
      {{"aims-2026", "--month", "2199-01"}, "This month has not begun."},
      {{"aims-2026", "--year", "2026"}, "give --month or --quarter instead"},
      {{"aims-2026", "--month", "2026-01", "--quarter", "2026-Q1"}, "only one of --month or --quarter"},
      {{"hedis-my2026", "--year", "26"}, "must be a year like 2026"},
      {{"hedis-my2026", "--year", "2199"}, "This year has not begun."},
  };
  for (const auto& [more, text] : kWrong) {
    std::vector<std::string> words = {"report"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--csv", clinic});
    const auto ended = concord(words);
    EXPECT_EQ(ended.code, 1) << text;
    EXPECT_NE(ended.err.find(text), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
  const auto good = concord({"report", "aims-2026", "--quarter", "2026-Q1", "--csv", clinic, "--json"});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_NE(good.out.find(R"("known_until":"2026-03-31")"), std::string::npos);
}

TEST_F(CommandLineTest, MigratesOnceAndPeopleComeAndGo) {
  const Json first = json_of({"migrate", "--db", "sqlite:c.db"});
  EXPECT_EQ(first["before"].integer(), 0);
  EXPECT_EQ(first["applied"].size(), static_cast<std::size_t>(first["now"].integer()));
  EXPECT_EQ(json_of({"migrate", "--db", "sqlite:c.db"})["applied"].size(), 0u);
  EXPECT_EQ(fs::status(folder() / "c.db").permissions() & fs::perms::others_all, fs::perms::none) << "health data";

  const std::vector<std::string> add = {"user",        "add",          "dana",           "--name",    "Dana Demo",
                                        "--role",      "care_manager", "--organization", "Riverside", "--site",
                                        "Main Street", "--db",         "sqlite:c.db"};
  const Json added = json_of(add);
  EXPECT_EQ(added["sign_in_name"].text(), "dana");
  EXPECT_GE(added["password"].text().size(), 15u);
  const auto again = concord(add);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("sign-in name"), std::string::npos);
  EXPECT_EQ(concord({"user", "add", "x", "--name", "X", "--role", "king", "--db", "sqlite:c.db"}).code, 1);
  EXPECT_EQ(concord({"user", "role", "dana", "--role", "admin", "--db", "sqlite:c.db"}).code, 0);
  const Json reset = json_of({"user", "reset", "dana", "--db", "sqlite:c.db"});
  EXPECT_NE(reset["password"].text(), added["password"].text());
  const Json key = json_of({"user", "key", "feed", "--role", "billing", "--db", "sqlite:c.db"});
  EXPECT_GE(key["key"].text().size(), 43u);
  EXPECT_EQ(concord({"user", "disable", "dana", "--db", "sqlite:c.db"}).code, 0);
  EXPECT_EQ(concord({"user", "disable", "nobody", "--db", "sqlite:c.db"}).code, 1);
  const std::string file = slurp(folder() / "c.db");
  for (const auto& secret : {added["password"].text(), reset["password"].text(), key["key"].text()})
    EXPECT_EQ(file.find(secret), std::string::npos) << "a secret lies in the database";

  const Json verdict = json_of({"audit", "verify", "--db", "sqlite:c.db"});
  EXPECT_TRUE(verdict["whole"].boolean());
  EXPECT_EQ(verdict["entries"].integer(), 5) << "add, role, reset, key and disable";
}

TEST_F(CommandLineTest, AuditVerifyFindsWhatWasChanged) {
  ASSERT_EQ(concord({"user", "add", "dana", "--name", "Dana", "--role", "pcp", "--organization", "R", "--site", "M", "--db",
                     "sqlite:c.db"})
                .code,
            0);
  ASSERT_EQ(concord({"user", "disable", "dana", "--db", "sqlite:c.db"}).code, 0);
  ASSERT_EQ(concord({"audit", "verify", "--db", "sqlite:c.db"}).code, 0);
  {
    auto opened = db::Database::open("sqlite:" + (folder() / "c.db").string(), {});
    ASSERT_TRUE(opened);
    constexpr db::Sql kForge{"test.forge", "UPDATE audit_event SET detail = 'role=admin' WHERE action = 'user.add'"};
    ASSERT_TRUE((*opened)->write([&](db::Tx& tx) -> Result<void> {
      EXPECT_EQ(tx.run(kForge, {}), 1);
      return {};
    }));
  }
  const auto verdict = concord({"audit", "verify", "--json", "--db", "sqlite:c.db"});
  EXPECT_EQ(verdict.code, 1);
  EXPECT_FALSE(Json(verdict.out)["whole"].boolean());
  EXPECT_NE(Json(verdict.out)["problems"][0].text().find("was changed"), std::string::npos);
  EXPECT_NE(concord({"audit", "verify", "--db", "sqlite:c.db"}).out.find("BROKEN"), std::string::npos);
}

TEST_F(CommandLineTest, ADatabaseThatCannotBeUsedIsSaidPlainly) {
  for (const std::string url :
       {"sqlite:no/such/folder/c.db", "mysql://x/y", "postgres://nobody@/none?host=/nonexistent", "nonsense"}) {
    const auto ended = concord({"migrate", "--db", url});
    EXPECT_EQ(ended.code, 1) << url;
    EXPECT_NE(ended.err, "") << url;
  }
  write("broken.db", "this is no database, it only has the name of one, and it is long enough to be read as a header page");
  EXPECT_EQ(concord({"migrate", "--db", "sqlite:broken.db"}).code, 1);
  write("bad.toml", "[server]\nprot = 8080\nworkers = \"many\"\n");
  const auto config = concord({"migrate", "--config", "bad.toml"});
  EXPECT_EQ(config.code, 1);
  EXPECT_NE(config.err.find("server.prot"), std::string::npos) << config.err;
  EXPECT_NE(config.err.find("server.workers"), std::string::npos) << config.err;
}

TEST_F(CommandLineTest, AMistypedDatabaseIsNotANewAndEmptyClinic) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"report", "nys-omh-2025", "--month", "2026-03"},
                                             {"measure", "cms159", "--period", "2026"},
                                             {"billing", "--month", "2026-03"},
                                             {"caseload"},
                                             {"caseload", "rebuild"},
                                             {"audit", "verify"},
                                             {"export", "csv", "out"},
                                             {"user", "disable", "dana"},
                                             {"portal", "list"},
                                             {"messages", "dead"}}) {
    auto with = words;
    with.insert(with.end(), {"--db", "sqlite:typo.db"});
    const auto ended = concord(with);
    EXPECT_EQ(ended.code, 1) << words.front();
    EXPECT_NE(ended.err.find("typo.db: does not exist"), std::string::npos) << words.front() << ended.err;
    EXPECT_FALSE(fs::exists(folder() / "typo.db")) << words.front();
  }
}

TEST_F(CommandLineTest, FilesAndADatabaseAreTwoSources) {
  const std::string clinic = std::string(CONCORD_SOURCE_DIR) + "/tests/golden/aims/clinic";
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"report", "aims-2026", "--month", "2026-03", "--csv", clinic},
                                             {"caseload", "--csv", clinic},
                                             {"caseload", "what-if", "--set", "contact.first.due_days=3", "--csv", clinic},
                                             {"measure", "cms2", "--period", "2026", "--valuesets", ".", "--fhir", "."}}) {
    auto with = words;
    with.insert(with.end(), {"--db", "sqlite:c.db"});
    const auto ended = concord(with);
    EXPECT_EQ(ended.code, 2) << words.front();
    EXPECT_NE(ended.err.find("--db are two sources"), std::string::npos) << ended.err;
  }
}

TEST_F(CommandLineTest, AMistakeInARuleSetNamesItsFile) {
  const fs::path source = CONCORD_SOURCE_DIR;
  fs::create_directories(folder() / "data");
  for (const char* part : {"instruments", "rulesets"})
    fs::copy(source / part, folder() / "data" / part, fs::copy_options::recursive);
  write("data/rulesets/aims-2026.json", "{}");
  write("concord.toml", "[data]\nfolder = \"data\"\n");
  const auto ended =
      concord({"report", "nys-omh-2025", "--month", "2026-03", "--csv", (source / "tests/golden/nys/clinic").string()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("aims-2026.json name"), std::string::npos) << ended.err;
}

// --- import --------------------------------------------------------------------------------------

constexpr std::string_view kBundle = R"({"resourceType":"Bundle","type":"transaction","entry":[
 {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"1","name":[{"family":"Ruiz","given":["Ana"]}],"birthDate":"1980-02-03","gender":"female"}},
 {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Observation","id":"2","status":"final","subject":{"reference":"urn:uuid:1"},
  "code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]},"effectiveDateTime":"2026-01-05T10:00:00-05:00","valueQuantity":{"value":14}}},
 {"fullUrl":"urn:uuid:3","resource":{"resourceType":"Observation","id":"3","status":"final","subject":{"reference":"urn:uuid:1"},
  "code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]},"effectiveDateTime":"2026-01-19T10:00:00-05:00","valueInteger":28}}]})";

class SyntheaSet : public CommandLineTest {
 protected:
  void run(const std::string& url) {
    const auto archive = fs::path(CONCORD_SOURCE_DIR) / ".." / "shared" / "data" / "synthea-40-patients.tar.xz";
    if (!fs::exists(archive)) GTEST_SKIP() << "the Synthea set is not on this machine (" << archive.filename() << ")";
    ASSERT_EQ(start("/usr/bin/tar", {"xf", fs::canonical(archive).string()}).code, 0);
    const std::map<std::string, std::int64_t> expected = {{"phq-2", 218}, {"phq-9", 11},   {"phq-9m", 24},
                                                          {"gad-7", 155}, {"audit-c", 80}, {"dast-10", 75}};
    const Json first = json_of({"import", "fhir", "synthea/", "--db", url});
    EXPECT_EQ(first["files"].integer(), 40);
    EXPECT_EQ(first["stored"]["patients"].integer(), 40);
    EXPECT_EQ(first["stored"]["measurements"].size(), expected.size());
    for (const auto& [instrument, count] : expected)
      EXPECT_EQ(first["stored"]["measurements"][instrument].integer(), count) << instrument;
    EXPECT_EQ(first["rejected"].size(), 0u);
    EXPECT_GT(first["not_used"].size(), 5u);

    const Json second = json_of({"import", "fhir", "synthea/", "--db", url});
    EXPECT_EQ(second["stored"]["measurements"].size(), 0u);
    EXPECT_FALSE(second["stored"]["patients"].exists() && second["stored"]["patients"].integer() > 0);
    EXPECT_EQ(second["placeholders"].integer(), 0);
    EXPECT_EQ(second["unchanged"]["patients"].integer(), 40);
    for (const auto& [instrument, count] : expected)
      EXPECT_EQ(second["unchanged"]["measurements"][instrument].integer(), count) << instrument;
    EXPECT_EQ(concord({"audit", "verify", "--db", url}).code, 0);
  }
};

TEST_F(SyntheaSet, IsStoredCompletelyAndOnlyOnce) { run("sqlite:real.db"); }

TEST_F(SyntheaSet, IsStoredCompletelyAndOnlyOnceOnPostgres) {
  if (!testing::can_use(db::Dialect::postgres)) return;
  const auto database = testing::fresh_database(db::Dialect::postgres);
  run(database->url());
}

TEST_F(CommandLineTest, ImportSaysFileAndPlaceOfWhatItRejects) {
  write("in/good.json", std::string(kBundle));
  const auto ended = concord({"import", "fhir", "in", "--json", "--db", "sqlite:c.db"});
  EXPECT_EQ(ended.code, 1) << "a PHQ-9 of 28 was rejected";
  const Json report(ended.out);
  EXPECT_EQ(report["stored"]["patients"].integer(), 1);
  EXPECT_EQ(report["stored"]["measurements"]["phq-9"].integer(), 1);
  ASSERT_EQ(report["rejected"].size(), 1u) << ended.out;
  EXPECT_NE(report["rejected"][0]["file"].text().find("good.json"), std::string::npos);
  EXPECT_NE(report["rejected"][0]["reason"].text().find("27"), std::string::npos) << ended.out;
  EXPECT_NE(report["rejected"][0]["path"].text(), "");
}

TEST_F(CommandLineTest, ADirectoryOfServicesIsStoredWholeOrNotAtAll) {
  EXPECT_EQ(concord({"import", "community", "none.csv", "--db", "sqlite:c.db"}).code, 2) << "there is no such file";
  write("services.csv", "name,kinds,phone\nHarbor Pantry,food,555-0110\nAcorn Law,law;housing,555-0116\n");
  EXPECT_EQ(concord({"import", "community", "services.csv", "--db", "sqlite:c.db"}).code, 1) << "nobody to store it for";
  write("in/good.json", std::string(kBundle));
  concord({"import", "fhir", "in", "--db", "sqlite:c.db"});
  const auto first = concord({"import", "community", "services.csv", "--json", "--db", "sqlite:c.db"});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(Json(first.out)["added"].integer(), 2);
  write("services.csv", "name,kinds,phone\nHARBOR PANTRY,food,555-0199\nNew Roof,housing,1\nWrong,fun,1\n");
  const auto wrong = concord({"import", "community", "services.csv", "--db", "sqlite:c.db"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("services.csv:4:kinds"), std::string::npos) << wrong.err;
  const auto again = concord({"import", "community", "services.csv", "--db", "sqlite:c.db"});
  EXPECT_EQ(again.code, 1) << "nothing of it was stored";
  write("services.csv", "name,kinds,phone\nHARBOR PANTRY,food,555-0199\nNew Roof,housing,1\n");
  EXPECT_EQ(concord({"import", "community", "services.csv", "--db", "sqlite:c.db"}).out,
            "1 services added, 1 changed, 0 unchanged\n");
}

TEST_F(CommandLineTest, ATruncatedBundleStoresNothingOfItselfAndTheOthersAreStored) {
  const std::string whole(kBundle);
  write("in/a.json", whole.substr(0, whole.size() * 2 / 3));
  const auto alone = concord({"import", "fhir", "in", "--json", "--db", "sqlite:alone.db"});
  EXPECT_EQ(alone.code, 1);
  const Json nothing(alone.out);
  ASSERT_EQ(nothing["rejected"].size(), 1u) << alone.out;
  EXPECT_NE(nothing["rejected"][0]["file"].text().find("a.json"), std::string::npos);
  EXPECT_NE(nothing["rejected"][0]["reason"].text(), "");
  EXPECT_FALSE(nothing["stored"]["patients"].exists() && nothing["stored"]["patients"].integer() > 0) << alone.out;

  std::string other = whole;
  other.replace(other.find("\"id\":\"1\""), 8, "\"id\":\"9\"");
  other.replace(other.find("Ruiz"), 4, "Diaz");
  write("in/b.json", other);
  const auto both = concord({"import", "fhir", "in", "--json", "--db", "sqlite:both.db"});
  EXPECT_EQ(both.code, 1);
  EXPECT_EQ(Json(both.out)["stored"]["patients"].integer(), 1) << both.out;
}

TEST_F(CommandLineTest, ABadDateInLine7IsNamedAndNothingOfTheFolderIsStored) {
  std::string patients = "patient_id,given_name,family_name,birth_date,sex,site\n";
  for (int line = 2; line <= 9; ++line)
    patients += "p" + std::to_string(line) + ",Given" + std::to_string(line) + ",Family," +
                (line == 7 ? "1980-02-30" : "1980-02-03") + ",female,Main\n";
  write("in/patient.csv", patients);
  const auto ended = concord({"import", "csv", "in", "--json", "--db", "sqlite:c.db"});
  EXPECT_EQ(ended.code, 1) << ended.out << ended.err;
  const Json report(ended.out);
  ASSERT_EQ(report["rejected"].size(), 1u) << ended.out;
  EXPECT_EQ(report["rejected"][0]["file"].text(), "patient.csv");
  EXPECT_EQ(report["rejected"][0]["line"].integer(), 7);
  EXPECT_EQ(report["rejected"][0]["path"].text(), "birth_date");
  EXPECT_FALSE(report["stored"]["patients"].exists() && report["stored"]["patients"].integer() > 0) << ended.out;
  // What is good can be had on request.
  const auto partial = concord({"import", "csv", "in", "--partial", "--json", "--db", "sqlite:c.db"});
  EXPECT_EQ(partial.code, 1);
  EXPECT_EQ(Json(partial.out)["stored"]["patients"].integer(), 7) << partial.out;
}

TEST_F(CommandLineTest, AFolderThatIsNoExportIsRefused) {
  write("empty/readme.txt", "nothing here");
  const auto csv = concord({"import", "csv", "empty", "--db", "sqlite:c.db"});
  EXPECT_EQ(csv.code, 1);
  EXPECT_NE(csv.err.find("patient.csv"), std::string::npos) << csv.err;
  const auto fhir = concord({"import", "fhir", "empty", "--json", "--db", "sqlite:c.db"});
  EXPECT_TRUE(fhir.code == 0 || fhir.code == 1);
}

TEST_F(CommandLineTest, WhatIsExportedImportsAgainToTheSame) {
  const Json simulated = json_of({"simulate", "--patients", "60", "--seed", "3", "--today", "2026-03-31", "--db", "sqlite:a.db"});
  EXPECT_TRUE(simulated.value().is(json::Kind::object));
  ASSERT_EQ(concord({"export", "csv", "out", "--db", "sqlite:a.db"}).code, 0);
  const auto refused = concord({"export", "csv", "out", "--db", "sqlite:a.db"});
  EXPECT_EQ(refused.code, 1) << "an export is not overwritten unasked";
  const auto imported = concord({"import", "csv", "out", "--json", "--db", "sqlite:b.db"});
  EXPECT_EQ(imported.code, 0) << imported.out << imported.err;
  ASSERT_EQ(concord({"export", "csv", "back", "--db", "sqlite:b.db"}).code, 0);
  for (const auto& file : fs::directory_iterator(folder() / "out")) {
    const auto lines = [](std::string text) {
      std::multiset<std::string> all;
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) all.insert(line);
      return all.size();
    };
    EXPECT_EQ(lines(slurp(file.path())), lines(slurp(folder() / "back" / file.path().filename()))) << file.path().filename();
  }
  EXPECT_EQ(Json(concord({"import", "csv", "out", "--json", "--db", "sqlite:b.db"}).out)["stored"]["measurements"].size(), 0u)
      << "a second run";
}

TEST_F(CommandLineTest, BillingSaysTheSameOfADatabaseAndOfItsExport) {
  ASSERT_EQ(concord({"simulate", "--patients", "80", "--seed", "5", "--today", "2026-03-31", "--db", "sqlite:a.db"}).code, 0);
  ASSERT_EQ(concord({"export", "csv", "out", "--db", "sqlite:a.db"}).code, 0);
  for (const std::string month : {"2026-03", "2026-02", "2025-06"}) {
    const auto database = concord({"billing", "--db", "sqlite:a.db", "--month", month, "--json"});
    ASSERT_EQ(database.code, 0) << database.err;
    EXPECT_EQ(concord({"billing", "--csv", "out", "--month", month, "--json"}).out, database.out) << month;
    EXPECT_GT(Json(database.out)["patients"].size(), 0u) << month;
  }
  const auto table = concord({"billing", "--db", "sqlite:a.db", "--month", "2026-03"});
  EXPECT_NE(table.out.find("March 2026"), std::string::npos) << table.out;
  const auto wrong = concord({"billing", "--db", "sqlite:a.db", "--month", "2026-3", "--json"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("--month"), std::string::npos) << wrong.err;
}

TEST_F(CommandLineTest, SimulationIsTheSameForTheSameSeedAndShowsALiveCaseload) {
  for (const std::string name : {"a", "b"})
    ASSERT_EQ(
        concord({"simulate", "--patients", "120", "--seed", "9", "--today", "2026-03-31", "--db", "sqlite:" + name + ".db"}).code,
        0);
  const auto a = concord({"caseload", "--as-of", "2026-03-31", "--json", "--db", "sqlite:a.db"});
  const auto b = concord({"caseload", "--as-of", "2026-03-31", "--json", "--db", "sqlite:b.db"});
  ASSERT_EQ(a.code, 0) << a.err;
  EXPECT_EQ(a.out, b.out);
  EXPECT_GT(Json(a.out)["rows"].size(), 10u);
  EXPECT_EQ(concord({"simulate", "--patients", "120", "--seed", "9", "--today", "2026-03-31", "--db", "sqlite:a.db"}).code, 1)
      << "twice into one database";
  ASSERT_EQ(concord({"caseload", "rebuild", "--db", "sqlite:a.db"}).code, 0);
  EXPECT_EQ(concord({"caseload", "--as-of", "2026-03-31", "--json", "--db", "sqlite:a.db"}).out, a.out)
      << "a rebuild changes nothing";
}

TEST_F(CommandLineTest, ExplainsEveryLineOfAPatientAndWhyOtherRulesAreSilent) {
  const std::string clinic = std::string(CONCORD_SOURCE_DIR) + "/tests/golden/csv/clinic";
  const Json c60 = json_of({"explain", "--csv", clinic, "--patient", "c60", "--as-of", "2026-03-31"});
  EXPECT_EQ(c60["patient_id"].text(), "c60");
  ASSERT_EQ(c60["lines"].size(), 4u) << "the clinic's README";
  EXPECT_EQ(c60["lines"][0]["rule"].text(), "review.stale");
  EXPECT_EQ(c60["lines"][0]["evidence"][0]["id"].text(), "r60-1");
  EXPECT_EQ(c60["lines"][0]["parameters"]["review.stale.enrolled_days"].integer(), 70);
  EXPECT_NE(c60["lines"][0]["citation"].text().find("New York State"), std::string::npos);
  EXPECT_EQ(c60["lines"].size() + c60["silent"].size(), caseload::all_rules().size()) << "every rule is a line or a silence";
  const auto words = concord({"explain", "--csv", clinic, "--patient", "c02", "--as-of", "2026-03-31"});
  EXPECT_EQ(words.code, 0) << words.err;
  for (const std::string_view part :
       {"Núñez, José (c02)", "rule: safety.unreviewed, critical", "parameter: safety.unreviewed.due_minutes = 120 minutes",
        "source: Ended by a clinician only", "Silent:", "relapse"})
    EXPECT_NE(words.out.find(part), std::string::npos) << part;
  EXPECT_NE(concord({"explain", "--csv", clinic, "--patient", "c02", "--as-of", "2026-03-31", "--language", "es"})
                .out.find("Seguridad:"),
            std::string::npos);
  EXPECT_EQ(concord({"explain", "--csv", clinic, "--patient", "nobody", "--as-of", "2026-03-31"}).code, 1);
  EXPECT_EQ(concord({"explain", "--csv", clinic, "--as-of", "2026-03-31"}).code, 1) << "whom?";
  EXPECT_EQ(concord({"explain", "--csv", clinic, "--patient", "c02", "--as-of", "2020-01-01"}).code, 1) << "no episode yet";

  // Of a database: by id and by name, the same as the caseload says.
  ASSERT_EQ(concord({"simulate", "--patients", "60", "--seed", "9", "--today", "2026-03-31", "--db", "sqlite:a.db"}).code, 0);
  const Json list = json_of({"caseload", "--as-of", "2026-03-31", "--db", "sqlite:a.db"});
  ASSERT_GT(list["rows"].size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const Json row = list["rows"][i];
    const Json one = json_of({"explain", row["patient_id"].text(), "--as-of", "2026-03-31", "--db", "sqlite:a.db"});
    ASSERT_EQ(one["lines"].size(), row["attention"].size());
    for (std::size_t k = 0; k < row["attention"].size(); ++k)
      EXPECT_EQ(one["lines"][k]["text"].text(), row["attention"][k]["text"].text());
    EXPECT_FALSE(one["next_step"]["owner"].text().empty());
  }
  const auto nobody = concord({"explain", "Nobody Atall", "--db", "sqlite:a.db"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_NE(nobody.err.find("no such patient"), std::string::npos) << nobody.err;
}

TEST_F(CommandLineTest, ThePortalIsListedAndWhoIsNotThereCannotBeInvited) {
  json_of({"migrate", "--db", "sqlite:p.db"});
  EXPECT_EQ(json_of({"portal", "list", "--db", "sqlite:p.db"})["items"].size(), 0u);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"portal", "invite", "--patient", "018f6b1e-0000-7000-8000-000000000001"},
        std::vector<std::string>{"portal", "end", "--patient", "018f6b1e-0000-7000-8000-000000000001", "--reason",
                                 "lost phone"}}) {
    auto with = words;
    with.insert(with.end(), {"--db", "sqlite:p.db"});
    const auto nobody = concord(with);
    EXPECT_EQ(nobody.code, 1);
    EXPECT_NE(nobody.err.find("no such patient"), std::string::npos) << nobody.err;
  }
}

TEST_F(CommandLineTest, MessagesAreTriedBeforeTheyAreNeeded) {
  const auto unset = concord({"messages", "test", "--to", "me@example.org"});
  EXPECT_EQ(unset.code, 1);
  EXPECT_NE(unset.err.find("messages.smtp_url"), std::string::npos) << unset.err;
  testing::FakeMailServer mail;
  const auto settings = [&](const std::string& more) {
    write("concord.toml",
          "[messages]\npublic_url = \"https://concord.example.org\"\nsmtp_from = \"concord@example.org\"\n" + more);
  };
  settings("smtp_url = \"smtp://127.0.0.1:" + std::to_string(mail.port()) + "\"\n");
  EXPECT_TRUE(json_of({"messages", "test", "--to", "me@example.org"})["sent"].boolean());
  ASSERT_EQ(mail.received().size(), 1u);
  EXPECT_EQ(mail.received()[0].to, "me@example.org");
  mail.down();
  const auto down = concord({"messages", "test", "--to", "me@example.org"});
  EXPECT_EQ(down.code, 1) << "a script that checks it every morning notices";
  EXPECT_TRUE(down.out.starts_with("NOT sent")) << down.out;
  EXPECT_EQ(concord({"messages", "test", "--to", "somebody"}).code, 1);
  settings("smtp_url = \"smtp://me:secret@mail.example.org\"\n");
  const auto secret = concord({"messages", "test", "--to", "me@example.org"});
  EXPECT_EQ(secret.code, 1);
  EXPECT_EQ((secret.out + secret.err).find("secret"), std::string::npos) << "a password never shows";
  json_of({"migrate", "--db", "sqlite:new.db"});
  EXPECT_EQ(json_of({"messages", "dead", "--db", "sqlite:new.db"})["items"].size(), 0u);
}

// ---- National measures

std::string golden_ecqm(const std::string& name) { return (fs::path(CONCORD_SOURCE_DIR) / "tests/golden/ecqm" / name).string(); }

class MeasureCommand : public CommandLineTest {
 protected:
  Ended measure(const std::string& name, const std::string& records, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "measure",  name,  "--fhir", golden_ecqm("records/" + records), "--valuesets", golden_ecqm("valuesets"),
        "--period", "2026"};
    words.insert(words.end(), more.begin(), more.end());
    return concord(words);
  }
  static std::int64_t count(const Json& run, const std::string& patient, const std::string& population) {
    for (std::size_t i = 0; i < run["patients"].size(); ++i)
      if (run["patients"][i]["patient_id"].text() == patient)
        return run["patients"][i]["groups"][0]["populations"][population]["count"].integer();
    throw std::runtime_error("no patient " + patient);
  }
};

TEST_F(MeasureCommand, BundlesFoldersAndLinesSayTheSame) {
  for (const std::string name : {"cms159", "cms2", "cms128", "cms177"}) {
    const auto bundles = measure(name, "bundles"), folders = measure(name, "folders"), lines = measure(name, "ndjson");
    EXPECT_EQ(bundles.code, 0) << bundles.err;
    EXPECT_FALSE(bundles.out.empty());
    EXPECT_EQ(bundles.out, folders.out) << name;
    EXPECT_EQ(bundles.out, lines.out) << name;
  }
  const Json run(measure("cms159", "folders", {"--json"}).out);
  EXPECT_EQ(run["patients"].size(), 16u);
  EXPECT_EQ(count(run, "cms159-001", "numerator"), 1);
  EXPECT_EQ(count(run, "cms159-001", "denominator"), 1);
  EXPECT_EQ(count(run, "cms159-002", "initial-population"), 0);
  EXPECT_EQ(count(Json(measure("cms177", "ndjson", {"--json"}).out), "cms177-003", "denominator"), 2);
}

TEST_F(MeasureCommand, OutputDoesNotDependOnTheNumberOfThreads) {
  EXPECT_EQ(measure("cms159", "bundles", {"--json", "--jobs", "1"}).out,
            measure("cms159", "bundles", {"--json", "--jobs", "3"}).out);
}

TEST_F(MeasureCommand, ReportsAreTheSameBytesTwice) {
  ASSERT_EQ(measure("cms2", "bundles", {"--out", "first"}).code, 0);
  ASSERT_EQ(measure("cms2", "bundles", {"--out", "second"}).code, 0);
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(folder() / "first")) {
    ++files;
    EXPECT_EQ(slurp(file.path()), slurp(folder() / "second" / file.path().filename())) << file.path().filename();
  }
  EXPECT_EQ(files, 8u) << "summary, individual, subject list and five lists";
}

TEST_F(MeasureCommand, ASwitchChangesWhatItSaysItChanges) {
  // No Encounter of the records lacks its tag but one.
  fs::copy(golden_ecqm("records/bundles"), folder() / "untagged");
  const auto file = folder() / "untagged/cms159-001.json";
  std::string text = slurp(file);
  const std::string tag = "qicore-encounter\"";
  text.replace(text.find(tag), tag.size(), "qicore-other\"");
  write("untagged/cms159-001.json", text);
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"measure",  "cms159", "--fhir", "untagged", "--valuesets", golden_ecqm("valuesets"),
                                      "--period", "2026",   "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return Json(concord(words).out);
  };
  EXPECT_EQ(count(run({}), "cms159-001", "denominator"), 1);
  EXPECT_EQ(count(run({"--trust-meta-profile"}), "cms159-001", "denominator"), 0);
}

TEST_F(MeasureCommand, WrongInputSaysWhatAndWhere) {
  EXPECT_EQ(concord({"measure", "cms999", "--fhir", ".", "--valuesets", ".", "--period", "2026"}).code, 2);
  EXPECT_EQ(concord({"measure", "cms159", "--fhir", ".", "--period", "2026"}).code, 2) << "value sets belong to FHIR records";
  const auto month = measure("cms159", "bundles", {"--period", "2026-13"});
  EXPECT_NE(month.code, 0);
  const auto no_path =
      concord({"measure", "cms159", "--fhir", "nowhere", "--valuesets", golden_ecqm("valuesets"), "--period", "2026"});
  EXPECT_EQ(no_path.code, 1);
  EXPECT_NE(no_path.err.find("nowhere"), std::string::npos) << no_path.err;
  write("nobody.json", R"({"resourceType":"Organization","id":"o"})");
  const auto nobody =
      concord({"measure", "cms159", "--fhir", "nobody.json", "--valuesets", golden_ecqm("valuesets"), "--period", "2026"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_NE(nobody.err.find("No patient's record was found."), std::string::npos) << nobody.err;

  fs::copy(golden_ecqm("valuesets"), folder() / "sets");
  const std::string phq = "2.16.840.1.113883.3.67.1.101.1.263";
  const auto with_sets = [&] {
    return concord({"measure", "cms159", "--fhir", golden_ecqm("records/bundles"), "--valuesets", "sets", "--period", "2026"});
  };
  std::string text = slurp(folder() / "sets" / (phq + ".json"));
  for (auto at = text.find("http://loinc.org"); at != std::string::npos; at = text.find("http://loinc.org"))
    text.replace(at, 16, "http://snomed.info/sct");
  write("sets/" + phq + ".json", text);
  auto ended = with_sets();
  EXPECT_EQ(ended.code, 1) << "the PHQ-9 set without a LOINC code";
  EXPECT_NE(ended.err.find(phq), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("LOINC"), std::string::npos) << ended.err;
  fs::remove(folder() / "sets" / (phq + ".json"));
  ended = with_sets();
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find(phq), std::string::npos) << ended.err;
}

TEST_F(MeasureCommand, ARecordThatCannotBeUsedIsNamedAndTheOthersAreCounted) {
  fs::copy(golden_ecqm("records/bundles"), folder() / "records");
  write("records/broken.json", R"({"resourceType":"Bundle","type":"collection","entry":[)");
  const auto ended =
      concord({"measure", "cms159", "--fhir", "records", "--valuesets", golden_ecqm("valuesets"), "--period", "2026", "--json"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("broken.json"), std::string::npos) << ended.err;
  EXPECT_EQ(count(Json(ended.out), "cms159-001", "numerator"), 1);
}

class MeasureOfOurOwn : public MeasureCommand {
 protected:
  void run(const std::string& url) {
    write("in/patient.csv", "patient_id,birth_date\np1,1980-06-15\np2,1980-06-15\n");
    write("in/episode.csv",
          "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,referred_date\n"
          "e1,p1,2025-03-10,depression,phq-9,2025-03-01\ne2,p2,2025-03-10,anxiety,gad-7,2025-03-01\n");
    write("in/contact.csv",
          "contact_id,patient_id,contact_date,staff_role,contact_kind,modality\n"
          "c1,p1,2025-03-10,bhcm,treatment,phone\nc2,p2,2025-03-10,bhcm,treatment,phone\n");
    write("in/scale_result.csv",
          "result_id,patient_id,administered_date,instrument,total_score\n"
          "s1,p1,2025-03-10,phq-9,15\ns2,p1,2026-03-10,phq-9,3\ns3,p2,2025-03-10,phq-9,15\n");
    const auto imported = concord({"import", "csv", "in", "--db", url});
    ASSERT_EQ(imported.code, 0) << imported.out << imported.err;
    const Json json = json_of({"measure", "cms159", "--db", url, "--period", "2026", "--out", "reports"});
    ASSERT_EQ(json["patients"].size(), 2u);
    int denominators = 0, numerators = 0;
    for (int i = 0; i < 2; ++i) {
      denominators += static_cast<int>(json["patients"][i]["groups"][0]["populations"]["denominator"]["count"].integer());
      numerators += static_cast<int>(json["patients"][i]["groups"][0]["populations"]["numerator"]["count"].integer());
    }
    EXPECT_EQ(denominators, 1);
    EXPECT_EQ(numerators, 1);
    EXPECT_TRUE(fs::exists(folder() / "reports/cms159-summary.json"));
    EXPECT_EQ(concord({"audit", "verify", "--db", url}).code, 0);
    const auto database = db::Database::open(url, {});
    ASSERT_TRUE(database);
    std::string detail;
    (*database)->read([&](db::Tx& tx) {
      static constexpr db::Sql kAudit{"test.audit", "SELECT detail FROM audit_event WHERE action = $1"};
      tx.each(kAudit, {"measure.cms159"}, [&](const db::Row& row) { detail += row.string(0); });
      return 0;
    });
    EXPECT_EQ(detail, "period=2026-01-01/2026-12-31 rows=2") << "once, what and not who";
  }
};

TEST_F(MeasureOfOurOwn, IsReadFromSqliteAndLeavesALineInTheAuditLog) { run("sqlite:" + (folder() / "own.db").string()); }

TEST_F(MeasureOfOurOwn, IsReadFromPostgresAndLeavesALineInTheAuditLog) {
  if (!testing::can_use(db::Dialect::postgres)) return;
  const auto database = testing::fresh_database(db::Dialect::postgres);
  run(database->url());
}

class WhatIfCommand : public CommandLineTest {
 protected:
  const std::string clinic_ = (fs::path(CONCORD_SOURCE_DIR) / "tests/golden/csv/clinic").string();
};

TEST_F(WhatIfCommand, SaysWhatAnotherNumberWouldHaveMeant) {
  const auto told = concord(
      {"caseload", "what-if", "--csv", clinic_, "--to", "2026-03-31", "--set", "review.nonresponse.from_days=42", "--json"});
  ASSERT_EQ(told.code, 0) << told.err;
  const Json answer(told.out);
  EXPECT_EQ(answer["period"]["from"].text(), "2025-04-01");
  const Json rule = answer["rules"][0];
  EXPECT_EQ(rule["rule"].text(), "review.nonresponse") << "what differs comes first";
  EXPECT_GT(rule["difference"]["flags"].integer(), 0);
  EXPECT_EQ(rule["now"]["flags"].integer() + rule["difference"]["flags"].integer(), rule["changed"]["flags"].integer());
}

TEST_F(WhatIfCommand, NamesTheNumbersThatThereAre) {
  const auto told = concord({"caseload", "what-if", "--csv", clinic_, "--set", "review.nonresponse.weeks=6"});
  EXPECT_NE(told.code, 0);
  EXPECT_NE(told.err.find("review.nonresponse.from_days"), std::string::npos) << told.err;
}

}  // namespace
}  // namespace concord
