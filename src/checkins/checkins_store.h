// Reads and writes the tables of check-ins. Secrets come in as their hash.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkins/checkins.h"
#include "db/database.h"

namespace concord::checkins {

/// What a secret leads to.
struct Where {
  OrganizationId organization;
  CheckInId check_in;
  Instant expires_at{};  ///< of a cookie
};
std::optional<Where> find_by_token(db::Tx& tx, std::string_view token_hash);
std::optional<Where> find_session(db::Tx& tx, std::string_view session_hash);

std::optional<CheckIn> find(db::Tx& tx, OrganizationId organization, CheckInId check_in);
/// Newest first.
std::vector<CheckIn> list(db::Tx& tx, OrganizationId organization, PatientId patient, int limit);
/// Not ended; their days may be over.
std::vector<CheckIn> list_open(db::Tx& tx, OrganizationId organization, PatientId patient);

/// The last row of the page before.
struct After {
  Instant at{};
  CheckInId id;
};
/// `which`: unseen, open, doubted; oldest first.
std::vector<CheckIn> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view which,
                                  const After& after, int limit, Instant now);

void insert(db::Tx& tx, OrganizationId organization, const CheckIn& check_in, std::string_view token_hash);
/// Many new ones with the hashes of their secrets, the fast way.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const CheckIn> check_ins,
                std::span<const std::string> token_hashes);
/// Patients of a range with an open check-in (true), or with one that reached somebody else (false).
std::vector<std::pair<PatientId, bool>> list_in_the_way(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last);
/// False when it has ended.
bool new_secret(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view token_hash, Instant expires_at,
                const std::optional<Instant>& sent_at);
/// Counts a start; false when it has ended or none is left.
bool start(db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant now, int most_starts);
/// Nobody else can end it before this transaction has; false when it has ended.
bool hold_open(db::Tx& tx, OrganizationId organization, CheckInId check_in);
void count_wrong_birth_date(db::Tx& tx, OrganizationId organization, CheckInId check_in);
void set_on_behalf(db::Tx& tx, OrganizationId organization, CheckInId check_in, const std::optional<Uuid>& account);
void set_language(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view language);
/// Stores state, ended_at, ended_why, ended_by and receipt; false when it had ended before.
bool end(db::Tx& tx, OrganizationId organization, const CheckIn& check_in);
bool set_seen(db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant at, UserId by, std::string_view role);

/// False when the questionnaire has a measurement already, or is none of this check-in.
bool set_measurement(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument,
                     std::string_view informant, MeasurementId measurement, bool by_staff);
void replace_measurement(db::Tx& tx, OrganizationId organization, MeasurementId old, MeasurementId by);
std::optional<CheckInId> of_measurement(db::Tx& tx, OrganizationId organization, MeasurementId measurement);

void insert_session(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view session_hash, Instant now,
                    Instant expires_at);
void extend_session(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view session_hash,
                    Instant expires_at);
void remove_sessions(db::Tx& tx, OrganizationId organization, CheckInId check_in);

void keep(db::Tx& tx, OrganizationId organization, CheckInId check_in, const Kept& answer, Instant now);
std::vector<Kept> list_kept(db::Tx& tx, OrganizationId organization, CheckInId check_in);
void remove_kept(db::Tx& tx, OrganizationId organization, CheckInId check_in);
void remove_kept_of(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument);

/// An answer that has raised a safety event.
struct RaisedBy {
  std::string item;
  double value = 0;
  Uuid event;
};
void keep_signal(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument, const RaisedBy& raised,
                 Instant now);
/// Newest first.
std::vector<RaisedBy> list_signals(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument);
bool has_signal(db::Tx& tx, OrganizationId organization, CheckInId check_in);

/// The patient's newest link reached somebody else.
bool is_address_doubted(db::Tx& tx, OrganizationId organization, PatientId patient);

/// In all organizations, for housekeeping: writes down at most `most` check-ins whose days are over as expired; how many.
int write_down_expired(db::Tx& tx, Instant now, int most);
/// Removes answers that were never sent and cookies, of check-ins that ended before `before`; how many answers.
std::int64_t remove_old(db::Tx& tx, Instant before);

}  // namespace concord::checkins
