#include "visits/visits.h"

#include <algorithm>

#include "base/text.h"
#include "base/zone.h"

namespace concord::visits {
namespace {

constexpr std::string_view kVisitMark = "{visit}";

tl::unexpected<Error> wrong_state(const Visit& visit) {
  std::string state = visit.state;
  if (state == "no_show") state = "missed";
  return fail(ErrorCode::conflict, "This visit is " + state + "; that does not go any more.");
}

}  // namespace

int Visit::minutes() const {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(ends_at - starts_at).count());
}
Date Visit::date() const { return local_date(starts_at, zone); }
int Visit::start_minute() const { return local_minute_of_day(starts_at, zone); }

std::optional<Instant> local_start(Date date, int minute_of_day, std::string_view zone) {
  const Instant at = at_local_time(date, minute_of_day, zone);
  if (local_date(at, zone) != date || local_minute_of_day(at, zone) != minute_of_day) return std::nullopt;
  return at;
}

bool happens_twice(Date date, int minute_of_day, std::string_view zone) {
  const auto first = local_start(date, minute_of_day, zone);
  if (!first) return false;
  // Clocks go back by half an hour or an hour, nowhere by more.
  for (const int back : {30, 60}) {
    const Instant again = *first + std::chrono::minutes(back);
    if (local_date(again, zone) == date && local_minute_of_day(again, zone) == minute_of_day) return true;
  }
  return false;
}

std::vector<Issue> check(const Visit& visit, Instant now) {
  std::vector<Issue> issues;
  if (visit.starts_at <= now) issues.push_back({"start_minute", "must lie ahead"});
  if (visit.starts_at > now + std::chrono::hours(24 * kMostDaysAhead)) issues.push_back({"date", "must be within a year"});
  const int minutes = visit.minutes();
  if (minutes < kLeastMinutes || minutes > kMostMinutes) issues.push_back({"minutes", "must be 5 to 480"});
  if (visit.kind != "in_person" && visit.kind != "phone" && visit.kind != "video")
    issues.push_back({"kind", "must be in_person, phone or video"});
  if (std::find(std::begin(kPurposes), std::end(kPurposes), visit.purpose) == std::end(kPurposes))
    issues.push_back({"purpose", "is not a purpose Concord knows"});
  return issues;
}

bool overlap(Instant a_from, Instant a_until, Instant b_from, Instant b_until) { return a_from < b_until && b_from < a_until; }

Result<Visit> apply(const Visit& before, std::string_view act, const std::string& reason, std::string_view cancelled_by,
                    Instant now) {
  Visit after = before;
  const auto day_has_come = [&] { return local_date(now, before.zone) >= before.date(); };
  if (act == "arrive") {
    if (before.state != "booked") return wrong_state(before);
    if (!day_has_come()) return fail(ErrorCode::conflict, "This visit is on another day.");
    after.state = "arrived";
  } else if (act == "done") {
    if (!before.is_open()) return wrong_state(before);
    if (!day_has_come()) return fail(ErrorCode::conflict, "This visit is on another day.");
    after.state = "done";
  } else if (act == "no_show") {
    if (before.state != "booked") return wrong_state(before);
    if (now < before.starts_at) return fail(ErrorCode::conflict, "This visit has not begun yet.");
    after.state = "no_show";
  } else if (act == "cancel") {
    if (!before.is_open()) return wrong_state(before);
    if (trim(reason).empty())
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"reason", "is needed to cancel a visit"}});
    after.state = "cancelled";
    after.cancelled_by = std::string(cancelled_by);
    after.reason = reason;
    ++after.sequence;
  } else if (act == "reopen") {
    if (before.state == "cancelled") {
      if (before.starts_at <= now) return fail(ErrorCode::conflict, "This visit would have begun already. Book a new one.");
      after.state = "booked";
      after.cancelled_by.reset();
      after.reason.clear();
      after.answer = "none";
      after.answer_words.clear();
      after.answered_at.reset();
      after.answered_by.reset();
      ++after.sequence;
    } else if (before.state == "no_show" || (before.state == "done" && !before.contact)) {
      after.state = "arrived";
    } else if (before.state == "done") {
      return fail(ErrorCode::conflict, "A contact was written down for this visit.");
    } else {
      return wrong_state(before);
    }
  } else if (act == "settle") {
    if (before.state != "booked" || before.answer != "change_asked")
      return fail(ErrorCode::conflict, "Nobody asked to change this visit.");
    after.answer = "none";
    after.answer_words.clear();
  } else {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"act", "is not an act of a visit"}});
  }
  return after;
}

