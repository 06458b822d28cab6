// The figures of outcomes: boundaries by hand, and a second implementation of every figure in plain loops over simple rows that
// must agree on thousands of small invented clinics.
#include "measures/outcomes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/random.h"
#include "json/data_files.h"
#include "measures/checkpoint.h"
#include "measures/rates.h"
#include "measures/resident.h"

namespace concord::measures {
namespace {

using measurements::Criteria;
using measurements::ResponseKind;

Criteria criteria(std::string id, double elevated, ResponseKind kind, double response, double remission,
                  std::optional<double> improved = {}) {
  Criteria c;
  c.instrument = std::move(id);
  c.elevated = elevated;
  c.response_kind = kind;
  c.response = response;
  c.remission_below = remission;
  c.improved_below = improved;
  return c;
}

std::shared_ptr<const OutcomeRules> test_rules() {
  static const auto rules = [] {
    auto r = std::make_shared<OutcomeRules>();
    const auto add = [&](Criteria c) { r->instruments.emplace(c.instrument, c); };
    add(criteria("phq-9", 10, ResponseKind::percent, 50, 5, 10));
    add(criteria("pcl-5", 33, ResponseKind::points, 12, 33));
    auto scared = criteria("scared", 25, ResponseKind::percent, 50, 25);
    scared.response_parent = 6;
    add(scared);
    auto smfq = criteria("smfq", 12, ResponseKind::points, 8, 8);
    smfq.response_parent = 6;
    add(smfq);
    auto who = criteria("who-5", 50, ResponseKind::percent, 50, 50);
    who.higher_is_worse = false;
    add(who);
    return r;
  }();
  return rules;
}

Uuid id_of(int kind, int number) {
  Uuid id;
  id.bytes[0] = static_cast<std::uint8_t>(kind);
  for (int i = 0; i < 4; ++i) id.bytes[static_cast<std::size_t>(15 - i)] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

const Date kBegin = Date::ymd(2025, 1, 1);
Date day(int n) { return kBegin.plus_days(n); }

struct Clinic0 {
  std::shared_ptr<const OutcomeRules> rules = test_rules();
  std::vector<RawPatient> patients;
  std::vector<SessionRow> sessions;
  std::vector<FteRow> fte;

  void fill(ResidentBuilder& b) const {
    for (const auto& p : patients) {
      RawPatient copy = p;
      b.add(copy);
    }
    for (const auto& s : sessions) b.add_session(s);
    for (const auto& f : fte) b.add_fte(f);
  }
  std::shared_ptr<const Resident> columns() const {
    ResidentBuilder b(rules);
    books(b);
    fill(b);
    return b.finish(OrganizationId(), 1);
  }
  static void books(ResidentBuilder& b) {
    for (int s = 1; s <= 3; ++s) b.book(Stratum::site).code(id_of(9, s).text());
    for (int s = 1; s <= 3; ++s) b.book(Stratum::care_manager).code(id_of(8, s).text());
    for (const char* l : {"en", "es"}) b.book(Stratum::language).code(l);
    for (const char* l : {"medicare", "medicaid_ffs", "commercial"}) b.book(Stratum::payer).code(l);
    for (const char* l : {"care_manager", "pcp"}) b.roles().code(l);
  }
};

std::uint16_t code_of(std::string_view instrument) { return *ResidentBuilder(test_rules()).instrument(instrument); }
const std::uint16_t kPhq = code_of("phq-9"), kPcl = code_of("pcl-5"), kScared = code_of("scared"), kSmfq = code_of("smfq"),
                    kWho = code_of("who-5");

RawEpisode episode(int number, Date enrolled, std::optional<Date> closed = {}, std::uint16_t instrument = kPhq) {
  RawEpisode e;
  e.id = id_of(2, number);
  e.site = 1;
  e.instrument = instrument;
  e.referred = enrolled.plus_days(-10);
  e.assessed = e.enrolled = enrolled;
  e.closed = closed;
  return e;
}
RawPatient patient(int number) {
  RawPatient p;
  p.id = id_of(1, number);
  p.site = 1;
  return p;
}
/// One patient who came on day 0, with contacts that keep them enrolled.
RawPatient someone(std::vector<std::pair<int, double>> scores, std::optional<Date> closed = {}) {
  RawPatient p = patient(1);
  p.episodes.push_back(episode(1, day(0), closed));
  for (int d = 5; d < 400; d += 30) p.contacts.push_back(day(d));
  for (const auto& [d, total] : scores) p.scores.push_back({day(d), kPhq, 0, total});
  return p;
}
StandingLine only(const RawPatient& p, int from, int to, Figure figure) {
  Clinic0 clinic;
  clinic.patients.push_back(p);
  const auto lines = standings(*clinic.columns(), {day(from), day(to), {}}, figure);
  EXPECT_EQ(lines.size(), 1u) << info(figure).id;
  return lines.empty() ? StandingLine{} : lines.front();
}
std::string reason(const RawPatient& p, int from, int to, Figure figure) { return std::string(only(p, from, to, figure).reason); }

// ---- the second implementation

struct Plain {
  Figure figure;
  Uuid patient, episode;
  Place place;
  std::string reason;
  std::optional<double> value;
};

class Simple {
 public:
  Simple(const Clinic0& clinic, Date from, Date to) : c_(clinic), r_(*clinic.rules), from_(from), to_(to) {
    for (const auto& p : c_.patients) one(p);
  }
  std::vector<Plain> lines;

 private:
  const Criteria* criteria_of(std::uint16_t code) const {
    std::uint16_t n = 0;
    for (const auto& [id, criteria] : r_.instruments)
      if (++n == code) return &criteria;
    return nullptr;
  }
  bool within(std::optional<Date> d) const { return d && *d >= from_ && *d <= to_; }

  struct State {
    bool baseline = false, elevated = false, again = false, response = false, remission = false, improved = false;
    double first = 0, now = 0;
    std::optional<Date> last;
  };
  State state(const RawPatient& p, const RawEpisode& e, Date until) const {
    State s;
    const Criteria* c = criteria_of(e.instrument);
    if (!c) return s;
    for (int informant = 0; informant < 4; ++informant) {
      std::vector<RawScore> series;
      for (const auto& x : p.scores)
        if (x.instrument == e.instrument && x.informant == informant && x.date >= *e.enrolled && x.date <= until &&
            !(e.closed && x.date > *e.closed))
          series.push_back(x);
      std::stable_sort(series.begin(), series.end(), [](const RawScore& a, const RawScore& b) { return a.date < b.date; });
      if (series.empty()) continue;
      if (!s.last || *s.last < series.back().date) s.last = series.back().date;
      s.baseline = true;
      const double from = series.front().total;
      const bool high = c->is_elevated(from);
      s.elevated = s.elevated || high;
      if (series.back().date == series.front().date) continue;
      const double to = series.back().total;
      if (!s.again) {
        s.first = from;
        s.now = to;
      }
      s.again = true;
      if (!high) continue;
      const bool response = c->is_response(from, to, informant == 1);
      s.response = s.response || response;
      s.remission = s.remission || c->is_remission(to);
      s.improved = s.improved || response ||
                   (c->improved_below && (c->higher_is_worse ? to < *c->improved_below : to > *c->improved_below));
    }
    return s;
  }
  std::optional<Date> first_day(const RawPatient& p, const RawEpisode& e, bool State::* what) const {
    std::set<Date> days;
    for (const auto& x : p.scores)
      if (x.date >= *e.enrolled) days.insert(x.date);
    for (const Date d : days)
      if (state(p, e, d).*what) return d;
    return std::nullopt;
  }
  std::optional<Date> first_contact(const RawPatient& p, const RawEpisode& e) const {
    std::optional<Date> first;
    for (const Date d : p.contacts)
      if (d - *e.enrolled >= r_.first_contact_from_days && !(e.closed && d > *e.closed) && (!first || d < *first)) first = d;
    return first;
  }
  Date end(const RawPatient& p, const RawEpisode& e, Date known) const {
    Date last = *e.enrolled;
    for (const Date d : p.contacts)
      if (d > last && d <= known && !(e.closed && d > *e.closed)) last = d;
    const Date silent = last.plus_days(r_.inactive_days);
    return e.closed && *e.closed < silent ? *e.closed : silent;
  }

  void one(const RawPatient& p) {
    const auto say = [&](Figure f, const Uuid& episode, Place place, std::string reason, std::optional<double> value = {}) {
      lines.push_back({f, p.id, episode, place, std::move(reason), value});
    };
    const auto in = [&](Figure f, const Uuid& e, bool yes, std::string good, std::string bad) {
      say(f, e, yes ? Place::numerator : Place::denominator, yes ? good : bad);
    };
    using enum Figure;
    for (const auto& e : p.episodes) {
      if (!e.enrolled || *e.enrolled > to_) continue;
      const Date begin = *e.enrolled;
      const Date over = end(p, e, to_);
      const auto contact = first_contact(p, e);
      if (const Date due = begin.plus_days(28); within(due)) {
        if (contact && *contact <= due) say(first_contact_in_28_days, e.id, Place::numerator, "contact_in_28_days");
        else if (over < due) say(first_contact_in_28_days, e.id, Place::out, "ended_before_day_28");
        else say(first_contact_in_28_days, e.id, Place::denominator, contact && *contact <= to_ ? "contact_later" : "no_contact");
      }
      if (const Date due = begin.plus_days(84); within(due)) {
        const State then = state(p, e, begin.plus_days(56));
        bool reviewed = false;
        for (const auto& w : p.reviews) reviewed = reviewed || (w.date - begin >= 56 && w.date - begin <= 84);
        if (then.response) say(nonresponders_reviewed, e.id, Place::out, "responded_by_week_8");
        else if (then.baseline && !then.elevated) say(nonresponders_reviewed, e.id, Place::out, "baseline_not_elevated");
        else if (over < due) say(nonresponders_reviewed, e.id, Place::out, "ended_before_week_12");
        else in(nonresponders_reviewed, e.id, reviewed, "reviewed_in_weeks_8_to_12", "not_reviewed");
      }
      const auto responded = first_day(p, e, &State::response);
      if (within(contact)) say(days_to_first_contact, e.id, Place::numerator, "first_contact", *contact - begin);
      else if (over >= from_ && (!contact || *contact > to_)) say(days_to_first_contact, e.id, Place::out, "no_contact_yet");
      if (within(responded)) say(weeks_to_first_response, e.id, Place::numerator, "first_response", (*responded - begin) / 7.0);
      else if (over >= from_ && (!responded || *responded > to_))
        say(weeks_to_first_response, e.id, Place::out, "no_response_yet");
      if (over < from_) continue;
      say(enrolled, e.id, Place::numerator, "enrolled");
      const State s = state(p, e, to_);
      const bool active = over > to_;
      for (const Figure f : {active_caseload, caseload_per_fte}) {
        if (active) say(f, e.id, Place::numerator, "active");
        else say(f, e.id, Place::out, "ended");
      }
      if (!active) say(measured_in_30_days, e.id, Place::out, "ended");
      else if (e.relapse_prevention && *e.relapse_prevention <= to_)
        say(measured_in_30_days, e.id, Place::out, "relapse_prevention");
      else if (to_ - begin < 30) say(measured_in_30_days, e.id, Place::out, "not_yet_30_days");
      else in(measured_in_30_days, e.id, s.last && to_ - *s.last < 30, "measured", s.last ? "last_score_too_old" : "no_score");

      const std::vector<Figure> judged = {
          response_of_enrolled, response_of_remeasured, remission_of_enrolled, remission_of_remeasured,
          improved_of_enrolled, improved_of_remeasured, mean_change,           weekly_change};
      const auto all_out = [&](const std::string& why) {
        for (const Figure f : judged) say(f, e.id, Place::out, why);
      };
      if (active && to_ - begin < 70) {
        say(re_measured, e.id, Place::out, "not_yet_70_days");
        all_out("not_yet_70_days");
        continue;
      }
      const std::string without = s.baseline ? "no_later_score" : "no_baseline";
      in(re_measured, e.id, s.again, "re_measured", without);
      if (s.baseline && !s.elevated) {
        all_out("baseline_not_elevated");
        continue;
      }
      const auto outcome = [&](Figure of_enrolled, Figure of_again, bool yes, const char* good, const char* bad) {
        in(of_enrolled, e.id, yes, good, s.again ? bad : without);
        if (s.again) in(of_again, e.id, yes, good, bad);
        else say(of_again, e.id, Place::out, without);
      };
      outcome(response_of_enrolled, response_of_remeasured, s.response, "response", "no_response");
      outcome(remission_of_enrolled, remission_of_remeasured, s.remission, "remission", "no_remission");
      outcome(improved_of_enrolled, improved_of_remeasured, s.improved, "improved", "not_improved");
      if (!s.again) {
        say(mean_change, e.id, Place::out, without);
        say(weekly_change, e.id, Place::out, without);
        continue;
      }
      const double sign = criteria_of(e.instrument)->higher_is_worse ? 1 : -1;
      if (s.first == 0) say(mean_change, e.id, Place::out, "zero_baseline");
      else say(mean_change, e.id, Place::numerator, "re_measured", sign * 100 * (s.now - s.first) / s.first);
      std::vector<std::pair<double, double>> points;
      for (const auto& x : p.scores)
        if (x.instrument == e.instrument && x.informant == 0 && x.date >= begin && x.date <= to_ &&
            !(e.closed && x.date > *e.closed))
          points.emplace_back((x.date - begin) / 7.0, x.total);
      double mx = 0, my = 0, sxy = 0, sxx = 0;
      for (const auto& [x, y] : points) {
        mx += x / static_cast<double>(points.size());
        my += y / static_cast<double>(points.size());
      }
      for (const auto& [x, y] : points) {
        sxy += (x - mx) * (y - my);
        sxx += (x - mx) * (x - mx);
      }
      if (sxx < 1e-9) say(weekly_change, e.id, Place::out, "no_line");
      else say(weekly_change, e.id, Place::numerator, "re_measured", sign * sxy / sxx);
    }

    const auto episode_on = [&](Date d) {
      const RawEpisode* found = nullptr;
      std::vector<const RawEpisode*> sorted;
      for (const auto& e : p.episodes) sorted.push_back(&e);
      const auto begin = [](const RawEpisode* e) { return e->enrolled ? *e->enrolled : e->referred; };
      std::sort(sorted.begin(), sorted.end(),
                [&](const auto* a, const auto* b) { return begin(a) != begin(b) ? begin(a) < begin(b) : a->id < b->id; });
      for (const auto* e : sorted)
        if (begin(e) <= d || !found) found = begin(e) <= d ? e : (found ? found : sorted.front());
      return found ? found->id : Uuid();
    };
    for (const auto& w : p.reviews) {
      if (!within(w.date)) continue;
      std::optional<Date> change;
      for (const Date d : p.changes)
        if (d >= w.date && d - w.date <= 60 && (!change || d < *change)) change = d;
      const Uuid e = episode_on(w.date);
      if (!w.change) say(days_from_review_to_change, e, Place::out, "no_change_recommended");
      else if (!change || *change > to_) say(days_from_review_to_change, e, Place::out, "no_change_yet");
      else say(days_from_review_to_change, e, Place::numerator, "changed", *change - w.date);
      say(consultant_reach, e, w.in_session ? Place::numerator : Place::out,
          w.in_session ? "reviewed_in_a_session" : "outside_a_session");
    }
    for (const auto& w : p.recommendations) {
      if (!within(w.sent)) continue;
      const Uuid e = episode_on(*w.sent);
      const bool done = w.done && *w.done <= to_, answered = done || (w.answered && *w.answered <= to_);
      const bool accepted = answered && (done || w.accepted);
      say(recommendations_sent, e, Place::numerator, "sent");
      in(recommendations_answered, e, answered, "answered", "not_answered");
      const auto next = [&](Figure f, bool reached, bool yes, std::string good, std::string bad) {
        if (reached) in(f, e, yes, good, bad);
        else say(f, e, Place::out, !answered ? "not_answered" : !accepted ? "declined" : "not_done");
      };
      next(recommendations_accepted, answered, accepted, "accepted", "declined");
      next(recommendations_done, accepted, done, "done", "not_done");
      if (done && w.trial == RawRecommendation::Trial::none) say(recommendations_tried, e, Place::out, "needs_no_trial");
      else if (done && w.trial == RawRecommendation::Trial::open && to_ - *w.done < 56)
        say(recommendations_tried, e, Place::out, "trial_not_over");
      else
        next(recommendations_tried, done, w.trial == RawRecommendation::Trial::adequate, "tried_long_enough",
             w.trial == RawRecommendation::Trial::open ? "nobody_said" : "not_adequate");
      if (!answered) say(days_to_answer, e, Place::out, "not_answered");
      else {
        const Date on = w.answered && (!w.done || *w.answered < *w.done) ? *w.answered : *w.done;
        say(days_to_answer, e, Place::numerator, "answered", std::max(0, on - *w.sent));
      }
      if (done) say(days_to_done, e, Place::numerator, "done", std::max(0, *w.done - *w.sent));
      else say(days_to_done, e, Place::out, !answered ? "not_answered" : !accepted ? "declined" : "not_done");
    }
    for (const auto& w : p.surveys) {
      if (!within(w.date)) continue;
      const Figure f = w.involvement ? involved : satisfied;
      if (w.declined) say(f, w.episode, Place::out, "declined");
      else in(f, w.episode, w.percent >= 75, "yes", "less");
    }
    for (const auto& w : p.goals) {
      const auto on = w.state == RawGoal::State::active ? w.until : std::optional(w.state_date);
      if (!within(on)) continue;
      in(goals_reached, episode_on(w.start), w.state == RawGoal::State::reached, "reached",
         w.state == RawGoal::State::stopped ? "stopped" : "past_its_day");
    }
    funnel(p, say, in);
  }

  template <class Say, class In>
  void funnel(const RawPatient& p, const Say& say, const In& in) {
    struct Way {
      std::optional<Date> screened, referred, reached;
      const RawEpisode* episode = nullptr;
      Date begin() const { return screened && (!referred || *screened < *referred) ? *screened : *referred; }
    };
    std::vector<Way> ways;
    std::set<const RawEpisode*> led;
    const auto order = [](const RawEpisode* a, const RawEpisode* b) {
      const Date x = a->enrolled ? *a->enrolled : a->referred, y = b->enrolled ? *b->enrolled : b->referred;
      return x != y ? x < y : a->id < b->id;
    };
    std::vector<const RawEpisode*> episodes;
    for (const auto& e : p.episodes) episodes.push_back(&e);
    std::sort(episodes.begin(), episodes.end(), order);
    for (const auto& ref : p.referrals) {
      Way w;
      w.referred = ref.received;
      w.reached = ref.reached;
      for (const auto* e : episodes)
        if (!w.episode && e->referral == ref.id) w.episode = e;
      if (w.episode) led.insert(w.episode);
      ways.push_back(w);
    }
    for (const auto* e : episodes)
      if (!led.contains(e)) ways.push_back({std::nullopt, e->referred, std::nullopt, e});
    std::stable_sort(ways.begin(), ways.end(), [&](const Way& a, const Way& b) {
      if (*a.referred != *b.referred) return *a.referred < *b.referred;
      if (!a.episode || !b.episode) return a.episode != nullptr;
      return order(a.episode, b.episode);
    });
    std::vector<RawScore> scores = p.scores;
    std::stable_sort(scores.begin(), scores.end(), [](const RawScore& a, const RawScore& b) { return a.date < b.date; });
    for (const auto& x : scores) {
      const Criteria* c = criteria_of(x.instrument);
      if (!c || !c->is_elevated(x.total)) continue;
      bool care = false;
      for (const auto* e : episodes)
        care = care || (e->enrolled && *e->enrolled <= x.date && !(e->closed && *e->closed < x.date));
      if (care) continue;
      bool taken = false;
      for (auto& w : ways) {
        if (!w.referred) taken = x.date - *w.screened <= 180;
        else {
          const Date until = w.episode && w.episode->enrolled ? *w.episode->enrolled : *w.referred;
          taken = x.date <= until && *w.referred - x.date <= 180;
          if (taken && !w.screened) w.screened = x.date;
        }
        if (taken) break;
      }
      if (!taken) ways.push_back({x.date, std::nullopt, std::nullopt, nullptr});
    }
    using enum Figure;
    const auto by = [&](const std::optional<Date>& d) { return d && *d <= to_; };
    for (const auto& w : ways) {
      if (!within(w.begin())) continue;
      const Uuid id = w.episode ? w.episode->id : Uuid();
      const auto* e = w.episode;
      const bool care = e && by(e->enrolled), assessed = care || (e && by(e->assessed)), reached = assessed || by(w.reached),
                 referred = reached || by(w.referred);
      const auto contact = e && e->enrolled ? first_contact(p, *e) : std::nullopt;
      const bool remission = care && by(first_day(p, *e, &State::remission));
      const bool response = remission || (care && by(first_day(p, *e, &State::response)));
      const bool again = response || (care && state(p, *e, to_).again);
      say(funnel_screened, id, Place::numerator, by(w.screened) ? "screened_positive" : "referred_without_score");
      const auto step = [&](Figure f, bool before, bool yes, const char* good, const char* bad) {
        if (before) in(f, id, yes, good, bad);
        else say(f, id, Place::out, "fell_out_before");
      };
      step(funnel_referred, true, referred, "referred", "not_referred");
      step(funnel_reached, referred, reached, "reached", "not_reached");
      step(funnel_assessed, reached, assessed, "assessed", "not_assessed");
      step(funnel_enrolled, assessed, care, "enrolled", "not_enrolled");
      step(funnel_first_contact, care, by(contact) && *contact - *e->enrolled <= 28, "contact_in_28_days",
           "no_contact_in_28_days");
      step(funnel_remeasured, care, again, "re_measured", "not_measured_again");
      step(funnel_response, again, response, "response", "no_response");
      step(funnel_remission, response, remission, "remission", "no_remission");
    }
  }

  const Clinic0& c_;
  const OutcomeRules& r_;
  const Date from_, to_;
};

// ---- invented clinics: few people, many days that lie on a boundary

class Invent {
 public:
  explicit Invent(std::uint64_t seed) : random_(seed) {}
  int upto(int n) { return static_cast<int>(random_.integer(0, n)); }
  bool chance(int percent) { return upto(99) < percent; }
  template <class T>
  T pick(std::initializer_list<T> values) {
    return *(values.begin() + upto(static_cast<int>(values.size()) - 1));
  }

  RawPatient person(int number) {
    RawPatient p = patient(number);
    p.site = static_cast<std::uint16_t>(upto(3));
    p.language = static_cast<std::uint16_t>(upto(2));
    p.interpreter = static_cast<std::uint16_t>(upto(2));
    if (chance(80)) p.born = Date::ymd(pick({1950, 1960, 1985, 2007, 2012}), 1, 1).plus_days(upto(800));
    int at = upto(60);
    for (int e = 0, episodes = pick({0, 1, 1, 1, 2, 3}); e < episodes; ++e) {
      RawEpisode x = episode(number * 10 + e, day(at));
      x.site = static_cast<std::uint16_t>(upto(3));
      x.care_manager = static_cast<std::uint16_t>(upto(3));
      x.instrument = pick({kPhq, kPhq, kPhq, kPcl, kScared, kSmfq, kWho, std::uint16_t{0}});
      x.referred = day(at - upto(20));
      if (chance(15)) x.enrolled.reset();
      if (chance(15)) x.assessed.reset();
      const int length = pick({0, 5, 27, 28, 29, 69, 70, 71, 83, 84, 120, 200});
      if (e < 2 || chance(50)) x.closed = day(at + length);
      if (chance(10)) x.relapse_prevention = day(at + upto(150));
      if (chance(60)) {
        RawReferral r;
        r.id = id_of(3, number * 10 + e);
        r.site = static_cast<std::uint16_t>(upto(3));
        r.received = x.referred;
        if (chance(50)) r.reached = day(at - upto(5));
        if (chance(80)) x.referral = r.id;
        p.referrals.push_back(r);
      }
      for (int d = pick({0, 1, 2, 27, 28, 29}); d < 260; d += pick({1, 7, 30, 60, 89, 90, 91, 92, 130}))
        if (chance(90)) p.contacts.push_back(day(at + d));
      for (int n = upto(8); n > 0; --n) {
        const int d =
            pick({-200, -181, -180, -179, -30, -1, 0, 0, 1, 13, 14, 15, 55, 56, 57, 69, 70, 71, 84, 100, 130, 131, 160, 200});
        RawScore s;
        s.date = day(at + d);
        s.instrument = chance(85) && x.instrument ? x.instrument : pick({kPhq, kPcl, kScared, kWho});
        s.informant = s.instrument == kScared || s.instrument == kSmfq ? pick<std::uint8_t>({0, 0, 1, 2}) : std::uint8_t{0};
        s.total =
            pick<double>({0, 4, 5, 6, 8, 9, 9.5, 10, 11, 12, 14, 16, 18, 20, 24, 25, 27, 32, 33, 34, 45, 50, 52, 76, 12.5, 251});
        p.scores.push_back(s);
      }
      for (int n = upto(3); n > 0; --n) {
        RawReview r;
        r.id = id_of(4, number * 100 + e * 10 + n);
        r.date = day(at + pick({10, 55, 56, 57, 83, 84, 85, 120}));
        r.documented = chance(70);
        r.in_session = chance(70);
        r.change = chance(60);
        p.reviews.push_back(r);
        if (chance(60)) p.changes.push_back(r.date.plus_days(pick({-1, 0, 1, 30, 60, 61})));
        RawRecommendation a;
        if (chance(80)) a.sent = r.date;
        if (chance(60)) a.answered = r.date.plus_days(upto(30));
        a.accepted = a.answered && chance(70);
        if (a.accepted && chance(60)) a.done = r.date.plus_days(upto(60));
        if (a.done)
          a.trial = pick({RawRecommendation::Trial::open, RawRecommendation::Trial::adequate,
                          RawRecommendation::Trial::not_adequate, RawRecommendation::Trial::none});
        p.recommendations.push_back(a);
      }
      if (chance(40)) p.surveys.push_back({x.id, day(at + 30), chance(20), chance(50), pick<double>({0, 50, 74.9, 75, 100})});
      if (chance(40))
        p.goals.push_back({pick({RawGoal::State::active, RawGoal::State::reached, RawGoal::State::stopped}), day(at),
                           day(at + upto(100)), chance(70) ? std::optional(day(at + upto(90))) : std::nullopt});
      if (chance(40))
        p.minutes.push_back(
            {day(at).first_of_month(), static_cast<std::uint16_t>(upto(2)), static_cast<std::uint32_t>(upto(90))});
      p.episodes.push_back(x);
      at = (x.closed ? at + length : at + 240) + pick({0, 1, 30, 200});
    }
    if (chance(30)) {
      RawReferral r;
      r.id = id_of(3, number * 10 + 9);
      r.received = day(upto(300));
      if (chance(50)) r.reached = r.received.plus_days(upto(20));
      p.referrals.push_back(r);
    }
    for (int n = upto(2); n > 0; --n)
      p.scores.push_back({day(upto(700) - 200), pick({kPhq, kPcl}), 0, pick<double>({4, 10, 20, 33})});
    for (int n = upto(2); n > 0; --n) {
      const Date start = day(upto(300) - 100);
      const auto payer = static_cast<std::uint16_t>(1 + upto(2));
      p.coverage.push_back({start, chance(50) ? std::optional(start.plus_days(upto(300))) : std::nullopt, payer, payer == 2});
    }
    return p;
  }
  Clinic0 clinic() {
    Clinic0 c;
    for (int n = 1 + upto(5), i = 1; i <= n; ++i) c.patients.push_back(person(i));
    for (int n = upto(3); n > 0; --n)
      c.sessions.push_back(
          {static_cast<std::uint16_t>(1 + upto(2)), day_of(day(upto(200))), static_cast<std::uint32_t>(upto(90))});
    for (int n = upto(4); n > 0; --n)
      c.fte.push_back({static_cast<std::uint16_t>(1 + upto(2)), day_of(day(30 * upto(8)).first_of_month()), upto(4) / 2.0});
    return c;
  }
  Question question() {
    const int from = upto(330);
    return {day(from), day(from + pick({0, 6, 27, 30, 90, 365})), {}};
  }

 private:
  Random random_;
};

std::string text_of(Figure figure, const Uuid& patient, const Uuid& episode, Place place, std::string_view reason,
                    std::optional<double> value) {
  std::ostringstream out;
  out << info(figure).id << ' ' << patient.text().substr(32) << ' ' << episode.text().substr(32) << ' ' << static_cast<int>(place)
      << ' ' << reason;
  if (value) out << ' ' << std::llround(*value * 1e6);
  return out.str();
}

std::optional<double> middle(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t h = values.size() / 2;
  const double exact = values.size() % 2 ? values[h] : (values[h] + values[h - 1]) / 2;
  return std::floor(exact * 10 + 0.5 + 1e-9) / 10;
}

TEST(Outcomes, APlainSecondImplementationAgreesOnThousandsOfSmallClinics) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Invent invent(seed);
    const Clinic0 clinic = invent.clinic();
    const auto columns = clinic.columns();
    const Question q = invent.question();
    const Simple simple(clinic, q.from, q.to);
    std::multiset<std::string> wanted, found;
    for (const auto& l : simple.lines) wanted.insert(text_of(l.figure, l.patient, l.episode, l.place, l.reason, l.value));
    const Totals totals = evaluate(*columns, q);
    for (const auto& figure : figures()) {
      Total sum;
      std::vector<double> values;
      for (const auto& l : standings(*columns, q, figure.figure)) {
        found.insert(text_of(figure.figure, l.patient, l.episode, l.standing, l.reason, l.value));
        sum.denominator += l.standing != Place::out;
        sum.numerator += l.standing == Place::numerator;
        if (l.value) values.push_back(*l.value);
      }
      const Total& total = totals[figure.figure];
      ASSERT_EQ(total.denominator, sum.denominator) << figure.id << " seed " << seed;
      ASSERT_EQ(total.numerator, sum.numerator) << figure.id << " seed " << seed;
      if (figure.kind == Kind::median) {
        ASSERT_EQ(total.value, middle(values)) << figure.id << " seed " << seed;
      }
      if (figure.figure == Figure::mean_change && !values.empty()) {
        double mean = 0;
        for (const double v : values) mean += v / static_cast<double>(values.size());
        ASSERT_NEAR(*total.value, mean, 0.0501) << "seed " << seed;
      }
    }
    std::vector<std::string> missing, surplus;
    std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(), std::back_inserter(missing));
    std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(), std::back_inserter(surplus));
    ASSERT_TRUE(missing.empty() && surplus.empty())
        << "seed " << seed << "\nonly the plain one says: " << (missing.empty() ? "" : missing.front())
        << "\nonly the engine says: " << (surplus.empty() ? "" : surplus.front());

