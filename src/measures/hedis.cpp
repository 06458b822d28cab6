#include "measures/hedis.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/cursor.h"
#include "json/writer.h"
#include "measures/enrolment.h"
#include "measures/program_json.h"

namespace concord::measures {
namespace {

using F = HedisFigure;

constexpr HedisFigureInfo kInfo[kHedisFigures] = {
    {"dsf_screening", "patients with a visit in the year, not in care for depression before it", "DSF-E screened"},
    {"dsf_follow_up", "patients screened positive", "DSF-E positive and cared for within 30 days"},
    {"dms_first", "patients with a depression encounter in the period", "DMS-E PHQ-9, first period"},
    {"dms_second", "patients with a depression encounter in the period", "DMS-E PHQ-9, second period"},
    {"dms_third", "patients with a depression encounter in the period", "DMS-E PHQ-9, third period"},
    {"drr_follow_up", "patients with an elevated index PHQ-9", "DRR-E PHQ-9 again"},
    {"drr_remission", "patients with an elevated index PHQ-9", "DRR-E remission"},
    {"drr_response", "patients with an elevated index PHQ-9", "DRR-E response"},
};

struct ExclusionInfo {
  std::string_view id, reason;
};
constexpr std::string_view kDied = "died", kHospice = "hospice";
constexpr ExclusionInfo kExclusions[] = {
    {kDied, "excluded_died"},
    {kHospice, "excluded_hospice"},
    {"bipolar", "excluded_bipolar"},
    {"personality_disorder", "excluded_personality_disorder"},
    {"psychotic_disorder", "excluded_psychotic_disorder"},
    {"developmental_disorder", "excluded_developmental_disorder"},
};
constexpr std::string_view kMeasures[] = {"dsf", "dms", "drr"};
constexpr std::string_view kCare[] = {"contact", "enrolment", "treatment_start", "depression_visit"};
constexpr std::string_view kEncounters[] = {"visit", "contact"};
constexpr F kDms[] = {F::dms_first, F::dms_second, F::dms_third};
constexpr std::string_view kNoEncounter = "no_depression_encounter";

/// What each form of a clinic is, looked up once a report.
struct Forms {
  std::vector<const HedisRules::Screen*> screens;  ///< nullptr: does not screen
  std::vector<bool> is_phq9;

  Forms(const Clinic& clinic, const HedisRules& rules) {
    for (const auto& form : clinic.forms) {
      const auto found = std::find_if(rules.screens.begin(), rules.screens.end(),
                                      [&](const auto& screen) { return screen.instrument == form.instrument; });
      screens.push_back(found == rules.screens.end() ? nullptr : &*found);
      is_phq9.push_back(contains(rules.phq9_tools, form.instrument));
    }
  }
};

class Patient {
 public:
  Patient(const Clinic& clinic, PatientIndex patient, const HedisRules& rules, const ReportPeriod& year, const Forms& forms)
      : clinic_(clinic), patient_(patient), born_(clinic.patients[patient].born), r_(rules), year_(year), forms_(forms) {
    for (const auto& e : clinic.episodes.of(patient))
      if (e.enrolled <= year.until && contains(rules.depression_conditions, e.primary_condition)) depression_.push_back(&e);
  }

  HedisLine line() {
    HedisLine line;
    line.patient_id = clinic_.patients[patient_].id;
    const auto put = [&](F figure, Standing standing) { line.standings[static_cast<std::size_t>(figure)] = standing; };
    const Standing screening = screened();
    put(F::dsf_screening, screening);
    put(F::dsf_follow_up, screening.in_numerator ? followed_up(line) : out(screening.reason));
    int thirds = 0;
    for (const F period : kDms) put(period, measured(year_.first.plus_months(thirds++ * r_.measured_months)));
    reassess(line);
    return line;
  }

  /// Visited in the year (DSF-E), with a depression encounter in it (DMS-E), or with an elevated score in the intake (DRR-E).
  static bool is_shown(const HedisLine& line) {
    return line.standing(F::dsf_screening).reason != "no_visit" ||
           line.standing(F::drr_follow_up).reason != "no_elevated_score" ||
           std::any_of(std::begin(kDms), std::end(kDms), [&](F period) { return line.standing(period).reason != kNoEncounter; });
  }

 private:
  bool is_old_enough(Date on) const { return born_ && age_in_years(*born_, on) >= r_.age; }
  std::string_view too_young() const { return born_ ? "too_young" : "no_birth_date"; }

