#include "caseload/caseload.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "base/check.h"
#include "base/text.h"
#include "caseload/caseload_glance.h"
#include "caseload/caseload_owner.h"

namespace concord::caseload {
namespace {

using measurements::Criteria;
using measurements::Progress;

constexpr std::array<std::string_view, 6> kNeeds{"safety", "overdue", "not_improving", "review_due", "target_met", "on_track"};

/// Collects the triggers of one episode.
class Deriver {
 public:
  Deriver(const EpisodeFacts& facts, const RuleSet& rules)
      : f_(facts),
        rules_(rules),
        n_(rules.numbers),
        criteria_(rules.criteria(facts.primary_instrument)),
        calendar_(facts.calendar ? *facts.calendar : rules.calendar),
        pathway_(rules.pathway(facts.pathway)) {
    if (!f_.primary_instrument.empty()) progress_ = measurements::progress(f_.scores, criteria_, f_.enrolled);
  }

  CaseloadRow row() {
    look();
    CaseloadRow out;
    out.patient = f_.patient;
    out.episode = f_.episode;
    out.site = f_.site;
    out.state = f_.state;
    out.given_name = f_.given_name;
    out.family_name = f_.family_name;
    out.birth_date = f_.birth_date;
    out.care_manager = f_.care_manager;
    out.care_manager_name = f_.care_manager_name;
    out.enrolled = f_.enrolled;
    out.closed = f_.closed;
    out.pathway = f_.pathway;
    out.primary = summary(f_.primary_instrument, progress_);
    if (!f_.primary_instrument.empty()) {
      const bool phq = f_.primary_instrument == "phq-9" || f_.primary_instrument == "phq-9m";
      const std::string_view other = phq ? "gad-7" : "phq-9";
      auto second = summary(std::string(other), measurements::progress(f_.scores, rules_.criteria(other), f_.enrolled));
      if (!second.points.empty()) out.secondary = std::move(second);
    }
    out.last_contact = last_contact_ ? std::optional(last_contact_->date) : std::nullopt;
    out.plan_since = last_change_;
    out.last_review = last_review_ ? std::optional(last_review_->date) : std::nullopt;
    for (const Score& s : f_.scores) out.unseen_measurements += s.unseen && !s.replaced;

    safety_unreviewed();
    messages();
    if (f_.state == State::closed) {
      seen_elsewhere();
    } else {
      safety_reassess();
      checkin_unseen();
      questions();
      recommendations();
      if (episodes::is_enrolled(f_.state) && f_.enrolled) enrolled_rules();
      else referral_waiting();
      tasks();
      community();
    }
    defer();
    std::sort(triggers_.begin(), triggers_.end(), [](const Trigger& a, const Trigger& b) {
      auto key = [](const Trigger& t) {
        return std::tuple(need_of(t.rule), t.due, t.due_at ? t.due_at->time_since_epoch().count() : 0, t.rule, t.variant);
      };
      const auto ka = key(a), kb = key(b);
      if (ka != kb) return ka < kb;
      return a.evidence[0].id < b.evidence[0].id;
    });
    out.next_due = next_due_;
    out.triggers = std::move(triggers_);
    return out;
  }

 private:
  Trigger& add(Rule rule, Date from, Date due, std::uint8_t variant = 0) {
    Trigger t;
    t.rule = rule;
    t.variant = variant;
    t.from = from;
    t.due = due;
    triggers_.push_back(std::move(t));
    return triggers_.back();
  }
  static void show(Trigger& t, EvidenceKind kind, Uuid id, Date date, std::optional<double> value = std::nullopt) {
    if (t.evidence_count == t.evidence.size()) return;
    t.evidence[t.evidence_count++] = {kind, id, date, value};
  }
  static void show(Trigger& t, const Score* score) {
    if (score) show(t, EvidenceKind::measurement, score->id, score->date, score->total);
  }
  void show_enrolment(Trigger& t) const { show(t, EvidenceKind::episode, f_.episode.uuid, *f_.enrolled); }
  /// Baseline and current; without any score the day the waiting began.
  void show_improvement(Trigger& t) const {
    if (!progress_.baseline) return show_enrolment(t);
    show(t, progress_.baseline);
    show(t, progress_.current);
  }
  void show_last_review(Trigger& t) const {
    if (last_review_) show(t, EvidenceKind::review, last_review_->id, last_review_->date);
  }
  void next(Date due) {
    if (!next_due_ || due < *next_due_) next_due_ = due;
  }

  /// The facts several rules ask for.
  void look() {
    for (const ContactFact& c : f_.contacts) {
      if (!f_.enrolled || c.date < *f_.enrolled) continue;
      auto later = [](const ContactFact& a, const ContactFact* b) {
        return !b || std::tie(a.date, a.entered_at, a.id) > std::tie(b->date, b->entered_at, b->id);
      };
      if (c.clinical && later(c, last_contact_)) last_contact_ = &c;
      if (c.next_due && later(c, last_agreed_)) last_agreed_ = &c;
    }
    // An agreement made before the last contact has been kept or overtaken by it.
    if (last_agreed_ && last_contact_ && last_agreed_->date < last_contact_->date) last_agreed_ = nullptr;
    for (const ReviewFact& r : f_.reviews)
      if (r.date >= f_.referred && (!last_review_ || std::tie(r.date, r.id) > std::tie(last_review_->date, last_review_->id)))
        last_review_ = &r;
    for (const TreatmentFact& t : f_.treatments) {
      auto consider = [&](Date day) {
        if (!last_change_ || day > *last_change_ || (day == *last_change_ && t.id > changed_treatment_)) {
          last_change_ = day;
          changed_treatment_ = t.id;
        }
      };
      consider(t.start);
      if (t.stop) consider(*t.stop);
      for (const Date day : t.changes) consider(day);
    }
  }

