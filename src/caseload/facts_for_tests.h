// Scenes for tests: short words for the facts of one episode.
#pragma once

#include <fstream>
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

}  // namespace concord::caseload
