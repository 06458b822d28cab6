#include "measures/resident_store.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "base/parallel.h"
#include "base/text.h"
#include "contacts/contacts.h"
#include "json/value.h"
#include "measures/measures_sql.h"
#include "measures/nys.h"

namespace concord::measures {
namespace {

/// Rows of many patients as they come from the database.
template <class Row>
struct Rows {
  std::vector<PatientRow> owner;
  std::vector<Row> rows;
  std::vector<std::uint32_t> begin;  // after group()

  void add(PatientRow patient, Row row) {
    owner.push_back(patient);
    rows.push_back(std::move(row));
  }
  /// Brings each patient's rows together; they keep their order.
  void group(std::size_t patients) {
    begin.assign(patients + 1, 0);
    for (const PatientRow p : owner) ++begin[p + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    if (!std::is_sorted(owner.begin(), owner.end())) {
      std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
      std::vector<Row> sorted(rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) sorted[next[owner[i]]++] = std::move(rows[i]);
      rows = std::move(sorted);
    }
    owner = {};
  }
  std::span<const Row> of(PatientRow patient) const {
    return std::span<const Row>(rows).subspan(begin[patient], begin[patient + 1] - begin[patient]);
  }
};

struct StoredScore {
  std::int64_t at = 0;
  double total = 0;
  std::int32_t day = 0;
  std::uint8_t instrument = 0, informant = 0;
};
struct StoredReview {
  RawReview review;
};
struct Advice {
  Uuid review;
  bool change = false;
  RawRecommendation recommendation;
};

/// Where a patient's row is. Rows of one patient come together mostly, and patients in their order.
class Index {
 public:
  explicit Index(const std::vector<Uuid>& ids) : ids_(ids) {
    std::size_t size = 16;
    while (size < 2 * ids.size()) size *= 2;
    slots_.assign(size, kNoRow);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      std::size_t slot = std::hash<Uuid>{}(ids[i]) & (size - 1);
      while (slots_[slot] != kNoRow) slot = (slot + 1) & (size - 1);
      slots_[slot] = static_cast<PatientRow>(i);
    }
  }
  PatientRow find(const Uuid& id) const {
    for (std::size_t slot = std::hash<Uuid>{}(id) & (slots_.size() - 1); slots_[slot] != kNoRow;
         slot = (slot + 1) & (slots_.size() - 1))
      if (ids_[slots_[slot]] == id) return slots_[slot];
    return kNoRow;
  }
  const std::vector<Uuid>& ids() const { return ids_; }

 private:
  const std::vector<Uuid>& ids_;
  std::vector<PatientRow> slots_;
};
class Finder {
 public:
  explicit Finder(const Index& index) : index_(index) {}
  PatientRow operator()(const Uuid& id) {
    const auto& ids = index_.ids();
    if (last_ < ids.size() && ids[last_] == id) return last_;
    if (last_ + 1 < ids.size() && ids[last_ + 1] == id) return ++last_;
    const PatientRow found = index_.find(id);
    if (found != kNoRow) last_ = found;
    return found;
  }

 private:
  const Index& index_;
  PatientRow last_ = 0;
};

Uuid highest() {
  Uuid id;
  id.bytes.fill(0xff);
  return id;
}

std::uint8_t informant_code(std::string_view informant) {
  constexpr std::string_view kOthers[] = {"parent", "teacher", "caregiver", "clinician", "staff"};
  if (informant == "self" || informant == "child" || informant.empty()) return 0;
  for (std::uint8_t i = 0; i < std::size(kOthers); ++i)
    if (informant == kOthers[i]) return static_cast<std::uint8_t>(i + 1);
  return static_cast<std::uint8_t>(std::size(kOthers) + 1);
}

struct Person {
  std::optional<Date> born;
  std::uint16_t site = 0, language = 0, interpreter = 0, race = 0, ethnicity = 0, sex = 0;
};

/// Everything read, by table. Tables that share a book of codes are filled by one task.
struct Staged {
  std::vector<Uuid> ids;
  std::vector<Person> people;
  std::vector<Rows<StoredScore>> scores;
  std::vector<Rows<Date>> contacts;
  Rows<Date> changes;
  Rows<RawEpisode> episodes;
  Rows<RawReferral> referrals;
  Rows<RawCoverage> coverage;
  Rows<RawReview> reviews;
  Rows<Advice> advice;
  Rows<RawSurvey> surveys;
  Rows<RawGoal> goals;
  Rows<RawMinutes> minutes;
};

class Reader {
 public:
  Reader(OrganizationId organization, const OutcomeRules& rules, const SurveyItems& surveys, ResidentBuilder& builder)
      : organization_(organization), rules_(rules), surveys_(surveys), builder_(builder) {}

