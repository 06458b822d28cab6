// What the team says to each other about a patient. It is not the chart note: both are kept, and nothing is deleted.
// A correction is a message of its own; the corrected one keeps its words and says what replaced it.
// Read next: conversations_store.h (tables), conversations_api.h (routes, who sees what).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::conversations {

using MessageId = Id<struct TeamMessageTag>;
using patients::PatientId;

struct Message {
  MessageId id;
  Instant at{};
  UserId author;
  std::string role;  ///< in which it was written
  std::string words;
  std::string labels = "normal";  ///< the patient's, and what the author added
  bool treating_only = false;     ///< labelled counseling_note
  std::optional<MessageId> corrects, replaced_by;
  std::vector<UserId> mentions;
};

inline constexpr std::size_t kWordsBytes = 10000;
inline constexpr std::size_t kMostMentions = 20;

/// Whose work is treating the patient: they see what is labelled as a counseling note (security.md L7: kept apart).
bool is_treating(std::string_view role);
/// The patient's labels with one more; "normal" only where there is nothing else.
std::string labels_with(std::string_view patient_labels, std::string_view more);

/// What somebody has read of a conversation.
struct Reading {
  PatientId patient;
  int unread = 0;
  int unread_mentions = 0;
  Instant last_message_at{};
  std::optional<MessageId> read_until;
};

}  // namespace concord::conversations
