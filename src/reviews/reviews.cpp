#include "reviews/reviews.h"

#include "base/check.h"

namespace concord::reviews {

void mirror_first(Review& review) {
  if (review.recommendations.empty()) return;
  const Recommendation& first = review.recommendations.front();
  review.recommendation = summary(first, "en");
  review.recommendation_to = first.to_role;
  review.recommendation_state = old_state(first.state);
  review.answered_date = first.answered_date;
  review.answer_reason = first.answer_reason;
  review.done_date = first.done_date;
}

std::optional<Recommendation> first_of(const Review& review) {
  if (review.recommendation.empty() && review.recommendation_to.empty() && review.recommendation_state == "none")
    return std::nullopt;
  Recommendation r;
  r.id = RecommendationId(review.id.uuid);
  r.patient = review.patient;
  r.review = review.id;
  r.text = review.recommendation;
  r.to_role = review.recommendation_to;
  const auto state = from_old_state(review.recommendation_state);
  CHECK(state.has_value());
  r.state = *state;
  r.author = review.reviewer;
  if (r.state != State::noted) r.sent_date = review.date;
  r.answered_date = review.answered_date;
  r.answer_reason = review.answer_reason;
  r.done_date = review.done_date;
  if (is_over(r))
    r.ended_date = r.state == State::noted ? review.date : r.state == State::declined ? r.answered_date : r.done_date;
  r.source = review.source;
  return r;
}

}  // namespace concord::reviews
