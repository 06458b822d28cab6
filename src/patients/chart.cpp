#include "patients/chart.h"

#include "base/zone.h"

namespace concord::patients {

Place Chart::place(const Caller& caller, Instant now, PatientId patient, SiteId site) const {
  Place place{patient, site, time_zone(caller.organization, site), {}};
  place.today = local_date(now, place.zone);
  return place;
}

Result<Place> Chart::find(db::Tx& tx, const Caller& caller, Instant now, PatientId patient) const {
  const auto site = site_of(tx, caller.organization, patient);
  if (!site || !caller.may_use(*site)) return http::not_found();
  return place(caller, now, patient, *site);
}

void Chart::write_user(json::Writer& w, db::Tx& tx, OrganizationId organization, const std::optional<UserId>& user) const {
  if (!user) {
    w.null();
    return;
  }
  w.object().field("id", *user).field("name", user_name(tx, organization, *user).value_or("")).end();
}

void Chart::write_user(json::Writer& w, db::Tx& tx, const Caller& caller, const std::optional<UserId>& user) const {
  if (user && *user == caller.user) w.object().field("id", *user).field("name", caller.display_name).end();
  else write_user(w, tx, caller.organization, user);
}

void Chart::check_user(db::Tx& tx, OrganizationId organization, const std::optional<UserId>& user, std::string path,
                       std::vector<Issue>& issues) const {
  if (user && !user_name(tx, organization, *user)) issues.push_back({std::move(path), "is nobody of this organization"});
}

http::Reply changed(int status, std::string body, PatientId patient, const Uuid& object) {
  http::Reply reply = http::json_reply(status, std::move(body));
  reply.audit_patient = patient.uuid;
  reply.audit_object = object;
  reply.events = {{"caseload", patient.uuid}, {"patient", patient.uuid}};
  return reply;
}

http::Reply looked(std::string body, PatientId patient, const Uuid& object) {
  http::Reply reply = http::json_reply(200, std::move(body));
  reply.audit_patient = patient.uuid;
  reply.audit_object = object;
  return reply;
}

http::Reply stale(std::string_view request_id, std::string_view current_json, PatientId patient, const Uuid& object) {
  http::Reply reply = http::stale_reply(request_id, current_json);
  reply.audit_patient = patient.uuid;
  reply.audit_object = object;
  reply.audit_detail = "stale";
  return reply;
}

void check_not_after(Date date, Date today, std::string path, std::vector<Issue>& issues) {
  if (date > today) issues.push_back({std::move(path), "must not be in the future"});
}

Result<void> refuse_if_any(std::vector<Issue> issues) {
  if (issues.empty()) return {};
  return fail(ErrorCode::invalid, "Some fields are missing or wrong.", std::move(issues));
}

}  // namespace concord::patients
