#include "safety/on_call.h"

#include <algorithm>

#include "base/zone.h"

namespace concord::safety {
namespace {

bool runs_on(const Shift& shift, Date day) {
  if (day < shift.from || (shift.to && day > *shift.to)) return false;
  const unsigned monday_first = (day.weekday() + 6) % 7;
  return (shift.weekdays >> monday_first & 1) != 0;
}

}  // namespace

bool covers(const Shift& shift, Date day, int minute) {
  if (shift.removed_at) return false;
  if (shift.starts_minute < shift.ends_minute)
    return runs_on(shift, day) && minute >= shift.starts_minute && minute < shift.ends_minute;
  return (runs_on(shift, day) && minute >= shift.starts_minute) ||
         (runs_on(shift, day.plus_days(-1)) && minute < shift.ends_minute);
}

std::vector<Issue> check(const Shift& shift) {
  std::vector<Issue> wrong;
  if (shift.to && *shift.to < shift.from) wrong.push_back({"to_date", "must not be before from_date"});
  if (shift.weekdays == 0) wrong.push_back({"weekdays", "must name a day"});
  return wrong;
}

std::vector<OnDuty> ladder(std::span<const Shift> shifts, const calendar::Calendar& calendar, const Team& team, Instant at) {
  std::vector<OnDuty> people;
  const auto add = [&](std::string_view rung, UserId user) {
    if (std::none_of(people.begin(), people.end(), [&](const OnDuty& p) { return p.user == user; }))
      people.push_back({std::string(rung), user});
  };
  const Date day = local_date(at, calendar.zone);
  const int minute = local_minute_of_day(at, calendar.zone);
  std::vector<const Shift*> running;
  for (const auto& shift : shifts)
    if (covers(shift, day, minute)) running.push_back(&shift);
  std::sort(running.begin(), running.end(), [](const Shift* a, const Shift* b) {
    return std::tie(a->place, a->made_at, a->id) < std::tie(b->place, b->made_at, b->id);
  });
  if (team.care_manager && calendar::is_open(calendar, at)) add("care_manager", *team.care_manager);
  for (const auto rung : kRungs)
    for (const auto* shift : running)
      if (shift->rung == rung) add(rung, shift->user);
  if (team.consultant) add("consultant", *team.consultant);
  return people;
}

std::optional<OnDuty> next_on(std::span<const OnDuty> people, std::span<const UserId> asked) {
  for (const auto& person : people)
    if (std::find(asked.begin(), asked.end(), person.user) == asked.end()) return person;
  return std::nullopt;
}

std::vector<Gap> gaps(std::span<const Shift> shifts, const calendar::Calendar& calendar, Instant from, int days) {
  constexpr std::chrono::minutes kStep{15};
  std::vector<Gap> found;
  const Instant begin = from - from.time_since_epoch() % kStep;
  const Instant end = begin + std::chrono::hours(24 * days);
  for (Instant at = begin; at < end; at += kStep) {
    const Date day = local_date(at, calendar.zone);
    const int minute = local_minute_of_day(at, calendar.zone);
    if (calendar::is_open(calendar, at)) continue;
    if (std::any_of(shifts.begin(), shifts.end(), [&](const Shift& s) { return covers(s, day, minute); })) continue;
    if (!found.empty() && found.back().until == at) found.back().until = at + kStep;
    else found.push_back({at, at + kStep});
  }
  return found;
}

}  // namespace concord::safety
