#include "caseload/caseload_store.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "billing/billing.h"
#include "caseload/caseload_glance.h"
#include "caseload/caseload_sql.h"
#include "contacts/contacts.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

using db::Row;
using db::Tx;

constexpr std::int64_t kBatch = 1000;

/// Facts of the patients of one range, in patient order. Every stream comes in that order too.
class Batch {
 public:
  Batch(Tx& tx, OrganizationId organization, PatientId first, PatientId last, const RuleSet& rules)
      : tx_(tx), organization_(organization), parameters_{organization, first, last}, rules_(rules) {}

  /// Everything; the result is in patient order, one entry per patient with an episode.
  std::vector<EpisodeFacts>& read() {
    episodes();
    if (facts_.empty()) return facts_;
    scores();
    contacts();
    treatments();
    reviews();
    safety();
    consents();
    team();
    minutes();
    if (wants_referrals_) referrals();
    deferrals();
    calendars(organization_);
    return facts_;
  }

  /// Only the safety signals, into facts made by hand (a patient without an episode).
  void read_safety(EpisodeFacts& facts, std::string zone) {
    facts_.push_back(std::move(facts));
    zones_.push_back(std::move(zone));
    safety();
    facts = std::move(facts_.front());
  }

 private:
  /// Finds the patient a row belongs to by walking forward; null for one without an episode.
  class Walk {
   public:
    explicit Walk(std::vector<EpisodeFacts>& facts) : facts_(facts) {}
    EpisodeFacts* find(const Uuid& patient) {
      while (at_ < facts_.size() && facts_[at_].patient.uuid < patient) ++at_;
      return at_ < facts_.size() && facts_[at_].patient.uuid == patient ? &facts_[at_] : nullptr;
    }
    std::size_t index() const { return at_; }

   private:
    std::vector<EpisodeFacts>& facts_;
    std::size_t at_ = 0;
  };

  template <class Each>
  void stream(const db::Sql& sql, Each&& each) {
    Walk walk(facts_);
    tx_.each(sql, parameters_, [&](const Row& row) {
      if (EpisodeFacts* facts = walk.find(row.uuid(0))) each(row, *facts, walk.index());
    });
  }

  void episodes() {
    tx_.each(sql::kFactsEpisodes, parameters_, [&](const Row& r) {
      EpisodeFacts f;
      f.patient = PatientId(r.uuid(0));
      f.episode = EpisodeId(r.uuid(1));
      f.site = SiteId(r.uuid(2));
      const auto state = episodes::parse_state(r.text(3));
      CHECK(state);
      f.state = *state;
      if (!r.is_null(4)) f.primary_instrument = r.text(4);
      if (!r.is_null(5)) f.target = r.text(5);
      f.care_manager = r.maybe_id<UserId>(6);
      if (!r.is_null(7)) f.care_manager_name = r.text(7);
      f.referred = r.date(8);
      f.assessed = r.maybe_date(9);
      f.enrolled = r.maybe_date(10);
      f.relapse_prevention = r.maybe_date(11);
      f.on_hold = r.maybe_date(12);
      f.closed = r.maybe_date(13);
      if (!r.is_null(14)) f.close_reason = r.text(14);
      std::optional<Uuid> referral;
      if (!r.is_null(15)) referral = r.uuid(15);
      f.given_name = r.text(16);
      f.family_name = r.text(17);
      f.birth_date = r.maybe_date(18);
      if (!r.is_null(20)) f.pathway = r.text(20);
      if (!r.is_null(21)) f.language = r.text(21);
      if (const auto left = r.maybe_instant(22)) f.care_manager_left = local_date(*left, r.text(19));
      if (!facts_.empty() && facts_.back().patient == f.patient) {
        if (!is_older_episode(facts_.back(), f)) return;
        facts_.back() = std::move(f);
        zones_.back() = r.text(19);
        referrals_.back() = referral;
      } else {
        facts_.push_back(std::move(f));
        zones_.emplace_back(r.text(19));
        referrals_.push_back(referral);
      }
    });
    for (const EpisodeFacts& f : facts_)
      wants_referrals_ = wants_referrals_ || f.state == State::referred || f.state == State::assessed ||
                         (f.state == State::closed && f.close_reason == "other_level_of_care");
  }

