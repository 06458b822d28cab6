#include "billing/billing.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace concord::billing {
namespace {

constexpr std::int64_t kDay = 24 * 60;

constexpr std::string_view kConfirms[] = {
    "none", "payer_16_to_29", "apcm_either_or", "apcm_not_settled", "other_bhi_billed", "instead_of_cocm", "prior_authorization"};
constexpr std::string_view kConfirmTexts[] = {
    "",
    "payer must confirm: G2214 below 30 minutes",
    "hold: advanced primary care management was billed this month; bill either the time codes or its add-on",
    "hold: the rules of the add-on are not settled; ask the payer",
    "hold: general behavioral health integration was billed this month; not together with collaborative care",
    "payer must confirm: general behavioral health integration instead of collaborative care",
    "payer must confirm: prior authorization by now"};
constexpr std::string_view kMissing[] = {"consent", "episode",   "practitioner", "initiating_visit",
                                         "review",  "apcm_base", "minutes"};

std::int64_t minute_of(Date day) { return day.days_since_1970() * kDay; }
std::int64_t begin_of(const Entry& e) { return minute_of(e.date) + (e.start < 0 ? 0 : e.start); }
std::int64_t end_of(const Entry& e) { return e.start < 0 ? minute_of(e.date) + kDay : begin_of(e) + e.minutes; }

/// The part of an entry that lies in the month.
int minutes_in(const Entry& e, Month month) {
  if (e.start < 0) return month.holds(e.date) ? e.minutes : 0;
  const auto from = std::max(begin_of(e), minute_of(month.first));
  const auto until = std::min(end_of(e), minute_of(month.next().first));
  return until > from ? static_cast<int>(until - from) : 0;
}

Reason consent_reason(const PatientFacts* facts, Date day) {
  Reason worst = Reason::no_consent;
  if (facts == nullptr) return worst;
  for (const auto& consent : facts->consents) {
    if (consent.given > day) {
      if (worst == Reason::no_consent) worst = Reason::before_consent;
    } else if (consent.withdrawn && *consent.withdrawn <= day) {
      worst = Reason::consent_withdrawn;
    } else {
      return Reason::none;
    }
  }
  return worst;
}

bool inside_a_stay(const PatientFacts* facts, const Entry& e) {
  if (facts == nullptr) return false;
  return std::any_of(facts->stays.begin(), facts->stays.end(),
                     [&](const StayFact& s) { return begin_of(e) < s.until && end_of(e) > s.from; });
}

/// The book's entries by date, and which of them lie over another.
struct Sorted {
  std::vector<const Entry*> entries;
  std::vector<char> over;
};
struct Candidates {
  std::span<const Entry* const> entries;
  std::span<const char> over;
};

/// Entries whose minutes may lie in the month: those of the day before may run past midnight.
Candidates candidates(const Sorted& sorted, Month month) {
  const auto before = [](const Entry* e, Date day) { return e->date < day; };
  const auto begin = sorted.entries.begin(), end = sorted.entries.end();
  const auto from = std::lower_bound(begin, end, month.first.plus_days(-1), before);
  const auto until = std::lower_bound(from, end, month.next().first, before);
  const auto at = static_cast<std::size_t>(from - begin), n = static_cast<std::size_t>(until - from);
  return {std::span(sorted.entries).subspan(at, n), std::span(sorted.over).subspan(at, n)};
}

/// For each of `entries`: does it lie over another of the same staff member that began before it?
std::vector<char> overlapping(std::span<const Entry* const> entries) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < entries.size(); ++i)
    if (entries[i]->start >= 0 && entries[i]->staff != 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Entry &x = *entries[a], &y = *entries[b];
    if (x.staff != y.staff) return x.staff < y.staff;
    if (begin_of(x) != begin_of(y)) return begin_of(x) < begin_of(y);
    return x.order != y.order ? x.order < y.order : x.id < y.id;
  });
  std::vector<char> over(entries.size(), 0);
  std::uint32_t staff = 0;
  std::int64_t busy_until = 0;
  for (const auto i : order) {
    const Entry& e = *entries[i];
    if (e.staff != staff) staff = e.staff, busy_until = std::numeric_limits<std::int64_t>::min();
    if (begin_of(e) < busy_until) over[i] = 1;
    else busy_until = end_of(e);
  }
  return over;
}

