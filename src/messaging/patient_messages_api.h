// Routes about messages to patients: what was sent and what came of it, how a patient wants to hear, and what the SMS gateway
// calls back. Answers hold no addresses, texts or links.
#pragma once

#include <functional>
#include <vector>

#include "http/route.h"
#include "json/cursor.h"
#include "messaging/patient_outbox.h"
#include "patients/chart.h"

namespace concord::messaging {

struct PatientDeps {
  const patients::Chart* chart = nullptr;
  const Outbox* outbox = nullptr;
  /// Of the installation.
  std::function<std::vector<OrganizationId>(db::Tx&)> organizations;
  /// An entry of the audit log about a record that a hook touched: "messages.stopped".
  std::function<void(db::Tx&, OrganizationId, PatientId, std::string_view action)> audit;
  std::string sms_token;  ///< empty: no hook is answered
};
std::vector<http::Route> patient_routes(const PatientDeps& deps);

/// The preferences as the staff (`for_staff`) or the patient reads them.
void write_preferences(json::Writer& w, const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId patient,
                       bool for_staff);
inline constexpr std::string_view kPreferenceMembers[] = {"channel",        "language",     "quiet_from", "quiet_until",
                                                          "tell_when_read", "mail_stopped", "sms_stopped"};
/// A whole new set from a body; `version` is If-Match. Members that are absent or null mean "not set".
Result<Preference> read_preferences(const json::Document& body, std::int64_t version);
/// edited_meanwhile when the version is stale. `stopped` times that stand stay as they are.
Result<void> change_preferences(db::Tx& tx, OrganizationId organization, PatientId patient, Preference wanted, const Uuid& by,
                                Instant now);
/// JSON Schemas of both.
std::string preference_request_schema();
std::string preference_schema();

/// Is the request signed by the gateway? not_signed_in otherwise.
Result<void> check_gateway(const PatientDeps& deps, const http::Request& request);

}  // namespace concord::messaging