  ScoreSummary summary(std::string instrument, const Progress& p) const {
    ScoreSummary s;
    s.instrument = std::move(instrument);
    if (p.baseline) {
      s.baseline = p.baseline->total;
      s.baseline_date = p.baseline->date;
    }
    if (p.current) {
      s.current = p.current->total;
      s.current_date = p.current->date;
    }
    s.change = p.change;
    s.percent = p.percent;
    if (const Score* last = p.latest())
      for (const Score* score : p.series)
        if (last->date - score->date <= n_.sparkline_days) {
          if (!s.points.empty() && s.points.back().date == score->date) s.points.pop_back();  // a day has one point
          s.points.push_back({score->date, *score->total});
        }
    return s;
  }

  // -- safety

  void safety_unreviewed() {
    struct Open {
      Date date;
      std::optional<Instant> due_at;
      const SafetyFact* event = nullptr;
      const Score* score = nullptr;
    };
    std::vector<Open> open;
    std::optional<Date> last_disposition;
    for (const SafetyFact& e : f_.safety) {
      if (!e.closed) open.push_back({e.signalled, e.due_at, &e, nullptr});
      // Whoever assessed, reassessed or closed a signal has seen what was answered until then.
      for (const auto& seen : {e.closed, e.assessed, e.reassessed})
        if (seen && (!last_disposition || *seen > *last_disposition)) last_disposition = seen;
    }
    // A positive answer nobody made an event of (an imported score) is as open, until a clinician has closed
    // a signal on that day or later.
    for (const Score& s : f_.scores) {
      if (!s.safety_positive || s.replaced || s.date < f_.referred) continue;
      if (f_.closed && s.date > *f_.closed) continue;
      if (last_disposition && *last_disposition >= s.date) continue;
      const bool has_event =
          std::any_of(f_.safety.begin(), f_.safety.end(), [&](const SafetyFact& e) { return e.measurement == s.id; });
      if (has_event) continue;
      std::optional<Instant> due;
      if (s.at) due = *s.at + std::chrono::minutes(n_.safety_unreviewed_minutes);
      open.push_back({s.date, due, nullptr, &s});
    }
    if (open.empty()) return;
    std::sort(open.begin(), open.end(), [](const Open& a, const Open& b) {
      auto key = [](const Open& o) {
        return std::tuple(o.date, o.due_at ? o.due_at->time_since_epoch().count() : 0, o.event ? o.event->id : o.score->id);
      };
      return key(a) < key(b);
    });
    const Open& first = open.front();
    // How far the first is, beside how many there are.
    const int stage = !first.event ? 0 : first.event->assessed ? 2 : first.event->acknowledged ? 1 : 0;
    Trigger& t = add(Rule::safety_unreviewed, first.date, first.date,
                     static_cast<std::uint8_t>(stage * 16 + static_cast<int>(std::min<std::size_t>(open.size(), 15))));
    t.due_at = first.due_at;
    if (first.event) t.who = first.event->holder;
    t.note = first.event ? first.event->signal : first.score->instrument;
    for (const Open& o : open) {
      if (!o.event) {
        show(t, o.score);
      } else if (o.event->measurement == o.event->id) {
        const auto score = std::find_if(f_.scores.begin(), f_.scores.end(), [&](const Score& s) { return s.id == o.event->id; });
        show(t, EvidenceKind::measurement, o.event->id, o.date, score == f_.scores.end() ? std::nullopt : score->total);
      } else {
        show(t, EvidenceKind::safety_event, o.event->id, o.date);
      }
    }
  }

  void safety_reassess() {
    const SafetyFact* last = nullptr;
    const SafetyFact* before = nullptr;
    auto seen = [](const SafetyFact& e) { return e.closed ? e.closed : e.assessed; };
    for (const SafetyFact& e : f_.safety) {
      if (!seen(e)) return;  // the open signal asks for an assessment already
      if (!last || std::tuple(*seen(e), e.signalled, e.id) > std::tuple(*seen(*last), last->signalled, last->id)) {
        before = last;
        last = &e;
      } else if (!before || *seen(e) > *seen(*before)) {
        before = &e;
      }
    }
    if (!last || last->follow_up_ended) return;
    const Date on = *seen(*last);
    std::optional<Date> due = last->reassess;
    if (!due && last->level) {
      const bool again = before && before->level == last->level;
      if (*last->level == "high") due = on.plus_days(again ? n_.safety_reassess_high_days : n_.safety_reassess_high_first_days);
      else if (*last->level == "moderate") due = on.plus_days(n_.safety_reassess_moderate_days);
      else if (*last->level == "low") due = on.plus_days(n_.safety_reassess_low_days);
    }
    if (!due) return;
    const Date since = std::max(on, last->reassessed.value_or(on));
    for (const Score& s : f_.scores)
      if (s.instrument.starts_with("c-ssrs") && !s.replaced && s.date > since) return;
    Trigger& t = add(Rule::safety_reassess, *due, *due,
                     last->level == "high"       ? 3
                     : last->level == "moderate" ? 2
                     : last->level == "low"      ? 1
                                                 : 0);
    t.who = last->holder;
    show(t, EvidenceKind::safety_event, last->id, since);
    next(*due);
  }

  // -- before enrolment

