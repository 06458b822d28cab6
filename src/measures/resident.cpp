#include "measures/resident.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace concord::measures {
namespace {

using measurements::Criteria;

Day later(Day day, int days) {
  const int sum = day + days;
  return static_cast<Day>(std::clamp(sum, 1, kNoDay - 1));
}

/// What a code stands for.
double total_of_code(Code code, bool flipped) { return flipped ? kMostCode - code : code; }
std::optional<Code> code_of_total(double total, bool flipped) {
  if (!(total >= 0 && total <= kMostCode) || total != std::floor(total)) return std::nullopt;
  const auto code = static_cast<Code>(total);
  return flipped ? static_cast<Code>(kMostCode - code) : code;
}

/// How many codes from 0 on fulfil a condition that holds for the better ones.
template <class Holds>
Code first_that_fails(const Holds& holds) {
  int low = 0, high = kMostCode + 1;  // holds below `low`, fails from `high` on
  while (low < high) {
    const int middle = (low + high) / 2;
    if (holds(static_cast<Code>(middle))) low = middle + 1;
    else high = middle;
  }
  return static_cast<Code>(low);
}

bool improved(const Criteria& c, double from, double to, bool parent) {
  if (!c.is_elevated(from)) return false;
  const bool below = c.improved_below && (c.higher_is_worse ? to < *c.improved_below : to > *c.improved_below);
  return below || c.is_response(from, to, parent);
}

template <class T>
void append_range(std::vector<T>& into, const std::vector<T>& from, std::size_t first, std::size_t last) {
  into.insert(into.end(), from.begin() + static_cast<std::ptrdiff_t>(first), from.begin() + static_cast<std::ptrdiff_t>(last));
}
template <class T, class Key>
std::pair<std::size_t, std::size_t> rows_of(const std::vector<T>& rows, const Key& key, std::uint32_t first, std::uint32_t last) {
  const auto begin =
      std::lower_bound(rows.begin(), rows.end(), first, [&](const T& row, std::uint32_t k) { return key(row) < k; });
  const auto end = std::lower_bound(begin, rows.end(), last, [&](const T& row, std::uint32_t k) { return key(row) < k; });
  return {static_cast<std::size_t>(begin - rows.begin()), static_cast<std::size_t>(end - rows.begin())};
}

}  // namespace

Day day_of(Date date) { return static_cast<Day>(std::clamp(date.days_since_1970(), 1, kNoDay - 1)); }

std::uint16_t Book::code(std::string_view value) {
  if (const auto found = codes_.find(value); found != codes_.end()) return found->second;
  if (values_.size() >= 65000) return 0;  // more sites or care managers than anybody has
  const auto code = static_cast<std::uint16_t>(values_.size());
  values_.emplace_back(value);
  codes_.emplace(std::string(value), code);
  return code;
}
std::optional<std::uint16_t> Book::find(std::string_view value) const {
  const auto found = codes_.find(value);
  return found == codes_.end() ? std::nullopt : std::optional(found->second);
}

void RawPatient::clear() {
  born.reset();
  site = language = interpreter = race = ethnicity = sex = 0;
  episodes.clear();
  scores.clear();
  contacts.clear();
  changes.clear();
  coverage.clear();
  referrals.clear();
  reviews.clear();
  recommendations.clear();
  surveys.clear();
  goals.clear();
  minutes.clear();
}

ResidentBuilder::ResidentBuilder(std::shared_ptr<const OutcomeRules> rules) {
  out_.rules = std::move(rules);
  const OutcomeRules& r = *out_.rules;
  for (const std::string_view value : {"yes", "no"}) book(Stratum::interpreter).code(value);
  Book& ages = book(Stratum::age_band);
  for (std::size_t i = 0; i <= r.age_bands.size(); ++i) {
    std::string band;
    if (i == 0) band = "under_" + std::to_string(r.age_bands.empty() ? 200 : r.age_bands[0]);
    else if (i == r.age_bands.size()) band = std::to_string(r.age_bands[i - 1]) + "+";
    else band = std::to_string(r.age_bands[i - 1]) + "-" + std::to_string(r.age_bands[i] - 1);
    age_codes_.push_back(static_cast<std::uint8_t>(ages.code(band)));
  }
  Book& instruments = book(Stratum::instrument);
  CHECK(r.instruments.size() < 250);
  criteria_.push_back(nullptr);
  marks_.emplace_back();
  for (const auto& [id, criteria] : r.instruments) {
    CHECK(instruments.code(id) == criteria_.size());
    criteria_.push_back(&criteria);
    auto& marks = marks_.emplace_back(kMostCode + 1);
    const bool flipped = !criteria.higher_is_worse;
    for (int b = 0; b <= kMostCode; ++b) {
      const double from = total_of_code(static_cast<Code>(b), flipped);
      Marks& m = marks[static_cast<std::size_t>(b)];
      m.elevated = criteria.is_elevated(from);
      m.response = first_that_fails([&](Code x) { return criteria.is_response(from, total_of_code(x, flipped), false); });
      m.remission = first_that_fails([&](Code x) { return criteria.is_remission(total_of_code(x, flipped)); });
      m.improved = first_that_fails([&](Code x) { return improved(criteria, from, total_of_code(x, flipped), false); });
    }
  }
  out_.first_episode.push_back(0);
  out_.first_score.push_back(0);
}