Sorted sorted_by_date(const std::vector<Entry>& entries) {
  Sorted out;
  out.entries.reserve(entries.size());
  for (const auto& e : entries) out.entries.push_back(&e);
  const auto earlier = [](const Entry* a, const Entry* b) { return a->date < b->date; };
  if (!std::is_sorted(out.entries.begin(), out.entries.end(), earlier))
    std::stable_sort(out.entries.begin(), out.entries.end(), earlier);
  out.over = overlapping(out.entries);
  return out;
}

std::vector<Verdict> judge_sorted(const Book& book, const Candidates& found, Month month) {
  const auto& [entries, over] = found;
  std::vector<Verdict> out;
  out.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& e = *entries[i];
    const int inside = minutes_in(e, month);
    if (e.minutes <= 0 || (inside == 0 && !month.holds(e.date))) continue;
    Verdict v;
    v.entry = &e;
    const PatientFacts* facts = e.place < 0 ? nullptr : &book.patients[static_cast<std::size_t>(e.place)];
    const auto why = [&] {
      if (inside == 0) return Reason::outside_month;
      if (e.activity != Reason::none) return e.activity;
      if (e.separately_billed) return Reason::separately_billed;
      if (const auto consent = consent_reason(facts, e.date); consent != Reason::none) return consent;
      if (inside_a_stay(facts, e)) return Reason::inpatient;
      if (over[i] != 0) return Reason::overlap;
      if (e.late) return Reason::after_close;
      return Reason::none;
    }();
    v.reason = why;
    if (why == Reason::none) {
      v.counted = inside;
      // What runs past midnight of the last day belongs to the next month; what lies before the first is shown there.
      if (month.holds(e.date) && inside < e.minutes) {
        v.not_counted = e.minutes - inside;
        v.reason = Reason::outside_month;
      }
    } else {
      v.not_counted = month.holds(e.date) ? e.minutes : inside;
    }
    out.push_back(v);
  }
  return out;
}

/// The course as it stands for a month whose first counted day is `first`: a gap begins a new one.
bool begins_anew(const Course& course, Date first, const Numbers& n) {
  return !course.last_service || first >= course.last_service->plus_months(n.course_gap_months);
}

void add_codes(std::vector<Proposal>& out, std::string base, int extra, const Terms& terms, const Numbers& n) {
  out.push_back({std::move(base), 1, Confirm::none});
  int units = extra >= n.add_on_from ? (extra - n.add_on_from) / n.add_on_every + 1 : 0;
  if (terms.add_on_cap) units = std::min(units, *terms.add_on_cap);
  if (units > 0) out.push_back({"99494", units, Confirm::none});
}

}  // namespace

std::string_view name(Confirm confirm) { return kConfirms[static_cast<int>(confirm)]; }
std::string_view text(Confirm confirm) { return kConfirmTexts[static_cast<int>(confirm)]; }
std::optional<Confirm> parse_confirm(std::string_view wanted) {
  for (std::size_t i = 0; i < std::size(kConfirms); ++i)
    if (kConfirms[i] == wanted) return static_cast<Confirm>(i);
  return std::nullopt;
}
std::string_view name(MissingKind kind) { return kMissing[static_cast<int>(kind)]; }

std::string text(const Missing& m) {
  if (m.kind != MissingKind::minutes) return std::string(name(m.kind));
  return std::to_string(m.minutes) + (m.minutes == 1 ? " minute to " : " minutes to ") + m.code;
}

std::optional<Month> Month::parse(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  const auto day = Date::parse(std::string(text) + "-01");
  if (!day) return std::nullopt;
  return Month{*day};
}

