#include "instruments/instruments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "instruments/score.h"
#include "json/value.h"

namespace concord::instruments {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

fs::path source_folder() { return CONCORD_SOURCE_DIR; }

const Library& library() {
  static const Library loaded = [] {
    auto result = load_library(source_folder() / "instruments");
    if (!result) {
      std::string all;
      for (const auto& issue : result.error().issues) all += "\n  " + issue.path + " " + issue.text;
      throw std::runtime_error(result.error().text + all);
    }
    return std::move(*result);
  }();
  return loaded;
}

const Instrument& get(std::string_view id) {
  const auto* found = library().find(id);
  if (!found) throw std::runtime_error("no instrument " + std::string(id));
  return *found;
}

/// Says where `actual` differs from what `expected` names; members that are not named may be anything.
void compare(const json::Value& expected, const json::Value* actual, const std::string& path, std::string& out) {
  if (!actual) {
    if (!expected.is(json::Kind::null)) out += "\n  " + path + " is missing";
    return;
  }
  if (expected.kind() != actual->kind()) {
    out += "\n  " + path + " has another kind";
    return;
  }
  switch (expected.kind()) {
    case json::Kind::null:
      break;
    case json::Kind::boolean:
      if (expected.boolean() != actual->boolean()) out += "\n  " + path + " is " + (actual->boolean() ? "true" : "false");
      break;
    case json::Kind::number:
      if (expected.real() != actual->real()) out += "\n  " + path + " is " + std::string(actual->text());
      break;
    case json::Kind::string:
      if (expected.text() != actual->text()) out += "\n  " + path + " is \"" + std::string(actual->text()) + "\"";
      break;
    case json::Kind::array:
      if (expected.items().size() != actual->items().size()) {
        out += "\n  " + path + " has " + std::to_string(actual->items().size()) + " entries";
        break;
      }
      for (std::size_t i = 0; i < expected.items().size(); ++i)
        compare(expected.items()[i], &actual->items()[i], path + "[" + std::to_string(i) + "]", out);
      break;
    case json::Kind::object:
      for (const auto& member : expected.members())
        compare(member.value, actual->find(member.key), path + "." + std::string(member.key), out);
      break;
  }
}

Result<Score> run_case(const json::Value& data) {
  const std::string_view name = data.find("instrument")->text();
  ScoreContext context;
  if (const auto* sex = data.find("sex")) context.sex = sex->text() == "female" ? Sex::female : Sex::male;
  if (const auto* total = data.find("total")) {
    if (const auto* given = data.find("subscales")) {
      auto found = library().lookup(name);
      if (!found) return tl::unexpected<Error>(found.error());
      std::vector<GivenSubscale> subscales;
      for (const auto& member : given->members()) subscales.push_back({member.key, member.value.real().value_or(-1)});
      context.informant = found->informant;
      return from_total(*found->instrument, total->real().value_or(-1), subscales, context);
    }
    return score_total(library(), name, total->text(), context);
  }
  const auto* answers = data.find("answers");
  if (answers->is(json::Kind::string)) return score_answers(library(), name, answers->text(), context);
  auto found = library().lookup(name);
  if (!found) return tl::unexpected<Error>(found.error());
  std::vector<Answer> list;
  for (const auto& member : answers->members()) list.push_back({member.key, member.value.real()});
  context.informant = found->informant;
  return score(*found->instrument, list, context);
}

TEST(InstrumentGolden, EveryCaseScoresAsItsFileSays) {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(source_folder() / "tests/golden/instruments")) {
    const auto document = json::Document::parse(read_text(entry.path()));
    ASSERT_TRUE(document.has_value()) << entry.path() << document.error().text;
    for (const auto& data : document->root().find("cases")->items()) {
      ++cases;
      const std::string label = entry.path().stem().string() + ": " + std::string(data.find("name")->text());
      const auto result = run_case(data);
      if (const auto* wanted = data.find("error")) {
        ASSERT_FALSE(result.has_value()) << label;
        if (wanted->text() == "not_found") {
          EXPECT_EQ(result.error().code, ErrorCode::not_found) << label;
          continue;
        }
        EXPECT_EQ(result.error().code, ErrorCode::invalid) << label;
        ASSERT_FALSE(result.error().issues.empty()) << label;
        EXPECT_EQ(result.error().issues.front().path, wanted->text()) << label;
        continue;
      }
      if (!result) {
        ADD_FAILURE() << label << ": " << result.error().text;
        continue;
      }
      std::string text, differences;
      json::Writer writer(text);
      write_score(writer, *result);
      const auto actual = json::Document::parse(text);
      ASSERT_TRUE(actual.has_value()) << label << text;
      compare(*data.find("expect"), &actual->root(), "", differences);
      EXPECT_EQ(differences, "") << label << "\n  " << text;
    }
  }
  EXPECT_GT(cases, 200);
}

