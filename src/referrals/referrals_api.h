// Routes of referrals: who waits, attempts to reach them, how it ended.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patients/chart.h"
#include "referrals/referrals.h"

namespace concord::referrals {

using patients::Asker;
using patients::Chart;

struct Deps {
  const Chart* chart = nullptr;
  /// The patient's names and contact points: patients_store.h find.
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// Opens an episode in state `referred` for a referral (episodes_api.h open).
  std::function<Result<episodes::Episode>(db::Tx&, const Asker&, PatientId, SiteId, ReferralId, Date)> open_episode;
  /// Id and state of the episode that a referral opened.
  std::function<std::optional<std::pair<episodes::EpisodeId, episodes::State>>(db::Tx&, OrganizationId, PatientId, ReferralId)>
      episode_of;
  /// Closes that episode with the reason, unless it is enrolled (then an error) or closed. `note`: somebody's words.
  std::function<Result<void>(db::Tx&, const Asker&, PatientId, ReferralId, std::string_view reason, std::string_view note,
                             Date on)>
      close_episode;
};

std::vector<http::Route> routes(const Deps& deps);

/// Member "referrals" of the patient page.
void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

}  // namespace concord::referrals
