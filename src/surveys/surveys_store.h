// Reads and writes survey_permission and survey_answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "surveys/surveys.h"

namespace concord::surveys {

struct Permission {
  SiteId site;
  std::string survey;
  Date valid_from;
  std::string permitted_by, reference;
  WordsByLanguage words;
  UserId recorded_by;
  Instant recorded_at{};
};
/// False when the site has one for the survey from the same day.
bool insert(db::Tx& tx, OrganizationId organization, const Permission& permission);
std::vector<Permission> list_permissions(db::Tx& tx, OrganizationId organization);
/// The newest that holds on that day at the site.
std::optional<Permission> permission_on(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view survey, Date day);

/// Newest first.
std::vector<Answer> list_answers(db::Tx& tx, OrganizationId organization, PatientId patient);
/// False when that point was answered already.
bool insert(db::Tx& tx, OrganizationId organization, const Answer& answer);
/// Of one site and survey, on days from `from` to `to`.
std::vector<Answer> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view survey, Date from,
                                 Date to);

}  // namespace concord::surveys
