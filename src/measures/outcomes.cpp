#include "measures/outcomes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/check.h"
#include "json/cursor.h"
#include "measures/rates.h"
#include "measures/resident.h"

namespace concord::measures {
namespace {

using measurements::Criteria;

constexpr std::array<FigureInfo, kFigures> kInfos = {{
    {Figure::enrolled, "enrolled", Kind::count, Subject::episode, "patients", "enrolled",
     "Enrolled for a day or more of the period.", 1},
    {Figure::active_caseload, "active_caseload", Kind::count, Subject::episode, "patients", "enrolled",
     "Still enrolled at the end of the last day.", 1},
    {Figure::re_measured, "re_measured", Kind::rate, Subject::episode, "percent", "enrolled",
     "Has a score on a later day than the baseline.", 1},
    {Figure::response_of_enrolled, "response_of_enrolled", Kind::rate, Subject::episode, "percent", "enrolled",
     "Latest score is a response to care.", 1},
    {Figure::response_of_remeasured, "response_of_remeasured", Kind::rate, Subject::episode, "percent", "re-measured",
     "Latest score is a response to care.", 1},
    {Figure::remission_of_enrolled, "remission_of_enrolled", Kind::rate, Subject::episode, "percent", "enrolled",
     "Latest score is in remission.", 1},
    {Figure::remission_of_remeasured, "remission_of_remeasured", Kind::rate, Subject::episode, "percent", "re-measured",
     "Latest score is in remission.", 1},
    {Figure::improved_of_enrolled, "improved_of_enrolled", Kind::rate, Subject::episode, "percent", "enrolled",
     "Improved as the registry counts it.", 1},
    {Figure::improved_of_remeasured, "improved_of_remeasured", Kind::rate, Subject::episode, "percent", "re-measured",
     "Improved as the registry counts it.", 1},
    {Figure::mean_change, "mean_change", Kind::mean, Subject::episode, "percent", "re-measured",
     "Latest score against the baseline, in per cent of the baseline; less than nothing is better.", -1},
    {Figure::weekly_change, "weekly_change", Kind::mean, Subject::episode, "points per week", "re-measured",
     "Slope of a straight line through the scores since the baseline; less than nothing is better.", -1},
    {Figure::first_contact_in_28_days, "first_contact_in_28_days", Kind::rate, Subject::episode, "percent",
     "enrolled whose 28th day is in the period", "A clinical contact within 28 days after enrolment.", 1},
    {Figure::days_to_first_contact, "days_to_first_contact", Kind::median, Subject::episode, "days",
     "first contacts of the period", "Days from enrolment to the first clinical contact.", -1},
    {Figure::weeks_to_first_response, "weeks_to_first_response", Kind::median, Subject::episode, "weeks",
     "first responses of the period", "Weeks from enrolment to the first score that is a response.", -1},
    {Figure::measured_in_30_days, "measured_in_30_days", Kind::rate, Subject::episode, "percent", "active",
     "Has a score of the primary instrument in the 30 days that end with the period.", 1},
    {Figure::nonresponders_reviewed, "nonresponders_reviewed", Kind::rate, Subject::episode, "percent",
     "not responding at week 8, week 12 in the period", "Reviewed in weeks 8 to 12.", 1},
    {Figure::days_from_review_to_change, "days_from_review_to_change", Kind::median, Subject::review, "days",
     "reviews that asked for a change and were followed by one", "Days from the review to the next change of treatment.", -1},
    {Figure::recommendations_sent, "recommendations_sent", Kind::count, Subject::recommendation, "recommendations", "sent",
     "Sent in the period.", 0},
    {Figure::recommendations_answered, "recommendations_answered", Kind::rate, Subject::recommendation, "percent", "sent",
     "Answered by the last day.", 1},
    {Figure::recommendations_accepted, "recommendations_accepted", Kind::rate, Subject::recommendation, "percent", "answered",
     "Accepted, or accepted with a change.", 1},
    {Figure::recommendations_done, "recommendations_done", Kind::rate, Subject::recommendation, "percent", "accepted",
     "Done by the last day.", 1},
    {Figure::recommendations_tried, "recommendations_tried", Kind::rate, Subject::recommendation, "percent", "done",
     "Tried long enough at a sufficient dose.", 1},
    {Figure::days_to_answer, "days_to_answer", Kind::median, Subject::recommendation, "days", "answered",
     "Days from sending to the answer.", -1},
    {Figure::days_to_done, "days_to_done", Kind::median, Subject::recommendation, "days", "done", "Days from sending to done.",
     -1},
    {Figure::caseload_per_fte, "caseload_per_fte", Kind::mean, Subject::episode, "patients per FTE", "active",
     "Active patients for each full-time care manager.", 0},
    {Figure::consultant_reach, "consultant_reach", Kind::mean, Subject::review, "patients per hour", "reviewed in a session",
     "Patients reviewed in an hour of review session.", 1},
    {Figure::satisfied, "satisfied", Kind::rate, Subject::survey_answer, "percent", "answered",
     "Answers whose mean reaches three quarters of the scale.", 1},
    {Figure::involved, "involved", Kind::rate, Subject::survey_answer, "percent", "answered",
     "Answers whose mean reaches three quarters of the scale.", 1},
    {Figure::goals_reached, "goals_reached", Kind::rate, Subject::goal, "percent", "ended or past their day",
     "Goals of the period that were reached.", 1},
    {Figure::funnel_screened, "funnel_screened", Kind::funnel, Subject::journey, "patients", "entered",
     "Positive screen, or referred without one.", 0},
    {Figure::funnel_referred, "funnel_referred", Kind::funnel, Subject::journey, "patients", "screened", "Referred.", 1},
    {Figure::funnel_reached, "funnel_reached", Kind::funnel, Subject::journey, "patients", "referred", "Reached by somebody.", 1},
    {Figure::funnel_assessed, "funnel_assessed", Kind::funnel, Subject::journey, "patients", "reached", "Assessed.", 1},
    {Figure::funnel_enrolled, "funnel_enrolled", Kind::funnel, Subject::journey, "patients", "assessed", "Enrolled.", 1},
    {Figure::funnel_first_contact, "funnel_first_contact", Kind::funnel, Subject::journey, "patients", "enrolled",
     "First contact within 28 days; later steps do not ask for it.", 1},
    {Figure::funnel_remeasured, "funnel_remeasured", Kind::funnel, Subject::journey, "patients", "enrolled", "Measured again.",
     1},
    {Figure::funnel_response, "funnel_response", Kind::funnel, Subject::journey, "patients", "re-measured",
     "Responded once, or in remission once.", 1},
    {Figure::funnel_remission, "funnel_remission", Kind::funnel, Subject::journey, "patients", "responded", "In remission once.",
     1},
}};

constexpr std::string_view kStratumNames[kStrata] = {"site", "care_manager", "pathway", "instrument", "language", "interpreter",
                                                     "race", "ethnicity",    "sex",     "age_band",   "payer"};

constexpr std::size_t at(Figure f) { return static_cast<std::size_t>(f); }

// ---- an episode up to a day

enum Bit : unsigned {
  kBaseline = 1,
  kElevated = 2,
  kRemeasured = 4,
  kResponse = 8,
  kRemission = 16,
  kImproved = 32,
};
struct Course {
  unsigned bits = 0;
  double from = 0, now = 0;  ///< of the form shown
  Day last = 0;              ///< day of the latest score of any form; 0: none
};

/// How many of n ascending days are not after `to`. Reads up to seven days beyond.
inline std::uint32_t count_until(const Day* days, std::uint32_t n, Day to) {
#ifdef __SSE2__
  const __m128i limit = _mm_set1_epi16(static_cast<short>(to));
  for (std::uint32_t i = 0;; i += 8) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(days + i));
    const __m128i not_after = _mm_cmpeq_epi16(_mm_subs_epu16(eight, limit), _mm_setzero_si128());
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(not_after));
    const std::uint32_t here = static_cast<std::uint32_t>(__builtin_ctz(~mask)) / 2;
    if (here < 8 || i + 8 >= n) return std::min(i + here, n);
  }
