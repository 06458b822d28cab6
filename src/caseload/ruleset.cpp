#include "caseload/ruleset.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

constexpr std::array<std::string_view, kRuleCount + 1> kNames{
    "",
    "safety.unreviewed",
    "safety.reassess",
    "referral.waiting",
    "contact.first",
    "contact.due",
    "measure.stale",
    "review.new",
    "review.nonresponse",
    "review.stale",
    "plan.adjust",
    "score.worse",
    "recommendation.unanswered",
    "recommendation.undone",
    "target.met",
    "relapse",
    "episode.long",
    "inactive",
    "consent.missing",
    "checkin.unseen",
    "recommendation.unsent",
    "recommendation.trial",
    "question.open",
    "goal.review",
    "education.language",
    "plan.relapse_prevention",
    "visit.missing",
    "minutes.near",
    "task.due",
    "pathway.measure",
    "care_manager.missing",
    "message.unanswered",
    "community.open",
};

struct Known {
  std::string_view id;
  int Numbers::* member;
  std::string_view unit;
  int max;
};

constexpr Known kKnown[] = {
    {"safety.unreviewed.due_minutes", &Numbers::safety_unreviewed_minutes, "minutes", 7 * 24 * 60},
    {"safety.unreviewed.escalate_minutes", &Numbers::safety_escalate_minutes, "minutes", 7 * 24 * 60},
    {"safety.reassess.high_first_days", &Numbers::safety_reassess_high_first_days, "days", 90},
    {"safety.reassess.high_days", &Numbers::safety_reassess_high_days, "days", 90},
    {"safety.reassess.moderate_days", &Numbers::safety_reassess_moderate_days, "days", 90},
    {"safety.reassess.low_days", &Numbers::safety_reassess_low_days, "days", 365},
    {"safety.reassess.escalate_days", &Numbers::safety_reassess_escalate_days, "days", 90},
    {"referral.waiting.attempt_working_days", &Numbers::referral_attempt_working_days, "working days", 30},
    {"referral.waiting.outcome_days", &Numbers::referral_outcome_days, "days", 365},
    {"referral.waiting.seen_elsewhere_days", &Numbers::referral_seen_elsewhere_days, "days", 365},
    {"contact.first.amber_days", &Numbers::contact_first_amber_days, "days", 365},
    {"contact.first.due_days", &Numbers::contact_first_due_days, "days", 365},
    {"contact.due.early_until_day", &Numbers::cadence_early_until_day, "days", 365},
    {"contact.due.early_days", &Numbers::cadence_early_days, "days", 365},
    {"contact.due.middle_until_day", &Numbers::cadence_middle_until_day, "days", 365},
    {"contact.due.middle_days", &Numbers::cadence_middle_days, "days", 365},
    {"contact.due.late_days", &Numbers::cadence_late_days, "days", 365},
    {"contact.due.relapse_prevention_days", &Numbers::cadence_relapse_prevention_days, "days", 365},
    {"contact.due.on_hold_days", &Numbers::cadence_on_hold_days, "days", 365},
    {"contact.due.high_after_days", &Numbers::contact_overdue_high_days, "days", 365},
    {"review.new.due_days", &Numbers::review_new_days, "days", 365},
    {"review.nonresponse.from_days", &Numbers::review_nonresponse_from_days, "days", 730},
    {"review.nonresponse.due_days", &Numbers::review_nonresponse_due_days, "days", 730},
    {"review.nonresponse.quiet_days", &Numbers::review_nonresponse_quiet_days, "days", 365},
    {"review.stale.enrolled_days", &Numbers::review_stale_enrolled_days, "days", 730},
    {"review.stale.quiet_days", &Numbers::review_stale_quiet_days, "days", 365},
    {"plan.adjust.days", &Numbers::plan_adjust_days, "days", 365},
    {"recommendation.unanswered.days", &Numbers::recommendation_answer_days, "days", 365},
    {"recommendation.unanswered.urgent_working_days", &Numbers::recommendation_answer_urgent_working_days, "working days", 30},
    {"recommendation.undone.days", &Numbers::recommendation_done_days, "days", 365},
    {"recommendation.undone.urgent_days", &Numbers::recommendation_done_urgent_days, "days", 365},
    {"recommendation.unsent.working_days", &Numbers::recommendation_send_working_days, "working days", 30},
    {"recommendation.trial.days", &Numbers::recommendation_trial_days, "days", 365},
    {"question.open.days", &Numbers::question_days, "days", 365},
    {"question.open.urgent_working_days", &Numbers::question_urgent_working_days, "working days", 30},
    {"goal.review.days", &Numbers::goal_review_days, "days", 365},
    {"plan.relapse_prevention.days", &Numbers::relapse_plan_days, "days", 365},
    {"visit.missing.within_days", &Numbers::visit_within_days, "days", 3650},
    {"minutes.near.minutes", &Numbers::minutes_near_minutes, "minutes", 60},
    {"minutes.near.working_days", &Numbers::minutes_near_working_days, "working days", 20},
    {"target.met.apart_days", &Numbers::target_apart_days, "days", 365},
    {"episode.long.months", &Numbers::episode_long_months, "months", 60},
    {"episode.long.again_months", &Numbers::episode_long_again_months, "months", 60},
    {"inactive.notice_days", &Numbers::inactive_notice_days, "days", 730},
    {"inactive.close_days", &Numbers::inactive_close_days, "days", 730},
    {"checkin.unseen.working_days", &Numbers::checkin_working_days, "working days", 30},
    {"message.unanswered.working_days", &Numbers::message_working_days, "working days", 30},
    {"community.open.days", &Numbers::community_open_days, "days", 180},
    {"caseload.sparkline_days", &Numbers::sparkline_days, "days", 1000},
};