  void referral_waiting() {
    const Date received = f_.referral ? f_.referral->received : f_.referred;
    const Uuid id = f_.referral ? f_.referral->id : f_.episode.uuid;
    const EvidenceKind kind = f_.referral ? EvidenceKind::referral : EvidenceKind::episode;
    if (f_.state == State::referred) {
      const AttemptFact* last = nullptr;
      bool reached = false;
      if (f_.referral)
        for (const AttemptFact& a : f_.referral->attempts) {
          if (!last || std::tie(a.on, a.id) > std::tie(last->on, last->id)) last = &a;
          reached = reached || a.result == "reached" || a.result == "declined";
        }
      if (!reached) {
        const Date due = calendar::add_working_days(calendar_, last ? last->on : received, n_.referral_attempt_working_days);
        Trigger& t = add(Rule::referral_waiting, due, due, last ? 2 : 1);
        show(t, kind, id, received);
        if (last) show(t, EvidenceKind::attempt, last->id, last->on);
        next(due);
      }
    }
    const Date due = received.plus_days(n_.referral_outcome_days);
    const bool assessed = f_.state == State::assessed && f_.assessed;
    Trigger& t = add(Rule::referral_waiting, assessed ? std::max(due, *f_.assessed) : due, due, assessed ? 5 : 3);
    show(t, kind, id, received);
    if (assessed) show(t, EvidenceKind::episode, f_.episode.uuid, *f_.assessed);
    next(due);
  }

  void seen_elsewhere() {
    if (f_.close_reason != "other_level_of_care" || !f_.closed) return;
    if (f_.referral && f_.referral->seen_elsewhere) return;
    const Date since = f_.referral && f_.referral->outcome_date ? *f_.referral->outcome_date : *f_.closed;
    Trigger& t = add(Rule::referral_waiting, since, since.plus_days(n_.referral_seen_elsewhere_days), 4);
    show(t, f_.referral ? EvidenceKind::referral : EvidenceKind::episode, f_.referral ? f_.referral->id : f_.episode.uuid, since);
    next(t.due);
  }

  // -- in care

  void enrolled_rules() {
    contacts();
    inactive();
    consent();
    visit();
    minutes_near();
    if (f_.care_managers_known && (!f_.care_manager || f_.care_manager_left)) {
      const Date from = f_.care_manager ? std::max(*f_.enrolled, *f_.care_manager_left) : *f_.enrolled;
      Trigger& t = add(Rule::care_manager_missing, from, from, f_.care_manager ? 1 : 0);
      if (f_.care_manager) t.note = f_.care_manager_name;
      show_enrolment(t);
    }
    if (f_.state != State::on_hold) {
      measure_stale();
      pathway_forms();
      goal_review();
      education_language();
    }
    if (f_.state == State::relapse_prevention) relapse_plan();
    if (f_.state == State::active) {
      review_new();
      not_improving();
      target_met();
      const Date long_from = f_.enrolled->plus_months(n_.episode_long_months);
      show_enrolment(add(Rule::episode_long, long_from, long_from));
    }
    const bool relapsed = f_.state == State::relapse_prevention && relapse();
    if (!relapsed) score_worse();
  }

  /// In active care, by the day of the last contact counted from enrolment.
  int days_between_contacts(int day) const {
    if (pathway_ && !pathway_->way.contacts.empty()) {
      int days = pathway_->way.contacts.front().every_days;
      for (const pathways::Cadence& step : pathway_->way.contacts)
        if (day >= 7 * step.from_week) days = step.every_days;
      return days;
    }
    return day < n_.cadence_early_until_day    ? n_.cadence_early_days
           : day < n_.cadence_middle_until_day ? n_.cadence_middle_days
                                               : n_.cadence_late_days;
  }

  void contacts() {
    const Date enrolled = *f_.enrolled;
    if (f_.state == State::active && (!last_contact_ || last_contact_->date == enrolled)) {
      // The contact of the enrolment day is the assessment itself; the first follow-up is what counts.
      const Date due = enrolled.plus_days(n_.contact_first_due_days);
      Trigger& t = add(Rule::contact_first, enrolled.plus_days(n_.contact_first_amber_days), due);
      show_enrolment(t);
      next(due);
    }
    std::optional<Date> due;
    if (last_agreed_) {
      due = *last_agreed_->next_due;
    } else if (f_.state == State::on_hold) {
      Date since = last_contact_ ? last_contact_->date : enrolled;
      if (f_.on_hold && *f_.on_hold > since) since = *f_.on_hold;
      due = since.plus_days(n_.cadence_on_hold_days);
    } else if (f_.state == State::relapse_prevention) {
      Date since = last_contact_ ? last_contact_->date : enrolled;
      if (!last_contact_ && f_.relapse_prevention) since = *f_.relapse_prevention;
      due = since.plus_days(n_.cadence_relapse_prevention_days);
    } else if (last_contact_) {
      due = last_contact_->date.plus_days(days_between_contacts(last_contact_->date - enrolled));
    }
    if (!due) return;
    Trigger& t = add(Rule::contact_due, *due, *due, last_agreed_ ? 1 : 0);
    if (last_contact_) show(t, EvidenceKind::contact, last_contact_->id, last_contact_->date);
    if (last_agreed_ && last_agreed_ != last_contact_) show(t, EvidenceKind::contact, last_agreed_->id, last_agreed_->date);
    if (!t.evidence_count) show_enrolment(t);
    next(*due);
  }

  void inactive() {
    const Date since = last_contact_ ? last_contact_->date : *f_.enrolled;
    Trigger& t = add(Rule::inactive, since.plus_days(n_.inactive_notice_days), since.plus_days(n_.inactive_close_days));
    if (last_contact_) show(t, EvidenceKind::contact, last_contact_->id, last_contact_->date);
    else show_enrolment(t);
  }