#else
  std::uint32_t count = 0;
  while (count < n && days[count] <= to) ++count;
  return count;
#endif
}

Day silent_end(const Resident& r, EpisodeRow e, Day to) {
  auto c = std::lower_bound(r.silent_contacts.begin(), r.silent_contacts.end(), e,
                            [](const SilentContact& s, EpisodeRow row) { return s.episode < row; });
  int last = r.enrolled[e];
  for (; c != r.silent_contacts.end() && c->episode == e && c->day <= to; ++c) last = c->day;
  return static_cast<Day>(std::min<int>(r.closed[e], std::min(last + r.rules->inactive_days, kNoDay - 1)));
}
/// Effective end as it is known on `to`. Without a silence the final one serves: contacts up to `to` are never far apart.
inline Day end_at(const Resident& r, EpisodeRow e, Day to) {
  return r.flags[e] & Resident::kSilence ? silent_end(r, e, to) : r.end[e];
}

bool improves(const Criteria& c, double from, double now, bool parent) {
  const bool below = c.improved_below && (c.higher_is_worse ? now < *c.improved_below : now > *c.improved_below);
  return c.is_elevated(from) && (below || c.is_response(from, now, parent));
}

/// Paired forms, each against its own baseline: either suffices. The first form with a later score is the one shown.
Course course_of_forms(const Resident& r, EpisodeRow e, Day to) {
  const Criteria& c = r.rules->instruments.at(r.books[static_cast<std::size_t>(Stratum::instrument)].value(r.instrument[e]));
  Course course;
  const auto form = [&](bool parent, const auto& each_score) {
    std::optional<std::pair<Day, double>> baseline, current;
    each_score([&](Day day, double total) {
      if (day > to) return;
      course.last = std::max(course.last, day);
      if (!baseline) baseline.emplace(day, total);
      else if (day > baseline->first) current.emplace(day, total);
    });
    if (!baseline) return;
    const bool elevated = c.is_elevated(baseline->second);
    course.bits |= kBaseline | (elevated ? kElevated : 0u);
    if (!current) return;
    if (!(course.bits & kRemeasured)) {
      course.from = baseline->second;
      course.now = current->second;
    }
    course.bits |= kRemeasured;
    if (!elevated) return;
    if (c.is_response(baseline->second, current->second, parent)) course.bits |= kResponse;
    if (c.is_remission(current->second)) course.bits |= kRemission;
    if (improves(c, baseline->second, current->second, parent)) course.bits |= kImproved;
  };
  form(false, [&](const auto& take) {
    for (std::uint32_t i = r.first_score[e]; i < r.first_score[e + 1]; ++i) take(r.score_day[i], r.total_of(e, i));
  });
  auto other = std::lower_bound(r.other_forms.begin(), r.other_forms.end(), e,
                                [](const OtherFormScore& s, EpisodeRow row) { return s.episode < row; });
  while (other != r.other_forms.end() && other->episode == e) {
    auto stop = other;
    while (stop != r.other_forms.end() && stop->episode == e && stop->informant == other->informant) ++stop;
    form(other->informant == 1, [&](const auto& take) {
      for (auto s = other; s != stop; ++s) take(s->day, s->total);
    });
    other = stop;
  }
  return course;
}

inline double total_of_code(Code code, std::uint8_t flags) { return flags & Resident::kFlipped ? kMostCode - code : code; }

/// One form of whole totals, read off the columns.
inline Course course_of_codes(const Resident& r, EpisodeRow e, Day to) {
  Course course;
  const std::uint32_t first = r.first_score[e];
  const std::uint32_t known = count_until(r.score_day.data() + first, r.first_score[e + 1] - first, to);
  if (known == 0) return course;
  const std::uint8_t flags = r.flags[e];
  const Code code = r.score_code[first + known - 1];
  course.last = r.score_day[first + known - 1];
  course.from = total_of_code(r.score_code[first], flags);
  course.now = total_of_code(code, flags);
  const unsigned elevated = flags & Resident::kElevated ? kElevated : 0u;
  unsigned judged = kRemeasured | (code < r.response_below[e] ? kResponse : 0u) |
                    (code < r.remission_below[e] ? kRemission : 0u) | (code < r.improved_below[e] ? kImproved : 0u);
  if (!elevated) judged &= kRemeasured;
  course.bits = kBaseline | elevated | (course.last > r.score_day[first] ? judged : 0u);
  return course;
}

inline Course course_at(const Resident& r, EpisodeRow e, Day to) {
  return r.flags[e] & Resident::kForms ? course_of_forms(r, e, to) : course_of_codes(r, e, to);
}

/// Less than nothing is better, whichever way the instrument counts.
inline double change_percent(const Course& c, std::uint8_t flags) {
  const double percent = 100.0 * (c.now - c.from) / c.from;
  return flags & Resident::kFlipped ? -percent : percent;
}

