#include "plans/goals.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace concord::plans {
namespace {

constexpr std::string_view kMonths[2][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
     "diciembre"}};

/// Without a full stop or blanks at the end: the sentence gets its own.
std::string part(const std::string& text) {
  std::string_view kept = trim(text);
  while (!kept.empty() && (kept.back() == '.' || kept.back() == ',' || kept.back() == ' ')) kept.remove_suffix(1);
  return std::string(kept);
}

/// "I will ..." typed into the field is not said twice.
std::string without_opening(std::string what, bool spanish) {
  constexpr std::string_view kOpenings[2][2] = {{"i will ", "i'll "}, {"voy a ", "yo voy a "}};
  for (const auto opening : kOpenings[spanish ? 1 : 0])
    if (what.size() > opening.size() && to_lower(std::string_view(what).substr(0, opening.size())) == opening)
      return what.substr(opening.size());
  return what;
}

/// "Monday and Thursday" as the sentence needs it; every day of the week is "every day".
std::string days_in_words(std::string_view days, bool spanish) {
  constexpr std::string_view kNames[2][7] = {
      {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
      {"los lunes", "los martes", "los miércoles", "los jueves", "los viernes", "los sábados", "los domingos"}};
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < std::size(kDays); ++i)
    for (const auto word : split(days, ' '))
      if (word == kDays[i]) names.push_back(kNames[spanish ? 1 : 0][i]);
  if (names.empty()) return {};
  if (names.size() == std::size(kDays)) return spanish ? " todos los días" : " every day";
  std::string text = spanish ? " " : " on ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 < names.size() ? ", " : spanish ? " y " : " and ";
    text += names[i];
  }
  return text;
}

/// "for 10 minutes" typed into the field is not said twice.
std::string without_for(std::string text, bool spanish) {
  const std::string_view opening = spanish ? "durante " : "for ";
  if (text.size() > opening.size() && to_lower(std::string_view(text).substr(0, opening.size())) == opening)
    return text.substr(opening.size());
  return text;
}

int week_of(const Goal& goal, Date day) { return (day - goal.start_date) / 7; }

}  // namespace

std::string day_in_words(Date day, std::string_view language) {
  const bool spanish = language.starts_with("es");
  const auto parts = day.parts();
  const auto month = kMonths[spanish ? 1 : 0][static_cast<unsigned>(parts.month()) - 1];
  const std::string number = std::to_string(static_cast<unsigned>(parts.day()));
  const std::string year = std::to_string(static_cast<int>(parts.year()));
  if (spanish) return number + " de " + std::string(month) + " de " + year;
  return number + " " + std::string(month) + " " + year;
}

std::string statement(const Goal& goal) {
  if (goal.status == "imported") return goal.what;
  const bool spanish = goal.language.starts_with("es");
  std::string text = (spanish ? "Voy a " : "I will ") + without_opening(part(goal.what), spanish);
  if (goal.where_with && !part(*goal.where_with).empty()) text += " " + part(*goal.where_with);
  if (goal.how_long && !part(*goal.how_long).empty())
    text += (spanish ? " durante " : " for ") + without_for(part(*goal.how_long), spanish);
  if (goal.days) text += days_in_words(*goal.days, spanish);
  if (goal.day_time && !part(*goal.day_time).empty()) text += ", " + part(*goal.day_time);
  if (goal.how_often && !part(*goal.how_often).empty()) {
    text += ", " + part(*goal.how_often);
  } else if (goal.times_per_week) {
    const int n = *goal.times_per_week;
    if (spanish) text += n == 1 ? ", una vez a la semana" : ", " + std::to_string(n) + " veces a la semana";
    else text += n == 1 ? ", once a week" : n == 2 ? ", twice a week" : ", " + std::to_string(n) + " times a week";
  }
  if (goal.until) text += (spanish ? ", hasta el " : ", until ") + day_in_words(*goal.until, goal.language);
  return text + ".";
}

std::optional<int> confidence_now(const Goal& goal) {
  for (auto at = goal.entries.rbegin(); at != goal.entries.rend(); ++at)
    if (at->confidence) return at->confidence;
  return goal.confidence;
}

bool offer_smaller_step(const Goal& goal) {
  const auto now = confidence_now(goal);
  return goal.status == "active" && now && *now < kSureEnough;
}

bool is_for(const Goal& goal, Date today) {
  if (goal.status != "active" || today < goal.start_date || (goal.until && today > *goal.until)) return false;
  if (goal.days && !goal.days->empty()) {
    const std::string_view day = kDays[(today.weekday() + 6) % 7];
    const auto days = split(*goal.days, ' ');
    return std::find(days.begin(), days.end(), day) != days.end();
  }
  if (!goal.times_per_week) return true;
  int told = 0;
  for (const auto& e : goal.entries)
    told += e.kind == "check_off" && e.on < today && e.on >= goal.start_date && week_of(goal, e.on) == week_of(goal, today);
  return told < *goal.times_per_week;
}

std::optional<std::string> told_for(const Goal& goal, Date day) {
  for (auto e = goal.entries.rbegin(); e != goal.entries.rend(); ++e)
    if (e->kind == "check_off" && e->on == day) return e->result;
  return std::nullopt;
}

Weeks recent_weeks(const Goal& goal, Date today) {
  constexpr int kMost = 4;
  if (today < goal.start_date) return {};
  const int current = week_of(goal, today);
  const int first = std::max(0, current - kMost + 1);
  std::set<int> ticked;
  for (const auto& e : goal.entries) {
    const int week = week_of(goal, e.on);
    if (e.kind == "check_off" && e.on >= goal.start_date && e.on <= today && week >= first) ticked.insert(week);
  }
  return {static_cast<int>(ticked.size()), current - first + 1};
}

std::vector<Milestone> milestones(const Goal& goal) {
  std::vector<Milestone> found;
  int times = 0;
  std::set<int> weeks;
  const auto before = goal.revisions.empty() ? goal.confidence : goal.revisions.front().confidence;
  bool surer = false;
  for (const auto& e : goal.entries) {
    if (e.kind == "check_off") {
      ++times;
      if (times == 1) found.push_back({"first_time", e.on});
      for (const int n : {5, 10, 25, 50})
        if (times == n) found.push_back({"times_" + std::to_string(n), e.on});
      if (e.on >= goal.start_date && weeks.insert(week_of(goal, e.on)).second)
        for (const std::size_t n : {4, 8, 12})
          if (weeks.size() == n) found.push_back({"weeks_" + std::to_string(n), e.on});
    }
    if (!surer && e.confidence && before && *before < kSureEnough && *e.confidence >= kSureEnough) {
      surer = true;
      found.push_back({"confidence_up", e.on});
    }
  }
  if (goal.status == "reached") found.push_back({"reached", goal.status_date});
  std::stable_sort(found.begin(), found.end(), [](const Milestone& a, const Milestone& b) { return a.on < b.on; });
  return found;
}

std::string milestone_text(std::string_view id, std::string_view language) {
  const bool spanish = language.starts_with("es");
  const auto say = [&](std::string en, std::string es) { return spanish ? es : en; };
  const auto number = std::string(id.substr(id.find('_') + 1));
  if (id == "first_time") return say("Done for the first time", "Hecho por primera vez");
  if (id.starts_with("times_")) return say("Done " + number + " times", "Hecho " + number + " veces");
  if (id.starts_with("weeks_")) return say("Done in " + number + " different weeks", "Hecho en " + number + " semanas distintas");
  if (id == "confidence_up") return say("More sure than at the start", "Con más confianza que al principio");
  return say("Goal reached", "Meta alcanzada");
}

}  // namespace concord::plans
