#include "episodes/episodes_store.h"

#include <algorithm>

#include "base/check.h"
#include "episodes/episodes_sql.h"

namespace concord::episodes {
namespace {

State read_state(const db::Row& row, int column) {
  const auto state = parse_state(row.text(column));
  CHECK(state.has_value());
  return *state;
}

Episode read_episode(const db::Row& row) {
  Episode e;
  e.id = row.id<EpisodeId>(0);
  e.patient = row.id<PatientId>(1);
  e.site = row.id<SiteId>(2);
  e.referral = row.maybe_id<ReferralId>(3);
  e.state = read_state(row, 4);
  e.primary_condition = row.maybe_string(5);
  e.primary_instrument = row.maybe_string(6);
  e.target = row.maybe_string(7);
  e.pathway = row.maybe_string(8);
  e.care_manager = row.maybe_id<UserId>(9);
  e.billing_practitioner = row.maybe_string(10);
  e.consultant = row.maybe_id<UserId>(11);
  e.referred_date = row.date(12);
  e.assessed_date = row.maybe_date(13);
  e.enrolled_date = row.maybe_date(14);
  e.relapse_prevention_date = row.maybe_date(15);
  e.on_hold_date = row.maybe_date(16);
  e.closed_date = row.maybe_date(17);
  e.close_reason = row.maybe_string(18);
  e.labels = row.string(19);
  e.version = row.integer(20);
  return e;
}

Consent read_consent(const db::Row& row) {
  Consent c;
  c.id = row.id<ConsentId>(0);
  c.patient = row.id<PatientId>(1);
  c.kind = row.string(2);
  c.method = row.string(3);
  c.text_version = row.string(4);
  c.language = row.string(5);
  c.given_date = row.date(6);
  c.withdrawn_date = row.maybe_date(7);
  c.recorded_by = row.id<UserId>(8);
  c.version = row.integer(9);
  return c;
}

// The columns of a row in the order of the table; they look into what they are given.

/// Without when it was changed last.
std::vector<db::Param> values_of(OrganizationId organization, const Episode& e, Instant created_at) {
  return {organization,
          e.id,
          e.patient,
          e.site,
          e.referral,
          name(e.state),
          e.primary_condition,
          e.primary_instrument,
          e.target,
          e.pathway,
          e.care_manager,
          e.billing_practitioner,
          e.consultant,
          e.referred_date,
          e.assessed_date,
          e.enrolled_date,
          e.relapse_prevention_date,
          e.on_hold_date,
          e.closed_date,
          e.close_reason,
          e.labels,
          e.version,
          created_at};
}

std::vector<db::Param> values_of(OrganizationId organization, EpisodeId episode, const Transition& t, Instant now) {
  return {organization, episode, t.id, now, t.on, name(t.from), name(t.to), t.by, t.reason};
}

std::vector<db::Param> values_of(OrganizationId organization, const Consent& c, Instant now) {
  return {organization, c.id,         c.patient,        c.kind,        c.method,  c.text_version,
          c.language,   c.given_date, c.withdrawn_date, c.recorded_by, c.version, now};
}

}  // namespace

std::optional<Episode> find(db::Tx& tx, OrganizationId organization, EpisodeId episode) {
  return tx.one(sql::kFindEpisode, {organization, episode}, read_episode);
}

std::optional<Episode> find_open(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kFindOpenEpisode, {organization, patient}, read_episode);
}

std::vector<Episode> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListEpisodes, {organization, patient}, read_episode);
}

Result<void> insert(db::Tx& tx, OrganizationId organization, const Episode& e, Instant now) {
  try {
    tx.run(sql::kInsertEpisode, values_of(organization, e, now));
  } catch (const db::ConstraintViolation& violation) {
    if (!violation.about("idx_episode__one_open")) throw;
    return fail(ErrorCode::already_enrolled, "The patient already has an open episode. Close it first, or work in it.");
  }
  return {};
}

bool update(db::Tx& tx, OrganizationId organization, const Episode& e, Instant now) {
  tx.run(sql::kKeepEpisode, {organization, e.id, now, e.version, e.enrolled_date, e.closed_date, e.close_reason,
                             e.primary_instrument, e.primary_condition});
  return tx.run(sql::kUpdateEpisode, {organization,
                                      e.id,
                                      e.version,
                                      name(e.state),
                                      e.primary_condition,
                                      e.primary_instrument,
                                      e.target,
                                      e.pathway,
                                      e.care_manager,
                                      e.billing_practitioner,
                                      e.consultant,
                                      e.assessed_date,
                                      e.enrolled_date,
                                      e.relapse_prevention_date,
                                      e.on_hold_date,
                                      e.closed_date,
                                      e.close_reason,
                                      e.labels,
                                      e.referral,
                                      now}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, EpisodeId episode, const Transition& t, Instant now) {
  tx.run(sql::kInsertTransition, values_of(organization, episode, t, now));
}

std::vector<Transition> list_transitions(db::Tx& tx, OrganizationId organization, EpisodeId episode) {
  return tx.all(sql::kListTransitions, {organization, episode}, [](const db::Row& row) {
    return Transition{row.uuid(0),       row.date(1),   read_state(row, 2), read_state(row, 3),
                      row.id<UserId>(4), row.string(5), row.instant(6)};
  });
}

std::vector<Consent> list_consents(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListConsents, {organization, patient}, read_consent);
}

