#include "education/education.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace concord::education {
namespace {

namespace fs = std::filesystem;

const fs::path kContent = fs::path(CONCORD_SOURCE_DIR) / "content" / "education";
const std::vector<std::string> kPathways = {"adult-depression", "adult-anxiety", "ptsd",    "perinatal",      "older-adult",
                                            "substance-use",    "adolescent",    "college", "chronic-illness"};

const Library& library() {
  static const Library loaded = [] {
    auto read = load_library(kContent, kPathways);
    if (!read)
      for (const auto& issue : read.error().issues) ADD_FAILURE() << issue.path << ": " << issue.text;
    return read ? std::move(*read) : Library();
  }();
  return loaded;
}

std::string piece_text(std::string_view id = "rest", std::string_view language = "en", std::string_view more = "",
                       std::string_view body = "You can rest.\n") {
  return "---\nid: " + std::string(id) +
         "\ntitle: Rest\ntopic: skills\naudience: patient\npathways: ptsd\nlanguage: " + std::string(language) +
         "\nkeywords: rest, sleep\nreading_age: 10\nsources:\n  - our own\nreviewed_by: \"\"\n" +
         "review_status: awaiting clinical review\n" + std::string(more) + "---\n\n" + std::string(body);
}

std::string issues_of(std::string_view text, std::string_view name = "rest.en.md") {
  std::vector<Issue> issues;
  parse_piece(name, text, issues);
  std::string all;
  for (const auto& issue : issues) all += issue.path + ": " + issue.text + "\n";
  return all;
}

TEST(Library, HoldsAtLeastFortyPiecesEachInBothLanguages) {
  EXPECT_GE(library().all().size(), 40u);
  for (const auto& piece : library().all()) EXPECT_EQ(piece.texts.size(), 2u) << piece.id;
}

TEST(Library, EveryTopicHasAPieceAndEveryPieceASource) {
  for (const auto& topic : library().topics()) {
    Search search;
    search.topic = topic.id;
    EXPECT_FALSE(library().search(search, "en").empty()) << topic.id;
  }
  for (const auto& piece : library().all())
    for (const auto& [language, text] : piece.texts) EXPECT_FALSE(text.sources.empty()) << piece.id << language;
}

TEST(Library, PiecesAboutDangerNameTheHelpLines) {
  for (const char* id :
       {"what-is-depression", "taking-medicine", "mood-in-young-people", "for-parents", "mood-after-birth", "after-trauma"})
    for (const auto& [language, text] : library().find(id)->texts) {
      EXPECT_NE(text.folded_text.find("988"), std::string::npos) << id << language;
      EXPECT_NE(text.folded_text.find("911"), std::string::npos) << id << language;
    }
}

TEST(Library, PiecesOfTheHardTopicsSayWhereHelpIsInBothLanguages) {
  for (const std::string topic :
       {"mood", "trauma", "medicine", "baby", "alcohol-and-drugs", "young-people", "later-life", "staying-well"}) {
    Search search;
    search.topic = topic;
    for (const auto* piece : library().search(search, "en"))
      for (const auto& [language, text] : piece->texts)
        EXPECT_NE(text.folded_text.find("988"), std::string::npos) << piece->id << " " << language;
  }
}

TEST(Library, SearchKnowsNeitherAccentsNorCase) {
  Search search;
  search.words = "DEPRESION";
  const auto found = library().search(search, "es");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front()->id, "what-is-depression");  // in the title, like "grief"; topics are in their order
  search.words = "sueño  bebé";
  ASSERT_FALSE(library().search(search, "es").empty());
  EXPECT_EQ(library().search(search, "es").front()->id, "rest-with-a-baby");
  search.words = "sleep zebra";
  EXPECT_TRUE(library().search(search, "en").empty());
}

TEST(Library, TitleComesBeforeKeywordAndKeywordBeforeText) {
  Search search;
  search.words = "naloxone";
  const auto found = library().search(search, "en");
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(found[0]->id, "overdose");
  search.words = "sleep";
  const auto sleep = library().search(search, "en");
  EXPECT_EQ(sleep[0]->id, "sleep");
  search.words = "sueño";  // in no Spanish title; the first keyword of this piece, a later one of others
  EXPECT_EQ(library().search(search, "es")[0]->id, "sleep");
}

