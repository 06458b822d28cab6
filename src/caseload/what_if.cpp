#include "caseload/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/check.h"
#include "base/parallel.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

constexpr std::size_t kRules = kRuleCount + 1;
std::size_t index_of(Rule rule) { return static_cast<std::size_t>(rule); }

/// They move neither a flag nor its due day: clocks within a day, words, lengths of a line.
constexpr std::string_view kNotCounted[] = {"safety.unreviewed.due_minutes", "safety.unreviewed.escalate_minutes",
                                            "safety.reassess.escalate_days", "contact.due.high_after_days",
                                            "episode.long.again_months",     "caseload.sparkline_days"};
constexpr std::string_view kOnlyLate[] = {"contact.first.due_days",      "review.new.due_days",
                                          "review.nonresponse.due_days", "plan.relapse_prevention.days",
                                          "inactive.close_days",         "referral.waiting.seen_elsewhere_days"};

template <std::size_t N>
bool is_among(std::string_view what, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), what) != std::end(list);
}

/// "instrument.phq-9.response" -> {"phq-9", "response"}; empty for anything else.
std::pair<std::string_view, std::string_view> instrument_part(std::string_view id) {
  constexpr std::string_view kPrefix = "instrument.";
  if (!id.starts_with(kPrefix)) return {};
  id.remove_prefix(kPrefix.size());
  const auto dot = id.rfind('.');
  return {id.substr(0, dot), id.substr(dot + 1)};
}

bool uses(const RuleSet& rules, Rule rule, std::string_view id) {
  const std::string wanted = "\"" + std::string(id) + "\":";
  const auto [instrument, key] = instrument_part(id);
  return rules.parameters_of(rule, instrument).find(wanted) != std::string::npos;
}

// ---- counting

/// Days on which something fired, told in order of their first days; overlapping pieces count once.
struct Fired {
  Date last;  ///< the last day told so far
  bool any = false;

  struct Told {
    std::optional<Date> began;  ///< a day on which it fires and did not the day before
    std::int64_t days = 0;      ///< new ones
  };
  Told add(Date first, Date until) {
    Told told;
    if (until <= last) return told;
    if (first > last.plus_days(1)) told.began = first;
    told.days = until - std::max(first, last.plus_days(1)) + 1;
    last = until;
    return told;
  }
};

struct Period {
  Date from, to;
  std::vector<Date> months;
  std::size_t month_of(Date day) const {
    return static_cast<std::size_t>(std::upper_bound(months.begin(), months.end(), day) - months.begin()) - 1;
  }
};

/// One of the two runs over one episode.
class Run {
 public:
  Run(const Period& period, const WhatIfAssumptions& assumptions) : period_(period), acts_(assumptions.acts.size()) {
    const Date before = period.from.plus_days(-2);
    for (auto* list : {&flags_, &late_})
      for (auto& one : *list) one.last = before;
    for (auto& act : acts_) act.last = before;
    for (const Rule rule : all_rules()) act_of_[index_of(rule)] = assumptions.act_of(rule);
  }

  /// The triggers hold from `first` to `last`, both included; the day before the period is told too, so that it is known what
  /// fired already.
  void tell(const std::vector<Trigger>& triggers, Date first, Date last, std::vector<Tally>& rules, std::vector<Tally>& acts) {
    pieces_.clear();
    for (const Trigger& t : triggers) {
      const Date begin = std::max(t.from, first), end = t.until ? std::min(*t.until, last) : last;
      if (begin <= end) pieces_.push_back({begin, end, std::max(begin, t.due.plus_days(1)), t.rule});
    }
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.begin < b.begin; });
    for (const Piece& p : pieces_) {
      const auto r = index_of(p.rule);
      count(flags_[r].add(p.begin, p.end), p.end, rules[r], flags_[r]);
      const auto a = act_of_[r];
      count(acts_[a].add(p.begin, p.end), p.end, acts[a], acts_[a]);
    }
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.late < b.late; });
    for (const Piece& p : pieces_) {
      if (p.late > p.end) continue;
      const auto r = index_of(p.rule);
      const auto told = late_[r].add(p.late, p.end);
      if (told.began && *told.began >= period_.from) ++rules[r].late;
    }
  }

 private:
  struct Piece {
    Date begin, end, late;
    Rule rule;
  };
  void count(const Fired::Told& told, Date end, Tally& tally, Fired& fired) const {
    if (told.days == 0) return;
    if (told.began && *told.began >= period_.from) {
      ++tally.flags;
      ++tally.months[period_.month_of(*told.began)];
    }
    // The day before the period is no day of it.
    const Date first_new = end.plus_days(1 - static_cast<int>(told.days));
    tally.open_days += told.days - (first_new < period_.from ? 1 : 0);
    if (end >= period_.from && !fired.any) {
      fired.any = true;
      ++tally.episodes;
    }
  }

  const Period& period_;
  std::array<Fired, kRules> flags_, late_;
  std::vector<Fired> acts_;
  std::array<std::size_t, kRules> act_of_{};
  std::vector<Piece> pieces_;
};

