#include "measures/aims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "json/cursor.h"
#include "json/writer.h"
#include "measures/enrolment.h"
#include "measures/program_json.h"
#include "measures/rates.h"

namespace concord::measures {
namespace {

using F = AimsFigure;

constexpr AimsFigureInfo kInfo[kAimsFigures] = {
    {"caseload", "count", "patients", "patients enrolled in the period", "caseload"},
    {"active_caseload", "count", "patients", "patients enrolled on the last day", "active caseload"},
    {"caseload_per_fte", "mean", "patients", "care-manager FTE", "caseload per FTE", false},
    {"active_caseload_per_fte", "mean", "patients", "care-manager FTE", "active caseload per FTE", false},
    {"contacts_per_month", "mean", "contacts", "months in which a patient was enrolled", "contacts per patient and month", true,
     true},
    {"three_contacts", "rate", "percent", "caseload", "enough contacts in three months"},
    {"first_contact", "rate", "percent", "episodes whose four weeks ended in the period", "first contact in time"},
    {"days_to_first_contact", "median", "days", "episodes with their first contact in the period", "days to first contact"},
    {"score_monitored", "rate", "percent", "active caseload, enrolled for the whole window", "score of the last days"},
    {"score_at_contact", "rate", "percent", "contacts in the period", "score at the contact", true, true},
    {"median_phq9", "median", "points", "active caseload with a PHQ-9", "median PHQ-9"},
    {"improved", "rate", "percent", "caseload, ten weeks or more, elevated baseline", "improved at ten weeks"},
    {"consulted", "rate", "percent", "not improved at ten weeks", "not improved: psychiatric consultation"},
    {"changed", "rate", "percent", "not improved at ten weeks", "not improved: change of treatment"},
    {"reviewed_weeks_8_to_12", "rate", "percent", "not improved by week 8, window ended in the period",
     "not improved at week 8: reviewed in time"},
    {"change_after_review", "rate", "percent", "reviews that ask for a change, time ended in the period",
     "change in time after a review", true, true},
    {"days_to_change", "median", "days", "changes in the period that follow a review", "days from review to change", true, true},
};

Share counted(std::string_view why) { return {1, 1, why}; }
Share not_counted(std::string_view why) { return {0, 1, why}; }
Share left_out(std::string_view why) { return {0, 0, why}; }

/// A wait that is over: with what was waited for, or without.
struct Clock {
  Date ends;
  bool reached = false;
  std::string_view why;
};

Share in_period(const Clock& clock, const ReportPeriod& period) {
  if (clock.ends > period.until) return left_out("not_due_yet");
  if (clock.ends < period.first) return left_out("clock_ended_earlier");
  return clock.reached ? counted(clock.why) : not_counted(clock.why);
}

/// Which forms of a clinic belong together, looked up once a report.
struct Forms {
  std::vector<bool> is_depression;

  Forms(const Clinic& clinic, const AimsRules& rules) {
    for (const auto& form : clinic.forms) is_depression.push_back(contains(rules.depression_scales, form.instrument));
  }
};

/// An episode as it is known at the end of the period.
class Case {
 public:
  Case(const Clinic& clinic, PatientIndex patient, const Episode& episode, const AimsRules& rules, const ReportPeriod& period,
       const Forms& forms)
      : clinic_(clinic), patient_(patient), e_(episode), r_(rules), period_(period), forms_(forms) {
    if (e_.discharged && *e_.discharged <= period.until) discharged_ = *e_.discharged;
    end_ = discharged_.value_or(period.until);
    for (const auto& contact : clinic.contacts.of(patient))
      if (is_of_episode(contact.date)) contacts_.push_back(contact.date);
    std::sort(contacts_.begin(), contacts_.end());
    has_depression_scale_ = contains(rules.depression_scales, e_.primary_scale);
    if (!has_depression_scale_) return;
    for (const auto& score : clinic.scores.of(patient))
      if (forms.is_depression[score.form] && is_of_episode(score.date)) phq9_.push_back(score);
    std::stable_sort(phq9_.begin(), phq9_.end(), is_earlier);
  }

