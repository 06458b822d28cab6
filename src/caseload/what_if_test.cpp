// By hand, against counting every single day, and what must always hold.
#include "caseload/what_if.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "caseload/facts_for_tests.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

const WhatIfAssumptions& assumptions() {
  static const WhatIfAssumptions loaded = [] {
    auto read = load_what_if(read_whole(std::string(CONCORD_SOURCE_DIR) + "/rulesets/what-if-2026.json"));
    if (!read) throw std::runtime_error(read.error().issues.at(0).path + " " + read.error().issues.at(0).text);
    return std::move(*read);
  }();
  return loaded;
}

RuleSet with(std::initializer_list<Change> changes) {
  const std::vector<Change> list(changes);
  auto other = changed(concord_2026(), list);
  if (!other) throw std::runtime_error(other.error().issues.at(0).text);
  return std::move(*other);
}

const WhatIfLine& line(const WhatIf& answer, Rule rule) { return answer.rules[static_cast<std::size_t>(rule)]; }
const WhatIfLine& act(const WhatIf& answer, std::string_view id) {
  for (std::size_t i = 0; i < assumptions().acts.size(); ++i)
    if (assumptions().acts[i].id == id) return answer.acts[i];
  throw std::runtime_error("no such act");
}

WhatIf ask(const std::vector<EpisodeFacts>& facts, const RuleSet& other, Date from, Date to) {
  WhatIfCounter counter(concord_2026(), other, assumptions(), from, to);
  counter.add(facts);
  return counter.answer();
}

/// Enrolled on day 0 with PHQ-9 16, still 15 on day 40, reviewed on day 50.
Scene1 not_better() { return std::move(Scene1().score(0, 16).score(40, 15).contact(10).contact(30).review(50)); }

TEST(WhatIf, AnEarlierReviewOfNonResponseByHand) {
  const Date day100 = kMonday.plus_days(100);
  const auto answer = ask({not_better().f}, with({{"review.nonresponse.from_days", 42}}), kMonday, day100);
  const auto& rule = line(answer, Rule::review_nonresponse);
  // With 56 days: quiet for 28 days after the review of day 50, so it fires from day 78 on, and is late after day 84.
  EXPECT_EQ(rule.now.flags, 1);
  EXPECT_EQ(rule.now.open_days, 23);
  EXPECT_EQ(rule.now.late, 1);
  EXPECT_EQ(rule.now.months, (std::vector<std::int64_t>{0, 0, 1, 0}));
  // With 42: on days 42 to 49 as well.
  EXPECT_EQ(rule.changed.flags, 2);
  EXPECT_EQ(rule.changed.open_days, 31);
  EXPECT_EQ(rule.changed.late, 1);
  EXPECT_EQ(rule.changed.months, (std::vector<std::int64_t>{0, 1, 1, 0}));
  EXPECT_EQ(rule.changed.episodes, 1);
  // review.new fires until day 49 anyway: one review answers both, so no further review is asked for.
  EXPECT_EQ(line(answer, Rule::review_new).now.open_days, 50);
  EXPECT_EQ(act(answer, "review").now.flags, 2);
  EXPECT_EQ(act(answer, "review").changed.flags, 2);
  EXPECT_EQ(line(answer, Rule::contact_due).now, line(answer, Rule::contact_due).changed);
}

TEST(WhatIf, WhatFiredBeforeThePeriodIsNoFlagButIsOpen) {
  const auto answer =
      ask({not_better().f}, with({{"review.nonresponse.from_days", 42}}), kMonday.plus_days(80), kMonday.plus_days(99));
  const auto& rule = line(answer, Rule::review_nonresponse);
  EXPECT_EQ(rule.now.flags, 0);
  EXPECT_EQ(rule.now.open_days, 20);
  EXPECT_EQ(rule.now.episodes, 1);
  EXPECT_EQ(rule.now.late, 1) << "it was not late before the period";
}

TEST(WhatIf, ADueDayMovesWhatIsLateAndNothingElse) {
  const auto answer = ask({not_better().f}, with({{"review.nonresponse.due_days", 100}}), kMonday, kMonday.plus_days(100));
  const auto& rule = line(answer, Rule::review_nonresponse);
  EXPECT_EQ(rule.now.flags, rule.changed.flags);
  EXPECT_EQ(rule.now.open_days, rule.changed.open_days);
  EXPECT_EQ(rule.now.late, 1);
  EXPECT_EQ(rule.changed.late, 0);
}