std::string Month::words() const {
  static constexpr std::string_view kNames[] = {"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
  const auto parts = first.parts();
  return std::string(kNames[static_cast<unsigned>(parts.month()) - 1]) + " " + std::to_string(static_cast<int>(parts.year()));
}

Reason reason_of(const Rules& rules, std::string_view role, std::string_view activity) {
  if (role == "psychiatric_consultant") return Reason::consultant_time;
  if (!role.empty() && role != "care_manager" && role != "unknown") return Reason::not_care_manager;
  return rules.reason_of_activity(activity);
}

StayFact stay(Date admitted, std::optional<int> admit_minute, std::optional<Date> discharged,
              std::optional<int> discharge_minute) {
  StayFact s;
  s.from = minute_of(admitted) + admit_minute.value_or(0);
  if (discharged) s.until = minute_of(*discharged) + (discharge_minute ? *discharge_minute : kDay);
  return s;
}

void add_visit_code(PatientFacts& facts, Date date, std::string_view code, const Rules& rules, Date services_from) {
  if (rules.is_initiating_visit(code)) facts.visits.push_back(date);
  if (date >= services_from && (rules.is_apcm_base(code) || rules.is_general_bhi(code)))
    facts.services.push_back({date, std::string(code), ""});
}

std::size_t PatientIndex::slot_of(const Uuid& id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (std::hash<Uuid>()(id) * 0x9E3779B97F4A7C15ULL >> 20) & mask;
  while (slots_[at].place >= 0 && slots_[at].id != id) at = (at + 1) & mask;
  return at;
}

std::int32_t PatientIndex::find(const Uuid& id) const { return slots_.empty() ? -1 : slots_[slot_of(id)].place; }

std::int32_t PatientIndex::insert(const Uuid& id, std::int32_t place) {
  if (used_ * 2 >= slots_.size()) {
    std::vector<Slot> old(std::max<std::size_t>(16, slots_.size() * 2));
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.place >= 0) slots_[slot_of(slot.id)] = slot;
  }
  Slot& slot = slots_[slot_of(id)];
  if (slot.place < 0) {
    slot = {id, place};
    ++used_;
  }
  return slot.place;
}

PatientFacts& Book::patient(const Uuid& id) {
  const auto next = static_cast<std::int32_t>(patients.size());
  const auto place = index.insert(id, next);
  if (place == next) patients.emplace_back().patient = id;
  return patients[static_cast<std::size_t>(place)];
}

void Book::add(Entry entry) {
  entry.place = index.find(entry.patient);
  entries.push_back(entry);
}

const PatientFacts* Book::find(const Uuid& id) const {
  const auto place = index.find(id);
  return place < 0 ? nullptr : &patients[static_cast<std::size_t>(place)];
}

std::uint32_t Book::staff_number(const std::optional<Uuid>& id, std::string_view name) {
  const auto next = static_cast<std::uint32_t>(staff_by_id_.size() + staff_by_name_.size() + 1);
  if (id) return staff_by_id_.try_emplace(*id, next).first->second;
  if (name.empty()) return 0;
  const auto [spelling, is_new] = staff_by_spelling_.try_emplace(std::string(name), 0);
  if (is_new) spelling->second = staff_by_name_.try_emplace(fold(name), next).first->second;
  return spelling->second;
}

std::vector<Verdict> judge(const Book& book, Month month) {
  const auto by_date = sorted_by_date(book.entries);
  auto verdicts = judge_sorted(book, candidates(by_date, month), month);
  std::sort(verdicts.begin(), verdicts.end(), [](const Verdict& a, const Verdict& b) {
    if (a.entry->patient != b.entry->patient) return a.entry->patient < b.entry->patient;
    if (a.entry->date != b.entry->date) return a.entry->date < b.entry->date;
    if (a.entry->start != b.entry->start) return a.entry->start < b.entry->start;
    return a.entry < b.entry;
  });
  return verdicts;
}

bool is_initial_code(std::string_view code) { return code == "99492" || code == "G0568"; }

