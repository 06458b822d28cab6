#include "reminders/reminders.h"

#include <algorithm>

#include "json/cursor.h"

namespace concord::reminders {
namespace {

/// A pause may be planned this far ahead, and a cadence may lie between these.
constexpr int kMostPauseDays = 366, kLeastEveryDays = 7, kMostEveryDays = 180;
constexpr std::size_t kReasonBytes = 500;

struct DueSet {
  std::vector<std::string> instruments;  ///< due now or soon, the pathway's order
  std::optional<Date> due;               ///< the earliest; nullopt when nothing is due today
};

void add(DueSet& set, const std::string& instrument, Date due, const Rules& rules, Date today, const IsForPatient& is_for_patient,
         std::string_view informant) {
  if (due > today.plus_days(rules.gather_days) || !is_for_patient(instrument, informant)) return;
  if (std::find(set.instruments.begin(), set.instruments.end(), instrument) != set.instruments.end()) return;
  set.instruments.push_back(instrument);
  if (due <= today && (!set.due || due < *set.due)) set.due = due;
}

std::optional<Date> last_given(const Facts& facts, std::string_view instrument) {
  std::optional<Date> last;
  for (const auto& g : facts.care.given)
    if ((instrument.empty() || g.instrument == instrument) && (!last || g.on > *last)) last = g.on;
  return last;
}

DueSet due_now(const Facts& facts, const pathways::Pathway* pathway, const Rules& rules, const IsForPatient& is_for_patient,
               Date today) {
  DueSet set;
  const bool relapse = facts.care.state == episodes::State::relapse_prevention;
  if (pathway) {
    for (const auto& one : pathways::due(*pathway, facts.care, today)) {
      if (one.use->when != pathways::When::cadence) continue;  // what is asked at intake is asked by a person
      Date due = one.due_date;
      if (facts.setting.every_days && one.last_date) due = one.last_date->plus_days(*facts.setting.every_days);
      add(set, one.use->instrument, due, rules, today, is_for_patient, one.use->informant);
    }
  } else if (!facts.primary_instrument.empty()) {
    const int every =
        facts.setting.every_days.value_or(relapse ? rules.without_pathway_days_relapse_prevention : rules.without_pathway_days);
    const auto last = last_given(facts, facts.primary_instrument);
    add(set, facts.primary_instrument, last ? last->plus_days(every) : facts.care.enrolled.value_or(facts.care.begun), rules,
        today, is_for_patient, "");
  }
  if (!set.due) set.instruments.clear();
  if (set.instruments.size() > static_cast<std::size_t>(rules.most_instruments))
    set.instruments.resize(static_cast<std::size_t>(rules.most_instruments));
  return set;
}

bool is_paused(const Setting& setting, Date today) {
  return setting.paused && (!setting.paused_until || today <= *setting.paused_until);
}

}  // namespace

std::string_view name(Act act) {
  switch (act) {
    case Act::check_in:
      return "check_in";
    case Act::weekly:
      return "weekly";
    case Act::again:
      return "again";
    case Act::visit:
      return "visit";
    case Act::check_in_before_visit:
      return "check_in_before_visit";
    case Act::ask:
      return "ask";
  }
  return "ask";
}

Result<Rules> load_rules(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document) return fail(ErrorCode::bad_file, "The rules of reminders cannot be read.", {{"", document.error().text}});
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  root.only({"name", "version", "about", "gather_days", "repeat_after_days", "most_repeats", "rest_days", "most_unanswered",
             "ask_again_days", "weekly_every_days", "weekly_instrument", "visit_days_before", "most_instruments",
             "without_pathway_days", "without_pathway_days_relapse_prevention"});
  const auto days = [&](std::string_view key, int least, int most) {
    const auto one = root.required(key);
    one.required("source").string(1, 500);
    return static_cast<int>(one.required("value").integer(least, most).value_or(least));
  };
  Rules rules;
  rules.version = root.required("name").string(1, 60).value_or("") + " " + root.required("version").string(1, 20).value_or("");
  rules.gather_days = days("gather_days", 0, 14);
  rules.repeat_after_days = days("repeat_after_days", 1, 30);
  rules.most_repeats = days("most_repeats", 0, 10);
  rules.rest_days = days("rest_days", 1, 60);
  rules.most_unanswered = days("most_unanswered", 1, 20);
  rules.ask_again_days = days("ask_again_days", 1, 365);
  rules.weekly_every_days = days("weekly_every_days", 3, 60);
  rules.visit_days_before = days("visit_days_before", 0, 14);
  rules.most_instruments = days("most_instruments", 1, 6);
  rules.without_pathway_days = days("without_pathway_days", 7, 180);
  rules.without_pathway_days_relapse_prevention = days("without_pathway_days_relapse_prevention", 7, 365);
  const auto weekly = root.required("weekly_instrument");
  weekly.required("source").string(1, 500);
  rules.weekly_instrument = weekly.required("value").string(1, 60).value_or("");
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rules of reminders cannot be used.", issues.list());
  return rules;
}