struct LineSums {
  std::int64_t x = 0, y = 0, xx = 0, xy = 0;
};
/// Sums over n scores, x counted from the first day. Reads up to seven beyond.
inline LineSums line_sums(const Day* days, const Code* codes, std::uint32_t n) {
  LineSums sums;
  const int begin = days[0];
#ifdef __SSE2__
  if (days[n - 1] - begin < 8192) {  // eight squares fit into 32 bits
    const __m128i zero = _mm_setzero_si128(), ones = _mm_set1_epi16(1), first = _mm_set1_epi16(static_cast<short>(begin));
    const __m128i lanes = _mm_set_epi16(7, 6, 5, 4, 3, 2, 1, 0);
    const auto add = [](std::int64_t& into, __m128i four) {
      four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
      four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
      into += _mm_cvtsi128_si32(four);
    };
    for (std::uint32_t i = 0; i < n; i += 8) {
      const __m128i used = _mm_cmplt_epi16(lanes, _mm_set1_epi16(static_cast<short>(std::min<std::uint32_t>(n - i, 8))));
      const __m128i x = _mm_and_si128(_mm_sub_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(days + i)), first), used);
      const __m128i y =
          _mm_and_si128(_mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes + i)), zero), used);
      add(sums.x, _mm_madd_epi16(x, ones));
      add(sums.y, _mm_madd_epi16(y, ones));
      add(sums.xx, _mm_madd_epi16(x, x));
      add(sums.xy, _mm_madd_epi16(x, y));
    }
    return sums;
  }
#endif
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::int64_t x = days[i] - begin, y = codes[i];
    sums.x += x;
    sums.y += y;
    sums.xx += x * x;
    sums.xy += x * y;
  }
  return sums;
}

/// Points per week of the line with the least squares through the own form's scores up to a day; nullopt: fewer than two days.
inline std::optional<double> slope(const Resident& r, EpisodeRow e, Day to) {
  const std::uint32_t first = r.first_score[e];
  const std::uint8_t flags = r.flags[e];
  const std::uint32_t n = count_until(r.score_day.data() + first, r.first_score[e + 1] - first, to);
  if (n < 2) return std::nullopt;
  const Day* days = r.score_day.data() + first;
  const int begin = days[0];
  if (flags & Resident::kForms) {
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double x = days[i] - begin, y = r.total_of(e, first + i);
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
    const double spread = n * sxx - sx * sx;
    if (spread <= 0) return std::nullopt;
    const double points = 7 * (n * sxy - sx * sy) / spread;
    return flags & Resident::kFlipped ? -points : points;
  }
  // Codes count down where more is better, so their slope has the right sign.
  const LineSums sums = line_sums(days, r.score_code.data() + first, n);
  const std::int64_t spread = n * sums.xx - sums.x * sums.x;
  if (spread == 0) return std::nullopt;
  return 7 * static_cast<double>(n * sums.xy - sums.x * sums.y) / static_cast<double>(spread);
}

// ---- standings: every figure of a subject for a period, told to a sink: put(figure, place, reason, value)

constexpr double kNone = 0;

/// First and last day on which a period can be concerned with the subject.
struct Reach {
  int first, last;
};

Reach reach_of(const Resident& r, EpisodeRow e) {
  int last = std::max<int>(r.end[e], r.enrolled[e] + std::max(r.rules->review_due_days, r.rules->first_contact_days));
  if (r.first_response[e] != kNoDay) last = std::max<int>(last, r.first_response[e]);
  return {r.enrolled[e], last};
}

template <class Sink>
inline void judge_episode(const Resident& r, EpisodeRow e, Day from, Day to, Sink& sink) {
  const OutcomeRules& rules = *r.rules;
  const Day enrolled = r.enrolled[e];
  if (enrolled > to) return;
  const Day end = end_at(r, e, to);

  // Clocks: counted in the period in which their last day lies.
  if (const int due = enrolled + rules.first_contact_days; due >= from && due <= to) {
    constexpr Figure f = Figure::first_contact_in_28_days;
    if (r.first_contact[e] <= due) sink.put(f, Place::numerator, "contact_in_28_days", kNone);
    else if (end < due) sink.put(f, Place::out, "ended_before_day_28", kNone);
    else sink.put(f, Place::denominator, r.first_contact[e] <= to ? "contact_later" : "no_contact", kNone);
  }
  if (const int due = enrolled + rules.review_due_days; due >= from && due <= to) {
    constexpr Figure f = Figure::nonresponders_reviewed;
    const Course then = course_at(r, e, static_cast<Day>(enrolled + rules.review_from_days));
    if (then.bits & kResponse) sink.put(f, Place::out, "responded_by_week_8", kNone);
    else if ((then.bits & (kBaseline | kElevated)) == kBaseline) sink.put(f, Place::out, "baseline_not_elevated", kNone);
    else if (end < due) sink.put(f, Place::out, "ended_before_week_12", kNone);
    else if (r.window_review[e] <= due) sink.put(f, Place::numerator, "reviewed_in_weeks_8_to_12", kNone);
    else sink.put(f, Place::denominator, "not_reviewed", kNone);
  }
  if (const Day contact = r.first_contact[e]; contact >= from && contact <= to)
    sink.put(Figure::days_to_first_contact, Place::numerator, "first_contact", contact - enrolled);
  else if (end >= from && contact > to) sink.put(Figure::days_to_first_contact, Place::out, "no_contact_yet", kNone);
  if (const Day response = r.first_response[e]; response >= from && response <= to)
    sink.put(Figure::weeks_to_first_response, Place::numerator, "first_response", response - enrolled);
  else if (end >= from && response > to) sink.put(Figure::weeks_to_first_response, Place::out, "no_response_yet", kNone);

  if (end < from) return;
  sink.put(Figure::enrolled, Place::numerator, "enrolled", kNone);
  const Course course = course_at(r, e, to);
  const unsigned bits = course.bits;
  const bool active = end > to;
  if (active) {
    sink.put(Figure::active_caseload, Place::numerator, "active", kNone);
    sink.put(Figure::caseload_per_fte, Place::numerator, "active", kNone);
    constexpr Figure f = Figure::measured_in_30_days;
    if (r.relapse_prevention[e] <= to) sink.put(f, Place::out, "relapse_prevention", kNone);
    else if (to - enrolled < rules.measured_days) sink.put(f, Place::out, "not_yet_30_days", kNone);
    else if (course.last > 0 && to - course.last < rules.measured_days) sink.put(f, Place::numerator, "measured", kNone);
    else sink.put(f, Place::denominator, course.last > 0 ? "last_score_too_old" : "no_score", kNone);
  } else {
    sink.put(Figure::active_caseload, Place::out, "ended", kNone);
    sink.put(Figure::caseload_per_fte, Place::out, "ended", kNone);
    sink.put(Figure::measured_in_30_days, Place::out, "ended", kNone);
  }

  constexpr struct {
    Figure of_enrolled, of_remeasured;
    Bit bit;
    std::string_view yes, no;
  } kFamilies[] = {
      {Figure::response_of_enrolled, Figure::response_of_remeasured, kResponse, "response", "no_response"},
      {Figure::remission_of_enrolled, Figure::remission_of_remeasured, kRemission, "remission", "no_remission"},
      {Figure::improved_of_enrolled, Figure::improved_of_remeasured, kImproved, "improved", "not_improved"},
  };
  const auto all_out = [&](std::string_view why) {
    for (const auto& family : kFamilies) {
      sink.put(family.of_enrolled, Place::out, why, kNone);
      sink.put(family.of_remeasured, Place::out, why, kNone);
    }
    sink.put(Figure::mean_change, Place::out, why, kNone);
    sink.put(Figure::weekly_change, Place::out, why, kNone);
  };
  if (active && to - enrolled < rules.enrolled_days) {
    sink.put(Figure::re_measured, Place::out, "not_yet_70_days", kNone);
    return all_out("not_yet_70_days");
  }
  const std::string_view unmeasured = bits & kBaseline ? "no_later_score" : "no_baseline";
  if (bits & kRemeasured) sink.put(Figure::re_measured, Place::numerator, "re_measured", kNone);
  else sink.put(Figure::re_measured, Place::denominator, unmeasured, kNone);
  if ((bits & (kBaseline | kElevated)) == kBaseline) return all_out("baseline_not_elevated");
  for (const auto& family : kFamilies) {
    if (!(bits & kRemeasured)) {
      sink.put(family.of_enrolled, Place::denominator, unmeasured, kNone);
      sink.put(family.of_remeasured, Place::out, unmeasured, kNone);
      continue;
    }
    const bool yes = (bits & family.bit) != 0;
    sink.put(family.of_enrolled, yes ? Place::numerator : Place::denominator, yes ? family.yes : family.no, kNone);
    sink.put(family.of_remeasured, yes ? Place::numerator : Place::denominator, yes ? family.yes : family.no, kNone);
  }
  if (!(bits & kRemeasured)) {
    sink.put(Figure::mean_change, Place::out, unmeasured, kNone);
    sink.put(Figure::weekly_change, Place::out, unmeasured, kNone);
    return;
  }
  if (course.from == 0) sink.put(Figure::mean_change, Place::out, "zero_baseline", kNone);
  else sink.put(Figure::mean_change, Place::numerator, "re_measured", change_percent(course, r.flags[e]));
  if (sink.wants(Figure::weekly_change)) {
    if (const auto points = slope(r, e, to)) sink.put(Figure::weekly_change, Place::numerator, "re_measured", *points);
    else sink.put(Figure::weekly_change, Place::out, "no_line", kNone);
  }
}