struct Sums {
  std::vector<Tally> rules_now, rules_changed, acts_now, acts_changed;
  Sums(std::size_t acts, std::size_t months) {
    Tally empty;
    empty.months.assign(months, 0);
    rules_now = rules_changed = std::vector<Tally>(kRules, empty);
    acts_now = acts_changed = std::vector<Tally>(acts, empty);
  }
};

void add_to(Tally& sum, const Tally& part) {
  sum.flags += part.flags;
  sum.late += part.late;
  sum.open_days += part.open_days;
  sum.episodes += part.episodes;
  for (std::size_t i = 0; i < part.months.size(); ++i) sum.months[i] += part.months[i];
}

double hours_of(const WhatIfAssumptions& assumptions, const WhatIf& answer, std::string_view role, bool changed) {
  double minutes = 0;
  for (std::size_t a = 0; a < assumptions.acts.size(); ++a)
    for (const auto& m : assumptions.acts[a].minutes)
      if (m.role == role)
        minutes += m.minutes * static_cast<double>(changed ? answer.acts[a].changed.flags : answer.acts[a].now.flags);
  return minutes / 60;
}

double tenth(double value) { return std::floor(value * 10 + 0.5) / 10; }

std::vector<std::string> roles_of(const WhatIfAssumptions& assumptions) {
  std::vector<std::string> roles;
  for (const auto& act : assumptions.acts)
    for (const auto& m : act.minutes)
      if (std::find(roles.begin(), roles.end(), m.role) == roles.end()) roles.push_back(m.role);
  return roles;
}

/// An hour figure is a sum over acts: a hidden act hides it.
bool hours_hidden(const WhatIfAssumptions& assumptions, const WhatIf& answer, std::string_view role) {
  for (std::size_t a = 0; a < assumptions.acts.size(); ++a)
    for (const auto& m : assumptions.acts[a].minutes)
      if (m.role == role && m.minutes > 0 && answer.acts[a].hidden) return true;
  return answer.hidden;
}

void write_tally(json::Writer& w, std::string_view key, const Tally& t, bool hidden, bool hidden_late) {
  w.key(key).object();
  w.field("flags", hidden ? std::nullopt : std::optional(t.flags));
  w.field("late", hidden || hidden_late ? std::nullopt : std::optional(t.late));
  w.field("open_days", hidden ? std::nullopt : std::optional(t.open_days));
  w.field("episodes", hidden ? std::nullopt : std::optional(t.episodes)).end();
}

Tally difference(const Tally& now, const Tally& changed) {
  return {
      changed.flags - now.flags, changed.late - now.late, changed.open_days - now.open_days, changed.episodes - now.episodes, {}};
}

void write_months(json::Writer& w, const WhatIf& answer, const WhatIfLine& line, bool hidden) {
  w.key("months").array();
  for (std::size_t m = 0; m < answer.months.size(); ++m) {
    const bool here = hidden || (!line.hidden_months.empty() && line.hidden_months[m]);
    w.object().field("month", answer.months[m].iso().substr(0, 7));
    w.field("now", here ? std::nullopt : std::optional(line.now.months[m]));
    w.field("changed", here ? std::nullopt : std::optional(line.changed.months[m])).end();
  }
  w.end();
}

void write_rules(json::Writer& w, const std::vector<Rule>& rules) {
  w.key("rules").array();
  for (const Rule rule : rules) w.value(name(rule));
  w.end();
}

