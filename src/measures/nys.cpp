#include "measures/nys.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/parallel.h"
#include "base/text.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "measures/enrolment.h"

namespace concord::measures {
namespace {

template <class T>
bool contains(const std::vector<T>& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

std::optional<double> value_of(const Score& score, bool of_symptoms) {
  if (!of_symptoms) return score.total;
  if (!score.symptoms) return std::nullopt;
  return static_cast<double>(*score.symptoms);
}

bool is_improved(const FormRule& rule, double from, double to) {
  if (rule.or_below && to < *rule.or_below - kTolerance) return true;
  if (rule.drop_percent && from > kTolerance && (from - to) * 100 >= *rule.drop_percent * from - kTolerance) return true;
  return rule.drop_points && from - to >= *rule.drop_points - kTolerance;
}

Course course_of(const Clinic& clinic, PatientIndex patient, const Episode& episode, FormIndex form, const FormRule& rule,
                 ReportMonth month) {
  Course c;
  c.form = clinic.forms[form];
  Date until = month.last();
  if (episode.discharged && *episode.discharged < until) until = *episode.discharged;
  for (const auto& s : in_order(clinic.scores.of(patient), form, episode.enrolled, until)) {
    if (!c.baseline) c.baseline = s;
    else if (s.date > c.baseline->date) c.current = s;
    if (month.holds(s.date)) c.in_month = s;
  }
  if (!c.baseline) return c;
  if (const auto value = value_of(*c.baseline, rule.elevated_of_symptoms); value && rule.elevated)
    c.elevated_baseline = *value >= *rule.elevated - kTolerance;
  c.improved = c.elevated_baseline && c.current && is_improved(rule, c.baseline->total, c.current->total);
  if (c.elevated_baseline && c.in_month && rule.remission_below)
    if (const auto value = value_of(*c.in_month, rule.remission_of_symptoms))
      c.in_remission = *value < *rule.remission_below - kTolerance;
  return c;
}

/// Metrics 5 to 8 of the line that stands for a patient in metric 2.
void place_in_rates(const Clinic& clinic, PatientIndex patient, const Episode& e, const NysRules& rules, ReportMonth month,
                    NysLine& line) {
  const bool has_contact = [&] {
    for (const auto& contact : clinic.contacts.of(patient))
      if (month.holds(contact.date) && contact.date >= e.enrolled) return true;
    return false;
  }();
  const bool has_score = [&] {
    for (const auto& s : clinic.scores.of(patient))
      if (month.holds(s.date) && s.date >= e.enrolled && contains(rules.nys_scales, clinic.forms[s.form].instrument)) return true;
    return false;
  }();
  line.active_treatment = has_contact && has_score;
  line.metrics[5] = line.active_treatment ? in("contact_and_score")
                    : has_contact         ? of_denominator("no_score_in_month")
                    : has_score           ? of_denominator("no_contact_in_month")
                                          : of_denominator("neither_in_month");

  const bool has_baseline =
      std::any_of(line.courses.begin(), line.courses.end(), [](const Course& c) { return c.baseline.has_value(); });
  const bool has_current =
      std::any_of(line.courses.begin(), line.courses.end(), [](const Course& c) { return c.elevated_baseline && c.current; });
  const bool has_month =
      std::any_of(line.courses.begin(), line.courses.end(), [](const Course& c) { return c.elevated_baseline && c.in_month; });
  if (line.days_in_treatment < rules.treatment_days) line.metrics[6] = out("under_70_days");
  else if (!has_baseline) line.metrics[6] = out("no_baseline");
  else if (!line.elevated_baseline) line.metrics[6] = out("baseline_not_elevated");
  else line.metrics[6] = line.improved ? in("improved") : of_denominator(has_current ? "not_improved" : "no_later_score");

  line.metrics[7] = line.in_remission         ? in("in_remission")
                    : !has_baseline           ? of_denominator("no_baseline")
                    : !line.elevated_baseline ? of_denominator("baseline_not_elevated")
                    : has_month               ? of_denominator("not_in_remission")
                                              : of_denominator("no_score_in_month");

  const Date from = month.last().plus_days(1 - rules.review_window_days);
  for (const auto& review : clinic.reviews.of(patient))
    if (review.has_recommendation && review.date >= from && review.date <= month.last()) line.reviewed_in_window = true;
  if (!line.metrics[6].in_denominator) line.metrics[8] = out(line.metrics[6].reason);
  else if (line.improved) line.metrics[8] = out("improved");
  else line.metrics[8] = line.reviewed_in_window ? in("reviewed") : of_denominator("not_reviewed");
}

NysLine line_of(const Clinic& clinic, PatientIndex patient, const Episode& e, bool medicaid, const NysRules& rules,
                ReportMonth month) {
  NysLine line;
  line.patient_id = clinic.patients[patient].id;
  line.episode_id = e.id;
  line.medicaid = medicaid;
  const auto discharge = effective_discharge(clinic, patient, e, rules.inactivity_days, month.last());
  line.effective_discharge = discharge.on;
  line.discharge_cause = discharge.cause;
  line.enrolled_this_month = !discharge.on || *discharge.on >= month.first;
  line.days_in_treatment = discharge.on.value_or(month.last()) - e.enrolled;
  if (const auto scale = rules.scale_instruments.find(e.primary_scale); scale != rules.scale_instruments.end())
    for (const auto& instrument : scale->second)
      for (std::size_t f = 0; f < clinic.forms.size(); ++f) {
        if (clinic.forms[f].instrument != instrument) continue;
        const FormRule* rule = rules.rule_of(clinic.forms[f]);
        if (!rule) continue;
        auto course = course_of(clinic, patient, e, static_cast<FormIndex>(f), *rule, month);
        if (course.baseline) line.courses.push_back(std::move(course));
      }
  // The form that is shown first must not depend on which patient came first.
  std::stable_sort(line.courses.begin(), line.courses.end(), [&](const Course& a, const Course& b) {
    const bool a_own = a.form.instrument == e.primary_scale, b_own = b.form.instrument == e.primary_scale;
    return a_own != b_own ? a_own : a.form < b.form;
  });
  for (const auto& c : line.courses) {
    line.elevated_baseline = line.elevated_baseline || c.elevated_baseline;
    line.improved = line.improved || c.improved;
    line.in_remission = line.in_remission || c.in_remission;
  }
  return line;
}

ScreeningLine screening_of(const Clinic& clinic, PatientIndex patient, const NysRules& rules, ReportMonth month) {
  ScreeningLine line;
  const auto& who = clinic.patients[patient];
  line.patient_id = who.id;
  bool has_visit = false, is_old_enough = false;
  for (const auto& visit : clinic.visits.of(patient)) {
    if (!visit.is_screening_visit || !month.holds(visit.date)) continue;
    has_visit = true;
    if (who.born && age_in_years(*who.born, visit.date) >= rules.screening_age) is_old_enough = true;
  }
  const Date after = month.last().plus_months(-rules.screened_within_months);
  bool is_screened = false;
  std::vector<Score> phq9;
  for (const auto& s : clinic.scores.of(patient)) {
    if (s.date > month.last()) continue;
    const auto& instrument = clinic.forms[s.form].instrument;
    if (s.date > after && contains(rules.screening_tools, instrument)) is_screened = true;
    if (contains(rules.phq9_tools, instrument)) phq9.push_back(s);
  }
  line.screening = !has_visit       ? out("no_screening_visit")
                   : !is_old_enough ? out("under_12")
                   : is_screened    ? in("screened")
                                    : of_denominator("not_screened");

  std::stable_sort(phq9.begin(), phq9.end(), is_earlier);
  line.yield = out("no_phq9_in_month");
  for (std::size_t i = 0; i < phq9.size(); ++i) {
    if (!month.holds(phq9[i].date)) continue;
    // The first of the month decides: a later one has it within the days before.
    const bool is_initial = i == 0 || phq9[i].date - phq9[i - 1].date > rules.initial_phq9_days;
    line.yield = !is_initial                                    ? out("phq9_in_the_year_before")
                 : phq9[i].total >= rules.yield_at - kTolerance ? in("at_or_above")
                                                                : of_denominator("below");
    break;
  }
  return line;
}

FormRule rule_from(const instruments::Thresholds& t) {
  FormRule rule;
  if (t.nys_elevated) {
    rule.elevated = t.nys_elevated->at_least;
    rule.elevated_of_symptoms = t.nys_elevated->of == "symptom_count";
  }
  if (t.nys_improved) {
    rule.drop_percent = t.nys_improved->drop_percent;
    rule.drop_points = t.nys_improved->drop_points;
    rule.or_below = t.nys_improved->or_below;
  }
  if (t.nys_remission) {
    rule.remission_below = t.nys_remission->below;
    rule.remission_of_symptoms = t.nys_remission->of == "symptom_count";
  }
  return rule;
}

std::vector<std::string> names(const json::Cursor& list) {
  std::vector<std::string> out;
  list.each([&](const json::Cursor& item) {
    if (auto name = item.string(1, 60)) out.push_back(std::move(*name));
  });
  return out;
}

}  // namespace

std::optional<ReportMonth> ReportMonth::parse(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  const auto day = Date::parse(std::string(text) + "-01");
  if (!day) return std::nullopt;
  return ReportMonth{*day};
}

const FormRule* NysRules::rule_of(const FormKey& form) const {
  const auto found = forms.find(form);
  return found == forms.end() ? nullptr : &found->second;
}

FormKey NysRules::form_of(std::string_view instrument, std::string_view informant) const {
  FormKey form{std::string(instrument), ""};
  if (forms.contains(form)) return form;
  form.informant = informant == "self" ? "child" : std::string(informant);
  if (!forms.contains(form)) form.informant.clear();
  return form;
}

bool is_medicaid(std::string_view payer) {
  return payer == "medicaid_ffs" || payer == "medicaid_managed_care" || payer == "dual_medicare_medicaid";
}

bool NysRules::is_screening_visit(std::string_view provider, std::string_view modality, std::string_view billing_codes) const {
  if (!contains(visit_providers, provider) || !contains(visit_modalities, modality)) return false;
  for (const std::string_view code : split(billing_codes, ' '))
    for (const auto& [from, to] : visit_codes)
      if (code.size() == from.size() && code >= from && code <= to) return true;
  return false;
}

Result<NysRules> load_nys_rules(std::string_view json_text, const instruments::Library& library) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "numbers", "scales", "screening_tools", "phq9_tools", "screening_visit", "targets"});
  NysRules rules;
  rules.name = root.required("name").string(1, 60).value_or("");
  rules.version = root.required("version").string(1, 20).value_or("");
  const auto numbers = root.required("numbers");
  const auto whole = [&](std::string_view key, int most, int& into) {
    const auto number = numbers.required(key);
    number.required("source").string(1, 500);
    into = static_cast<int>(number.required("value").integer(1, most).value_or(1));
  };
  whole("inactivity_days", 3650, rules.inactivity_days);
  whole("treatment_days", 3650, rules.treatment_days);
  whole("review_window_days", 3650, rules.review_window_days);
  whole("screening_age", 120, rules.screening_age);
  whole("screened_within_months", 120, rules.screened_within_months);
  whole("initial_phq9_days", 3650, rules.initial_phq9_days);
  rules.yield_at = numbers.required("yield_at").required("value").real(0, 100).value_or(10);
  rules.screening_tools = names(root.required("screening_tools"));
  rules.phq9_tools = names(root.required("phq9_tools"));
  const auto visit = root.required("screening_visit");
  visit.only({"providers", "modalities", "codes", "source"});
  rules.visit_providers = names(visit.required("providers"));
  visit.required("modalities").each([&](const json::Cursor& item) {
    if (auto word = item.string(0, 60)) rules.visit_modalities.push_back(std::move(*word));
  });
  visit.required("codes").each([&](const json::Cursor& item) {
    const auto range = item.string(5, 11);
    if (!range) return;
    const auto dash = range->find('-');
    rules.visit_codes.emplace_back(range->substr(0, dash), dash == std::string::npos ? *range : range->substr(dash + 1));
  });
  const auto scales = root.required("scales");
  if (scales.value())
    for (const auto& member : scales.value()->members()) {
      auto& forms = rules.scale_instruments[std::string(member.key)];
      forms = names(scales.required(member.key));
      for (const auto& id : forms) {
        const auto* instrument = library.find(id);
        if (!instrument) {
          scales.required(member.key).issue("names an instrument that is not there: " + id);
          continue;
        }
        if (!contains(rules.nys_scales, id)) rules.nys_scales.push_back(id);
        for (const auto& informant : instrument->informants) {
          const bool one = instrument->informants.size() == 1;
          rules.forms[{id, one ? "" : informant}] = rule_from(instrument->thresholds_for(informant));
        }
      }
    }
  const auto targets = root.required("targets");
  if (targets.value())
    for (const auto& member : targets.value()->members())
      rules.targets.emplace_back(std::string(member.key),
                                 targets.required(member.key).required("value").real(0, 1000).value_or(0));
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rule set cannot be used.", issues.list());
  return rules;
}

