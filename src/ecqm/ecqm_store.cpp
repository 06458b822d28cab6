#include "ecqm/ecqm_store.h"

#include <unordered_map>

#include "contacts/contacts.h"
#include "ecqm/ecqm_sql.h"

namespace concord::ecqm {
namespace {

OwnRecord::Way way_of(std::string_view modality) {
  if (modality == "phone" || modality == "telephone") return OwnRecord::Way::phone;
  return modality == "video" || modality == "telehealth" ? OwnRecord::Way::video : OwnRecord::Way::in_person;
}

}  // namespace

std::vector<OwnRecord> load_own_records(db::Tx& tx, OrganizationId organization) {
  std::vector<OwnRecord> records;
  std::unordered_map<Uuid, std::size_t> places;
  tx.each(sql::kOwnPatients, {organization}, [&](const db::Row& row) {
    places.emplace(row.uuid(0), records.size());
    OwnRecord& r = records.emplace_back();
    r.id = row.uuid(0).text();
    r.birth = row.maybe_date(1);
    r.died = row.maybe_date(2);
  });
  const auto each = [&](const db::Sql& statement, const auto& take) {
    tx.each(statement, {organization}, [&](const db::Row& row) {
      if (const auto at = places.find(row.uuid(0)); at != places.end()) take(records[at->second], row);
    });
  };
  each(sql::kOwnScores, [](OwnRecord& r, const db::Row& row) {
    r.scores.push_back({row.uuid(1).text(), row.string(2), row.instant(3), row.date(4), row.maybe_real(5)});
  });
  each(sql::kOwnVisits,
       [](OwnRecord& r, const db::Row& row) { r.visits.push_back({row.uuid(1).text(), row.date(2), way_of(row.text(3))}); });
  each(sql::kOwnContacts, [](OwnRecord& r, const db::Row& row) {
    const auto modality = row.is_null(3) ? std::nullopt : std::optional(row.text(3));
    if (contacts::is_clinical("treatment", modality, row.text(4), row.text(5), row.text(6)))
      r.visits.push_back({row.uuid(1).text(), row.date(2), way_of(modality.value_or(""))});
  });
  each(sql::kOwnConditions, [](OwnRecord& r, const db::Row& row) {
    r.conditions.push_back({row.uuid(1).text(), row.string(2), row.maybe_string(3).value_or(""), row.string(4), row.maybe_date(5),
                            row.maybe_date(6), row.date(7)});
  });
  each(sql::kOwnEpisodes, [](OwnRecord& r, const db::Row& row) { r.episodes.push_back({row.string(2), row.date(3)}); });
  each(sql::kOwnTreatments, [](OwnRecord& r, const db::Row& row) {
    r.treatments.push_back({row.uuid(1).text(), row.string(2), row.string(3), row.date(4), row.maybe_date(5)});
  });
  each(sql::kOwnReferrals, [](OwnRecord& r, const db::Row& row) { r.referrals.push_back({row.uuid(1).text(), row.date(2)}); });
  return records;
}

Result<RunSummary> run_own(const std::vector<OwnRecord>& records, const Measure& measure, const Question& question, Date today,
                           const Sink& sink) {
  RunSummary summary{Totals(measure)};
  OwnReader reader(measure, today);
  for (const OwnRecord& record : records) {
    PatientResult result;
    result.patient_id = record.id;
    result.source = "database";
    measure.evaluate(reader.read(record), question, result);
    summary.totals.add(result);
    CONCORD_TRY_VOID(sink(result));
  }
  return summary;
}

}  // namespace concord::ecqm