  /// A statement over patients [first, last]: whole tables are scanned, one patient's rows are looked up.
  using Each = std::function<void(db::Tx&, const db::Sql&, const std::function<void(const db::Row&)>&)>;

  /// Codes of ids that one task has met. Two tasks may use one book: it is locked, and hardly ever asked.
  struct Codes {
    std::unordered_map<Uuid, std::uint16_t> sites, care_managers;
  };

  void patients(const std::vector<std::pair<Uuid, Uuid>>& ranges, db::Tx& tx, bool whole) {
    std::vector<std::pair<Uuid, Person>> found;
    Codes codes;
    for (const auto& [first, last] : ranges)
      run(tx, whole, sql::kResidentPatients, {organization_, first, last}, [&](const db::Row& row) {
        Person p;
        p.site = code(codes, Stratum::site, row.uuid(1));
        p.born = row.maybe_date(2);
        p.sex = text_code(Stratum::sex, row, 3);
        p.race = text_code(Stratum::race, row, 4);
        p.ethnicity = text_code(Stratum::ethnicity, row, 5);
        p.language = text_code(Stratum::language, row, 6);
        p.interpreter = builder_.book(Stratum::interpreter).code(row.boolean(7) ? "yes" : "no");
        found.emplace_back(row.uuid(0), p);
      });
    const auto by_id = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(found.begin(), found.end(), by_id)) std::sort(found.begin(), found.end(), by_id);
    staged.ids.reserve(found.size());
    staged.people.reserve(found.size());
    for (const auto& [id, person] : found) {
      staged.ids.push_back(id);
      staged.people.push_back(person);
    }
    index_ = std::make_unique<Index>(staged.ids);
  }
  void organization_rows(db::Tx& tx) {
    Codes codes;
    tx.each(sql::kResidentSessions, {organization_}, [&](const db::Row& row) {
      const std::uint16_t site = code(codes, Stratum::site, row.uuid(1));
      sessions_.emplace(row.uuid(0), site);
      builder_.add_session({site, day_of(row.date(2)), static_cast<std::uint32_t>(std::max<std::int64_t>(0, row.integer(3)))});
    });
    tx.each(sql::kResidentFte, {organization_}, [&](const db::Row& row) {
      builder_.add_fte({code(codes, Stratum::site, row.uuid(0)), day_of(row.date(1)), row.real(2)});
    });
  }