ResidentBuilder::ResidentBuilder(std::shared_ptr<const OutcomeRules> rules, const Resident& earlier)
    : ResidentBuilder(std::move(rules)) {
  out_.books = earlier.books;
  out_.roles = earlier.roles;
}

std::optional<std::uint16_t> ResidentBuilder::instrument(std::string_view id) const {
  return out_.books[static_cast<std::size_t>(Stratum::instrument)].find(id);
}

void ResidentBuilder::reserve(std::size_t patients, std::size_t episodes, std::size_t scores) {
  Resident& o = out_;
  const auto room_for = [](std::size_t n) { return [n](auto& column) { column.reserve(n); }; };
  for_columns(kPatientColumns, o, room_for(patients + 1));
  o.first_episode.reserve(patients + 1);
  for_columns(kEpisodeColumns, o, room_for(episodes + 1));
  o.patient.reserve(episodes + 1);
  o.first_score.reserve(episodes + 1);
  o.journeys.reserve(episodes + 1);
  for_columns(kScoreColumns, o, room_for(scores + 8));
}

std::uint8_t ResidentBuilder::age_band(std::optional<Date> born, Date on) const {
  if (!born || *born > on) return 0;
  const int years = age_in_years(*born, on);
  std::size_t band = 0;
  while (band < out_.rules->age_bands.size() && years >= out_.rules->age_bands[band]) ++band;
  return age_codes_[band];
}

std::uint16_t ResidentBuilder::payer_on(const RawPatient& p, Date on) {
  const RawCoverage* best = nullptr;
  for (const auto& c : p.coverage) {  // in order of start: of two that count alike the later one
    if (c.start > on || (c.end && *c.end < on)) continue;
    if (!best || c.medicaid || !best->medicaid) best = &c;
  }
  return best ? best->payer : 0;
}