/// One number: {"value": 28, "unit": "days", "source": "..."}; kept under `id`.
std::optional<double> read_parameter(const json::Cursor& at, const std::string& id, RuleSet& out) {
  const auto value = at.required("value").real(-1e6, 1e6);
  const auto unit = at.required("unit").string(1, 40);
  const auto source = at.required("source").string(1, 400);
  at.only({"value", "unit", "source"});
  if (!value || !unit || !source) return std::nullopt;
  out.parameters.push_back({id, *value, *unit, *source});
  return value;
}

void read_numbers(const json::Cursor& at, RuleSet& out) {
  if (!at.value() || !at.value()->is(json::Kind::object)) {
    at.issue("must be an object of named numbers");
    return;
  }
  for (const auto& member : at.value()->members()) {
    const auto known = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.id == member.key; });
    if (known == std::end(kKnown)) at.required(member.key).issue("is not a number this program knows");
  }
  for (const Known& known : kKnown) {
    const auto cell = at.required(known.id);
    const auto value = read_parameter(cell, std::string(known.id), out);
    if (!value) continue;
    if (*value < 0 || *value > known.max || *value != std::floor(*value)) {
      cell.issue("must be a whole number from 0 to " + std::to_string(known.max));
      continue;
    }
    if (out.parameters.back().unit != known.unit) cell.issue("must be in " + std::string(known.unit));
    out.numbers.*known.member = static_cast<int>(*value);
  }
}