    // The quick report is the same report.
    const Totals quick = outcome_report(*columns, q, true);
    for (const Figure f : {Figure::enrolled, Figure::re_measured, Figure::response_of_enrolled, Figure::response_of_remeasured,
                           Figure::remission_of_enrolled, Figure::remission_of_remeasured, Figure::improved_of_enrolled,
                           Figure::improved_of_remeasured, Figure::mean_change, Figure::weekly_change})
      ASSERT_EQ(quick[f], totals[f]) << info(f).id << " seed " << seed;
  }
}

TEST(Outcomes, ASeriesOfMonthsEqualsEachMonthByItself) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Invent invent(seed);
    const auto columns = invent.clinic().columns();
    for (const int length : {1, 3}) {
      const auto windows = monthly_windows(day(400), 14, length);
      const auto months = series(*columns, {}, windows);
      ASSERT_EQ(months.size(), windows.size());
      for (std::size_t i = 0; i < windows.size(); ++i)
        ASSERT_EQ(months[i], evaluate(*columns, {windows[i].from, windows[i].to, {}})) << "seed " << seed << " month " << i;
    }
  }
}

TEST(Outcomes, StrataAreFiltersAndAddUpToTheWhole) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Invent invent(seed);
    const auto columns = invent.clinic().columns();
    const Question q = invent.question();
    const Totals whole = evaluate(*columns, q);
    for (const Stratum s : {Stratum::site, Stratum::care_manager, Stratum::language, Stratum::age_band, Stratum::payer,
                            Stratum::interpreter, Stratum::instrument}) {
      const auto by = evaluate_by(*columns, q, s);
      ASSERT_EQ(by.back().value, "unknown");
      Totals sum;
      for (const auto& part : by) {
        Question one = q;
        one.filters = {{s, {part.value}}};
        const Totals alone = evaluate(*columns, one);
        for (std::size_t f = 0; f < kFigures; ++f) {
          if (s == Stratum::site || figures()[f].kind != Kind::mean) {
            ASSERT_EQ(part.totals.of[f], alone.of[f]) << figures()[f].id << " seed " << seed;
          }
          sum.of[f].denominator += part.totals.of[f].denominator;
          sum.of[f].numerator += part.totals.of[f].numerator;
        }
      }
      for (std::size_t f = 0; f < kFigures; ++f) {
        ASSERT_EQ(sum.of[f].denominator, whole.of[f].denominator) << name(s) << ' ' << figures()[f].id << " seed " << seed;
        ASSERT_EQ(sum.of[f].numerator, whole.of[f].numerator);
      }
    }
  }
}

