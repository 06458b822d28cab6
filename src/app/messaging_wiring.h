// What messages to patients are lent by the other slices, and what they lend: tell_patient and its kin, the hooks' admission,
// a patient's own preferences on the portal.
#pragma once

#include <vector>

#include "app/admission.h"
#include "app/slices.h"
#include "messaging/patient_messages_api.h"
#include "portal/view.h"

namespace concord::app {

struct MessagingWiring {
  messaging::PatientDeps deps;
  messaging::TellPatient tell_patient;
  messaging::TellPatients tell_patients;
  messaging::ReachOf reach_of;
};

/// Completes `outbox`, which must outlive the wiring, as `data`, `chart` and `clock` must.
void wire_patient_messages(MessagingWiring& wiring, messaging::Outbox& outbox, const DataFiles& data,
                           const patients::Chart& chart, const SliceSettings& settings);
/// Lets the SMS gateway in by its signature.
Admit admit_gateway(const MessagingWiring& wiring);
/// GET /api/v1/portal/contact-preferences (the patient only) ...
portal::View contact_preferences_view(const messaging::Outbox& outbox);
/// ... and its PUT.
std::vector<http::Route> portal_preference_routes(const messaging::Outbox& outbox);

}  // namespace concord::app