  AimsLine line() {
    AimsLine line;
    line.patient_id = clinic_.patients[patient_].id;
    line.episode_id = e_.id;
    line.enrolled = e_.enrolled;
    const auto discharge = effective_discharge(clinic_, patient_, e_, r_.inactivity_days, period_.until);
    line.effective_discharge = discharge.on;
    line.discharge_cause = discharge.cause;
    line.days_in_treatment = discharge.on.value_or(period_.until) - e_.enrolled;
    line.first_contact = first_contact();
    if (!phq9_.empty()) {
      line.baseline = phq9_.front();
      line.current = current(phq9_, period_.until);
      line.latest = phq9_.back();
    }
    const auto put = [&](F figure, Share share) { line.shares[static_cast<std::size_t>(figure)] = share; };
    put(F::contacts_per_month, contacts_per_month(line));
    put(F::first_contact, first_contact_in_time());
    put(F::days_to_first_contact, !line.first_contact                    ? left_out("no_contact_yet")
                                  : *line.first_contact >= period_.first ? counted("first_contact_in_period")
                                                                         : left_out("first_contact_earlier"));
    put(F::score_at_contact, score_at_contact());
    put(F::reviewed_weeks_8_to_12, reviewed_weeks_8_to_12());
    after_reviews(line);
    return line;
  }

  /// The figures that count people: of the line that stands for the patient.
  void place(AimsLine& line) {
    const auto put = [&](F figure, Share share) { line.shares[static_cast<std::size_t>(figure)] = share; };
    put(F::caseload, counted("enrolled"));
    put(F::three_contacts, three_contacts());
    put(F::improved, improved(line));
    const bool asks = line.share(F::improved).denominator > line.share(F::improved).numerator;
    const std::string_view why = line.share(F::improved).reason;
    put(F::consulted, asks ? consulted() : left_out(why));
    put(F::changed, asks ? changed() : left_out(why));
    if (line.effective_discharge) {
      const Share gone = left_out(line.discharge_cause == "inactivity" ? "inactive" : "discharged");
      for (const F figure : {F::active_caseload, F::score_monitored, F::median_phq9}) put(figure, gone);
      return;
    }
    put(F::active_caseload, counted("enrolled_on_the_last_day"));
    put(F::score_monitored, score_monitored());
    put(F::median_phq9, !has_depression_scale_ ? left_out("other_primary_scale")
                        : phq9_.empty()        ? left_out("no_score")
                                               : counted("scored"));
  }

 private:
  bool is_of_episode(Date day) const { return day >= e_.enrolled && day <= end_; }

  /// The latest score on a later day than the first one's, up to a day.
  static std::optional<Score> current(const std::vector<Score>& scores, Date until) {
    std::optional<Score> found;
    for (const auto& s : scores)
      if (s.date > scores.front().date && s.date <= until) found = s;
    return found;
  }
  bool is_elevated(const Score& baseline) const { return baseline.total >= r_.elevated_at - kTolerance; }
  bool is_improved(const Score& from, const Score& to) const {
    return to.total < r_.improved_below - kTolerance ||
           (from.total > kTolerance && (from.total - to.total) * 100 >= r_.improved_drop_percent * from.total - kTolerance);
  }
  bool stands_for_primary_scale(const Score& score) const {
    const auto& instrument = clinic_.forms[score.form].instrument;
    if (instrument == e_.primary_scale) return true;
    return std::any_of(r_.same_scale.begin(), r_.same_scale.end(),
                       [&](const auto& group) { return contains(group, instrument) && contains(group, e_.primary_scale); });
  }
  bool is_consultation(const Review& review) const {
    return is_of_episode(review.date) && (review.has_recommendation || !r_.review_needs_recommendation);
  }

  std::optional<Date> first_contact() const {
    const auto found = std::lower_bound(contacts_.begin(), contacts_.end(), e_.enrolled.plus_days(r_.first_contact_from_days));
    if (found == contacts_.end()) return std::nullopt;
    return *found;
  }