template <class Sink>
void judge_review(const ReviewRow& w, Day from, Day to, Sink& sink) {
  if (w.day < from || w.day > to) return;
  constexpr Figure f = Figure::days_from_review_to_change;
  if (!w.wants_change) sink.put(f, Place::out, "no_change_recommended", kNone);
  else if (w.change > to) sink.put(f, Place::out, "no_change_yet", kNone);
  else sink.put(f, Place::numerator, "changed", w.change - w.day);
  if (w.in_session) sink.put(Figure::consultant_reach, Place::numerator, "reviewed_in_a_session", kNone);
  else sink.put(Figure::consultant_reach, Place::out, "outside_a_session", kNone);
}

template <class Sink>
void judge_recommendation(const OutcomeRules& rules, const RecommendationRow& w, Day from, Day to, Sink& sink) {
  if (w.sent < from || w.sent > to) return;
  using enum Figure;
  sink.put(recommendations_sent, Place::numerator, "sent", kNone);
  const auto out_from = [&](int step, std::string_view why) {
    if (step <= 1) sink.put(recommendations_accepted, Place::out, why, kNone);
    if (step <= 2) sink.put(recommendations_done, Place::out, why, kNone);
    if (step <= 3) sink.put(recommendations_tried, Place::out, why, kNone);
    sink.put(days_to_done, Place::out, why, kNone);
  };
  // Done without an answer is an answer: somebody carried it out.
  const bool is_done = w.done <= to;
  if (w.answered > to && !is_done) {
    sink.put(recommendations_answered, Place::denominator, "not_answered", kNone);
    sink.put(days_to_answer, Place::out, "not_answered", kNone);
    return out_from(1, "not_answered");
  }
  sink.put(recommendations_answered, Place::numerator, "answered", kNone);
  const Day answered = std::min(w.answered, w.done);
  sink.put(days_to_answer, Place::numerator, "answered", std::max(0, answered - w.sent));
  if (!w.accepted && !is_done) {
    sink.put(recommendations_accepted, Place::denominator, "declined", kNone);
    return out_from(2, "declined");
  }
  sink.put(recommendations_accepted, Place::numerator, "accepted", kNone);
  if (!is_done) {
    sink.put(recommendations_done, Place::denominator, "not_done", kNone);
    return out_from(3, "not_done");
  }
  sink.put(recommendations_done, Place::numerator, "done", kNone);
  sink.put(days_to_done, Place::numerator, "done", std::max(0, w.done - w.sent));
  if (w.trial == RawRecommendation::Trial::none) sink.put(recommendations_tried, Place::out, "needs_no_trial", kNone);
  else if (w.trial == RawRecommendation::Trial::adequate)
    sink.put(recommendations_tried, Place::numerator, "tried_long_enough", kNone);
  else if (w.trial == RawRecommendation::Trial::not_adequate)
    sink.put(recommendations_tried, Place::denominator, "not_adequate", kNone);
  else if (to - w.done < 7 * rules.trial_weeks) sink.put(recommendations_tried, Place::out, "trial_not_over", kNone);
  else sink.put(recommendations_tried, Place::denominator, "nobody_said", kNone);
}

template <class Sink>
void judge_survey(const OutcomeRules& rules, const SurveyRow& w, Day from, Day to, Sink& sink) {
  if (w.day < from || w.day > to) return;
  const Figure f = w.involvement ? Figure::involved : Figure::satisfied;
  if (w.declined) sink.put(f, Place::out, "declined", kNone);
  else if (static_cast<double>(w.percent) >= rules.satisfied_percent - 1e-3) sink.put(f, Place::numerator, "yes", kNone);
  else sink.put(f, Place::denominator, "less", kNone);
}

Day goal_day(const GoalRow& w) { return w.state == RawGoal::State::active ? w.until : w.state_day; }
template <class Sink>
void judge_goal(const GoalRow& w, Day from, Day to, Sink& sink) {
  const Day day = goal_day(w);
  if (day < from || day > to) return;
  constexpr Figure f = Figure::goals_reached;
  if (w.state == RawGoal::State::reached) sink.put(f, Place::numerator, "reached", kNone);
  else if (w.state == RawGoal::State::stopped) sink.put(f, Place::denominator, "stopped", kNone);
  else sink.put(f, Place::denominator, "past_its_day", kNone);
}

