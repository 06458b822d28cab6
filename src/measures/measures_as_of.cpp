// The facts of an organization as they were known at an instant. A row is known from its time of entry on; where it was changed
// or taken away later, what it said then stands in <table>_before (docs/decisions/0012). Of several later changes the next one
// after the instant tells.
#include <unordered_map>
#include <unordered_set>

#include "base/check.h"
#include "contacts/contacts.h"
#include "measurements/scored.h"
#include "measures/measures_sql.h"
#include "measures/measures_store.h"

namespace concord::measures {
namespace {

class Loader {
 public:
  Loader(db::Tx& tx, OrganizationId organization, const NysRules& rules, const NameOf& name_of, Instant as_of)
      : tx_(tx),
        organization_(organization),
        rules_(rules),
        name_of_(name_of),
        as_of_(as_of),
        day_(std::chrono::floor<std::chrono::days>(as_of)) {}

  Clinic load() {
    patients();
    rows(sql::kKnownCoverageBefore, sql::kKnownCoverage, 4, [&](PatientIndex patient, const db::Row& row, bool) {
      clinic_.coverage.add(patient, {row.date(2), row.maybe_date(3), is_medicaid(row.text(1))});
    });
    episodes();
    rows(sql::kKnownContactsBefore, sql::kKnownContacts, 6, [&](PatientIndex patient, const db::Row& row, bool before) {
      const auto modality = row.is_null(2) ? std::nullopt : std::optional(row.text(2));
      if (contacts::is_clinical(before ? row.text(7) : "treatment", modality, row.text(3), row.text(4), row.text(5)))
        clinic_.contacts.add(patient, {row.date(1)});
    });
    scores();
    dated_rows(sql::kKnownReviewsBefore, sql::kKnownReviews, 3, [&](PatientIndex patient, const db::Row& row, bool) {
      clinic_.reviews.add(patient, {row.date(1), row.boolean(2)});
      reviewed_.emplace(row.uuid(3), row.date(1));
    });
    rows(sql::kKnownRecommendationsBefore, sql::kKnownRecommendations, 6, [&](PatientIndex patient, const db::Row& row, bool) {
      const auto review = reviewed_.find(row.uuid(1));
      if (review == reviewed_.end() || row.text(3) == "draft" || row.text(3) == "withdrawn") return;
      clinic_.recommendations.add(patient, {review->second, row.string(2), row.maybe_date(4), row.maybe_date(5)});
    });
    dated_rows(sql::kKnownTreatmentsBefore, sql::kKnownTreatments, 3,
               [&](PatientIndex patient, const db::Row& row, bool) { add_treatment(clinic_, patient, row); });
    dated_rows(sql::kKnownTreatmentChangesBefore, sql::kKnownTreatmentChanges, 2,
               [&](PatientIndex patient, const db::Row& row, bool) {
                 clinic_.treatment_steps.add(patient, {row.date(1), TreatmentStep::What::dose});
               });
    dated_rows(sql::kKnownVisitsBefore, sql::kKnownVisits, 5,
               [&](PatientIndex patient, const db::Row& row, bool) { clinic_.visits.add(patient, visit_from(rules_, row)); });
    dated_rows(sql::kKnownConditionsBefore, sql::kKnownConditions, 5,
               [&](PatientIndex patient, const db::Row& row, bool) { add_diagnosis(clinic_, patient, row); });
    site_months();
    clinic_.group();
    return std::move(clinic_);
  }

 private:
  void patients() {
    using Dates = std::unordered_map<Uuid, std::optional<Date>>;
    Dates born, died;
    const auto read_before = [&](const db::Sql& statement, Dates& before) {
      tx_.each(statement, {organization_, as_of_}, [&](const db::Row& row) { before.emplace(row.uuid(0), row.maybe_date(1)); });
    };
    read_before(sql::kKnownPatientsBefore, born);
    read_before(sql::kKnownDeathsBefore, died);
    tx_.each(sql::kKnownPatients, {organization_, as_of_}, [&](const db::Row& row) {
      const auto then = [&](const Dates& before, int column) {
        const auto found = before.find(row.uuid(0));
        return found != before.end() ? found->second : row.maybe_date(column);
      };
      index_.emplace(row.uuid(0), clinic_.add_patient(name_of_("patient", row.uuid(0)), then(born, 1), then(died, 2)));
    });
  }

