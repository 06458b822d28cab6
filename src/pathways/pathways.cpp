#include "pathways/pathways.h"

#include <algorithm>
#include <map>
#include <set>

namespace concord::pathways {
namespace {

bool is_for(const Use& use, const Given& given) {
  return given.valid && given.instrument == use.instrument && (use.informant.empty() || use.informant == given.informant);
}

const Given* latest(const std::vector<Given>& given, Date from, Date to, const auto& accept) {
  const Given* found = nullptr;
  for (const auto& g : given)
    if (g.on >= from && g.on <= to && accept(g) && (found == nullptr || g.on > found->on)) found = &g;
  return found;
}

bool before_treatment(episodes::State state) { return state == episodes::State::referred || state == episodes::State::assessed; }
bool may_give(episodes::State state) { return state != episodes::State::closed && state != episodes::State::on_hold; }

/// When this use is due; nullopt: not at all.
std::optional<Due> due_of(const Use& use, const Facts& facts, Date today) {
  using episodes::State;
  const Date from = facts.begun.plus_days(-kLookBackDays);
  const Given* last = latest(facts.given, from, today, [&](const Given& g) { return is_for(use, g); });
  Due due;
  due.use = &use;
  if (last != nullptr) due.last_date = last->on;
  switch (use.when) {
    case When::intake:
      if (last != nullptr) return std::nullopt;
      due.due_date = facts.begun;
      break;
    case When::follow_up: {
      const Given* cause = latest(facts.given, from, today, [&](const Given& g) { return g.valid && g.instrument == use.after; });
      if (cause == nullptr || !cause->total || *cause->total < use.after_at_least) return std::nullopt;
      if (last != nullptr && last->on >= cause->on) return std::nullopt;
      due.due_date = cause->on;
      break;
    }
    case When::cadence: {
      if (!episodes::is_enrolled(facts.state)) return std::nullopt;
      const int days = facts.state == State::relapse_prevention ? use.every_days_relapse_prevention : use.every_days;
      if (days == 0) return std::nullopt;
      due.due_date = last != nullptr ? last->on.plus_days(days) : facts.enrolled.value_or(facts.begun);
      break;
    }
  }
  due.now = due.due_date <= today;
  due.overdue_days = due.now ? today - due.due_date : 0;
  return due;
}

bool holds(const Pathway& pathway, const Rule& rule, const Facts& facts, Date today) {
  const Date from = facts.begun.plus_days(-kLookBackDays);
  if (!rule.missing.empty())
    return latest(facts.given, from, today, [&](const Given& g) { return g.valid && g.instrument == rule.missing; }) == nullptr;
  if (!rule.score_of.empty()) {
    const Given* score =
        latest(facts.given, from, today, [&](const Given& g) { return g.valid && g.instrument == rule.score_of; });
    return score != nullptr && score->total && *score->total >= rule.score_at_least;
  }
  if (!rule.role_missing.empty())
    return std::find(facts.roles.begin(), facts.roles.end(), rule.role_missing) == facts.roles.end();
  if (rule.weeks_in_care)
    return facts.state == episodes::State::active && facts.enrolled && today - *facts.enrolled >= 7 * *rule.weeks_in_care;
  const auto pause = next_break(pathway, today);
  return rule.break_within_days && pause && pause->days_until <= *rule.break_within_days;
}

const Bilingual kRelapsePlan = {
    "The target is reached. Write a relapse prevention plan together: warning signs, what helps, whom to call, the way back.",
    "Se alcanzó la meta. Escriban juntos un plan para prevenir una recaída: señales de aviso, qué ayuda, a quién llamar, cómo "
    "volver."};

}  // namespace

std::string_view name(When when) {
  switch (when) {
    case When::intake:
      return "intake";
    case When::follow_up:
      return "follow_up";
    case When::cadence:
      return "cadence";
  }
  return "";
}

const Pathway* Library::find(std::string_view id) const {
  for (const auto& p : pathways_)
    if (p.id == id) return &p;
  return nullptr;
}

std::vector<Due> due(const Pathway& pathway, const Facts& facts, Date today) {
  std::vector<Due> now, later;
  if (!may_give(facts.state)) return now;
  for (const auto& use : pathway.instruments)
    if (auto one = due_of(use, facts, today)) (one->now ? now : later).push_back(*one);
  // Intake first, then what a score calls for, then the cadence: the file's order inside each.
  std::stable_sort(now.begin(), now.end(), [](const Due& a, const Due& b) { return a.use->when < b.use->when; });
  std::stable_sort(later.begin(), later.end(), [](const Due& a, const Due& b) { return a.due_date < b.due_date; });
  now.insert(now.end(), later.begin(), later.end());
  std::vector<Due> once;
  for (const auto& one : now)
    if (std::none_of(once.begin(), once.end(), [&](const Due& d) {
          return d.use->instrument == one.use->instrument && d.use->informant == one.use->informant;
        }))
      once.push_back(one);
  return once;
}

std::vector<const Role*> missing_roles(const Pathway& pathway, const Facts& facts) {
  std::vector<const Role*> missing;
  for (const auto& role : pathway.team)
    if (std::find(facts.roles.begin(), facts.roles.end(), role.role) == facts.roles.end()) missing.push_back(&role);
  return missing;
}

std::vector<Prompt> prompts(const Pathway* pathway, const Facts& facts, Date today) {
  using episodes::State;
  std::vector<Prompt> found;
  if (facts.state == State::closed || facts.state == State::on_hold) return found;
  if (facts.state == State::relapse_prevention && !facts.has_relapse_plan)
    found.push_back({"relapse-prevention-plan", "target_met", kRelapsePlan,
                     "AIMS Center: a relapse prevention plan, written by patient and care manager, when the target is reached",
                     "relapse_prevention_plan", ""});
  if (pathway == nullptr) return found;
  for (const auto& rule : pathway->rules)
    if (holds(*pathway, rule, facts, today)) {
      Prompt prompt{rule.id, "rule", rule.text, rule.source, "", ""};
      if (!rule.missing.empty()) prompt.act = "measure", prompt.object = rule.missing;
      if (!rule.role_missing.empty()) prompt.act = "add_team_member", prompt.object = rule.role_missing;
      found.push_back(std::move(prompt));
    }
  for (const auto& reminder : pathway->prompts) {
    const bool now =
        (reminder.at == "intake" && before_treatment(facts.state)) ||
        (reminder.at == "before_antidepressant" && !facts.has_medication && facts.state != State::relapse_prevention) ||
        (reminder.at == "each_contact" && episodes::is_enrolled(facts.state)) ||
        (reminder.at == "target_met" && facts.state == State::relapse_prevention);
    if (now) found.push_back({reminder.id, reminder.at, reminder.text, reminder.source, "", ""});
  }
  return found;
}

std::optional<Break> next_break(const Pathway& pathway, Date today) {
  struct Span {
    Date from, to;
    const Term* term;
  };
  std::vector<Span> spans;
  const int year = static_cast<int>(today.parts().year());
  for (int y = year - 1; y <= year + 1; ++y)
    for (const auto& term : pathway.terms)
      spans.push_back({Date::ymd(y, static_cast<unsigned>(term.from_month), static_cast<unsigned>(term.from_day)),
                       Date::ymd(y, static_cast<unsigned>(term.to_month), static_cast<unsigned>(term.to_day)), &term});
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  for (std::size_t i = 0; i + 1 < spans.size(); ++i) {
    const Date from = spans[i].to.plus_days(1), to = spans[i + 1].from.plus_days(-1);
    if (to < today || to < from) continue;
    return Break{from, to, std::max(0, from - today), spans[i].term};
  }
  return std::nullopt;
}

std::vector<const Pathway*> suggest(const Library& library, std::string_view condition, std::optional<int> age) {
  std::vector<std::pair<int, const Pathway*>> fit;
  for (const auto& p : library.all()) {
    const bool bounded = p.age_from || p.age_to;
    if (bounded && (!age || (p.age_from && *age < *p.age_from) || (p.age_to && *age > *p.age_to))) continue;
    const bool named = std::find(p.conditions.begin(), p.conditions.end(), condition) != p.conditions.end();
    if (!named) continue;
    // A pathway for an age, or for one condition only, fits closer than one for many.
    fit.emplace_back((bounded ? 0 : 10) + static_cast<int>(p.conditions.size()), &p);
  }
  std::stable_sort(fit.begin(), fit.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Pathway*> list;
  for (const auto& [rank, p] : fit) list.push_back(p);
  return list;
}

}  // namespace concord::pathways