std::vector<Proposal> propose(const MonthFacts& f, const Terms& terms, const Numbers& n) {
  std::vector<Proposal> codes;
  const bool add_on_possible = f.apcm == Apcm::same_practitioner || f.apcm == Apcm::unknown_practitioner;
  const auto add_on = [&](std::string code) {
    if (f.minutes <= 0 || !add_on_possible) return;
    codes.push_back(
        {std::move(code), 1, f.chosen && f.apcm == Apcm::same_practitioner ? Confirm::none : Confirm::apcm_not_settled});
  };
  const auto hold_all = [&](Confirm why) {
    for (auto& code : codes)
      if (code.confirm == Confirm::none || why == Confirm::apcm_either_or) code.confirm = why;
  };
  switch (terms.family) {
    case Family::none:
      return codes;
    case Family::apcm:
      add_on(f.initial ? "G0568" : "G0569");
      break;
    case Family::g0512:
      if (f.minutes >= (f.initial ? n.g0512_initial_from : n.g0512_subsequent_from)) codes.push_back({"G0512", 1, Confirm::none});
      break;
    case Family::general_bhi:
      if (f.minutes >= terms.general_bhi_from) codes.push_back({terms.general_bhi_code, 1, Confirm::none});
      if (codes.empty()) add_on("G0570");
      else if (add_on_possible && !f.chosen) hold_all(Confirm::apcm_either_or);
      if (f.other_bhi) hold_all(Confirm::other_bhi_billed);
      return codes;
    case Family::time_codes: {
      const int from = f.initial ? n.initial_from : n.subsequent_from;
      const int full = f.initial ? n.initial_full : n.subsequent_full;
      const bool short_taken = terms.short_code != ShortCode::not_accepted;
      if (f.minutes >= from) add_codes(codes, f.initial ? "99492" : "99493", f.minutes - full, terms, n);
      else if (short_taken && f.minutes >= n.short_from) codes.push_back({"G2214", 1, Confirm::none});
      else if (short_taken && f.minutes >= n.short_confirm_from)
        codes.push_back({"G2214", 1, terms.short_code == ShortCode::from_16 ? Confirm::none : Confirm::payer_16_to_29});
      else if (!short_taken && f.minutes >= terms.general_bhi_from)
        codes.push_back({terms.general_bhi_code, 1, Confirm::instead_of_cocm});
      if (codes.empty()) {
        if (!f.chosen) add_on(f.initial ? "G0568" : "G0569");
      } else if (add_on_possible && !f.chosen) {
        hold_all(Confirm::apcm_either_or);
      }
      break;
    }
  }
  if (f.other_bhi) hold_all(Confirm::other_bhi_billed);
  if (terms.prior_authorization_after_months && f.months_since_first_service >= *terms.prior_authorization_after_months)
    hold_all(Confirm::prior_authorization);
  return codes;
}

std::optional<Next> next_code(int minutes, bool initial, const Terms& terms, const Numbers& n) {
  const auto at = [&](int threshold, std::string code) -> std::optional<Next> {
    if (minutes >= threshold) return std::nullopt;
    return Next{std::move(code), threshold - minutes};
  };
  switch (terms.family) {
    case Family::none:
    case Family::apcm:  // no minute test
      return std::nullopt;
    case Family::general_bhi:
      return at(terms.general_bhi_from, terms.general_bhi_code);
    case Family::g0512:
      return at(initial ? n.g0512_initial_from : n.g0512_subsequent_from, "G0512");
    case Family::time_codes:
      break;
  }
  const int from = initial ? n.initial_from : n.subsequent_from;
  if (terms.short_code != ShortCode::not_accepted) {
    const int short_from = terms.short_code == ShortCode::from_16 ? n.short_confirm_from : n.short_from;
    if (auto next = at(std::min(short_from, from), short_from < from ? "G2214" : initial ? "99492" : "99493")) return next;
  }
  if (auto next = at(from, initial ? "99492" : "99493")) return next;
  const int full = initial ? n.initial_full : n.subsequent_full;
  const int extra = minutes - full;
  const int units = extra >= n.add_on_from ? (extra - n.add_on_from) / n.add_on_every + 1 : 0;
  if (terms.add_on_cap && units >= *terms.add_on_cap) return std::nullopt;
  return at(full + n.add_on_from + units * n.add_on_every, "99494");
}

bool is_near(const std::optional<Next>& next, int working_days_left, const Numbers& n) {
  return next && next->minutes <= n.near_minutes && working_days_left <= n.near_working_days;
}

bool PatientMonth::is_blocked() const {
  return std::any_of(missing.begin(), missing.end(), [](const Missing& m) { return m.kind != MissingKind::minutes; });
}

TermsOf terms_of(const Rules& rules, std::vector<PayerSetting> settings, Month month) {
  std::map<std::pair<std::string, std::string>, PayerSetting> current;
  for (auto& one : settings) {
    if (one.valid_from > month.first) continue;
    auto key = std::pair(one.payer_category, fold(one.plan_name));
    const auto found = current.find(key);
    if (found == current.end() || one.version > found->second.version) current[std::move(key)] = std::move(one);
  }
  return [&rules, current = std::move(current)](std::string_view category, std::string_view plan) {
    if (!current.empty())
      for (const std::string& name : {fold(plan), std::string()})
        if (const auto found = current.find({std::string(category), name}); found != current.end()) return found->second.terms;
    const auto found = rules.payers.find(category);
    return found == rules.payers.end() ? rules.default_terms() : found->second;
  };
}

TermsOf terms_of(const Rules& rules) { return terms_of(rules, {}, {}); }