void ResidentBuilder::add(RawPatient& p) {
  Resident& o = out_;
  CHECK(o.patient_id.empty() || o.patient_id.back() < p.id);
  const auto row = static_cast<PatientRow>(o.patient_id.size());
  const auto by_date = [](const auto& a, const auto& b) { return a.date < b.date; };
  const auto sort = [](auto& rows, const auto& less) {
    if (!std::is_sorted(rows.begin(), rows.end(), less)) std::stable_sort(rows.begin(), rows.end(), less);
  };
  sort(p.scores, by_date);
  sort(p.contacts, std::less<>());
  sort(p.changes, std::less<>());
  const Book& payers = book(Stratum::payer);
  sort(p.coverage, [&](const RawCoverage& a, const RawCoverage& b) {
    return std::tuple(a.start, a.end.value_or(Date(1 << 30)), std::string_view(payers.value(a.payer))) <
           std::tuple(b.start, b.end.value_or(Date(1 << 30)), std::string_view(payers.value(b.payer)));
  });
  sort(p.referrals,
       [](const RawReferral& a, const RawReferral& b) { return std::tie(a.received, a.id) < std::tie(b.received, b.id); });
  sort(p.reviews, [](const RawReview& a, const RawReview& b) { return std::tie(a.date, a.id) < std::tie(b.date, b.id); });
  const auto begin_of = [](const RawEpisode& e) { return e.enrolled.value_or(e.referred); };
  sort(p.episodes,
       [&](const RawEpisode& a, const RawEpisode& b) { return std::tuple(begin_of(a), a.id) < std::tuple(begin_of(b), b.id); });

  o.patient_id.push_back(p.id);
  o.born.push_back(p.born ? p.born->days_since_1970() : Resident::kNotBorn);
  o.patient_site.push_back(p.site);
  o.language.push_back(p.language);
  o.interpreter.push_back(static_cast<std::uint8_t>(p.interpreter));
  o.race.push_back(static_cast<std::uint8_t>(std::min<int>(p.race, 255)));
  o.ethnicity.push_back(static_cast<std::uint8_t>(std::min<int>(p.ethnicity, 255)));
  o.sex.push_back(static_cast<std::uint8_t>(std::min<int>(p.sex, 255)));
  const auto first_episode = static_cast<EpisodeRow>(o.episode_id.size());
  for (const auto& e : p.episodes) add_episode(row, p, e);
  o.first_episode.push_back(static_cast<EpisodeRow>(o.episode_id.size()));

  /// Rows of other tables belong to the episode that had begun on their day.
  const auto tag_on = [&](Date day, std::uint16_t site, const Uuid* episode = nullptr) {
    EpisodeRow found = p.episodes.empty() ? kNoRow : first_episode;
    for (std::size_t i = 0; i < p.episodes.size(); ++i)
      if (episode ? p.episodes[i].id == *episode : begin_of(p.episodes[i]) <= day)
        found = first_episode + static_cast<EpisodeRow>(i);
    if (found != kNoRow) return o.tag_of(found);
    Tag tag;
    tag.patient = row;
    tag.site = site ? site : p.site;
    tag.age = age_band(p.born, day);
    tag.payer = static_cast<std::uint8_t>(payer_on(p, day));
    return tag;
  };
  const auto maybe_day = [](const std::optional<Date>& d) { return d ? day_of(*d) : kNoDay; };

  for (const auto& r : p.reviews) {
    ReviewRow out{tag_on(r.date, r.site), day_of(r.date), kNoDay, r.documented, r.in_session, r.change};
    const auto change = std::lower_bound(p.changes.begin(), p.changes.end(), r.date);
    if (change != p.changes.end() && *change - r.date <= o.rules->change_within_days) out.change = day_of(*change);
    o.reviews.push_back(out);
  }
  {
    const auto begin = static_cast<std::ptrdiff_t>(o.recommendations.size());
    for (const auto& r : p.recommendations)
      if (r.sent)
        o.recommendations.push_back(
            {tag_on(*r.sent, 0), day_of(*r.sent), maybe_day(r.answered), maybe_day(r.done), r.accepted, r.trial});
    std::sort(o.recommendations.begin() + begin, o.recommendations.end(),
              [](const RecommendationRow& a, const RecommendationRow& b) {
                return std::tie(a.sent, a.answered, a.done, a.accepted, a.trial) <
                       std::tie(b.sent, b.answered, b.done, b.accepted, b.trial);
              });
  }
  {
    const auto begin = static_cast<std::ptrdiff_t>(o.surveys.size());
    for (const auto& s : p.surveys)
      o.surveys.push_back(
          {tag_on(s.date, 0, &s.episode), day_of(s.date), s.declined, s.involvement, static_cast<float>(s.percent)});
    std::sort(o.surveys.begin() + begin, o.surveys.end(), [](const SurveyRow& a, const SurveyRow& b) {
      return std::tie(a.day, a.involvement, a.declined, a.percent) < std::tie(b.day, b.involvement, b.declined, b.percent);
    });
  }
  {
    const auto begin = static_cast<std::ptrdiff_t>(o.goals.size());
    for (const auto& g : p.goals)
      o.goals.push_back({tag_on(g.start, 0), day_of(g.start), maybe_day(g.until), day_of(g.state_date), g.state});
    std::sort(o.goals.begin() + begin, o.goals.end(), [](const GoalRow& a, const GoalRow& b) {
      return std::tie(a.start, a.until, a.state_day, a.state) < std::tie(b.start, b.until, b.state_day, b.state);
    });
  }
  {
    const auto begin = o.minutes.size();
    for (const auto& m : p.minutes) {
      const Day month = day_of(m.month);
      bool known = false;
      for (std::size_t i = o.minutes.size(); !known && i > begin; --i)
        if (o.minutes[i - 1].month == month && o.minutes[i - 1].role == m.role) {
          o.minutes[i - 1].minutes += m.minutes;
          known = true;
        }
      if (!known) o.minutes.push_back({tag_on(m.month.last_of_month(), 0), month, m.role, m.minutes});
    }
    std::sort(o.minutes.begin() + static_cast<std::ptrdiff_t>(begin), o.minutes.end(),
              [&](const MinutesRow& a, const MinutesRow& b) {
                return a.month != b.month ? a.month < b.month : o.roles.value(a.role) < o.roles.value(b.role);
              });
  }

  // ---- ways into care
  const std::size_t first_journey = o.journeys.size();
  const auto journey = [&](Day screened, Day referred, Day reached, EpisodeRow episode, std::uint16_t site, Date on) {
    JourneyRow j;
    j.tag.patient = row;
    j.tag.episode = episode;
    j.tag.site = episode != kNoRow ? o.site[episode] : site ? site : p.site;
    j.tag.age = age_band(p.born, on);
    j.tag.payer = static_cast<std::uint8_t>(payer_on(p, on));
    j.screened = screened;
    j.referred = referred;
    j.reached = reached;
    o.journeys.push_back(j);
  };
  for (const auto& r : p.referrals) {
    EpisodeRow led_to = kNoRow;
    for (std::size_t i = 0; i < p.episodes.size(); ++i)
      if (led_to == kNoRow && p.episodes[i].referral == r.id) led_to = first_episode + static_cast<EpisodeRow>(i);
    journey(kNoDay, day_of(r.received), maybe_day(r.reached), led_to, r.site, r.received);
  }
  for (std::size_t i = 0; i < p.episodes.size(); ++i) {
    const auto& e = p.episodes[i];
    const bool has_referral = e.referral && std::any_of(p.referrals.begin(), p.referrals.end(),
                                                        [&](const RawReferral& r) { return r.id == *e.referral; });
    // Two episodes of one referral: the second way into care is its own.
    const auto row_of = first_episode + static_cast<EpisodeRow>(i);
    const bool taken =
        has_referral && std::any_of(o.journeys.begin() + static_cast<std::ptrdiff_t>(first_journey), o.journeys.end(),
                                    [&](const JourneyRow& j) { return j.tag.episode == row_of; });
    if (!taken) journey(kNoDay, day_of(e.referred), kNoDay, row_of, 0, e.referred);
  }
  const auto journey_order = [](const JourneyRow& a, const JourneyRow& b) {
    return std::tuple(a.begin(), a.referred, a.tag.episode, a.reached) <
           std::tuple(b.begin(), b.referred, b.tag.episode, b.reached);
  };
  const auto journeys_begin = [&] { return o.journeys.begin() + static_cast<std::ptrdiff_t>(first_journey); };
  if (o.journeys.size() > first_journey + 1) std::sort(journeys_begin(), o.journeys.end(), journey_order);
  for (const auto& s : p.scores) {
    const Criteria* c = criteria_[s.instrument];
    if (!c || !c->is_elevated(s.total)) continue;
    bool in_care = false;
    for (const auto& e : p.episodes)
      in_care = in_care || (e.enrolled && *e.enrolled <= s.date && (!e.closed || *e.closed >= s.date));
    if (in_care) continue;
    const Day day = day_of(s.date);
    const int link = o.rules->funnel_link_days;
    bool belongs = false;
    for (std::size_t i = first_journey; !belongs && i < o.journeys.size(); ++i) {
      JourneyRow& j = o.journeys[i];
      if (j.referred == kNoDay) {  // a screen that led to nothing so far
        belongs = day >= j.screened && day - j.screened <= link;
      } else {
        const Day until = j.tag.episode != kNoRow && o.enrolled[j.tag.episode] != kNoDay ? o.enrolled[j.tag.episode] : j.referred;
        belongs = day <= until && j.referred <= day + link;
        if (belongs && j.screened == kNoDay) {
          j.screened = day;
          const Date on = date_of(j.begin());
          j.tag.age = age_band(p.born, on);
          j.tag.payer = static_cast<std::uint8_t>(payer_on(p, on));
        }
      }
    }
    if (!belongs) journey(day, kNoDay, kNoDay, kNoRow, 0, s.date);
  }
  if (o.journeys.size() > first_journey + 1) std::sort(journeys_begin(), o.journeys.end(), journey_order);
}