bool can_answer(const Visit& visit, Instant now) { return visit.state == "booked" && now < visit.starts_at; }

Result<Visit> answer(const Visit& before, std::string_view act, const std::string& words, std::string_view who, Instant now) {
  if (!can_answer(before, now)) return fail(ErrorCode::conflict, "This visit cannot be changed here any more. Please call us.");
  Visit after = before;
  after.answered_at = now;
  after.answered_by = std::string(who);
  after.answer_words = words;
  if (act == "confirm") {
    after.answer = "confirmed";
    after.answer_words.clear();
  } else if (act == "ask_change") {
    after.answer = "change_asked";
  } else if (act == "cancel") {
    after.answer = "cancelled";
    after.state = "cancelled";
    after.cancelled_by = "patient";
    after.reason = words;
    ++after.sequence;
  } else {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"act", "must be confirm, ask_change or cancel"}});
  }
  return after;
}

std::string_view change_kind(std::string_view act) {
  if (act == "arrive") return "arrived";
  if (act == "cancel") return "cancelled";
  if (act == "reopen") return "reopened";
  if (act == "settle") return "settled";
  if (act == "confirm") return "confirmed";
  if (act == "ask_change") return "change_asked";
  return act;  // done, no_show
}

std::optional<VisitChange> difference(const Visit& before, const Visit& after) {
  VisitChange change;
  change.visit = after.id;
  if (before.starts_at != after.starts_at || before.ends_at != after.ends_at) {
    change.starts_before = before.starts_at;
    change.ends_before = before.ends_at;
  }
  if (before.staff != after.staff) change.staff_before = before.staff;
  if (before.kind != after.kind) change.kind_before = before.kind;
  const bool moved = change.starts_before || change.staff_before || change.kind_before;
  const bool edited = before.place != after.place || before.note != after.note || before.purpose != after.purpose;
  if (!moved && !edited) return std::nullopt;
  change.kind = moved ? "moved" : "edited";
  return change;
}

std::string video_link(std::string_view link_template, std::string_view code) {
  std::string link(link_template);
  if (const auto at = link.find(kVisitMark); at != std::string::npos) link.replace(at, kVisitMark.size(), code);
  return link;
}

std::vector<Issue> check_template(std::string_view text) {
  std::vector<Issue> issues;
  const auto wrong = [&](std::string what) { issues.push_back({"video_link_template", std::move(what)}); };
  if (text.size() > 300) wrong("must not be longer than 300 bytes");
  if (!text.starts_with("https://")) wrong("must begin with https://");
  for (const unsigned char c : text)
    if (c <= 0x20 || c >= 0x7F || c == '"' || c == '<' || c == '>' || c == '\\') {
      wrong("must be an address without blanks and quotes");
      break;
    }
  const auto mark = text.find(kVisitMark);
  if (mark == std::string_view::npos) {
    wrong("must hold {visit} where the visit's code goes");
    return issues;
  }
  const auto host_end = text.find('/', 8);
  if (host_end == std::string_view::npos || host_end > mark) wrong("must hold {visit} after the host name");
  if (text.substr(0, host_end).find('@') != std::string_view::npos) wrong("must not hold a user name");
  if (std::count(text.begin(), text.end(), '{') != 1 || std::count(text.begin(), text.end(), '}') != 1)
    wrong("must hold {visit} once and nothing else in braces: no name, no number");
  return issues;
}

}  // namespace concord::visits
