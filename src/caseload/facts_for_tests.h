// Scenes for tests: short words for the facts of one episode.
#pragma once

#include <array>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "caseload/caseload.h"

namespace concord::caseload {

inline std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline const RuleSet& concord_2026() {
  static const RuleSet rules = [] {
    auto loaded = load_rule_set(read_whole(std::string(CONCORD_SOURCE_DIR) + "/rulesets/concord-2026.json"));
    if (!loaded)
      throw std::runtime_error("rule set: " + loaded.error().issues.at(0).path + " " + loaded.error().issues.at(0).text);
    return std::move(*loaded);
  }();
  return rules;
}

/// A different id every time, the same in every run.
inline Uuid serial_id() {
  static std::uint32_t serial = 0;
  ++serial;
  Uuid id;
  id.bytes[0] = 1;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(serial >> (8 * i));
  return id;
}

inline const Date kMonday = Date::ymd(2026, 1, 5);

struct Scene1 {
  EpisodeFacts f;

  explicit Scene1(std::string family = "Okafor", State state = State::active) {
    f.patient = PatientId(serial_id());
    f.episode = EpisodeId(serial_id());
    f.family_name = std::move(family);
    f.given_name = "Ben";
    f.state = state;
    f.primary_instrument = "phq-9";
    f.referred = kMonday;
    if (episodes::is_enrolled(state)) f.enrolled = kMonday;
    f.consents.push_back({kMonday, std::nullopt});
    f.care_manager = UserId(serial_id());
    f.care_manager_name = "Dana";
  }
  Scene1& score(int day, double total, std::string instrument = "phq-9") {
    Score s;
    s.id = serial_id();
    s.instrument = std::move(instrument);
    s.date = kMonday.plus_days(day);
    s.total = total;
    f.scores.push_back(std::move(s));
    return *this;
  }
  Scene1& contact(int day, std::optional<int> next = std::nullopt) {
    ContactFact c;
    c.id = serial_id();
    c.date = kMonday.plus_days(day);
    c.clinical = true;
    if (next) c.next_due = kMonday.plus_days(*next);
    f.contacts.push_back(c);
    return *this;
  }
  Scene1& review(int day) {
    ReviewFact r;
    r.id = serial_id();
    r.date = kMonday.plus_days(day);
    f.reviews.push_back(std::move(r));
    return *this;
  }
  Scene1& signal(int day, std::optional<Instant> due = std::nullopt) {
    SafetyFact e;
    e.id = serial_id();
    e.signalled = kMonday.plus_days(day);
    e.signal = "phq-9 item 9 = 1";
    e.due_at = due;
    f.safety.push_back(std::move(e));
    return *this;
  }
};

/// An episode of any state in which anything may have happened or not. Two ids of the same day are never equal.
inline EpisodeFacts any_episode(std::mt19937& random) {
  auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  auto day = [&](int from, int to) { return kMonday.plus_days(from + pick(to - from + 1)); };
  auto maybe = [&](Date date) { return pick(2) ? std::optional(date) : std::nullopt; };
  Scene1 s("Patient", static_cast<State>(pick(6)));
  EpisodeFacts& f = s.f;
  f.referred = day(-20, 0);
  if (f.state == State::assessed) f.assessed = day(0, 5);
  if (f.enrolled) f.enrolled = day(0, 10);
  if (f.state == State::closed) {
    f.enrolled = maybe(day(0, 5));
    f.closed = day(10, 60);
    f.close_reason = pick(2) ? "other_level_of_care" : "moved";
  }
  if (f.state == State::on_hold) f.on_hold = day(5, 60);
  if (f.state == State::relapse_prevention) f.relapse_prevention = day(30, 90);
  if (pick(10) == 0) f.primary_instrument.clear();
  if (pick(10) == 0) f.care_manager.reset();
  if (pick(4) == 0) f.consents.clear();
  static constexpr std::string_view kLanguages[] = {"", "en", "es", "es-MX", "vi"};
  f.language = kLanguages[pick(5)];
  for (int n = pick(12); n > 0; --n)
    s.score(pick(200), pick(28), std::array{"phq-9", "gad-7", "c-ssrs-screener"}[static_cast<std::size_t>(pick(3))]);
  for (Score& score : f.scores) {
    score.valid = pick(8) != 0;
    score.replaced = pick(12) == 0;
    score.unseen = pick(8) == 0;
    score.safety_positive = pick(8) == 0;
  }
  for (int n = pick(8); n > 0; --n) {
    const int on = pick(200);
    s.contact(on, pick(3) ? std::nullopt : std::optional(on + pick(60)));
    f.contacts.back().clinical = pick(3) != 0;
  }
  for (int n = pick(3); n > 0; --n) s.review(pick(200));
  for (int n = pick(3); n > 0; --n) f.treatments.push_back({serial_id(), day(-30, 100), maybe(day(100, 150)), {day(0, 150)}});
  static constexpr std::string_view kStates[] = {"draft",    "sent", "read",           "accepted",     "modified",
                                                 "declined", "done", "adequate_trial", "not_adequate", "withdrawn"};
  static constexpr std::string_view kKinds[] = {"start", "labs", "psychotherapy", "continue"};
  static constexpr std::string_view kRoles[] = {"pcp", "care_manager", "patient", "bh_specialist", ""};
  for (int n = pick(3); n > 0; --n) {
    RecommendationFact r;
    r.id = serial_id();
    r.written = day(0, 150);
    r.state = kStates[pick(10)];
    r.kind = kKinds[pick(4)];
    r.to_role = kRoles[pick(5)];
    r.urgent = pick(4) == 0;
    r.sent = maybe(r.written.plus_days(1));
    r.answered = maybe(r.written.plus_days(3));
    r.done = maybe(r.written.plus_days(9));
    f.recommendations.push_back(std::move(r));
  }
  for (int n = pick(2); n > 0; --n) f.questions.push_back({serial_id(), day(0, 150), pick(2) == 0, "", maybe(day(150, 160))});
  for (int n = pick(3); n > 0; --n) f.goals.push_back({serial_id(), kMonday, day(0, 100), maybe(day(100, 120))});
  for (int n = pick(3); n > 0; --n)
    f.plans.push_back({serial_id(), pick(2) == 0, pick(2) ? "en" : "es", day(0, 100), maybe(day(100, 120))});
  for (int n = pick(3); n > 0; --n)
    f.tasks.push_back(
        {serial_id(), "A task", kMonday, day(0, 120), pick(2) ? "pcp" : "", pick(2) ? "Sol" : "", maybe(day(0, 90))});
  if (pick(4) == 0) f.messages.push_back({serial_id(), day(0, 150), pick(2) ? "pcp" : "", "", maybe(day(150, 160))});
  if (pick(4) == 0)
    f.community.push_back({serial_id(), day(0, 150), "food", pick(2) ? "care_manager" : "", "", maybe(day(150, 160))});
  if (pick(2)) f.minutes = MinutesFact{kMonday.plus_days(30 * pick(6)).first_of_month(), pick(60), 31 + 30 * pick(2), "99493"};
  if (pick(2)) f.initiating_visits.emplace();
  for (int n = pick(3); n > 0; --n) {
    s.signal(pick(150));
    SafetyFact& e = f.safety.back();
    if (pick(2)) e.assessed = e.signalled.plus_days(pick(2));
    if (pick(3)) e.closed = e.signalled.plus_days(1 + pick(3));
    if (e.closed || e.assessed) e.level = std::array{"none", "low", "moderate", "high"}[static_cast<std::size_t>(pick(4))];
  }
  if (pick(2)) {
    f.referral = ReferralFact{serial_id(), f.referred, std::nullopt, std::nullopt, std::nullopt, {}};
    for (int n = pick(4); n > 0; --n)
      f.referral->attempts.push_back({serial_id(), day(0, 20), pick(2) ? "no_answer" : "reached"});
  }
  for (int n = pick(4); n > 0; --n) {
    const Date on = day(0, 120);
    f.deferrals.push_back({all_rules()[static_cast<std::size_t>(pick(kRuleCount))], on, on.plus_days(1 + pick(28))});
  }
  return f;
}

}  // namespace concord::caseload