/// Rules with anything to tell, those that differ first.
std::vector<Rule> told_rules(const WhatIf& answer) {
  std::vector<Rule> out;
  for (const bool differs : {true, false})
    for (const Rule rule : all_rules()) {
      const auto& line = answer.rules[index_of(rule)];
      const bool any = line.now.open_days > 0 || line.changed.open_days > 0;
      if (any && (line.now != line.changed) == differs) out.push_back(rule);
    }
  return out;
}

}  // namespace

std::vector<Adjustable> adjustable(const RuleSet& rules) {
  std::vector<Adjustable> out;
  for (const Parameter& p : rules.parameters) {
    if (is_among(p.id, kNotCounted)) continue;
    Adjustable a;
    a.now = p;
    for (const Rule rule : all_rules())
      if (uses(rules, rule, p.id)) a.rules.push_back(rule);
    if (a.rules.empty()) continue;
    a.only_late = is_among(p.id, kOnlyLate);
    const auto [instrument, key] = instrument_part(p.id);
    if (!instrument.empty()) {
      const auto& criteria = rules.criteria(instrument);
      a.minimum = key == "elevated" || key == "remission_below" || key == "improved_below" ? criteria.minimum : 1;
      a.maximum = p.unit == "percent" ? 100 : p.unit == "days" ? 365 : criteria.maximum;
    } else {
      // Nothing waits for no time at all, but a silence or an end of a phase may be none.
      const bool may_be_none = p.id.find("_until_day") != std::string::npos || p.id.ends_with("quiet_days") ||
                               p.id.ends_with("apart_days") || p.id.ends_with("amber_days") || p.id.ends_with("from_days");
      a.minimum = may_be_none ? 0 : 1;
      a.maximum = largest_value(p.id);
    }
    out.push_back(std::move(a));
  }
  return out;
}

Result<RuleSet> changed(const RuleSet& rules, std::span<const Change> changes) {
  const auto known = adjustable(rules);
  std::vector<Issue> issues;
  RuleSet out = rules;
  bool differs = false;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto& [id, value] = changes[i];
    const std::string path = "changes[" + std::to_string(i) + "]";
    const auto found =
        std::find_if(known.begin(), known.end(), [&, wanted = id](const Adjustable& a) { return a.now.id == wanted; });
    if (found == known.end()) {
      issues.push_back({path + ".id", "is no number of the rule set that can be changed here"});
      continue;
    }
    for (std::size_t k = 0; k < i; ++k)
      if (changes[k].first == id) issues.push_back({path + ".id", "is there twice"});
    if (value != std::floor(value) || value < found->minimum || value > found->maximum) {
      issues.push_back(
          {path + ".value", fmt::format("must be a whole number from {:g} to {:g}", found->minimum, found->maximum)});
      continue;
    }
    differs = differs || value != found->now.value;
    for (Parameter& p : out.parameters)
      if (p.id == id) p.value = value;
    const auto [instrument, key] = instrument_part(id);
    if (instrument.empty()) {
      set_number(out.numbers, id, static_cast<int>(value));
      continue;
    }
    auto& c = out.instruments.find(instrument)->second;
    if (key == "elevated") c.elevated = value;
    else if (key == "remission_below") c.remission_below = value;
    else if (key == "improved_below") c.improved_below = value;
    else if (key == "worse_by") c.worse_by = value;
    else if (key == "stale_days_active") c.stale_days_active = static_cast<int>(value);
    else if (key == "stale_days_relapse_prevention") c.stale_days_relapse_prevention = static_cast<int>(value);
    else if (key == "response") c.response = value;
    else if (key == "response_parent") c.response_parent = value;
    else CHECK(false);
  }
  if (issues.empty() && !differs) issues.push_back({"changes", "change nothing: give another number than the present one"});
  if (!issues.empty()) return fail(ErrorCode::invalid, "The numbers cannot be changed like this.", std::move(issues));
  return out;
}

std::size_t WhatIfAssumptions::act_of(Rule rule) const {
  for (std::size_t a = 0; a < acts.size(); ++a)
    if (std::find(acts[a].rules.begin(), acts[a].rules.end(), rule) != acts[a].rules.end()) return a;
  CHECK(false);
  return 0;
}

