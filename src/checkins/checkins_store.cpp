#include "checkins/checkins_store.h"

#include "checkins/checkins_sql.h"

namespace concord::checkins {
namespace {

db::Bytes bytes(std::string_view hash) { return {reinterpret_cast<const std::uint8_t*>(hash.data()), hash.size()}; }

CheckIn read_check_in(const db::Row& row) {
  CheckIn c;
  c.id = row.id<CheckInId>(0);
  c.patient = row.id<PatientId>(1);
  c.site = row.id<SiteId>(2);
  c.channel = channel_named(row.text(3)).value_or(Channel::link);
  c.why = row.string(4);
  c.state = row.string(5);
  c.language = row.string(6);
  c.due = row.maybe_date(7);
  c.asks_birth_date = row.boolean(8);
  c.wrong_birth_dates = static_cast<int>(row.integer(9));
  c.starts = static_cast<int>(row.integer(10));
  c.made_at = row.instant(11);
  c.made_by = row.maybe_id<UserId>(12);
  if (!row.is_null(13)) c.on_behalf_by = row.uuid(13);
  c.sent_at = row.maybe_instant(14);
  c.started_at = row.maybe_instant(15);
  c.expires_at = row.instant(16);
  c.ended_at = row.maybe_instant(17);
  c.ended_why = row.string(18);
  c.ended_by = row.maybe_id<UserId>(19);
  c.receipt = row.string(20);
  c.seen_at = row.maybe_instant(21);
  c.seen_by = row.maybe_id<UserId>(22);
  c.seen_role = row.string(23);
  c.version = row.integer(24);
  c.answered = static_cast<int>(row.integer(25));
  return c;
}

void add_forms(db::Tx& tx, OrganizationId organization, CheckIn& c) {
  c.forms = tx.all(sql::kListForms, {organization, c.id}, [](const db::Row& row) {
    return Form{row.string(0), row.string(1), row.maybe_id<MeasurementId>(2), row.boolean(3)};
  });
}

std::vector<CheckIn> with_forms(db::Tx& tx, OrganizationId organization, std::vector<CheckIn> all) {
  for (auto& c : all) add_forms(tx, organization, c);
  return all;
}

/// The columns that a new check-in has, in their order; looks into both.
std::vector<db::Param> values_of(OrganizationId organization, const CheckIn& c, std::string_view token_hash) {
  return {organization,
          c.id,
          c.patient,
          c.site,
          name(c.channel),
          c.why,
          c.state,
          c.language,
          c.due,
          bytes(token_hash),
          c.asks_birth_date,
          c.made_at,
          c.made_by,
          c.on_behalf_by,
          c.sent_at,
          c.expires_at};
}

}  // namespace

std::optional<Where> find_by_token(db::Tx& tx, std::string_view token_hash) {
  return tx.one(sql::kFindByToken, {bytes(token_hash)},
                [](const db::Row& row) { return Where{row.id<OrganizationId>(0), row.id<CheckInId>(1), {}}; });
}

std::optional<Where> find_session(db::Tx& tx, std::string_view session_hash) {
  return tx.one(sql::kFindSession, {bytes(session_hash)},
                [](const db::Row& row) { return Where{row.id<OrganizationId>(0), row.id<CheckInId>(1), row.instant(2)}; });
}

std::optional<CheckIn> find(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  auto found = tx.one(sql::kFindCheckIn, {organization, check_in}, read_check_in);
  if (found) add_forms(tx, organization, *found);
  return found;
}

std::vector<CheckIn> list(db::Tx& tx, OrganizationId organization, PatientId patient, int limit) {
  return with_forms(tx, organization, tx.all(sql::kListCheckInsOfPatient, {organization, patient, limit}, read_check_in));
}

std::vector<CheckIn> list_open(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return with_forms(tx, organization, tx.all(sql::kListOpenOfPatient, {organization, patient}, read_check_in));
}

std::vector<CheckIn> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view which,
                                  const After& after, int limit, Instant now) {
  if (which == "open")
    return with_forms(tx, organization,
                      tx.all(sql::kListOpenOfSite, {organization, site, after.at, after.id, limit, now}, read_check_in));
  const auto& statement = which == "doubted" ? sql::kListDoubted : sql::kListUnseen;
  return with_forms(tx, organization, tx.all(statement, {organization, site, after.at, after.id, limit}, read_check_in));
}

void insert(db::Tx& tx, OrganizationId organization, const CheckIn& c, std::string_view token_hash) {
  tx.run(sql::kInsertCheckIn, values_of(organization, c, token_hash));
  int number = 0;
  for (const auto& form : c.forms) tx.run(sql::kInsertForm, {organization, c.id, ++number, form.instrument, form.informant});
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const CheckIn> check_ins,
                std::span<const std::string> token_hashes) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "check_in_id", "patient_id",      "site_id", "channel", "why",          "state",   "language",
      "due_date",        "token_hash",  "asks_birth_date", "made_at", "made_by", "on_behalf_by", "sent_at", "expires_at"};
  static constexpr std::string_view kFormColumns[] = {"organization_id", "check_in_id", "number", "instrument", "informant"};
  std::size_t next = 0;
  tx.load("check_in", kColumns, [&](std::vector<db::Param>& values) {
    if (next == check_ins.size()) return false;
    values = values_of(organization, check_ins[next], token_hashes[next]);
    ++next;
    return true;
  });
  std::size_t which = 0, form = 0;
  tx.load("check_in_form", kFormColumns, [&](std::vector<db::Param>& values) {
    while (which < check_ins.size() && form == check_ins[which].forms.size()) ++which, form = 0;
    if (which == check_ins.size()) return false;
    const Form& one = check_ins[which].forms[form++];
    values = {organization, check_ins[which].id, static_cast<std::int64_t>(form), one.instrument, one.informant};
    return true;
  });
}