TEST(InstrumentGolden, EveryInstrumentHasCases) {
  std::set<std::string> covered;
  for (const auto& entry : fs::directory_iterator(source_folder() / "tests/golden/instruments")) {
    const auto document = json::Document::parse(read_text(entry.path()));
    for (const auto& data : document->root().find("cases")->items())
      if (const auto found = library().lookup(data.find("instrument")->text())) covered.insert(found->instrument->id);
  }
  for (const auto* in : library().all()) EXPECT_TRUE(covered.contains(in->id)) << in->id;
}

// ---- the numbers of domain.md ---------------------------------------------------------------------------------

struct Row {
  const char* id;
  double elevated;
  std::optional<double> response_percent, response_points;
  double remission;
  std::optional<double> worse;
};

TEST(InstrumentNumbers, AreThoseOfTheRuleSetTable) {
  const Row rows[] = {{"phq-9", 10, 50, {}, 5, 5},   {"phq-9m", 10, 50, {}, 5, 5},   {"gad-7", 10, 50, {}, 5, 4},
                      {"pcl-5", 33, {}, 12, 33, 10}, {"psc-17", 15, 50, {}, 15, {}}, {"epds", 10, 50, {}, 10, 4}};
  for (const auto& row : rows) {
    const Thresholds& t = get(row.id).thresholds;
    ASSERT_TRUE(t.elevated && t.response && t.remission && t.stale) << row.id;
    EXPECT_EQ(t.elevated->at_least, row.elevated) << row.id;
    EXPECT_EQ(t.response->drop_percent, row.response_percent) << row.id;
    EXPECT_EQ(t.response->drop_points, row.response_points) << row.id;
    EXPECT_EQ(t.remission->below, row.remission) << row.id;
    EXPECT_EQ(t.worse ? t.worse->rise_points : std::nullopt, row.worse) << row.id;
    EXPECT_EQ(t.stale->active, 30) << row.id;
    EXPECT_EQ(t.stale->relapse_prevention, 90) << row.id;
    EXPECT_FALSE(t.elevated->source.empty()) << row.id;
  }
}

TEST(InstrumentNumbers, AreThoseOfTheStateReport) {
  struct State {
    const char* id;
    const char* informant;
    std::optional<double> elevated, improved_percent, improved_points, or_below, remission;
    const char* of;
  };
  const State rows[] = {{"phq-9", "self", 10, 50, {}, 10, 5, ""},
                        {"phq-9m", "self", 10, 50, {}, 10, 5, ""},
                        {"gad-7", "self", 10, 50, {}, 10, 5, ""},
                        {"pcl-5", "self", 33, {}, 12, {}, 33, ""},
                        {"scared", "child", 25, 50, {}, {}, 25, ""},
                        {"scared", "parent", 25, 50, {}, {}, 25, ""},
                        {"psc-17", "parent", 15, 50, {}, {}, 15, ""},
                        {"smfq", "child", 12, {}, 8, {}, 8, ""},
                        {"smfq", "parent", {}, {}, 6, {}, {}, ""},
                        {"vanderbilt-parent", "parent", 6, 50, {}, {}, 6, "symptom_count"},
                        {"vanderbilt-teacher", "teacher", 6, 50, {}, {}, 6, "symptom_count"}};
  for (const auto& row : rows) {
    const Thresholds& t = get(row.id).thresholds_for(row.informant);
    ASSERT_TRUE(t.nys_improved) << row.id;
    EXPECT_EQ(t.nys_elevated ? t.nys_elevated->at_least : std::nullopt, row.elevated) << row.id;
    EXPECT_EQ(t.nys_improved->drop_percent, row.improved_percent) << row.id;
    EXPECT_EQ(t.nys_improved->drop_points, row.improved_points) << row.id;
    EXPECT_EQ(t.nys_improved->or_below, row.or_below) << row.id;
    EXPECT_EQ(t.nys_remission ? t.nys_remission->below : std::nullopt, row.remission) << row.id;
    if (t.nys_elevated) {
      EXPECT_EQ(t.nys_elevated->of, row.of) << row.id;
    }
  }
}