  void scores() {
    stream(sql::kFactsScores, [](const Row& r, EpisodeFacts& f, std::size_t) {
      Score& s = f.scores.emplace_back();
      s.id = r.uuid(1);
      s.instrument = r.text(2);
      s.informant = r.text(3);
      s.date = r.date(4);
      s.at = r.instant(5);
      s.entered_at = r.instant(6);
      s.total = r.maybe_real(7);
      s.valid = r.boolean(8);
      s.safety_positive = r.text(9) == "positive";
      s.replaced = !r.is_null(10);
      const std::string_view mode = r.text(11);
      // A tablet's form from elsewhere may have been read there; ours waits for somebody.
      const bool from_patient = mode == "link" || mode == "portal" || (mode == "tablet" && r.text(14) == "concord");
      s.unseen = from_patient && r.is_null(12) && r.is_null(13);
    });
  }

  void contacts() {
    stream(sql::kFactsContacts, [](const Row& r, EpisodeFacts& f, std::size_t) {
      if (!r.is_null(10)) return;  // replaced
      ContactFact& c = f.contacts.emplace_back();
      c.id = r.uuid(1);
      c.date = r.date(2);
      c.clinical = contacts::is_clinical(r.text(3), r.is_null(4) ? std::nullopt : std::optional(r.text(4)), r.text(5), r.text(6),
                                         r.text(7));
      c.next_due = r.maybe_date(8);
      c.entered_at = r.instant(9);
    });
  }

  void treatments() {
    stream(sql::kFactsTreatments, [](const Row& r, EpisodeFacts& f, std::size_t) {
      const Uuid id = r.uuid(1);
      if (f.treatments.empty() || f.treatments.back().id != id) f.treatments.push_back({id, r.date(2), r.maybe_date(3), {}});
      if (!r.is_null(4)) f.treatments.back().changes.push_back(r.date(4));
    });
  }

  void reviews() {
    stream(sql::kFactsReviews, [](const Row& r, EpisodeFacts& f, std::size_t) {
      const Uuid id = r.uuid(1);
      if (f.reviews.empty() || f.reviews.back().id != id) f.reviews.push_back({id, r.date(2)});
      if (r.is_null(3) || r.text(8) == "noted") return;
      RecommendationFact& advice = f.recommendations.emplace_back();
      advice.id = r.uuid(3);
      advice.review = id;
      advice.kind = r.text(4);
      advice.to_role = r.text(5);
      if (!r.is_null(6)) advice.to_name = r.text(6);
      advice.urgent = r.text(7) == "urgent";
      advice.state = r.text(8);
      advice.written = r.date(2);
      advice.sent = r.maybe_date(9);
      advice.answered = r.maybe_date(10);
      advice.done = r.maybe_date(11);
      advice.ended = r.maybe_date(12);
      // What is done has ended, unless its success has still to be judged.
      if (advice.state == "done" && is_trial(advice.kind)) advice.ended.reset();
    });
  }

  void safety() {
    stream(sql::kFactsSafety, [&](const Row& r, EpisodeFacts& f, std::size_t index) {
      SafetyFact& e = f.safety.emplace_back();
      auto day = [&](int column) {
        const auto at = r.maybe_instant(column);
        return at ? std::optional(local_date(*at, zones_[index])) : std::nullopt;
      };
      e.id = r.uuid(1);
      e.signalled = r.date(2);
      e.signal = r.text(3);
      if (!r.is_null(4)) e.measurement = r.uuid(4);
      e.due_at = r.instant(5);
      e.closed = day(6);
      e.level = r.maybe_string(7);
      e.reassess = r.maybe_date(8);
      e.acknowledged = day(9);
      e.assessed = day(10);
      e.reassessed = r.maybe_date(11);
      e.follow_up_ended = !r.is_null(12);
      if (!r.is_null(13)) e.holder = r.text(13);
    });
  }

