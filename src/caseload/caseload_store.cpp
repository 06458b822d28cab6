#include "caseload/caseload_store.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
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
  Batch(Tx& tx, OrganizationId organization, PatientId first, PatientId last) : tx_(tx), parameters_{organization, first, last} {}

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
    if (wants_referrals_) referrals();
    deferrals();
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
      auto rank = [](const EpisodeFacts& e) { return std::tuple(e.state != State::closed, e.closed, e.referred, e.episode); };
      if (!facts_.empty() && facts_.back().patient == f.patient) {
        if (!(rank(facts_.back()) < rank(f))) return;
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
      s.unseen = (mode == "link" || mode == "portal") && r.is_null(12) && r.is_null(13);
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
      f.reviews.push_back({r.uuid(1), r.date(2), r.string(3), r.string(4), r.maybe_date(5), r.maybe_date(6)});
    });
  }

  void safety() {
    stream(sql::kFactsSafety, [&](const Row& r, EpisodeFacts& f, std::size_t index) {
      SafetyFact& e = f.safety.emplace_back();
      e.id = r.uuid(1);
      e.signalled = r.date(2);
      e.signal = r.text(3);
      if (!r.is_null(4)) e.measurement = r.uuid(4);
      e.due_at = r.instant(5);
      if (const auto closed = r.maybe_instant(6)) e.closed = local_date(*closed, zones_[index]);
      e.level = r.maybe_string(7);
      e.reassess = r.maybe_date(8);
    });
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
  const std::array<db::Param, 3> parameters_;
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
    body = row_body(row, rules);
  }
  db::Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(triggers.data()), triggers.size()}; }
};

constexpr std::string_view kColumns[] = {"organization_id", "care_manager_id", "bucket",   "episode_id", "patient_id",
                                         "site_id",         "state",           "name_key", "triggers",   "body"};

/// Replaces the rows of every patient of a range; the rows written.
std::int64_t rewrite_range(Tx& tx, OrganizationId organization, PatientId first, PatientId last, const RuleSet& rules) {
  tx.run(sql::kDeleteRows, {organization, first, last});
  Batch batch(tx, organization, first, last);
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

std::optional<EpisodeFacts> read_facts(Tx& tx, OrganizationId organization, PatientId patient) {
  Batch batch(tx, organization, patient, patient);
  auto& facts = batch.read();
  if (facts.empty()) return std::nullopt;
  return std::move(facts.front());
}

void each_facts(Tx& tx, OrganizationId organization, const std::function<void(EpisodeFacts&&)>& each) {
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
    Batch batch(tx, organization, PatientId(first), last);
    for (EpisodeFacts& facts : batch.read()) each(std::move(facts));
    after = last;
  }
}

void refresh(Tx& tx, OrganizationId organization, PatientId patient, const RuleSet& rules) {
  const auto facts = read_facts(tx, organization, patient);
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
  auto facts = read_facts(tx, organization, patient);
  if (!facts) {
    facts.emplace();
    facts->patient = patient;
    facts->state = State::closed;
    facts->referred = today;
    Batch(tx, organization, patient, patient).read_safety(*facts, "UTC");
  }
  return attention(derive(*facts, rules), rules, today, language, now, Deferred::include);
}

void add_deferral(Tx& tx, OrganizationId organization, const Deferral& d) {
  tx.run(sql::kInsertDeferral,
         {organization, d.patient, d.id, d.episode, name(d.rule), d.made_on, d.until, d.reason, d.by, d.at});
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
  for (const std::int64_t bucket : buckets) {
    auto look = [&](const Row& r) {
      const auto today = days.at(r.uuid(1));
      if (!today || (state && r.text(2) != *state)) return;
      const db::Bytes triggers = r.bytes(4);
      const Glance g = glance(triggers, *today);
      ++page.counts.total;
      ++page.counts.by_need[static_cast<std::size_t>(g.need)];
      if (filter.need && *filter.need != g.need) return;
      if (filter.rule && !(g.rules & (1U << static_cast<unsigned>(*filter.rule)))) return;
      const Uuid episode = r.uuid(0);
      const std::string_view name = r.text(3);
      Best::Kept* kept = best.place_for(g.need, g.due, name, episode);
      if (!kept) return;
      ListedRow& row = kept->row;
      row.need = g.need;
      row.due = g.due;
      row.episode = episode;
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
    if (of_one) tx.each(sql::kListOfCareManager, {organization, *filter.care_manager, bucket}, look);
    else tx.each(sql::kScanOfOrganization, {organization, bucket}, look);
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

std::string row_body(const CaseloadRow& row, const RuleSet& rules) {
  std::string out;
  json::Writer w(out);
  w.object().field("patient_id", row.patient).field("episode_id", row.episode).field("name", row.display_name());
  w.field("given_name", row.given_name).field("family_name", row.family_name).field("birth_date", row.birth_date);
  w.field("site_id", row.site).field("state", episodes::name(row.state)).key("care_manager");
  if (row.care_manager) w.object().field("id", *row.care_manager).field("name", row.care_manager_name).end();
  else w.null();
  w.key("primary");
  write_summary(w, row.primary, rules);
  w.key("secondary");
  if (row.secondary) write_summary(w, *row.secondary, rules, Points::without);
  else w.null();
  w.field("last_contact_date", row.last_contact).field("next_due", row.next_due).field("plan_since", row.plan_since);
  w.field("last_review_date", row.last_review).field("unseen_measurements", row.unseen_measurements).end();
  out.pop_back();  // the API adds what time changes
  return out;
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
