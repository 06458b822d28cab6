// Routes of episodes, consents and care teams, and what other slices ask of episodes through app/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "episodes/episodes.h"
#include "patients/chart.h"
#include "patients/timeline.h"

namespace concord::episodes {

using patients::Asker;
using patients::Chart;

struct Deps {
  const Chart* chart = nullptr;
  /// True for the id of an instrument that the library holds.
  std::function<bool(std::string_view)> is_instrument;
  /// The privacy label of a pathway; nullopt for a word that is no pathway. May be empty: then any word passes.
  std::function<std::optional<std::string>(std::string_view)> pathway_label = {};
  /// Keeps a choice of pathway with its reason (pathways_api.h note_choice). May be empty.
  std::function<void(db::Tx&, const Asker&, EpisodeId, const std::optional<std::string>& from,
                     const std::optional<std::string>& to, const std::string& reason, Date on)>
      note_pathway = {};
  /// Notes how the referral of an episode ended: "enrolled" at enrolment, the close reason before it.
  std::function<void(db::Tx&, OrganizationId, ReferralId, std::string_view outcome, Date on)> set_referral_outcome;
  /// True when the person holds the role at the site. Empty: roles are not looked at.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId, std::string_view role)> has_role;
};

std::vector<http::Route> routes(const Deps& deps);

/// Members of the patient page: "episode" (the open one or null), "episodes", "care_team" (of the open one, or of
/// the newest), "consents".
void write_open(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_team(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_consents(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

/// Gives the open episodes of care manager `from` at a site to `to`: those of `only`, or all (nullopt), at most `most`.
/// Whose they are. Roles are checked by whoever asks; caseload rows are not touched.
Result<std::vector<PatientId>> move_care_manager(db::Tx& tx, const Asker& asker, SiteId site, UserId from, UserId to,
                                                 const std::optional<std::vector<PatientId>>& only, int most);
/// Patients with an open episode of this care manager at the site, at most `most`.
std::vector<PatientId> patients_of(db::Tx& tx, OrganizationId organization, SiteId site, UserId care_manager, int most);
/// Everybody with a sign-in who has to do with the patient's open episode: care manager, consultant, care team.
std::vector<UserId> people_of(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Parts of the patient's timeline: "episode", "consent", "team".
void add_to_timeline(db::Tx& tx, const Asker& asker, const patients::Place& place, std::vector<patients::TimelineEntry>& out);

/// State word of the patient's open episode.
std::optional<std::string> open_state(db::Tx& tx, OrganizationId organization, PatientId patient);

/// Opens an episode in state `referred`; already_enrolled when one is open (the unit of work must then end).
Result<Episode> open(const Chart& chart, db::Tx& tx, const Asker& asker, PatientId patient, SiteId site,
                     std::optional<ReferralId> referral, Date referred_date);
/// Id and state of the episode that a referral opened.
std::optional<std::pair<EpisodeId, State>> of_referral(db::Tx& tx, OrganizationId organization, PatientId patient,
                                                       ReferralId referral);
/// Closes the episode that a referral opened, if it is still before enrolment; conflict when it is enrolled.
/// `note`: somebody's words, kept with the change of state.
Result<void> close_of_referral(const Chart& chart, db::Tx& tx, const Asker& asker, PatientId patient, ReferralId referral,
                               std::string_view reason, std::string_view note, Date on);

}  // namespace concord::episodes