const CoverageFact* payer_in(const PatientFacts& facts, Month month, const Rules& rules) {
  const CoverageFact* best = nullptr;
  std::pair<int, std::size_t> best_rank;
  for (const auto& c : facts.coverage) {
    if (c.start > month.last() || (c.end && *c.end < month.first)) continue;
    if (facts.coverage.size() == 1) return &c;
    const bool at_the_end = !c.end || *c.end >= month.last();
    const auto place = std::find(rules.payer_order.begin(), rules.payer_order.end(), c.payer_category);
    const std::pair rank(at_the_end ? 0 : 1, static_cast<std::size_t>(place - rules.payer_order.begin()));
    if (best == nullptr || rank < best_rank) best = &c, best_rank = rank;
  }
  return best;
}

namespace {

/// What the codes of a month rest on.
struct Basis {
  Family family = Family::time_codes;
  Apcm apcm = Apcm::none;
  const EpisodeFact* episode = nullptr;
};

/// Codes and course of one patient's month once their minutes are summed.
Basis finish(PatientMonth& m, const PatientFacts& facts, Month month, const Rules& rules, const TermsOf& terms_of_payer) {
  const Numbers& n = rules.numbers;
  m.payer = payer_in(facts, month, rules);
  Terms terms = m.payer ? terms_of_payer(m.payer->payer_category, m.payer->plan_name) : terms_of_payer("", "");
  MonthFacts f;
  f.minutes = m.counted;
  for (const auto& [of, family] : facts.choices)
    if (of == month) terms.family = family, f.chosen = true;
  const Course before = m.course;
  const bool anew = m.first ? begins_anew(before, *m.first, n) : begins_anew(before, month.last(), n);
  if (anew) m.course = Course{};
  f.initial = !m.course.initial_month;
  if (f.initial && terms.initial_once_per_calendar_year && before.initial_month &&
      before.initial_month->parts().year() == month.first.parts().year())
    f.initial = false;
  m.initial = f.initial;
  if (m.course.first_service) {
    const auto a = Month::of(*m.course.first_service).first.parts(), b = month.first.parts();
    f.months_since_first_service = (static_cast<int>(b.year()) - static_cast<int>(a.year())) * 12 +
                                   static_cast<int>(static_cast<unsigned>(b.month())) -
                                   static_cast<int>(static_cast<unsigned>(a.month()));
  }

  const EpisodeFact* episode = nullptr;
  for (const auto& e : facts.episodes)
    if (e.enrolled <= month.last() && (!e.closed || *e.closed >= month.first))
      if (episode == nullptr || e.enrolled > episode->enrolled) episode = &e;
  if (episode) m.practitioner = episode->practitioner;

  for (const auto& s : facts.services) {
    if (!month.holds(s.date)) continue;
    if (rules.is_general_bhi(s.code)) f.other_bhi = true;
    if (!rules.is_apcm_base(s.code)) continue;
    const Apcm whose = s.practitioner.empty() || m.practitioner.empty() ? Apcm::unknown_practitioner
                       : fold(s.practitioner) == fold(m.practitioner)   ? Apcm::same_practitioner
                                                                        : Apcm::other_practitioner;
    // Of several the one that stands most in the way.
    if (f.apcm == Apcm::none || whose < f.apcm) f.apcm = whose;
  }
  m.codes = propose(f, terms, n);
  m.next = next_code(m.counted, f.initial, terms, n);

  if (m.counted > 0) {
    if (!m.course.first_service) m.course.first_service = m.first;
    m.course.last_service = m.last;
  } else if (anew) {
    m.course = before;
  }
  for (const auto& code : m.codes)
    if (is_initial_code(code.code) || (code.code == "G0512" && f.initial)) m.course.initial_month = month.first;
  return {terms.family, f.apcm, episode};
}

void find_missing(PatientMonth& m, const PatientFacts& facts, const Basis& basis, Month month, const Rules& rules) {
  const Numbers& n = rules.numbers;
  const EpisodeFact* episode = basis.episode;
  const bool consented = std::any_of(facts.consents.begin(), facts.consents.end(), [&](const ConsentFact& c) {
    return c.given <= month.last() && (!c.withdrawn || *c.withdrawn > month.first);
  });
  if (!consented) m.missing.push_back({MissingKind::consent, 0, ""});
  if (!episode) m.missing.push_back({MissingKind::episode, 0, ""});
  else if (m.practitioner.empty()) m.missing.push_back({MissingKind::practitioner, 0, ""});
  // The visit comes before the services: within a year before the course began, or later but before this month's.
  const Date service = m.first.value_or(month.last());
  Date begin = m.course.first_service.value_or(service);
  if (episode && episode->enrolled < begin) begin = episode->enrolled;
  const Date earliest = begin.plus_months(-n.visit_within_months);
  if (std::none_of(facts.visits.begin(), facts.visits.end(), [&](Date d) { return d >= earliest && d <= service; }))
    m.missing.push_back({MissingKind::initiating_visit, 0, ""});
  if (basis.family != Family::general_bhi && basis.family != Family::none) {
    const Date since = month.last().plus_days(1 - n.review_within_days);
    if (std::none_of(facts.reviews.begin(), facts.reviews.end(), [&](Date d) { return d >= since && d <= month.last(); }))
      m.missing.push_back({MissingKind::review, 0, ""});
  }
  if (basis.family == Family::apcm && (basis.apcm == Apcm::none || basis.apcm == Apcm::other_practitioner))
    m.missing.push_back({MissingKind::apcm_base, 0, ""});
  if (m.next && (m.codes.empty() || m.next->minutes <= n.near_minutes))
    m.missing.push_back({MissingKind::minutes, m.next->minutes, m.next->code});
}

}  // namespace