  void team() {
    for (EpisodeFacts& f : facts_)
      if (rules_.billing) f.initiating_visits.emplace();
    stream(sql::kFactsTeam, [&](const Row& r, EpisodeFacts& f, std::size_t index) {
      auto day = [&](int column) {
        const auto at = r.maybe_instant(column);
        return at ? std::optional(local_date(*at, zones_[index])) : std::nullopt;
      };
      switch (r.integer(1)) {
        case 1: {
          TaskFact& task = f.tasks.emplace_back();
          task.id = r.uuid(2);
          task.due = r.date(3);
          task.made = day(6).value_or(task.due);
          task.title = r.text(8);
          task.owner_name = r.text(9);
          task.owner_role = r.text(10);
          break;
        }
        case 2:
          f.questions.push_back({r.uuid(2), r.date(3), r.text(8) == "urgent", r.string(9),
                                 r.text(10) == "open" ? std::nullopt : std::optional(day(7).value_or(r.date(3)))});
          break;
        case 3:
          f.goals.push_back({r.uuid(2), r.date(3), r.date(4), r.text(10) == "active" ? std::nullopt : std::optional(r.date(5))});
          break;
        case 4: {
          const Date effective = r.date(3);
          f.plans.push_back({r.uuid(2), r.text(8) == "relapse_prevention", r.string(9), effective,
                             r.text(10) == "in_effect" ? std::nullopt : std::optional(r.maybe_date(5).value_or(effective))});
          break;
        }
        case 7:
          f.messages.push_back({r.uuid(2), r.date(3), r.string(10), r.string(9), std::nullopt});
          break;
        case 8:
          f.community.push_back({r.uuid(2), r.date(3), r.string(8), r.string(10), r.string(9), std::nullopt});
          break;
        case 9:
          f.materials.push_back({r.uuid(2), r.string(9), r.date(3), day(7)});
          break;
        case 5:
          if (f.initiating_visits) f.initiating_visits->push_back(r.date(3));
          break;
        default:
          if (f.initiating_visits && names_initiating_visit(r.text(8))) f.initiating_visits->push_back(r.date(3));
      }
    });
  }
  /// Codes as an extract writes them: "99213 90791", "99213;G0438".
  bool names_initiating_visit(std::string_view codes) const {
    while (!codes.empty()) {
      const std::size_t end = std::min(codes.find_first_of(" ,;|"), codes.size());
      if (end > 0 && rules_.billing->is_initiating_visit(codes.substr(0, end))) return true;
      codes.remove_prefix(std::min(end + 1, codes.size()));
    }
    return false;
  }

  /// The latest month with minutes, counted as the ledger does but for what other patients' minutes say (overlaps) and
  /// for a payer's own terms: the month board has the last word.
  void minutes() {
    if (!rules_.billing) return;
    struct Month {
      int counted = 0;
      bool is_first = true;
    };
    std::vector<Month> months(facts_.size());
    stream(sql::kFactsMinutes, [&](const Row& r, EpisodeFacts& f, std::size_t index) {
      const Date on = r.date(1);
      if (!f.enrolled || r.boolean(5) || billing::reason_of(*rules_.billing, r.text(4), r.text(3)) != billing::Reason::none)
        return;
      if (std::none_of(f.consents.begin(), f.consents.end(),
                       [&](const ConsentFact& c) { return c.given <= on && (!c.withdrawn || on < *c.withdrawn); }))
        return;
      Month& m = months[index];
      if (!f.minutes || f.minutes->month != on.first_of_month()) {
        m.is_first = !f.minutes || on.first_of_month() >= f.minutes->month.plus_months(rules_.billing->numbers.course_gap_months);
        m.counted = 0;
        f.minutes = MinutesFact{on.first_of_month(), 0, 0, {}};
      }
      m.counted += static_cast<int>(r.integer(2));
      f.minutes->counted = m.counted;
    });
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (!facts_[i].minutes) continue;
      const auto next =
          billing::next_code(months[i].counted, months[i].is_first, rules_.billing->default_terms(), rules_.billing->numbers);
      if (!next) continue;
      facts_[i].minutes->next_at = months[i].counted + next->minutes;
      facts_[i].minutes->next_code = next->code;
    }
  }

  /// The site's working days, where a rule will ask for them.
  void calendars(OrganizationId organization) {
    if (!rules_.calendar_of) return;
    for (EpisodeFacts& f : facts_) {
      const bool waits =
          f.state == State::referred || f.minutes || !f.messages.empty() ||
          std::any_of(f.scores.begin(), f.scores.end(), [](const Score& s) { return s.unseen; }) ||
          std::any_of(f.questions.begin(), f.questions.end(), [](const QuestionFact& q) { return q.urgent && !q.ended; }) ||
          std::any_of(f.recommendations.begin(), f.recommendations.end(),
                      [](const RecommendationFact& r) { return !r.ended && (r.urgent || r.state == "draft"); });
      if (!waits) continue;
      auto& known = calendars_[f.site];
      if (!known) known = std::make_shared<const calendar::Calendar>(rules_.calendar_of(tx_, organization, f.site));
      f.calendar = known;
    }
  }

  void consents() {
    stream(sql::kFactsConsents,
           [](const Row& r, EpisodeFacts& f, std::size_t) { f.consents.push_back({r.date(1), r.maybe_date(2)}); });
  }

  void referrals() {
    stream(sql::kFactsReferrals, [&](const Row& r, EpisodeFacts& f, std::size_t index) {
      const Uuid id = r.uuid(1);
      // The episode's own referral; where it names none, the last that came before or with it.
      if (referrals_[index] ? *referrals_[index] != id : r.date(2) > f.referred) return;
      if (!f.referral || f.referral->id != id) {
        if (f.referral && f.referral->received > r.date(2)) return;
        f.referral = ReferralFact{id, r.date(2), r.maybe_string(3), r.maybe_date(4), r.maybe_date(5), {}};
      }
      if (!r.is_null(6)) f.referral->attempts.push_back({r.uuid(6), r.date(7), r.string(8)});
    });
  }

  void deferrals() {
    stream(sql::kFactsDeferrals, [](const Row& r, EpisodeFacts& f, std::size_t) {
      if (r.uuid(1) != f.episode.uuid) return;
      if (const auto rule = parse_rule(r.text(2))) f.deferrals.push_back({*rule, r.date(3), r.date(4)});
    });
  }

  Tx& tx_;
  const OrganizationId organization_;
  const std::array<db::Param, 3> parameters_;
  const RuleSet& rules_;
  std::map<SiteId, std::shared_ptr<const calendar::Calendar>> calendars_;
  std::vector<EpisodeFacts> facts_;
  std::vector<std::string> zones_;              // of facts_[i]'s site
  std::vector<std::optional<Uuid>> referrals_;  // facts_[i]'s own referral
  bool wants_referrals_ = false;
};