TEST(InstrumentNumbers, ImprovementIsHalfOrBelowTen) {
  const Change improved = *get("phq-9").thresholds.improved;
  EXPECT_TRUE(holds(improved, 20, 10));
  EXPECT_FALSE(holds(improved, 20, 11));
  EXPECT_TRUE(holds(improved, 12, 9));
  EXPECT_FALSE(holds(improved, 12, 10));
  EXPECT_TRUE(holds(improved, 27, 0));
  const Change response = *get("phq-9").thresholds.response;
  EXPECT_TRUE(holds(response, 15, 7.5));
  EXPECT_FALSE(holds(response, 15, 8));
  EXPECT_FALSE(holds(response, 0, 0));
  EXPECT_TRUE(holds(*get("pcl-5").thresholds.response, 45, 33));
  EXPECT_FALSE(holds(*get("pcl-5").thresholds.response, 45, 34));
  EXPECT_TRUE(holds(*get("gad-7").thresholds.worse, 6, 10));
  EXPECT_FALSE(holds(*get("gad-7").thresholds.worse, 6, 9));
}

TEST(InstrumentNumbers, RemissionIsBelowNotAt) {
  const Cut cut = *get("phq-9").thresholds.remission;
  EXPECT_EQ(holds(cut, 4, {}, Sex::unknown), true);
  EXPECT_EQ(holds(cut, 5, {}, Sex::unknown), false);
  EXPECT_EQ(holds(cut, std::nullopt, {}, Sex::unknown), std::nullopt);
}

// ---- names and codes ------------------------------------------------------------------------------------------

TEST(InstrumentLibrary, HoldsEveryInstrument) {
  std::vector<std::string> ids;
  for (const auto* in : library().all()) ids.push_back(in->id);
  EXPECT_THAT(ids,
              ::testing::ElementsAre("audit", "audit-c", "c-ssrs-screener", "dast-10", "epds", "gad-2", "gad-7", "gds-15", "isi",
                                     "mdq", "pc-ptsd-5", "pcl-5", "peg", "phq-2", "phq-9", "phq-9m", "psc-17", "scared", "smfq",
                                     "vanderbilt-parent", "vanderbilt-teacher", "weekly-mood", "who-5", "whodas-12"));
}

TEST(InstrumentLibrary, FindsANameHoweverItIsSpelled) {
  const std::pair<const char*, const char*> names[] = {
      {"phq-9", "phq-9"},  {"PHQ9", "phq-9"},      {"phq_9", "phq-9"},         {"Phq 9", "phq-9"},
      {"phq_a", "phq-9m"}, {"phq-a", "phq-9m"},    {"PHQ-9M", "phq-9m"},       {"gad7", "gad-7"},
      {"PCL5", "pcl-5"},   {"audit_c", "audit-c"}, {"pc_ptsd_5", "pc-ptsd-5"}, {"cssrs", "c-ssrs-screener"},
      {"psc17", "psc-17"}, {"WHO5", "who-5"},      {"whodas", "whodas-12"}};
  for (const auto& [name, id] : names) {
    const auto found = library().lookup(name);
    ASSERT_TRUE(found.has_value()) << name;
    EXPECT_EQ(found->instrument->id, id) << name;
  }
  EXPECT_EQ(library().lookup("scared_child")->informant, "child");
  EXPECT_EQ(library().lookup("scared_parent")->informant, "parent");
  EXPECT_EQ(library().lookup("vanderbilt_teacher")->informant, "teacher");
  EXPECT_EQ(library().lookup("psc-17")->informant, "parent");
  EXPECT_EQ(library().lookup("scared_teacher").error().code, ErrorCode::not_found);
  EXPECT_THAT(library().lookup("phq").error().text, HasSubstr("phq-9"));
  EXPECT_FALSE(library().lookup("").has_value());
}

