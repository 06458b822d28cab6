// What a patient's first page asks for: ONE card, "next for you". A pure function with an order; who finds the facts is home.h.
//
//   1 check_in     questions that wait for answers: the team decides by them
//   2 decision     something to weigh before a plan is made
//   3 visit        a visit today or tomorrow
//   4 goal         a goal for today that is not told yet
//   5 message      words of the team not read yet
//   6 reading      something the team chose to read
//   7 safety_plan  there is none, and the team asked for one (a safety signal in the last 90 days)
//   8 nothing      when the team will be in touch
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/id.h"
#include "portal/words.h"

namespace concord::portal {

/// Facts that this viewer may see; what they may not see is not there.
struct NextFacts {
  Date today;
  bool is_self = true;
  struct CheckIn {
    Uuid id;
    std::optional<Date> due;
  };
  std::optional<CheckIn> check_in;
  struct Decision {
    std::string aid, title;
  };
  std::optional<Decision> decision;
  struct Visit {
    Uuid id;
    Instant at{};
    Date on;
    std::string text;  ///< "Wed 4 March, 10:00, with Dana, by phone"
  };
  std::optional<Visit> visit;  ///< the next one that is booked
  struct Goal {
    Uuid id;
    std::string statement;
  };
  std::optional<Goal> goal;
  struct Messages {
    std::optional<Uuid> thread;
    int unread = 0;
  };
  Messages messages;
  struct Reading {
    std::string id, title;
  };
  std::optional<Reading> reading;
  bool safety_plan_wanted = false;
  std::optional<Date> next_contact;  ///< the day agreed with the team
};

struct NextCard {
  std::string_view kind;  ///< check_in, decision, visit, goal, message, reading, safety_plan, nothing
  std::string title, text;
  std::optional<std::string> act;        ///< words of the button
  std::optional<std::string_view> view;  ///< where the button leads
  std::optional<Uuid> object_id;
  std::optional<std::string> object;  ///< where ids are words: an aid, a piece to read
  std::optional<Instant> at;
};

/// Visits of so many days ahead are "soon": today and tomorrow.
inline constexpr int kVisitSoonDays = 1;

NextCard next_for(const NextFacts& facts, const Words& words, std::string_view language);

}  // namespace concord::portal
