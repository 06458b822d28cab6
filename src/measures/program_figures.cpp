#include "measures/program_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/check.h"
#include "measures/state_figures.h"

namespace concord::measures {

ProgramFigures program_figures(const AimsReport& report) {
  ProgramFigures program{report.rule_set, report.version, report.period, report.fte, {}, {}};
  for (std::size_t f = 0; f < kAimsFigures; ++f) {
    const auto& about = info(static_cast<AimsFigure>(f));
    const auto& total = report.totals[f];
    ProgramFigure figure{about.id,     about.kind,   about.unit,  total.numerator,
                         std::nullopt, std::nullopt, total.value, about.is_of_lines};
    if (about.kind != "count" && about.is_of_lines) figure.denominator = total.denominator;
    if (about.kind == "rate") figure.percent = total.percent();
    program.figures.push_back(figure);
  }
  for (const auto& line : report.lines) {
    ProgramLine& shown = program.lines.emplace_back(ProgramLine{line.patient_id, line.episode_id, {}});
    for (const auto& share : line.shares) shown.places.push_back({share.numerator, share.denominator, share.reason});
  }
  return program;
}

ProgramFigures program_figures(const HedisReport& report) {
  ProgramFigures program{report.rule_set, report.version, report.period, std::nullopt, {}, {}};
  const auto add = [&](std::string_view id, const Rate& rate, bool has_lines) {
    program.figures.push_back({id, "rate", "percent", rate.numerator, rate.denominator, rate.percent(), std::nullopt, has_lines});
  };
  for (std::size_t f = 0; f < kHedisFigures; ++f) add(info(static_cast<HedisFigure>(f)).id, report.totals[f], true);
  add("dms_all", report.dms, false);
  for (const auto& line : report.lines) {
    ProgramLine& shown = program.lines.emplace_back(ProgramLine{line.patient_id, "", {}});
    for (const auto& s : line.standings) shown.places.push_back({s.in_numerator, s.in_denominator, s.reason});
    shown.places.emplace_back();
  }
  return program;
}

ProgramRestatement compare(const ProgramFigures& then, const ProgramFigures& now) {
  ProgramRestatement found;
  for (std::size_t f = 0; f < then.figures.size(); ++f) {
    const auto &a = then.figures[f], &b = now.figures[f];
    if (a.numerator != b.numerator || a.denominator != b.denominator || a.value != b.value) found.figures.push_back(f);
  }
  using Key = std::pair<std::string_view, std::string_view>;
  std::map<Key, std::pair<const ProgramLine*, const ProgramLine*>> lines;
  for (const auto& line : then.lines) lines[{line.patient_id, line.episode_id}].first = &line;
  for (const auto& line : now.lines) lines[{line.patient_id, line.episode_id}].second = &line;
  for (const auto& [key, sides] : lines)
    for (std::size_t f = 0; f < then.figures.size(); ++f) {
      const auto from = sides.first ? sides.first->places[f] : ProgramPlace{};
      const auto to = sides.second ? sides.second->places[f] : ProgramPlace{};
      const bool same = from.numerator == to.numerator && from.denominator == to.denominator && from.why == to.why;
      // A line that came or went without counting anywhere is nobody's move.
      const bool counts = (sides.first && sides.second) || from.denominator > 0 || to.denominator > 0;
      if (!same && counts) found.moved.push_back({std::string(key.first), std::string(key.second), f, from, to});
    }
  return found;
}

namespace {

void write_values(json::Writer& w, std::string_view key, const ProgramFigure& f) {
  w.key(key).object().field("numerator", f.numerator).field("denominator", f.denominator);
  w.field("percent", f.percent).field("value", f.value).end();
}
void write_place(json::Writer& w, std::string_view key, const ProgramPlace& place) {
  w.key(key).object().field("numerator", place.numerator).field("denominator", place.denominator);
  w.field("why", place.why.empty() ? "not_in_the_report" : place.why).end();
}
std::string values_text(const ProgramFigure& f) {
  if (f.kind == "rate") {
    const std::string counts = fmt::format("{} of {}", f.numerator.value_or(0), f.denominator.value_or(0));
    return f.percent ? fmt::format("{}, {:.1f} %", counts, *f.percent) : counts;
  }
  return f.value ? fmt::format("{:g} {}", *f.value, f.unit) : std::string("nobody");
}

}  // namespace

void write_restatement(json::Writer& w, const ProgramFigures& then, const ProgramFigures& now, bool with_lines) {
  const auto found = compare(then, now);
  w.key("restatement");
  if (found.empty()) {
    w.null();
    return;
  }
  w.object().key("figures").array();
  for (const auto f : found.figures) {
    w.object().field("id", then.figures[f].id);
    write_values(w, "then", then.figures[f]);
    write_values(w, "now", now.figures[f]);
    w.end();
  }
  w.end().field("moved_count", static_cast<std::int64_t>(found.moved.size()));
  if (with_lines) {
    w.key("moved").array();
    for (const auto& m : found.moved) {
      w.object().field("patient_id", m.patient_id);
      w.field("episode_id", m.episode_id.empty() ? std::nullopt : std::optional<std::string_view>(m.episode_id));
      w.field("figure", then.figures[m.figure].id);
      write_place(w, "from", m.from);
      write_place(w, "to", m.to);
      w.end();
    }
    w.end();
  }
  w.end();
}

std::string restatement_table(const ProgramFigures& then, const ProgramFigures& now) {
  const auto found = compare(then, now);
  if (found.empty()) return "";
  std::string text = "\nRestated by what was entered or corrected since:\n";
  for (const auto f : found.figures)
    text += fmt::format("  {}  {} -> {}\n", then.figures[f].id, values_text(then.figures[f]), values_text(now.figures[f]));
  for (const auto& m : found.moved) {
    const auto place = [](const ProgramPlace& p) {
      return fmt::format("{} of {} ({})", p.numerator, p.denominator, p.why.empty() ? "not_in_the_report" : p.why);
    };
    text += fmt::format("     {}{}{}, {}: {} -> {}\n", m.patient_id, m.episode_id.empty() ? "" : ", ", m.episode_id,
                        then.figures[m.figure].id, place(m.from), place(m.to));
  }
  return text;
}

namespace {

/// The figures of a program by name, and what is hidden of them so far.
class Hiding {
 public:
  explicit Hiding(const ProgramFigures& program) : program_(program), hidden_(program.figures.size()) {
    for (std::size_t i = 0; i < hidden_.size(); ++i) {
      const auto& f = program.figures[i];
      const std::int64_t numerator = f.numerator.value_or(0), denominator = f.denominator.value_or(0);
      hidden_[i] = is_small(numerator) || is_small(denominator) || (f.kind == "rate" && is_small(denominator - numerator));
    }
  }
  std::int64_t numerator(std::string_view id) const { return program_.figures[at(id)].numerator.value_or(0); }
  std::int64_t denominator(std::string_view id) const { return program_.figures[at(id)].denominator.value_or(0); }
  bool is_hidden(std::string_view id) const { return hidden_[at(id)]; }
  /// `id` goes where this is true: it would tell.
  void hide(std::string_view id, bool tells) { hidden_[at(id)] = hidden_[at(id)] || tells; }
  std::vector<bool> take() { return std::move(hidden_); }

