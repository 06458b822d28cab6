#include "reviews/recommendation.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace concord::reviews {
namespace {

constexpr std::string_view kStateNames[] = {"draft",    "noted", "sent",           "read",         "accepted", "modified",
                                            "declined", "done",  "adequate_trial", "not_adequate", "withdrawn"};
constexpr std::string_view kActNames[] = {"send",    "note",   "read",           "accept",       "modify",
                                          "decline", "finish", "adequate_trial", "not_adequate", "withdraw"};

struct Arrow {
  State from;
  Act act;
  State to;
};
constexpr Arrow kArrows[] = {
    {State::draft, Act::send, State::sent},
    {State::draft, Act::note, State::noted},
    {State::draft, Act::withdraw, State::withdrawn},
    {State::sent, Act::open, State::read},
    {State::sent, Act::accept, State::accepted},
    {State::sent, Act::modify, State::modified},
    {State::sent, Act::decline, State::declined},
    {State::sent, Act::withdraw, State::withdrawn},
    {State::read, Act::accept, State::accepted},
    {State::read, Act::modify, State::modified},
    {State::read, Act::decline, State::declined},
    {State::read, Act::withdraw, State::withdrawn},
    {State::accepted, Act::finish, State::done},
    {State::accepted, Act::withdraw, State::withdrawn},
    {State::modified, Act::finish, State::done},
    {State::modified, Act::withdraw, State::withdrawn},
    {State::done, Act::adequate, State::adequate_trial},
    {State::done, Act::not_adequate, State::not_adequate},
    // A trial that was too short can be gone on with.
    {State::not_adequate, Act::adequate, State::adequate_trial},
};

std::string spelled(const std::string& what, std::string_view to, const std::optional<std::string>& dose) {
  return dose ? what + std::string(to) + *dose : what;
}

}  // namespace

std::string_view name(State state) { return kStateNames[static_cast<std::size_t>(state)]; }
std::optional<State> parse_state(std::string_view text) {
  for (const State state : kStates)
    if (name(state) == text) return state;
  return std::nullopt;
}
std::string_view name(Act act) { return kActNames[static_cast<std::size_t>(act)]; }

std::optional<State> next(State from, Act act) {
  for (const Arrow& arrow : kArrows)
    if (arrow.from == from && arrow.act == act) return arrow.to;
  return std::nullopt;
}

std::string why_not(State from, Act act) {
  std::string is;
  switch (from) {
    case State::draft:
      is = "This recommendation has not been sent yet";
      break;
    case State::noted:
      is = "This recommendation is for the record and waits for nobody";
      break;
    case State::sent:
    case State::read:
      is = "This recommendation has not been answered yet";
      break;
    case State::accepted:
    case State::modified:
      is = act == Act::adequate || act == Act::not_adequate ? "This recommendation has not been carried out yet"
                                                            : "This recommendation was answered already";
      break;
    case State::declined:
      is = "This recommendation was declined";
      break;
    case State::done:
      is = "This recommendation was carried out already";
      break;
    case State::adequate_trial:
    case State::not_adequate:
      is = "The trial of this recommendation was judged already";
      break;
    case State::withdrawn:
      is = "This recommendation was withdrawn by the consultant";
      break;
  }
  if (is_waiting(from) && act == Act::send) is = "This recommendation was sent already";
  return is + "; nothing was changed.";
}

bool has_trial(std::string_view kind) {
  return kind == "start" || kind == "increase" || kind == "switch" || kind == "augment" || kind == "psychotherapy";
}

bool is_over(const Recommendation& r) {
  switch (r.state) {
    case State::noted:
    case State::declined:
    case State::adequate_trial:
    case State::not_adequate:
    case State::withdrawn:
      return true;
    case State::done:
      return !has_trial(r.kind);
    default:
      return false;
  }
}

