#include "portal/view.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace concord::portal {
namespace {

bool label_allows(const Viewer& viewer, std::string_view label) {
  if (label.empty() || label == "normal") return true;
  if (label == "staff_as_patient") return true;  // keeps colleagues out, not the person and whom they trust
  if (label == "adolescent_confidential") return viewer.is_self;
  if (label == "part2") return viewer.is_self || viewer.part2_agreed;
  return false;  // counseling_note: for its author and treating clinicians; and whatever nobody told us about
}

bool all_allow(const Viewer& viewer, std::string_view labels) {
  for (const auto label : split(labels, ' '))
    if (!label_allows(viewer, label)) return false;
  return true;
}

}  // namespace

bool is_scope(std::string_view scope) { return std::find(std::begin(kScopes), std::end(kScopes), scope) != std::end(kScopes); }

bool Viewer::has(std::string_view scope) const {
  if (is_self) return true;
  if (scope == kAnyScope) return std::any_of(scopes.begin(), scopes.end(), [](const auto& s) { return is_scope(s); });
  return is_scope(scope) && std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

bool may_see(const Viewer& viewer, std::string_view labels) {
  return all_allow(viewer, viewer.record_labels) && all_allow(viewer, labels);
}

bool may_see(const Viewer& viewer, std::string_view labels, std::string_view code) {
  const bool is_private = std::binary_search(viewer.private_codes.begin(), viewer.private_codes.end(), code);
  return may_see(viewer, labels) && (!is_private || label_allows(viewer, "adolescent_confidential"));
}

Result<void> require(const Caller& caller, std::string_view scope) {
  if (caller.patient && caller.kind == ActorKind::patient) return {};
  const bool given = caller.patient && caller.kind == ActorKind::trusted_person && is_scope(scope) &&
                     std::find(caller.scopes.begin(), caller.scopes.end(), scope) != caller.scopes.end();
  if (!given) return fail(ErrorCode::not_allowed, "This is not shared with you.");
  return {};
}

Result<void> require_self(const Caller& caller) {
  if (caller.patient && caller.kind == ActorKind::patient) return {};
  return fail(ErrorCode::not_allowed, "Only the patient can do this.");
}

patients::PatientId patient_of(const Caller& caller) {
  CHECK(caller.patient.has_value());
  return patients::PatientId(*caller.patient);
}

std::optional<UserId> on_behalf_by(const Caller& caller) {
  if (caller.kind != ActorKind::trusted_person) return std::nullopt;
  return caller.user;
}

}  // namespace concord::portal