template <class Sink>
void judge_journey(const Resident& r, const JourneyRow& w, Day from, Day to, Sink& sink) {
  if (w.begin() < from || w.begin() > to) return;
  using enum Figure;
  const EpisodeRow e = w.tag.episode;
  const bool has_episode = e != kNoRow;
  const bool in_care = has_episode && r.enrolled[e] <= to;
  const bool assessed = in_care || (has_episode && r.assessed[e] <= to);
  const bool reached = assessed || w.reached <= to;
  const bool referred = reached || w.referred <= to;
  sink.put(funnel_screened, Place::numerator, w.screened <= to ? "screened_positive" : "referred_without_score", kNone);
  const auto step = [&](Figure f, bool before, bool passed, std::string_view yes, std::string_view no) {
    if (!before) sink.put(f, Place::out, "fell_out_before", kNone);
    else sink.put(f, passed ? Place::numerator : Place::denominator, passed ? yes : no, kNone);
  };
  step(funnel_referred, true, referred, "referred", "not_referred");
  step(funnel_reached, referred, reached, "reached", "not_reached");
  step(funnel_assessed, reached, assessed, "assessed", "not_assessed");
  step(funnel_enrolled, assessed, in_care, "enrolled", "not_enrolled");
  const bool contact = in_care && r.first_contact[e] <= to && r.first_contact[e] <= r.enrolled[e] + r.rules->first_contact_days;
  step(funnel_first_contact, in_care, contact, "contact_in_28_days", "no_contact_in_28_days");
  const bool remission = in_care && r.first_remission[e] <= to;
  const bool response = remission || (in_care && r.first_response[e] <= to);
  const bool again = response || (in_care && (course_at(r, e, to).bits & kRemeasured) != 0);
  step(funnel_remeasured, in_care, again, "re_measured", "not_measured_again");
  step(funnel_response, again, response, "response", "no_response");
  step(funnel_remission, response, remission, "remission", "no_remission");
}

// ---- passes

/// Which strata the question is about.
class Matcher {
 public:
  Matcher(const Resident& r, const std::vector<Filter>& filters) : r_(r) {
    for (const Filter& filter : filters) {
      const Book& book = r.books[static_cast<std::size_t>(filter.stratum)];
      auto& check = checks_.emplace_back(filter.stratum, std::vector<char>(book.size(), 0));
      for (const auto& value : filter.values)
        if (const auto code = book.find(value)) check.second[*code] = 1;
      if (filter.stratum != Stratum::site) only_sites_ = false;
    }
  }
  bool operator()(const Tag& tag) const {
    for (const auto& [stratum, allowed] : checks_)
      if (!allowed[r_.code(stratum, tag)]) return false;
    return true;
  }
  bool all() const { return checks_.empty(); }
  bool only_sites() const { return only_sites_; }
  bool site(std::uint16_t code) const {
    for (const auto& [stratum, allowed] : checks_)
      if (stratum == Stratum::site && !allowed[code]) return false;
    return true;
  }

 private:
  const Resident& r_;
  std::vector<std::pair<Stratum, std::vector<char>>> checks_;
  bool only_sites_ = true;
};

/// Every subject that the question is about: target(tag, reach, day, judge), where judge(from, to, sink) tells its standings.
template <class Target>
void pass(const Resident& r, const Matcher& matches, const std::array<bool, 6>& kinds, Target&& target) {
  if (kinds[0])
    for (EpisodeRow e = 0; e < r.episodes(); ++e) {
      if (r.enrolled[e] == kNoDay) continue;
      const Tag tag = r.tag_of(e);
      if (!matches.all() && !matches(tag)) continue;
      target(tag, reach_of(r, e), r.enrolled[e], [&](Day from, Day to, auto& sink) { judge_episode(r, e, from, to, sink); });
    }
  const auto rows = [&](const auto& all, const auto& day_of_row, const auto& judge) {
    for (const auto& row : all) {
      const Day day = day_of_row(row);
      if (day == kNoDay || (!matches.all() && !matches(row.tag))) continue;
      target(row.tag, Reach{day, day}, day, [&](Day from, Day to, auto& sink) { judge(row, from, to, sink); });
    }
  };
  const OutcomeRules& rules = *r.rules;
  if (kinds[1])
    rows(
        r.reviews, [](const ReviewRow& w) { return w.day; },
        [](const ReviewRow& w, Day from, Day to, auto& sink) { judge_review(w, from, to, sink); });
  if (kinds[2])
    rows(
        r.recommendations, [](const RecommendationRow& w) { return w.sent; },
        [&](const RecommendationRow& w, Day from, Day to, auto& sink) { judge_recommendation(rules, w, from, to, sink); });
  if (kinds[3])
    rows(
        r.surveys, [](const SurveyRow& w) { return w.day; },
        [&](const SurveyRow& w, Day from, Day to, auto& sink) { judge_survey(rules, w, from, to, sink); });
  if (kinds[4]) rows(r.goals, goal_day, [](const GoalRow& w, Day from, Day to, auto& sink) { judge_goal(w, from, to, sink); });
  if (kinds[5])
    rows(
        r.journeys, [](const JourneyRow& w) { return w.begin(); },
        [&](const JourneyRow& w, Day from, Day to, auto& sink) { judge_journey(r, w, from, to, sink); });
}
constexpr std::array<bool, 6> kEverything = {true, true, true, true, true, true};

/// Adds standings up.
struct Sum {
  std::array<std::int64_t, kFigures> denominator{}, numerator{};
  std::array<double, 2> means{};                         ///< mean_change, weekly_change
  std::array<std::vector<std::uint32_t>, 5> histograms;  ///< days of the medians

  static constexpr bool wants(Figure) { return true; }
  static constexpr int median_slot(Figure f) {
    switch (f) {
      case Figure::days_to_first_contact:
        return 0;
      case Figure::weeks_to_first_response:
        return 1;
      case Figure::days_from_review_to_change:
        return 2;
      case Figure::days_to_answer:
        return 3;
      case Figure::days_to_done:
        return 4;
      default:
        return -1;
    }
  }
  void put(Figure f, Place place, std::string_view, double value) {
    denominator[at(f)] += place != Place::out;
    numerator[at(f)] += place == Place::numerator;
    if (place != Place::numerator) return;
    if (f == Figure::mean_change) means[0] += value;
    else if (f == Figure::weekly_change) means[1] += value;
    else if (const int slot = median_slot(f); slot >= 0) {
      auto& histogram = histograms[static_cast<std::size_t>(slot)];
      const auto days = static_cast<std::size_t>(value);
      if (days >= histogram.size()) histogram.resize(days + 1);
      ++histogram[days];
    }
  }

