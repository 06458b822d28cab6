// The spellings a CSV folder may use for listed values. Both readers of such folders look here: the importer's (csv_folder.cpp)
// and the short way of reports (app/plain_clinic_csv.cpp).
#pragma once

#include <string>
#include <string_view>

#include "exchange/csv_sheet.h"

namespace concord::exchange {

/// patient.sex
inline constexpr Word kSexWords[] = {
    {"female", "female"},    {"f", "female"},       {"woman", "female"},    {"male", "male"}, {"m", "male"},
    {"man", "male"},         {"other", "other"},    {"x", "other"},         {"o", "other"},   {"nonbinary", "other"},
    {"non_binary", "other"}, {"intersex", "other"}, {"unknown", "unknown"}, {"u", "unknown"}, {"unk", "unknown"}};
/// patient.preferred_channel
inline constexpr Word kChannelWords[] = {
    {"phone", "phone"}, {"sms", "sms"}, {"text", "sms"}, {"email", "email"}, {"portal", "portal"}};
/// coverage.payer_category
inline constexpr Word kPayerWords[] = {{"medicaid_ffs", "medicaid_ffs"},
                                       {"medicaid", "medicaid_ffs"},
                                       {"medicaid_managed_care", "medicaid_managed_care"},
                                       {"medicaid_mco", "medicaid_managed_care"},
                                       {"dual_medicare_medicaid", "dual_medicare_medicaid"},
                                       {"dual", "dual_medicare_medicaid"},
                                       {"child_health_plus", "child_health_plus"},
                                       {"essential_plan", "essential_plan"},
                                       {"medicare", "medicare"},
                                       {"commercial", "commercial"},
                                       {"self_pay", "self_pay"},
                                       {"uninsured", "self_pay"},
                                       {"other", "other"}};
/// episode.state
inline constexpr Word kStateWords[] = {{"referred", "referred"}, {"assessed", "assessed"},
                                       {"active", "active"},     {"on_hold", "on_hold"},
                                       {"hold", "on_hold"},      {"relapse_prevention", "relapse_prevention"},
                                       {"closed", "closed"},     {"discharged", "closed"}};
/// consent.method
inline constexpr Word kMethodWords[] = {
    {"verbal", "verbal"}, {"written", "written"}, {"electronic", "electronic"}, {"unknown", "unknown"}};
/// contact.staff_role
inline constexpr Word kRoleWords[] = {{"care_manager", "care_manager"},
                                      {"bhcm", "care_manager"},
                                      {"other_cocm_clinician", "other_cocm_clinician"},
                                      {"psychiatric_consultant", "psychiatric_consultant"},
                                      {"pcp", "pcp"},
                                      {"other", "other"},
                                      {"unknown", "unknown"}};
/// contact.contact_kind
inline constexpr Word kContactKindWords[] = {{"treatment", "treatment"},      {"outreach_attempt", "outreach_attempt"},
                                             {"attempt", "outreach_attempt"}, {"outreach", "outreach_attempt"},
                                             {"scheduling", "scheduling"},    {"no_show", "no_show"},
                                             {"noshow", "no_show"},           {"message", "message"}};
/// contact.modality
inline constexpr Word kModalityWords[] = {{"in_person", "in_person"},
                                          {"face_to_face", "in_person"},
                                          {"office", "in_person"},
                                          {"video", "video"},
                                          {"telehealth", "video"},
                                          {"phone", "phone"},
                                          {"telephone", "phone"},
                                          {"sms", "sms"},
                                          {"text", "sms"},
                                          {"email", "email"},
                                          {"portal", "portal"},
                                          {"letter", "letter"}};
/// time_entry.staff_role
inline constexpr Word kEntryRoleWords[] = {{"care_manager", "care_manager"},
                                           {"bhcm", "care_manager"},
                                           {"psychiatric_consultant", "psychiatric_consultant"},
                                           {"bh_specialist", "bh_specialist"},
                                           {"pcp", "pcp"},
                                           {"community_worker", "community_worker"},
                                           {"other_cocm_clinician", "other_cocm_clinician"},
                                           {"other", "other"},
                                           {"unknown", ""}};
/// psych_review.recommendation_state
inline constexpr Word kAdviceWords[] = {{"none", "none"},         {"sent", "sent"},         {"accepted", "accepted"},
                                        {"modified", "modified"}, {"declined", "declined"}, {"done", "done"}};

/// Our word for a reason of discharge; `known` is false, and the answer "other", when it is none we know.
std::string discharge_reason(std::string_view given, bool& known);

}  // namespace concord::exchange