TEST(Outcomes, ACubeIsEveryWindowAndCellByItself) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Invent invent(seed);
    const auto columns = invent.clinic().columns();
    const auto windows = monthly_windows(day(300), 5, 3);
    for (const auto& [a, b] : {std::pair(Stratum::site, Stratum::language), std::pair(Stratum::payer, Stratum::age_band)}) {
      const Cube all = cube(*columns, {}, windows, a, b);
      for (std::size_t w = 0; w < windows.size(); ++w)
        for (std::size_t row = 0; row < all.rows.size(); ++row)
          for (std::size_t column = 0; column < all.columns.size(); ++column)
            ASSERT_EQ(all.at(w, row, column),
                      evaluate(*columns, {windows[w].from, windows[w].to, {{a, {all.rows[row]}}, {b, {all.columns[column]}}}}))
                << "seed " << seed;
    }
  }
}

TEST(Outcomes, TakingOverUntouchedPatientsGivesWhatBuildingAfreshGives) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Invent invent(seed);
    const Clinic0 before = invent.clinic();
    const auto old = before.columns();
    // Somebody changes, somebody goes, somebody comes.
    Clinic0 after = before;
    const int touched = invent.upto(static_cast<int>(after.patients.size()) - 1);
    const int number = touched + 1;
    const bool gone = invent.chance(30);
    if (gone) after.patients.erase(after.patients.begin() + touched);
    else after.patients[static_cast<std::size_t>(touched)] = invent.person(number);
    after.patients.push_back(invent.person(50));

    ResidentBuilder b(after.rules, *old);
    b.copy(*old, 0, static_cast<PatientRow>(touched));
    if (!gone) {
      RawPatient changed = after.patients[static_cast<std::size_t>(touched)];
      b.add(changed);
    }
    b.copy(*old, static_cast<PatientRow>(touched + 1), static_cast<PatientRow>(old->patients()));
    RawPatient fresh = after.patients.back();
    b.add(fresh);
    for (const auto& s : after.sessions) b.add_session(s);
    for (const auto& f : after.fte) b.add_fte(f);
    const auto next = b.finish(OrganizationId(), 2);
    ASSERT_EQ(next->dump(), after.columns()->dump()) << "seed " << seed;
    const Question q = invent.question();
    ASSERT_EQ(evaluate(*next, q), evaluate(*after.columns(), q)) << "seed " << seed;
  }
}