std::vector<std::pair<PatientId, bool>> list_in_the_way(db::Tx& tx, OrganizationId organization, PatientId first,
                                                        PatientId last) {
  return tx.all(sql::kListInTheWay, {organization, first, last},
                [](const db::Row& row) { return std::pair(row.id<PatientId>(0), row.text(2).empty()); });
}

bool new_secret(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view token_hash, Instant expires_at,
                const std::optional<Instant>& sent_at) {
  return tx.run(sql::kNewSecret, {organization, check_in, bytes(token_hash), expires_at, sent_at}) > 0;
}

bool start(db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant now, int most_starts) {
  return tx.run(sql::kStartCheckIn, {organization, check_in, now, most_starts}) > 0;
}

bool hold_open(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  return tx.run(sql::kHoldOpen, {organization, check_in}) > 0;
}

void count_wrong_birth_date(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  tx.run(sql::kWrongBirthDate, {organization, check_in});
}

void set_on_behalf(db::Tx& tx, OrganizationId organization, CheckInId check_in, const std::optional<Uuid>& account) {
  tx.run(sql::kSetOnBehalf, {organization, check_in, account});
}

void set_language(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view language) {
  tx.run(sql::kSetLanguage, {organization, check_in, language});
}

bool end(db::Tx& tx, OrganizationId organization, const CheckIn& c) {
  return tx.run(sql::kEndCheckIn, {organization, c.id, c.state, c.ended_at, c.ended_why, c.ended_by, c.receipt}) > 0;
}

bool set_seen(db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant at, UserId by, std::string_view role) {
  return tx.run(sql::kSetSeen, {organization, check_in, at, by, role}) > 0;
}

bool set_measurement(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument,
                     std::string_view informant, MeasurementId measurement, bool by_staff) {
  return tx.run(sql::kSetFormMeasurement, {organization, check_in, instrument, informant, measurement, by_staff}) > 0;
}

void replace_measurement(db::Tx& tx, OrganizationId organization, MeasurementId old, MeasurementId by) {
  tx.run(sql::kReplaceFormMeasurement, {organization, old, by});
}

std::optional<CheckInId> of_measurement(db::Tx& tx, OrganizationId organization, MeasurementId measurement) {
  return tx.one(sql::kFindCheckInOfMeasurement, {organization, measurement},
                [](const db::Row& row) { return row.id<CheckInId>(0); });
}

void insert_session(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view session_hash, Instant now,
                    Instant expires_at) {
  tx.run(sql::kInsertSession, {organization, check_in, bytes(session_hash), now, expires_at});
}

void extend_session(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view session_hash,
                    Instant expires_at) {
  tx.run(sql::kExtendSession, {organization, check_in, bytes(session_hash), expires_at});
}

void remove_sessions(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  tx.run(sql::kRemoveSessions, {organization, check_in});
}

void keep(db::Tx& tx, OrganizationId organization, CheckInId check_in, const Kept& answer, Instant now) {
  tx.run(sql::kKeepAnswer, {organization, check_in, answer.instrument, answer.item, answer.value, now});
}

std::vector<Kept> list_kept(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  return tx.all(sql::kListAnswers, {organization, check_in},
                [](const db::Row& row) { return Kept{row.string(0), row.string(1), row.maybe_real(2)}; });
}

void remove_kept(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  tx.run(sql::kRemoveAnswers, {organization, check_in});
}

void remove_kept_of(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument) {
  tx.run(sql::kRemoveAnswersOf, {organization, check_in, instrument});
}

void keep_signal(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument, const RaisedBy& raised,
                 Instant now) {
  tx.run(sql::kKeepSignal, {organization, check_in, instrument, raised.item, raised.value, raised.event, now});
}

std::vector<RaisedBy> list_signals(db::Tx& tx, OrganizationId organization, CheckInId check_in, std::string_view instrument) {
  return tx.all(sql::kListSignals, {organization, check_in, instrument},
                [](const db::Row& row) { return RaisedBy{row.string(0), row.real(1), row.uuid(2)}; });
}

bool has_signal(db::Tx& tx, OrganizationId organization, CheckInId check_in) {
  return tx.one(sql::kHasSignal, {organization, check_in}, [](const db::Row&) { return true; }).has_value();
}

bool is_address_doubted(db::Tx& tx, OrganizationId organization, PatientId patient) {
  const auto last = tx.one(sql::kLastLinkOfPatient, {organization, patient}, [](const db::Row& row) {
    return row.text(0) == "revoked" && (row.text(1) == "wrong_person" || row.text(1) == "birth_date");
  });
  return last.value_or(false);
}

int write_down_expired(db::Tx& tx, Instant now, int most) {
  struct Row {
    OrganizationId organization;
    CheckIn check_in;
  };
  const auto rows = tx.all(sql::kListRunOut, {now, most}, [](const db::Row& row) {
    Row r{row.id<OrganizationId>(0), {}};
    r.check_in.id = row.id<CheckInId>(1);
    r.check_in.state = "expired";
    r.check_in.ended_at = row.instant(2);
    return r;
  });
  for (const auto& r : rows) {
    end(tx, r.organization, r.check_in);
    remove_sessions(tx, r.organization, r.check_in.id);
  }
  return static_cast<int>(rows.size());
}

std::int64_t remove_old(db::Tx& tx, Instant before) {
  tx.run(sql::kRemoveOldSessions, {before});
  return tx.run(sql::kRemoveOldAnswers, {before});
}

}  // namespace concord::checkins
