// A clinic in a test database: facts are written as rows, the way the slices and imports leave them.
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "caseload/caseload_store.h"
#include "caseload/facts_for_tests.h"
#include "db/database.h"

namespace concord::caseload {

class World {
 public:
  OrganizationId organization{serial_id()};
  SiteId site{serial_id()};
  SiteId other_site{serial_id()};
  std::array<UserId, 3> care_managers{UserId(serial_id()), UserId(serial_id()), UserId(serial_id())};

  explicit World(db::Tx& tx) {
    static constexpr db::Sql kOrganization{
        "test.organization", "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, 'Clinic', $2)"};
    static constexpr db::Sql kSite{"test.site",
                                   "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, "
                                   "'Site', 'America/New_York', $3)"};
    static constexpr db::Sql kUser{
        "test.user",
        "INSERT INTO user_account (organization_id, user_id, display_name, imported, created_at) VALUES ($1, $2, $3, $4, $5)"};
    tx.run(kOrganization, {organization, noon(0)});
    for (const SiteId s : {site, other_site}) tx.run(kSite, {organization, s, noon(0)});
    int n = 0;
    for (const UserId user : care_managers) tx.run(kUser, {organization, user, "Manager " + std::to_string(++n), true, noon(0)});
  }

  static Date day(int n) { return kMonday.plus_days(n); }
  static Instant noon(int n, int minutes = 0) {
    return Instant(std::chrono::hours(24) * day(n).days_since_1970() + std::chrono::hours(17) + std::chrono::minutes(minutes));
  }