// ---- boundaries

TEST(Outcomes, ContactOnDay28IsInTimeAndOnDay29IsNot) {
  RawPatient p = patient(1);
  p.episodes.push_back(episode(1, day(0)));
  p.contacts = {day(0), day(28)};
  EXPECT_EQ(reason(p, 0, 28, Figure::first_contact_in_28_days), "contact_in_28_days");
  p.contacts = {day(0), day(29)};
  EXPECT_EQ(reason(p, 0, 60, Figure::first_contact_in_28_days), "contact_later");
  EXPECT_EQ(reason(p, 0, 28, Figure::first_contact_in_28_days), "no_contact");
  Clinic0 clinic;
  clinic.patients.push_back(p);
  EXPECT_TRUE(standings(*clinic.columns(), {day(0), day(27), {}}, Figure::first_contact_in_28_days).empty()) << "not due yet";
  EXPECT_TRUE(standings(*clinic.columns(), {day(29), day(60), {}}, Figure::first_contact_in_28_days).empty()) << "was due before";
}

TEST(Outcomes, TheContactOfTheAssessmentItselfIsNoFollowUp) {
  RawPatient p = patient(1);
  p.episodes.push_back(episode(1, day(0)));
  p.contacts = {day(0)};
  EXPECT_EQ(reason(p, 0, 30, Figure::first_contact_in_28_days), "no_contact");
}

