// Routes of the library, of what the team gives to a patient and what the patient reads; what the portal shows of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "education/education.h"
#include "messaging/patient_messages.h"
#include "patients/chart.h"
#include "portal/view.h"

namespace concord::education {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  const Library* library = nullptr;
  /// The language in the patient's demographics.
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, PatientId)> language_of;
  /// Privacy labels of the patient's open episode.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  std::function<Situation(db::Tx&, OrganizationId, const Place&)> situation_of;
  /// The role that a person of the team has for the patient. Empty: the portal names none.
  std::function<std::string(db::Tx&, OrganizationId, PatientId, UserId)> role_of;
  /// Empty: nobody is told.
  messaging::TellPatient tell;
};

std::vector<http::Route> routes(const Deps& deps);
/// What the portal shows: "education", "education/library", "education/piece".
std::vector<portal::View> views(const Deps& deps);

/// Member "education" of the patient page.
void write_line(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// Gives a piece to a patient; conflict when they have it. Used by routes and the demo.
struct Gift {
  std::string piece;
  std::optional<std::string> language, note;
  bool confidential = false;
  bool tell = true;
};
Result<Assignment> give(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Gift& gift);

}  // namespace concord::education
