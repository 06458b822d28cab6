#include "conversations/conversations.h"

#include "base/text.h"

namespace concord::conversations {

bool is_treating(std::string_view role) {
  return role == "care_manager" || role == "psychiatric_consultant" || role == "bh_specialist";
}

std::string labels_with(std::string_view patient_labels, std::string_view more) {
  std::string joined;
  const auto add = [&](std::string_view label) {
    if (label.empty() || label == "normal") return;
    for (const auto had : split(joined, ' '))
      if (had == label) return;
    if (!joined.empty()) joined += ' ';
    joined += label;
  };
  for (const auto label : split(patient_labels, ' ')) add(label);
  add(more);
  return joined.empty() ? "normal" : joined;
}

}  // namespace concord::conversations