TEST(Outcomes, WhoLeavesBeforeDay28WithoutAContactIsOut) {
  RawPatient p = patient(1);
  p.episodes.push_back(episode(1, day(0), day(27)));
  EXPECT_EQ(reason(p, 0, 30, Figure::first_contact_in_28_days), "ended_before_day_28");
  p.episodes[0].closed = day(28);
  EXPECT_EQ(reason(p, 0, 30, Figure::first_contact_in_28_days), "no_contact");
}

TEST(Outcomes, NonRespondersAreReviewedInWeeks8To12BothEndsIncluded) {
  for (const auto& [on, why] : {std::pair(55, "not_reviewed"), std::pair(56, "reviewed_in_weeks_8_to_12"),
                                std::pair(84, "reviewed_in_weeks_8_to_12"), std::pair(85, "not_reviewed")}) {
    RawPatient p = someone({{0, 20}, {40, 15}});
    p.reviews.push_back({id_of(4, 1), day(on), 0, true, true, false});
    EXPECT_EQ(reason(p, 80, 90, Figure::nonresponders_reviewed), why) << on;
  }
  EXPECT_EQ(reason(someone({{0, 20}, {56, 10}}), 80, 90, Figure::nonresponders_reviewed), "responded_by_week_8");
  EXPECT_EQ(reason(someone({{0, 20}, {57, 10}}), 80, 90, Figure::nonresponders_reviewed), "not_reviewed");
  EXPECT_EQ(reason(someone({}), 80, 90, Figure::nonresponders_reviewed), "not_reviewed");
}