Result<void> take(Recommendation& r, Act act, Date day, Instant now) {
  const auto to = next(r.state, act);
  if (!to) return fail(ErrorCode::conflict, why_not(r.state, act));
  if ((act == Act::adequate || act == Act::not_adequate) && !has_trial(r.kind))
    return fail(ErrorCode::conflict, "There is no trial to judge in this recommendation; nothing was changed.");
  switch (act) {
    case Act::send:
      r.sent_date = day;
      break;
    case Act::open:
      r.read_at = now;
      break;
    case Act::accept:
    case Act::modify:
    case Act::decline:
      r.answered_date = day;
      break;
    case Act::finish:
      r.done_date = day;
      break;
    default:
      break;
  }
  r.state = *to;
  r.ended_date = is_over(r) ? std::optional(day) : std::nullopt;
  return {};
}

std::string summary(const Recommendation& r, std::string_view language) {
  const bool es = language.starts_with("es");
  const std::string medication = r.medication.value_or("");
  const std::string_view to = es ? " a " : " to ", at = es ? ", " : " ";
  std::string said;
  if (r.kind == "start" && r.medication) said = (es ? "Iniciar " : "Start ") + spelled(medication, at, r.dose);
  else if (r.kind == "increase" && (r.medication || r.dose))
    said = (es ? "Aumentar " : "Increase ") +
           spelled(r.medication ? medication : std::string(es ? "la dosis" : "the dose"), to, r.dose);
  else if (r.kind == "switch" && r.medication) said = (es ? "Cambiar a " : "Switch to ") + spelled(medication, at, r.dose);
  else if (r.kind == "augment" && r.medication) said = (es ? "Añadir " : "Add ") + spelled(medication, at, r.dose);
  else if (r.kind == "taper" && r.medication) said = (es ? "Reducir " : "Taper ") + spelled(medication, to, r.dose);
  else if (r.kind == "continue" && r.medication) said = (es ? "Continuar con " : "Continue ") + spelled(medication, at, r.dose);
  else if (r.kind == "psychotherapy" && r.text.empty()) said = es ? "Psicoterapia" : "Psychotherapy";
  else if (r.kind == "labs" && r.text.empty()) said = es ? "Análisis de laboratorio" : "Laboratory tests";
  else if (r.kind == "referral" && r.text.empty()) said = es ? "Derivación" : "Referral";
  else if (r.kind == "continue" && r.text.empty()) said = es ? "Continuar igual" : "Continue as is";
  if (said.empty()) return r.text;
  if (!r.text.empty()) said += ". " + r.text;
  return said;
}

std::vector<Issue> check(const Recommendation& r, std::string_view path) {
  std::vector<Issue> issues;
  const auto at = [&](std::string_view member) { return std::string(path) + std::string(member); };
  const bool names_medicine = r.kind == "start" || r.kind == "switch" || r.kind == "augment";
  if (names_medicine && !r.medication) issues.push_back({at("medication"), "say which medication"});
  if (r.kind == "increase" && !r.dose) issues.push_back({at("dose"), "say the dose to reach"});
  const bool needs_text = r.kind == "diagnosis_question" || r.kind == "other" || r.kind == "labs" || r.kind == "referral" ||
                          (r.kind == "taper" && !r.medication);
  if (needs_text && trim(r.text).empty()) issues.push_back({at("text"), "say what is recommended"});
  if (r.to && r.to_role.empty()) issues.push_back({at("to_role"), "say in which role this person is asked"});
  return issues;
}

std::string_view old_state(State state) {
  switch (state) {
    case State::sent:
    case State::read:
      return "sent";
    case State::accepted:
      return "accepted";
    case State::modified:
      return "modified";
    case State::declined:
      return "declined";
    case State::done:
    case State::adequate_trial:
    case State::not_adequate:
      return "done";
    case State::draft:
    case State::noted:
    case State::withdrawn:
      break;
  }
  return "none";
}

std::optional<State> from_old_state(std::string_view old) {
  if (old == "none") return State::noted;
  if (old == "sent" || old == "accepted" || old == "modified" || old == "declined" || old == "done") return parse_state(old);
  return std::nullopt;
}

}  // namespace concord::reviews
