// Messages as the patient, or somebody they trust, sees and writes them: views "messages" and "all-messages" (every word, for
// the downloaded record), and the acts beside them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conversations/patient_messages_api.h"
#include "json/cursor.h"

namespace concord::conversations {

std::vector<portal::View> portal_views(const PatientDeps& deps);
std::vector<http::Route> portal_routes(const PatientDeps& deps);

/// For "next for you": unread words of the team, in how many threads, and the newest such thread.
struct MessagesNow {
  int unread = 0;
  std::optional<ThreadId> thread;
};
MessagesNow messages_now(db::Tx& tx, const portal::Viewer& viewer);
/// "Your team answers within 1 working day."
std::string response_time(const PatientDeps& deps, std::string_view language);

/// A text of 1 to `most` characters that is not only blanks; an issue that says how many there are otherwise.
std::string read_words(const json::Cursor& body, std::string_view key, std::size_t most);
/// Labels without doubles, in order; "normal" for none.
std::string labels_of_thread(std::string_view labels);

}  // namespace concord::conversations
