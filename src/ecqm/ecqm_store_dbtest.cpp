#include <gtest/gtest.h>

#include "ecqm/ecqm_store.h"
#include "support/databases.h"

namespace concord::ecqm {
namespace {

class OwnRecords : public concord::testing::DatabaseTest {};
CONCORD_ON_BOTH_DATABASES(OwnRecords);

Uuid uuid(int n) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "01890000-0000-7000-8000-000000000000";
  text[34] = kDigits[static_cast<std::size_t>(n / 16)];
  text[35] = kDigits[static_cast<std::size_t>(n % 16)];
  return Uuid::parse(text).value();
}

/// One clinic with one patient and everything that a measure reads, and another clinic that must not be seen.
struct Clinic {
  OrganizationId organization, other;
  Uuid site, patient, measurement, corrected, stranger;

  explicit Clinic(db::Tx& tx)
      : organization(uuid(1)),
        other(uuid(2)),
        site(uuid(3)),
        patient(uuid(4)),
        measurement(uuid(5)),
        corrected(uuid(6)),
        stranger(uuid(7)) {
    const Instant now = Instant(Date::ymd(2026, 4, 1).sys());
    static constexpr db::Sql kOrganization{"test.organization",
                                           "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, $2, $3)"};
    static constexpr db::Sql kSite{"test.site",
                                   "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, "
                                   "'Site', 'America/New_York', $3)"};
    static constexpr db::Sql kPatient{"test.patient",
                                      "INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, "
                                      "name_folded, birth_date, deceased_date, "
                                      "interpreter_needed, placeholder, labels, version, created_at, updated_at) VALUES ($1, $2, "
                                      "$3, 'A', 'B', 'x', $4, $5, $6, $7, 'normal', 1, $8, $9)"};
    static constexpr db::Sql kScore{"test.score",
                                    "INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, "
                                    "administered_date, instrument, instrument_version, informant, mode, "
                                    "language, total, valid, prorated, safety, answers, subscales, source, entered_at, "
                                    "replaced_by_id, labels) VALUES ($1, $2, $3, $4, $5, $6, '1', 'self', 'phone', "
                                    "'en', $7, $8, $9, 'none', '[]', '[]', 'concord', $10, $11, 'normal')"};
    static constexpr db::Sql kContact{"test.contact",
                                      "INSERT INTO contact (organization_id, patient_id, contact_date, contact_id, staff_role, "
                                      "kind, modality, minutes, with_whom, interventions, note, source, labels, "
                                      "entered_at, version) VALUES ($1, $2, $3, $4, 'care_manager', $5, 'phone', 20, 'patient', "
                                      "'', '', 'concord', 'normal', $6, 1)"};
    static constexpr db::Sql kEpisode{"test.episode",
                                      "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, state, "
                                      "primary_condition, referred_date, labels, version, created_at, updated_at) "
                                      "VALUES ($1, $2, $3, $4, 'referred', 'depression', $5, 'normal', 1, $6, $7)"};
    static constexpr db::Sql kCondition{
        "test.condition",
        "INSERT INTO patient_condition (organization_id, patient_id, condition_id, text, code, code_system, clinical_status, "
        "recorded_date, labels, source, version) "
        "VALUES ($1, $2, $3, 'x', $4, 'http://hl7.org/fhir/sid/icd-10-cm', 'active', $5, 'normal', 'concord', 1)"};
    static constexpr db::Sql kTreatment{"test.treatment",
                                        "INSERT INTO treatment (organization_id, patient_id, treatment_id, kind, name, "
                                        "start_date, source, version) VALUES ($1, $2, $3, 'medication', 'Sertraline', $4, "
                                        "'concord', 1)"};
    static constexpr db::Sql kVisit{"test.visit",
                                    "INSERT INTO practice_visit (organization_id, patient_id, visit_date, visit_id, "
                                    "provider_category, billing_codes, modality) VALUES ($1, $2, $3, $4, 'physician', '', "
                                    "'video')"};
    static constexpr db::Sql kReferral{"test.referral",
                                       "INSERT INTO referral (organization_id, referral_id, patient_id, site_id, referred_by, "
                                       "reason, received_at, received_date, version) VALUES ($1, $2, $3, $4, 'PCP', "
                                       "'low mood', $5, $6, 1)"};
    const auto noon = [](Date day) { return Instant(day.sys() + std::chrono::hours(17)); };
    const Date day = Date::ymd(2025, 3, 10);
    tx.run(kOrganization, {organization, "Clinic", now});
    tx.run(kOrganization, {other, "Other", now});
    tx.run(kSite, {organization, site, now});
    tx.run(kSite, {other, site, now});
    tx.run(kPatient, {organization, patient, site, Date::ymd(1980, 6, 15), nullptr, false, false, now, now});
    tx.run(kPatient, {organization, uuid(8), site, nullptr, nullptr, false, true, now, now});  // a placeholder
    tx.run(kPatient, {other, stranger, site, Date::ymd(1970, 1, 1), nullptr, false, false, now, now});
    tx.run(kScore, {organization, patient, noon(day), measurement, day, "phq-9", 15.0, true, false, now, nullptr});
    tx.run(kScore, {organization, patient, noon(Date::ymd(2026, 3, 1)), uuid(9), Date::ymd(2026, 3, 1), "phq-9", 3.0, true, false,
                    now, nullptr});
    tx.run(kScore, {organization, patient, noon(Date::ymd(2026, 3, 5)), corrected, Date::ymd(2026, 3, 5), "phq-9", 30.0, true,
                    false, now, uuid(9)});
    tx.run(kScore, {organization, patient, noon(Date::ymd(2026, 3, 6)), uuid(10), Date::ymd(2026, 3, 6), "phq-9", 20.0, false,
                    false, now, nullptr});
    tx.run(kScore, {organization, patient, noon(Date::ymd(2026, 3, 7)), uuid(11), Date::ymd(2026, 3, 7), "gad-7", 12.0, true,
                    false, now, nullptr});
    tx.run(kContact, {organization, patient, day, uuid(12), "treatment", now});
    tx.run(kContact, {organization, patient, Date::ymd(2025, 3, 1), uuid(13), "outreach_attempt", now});
    tx.run(kEpisode, {organization, uuid(14), patient, site, day, now, now});
    tx.run(kCondition, {organization, patient, uuid(15), "E11.9", day});
    tx.run(kTreatment, {organization, patient, uuid(16), day});
    tx.run(kVisit, {organization, patient, Date::ymd(2025, 2, 1), uuid(17)});
    tx.run(kReferral, {organization, uuid(18), patient, site, noon(day), day});
  }
};

TEST_P(OwnRecords, HoldWhatTheMeasuresReadAndNothingThatWasCorrectedOrIsOfAnotherOrganization) {
  const auto clinic = database().write([](db::Tx& tx) -> Result<Clinic> { return Clinic(tx); });
  ASSERT_TRUE(clinic) << clinic.error().text;
  const auto records = database().read([&](db::Tx& tx) { return load_own_records(tx, clinic->organization); });
  ASSERT_EQ(records.size(), 1U) << "placeholders and other organizations' patients stay out";
  const OwnRecord& r = records[0];
  EXPECT_EQ(r.id, clinic->patient.text());
  EXPECT_EQ(r.birth, Date::ymd(1980, 6, 15));
  ASSERT_EQ(r.scores.size(), 2U) << "corrected, invalid and other instruments' scores stay out";
  EXPECT_EQ(r.scores[0].id, clinic->measurement.text());
  EXPECT_EQ(r.scores[1].total, 3.0);
  ASSERT_EQ(r.visits.size(), 2U) << "an attempt is no visit";
  EXPECT_EQ(r.visits[0].way, OwnRecord::Way::video);
  EXPECT_EQ(r.visits[1].way, OwnRecord::Way::phone);
  EXPECT_EQ(r.conditions.at(0).code, "E11.9");
  EXPECT_EQ(r.episodes.at(0).condition, "depression");
  EXPECT_EQ(r.treatments.at(0).name, "Sertraline");
  EXPECT_EQ(r.referrals.at(0).received, Date::ymd(2025, 3, 10));

  std::vector<PatientResult> results;
  const auto summary = run_own(records, cms159(), {MeasurementPeriod::parse("2026").value(), {}}, Date::ymd(2026, 4, 1),
                               [&](const PatientResult& one) -> Result<void> {
                                 results.push_back(one);
                                 return {};
                               });
  ASSERT_TRUE(summary);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].groups.at(0)[Population::numerator].in());
  EXPECT_EQ(summary->totals.groups.at(0).all[Population::numerator], 1);
  EXPECT_EQ(summary->totals.patients, 1);
}

}  // namespace
}  // namespace concord::ecqm
