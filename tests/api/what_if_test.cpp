// The what-if over the whole server: facts of the store, both databases, who sees what.
#include <gtest/gtest.h>

#include "whole_server.h"

namespace concord {
namespace {

using testing::HttpClient;
using testing::Json;

constexpr std::string_view kAddress = "/api/v1/reports/what-if";
constexpr std::string_view kEarlier = R"({"changes":[{"id":"review.nonresponse.from_days","value":42}]})";

class WhatIf : public testing::WholeServerOnBoth {
 protected:
  static Json line(const Json& answer, std::string_view list, std::string_view key, std::string_view name) {
    const Json lines = answer[list];
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i][key].text() == name) return lines[i];
    throw std::runtime_error("no line " + std::string(name));
  }
  static std::string paths(const testing::ClientResponse& answer) {
    std::string out;
    const Json issues = Json(answer.body)["issues"];
    for (std::size_t i = 0; i < issues.size(); ++i) out += issues[i]["path"].text() + " ";
    return out;
  }
};
CONCORD_ON_BOTH_DATABASES(WhatIf);

TEST_P(WhatIf, SixWeeksInsteadOfEightByHand) {
  // Enrolled on 5 January, 16 and then 15 points: eight weeks are over on 2 March, six on 16 February.
  world().patient("Ann").enrolled("2026-01-05").phq9({16, 15});
  world().patient("Bea", world().south()).enrolled("2026-01-05").phq9({16, 15});
  const auto answered = world().care_manager().post(kAddress, kEarlier);
  ASSERT_EQ(answered.status, 200) << answered.body;
  const Json answer(answered.body);
  EXPECT_EQ(answer["viewer"].text(), "patients");
  EXPECT_EQ(answer["period"]["from"].text(), "2025-03-01");
  EXPECT_EQ(answer["period"]["to"].text(), "2026-02-28");
  EXPECT_EQ(answer["episodes"]["looked_at"].integer(), 1) << "the other site's patient is not counted";
  const Json rule = line(answer, "rules", "rule", "review.nonresponse");
  EXPECT_EQ(rule["now"]["flags"].integer(), 0);
  EXPECT_EQ(rule["changed"]["flags"].integer(), 1);
  EXPECT_EQ(rule["changed"]["open_days"].integer(), 13);
  EXPECT_EQ(rule["difference"]["episodes"].integer(), 1);
  EXPECT_EQ(rule["months"][11]["month"].text(), "2026-02");
  EXPECT_EQ(rule["months"][11]["changed"].integer(), 1);
  EXPECT_EQ(line(answer, "acts", "act", "review")["difference"].integer(), 0) << "review.new asks for the same review already";
  EXPECT_FALSE(line(answer, "rules", "rule", "contact.first")["suppressed"].boolean());
  EXPECT_GT(answer["limits"].size(), 4u);
}

TEST_P(WhatIf, AggregateRolesSeeNoSmallNumberAndWholeMonthsOnly) {
  world().patient("Ann").enrolled("2026-01-05").phq9({16, 15});
  auto& manager = world().as("program_manager", world().north());
  const auto answered = manager.post(kAddress, kEarlier);
  ASSERT_EQ(answered.status, 200) << answered.body;
  const Json answer(answered.body);
  EXPECT_EQ(answer["viewer"].text(), "aggregates");
  EXPECT_TRUE(answer["episodes"]["all"].is_null());
  for (std::size_t i = 0; i < answer["rules"].size(); ++i) {
    EXPECT_TRUE(answer["rules"][i]["suppressed"].boolean());
    EXPECT_TRUE(answer["rules"][i]["now"]["flags"].is_null());
    EXPECT_TRUE(answer["rules"][i]["months"][11]["changed"].is_null());
  }
  for (std::size_t i = 0; i < answer["hours"].size(); ++i) EXPECT_TRUE(answer["hours"][i]["now"].is_null());
  EXPECT_EQ(paths(manager.post(kAddress, R"({"changes":[{"id":"review.new.due_days","value":7}],"to":"2026-02-14"})")), "to ");
}

TEST_P(WhatIf, WhatCannotBeAskedIsNamed) {
  auto& care_manager = world().care_manager();
  const auto wrong = [&](std::string_view body) {
    const auto answer = care_manager.post(kAddress, body);
    EXPECT_EQ(answer.status, 422) << answer.body;
    return paths(answer);
  };
  EXPECT_EQ(wrong(R"({"changes":[]})"), "changes ");
  EXPECT_EQ(wrong(R"({"changes":[{"id":"review.new.due_days","value":14}]})"), "changes ");
  EXPECT_EQ(wrong(R"({"changes":[{"id":"nothing","value":14}]})"), "changes[0].id ");
  EXPECT_EQ(wrong(R"({"changes":[{"id":"review.new.due_days","value":9999}]})"), "changes[0].value ");
  EXPECT_EQ(
      wrong(R"({"changes":[{"id":"review.new.due_days","value":7}],"minutes":[{"act":"review","role":"pcp","minutes":3}]})"),
      "minutes[0].role ");
  EXPECT_EQ(wrong(R"({"changes":[{"id":"review.new.due_days","value":7}],"to":"2026-03-02"})"), "to ");
  EXPECT_EQ(wrong(R"({"changes":[{"id":"review.new.due_days","value":7}],"site":")" + world().south().id.text() + "\"}"),
            "site ");
}

TEST_P(WhatIf, TheNumbersThatMayBeTriedHaveRangesAndSources) {
  const auto answered = world().care_manager().get(std::string(kAddress) + "/parameters");
  ASSERT_EQ(answered.status, 200) << answered.body;
  const Json answer(answered.body);
  const Json one = line(answer, "items", "id", "review.nonresponse.from_days");
  EXPECT_EQ(one["value"].integer(), 56);
  EXPECT_EQ(one["unit"].text(), "days");
  EXPECT_EQ(one["rules"][0].text(), "review.nonresponse");
  EXPECT_EQ(one["effect"].text(), "flags");
  EXPECT_EQ(line(answer, "items", "id", "review.nonresponse.due_days")["effect"].text(), "late");
  EXPECT_EQ(line(answer["assumptions"], "acts", "id", "review")["minutes"][0]["role"].text(), "psychiatric_consultant");
}

}  // namespace
}  // namespace concord