TEST(InstrumentLibrary, FindsByTotalAndPanelCode) {
  const std::pair<const char*, const char*> totals[] = {{"44261-6", "phq-9"},   {"55758-7", "phq-2"},  {"89204-2", "phq-9m"},
                                                        {"70274-6", "gad-7"},   {"75624-7", "audit"},  {"75626-2", "audit-c"},
                                                        {"82667-7", "dast-10"}, {"101698-9", "pcl-5"}, {"102017-1", "pc-ptsd-5"},
                                                        {"48545-8", "gds-15"},  {"91147-9", "peg"}};
  for (const auto& [code, id] : totals) {
    ASSERT_NE(library().by_total_code(code), nullptr) << code;
    EXPECT_EQ(library().by_total_code(code)->id, id);
  }
  const std::pair<const char*, const char*> panels[] = {
      {"44249-1", "phq-9"}, {"55757-9", "phq-2"},   {"89206-7", "phq-9m"}, {"69737-5", "gad-7"},
      {"72110-0", "audit"}, {"72109-2", "audit-c"}, {"101697-1", "pcl-5"}, {"93373-9", "c-ssrs-screener"}};
  for (const auto& [code, id] : panels) {
    ASSERT_NE(library().by_panel_code(code), nullptr) << code;
    EXPECT_EQ(library().by_panel_code(code)->id, id);
  }
  EXPECT_EQ(library().by_total_code(""), nullptr);
  EXPECT_EQ(library().by_total_code("72109-2"), nullptr);
}

TEST(InstrumentLibrary, KnowsTheItemCodesInOrder) {
  const char* phq9[] = {"44250-9", "44255-8", "44259-0", "44254-1", "44251-7",
                        "44258-2", "44252-5", "44253-3", "44260-8", "69722-7"};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get("phq-9").item_by_code(phq9[i]), i);
  const char* gad7[] = {"69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"};
  for (int i = 0; i < 7; ++i) EXPECT_EQ(get("gad-7").item_by_code(gad7[i]), i);
  EXPECT_EQ(get("pcl-5").item_by_code("101699-7"), 8);  // codes do not rise with item number
  EXPECT_EQ(get("pcl-5").item_by_code("101702-9"), 15);
  EXPECT_EQ(get("audit-c").item_by_code("68517-2"), -1);  // another question: days, not frequency
  EXPECT_EQ(get("phq-9m").item_by_code("44260-8"), 8);
}

TEST(InstrumentScoring, TakesAnswersCodedByAnotherSystem) {
  const Instrument& gad = get("gad-7");
  std::vector<CodedAnswer> answers = {{"69725-0", "LA6570-1", {}}, {"68509-9", "LA18938-3", {}}, {"69733-4", "", 1},
                                      {"69734-2", "LA6568-5", {}}, {"69735-9", "LA6568-5", {}},  {"q6", "LA6571-9", {}},
                                      {"69736-7", "LA6568-5", {}}};
  EXPECT_EQ(score_coded(gad, answers)->total, 8);
  answers[0].answer_code = "LA9999-1";
  const auto refused = score_coded(gad, answers);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().issues.front().path, "answers.q1");
  const std::vector<CodedAnswer> snomed = {{"93246-7", "373067005", {}}, {"93247-5", "373066001", {}},
                                           {"93248-3", "373067005", {}}, {"93249-1", "373066001", {}},
                                           {"93250-9", "373067005", {}}, {"93267-3", "373067005", {}}};
  EXPECT_EQ(score_coded(get("c-ssrs-screener"), snomed)->level, "high");
  const std::vector<CodedAnswer> teen = {{"44260-8", "LA6569-3", {}}};
  EXPECT_EQ(score_coded(get("phq-9m"), teen)->safety, Safety::yes);
}