  /// `last`: the instrument of the row before, which is nearly always this one's too.
  void score(Rows<StoredScore>& into, Finder& find, std::pair<std::string, std::optional<std::uint16_t>>& last, bool with_moment,
             const db::Row& row) const {
    const std::string_view id = with_moment && row.is_null(2) ? std::string_view("phq-9") : row.text(2);
    if (id != last.first) last = {std::string(id), builder_.instrument(id)};
    const auto instrument = last.second;
    if (!instrument) return;
    const PatientRow patient = find(row.uuid(0));
    if (patient == kNoRow) return;  // came after the patients were read
    into.add(patient, {with_moment ? row.instant(5).time_since_epoch().count() : 0, row.real(4), row.date(1).days_since_1970(),
                       static_cast<std::uint8_t>(*instrument),
                       with_moment && row.is_null(3) ? std::uint8_t{0} : informant_code(row.text(3))});
  }
  /// PostgreSQL says it in one piece, for the sake of whole tables.
  static bool is_clinical(const db::Row& row, bool in_one_piece) {
    if (!in_one_piece) {
      const auto modality = row.is_null(2) ? std::nullopt : std::optional(row.text(2));
      return contacts::is_clinical("treatment", modality, row.text(3), row.text(4), row.text(5));
    }
    if (row.is_null(2)) return true;
    const auto parts = split(row.text(2), '|');
    return parts.size() == 4 && contacts::is_clinical("treatment", parts[0], parts[1], parts[2], parts[3]);
  }
  void contact(Rows<Date>& into, Finder& find, bool in_one_piece, const db::Row& row) const {
    if (!is_clinical(row, in_one_piece)) return;
    if (const PatientRow patient = find(row.uuid(0)); patient != kNoRow) into.add(patient, row.date(1));
  }
  RawEpisode episode(Codes& codes, const db::Row& row) {
    RawEpisode e;
    e.id = row.uuid(1);
    e.site = code(codes, Stratum::site, row.uuid(2));
    if (!row.is_null(3)) e.care_manager = code(codes, Stratum::care_manager, row.uuid(3));
    if (!row.is_null(4)) e.pathway = builder_.book(Stratum::pathway).code(row.text(4));
    if (!row.is_null(5)) e.instrument = builder_.instrument(row.text(5)).value_or(0);
    if (!row.is_null(6)) e.referral = row.uuid(6);
    e.referred = row.date(7);
    e.assessed = row.maybe_date(8);
    e.enrolled = row.maybe_date(9);
    e.closed = row.maybe_date(10);
    e.relapse_prevention = row.maybe_date(11);
    return e;
  }
  /// Episodes, referrals and who was reached: of `one`, or of everybody. Needs no patients yet; place_courses() puts them there.
  void courses(db::Tx& tx, const std::optional<Uuid>& one) {
    Codes codes;
    const auto each = [&](const db::Sql& all, const db::Sql& of_one, const auto& take) {
      if (one) tx.each(of_one, {organization_, *one}, take);
      else tx.scan(all, {organization_}, take);
    };
    each(sql::kResidentEpisodes, sql::kResidentEpisodesOf,
         [&](const db::Row& row) { episodes_.emplace_back(row.uuid(0), episode(codes, row)); });
    std::unordered_map<Uuid, Date> reached;
    each(sql::kResidentReached, sql::kResidentReachedOf, [&](const db::Row& row) {
      const auto [known, added] = reached.emplace(row.uuid(0), row.date(1));
      if (!added) known->second = std::min(known->second, row.date(1));
    });
    each(sql::kResidentReferrals, sql::kResidentReferralsOf, [&](const db::Row& row) {
      RawReferral r{row.uuid(1), code(codes, Stratum::site, row.uuid(2)), row.date(3), std::nullopt};
      if (const auto found = reached.find(r.id); found != reached.end()) r.reached = found->second;
      referrals_.emplace_back(row.uuid(0), r);
    });
  }
  void place_courses() {
    Finder find(*index_);
    staged.episodes.owner.reserve(episodes_.size());
    staged.episodes.rows.reserve(episodes_.size());
    for (const auto& [patient, e] : episodes_)
      if (const PatientRow p = find(patient); p != kNoRow) staged.episodes.add(p, e);
    for (const auto& [patient, r] : referrals_)
      if (const PatientRow p = find(patient); p != kNoRow) staged.referrals.add(p, r);
    episodes_ = {};
    referrals_ = {};
  }
  void coverage(db::Tx& tx, const Uuid& first, const Uuid& last, bool whole) {
    Finder find(*index_);
    run(tx, whole, sql::kResidentCoverage, {organization_, first, last}, [&](const db::Row& row) {
      if (const PatientRow p = find(row.uuid(0)); p != kNoRow)
        staged.coverage.add(
            p, {row.date(2), row.maybe_date(3), builder_.book(Stratum::payer).code(row.text(1)), is_medicaid(row.text(1))});
    });
  }
  void loop(db::Tx& tx, const Uuid& first, const Uuid& last, bool whole) {
    Finder find(*index_);
    const auto each = [&](const db::Sql& statement, const auto& take) {
      run(tx, whole, statement, {organization_, first, last}, [&](const db::Row& row) {
        if (const PatientRow p = find(row.uuid(0)); p != kNoRow) take(p, row);
      });
    };
    each(sql::kResidentReviews, [&](PatientRow p, const db::Row& row) {
      RawReview r;
      r.id = row.uuid(1);
      r.date = row.date(2);
      r.documented = row.boolean(3);
      if (!row.is_null(4))
        if (const auto session = sessions_.find(row.uuid(4)); session != sessions_.end()) {
          r.in_session = true;
          r.site = session->second;
        }
      staged.reviews.add(p, r);
    });
    each(sql::kResidentRecommendations, [&](PatientRow p, const db::Row& row) {
      constexpr std::string_view kChanges[] = {"start", "increase", "switch", "augment", "taper", "psychotherapy"};
      constexpr std::string_view kAccepted[] = {"accepted", "modified", "done", "adequate_trial", "not_adequate"};
      const std::string_view kind = row.text(2), state = row.text(3);
      Advice a;
      a.review = row.uuid(1);
      a.change = std::find(std::begin(kChanges), std::end(kChanges), kind) != std::end(kChanges);
      a.recommendation.sent = row.maybe_date(4);
      a.recommendation.answered = row.maybe_date(5);
      a.recommendation.done = row.maybe_date(6);
      a.recommendation.accepted = std::find(std::begin(kAccepted), std::end(kAccepted), state) != std::end(kAccepted);
      // As the attention list has it (caseload::is_trial): success shows after weeks only. Taking a medicine away is no trial.
      if (!a.change || kind == "taper") a.recommendation.trial = RawRecommendation::Trial::none;
      else if (state == "adequate_trial") a.recommendation.trial = RawRecommendation::Trial::adequate;
      else if (state == "not_adequate") a.recommendation.trial = RawRecommendation::Trial::not_adequate;
      staged.advice.add(p, a);
    });
    each(sql::kResidentTreatments, [&](PatientRow p, const db::Row& row) {
      staged.changes.add(p, row.date(1));
      if (!row.is_null(2)) staged.changes.add(p, row.date(2));
    });
    each(sql::kResidentTreatmentChanges, [&](PatientRow p, const db::Row& row) { staged.changes.add(p, row.date(1)); });
    each(sql::kResidentGoals, [&](PatientRow p, const db::Row& row) {
      const std::string_view status = row.text(1);
      const auto state = status == "reached"   ? RawGoal::State::reached
                         : status == "stopped" ? RawGoal::State::stopped
                                               : RawGoal::State::active;
      staged.goals.add(p, {state, row.date(3), row.date(2), row.maybe_date(4)});
    });
    each(sql::kResidentSurveys, [&](PatientRow p, const db::Row& row) {
      const std::string_view survey = row.text(2);
      const auto items = surveys_.find(survey);
      const auto& involvement = rules_.involvement_surveys;
      const bool involved = std::find(involvement.begin(), involvement.end(), survey) != involvement.end();
      if (items == surveys_.end() || (!involved && survey != rules_.satisfaction_survey)) return;
      RawSurvey s{row.uuid(1), row.date(3), row.boolean(4), involved, 0};
      if (!s.declined) {
        const auto answers = json::Document::parse(row.text(5));
        if (!answers) return;
        double sum = 0;
        int count = 0;
        for (const auto& [id, value] : answers->root().members())
          if (const auto item = items->second.find(id); item != items->second.end() && item->second > 0)
            if (const auto points = value.real()) {
              sum += *points / item->second;
              ++count;
            }
        if (count == 0) return;
        s.percent = 100 * sum / count;
      }
      staged.surveys.add(p, s);
    });
  }
  void minutes(db::Tx& tx, const Uuid& first, const Uuid& last, bool whole) {
    Finder find(*index_);
    run(tx, whole, sql::kResidentMinutes, {organization_, first, last}, [&](const db::Row& row) {
      const PatientRow p = find(row.uuid(0));
      if (p == kNoRow) return;
      const Date month = row.date(1).first_of_month();
      const std::string_view role = row.text(2);
      const auto role_code = role.empty() ? std::uint16_t{0} : builder_.roles().code(role);
      const auto spent = static_cast<std::uint32_t>(std::max<std::int64_t>(0, row.integer(3)));
      auto& all = staged.minutes;
      if (!all.rows.empty() && all.owner.back() == p && all.rows.back().month == month && all.rows.back().role == role_code)
        all.rows.back().minutes += spent;
      else all.add(p, {month, role_code, spent});
    });
  }

