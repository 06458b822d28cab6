#include "measurements/measurements_store.h"

#include "measurements/measurements_sql.h"
#include "measurements/scored.h"

namespace concord::measurements {
namespace {

Measurement read_measurement(const db::Row& row) {
  Measurement m;
  m.patient = row.id<PatientId>(0);
  m.administered_at = row.instant(1);
  m.id = row.id<MeasurementId>(2);
  m.administered_date = row.date(3);
  m.instrument = row.string(4);
  m.instrument_version = row.string(5);
  m.informant = row.string(6);
  m.mode = row.string(7);
  m.language = row.string(8);
  m.total = row.maybe_real(9);
  m.severity = row.maybe_string(10);
  m.valid = row.boolean(11);
  m.invalid_reason = row.maybe_string(12);
  m.prorated = row.boolean(13);
  m.safety = row.string(14);
  m.stated_total = row.maybe_real(15);
  m.answers = decode_answers(row.text(16));
  m.subscales = decode_subscales(row.text(17));
  m.source = row.string(18);
  m.entered_by = row.maybe_id<UserId>(19);
  m.entered_at = row.instant(20);
  m.replaces = row.maybe_id<MeasurementId>(21);
  m.replaced_by = row.maybe_id<MeasurementId>(22);
  m.correction_reason = row.maybe_string(23);
  m.seen_by = row.maybe_id<UserId>(24);
  m.seen_at = row.maybe_instant(25);
  m.labels = row.string(26);
  return m;
}

/// A measurement's columns in the order of the table, without when it was recorded; looks into what it is given.
std::vector<db::Param> values_of(OrganizationId organization, const Measurement& m, const std::string& answers,
                                 const std::string& subscales, Instant entered_at) {
  return {organization,
          m.patient,
          m.administered_at,
          m.id,
          m.administered_date,
          m.instrument,
          m.instrument_version,
          m.informant,
          m.mode,
          m.language,
          m.total,
          m.severity,
          m.valid,
          m.invalid_reason,
          m.prorated,
          m.safety,
          m.stated_total,
          answers,
          subscales,
          m.source,
          m.entered_by,
          entered_at,
          m.replaces,
          m.replaced_by,
          m.correction_reason,
          m.seen_by,
          m.seen_at,
          m.labels};
}

}  // namespace

std::vector<Measurement> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListMeasurements, {organization, patient}, read_measurement);
}

std::optional<Measurement> find(db::Tx& tx, OrganizationId organization, PatientId patient, MeasurementId measurement) {
  return tx.one(sql::kFindMeasurement, {organization, patient, measurement}, read_measurement);
}

void insert(db::Tx& tx, OrganizationId organization, const Measurement& m) {
  const std::string answers = encode_answers(m.answers), subscales = encode_subscales(m.subscales);
  tx.run(sql::kInsertMeasurement, values_of(organization, m, answers, subscales, m.entered_at));
}

bool set_replaced(db::Tx& tx, OrganizationId organization, const Measurement& old, MeasurementId by) {
  return tx.run(sql::kSetReplaced, {organization, old.patient, old.administered_at, old.id, by}) > 0;
}

bool set_seen(db::Tx& tx, OrganizationId organization, const Measurement& m, UserId by, Instant at) {
  return tx.run(sql::kSetSeen, {organization, m.patient, m.administered_at, m.id, by, at}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Measurement> measurements, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id",
                                                  "patient_id",
                                                  "administered_at",
                                                  "measurement_id",
                                                  "administered_date",
                                                  "instrument",
                                                  "instrument_version",
                                                  "informant",
                                                  "mode",
                                                  "language",
                                                  "total",
                                                  "severity",
                                                  "valid",
                                                  "invalid_reason",
                                                  "prorated",
                                                  "safety",
                                                  "stated_total",
                                                  "answers",
                                                  "subscales",
                                                  "source",
                                                  "entered_by",
                                                  "entered_at",
                                                  "replaces_id",
                                                  "replaced_by_id",
                                                  "correction_reason",
                                                  "seen_by",
                                                  "seen_at",
                                                  "labels",
                                                  "recorded_at"};
  std::size_t next = 0;
  std::string answers, subscales;
  tx.load("measurement", kColumns, [&](std::vector<db::Param>& values) {
    if (next == measurements.size()) return false;
    const Measurement& m = measurements[next++];
    answers = encode_answers(m.answers);
    subscales = encode_subscales(m.subscales);
    values = values_of(organization, m, answers, subscales, m.entered_at == Instant{} ? now : m.entered_at);
    values.emplace_back(m.recorded_at.value_or(now));
    return true;
  });
}

}  // namespace concord::measurements
