// The same as send() of flow.h for many patients at once: a few range reads and bulk loads instead of some statements for
// each. For reminders: ten thousand in seconds.
#pragma once

#include <span>
#include <vector>

#include "checkins/flow.h"
#include "messaging/patient_messages.h"

namespace concord::checkins {

/// What send_many needs to know of a patient.
struct Addressee {
  PatientId patient;
  SiteId site;
  std::optional<std::string> language;
  bool has_birth_date = false, deceased = false;
};
/// Of a range of patients, by id.
using AddresseesOf = std::function<std::vector<Addressee>(db::Tx&, OrganizationId, PatientId first, PatientId last)>;

/// Check-ins by link; `wanted` has at most one for a patient. Answers in the same order; one that failed wrote nothing.
std::vector<Result<Sent>> send_many(const Deps& deps, const AddresseesOf& addressees, const messaging::TellPatients& tell,
                                    db::Tx& tx, OrganizationId organization, std::span<const NewCheckIn> wanted, Instant now);
/// resend() by id; not_found when there is no such check-in.
Result<Sent> resend_one(const Deps& deps, db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant now,
                        const std::string& text);

}  // namespace concord::checkins
