// Who is asked, and in which order: the rota of a site and the ladder at one moment. Pure; the calendar and the
// patient's own people come in as arguments.
//
//   in working hours    the patient's care manager, care managers on the rota, on call, consultants on the rota,
//                       the patient's consultant
//   outside             care managers on the rota, on call, consultants on the rota, the patient's consultant
//
// Nobody there: everybody of the clinic who may take it over is asked at once. Read next: hand_off.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "calendar/calendar.h"

namespace concord::safety {

using ShiftId = Id<struct OnCallShiftTag>;

inline constexpr std::string_view kRungs[] = {"care_manager", "on_call", "consultant"};

/// A line of the rota: every such weekday from `from` to `to`, local times of the site.
struct Shift {
  ShiftId id;
  SiteId site;
  std::string rung = "on_call";
  int place = 1;  ///< within the rung: 1 is asked first
  UserId user;
  Date from;
  std::optional<Date> to;  ///< the last day it starts on; nullopt: until removed
  int weekdays = 127;      ///< 1 Monday, 2 Tuesday, 4 Wednesday ... 64 Sunday, added up
  int starts_minute = 0;
  int ends_minute = 0;  ///< not after starts_minute: the next morning
  UserId made_by;
  Instant made_at{};
  std::optional<UserId> removed_by;
  std::optional<Instant> removed_at;
};

/// True when the shift runs at that local day and minute.
bool covers(const Shift& shift, Date day, int minute);
/// Everything wrong with a shift that somebody typed in.
std::vector<Issue> check(const Shift& shift);

struct OnDuty {
  std::string rung;  ///< care_manager, on_call, consultant
  UserId user;
  bool operator==(const OnDuty&) const = default;
};

/// The patient's own people.
struct Team {
  std::optional<UserId> care_manager, consultant;
};

/// Each person once, at their first rung.
std::vector<OnDuty> ladder(std::span<const Shift> shifts, const calendar::Calendar& calendar, const Team& team, Instant at);

/// The first who was not asked in this round; nullopt when everybody was.
std::optional<OnDuty> next_on(std::span<const OnDuty> ladder, std::span<const UserId> asked);

struct Gap {
  Instant from{}, until{};
  bool operator==(const Gap&) const = default;
};
/// Times within `days` from `from` when neither the clinic is open nor a shift runs. To the quarter of an hour.
std::vector<Gap> gaps(std::span<const Shift> shifts, const calendar::Calendar& calendar, Instant from, int days);

struct Number {
  std::string label, number;
  bool operator==(const Number&) const = default;
};
/// What a site says outside its hours and how long it waits.
struct OnCallSettings {
  std::optional<int> escalate_after_minutes;  ///< nullopt: the installation's
  std::optional<std::string> outside_text_en, outside_text_es;
  std::vector<Number> numbers;
  std::int64_t version = 0;  ///< 0: nothing saved yet
};

}  // namespace concord::safety