  void group() {
    const std::size_t n = staged.ids.size();
    for (auto& part : staged.scores) part.group(n);
    for (auto& part : staged.contacts) part.group(n);
    staged.changes.group(n);
    staged.episodes.group(n);
    staged.referrals.group(n);
    staged.coverage.group(n);
    staged.reviews.group(n);
    staged.advice.group(n);
    staged.surveys.group(n);
    staged.goals.group(n);
    staged.minutes.group(n);
  }
  /// Patient p of what was staged; false when two of their scores lie at the same moment and came in no order.
  bool assemble(PatientRow p, RawPatient& into, bool ordered) const {
    into.clear();
    const Person& person = staged.people[p];
    into.id = staged.ids[p];
    into.born = person.born;
    into.site = person.site;
    into.language = person.language;
    into.interpreter = person.interpreter;
    into.race = person.race;
    into.ethnicity = person.ethnicity;
    into.sex = person.sex;
    const auto take = [&](const auto& rows, auto& vector) {
      const auto some = rows.of(p);
      vector.assign(some.begin(), some.end());
    };
    take(staged.episodes, into.episodes);
    take(staged.referrals, into.referrals);
    take(staged.coverage, into.coverage);
    take(staged.reviews, into.reviews);
    take(staged.changes, into.changes);
    take(staged.surveys, into.surveys);
    take(staged.goals, into.goals);
    take(staged.minutes, into.minutes);
    for (const auto& part : staged.contacts) {
      const auto some = part.of(p);
      into.contacts.insert(into.contacts.end(), some.begin(), some.end());
    }
    for (const auto& advice : staged.advice.of(p)) {
      into.recommendations.push_back(advice.recommendation);
      if (advice.change)
        for (auto& review : into.reviews)
          if (review.id == advice.review) review.change = true;
    }
    thread_local std::vector<StoredScore> scores;
    scores.clear();
    for (const auto& part : staged.scores) {
      const auto some = part.of(p);
      scores.insert(scores.end(), some.begin(), some.end());
    }
    const auto earlier = [](const StoredScore& a, const StoredScore& b) { return a.day != b.day ? a.day < b.day : a.at < b.at; };
    if (!std::is_sorted(scores.begin(), scores.end(), earlier)) std::stable_sort(scores.begin(), scores.end(), earlier);
    bool sure = true;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const StoredScore& s = scores[i];
      for (std::size_t j = i; !ordered && j > 0 && scores[j - 1].day == s.day && scores[j - 1].at == s.at; --j)
        if (scores[j - 1].instrument == s.instrument && scores[j - 1].informant == s.informant) sure = false;
      into.scores.push_back({Date(s.day), s.instrument, s.informant, s.total});
    }
    return sure;
  }
  const Index& index() const { return *index_; }

