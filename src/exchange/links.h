// What rows of one batch say about each other. Pure.
#pragma once

#include <string_view>

#include "exchange/rows.h"

namespace concord::exchange {

/// Key of an episode that exists because of its referral alone.
inline constexpr std::string_view kReferralEpisodePrefix = "referral:";

/// A referral stands for a course of care. One that no episode names belongs to the patient's first episode
/// that began on or after it, or opens one of its own in the state its outcome says.
void link_referrals(Rows& rows, OrganizationId organization, std::string_view source);

}  // namespace concord::exchange
