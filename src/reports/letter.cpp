#include "reports/letter.h"

#include <algorithm>

namespace concord::reports {
namespace {

/// What a page holds.
constexpr std::size_t kMostLines = 5;

}  // namespace

std::string month_words(const portal::Words& words, MonthNumber month, std::string_view language) {
  const auto name = words("month." + std::to_string(month % 12 + 1), language);
  return name + (language.starts_with("es") ? " de " : " ") + std::to_string(month / 12);
}

std::string reason_words(const portal::Words& words, std::string_view code, std::string_view language) {
  const std::string id = "reason." + std::string(code);
  if (words.has(id)) return words(id, language);
  std::string plain(code);
  std::replace(plain.begin(), plain.end(), '_', ' ');
  return plain;
}

Letter letter(const LetterInput& input, const Rules& rules, const portal::Words& words, std::string_view language) {
  Letter out;
  out.title = words("letter.title", language, {input.program, month_words(words, input.month, language)});
  out.greeting = words("letter.greeting", language);
  const auto name = [&](std::string_view id) { return words("figure." + std::string(id), language); };

  bool any_judged = false;
  for (const auto& mark : rules.marks) {
    const auto figure = measures::find_figure(mark.figure);
    if (!figure) continue;
    const Shown& shown = input.figures[static_cast<std::size_t>(*figure)];
    if (shown.suppressed || !shown.percent || shown.denominator < rules.least_people) continue;
    any_judged = true;
    const bool reached = *shown.percent >= mark.percent;
    auto& lines = reached ? out.went_well : out.needs_a_look;
    lines.push_back({words(reached ? "letter.at_least" : "letter.below", language,
                           {name(mark.figure), portal::number_words(*shown.percent), portal::number_words(mark.percent),
                            std::to_string(shown.numerator), std::to_string(shown.denominator)}),
                     mark.figure});
    if (!reached) out.next_steps.push_back({words("letter.step." + mark.step, language), "step." + mark.step});
  }
  // Changes beyond chance that reach into the month.
  for (const auto& info : measures::figures()) {
    const auto at = static_cast<std::size_t>(info.figure);
    if (info.better == 0 || at >= input.charts.size()) continue;
    for (const auto& signal : input.charts[at].signals) {
      if (input.charts[at].points.empty() || signal.last + 1 != input.charts[at].points.size()) continue;
      const bool good = signal.up == (info.better > 0);
      const auto& points = input.charts[at].points;
      auto& lines = good ? out.went_well : out.needs_a_look;
      lines.push_back({words("letter." + std::string(signal.code) + (signal.up ? "_up" : "_down"), language,
                             {name(info.id), std::to_string(signal.points),
                              month_words(words, month_of(points[signal.first].month), language),
                              month_words(words, month_of(points[signal.last].month), language)}),
                       std::string(info.id)});
    }
  }
  for (const auto& reason : input.fell_out) {
    const auto text = reason_words(words, reason.code, language);
    out.fell_out.push_back({reason.suppressed ? words("letter.fell_out_few", language, {text})
                                              : words("letter.fell_out", language, {text, std::to_string(reason.n)}),
                            "re_measured"});
  }
  if (!any_judged) out.next_steps.push_back({words("letter.step.small", language), "step.small"});
  else if (out.next_steps.empty() && !out.needs_a_look.empty())
    out.next_steps.push_back({words("letter.step.ask", language), "step.ask"});
  else if (out.next_steps.empty()) out.next_steps.push_back({words("letter.step.keep", language), "step.keep"});
  const auto nothing = [&](std::string_view otherwise) {
    return LetterLine{words(any_judged ? otherwise : "letter.too_few", language), ""};
  };
  if (out.went_well.empty()) out.went_well.push_back(nothing("letter.nothing_well"));
  if (out.needs_a_look.empty()) out.needs_a_look.push_back(nothing("letter.nothing_to_look_at"));
  for (auto* lines : {&out.went_well, &out.needs_a_look, &out.fell_out})
    if (lines->size() > kMostLines) lines->resize(kMostLines);
  if (out.next_steps.size() > kMostLines) out.next_steps.resize(kMostLines);

  if (!input.exact) out.footnotes.push_back(words("letter.foot.suppressed", language, {std::to_string(rules.threshold)}));
  out.footnotes.push_back(words("letter.foot.denominators", language));
  out.footnotes.push_back(words("letter.foot.chance", language));
  out.footnotes.push_back(
      words("letter.foot.rule_set", language, {input.rule_set, input.rule_set_version, rules.name, rules.version}));
  return out;
}

}  // namespace concord::reports