TEST(Outcomes, NobodyIsJudgedBefore70DaysUnlessTheEpisodeHasEnded) {
  EXPECT_EQ(reason(someone({{0, 20}, {30, 5}}), 0, 69, Figure::response_of_enrolled), "not_yet_70_days");
  EXPECT_EQ(reason(someone({{0, 20}, {30, 5}}), 0, 70, Figure::response_of_enrolled), "response");
  EXPECT_EQ(reason(someone({{0, 20}}, day(20)), 0, 69, Figure::response_of_enrolled), "no_later_score");
}

TEST(Outcomes, AScoreFromBeforeEnrolmentIsNeverTheBaseline) {
  EXPECT_EQ(reason(someone({{-1, 20}, {90, 5}}), 0, 100, Figure::response_of_enrolled), "baseline_not_elevated");
  EXPECT_EQ(reason(someone({{-1, 20}, {15, 18}, {90, 5}}), 0, 100, Figure::response_of_enrolled), "response");
}

TEST(Outcomes, OfTwoScoresOnOneDayTheLaterIsCurrentAndTheFirstIsTheBaseline) {
  EXPECT_EQ(reason(someone({{0, 20}, {0, 4}}), 0, 100, Figure::re_measured), "no_later_score");
  EXPECT_EQ(reason(someone({{0, 20}, {80, 4}, {80, 19}}), 0, 100, Figure::response_of_enrolled), "no_response");
  EXPECT_EQ(reason(someone({{0, 20}, {80, 19}, {80, 4}}), 0, 100, Figure::remission_of_enrolled), "remission");
}