Result<WhatIfAssumptions> load_what_if(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "acts"});
  WhatIfAssumptions out;
  out.name = root.required("name").string(1, 60).value_or("");
  out.version = root.required("version").string(1, 20).value_or("");
  const auto acts = root.required("acts");
  std::array<int, kRules> seen{};
  if (acts.value() && acts.value()->is(json::Kind::object)) {
    for (const auto& member : acts.value()->members()) {
      const auto at = acts.required(member.key);
      at.only({"rules", "minutes"});
      Act act;
      act.id = std::string(member.key);
      at.required("rules").each([&](const json::Cursor& item) {
        const auto text = item.string(1, 60);
        const auto rule = text ? parse_rule(*text) : std::nullopt;
        if (!rule) return item.issue("is not a rule this program knows");
        if (++seen[index_of(*rule)] > 1) item.issue("is in two acts");
        act.rules.push_back(*rule);
      });
      const auto minutes = at.required("minutes");
      if (minutes.value() && minutes.value()->is(json::Kind::object))
        for (const auto& role : minutes.value()->members()) {
          const auto cell = minutes.required(role.key);
          act.minutes.push_back({std::string(role.key), cell.required("value").real(0, 600).value_or(0),
                                 cell.required("source").string(1, 300).value_or("")});
        }
      out.acts.push_back(std::move(act));
    }
  } else {
    acts.issue("must be an object of acts");
  }
  for (const Rule rule : all_rules())
    if (seen[index_of(rule)] == 0) acts.issue("has no act for the rule " + std::string(name(rule)));
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The assumptions cannot be used.", issues.list());
  return out;
}