/// The course of one episode over all its forms up to a day, the general way (outcomes.cpp reads the columns instead).
struct ResidentBuilder::Judge {
  const Criteria& criteria;
  struct Form {
    bool parent = false;
    std::vector<std::pair<Day, double>> scores;
  };
  std::vector<Form> forms;

  bool elevated() const {
    return std::any_of(forms.begin(), forms.end(), [&](const Form& f) { return criteria.is_elevated(f.scores.front().second); });
  }
  bool holds(Day until, bool remission) const {
    for (const Form& f : forms) {
      const auto [baseline_day, from] = f.scores.front();
      if (!criteria.is_elevated(from)) continue;
      std::optional<double> current;
      for (const auto& [day, total] : f.scores)
        if (day > baseline_day && day <= until) current = total;
      if (current && (remission ? criteria.is_remission(*current) : criteria.is_response(from, *current, f.parent))) return true;
    }
    return false;
  }
};

void ResidentBuilder::add_episode(PatientRow row, const RawPatient& p, const RawEpisode& e) {
  Resident& o = out_;
  const OutcomeRules& rules = *o.rules;
  const auto episode = static_cast<EpisodeRow>(o.episode_id.size());
  const Date on = e.enrolled.value_or(e.referred);
  const auto maybe_day = [](const std::optional<Date>& d) { return d ? day_of(*d) : kNoDay; };
  o.episode_id.push_back(e.id);
  o.patient.push_back(row);
  o.site.push_back(e.site);
  o.care_manager.push_back(e.care_manager);
  o.pathway.push_back(static_cast<std::uint8_t>(std::min<int>(e.pathway, 255)));
  o.instrument.push_back(static_cast<std::uint8_t>(e.instrument));
  o.age.push_back(age_band(p.born, on));
  o.payer.push_back(static_cast<std::uint8_t>(payer_on(p, on)));
  o.assessed.push_back(maybe_day(e.assessed));
  o.enrolled.push_back(maybe_day(e.enrolled));
  o.closed.push_back(maybe_day(e.closed));
  o.relapse_prevention.push_back(maybe_day(e.relapse_prevention));

  Day end = 0, first_contact = kNoDay, first_response = kNoDay, first_remission = kNoDay, window_review = kNoDay,
      last_score = kNoDay;
  Code last_code = 0;
  Marks marks;
  std::uint8_t flags = 0;
  if (e.enrolled) {
    const Day enrolled = day_of(*e.enrolled), closed = maybe_day(e.closed);
    // Contacts.
    const auto begin = std::lower_bound(p.contacts.begin(), p.contacts.end(), *e.enrolled);
    auto stop = begin;
    Day last = enrolled;
    for (; stop != p.contacts.end() && day_of(*stop) <= closed; ++stop) {
      const Day day = day_of(*stop);
      if (first_contact == kNoDay && day - enrolled >= rules.first_contact_from_days) first_contact = day;
      if (day - last > rules.inactive_days) flags |= Resident::kSilence | Resident::kSlow;
      last = day;
    }
    end = std::min(closed, later(last, rules.inactive_days));
    if (flags & Resident::kSilence)
      for (auto c = begin; c != stop; ++c) o.silent_contacts.push_back({episode, day_of(*c)});
    // Reviews in weeks 8 to 12.
    const Day from = later(enrolled, rules.review_from_days), due = later(enrolled, rules.review_due_days);
    for (const auto& r : p.reviews)
      if (const Day day = day_of(r.date); window_review == kNoDay && day >= from && day <= due) window_review = day;
    // Scores.
    const Criteria* criteria = criteria_[e.instrument];
    const bool flipped = criteria && !criteria->higher_is_worse;
    if (flipped) flags |= Resident::kFlipped;
    const auto first = static_cast<std::uint32_t>(o.score_day.size());
    bool elevated_exactly = false;
    if (criteria) {
      const std::size_t other_begin = o.other_forms.size(), exact_begin = o.exact.size();
      for (const auto& s : p.scores) {
        if (s.instrument != e.instrument || s.date < *e.enrolled || (e.closed && s.date > *e.closed)) continue;
        const Day day = day_of(s.date);
        if (s.informant != 0) {
          o.other_forms.push_back({episode, day, s.informant, s.total});
          continue;
        }
        const auto code = code_of_total(s.total, flipped);
        if (!code) o.exact.push_back({static_cast<std::uint32_t>(o.score_day.size()), s.total});
        o.score_day.push_back(day);
        o.score_code.push_back(code.value_or(kExactCode));
      }
      const std::size_t count = o.score_day.size() - first;
      if (count > 0) {
        last_score = o.score_day.back();
        last_code = o.score_code.back();
      }
      if (o.other_forms.size() != other_begin || o.exact.size() != exact_begin) {
        flags |= Resident::kForms | Resident::kSlow;
        Judge judge{*criteria, {}};
        if (count > 0) {
          auto& own = judge.forms.emplace_back();
          for (std::uint32_t i = first; i < o.score_day.size(); ++i) {
            double total = 0;
            if (o.score_code[i] != kExactCode) total = total_of_code(o.score_code[i], flipped);
            else
              for (std::size_t x = exact_begin; x < o.exact.size(); ++x)
                if (o.exact[x].score == i) total = o.exact[x].total;
            own.scores.emplace_back(o.score_day[i], total);
          }
        }
        std::stable_sort(o.other_forms.begin() + static_cast<std::ptrdiff_t>(other_begin), o.other_forms.end(),
                         [](const OtherFormScore& a, const OtherFormScore& b) { return a.informant < b.informant; });
        for (std::size_t i = other_begin; i < o.other_forms.size(); ++i) {
          if (i == other_begin || o.other_forms[i].informant != o.other_forms[i - 1].informant)
            judge.forms.push_back({o.other_forms[i].informant == 1, {}});
          judge.forms.back().scores.emplace_back(o.other_forms[i].day, o.other_forms[i].total);
        }
        elevated_exactly = judge.elevated();
        for (const auto& form : judge.forms)
          for (const auto& [day, total] : form.scores) {
            if (day < first_response && judge.holds(day, false)) first_response = day;
            if (day < first_remission && judge.holds(day, true)) first_remission = day;
          }
      } else if (count > 0) {
        marks = marks_[e.instrument][o.score_code[first]];
        if (marks.elevated)
          for (std::size_t i = first; i < o.score_day.size(); ++i) {
            const Day day = o.score_day[i];
            if (day == o.score_day[first] || (i + 1 < o.score_day.size() && o.score_day[i + 1] == day)) continue;
            if (first_response == kNoDay && o.score_code[i] < marks.response) first_response = day;
            if (first_remission == kNoDay && o.score_code[i] < marks.remission) first_remission = day;
          }
      }
    }
    if (marks.elevated || elevated_exactly) flags |= Resident::kElevated;
  }
  o.end.push_back(end);
  o.first_contact.push_back(first_contact);
  o.first_response.push_back(first_response);
  o.first_remission.push_back(first_remission);
  o.window_review.push_back(window_review);
  o.response_below.push_back(marks.response);
  o.remission_below.push_back(marks.remission);
  o.improved_below.push_back(marks.improved);
  o.last_code.push_back(last_code);
  o.last_score.push_back(last_score);
  o.flags.push_back(flags);
  o.first_score.push_back(static_cast<std::uint32_t>(o.score_day.size()));
}

