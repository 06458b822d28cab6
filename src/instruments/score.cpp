#include "instruments/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace concord::instruments {
namespace {

constexpr std::size_t kMostItems = 60;  // the loader refuses more
constexpr double kBlank = std::numeric_limits<double>::quiet_NaN();

/// Points by item; NaN is a blank.
using Values = std::array<double, kMostItems>;

bool given(double value) { return !std::isnan(value); }
std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool is_option(const Item& item, double points) {
  for (const auto& option : item.options)
    if (option.points == points) return true;
  return false;
}

std::string choices(const Item& item) {
  std::string text;
  for (const auto& option : item.options) text += fmt::format("{}{}", text.empty() ? "" : ", ", option.points);
  return "must be one of " + text;
}

tl::unexpected<Error> misfit(const Instrument& in, std::vector<Issue> issues) {
  return fail(ErrorCode::invalid, fmt::format("The answers do not fit {}.", in.id), std::move(issues));
}

double rounded(double value, int decimals) {
  double scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  return std::floor(value * scale + 0.5 + 1e-9) / scale;  // half up
}

bool any_holds(const std::vector<ItemCondition>& conditions, const Values& values) {
  for (const auto& c : conditions)
    if (given(values[at(c.item)]) && values[at(c.item)] >= c.at_least) return true;
  return false;
}

void set_band(const Instrument& in, Score& s) {
  for (std::size_t i = 0; i < in.bands.size(); ++i) {
    if (*s.total > in.bands[i].to) continue;
    s.band = in.bands[i].label;
    s.severity = static_cast<int>(i);
    return;
  }
}

std::string_view level_of(const Instrument& in, const SafetyRule& rule) {
  for (const auto& level : in.levels)
    for (const auto& c : level.any)
      if (c.item == rule.item) return level.level;
  return {};
}

Result<std::string> informant_of(const Instrument& in, const ScoreContext& context) {
  if (context.informant.empty()) return in.informants.front();
  if (in.has_informant(context.informant)) return std::string(context.informant);
  std::string known;
  for (const auto& i : in.informants) known += (known.empty() ? "" : ", ") + i;
  return misfit(in, {{"informant", "must be one of " + known}});
}

void score_level(const Instrument& in, const Values& values, Score& s) {
  std::size_t worst = in.levels.size();
  for (std::size_t i = 0; i < in.levels.size() && worst == in.levels.size(); ++i)
    if (any_holds(in.levels[i].any, values)) worst = i;
  const std::string& level = worst < in.levels.size() ? in.levels[worst].level : in.no_level;
  // A blank only matters when it could make the level worse.
  bool certain = true;
  for (const auto& id : s.missing) {
    const int item = in.item(id);
    for (std::size_t i = 0; i < worst && i < in.levels.size(); ++i)
      for (const auto& c : in.levels[i].any)
        if (c.item == item) certain = false;
  }
  s.valid = certain;
  if (certain) {
    s.level = level;
    s.band = level;
    s.severity = static_cast<int>(in.levels.size() - worst);
    return;
  }
  if (worst < in.levels.size()) s.level = level;
  s.invalid_reason = fmt::format("{} of {} answers are blank{}", s.missing.size(), in.required_count,
                                 worst < in.levels.size() ? "; the level is at least " + level : "; ask them");
}

void score_safety(const Instrument& in, const Values& values, const std::array<bool, kMostItems>& skipped, Score& s) {
  bool unknown = false;
  for (const auto& rule : in.safety) {
    const double value = values[at(rule.item)];
    if (given(value)) {
      if (value >= rule.at_least)
        s.safety_signals.push_back({in.items[at(rule.item)].link_id, value, std::string(level_of(in, rule))});
    } else if (rule.required && !skipped[at(rule.item)]) {
      unknown = true;
    }
  }
  s.safety = !s.safety_signals.empty() ? Safety::yes : unknown ? Safety::unknown : Safety::no;
}

/// Sets invalid_reason when the blanks are too many.
void judge_blanks(const Instrument& in, Score& s) {
  const int blanks = static_cast<int>(s.missing.size());
  if (blanks == 0) return;
  if (in.missing == MissingRule::all_required) {
    s.invalid_reason = fmt::format("{} of {} answers are blank; all are needed", blanks, in.required_count);
    return;
  }
  if (blanks > in.max_blank) {
    s.invalid_reason = fmt::format("{} of {} answers are blank; at most {} may be", blanks, in.required_count, in.max_blank);
    return;
  }
  for (const int item : in.never_blank)
    for (const auto& id : s.missing)
      if (in.items[at(item)].link_id == id) {
        const std::string& number = in.items[at(item)].number;
        s.invalid_reason = fmt::format("item {} was left blank and is never filled in; ask it again",
                                       number.empty() ? id : number.substr(0, number.find('.')));
      }
}

Score score_values(const Instrument& in, Values values, std::string informant, const ScoreContext& context) {
  Score s;
  s.instrument = in.id;
  s.version = in.version;
  s.informant = std::move(informant);

  std::array<bool, kMostItems> skipped{};
  for (const auto& gate : in.gates) {
    bool closed = true;
    for (const auto& when : gate.when) closed = closed && values[at(when.item)] == when.points;
    if (!closed) continue;
    for (const int item : gate.skips) {
      skipped[at(item)] = true;
      if (gate.ignores_answers) values[at(item)] = kBlank;
    }
  }
  for (std::size_t i = 0; i < in.items.size(); ++i) {
    if (!in.items[i].required) continue;
    if (given(values[i])) ++s.answered;
    else if (!skipped[i]) s.missing.push_back(in.items[i].link_id);
  }
  score_safety(in, values, skipped, s);
  if (in.method == Method::worst_level) {
    score_level(in, values, s);
    return s;
  }

  judge_blanks(in, s);
  s.valid = s.invalid_reason.empty();
  if (!s.valid) return s;

  double sum = 0;
  for (std::size_t i = 0; i < in.items.size(); ++i)
    if (in.items[i].scored && given(values[i])) sum += values[i];
  if (in.missing == MissingRule::prorate && !s.missing.empty()) {
    s.prorated = true;
    sum = sum * in.scored_count / (in.scored_count - static_cast<int>(s.missing.size()));
  }
  if (in.method == Method::mean) sum /= in.scored_count;
  s.total = rounded(sum * in.multiply, in.decimals);
  set_band(in, s);
  if (!in.step_up.empty() && s.severity && *s.severity + 1 < static_cast<int>(in.bands.size()) && any_holds(in.step_up, values)) {
    s.stepped_up = true;
    s.severity = *s.severity + 1;
    s.band = in.bands[at(*s.severity)].label;
  }

  for (const auto& sub : in.subscales) {
    SubscaleResult result;
    result.id = sub.id;
    int counted = 0;
    for (const int item : sub.items) {
      const double value = given(values[at(item)]) ? values[at(item)] : 0;  // blank: only where the rule counts it 0
      result.total += value;
      if (sub.count_from && value >= *sub.count_from) ++counted;
    }
    if (sub.count_from) result.positive = counted >= sub.needs;
    else if (sub.positive_at) result.positive = result.total >= *sub.positive_at;
    s.subscales.push_back(std::move(result));
  }
  if (!in.cluster_subscales.empty()) {
    bool met = true;
    for (const int index : in.cluster_subscales) met = met && s.subscales[at(index)].positive.value_or(false);
    s.cluster_met = met;
  }
  if (const auto& cut = in.thresholds_for(s.informant).elevated) {
    s.elevated = holds(*cut, s.total, s.subscales, context.sex);
    if (!cut->also.empty() && !s.elevated) {  // the total is high enough: the further conditions decide
      bool all = true;
      for (const auto& c : cut->also) all = all && given(values[at(c.item)]) && values[at(c.item)] >= c.at_least;
      s.elevated = all;
    }
  }
  return s;
}

void blank_out(Values& values, const Instrument& in) { std::fill_n(values.begin(), in.items.size(), kBlank); }

tl::unexpected<Error> has_no_items(const Instrument& in) {
  return misfit(in, {{"answers", fmt::format("cannot be taken: {} is entered as a total{}", in.id,
                                             in.subscales.empty() ? "" : " and subscales")}});
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

Result<Score> score(const Instrument& in, std::span<const Answer> answers, const ScoreContext& context) {
  if (in.total_only()) return has_no_items(in);
  CONCORD_TRY(std::string informant, informant_of(in, context));
  Values values;
  blank_out(values, in);
  std::vector<Issue> issues;
  std::size_t expected = 0;  // answers mostly come in the order of the form
  for (const auto& answer : answers) {
    int index = expected < in.items.size() && in.items[expected].link_id == answer.item ? static_cast<int>(expected)
                                                                                        : in.item(answer.item);
    if (index < 0) {
      issues.push_back({"answers", fmt::format("names an item that {} does not have", in.id)});
      continue;
    }
    expected = at(index) + 1;
    if (!answer.points) continue;
    if (!is_option(in.items[at(index)], *answer.points))
      issues.push_back({fmt::format("answers.{}", answer.item), choices(in.items[at(index)])});
    else if (given(values[at(index)])) issues.push_back({fmt::format("answers.{}", answer.item), "is answered twice"});
    else values[at(index)] = *answer.points;
  }
  if (!issues.empty()) return misfit(in, std::move(issues));
  return score_values(in, values, std::move(informant), context);
}

Result<Score> score_coded(const Instrument& in, std::span<const CodedAnswer> answers, const ScoreContext& context) {
  std::vector<Answer> plain;
  plain.reserve(answers.size());
  std::vector<Issue> issues;
  for (const auto& answer : answers) {
    int index = in.item(answer.item);
    if (index < 0) index = in.item_by_code(answer.item);
    if (index < 0) {
      issues.push_back({"answers", fmt::format("names an item that {} does not have", in.id)});
      continue;
    }
    const std::string& link = in.items[at(index)].link_id;
    if (answer.answer_code.empty()) {
      plain.push_back({link, answer.points});
      continue;
    }
    const auto points = in.points_of(index, answer.answer_code);
    if (!points) issues.push_back({"answers." + link, "has an answer code this item does not know"});
    else plain.push_back({link, points});
  }
  if (!issues.empty()) return misfit(in, std::move(issues));
  return score(in, plain, context);
}

Result<Score> from_total(const Instrument& in, double total, std::span<const GivenSubscale> subscales,
                         const ScoreContext& context) {
  if (in.method == Method::worst_level)
    return fail(ErrorCode::invalid, fmt::format("{} has a level and no total.", in.id),
                {{"total", "cannot be taken: enter the answers"}});
  CONCORD_TRY(std::string informant, informant_of(in, context));
  std::vector<Issue> issues;
  std::string wrong;
  if (!(total >= in.total_min && total <= in.total_max)) {
    wrong = fmt::format("{} total must be {} to {}", in.id, in.total_min, in.total_max);
  } else if (in.decimals == 0 && total != std::floor(total)) {
    wrong = fmt::format("{} total must be a whole number", in.id);
  } else if (in.multiply != 1 && std::fmod(total, in.multiply) != 0) {
    wrong = fmt::format("{} total must be a multiple of {}", in.id, in.multiply);
  }
  if (!wrong.empty()) issues.push_back({"total", wrong});

  Score s;
  s.instrument = in.id;
  s.version = in.version;
  s.informant = std::move(informant);
  for (const auto& sub : subscales) {
    const int index = in.subscale(sub.id);
    if (index < 0) {
      issues.push_back({"subscales", fmt::format("{} has no such subscale", in.id)});
      continue;
    }
    const Subscale& own = in.subscales[at(index)];
    if (!(sub.total >= own.min && sub.total <= own.max))
      issues.push_back({fmt::format("subscales.{}", own.id), fmt::format("must be {} to {}", own.min, own.max)});
    SubscaleResult result{own.id, sub.total, std::nullopt};
    if (own.positive_at) result.positive = sub.total >= *own.positive_at;  // a count rule needs the items
    s.subscales.push_back(std::move(result));
  }
  if (!issues.empty()) {
    std::string text = wrong.empty() ? fmt::format("The scores do not fit {}.", in.id) : wrong + ".";
    return fail(ErrorCode::invalid, std::move(text), std::move(issues));
  }

  s.valid = true;
  s.total = rounded(total, in.decimals);
  set_band(in, s);
  if (const auto& cut = in.thresholds_for(s.informant).elevated) s.elevated = holds(*cut, s.total, s.subscales, context.sex);

  // What the total alone says about each safety item: at least what the other items cannot explain, at most all of it.
  bool unknown = false;
  double others = 0;
  for (const auto& item : in.items)
    if (item.scored) {
      double most = 0;
      for (const auto& option : item.options) most = std::max(most, option.points);
      others += most;
    }
  for (const auto& rule : in.safety) {
    if (!rule.required) continue;
    double most = 0;
    for (const auto& option : in.items[at(rule.item)].options) most = std::max(most, option.points);
    const double least = *s.total / in.multiply - (others - most);
    if (least >= rule.at_least) s.safety_signals.push_back({in.items[at(rule.item)].link_id, least, {}});
    else if (*s.total / in.multiply >= rule.at_least) unknown = true;
  }
  s.safety = !s.safety_signals.empty() ? Safety::yes : unknown ? Safety::unknown : Safety::no;
  return s;
}

Result<Score> score_answers(const Library& library, std::string_view instrument, std::string_view answers,
                            const ScoreContext& context) {
  CONCORD_TRY(const Found found, library.lookup(instrument));
  const Instrument& in = *found.instrument;
  if (in.total_only()) return has_no_items(in);
  const auto cells = split(answers, ',');
  const bool whole = cells.size() == in.items.size();
  if (!whole && cells.size() != at(in.required_count)) {
    std::string needed = fmt::format("{} needs {} answers", in.id, in.required_count);
    if (at(in.required_count) != in.items.size()) needed += fmt::format(" (or {} with the extra questions)", in.items.size());
    needed += fmt::format("; {} {} given", cells.size(), cells.size() == 1 ? "was" : "were");
    return fail(ErrorCode::invalid, needed + ".", {{"answers", needed}});
  }
  std::vector<Answer> list;
  std::vector<Issue> issues;
  std::size_t index = 0;
  for (const auto cell : cells) {
    while (!whole && !in.items[index].required) ++index;
    const Item& item = in.items[index];
    const std::string_view text = trim(cell);
    Answer answer{item.link_id, std::nullopt};
    if (!text.empty() && text != "-") {
      answer.points = number(text);
      if (!answer.points) answer.points = in.points_of(static_cast<int>(index), text);
      if (!answer.points)
        for (const auto& option : item.options)
          if (equals_ignoring_case(option.label, text)) answer.points = option.points;
      if (!answer.points) issues.push_back({"answers." + item.link_id, choices(item)});
    }
    list.push_back(answer);
    ++index;
  }
  if (!issues.empty()) return misfit(in, std::move(issues));
  ScoreContext own = context;
  if (own.informant.empty()) own.informant = found.informant;
  return score(in, list, own);
}

Result<Score> score_total(const Library& library, std::string_view instrument, std::string_view total,
                          const ScoreContext& context) {
  CONCORD_TRY(const Found found, library.lookup(instrument));
  const auto value = number(trim(total));
  if (!value) return fail(ErrorCode::invalid, "The total is not a number.", {{"total", "must be a number"}});
  ScoreContext own = context;
  if (own.informant.empty()) own.informant = found.informant;
  return from_total(*found.instrument, *value, {}, own);
}

std::optional<bool> holds(const Cut& cut, std::optional<double> total, std::span<const SubscaleResult> subscales, Sex sex) {
  std::optional<double> value = total;
  if (!cut.of.empty()) {
    value.reset();
    for (const auto& sub : subscales)
      if (sub.id == cut.of) value = sub.total;
  }
  if (!value) return std::nullopt;
  bool met = false;
  if (cut.at_least) met = *value >= *cut.at_least;
  else if (cut.at_most) met = *value <= *cut.at_most;
  else if (cut.below) met = *value < *cut.below;
  else if (cut.male && cut.female) {
    const bool male = *value >= *cut.male, female = *value >= *cut.female;
    if (sex == Sex::unknown && male != female) return std::nullopt;
    met = sex == Sex::female ? female : male;
  }
  if (met && !cut.also.empty()) return std::nullopt;
  return met;
}

bool holds(const Change& change, double first, double later) {
  if (change.drop_percent && first > 0 && (first - later) * 100 >= *change.drop_percent * first) return true;
  if (change.drop_points && first - later >= *change.drop_points) return true;
  if (change.rise_points && later - first >= *change.rise_points) return true;
  return change.or_below && later < *change.or_below;
}

std::string_view name(Safety safety) {
  switch (safety) {
    case Safety::no:
      return "no";
    case Safety::yes:
      return "yes";
    case Safety::unknown:
      return "unknown";
  }
  return "unknown";
}

void write_score(json::Writer& w, const Score& s) {
  w.object();
  w.field("instrument", s.instrument).field("version", s.version).field("informant", s.informant).field("total", s.total);
  w.key("band");
  if (s.band.empty()) w.null();
  else w.value(s.band);
  w.field("severity", s.severity).field("valid", s.valid);
  w.key("invalid_reason");
  if (s.invalid_reason.empty()) w.null();
  else w.value(s.invalid_reason);
  w.key("safety");
  if (s.safety == Safety::unknown) w.value("unknown");
  else w.value(s.safety == Safety::yes);
  w.key("safety_signals").array();
  for (const auto& signal : s.safety_signals) {
    w.object().field("item", signal.item).field("value", signal.value);
    if (!signal.level.empty()) w.field("level", signal.level);
    w.end();
  }
  w.end();
  if (!s.level.empty()) w.field("level", s.level);
  w.field("elevated", s.elevated).field("prorated", s.prorated).field("answered", s.answered);
  w.key("missing").array();
  for (const auto& id : s.missing) w.value(id);
  w.end();
  w.key("subscales").array();
  for (const auto& sub : s.subscales)
    w.object().field("id", sub.id).field("total", sub.total).field("positive", sub.positive).end();
  w.end();
  if (s.cluster_met) w.field("cluster_met", *s.cluster_met);
  if (s.stepped_up) w.field("stepped_up", true);
  w.end();
}

}  // namespace concord::instruments
