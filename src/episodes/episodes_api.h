// Routes of episodes, consents and care teams, and what other slices ask of episodes through app/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "episodes/episodes.h"
#include "patients/chart.h"

namespace concord::episodes {

using patients::Asker;
using patients::Chart;

struct Deps {
  const Chart* chart = nullptr;
  /// True for the id of an instrument that the library holds.
  std::function<bool(std::string_view)> is_instrument;
  /// Notes how the referral of an episode ended: "enrolled" at enrolment, the close reason before it.
  std::function<void(db::Tx&, OrganizationId, ReferralId, std::string_view outcome, Date on)> set_referral_outcome;
};

std::vector<http::Route> routes(const Deps& deps);

/// Members of the patient page: "episode" (the open one or null), "episodes", "care_team" (of the open one, or of
/// the newest), "consents".
void write_open(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_team(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);
void write_consents(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

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