  /// Why nobody asks the measure about this patient; "" when it does. Hospice care counts from `from` on.
  std::string_view excluded(std::string_view measure, Date from) const {
    for (const auto& e : r_.exclusions) {
      if (!contains(e.measures, measure)) continue;
      const Date until = contains(e.before, measure) ? year_.first.plus_days(-1) : year_.until;
      if (applies(e, from, until))
        return std::find_if(std::begin(kExclusions), std::end(kExclusions), [&](const auto& x) { return x.id == e.id; })->reason;
    }
    return "";
  }
  bool applies(const HedisRules::Exclusion& e, Date from, Date until) const {
    const auto episodes = clinic_.episodes.of(patient_);
    if (e.id == kDied) {
      const auto& died = clinic_.patients[patient_].died;
      return (died && *died <= until) || std::any_of(episodes.begin(), episodes.end(), [&](const Episode& episode) {
               return episode.discharge_reason == "died" && episode.discharged && *episode.discharged <= until;
             });
    }
    if (e.id == kHospice) {
      const auto visits = clinic_.visits.of(patient_);
      return std::any_of(visits.begin(), visits.end(),
                         [&](const Visit& visit) { return visit.is_hospice && visit.date >= from && visit.date <= until; });
    }
    const auto diagnoses = clinic_.diagnoses.of(patient_);
    return std::any_of(diagnoses.begin(), diagnoses.end(),
                       [&](const Diagnosis& d) {
                         return d.since <= until && std::any_of(e.codes.begin(), e.codes.end(),
                                                                [&](const auto& code) { return d.code.starts_with(code); });
                       }) ||
           std::any_of(episodes.begin(), episodes.end(), [&](const Episode& episode) {
             return episode.enrolled <= until && contains(e.episodes, episode.primary_condition);
           });
  }
  /// In an open episode of depression.
  bool is_in_care(Date day) const {
    return std::any_of(depression_.begin(), depression_.end(),
                       [&](const Episode* e) { return e->enrolled <= day && (!e->discharged || *e->discharged >= day); });
  }

  Standing screened() const {
    const auto visits = clinic_.visits.of(patient_);
    if (std::none_of(visits.begin(), visits.end(), [&](const Visit& visit) { return year_.holds(visit.date); }))
      return out("no_visit");
    if (!is_old_enough(year_.first)) return out(too_young());
    if (const auto why = excluded("dsf", year_.first); !why.empty()) return out(why);
    if (r_.known_depression_excluded) {
      const Date from = year_.first.plus_months(-r_.known_depression_months);
      for (const Episode* e : depression_)
        if (e->enrolled < year_.first && (!e->discharged || *e->discharged >= from)) return out("known_depression");
    }
    bool is_late = false;
    for (const auto& s : clinic_.scores.of(patient_)) {
      if (!forms_.screens[s.form] || !year_.holds(s.date)) continue;
      if (s.date <= last_screen()) return in("screened");
      is_late = true;
    }
    return of_denominator(is_late ? "screened_too_late" : "not_screened");
  }
  Date last_screen() const { return year_.first.plus_months(r_.screened_until_month - 1).plus_days(r_.screened_until_day - 1); }

