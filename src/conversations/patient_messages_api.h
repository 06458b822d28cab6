// The staff's side of messages with patients: the inbox, one patient's threads, answering, reading, closing, handing on.
// Whoever may see the patient and has patient_inbox.read sees the threads; a thread's labels travel with it. Looking marks
// nothing as read: that is an act, because the patient is told who read their words, in which role and when.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conversations/patient_messages.h"
#include "messaging/messaging.h"
#include "messaging/patient_messages.h"
#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::conversations {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct PatientDeps {
  const Chart* chart = nullptr;
  const portal::Words* words = nullptr;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  int answer_working_days = 1;  ///< what patients are told, and when the caseload says so
  /// patients_store.h find: names.
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// Privacy labels of the patient's record, those of the open episode included.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  /// Do the age rules keep private what this patient and the team write to each other?
  std::function<bool(db::Tx&, OrganizationId, PatientId, Instant)> is_private;
  /// Who a portal caller is to the views.
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  /// Who answers for the patient now (the care manager, or whoever covers for them); nullopt: nobody.
  std::function<std::optional<UserId>(db::Tx&, OrganizationId, const Place&, Instant)> addressee_of;
  /// Who answers today for the patients of `owner`: they, or whoever covers.
  std::function<UserId(db::Tx&, OrganizationId, SiteId, PatientId, UserId owner, Instant)> responsible_now;
  /// May somebody answer patients of the site?
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId)> may_answer;
  /// Whom to tell where nobody is responsible: the care managers of the site.
  std::function<std::vector<UserId>(db::Tx&, OrganizationId, SiteId)> care_managers;
  /// Display name of a portal account.
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, UserId)> portal_name;
  /// Where a trusted person hears: an address, and their language. May be empty.
  std::function<std::optional<std::pair<std::string, std::string>>(db::Tx&, OrganizationId, UserId account)> trusted_address;
  /// The clinic's hours in words; nullopt when nobody has written them.
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, SiteId)> hours_of;
  messaging::Notify notify;
  messaging::TellPatient tell_patient;
};

std::vector<http::Route> patient_routes(const PatientDeps& deps);

/// Member "patient_messages" of the patient page: {"waiting","unread","oldest_waiting","thread_id"}.
void write_patient_glance(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::conversations