  Share contacts_per_month(const AimsLine& line) const {
    Share share{0, 0, "enrolled"};
    const Date enrolled_until = line.effective_discharge.value_or(period_.until);
    for (Date month = period_.first; month <= period_.until; month = month.plus_months(1))
      if (e_.enrolled <= std::min(month.last_of_month(), period_.until) && enrolled_until >= month) ++share.denominator;
    if (share.denominator == 0) return left_out("not_enrolled_in_period");
    for (const Date day : contacts_) share.numerator += period_.holds(day);
    return share;
  }

  Share three_contacts() const {
    const Date from = period_.until.first_of_month().plus_months(1 - r_.contacts_within_months);
    const auto contacts = std::count_if(contacts_.begin(), contacts_.end(), [&](Date day) { return day >= from; });
    return contacts >= r_.contacts_at_least ? counted("enough_contacts")
                                            : not_counted(contacts ? "fewer_contacts" : "no_contact");
  }

  /// Ended by the discharge before it ran out; nullopt when such clocks are left out.
  std::optional<Clock> cut_short(std::string_view why) const {
    if (!r_.early_discharge_counts) return std::nullopt;
    return Clock{*discharged_, false, why};
  }

  Share first_contact_in_time() const {
    const Date due = e_.enrolled.plus_days(r_.first_contact_days);
    const auto contact = first_contact();
    if (contact && *contact <= due) return in_period({*contact, true, "contact_in_time"}, period_);
    if (discharged_ && *discharged_ < due) {
      const auto clock = cut_short("discharged_without_contact");
      return clock ? in_period(*clock, period_) : left_out("discharged_early");
    }
    return in_period({due, false, contact ? "contact_later" : "no_contact"}, period_);
  }

  Share score_monitored() const {
    const Date from = period_.until.plus_days(1 - r_.monitored_within_days);
    if (e_.primary_scale.empty()) return left_out("no_primary_scale");
    if (e_.enrolled > from) return left_out("enrolled_within_the_window");
    bool is_scored = false;
    for (const auto& s : clinic_.scores.of(patient_)) {
      if (!is_of_episode(s.date) || !stands_for_primary_scale(s)) continue;
      if (s.date >= from) return counted("scored_in_the_window");
      is_scored = true;
    }
    return not_counted(is_scored ? "score_older" : "never_scored");
  }

  Share score_at_contact() const {
    Share share;
    for (const Date contact : contacts_) {
      if (!period_.holds(contact)) continue;
      ++share.denominator;
      for (const auto& s : clinic_.scores.of(patient_))
        if (s.date <= contact && contact - s.date <= r_.contact_score_days && s.date >= e_.enrolled &&
            stands_for_primary_scale(s)) {
          ++share.numerator;
          break;
        }
    }
    share.reason = share.denominator == 0                 ? "no_contact_in_period"
                   : share.numerator == share.denominator ? "every_contact_scored"
                   : share.numerator > 0                  ? "some_contacts_scored"
                                                          : "no_contact_scored";
    return share;
  }

  Share improved(const AimsLine& line) const {
    if (!has_depression_scale_) return left_out("other_primary_scale");
    if (line.days_in_treatment < r_.treatment_days) return left_out("under_10_weeks");
    if (!line.baseline) return left_out("no_baseline");
    if (r_.needs_elevated_baseline && !is_elevated(*line.baseline)) return left_out("baseline_not_elevated");
    if (!line.current) return not_counted("no_later_score");
    return is_improved(*line.baseline, *line.current) ? counted("improved") : not_counted("not_improved");
  }

  Share consulted() const {
    bool is_reviewed = false;
    for (const auto& review : clinic_.reviews.of(patient_)) {
      if (is_consultation(review)) return counted("consulted");
      is_reviewed = is_reviewed || is_of_episode(review.date);
    }
    return not_counted(is_reviewed ? "review_without_recommendation" : "not_reviewed");
  }

  Share changed() const {
    for (const auto& step : clinic_.treatment_steps.of(patient_))
      if (step.date > e_.enrolled && step.date <= end_) return counted("changed");
    return not_counted("not_changed");
  }

