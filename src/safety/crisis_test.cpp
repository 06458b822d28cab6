#include "safety/crisis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "support/temporary_folder.h"

namespace concord::safety {
namespace {

const CrisisContent& content() {
  static const CrisisContent loaded = [] {
    auto read = load_crisis(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "crisis" / "help.json");
    if (!read)
      for (const auto& issue : read.error().issues) ADD_FAILURE() << issue.path << ": " << issue.text;
    return read ? std::move(*read) : CrisisContent{};
  }();
  return loaded;
}

const ClinicLine kClinic{"Maple Street", "(555) 010-0123", "weekdays 8 to 5"};

std::vector<std::string> ids(const CrisisHelp& help) {
  std::vector<std::string> list;
  for (const auto& line : help.lines) list.push_back(line.id);
  return list;
}
const HelpLine& line(const CrisisHelp& help, std::string_view id) {
  return *std::find_if(help.lines.begin(), help.lines.end(), [&](const HelpLine& l) { return l.id == id; });
}

TEST(Crisis, NineEightEightAndNineOneOneComeFirstThenTheClinic) {
  for (const char* language : {"en", "es", "vi", ""}) {
    const auto help = help_for(content(), {}, {}, kClinic, true, language);
    EXPECT_EQ(ids(help), (std::vector<std::string>{"988", "911", "clinic", "veterans"})) << language;
    EXPECT_EQ(link_of_call(line(help, "988")), "tel:988");
    EXPECT_EQ(link_of_call(line(help, "911")), "tel:911");
    EXPECT_EQ(link_of_text(line(help, "911")), "");
    EXPECT_EQ(line(help, "988").chat, "https://988lifeline.org");
    EXPECT_FALSE(help.title.empty() || help.when.empty() || help.not_watched.empty() || help.read_when.empty());
  }
}

TEST(Crisis, SpanishTextsGoToTheSpanishService) {
  EXPECT_EQ(link_of_text(line(help_for(content(), {}, {}, kClinic, true, "es-MX"), "988")), "sms:988?body=AYUDA");
  EXPECT_EQ(link_of_text(line(help_for(content(), {}, {}, kClinic, true, "en"), "988")), "sms:988");
  EXPECT_EQ(help_for(content(), {}, {}, kClinic, true, "es-MX").language, "es");
  EXPECT_EQ(help_for(content(), {}, {}, kClinic, true, "vi").language, "en");
}

TEST(Crisis, TheClinicsNumberCanBeDialledAndIsNeverBlank) {
  const auto help = help_for(content(), {}, {}, kClinic, true, "en");
  EXPECT_EQ(line(help, "clinic").label, "Maple Street");
  EXPECT_EQ(line(help, "clinic").number, "(555) 010-0123");
  EXPECT_EQ(link_of_call(line(help, "clinic")), "tel:5550100123");
  EXPECT_EQ(line(help, "clinic").hours, "weekdays 8 to 5");
  const auto unknown = help_for(content(), {}, {}, {"", std::nullopt, std::nullopt}, true, "es");
  EXPECT_EQ(line(unknown, "clinic").label, "Su clínica");
  EXPECT_FALSE(line(unknown, "clinic").text.empty());
  EXPECT_EQ(link_of_call(line(unknown, "clinic")), "");
}

TEST(Crisis, NumbersAreMadeDialable) {
  EXPECT_EQ(dial("(555) 010-0123 ext. 4"), "5550100123");
  EXPECT_EQ(dial("555-0100 x12"), "5550100");
  EXPECT_EQ(dial("+1 555 010 0123"), "+15550100123");
  EXPECT_EQ(dial("555+0100"), "5550100");
  EXPECT_EQ(dial("call us"), "");
  EXPECT_EQ(dial("+"), "");
}

SiteCrisis own() {
  SiteCrisis site;
  site.lines.push_back({{"Mobile team", "Equipo móvil"}, {"They come to you.", "Vienen a usted."}, {"", ""}, "555-0199", ""});
  site.read_when = BothLanguages{"We read answers on weekdays.", "Leemos las respuestas entre semana."};
  site.clinic_hours = BothLanguages{"weekdays 8 to 5", "de lunes a viernes, de 8 a 5"};
  return site;
}

TEST(Crisis, TheProgramsOwnLinesStandInTheReadersLanguageBeforeVeterans) {
  const auto help = help_for(content(), own(), {}, kClinic, true, "es");
  EXPECT_EQ(ids(help), (std::vector<std::string>{"988", "911", "clinic", "site", "veterans"}));
  EXPECT_EQ(line(help, "site").label, "Equipo móvil");
  EXPECT_EQ(line(help, "site").text, "Vienen a usted.");
  EXPECT_EQ(line(help, "clinic").hours, "de lunes a viernes, de 8 a 5");
  EXPECT_EQ(help.read_when, "Leemos las respuestas entre semana.");
}

TEST(Crisis, NumbersOfTheRotaAreShownOnce) {
  OnCallSettings rota;
  rota.numbers = {{"Mobile team", "555 0199"}, {"County line", "555-0177"}, {"nobody", "soon"}};
  const auto help = help_for(content(), own(), rota, kClinic, true, "en");
  EXPECT_EQ(ids(help), (std::vector<std::string>{"988", "911", "clinic", "site", "site", "veterans"}));
  EXPECT_EQ(help.lines[4].label, "County line");
}

TEST(Crisis, WhatTheClinicSaysOutsideItsHoursIsSaidOnlyThen) {
  OnCallSettings rota;
  rota.outside_text_en = "Call 555-0111 at night.";
  EXPECT_EQ(help_for(content(), {}, rota, kClinic, true, "en").outside_text, std::nullopt);
  EXPECT_EQ(help_for(content(), {}, rota, kClinic, false, "en").outside_text, "Call 555-0111 at night.");
  EXPECT_EQ(help_for(content(), {}, rota, kClinic, false, "es").outside_text, "Call 555-0111 at night.");
  rota.outside_text_es = "De noche llame al 555-0111.";
  EXPECT_EQ(help_for(content(), {}, rota, kClinic, false, "es").outside_text, "De noche llame al 555-0111.");
}

TEST(Crisis, WhatIsMissingIsNamed) {
  EXPECT_EQ(missing({}, {"X", std::nullopt, std::nullopt}),
            (std::vector<std::string>{"clinic_phone", "clinic_hours", "read_when"}));
  EXPECT_EQ(missing({}, {"X", "12", " "}), (std::vector<std::string>{"clinic_phone", "clinic_hours", "read_when"}));
  EXPECT_TRUE(missing(own(), kClinic).empty());
}

std::string issues_of(std::string_view body) {
  const auto document = json::Document::parse(std::string(body));
  json::Issues issues;
  read_site_crisis(json::Cursor(document->root(), issues), {});
  std::string paths;
  for (const auto& issue : issues.list()) paths += issue.path + " ";
  return paths;
}

TEST(Crisis, ASitesWordsNeedBothLanguagesAndARealNumber) {
  EXPECT_EQ(issues_of(R"({"read_when":{"en":"Weekdays."}})"), "read_when.es ");
  EXPECT_EQ(issues_of(R"({"read_when":{"en":"Weekdays.","es":" "}})"), "read_when.es ");
  EXPECT_EQ(issues_of(R"({"lines":[{"label":{"en":"A","es":"B"},"number":"soon"}]})"), "lines[0].number ");
  EXPECT_EQ(issues_of(R"({"lines":[{"label":{"en":"A","es":"B"},"number":"555-0100","sms":"x"}]})"), "lines[0].sms ");
  EXPECT_EQ(issues_of(R"({"lines":[{"number":"555-0100"}]})"), "lines[0].label ");
  EXPECT_EQ(issues_of(R"({"colour":1})"), "colour ");
  std::string many = R"({"lines":[)";
  for (int i = 0; i < 7; ++i)
    many += std::string(i ? "," : "") + R"({"label":{"en":"A","es":"B"},"number":"555-010)" + std::to_string(i) + "\"}";
  EXPECT_EQ(issues_of(many + "]}"), "lines[6] ");
}

TEST(Crisis, WhatIsStoredComesBackAndWhatIsNotNamedStays) {
  const auto site = own();
  const auto back = decode_site_crisis(encode(site));
  EXPECT_EQ(back.lines, site.lines);
  EXPECT_EQ(back.read_when, site.read_when);
  const auto document = json::Document::parse(std::string(R"({"read_when":null})"));
  json::Issues issues;
  const auto changed = read_site_crisis(json::Cursor(document->root(), issues), site);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(changed.read_when, std::nullopt);
  EXPECT_EQ(changed.lines, site.lines);
  EXPECT_EQ(changed.clinic_hours, site.clinic_hours);
}

TEST(Crisis, AFileWithoutTheLinesOrWithOtherNumbersInSpanishIsRefused) {
  testing::TemporaryFolder folder;
  std::ifstream in(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "crisis" / "help.json");
  std::string good((std::istreambuf_iterator<char>(in)), {});
  const auto refused = [&](std::string from, std::string to, std::size_t after) {
    std::string text = good;
    const auto at = text.find(from, after);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder.path() / "help.json") << text;
    const auto read = load_crisis(folder.path() / "help.json");
    return !read && read.error().code == ErrorCode::bad_file;
  };
  EXPECT_TRUE(refused(R"("tel": "988")", R"("tel": "989")", 0));
  EXPECT_TRUE(refused(R"("sms": "838255")", R"("sms": "838256")", good.find("\"es\"")));
  EXPECT_TRUE(refused(R"("not_watched": "Nobody is watching this page.")", R"("not_watched": " ")", 0));
  EXPECT_TRUE(refused(R"("chat": "https://988lifeline.org")", R"("chat": "http://988lifeline.org")", 0));
  EXPECT_TRUE(refused(R"("sms_body": "AYUDA")", R"("sms_body": "ayuda&x")", 0));
  EXPECT_FALSE(refused("Get help now", "Help now", 0));
  EXPECT_FALSE(load_crisis(folder.path() / "nothing.json").has_value());
}

}  // namespace
}  // namespace concord::safety