  void consent() {
    if (!f_.consents_known) return;
    std::optional<Date> withdrawn;
    for (const ConsentFact& c : f_.consents) {
      if (!c.withdrawn) return;
      if (!withdrawn || *c.withdrawn > *withdrawn) withdrawn = c.withdrawn;
    }
    if (withdrawn) {
      const Date from = std::max(*withdrawn, *f_.enrolled);
      show(add(Rule::consent_missing, from, from, 2), EvidenceKind::consent, f_.episode.uuid, *withdrawn);
      return;
    }
    // Without consent there is something to bill only once somebody has worked with the patient.
    if (const ContactFact* first = first_work())
      show(add(Rule::consent_missing, first->date, first->date, 1), EvidenceKind::contact, first->id, first->date);
  }

  void measure_stale() {
    if (f_.primary_instrument.empty()) return;
    const Score* last = nullptr;
    for (const Score& s : f_.scores)
      if (s.valid && !s.replaced && s.total && s.instrument == f_.primary_instrument &&
          (!last || measurements::earlier(*last, s)))
        last = &s;
    const int days =
        f_.state == State::relapse_prevention ? criteria_.stale_days_relapse_prevention : criteria_.stale_days_active;
    const Date due = std::max((last ? last->date : *f_.enrolled).plus_days(days), *f_.enrolled);
    Trigger& t = add(Rule::measure_stale, due, due);
    if (last) show(t, last);
    else show_enrolment(t);
  }

  void review_new() {
    if (last_review_) return;
    show_enrolment(add(Rule::review_new, *f_.enrolled, f_.enrolled->plus_days(n_.review_new_days)));
  }

  /// review.nonresponse, review.stale and plan.adjust: nothing to wait for when the score never was elevated.
  void not_improving() {
    const Progress& p = progress_;
    if (f_.primary_instrument.empty() || !criteria_.response_kind) return;
    if (criteria_.elevated && p.baseline && !p.baseline_elevated && !p.current_elevated) return;
    if (p.remission) return;
    const Date enrolled = *f_.enrolled;
    if (!p.response) {
      Date from = enrolled.plus_days(n_.review_nonresponse_from_days);
      if (last_review_) from = std::max(from, last_review_->date.plus_days(n_.review_nonresponse_quiet_days));
      Trigger& t = add(Rule::review_nonresponse, from, std::max(from, enrolled.plus_days(n_.review_nonresponse_due_days)));
      show_improvement(t);
      show_last_review(t);
    }
    if (criteria_.elevated ? !p.improved : !p.response) {
      Date from = enrolled.plus_days(n_.review_stale_enrolled_days);
      if (last_review_) from = std::max(from, last_review_->date.plus_days(n_.review_stale_quiet_days));
      Trigger& t = add(Rule::review_stale, from, from);
      show_improvement(t);
      show_last_review(t);
    }
    if (!p.response) {
      // A plan that was there before enrolment starts its clock with the episode's own baseline.
      const Date since = last_change_ ? std::max(*last_change_, enrolled) : enrolled;
      const Date from = since.plus_days(n_.plan_adjust_days);
      Trigger& t = add(Rule::plan_adjust, from, from);
      if (p.baseline) show_improvement(t);
      if (last_change_ && *last_change_ >= enrolled) show(t, EvidenceKind::treatment, changed_treatment_, *last_change_);
      else show_enrolment(t);
    }
  }

  void target_met() {
    const Progress& p = progress_;
    if (!p.current) return;
    const bool remission_only = f_.target == "remission";
    const Score* first = nullptr;  // of the run of scores at target that ends with the current one
    for (auto it = p.series.rbegin(); it != p.series.rend() && (*it)->date > p.baseline->date; ++it) {
      if (!measurements::at_target(**it, *p.baseline, criteria_, remission_only)) break;
      first = *it;
    }
    if (!first || p.current->date - first->date < n_.target_apart_days) return;
    const Score* met = p.current;
    for (auto it = p.series.rbegin(); it != p.series.rend() && *it != first; ++it)
      if ((*it)->date - first->date >= n_.target_apart_days) met = *it;
    Trigger& t = add(Rule::target_met, met->date, met->date);
    show(t, p.baseline);
    show(t, first);
    show(t, p.current);
  }

  bool relapse() {
    if (!f_.relapse_prevention) return false;
    const Score* at_start = nullptr;
    const Score* best = nullptr;
    const Score* now = nullptr;
    for (const Score* s : progress_.series) {
      if (s->date <= *f_.relapse_prevention) {
        at_start = s;
        continue;
      }
      if (now && (!best || (criteria_.higher_is_worse ? *now->total < *best->total : *now->total > *best->total))) best = now;
      now = s;
    }
    if (!now) return false;
    if (at_start && (!best || (criteria_.higher_is_worse ? *at_start->total <= *best->total : *at_start->total >= *best->total)))
      best = at_start;
    const bool up = best && criteria_.is_worse(*best->total, *now->total);
    if (!up && !criteria_.is_elevated(*now->total)) return false;
    Trigger& t = add(Rule::relapse, now->date, now->date, up ? 1 : 0);
    show(t, now);
    show(t, best);
    return true;
  }

  void score_worse() {
    const Progress& p = progress_;
    if (!p.current || (!p.worse_than_previous && !p.worse_than_baseline)) return;
    // Somebody has acted on it: a case review or a change of treatment on that day or later.
    if (last_review_ && last_review_->date >= p.current->date) return;
    if (last_change_ && *last_change_ >= p.current->date) return;
    const bool sudden = p.worse_than_previous;
    Trigger& t = add(Rule::score_worse, p.current->date, p.current->date, sudden ? 1 : 2);
    show(t, sudden ? p.previous : p.baseline);
    show(t, p.current);
  }