  Share reviewed_weeks_8_to_12() const {
    if (!has_depression_scale_) return left_out("other_primary_scale");
    const Date judged = e_.enrolled.plus_days(r_.nonresponse_day);
    if (discharged_ && *discharged_ < judged) return left_out("discharged_before_week_8");
    if (judged > period_.until) return left_out("before_week_8");
    if (phq9_.empty() || phq9_.front().date > judged) return left_out("no_baseline_by_week_8");
    if (r_.needs_elevated_baseline && !is_elevated(phq9_.front())) return left_out("baseline_not_elevated");
    const auto now = current(phq9_, judged);
    if (now && is_improved(phq9_.front(), *now)) return left_out("improved_by_week_8");
    const Date from = e_.enrolled.plus_days(r_.review_from_day), to = e_.enrolled.plus_days(r_.review_to_day);
    std::optional<Date> first;
    bool is_reviewed_later = false;
    for (const auto& review : clinic_.reviews.of(patient_)) {
      if (!is_consultation(review)) continue;
      if (review.date >= from && review.date <= to && (!first || review.date < *first)) first = review.date;
      is_reviewed_later = is_reviewed_later || review.date > to;
    }
    if (first) return in_period({*first, true, "reviewed_in_window"}, period_);
    if (discharged_ && *discharged_ < to) {
      const auto clock = cut_short("discharged_without_review");
      return clock ? in_period(*clock, period_) : left_out("discharged_early");
    }
    return in_period({to, false, is_reviewed_later ? "reviewed_later" : "not_reviewed"}, period_);
  }

  /// The first change on or after a review: a step of a treatment, or advice of that review that was carried out.
  std::optional<Date> change_after(Date review) const {
    std::optional<Date> first;
    const auto take = [&](Date day) {
      if (day >= review && day <= end_ && (!first || day < *first)) first = day;
    };
    for (const auto& step : clinic_.treatment_steps.of(patient_)) take(step.date);
    for (const auto& advice : clinic_.recommendations.of(patient_))
      if (advice.reviewed == review && advice.done && contains(r_.change_kinds, advice.kind)) take(*advice.done);
    return first;
  }

  void after_reviews(AimsLine& line) const {
    std::vector<Date> reviews;  // that ask for a change
    for (const auto& advice : clinic_.recommendations.of(patient_))
      if (is_of_episode(advice.reviewed) && contains(r_.change_kinds, advice.kind)) reviews.push_back(advice.reviewed);
    std::sort(reviews.begin(), reviews.end());
    reviews.erase(std::unique(reviews.begin(), reviews.end()), reviews.end());
    Share share;
    std::string_view why_out = "no_review_asks_for_a_change";
    for (const Date review : reviews) {
      const auto change = change_after(review);
      if (change && *change >= period_.first && *change - review <= r_.change_followed_days)
        line.changes.push_back({review, *change});
      const Date due = review.plus_days(r_.change_within_days);
      std::optional<Clock> clock = Clock{due, false, ""};
      if (change && *change <= due) clock = Clock{*change, true, ""};
      else if (discharged_ && *discharged_ < due) clock = cut_short("");
      const Share one = clock ? in_period(*clock, period_) : left_out("discharged_early");
      share.numerator += one.numerator;
      share.denominator += one.denominator;
      if (one.denominator == 0) why_out = one.reason;
    }
    share.reason = share.denominator == 0                 ? why_out
                   : share.numerator == share.denominator ? "changed_in_time"
                   : share.numerator > 0                  ? "some_changed_in_time"
                                                          : "not_changed_in_time";
    line.shares[static_cast<std::size_t>(F::change_after_review)] = share;
    const int changes = static_cast<int>(line.changes.size());
    line.shares[static_cast<std::size_t>(F::days_to_change)] = {changes, changes,
                                                                changes > 0       ? "changed_in_period"
                                                                : reviews.empty() ? "no_review_asks_for_a_change"
                                                                                  : "no_change_in_period"};
  }

