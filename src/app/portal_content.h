// What patients see and do in the portal besides their account: wires the views and acts of goals, plans, decisions, scores,
// team, treatments, logs, messages, surveys, feedback and safety plan, and the first page that draws from all of them.
#pragma once

#include <vector>

#include "app/slices.h"
#include "calendar/calendar_api.h"
#include "conversations/patient_messages_api.h"
#include "episodes/portal_team.h"
#include "feedback/feedback_api.h"
#include "logs/logs_api.h"
#include "measurements/portal_scores.h"
#include "plans/portal_views.h"
#include "portal/home.h"
#include "portal/portal_deps.h"
#include "safety/portal_plan.h"
#include "surveys/surveys_api.h"
#include "treatments/portal_view.h"

namespace concord::app {

struct ContentWiring {
  plans::PortalDeps plans;
  conversations::PatientDeps messages;
  treatments::PortalDeps treatments;
  logs::Deps logs;
  safety::PortalDeps safety_plan;
  measurements::PortalDeps scores;
  episodes::PortalDeps team;
  surveys::Deps surveys;
  feedback::Deps feedback;
  portal::HomeDeps home;
};

/// Everything must outlive the wiring. `portal` is only looked at when a request comes: it may be filled later.
struct ContentLent {
  const patients::Chart* chart = nullptr;
  const DataFiles* data = nullptr;
  const portal::Deps* portal = nullptr;
  calendar::CalendarOf calendar_of;
  messaging::Notify notify;
  messaging::TellPatient tell_patient;
  safety::CrisisOf crisis_of;
};
void wire_content(ContentWiring& wiring, const ContentLent& lent);

/// In the order of the downloaded record.
std::vector<portal::View> content_views(const ContentWiring& wiring);
/// The portal's acts.
std::vector<http::Route> content_acts(const ContentWiring& wiring);
/// The staff's side.
std::vector<http::Route> content_routes(const ContentWiring& wiring);
/// Members of the patient page: "patient_messages", "patient_logs" (null for roles that do not see them).
void write_patient_messages(json::Writer& w, db::Tx& tx, const patients::Asker& asker, const patients::Place& place);
void write_patient_logs(const ContentWiring& wiring, json::Writer& w, db::Tx& tx, const patients::Asker& asker,
                        const patients::Place& place);
/// How patients say they took their medicines (treatments_api.h Deps::taken).
std::vector<treatments::TakenDay> taken_days(db::Tx& tx, OrganizationId organization, patients::PatientId patient, Date since);

}  // namespace concord::app