void read_instrument(const json::Cursor& at, const std::string& id, RuleSet& out) {
  measurements::Criteria c;
  c.instrument = id;
  if (auto label = at.required("label").string(1, 40)) c.label = *label;
  if (auto min = at.required("minimum").real(0, 1000)) c.minimum = *min;
  if (auto max = at.required("maximum").real(0, 1000)) c.maximum = *max;
  if (auto flag = at.optional("higher_is_worse").boolean()) c.higher_is_worse = *flag;
  auto number = [&](std::string_view key) -> std::optional<double> {
    const auto cell = at.optional(key);
    if (!cell.present()) return std::nullopt;
    return read_parameter(cell, "instrument." + id + "." + std::string(key), out);
  };
  c.elevated = number("elevated");
  c.remission_below = number("remission_below");
  c.improved_below = number("improved_below");
  c.worse_by = number("worse_by");
  if (auto days = number("stale_days_active")) c.stale_days_active = static_cast<int>(*days);
  if (auto days = number("stale_days_relapse_prevention")) c.stale_days_relapse_prevention = static_cast<int>(*days);
  if (auto response = number("response")) {
    const std::string& unit = out.parameters.back().unit;
    if (unit != "percent" && unit != "points") at.optional("response").issue("must be in percent or points");
    c.response_kind = unit == "percent" ? measurements::ResponseKind::percent : measurements::ResponseKind::points;
    c.response = *response;
  }
  c.response_parent = number("response_parent");
  at.only({"label", "minimum", "maximum", "higher_is_worse", "elevated", "remission_below", "improved_below", "worse_by",
           "stale_days_active", "stale_days_relapse_prevention", "response", "response_parent"});
  out.instruments.emplace(id, std::move(c));
}

std::string as_json(const std::vector<const Parameter*>& parameters) {
  std::string text;
  json::Writer w(text);
  w.object();
  for (const Parameter* p : parameters) w.field(p->id, p->value);
  w.end();
  return text;
}

void read_rules(const json::Cursor& at, RuleSet& out) {
  for (const Rule rule : all_rules()) {
    const auto cell = at.required(name(rule));
    if (auto citation = cell.required("citation").string(1, 600)) out.citation[static_cast<std::size_t>(rule)] = *citation;
    std::vector<const Parameter*> shown;
    auto find = [&](std::string_view id) -> const Parameter* {
      for (const Parameter& p : out.parameters)
        if (p.id == id) return &p;
      return nullptr;
    };
    cell.required("parameters").each([&](const json::Cursor& item) {
      const auto id = item.string(1, 80);
      if (!id) return;
      if (const Parameter* p = find(*id)) shown.push_back(p);
      else item.issue("names a number that is not in this rule set");
    });
    const auto number = static_cast<std::size_t>(rule);
    out.parameters_json[number] = as_json(shown);
    std::vector<std::string> of_instrument;
    const auto keys = cell.optional("instrument_parameters");
    if (keys.present())
      keys.each([&](const json::Cursor& item) {
        if (auto key = item.string(1, 80)) of_instrument.push_back(*key);
      });
    for (const auto& [id, criteria] : out.instruments) {
      auto all = shown;
      for (const auto& key : of_instrument)
        if (const Parameter* p = find("instrument." + id + "." + key)) all.push_back(p);
      out.instrument_parameters_json[id][number] = as_json(all);
    }
    cell.only({"citation", "parameters", "instrument_parameters"});
  }
  if (!at.value()) return;
  for (const auto& member : at.value()->members())
    if (!parse_rule(member.key)) at.required(member.key).issue("is not a rule this program knows");
}

}  // namespace

int largest_value(std::string_view id) {
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.id == id; });
  CHECK(known != std::end(kKnown));
  return known->max;
}

void set_number(Numbers& numbers, std::string_view id, int value) {
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.id == id; });
  CHECK(known != std::end(kKnown));
  numbers.*known->member = value;
}

std::string_view name(Rule rule) { return kNames[static_cast<std::size_t>(rule)]; }

std::optional<Rule> parse_rule(std::string_view text) {
  for (std::size_t i = 1; i < kNames.size(); ++i)
    if (kNames[i] == text) return static_cast<Rule>(i);
  return std::nullopt;
}

std::span<const Rule> all_rules() {
  static const auto rules = [] {
    std::array<Rule, kRuleCount> all{};
    for (int i = 0; i < kRuleCount; ++i) all[static_cast<std::size_t>(i)] = static_cast<Rule>(i + 1);
    return all;
  }();
  return rules;
}

