// Routes about who may use the portal: staff invite patients and end access; patients choose whom they trust. Signing in is
// app/portal_auth.h, because it hashes and sets cookies.
#pragma once

#include <vector>

#include "http/route.h"
#include "portal/portal_deps.h"

namespace concord::portal {

/// `deps` must outlive them.
std::vector<http::Route> account_routes(const Deps& deps);

/// The contact point of the record, in the form people sign in with; nullopt when there is none of that kind.
std::optional<ContactPoint> on_record(const patients::Patient& patient, std::string_view channel);
/// Empty, or why the patient cannot be invited this way: "no_birth_date", "too_young", "no_address", "shared_address" (with a
/// trusted person), "address_taken" (by another patient's account).
std::string_view invitation_problem(const Deps& deps, db::Tx& tx, OrganizationId organization, const patients::Patient& patient,
                                    std::string_view channel, Date today);

/// For the command line, with the same rules: invite, and end a patient's access (account, sessions, invitations).
Result<Invitation> invite_patient(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient,
                                  std::string_view channel, const std::optional<UserId>& by, Instant now);
/// not_found when there is nothing to end.
Result<void> end_access(db::Tx& tx, OrganizationId organization, PatientId patient, Instant now, std::string_view because);

}  // namespace concord::portal