TEST(InstrumentScoring, RefusesAnAnswerGivenTwice) {
  const Answer twice[] = {{"q1", 1}, {"q1", 2}};
  EXPECT_EQ(score(get("phq-2"), twice).error().issues.front().text, "is answered twice");
}

TEST(InstrumentScoring, NeverTakesABlankForZero) {
  for (const auto* in : library().all()) {
    if (in->total_only() || in->missing == MissingRule::as_zero) continue;
    const auto nothing = score(*in, {});
    ASSERT_TRUE(nothing.has_value()) << in->id;
    EXPECT_FALSE(nothing->valid) << in->id;
    EXPECT_FALSE(nothing->total.has_value()) << in->id;
    EXPECT_EQ(nothing->safety, in->safety.empty() ? Safety::no : Safety::unknown) << in->id;
  }
}

TEST(InstrumentScoring, NamesTheRangeOfATotal) {
  const auto refused = score_total(library(), "phq-9", "28");
  EXPECT_EQ(refused.error().issues.front().text, "phq-9 total must be 0 to 27");
  EXPECT_FALSE(score_total(library(), "phq-9", "nan").has_value());
  EXPECT_FALSE(score_total(library(), "phq-9", "").has_value());
}

TEST(InstrumentScoring, NamesHowManyAnswersAreNeeded) {
  EXPECT_EQ(score_answers(library(), "phq-9", "3,3,2").error().text,
            "phq-9 needs 9 answers (or 10 with the extra questions); 3 were given.");
  EXPECT_EQ(score_answers(library(), "gad-2", "3").error().text, "gad-2 needs 2 answers; 1 was given.");
}

TEST(InstrumentScoring, IsWrittenAsTheCommandLineShowsIt) {
  std::string text;
  json::Writer writer(text);
  write_score(writer, *score_answers(library(), "phq-9", "3,3,2,2,2,1,1,1,1"));
  EXPECT_THAT(text, ::testing::StartsWith(
                        R"({"instrument":"phq-9","version":"1.0.0","informant":"self","total":16,"band":"moderately severe")"));
  EXPECT_THAT(text, HasSubstr(R"("valid":true)"));
  EXPECT_THAT(text, HasSubstr(R"("safety":true)"));
}

// ---- licence --------------------------------------------------------------------------------------------------

TEST(InstrumentLicence, StartsAnOptInInstrumentOnlyWithPermission) {
  for (const char* id : {"epds", "mdq", "isi", "who-5", "whodas-12"}) {
    EXPECT_EQ(may_start(get(id), false).error().code, ErrorCode::not_permitted_by_licence) << id;
    EXPECT_TRUE(may_start(get(id), true).has_value()) << id;
    EXPECT_NE(get(id).entry, Entry::items) << id;
  }
  EXPECT_TRUE(may_start(get("phq-9"), false).has_value());
  int opt_in = 0;
  for (const auto* in : library().all()) opt_in += in->permission == Permission::opt_in;
  EXPECT_EQ(opt_in, 5);
}

// ---- forms ----------------------------------------------------------------------------------------------------

std::string form(std::string_view id, std::string_view language) {
  std::string text;
  json::Writer writer(text);
  write_instrument(writer, get(id), language);
  EXPECT_TRUE(json::Document::parse(text).has_value()) << text;
  return text;
}

TEST(InstrumentForm, ShowsTheSpanishWordingWhereItIsShipped) {
  EXPECT_THAT(form("phq-9", "es"), HasSubstr("Poco interés o placer en hacer cosas"));
  EXPECT_THAT(form("phq-9", "es"), HasSubstr("Ningún día"));
  EXPECT_THAT(form("phq-9", "en"), HasSubstr("Little interest or pleasure in doing things"));
  EXPECT_THAT(form("dast-10", "es"), HasSubstr(R"("language":"en")"));
}