std::vector<Date> days_of_change(const EpisodeFacts& f, Date from, Date to) {
  std::vector<Date> days;
  const auto add = [&](std::optional<Date> day) {
    if (day && *day > from && *day <= to) days.push_back(*day);
  };
  // Every date that as_of() looks at.
  add(f.referred);
  for (const auto& d : {f.assessed, f.enrolled, f.relapse_prevention, f.on_hold, f.closed, f.care_manager_left}) add(d);
  for (const auto& x : f.scores) add(x.date);
  for (const auto& x : f.contacts) add(x.date);
  for (const auto& x : f.treatments) {
    add(x.start);
    add(x.stop);
    for (const Date day : x.changes) add(day);
  }
  for (const auto& x : f.reviews) add(x.date);
  for (const auto& x : f.recommendations) {
    add(x.written);
    for (const auto& d : {x.sent, x.answered, x.done, x.ended}) add(d);
  }
  for (const auto& x : f.questions) {
    add(x.asked);
    add(x.ended);
  }
  for (const auto& x : f.goals) {
    add(x.start);
    add(x.looked_at);
    add(x.ended);
  }
  for (const auto& x : f.plans) {
    add(x.effective);
    add(x.ended);
  }
  for (const auto& x : f.tasks) {
    add(x.made);
    add(x.ended);
  }
  for (const auto& x : f.messages) {
    add(x.sent);
    add(x.ended);
  }
  for (const auto& x : f.community) {
    add(x.sent);
    add(x.ended);
  }
  for (const auto& x : f.materials) {
    add(x.given);
    add(x.ended);
  }
  if (f.minutes) add(f.minutes->month);
  if (f.initiating_visits)
    for (const Date day : *f.initiating_visits) add(day);
  for (const auto& x : f.safety) {
    add(x.signalled);
    for (const auto& d : {x.acknowledged, x.assessed, x.closed, x.reassessed}) add(d);
  }
  for (const auto& x : f.consents) {
    add(x.given);
    add(x.withdrawn);
  }
  if (f.referral) {
    add(f.referral->received);
    add(f.referral->outcome_date);
    add(f.referral->seen_elsewhere);
    for (const auto& x : f.referral->attempts) add(x.on);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

WhatIfCounter::WhatIfCounter(const RuleSet& now, const RuleSet& changed_rules, const WhatIfAssumptions& assumptions, Date from,
                             Date to)
    : now_(now), changed_(changed_rules), assumptions_(assumptions) {
  CHECK(from <= to);
  answer_.rule_set = now.name;
  answer_.version = now.version;
  answer_.assumptions = assumptions.name;
  answer_.assumptions_version = assumptions.version;
  answer_.from = from;
  answer_.to = to;
  for (Date month = from.first_of_month(); month <= to; month = month.plus_months(1)) answer_.months.push_back(month);
  answer_.acts.resize(assumptions.acts.size());
  const auto size = [&](WhatIfLine& line) {
    line.now.months.assign(answer_.months.size(), 0);
    line.changed.months.assign(answer_.months.size(), 0);
  };
  for (auto& line : answer_.rules) size(line);
  for (auto& line : answer_.acts) size(line);
}

void WhatIfCounter::add(std::span<const EpisodeFacts> facts) {
  const Period period{answer_.from, answer_.to, answer_.months};
  constexpr std::size_t kPiece = 64;
  const std::size_t pieces = (facts.size() + kPiece - 1) / kPiece;
  std::vector<Sums> sums(pieces, Sums(assumptions_.acts.size(), period.months.size()));
  const Date before = period.from.plus_days(-1);
  parallel(pieces, [&](std::size_t piece) {
    Sums& sum = sums[piece];
    for (std::size_t i = piece * kPiece; i < std::min(facts.size(), (piece + 1) * kPiece); ++i) {
      std::vector<Date> days = days_of_change(facts[i], before, period.to);
      days.insert(days.begin(), before);
      Run now(period, assumptions_), other(period, assumptions_);
      for (std::size_t d = 0; d < days.size(); ++d) {
        const auto then = as_of(facts[i], days[d]);
        if (!then) continue;
        const Date last = d + 1 < days.size() ? days[d + 1].plus_days(-1) : period.to;
        now.tell(derive(*then, now_).triggers, days[d], last, sum.rules_now, sum.acts_now);
        other.tell(derive(*then, changed_).triggers, days[d], last, sum.rules_changed, sum.acts_changed);
      }
    }
  });
  for (const auto& sum : sums) {
    for (std::size_t r = 0; r < kRules; ++r) {
      add_to(answer_.rules[r].now, sum.rules_now[r]);
      add_to(answer_.rules[r].changed, sum.rules_changed[r]);
    }
    for (std::size_t a = 0; a < answer_.acts.size(); ++a) {
      add_to(answer_.acts[a].now, sum.acts_now[a]);
      add_to(answer_.acts[a].changed, sum.acts_changed[a]);
    }
  }
  answer_.episodes += static_cast<std::int64_t>(facts.size());
  answer_.looked_at += static_cast<std::int64_t>(facts.size());
}

bool is_complete(Rule rule, WhatIfSource source) {
  if (source == WhatIfSource::csv) return true;
  return rule != Rule::task_due && rule != Rule::message_unanswered && rule != Rule::community_open &&
         rule != Rule::checkin_unseen && rule != Rule::minutes_near;
}

std::vector<Limit> limits(const WhatIf& answer, WhatIfSource source, std::string_view language) {
  const bool spanish = language.starts_with("es");
  std::vector<Limit> out;
  const auto add = [&](std::string_view code, std::vector<Rule> rules, std::string_view en, std::string_view es) {
    out.push_back({code, std::move(rules), std::string(spanish ? es : en)});
  };
  add("behaviour", {}, "What people did is taken as it was: an earlier flag brings no earlier contact or review in this count.",
      "Lo que se hizo se toma como fue: en esta cuenta, un aviso más temprano no adelanta ningún contacto ni revisión.");
  add("present_values", {},
      "Scores as corrected since, and today's pathway, goal of treatment, site, calendar and care manager hold for the whole "
      "period.",
      "Los puntajes ya corregidos y la ruta, la meta, la sede, el calendario y la persona a cargo de hoy valen para todo el "
      "período.");
  add("deferrals", {}, "Flags count whether or not somebody put them off.",
      "Los avisos cuentan aunque alguien los haya aplazado.");
  add("pathway_cadence", {Rule::contact_due}, "Episodes on a pathway with its own days between contacts keep those.",
      "Los episodios con una ruta que fija sus propios días entre contactos los conservan.");
  if (source == WhatIfSource::database) {
    add("latest_episode", {}, "Of each patient the present episode is looked at, or the last one; earlier ones are not.",
        "De cada paciente se mira el episodio actual o el último; los anteriores no.");
    add("ended_not_kept", {Rule::task_due, Rule::message_unanswered, Rule::community_open},
        "Only what is still open is known of tasks, messages and referrals to services: their counts are too low.",
        "De tareas, mensajes y derivaciones a servicios solo se conoce lo que sigue abierto: sus cuentas son demasiado bajas.");
    add("seen_not_dated", {Rule::checkin_unseen}, "Check-ins that somebody has read since count as read.",
        "Los cuestionarios leídos desde entonces cuentan como leídos.");
    add("minutes_latest_month", {Rule::minutes_near}, "Minutes are known for the latest month only.",
        "Los minutos se conocen solo del último mes.");
  } else {
    add("not_in_files", {}, "The folder holds no tasks, messages, goals, plans, check-ins or minutes: their rules do not fire.",
        "La carpeta no contiene tareas, mensajes, metas, planes, cuestionarios ni minutos: sus reglas no se activan.");
  }
  if (answer.looked_at < answer.episodes)
    add("sampled", {},
        fmt::format("A sample was looked at: {} of {} episodes. The counts are those of the sample.", answer.looked_at,
                    answer.episodes),
        fmt::format("Se miró una muestra: {} de {} episodios. Las cuentas son las de la muestra.", answer.looked_at,
                    answer.episodes));
  return out;
}

void write_assumptions(json::Writer& w, const WhatIfAssumptions& assumptions) {
  w.object().field("name", assumptions.name).field("version", assumptions.version).key("acts").array();
  for (const auto& act : assumptions.acts) {
    w.object().field("id", act.id);
    write_rules(w, act.rules);
    w.key("minutes").array();
    for (const auto& m : act.minutes)
      w.object().field("role", m.role).field("minutes", m.minutes).field("source", m.source).field("assumed", true).end();
    w.end().end();
  }
  w.end().end();
}

void write_what_if(json::Writer& w, const WhatIf& answer, const RuleSet& rules, std::span<const Change> changes,
                   const WhatIfAssumptions& assumptions, WhatIfSource source, std::string_view language) {
  w.field("rule_set", answer.rule_set).field("rule_set_version", answer.version);
  w.field("what_if", answer.assumptions).field("what_if_version", answer.assumptions_version);
  w.key("period").object().field("from", answer.from).field("to", answer.to).end();
  w.field("sampling", "daily");
  w.key("episodes").object();
  w.field("all", answer.hidden ? std::nullopt : std::optional(answer.episodes));
  w.field("looked_at", answer.hidden ? std::nullopt : std::optional(answer.looked_at)).end();
  w.key("changes").array();
  for (const auto& [id, value] : changes) {
    const auto found = std::find_if(rules.parameters.begin(), rules.parameters.end(),
                                    [&, wanted = id](const Parameter& p) { return p.id == wanted; });
    CHECK(found != rules.parameters.end());
    w.object().field("id", id).field("unit", found->unit).field("from", found->value).field("to", value).end();
  }
  w.end().key("rules").array();
  for (const Rule rule : told_rules(answer)) {
    const auto& line = answer.rules[index_of(rule)];
    const bool hidden = line.hidden || answer.hidden;
    w.object().field("rule", name(rule)).field("complete", is_complete(rule, source)).field("suppressed", hidden);
    write_tally(w, "now", line.now, hidden, line.hidden_late);
    write_tally(w, "changed", line.changed, hidden, line.hidden_late);
    write_tally(w, "difference", difference(line.now, line.changed), hidden, line.hidden_late);
    write_months(w, answer, line, hidden);
    w.end();
  }
  w.end().key("acts").array();
  for (std::size_t a = 0; a < assumptions.acts.size(); ++a) {
    const auto& line = answer.acts[a];
    if (line.now.open_days == 0 && line.changed.open_days == 0) continue;
    const bool hidden = line.hidden || answer.hidden;
    const auto number = [&](std::int64_t value) { return hidden ? std::nullopt : std::optional(value); };
    w.object().field("act", assumptions.acts[a].id);
    write_rules(w, assumptions.acts[a].rules);
    w.field("suppressed", hidden).field("now", number(line.now.flags)).field("changed", number(line.changed.flags));
    w.field("difference", number(line.changed.flags - line.now.flags));
    w.field("episodes_now", number(line.now.episodes)).field("episodes_changed", number(line.changed.episodes));
    write_months(w, answer, line, hidden);
    w.end();
  }
  w.end().key("hours").array();
  for (const auto& role : roles_of(assumptions)) {
    const bool hidden = hours_hidden(assumptions, answer, role);
    const double now = hours_of(assumptions, answer, role, false), other = hours_of(assumptions, answer, role, true);
    if (now == 0 && other == 0) continue;
    const auto number = [&](double value) { return hidden ? std::nullopt : std::optional(tenth(value)); };
    w.object().field("role", role).field("suppressed", hidden).field("now", number(now)).field("changed", number(other));
    w.field("difference", number(other - now)).end();
  }
  w.end().key("assumptions").array();
  for (const auto& act : assumptions.acts)
    for (const auto& m : act.minutes)
      w.object()
          .field("act", act.id)
          .field("role", m.role)
          .field("minutes", m.minutes)
          .field("source", m.source)
          .field("assumed", true)
          .end();
  w.end().key("limits").array();
  for (const auto& limit : limits(answer, source, language)) {
    w.object().field("code", limit.code);
    write_rules(w, limit.rules);
    w.field("text", limit.text).end();
  }
  w.end();
}

std::string what_if_table(const WhatIf& answer, const RuleSet& rules, std::span<const Change> changes,
                          const WhatIfAssumptions& assumptions, WhatIfSource source) {
  std::string text = fmt::format("{} version {}, {} to {}, {} episodes, every day\n", answer.rule_set, answer.version,
                                 answer.from.iso(), answer.to.iso(), answer.looked_at);
  for (const auto& [id, value] : changes)
    for (const auto& p : rules.parameters)
      if (p.id == id) text += fmt::format("  {}: {:g} -> {:g} {}\n", id, p.value, value, p.unit);
  const auto change = [](std::int64_t from, std::int64_t to) {
    return from == to ? std::to_string(from) : fmt::format("{} -> {} ({:+})", from, to, to - from);
  };
  const auto row = [&](std::string_view name, const WhatIfLine& line) {
    text += fmt::format("{:<28} {:>22} {:>22} {:>26} {:>22}\n", name, change(line.now.flags, line.changed.flags),
                        change(line.now.late, line.changed.late), change(line.now.open_days, line.changed.open_days),
                        change(line.now.episodes, line.changed.episodes));
  };
  text += fmt::format("\n{:<28} {:>22} {:>22} {:>26} {:>22}\n", "rule", "flags", "late", "open days", "episodes");
  for (const Rule rule : told_rules(answer))
    row(std::string(name(rule)) + (is_complete(rule, source) ? "" : " *"), answer.rules[index_of(rule)]);
  text += fmt::format("\n{:<28} {:>22} {:>22} {:>26} {:>22}\n", "what they ask for", "times", "", "open days", "episodes");
  for (std::size_t a = 0; a < assumptions.acts.size(); ++a) {
    const auto& line = answer.acts[a];
    if (line.now.open_days > 0 || line.changed.open_days > 0)
      text +=
          fmt::format("{:<28} {:>22} {:>22} {:>26} {:>22}\n", assumptions.acts[a].id, change(line.now.flags, line.changed.flags),
                      "", change(line.now.open_days, line.changed.open_days), change(line.now.episodes, line.changed.episodes));
  }
  text += fmt::format("\n{:<28} {:>22}\n", "hours (minutes are assumed)", "");
  for (const auto& role : roles_of(assumptions)) {
    const double now = hours_of(assumptions, answer, role, false), other = hours_of(assumptions, answer, role, true);
    if (now != 0 || other != 0)
      text += fmt::format("{:<28} {:>10.1f} -> {:.1f} ({:+.1f})\n", role, tenth(now), tenth(other), tenth(other - now));
  }
  text += "\n";
  for (const auto& limit : limits(answer, source)) {
    const bool low = std::any_of(limit.rules.begin(), limit.rules.end(), [&](Rule rule) { return !is_complete(rule, source); });
    text += (low ? "* " : "- ") + limit.text + "\n";
  }
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    auto one = text.substr(at, end - at);
    while (one.ends_with(' ')) one.pop_back();
    out += one + "\n";
    at = end + 1;
  }
  return out;
}

}  // namespace concord::caseload