  Staged staged;

 private:
  static void run(db::Tx& tx, bool whole, const db::Sql& statement, std::initializer_list<db::Param> params,
                  const std::function<void(const db::Row&)>& take) {
    if (whole) tx.scan(statement, params, take);
    else tx.each(statement, params, take);
  }
  std::uint16_t code(Codes& codes, Stratum stratum, const Uuid& id) {
    auto& known = stratum == Stratum::site ? codes.sites : codes.care_managers;
    const auto [found, is_new] = known.try_emplace(id);
    if (is_new) {
      const std::lock_guard lock(books_);
      found->second = builder_.book(stratum).code(id.text());
    }
    return found->second;
  }
  std::uint16_t text_code(Stratum stratum, const db::Row& row, int column) {
    if (row.is_null(column)) return 0;
    const std::string_view text = row.text(column);
    return text.empty() ? std::uint16_t{0} : builder_.book(stratum).code(text);
  }

  const OrganizationId organization_;
  const OutcomeRules& rules_;
  const SurveyItems& surveys_;
  ResidentBuilder& builder_;
  std::mutex books_;
  std::unique_ptr<Index> index_;
  std::vector<std::pair<Uuid, RawEpisode>> episodes_;
  std::vector<std::pair<Uuid, RawReferral>> referrals_;
  std::unordered_map<Uuid, std::uint16_t> sessions_;  // held ones -> site
};