/// Every day by itself.
struct Plain {
  std::int64_t flags = 0, late = 0, open_days = 0, episodes = 0;
  bool operator==(const Plain&) const = default;
};
std::map<Rule, Plain> day_by_day(const std::vector<EpisodeFacts>& all, const RuleSet& rules, Date from, Date to,
                                 std::vector<std::int64_t>& acts) {
  std::map<Rule, Plain> out;
  for (const auto& facts : all) {
    std::set<Rule> before, late_before, touched;
    std::set<std::size_t> acts_before;
    for (Date day = from.plus_days(-1); day <= to; day = day.plus_days(1)) {
      std::set<Rule> now, late;
      std::set<std::size_t> acts_now;
      if (const auto then = as_of(facts, day))
        for (const auto& t : derive(*then, rules).triggers) {
          if (!t.fires(day)) continue;
          now.insert(t.rule);
          acts_now.insert(assumptions().act_of(t.rule));
          if (t.due < day) late.insert(t.rule);
        }
      if (day >= from) {
        for (const Rule rule : now) {
          ++out[rule].open_days;
          if (!before.contains(rule)) ++out[rule].flags;
          if (touched.insert(rule).second) ++out[rule].episodes;
        }
        for (const Rule rule : late)
          if (!late_before.contains(rule)) ++out[rule].late;
        for (const auto a : acts_now)
          if (!acts_before.contains(a)) ++acts[a];
      }
      before = now;
      late_before = late;
      acts_before = acts_now;
    }
  }
  return out;
}

TEST(WhatIf, CountsAsIfEveryDayHadBeenLookedAt) {
  std::mt19937 random(41);
  const auto& known = adjustable(concord_2026());
  for (int round = 0; round < 12; ++round) {
    std::vector<EpisodeFacts> all;
    for (int i = 0; i < 25; ++i) all.push_back(any_episode(random));
    const auto& one = known[random() % known.size()];
    const double range = one.maximum - one.minimum;
    double value = one.minimum + static_cast<double>(random() % static_cast<unsigned>(range + 1));
    if (value == one.now.value) value = value < one.maximum ? value + 1 : value - 1;
    const auto other = with({{one.now.id, value}});
    const Date from = kMonday.plus_days(-30 + static_cast<int>(random() % 60U)),
               to = from.plus_days(static_cast<int>(random() % 200U));
    const auto answer = ask(all, other, from, to);
    for (const bool is_changed : {false, true}) {
      std::vector<std::int64_t> acts(assumptions().acts.size(), 0);
      auto plain = day_by_day(all, is_changed ? other : concord_2026(), from, to, acts);
      for (const Rule rule : all_rules()) {
        const auto& tally = is_changed ? line(answer, rule).changed : line(answer, rule).now;
        const Plain got{tally.flags, tally.late, tally.open_days, tally.episodes};
        const Plain& wanted = plain[rule];
        ASSERT_TRUE(got == wanted) << "round " << round << " " << name(rule) << " " << one.now.id << " " << value << ": flags "
                                   << got.flags << "/" << wanted.flags << " late " << got.late << "/" << wanted.late << " days "
                                   << got.open_days << "/" << wanted.open_days;
        std::int64_t months = 0;
        for (const auto n : tally.months) months += n;
        ASSERT_EQ(months, tally.flags);
      }
      for (std::size_t a = 0; a < acts.size(); ++a)
        ASSERT_EQ(is_changed ? answer.acts[a].changed.flags : answer.acts[a].now.flags, acts[a]) << assumptions().acts[a].id;
    }
  }
}

TEST(WhatIf, ChangingNothingChangesNothing) {
  std::mt19937 random(5);
  std::vector<EpisodeFacts> all;
  for (int i = 0; i < 150; ++i) all.push_back(any_episode(random));
  const auto answer = ask(all, concord_2026(), kMonday, kMonday.plus_days(364));
  std::int64_t flags = 0;
  for (const auto& one : answer.rules) {
    EXPECT_EQ(one.now, one.changed);
    flags += one.now.flags;
  }
  EXPECT_GT(flags, 500);
  const std::vector<Change> same = {{"review.nonresponse.from_days", 56}};
  const auto refused = changed(concord_2026(), same);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().issues[0].path, "changes");
}