void ResidentBuilder::copy(const Resident& from, PatientRow first, PatientRow last) {
  if (first == last) return;
  Resident& o = out_;
  CHECK(o.patient_id.empty() || o.patient_id.back() < from.patient_id[first]);
  const EpisodeRow episode_first = from.first_episode[first], episode_last = from.first_episode[last];
  const std::uint32_t score_first = from.first_score[episode_first], score_last = from.first_score[episode_last];
  // What row numbers move by; unsigned, so that going down wraps round to the right number too.
  const std::uint32_t patient_shift = static_cast<std::uint32_t>(o.patient_id.size()) - first;
  const std::uint32_t episode_shift = static_cast<std::uint32_t>(o.episode_id.size()) - episode_first;
  const std::uint32_t score_shift = static_cast<std::uint32_t>(o.score_day.size()) - score_first;

  const auto take_columns = [&](const auto& list, std::size_t from_row, std::size_t to_row) {
    std::apply([&](const auto&... column) { (append_range(o.*column, from.*column, from_row, to_row), ...); }, list);
  };
  take_columns(kPatientColumns, first, last);
  for (PatientRow p = first; p < last; ++p) o.first_episode.push_back(from.first_episode[p + 1] + episode_shift);
  take_columns(kEpisodeColumns, episode_first, episode_last);
  for (EpisodeRow e = episode_first; e < episode_last; ++e) {
    o.patient.push_back(from.patient[e] + patient_shift);
    o.first_score.push_back(from.first_score[e + 1] + score_shift);
  }
  take_columns(kScoreColumns, score_first, score_last);

  const auto take = [](auto& into, const auto& rows, std::pair<std::size_t, std::size_t> range, const auto& shift) {
    for (std::size_t i = range.first; i < range.second; ++i) shift(into.emplace_back(rows[i]));
  };
  take(o.other_forms, from.other_forms,
       rows_of(
           from.other_forms, [](const OtherFormScore& s) { return s.episode; }, episode_first, episode_last),
       [&](OtherFormScore& s) { s.episode += episode_shift; });
  take(o.silent_contacts, from.silent_contacts,
       rows_of(
           from.silent_contacts, [](const SilentContact& s) { return s.episode; }, episode_first, episode_last),
       [&](SilentContact& s) { s.episode += episode_shift; });
  take(o.exact, from.exact,
       rows_of(
           from.exact, [](const ExactTotal& s) { return s.score; }, score_first, score_last),
       [&](ExactTotal& s) { s.score += score_shift; });
  const auto tagged = [&](auto& into, const auto& rows) {
    take(into, rows,
         rows_of(
             rows, [](const auto& r) { return r.tag.patient; }, first, last),
         [&](auto& r) {
           r.tag.patient += patient_shift;
           if (r.tag.episode != kNoRow) r.tag.episode += episode_shift;
         });
  };
  std::apply([&](const auto&... rows) { (tagged(o.*rows, from.*rows), ...); }, kTaggedRows);
}

