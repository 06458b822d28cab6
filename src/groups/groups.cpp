#include "groups/groups.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/zone.h"

namespace concord::groups {
namespace {

template <std::size_t N>
bool among(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// Folded words: letters and digits of any script.
std::set<std::string, std::less<>> words_of(std::string_view text) {
  std::set<std::string, std::less<>> words;
  std::string word;
  for (const char c : fold(text) + " ") {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (letter) {
      word += c;
    } else {
      if (word.size() >= 2) words.insert(word);
      word.clear();
    }
  }
  return words;
}

void give_up_place(Member& m, Date today, std::string reason) {
  m.state = "left";
  m.answer_by.reset();
  m.line.reset();
  m.left = today;
  m.reason = std::move(reason);
}

void hold_place(const Group& group, Member& m, std::string state, Instant now) {
  m.state = std::move(state);
  m.line.reset();
  m.answer_by = now + std::chrono::hours(24 * group.offer_days);
  m.left.reset();
  m.reason.clear();
}

void join(Member& m, Date today) {
  m.state = "joined";
  m.line.reset();
  m.answer_by.reset();
  m.joined = today;
  m.left.reset();
  m.reason.clear();
}

tl::unexpected<Error> does_not_go(const Member& m) {
  return fail(ErrorCode::conflict, "That does not go: this person is " + m.state + ".");
}

}  // namespace

Date Session::date() const { return local_date(starts_at, zone); }
int Session::start_minute() const { return local_minute_of_day(starts_at, zone); }
int Session::minutes() const {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(ends_at - starts_at).count());
}

std::vector<Issue> check(const Group& g, Date today) {
  static constexpr std::string_view kKinds[] = {"skills", "education", "support", "psychotherapy"};
  static constexpr std::string_view kModalities[] = {"in_person", "video", "phone"};
  std::vector<Issue> issues;
  if (g.name.empty()) issues.push_back({"name", "must not be empty"});
  if (!among(g.kind, kKinds)) issues.push_back({"kind", "must be skills, education, support or psychotherapy"});
  if (!among(g.modality, kModalities)) issues.push_back({"modality", "must be in_person, video or phone"});
  if (g.capacity < 2 || g.capacity > kMostCapacity) issues.push_back({"capacity", "must be 2 to 40"});
  if (g.first_date < today) issues.push_back({"first_date", "must not be in the past"});
  if (g.first_date > today.plus_days(366)) issues.push_back({"first_date", "must be within a year"});
  if (g.minutes < 15 || g.minutes > kMostMinutes) issues.push_back({"minutes", "must be 15 to 240"});
  if (g.start_minute < 0 || g.start_minute > 1439) issues.push_back({"start_minute", "must be 0 to 1439"});
  if (g.every_weeks != 1 && g.every_weeks != 2 && g.every_weeks != 4) issues.push_back({"every_weeks", "must be 1, 2 or 4"});
  if (g.sessions_planned < 1 || g.sessions_planned > kMostSessions) issues.push_back({"sessions", "must be 1 to 52"});
  if (g.offer_days < 1 || g.offer_days > 30) issues.push_back({"offer_days", "must be 1 to 30"});
  return issues;
}

std::vector<std::pair<Instant, Instant>> session_times(const Group& g, std::string_view zone) {
  std::vector<std::pair<Instant, Instant>> times;
  for (int i = 0; i < g.sessions_planned; ++i) {
    const Instant from = at_local_time(g.first_date.plus_days(7 * g.every_weeks * i), g.start_minute, zone);
    times.emplace_back(from, from + std::chrono::minutes(g.minutes));
  }
  return times;
}

int free_places(const Group& group, const std::vector<Member>& members) {
  return group.capacity -
         static_cast<int>(std::count_if(members.begin(), members.end(), [](const Member& m) { return m.holds_place(); }));
}

std::optional<int> place_in_line(const std::vector<Member>& members, const Member& member) {
  if (!member.line) return std::nullopt;
  int place = 1;
  for (const auto& other : members) place += other.line && *other.line < *member.line;
  return place;
}

std::int64_t end_of_line(const std::vector<Member>& members) {
  std::int64_t last = 0;
  for (const auto& m : members)
    if (m.line) last = std::max(last, *m.line);
  return last + 1;
}

std::vector<Step> settle(const Group& group, std::vector<Member>& members, Instant now) {
  std::vector<Step> steps;
  if (group.state != "open") return steps;
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto& m = members[i];
    if (!m.answer_by || *m.answer_by > now) continue;
    steps.push_back({i, m.state, "no_answer"});
    m.state = "left";
    m.answer_by.reset();
    m.reason = "no_answer";
  }
  for (int room = free_places(group, members); room > 0; --room) {
    auto next = members.end();
    for (auto m = members.begin(); m != members.end(); ++m)
      if (m->line && (next == members.end() || *m->line < *next->line)) next = m;
    if (next == members.end()) break;
    steps.push_back({static_cast<std::size_t>(next - members.begin()), next->state, ""});
    hold_place(group, *next, "offered", now);
  }
  return steps;
}