  PatientId patient(db::Tx& tx, std::string family, std::string given, SiteId at) {
    static constexpr db::Sql kSql{
        "test.patient",
        "INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, name_folded, birth_date, "
        "interpreter_needed, placeholder, labels, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'x', $6, $7, $8, "
        "'normal', 1, $9, $10)"};
    const PatientId id(serial_id());
    tx.run(kSql, {organization, id, at, given, family, Date::ymd(1980, 5, 17), false, false, noon(0), noon(0)});
    return id;
  }
  EpisodeId episode(db::Tx& tx, PatientId of, SiteId at, State state, std::optional<UserId> manager, int enrolled,
                    std::optional<Uuid> referral = {}) {
    static constexpr db::Sql kSql{"test.episode",
                                  "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, referral_id, state, "
                                  "primary_condition, primary_instrument, "
                                  "care_manager_id, referred_date, assessed_date, enrolled_date, relapse_prevention_date, "
                                  "on_hold_date, closed_date, close_reason, labels, "
                                  "version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'depression', 'phq-9', $7, "
                                  "$8, $9, $10, $11, $12, $13, $14, 'normal', 1, $15, $16)"};
    const EpisodeId id(serial_id());
    const bool in_care = episodes::is_enrolled(state);
    auto when = [&](bool yes, int n) { return yes ? std::optional(day(n)) : std::nullopt; };
    tx.run(kSql,
           {organization, id, of, at, referral, episodes::name(state), manager, day(enrolled),
            when(state != State::referred, enrolled), when(in_care, enrolled),
            when(state == State::relapse_prevention, enrolled + 60), when(state == State::on_hold, enrolled + 20),
            when(state == State::closed, enrolled + 30),
            state == State::closed ? std::optional<std::string_view>("declined") : std::nullopt, noon(enrolled), noon(enrolled)});
    return id;
  }
  void set_state(db::Tx& tx, EpisodeId id, State state, int on, std::string_view reason = "moved") {
    static constexpr db::Sql kSql{
        "test.state",
        "UPDATE episode SET state = $3, relapse_prevention_date = $4, on_hold_date = $5, closed_date = $6, close_reason = $7 "
        "WHERE organization_id = $1 AND episode_id = $2"};
    auto when = [&](bool yes) { return yes ? std::optional(day(on)) : std::nullopt; };
    tx.run(kSql,
           {organization, id, episodes::name(state), when(state == State::relapse_prevention), when(state == State::on_hold),
            when(state == State::closed), state == State::closed ? std::optional(reason) : std::nullopt});
  }
  void enroll(db::Tx& tx, EpisodeId id, int on, UserId manager) {
    static constexpr db::Sql kSql{
        "test.enroll",
        "UPDATE episode SET state = 'active', assessed_date = $3, enrolled_date = $4, care_manager_id = $5 "
        "WHERE organization_id = $1 AND episode_id = $2"};
    tx.run(kSql, {organization, id, day(on), day(on), manager});
  }
  void give_to(db::Tx& tx, EpisodeId id, UserId manager) {
    static constexpr db::Sql kSql{"test.give",
                                  "UPDATE episode SET care_manager_id = $3 WHERE organization_id = $1 AND episode_id = $2"};
    tx.run(kSql, {organization, id, manager});
  }
  Uuid score(db::Tx& tx, PatientId of, int on, double total, std::string_view instrument = "phq-9", bool positive = false,
             std::string_view mode = "phone", int minutes = 0) {
    static constexpr db::Sql kSql{
        "test.score",
        "INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, administered_date, instrument, "
        "instrument_version, "
        "informant, mode, language, total, valid, prorated, safety, answers, subscales, source, entered_at, labels) VALUES "
        "($1, $2, $3, $4, $5, $6, '1', 'self', $7, 'en', $8, $9, $10, $11, '[]', '[]', 'concord', $12, 'normal')"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, of, noon(on, minutes), id, day(on), instrument, mode, total, true, false,
                  positive ? "positive" : "none", noon(on, minutes)});
    return id;
  }
  void correct(db::Tx& tx, PatientId of, Uuid old, Uuid by) {
    static constexpr db::Sql kSql{
        "test.correct",
        "UPDATE measurement SET replaced_by_id = $4 WHERE organization_id = $1 AND patient_id = $2 AND measurement_id = $3"};
    tx.run(kSql, {organization, of, old, by});
  }
  void contact(db::Tx& tx, PatientId of, int on, std::string_view kind = "treatment", std::optional<int> next = {}) {
    static constexpr db::Sql kSql{"test.contact",
                                  "INSERT INTO contact (organization_id, patient_id, contact_date, contact_id, staff_role, kind, "
                                  "modality, minutes, with_whom, interventions, "
                                  "note, next_due_date, source, labels, entered_at, version) VALUES ($1, $2, $3, $4, "
                                  "'care_manager', $5, 'phone', 24, 'patient', '', 'talked', $6, "
                                  "'concord', 'normal', $7, 1)"};
    tx.run(kSql, {organization, of, day(on), serial_id(), kind, next ? std::optional(day(*next)) : std::nullopt, noon(on)});
  }
  Uuid treatment(db::Tx& tx, PatientId of, int on) {
    static constexpr db::Sql kSql{
        "test.treatment",
        "INSERT INTO treatment (organization_id, patient_id, treatment_id, kind, name, start_date, source, version) VALUES "
        "($1, $2, $3, 'medication', 'sertraline', $4, 'concord', 1)"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, of, id, day(on)});
    return id;
  }
  void change(db::Tx& tx, PatientId of, Uuid treatment, int on) {
    static constexpr db::Sql kSql{"test.change",
                                  "INSERT INTO treatment_change (organization_id, patient_id, treatment_id, change_date, "
                                  "change_id, to_dose, reason) VALUES "
                                  "($1, $2, $3, $4, $5, '100 mg', '')"};
    tx.run(kSql, {organization, of, treatment, day(on), serial_id()});
  }
  Uuid review(db::Tx& tx, PatientId of, int on, std::string_view state = "none") {
    static constexpr db::Sql kSql{
        "test.review",
        "INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_name, question, "
        "recommendation_documented, source, version) VALUES ($1, $2, $3, $4, 'Dr Amari', '', $5, 'concord', 1)"};
    static constexpr db::Sql kAdvice{
        "test.recommendation",
        "INSERT INTO recommendation (organization_id, patient_id, recommendation_id, review_id, position, kind, text, to_role, "
        "urgency, state, sent_date, source, version) VALUES ($1, $2, $3, $4, 1, 'other', '', 'pcp', 'routine', $5, $6, "
        "'concord', 1)"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, of, day(on), id, true});
    if (state != "none") tx.run(kAdvice, {organization, of, id, id, state, day(on)});
    return id;
  }
  void answer(db::Tx& tx, PatientId of, Uuid recommendation, std::string_view state, int on) {
    static constexpr db::Sql kSql{"test.answer",
                                  "UPDATE recommendation SET state = $4, answered_date = $5 WHERE organization_id = $1 "
                                  "AND patient_id = $2 AND recommendation_id = $3"};
    tx.run(kSql, {organization, of, recommendation, state, day(on)});
  }
  Uuid signal(db::Tx& tx, PatientId of, int on, std::optional<Uuid> measurement = {}) {
    static constexpr db::Sql kSql{
        "test.signal",
        "INSERT INTO safety_event (organization_id, patient_id, safety_event_id, signalled_at, signalled_date, signal, "
        "measurement_id, due_at, version) VALUES ($1, $2, $3, $4, $5, 'phq-9 item 9 = 1', $6, $7, 1)"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, of, id, noon(on), day(on), measurement, noon(on, 120)});
    return id;
  }
  void close_signal(db::Tx& tx, PatientId of, Uuid event, int on, std::string_view level) {
    static constexpr db::Sql kSql{
        "test.close_signal",
        "UPDATE safety_event SET level = $4, disposition = 'seen', closed_by = $5, closed_at = $6 WHERE organization_id = $1 AND "
        "patient_id = $2 AND safety_event_id = $3"};
    tx.run(kSql, {organization, of, event, level, care_managers[0], noon(on, 60)});
  }
  /// The patient writes to `to` and waits.
  Uuid message(db::Tx& tx, PatientId of, int on, UserId to) {
    static constexpr db::Sql kSql{
        "test.message",
        "INSERT INTO patient_thread (organization_id, patient_id, thread_id, site_id, subject, state, addressee_id, opened_at, "
        "opened_by, last_at, last_by, waiting_since, waiting_date, unread_staff, unread_patient, labels, version) "
        "VALUES ($1, $2, $3, $4, 'question', 'waiting', $5, $6, 'patient', $6, 'patient', $6, $7, 1, 0, 'normal', 1)"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, of, id, site, to, noon(on), day(on)});
    return id;
  }
  void answer_message(db::Tx& tx, PatientId of, Uuid thread) {
    static constexpr db::Sql kSql{"test.answer_message",
                                  "UPDATE patient_thread SET state = 'answered', waiting_since = NULL, waiting_date = NULL "
                                  "WHERE organization_id = $1 AND patient_id = $2 AND thread_id = $3"};
    tx.run(kSql, {organization, of, thread});
  }
  void consent(db::Tx& tx, PatientId of, int on) {
    static constexpr db::Sql kSql{
        "test.consent",
        "INSERT INTO consent (organization_id, patient_id, consent_id, kind, method, text_version, language, given_date, "
        "recorded_by, recorded_at, version) VALUES ($1, $2, $3, 'collaborative_care', 'verbal', '1', 'en', $4, $5, $6, 1)"};
    tx.run(kSql, {organization, of, serial_id(), day(on), care_managers[0], noon(on)});
  }
  Uuid referral(db::Tx& tx, PatientId of, int on) {
    static constexpr db::Sql kSql{"test.referral",
                                  "INSERT INTO referral (organization_id, referral_id, patient_id, site_id, referred_by, reason, "
                                  "received_at, received_date, "
                                  "version) VALUES ($1, $2, $3, $4, 'Dr Lee', 'PHQ-9 16', $5, $6, 1)"};
    const Uuid id = serial_id();
    tx.run(kSql, {organization, id, of, site, noon(on), day(on)});
    return id;
  }
  void attempt(db::Tx& tx, Uuid referral, int on, std::string_view result) {
    static constexpr db::Sql kSql{"test.attempt",
                                  "INSERT INTO referral_attempt (organization_id, referral_id, attempt_id, at, attempt_date, "
                                  "by_user, modality, result, note) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, 'phone', $7, '')"};
    tx.run(kSql, {organization, referral, serial_id(), noon(on), day(on), care_managers[0], result});
  }
};

}  // namespace concord::caseload
