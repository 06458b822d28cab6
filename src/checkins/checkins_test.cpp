#include "checkins/checkins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "checkins/html.h"
#include "checkins/pages.h"
#include "checkins/qr.h"
#include "checkins/words.h"

namespace concord::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const instruments::Library& library() {
  static const instruments::Library all = *instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
  return all;
}

const Words& words() {
  static const Words all = *load_words(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "checkins" / "pages.json");
  return all;
}

CheckIn with(std::initializer_list<std::string> instruments) {
  CheckIn c;
  for (const auto& id : instruments) c.forms.push_back({id, library().find(id)->informants.front(), std::nullopt, false});
  return c;
}

std::vector<std::string> items(const std::vector<Question>& questions) {
  std::vector<std::string> all;
  for (const auto& q : questions) all.push_back(q.asked().link_id);
  return all;
}

safety::CrisisHelp some_help() {
  safety::CrisisHelp help;
  help.title = "Get help now";
  help.not_watched = "Nobody is watching this page.";
  help.lines.push_back({"988", "988 Lifeline", "988", "988", "988", "", "https://988lifeline.org", "Day or night.", ""});
  help.lines.push_back({"911", "Emergency", "911", "911", "", "", "", "Danger now.", ""});
  return help;
}

Frame frame(std::string language = "en") {
  static const Assets none;
  Frame f;
  f.words = &words();
  f.assets = &none;
  f.language = std::move(language);
  f.clinic = "Maple Street";
  f.help = some_help();
  return f;
}

TEST(CheckInQuestions, AreTheItemsInOrderAndCountOverAllQuestionnaires) {
  const auto all = questions(library(), with({"phq-9", "gad-7"}), {});
  ASSERT_EQ(all.size(), 18U);
  EXPECT_EQ(all.front().asked().link_id, "q1");
  EXPECT_EQ(all[9].asked().link_id, "difficulty");
  EXPECT_EQ(all[10].instrument->id, "gad-7");
  EXPECT_EQ(all[10].number, 11);
  EXPECT_EQ(all[10].of, 18);
}

TEST(CheckInQuestions, MayBeSkippedOnlyWhereTheInstrumentBearsABlank) {
  const auto all = questions(library(), with({"phq-9"}), {});
  EXPECT_TRUE(all[0].may_skip);
  EXPECT_FALSE(all[8].may_skip) << "item 9 is never filled in";
  EXPECT_TRUE(all[9].may_skip) << "the extra question";
  const std::vector<Kept> two = {{"phq-9", "q1", std::nullopt}, {"phq-9", "q2", std::nullopt}};
  const auto later = questions(library(), with({"phq-9"}), two);
  EXPECT_TRUE(later[0].may_skip) << "it is one of the two";
  EXPECT_FALSE(later[2].may_skip) << "a third blank would make the form invalid";
  EXPECT_FALSE(questions(library(), with({"gad-7"}), {})[0].may_skip);
}

TEST(CheckInQuestions, LeaveOutWhatAnEarlierAnswerMakesNeedless) {
  const std::vector<Kept> never = {{"audit", "q1", 0.0}};
  const auto all = items(questions(library(), with({"audit"}), never));
  EXPECT_THAT(all, ElementsAre("q1", "q9", "q10"));
  const std::vector<Kept> changed = {{"audit", "q1", 0.0}, {"audit", "q4", 3.0}, {"audit", "q9", 0.0}, {"audit", "q10", 0.0}};
  for (const auto& answer : answers_of(*library().find("audit"), changed))
    if (answer.item == "q4") {
      EXPECT_EQ(answer.value, std::nullopt) << "an answer to what is not asked does not count";
    }
}

TEST(CheckInQuestions, GoOnWhereTheFirstAnswerIsMissing) {
  const std::vector<Kept> kept = {{"phq-9", "q1", 1.0}, {"phq-9", "q2", std::nullopt}, {"phq-9", "q4", 0.0}};
  const auto all = questions(library(), with({"phq-9"}), kept);
  EXPECT_EQ(first_open(all, kept), 2U);
}

TEST(CheckInQuestions, OfAQuestionnaireThatStaffEnteredAreNotAsked) {
  auto c = with({"phq-9", "gad-7"});
  c.forms[0].measurement = MeasurementId(*Uuid::parse("018f0000-0000-7000-8000-000000000001"));
  EXPECT_EQ(questions(library(), c, {}).size(), 8U);
}

TEST(CheckInForms, AreOnlyThoseAPatientCanAnswerAlone) {
  std::vector<Issue> issues;
  EXPECT_TRUE(form_named(library(), "PHQ9", "instruments[0]", issues));
  EXPECT_TRUE(form_named(library(), "psc-17:parent", "instruments[0]", issues));
  EXPECT_TRUE(form_named(library(), "weekly-mood", "instruments[0]", issues));
  EXPECT_TRUE(issues.empty());
  for (const auto* text : {"phq-10", "scared", "epds", "c-ssrs-screener", "phq-9:teacher", ""}) {
    issues.clear();
    EXPECT_FALSE(form_named(library(), text, "instruments[0]", issues)) << text;
    ASSERT_EQ(issues.size(), 1U) << text;
    EXPECT_EQ(issues[0].path, "instruments[0]");
  }
}