  /// The two values in the middle, added.
  std::int64_t twice_median(std::size_t slot, std::int64_t n) const {
    std::int64_t seen = 0, sum = 0;
    const std::int64_t low = (n - 1) / 2, high = n / 2;
    for (std::size_t day = 0; day < histograms[slot].size(); ++day) {
      const std::int64_t next = seen + histograms[slot][day];
      if (low >= seen && low < next) sum += static_cast<std::int64_t>(day);
      if (high >= seen && high < next) sum += static_cast<std::int64_t>(day);
      seen = next;
    }
    return sum;
  }

  /// `fte` and `minutes` of session: nullopt where they cannot be told for these people.
  Totals totals(std::optional<double> fte, std::optional<double> minutes) const {
    Totals t;
    for (const auto& figure : kInfos) {
      Total& total = t[figure.figure];
      total = {denominator[at(figure.figure)], numerator[at(figure.figure)], std::nullopt};
      if (const int slot = median_slot(figure.figure); slot >= 0 && total.numerator > 0)
        total.value = tenths(twice_median(static_cast<std::size_t>(slot), total.numerator), figure.unit == "weeks" ? 14 : 2);
    }
    const auto mean = [&](Figure f, double sum, double places) {
      if (Total& total = t[f]; total.numerator > 0) {
        const double value = sum / static_cast<double>(total.numerator);
        total.value = std::copysign(std::floor(std::abs(value) * places + 0.5 + 1e-9) / places, value) + 0.0;
      }
    };
    mean(Figure::mean_change, means[0], 10);
    mean(Figure::weekly_change, means[1], 100);
    const auto share = [&](Figure f, std::optional<double> of) {
      if (Total& total = t[f]; of && *of > 0)
        total.value = std::floor(10 * static_cast<double>(total.numerator) / *of + 0.5 + 1e-9) / 10;
    };
    share(Figure::caseload_per_fte, fte);
    share(Figure::consultant_reach, minutes ? std::optional(*minutes / 60) : std::nullopt);
    return t;
  }
};

/// The latest attested FTE of each site by the day, added.
template <class Site>
std::optional<double> fte_on(const Resident& r, Day to, const Site& counts) {
  std::vector<std::optional<double>> latest(r.books[0].size());
  for (const FteRow& row : r.fte)
    if (row.month <= to && counts(row.site)) latest[row.site] = row.fte;
  std::optional<double> sum;
  for (const auto& fte : latest)
    if (fte) sum = sum.value_or(0) + *fte;
  return sum;
}
template <class Site>
std::optional<double> session_minutes(const Resident& r, Day from, Day to, const Site& counts) {
  double sum = 0;
  for (const SessionRow& row : r.sessions)
    if (row.day >= from && row.day <= to && counts(row.site)) sum += row.minutes;
  return sum;
}
template <class Site>
Totals finish(const Resident& r, const Sum& sum, Day from, Day to, bool by_site, const Site& counts) {
  if (!by_site) return sum.totals(std::nullopt, std::nullopt);
  return sum.totals(fte_on(r, to, counts), session_minutes(r, from, to, counts));
}

}  // namespace

std::string_view name(Stratum stratum) { return kStratumNames[static_cast<std::size_t>(stratum)]; }
std::optional<Stratum> parse_stratum(std::string_view text) {
  for (std::size_t i = 0; i < kStrata; ++i)
    if (kStratumNames[i] == text) return static_cast<Stratum>(i);
  return std::nullopt;
}
std::string_view name(Subject subject) {
  constexpr std::string_view kNames[] = {"episode", "review", "recommendation", "survey_answer", "goal", "journey", "site"};
  return kNames[static_cast<std::size_t>(subject)];
}
std::string_view name(Kind kind) {
  constexpr std::string_view kNames[] = {"count", "rate", "median", "mean", "funnel"};
  return kNames[static_cast<std::size_t>(kind)];
}
std::span<const FigureInfo> figures() { return kInfos; }
const FigureInfo& info(Figure figure) { return kInfos[at(figure)]; }
std::optional<Figure> find_figure(std::string_view id) {
  for (const auto& figure : kInfos)
    if (figure.id == id) return figure.figure;
  return std::nullopt;
}

std::optional<double> Total::percent() const { return Rate{numerator, denominator}.percent(); }

Totals evaluate(const Resident& r, const Question& question) {
  const Matcher matches(r, question.filters);
  const Day from = day_of(question.from), to = day_of(question.to);
  Sum sum;
  pass(r, matches, kEverything, [&](const Tag&, Reach reach, Day, const auto& judge) {
    if (reach.last >= from && reach.first <= to) judge(from, to, sum);
  });
  return finish(r, sum, from, to, matches.only_sites(), [&](std::uint16_t site) { return matches.site(site); });
}

namespace {

/// Codes that anybody has, in byte order of their values, "unknown" last. A code that nobody has any more stays in the book of a
/// snapshot that was made from an earlier one.
std::vector<std::uint16_t> codes_in_use(const Resident& r, Stratum stratum) {
  const Book& book = r.books[static_cast<std::size_t>(stratum)];
  std::vector<char> present(book.size(), 0);
  for (EpisodeRow e = 0; e < r.episodes(); ++e) present[r.code(stratum, r.tag_of(e))] = 1;
  const auto rows = [&](const auto& all) {
    for (const auto& row : all) present[r.code(stratum, row.tag)] = 1;
  };
  rows(r.reviews);
  rows(r.recommendations);
  rows(r.surveys);
  rows(r.goals);
  rows(r.journeys);
  if (stratum == Stratum::site) {
    for (const auto& row : r.sessions) present[row.site] = 1;
    for (const auto& row : r.fte) present[row.site] = 1;
  }
  std::vector<std::uint16_t> codes;
  for (std::uint16_t c = 1; c < book.size(); ++c)
    if (present[c]) codes.push_back(c);
  std::sort(codes.begin(), codes.end(), [&](std::uint16_t a, std::uint16_t b) { return book.value(a) < book.value(b); });
  codes.push_back(0);
  return codes;
}

struct AxisOf {
  std::optional<Stratum> stratum;
  std::vector<std::uint16_t> codes;  // of each place
  std::vector<std::uint16_t> place;  // of each code

  AxisOf(const Resident& r, std::optional<Stratum> which) : stratum(which) {
    if (!stratum) {
      codes = {0};
      return;
    }
    codes = codes_in_use(r, *stratum);
    place.resize(r.books[static_cast<std::size_t>(*stratum)].size());
    for (std::size_t i = 0; i < codes.size(); ++i) place[codes[i]] = static_cast<std::uint16_t>(i);
  }
  std::size_t of(const Resident& r, const Tag& tag) const { return stratum ? place[r.code(*stratum, tag)] : 0; }
};

}  // namespace