/// A row ready to be written.
struct Written {
  PatientId patient;
  Uuid care_manager;
  std::int64_t bucket = 0;
  EpisodeId episode;
  SiteId site;
  std::string_view state;
  std::string name, triggers, body;

  Written(const EpisodeFacts& facts, const RuleSet& rules) {
    const CaseloadRow row = derive(facts, rules);
    patient = row.patient;
    if (row.care_manager) care_manager = row.care_manager->uuid;
    bucket = row.shown() ? 0 : 1;
    episode = row.episode;
    site = row.site;
    state = episodes::name(row.state);
    name = name_key(row.family_name, row.given_name);
    triggers = encode(row);
    body = row_body(row);
  }
  db::Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(triggers.data()), triggers.size()}; }
};

constexpr std::string_view kColumns[] = {"organization_id", "care_manager_id", "bucket",   "episode_id", "patient_id",
                                         "site_id",         "state",           "name_key", "triggers",   "body"};

/// Replaces the rows of every patient of a range; the rows written.
std::int64_t rewrite_range(Tx& tx, OrganizationId organization, PatientId first, PatientId last, const RuleSet& rules) {
  tx.run(sql::kDeleteRows, {organization, first, last});
  Batch batch(tx, organization, first, last, rules);
  std::vector<Written> rows;
  auto& facts = batch.read();
  rows.reserve(facts.size());
  for (const EpisodeFacts& f : facts) rows.emplace_back(f, rules);
  // In the order of the table, so that pages fill one after the other.
  std::sort(rows.begin(), rows.end(), [](const Written& a, const Written& b) {
    return std::tie(a.bucket, a.care_manager, a.episode) < std::tie(b.bucket, b.care_manager, b.episode);
  });
  std::size_t at = 0;
  return tx.load("caseload_row", kColumns, [&](std::vector<db::Param>& values) {
    if (at == rows.size()) return false;
    const Written& w = rows[at++];
    values.assign({organization, w.care_manager, w.bucket, w.episode, w.patient, w.site, w.state, w.name, w.bytes(), w.body});
    return true;
  });
}

PatientId highest() {
  Uuid id;
  id.bytes.fill(0xFF);
  return PatientId(id);
}

/// Keeps the `limit` rows that come first after `after`, as a heap of places with the last of them on top. A row
/// that is pushed out leaves its memory to the one that takes its place.
class Best {
 public:
  struct Kept {
    ListedRow row;
    Uuid care_manager;
    std::int64_t bucket = 0;
  };

