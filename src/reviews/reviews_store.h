// Reads and writes review.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "reviews/reviews.h"

namespace concord::reviews {

/// Newest first.
std::vector<Review> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Review> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReviewId review);
void insert(db::Tx& tx, OrganizationId organization, const Review& review);
/// Stores the recommendation's state and answer; false when `review.version` is stale.
bool update_recommendation(db::Tx& tx, OrganizationId organization, const Review& review);

/// Bulk, for imports and simulation.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Review> reviews, Instant now);

}  // namespace concord::reviews