void insert(db::Tx& tx, OrganizationId organization, const Consent& c, Instant now) {
  tx.run(sql::kInsertConsent, values_of(organization, c, now));
}

bool withdraw(db::Tx& tx, OrganizationId organization, const Consent& c, Date on) {
  return tx.run(sql::kWithdrawConsent, {organization, c.patient, c.id, c.version, on}) > 0;
}

bool has_consent(db::Tx& tx, OrganizationId organization, PatientId patient, Date on) {
  const auto consents = list_consents(tx, organization, patient);
  return std::any_of(consents.begin(), consents.end(), [&](const Consent& c) {
    return c.kind == "collaborative_care" && c.given_date <= on && (!c.withdrawn_date || *c.withdrawn_date > on);
  });
}

std::vector<TeamMember> list_team(db::Tx& tx, OrganizationId organization, EpisodeId episode) {
  return tx.all(sql::kListTeam, {organization, episode}, [](const db::Row& row) {
    TeamMember m;
    m.id = row.uuid(0);
    m.role = row.string(1);
    m.user = row.maybe_id<UserId>(2);
    m.name = row.string(3);
    m.since = row.date(4);
    m.until = row.maybe_date(5);
    m.phone = row.maybe_string(6);
    m.relationship = row.maybe_string(7);
    m.informant = row.boolean(8);
    m.until_reason = row.string(9);
    m.added_by = row.maybe_id<UserId>(10);
    m.added_at = row.maybe_instant(11);
    m.ended_by = row.maybe_id<UserId>(12);
    m.ended_at = row.maybe_instant(13);
    return m;
  });
}

void insert(db::Tx& tx, OrganizationId organization, EpisodeId episode, const TeamMember& m) {
  tx.run(sql::kInsertTeamMember, {organization, episode, m.id, m.role, m.user, m.name, m.since, m.until, m.phone, m.relationship,
                                  m.informant, m.added_by, m.added_at});
}

bool end_membership(db::Tx& tx, OrganizationId organization, EpisodeId episode, const TeamMember& m) {
  return tx.run(sql::kEndTeamMember, {organization, episode, m.id, m.until, m.until_reason, m.ended_by, m.ended_at}) > 0;
}

std::vector<Episode> list_of_care_manager(db::Tx& tx, OrganizationId organization, SiteId site, UserId care_manager, int most) {
  return tx.all(sql::kListOfCareManager, {organization, care_manager, site, most}, read_episode);
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Episode> episodes, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id",
                                                  "episode_id",
                                                  "patient_id",
                                                  "site_id",
                                                  "referral_id",
                                                  "state",
                                                  "primary_condition",
                                                  "primary_instrument",
                                                  "target",
                                                  "pathway",
                                                  "care_manager_id",
                                                  "billing_practitioner",
                                                  "consultant_id",
                                                  "referred_date",
                                                  "assessed_date",
                                                  "enrolled_date",
                                                  "relapse_prevention_date",
                                                  "on_hold_date",
                                                  "closed_date",
                                                  "close_reason",
                                                  "labels",
                                                  "version",
                                                  "created_at",
                                                  "updated_at"};
  std::size_t next = 0;
  tx.load("episode", kColumns, [&](std::vector<db::Param>& values) {
    if (next == episodes.size()) return false;
    const Episode& e = episodes[next++];
    values = values_of(organization, e, e.recorded_at.value_or(now));
    values.emplace_back(now);
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeTransition> transitions, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id", "episode_id", "transition_id", "at",    "transition_date",
                                                  "from_state",      "to_state",   "by_user",       "reason"};
  std::size_t next = 0;
  tx.load("episode_transition", kColumns, [&](std::vector<db::Param>& values) {
    if (next == transitions.size()) return false;
    const auto& [episode, t] = transitions[next++];
    values = values_of(organization, episode, t, now);
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Consent> consents, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id", "consent_id",   "patient_id", "kind",
                                                  "method",          "text_version", "language",   "given_date",
                                                  "withdrawn_date",  "recorded_by",  "version",    "recorded_at"};
  std::size_t next = 0;
  tx.load("consent", kColumns, [&](std::vector<db::Param>& values) {
    if (next == consents.size()) return false;
    values = values_of(organization, consents[next++], now);
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeTeamMember> members, Instant) {
  static constexpr std::string_view kColumns[] = {"organization_id", "episode_id", "member_id",  "role",
                                                  "user_id",         "name",       "since_date", "until_date"};
  std::size_t next = 0;
  tx.load("care_team_member", kColumns, [&](std::vector<db::Param>& values) {
    if (next == members.size()) return false;
    const auto& [episode, m] = members[next++];
    values.assign({organization, episode, m.id, m.role, m.user, m.name, m.since, m.until});
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeBefore> before, Instant) {
  static constexpr std::string_view kColumns[] = {"organization_id", "episode_id",   "known_until",        "enrolled_date",
                                                  "closed_date",     "close_reason", "primary_instrument", "primary_condition"};
  std::size_t next = 0;
  tx.load("episode_before", kColumns, [&](std::vector<db::Param>& values) {
    if (next == before.size()) return false;
    const auto& b = before[next++];
    values.assign({organization, b.episode, b.known_until, b.enrolled_date, b.closed_date, b.close_reason, b.primary_instrument,
                   b.primary_condition});
    return true;
  });
}

}  // namespace concord::episodes