  Best(std::size_t limit, const std::optional<SortKey>& after) : limit_(limit), after_(after) {
    rows_.reserve(std::min<std::size_t>(limit, 256));
    heap_.reserve(std::min<std::size_t>(limit, 256));
  }

  /// Somewhere to put a row of this place; null when it is not among the best so far. No text is compared unless
  /// need and day are equal.
  Kept* place_for(Need need, std::int64_t due, std::string_view name, const Uuid& episode) {
    const Place place(need, due, name, episode);
    if (after_ && place <= Place(after_->need, after_->due, after_->name, after_->episode)) return nullptr;
    if (heap_.size() < limit_) {
      heap_.push_back(static_cast<std::uint32_t>(rows_.size()));
      rows_.emplace_back();
    } else {
      if (!(place < place_of(heap_.front()))) return nullptr;
      std::pop_heap(heap_.begin(), heap_.end(), before());
    }
    return &rows_[heap_.back()];
  }
  /// After the row from place_for() has been filled.
  void added() { std::push_heap(heap_.begin(), heap_.end(), before()); }

  /// The rows in order.
  std::vector<Kept*> take() {
    std::sort_heap(heap_.begin(), heap_.end(), before());
    std::vector<Kept*> rows;
    rows.reserve(heap_.size());
    for (const auto index : heap_) rows.push_back(&rows_[index]);
    return rows;
  }

 private:
  using Place = std::tuple<Need, std::int64_t, std::string_view, const Uuid&>;
  Place place_of(std::uint32_t index) const {
    const ListedRow& r = rows_[index].row;
    return Place(r.need, r.due, r.name(), r.episode);
  }
  struct Before {
    const Best* best;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return best->place_of(a) < best->place_of(b); }
  };
  Before before() const { return {this}; }

  std::size_t limit_;
  const std::optional<SortKey>& after_;
  std::vector<Kept> rows_;
  std::vector<std::uint32_t> heap_;
};

/// The days at the sites of a list, each asked for once.
class Days {
 public:
  explicit Days(const Filter& filter) {
    for (const SiteId site : filter.sites) days_.emplace_back(site, filter.today(site));
  }
  /// nullopt: not one of the caller's sites.
  std::optional<Date> at(const Uuid& site) const {
    for (const auto& [id, day] : days_)
      if (id.uuid == site) return day;
    return std::nullopt;
  }

 private:
  std::vector<std::pair<SiteId, Date>> days_;
};

}  // namespace

std::optional<EpisodeFacts> read_facts(Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules) {
  Batch batch(tx, organization, patient, patient, rules);
  auto& facts = batch.read();
  if (facts.empty()) return std::nullopt;
  return std::move(facts.front());
}

void each_facts(Tx& tx, OrganizationId organization, const RuleSet& rules, const std::function<void(EpisodeFacts&&)>& each) {
  PatientId after;
  while (true) {
    PatientId last;
    std::int64_t count = 0;
    tx.each(sql::kNextPatients, {organization, after, kBatch}, [&](const Row& row) {
      last = PatientId(row.uuid(0));
      ++count;
    });
    if (count == 0) return;
    Uuid first = after.uuid;
    for (std::size_t i = first.bytes.size(); i-- > 0;)
      if (++first.bytes[i] != 0) break;
    Batch batch(tx, organization, PatientId(first), last, rules);
    for (EpisodeFacts& facts : batch.read()) each(std::move(facts));
    after = last;
  }
}

