#include "feedback/feedback.h"

namespace concord::feedback {
namespace {

tl::unexpected<Error> closed_already() { return fail(ErrorCode::conflict, "This is closed already."); }

void put(Feedback& f, std::string words, UserId by, Instant at) {
  f.answer = std::move(words);
  f.answered_by = by;
  f.answered_at = at;
}

}  // namespace

Result<void> answer(Feedback& f, std::string words, UserId by, Instant at) {
  if (f.state == "closed") return closed_already();
  put(f, std::move(words), by, at);
  f.state = "answered";
  return {};
}

Result<void> close(Feedback& f, std::string words, UserId by, Instant at) {
  if (f.state == "closed") return closed_already();
  if (!words.empty()) put(f, std::move(words), by, at);
  f.state = "closed";
  f.closed_by = by;
  f.closed_at = at;
  return {};
}

}  // namespace concord::feedback