std::vector<Issue> check(const Setting& setting, Date today) {
  std::vector<Issue> issues;
  if (setting.paused_until && !setting.paused) issues.push_back({"paused_until", "belongs to a pause: set paused too"});
  if (setting.paused_until && *setting.paused_until < today) issues.push_back({"paused_until", "must not lie in the past"});
  if (setting.paused_until && *setting.paused_until > today.plus_days(kMostPauseDays))
    issues.push_back({"paused_until", "must lie within a year"});
  if (setting.paused && setting.pause_reason.empty()) issues.push_back({"pause_reason", "must say why"});
  if (setting.pause_reason.size() > kReasonBytes) issues.push_back({"pause_reason", "is too long"});
  if (setting.every_days && (*setting.every_days < kLeastEveryDays || *setting.every_days > kMostEveryDays))
    issues.push_back({"every_days", "must be from " + std::to_string(kLeastEveryDays) + " to " + std::to_string(kMostEveryDays)});
  return issues;
}

std::vector<Step> plan(const Facts& facts, const pathways::Pathway* pathway, const Rules& rules,
                       const IsForPatient& is_for_patient, Date today) {
  std::vector<Step> steps;
  const bool in_care = facts.care.state == episodes::State::active || facts.care.state == episodes::State::relapse_prevention;
  if (facts.deceased || !in_care || is_paused(facts.setting, today)) return steps;

  const auto soon = [&]() -> const Visit* {
    if (!facts.setting.visits || !facts.reachable) return nullptr;
    const Visit* first = nullptr;
    for (const auto& visit : facts.visits)
      if (!visit.reminded && visit.on >= today && visit.on - today <= rules.visit_days_before && (!first || visit.on < first->on))
        first = &visit;
    return first;
  }();
  const auto ask = [&](const std::vector<std::string>& instruments, Date due, std::string why) {
    if (facts.last_asked && today - *facts.last_asked < rules.ask_again_days) return;
    Step step;
    step.act = Act::ask;
    step.instruments = instruments;
    step.due = due;
    step.why = std::move(why);
    steps.push_back(std::move(step));
  };

  const DueSet due = due_now(facts, pathway, rules, is_for_patient, today);
  std::optional<Step> send;
  const bool open_is_weekly = facts.open && facts.open->instruments == std::vector<std::string>{rules.weekly_instrument};
  if (facts.open && !(open_is_weekly && due.due)) {
    // A live link: no second message but its reminder. What has become due meanwhile comes with the next one.
    const auto& open = *facts.open;
    const Date last = std::max(open.sent_on, open.reminded_on.value_or(open.sent_on));
    const bool is_left = !open_is_weekly && open.reminders < rules.most_repeats;
    const bool it_is_time = open.undelivered ? today > last : today - last >= rules.repeat_after_days;
    if (!facts.reachable) {
      if (open.undelivered && !open_is_weekly) ask(open.instruments, open.sent_on, facts.why_not);
    } else if (is_left && it_is_time) {
      send = Step{Act::again,
                  open.instruments,
                  open.id,
                  std::nullopt,
                  last.plus_days(rules.repeat_after_days),
                  open.undelivered ? "undelivered" : "unanswered"};
    } else if (open.undelivered && it_is_time && !open_is_weekly) {
      ask(open.instruments, open.sent_on, "undelivered");
    }
  } else if (due.due) {
    const bool rested =
        !facts.last_message || open_is_weekly || facts.unanswered == 0 || today - *facts.last_message >= rules.rest_days;
    if (!facts.reachable) ask(due.instruments, *due.due, facts.why_not);
    else if (facts.unanswered >= rules.most_unanswered) ask(due.instruments, *due.due, "unanswered");
    else if (rested) send = Step{Act::check_in, due.instruments, std::nullopt, std::nullopt, *due.due, "cadence"};
  } else if (facts.setting.weekly_agreed && facts.reachable && is_for_patient(rules.weekly_instrument, "")) {
    const auto answered = last_given(facts, "");
    const bool heard = answered && today - *answered < rules.weekly_every_days;
    const bool written = facts.last_message && today - *facts.last_message < rules.weekly_every_days;
    if (!heard && !written && facts.unanswered < rules.most_unanswered)
      send = Step{Act::weekly, {rules.weekly_instrument}, std::nullopt, std::nullopt, today, "weekly"};
  }

  if (soon) {
    // One message a day: questions and visit together; a single weekly question gives way.
    if (send && send->act != Act::weekly) {
      send->act = Act::check_in_before_visit;
      send->visit = soon->id;
    } else {
      send = Step{Act::visit, {}, std::nullopt, soon->id, soon->on, "visit"};
    }
  }
  if (send) steps.insert(steps.begin(), std::move(*send));
  return steps;
}

}  // namespace concord::reminders