/// Runs a piece of work with a transaction: the caller's own, or one of several.
using InTx = std::function<void(const std::function<void(db::Tx&)>&)>;

struct Loaded {
  std::shared_ptr<const Resident> columns;
  std::vector<Uuid> unsure;  ///< whose scores must be read in order
};

/// `parts`: pieces of the large tables; with more than one, in_tx may be called by several threads at once.
Loaded load_all(OrganizationId organization, const std::shared_ptr<const OutcomeRules>& rules, const SurveyItems& surveys,
                std::uint64_t version, const InTx& in_tx, std::size_t parts) {
  ResidentBuilder builder(rules);
  Reader reader(organization, *rules, surveys, builder);
  const Uuid first, last = highest();
  bool postgres = false;
  std::int64_t score_pages = 0, contact_pages = 0;
  const auto together = [&](const std::vector<std::function<void(db::Tx&)>>& pieces) {
    if (parts == 1)
      for (const auto& piece : pieces) in_tx(piece);
    else parallel(pieces.size(), [&](std::size_t i) { in_tx(pieces[i]); });
  };
  together({[&](db::Tx& tx) {
              postgres = tx.dialect() == db::Dialect::postgres;
              reader.patients({{first, last}}, tx, true);
              reader.organization_rows(tx);
              if (!postgres || parts < 2) return;
              score_pages = tx.one(sql::kResidentScorePages, {}, [](const db::Row& row) { return row.integer(0); }).value_or(0);
              contact_pages =
                  tx.one(sql::kResidentContactPages, {}, [](const db::Row& row) { return row.integer(0); }).value_or(0);
            },
            [&](db::Tx& tx) { reader.courses(tx, std::nullopt); }});
  Staged& staged = reader.staged;
  const std::size_t patients = staged.ids.size();
  if (patients < 1000) parts = 1;
  staged.scores.resize(parts);
  staged.contacts.resize(parts);

  // The largest first, so that the readers end together.
  std::vector<std::function<void(db::Tx&)>> work;
  const auto part_of = [&](const db::Sql& by_patient, const db::Sql& by_page, std::int64_t pages, std::size_t part,
                           const std::function<void(const db::Row&)>& take, db::Tx& tx) {
    if (parts == 1) return tx.scan(by_patient, {organization, first, last}, take);
    if (postgres) {
      // Past the end too: rows may have come since the size was asked.
      const auto n = static_cast<std::int64_t>(parts), i = static_cast<std::int64_t>(part);
      return tx.scan(by_page, {organization, pages * i / n, i + 1 == n ? std::int64_t{4294967294} : pages * (i + 1) / n}, take);
    }
    Uuid from = part == 0 ? first : staged.ids[patients * part / parts];
    Uuid until = last;
    if (part + 1 < parts) {  // the id before the next part's first
      until = staged.ids[patients * (part + 1) / parts];
      for (std::size_t b = 16; b-- > 0;)
        if (until.bytes[b]-- != 0) break;
    }
    tx.scan(by_patient, {organization, from, until}, take);
  };
  for (std::size_t part = 0; part < parts; ++part)
    work.push_back([&, part](db::Tx& tx) {
      Finder find(reader.index());
      std::pair<std::string, std::optional<std::uint16_t>> instrument;
      auto& into = staged.scores[part];
      into.owner.reserve(10 * patients / parts);
      into.rows.reserve(10 * patients / parts);
      part_of(
          sql::kResidentScores, sql::kResidentScoresPart, score_pages, part,
          [&](const db::Row& row) { reader.score(into, find, instrument, postgres, row); }, tx);
      into.group(patients);
    });
  for (std::size_t part = 0; part < parts; ++part)
    work.push_back([&, part](db::Tx& tx) {
      Finder find(reader.index());
      auto& into = staged.contacts[part];
      part_of(
          sql::kResidentContacts, sql::kResidentContactsPart, contact_pages, part,
          [&](const db::Row& row) { reader.contact(into, find, postgres, row); }, tx);
    });
  work.push_back([&](db::Tx&) { reader.place_courses(); });
  work.push_back([&](db::Tx& tx) { reader.coverage(tx, first, last, true); });
  work.push_back([&](db::Tx& tx) { reader.minutes(tx, first, last, true); });
  work.push_back([&](db::Tx& tx) { reader.loop(tx, first, last, true); });
  together(work);
  for (auto& part : staged.scores)
    if (part.begin.empty()) part.group(patients);
  {
    auto scores = std::move(staged.scores);
    reader.group();
    staged.scores = std::move(scores);
  }

  Loaded loaded;
  const bool ordered = !postgres && !staged.scores.empty();
  std::size_t score_count = 0;
  for (const auto& part : staged.scores) score_count += part.rows.size();
  const std::size_t pieces = parts == 1 ? 1 : 2;
  // Later pieces start from the books as they are now; nothing is added to them any more.
  std::vector<std::unique_ptr<ResidentBuilder>> builders;
  std::vector<std::vector<Uuid>> unsure(pieces);
  Resident books;
  for (std::size_t s = 0; s < kStrata; ++s) books.books[s] = builder.book(static_cast<Stratum>(s));
  books.roles = builder.roles();
  for (std::size_t i = 1; i < pieces; ++i) builders.push_back(std::make_unique<ResidentBuilder>(rules, books));
  const auto build = [&](std::size_t piece) {
    ResidentBuilder& into = piece == 0 ? builder : *builders[piece - 1];
    const std::size_t share = piece == 0 ? 1 : pieces;  // the first one takes the others in
    into.reserve(patients / share, staged.episodes.rows.size() / share, score_count / share);
    RawPatient raw;
    for (std::size_t p = patients * piece / pieces; p < patients * (piece + 1) / pieces; ++p) {
      if (!reader.assemble(static_cast<PatientRow>(p), raw, ordered)) unsure[piece].push_back(staged.ids[p]);
      into.add(raw);
    }
  };
  if (pieces == 1) build(0);
  else parallel(pieces, build);
  for (auto& other : builders) builder.append(std::move(*other));
  for (const auto& some : unsure) loaded.unsure.insert(loaded.unsure.end(), some.begin(), some.end());
  loaded.columns = builder.finish(organization, version);
  return loaded;
}

}  // namespace

