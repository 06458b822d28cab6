#include "education/content_check.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace concord::education {
namespace {

namespace fs = std::filesystem;

/// The build check itself: every text a patient reads, in this tree.
TEST(ContentCheck, EveryTextAPatientReadsIsEasyTranslatedAndKind) {
  const auto report = check_content({CONCORD_SOURCE_DIR, {}, false});
  ASSERT_TRUE(report.has_value()) << report.error().text;
  for (const auto& p : report->problems) ADD_FAILURE() << p.file << " (" << p.language << ") " << p.text;
  EXPECT_GE(report->rows.size(), 80u);
}

TEST(ContentCheck, AReleaseWaitsForThePeopleWhoReview) {
  const auto report = check_content({CONCORD_SOURCE_DIR, {}, true});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->ok(), report->unreviewed == 0);
}

class Tree : public ::testing::Test {
 protected:
  Tree() {
    put("content/words.json",
        R"({"words":{"en":[{"word":"crazy","why":"hurts","allowed_in":["content/help/old"]}],"es":[{"word":"loco","why":"hiere"}]}})");
    put("content/reading_reasons.json", R"({"reasons":{}})");
    put("content/numbers.json",
        R"({"numbers":[{"number":"988","what":"Lifeline","source":"a"},{"number":"1-800-222-1222","what":"Poison","source":"b"}]})");
    put("content/check.json", R"({"sources":[{"name":"Help","kind":"json","files":"content/help/*.json"}]})");
  }
  void put(const std::string& name, std::string_view text) {
    fs::create_directories((temporary_.path() / name).parent_path());
    std::ofstream(temporary_.path() / name) << text;
  }
  CheckReport check(bool release = false) {
    const auto report = check_content({temporary_.path(), {}, release});
    EXPECT_TRUE(report.has_value());
    return report.value_or(CheckReport{});
  }
  static std::string problems(const CheckReport& report) {
    std::string all;
    for (const auto& p : report.problems) all += p.file + " " + p.language + " " + p.text + "\n";
    return all;
  }
  testing::TemporaryFolder temporary_;
};

constexpr const char* kEasy =
    R"({"title":{"en":"We are glad that you are here today.","es":"Nos alegra que usted venga hoy aquí."}})";
constexpr const char* kHardText =
    "Pharmacological interventions demonstrate considerable effectiveness when administered consistently and monitored "
    "systematically by qualified professionals.";

TEST_F(Tree, AnEasyTranslatedTextPasses) {
  put("content/help/a.json", kEasy);
  EXPECT_EQ(problems(check()), "");
  EXPECT_EQ(check().rows.size(), 2u);
}

TEST_F(Tree, AHardTextFailsUnlessAReasonIsWritten) {
  put("content/help/a.json",
      std::string(R"({"t":{"en":")") + kHardText + " " + kHardText + R"(","es":"Usted puede venir hoy."}})");
  EXPECT_NE(problems(check()).find("content/help/a.json en is too hard"), std::string::npos);
  put("content/reading_reasons.json", R"({"reasons":{"content/help/a.json":"A law prescribes this sentence."}})");
  EXPECT_EQ(problems(check()), "");
}

TEST_F(Tree, AReasonThatIsNotNeededAnyMoreFails) {
  put("content/help/a.json", kEasy);
  put("content/reading_reasons.json", R"({"reasons":{"content/help/a.json":"A law prescribes this sentence."}})");
  EXPECT_NE(problems(check()).find("needs no reason any more"), std::string::npos);
}

TEST_F(Tree, ForbiddenWordsFailWithTheReasonButNotWhereTheyAreAllowed) {
  put("content/help/a.json", R"({"t":{"en":"That is CRAZY, friend.","es":"Está loco."}})");
  const auto found = problems(check());
  EXPECT_NE(found.find("en says \"crazy\": hurts"), std::string::npos);
  EXPECT_NE(found.find("es says \"loco\": hiere"), std::string::npos);
  fs::remove(temporary_.path() / "content/help/a.json");
  put("content/help/old.json", R"({"t":{"en":"That is crazy, friend.","es":"Así es."}})");
  EXPECT_EQ(problems(check()), "");
}

TEST_F(Tree, AMissingTranslationFailsWhereverItIs) {
  put("content/help/a.json", R"({"t":{"en":"Hello"},"languages":{"en":{"x":["one","two"],"y":"z"},"es":{"x":["uno"],"w":"z"}}})");
  const auto found = problems(check());
  EXPECT_NE(found.find("es t: is not there"), std::string::npos) << found;
  EXPECT_NE(found.find("es languages.x[1]: is not there"), std::string::npos) << found;
  EXPECT_NE(found.find("es languages.y: is not there"), std::string::npos) << found;
  EXPECT_NE(found.find("en languages.w: is not there"), std::string::npos) << found;
}

TEST_F(Tree, PlacesToFillInAreTheSameInBothLanguages) {
  put("content/help/a.json", R"({"t":{"en":"{clinic}: go to {link}","es":"{clinic}: vaya"}})");
  EXPECT_NE(problems(check()).find("other places to fill in"), std::string::npos);
}

TEST_F(Tree, LongSentencesAndLongDashesFail) {
  std::string longer = "You";
  for (int i = 0; i < 30; ++i) longer += " do so";
  put("content/help/a.json", R"({"t":{"en":")" + longer + R"(.","es":"Sí \u2014 hoy."}})");
  const auto found = problems(check());
  EXPECT_NE(found.find("has a sentence of 61 words"), std::string::npos) << found;
  EXPECT_NE(found.find("has a long dash"), std::string::npos) << found;
}

TEST_F(Tree, OnlyTheNamedMembersAreLookedAt) {
  put("content/check.json",
      R"({"sources":[{"name":"Help","kind":"json","files":"content/help/*.json","only":["title"],"skip":["note"]}]})");
  put("content/help/a.json", R"({"title":{"en":"Yes","es":"Sí"},"staff":{"en":"crazy"},"id":{"en":"x"}})");
  EXPECT_EQ(problems(check()), "");
}

TEST_F(Tree, MissingFilesFailUnlessTheyAreOptionalAndAFileWithoutTextFails) {
  EXPECT_NE(problems(check()).find("content/help/*.json  there is no such file"), std::string::npos);
  put("content/help/a.json", R"({"a":1})");
  EXPECT_NE(problems(check()).find("holds no text in two languages"), std::string::npos);
  put("content/help/a.json", "{");
  EXPECT_NE(problems(check()).find("is no JSON"), std::string::npos);
  put("content/check.json", R"({"sources":[{"name":"Help","kind":"json","files":"content/none/*.json","optional":true}]})");
  EXPECT_EQ(problems(check()), "");
  EXPECT_EQ(check().left_out.size(), 1u);
}

TEST_F(Tree, ReleaseFailsForWhatNobodyReviewedAndPassesWhenSomebodyDid) {
  put("content/help/a.json", kEasy);
  EXPECT_NE(problems(check(true)).find("no person has reviewed it"), std::string::npos);
  EXPECT_EQ(check(false).unreviewed, 2);
  put("content/help/a.json", R"({"reviewed_by":{"en":"Dr A","es":"awaiting review"},"t":{"en":"Hello","es":"Hola"}})");
  const auto found = problems(check(true));
  EXPECT_EQ(found, "content/help/a.json es no person has reviewed it: a release needs that (Section 1557)\n");
  put("content/help/a.json", R"({"reviewed_by":"Dr A","t":{"en":"Hello","es":"Hola"}})");
  EXPECT_EQ(problems(check(true)), "");
}

TEST_F(Tree, CataloguesAreReadAndWhatIsNotTranslatedFails) {
  put("content/check.json", R"({"sources":[{"name":"Pages","kind":"po","files":"web/*.po"}]})");
  put("web/en.po",
      "msgid \"\"\nmsgstr \"\"\n\"Language: en\\n\"\n\nmsgid \"Back\"\nmsgstr \"Back\"\n\nmsgid \"Go on\"\nmsgstr \"\"\n");
  put("web/es.po", "msgid \"\"\nmsgstr \"\"\n\"X-Review: reviewed by Ana\\n\"\n\nmsgid \"Back\"\nmsgstr \"\"\n");
  const auto report = check();
  const auto found = problems(report);
  EXPECT_NE(found.find("web/es.po es 2 of its texts are not there in this language: \"Back\" and more"), std::string::npos)
      << found;
  EXPECT_EQ(found.find("web/en.po"), std::string::npos) << found;
  ASSERT_EQ(report.rows.size(), 2u);
  EXPECT_EQ(report.rows[0].status, "awaiting review");
  EXPECT_EQ(report.rows[1].status, "reviewed");
}

TEST_F(Tree, APieceMustSayTheMeasuredAgeHaveEnoughWordsAndBothLanguages) {
  put("content/check.json", R"({"sources":[{"name":"Pieces","kind":"pieces","files":"content/education/*.md"}]})");
  put("content/education/rest.en.md",
      "---\nid: rest\ntitle: Rest\ntopic: skills\naudience: patient\nlanguage: en\nkeywords: rest\nreading_age: 14\nsources:\n  "
      "- own\n"
      "review_status: awaiting clinical review\n---\n\nYou can rest now. You can rest now. You can rest now. You can rest now. "
      "You can rest now.\n");
  const auto found = problems(check());
  EXPECT_NE(found.find("says reading_age: 14, but 7 was measured"), std::string::npos) << found;
  EXPECT_NE(found.find("has 20 words"), std::string::npos) << found;
  EXPECT_NE(found.find("is not there in Spanish"), std::string::npos) << found;
}

TEST_F(Tree, ManyShortPointsDoNotHideAHardParagraph) {
  put("content/check.json", R"({"sources":[{"name":"Pieces","kind":"pieces","files":"content/education/*.md"}]})");
  std::string points;
  for (int i = 0; i < 40; ++i) points += "- You can rest now.\n";
  const auto piece = [&](std::string_view paragraph) {
    put("content/education/rest.en.md",
        "---\nid: rest\ntitle: Rest\ntopic: skills\naudience: patient\nlanguage: en\nkeywords: rest\nreading_age: 7\nsources:\n  "
        "- own\n"
        "review_status: awaiting clinical review\n---\n\n" +
            std::string(paragraph) + "\n\n" + points);
    return problems(check());
  };
  EXPECT_EQ(piece("You can rest when you are tired. It is good for you and for your body today.").find("a paragraph"),
            std::string::npos);
  const auto found = piece(std::string(kHardText) + " " + kHardText);
  EXPECT_NE(found.find("has a paragraph that is far harder than the rest: \"Pharmacological"), std::string::npos) << found;
  EXPECT_EQ(found.find("too hard: Flesch"), std::string::npos) << "the points alone would have hidden it";
}

TEST_F(Tree, AWrongDigitInAPhoneNumberFails) {
  put("content/help/a.json", R"({"t":{"en":"Call 988, or 1-800-222-1222.","es":"Llame al 998 o al 1-800-222-1223."}})");
  const auto found = problems(check());
  EXPECT_NE(found.find("es holds the number 998, which"), std::string::npos) << found;
  EXPECT_NE(found.find("es holds the number 1-800-222-1223, which"), std::string::npos) << found;
  EXPECT_EQ(found.find("a.json en"), std::string::npos) << found;
}

TEST(PhoneNumbers, AreFoundAndAmountsDatesAndTimesAreNot) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(phone_numbers_in("Call 988 now"), (Found{"988"}));
  EXPECT_EQ(phone_numbers_in("call 1-833-852-6262."), (Found{"1-833-852-6262"}));
  EXPECT_EQ(phone_numbers_in("text 838255"), (Found{"838255"}));
  EXPECT_EQ(phone_numbers_in("45 of 100, 3.500 people, 377 people, 12:30, 2026-11-22, $250, 350%, 1,200"), Found{});
}

TEST(ForbiddenWords, AreWholeWordsAcrossPunctuationAndLines) {
  const std::vector<Forbidden> words = {{"drug", "x", {}}, {"mentally ill", "y", {}}, {"24/7 monitoring", "z", {}}};
  EXPECT_TRUE(forbidden_in("the drugstore", words, "f").empty());
  EXPECT_EQ(forbidden_in("a Drug.", words, "f").size(), 1u);
  EXPECT_EQ(forbidden_in("mentally\nill", words, "f").size(), 1u);
  EXPECT_EQ(forbidden_in("24/7 Monitoring", words, "f").size(), 1u);
}

TEST(Catalogue, PlaceholdersTagsAndPluralsBecomeWordsAsTheyAreRead) {
  EXPECT_EQ(without_placeholders("Hello {name}, <0>go</0> on"), "Hello Ana, go on");
  EXPECT_EQ(without_placeholders("{n, plural, one {# day} other {# days}} left"), "5 days left");
  EXPECT_EQ(without_placeholders("3 < 4"), "3 < 4");
}

TEST(Catalogue, LinesThatGoOnAndEscapesAreReadAndOldOnesAreNot) {
  bool reviewed = true;
  const auto texts = read_catalogue(
      "msgid \"\"\nmsgstr \"X\"\n\n#: a\nmsgid \"\"\n\"Say \\\"hi\\\"\"\nmsgstr \"Diga \"\n\"hola\"\n#~ msgid \"old\"\n#~ msgstr "
      "\"viejo\"\n",
      &reviewed);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].id, "Say \"hi\"");
  EXPECT_EQ(texts[0].text, "Diga hola");
  EXPECT_FALSE(reviewed);
}

}  // namespace
}  // namespace concord::education