const std::string& RuleSet::parameters_of(Rule rule, std::string_view instrument) const {
  const auto number = static_cast<std::size_t>(rule);
  const auto found = instrument_parameters_json.find(instrument);
  return found == instrument_parameters_json.end() ? parameters_json[number] : found->second[number];
}

const measurements::Criteria& RuleSet::criteria(std::string_view instrument) const {
  const auto found = instruments.find(instrument);
  return found == instruments.end() ? unknown_ : found->second;
}

const PathwayRules* RuleSet::pathway(std::string_view id) const {
  const auto found = pathways.find(id);
  return found == pathways.end() ? nullptr : &found->second;
}

void RuleSet::add_pathway(pathways::Pathway way) {
  const std::string prefix = "pathway." + way.id + ".";
  auto beside = [&](Rule rule, auto&& write) {
    std::string text;
    json::Writer w(text);
    w.object();
    write(w);
    w.end();
    const std::string& all = parameters_json[static_cast<std::size_t>(rule)];
    if (text == "{}") return all;
    if (all.empty() || all == "{}") return text;
    text.pop_back();
    return text + "," + all.substr(1);
  };
  PathwayRules made;
  made.contact_parameters_json = beside(Rule::contact_due, [&](json::Writer& w) {
    for (const auto& step : way.contacts)
      w.field(prefix + "contact_days_from_week_" + std::to_string(step.from_week), step.every_days);
  });
  made.form_parameters_json = beside(Rule::pathway_measure, [&](json::Writer& w) {
    for (const auto& use : way.instruments) {
      std::string key = prefix + use.instrument + (use.informant.empty() ? "" : "." + use.informant);
      if (use.when == pathways::When::cadence) {
        w.field(key + ".every_days", use.every_days);
        if (use.every_days_relapse_prevention) w.field(key + ".every_days_relapse_prevention", use.every_days_relapse_prevention);
      } else if (use.when == pathways::When::follow_up) {
        w.field(key + ".when_" + use.after + "_is_at_least", use.after_at_least);
      } else {
        w.field(key + ".at_intake", 1);
      }
    }
  });
  std::string id = way.id;
  made.way = std::move(way);
  pathways.insert_or_assign(std::move(id), std::move(made));
}

const std::string& RuleSet::parameters_of(Rule rule, std::string_view instrument, std::string_view pathway_id) const {
  if (rule == Rule::contact_due || rule == Rule::pathway_measure)
    if (const PathwayRules* way = pathway(pathway_id))
      return rule == Rule::contact_due ? way->contact_parameters_json : way->form_parameters_json;
  return parameters_of(rule, instrument);
}

void RuleSet::add_instrument(measurements::Criteria criteria) {
  std::string id = criteria.instrument;
  instruments.emplace(std::move(id), std::move(criteria));
}

Result<RuleSet> load_rule_set(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  RuleSet out;
  if (auto text = root.required("name").string(1, 60)) out.name = *text;
  if (auto text = root.required("version").string(1, 20)) out.version = *text;
  root.required("about").string(1, 1000);
  read_numbers(root.required("numbers"), out);
  const auto instruments = root.required("instruments");
  if (!instruments.value() || !instruments.value()->is(json::Kind::object)) {
    instruments.issue("must be an object of instruments");
  } else {
    for (const auto& member : instruments.value()->members())
      read_instrument(instruments.required(member.key), std::string(member.key), out);
  }
  read_rules(root.required("rules"), out);
  out.calendar.holidays = calendar::Holidays::none;
  const auto days = root.optional("holidays");
  if (days.present())
    days.each([&](const json::Cursor& item) {
      if (auto day = item.date()) out.calendar.special_days.push_back({*day, "holiday", std::nullopt});
    });
  calendar::put_in_order(out.calendar);
  root.only({"name", "version", "about", "numbers", "instruments", "rules", "holidays"});
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rule set is not complete or has something wrong.", issues.list());
  return out;
}

}  // namespace concord::caseload