Cube cube(const Resident& r, const Question& question, std::span<const Window> windows, std::optional<Stratum> rows,
          std::optional<Stratum> columns) {
  const Matcher matches(r, question.filters);
  const AxisOf row_axis(r, rows), column_axis(r, columns);
  const std::size_t width = column_axis.codes.size(), cells = row_axis.codes.size() * width;
  Cube out;
  const auto name_values = [&](const AxisOf& axis, std::vector<std::string>& values) {
    for (const std::uint16_t c : axis.codes)
      values.push_back(axis.stratum ? r.books[static_cast<std::size_t>(*axis.stratum)].value(c) : std::string());
  };
  name_values(row_axis, out.rows);
  name_values(column_axis, out.columns);
  if (windows.empty()) return out;

  std::vector<std::pair<Day, Day>> days;
  for (const Window& w : windows) days.emplace_back(day_of(w.from), day_of(w.to));
  for (std::size_t i = 1; i < days.size(); ++i) CHECK(days[i - 1].first <= days[i].first && days[i - 1].second <= days[i].second);
  // The first window that ends on or after a day.
  const Day begin = days.front().second;
  std::vector<std::uint32_t> first_ending(static_cast<std::size_t>(days.back().second - begin) + 1);
  for (std::size_t d = 0, w = 0; d < first_ending.size(); ++d) {
    while (days[w].second < begin + d) ++w;
    first_ending[d] = static_cast<std::uint32_t>(w);
  }
  std::vector<Sum> sums(windows.size() * cells);
  const Day earliest = days.front().first, latest = days.back().second;
  pass(r, matches, kEverything, [&](const Tag& tag, Reach reach, Day, const auto& judge) {
    if (reach.last < earliest || reach.first > latest) return;
    const std::size_t cell = row_axis.of(r, tag) * width + column_axis.of(r, tag);
    std::size_t w = reach.first <= begin ? 0 : first_ending[static_cast<std::size_t>(reach.first - begin)];
    for (; w < days.size() && days[w].first <= reach.last; ++w) judge(days[w].first, days[w].second, sums[w * cells + cell]);
  });

  // FTE and hours of session are known by site: not for other cells, and not for a filter by anything else.
  const auto only_site = [](const AxisOf& axis) { return !axis.stratum || *axis.stratum == Stratum::site; };
  const bool by_site = matches.only_sites() && only_site(row_axis) && only_site(column_axis);
  for (std::size_t w = 0; w < windows.size(); ++w)
    for (std::size_t row = 0; row < row_axis.codes.size(); ++row)
      for (std::size_t column = 0; column < width; ++column)
        out.cells.push_back(
            finish(r, sums[w * cells + row * width + column], days[w].first, days[w].second, by_site, [&](std::uint16_t site) {
              return matches.site(site) && (!row_axis.stratum || row_axis.codes[row] == site) &&
                     (!column_axis.stratum || column_axis.codes[column] == site);
            }));
  return out;
}

std::vector<StratumTotals> evaluate_by(const Resident& r, const Question& question, Stratum stratum) {
  const Window period{question.from, question.to};
  Cube found = cube(r, question, {&period, 1}, stratum, std::nullopt);
  std::vector<StratumTotals> all;
  for (std::size_t i = 0; i < found.rows.size(); ++i) all.push_back({std::move(found.rows[i]), std::move(found.cells[i])});
  return all;
}

std::vector<Window> monthly_windows(Date last, int months, int length) {
  std::vector<Window> windows;
  for (int i = months - 1; i >= 0; --i) {
    const Date month = last.first_of_month().plus_months(-i);
    windows.push_back({month.plus_months(1 - length), month.last_of_month()});
  }
  return windows;
}

std::vector<Totals> series(const Resident& r, const Question& question, std::span<const Window> windows) {
  return cube(r, question, windows, std::nullopt, std::nullopt).cells;
}

namespace {

struct Lines {
  const Resident& r;
  Figure wanted;
  std::vector<StandingLine>& into;
  const Tag* tag = nullptr;
  Day day = 0;

  bool wants(Figure f) const { return f == wanted; }
  void put(Figure f, Place place, std::string_view reason, double value) {
    if (f != wanted) return;
    StandingLine line;
    line.patient = r.patient_id[tag->patient];
    if (tag->episode != kNoRow) line.episode = r.episode_id[tag->episode];
    if (tag->site != 0) line.site = Uuid::parse(r.books[0].value(tag->site)).value_or(Uuid());
    line.standing = place;
    line.reason = reason;
    const bool has_value = Sum::median_slot(f) >= 0 || f == Figure::mean_change || f == Figure::weekly_change;
    if (has_value && place == Place::numerator) line.value = info(f).unit == "weeks" ? value / 7 : value;
    line.day = date_of(day);
    into.push_back(std::move(line));
  }
};

}  // namespace

std::vector<StandingLine> standings(const Resident& r, const Question& question, Figure figure) {
  const Matcher matches(r, question.filters);
  const Day from = day_of(question.from), to = day_of(question.to);
  std::vector<StandingLine> lines;
  Lines sink{r, figure, lines};
  std::array<bool, 6> kinds{};
  kinds[std::min<std::size_t>(static_cast<std::size_t>(info(figure).subject), 5)] = true;
  pass(r, matches, kinds, [&](const Tag& tag, Reach reach, Day day, const auto& judge) {
    if (reach.last < from || reach.first > to) return;
    sink.tag = &tag;
    sink.day = day;
    judge(from, to, sink);
  });
  return lines;
}

std::vector<RoleMinutes> minutes_by_role(const Resident& r, const Question& question) {
  const Matcher matches(r, question.filters);
  const Day from = day_of(question.from), to = day_of(question.to);
  std::vector<RoleMinutes> roles(r.roles.size());
  std::vector<PatientRow> last(r.roles.size(), kNoRow);
  for (const MinutesRow& row : r.minutes) {
    if (row.month < from || row.month > to || (!matches.all() && !matches(row.tag))) continue;
    roles[row.role].minutes += row.minutes;
    roles[row.role].patients += std::exchange(last[row.role], row.tag.patient) != row.tag.patient;
  }
  for (std::size_t i = 0; i < roles.size(); ++i) roles[i].role = i == 0 ? "" : r.roles.value(static_cast<std::uint16_t>(i));
  std::erase_if(roles, [](const RoleMinutes& m) { return m.patients == 0; });
  std::sort(roles.begin(), roles.end(), [](const RoleMinutes& a, const RoleMinutes& b) { return a.role < b.role; });
  return roles;
}