TEST(Library, FiltersByTopicAudienceAndPathway) {
  Search search;
  search.audience = "perinatal";
  for (const auto* piece : library().search(search, "en"))
    EXPECT_NE(std::find(piece->audience.begin(), piece->audience.end(), "perinatal"), piece->audience.end());
  search = {};
  search.pathway = "substance-use";
  EXPECT_GE(library().search(search, "en").size(), 5u);
  search.topic = "baby";
  EXPECT_TRUE(library().search(search, "en").empty());
  EXPECT_EQ(library().find("nothing"), nullptr);
}

TEST(PieceFile, SaysWhatIsWrongAndOnWhichLine) {
  EXPECT_EQ(issues_of(piece_text()), "");
  EXPECT_NE(issues_of("hello").find("rest.en.md: line 1: must be ---"), std::string::npos);
  EXPECT_NE(issues_of("---\nid: rest\n").find("has no end"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "fr"), "rest.fr.md").find("line 7: must be en or es"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("other")).find("the file must be named other.en.md"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "colour: red\n")).find("line 14: there is no such key: colour"),
            std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "id: rest\n")).find("is there twice: id"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "review_date: soon\n")).find("must be a day"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "moments: never\n")).find("there is no moment"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "", "Text\n\n<b>bold</b>\n")).find("rest.en.md: line 18"), std::string::npos);
  EXPECT_NE(issues_of(piece_text("rest", "en", "", "")).find("there is no text"), std::string::npos);
}

TEST(PieceFile, IsReadAsOtherEditorsWriteItAndOnlyInUtf8) {
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : piece_text()) {
    if (c == '\n') windows += '\r';
    windows += c;
  }
  EXPECT_EQ(issues_of(windows), "");
  EXPECT_NE(issues_of(piece_text("rest", "en", "", "You can r\xE9st.\n")).find("is not UTF-8"), std::string::npos);
}

TEST(PieceFile, NeedsASourceAndAReviewerOnlyWhenItWasReviewed) {
  auto text = piece_text();
  auto without = text;
  without.replace(without.find("  - our own\n"), 12, "");
  EXPECT_NE(issues_of(without).find("must name at least one source"), std::string::npos);
  auto claimed = text;
  claimed.replace(claimed.find("review_status: awaiting clinical review"), 39, "review_status: reviewed");
  EXPECT_NE(issues_of(claimed).find("must name who reviewed it"), std::string::npos);
  claimed.replace(claimed.find("reviewed_by: \"\""), 15, "reviewed_by: Dr A");
  EXPECT_EQ(issues_of(claimed), "");
  auto both = text;
  both.replace(both.find("reviewed_by: \"\""), 15, "reviewed_by: Dr A");
  EXPECT_NE(issues_of(both).find("must name who reviewed it, and only then"), std::string::npos);
}

class Folder : public ::testing::Test {
 protected:
  fs::path put(const fs::path& folder, std::string_view name, std::string_view text) {
    fs::create_directories(folder);
    std::ofstream(folder / std::string(name)) << text;
    return folder;
  }
  testing::TemporaryFolder temporary_;
  fs::path ours_ = temporary_.path() / "ours", theirs_ = temporary_.path() / "theirs";
  static constexpr std::string_view kTopics = R"({"topics":[{"id":"skills","title":{"en":"Skills","es":"Cosas"}}]})";
};

TEST_F(Folder, ASitesOwnPieceWinsAndMayBeInOneLanguage) {
  put(ours_, "topics.json", kTopics);
  put(ours_, "rest.en.md", piece_text());
  put(theirs_, "rest.en.md", piece_text("rest", "en", "", "Rest in our garden.\n"));
  put(theirs_, "garden.en.md", piece_text("garden"));
  const auto loaded = load_library(ours_, kPathways, theirs_);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->all().size(), 2u);
  EXPECT_NE(loaded->find("rest")->in("en").folded_text.find("garden"), std::string::npos);
  EXPECT_EQ(loaded->find("garden")->in("es").language, "en");
}

TEST_F(Folder, WrongTopicsPathwaysAndDifferingLanguagesAreToldAllAtOnce) {
  put(ours_, "topics.json", R"({"topics":[{"id":"other","title":{"en":"O","es":"O"}}]})");
  put(ours_, "rest.en.md", piece_text());
  auto es = piece_text("rest", "es");
  es.replace(es.find("pathways: ptsd"), 14, "pathways: mars");
  put(ours_, "rest.es.md", es);
  const auto loaded = load_library(ours_, kPathways);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_file);
  std::string all;
  for (const auto& issue : loaded.error().issues) all += issue.path + ": " + issue.text + "\n";
  EXPECT_NE(all.find("no topic \"skills\""), std::string::npos) << all;
  EXPECT_NE(all.find("no pathway \"mars\""), std::string::npos) << all;
  EXPECT_NE(all.find("must be those of the other language"), std::string::npos) << all;
  EXPECT_FALSE(load_library(temporary_.path() / "nowhere", kPathways).has_value());
}