std::optional<double> NysReport::weeks() const {
  if (durations.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const int days : durations) sum += days;
  return tenths(sum, 7 * static_cast<std::int64_t>(durations.size()));
}

NysReport nys_report(const Clinic& clinic, const NysRules& rules, ReportMonth month) {
  NysReport report;
  report.rule_set = rules.name;
  report.version = rules.version;
  report.month = month;
  std::vector<PatientIndex> order(clinic.patients.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<PatientIndex>(i);
  std::sort(order.begin(), order.end(),
            [&](PatientIndex a, PatientIndex b) { return clinic.patients[a].id < clinic.patients[b].id; });

  for (const PatientIndex patient : order) {
    bool medicaid = false;
    for (const auto& c : clinic.coverage.of(patient))
      medicaid = medicaid || (c.is_medicaid && c.start <= month.first && (!c.end || *c.end >= month.first));
    std::vector<const Episode*> episodes;
    for (const auto& e : clinic.episodes.of(patient))
      if (e.enrolled <= month.last()) episodes.push_back(&e);
    std::sort(episodes.begin(), episodes.end(), [](const Episode* a, const Episode* b) {
      return a->enrolled != b->enrolled ? a->enrolled < b->enrolled : a->id < b->id;
    });
    const std::size_t first_line = report.lines.size();
    for (const Episode* e : episodes) report.lines.push_back(line_of(clinic, patient, *e, medicaid, rules, month));
    // The last episode that is enrolled in the month stands for the patient.
    std::size_t standing = report.lines.size();
    for (std::size_t i = first_line; i < report.lines.size(); ++i)
      if (report.lines[i].enrolled_this_month) standing = i;
    bool is_new = false;
    for (std::size_t i = first_line; i < report.lines.size(); ++i) {
      auto& line = report.lines[i];
      const Episode& e = *episodes[i - first_line];
      line.stands_for_patient = i == standing;
      const std::string_view why_out = !line.enrolled_this_month ? "not_enrolled_this_month"
                                       : i != standing           ? "later_episode_counts"
                                                                 : "not_medicaid";
      line.metrics[1] = i == standing ? in("enrolled") : out(why_out);
      line.metrics[2] = i == standing && medicaid ? in("medicaid") : out(why_out);
      line.metrics[3] = !medicaid                  ? out("not_medicaid")
                        : !month.holds(e.enrolled) ? out("enrolled_earlier")
                                                   : in("newly_enrolled");
      if (line.metrics[3].in_numerator && is_new) line.metrics[3] = out("counted_with_another_episode");
      is_new = is_new || line.metrics[3].in_numerator;
      const bool ended = line.effective_discharge && month.holds(*line.effective_discharge);
      line.metrics[4] = !medicaid ? out("not_medicaid") : ended ? in("discharged") : out("not_discharged_in_month");
      if (line.metrics[2].in_numerator) place_in_rates(clinic, patient, e, rules, month, line);
      else
        for (int metric = 5; metric <= 8; ++metric) line.metrics[static_cast<std::size_t>(metric)] = out(why_out);

      report.enrolled += line.metrics[1].in_numerator;
      report.medicaid += line.metrics[2].in_numerator;
      report.newly_enrolled += line.metrics[3].in_numerator;
      if (line.metrics[4].in_numerator) report.durations.push_back(line.days_in_treatment);
      count(line.metrics[5], report.contact);
      count(line.metrics[6], report.improvement);
      count(line.metrics[7], report.remission);
      count(line.metrics[8], report.consultation);
    }
    auto screening = screening_of(clinic, patient, rules, month);
    count(screening.screening, report.screening);
    count(screening.yield, report.yield);
    if (screening.screening.in_denominator || screening.yield.in_denominator)
      report.screening_lines.push_back(std::move(screening));
  }
  for (const auto& [first, fte] : clinic.bhcm_fte)
    if (first == month.first) report.fte = report.fte.value_or(0) + fte;
  return report;
}

namespace {

void write_score(json::Writer& w, std::string_view name, const std::optional<Score>& score) {
  w.key(name);
  if (!score) {
    w.null();
    return;
  }
  w.object().field("date", score->date).field("total", score->total);
  if (score->symptoms) w.field("symptoms", *score->symptoms);
  w.end();
}

/// The items of an array that is open. Pieces of it are written on all cores at once; the text is the same.
template <class Line>
void write_lines(json::Writer& w, std::string& text, const std::vector<Line>& lines) {
  constexpr std::size_t kPiece = 4096;
  std::vector<std::string> pieces((lines.size() + kPiece - 1) / kPiece);
  parallel(pieces.size(), [&](std::size_t i) {
    pieces[i].reserve(kPiece * 900);
    json::Writer piece(pieces[i]);
    piece.array();
    for (std::size_t at = i * kPiece; at < std::min(lines.size(), (i + 1) * kPiece); ++at) write_line(piece, lines[at]);
    piece.end();
  });
  std::size_t size = text.size();
  for (const auto& piece : pieces) size += piece.size();
  text.reserve(size + 1000);
  for (const auto& piece : pieces) w.raw(std::string_view(piece).substr(1, piece.size() - 2));
}

}  // namespace

std::string figures_json(const NysReport& r) {
  std::string text;
  json::Writer w(text);
  w.object();
  w.key("1").object().field("count", r.enrolled).end();
  w.key("2").object().field("count", r.medicaid).end();
  w.key("3").object().field("count", r.newly_enrolled).end();
  w.key("4").object().key("days").array();
  for (const int days : r.durations) w.value(days);
  w.end().field("weeks", r.weeks()).end();
  write_rate(w, "5", r.contact);
  write_rate(w, "6", r.improvement);
  write_rate(w, "7", r.remission);
  write_rate(w, "8", r.consultation);
  write_rate(w, "9", r.screening);
  write_rate(w, "10", r.yield);
  w.key("11").object().field("fte", r.fte).end();
  w.end();
  return text;
}

void write_line(json::Writer& w, const NysLine& line) {
  w.object().field("patient_id", line.patient_id).field("episode_id", line.episode_id);
  w.field("enrolled_this_month", line.enrolled_this_month).field("medicaid", line.medicaid);
  w.field("effective_discharge_date", line.effective_discharge);
  w.field("discharge_cause", line.discharge_cause.empty() ? std::nullopt : std::optional<std::string_view>(line.discharge_cause));
  w.field("days_in_treatment", line.days_in_treatment);
  const Course* shown = line.courses.empty() ? nullptr : &line.courses.front();
  write_score(w, "baseline", shown ? shown->baseline : std::nullopt);
  write_score(w, "current", shown ? shown->current : std::nullopt);
  if (line.courses.size() > 1) {
    w.key("other_forms").array();
    for (std::size_t i = 1; i < line.courses.size(); ++i) {
      const auto& c = line.courses[i];
      w.object().field("instrument", c.form.instrument).field("informant", c.form.informant);
      write_score(w, "baseline", c.baseline);
      write_score(w, "current", c.current);
      w.field("elevated_baseline", c.elevated_baseline).field("improved", c.improved).field("in_remission", c.in_remission);
      w.end();
    }
    w.end();
  }
  w.field("elevated_baseline", line.elevated_baseline).field("improved", line.improved);
  w.field("in_remission", line.in_remission).field("active_treatment", line.active_treatment);
  w.field("reviewed_in_window", line.reviewed_in_window);
  w.key("reasons").object();
  for (int metric = 1; metric <= 8; ++metric)
    write_standing(w, std::to_string(metric), line.metrics[static_cast<std::size_t>(metric)]);
  w.end().end();
}

void write_line(json::Writer& w, const ScreeningLine& line) {
  w.object().field("patient_id", line.patient_id).key("reasons").object();
  write_standing(w, "9", line.screening);
  write_standing(w, "10", line.yield);
  w.end().end();
}

std::string nys_json(const NysReport& r, const JsonExtras& extras) {
  std::string text;
  json::Writer w(text);
  w.object().field("rule_set", r.rule_set).field("rule_set_version", r.version).field("month", r.month.text());
  if (extras.as_of) w.field("as_of", *extras.as_of);
  w.key("metrics").raw(figures_json(r)).key("patients").array();
  write_lines(w, text, r.lines);
  w.end().key("screening").array();
  write_lines(w, text, r.screening_lines);
  w.end();
  if (!extras.published.empty()) w.key("published").raw(extras.published);
  if (!extras.restatement.empty()) w.key("restatement").raw(extras.restatement);
  w.end();
  text += '\n';
  return text;
}

std::string nys_table(const NysReport& r, const NysRules& rules) {
  const auto target = [&](std::string_view metric, std::string_view unit) -> std::string {
    for (const auto& [name, value] : rules.targets)
      if (name == metric) return fmt::format("target {} {:g}{}", unit == " per FTE" ? ">" : ">=", value, unit);
    return "";
  };
  std::string text = fmt::format("{} version {}, {}\n\n", r.rule_set, r.version, r.month.text());
  const auto add = [&](int metric, std::string_view name, const std::string& figure, const std::string& note) {
    text += fmt::format("{:>3}  {:<32} {:>24}  {}", metric, name, figure, note);
    while (text.back() == ' ') text.pop_back();
    text += '\n';
  };
  const auto rate = [](const Rate& x) {
    return x.percent() ? fmt::format("{} of {}  {:.1f} %", x.numerator, x.denominator, *x.percent()) : std::string("no patients");
  };
  std::string per_fte = target("1", " per FTE");
  if (r.fte && *r.fte > kTolerance) per_fte += fmt::format(", {:.1f} now", static_cast<double>(r.enrolled) / *r.fte);
  add(1, "total enrolment", std::to_string(r.enrolled), per_fte);
  add(2, "Medicaid enrolment", std::to_string(r.medicaid), "");
  add(3, "newly enrolled", std::to_string(r.newly_enrolled), "");
  add(4, "duration of treatment",
      r.weeks() ? fmt::format("{} ended  {:.1f} weeks", r.durations.size(), *r.weeks()) : std::string("no patients"), "");
  add(5, "contact rate", rate(r.contact), target("5", " %"));
  add(6, "improvement", rate(r.improvement), target("6", " %"));
  add(7, "remission", rate(r.remission), "");
  add(8, "psychiatric consultation", rate(r.consultation), target("8", " %"));
  add(9, "screening rate", rate(r.screening), target("9", " %"));
  add(10, "screening yield", rate(r.yield), "");
  add(11, "care-manager FTE", r.fte ? fmt::format("{:g}", *r.fte) : std::string("not attested"), "");
  return text;
}

}  // namespace concord::measures