std::vector<PatientMonth> months(const Book& book, Month month, const Rules& rules, const TermsOf& terms,
                                 std::vector<std::pair<Uuid, Course>>* after) {
  const auto by_date = sorted_by_date(book.entries);
  std::vector<Course> courses;
  courses.reserve(book.patients.size());
  for (const auto& p : book.patients) courses.push_back(p.course);
  std::vector<std::int32_t> place(book.patients.size(), -1);
  std::vector<PatientMonth> out;
  // Months without an entry change no course: go from one that has some to the next.
  Month at = by_date.entries.empty() ? month : std::max(book.open_from, Month::of(by_date.entries.front()->date));
  if (at > month) at = month;
  for (;; at = at.next()) {
    const auto entries = candidates(by_date, at);
    if (entries.entries.empty() && at < month) continue;
    out.clear();
    std::fill(place.begin(), place.end(), -1);
    for (const auto& v : judge_sorted(book, entries, at)) {
      if (v.entry->place < 0) continue;  // somebody else's minutes, here for the overlaps only
      const auto at_patient = static_cast<std::size_t>(v.entry->place);
      auto& p = place[at_patient];
      if (p < 0) {
        p = static_cast<std::int32_t>(out.size());
        auto& made = out.emplace_back();
        made.patient = v.entry->patient;
        made.place = at_patient;
        made.site = book.patients[at_patient].site;
        made.course = courses[at_patient];
      }
      PatientMonth& m = out[static_cast<std::size_t>(p)];
      m.has_entries = true;
      m.counted += v.counted;
      m.not_counted += v.not_counted;
      if (v.not_counted > 0) m.by_reason[static_cast<std::size_t>(v.reason)] += v.not_counted;
      if (v.counted > 0) {
        const Date day = std::max(v.entry->date, at.first);
        if (!m.first || day < *m.first) m.first = day;
        if (!m.last || day > *m.last) m.last = day;
      }
    }
    if (at == month) break;
    for (auto& m : out) {
      finish(m, book.patients[m.place], at, rules, terms);
      courses[m.place] = m.course;
    }
  }
  for (std::size_t i = 0; i < book.patients.size(); ++i) {
    const auto& facts = book.patients[i];
    if (place[i] >= 0) continue;
    if (std::none_of(facts.episodes.begin(), facts.episodes.end(),
                     [&](const EpisodeFact& e) { return e.enrolled <= month.last() && (!e.closed || *e.closed >= month.first); }))
      continue;
    auto& made = out.emplace_back();
    made.patient = facts.patient;
    made.place = i;
    made.site = facts.site;
    made.course = courses[i];
  }
  for (auto& m : out) {
    const auto& facts = book.patients[m.place];
    const Basis basis = finish(m, facts, month, rules, terms);
    find_missing(m, facts, basis, month, rules);
    courses[m.place] = m.course;
  }
  if (after != nullptr)
    for (std::size_t i = 0; i < courses.size(); ++i) after->emplace_back(book.patients[i].patient, courses[i]);
  return out;
}

}  // namespace concord::billing