TEST(Outcomes, RowsMayComeInAnyOrder) {
  EXPECT_EQ(reason(someone({{80, 4}, {0, 20}, {40, 18}}), 0, 100, Figure::remission_of_enrolled), "remission");
}

TEST(Outcomes, AScoreAfterTheLastDayIsNotKnownYet) {
  const auto p = someone({{0, 20}, {81, 4}});
  EXPECT_EQ(reason(p, 0, 80, Figure::response_of_enrolled), "no_later_score");
  EXPECT_EQ(reason(p, 0, 81, Figure::response_of_enrolled), "response");
}

TEST(Outcomes, ExactlyHalfIsAResponseAndTenIsNotBelowTen) {
  EXPECT_EQ(reason(someone({{0, 20}, {80, 10}}), 0, 90, Figure::response_of_enrolled), "response");
  EXPECT_EQ(reason(someone({{0, 19}, {80, 10}}), 0, 90, Figure::improved_of_enrolled), "not_improved");
  EXPECT_EQ(reason(someone({{0, 13}, {80, 9}}), 0, 90, Figure::improved_of_enrolled), "improved");
  EXPECT_EQ(reason(someone({{0, 13}, {80, 9}}), 0, 90, Figure::response_of_enrolled), "no_response");
  EXPECT_EQ(reason(someone({{0, 13}, {80, 6.5}}), 0, 90, Figure::response_of_enrolled), "response");
  EXPECT_EQ(reason(someone({{0, 13}, {80, 6.6}}), 0, 90, Figure::response_of_enrolled), "no_response");
  EXPECT_EQ(reason(someone({{0, 10}, {80, 5}}), 0, 90, Figure::remission_of_enrolled), "no_remission");
  EXPECT_EQ(reason(someone({{0, 9}, {80, 0}}), 0, 90, Figure::remission_of_enrolled), "baseline_not_elevated");
}

TEST(Outcomes, ACurrentScoreOfZeroIsAWholeImprovementAndABaselineOfZeroHasNoPerCent) {
  EXPECT_EQ(only(someone({{0, 20}, {80, 0}}), 0, 90, Figure::mean_change).value, -100.0);
  RawPatient p = someone({});
  p.episodes[0].instrument = kWho;  // more is better: nothing at all is elevated
  p.scores = {{day(0), kWho, 0, 0}, {day(80), kWho, 0, 60}};
  EXPECT_EQ(reason(p, 0, 90, Figure::mean_change), "zero_baseline");
  EXPECT_EQ(reason(p, 0, 90, Figure::remission_of_enrolled), "remission");
  p.scores[0].total = 40;
  EXPECT_EQ(only(p, 0, 90, Figure::mean_change).value, -50.0) << "less than nothing is better, whichever way it counts";
}

TEST(Outcomes, TotalsBeyondAByteAndWithDecimalsAreKeptExactly) {
  RawPatient p = someone({{0, 20.25}, {10, 250}, {20, 251}, {30, 1000.5}, {40, 7}});
  Clinic0 clinic;
  clinic.patients.push_back(p);
  const auto columns = clinic.columns();
  std::vector<double> totals;
  for (std::uint32_t i = 0; i < columns->scores(); ++i) totals.push_back(columns->total_of(0, i));
  EXPECT_EQ(totals, (std::vector<double>{20.25, 250, 251, 1000.5, 7}));
}

TEST(Outcomes, EitherOfPairedFormsSufficesEachAgainstItsOwnBaseline) {
  RawPatient p = someone({});
  p.episodes[0].instrument = kSmfq;
  p.scores = {{day(0), kSmfq, 0, 20}, {day(0), kSmfq, 1, 14}, {day(80), kSmfq, 0, 19}, {day(80), kSmfq, 1, 8}};
  EXPECT_EQ(reason(p, 0, 90, Figure::response_of_enrolled), "response") << "6 points on the parent's form";
  p.scores[3].total = 9;
  EXPECT_EQ(reason(p, 0, 90, Figure::response_of_enrolled), "no_response");
  p.scores[3].informant = 0;  // the child's form: parent's baseline does not count
  EXPECT_EQ(reason(p, 0, 90, Figure::response_of_enrolled), "response");
}