std::int64_t count_episodes(Tx& tx, OrganizationId organization) {
  std::int64_t count = 0;
  tx.each(sql::kFactsCount, {organization}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

void refresh(Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules) {
  const auto facts = read_facts(tx, organization, patient, rules);
  if (!facts) {
    tx.run(sql::kDeleteRows, {organization, patient, patient});
    return;
  }
  const Written w(*facts, rules);
  // Most changes leave the row where it is: one statement that touches no index.
  if (tx.run(sql::kUpdateRow, {organization, w.care_manager, w.bucket, w.episode, w.site, w.state, w.name, w.bytes(), w.body}) >
      0)
    return;
  tx.run(sql::kDeleteRows, {organization, patient, patient});
  tx.run(sql::kInsertRow,
         {organization, w.care_manager, w.bucket, w.episode, w.site, w.state, w.name, w.bytes(), w.body, w.patient});
}

void refresh_many(Tx& tx, OrganizationId organization, std::span<const PatientId> patients, const RuleSet& rules) {
  std::vector<PatientId> sorted(patients.begin(), patients.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  // Where the patients make up most of their range of ids (a first import, a simulation), reading the range is
  // several times cheaper than one patient after the other.
  constexpr std::size_t kWorthwhile = 16, kRange = 500;
  for (std::size_t from = 0; from < sorted.size();) {
    const std::size_t until = std::min(sorted.size(), from + kRange);
    const std::size_t n = until - from;
    bool dense = false;
    if (n >= kWorthwhile) {
      std::size_t there = 0;
      tx.each(sql::kPatientsBetween, {organization, sorted[from], sorted[until - 1], static_cast<std::int64_t>(2 * n + 1)},
              [&](const Row&) { ++there; });
      dense = there <= 2 * n;
    }
    if (dense) rewrite_range(tx, organization, sorted[from], sorted[until - 1], rules);
    else
      for (std::size_t i = from; i < until; ++i) refresh(tx, organization, sorted[i], rules);
    from = until;
  }
}

void refresh_list_of(Tx& tx, OrganizationId organization, UserId care_manager, const RuleSet& rules) {
  std::vector<PatientId> patients;
  tx.each(sql::kListOfCareManager, {organization, care_manager, 0}, [&](const Row& r) { patients.emplace_back(r.uuid(6)); });
  refresh_many(tx, organization, patients, rules);
}

Result<RebuildProgress> rebuild(db::Database& database, OrganizationId organization, const RuleSet& rules,
                                const std::function<void(const RebuildProgress&)>& progress) {
  RebuildProgress done;
  PatientId from;  // the lowest id not yet done
  while (true) {
    struct Step {
      std::int64_t patients = 0, rows = 0;
      PatientId last;
    };
    CONCORD_TRY(const Step step, database.write([&](Tx& tx) -> Result<Step> {
      Step s;
      s.last = highest();
      PatientId before = from;  // kNextPatients is exclusive
      for (std::size_t i = before.uuid.bytes.size(); i-- > 0;)
        if (before.uuid.bytes[i]-- != 0) break;
      if (from.is_nil()) before = PatientId();
      PatientId last;
      tx.each(sql::kNextPatients, {organization, before, kBatch}, [&](const Row& row) {
        last = PatientId(row.uuid(0));
        ++s.patients;
      });
      if (s.patients == kBatch) s.last = last;
      s.rows = rewrite_range(tx, organization, from, s.last, rules);
      return s;
    }));
    done.patients += step.patients;
    done.rows += step.rows;
    if (progress) progress(done);
    if (step.last == highest()) return done;
    from = step.last;
    for (std::size_t i = from.uuid.bytes.size(); i-- > 0;)
      if (++from.uuid.bytes[i] != 0) break;
  }
}

std::vector<Line> read_attention(Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules, Date today,
                                 std::optional<Instant> now, std::string_view language) {
  auto facts = read_facts(tx, organization, patient, rules);
  if (!facts) {
    facts.emplace();
    facts->patient = patient;
    facts->state = State::closed;
    facts->referred = today;
    Batch(tx, organization, patient, patient, rules).read_safety(*facts, "UTC");
  }
  return attention(derive(*facts, rules), rules, today, language, now, Deferred::include);
}

void add_deferral(Tx& tx, OrganizationId organization, const Deferral& d) {
  tx.run(sql::kInsertDeferral,
         {organization, d.patient, d.id, d.episode, name(d.rule), d.made_on, d.until, d.reason, d.by, d.at});
}

std::int64_t withdraw_deferrals(Tx& tx, OrganizationId organization, PatientId patient, EpisodeId episode, Rule rule, Date today,
                                UserId by, Instant at) {
  return tx.run(sql::kWithdrawDeferral, {organization, patient, episode, name(rule), today, at, by});
}

std::optional<EpisodePlace> find_episode(Tx& tx, OrganizationId organization, EpisodeId episode) {
  return tx.one(sql::kEpisodePlace, {organization, episode}, [](const Row& r) {
    return EpisodePlace{PatientId(r.uuid(0)), SiteId(r.uuid(1)), episodes::parse_state(r.text(2)).value()};
  });
}

std::optional<std::string> find_name(Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kPatientName, {organization, patient}, [](const Row& r) { return name_key(r.text(0), r.text(1)); });
}

ListPage list(Tx& tx, OrganizationId organization, const Filter& filter) {
  ListPage page;
  if (filter.sites.empty() || filter.limit == 0) return page;
  const Days days(filter);
  // Closed and settled rows are read only when somebody asks for closed ones.
  std::vector<std::int64_t> buckets{0};
  if (filter.state == State::closed) buckets.push_back(1);
  const std::optional<std::string_view> state = filter.state ? std::optional(episodes::name(*filter.state)) : std::nullopt;

  Best best(filter.limit + 1, filter.after);
  const bool of_one = filter.care_manager.has_value();
  UserId owner;  // whose rows are being read, when they are one person's
  bool covers = false;
  for (const std::int64_t bucket : buckets) {
    auto look = [&](const Row& r) {
      const auto today = days.at(r.uuid(1));
      if (!today || (state && r.text(2) != *state)) return;
      if (covers && !filter.covered(owner, SiteId(r.uuid(1)), PatientId(r.uuid(6)))) return;
      const db::Bytes triggers = r.bytes(4);
      const Glance g = glance(triggers, *today);
      ++page.counts.total;
      ++page.counts.by_need[static_cast<std::size_t>(g.need)];
      if (filter.need && *filter.need != g.need) return;
      if (filter.rule && !(g.rules & (std::uint64_t{1} << static_cast<unsigned>(*filter.rule)))) return;
      const Uuid episode = r.uuid(0);
      const std::string_view name = r.text(3);
      Best::Kept* kept = best.place_for(g.need, g.due, name, episode);
      if (!kept) return;
      ListedRow& row = kept->row;
      row.need = g.need;
      row.due = g.due;
      row.patient = r.uuid(6);
      row.episode = episode;
      row.care_manager = of_one ? owner.uuid : r.uuid(5);
      row.site = SiteId(r.uuid(1));
      row.today = *today;
      row.name_size = name.size();
      row.triggers_size = triggers.size();
      const std::string_view body = of_one ? r.text(5) : std::string_view();
      row.data.clear();
      row.data.reserve(name.size() + triggers.size() + body.size());
      row.data.append(name).append(reinterpret_cast<const char*>(triggers.data()), triggers.size()).append(body);
      kept->bucket = bucket;
      if (!of_one) kept->care_manager = r.uuid(5);
      best.added();
    };
    if (!of_one) {
      tx.each(sql::kScanOfOrganization, {organization, bucket}, look);
      continue;
    }
    owner = *filter.care_manager;
    covers = false;
    tx.each(sql::kListOfCareManager, {organization, owner, bucket}, look);
    covers = true;
    for (const UserId away : filter.away) {
      owner = away;
      tx.each(sql::kListOfCareManager, {organization, owner, bucket}, look);
    }
  }
  auto chosen = best.take();
  page.more = chosen.size() > filter.limit;
  if (page.more) chosen.pop_back();
  page.rows.reserve(chosen.size());
  for (Best::Kept* kept : chosen) {
    if (!of_one)
      tx.each(sql::kBodyOf, {organization, kept->care_manager, kept->bucket, kept->row.episode},
              [&](const Row& r) { kept->row.data.append(r.text(0)); });
    page.rows.push_back(std::move(kept->row));
  }
  return page;
}

std::string row_body(const CaseloadRow& row) {
  std::string out;
  json::Writer w(out);
  w.object().field("name", row.display_name()).field("state", episodes::name(row.state));
  const auto known = [&](std::string_view key, const auto& value) {
    if (value) w.field(key, *value);
  };
  if (row.care_manager) w.field("care_manager", row.care_manager_name);
  if (!row.primary.instrument.empty()) write_list_summary(w.key("primary"), row.primary, Points::with);
  if (row.secondary) write_list_summary(w.key("secondary"), *row.secondary, Points::without);
  known("last_contact_date", row.last_contact);
  known("next_due", row.next_due);
  known("last_review_date", row.last_review);
  if (row.unseen_measurements) w.field("unseen_measurements", row.unseen_measurements);
  w.end();
  return out.substr(1, out.size() - 2);
}

std::vector<std::string> dump(Tx& tx, OrganizationId organization) {
  return tx.all(sql::kAllRows, {organization}, [](const Row& r) {
    std::string line;
    for (const int column : {0, 1, 3, 4}) line += r.uuid(column).text() + " ";
    line += std::to_string(r.integer(2)) + " " + r.string(5) + " " + r.string(6) + " ";
    const db::Bytes bytes = r.bytes(7);
    line += to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return line + " " + r.string(8);
  });
}

}  // namespace concord::caseload
