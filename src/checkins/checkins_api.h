// Routes of the staff: send, show a code or the tablet's address, send again, revoke, mark seen, and the board of what came
// in. A secret is told once, in the answer that made it, and never for a link that goes by message.
#pragma once

#include <vector>

#include "checkins/flow.h"
#include "http/route.h"

namespace concord::checkins {

std::vector<http::Route> routes(const Deps& deps);

/// Member "check_ins" of the patient page: the open one and how many answers nobody has looked at.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// What the portal shows: {"open","recent"}; `may_see` says whether a questionnaire may be shown at all.
void write_for_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, PatientId patient,
                       std::string_view language, Instant now, const std::function<bool(std::string_view instrument)>& may_see);
std::string for_patient_schema();

/// "Answer now" of the portal: the open check-in, or a new one of channel portal with `instruments` (the weekly item when empty),
/// with its cookie. What one of patient and trusted person has begun, the other does not go on with. `may_answer`: what this
/// person may see at all; a questionnaire they may not see is not found, as if nobody had asked for it.
struct AnswerNow {
  CheckInId id;
  Cookie cookie;
};
Result<AnswerNow> answer_now(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient,
                             const std::vector<std::string>& instruments, const std::optional<Uuid>& on_behalf_by,
                             std::string_view language, Instant now,
                             const std::function<bool(std::string_view instrument)>& may_answer);

}  // namespace concord::checkins