  const Clinic& clinic_;
  PatientIndex patient_;
  const Episode& e_;
  const AimsRules& r_;
  const ReportPeriod& period_;
  const Forms& forms_;
  std::optional<Date> discharged_;  ///< as recorded and known
  Date end_;                        ///< the episode's last day that is known
  bool has_depression_scale_ = false;
  std::vector<Date> contacts_;  ///< clinical ones of the episode, in order
  std::vector<Score> phq9_;     ///< of the episode, in order; empty with another primary scale
};

/// Thousandths of the mean attested FTE of the months that have begun, as a ratio.
struct Fte {
  std::int64_t thousandths = 0, months = 0;
};
Fte fte_of(const Clinic& clinic, const ReportPeriod& period) {
  Fte fte;
  for (Date month = period.first; month <= period.until; month = month.plus_months(1)) {
    bool attested = false;
    for (const auto& [first, value] : clinic.bhcm_fte)
      if (first == month) {
        fte.thousandths += std::llround(value * 1000);
        attested = true;
      }
    fte.months += attested;
  }
  return fte;
}

}  // namespace

const AimsFigureInfo& info(AimsFigure figure) { return kInfo[static_cast<std::size_t>(figure)]; }

Result<AimsRules> load_aims_rules(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "numbers", "switches", "depression_scales", "same_scale", "change_kinds", "benchmarks"});
  AimsRules r;
  r.name = root.required("name").string(1, 60).value_or("");
  r.version = root.required("version").string(1, 20).value_or("");
  const auto numbers = root.required("numbers");
  numbers.only({"inactivity_days", "contacts_at_least", "contacts_within_months", "first_contact_days", "first_contact_from_days",
                "monitored_within_days", "contact_score_days", "treatment_days", "elevated_at", "improved_below",
                "improved_drop_percent", "nonresponse_day", "review_from_day", "review_to_day", "change_within_days",
                "change_followed_days"});
  r.file.whole(numbers, "inactivity_days", 1, 3650, r.inactivity_days);
  r.file.whole(numbers, "contacts_at_least", 1, 100, r.contacts_at_least);
  r.file.whole(numbers, "contacts_within_months", 1, 120, r.contacts_within_months);
  r.file.whole(numbers, "first_contact_days", 1, 3650, r.first_contact_days);
  r.file.whole(numbers, "first_contact_from_days", 0, 3650, r.first_contact_from_days);
  r.file.whole(numbers, "monitored_within_days", 1, 3650, r.monitored_within_days);
  r.file.whole(numbers, "contact_score_days", 0, 3650, r.contact_score_days);
  r.file.whole(numbers, "treatment_days", 1, 3650, r.treatment_days);
  r.file.points(numbers, "elevated_at", r.elevated_at);
  r.file.points(numbers, "improved_below", r.improved_below);
  r.file.points(numbers, "improved_drop_percent", r.improved_drop_percent);
  r.file.whole(numbers, "nonresponse_day", 1, 3650, r.nonresponse_day);
  r.file.whole(numbers, "review_from_day", r.nonresponse_day, 3650, r.review_from_day);
  r.file.whole(numbers, "review_to_day", r.review_from_day, 3650, r.review_to_day);
  r.file.whole(numbers, "change_within_days", 0, 3650, r.change_within_days);
  r.file.whole(numbers, "change_followed_days", 0, 3650, r.change_followed_days);
  const auto switches = root.required("switches");
  switches.only({"needs_elevated_baseline", "review_needs_recommendation", "early_discharge_counts"});
  r.file.flag(switches, "needs_elevated_baseline", r.needs_elevated_baseline);
  r.file.flag(switches, "review_needs_recommendation", r.review_needs_recommendation);
  r.file.flag(switches, "early_discharge_counts", r.early_discharge_counts);
  r.depression_scales = read_names(root.required("depression_scales"));
  root.required("same_scale").each([&](const json::Cursor& group) { r.same_scale.push_back(read_names(group)); });
  const auto kinds = root.required("change_kinds");
  kinds.required("source").string(1, 500);
  r.change_kinds = read_names(kinds.required("value"));
  r.benchmarks = read_benchmarks(root.required("benchmarks"));
  for (const auto& b : r.benchmarks)
    if (std::none_of(std::begin(kInfo), std::end(kInfo), [&](const auto& figure) { return figure.id == b.figure; }))
      root.required("benchmarks").issue("names a figure that is not there: " + b.figure);
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rule set cannot be used.", issues.list());
  return r;
}