Result<Member> apply(const Group& group, const std::vector<Member>& members, const Member& before, std::string_view act,
                     const std::string& reason, Date today, Instant now) {
  if (group.state != "open" && act != "leave") return fail(ErrorCode::conflict, "This group has ended.");
  Member after = before;
  if (act == "join") {
    if (before.state == "waiting" && free_places(group, members) <= 0)
      return fail(ErrorCode::conflict, "No place is free. Raise the capacity, or wait.");
    if (before.state == "joined" || before.state == "left") return does_not_go(before);
    join(after, today);
  } else if (act == "decline") {
    if (before.state != "invited" && before.state != "offered") return does_not_go(before);
    give_up_place(after, today, reason.empty() ? "declined" : reason);
  } else if (act == "leave") {
    if (before.state == "left") return does_not_go(before);
    if (trim(reason).empty())
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"reason", "is needed when somebody leaves"}});
    give_up_place(after, today, reason);
  } else if (act == "first_in_line") {
    if (before.state != "waiting") return does_not_go(before);
    std::int64_t first = *before.line;
    for (const auto& m : members)
      if (m.line) first = std::min(first, *m.line);
    after.line = first - 1;
  } else if (act == "again") {
    if (before.state != "left") return does_not_go(before);
    const bool somebody_waits = std::any_of(members.begin(), members.end(), [](const Member& m) { return m.line.has_value(); });
    if (free_places(group, members) > 0 && !somebody_waits) {
      hold_place(group, after, "invited", now);
    } else {
      after.state = "waiting";
      after.line = end_of_line(members);
      after.left.reset();
      after.reason.clear();
    }
  } else {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"act", "is not an act of a member"}});
  }
  return after;
}

Result<Member> answer(const Group& group, const Member& before, std::string_view answer, const std::string& words, Date today,
                      Instant now) {
  if (group.state != "open") return fail(ErrorCode::conflict, "This group has ended.");
  const bool asked = before.state == "invited" || before.state == "offered";
  Member after = before;
  if (answer == "yes") {
    if (!asked) return fail(ErrorCode::conflict, "There is no place to answer to right now.");
    if (before.answer_by && *before.answer_by <= now)
      return fail(ErrorCode::conflict, "This place was held until a day that has passed. Please call us.");
    join(after, today);
  } else if (answer == "no") {
    if (!asked && before.state != "waiting") return fail(ErrorCode::conflict, "There is no place to answer to right now.");
    give_up_place(after, today, words.empty() ? "declined" : words);
  } else if (answer == "leave") {
    if (before.state != "joined") return fail(ErrorCode::conflict, "You are not in this group.");
    give_up_place(after, today, words.empty() ? "left by their own wish" : words);
  } else {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"answer", "must be yes, no or leave"}});
  }
  return after;
}

bool is_on_sheet(const Member& m, Date day) {
  if (!m.joined || *m.joined > day) return false;
  return m.state == "joined" || (m.left && *m.left >= day);
}

std::vector<std::string> names_in(std::string_view note, MemberId about, const std::vector<RosterName>& roster) {
  std::set<std::string, std::less<>> own;
  for (const auto& person : roster)
    if (person.member == about) own = words_of(person.given + " " + person.family);
  const auto words = words_of(note);
  std::vector<std::string> found;
  for (const auto& person : roster) {
    if (person.member == about) continue;
    for (const std::string_view part : {std::string_view(person.given), std::string_view(person.family)})
      for (const auto name : split(part, ' ')) {
        bool stands = false;
        for (const auto& word : words_of(name)) stands = stands || (words.contains(word) && !own.contains(word));
        if (stands && std::find(found.begin(), found.end(), name) == found.end()) found.emplace_back(name);
      }
  }
  return found;
}

}  // namespace concord::groups