  // -- between the consultant and the team

  void recommendation(const RecommendationFact& r) {
    if (r.written < f_.referred || r.ended) return;
    const EvidenceKind kind = r.id == r.review ? EvidenceKind::review : EvidenceKind::recommendation;
    const std::uint8_t urgent = r.urgent ? kUrgent : 0;
    auto wait = [&](Rule rule, Date since, Date due, std::uint8_t owner, const std::string& who) {
      Trigger& t = add(rule, due, due, static_cast<std::uint8_t>(owner | urgent));
      t.who = who;
      show(t, kind, r.id, since);
    };
    const std::uint8_t to = owner_of(r.to_role, r.to_role == "patient" ? Owner::care_manager : Owner::pcp);
    if (r.state == "draft") {
      wait(Rule::recommendation_unsent, r.written,
           calendar::add_working_days(calendar_, r.written, n_.recommendation_send_working_days),
           static_cast<std::uint8_t>(Owner::psychiatric_consultant), {});
    } else if (r.state == "sent" || r.state == "read") {
      const Date sent = r.sent.value_or(r.written);
      wait(Rule::recommendation_unanswered, sent,
           r.urgent ? calendar::add_working_days(calendar_, sent, n_.recommendation_answer_urgent_working_days)
                    : sent.plus_days(n_.recommendation_answer_days),
           to, r.to_name);
    } else if (r.state == "accepted" || r.state == "modified") {
      const Date since = r.answered.value_or(r.sent.value_or(r.written));
      wait(Rule::recommendation_undone, since,
           since.plus_days(r.urgent ? n_.recommendation_done_urgent_days : n_.recommendation_done_days), to, r.to_name);
    } else if (r.state == "done" && is_trial(r.kind) && r.done) {
      wait(Rule::recommendation_trial, *r.done, r.done->plus_days(n_.recommendation_trial_days),
           static_cast<std::uint8_t>(Owner::care_manager), {});
    }
  }

  void recommendations() {
    for (const RecommendationFact& r : f_.recommendations) recommendation(r);
  }

  void questions() {
    for (const QuestionFact& q : f_.questions) {
      if (q.ended || q.asked < f_.referred) continue;
      const Date due = q.urgent ? calendar::add_working_days(calendar_, q.asked, n_.question_urgent_working_days)
                                : q.asked.plus_days(n_.question_days);
      Trigger& t = add(Rule::question_open, due, due, q.urgent ? kUrgent : 0);
      t.who = q.to_name;
      show(t, EvidenceKind::question, q.id, q.asked);
    }
  }

  // -- with the patient

  void goal_review() {
    const GoalFact* first = nullptr;
    std::optional<Date> due;
    int count = 0;  // as of the day the first is due: what else comes due later is said when it is
    for (const GoalFact& g : f_.goals)
      if (!g.ended && (!first || std::tie(g.looked_at, g.id) < std::tie(first->looked_at, first->id))) first = &g;
    if (!first) return;
    due = first->looked_at.plus_days(n_.goal_review_days);
    for (const GoalFact& g : f_.goals) count += !g.ended && g.looked_at == first->looked_at;
    show(add(Rule::goal_review, *due, *due, static_cast<std::uint8_t>(std::min(count, 255))), EvidenceKind::goal, first->id,
         first->looked_at);
  }

  static std::string_view base_language(std::string_view tag) { return tag.substr(0, tag.find('-')); }

  void education_language() {
    if (f_.language.empty()) return;
    const PlanFact* worst = nullptr;
    for (const PlanFact& p : f_.plans)
      if (!p.ended && !p.language.empty() && base_language(p.language) != base_language(f_.language) &&
          (!worst || std::tie(p.effective, p.id) < std::tie(worst->effective, worst->id)))
        worst = &p;
    // What was given to read counts too; the plan, which says what happens, comes first on the same day.
    const MaterialFact* given = nullptr;
    for (const MaterialFact& m : f_.materials)
      if (!m.ended && !m.language.empty() && base_language(m.language) != base_language(f_.language) &&
          (!given || std::tie(m.given, m.id) < std::tie(given->given, given->id)))
        given = &m;
    if (given && (!worst || given->given < worst->effective)) {
      Trigger& t = add(Rule::education_language, given->given, given->given);
      t.note = std::string(base_language(given->language)) + " " + std::string(base_language(f_.language));
      show(t, EvidenceKind::material, given->id, given->given);
      return;
    }
    if (!worst) return;
    Trigger& t = add(Rule::education_language, worst->effective, worst->effective);
    t.note = std::string(base_language(worst->language)) + " " + std::string(base_language(f_.language));
    show(t, EvidenceKind::plan, worst->id, worst->effective);
  }

  void relapse_plan() {
    if (!f_.plans_known || !f_.relapse_prevention) return;
    for (const PlanFact& p : f_.plans)
      if (p.relapse_prevention && !p.ended) return;
    const Date from = *f_.relapse_prevention;
    show(add(Rule::plan_relapse_prevention, from, from.plus_days(n_.relapse_plan_days)), EvidenceKind::episode, f_.episode.uuid,
         from);
  }

