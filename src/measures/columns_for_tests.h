// A clinic in the database for tests of resident columns: rows of every table they are made of, put in by plain SQL, and a
// history that goes on by chance.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.h"
#include "measures/resident_store.h"
#include "support/databases.h"

namespace concord::measures {

using db::Param;
using db::Sql;
using db::Tx;

inline std::shared_ptr<const OutcomeRules> test_rules() {
  static const auto rules = [] {
    auto r = std::make_shared<OutcomeRules>();
    for (const char* id : {"phq-9", "scared"}) {
      measurements::Criteria c;
      c.instrument = id;
      c.elevated = id[0] == 'p' ? 10 : 25;
      c.response_kind = measurements::ResponseKind::percent;
      c.remission_below = id[0] == 'p' ? 5 : 25;
      r->instruments.emplace(id, c);
    }
    return r;
  }();
  return rules;
}
inline const SurveyItems kSurveys = {{"satisfaction", {{"a", 4}, {"b", 4}}}, {"involvement", {{"a", 4}}}};

inline const Date kToday = Date::ymd(2026, 3, 1);

/// Hands everything on, and counts the rows that each statement gives. `before`, when there is one, sees each statement first
/// and may throw.
class WatchedTx final : public Tx {
 public:
  using Before = std::function<void(std::span<const Param> params)>;
  explicit WatchedTx(Tx& tx, Before before = {}) : tx_(tx), before_(std::move(before)) {}
  void each(const Sql& sql, std::span<const Param> params, const std::function<void(const db::Row&)>& each_row) override {
    if (before_) before_(params);
    tx_.each(sql, params, counted(sql, each_row));
  }
  void scan(const Sql& sql, std::span<const Param> params, const std::function<void(const db::Row&)>& each_row) override {
    if (before_) before_(params);
    tx_.scan(sql, params, counted(sql, each_row));
  }
  std::int64_t run(const Sql& sql, std::span<const Param> params) override { return tx_.run(sql, params); }
  std::int64_t load(std::string_view table, std::span<const std::string_view> columns, const db::NextRow& next) override {
    return tx_.load(table, columns, next);
  }
  db::Dialect dialect() const override { return tx_.dialect(); }
  using Tx::each;
  using Tx::run;
  using Tx::scan;

  std::map<std::string_view, std::int64_t> rows;  ///< by the statement's name

 private:
  std::function<void(const db::Row&)> counted(const Sql& sql, const std::function<void(const db::Row&)>& each_row) {
    return [&n = rows[sql.name], &each_row](const db::Row& row) {
      ++n;
      each_row(row);
    };
  }
  Tx& tx_;
  Before before_;
};

/// The database as it is, but one organization's rows cannot be read.
class OneOrganizationFails final : public db::Database {
 public:
  OneOrganizationFails(db::Database& database, OrganizationId broken) : database_(database), broken_(broken) {}
  db::Dialect dialect() const override { return database_.dialect(); }
  void submit(db::Work work) override { database_.submit(std::move(work)); }
  void read_with(const std::function<void(Tx&)>& body) override {
    database_.read_with([&](Tx& tx) {
      WatchedTx watched(tx, [&](std::span<const Param> params) {
        const auto* organization = params.empty() ? nullptr : std::get_if<Uuid>(&params[0].variant());
        if (organization != nullptr && *organization == broken_.uuid) throw db::DatabaseError("a page is damaged", false);
      });
      body(watched);
    });
  }
  void migrate_with(const std::function<void(const std::function<void(std::string_view)>&, Tx&)>& body) override {
    database_.migrate_with(body);
  }
  std::size_t waiting_writes() const override { return database_.waiting_writes(); }

