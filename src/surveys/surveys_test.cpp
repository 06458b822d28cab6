#include "surveys/surveys.h"

#include <gtest/gtest.h>

namespace concord::surveys {
namespace {

const Library& library() {
  static const Library loaded =
      std::move(load_surveys(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "surveys").value());
  return loaded;
}

std::string asked_on(const Survey& survey, const Course& course, Date today, std::vector<std::string> answered = {}) {
  const auto* point = due(survey, course, today, answered);
  return point != nullptr ? point->id : "";
}

TEST(Surveys, AreAskedAfterWeek4AndWeek12AndAtTheEnd) {
  const auto& survey = *library().find("satisfaction");
  Course course;
  course.enrolled = Date::ymd(2026, 1, 5);
  const auto day = [&](int n) { return course.enrolled.plus_days(n); };
  EXPECT_EQ(asked_on(survey, course, day(27)), "");
  EXPECT_EQ(asked_on(survey, course, day(28)), "week_4");
  EXPECT_EQ(asked_on(survey, course, day(30), {"week_4"}), "") << "once";
  EXPECT_EQ(asked_on(survey, course, day(63)), "") << "too late to ask about the first month";
  EXPECT_EQ(asked_on(survey, course, day(84)), "week_12");
  course.closed = day(90);
  EXPECT_EQ(asked_on(survey, course, day(90)), "closing") << "not two at once";
  EXPECT_EQ(asked_on(survey, course, day(121)), "");
}

TEST(Surveys, ShipNoWordsThatBelongToSomebodyElse) {
  const auto& survey = *library().find("collaborate");
  EXPECT_TRUE(survey.opt_in);
  EXPECT_EQ(survey.items.size(), 3U);
  for (const auto& item : survey.items) EXPECT_FALSE(item.text);
  const auto wrong =
      parse_survey("x.json", R"({"id":"x","version":"1","permission":"opt_in","holder":"H","terms":"T","source":"S","review":"R",
    "title":{"en":"a","es":"a"},"intro":{"en":"a","es":"a"},"thanks":{"en":"a","es":"a"},"points":[],
    "items":[{"id":"q","text":{"en":"copied","es":"copiado"},"minimum":0,"maximum":9}]})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().issues[0].path, "x.json: items[0].text");
}

TEST(Surveys, HideSmallCellsAndWhateverWouldGiveThemAway) {
  using Shown = std::vector<std::optional<int>>;
  const auto hide = [](std::vector<int> counts) { return without_small_cells(counts); };
  EXPECT_EQ(hide({20, 30, 0}), (Shown{20, 30, 0}));
  EXPECT_EQ(hide({20, 3, 30}), (Shown{std::nullopt, std::nullopt, 30})) << "3 alone would be the total less the rest";
  EXPECT_EQ(hide({20, 3, 4}), (Shown{20, std::nullopt, std::nullopt}));
  EXPECT_EQ(hide({10, 11}), (Shown{std::nullopt, std::nullopt}));
}

Answer answer_of(int value) {
  Answer a;
  a.survey = "involvement";
  a.point = "week_4";
  a.values = {{"say", value}, {"choices", value}, {"counted", value}};
  return a;
}

TEST(Surveys, AddUpFromElevenPeopleOn) {
  const auto& survey = *library().find("involvement");
  std::vector<Answer> answers;
  for (int i = 0; i < 10; ++i) answers.push_back(answer_of(4));
  auto result = add_up(survey, answers);
  EXPECT_FALSE(result.answered);
  EXPECT_FALSE(result.items[0].n);
  EXPECT_FALSE(result.items[0].mean);
  EXPECT_FALSE(result.points[0].second);
  for (int i = 0; i < 12; ++i) answers.push_back(answer_of(2));
  Answer no;
  no.declined = true;
  answers.push_back(no);
  result = add_up(survey, answers);
  EXPECT_EQ(result.answered, 22);
  EXPECT_FALSE(result.declined) << "one person who declined is a small cell";
  EXPECT_EQ(result.items[0].n, 22);
  EXPECT_NEAR(*result.items[0].mean, (40 + 24) / 22.0, 1e-9);
  EXPECT_FALSE(result.items[0].counts[4]) << "ten people";
  EXPECT_FALSE(result.items[0].top_percent);
  answers.push_back(answer_of(4));
  result = add_up(survey, answers);
  EXPECT_EQ(result.items[0].counts[4], 11);
  EXPECT_NEAR(*result.items[0].top_percent, 100 * 11 / 23.0, 1e-9);
}

TEST(Surveys, WordsOfASiteComeBackAsTheyWent) {
  const WordsByLanguage words = {{"en", {{"One?", "Two? \"quoted\"", "Three?"}, "none", "all"}}};
  const auto back = decode_words(encode(words));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back.at("en").items[1], "Two? \"quoted\"");
  EXPECT_EQ(back.at("en").high, "all");
}

}  // namespace
}  // namespace concord::surveys