AuditHeads audit_heads(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kResidentAuditHeads, {organization},
                [](const db::Row& row) { return std::pair(row.integer(0), row.integer(1)); });
}

std::size_t most_to_fold(std::size_t patients) { return 200 + patients / 100; }

Touched touched_since(db::Tx& tx, OrganizationId organization, const AuditHeads& heads, std::size_t most) {
  Touched touched;
  touched.heads = audit_heads(tx, organization);
  for (const auto& [chain, sequence] : touched.heads) {
    std::int64_t known = 0;
    for (const auto& [old_chain, old_sequence] : heads)
      if (old_chain == chain) known = old_sequence;
    if (sequence == known) continue;
    if (sequence - known > static_cast<std::int64_t>(20 * most)) {  // not worth reading the entries
      touched.too_many = true;
      continue;
    }
    tx.each(sql::kResidentTouched, {organization, chain, known}, [&](const db::Row& row) {
      if (row.is_null(0)) touched.too_many = true;
      else touched.patients.push_back(row.uuid(0));
    });
  }
  std::sort(touched.patients.begin(), touched.patients.end());
  touched.patients.erase(std::unique(touched.patients.begin(), touched.patients.end()), touched.patients.end());
  touched.too_many = touched.too_many || touched.patients.size() > most;
  return touched;
}