TEST(WhatIf, ATighterThresholdNeverFlagsLess) {
  std::mt19937 random(77);
  std::vector<EpisodeFacts> all;
  for (int i = 0; i < 300; ++i) all.push_back(any_episode(random));
  const struct {
    const char* id;
    double tighter;
    Rule rule;
  } cases[] = {{"review.nonresponse.from_days", 30, Rule::review_nonresponse},
               {"review.stale.enrolled_days", 40, Rule::review_stale},
               {"plan.adjust.days", 40, Rule::plan_adjust},
               {"contact.due.late_days", 10, Rule::contact_due},
               {"inactive.notice_days", 30, Rule::inactive},
               {"instrument.phq-9.stale_days_active", 14, Rule::measure_stale},
               {"recommendation.unanswered.days", 2, Rule::recommendation_unanswered},
               {"episode.long.months", 3, Rule::episode_long}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.id);
    const auto answer = ask(all, with({{c.id, c.tighter}}), kMonday.plus_days(-20), kMonday.plus_days(300));
    const auto& rule = line(answer, c.rule);
    EXPECT_GT(rule.changed.open_days, rule.now.open_days);
    EXPECT_GE(rule.changed.episodes, rule.now.episodes);
    EXPECT_GE(rule.changed.flags, rule.now.flags);
  }
}

TEST(WhatIf, PartsGiveTheSameAsTheWhole) {
  std::mt19937 random(9);
  std::vector<EpisodeFacts> all;
  for (int i = 0; i < 200; ++i) all.push_back(any_episode(random));
  const auto other = with({{"contact.due.early_days", 3}});
  const auto whole = ask(all, other, kMonday, kMonday.plus_days(200));
  WhatIfCounter parts(concord_2026(), other, assumptions(), kMonday, kMonday.plus_days(200));
  parts.add(std::span(all).first(7));
  parts.add(std::span(all).subspan(7));
  for (std::size_t r = 0; r < whole.rules.size(); ++r) {
    EXPECT_EQ(whole.rules[r].now, parts.answer().rules[r].now);
    EXPECT_EQ(whole.rules[r].changed, parts.answer().rules[r].changed);
  }
  EXPECT_EQ(parts.answer().episodes, 200);
}

TEST(WhatIf, EveryNumberThatIsOfferedCanBeSetAndItsRulesAreNamed) {
  const auto known = adjustable(concord_2026());
  EXPECT_GT(known.size(), 60u);
  std::set<std::string> ids;
  for (const auto& one : known) {
    SCOPED_TRACE(one.now.id);
    EXPECT_TRUE(ids.insert(one.now.id).second);
    EXPECT_FALSE(one.rules.empty());
    EXPECT_LE(one.minimum, one.now.value);
    EXPECT_GE(one.maximum, one.now.value);
    const std::vector<Change> other = {{one.now.id, one.now.value == one.maximum ? one.minimum : one.maximum}};
    EXPECT_TRUE(changed(concord_2026(), other));
  }
  EXPECT_FALSE(ids.contains("caseload.sparkline_days"));
}

TEST(WhatIf, WrongChangesAreNamed) {
  const std::vector<Change> wrong = {
      {"review.nonresponse.weeks", 6}, {"review.new.due_days", 2.5}, {"plan.adjust.days", 4000}, {"review.new.due_days", 7}};
  const auto refused = changed(concord_2026(), wrong);
  ASSERT_FALSE(refused);
  std::string paths;
  for (const auto& issue : refused.error().issues) paths += issue.path + " ";
  EXPECT_EQ(paths, "changes[0].id changes[1].value changes[2].value changes[3].id ");
}

TEST(WhatIf, AssumptionsNameEveryRuleOnce) {
  EXPECT_EQ(assumptions().name, "what-if-2026");
  EXPECT_FALSE(load_what_if(R"({"name":"x","version":"1","acts":{"a":{"rules":["review.new"],"minutes":{}}}})"));
}

TEST(WhatIf, HoursComeFromTheStatedMinutesAndHiddenActsHideThem) {
  auto answer = ask({not_better().f}, with({{"plan.adjust.days", 30}}), kMonday, kMonday.plus_days(100));
  const auto written = [&] {
    std::string text;
    json::Writer w(text);
    w.object();
    const std::vector<Change> changes = {{"plan.adjust.days", 30}};
    write_what_if(w, answer, concord_2026(), changes, assumptions(), WhatIfSource::database);
    w.end();
    return text;
  };
  // Two reviews of ten minutes each.
  EXPECT_NE(written().find(R"({"role":"psychiatric_consultant","suppressed":false,"now":0.3,"changed":0.3,"difference":0})"),
            std::string::npos)
      << written();
  EXPECT_TRUE(json::Document::parse(written()).has_value());
  for (std::size_t a = 0; a < answer.acts.size(); ++a) answer.acts[a].hidden = assumptions().acts[a].id == "review";
  EXPECT_NE(written().find(R"({"role":"psychiatric_consultant","suppressed":true,"now":null,"changed":null,"difference":null})"),
            std::string::npos);
  EXPECT_NE(written().find(R"({"role":"pcp","suppressed":false)"), std::string::npos);
}

}  // namespace
}  // namespace concord::caseload
