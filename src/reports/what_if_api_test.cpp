// What an aggregate role may see of a what-if. Routes are walked in tests/api.
#include "reports/what_if_api.h"

#include <gtest/gtest.h>

namespace concord::reports {
namespace {

using caseload::Rule;
using caseload::WhatIf;
using caseload::WhatIfAssumptions;
using caseload::WhatIfLine;

struct Scene {
  WhatIfAssumptions assumptions;
  WhatIf answer;
  Scene() {
    caseload::Act review, rest;
    review.id = "review";
    review.rules = {Rule::review_new, Rule::review_nonresponse};
    rest.id = "rest";
    for (const Rule rule : caseload::all_rules())
      if (rule != Rule::review_new && rule != Rule::review_nonresponse) rest.rules.push_back(rule);
    assumptions.acts = {review, rest};
    answer.acts.resize(2);
    answer.episodes = answer.looked_at = 500;
    fill(of(Rule::review_new), 100, 140);
    fill(of(Rule::review_nonresponse), 60, 90);
    fill(answer.acts[0], 120, 160);
  }
  WhatIfLine& of(Rule rule) { return answer.rules[static_cast<std::size_t>(rule)]; }
  static void fill(WhatIfLine& line, std::int64_t now, std::int64_t changed) {
    line.now = {now, 0, now * 10, now, {now / 2, now - now / 2}};
    line.changed = {changed, 0, changed * 10, changed, {changed / 2, changed - changed / 2}};
  }
  void hide() { hide_small(answer, assumptions, 10); }
};

TEST(WhatIfHiding, LargeNumbersAreShown) {
  Scene s;
  s.hide();
  EXPECT_FALSE(s.answer.hidden);
  EXPECT_FALSE(s.of(Rule::review_new).hidden);
  EXPECT_FALSE(s.answer.acts[0].hidden);
  EXPECT_EQ(s.of(Rule::review_new).hidden_months, (std::vector<char>{0, 0}));
}

TEST(WhatIfHiding, ASmallCountASmallDifferenceAndASmallRestAreHidden) {
  for (const auto& [now, changed] : {std::pair{5, 60}, {60, 5}, {60, 66}, {60, 495}}) {
    Scene s;
    Scene::fill(s.of(Rule::review_nonresponse), now, changed);
    s.hide();
    EXPECT_TRUE(s.of(Rule::review_nonresponse).hidden) << now << " " << changed;
    EXPECT_TRUE(s.answer.acts[0].hidden) << "the act less the other rule would tell it";
    EXPECT_FALSE(s.of(Rule::review_new).hidden);
  }
}

TEST(WhatIfHiding, NobodyAndNoChangeAreNotSmall) {
  Scene s;
  Scene::fill(s.of(Rule::review_nonresponse), 0, 60);
  Scene::fill(s.of(Rule::review_new), 100, 100);
  s.hide();
  EXPECT_FALSE(s.of(Rule::review_nonresponse).hidden);
  EXPECT_FALSE(s.of(Rule::review_new).hidden);
}

TEST(WhatIfHiding, OneSmallMonthIsNotHiddenAlone) {
  Scene s;
  auto& line = s.of(Rule::review_new);
  line.now.months = {3, 97 - 30, 30};
  line.changed.months = {40, 60, 40};
  auto& other = s.of(Rule::review_nonresponse);
  other.now.months = {20, 20, 20};
  other.changed.months = {31, 31, 28 + 11};
  s.answer.acts[0].now.months = {40, 40, 40};
  s.answer.acts[0].changed.months = {60, 60, 60};
  s.hide();
  int hidden = 0;
  for (const char one : line.hidden_months) hidden += one;
  EXPECT_TRUE(line.hidden_months[0]);
  EXPECT_GE(hidden, 2) << "the total less the other months would tell it";
  EXPECT_EQ(other.hidden_months, (std::vector<char>{0, 0, 0}));
}

TEST(WhatIfHiding, FewLateFlagsAreHiddenWithoutTheRest) {
  Scene s;
  s.of(Rule::review_new).now.late = 3;
  s.hide();
  EXPECT_TRUE(s.of(Rule::review_new).hidden_late);
  EXPECT_FALSE(s.of(Rule::review_new).hidden);
}

TEST(WhatIfHiding, OfFewEpisodesNothingIsShown) {
  Scene s;
  s.answer.looked_at = s.answer.episodes = 9;
  s.hide();
  EXPECT_TRUE(s.answer.hidden);
}

TEST(WhatIfPeriod, IsTheTwelveMonthsThatAreOver) {
  const auto year = last_whole_year(Date::ymd(2026, 3, 31));
  EXPECT_EQ(year.from, Date::ymd(2025, 3, 1));
  EXPECT_EQ(year.to, Date::ymd(2026, 2, 28));
}

}  // namespace
}  // namespace concord::reports