 private:
  std::size_t at(std::string_view id) const {
    const auto found = std::find_if(program_.figures.begin(), program_.figures.end(), [&](const auto& f) { return f.id == id; });
    CHECK(found != program_.figures.end());
    return static_cast<std::size_t>(found - program_.figures.begin());
  }
  const ProgramFigures& program_;
  std::vector<bool> hidden_;
};

void hide_aims(Hiding& h) {
  const std::int64_t caseload = h.numerator("caseload"), active = h.numerator("active_caseload");
  // Those who left; those who are left out of a figure.
  h.hide("active_caseload", is_small(caseload - active));
  h.hide("improved", is_small(caseload - h.denominator("improved")));
  h.hide("score_monitored", is_small(active - h.denominator("score_monitored")));
  h.hide("median_phq9", is_small(active - h.denominator("median_phq9")));
  // Those whom the first contact reached late; changes that came late.
  h.hide("days_to_first_contact", is_small(h.denominator("days_to_first_contact") - h.numerator("first_contact")));
  h.hide("days_to_change", is_small(h.denominator("days_to_change") - h.numerator("change_after_review")));
  // Made of, or of the same people as, a figure that is hidden.
  h.hide("caseload_per_fte", h.is_hidden("caseload"));
  h.hide("active_caseload_per_fte", h.is_hidden("active_caseload"));
  h.hide("contacts_per_month", h.is_hidden("caseload"));
  h.hide("three_contacts", h.is_hidden("caseload"));
  h.hide("consulted", h.is_hidden("improved"));
  h.hide("changed", h.is_hidden("improved"));
}

void hide_hedis(Hiding& h) {
  h.hide("dsf_follow_up", is_small(h.numerator("dsf_screening") - h.denominator("dsf_follow_up")));
  h.hide("drr_remission", is_small(h.numerator("drr_follow_up") - h.numerator("drr_remission")));
  h.hide("drr_response", is_small(h.numerator("drr_follow_up") - h.numerator("drr_response")) ||
                             is_small(h.numerator("drr_response") - h.numerator("drr_remission")));
  h.hide("dms_all", h.is_hidden("dms_first") || h.is_hidden("dms_second") || h.is_hidden("dms_third"));
}

}  // namespace

std::vector<bool> hidden_figures(const ProgramFigures& program) {
  Hiding hiding(program);
  const bool is_hedis =
      std::any_of(program.figures.begin(), program.figures.end(), [](const auto& f) { return f.id == "dms_all"; });
  if (is_hedis) hide_hedis(hiding);
  else hide_aims(hiding);
  return hiding.take();
}

}  // namespace concord::measures
