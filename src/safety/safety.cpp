#include "safety/safety.h"

#include <algorithm>

namespace concord::safety {
namespace {

int minutes_between(Instant from, Instant to) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(to - from).count());
}

std::optional<double> median(std::vector<int> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

}  // namespace

std::string_view state(const SafetyEvent& event) {
  if (event.closed_at) return "closed";
  if (event.assessed_at) return "assessed";
  if (event.acknowledged_at) return "acknowledged";
  return "unacknowledged";
}

std::optional<Date> default_reassessment(std::string_view level, bool again, Date on) {
  if (level == "high") return on.plus_days(again ? kReassessHighDays : kReassessHighFirstDays);
  if (level == "moderate") return on.plus_days(kReassessModerateDays);
  if (level == "low") return on.plus_days(kReassessLowDays);
  return std::nullopt;
}

int rank(std::string_view level) {
  if (level == "high") return 3;
  if (level == "moderate") return 2;
  if (level == "low") return 1;
  return 0;
}

std::string_view worse(std::string_view a, std::string_view b) { return rank(b) > rank(a) ? b : a; }

std::optional<std::string_view> triage(const Columbia& a, Form form) {
  const auto yes = [](const std::optional<bool>& answer) { return answer == true; };
  const bool lifetime_counts_as_recent = form == Form::since_last_contact;
  if (yes(a.q4) || yes(a.q5) || (yes(a.q6) && lifetime_counts_as_recent) || (yes(a.q6) && yes(a.q6_recent))) return "high";
  // "Within three months" to a question 6 that was left blank: somebody did something.
  if (yes(a.q6_recent)) return "high";
  // What was not answered might have been a yes. Questions 3 to 5 are asked after a yes to question 2 only.
  const bool q2_asks_more = a.q2 != false;
  const bool behavior_may_be_recent = lifetime_counts_as_recent ? !a.q6 : a.q6 != false && !a.q6_recent;
  const bool may_be_high = (q2_asks_more && (!a.q4 || !a.q5)) || behavior_may_be_recent;
  if (may_be_high) return std::nullopt;
  if (yes(a.q3) || yes(a.q6)) return "moderate";
  if ((q2_asks_more && !a.q3) || !a.q6) return std::nullopt;
  if (yes(a.q1) || yes(a.q2)) return "low";
  if (!a.q1 || !a.q2) return std::nullopt;
  return "none";
}

Columbia columbia_of(std::span<const measurements::Answer> answers) {
  Columbia c;
  const std::pair<std::string_view, std::optional<bool>*> places[] = {
      {"q1", &c.q1}, {"q2", &c.q2}, {"q3", &c.q3}, {"q4", &c.q4}, {"q5", &c.q5}, {"q6", &c.q6}, {"q6_recent", &c.q6_recent}};
  for (const auto& answer : answers)
    for (const auto& [item, place] : places)
      if (answer.item == item && answer.value) *place = *answer.value >= 1;
  return c;
}

std::string_view standing_level(std::span<const SafetyEvent> events, const SafetyEvent& event, Instant now) {
  std::string_view stands = event.level ? std::string_view(*event.level) : "none";
  const SafetyEvent* last = nullptr;
  for (const auto& other : events) {
    if (other.id == event.id || !other.closed_at || !other.level) continue;
    if (!last || *other.closed_at > *last->closed_at) last = &other;
  }
  if (last && !last->follow_up_ended_on && now - *last->closed_at <= std::chrono::hours(24 * kLevelStandsDays))
    stands = worse(stands, *last->level);
  return stands;
}

std::optional<int> minutes_to_acknowledge(const SafetyEvent& event) {
  if (!event.acknowledged_at) return std::nullopt;
  return minutes_between(event.signalled_at, *event.acknowledged_at);
}

std::optional<int> minutes_to_assessment(const SafetyEvent& event) {
  if (!event.assessed_at) return std::nullopt;
  return minutes_between(event.signalled_at, *event.assessed_at);
}

bool is_late(const SafetyEvent& event, Instant now) {
  return event.acknowledged_at ? *event.acknowledged_at > event.due_at : !event.closed_at && now > event.due_at;
}

Times measure_times(std::span<const SafetyEvent> events, Instant now) {
  Times times;
  std::vector<int> to_acknowledge, to_assessment;
  for (const auto& e : events) {
    ++times.events;
    if (is_late(e, now)) ++times.late;
    if (const auto minutes = minutes_to_acknowledge(e)) to_acknowledge.push_back(*minutes);
    if (const auto minutes = minutes_to_assessment(e)) to_assessment.push_back(*minutes);
  }
  times.acknowledged = static_cast<int>(to_acknowledge.size());
  times.assessed = static_cast<int>(to_assessment.size());
  times.median_minutes_to_acknowledge = median(std::move(to_acknowledge));
  times.median_minutes_to_assessment = median(std::move(to_assessment));
  return times;
}

}  // namespace concord::safety