  Standing followed_up(HedisLine& line) const {
    struct Day {
      bool positive = false, full_positive = false, full_negative = false;
    };
    std::vector<std::pair<Date, Day>> days;
    for (const auto& s : clinic_.scores.of(patient_)) {
      const auto* screen = forms_.screens[s.form];
      if (!screen || !year_.holds(s.date) || s.date > last_screen()) continue;
      auto day = std::find_if(days.begin(), days.end(), [&](const auto& d) { return d.first == s.date; });
      if (day == days.end()) day = days.insert(days.end(), {s.date, Day{}});
      const bool positive = s.total >= screen->positive_at - kTolerance;
      day->second.positive = day->second.positive || positive;
      if (!screen->is_brief) (positive ? day->second.full_positive : day->second.full_negative) = true;
    }
    std::sort(days.begin(), days.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto first = std::find_if(days.begin(), days.end(), [](const auto& d) { return d.second.positive; });
    if (first == days.end()) return out("screened_negative");
    line.first_positive = first->first;
    if (r_.same_day_negative_counts && first->second.full_negative && !first->second.full_positive)
      return in("same_day_negative");
    const Date from = first->first, to = from.plus_days(r_.follow_up_days);
    if (has_care(from, std::min(to, year_.until))) return in("cared_for_in_time");
    return to > year_.until ? out("not_due_yet") : of_denominator("no_care_in_time");
  }

  bool has_care(Date from, Date to) const {
    const auto within = [&](Date day) { return day >= from && day <= to; };
    const auto any = [&](std::string_view kind, const auto& rows, const auto& counts) {
      return contains(r_.follow_up_care, kind) && std::any_of(rows.begin(), rows.end(), counts);
    };
    return any("contact", clinic_.contacts.of(patient_), [&](const Contact& c) { return within(c.date); }) ||
           any("enrolment", clinic_.episodes.of(patient_), [&](const Episode& e) { return within(e.enrolled); }) ||
           any("treatment_start", clinic_.treatment_steps.of(patient_),
               [&](const TreatmentStep& step) { return step.what == TreatmentStep::What::start && within(step.date); }) ||
           any("depression_visit", clinic_.visits.of(patient_),
               [&](const Visit& visit) { return within(visit.date) && is_in_care(visit.date); });
  }

  Standing measured(Date first) const {
    const Date last = std::min(first.plus_months(r_.measured_months - 1).last_of_month(), year_.until);
    bool has_encounter = false, is_old_enough_then = false;
    const auto look = [&](std::string_view kind, const auto& rows) {
      if (!contains(r_.depression_encounters, kind)) return;
      for (const auto& row : rows) {
        if (row.date < first || row.date > last || !is_in_care(row.date)) continue;
        has_encounter = true;
        is_old_enough_then = is_old_enough_then || is_old_enough(row.date);
      }
    };
    look("visit", clinic_.visits.of(patient_));
    look("contact", clinic_.contacts.of(patient_));
    if (!has_encounter) return out(kNoEncounter);
    if (!is_old_enough_then) return out(too_young());
    if (const auto excluding = excluded("dms", year_.first); !excluding.empty()) return out(excluding);
    for (const auto& s : clinic_.scores.of(patient_))
      if (forms_.is_phq9[s.form] && s.date >= first && s.date <= last) return in("phq9_in_the_period");
    return of_denominator("no_phq9_in_the_period");
  }

  void reassess(HedisLine& line) const {
    const auto put = [&](Standing follow_up, Standing remission, Standing response) {
      line.standings[static_cast<std::size_t>(F::drr_follow_up)] = follow_up;
      line.standings[static_cast<std::size_t>(F::drr_remission)] = remission;
      line.standings[static_cast<std::size_t>(F::drr_response)] = response;
    };
    const Date from = year_.first.plus_months(-12 + r_.intake_first_month - 1);
    const Date to = from.plus_months(11).last_of_month();
    std::vector<Score> scores;
    for (const auto& s : clinic_.scores.of(patient_))
      if (forms_.is_phq9[s.form] && s.date >= from && s.date <= year_.until) scores.push_back(s);
    std::stable_sort(scores.begin(), scores.end(), is_earlier);
    std::string_view why = "no_elevated_score";
    for (const auto& s : scores) {
      if (s.date > to || s.total <= r_.index_above + kTolerance) continue;
      if (!is_old_enough(s.date)) {
        why = too_young();
      } else if (!is_depression(s.date)) {
        why = "no_depression";
      } else {
        line.index = s;
        break;
      }
    }
    if (!line.index) return put(out(why), out(why), out(why));
    why = excluded("drr", from);
    if (!why.empty()) return put(out(why), out(why), out(why));
    const Date first = line.index->date.plus_days(r_.reassessed_from_day),
               last = line.index->date.plus_days(r_.reassessed_to_day);
    if (last > year_.until) return put(out("window_not_over"), out("window_not_over"), out("window_not_over"));
    bool is_remission = false, is_response = false;
    for (const auto& s : scores) {
      if (s.date < first || s.date > last) continue;
      line.reassessment = s;
      const bool remission = s.total < r_.remission_below - kTolerance;
      const bool response = (line.index->total - s.total) * 100 >= r_.response_drop_percent * line.index->total - kTolerance;
      is_remission = remission || (is_remission && !r_.most_recent_score);
      is_response = response || (is_response && !r_.most_recent_score);
    }
    if (!line.reassessment) {
      const Standing missing = of_denominator("no_score_in_the_window");
      return put(missing, missing, missing);
    }
    put(in("score_in_the_window"), is_remission ? in("remission") : of_denominator("no_remission"),
        is_response ? in("response") : of_denominator("no_response"));
  }
  /// In care for depression on the day or soon after.
  bool is_depression(Date day) const {
    return is_in_care(day) || std::any_of(depression_.begin(), depression_.end(), [&](const Episode* e) {
             return e->enrolled >= day && e->enrolled - day <= r_.diagnosed_within_days;
           });
  }

  const Clinic& clinic_;
  PatientIndex patient_;
  const std::optional<Date>& born_;
  const HedisRules& r_;
  const ReportPeriod& year_;
  const Forms& forms_;
  std::vector<const Episode*> depression_;
};

}  // namespace

std::vector<std::string_view> hedis_exclusions() {
  std::vector<std::string_view> ids;
  for (const auto& e : kExclusions) ids.push_back(e.id);
  return ids;
}

const HedisFigureInfo& info(HedisFigure figure) { return kInfo[static_cast<std::size_t>(figure)]; }

namespace {

/// {"value": [kinds], "source": words}; every kind is one of `known`.
template <std::size_t N>
std::vector<std::string> read_kinds(const json::Cursor& list, const std::string_view (&known)[N]) {
  list.required("source").string(1, 500);
  auto kinds = read_names(list.required("value"));
  for (const auto& kind : kinds)
    if (std::find(std::begin(known), std::end(known), kind) == std::end(known))
      list.required("value").issue(fmt::format("must be of {}", fmt::join(known, ", ")));
  return kinds;
}

}  // namespace

Result<HedisRules> load_hedis_rules(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "notice", "numbers", "switches", "screens", "phq9_tools", "depression_conditions",
             "depression_encounters", "follow_up_care", "exclusions", "exclusions_not_read"});
  HedisRules r;
  r.name = root.required("name").string(1, 60).value_or("");
  r.version = root.required("version").string(1, 20).value_or("");
  r.notice = root.required("notice").string(1, 1000).value_or("");
  const auto numbers = root.required("numbers");
  numbers.only({"age", "screened_until_month", "screened_until_day", "follow_up_days", "known_depression_months",
                "measured_months", "intake_first_month", "diagnosed_within_days", "index_above", "reassessed_from_day",
                "reassessed_to_day", "remission_below", "response_drop_percent"});
  r.file.whole(numbers, "age", 0, 120, r.age);
  r.file.whole(numbers, "screened_until_month", 1, 12, r.screened_until_month);
  r.file.whole(numbers, "screened_until_day", 1, 31, r.screened_until_day);
  r.file.whole(numbers, "follow_up_days", 0, 365, r.follow_up_days);
  r.file.whole(numbers, "known_depression_months", 0, 120, r.known_depression_months);
  r.file.whole(numbers, "measured_months", 1, 4, r.measured_months);
  r.file.whole(numbers, "intake_first_month", 1, 12, r.intake_first_month);
  r.file.whole(numbers, "diagnosed_within_days", 0, 365, r.diagnosed_within_days);
  r.file.points(numbers, "index_above", r.index_above);
  r.file.whole(numbers, "reassessed_from_day", 1, 3650, r.reassessed_from_day);
  r.file.whole(numbers, "reassessed_to_day", r.reassessed_from_day, 3650, r.reassessed_to_day);
  r.file.points(numbers, "remission_below", r.remission_below);
  r.file.points(numbers, "response_drop_percent", r.response_drop_percent);
  const auto switches = root.required("switches");
  switches.only({"same_day_negative_counts", "most_recent_score", "known_depression_excluded"});
  r.file.flag(switches, "same_day_negative_counts", r.same_day_negative_counts);
  r.file.flag(switches, "most_recent_score", r.most_recent_score);
  r.file.flag(switches, "known_depression_excluded", r.known_depression_excluded);
  root.required("screens").each([&](const json::Cursor& item) {
    item.only({"instrument", "positive_at", "brief", "source"});
    item.required("source").string(1, 500);
    r.screens.push_back({item.required("instrument").string(1, 60).value_or(""),
                         item.required("positive_at").real(0, 1000).value_or(0),
                         item.required("brief").boolean().value_or(false)});
  });
  r.phq9_tools = read_names(root.required("phq9_tools"));
  r.depression_conditions = read_names(root.required("depression_conditions"));
  r.depression_encounters = read_kinds(root.required("depression_encounters"), kEncounters);
  r.follow_up_care = read_kinds(root.required("follow_up_care"), kCare);
  root.required("exclusions").each([&](const json::Cursor& item) {
    item.only({"id", "measures", "before_the_year", "icd10", "episodes_of", "source"});
    item.required("source").string(1, 500);
    const auto names = [&](std::string_view key) {
      const auto list = item.optional(key);
      return list.present() ? read_names(list) : std::vector<std::string>();
    };
    HedisRules::Exclusion e;
    e.id = item.required("id").string(1, 60).value_or("");
    if (std::none_of(std::begin(kExclusions), std::end(kExclusions), [&](const auto& x) { return x.id == e.id; }))
      item.required("id").issue("is no exclusion that Concord knows");
    e.measures = read_names(item.required("measures"));
    e.before = names("before_the_year");
    for (const auto& measure : e.measures)
      if (std::find(std::begin(kMeasures), std::end(kMeasures), measure) == std::end(kMeasures))
        item.required("measures").issue("must be of dsf, dms, drr");
    e.codes = names("icd10");
    e.episodes = names("episodes_of");
    r.exclusions.push_back(std::move(e));
  });
  root.required("exclusions_not_read").each([&](const json::Cursor& item) {
    item.only({"id", "why"});
    r.exclusions_not_read.push_back(
        {item.required("id").string(1, 60).value_or(""), item.required("why").string(1, 500).value_or("")});
  });
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rule set cannot be used.", issues.list());
  return r;
}

