#include "reviews/agenda.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

namespace concord::reviews {
namespace {

const Date kTuesday = Date::ymd(2026, 3, 3);

const AgendaRules& rules() {
  static const AgendaRules loaded = [] {
    std::ifstream in(CONCORD_SOURCE_DIR "/rulesets/review-agenda-2026.json");
    std::stringstream text;
    text << in.rdbuf();
    return load_agenda_rules(text.str()).value();
  }();
  return loaded;
}

PatientId id_of(int n) {
  Uuid id;
  id.bytes[15] = static_cast<std::uint8_t>(n);
  id.bytes[14] = static_cast<std::uint8_t>(n >> 8);
  return PatientId(id);
}

/// A patient called by a letter with causes (reason, days ago).
Case patient(int n, std::string name, std::vector<std::pair<Reason, int>> causes, std::optional<int> reviewed_days_ago = {}) {
  Case c;
  c.patient = id_of(n);
  c.name = std::move(name);
  if (reviewed_days_ago) c.last_review = kTuesday.plus_days(-*reviewed_days_ago);
  for (const auto& [reason, ago] : causes) {
    Cause cause;
    cause.reason = reason;
    cause.since = kTuesday.plus_days(-ago);
    cause.text = std::string(concord::reviews::name(reason));
    c.causes.push_back(std::move(cause));
  }
  return c;
}

/// "Ann:safety Ben:stale | Cal:new": who fits | who does not, each with the ranking reason.
std::string shown(const Agenda& agenda) {
  std::string out;
  bool cut = false;
  for (const auto& item : agenda.items) {
    if (!item.fits && !cut) out += "| ", cut = true;
    out += item.of->name + ":" + (item.reasons.empty() ? "-" : std::string(name(item.reasons.front().reason)));
    if (item.arrived) out += "+";
    out += item.fits && cut ? "! " : " ";
  }
  return out;
}
std::string agenda_of(std::vector<Case> cases, int minutes = 480, AgendaEdits edits = {}, Date day = kTuesday) {
  return shown(propose(cases, rules(), minutes, edits, day));
}

TEST(Agenda, RanksByNeed) {
  EXPECT_EQ(agenda_of({patient(1, "Add", {{Reason::undone, 1}}), patient(2, "Ask", {{Reason::asked, 1}}),
                       patient(3, "Bad", {{Reason::worse, 1}}), patient(4, "New", {{Reason::new_case, 1}}),
                       patient(5, "Old", {{Reason::stale, 1}}), patient(6, "Non", {{Reason::nonresponse, 1}}),
                       patient(7, "Now", {{Reason::asked_urgent, 0}}), patient(8, "Sad", {{Reason::safety, 0}}),
                       patient(9, "Dec", {{Reason::declined, 1}})}),
            "Sad:safety Now:asked_urgent Non:nonresponse Old:stale New:new Bad:worse Ask:asked Dec:declined Add:undone ");
}

TEST(Agenda, OfEqualReasonsTheLongestWaitingComesFirstThenTheNameThenTheId) {
  EXPECT_EQ(agenda_of({patient(1, "Cal", {{Reason::stale, 3}}), patient(2, "Ann", {{Reason::stale, 1}}),
                       patient(3, "Ben", {{Reason::stale, 3}})}),
            "Ben:stale Cal:stale Ann:stale ");
  auto first = patient(9, "Twin", {{Reason::stale, 3}});
  auto second = patient(8, "Twin", {{Reason::stale, 3}});
  const std::vector<Case> twins = {first, second};
  EXPECT_EQ(propose(twins, rules(), 60, {}, kTuesday).items[0].of->patient, id_of(8));
}

TEST(Agenda, TheMostPressingReasonRanksAndAllAreSaid) {
  const std::vector<Case> cases = {patient(1, "Ann", {{Reason::asked, 9}, {Reason::new_case, 1}, {Reason::undone, 30}})};
  const auto agenda = propose(cases, rules(), 60, {}, kTuesday);
  ASSERT_EQ(agenda.items.size(), 1u);
  std::string all;
  for (const auto& cause : agenda.items[0].reasons) all += cause.text + " ";
  EXPECT_EQ(all, "new asked undone ");
  EXPECT_EQ(agenda.items[0].minutes, rules().kind(Reason::new_case).minutes);
}

TEST(Agenda, ACauseHoldsFromItsDayOn) {
  std::vector<Case> cases = {patient(1, "Ann", {{Reason::nonresponse, -7}})};
  EXPECT_EQ(agenda_of(cases), "");
  EXPECT_EQ(agenda_of(cases, 60, {}, kTuesday.plus_days(6)), "");
  EXPECT_EQ(agenda_of(cases, 60, {}, kTuesday.plus_days(7)), "Ann:nonresponse ") << "next week's session knows it today";
  EXPECT_EQ(agenda_of({patient(2, "Ben", {})}), "") << "nobody without a reason";
}

TEST(Agenda, AWorseScoreLeavesOnceItWasReviewed) {
  EXPECT_EQ(agenda_of({patient(1, "Ann", {{Reason::worse, 5}}, 6)}), "Ann:worse ");
  EXPECT_EQ(agenda_of({patient(1, "Ann", {{Reason::worse, 5}}, 5)}), "");
  EXPECT_EQ(agenda_of({patient(1, "Ann", {{Reason::worse, 5}, {Reason::safety, 5}}, 0)}), "Ann:safety ") << "safety stays";
}

TEST(Agenda, IsCutWhereTheMinutesEndAndNobodySlipsPast) {
  // new 8, stale 6, asked 4 minutes
  const std::vector<Case> cases = {patient(1, "Old", {{Reason::stale, 1}}), patient(2, "New", {{Reason::new_case, 1}}),
                                   patient(3, "Ask", {{Reason::asked, 1}})};
  EXPECT_EQ(agenda_of(cases, 18), "Old:stale New:new Ask:asked ");
  EXPECT_EQ(agenda_of(cases, 17), "Old:stale New:new | Ask:asked ");
  EXPECT_EQ(agenda_of(cases, 13), "Old:stale | New:new Ask:asked ") << "four minutes are left, but New comes before Ask";
  EXPECT_EQ(propose(cases, rules(), 13, {}, kTuesday).planned, 6);
}

TEST(Agenda, SafetyIsNeverCut) {
  std::vector<Case> cases;
  for (int i = 0; i < 4; ++i) cases.push_back(patient(i, "S" + std::to_string(i), {{Reason::safety, i}}));
  cases.push_back(patient(9, "Old", {{Reason::stale, 1}}));
  const auto agenda = propose(cases, rules(), 10, {}, kTuesday);
  EXPECT_EQ(shown(agenda), "S3:safety S2:safety S1:safety S0:safety | Old:stale ");
  EXPECT_EQ(agenda.planned, 32);
}

TEST(Agenda, AnOrderByHandWins) {
  const std::vector<Case> cases = {patient(1, "Old", {{Reason::stale, 1}}), patient(2, "New", {{Reason::new_case, 1}}),
                                   patient(3, "Ask", {{Reason::asked, 1}})};
  AgendaEdits edits;
  edits.order = {id_of(3), id_of(1)};
  EXPECT_EQ(agenda_of(cases, 60, edits), "Ask:asked Old:stale New:new+ ");
  EXPECT_TRUE(propose(cases, rules(), 60, edits, kTuesday).ordered_by_hand);
}

TEST(Agenda, SafetyThatCameAfterTheOrderStandsFirst) {
  AgendaEdits edits;
  edits.order = {id_of(3), id_of(1)};
  EXPECT_EQ(agenda_of({patient(1, "Old", {{Reason::stale, 1}}), patient(2, "Sad", {{Reason::safety, 0}}),
                       patient(3, "Ask", {{Reason::asked, 1}})},
                      60, edits),
            "Sad:safety+ Ask:asked Old:stale ");
}

TEST(Agenda, PeopleAddAndRemove) {
  AgendaEdits edits;
  edits.added = {{id_of(2), "her mother died", 12, kTuesday}};
  edits.removed = {{id_of(1), kTuesday}};
  const std::vector<Case> cases = {patient(1, "Old", {{Reason::stale, 1}}), patient(2, "Eve", {}),
                                   patient(3, "Ask", {{Reason::asked, 1}})};
  EXPECT_EQ(agenda_of(cases, 60, edits), "Ask:asked Eve:added ");
  const auto agenda = propose(cases, rules(), 60, edits, kTuesday);
  EXPECT_EQ(agenda.items[1].minutes, 12);
  EXPECT_EQ(agenda.items[1].reasons[0].text, "her mother died");
}

TEST(Agenda, RemovingDoesNotSilenceALaterSafetySignal) {
  AgendaEdits edits;
  edits.removed = {{id_of(1), kTuesday.plus_days(-2)}};
  EXPECT_EQ(agenda_of({patient(1, "Ann", {{Reason::safety, 2}})}, 60, edits), "") << "they knew it";
  EXPECT_EQ(agenda_of({patient(1, "Ann", {{Reason::safety, 1}})}, 60, edits), "Ann:safety ");
}

TEST(Agenda, WhoWasDiscussedStandsFirstInThatOrderAndKeepsTheMinutes) {
  AgendaEdits edits;
  edits.discussed = {id_of(2), id_of(1)};
  const std::vector<Case> cases = {patient(1, "Ann", {}), patient(2, "Ben", {}), patient(3, "Cal", {{Reason::stale, 1}}),
                                   patient(4, "Dot", {{Reason::stale, 0}})};
  EXPECT_EQ(agenda_of(cases, 14, edits), "Ben:- Ann:- Cal:stale | Dot:stale ");
}

TEST(Agenda, IsTheSameWhateverTheOrderOfItsFacts) {
  std::vector<Case> cases;
  std::mt19937 random(7);
  for (int i = 0; i < 120; ++i) {
    std::vector<std::pair<Reason, int>> causes;
    const int count = static_cast<int>(random() % 3);
    for (int k = 0; k < count; ++k) causes.emplace_back(static_cast<Reason>(random() % 9), static_cast<int>(random() % 40));
    cases.push_back(patient(i, "P" + std::to_string(random() % 50), causes));
  }
  const auto expected = agenda_of(cases, 60);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(cases.begin(), cases.end(), random);
    ASSERT_EQ(agenda_of(cases, 60), expected);
  }
}

TEST(AgendaRules, EveryReasonHasMinutesAndASource) {
  EXPECT_EQ(rules().kinds.size(), static_cast<std::size_t>(kReasonCount));
  for (const auto& kind : rules().kinds) EXPECT_FALSE(kind.source.empty());
}

TEST(AgendaRules, RefusesAFileWithHoles) {
  const auto wrong = load_agenda_rules(
      R"({"name":"x","version":"1","agenda":[{"reason":"safety","minutes":0,"source":"s"},{"reason":"safety","minutes":5,"source":""},{"reason":"mood","minutes":5,"source":"s"}]})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::bad_file);
  EXPECT_GE(wrong.error().issues.size(), 4u + 9u);
}

}  // namespace
}  // namespace concord::reviews