void ResidentBuilder::append(ResidentBuilder&& later_part) {
  copy(later_part.out_, 0, static_cast<PatientRow>(later_part.out_.patients()));
  later_part.out_ = Resident();
}

std::shared_ptr<const Resident> ResidentBuilder::finish(OrganizationId organization, std::uint64_t version) {
  out_.organization = organization;
  out_.version = version;
  std::sort(out_.sessions.begin(), out_.sessions.end(), [this](const SessionRow& a, const SessionRow& b) {
    const Book& sites = out_.books[0];
    return std::tuple(a.day, std::string_view(sites.value(a.site)), a.minutes) <
           std::tuple(b.day, std::string_view(sites.value(b.site)), b.minutes);
  });
  std::sort(out_.fte.begin(), out_.fte.end(), [this](const FteRow& a, const FteRow& b) {
    const Book& sites = out_.books[0];
    return std::tuple(a.month, std::string_view(sites.value(a.site)), a.fte) <
           std::tuple(b.month, std::string_view(sites.value(b.site)), b.fte);
  });
  out_.score_day.insert(out_.score_day.end(), 8, kNoDay);
  out_.score_code.insert(out_.score_code.end(), 8, 0);
  return std::make_shared<const Resident>(std::move(out_));
}

double Resident::total_of(EpisodeRow episode, std::uint32_t score) const {
  const Code code = score_code[score];
  if (code != kExactCode) return total_of_code(code, (flags[episode] & kFlipped) != 0);
  const auto found =
      std::lower_bound(exact.begin(), exact.end(), score, [](const ExactTotal& x, std::uint32_t s) { return x.score < s; });
  CHECK(found != exact.end() && found->score == score);
  return found->total;
}