HedisReport hedis_report(const Clinic& clinic, const HedisRules& rules, const ReportPeriod& year) {
  HedisReport report;
  report.rule_set = rules.name;
  report.version = rules.version;
  report.period = year;
  const Forms forms(clinic, rules);
  std::vector<PatientIndex> order(clinic.patients.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<PatientIndex>(i);
  std::sort(order.begin(), order.end(),
            [&](PatientIndex a, PatientIndex b) { return clinic.patients[a].id < clinic.patients[b].id; });
  for (const PatientIndex patient : order) {
    auto line = Patient(clinic, patient, rules, year, forms).line();
    if (!Patient::is_shown(line)) continue;
    for (std::size_t f = 0; f < kHedisFigures; ++f) count(line.standings[f], report.totals[f]);
    report.lines.push_back(std::move(line));
  }
  for (const F figure : {F::dms_first, F::dms_second, F::dms_third}) {
    report.dms.numerator += report.total(figure).numerator;
    report.dms.denominator += report.total(figure).denominator;
  }
  return report;
}

namespace {

void write_figure(json::Writer& w, std::string_view id, std::string_view of, const Rate& rate) {
  open_figure(w, {id, "rate", of, "percent", rate.numerator, rate.denominator, rate.percent(), {}}).end();
}

constexpr std::string_view kDmsOf = "depression encounters' periods, three a patient at most";

}  // namespace

void write_exclusions(json::Writer& w, const HedisRules& rules) {
  w.key("exclusions_read").array();
  for (const auto& e : rules.exclusions) w.value(e.id);
  w.end().key("exclusions_not_read").array();
  for (const auto& e : rules.exclusions_not_read) w.object().field("id", e.id).field("why", e.why).end();
  w.end();
}

std::string hedis_json(const HedisReport& r, const HedisRules& rules, std::optional<Instant> as_of) {
  std::string text;
  json::Writer w(text);
  w.object().field("rule_set", r.rule_set).field("rule_set_version", r.version).field("notice", rules.notice);
  write_period(w, r.period);
  if (as_of) w.field("as_of", *as_of);
  rules.file.write(w);
  write_exclusions(w, rules);
  w.key("figures").array();
  for (std::size_t f = 0; f < kHedisFigures; ++f) {
    write_figure(w, kInfo[f].id, kInfo[f].of, r.totals[f]);
    if (static_cast<F>(f) == F::dms_third) write_figure(w, "dms_all", kDmsOf, r.dms);
  }
  w.end();
  w.key("patients").array();
  for (const auto& line : r.lines) {
    w.object().field("patient_id", line.patient_id).field("first_positive", line.first_positive);
    write_score(w, "index", line.index);
    write_score(w, "reassessment", line.reassessment);
    w.key("reasons").object();
    for (std::size_t f = 0; f < kHedisFigures; ++f) write_standing(w, kInfo[f].id, line.standings[f]);
    w.end().end();
  }
  w.end().end();
  return text + "\n";
}

std::string hedis_table(const HedisReport& r, const HedisRules& rules) {
  std::string text =
      fmt::format("{} version {}, {}{}\n{}\n\n", r.rule_set, r.version, r.period.text,
                  r.period.until < r.period.last ? " (known until " + r.period.until.iso() + ")" : std::string(), rules.notice);
  const auto add = [&](std::string_view label, std::string_view of, const Rate& rate) {
    const std::string shown = rate.percent()
                                  ? fmt::format("{} of {}  {:.1f} %", rate.numerator, rate.denominator, *rate.percent())
                                  : std::string("nobody");
    text += fmt::format("  {:<46} {:>22}  of: {}\n", label, shown, of);
  };
  for (std::size_t f = 0; f < kHedisFigures; ++f) {
    add(kInfo[f].label, kInfo[f].of, r.totals[f]);
    if (static_cast<F>(f) == F::dms_third) add("DMS-E PHQ-9, all periods", kDmsOf, r.dms);
  }
  return text;
}

}  // namespace concord::measures
