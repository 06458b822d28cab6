// What the three files of reviews' routes share. Not for other slices.
#pragma once

#include <memory>

#include "reviews/reviews_api.h"
#include "reviews/reviews_store.h"
#include "reviews/sessions_store.h"

namespace concord::reviews {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

std::vector<http::Route> review_routes(const Kept& deps);
std::vector<http::Route> recommendation_routes(const Kept& deps);
std::vector<http::Route> session_routes(const Kept& deps);

using Handle = Result<Work> (*)(const Kept&, const Call&);
inline http::Handler handler(const Kept& deps, Handle handle) {
  return [deps, handle](const Call& call) { return handle(deps, call); };
}

inline bool speaks_spanish(const Asker& asker) { return asker.caller.language.starts_with("es"); }
/// {"id","name","birth_date","age"}: enough to know who is meant in a list.
void write_patient(json::Writer& w, const std::optional<patients::Patient>& patient, PatientId id, Date today);
void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Recommendation& r,
           const Review* review = nullptr);
void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Review& r);
void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Question& q, bool open_object = false);
/// The array "story": at most five facts (see /api/v1/patients/{patient_id}/review-page).
void write_story(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place,
                 const std::vector<Review>& reviews);
void write_steps(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Recommendation& r);
void write_sections(const std::vector<Section>& sections, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// Reads what somebody recommends; issues go to the cursor. `more` are members the caller reads itself.
Recommendation read_recommendation(const json::Cursor& body, bool with_send);
/// Issues of ids that are nobody's and treatments that are not the patient's.
void check_ids(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r, const std::string& path,
               std::vector<Issue>& issues);
/// not_allowed for a behavioral health specialist to whom it is not addressed.
Result<void> refuse_bystander(const Caller& caller, const Recommendation& r);
/// Takes a step and keeps it in the history; the row itself is the caller's to store.
Result<void> step(db::Tx& tx, const Asker& asker, Recommendation& r, Act act, Date day, std::string note = {});
/// Sends (or notes, when it is for nobody) a draft: finds the addressee, keeps the step.
Result<void> send(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, Recommendation& r);
/// Tells the addressee and the care manager of a recommendation that was just sent.
void tell_sent(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r);
void tell_answered(const Deps& deps, db::Tx& tx, const Asker& asker, const Recommendation& r);

/// The session of ?session=: nil without one; not_found for a foreign one.
Result<SessionId> session_of(const Kept& deps, const Call& call);
std::optional<Session> visible_session(db::Tx& tx, const Asker& asker, SessionId session);

std::string recommendation_schema();
std::string review_schema();
std::string question_schema();

}  // namespace concord::reviews
