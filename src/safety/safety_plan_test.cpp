#include "safety/safety_plan.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace concord::safety {
namespace {

std::filesystem::path shipped() { return std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "safety" / "plan.json"; }

TEST(SafetyPlanWords, HaveSixStepsInBothLanguagesWithTheCrisisNumbers) {
  const auto plan = load_plan_template(shipped());
  ASSERT_TRUE(plan.has_value()) << plan.error().issues.at(0).path << " " << plan.error().issues.at(0).text;
  for (const char* language : {"en", "es"}) {
    EXPECT_EQ(plan->in(language).steps.size(), 6u);
    EXPECT_GE(plan->in(language).crisis.size(), 2u);
  }
  EXPECT_EQ(plan->in("en").review, std::nullopt);
  EXPECT_EQ(plan->in("es").review, "awaiting clinical review") << "until a clinician has read it";
}

TEST(SafetyPlanWords, WithoutACrisisNumberAreRefused) {
  std::ifstream in(shipped());
  std::stringstream text;
  text << in.rdbuf();
  std::string broken = text.str();
  for (auto at = broken.find("\"988\""); at != std::string::npos; at = broken.find("\"988\"")) broken.replace(at, 5, "\"555\"");
  const auto file = std::filesystem::path(::testing::TempDir()) / "concord-plan.json";
  std::ofstream(file) << broken;
  const auto refused = load_plan_template(file);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_file);
  EXPECT_EQ(refused.error().issues.at(0).path, "languages.en.crisis");
  std::filesystem::remove(file);
  EXPECT_EQ(load_plan_template(file).error().code, ErrorCode::bad_file);
}

std::map<std::string, PlanEntries> read(std::string_view steps, std::string_view not_for_me, std::string& wrong) {
  const auto document =
      json::Document::parse("{\"steps\":" + std::string(steps) + ",\"not_for_me\":" + std::string(not_for_me) + "}");
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  auto read = read_steps(root.required("steps"), root.optional("not_for_me"));
  for (const auto& issue : issues.list()) wrong += (wrong.empty() ? "" : " ") + issue.path;
  return read;
}

TEST(SafetyPlan, KeepsWhatWasSaidInOrder) {
  std::string wrong;
  const auto steps = read(
      R"({"warning_signs":["I stop sleeping","I stop answering"],"people":[{"name":"Luz","phone":"555-0101"},{"name":"Ben"}]})",
      R"(["coping"])", wrong);
  EXPECT_EQ(wrong, "");
  const auto again = decode_steps(encode_steps(steps));
  EXPECT_EQ(again.at("warning_signs").lines, (std::vector<std::string>{"I stop sleeping", "I stop answering"}));
  EXPECT_EQ(again.at("people").people.at(1).name, "Ben");
  EXPECT_TRUE(again.at("coping").not_for_me);
  SafetyPlan plan;
  plan.steps = again;
  std::string out;
  json::Writer w(out);
  w.object();
  write_print(w, plan, load_plan_template(shipped())->in("en"));
  w.end();
  EXPECT_NE(out.find(R"("lines":["Luz: 555-0101","Ben"])"), std::string::npos) << out;
  EXPECT_NE(out.find(R"("heading":"What I can do by myself","lines":["Not for me"])"), std::string::npos) << out;
  EXPECT_NE(out.find(R"("number":"988")"), std::string::npos);
  EXPECT_NE(out.find(R"("number":"911")"), std::string::npos);
}

TEST(SafetyPlan, SaysWhereSomethingIsWrong) {
  std::string wrong;
  read(R"({"warning_signs":["  "],"people":["Luz"],"moods":[]})", R"(["sleep"])", wrong);
  EXPECT_EQ(wrong, "steps.moods steps.warning_signs[0] steps.people[0] not_for_me[0]");
  wrong.clear();
  read("{}", "[]", wrong);
  EXPECT_EQ(wrong, "steps") << "an empty plan is none";
}

}  // namespace
}  // namespace concord::safety