TEST(Named, APathwayNamesPiecesThatAreThereUnderTheirTitle) {
  const Named good{"adult-anxiety", "sleep", "Better sleep", "Dormir mejor"};
  EXPECT_TRUE(check_named(library(), {good}).has_value());
  auto unknown = good;
  unknown.piece = "nothing";
  EXPECT_FALSE(check_named(library(), {unknown}).has_value());
  auto other_name = good;
  other_name.title_es = "Sueño";
  EXPECT_FALSE(check_named(library(), {other_name}).has_value());
  auto not_in = good;
  not_in.pathway = "substance-use";
  EXPECT_FALSE(check_named(library(), {good, not_in}).has_value());
}

TEST(Suggestions, WhatJustBeganComesBeforeThePathwayAndNothingTwice) {
  Situation s;
  s.pathway = "adult-depression";
  s.pathway_pieces = {"sleep", "taking-medicine", "behavioral-activation"};
  s.medication_started = true;
  const auto list = suggest(library(), s, {}, {});
  ASSERT_GE(list.size(), 3u);
  EXPECT_LE(list.size(), kMostSuggestions);
  EXPECT_EQ(list.front().why, "medication");
  std::vector<std::string> ids;
  for (const auto& one : list) ids.push_back(one.piece->id);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "taking-medicine"), 1);
  EXPECT_NE(std::find(ids.begin(), ids.end(), "sleep"), ids.end());
}

TEST(Suggestions, WhatIsGivenOrFinishedIsNotSuggestedAndWithdrawnIsAgain) {
  Situation s;
  s.pathway_pieces = {"sleep", "grounding", "cravings"};
  Assignment given;
  given.piece = "sleep";
  ReadState finished;
  finished.piece = "grounding";
  finished.finished_at = Instant{};
  auto list = suggest(library(), s, {given}, {finished});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].piece->id, "cravings");
  EXPECT_EQ(list[0].why, "pathway");
  given.withdrawn_at = Instant{};
  finished.on_behalf = true;  // a trusted person read it: the patient did not
  list = suggest(library(), s, {given}, {finished});
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].piece->id, "sleep");
}

TEST(Suggestions, APieceOfAnotherPathwayIsNotOfferedByItsMoment) {
  Situation s;
  s.pathway = "substance-use";
  s.medication_started = true;
  for (const auto& one : suggest(library(), s, {}, {})) EXPECT_NE(one.piece->id, "taking-medicine");
}

TEST(ReadStates, ThePatientsOwnReadingCountsAndAFinishedOneWins) {
  ReadState one, other;
  one.piece = other.piece = "sleep";
  one.on_behalf = true;
  EXPECT_EQ(by_patient({one}, "sleep"), nullptr);
  one.on_behalf = false;
  other.finished_at = Instant{};
  const std::vector<ReadState> both{one, other};
  EXPECT_EQ(by_patient(both, "sleep"), &both[1]);
  EXPECT_EQ(by_patient(both, "grief"), nullptr);
}

TEST(Languages, RegionalFormsAreTheSameLanguageAndUnknownIsNoOther) {
  EXPECT_FALSE(is_other_language("es", "es-MX"));
  EXPECT_TRUE(is_other_language("en", "es"));
  EXPECT_TRUE(is_other_language("en", "qu"));
  EXPECT_FALSE(is_other_language("en", std::nullopt));
  EXPECT_FALSE(is_other_language("en", ""));
  EXPECT_EQ(language_for("ES-us"), "es");
  EXPECT_EQ(language_for("qu"), "en");
  EXPECT_EQ(language_for(std::nullopt), "en");
}

TEST(Text, MinutesAreNeverNone) {
  Text text;
  EXPECT_EQ(text.minutes(), 1);
  text.words = 121;
  EXPECT_EQ(text.minutes(), 2);
  text.words = 240;
  EXPECT_EQ(text.minutes(), 2);
}

}  // namespace
}  // namespace concord::education