TEST(InstrumentForm, TellsWhichQuestionsAreSkipped) {
  EXPECT_THAT(form("pc-ptsd-5", "en"), HasSubstr(R"("skip_when":[[{"item":"exposure","equals":0}]])"));
  EXPECT_THAT(form("audit", "en"),
              HasSubstr(R"([[{"item":"q1","equals":0}],[{"item":"q2","equals":0},{"item":"q3","equals":0}]])"));
  EXPECT_THAT(form("pc-ptsd-5", "en"), HasSubstr(R"("lead_in":"In the past month, have you...")"));
}

TEST(InstrumentForm, EveryInstrumentRendersInBothLanguages) {
  for (const auto* in : library().all()) {
    form(in->id, "en");
    form(in->id, "es");
    EXPECT_TRUE(json::Document::parse(in->questionnaire_json).has_value()) << in->id;
  }
}

// ---- the loader -----------------------------------------------------------------------------------------------

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the test's file has no " + std::string(from));
  return text.replace(at, from.size(), to);
}

struct Fault {
  const char* file;
  const char* from;
  const char* to;
  const char* issue;
};

TEST(InstrumentFile, FaultsAreFoundWithTheirPlace) {
  const Fault faults[] = {
      {"gad-7", "\"from\": 5,", "\"from\": 6,", "scoring.bands.list[1].from must be 5"},
      {"gad-7", "\"to\": 21 }", "\"to\": 20 }", "must reach the highest total"},
      {"gad-7", "\"code\": \"69737-5\"", "\"code\": \"69737-6\"", "check digit"},
      {"gad-7", "\"total\": \"70274-6\"", "\"total\": \"70274-7\"", "scoring.loinc.total has a wrong LOINC check digit"},
      {"gad-7", "\"valueDecimal\": 1", "\"valueDecimal\": 2", "has the points of another answer"},
      {"gad-7", "\"min\": 0, \"max\": 21", "\"min\": 0, \"max\": 27", "must be 0 to 21"},
      {"gad-7", "\"direction\"", "\"drection\"", "scoring.drection"},
      {"gad-7", "\"linkId\": \"q3\"", "\"linkId\": \"q2\"", "is used twice"},
      {"gad-7", "\"holder\"", "\"holdr\"", "licence"},
      {"gad-7", "Ha tenido dificultad para relajarse", "", "item q4 lacks a Spanish text"},
      {"phq-9", "\"item\": \"q9\"", "\"item\": \"q99\"", "names item \"q99\""},
      {"phq-9", "\"resourceType\": \"Questionnaire\"", "\"resourceType\": \"Library\"", "must be Questionnaire"},
      {"gds-15", "\"reverse\": [\"q1\", ", "\"reverse\": [", "under reverse exactly when"},
      {"pc-ptsd-5", "\"skips\": [\"q1\", ", "\"skips\": [", "enableWhen and the gates must agree"},
      {"pcl-5", "\"needs\": 1", "\"needs\": 9", "is more than it has items"},
      {"scared", "\"max\": 26", "\"max\": -1", "scoring.subscales[0].max"},
      {"epds", "\"entry\": \"items_by_number\"", "\"entry\": \"items\"", "must not ship its wording"},
  };
  for (const auto& fault : faults) {
    const std::string name = std::string(fault.file) + ".json";
    const std::string text = read_text(source_folder() / "instruments" / name);
    ASSERT_TRUE(parse_instrument(name, text).has_value()) << name;
    const auto broken = parse_instrument(name, replaced(text, fault.from, fault.to));
    ASSERT_FALSE(broken.has_value()) << name << " with " << fault.to;
    EXPECT_EQ(broken.error().code, ErrorCode::bad_file);
    std::string all;
    for (const auto& issue : broken.error().issues) all += issue.path + " " + issue.text + "\n";
    EXPECT_THAT(all, HasSubstr(name + ": ")) << fault.to;
    EXPECT_THAT(all, HasSubstr(fault.issue)) << fault.to;
  }
}

