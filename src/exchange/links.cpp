#include "exchange/links.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace concord::exchange {

void link_referrals(Rows& rows, OrganizationId organization, std::string_view source) {
  auto& list = rows.episodes;
  std::unordered_set<Uuid> named;
  std::unordered_map<Uuid, std::vector<std::size_t>> by_patient;
  if (rows.referrals.empty()) return;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].row.referral) named.insert(list[i].row.referral->uuid);
    by_patient[list[i].row.patient.uuid].push_back(i);
  }
  for (auto& sourced : rows.referrals) {
    auto& r = sourced.row;
    if (named.count(r.id.uuid) != 0) continue;
    auto& own = by_patient[r.patient.uuid];
    std::optional<std::size_t> found;
    bool open_before = false;
    for (std::size_t i : own) {
      const auto& e = list[i].row;
      const Date begun = e.enrolled_date ? *e.enrolled_date : e.referred_date;
      if (!e.referral && begun >= r.received_date && (!found || begun < list[*found].row.referred_date)) found = i;
      if (e.state != episodes::State::closed) open_before = true;
    }
    if (found && (!r.outcome || r.outcome == "enrolled")) {
      auto& e = list[*found].row;
      e.referral = r.id;
      e.referred_date = std::min(e.referred_date, r.received_date);
      list[*found].digest = digest_of(e);
      if (!r.outcome && e.enrolled_date) {
        r.outcome = "enrolled";
        r.outcome_date = e.enrolled_date;
        sourced.digest = digest_of(r);
      }
      continue;
    }
    if (r.outcome == "enrolled" || (!r.outcome && open_before)) continue;
    episodes::Episode e;
    const std::string key = std::string(kReferralEpisodePrefix) + sourced.key;
    e.id = episodes::EpisodeId(row_id(organization, source, "episode", key));
    e.patient = r.patient;
    e.site = r.site;
    e.referral = r.id;
    e.referred_date = r.received_date;
    if (r.outcome) {
      e.state = episodes::State::closed;
      e.closed_date = r.outcome_date;
      e.close_reason = r.outcome;
    }
    own.push_back(list.size());
    const Digest digest = digest_of(e);
    list.push_back({std::move(e), key, digest, sourced.place});
  }
}

}  // namespace concord::exchange