std::uint16_t Resident::code(Stratum stratum, const Tag& tag) const {
  switch (stratum) {
    case Stratum::site:
      return tag.site;
    case Stratum::care_manager:
      return tag.episode == kNoRow ? 0 : care_manager[tag.episode];
    case Stratum::pathway:
      return tag.episode == kNoRow ? 0 : pathway[tag.episode];
    case Stratum::instrument:
      return tag.episode == kNoRow ? 0 : instrument[tag.episode];
    case Stratum::language:
      return language[tag.patient];
    case Stratum::interpreter:
      return interpreter[tag.patient];
    case Stratum::race:
      return race[tag.patient];
    case Stratum::ethnicity:
      return ethnicity[tag.patient];
    case Stratum::sex:
      return sex[tag.patient];
    case Stratum::age_band:
      return tag.age;
    case Stratum::payer:
      return tag.payer;
  }
  return 0;
}

std::size_t Resident::bytes() const {
  std::size_t sum = 0;
  const auto add = [&](const auto& column) { sum += column.size() * sizeof(column[0]); };
  for_columns(kPatientColumns, *this, add);
  for_columns(kEpisodeColumns, *this, add);
  for_columns(kScoreColumns, *this, add);
  for_columns(kTaggedRows, *this, add);
  for_columns(kOtherRows, *this, add);
  for (const auto* numbers : {&first_episode, &patient, &first_score}) add(*numbers);
  return sum;
}

