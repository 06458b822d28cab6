#include "app/messaging_wiring.h"

#include <algorithm>

#include "audit/audit_store.h"
#include "checkins/checkins_store.h"
#include "http/replies.h"
#include "identity/identity_store.h"
#include "messaging/patient_messages_store.h"
#include "patients/patients_store.h"
#include "visits/visits_store.h"

namespace concord::app {
namespace {

std::vector<messaging::Recipient> recipients(db::Tx& tx, OrganizationId organization, patients::PatientId first,
                                             patients::PatientId last) {
  std::vector<messaging::Recipient> all;
  const auto sites = identity::sites(tx, organization);
  for (auto& line : patients::list_contact_lines(tx, organization, first, last)) {
    messaging::Recipient r;
    r.patient = line.id;
    r.site = line.site;
    r.zone = "UTC";
    for (const auto& site : sites)
      if (site.id == line.site) {
        r.clinic = site.name;
        r.zone = site.time_zone;
      }
    r.language = std::move(line.language);
    r.preferred_channel = std::move(line.preferred_channel);
    r.phone = std::move(line.phone);
    r.mail = std::move(line.email);
    r.deceased = line.deceased;
    all.push_back(std::move(r));
  }
  return all;
}

/// A link whose check-in is over, or that a newer one replaced, leads nowhere; nor does a reminder of a visit that is off.
bool is_needed(db::Tx& tx, OrganizationId organization, const messaging::Message& m, Instant now) {
  if (m.kind == "checkins.asked" || m.kind == "checkins.again" || m.kind == "checkins.weekly" ||
      m.kind == "checkins.before_visit") {
    const auto check_in = checkins::find(tx, organization, checkins::CheckInId(m.object));
    if (!check_in || !checkins::is_open(*check_in, now)) return false;
    for (const auto& other : messaging::list_of_patient(tx, organization, *m.patient, std::nullopt, 10))
      if (other.object == m.object && other.queued_at > m.queued_at && other.instead_of != m.id) return false;
    return true;
  }
  if (m.kind == "visits.soon") {
    const auto visit = visits::find(tx, organization, *m.patient, visits::VisitId(m.object));
    return visit && visit->state == "booked" && visit->starts_at > now;
  }
  return true;
}

}  // namespace

void wire_patient_messages(MessagingWiring& wiring, messaging::Outbox& outbox, const DataFiles& data,
                           const patients::Chart& chart, const SliceSettings& settings) {
  outbox.patient_texts = &data.patient_messages;
  outbox.quiet = settings.quiet;
  outbox.recipients = recipients;
  outbox.patient_needs = [&outbox](db::Tx& tx, OrganizationId organization, const messaging::Message& m) {
    return is_needed(tx, organization, m, outbox.clock->now());
  };
  wiring.tell_patient = [&outbox](db::Tx& tx, OrganizationId organization, const messaging::ToPatient& to) {
    return messaging::tell(outbox, tx, organization, to);
  };
  wiring.tell_patients = [&outbox](db::Tx& tx, OrganizationId organization, std::span<const messaging::ToPatient> to) {
    return messaging::tell(outbox, tx, organization, to);
  };
  wiring.reach_of = [&outbox](db::Tx& tx, OrganizationId organization, patients::PatientId patient) {
    return messaging::reach_of(outbox, tx, organization, patient);
  };
  wiring.deps.chart = &chart;
  wiring.deps.outbox = &outbox;
  wiring.deps.sms_token = settings.sms_token;
  wiring.deps.organizations = [](db::Tx& tx) {
    std::vector<OrganizationId> all;
    for (const auto& organization : identity::organizations(tx)) all.push_back(organization.id);
    return all;
  };
  wiring.deps.audit = [&outbox](db::Tx& tx, OrganizationId organization, patients::PatientId patient, std::string_view action) {
    audit::Entry entry;
    entry.organization = organization;
    entry.at = outbox.clock->now();
    entry.actor_kind = ActorKind::gateway;
    entry.role = "gateway";
    entry.action = action;
    entry.patient = patient.uuid;
    entry.result = "ok";
    audit::append(tx, entry);
  };
}

Admit admit_gateway(const MessagingWiring& wiring) {
  return [&wiring](db::Tx&, const http::Request& request, Instant) -> Result<Admission> {
    CONCORD_TRY_VOID(messaging::check_gateway(wiring.deps, request));
    Admission admission;
    admission.caller.kind = ActorKind::gateway;
    admission.caller.role = "gateway";
    return admission;
  };
}

portal::View contact_preferences_view(const messaging::Outbox& outbox) {
  portal::View view;
  view.name = "contact-preferences";
  view.schema = messaging::preference_schema();
  view.summary = "How you want to hear from your clinic";
  view.write = [&outbox](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    messaging::write_preferences(w, outbox, tx, viewer.organization, viewer.patient, false);
    return {};
  };
  return view;
}

std::vector<http::Route> portal_preference_routes(const messaging::Outbox& outbox) {
  http::Route route;
  route.method = http::Method::put;
  route.pattern = "/api/v1/portal/contact-preferences";
  route.name = "portal.change_contact_preferences";
  route.permission = "portal.use";
  route.summary = "Change how you want to hear from your clinic";
  route.run_as = http::RunAs::write;
  route.request_schema = messaging::preference_request_schema();
  route.response_schema = messaging::preference_schema();
  route.audience = http::Audience::portal;
  route.handler = [&outbox](const http::Call& call) -> Result<http::Work> {
    CONCORD_TRY_VOID(portal::require_self(call.caller));
    CONCORD_TRY(const auto version, call.if_match());
    CONCORD_TRY(const auto document, http::read_json(call.request));
    CONCORD_TRY(const auto wanted, messaging::read_preferences(document, version));
    return http::Work([&outbox, asker = patients::Asker(call), wanted](db::Tx& tx) -> Result<http::Reply> {
      const auto patient = portal::patient_of(asker.caller);
      CONCORD_TRY_VOID(
          messaging::change_preferences(tx, asker.organization(), patient, wanted, asker.caller.user.uuid, asker.now));
      std::string body;
      json::Writer w(body);
      messaging::write_preferences(w, outbox, tx, asker.organization(), patient, false);
      http::Reply reply = patients::changed(200, std::move(body), patient, patient.uuid);
      reply.version = wanted.version + 1;
      return reply;
    });
  };
  return {route};
}

}  // namespace concord::app