TEST(CheckInState, ExpiresByTheClock) {
  CheckIn c;
  c.state = "started";
  c.expires_at = *parse_instant("2026-03-11T15:00:00Z");
  EXPECT_EQ(state_at(c, *parse_instant("2026-03-11T14:59:59Z")), "started");
  EXPECT_EQ(state_at(c, c.expires_at), "expired");
  EXPECT_FALSE(is_open(c, c.expires_at));
  c.ended_at = c.expires_at;
  c.state = "submitted";
  EXPECT_EQ(state_at(c, c.expires_at + std::chrono::hours(1000)), "submitted");
}

TEST(CheckInReceipt, HasNoLettersThatLookAlike) {
  const auto code = receipt_of(*Uuid::parse("018f0000-0000-7000-8001-02f31415f6aa"));
  EXPECT_EQ(code.size(), 9U);
  EXPECT_EQ(code[4], '-');
  for (const char c : code) EXPECT_EQ(std::string_view("0O1IlS5Z").find(c) != std::string_view::npos && c != '5', false) << code;
}

TEST(CheckInHtml, EscapesWhateverItIsGiven) {
  std::string out;
  Html h(out);
  h.open("p", {{"title", "\"><script>"}}).text("<b> & 'x' \xF0\x9F\x98\x80 \xD7\xA9 \xFF \x01").close();
  EXPECT_EQ(out,
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;x&#39; \xF0\x9F\x98\x80 \xD7\xA9 \xEF\xBF\xBD "
            "\xEF\xBF\xBD</p>");
}

TEST(CheckInWords, AreThereInBothLanguagesAndFilled) {
  EXPECT_EQ(words().text("en", "landing.title", {{"clinic", "Maple"}}), "A few questions from Maple");
  EXPECT_EQ(words().text("es", "question.progress", {{"number", "2"}, {"of", "9"}}), "2 de 9");
}

TEST(CheckInWords, HoldEveryKeyThatThePagesAskFor) {
  static const std::regex kKey(
      R"re("((landing|start|birth|notme|question|error|check|pause|help|done|kiosk|ended|revoked|fulfilled|submitted|starts|unknown|session|busy|foreign|net|page|hours)\.[a-z_]+)")re");
  int asked = 0;
  for (const auto* name : {"pages.cpp", "pages_api.cpp", "words.cpp"}) {
    std::ifstream file(std::filesystem::path(CONCORD_SOURCE_DIR) / "src" / "checkins" / name);
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator at(source.begin(), source.end(), kKey), end; at != end; ++at, ++asked)
      EXPECT_TRUE(words().has((*at)[1].str())) << (*at)[1].str();
  }
  EXPECT_GT(asked, 60);
}

TEST(CheckInWords, SayHoursAndDaysAsPeopleDo) {
  calendar::Calendar calendar;
  EXPECT_EQ(hours_text(words(), "en", calendar), "Monday to Friday, 8 am to 5 pm");
  EXPECT_EQ(hours_text(words(), "es", calendar), "lunes a viernes, de 8:00 a 17:00");
  calendar.week[6] = calendar::Opening{9 * 60 + 30, 12 * 60};
  EXPECT_EQ(hours_text(words(), "en", calendar), "Monday to Friday, 8 am to 5 pm; Saturday, 9:30 am to 12 pm");
  EXPECT_EQ(date_text(words(), "en", Date::ymd(2026, 3, 10)), "Tuesday, March 10");
  EXPECT_EQ(date_text(words(), "es", Date::ymd(2026, 3, 10)), "martes 10 de marzo");
  EXPECT_EQ(next_open_day(calendar, Date::ymd(2026, 3, 8)), Date::ymd(2026, 3, 9)) << "Sunday";
}

TEST(CheckInPages, ShowOneQuestionVerbatimWithItsStemAndScale) {
  const auto all = questions(library(), with({"phq-9"}), {});
  const auto page = question_page(frame(), all[1], nullptr, false, false);
  EXPECT_THAT(
      page,
      HasSubstr("<legend><h1><span class=\"stem\">Over the last 2 weeks, how often have you been bothered by any of "
                "the following problems?</span> <span class=\"item\">Feeling down, depressed, or hopeless</span></h1></legend>"));
  for (const auto* option : {"Not at all", "Several days", "More than half the days", "Nearly every day", "Prefer not to answer"})
    EXPECT_THAT(page, HasSubstr(std::string(">") + option + "</label>"));
  EXPECT_THAT(page, HasSubstr("2 of 10"));
  EXPECT_THAT(page, HasSubstr("href=\"/c/q/1\">Back</a>"));
  EXPECT_THAT(page, Not(HasSubstr("checked")));
  const Kept kept{"phq-9", "q2", 2.0};
  EXPECT_THAT(question_page(frame(), all[1], &kept, false, false), HasSubstr("value=\"2\" checked"));
  EXPECT_THAT(question_page(frame(), all[8], nullptr, false, false), Not(HasSubstr("Prefer not to answer")));
}

