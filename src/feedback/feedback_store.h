// Reads and writes feedback.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/database.h"
#include "feedback/feedback.h"

namespace concord::feedback {

void insert(db::Tx& tx, OrganizationId organization, const Feedback& feedback);
/// Newest first.
std::vector<Feedback> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Of one site, newest first, those before (at, id); `state` nullopt: every state.
std::vector<Feedback> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, const std::optional<std::string>& state,
                                   const std::optional<std::pair<Instant, FeedbackId>>& before, int limit);
std::int64_t count_new(db::Tx& tx, OrganizationId organization, SiteId site);
std::optional<Feedback> find(db::Tx& tx, OrganizationId organization, FeedbackId feedback);
/// State and answer; false when `feedback.version` is stale.
bool update(db::Tx& tx, OrganizationId organization, const Feedback& feedback);

}  // namespace concord::feedback