TEST(InstrumentFile, ThatIsNoJsonOrMissingIsRefused) {
  EXPECT_EQ(parse_instrument("x.json", "{").error().code, ErrorCode::bad_file);
  EXPECT_EQ(parse_instrument("x.json", "[]").error().code, ErrorCode::bad_file);
  EXPECT_EQ(parse_instrument("x.txt", "{}").error().code, ErrorCode::bad_file);
  EXPECT_EQ(load_library(source_folder() / "instruments-that-are-not-there").error().code, ErrorCode::bad_file);
}

// ---- wording, against published files that are not part of the project ------------------------------------------

/// Lower-case ASCII letters and digits only: punctuation, quotes and accents are where copies differ.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    else if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

struct Published {
  const char* id;
  std::vector<const char*> files;
  bool options;                      ///< the files hold the answers' words too
  std::vector<const char*> our_own;  ///< items whose printed words are in none of these files
};

TEST(InstrumentWording, IsThatOfThePublishedForms) {
  const char* shared = std::getenv("CONCORD_SHARED");
  const fs::path folder = (shared ? fs::path(shared) : source_folder() / "../shared") / "data/questionnaires";
  if (!fs::exists(folder)) GTEST_SKIP() << "no published questionnaires to compare with";
  const Published rows[] = {
      {"phq-9", {"phq-9.camcops.xml"}, true, {}},
      {"phq-9", {"phq-9.spier.json"}, true, {}},
      {"phq-2", {"phq-2.web-forms.json", "phq-9.camcops.xml"}, true, {}},
      {"phq-9m", {"phq-a.web-forms.json"}, true, {}},
      {"gad-7", {"gad-7.camcops.xml", "gad-7.web-forms.json", "phq-9.camcops.xml"}, true, {}},
      {"gad-2", {"phq-4.uwcirg.json", "gad-7.camcops.xml", "gad-7.web-forms.json"}, true, {}},
      {"audit", {"audit.camcops.xml"}, true, {}},
      {"audit-c", {"audit-c.web-forms.json"}, true, {}},
      {"dast-10", {"dast-10.web-forms.json"}, true, {"q3", "q4", "q5", "q10"}},  // the form with "always able to stop"
      {"pcl-5", {"pcl-5.camcops.xml"}, true, {}},
      {"pc-ptsd-5", {"pc-ptsd-5.reproschema.json"}, true, {}},
      {"gds-15", {"gds-15.camcops.xml"}, false, {}},
      {"peg", {"peg.uwcirg.json"}, false, {}},
      {"psc-17", {"psc-17.reproschema.json"}, true, {}},
      {"c-ssrs-screener", {"c-ssrs-screener.spier.json"}, true, {}}};
  for (const auto& row : rows) {
    std::string published;
    for (const char* file : row.files) {
      ASSERT_TRUE(fs::exists(folder / file)) << file;
      published += bare(read_text(folder / file));
    }
    const Instrument& in = get(row.id);
    const auto expect = [&](const std::string& text, const std::string& what) {
      EXPECT_NE(published.find(bare(text)), std::string::npos) << row.id << " " << what << ": " << text;
    };
    for (const auto& item : in.items) {
      if (std::find(row.our_own.begin(), row.our_own.end(), item.link_id) != row.our_own.end()) continue;
      expect(item.text, item.link_id);
      if (!row.options) continue;
      for (const auto& option : item.options) expect(option.label, item.link_id + " answer");
    }
  }
  // The only Spanish file in the set that is a copy of the United States form; it changed item 9 and the first answer.
  const std::string spanish = bare(read_text(folder / "phq-9.reproschema.json"));
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_NE(spanish.find(bare(get("phq-9").items[i].text_es)), std::string::npos) << get("phq-9").items[i].text_es;
}

TEST(Loinc, CheckDigitIsRecomputed) {
  for (const char* good : {"44261-6", "44249-1", "69737-5", "101698-9", "104135-9", "93374-7"})
    EXPECT_TRUE(is_loinc_code(good)) << good;
  for (const char* bad : {"44261-5", "44216-6", "", "-6", "4426a-6", "44261", "44261-66", "LA6568-5"})
    EXPECT_FALSE(is_loinc_code(bad)) << bad;
}

}  // namespace
}  // namespace concord::instruments