std::shared_ptr<const Resident> load_resident(db::Tx& tx, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                              const SurveyItems& surveys, std::uint64_t version) {
  auto loaded = load_all(organization, rules, surveys, version, [&](const auto& body) { body(tx); }, 1);
  if (loaded.unsure.empty()) return loaded.columns;
  return fold_in(tx, *loaded.columns, loaded.unsure, surveys, version);
}

std::shared_ptr<const Resident> load_resident(db::Database& database, OrganizationId organization,
                                              std::shared_ptr<const OutcomeRules> rules, const SurveyItems& surveys,
                                              std::uint64_t version, int threads) {
  auto loaded =
      load_all(organization, rules, surveys, version, [&](const auto& body) { database.read_with(body); }, threads < 2 ? 1 : 4);
  if (loaded.unsure.empty()) return loaded.columns;
  return database.read([&](db::Tx& tx) { return fold_in(tx, *loaded.columns, loaded.unsure, surveys, version); });
}

std::shared_ptr<const Resident> fold_in(db::Tx& tx, const Resident& earlier, std::span<const Uuid> patients,
                                        const SurveyItems& surveys, std::uint64_t version) {
  ResidentBuilder builder(earlier.rules, earlier);
  Reader reader(earlier.organization, *earlier.rules, surveys, builder);
  std::vector<std::pair<Uuid, Uuid>> ranges;
  for (const Uuid& id : patients) ranges.emplace_back(id, id);
  reader.patients(ranges, tx, false);
  reader.organization_rows(tx);
  Staged& staged = reader.staged;
  staged.scores.resize(1);
  staged.contacts.resize(1);
  Finder find(reader.index());
  std::pair<std::string, std::optional<std::uint16_t>> instrument;
  for (const Uuid& id : staged.ids) {
    tx.each(sql::kResidentScoresOf, {earlier.organization, id},
            [&](const db::Row& row) { reader.score(staged.scores[0], find, instrument, false, row); });
    tx.each(sql::kResidentContacts, {earlier.organization, id, id},
            [&](const db::Row& row) { reader.contact(staged.contacts[0], find, tx.dialect() == db::Dialect::postgres, row); });
    reader.courses(tx, id);
    reader.coverage(tx, id, id, false);
    reader.loop(tx, id, id, false);
    reader.minutes(tx, id, id, false);
  }
  reader.place_courses();
  reader.group();

  builder.reserve(earlier.patients() + staged.ids.size(), earlier.episodes() + staged.episodes.rows.size(),
                  earlier.scores() + staged.scores[0].rows.size());
  RawPatient raw;
  const auto row_of = [&](const Uuid& id) {
    return static_cast<PatientRow>(std::lower_bound(earlier.patient_id.begin(), earlier.patient_id.end(), id) -
                                   earlier.patient_id.begin());
  };
  PatientRow copied = 0;
  PatientRow next = 0;  // in staged
  for (const Uuid& id : patients) {
    const PatientRow here = row_of(id);
    builder.copy(earlier, copied, here);
    copied = here < earlier.patients() && earlier.patient_id[here] == id ? here + 1 : here;
    if (next < staged.ids.size() && staged.ids[next] == id) {
      reader.assemble(next++, raw, true);
      builder.add(raw);
    }
  }
  builder.copy(earlier, copied, static_cast<PatientRow>(earlier.patients()));
  return builder.finish(earlier.organization, version);
}

}  // namespace concord::measures