std::optional<double> AimsTotal::percent() const { return Rate{numerator, denominator}.percent(); }

AimsReport aims_report(const Clinic& clinic, const AimsRules& rules, const ReportPeriod& period) {
  AimsReport report;
  report.rule_set = rules.name;
  report.version = rules.version;
  report.period = period;
  const Forms forms(clinic, rules);
  std::vector<PatientIndex> order(clinic.patients.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<PatientIndex>(i);
  std::sort(order.begin(), order.end(),
            [&](PatientIndex a, PatientIndex b) { return clinic.patients[a].id < clinic.patients[b].id; });
  std::vector<double> days_to_contact, days_to_change, phq9;
  std::vector<const Episode*> episodes;
  for (const PatientIndex patient : order) {
    episodes.clear();
    for (const auto& e : clinic.episodes.of(patient))
      if (e.enrolled <= period.until) episodes.push_back(&e);
    std::sort(episodes.begin(), episodes.end(), [](const Episode* a, const Episode* b) {
      return a->enrolled != b->enrolled ? a->enrolled < b->enrolled : a->id < b->id;
    });
    std::vector<Case> cases;
    const std::size_t first_line = report.lines.size();
    std::size_t standing = 0;
    bool is_enrolled = false;
    for (const Episode* e : episodes) {
      cases.emplace_back(clinic, patient, *e, rules, period, forms);
      report.lines.push_back(cases.back().line());
      const auto& line = report.lines.back();
      // The last episode that is enrolled in the period stands for the patient.
      if (line.effective_discharge && *line.effective_discharge < period.first) continue;
      is_enrolled = true;
      standing = report.lines.size() - 1;
    }
    for (std::size_t i = first_line; i < report.lines.size(); ++i) {
      auto& line = report.lines[i];
      if (is_enrolled && i == standing) {
        cases[i - first_line].place(line);
      } else {
        const bool later = is_enrolled && (!line.effective_discharge || *line.effective_discharge >= period.first);
        for (const F figure : {F::caseload, F::active_caseload, F::three_contacts, F::score_monitored, F::median_phq9,
                               F::improved, F::consulted, F::changed})
          line.shares[static_cast<std::size_t>(figure)] = left_out(later ? "later_episode_counts" : "not_enrolled_in_period");
      }
      for (std::size_t f = 0; f < kAimsFigures; ++f) {
        report.totals[f].numerator += line.shares[f].numerator;
        report.totals[f].denominator += line.shares[f].denominator;
      }
      if (line.share(F::days_to_first_contact).denominator) days_to_contact.push_back(*line.first_contact - line.enrolled);
      for (const auto& change : line.changes) days_to_change.push_back(change.days());
      if (line.share(F::median_phq9).denominator) phq9.push_back(line.latest->total);
    }
  }
  const auto total = [&](F figure) -> AimsTotal& { return report.totals[static_cast<std::size_t>(figure)]; };
  for (const F figure : {F::caseload, F::active_caseload}) total(figure).value = static_cast<double>(total(figure).numerator);
  const Fte fte = fte_of(clinic, period);
  if (fte.months > 0) report.fte = static_cast<double>((2 * fte.thousandths + 10 * fte.months) / (20 * fte.months)) / 100;
  for (const auto& [per_fte, of] :
       {std::pair(F::caseload_per_fte, F::caseload), std::pair(F::active_caseload_per_fte, F::active_caseload)}) {
    total(per_fte).numerator = total(of).numerator;
    if (fte.thousandths > 0) total(per_fte).value = tenths(total(of).numerator * 1000 * fte.months, fte.thousandths);
  }
  if (auto& contacts = total(F::contacts_per_month); contacts.denominator > 0)
    contacts.value = tenths(contacts.numerator, contacts.denominator);
  total(F::days_to_first_contact).value = median(std::move(days_to_contact));
  total(F::days_to_change).value = median(std::move(days_to_change));
  total(F::median_phq9).value = median(std::move(phq9));
  return report;
}

std::string aims_json(const AimsReport& r, const AimsRules& rules, std::optional<Instant> as_of) {
  std::string text;
  json::Writer w(text);
  w.object().field("rule_set", r.rule_set).field("rule_set_version", r.version);
  write_period(w, r.period);
  if (as_of) w.field("as_of", *as_of);
  rules.file.write(w);
  w.field("fte", r.fte);
  w.key("figures").array();
  for (std::size_t f = 0; f < kAimsFigures; ++f) {
    const auto& figure = kInfo[f];
    const auto& total = r.totals[f];
    const bool has_denominator =
        figure.kind == "rate" || figure.kind == "median" || (figure.kind == "mean" && figure.is_of_lines);
    open_figure(w, {figure.id, figure.kind, figure.of, figure.unit, total.numerator,
                    has_denominator ? std::optional(total.denominator) : std::nullopt,
                    figure.kind == "rate" ? total.percent() : std::nullopt, total.value});
    write_benchmarks(w, rules.benchmarks, figure.id);
    w.end();
  }
  w.end();
  w.key("episodes").array();
  for (const auto& line : r.lines) {
    w.object().field("patient_id", line.patient_id).field("episode_id", line.episode_id).field("enrolled", line.enrolled);
    w.field("effective_discharge_date", line.effective_discharge);
    w.field("discharge_cause",
            line.discharge_cause.empty() ? std::nullopt : std::optional<std::string_view>(line.discharge_cause));
    w.field("days_in_treatment", line.days_in_treatment).field("first_contact", line.first_contact);
    write_score(w, "baseline", line.baseline);
    write_score(w, "current", line.current);
    write_score(w, "latest", line.latest);
    w.key("changes").array();
    for (const auto& change : line.changes)
      w.object().field("review", change.review).field("change", change.change).field("days", change.days()).end();
    w.end();
    w.key("reasons").object();
    for (std::size_t f = 0; f < kAimsFigures; ++f) {
      const auto& figure = kInfo[f];
      const auto& share = line.shares[f];
      if (!figure.is_of_lines) continue;
      if (figure.counts_events) {
        w.key(figure.id).object().field("numerator", share.numerator).field("denominator", share.denominator);
        w.field("why", share.reason).end();
      } else {
        write_standing(w, figure.id, {share.denominator > 0, share.numerator > 0, share.reason});
      }
    }
    w.end().end();
  }
  w.end().end();
  return text + "\n";
}

std::string aims_table(const AimsReport& r, const AimsRules& rules) {
  std::string text = fmt::format("{} version {}, {}{}\n\n", r.rule_set, r.version, r.period.text,
                                 r.period.until < r.period.last ? " (known until " + r.period.until.iso() + ")" : std::string());
  for (std::size_t f = 0; f < kAimsFigures; ++f) {
    const auto& figure = kInfo[f];
    const auto& total = r.totals[f];
    std::string shown;
    if (figure.kind == "rate")
      shown = total.percent() ? fmt::format("{} of {}  {:.1f} %", total.numerator, total.denominator, *total.percent())
                              : std::string("nobody");
    else if (figure.kind == "count") shown = std::to_string(total.numerator);
    else if (total.value) shown = fmt::format("{:g} {}", *total.value, figure.unit);
    else shown = figure.is_of_lines ? "nobody" : "FTE not attested";
    text += fmt::format("  {:<42} {:>22}  of: {}", figure.label, shown, figure.of);
    for (const auto& b : rules.benchmarks)
      if (b.figure == figure.id) text += fmt::format("; published: {:g} {} ({}; of {})", b.value, b.unit, b.kind, b.of);
    text += '\n';
  }
  return text;
}

}  // namespace concord::measures