TEST(CheckInPages, SpeakSpanishWhereTheInstrumentDoesAndSayWhereNot) {
  const auto phq = question_page(frame("es"), questions(library(), with({"phq-9"}), {})[0], nullptr, false, false);
  EXPECT_THAT(phq, HasSubstr("<html lang=\"es\">"));
  EXPECT_THAT(phq, HasSubstr("Poco interés o placer en hacer cosas"));
  EXPECT_THAT(phq, HasSubstr("<fieldset class=\"list\">")) << "the page's own language";
  const auto pcl = question_page(frame("es"), questions(library(), with({"pcl-5"}), {})[0], nullptr, false, false);
  EXPECT_THAT(pcl, HasSubstr("solo en inglés"));
  EXPECT_THAT(pcl, HasSubstr("<fieldset lang=\"en\""));
  EXPECT_THAT(pcl, HasSubstr(">Continuar</button>"));
}

TEST(CheckInPages, TellAnErrorAboveTheQuestionAndBesideIt) {
  const auto page = question_page(frame(), questions(library(), with({"phq-9"}), {})[0], nullptr, true, false);
  EXPECT_THAT(page, HasSubstr("<title>Error: Question 1 of 10 - Maple Street</title>"));
  EXPECT_LT(page.find("There is a problem"), page.find("<h1>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#value-0\">Choose one answer</a>"));
  EXPECT_THAT(page, HasSubstr("<p id=\"error\" class=\"error\">Choose one answer</p>"));
}

TEST(CheckInPages, HaveHelpAtTheSamePlaceOnEveryOne) {
  const auto c = with({"weekly-mood"});
  const auto all = questions(library(), c, {});
  Landing landing;
  landing.secret = "x";
  landing.count = 1;
  Done done;
  done.receipt = "K7M2-9QXD";
  done.date = Date::ymd(2026, 3, 4);
  const std::vector<std::string> pages = {landing_page(frame(), landing),
                                          question_page(frame(), all[0], nullptr, false, false),
                                          check_page(frame(), all, {}, {}),
                                          pause_page(frame(), "/c/now"),
                                          help_page(frame()),
                                          done_page(frame(), done),
                                          message_page(frame(), "t", "x")};
  for (const auto& page : pages) {
    EXPECT_THAT(page, HasSubstr("<header class=\"top\"><p class=\"clinic\">Maple Street</p><a class=\"help-link\" "
                                "href=\"#help\">Get help now</a></header>"));
    EXPECT_THAT(page, HasSubstr("href=\"tel:988\""));
    EXPECT_THAT(page, HasSubstr("href=\"tel:911\""));
    EXPECT_THAT(page, HasSubstr("Nobody is watching this page."));
    EXPECT_THAT(page, Not(HasSubstr("style=")));
    EXPECT_THAT(page, Not(HasSubstr("onclick")));
  }
}

TEST(CheckInPages, OfTheTabletGiveWayAndOfferNoChat) {
  auto f = frame();
  f.kiosk = true;
  f.leave_after_seconds = 600;
  const auto page = question_page(f, questions(library(), with({"phq-9"}), {})[0], nullptr, false, false);
  EXPECT_THAT(page, HasSubstr("http-equiv=\"refresh\" content=\"600;url=/c/finished\""));
  EXPECT_THAT(page, Not(HasSubstr("988lifeline")));
}

TEST(CheckInCode, IsAQrCodeWithItsThreeCorners) {
  const auto code = qr_code("https://concord.example.org/c/AbCdEfGhIjKlMnOpQrStUv");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->size, 33) << "version 4";
  for (const auto& [row, column] : {std::pair(0, 0), std::pair(0, 26), std::pair(26, 0)}) {
    for (int i = 0; i < 7; ++i) {
      EXPECT_TRUE(code->at(row, column + i));
      EXPECT_TRUE(code->at(row + 6, column + i));
    }
    EXPECT_FALSE(code->at(row + 1, column + 1));
    EXPECT_TRUE(code->at(row + 3, column + 3));
  }
  EXPECT_TRUE(code->at(25, 8)) << "always dark";
  EXPECT_THAT(code->path, ::testing::StartsWith("M0 0h7v1h-7z"));
  EXPECT_FALSE(qr_code(std::string(214, 'x')));
  EXPECT_TRUE(qr_code(std::string(213, 'x')));
}

}  // namespace
}  // namespace concord::checkins