 private:
  db::Database& database_;
  OrganizationId broken_;
};

class ColumnsTest : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    organization_ = OrganizationId(next());
    site_ = next();
    user_ = next();
    write([&](Tx& tx) {
      run(tx, "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, 'Clinic', $2)", {organization_, now()});
      run(tx,
          "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, 'Main', 'America/New_York', "
          "$3)",
          {organization_, site_, now()});
      for (int chain = 0; chain < 2; ++chain)
        run(tx, "INSERT INTO audit_head (organization_id, chain, sequence, hash) VALUES ($1, $2, 0, $3)",
            {organization_, chain, db::Bytes(site_.bytes)});
    });
  }
  template <class Body>
  void write(const Body& body) {
    ASSERT_TRUE(database().write([&](Tx& tx) -> Result<void> {
      body(tx);
      return {};
    }));
  }
  // Statements are kept by the address of their text: each call has its own literal.
  static void run(Tx& tx, const char* text, std::initializer_list<Param> params) { tx.run(Sql{"test.insert", text}, params); }
  Uuid next() {
    Uuid id;
    const auto n = ++last_id_;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    id.bytes[0] = 1;
    return id;
  }
  static Instant now() { return Instant(kToday.sys()); }

  Uuid add_patient(Tx& tx) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, name_folded, birth_date, sex, "
        "language, "
        "interpreter_needed, placeholder, labels, version, created_at, updated_at) VALUES ($1, $2, $3, 'A', 'B', 'b a', $4, "
        "'female', 'es', "
        "TRUE, FALSE, 'normal', 1, $5, $5)",
        {organization_, id, site_, Date::ymd(1980, 5, 1), now()});
    return id;
  }
  Uuid add_referral(Tx& tx, const Uuid& patient, Date on, std::optional<Date> reached) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO referral (organization_id, referral_id, patient_id, site_id, referred_by, reason, received_at, "
        "received_date, version) "
        "VALUES ($1, $2, $3, $4, 'Dr', 'low', $5, $6, 1)",
        {organization_, id, patient, site_, now(), on});
    if (reached)
      run(tx,
          "INSERT INTO referral_attempt (organization_id, referral_id, attempt_id, at, attempt_date, by_user, modality, result, "
          "note) VALUES "
          "($1, $2, $3, $4, $5, $6, 'phone', 'reached', '')",
          {organization_, id, next(), now(), *reached, user_});
    return id;
  }
  Uuid add_episode(Tx& tx, const Uuid& patient, Date enrolled, std::optional<Date> closed, std::optional<Uuid> referral) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, referral_id, state, primary_condition, "
        "primary_instrument, "
        "care_manager_id, referred_date, assessed_date, enrolled_date, closed_date, close_reason, labels, version, created_at, "
        "updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'depression', 'phq-9', $7, $8, $9, $9, $10, $11, 'normal', 1, $12, $12)",
        {organization_, id, patient, site_, referral, closed ? "closed" : "active", user_, enrolled.plus_days(-7), enrolled,
         closed, closed ? Param("moved") : Param(nullptr), now()});
    return id;
  }
  Uuid add_score(Tx& tx, const Uuid& patient, Date on, double total, int hour = 12, bool valid = true,
                 const char* instrument = "phq-9", const char* informant = "self") {
    const Uuid id = next();
    run(tx,
        "INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, administered_date, instrument, "
        "instrument_version, informant, mode, language, total, valid, prorated, safety, answers, subscales, source, entered_at, "
        "labels) VALUES "
        "($1, $2, $3, $4, $5, $6, '1', $7, 'phone', 'en', $8, $9, FALSE, 'none', '{}', '[]', 'concord', $10, 'normal')",
        {organization_, patient, Instant(on.sys()) + std::chrono::hours(hour), id, on, instrument, informant, total, valid,
         now()});
    return id;
  }
  void add_contact(Tx& tx, const Uuid& patient, Date on, const char* kind = "treatment", const char* modality = "phone") {
    run(tx,
        "INSERT INTO contact (organization_id, patient_id, contact_date, contact_id, staff_role, kind, modality, with_whom, "
        "interventions, note, "
        "source, labels, entered_at, version) VALUES ($1, $2, $3, $4, 'care_manager', $5, $6, 'patient', '', '', 'concord', "
        "'normal', $7, 1)",
        {organization_, patient, on, next(), kind, modality, now()});
  }
  void add_minutes(Tx& tx, const Uuid& patient, Date on, int minutes, const char* role, std::optional<Instant> ended = {}) {
    run(tx,
        "INSERT INTO time_entry (organization_id, patient_id, entry_date, entry_id, staff_name, minutes, activity, "
        "separately_billed, staff_role, "
        "ended_at) VALUES ($1, $2, $3, $4, 'Ann', $5, 'contact', FALSE, $6, $7)",
        {organization_, patient, on, next(), minutes, role, ended});
  }
  Uuid add_review(Tx& tx, const Uuid& patient, Date on, std::optional<Uuid> session) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_name, question, "
        "recommendation_documented, source, "
        "version, session_id) VALUES ($1, $2, $3, $4, 'Dr', '', TRUE, 'concord', 1, $5)",
        {organization_, patient, on, id, session});
    return id;
  }
  void add_recommendation(Tx& tx, const Uuid& patient, const Uuid& review, int position, const char* kind, const char* state,
                          std::optional<Date> sent, std::optional<Date> answered, std::optional<Date> done) {
    run(tx,
        "INSERT INTO recommendation (organization_id, patient_id, recommendation_id, review_id, position, kind, text, to_role, "
        "urgency, state, "
        "sent_date, answered_date, done_date, source, version) VALUES ($1, $2, $3, $4, $5, $6, 'x', 'pcp', 'routine', $7, $8, "
        "$9, $10, 'concord', 1)",
        {organization_, patient, next(), review, position, kind, state, sent, answered, done});
  }
  void add_treatment(Tx& tx, const Uuid& patient, Date start, std::optional<Date> stop, std::optional<Date> dose) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO treatment (organization_id, patient_id, treatment_id, kind, name, start_date, stop_date, source, version) "
        "VALUES ($1, $2, $3, "
        "'medication', 'sertraline', $4, $5, 'concord', 1)",
        {organization_, patient, id, start, stop});
    if (dose)
      run(tx,
          "INSERT INTO treatment_change (organization_id, patient_id, treatment_id, change_date, change_id, to_dose, reason) "
          "VALUES ($1, $2, $3, $4, "
          "$5, '100 mg', '')",
          {organization_, patient, id, *dose, next()});
  }
  void add_goal(Tx& tx, const Uuid& patient, Date start, const char* status, Date status_date, std::optional<Date> until) {
    run(tx,
        "INSERT INTO goal (organization_id, patient_id, goal_id, what, until_date, language, status, status_date, start_date, "
        "last_reviewed_date, "
        "labels, source, version) VALUES ($1, $2, $3, 'walk', $4, 'en', $5, $6, $7, $7, 'normal', 'concord', 1)",
        {organization_, patient, next(), until, status, status_date, start});
  }
  void add_survey(Tx& tx, const Uuid& patient, const Uuid& episode, const char* survey, Date on, const char* answers,
                  bool declined) {
    run(tx,
        "INSERT INTO survey_answer (organization_id, patient_id, answer_id, episode_id, site_id, survey, survey_version, point, "
        "answered_date, "
        "answered_at, language, declined, answers, labels, answered_by) VALUES ($1, $2, $3, $4, $5, $6, '1', $7, $8, $9, 'en', "
        "$10, $11, 'normal', $12)",
        {organization_, patient, next(), episode, site_, survey, next().text(), on, now(), declined, answers, user_});
  }
  void add_coverage(Tx& tx, const Uuid& patient, const char* payer, Date start, std::optional<Date> end) {
    run(tx,
        "INSERT INTO coverage (organization_id, patient_id, coverage_id, payer_category, start_date, end_date, version) VALUES "
        "($1, $2, $3, $4, $5, "
        "$6, 1)",
        {organization_, patient, next(), payer, start, end});
  }
  Uuid add_session(Tx& tx, Date on, int minutes, const char* state) {
    const Uuid id = next();
    run(tx,
        "INSERT INTO review_session (organization_id, session_id, site_id, session_date, minutes, state, note, created_by, "
        "created_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 1)",
        {organization_, id, site_, on, minutes, state, user_, now()});
    return id;
  }
  /// As the dispatcher does in the same transaction.
  void audit(Tx& tx, int chain, std::optional<Uuid> patient, const char* action = "x") {
    const auto sequence = ++sequence_[static_cast<std::size_t>(chain)];
    run(tx, "UPDATE audit_head SET sequence = $3 WHERE organization_id = $1 AND chain = $2", {organization_, chain, sequence});
    run(tx,
        "INSERT INTO audit_event (organization_id, chain, sequence, at, actor_kind, role, action, patient_id, result, reason, "
        "detail, request_id, "
        "hash) VALUES ($1, $2, $3, $4, 'user', 'care_manager', $7, $5, 'ok', '', '', '', $6)",
        {organization_, chain, sequence, now(), patient, db::Bytes(site_.bytes), action});
  }
  std::shared_ptr<const Resident> fresh() {
    return database().read([&](Tx& tx) { return load_resident(tx, organization_, test_rules(), kSurveys, 1); });
  }

  /// Something happens to somebody, by chance, with its entry in the audit log.
  void something_happens(Tx& tx, Random& random) {
    const auto upto = [&](int n) { return static_cast<int>(random.integer(0, n)); };
    std::optional<Uuid> about;
    if (people_.empty() || upto(9) == 0) {
      about = add_patient(tx);
      // Ids do not come in order where two servers make them.
      people_.push_back(*about);
      add_coverage(tx, *about, upto(1) ? "medicaid_ffs" : "commercial", kToday.plus_days(-upto(900)), {});
    } else if (upto(12) == 0) {
      sessions_.push_back(add_session(tx, kToday.plus_days(-upto(100)), 60, upto(2) ? "held" : "planned"));
    } else {
      const Uuid p = people_[static_cast<std::size_t>(upto(static_cast<int>(people_.size()) - 1))];
      about = p;
      const Date on = kToday.plus_days(-upto(500));
      switch (upto(11)) {
        case 0:
          if (!open_.contains(p)) {
            const Uuid referral = add_referral(tx, p, on.plus_days(-9), upto(1) ? std::optional(on.plus_days(-2)) : std::nullopt);
            open_[p] = {add_episode(tx, p, on, {}, upto(1) ? std::optional(referral) : std::nullopt), on};
          }
          break;
        case 1:
          if (const auto it = open_.find(p); it != open_.end()) {
            run(tx,
                "UPDATE episode SET state = 'closed', closed_date = $3, close_reason = 'moved' WHERE organization_id = $1 "
                "AND episode_id = $2",
                {organization_, it->second.first, it->second.second.plus_days(upto(200))});
            open_.erase(it);
          }
          break;
        case 2:
        case 3:
        case 4:
          add_score(tx, p, on, upto(27), upto(20), true, upto(5) ? "phq-9" : "scared", upto(3) ? "self" : "parent");
          break;
        case 5:
          add_contact(tx, p, on);
          break;
        case 6: {
          const Uuid review = add_review(tx, p, on, {});
          add_recommendation(tx, p, review, 1, upto(1) ? "increase" : "labs", upto(1) ? "sent" : "done", on, on.plus_days(2),
                             on.plus_days(5));
          break;
        }
        case 7:
          add_treatment(tx, p, on, upto(1) ? std::optional(on.plus_days(40)) : std::nullopt, on.plus_days(20));
          break;
        case 8:
          add_goal(tx, p, on, upto(1) ? "active" : "reached", on.plus_days(10), on.plus_days(30));
          break;
        case 9:
          if (open_.contains(p)) add_survey(tx, p, open_[p].first, "satisfaction", on, R"({"a":4,"b":2})", upto(3) == 0);
          break;
        case 10:
          add_minutes(tx, p, on, 5 + upto(30), upto(1) ? "care_manager" : "");
          break;
        default:
          run(tx, "UPDATE patient SET language = $3, race = $4 WHERE organization_id = $1 AND patient_id = $2",
              {organization_, p, upto(1) ? "en" : "es", upto(1) ? "asian" : "white"});
      }
    }
    audit(tx, upto(1), about);
  }

  OrganizationId organization_;
  Uuid site_, user_;
  std::vector<Uuid> people_, sessions_;
  std::map<Uuid, std::pair<Uuid, Date>> open_;  // patient -> episode and its enrolment
  std::int64_t sequence_[2] = {0, 0};
  std::uint64_t last_id_ = 0;
};
}  // namespace concord::measures