Totals outcome_report(const Resident& r, const Question& question, bool slopes) {
  const Day from = day_of(question.from), to = day_of(question.to);
  const int enrolled_days = r.rules->enrolled_days;
  std::int64_t enrolled = 0, long_enough = 0, remeasured = 0, judged = 0, judged_again = 0, response = 0, remission = 0,
               improved = 0, changes = 0, lines = 0;
  double change = 0, weekly = 0;
  const auto episodes = static_cast<EpisodeRow>(r.episodes());
  const Day* begins = r.enrolled.data();
  const Day* ends = r.end.data();
  const Day* days = r.score_day.data();
  const Code* codes = r.score_code.data();
  const std::uint32_t* starts = r.first_score.data();
  const std::uint8_t* flags = r.flags.data();
  const auto general = [&](EpisodeRow e) {
    const Day end = end_at(r, e, to);
    if (end < from) return;
    ++enrolled;
    if (end > to && to - begins[e] < enrolled_days) return;
    ++long_enough;
    const Course course = course_at(r, e, to);
    const bool again = (course.bits & kRemeasured) != 0;
    remeasured += again;
    if ((course.bits & (kBaseline | kElevated)) == kBaseline) return;
    ++judged;
    judged_again += again;
    response += (course.bits & kResponse) != 0;
    remission += (course.bits & kRemission) != 0;
    improved += (course.bits & kImproved) != 0;
    if (again && course.from != 0) {
      ++changes;
      change += change_percent(course, flags[e]);
    }
    if (slopes && again)
      if (const auto points = slope(r, e, to)) {
        ++lines;
        weekly += *points;
      }
  };
  for (EpisodeRow e = 0; e < episodes; ++e) {
    if (begins[e] > to) continue;
    if (flags[e] & (Resident::kSlow | Resident::kFlipped)) {
      general(e);
      continue;
    }
    if (ends[e] < from) continue;
    // The same as above without a branch that depends on how somebody fares.
    const std::uint32_t first = starts[e];
    const std::uint32_t known = count_until(days + first, starts[e + 1] - first, to);
    const std::uint32_t last = first + known - (known > 0);
    const bool is_long = !((ends[e] > to) & (to - begins[e] < enrolled_days));
    const bool again = is_long & (known > 0) & (days[last] > days[first]);
    const bool counts = is_long & ((known == 0) | ((flags[e] & Resident::kElevated) != 0));
    const bool counts_again = counts & again;
    const Code code = codes[last], baseline = codes[first];
    ++enrolled;
    long_enough += is_long;
    remeasured += again;
    judged += counts;
    judged_again += counts_again;
    response += counts_again & (code < r.response_below[e]);
    remission += counts_again & (code < r.remission_below[e]);
    improved += counts_again & (code < r.improved_below[e]);
    const bool changed = counts_again & (baseline != 0);
    changes += changed;
    change += changed ? 100.0 * (static_cast<double>(code) - baseline) / baseline : 0.0;
    if (slopes && counts_again) {
      const LineSums line = line_sums(days + first, codes + first, known);
      const std::int64_t spread = known * line.xx - line.x * line.x;
      ++lines;  // two days at least: the spread is not 0
      weekly += 7 * static_cast<double>(known * line.xy - line.x * line.y) / static_cast<double>(spread);
    }
  }
  Sum sum;
  const auto set = [&](Figure f, std::int64_t denominator, std::int64_t numerator) {
    sum.denominator[at(f)] = denominator;
    sum.numerator[at(f)] = numerator;
  };
  set(Figure::enrolled, enrolled, enrolled);
  set(Figure::re_measured, long_enough, remeasured);
  set(Figure::response_of_enrolled, judged, response);
  set(Figure::response_of_remeasured, judged_again, response);
  set(Figure::remission_of_enrolled, judged, remission);
  set(Figure::remission_of_remeasured, judged_again, remission);
  set(Figure::improved_of_enrolled, judged, improved);
  set(Figure::improved_of_remeasured, judged_again, improved);
  set(Figure::mean_change, changes, changes);
  sum.means[0] = change;
  set(Figure::weekly_change, lines, lines);
  sum.means[1] = weekly;
  return sum.totals(std::nullopt, std::nullopt);
}

Result<OutcomeRules> load_outcome_rules(std::string_view json_text, std::vector<measurements::Criteria> instruments,
                                        std::string_view rule_set, std::string_view rule_set_version) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  OutcomeRules rules;
  rules.name = rule_set;
  rules.version = rule_set_version;
  root.only({"name", "version", "about", "numbers", "age_bands", "surveys"});
  rules.parameters = root.required("name").string(1, 60).value_or("");
  rules.parameters_version = root.required("version").string(1, 20).value_or("");
  const auto numbers = root.required("numbers");
  const auto number = [&](std::string_view key, int least, int most, int& into) {
    const auto item = numbers.required(key);
    OutcomeRules::Number shown;
    shown.id = key;
    shown.unit = item.required("unit").string(1, 40).value_or("");
    shown.source = item.required("source").string(1, 500).value_or("");
    into = static_cast<int>(item.required("value").integer(least, most).value_or(least));
    shown.value = into;
    rules.numbers.push_back(std::move(shown));
  };
  number("inactive_days", 1, 3650, rules.inactive_days);
  number("enrolled_days", 0, 3650, rules.enrolled_days);
  number("first_contact_from_days", 0, 365, rules.first_contact_from_days);
  number("first_contact_days", 1, 365, rules.first_contact_days);
  number("measured_days", 1, 365, rules.measured_days);
  number("review_from_days", 0, 3650, rules.review_from_days);
  number("review_due_days", 1, 3650, rules.review_due_days);
  number("change_within_days", 0, 3650, rules.change_within_days);
  number("funnel_link_days", 0, 3650, rules.funnel_link_days);
  number("trial_weeks", 1, 104, rules.trial_weeks);
  number("satisfied_percent", 1, 100, rules.satisfied_percent);
  if (rules.review_from_days > rules.review_due_days)
    numbers.required("review_due_days").issue("must not be before review_from_days");
  const auto bands = root.required("age_bands");
  bands.required("source").string(1, 500);
  rules.age_bands.clear();
  bands.required("first_years").each([&](const json::Cursor& item) {
    const int year = static_cast<int>(item.integer(1, 150).value_or(1));
    if (!rules.age_bands.empty() && year <= rules.age_bands.back()) item.issue("must be more than the one before");
    rules.age_bands.push_back(year);
  });
  const auto surveys = root.required("surveys");
  rules.satisfaction_survey = surveys.required("satisfaction").string(1, 60).value_or("");
  rules.involvement_surveys.clear();
  surveys.required("involvement").each([&](const json::Cursor& item) {
    rules.involvement_surveys.push_back(item.string(1, 60).value_or(""));
  });
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The numbers of the dashboard cannot be used.", issues.list());
  for (auto& criteria : instruments) {
    std::string id = criteria.instrument;
    rules.instruments.emplace(std::move(id), std::move(criteria));
  }
  return rules;
}

}  // namespace concord::measures
