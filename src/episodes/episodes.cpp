#include "episodes/episodes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace concord::episodes {
namespace {

constexpr std::array<std::pair<State, std::string_view>, 6> kStates{{
    {State::referred, "referred"},
    {State::assessed, "assessed"},
    {State::active, "active"},
    {State::on_hold, "on_hold"},
    {State::relapse_prevention, "relapse_prevention"},
    {State::closed, "closed"},
}};

constexpr std::array<std::pair<Act, std::string_view>, 8> kActs{{
    {Act::assess, "assess"},
    {Act::enroll, "enroll"},
    {Act::meet_target, "meet_target"},
    {Act::complete, "complete"},
    {Act::hold, "hold"},
    {Act::resume, "resume"},
    {Act::relapse, "relapse"},
    {Act::close, "close"},
}};

/// The state after the act, or nullopt where the drawing has no arrow.
std::optional<State> arrow(State from, Act act) {
  switch (act) {
    case Act::assess:
      return from == State::referred ? std::optional(State::assessed) : std::nullopt;
    case Act::enroll:
      return from == State::assessed ? std::optional(State::active) : std::nullopt;
    case Act::meet_target:
      return from == State::active ? std::optional(State::relapse_prevention) : std::nullopt;
    case Act::complete:
      return from == State::relapse_prevention ? std::optional(State::closed) : std::nullopt;
    case Act::hold:
      return from == State::active ? std::optional(State::on_hold) : std::nullopt;
    case Act::resume:
      return from == State::on_hold ? std::optional(State::active) : std::nullopt;
    case Act::relapse:
      return from == State::relapse_prevention ? std::optional(State::active) : std::nullopt;
    case Act::close:
      return from != State::closed ? std::optional(State::closed) : std::nullopt;
  }
  return std::nullopt;
}

bool blank(const std::optional<std::string>& text) { return !text || text->empty(); }

void check_enrolment(const Episode& e, const EnrolmentFacts& facts, std::vector<Issue>& issues) {
  if (!facts.has_consent) issues.push_back({"consent", "record the patient's consent first (spoken consent is enough)"});
  if (blank(e.billing_practitioner)) issues.push_back({"billing_practitioner", "name the billing practitioner"});
  if (blank(e.primary_condition)) issues.push_back({"primary_condition", "choose the primary condition"});
  if (blank(e.primary_instrument)) issues.push_back({"primary_instrument", "choose the primary instrument"});
  if (!e.care_manager || e.care_manager->is_nil()) issues.push_back({"care_manager_id", "choose the care manager"});
}

void check_reason(const Episode& e, const std::optional<std::string>& reason, std::vector<Issue>& issues) {
  const auto& allowed = is_enrolled(e.state) ? close_reasons_after_enrolment() : close_reasons_before_enrolment();
  if (blank(reason)) {
    issues.push_back({"close_reason", "say why the episode ends"});
  } else if (std::find(allowed.begin(), allowed.end(), *reason) == allowed.end()) {
    std::string text = is_enrolled(e.state) ? "after enrolment must be one of:" : "before enrolment must be one of:";
    for (const auto word : allowed) text.append(" ").append(word);
    issues.push_back({"close_reason", std::move(text)});
  }
}

/// The latest day something happened to the episode: an act cannot be dated before it.
Date latest_day(const Episode& e) {
  Date latest = e.referred_date;
  for (const auto& day : {e.assessed_date, e.enrolled_date, e.relapse_prevention_date, e.on_hold_date})
    if (day && *day > latest) latest = *day;
  return latest;
}

}  // namespace

std::string_view name(State state) { return kStates[static_cast<std::size_t>(state)].second; }
std::string_view name(Act act) { return kActs[static_cast<std::size_t>(act)].second; }

std::optional<State> parse_state(std::string_view text) {
  for (const auto& [state, word] : kStates)
    if (word == text) return state;
  return std::nullopt;
}

std::optional<Act> parse_act(std::string_view text) {
  for (const auto& [act, word] : kActs)
    if (word == text) return act;
  return std::nullopt;
}

bool is_enrolled(State state) { return state == State::active || state == State::on_hold || state == State::relapse_prevention; }

const std::vector<std::string_view>& close_reasons_before_enrolment() {
  static const std::vector<std::string_view> reasons{"declined", "unreachable", "other_level_of_care", "not_eligible"};
  return reasons;
}

const std::vector<std::string_view>& close_reasons_after_enrolment() {
  static const std::vector<std::string_view> reasons{
      "target_met", "referred_specialty", "patient_choice", "moved", "lost_to_follow_up",
      "inactive",   "not_eligible",       "died",           "other"};
  return reasons;
}

Result<Episode> apply(const Episode& before, Act act, Date on, const EnrolmentFacts& facts,
                      std::optional<std::string> close_reason) {
  const auto to = arrow(before.state, act);
  if (!to) {
    std::string text =
        "An episode that is " + std::string(name(before.state)) + " does not allow \"" + std::string(name(act)) + "\".";
    return fail(ErrorCode::conflict, std::move(text), {{"act", "is not possible in state " + std::string(name(before.state))}});
  }

  std::vector<Issue> issues;
  if (const Date earliest = latest_day(before); on < earliest)
    issues.push_back({"on", "must not be before " + earliest.iso() + ", when the episode last changed"});
  if (act == Act::enroll) check_enrolment(before, facts, issues);
  if (act == Act::complete) {
    if (blank(close_reason)) close_reason = "target_met";
    if (*close_reason != "target_met")
      issues.push_back({"close_reason", "completing means target_met; use close for another reason"});
  } else if (act == Act::close) {
    check_reason(before, close_reason, issues);
  } else if (!blank(close_reason)) {
    issues.push_back({"close_reason", "belongs to close and complete only"});
  }
  if (!issues.empty())
    return fail(ErrorCode::invalid, "This cannot be done yet; every missing piece is listed.", std::move(issues));

  Episode after = before;
  after.state = *to;
  switch (act) {
    case Act::assess:
      after.assessed_date = on;
      break;
    case Act::enroll:
      // The day of the care manager's initial assessment, even when the form is finished later.
      after.enrolled_date = before.assessed_date.value_or(on);
      break;
    case Act::meet_target:
      after.relapse_prevention_date = on;
      break;
    case Act::hold:
      after.on_hold_date = on;
      break;
    case Act::resume:
      after.on_hold_date.reset();
      break;
    case Act::relapse:
      after.relapse_prevention_date.reset();
      break;
    case Act::complete:
    case Act::close:
      after.closed_date = on;
      after.close_reason = std::move(close_reason);
      break;
  }
  return after;
}

std::optional<int> weeks_in_care(const Episode& episode, Date today) {
  if (!episode.enrolled_date) return std::nullopt;
  const Date until = episode.closed_date && *episode.closed_date < today ? *episode.closed_date : today;
  return std::max(0, (until - *episode.enrolled_date) / 7);
}

}  // namespace concord::episodes