  /// The pathway itself says what is due (pathways.h); the primary instrument is measure.stale's.
  void pathway_forms() {
    if (!pathway_) return;
    pathways::Facts facts;
    facts.state = f_.state;
    facts.begun = f_.referred;
    facts.enrolled = f_.enrolled;
    facts.given.reserve(f_.scores.size());
    for (const Score& s : f_.scores)
      if (!s.replaced) facts.given.push_back({s.instrument, s.informant, s.date, s.total, s.valid});
    // As seen from the end of time everything is due, each with its day. One line, by the first day: the contact form
    // offers them all, and a row stays short.
    const auto forms = pathways::due(pathway_->way, facts, Date::ymd(2199, 12, 31));
    const pathways::Due* first = nullptr;
    int count = 0;
    for (const pathways::Due& due : forms) {
      if (due.use->instrument == f_.primary_instrument || rules_.opt_in.contains(due.use->instrument)) continue;
      const Date from = std::max(due.due_date, *f_.enrolled);
      if (first && from > std::max(first->due_date, *f_.enrolled)) continue;
      count = first && from == std::max(first->due_date, *f_.enrolled) ? count + 1 : 1;
      if (count == 1) first = &due;
    }
    if (!first) return;
    const bool follows = first->use->when == pathways::When::follow_up;
    const Score* shown = nullptr;  // the last of its kind; for a follow-up the score that calls for it
    for (const Score& s : f_.scores)
      if (!s.replaced && s.instrument == (follows ? first->use->after : first->use->instrument) &&
          (follows ? s.date == first->due_date : s.date == first->last_date) && (!shown || measurements::earlier(*shown, s)))
        shown = &s;
    const Date from = std::max(first->due_date, *f_.enrolled);
    const int wording = follows ? 2 : shown ? 1 : 0;
    Trigger& t = add(Rule::pathway_measure, from, from, static_cast<std::uint8_t>(wording * 16 + std::min(count, 15)));
    t.note = first->use->instrument;
    if (shown) show(t, shown);
    else show_enrolment(t);
  }

  // -- money and tasks

  /// The first clinical contact in care.
  const ContactFact* first_work() const {
    const ContactFact* first = nullptr;
    for (const ContactFact& c : f_.contacts)
      if (c.clinical && c.date >= *f_.enrolled && (!first || std::tie(c.date, c.id) < std::tie(first->date, first->id)))
        first = &c;
    return first;
  }

  void visit() {
    if (!f_.initiating_visits) return;
    const ContactFact* work = first_work();
    if (!work) return;
    for (const Date visit : *f_.initiating_visits)
      if (work->date - visit <= n_.visit_within_days) return;
    show(add(Rule::visit_missing, work->date, work->date), EvidenceKind::contact, work->id, work->date);
  }

  void minutes_near() {
    if (!f_.minutes || f_.minutes->next_at == 0) return;
    const MinutesFact& m = *f_.minutes;
    const int missing = m.next_at - m.counted;
    if (missing <= 0 || missing > n_.minutes_near_minutes) return;
    // The last working days of the month, counted with the day itself; over when the month is.
    const Date last = m.month.last_of_month();
    const Date from = std::max(calendar::add_working_days(calendar_, last.plus_days(1), -n_.minutes_near_working_days), m.month);
    Trigger& t = add(Rule::minutes_near, from, calendar::add_working_days(calendar_, last.plus_days(1), -1));
    t.until = last;
    t.note = m.next_code;
    show(t, EvidenceKind::minutes, f_.episode.uuid, m.month, m.counted);
    show(t, EvidenceKind::minutes, f_.episode.uuid, last, m.next_at);
  }

  void tasks() {
    for (const TaskFact& task : f_.tasks) {
      if (task.ended) continue;
      Trigger& t = add(Rule::task_due, task.due, task.due, owner_of(task.owner_role, Owner::care_manager));
      t.note = task.title;
      t.who = task.owner_name;
      show(t, EvidenceKind::task, task.id, task.made);
    }
  }

  /// Somebody who was in care here may still write: a closed episode does not silence them.
  void messages() {
    for (const MessageFact& m : f_.messages) {
      if (m.ended) continue;
      const Date due = calendar::add_working_days(calendar_, m.sent, n_.message_working_days);
      Trigger& t = add(Rule::message_unanswered, due, due, owner_of(m.owner_role, Owner::care_manager));
      t.who = m.owner_name;
      show(t, EvidenceKind::message, m.id, m.sent);
    }
  }

  void community() {
    for (const CommunityFact& c : f_.community) {
      if (c.ended) continue;
      const Date due = c.sent.plus_days(n_.community_open_days);
      Trigger& t = add(Rule::community_open, due, due, owner_of(c.owner_role, Owner::community_worker));
      t.note = c.kind;
      t.who = c.owner_name;
      show(t, EvidenceKind::community_referral, c.id, c.sent);
    }
  }

  void checkin_unseen() {
    const Score* first = nullptr;
    int count = 0;
    for (const Score& s : f_.scores) {
      if (!s.unseen || s.replaced) continue;
      ++count;
      if (!first || measurements::earlier(s, *first)) first = &s;
    }
    if (!first) return;
    const Date due = calendar::add_working_days(calendar_, first->date, n_.checkin_working_days);
    Trigger& t = add(Rule::checkin_unseen, due, due, static_cast<std::uint8_t>(std::min(count, 255)));
    t.note = first->instrument;
    show(t, first);
  }

  void defer() {
    for (const DeferralFact& d : f_.deferrals)
      for (Trigger& t : triggers_) {
        if (t.rule != d.rule || need_of(t.rule) == Need::safety || t.from > d.made_on) continue;
        if (!t.deferred_until || *t.deferred_until < d.until) t.deferred_until = d.until;
      }
  }