std::string Resident::dump() const {
  std::string s;
  const auto say = [&](const auto& value) {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_convertible_v<T, std::string_view>) s += value;
    else s += std::to_string(value);
    s += ' ';
  };
  const auto value = [&](Stratum stratum, std::uint16_t c) { say(books[static_cast<std::size_t>(stratum)].value(c)); };
  const auto tag = [&](const Tag& t) {
    say(t.episode == kNoRow ? std::string("none") : episode_id[t.episode].text());
    value(Stratum::site, t.site);
    value(Stratum::age_band, t.age);
    value(Stratum::payer, t.payer);
  };
  const auto rows = [&](std::string_view what, const auto& all, PatientRow p, const auto& write) {
    const auto [first, last] = rows_of(all, [](const auto& r) { return r.tag.patient; }, p, p + 1);
    for (std::size_t i = first; i < last; ++i) {
      say(what);
      tag(all[i].tag);
      write(all[i]);
      s += '\n';
    }
  };
  for (PatientRow p = 0; p < patients(); ++p) {
    say(patient_id[p].text());
    say(born[p]);
    value(Stratum::site, patient_site[p]);
    value(Stratum::language, language[p]);
    value(Stratum::interpreter, interpreter[p]);
    value(Stratum::race, race[p]);
    value(Stratum::ethnicity, ethnicity[p]);
    value(Stratum::sex, sex[p]);
    s += '\n';
    for (EpisodeRow e = first_episode[p]; e < first_episode[p + 1]; ++e) {
      say("episode");
      tag(tag_of(e));
      CHECK(patient[e] == p);
      value(Stratum::care_manager, care_manager[e]);
      value(Stratum::pathway, pathway[e]);
      value(Stratum::instrument, instrument[e]);
      for (const auto* column : {&assessed, &enrolled, &closed, &relapse_prevention, &end, &first_contact, &first_response,
                                 &first_remission, &window_review, &last_score})
        say((*column)[e]);
      for (const auto* column : {&response_below, &remission_below, &improved_below, &last_code, &flags}) say((*column)[e]);
      for (std::uint32_t i = first_score[e]; i < first_score[e + 1]; ++i) {
        say(score_day[i]);
        say(total_of(e, i));
      }
      s += '\n';
      for (const auto& f : other_forms)
        if (f.episode == e)
          s += "form " + std::to_string(f.day) + ' ' + std::to_string(f.informant) + ' ' + std::to_string(f.total) + '\n';
      for (const auto& c : silent_contacts)
        if (c.episode == e) s += "contact " + std::to_string(c.day) + '\n';
    }
    rows("review", reviews, p, [&](const ReviewRow& r) {
      for (const int v : {int{r.day}, int{r.change}, int{r.documented}, int{r.in_session}, int{r.wants_change}}) say(v);
    });
    rows("recommendation", recommendations, p, [&](const RecommendationRow& r) {
      for (const int v : {int{r.sent}, int{r.answered}, int{r.done}, int{r.accepted}, static_cast<int>(r.trial)}) say(v);
    });
    rows("survey", surveys, p, [&](const SurveyRow& r) {
      for (const int v : {int{r.day}, int{r.declined}, int{r.involvement}}) say(v);
      say(r.percent);
    });
    rows("goal", goals, p, [&](const GoalRow& r) {
      for (const int v : {int{r.start}, int{r.until}, int{r.state_day}, static_cast<int>(r.state)}) say(v);
    });
    rows("minutes", minutes, p, [&](const MinutesRow& r) {
      say(r.month);
      say(roles.value(r.role));
      say(r.minutes);
    });
    rows("journey", journeys, p, [&](const JourneyRow& r) {
      for (const int v : {int{r.screened}, int{r.referred}, int{r.reached}}) say(v);
    });
  }
  for (const auto& row : sessions) {
    say("session");
    value(Stratum::site, row.site);
    say(row.day);
    say(row.minutes);
    s += '\n';
  }
  for (const auto& row : fte) {
    say("fte");
    value(Stratum::site, row.site);
    say(row.month);
    say(row.fte);
    s += '\n';
  }
  return s;
}

}  // namespace concord::measures