TEST(Outcomes, ASilenceEndsTheEnrolmentAndAContactAfterItBeginsItAgain) {
  RawPatient p = patient(1);
  p.episodes.push_back(episode(1, day(0)));
  p.contacts = {day(10), day(200)};
  Clinic0 clinic;
  clinic.patients.push_back(p);
  const auto columns = clinic.columns();
  const auto enrolled = [&](int from, int to) {
    return evaluate(*columns, {day(from), day(to), {}})[Figure::enrolled].numerator;
  };
  EXPECT_EQ(enrolled(100, 110), 1) << "the 100th day is the last";
  EXPECT_EQ(enrolled(101, 199), 0);
  EXPECT_EQ(enrolled(101, 200), 1);
  EXPECT_EQ(enrolled(290, 300), 1);
  EXPECT_EQ(enrolled(291, 300), 0);
}

TEST(Outcomes, ReEnrolmentIsAnEpisodeWithItsOwnBaseline) {
  RawPatient p = someone({{0, 20}, {80, 4}, {200, 15}, {300, 14}}, day(100));
  p.episodes.push_back(episode(2, day(200)));
  Clinic0 clinic;
  clinic.patients.push_back(p);
  const auto lines = standings(*clinic.columns(), {day(0), day(310), {}}, Figure::response_of_enrolled);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].reason, "response");
  EXPECT_EQ(lines[1].reason, "no_response");
}

TEST(Outcomes, MeasuredIn30DaysCountsBothEnds) {
  EXPECT_EQ(reason(someone({{71, 12}}), 50, 100, Figure::measured_in_30_days), "measured");
  EXPECT_EQ(reason(someone({{70, 12}}), 50, 100, Figure::measured_in_30_days), "last_score_too_old");
  EXPECT_EQ(reason(someone({{10, 12}}), 0, 29, Figure::measured_in_30_days), "not_yet_30_days");
}

TEST(Outcomes, PatientsForEachFteAndEachHourOfSession) {
  Clinic0 clinic;
  for (int i = 1; i <= 3; ++i) {
    RawPatient p = someone({});
    p.id = id_of(1, i);
    p.episodes[0].id = id_of(2, i);
    p.episodes[0].site = static_cast<std::uint16_t>(i == 3 ? 2 : 1);
    p.reviews.push_back({id_of(4, i), day(20), 1, true, true, false});
    clinic.patients.push_back(p);
  }
  clinic.fte = {
      {1, day_of(Date::ymd(2024, 12, 1)), 4.0}, {1, day_of(Date::ymd(2025, 1, 1)), 0.5}, {2, day_of(Date::ymd(2025, 1, 1)), 1.5}};
  clinic.sessions = {{1, day_of(day(20)), 45}};
  const auto columns = [&] {
    ResidentBuilder b(clinic.rules);
    Clinic0::books(b);
    clinic.fill(b);
    return b.finish(OrganizationId(), 1);
  }();
  const auto totals = evaluate(*columns, {day(0), day(30), {}});
  EXPECT_EQ(totals[Figure::caseload_per_fte].value, 1.5);
  EXPECT_EQ(totals[Figure::consultant_reach].value, 4.0);
  const auto sites = evaluate_by(*columns, {day(0), day(30), {}}, Stratum::site);
  EXPECT_EQ(sites[0].totals[Figure::caseload_per_fte].value, 4.0);
  EXPECT_EQ(evaluate(*columns, {day(0), day(30), {{Stratum::sex, {"unknown"}}}})[Figure::caseload_per_fte].value, std::nullopt);
}

TEST(Outcomes, MinutesAreAddedByRole) {
  RawPatient p = someone({});
  p.minutes = {{Date::ymd(2025, 1, 1), 1, 20},
               {Date::ymd(2025, 1, 1), 1, 15},
               {Date::ymd(2025, 2, 1), 2, 5},
               {Date::ymd(2025, 3, 1), 1, 50}};
  Clinic0 clinic;
  clinic.patients.push_back(p);
  const auto roles = minutes_by_role(*clinic.columns(), {Date::ymd(2025, 1, 1), Date::ymd(2025, 2, 28), {}});
  ASSERT_EQ(roles.size(), 2u);
  EXPECT_EQ(roles[0].role, "care_manager");
  EXPECT_EQ(roles[0].minutes, 35);
  EXPECT_EQ(roles[0].patients, 1);
  EXPECT_EQ(roles[1].minutes, 5);
}

TEST(Outcomes, NobodyIsNoPerCent) {
  Clinic0 clinic;
  const auto totals = evaluate(*clinic.columns(), {day(0), day(30), {}});
  EXPECT_EQ(totals[Figure::response_of_enrolled].percent(), std::nullopt);
  EXPECT_EQ(totals[Figure::days_to_first_contact].value, std::nullopt);
}

TEST(Outcomes, TheFileOfNumbersLoadsAndAWrongOneSaysWhere) {
  const auto text = json::read_file(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets" / "outcomes-2026.json");
  ASSERT_TRUE(text);
  const auto rules = load_outcome_rules(*text, {criteria("phq-9", 10, ResponseKind::percent, 50, 5)}, "concord-2026", "3");
  ASSERT_TRUE(rules) << (rules ? "" : rules.error().text);
  const OutcomeRules defaults;
  EXPECT_EQ(rules->enrolled_days, defaults.enrolled_days);
  EXPECT_EQ(rules->age_bands, defaults.age_bands);
  EXPECT_EQ(rules->numbers.size(), 11u);
  for (const auto& n : rules->numbers) EXPECT_FALSE(n.source.empty()) << n.id;
  std::string wrong = *text;
  wrong.replace(wrong.find("\"review_due_days\": {\"value\": 84"), 31, "\"review_due_days\": {\"value\": 50");
  const auto refused = load_outcome_rules(wrong, {}, "concord-2026", "3");
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().issues.size(), 1u);
  EXPECT_EQ(refused.error().issues[0].path, "numbers.review_due_days");
}

TEST(Outcomes, EveryFigureHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < kFigures; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(figures()[i].figure), i);
    ids.insert(figures()[i].id);
    EXPECT_EQ(find_figure(figures()[i].id), figures()[i].figure);
  }
  EXPECT_EQ(ids.size(), kFigures);
}

TEST(KeptColumnsForm, GoesUpWhenTheSameFactsGiveOtherColumnsOrOtherBytes) {
  Invent invent(20261122);
  std::uint64_t sum = 14695981039346656037u;
  for (int n = 0; n < 100; ++n)
    for (const char c : checkpoint_bytes(*invent.clinic().columns(), {{0, n}}))
      sum = (sum ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
  EXPECT_EQ(kCheckpointForm, 1);
  EXPECT_EQ(sum, 11152583152061132632u) << "columns are made in another way: raise kCheckpointForm, then write this number here";
}

}  // namespace
}  // namespace concord::measures