  const EpisodeFacts& f_;
  const RuleSet& rules_;
  const Numbers& n_;
  const Criteria& criteria_;
  const calendar::Calendar& calendar_;
  const PathwayRules* pathway_;
  Progress progress_;
  const ContactFact* last_contact_ = nullptr;  // clinical, on or after enrolment
  const ContactFact* last_agreed_ = nullptr;   // the newest that names a next day
  const ReviewFact* last_review_ = nullptr;
  std::optional<Date> last_change_;
  Uuid changed_treatment_;
  std::optional<Date> next_due_;
  std::vector<Trigger> triggers_;
};

template <class Facts, class Day>
void drop_after(std::vector<Facts>& list, Day day_of, Date limit) {
  std::erase_if(list, [&](const Facts& item) { return day_of(item) > limit; });
}
void forget_after(std::optional<Date>& date, Date limit) {
  if (date && *date > limit) date.reset();
}

}  // namespace

bool is_trial(std::string_view kind) {
  return kind == "start" || kind == "increase" || kind == "switch" || kind == "augment" || kind == "psychotherapy";
}

std::string_view name(Need need) { return kNeeds[static_cast<std::size_t>(need)]; }

std::optional<Need> parse_need(std::string_view text) {
  for (std::size_t i = 0; i < kNeeds.size(); ++i)
    if (kNeeds[i] == text) return static_cast<Need>(i);
  return std::nullopt;
}

Need need_of(Rule rule) {
  switch (rule) {
    case Rule::safety_unreviewed:
    case Rule::safety_reassess:
      return Need::safety;
    case Rule::referral_waiting:
    case Rule::contact_first:
    case Rule::contact_due:
    case Rule::measure_stale:
    case Rule::recommendation_unanswered:
    case Rule::recommendation_undone:
    case Rule::recommendation_unsent:
    case Rule::recommendation_trial:
    case Rule::question_open:
    case Rule::inactive:
    case Rule::checkin_unseen:
    case Rule::message_unanswered:
    case Rule::community_open:
    case Rule::goal_review:
    case Rule::task_due:
    case Rule::care_manager_missing:
      return Need::overdue;
    case Rule::review_nonresponse:
    case Rule::review_stale:
    case Rule::plan_adjust:
    case Rule::score_worse:
    case Rule::relapse:
      return Need::not_improving;
    case Rule::review_new:
    case Rule::episode_long:
      return Need::review_due;
    case Rule::target_met:
    case Rule::plan_relapse_prevention:
      return Need::target_met;
    case Rule::consent_missing:
    case Rule::visit_missing:
    case Rule::minutes_near:
    case Rule::education_language:
    case Rule::pathway_measure:
      return Need::on_track;
  }
  return Need::on_track;
}

std::string CaseloadRow::display_name() const {
  if (family_name.empty()) return given_name;
  return given_name.empty() ? family_name : family_name + ", " + given_name;
}

CaseloadRow derive(const EpisodeFacts& facts, const RuleSet& rules) { return Deriver(facts, rules).row(); }

std::optional<EpisodeFacts> as_of(EpisodeFacts f, Date day) {
  if (f.referred > day) return std::nullopt;
  drop_after(f.scores, [](const Score& s) { return s.date; }, day);
  drop_after(f.contacts, [](const ContactFact& c) { return c.date; }, day);
  drop_after(f.treatments, [](const TreatmentFact& t) { return t.start; }, day);
  for (TreatmentFact& t : f.treatments) {
    forget_after(t.stop, day);
    std::erase_if(t.changes, [&](Date on) { return on > day; });
  }
  drop_after(f.reviews, [](const ReviewFact& r) { return r.date; }, day);
  drop_after(f.recommendations, [](const RecommendationFact& r) { return r.written; }, day);
  for (RecommendationFact& r : f.recommendations) {
    // Each step not taken yet gives back the state before it.
    if (r.ended && *r.ended > day) {
      r.ended.reset();
      r.state = r.done ? "done" : r.answered ? "accepted" : r.sent ? "sent" : "draft";
    }
    if (r.done && *r.done > day) {
      r.done.reset();
      r.state = "accepted";
    }
    if (r.answered && *r.answered > day) {
      r.answered.reset();
      r.state = "sent";
    }
    if (r.sent && *r.sent > day) {
      r.sent.reset();
      r.state = "draft";
    }
  }
  drop_after(f.questions, [](const QuestionFact& q) { return q.asked; }, day);
  for (QuestionFact& q : f.questions) forget_after(q.ended, day);
  drop_after(f.goals, [](const GoalFact& g) { return g.start; }, day);
  for (GoalFact& g : f.goals) {
    forget_after(g.ended, day);
    if (g.looked_at > day) g.looked_at = g.start;
  }
  drop_after(f.plans, [](const PlanFact& p) { return p.effective; }, day);
  for (PlanFact& p : f.plans) forget_after(p.ended, day);
  drop_after(f.tasks, [](const TaskFact& t) { return t.made; }, day);
  for (TaskFact& t : f.tasks) forget_after(t.ended, day);
  drop_after(f.messages, [](const MessageFact& m) { return m.sent; }, day);
  for (MessageFact& m : f.messages) forget_after(m.ended, day);
  drop_after(f.community, [](const CommunityFact& c) { return c.sent; }, day);
  for (CommunityFact& c : f.community) forget_after(c.ended, day);
  drop_after(f.materials, [](const MaterialFact& m) { return m.given; }, day);
  for (MaterialFact& m : f.materials) forget_after(m.ended, day);
  if (f.minutes && f.minutes->month > day) f.minutes.reset();
  if (f.initiating_visits) drop_after(*f.initiating_visits, [](Date visit) { return visit; }, day);
  drop_after(f.safety, [](const SafetyFact& e) { return e.signalled; }, day);
  for (SafetyFact& e : f.safety) {
    forget_after(e.acknowledged, day);
    forget_after(e.reassessed, day);
    if (e.assessed && *e.assessed > day) {
      e.assessed.reset();
      e.level.reset();
      e.reassess.reset();
    }
    if (e.closed && *e.closed > day) {
      e.closed.reset();
      if (!e.assessed) {
        e.level.reset();
        e.reassess.reset();
      }
    }
  }
  drop_after(f.consents, [](const ConsentFact& c) { return c.given; }, day);
  for (ConsentFact& c : f.consents) forget_after(c.withdrawn, day);
  drop_after(f.deferrals, [](const DeferralFact& d) { return d.made_on; }, day);
  if (f.referral) {
    if (f.referral->received > day) {
      f.referral.reset();
    } else {
      drop_after(f.referral->attempts, [](const AttemptFact& a) { return a.on; }, day);
      if (f.referral->outcome_date && *f.referral->outcome_date > day) {
        f.referral->outcome_date.reset();
        f.referral->outcome.reset();
      }
      forget_after(f.referral->seen_elsewhere, day);
    }
  }
  const bool was_closed = f.state == State::closed;
  forget_after(f.closed, day);
  const bool moved = (was_closed && !f.closed) || (f.relapse_prevention && *f.relapse_prevention > day) ||
                     (f.on_hold && *f.on_hold > day) || (f.enrolled && *f.enrolled > day) || (f.assessed && *f.assessed > day);
  forget_after(f.care_manager_left, day);
  forget_after(f.relapse_prevention, day);
  forget_after(f.on_hold, day);
  forget_after(f.enrolled, day);
  forget_after(f.assessed, day);
  if (moved && !f.closed) {
    f.close_reason.clear();
    f.state = !f.enrolled            ? (f.assessed ? State::assessed : State::referred)
              : f.relapse_prevention ? State::relapse_prevention
              : f.on_hold            ? State::on_hold
                                     : State::active;
  }
  return f;
}

bool is_older_episode(const EpisodeFacts& a, const EpisodeFacts& b) {
  auto rank = [](const EpisodeFacts& f) { return std::tuple(f.state != State::closed, f.closed, f.referred, f.episode); };
  return rank(a) < rank(b);
}

std::pair<Need, std::int64_t> place(std::span<const Trigger> triggers, std::optional<Date> next_due, Date today) {
  for (const Trigger& t : triggers) {
    if (!t.counts(today)) continue;
    const Need need = need_of(t.rule);
    if (need == Need::on_track) break;
    const std::int64_t due = t.due_at ? t.due_at->time_since_epoch().count() : t.due.days_since_1970() * kDayMicros;
    return {need, t.rule == Rule::safety_unreviewed ? due - kUnassessedFirst : due};
  }
  return {Need::on_track, next_due ? next_due->days_since_1970() * kDayMicros : std::numeric_limits<std::int64_t>::max()};
}

Need need_of(std::span<const Trigger> triggers, Date today) { return place(triggers, std::nullopt, today).first; }

std::string name_key(std::string_view family_name, std::string_view given_name) {
  std::string both(family_name);
  both.append(" ").append(given_name);
  return fold(both);
}

SortKey sort_key(const CaseloadRow& row, Date today) {
  const auto [need, due] = place(row.triggers, row.next_due, today);
  return {need, due, name_key(row.family_name, row.given_name), row.episode.uuid};
}

std::optional<NextStep> next_step(const CaseloadRow& row, const RuleSet& rules, Date today) {
  const Scene scene{rules, today, std::nullopt, "en", row.primary.instrument, row.enrolled, row.pathway};
  auto step = [&](const Trigger& t, bool now) {
    Line line;
    render(t, scene, line);
    if (!line.escalated_to.empty()) return NextStep{t.rule, line.escalated_to, {}, line.due, now};
    std::string who = std::move(line.owner_name);
    if (who.empty() && line.owner == kOwners[0]) who = row.care_manager_name;
    return NextStep{t.rule, line.owner, std::move(who), line.due, now};
  };
  const Trigger* soonest = nullptr;
  for (const Trigger& t : row.triggers) {
    if (t.until && *t.until < today) continue;
    if (t.counts(today)) {
      if (need_of(t.rule) != Need::on_track) return step(t, true);
      continue;
    }
    const Date from = std::max(t.from, t.deferred_until.value_or(t.from));
    if (!soonest || from < std::max(soonest->from, soonest->deferred_until.value_or(soonest->from))) soonest = &t;
  }
  if (soonest) return step(*soonest, false);
  return std::nullopt;
}

std::optional<int> weeks_between(std::optional<Date> from, Date to) {
  if (!from) return std::nullopt;
  return std::max(0, (to - *from) / 7);
}

std::vector<CaseloadRow> caseload(std::span<const EpisodeFacts> episodes, const RuleSet& rules, Date day) {
  // The open episode of a patient, else the last that closed.
  std::map<PatientId, EpisodeFacts> current;
  for (const EpisodeFacts& original : episodes) {
    auto facts = as_of(original, day);
    if (!facts) continue;
    const PatientId patient = facts->patient;
    auto [at, fresh] = current.try_emplace(patient, std::move(*facts));
    if (fresh) continue;
    if (is_older_episode(at->second, *facts)) at->second = std::move(*facts);
  }
  std::vector<std::pair<SortKey, CaseloadRow>> keyed;
  keyed.reserve(current.size());
  for (const auto& [patient, facts] : current) {
    CaseloadRow row = derive(facts, rules);
    if (!row.shown()) continue;
    SortKey key = sort_key(row, day);
    keyed.emplace_back(std::move(key), std::move(row));
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<CaseloadRow> rows;
  rows.reserve(keyed.size());
  for (auto& [key, row] : keyed) rows.push_back(std::move(row));
  return rows;
}

}  // namespace concord::caseload
