// What every slice that reads or writes in a patient's record asks for: may this caller see the patient,
// which day is it at the patient's site, who is this user, and who must hear of a change. app/ fills one
// Chart and each slice's Deps points to it. Thread-safe when its functions are.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/caller.h"
#include "base/id.h"
#include "http/replies.h"
#include "http/route.h"
#include "json/writer.h"
#include "patients/patients.h"

namespace concord::patients {

/// A patient the caller may see: their site, its time zone and its calendar day now.
struct Place {
  PatientId patient;
  SiteId site;
  std::string zone;
  Date today;
};

struct Chart {
  IdSource* ids = nullptr;
  /// IANA zone of a site of the organization. Memory only, no I/O.
  std::function<std::string(OrganizationId, SiteId)> time_zone;
  /// The patient's site: patients_store.h find_site.
  std::function<std::optional<SiteId>(db::Tx&, OrganizationId, PatientId)> site_of;
  /// Display name of somebody of the organization; nullopt when there is nobody.
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, UserId)> user_name;
  /// Brings the patient's caseload row up to date after any change of facts.
  std::function<void(db::Tx&, OrganizationId, PatientId)> refresh_caseload;

  /// not_found for a missing patient, another organization's and another site's alike.
  Result<Place> find(db::Tx& tx, const Caller& caller, Instant now, PatientId patient) const;
  Place place(const Caller& caller, Instant now, PatientId patient, SiteId site) const;
  /// {"id","name"} or null.
  void write_user(json::Writer& w, db::Tx& tx, OrganizationId organization, const std::optional<UserId>& user) const;
  /// The same; the caller's own name is not looked up.
  void write_user(json::Writer& w, db::Tx& tx, const Caller& caller, const std::optional<UserId>& user) const;
  /// An issue at `path` when the id is nobody of the organization.
  void check_user(db::Tx& tx, OrganizationId organization, const std::optional<UserId>& user, std::string path,
                  std::vector<Issue>& issues) const;
};

/// The answer to a change in the patient's record: audited, and everybody who shows the patient hears of it.
http::Reply changed(int status, std::string body, PatientId patient, const Uuid& object);
/// The answer to a look at the patient's record.
http::Reply looked(std::string body, PatientId patient, const Uuid& object);
/// A stale edit, audited.
http::Reply stale(std::string_view request_id, std::string_view current_json, PatientId patient, const Uuid& object);

/// "must not be in the future" at `path` when it is.
void check_not_after(Date date, Date today, std::string path, std::vector<Issue>& issues);
/// ErrorCode::invalid with the issues, or nothing when there are none.
Result<void> refuse_if_any(std::vector<Issue> issues);

/// Takes the two parts a unit of work outlives its request by.
struct Asker {
  explicit Asker(const http::Call& call) : caller(call.caller), now(call.now), request_id(call.request.request_id) {}
  Caller caller;
  Instant now;
  std::string request_id;
  OrganizationId organization() const { return caller.organization; }
};

}  // namespace concord::patients
