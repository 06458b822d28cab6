// Reads and writes episode, episode_transition, consent and care_team_member.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "episodes/episodes.h"

namespace concord::episodes {

std::optional<Episode> find(db::Tx& tx, OrganizationId organization, EpisodeId episode);
/// At most one, by the database's own rule.
std::optional<Episode> find_open(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Newest first.
std::vector<Episode> list(db::Tx& tx, OrganizationId organization, PatientId patient);
/// already_enrolled when the patient has an open episode; the unit of work must then end.
Result<void> insert(db::Tx& tx, OrganizationId organization, const Episode& episode, Instant now);
/// Changes the row with `episode.version`; false when that is stale. Earlier dates stay in episode_before.
bool update(db::Tx& tx, OrganizationId organization, const Episode& episode, Instant now);

void insert(db::Tx& tx, OrganizationId organization, EpisodeId episode, const Transition& transition, Instant now);
std::vector<Transition> list_transitions(db::Tx& tx, OrganizationId organization, EpisodeId episode);

/// Newest first.
std::vector<Consent> list_consents(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Consent& consent, Instant now);
/// False when the version is stale.
bool withdraw(db::Tx& tx, OrganizationId organization, const Consent& consent, Date on);
/// True when a collaborative care consent was given on or before `on` and not withdrawn by then.
bool has_consent(db::Tx& tx, OrganizationId organization, PatientId patient, Date on);

std::vector<TeamMember> list_team(db::Tx& tx, OrganizationId organization, EpisodeId episode);
void insert(db::Tx& tx, OrganizationId organization, EpisodeId episode, const TeamMember& member);
/// Writes `until`, why, who and when; false when there is no present member with that id.
bool end_membership(db::Tx& tx, OrganizationId organization, EpisodeId episode, const TeamMember& member);
/// Open episodes of a care manager at a site, in order of the patients' ids.
std::vector<Episode> list_of_care_manager(db::Tx& tx, OrganizationId organization, SiteId site, UserId care_manager, int most);

struct EpisodeTransition {
  EpisodeId episode;
  Transition transition;
};
struct EpisodeTeamMember {
  EpisodeId episode;
  TeamMember member;
};
/// What an episode's dates were known to be until a later instant; `update` keeps it, histories are written with it.
struct EpisodeBefore {
  EpisodeId episode;
  Instant known_until{};
  std::optional<Date> enrolled_date, closed_date;
  std::optional<std::string> close_reason, primary_instrument, primary_condition;
};
/// Bulk, for imports and simulation. Nothing is checked but the database's constraints.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Episode> episodes, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeTransition> transitions, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Consent> consents, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeTeamMember> members, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const EpisodeBefore> before, Instant now);

}  // namespace concord::episodes