  /// Rows with their own id in column `id`. Whoever was not known then has none.
  template <class Take>
  void read(const db::Sql& before, const db::Sql& now, int id, std::initializer_list<db::Param> params, const Take& take) {
    std::unordered_set<Uuid> changed;
    tx_.each(before, params, [&](const db::Row& row) {
      if (!changed.insert(row.uuid(id)).second) return;
      if (const auto at = index_.find(row.uuid(0)); at != index_.end()) take(at->second, row, true);
    });
    tx_.each(now, params, [&](const db::Row& row) {
      if (changed.count(row.uuid(id)) != 0) return;
      if (const auto at = index_.find(row.uuid(0)); at != index_.end()) take(at->second, row, false);
    });
  }
  template <class Take>
  void rows(const db::Sql& before, const db::Sql& now, int id, const Take& take) {
    read(before, now, id, {organization_, as_of_}, take);
  }
  template <class Take>
  void dated_rows(const db::Sql& before, const db::Sql& now, int id, const Take& take) {
    read(before, now, id, {organization_, as_of_, day_}, take);
  }

  void episodes() {
    struct Dates {
      std::optional<Date> enrolled, closed;
      std::string reason, instrument, condition;
    };
    const auto dates_from = [](const db::Row& row, int at) {
      return Dates{row.maybe_date(at), row.maybe_date(at + 1), row.maybe_string(at + 2).value_or(""),
                   row.maybe_string(at + 3).value_or(""), row.maybe_string(at + 4).value_or("")};
    };
    std::unordered_map<Uuid, Dates> before;
    tx_.each(sql::kKnownEpisodesBefore, {organization_, as_of_},
             [&](const db::Row& row) { before.emplace(row.uuid(0), dates_from(row, 1)); });
    tx_.each(sql::kKnownEpisodes, {organization_, as_of_}, [&](const db::Row& row) {
      const auto at = index_.find(row.uuid(0));
      if (at == index_.end()) return;
      const auto found = before.find(row.uuid(1));
      Dates dates = found != before.end() ? found->second : dates_from(row, 2);
      if (!dates.enrolled) return;
      clinic_.episodes.add(at->second, {name_of_("episode", row.uuid(1)), *dates.enrolled, dates.closed, std::move(dates.reason),
                                        std::move(dates.instrument), std::move(dates.condition)});
    });
  }

  void scores() {
    std::unordered_set<Uuid> corrected;
    tx_.each(sql::kKnownCorrections, {organization_, as_of_}, [&](const db::Row& row) { corrected.insert(row.uuid(0)); });
    tx_.each(sql::kKnownScores, {organization_, as_of_}, [&](const db::Row& row) {
      if (corrected.count(row.uuid(7)) != 0) return;
      if (const auto at = index_.find(row.uuid(0)); at != index_.end())
        clinic_.scores.add(at->second, score_from(clinic_, rules_, row));
    });
  }

  void site_months() {
    std::unordered_map<Uuid, std::unordered_set<std::int32_t>> changed;
    tx_.each(sql::kKnownSiteMonthsBefore, {organization_, as_of_}, [&](const db::Row& row) {
      if (changed[row.uuid(0)].insert(row.date(1).days_since_1970()).second)
        clinic_.bhcm_fte.emplace_back(row.date(1), row.real(2));
    });
    tx_.each(sql::kKnownSiteMonths, {organization_, as_of_}, [&](const db::Row& row) {
      if (const auto at = changed.find(row.uuid(0)); at == changed.end() || at->second.count(row.date(1).days_since_1970()) == 0)
        clinic_.bhcm_fte.emplace_back(row.date(1), row.real(2));
    });
  }

  db::Tx& tx_;
  const OrganizationId organization_;
  const NysRules& rules_;
  const NameOf& name_of_;
  const Instant as_of_;
  const Date day_;
  Clinic clinic_;
  std::unordered_map<Uuid, PatientIndex> index_;
  std::unordered_map<Uuid, Date> reviewed_;  ///< days of the reviews that were known
};

}  // namespace

Clinic load_clinic_as_of(db::Tx& tx, OrganizationId organization, const NysRules& rules, const NameOf& name_of, Instant as_of) {
  return Loader(tx, organization, rules, name_of, as_of).load();
}

}  // namespace concord::measures
