#include "contacts/contacts.h"

#include <algorithm>

#include "base/text.h"

namespace concord::contacts {
namespace {

constexpr std::string_view kKinds[] = {"treatment", "outreach_attempt", "scheduling", "no_show", "message"};
constexpr std::string_view kModalities[] = {"in_person", "video", "phone", "sms", "email", "portal", "letter"};
constexpr std::string_view kRoles[] = {"care_manager", "other_cocm_clinician", "psychiatric_consultant", "pcp", "other",
                                       "unknown"};
constexpr std::string_view kPeople[] = {"patient", "caregiver", "interpreter"};

template <std::size_t N>
bool among(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// True when the space-separated list holds the word.
bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    if (list.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

bool is_clinical(std::string_view kind, std::optional<std::string_view> modality, std::string_view staff_role,
                 std::string_view with_whom, std::string_view source) {
  if (kind != "treatment") return false;
  const bool imported = source != "concord";
  if (!modality || modality->empty()) {
    if (!imported) return false;
  } else if (*modality != "in_person" && *modality != "video" && *modality != "phone") {
    return false;
  }
  const bool role = staff_role == "care_manager" || staff_role == "other_cocm_clinician" ||
                    (imported && (staff_role == "unknown" || staff_role.empty()));
  if (!role) return false;
  return with_whom.empty() || has_word(with_whom, "patient") || has_word(with_whom, "caregiver");
}

bool is_clinical(const Contact& c) {
  return is_clinical(c.kind, c.modality ? std::optional<std::string_view>(*c.modality) : std::nullopt, c.staff_role, c.with_whom,
                     c.source);
}

std::vector<Issue> check(const Contact& c, Date today) {
  std::vector<Issue> issues;
  if (!among(c.kind, kKinds)) issues.push_back({"kind", "must be treatment, outreach_attempt, scheduling, no_show or message"});
  if (!among(c.staff_role, kRoles)) issues.push_back({"staff_role", "is not a role Concord knows"});
  if (c.modality && !among(*c.modality, kModalities))
    issues.push_back({"modality", "must be in_person, video, phone, sms, email, portal or letter"});
  if (c.kind == "treatment" && c.source == "concord") {
    if (!c.modality) issues.push_back({"modality", "a treatment contact needs how it happened: in_person, video or phone"});
    else if (among(*c.modality, kModalities) && *c.modality != "in_person" && *c.modality != "video" && *c.modality != "phone")
      issues.push_back(
          {"modality", "a treatment contact is in person, by video or by phone; a text, mail or letter is a message"});
  }
  if (c.date > today) issues.push_back({"date", "must not be in the future"});
  if (c.minutes && (*c.minutes < 0 || *c.minutes > 24 * 60)) issues.push_back({"minutes", "must be 0 to 1440"});
  for (const std::string_view who : split(c.with_whom, ' '))
    if (!who.empty() && !among(who, kPeople)) issues.push_back({"with_whom", "must be patient, caregiver or interpreter"});
  for (std::size_t i = 0; i < c.interventions.size(); ++i)
    if (!among(c.interventions[i], kInterventions))
      issues.push_back({"interventions[" + std::to_string(i) + "]", "is not an intervention Concord knows"});
  if (c.note.size() > 20000) issues.push_back({"note", "must not be longer than 20000 bytes"});
  if (c.next_due_date && *c.next_due_date < c.date) issues.push_back({"next_due_date", "must not be before the contact itself"});
  if (c.next_due_modality && !among(*c.next_due_modality, kModalities))
    issues.push_back({"next_due_modality", "must be in_person, video, phone, sms, email, portal or letter"});
  return issues;
}

}  // namespace concord::contacts
