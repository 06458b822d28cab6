#include "app/outreach_wiring.h"

#include <sodium.h>

#include "app/timeline_parts.h"
#include "base/text.h"
#include "base/zone.h"
#include "community/community_store.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "groups/groups_store.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "jobs/worker.h"
#include "patients/patients_store.h"
#include "treatments/treatments_store.h"
#include "visits/visits_store.h"

namespace concord::app {
namespace {

using patients::Asker;
using patients::PatientId;
using patients::Place;
using patients::TimelineEntry;
using Entries = std::vector<TimelineEntry>;

constexpr std::string_view kGroupJob = "groups.offers";
constexpr auto kGroupEvery = std::chrono::minutes(10);

/// 128 bits that nobody guesses, for video links.
std::string secret_code() {
  std::string bytes(16, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes);
}

auto holds(std::string_view permission) {
  return [permission](db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
    return identity::may(tx, organization, user, site, permission);
  };
}

/// A page of the portal, where the patient signs in first.
auto tell_at(messaging::TellPatient tell, std::string path) {
  return [tell = std::move(tell), path = std::move(path)](db::Tx& tx, OrganizationId organization, PatientId patient,
                                                          std::string_view kind, const Uuid& object, const std::string& once) {
    messaging::ToPatient to;
    to.patient = patient;
    to.kind = std::string(kind);
    to.path = path;
    to.object = object;
    to.once = once;
    tell(tx, organization, to);
  };
}

contacts::Contact contact_of(const visits::Visit& v) {
  contacts::Contact c;
  c.patient = v.patient;
  c.date = v.date();
  c.started_at = v.starts_at;
  c.staff = v.staff;
  c.kind = "no_show";
  c.modality = v.kind;
  c.labels = v.labels;
  return c;
}

contacts::Contact contact_of(const Asker& asker, const groups::Group& g, const groups::Session& s, const groups::Attendance& a) {
  contacts::Contact c;
  c.patient = a.patient;
  c.date = s.date();
  c.started_at = s.starts_at;
  c.staff = asker.caller.user;
  c.modality = a.status == "phone" ? "phone" : g.modality;
  c.interventions = {"group_session"};
  c.note = g.name + ", session " + std::to_string(s.number);
  return c;
}

std::string data_of(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string out;
  json::Writer w(out);
  w.object();
  for (const auto& [key, value] : members) w.field(key, value);
  w.end();
  return out;
}

std::optional<UserId> staff_only(std::string_view by_kind, UserId by) {
  return by_kind == "staff" ? std::optional(by) : std::nullopt;
}

void add_visits(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& c : visits::list_changes_of_patient(tx, asker.organization(), place.patient))
    out.push_back(timeline_entry(local_date(c.at, place.zone), c.at, "visit", c.kind, c.id, staff_only(c.by_kind, c.by), c.reason,
                                 data_of({{"visit_id", c.visit.text()}, {"by_kind", c.by_kind}})));
}

void add_groups(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& m : groups::list_members_of_patient(tx, asker.organization(), place.patient)) {
    const auto group = groups::find(tx, asker.organization(), m.group);
    if (!group || !asker.caller.may_use(group->site)) continue;
    for (const auto& c : groups::list_changes(tx, asker.organization(), m.group, m.id))
      out.push_back(timeline_entry(local_date(c.at, place.zone), c.at, "group", c.after, c.id,
                                   c.by ? staff_only(c.by_kind, *c.by) : std::nullopt, c.reason,
                                   data_of({{"group_id", m.group.text()}, {"name", group->name}})));
  }
}

void add_community(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& n : community::list_need_changes(tx, asker.organization(), place.patient))
    out.push_back(timeline_entry(local_date(n.at, place.zone), n.at, "need", n.after, n.id, staff_only(n.by_kind, n.by), n.reason,
                                 data_of({{"need_id", n.need.text()}})));
  for (const auto& e : community::list_events_of_patient(tx, asker.organization(), place.patient))
    out.push_back(
        timeline_entry(e.on, e.at, "community_referral", e.kind, e.id, staff_only(e.by_kind, e.by), e.reason,
                       data_of({{"community_referral_id", e.referral.text()}, {"detail", e.kind == "own" ? "" : e.detail}})));
}

}  // namespace

void wire_outreach(OutreachWiring& wiring, const OutreachLent& lent) {
  const auto viewer = [portal = lent.portal](db::Tx& tx, const Caller& caller, Instant now) -> Result<portal::Viewer> {
    return portal::viewer_of(*portal, tx, caller, now);
  };
  const auto* chart = lent.chart;

  auto& v = wiring.visits;
  v.chart = chart;
  v.patient = patients::find;
  v.may_hold = holds("visits.write");
  v.site_name = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& one : identity::sites(tx, organization))
      if (one.id == site) return one.name;
    return std::string();
  };
  v.calendar_of = lent.calendar_of;
  v.record_no_show = [chart](db::Tx& tx, const Asker& asker, const Place&, const visits::Visit& visit) {
    return contacts::record(*chart, tx, asker, contact_of(visit)).uuid;
  };
  v.take_back_no_show = [](db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& contact, Instant now) {
    contacts::withdraw(tx, organization, patient, contacts::ContactId(contact), now);
  };
  v.code = secret_code;
  v.notify = lent.notify;
  v.tell_patient = tell_at(lent.tell_patient, "/portal/visits");
  v.viewer = viewer;
  v.public_url = lent.public_url;

  auto& g = wiring.groups;
  g.chart = chart;
  g.patient = patients::find;
  g.may_lead = holds("groups.write");
  g.calendar_of = lent.calendar_of;
  g.record_contact = [chart](db::Tx& tx, const Asker& asker, const groups::Group& group, const groups::Session& session,
                             const groups::Attendance& attendance) {
    auto draft = contact_of(asker, group, session, attendance);
    if (const auto member = groups::find_member(tx, asker.organization(), group.id, attendance.member))
      draft.labels = member->labels;
    const auto contact = contacts::record(*chart, tx, asker, std::move(draft));
    if (group.kind == "psychotherapy") {
      treatments::Session row;
      row.id = chart->ids->next();
      row.patient = attendance.patient;
      row.approach = "other";
      row.on = session.date();
      row.minutes = session.minutes();
      row.focus = group.name;
      row.contact = contact.uuid;
      row.by = asker.caller.user;
      row.at = asker.now;
      treatments::insert(tx, asker.organization(), row);
    }
    return contact.uuid;
  };
  g.take_back_contact = [chart](db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& contact, Instant now) {
    contacts::withdraw(tx, organization, patient, contacts::ContactId(contact), now);
    treatments::remove_session_of_contact(tx, organization, patient, contact);
    chart->refresh_caseload(tx, organization, patient);
  };
  g.video_link = visits::video_link_of;
  g.code = secret_code;
  g.notify = lent.notify;
  g.tell_patient = tell_at(lent.tell_patient, "/portal/groups");
  g.viewer = viewer;

  auto& c = wiring.community;
  c.chart = chart;
  c.patient = patients::find;
  c.may_own = holds("community.write");
  c.worker_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<UserId> {
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode) return std::nullopt;
    for (const auto& member : episodes::list_team(tx, organization, episode->id))
      if (member.role == "community_worker" && member.user && !member.until) return member.user;
    return episode->care_manager;
  };
  c.notify = lent.notify;
  c.viewer = viewer;
}

std::vector<http::Route> outreach_routes(const OutreachWiring& wiring) {
  auto all = visits::routes(wiring.visits);
  for (auto& route : groups::routes(wiring.groups)) all.push_back(std::move(route));
  for (auto& route : community::routes(wiring.community)) all.push_back(std::move(route));
  return all;
}

std::vector<portal::View> outreach_views(const OutreachWiring& wiring) {
  return {visits::portal_view(wiring.visits), groups::portal_view(wiring.groups), community::portal_view(wiring.community)};
}

std::vector<patients::Section> outreach_sections(const OutreachWiring& wiring) {
  const auto section = [](std::string name, std::string permission, auto write) {
    return patients::Section{std::move(name), [permission = std::move(permission), write](
                                                  json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
                               if (identity::role_allows(asker.caller.role, permission)) write(w, tx, asker, place);
                               else w.null();
                             }};
  };
  return {section("visits", "visits.read",
                  [&wiring](json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
                    visits::write_glance(wiring.visits, w, tx, asker, place);
                  }),
          section("groups", "groups.read",
                  [&wiring](json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
                    groups::write_glance(wiring.groups, w, tx, asker, place);
                  }),
          section("community", "community.read", [&wiring](json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
            community::write_glance(wiring.community, w, tx, asker, place);
          })};
}

std::vector<patients::TimelineSource> outreach_timeline() {
  return {
      {"visit", "visits.read", add_visits}, {"group", "groups.read", add_groups}, {"community", "community.read", add_community}};
}

void keep_groups(const OutreachWiring& wiring, jobs::Worker& worker, db::Database& database, const Clock& clock) {
  worker.handle(std::string(kGroupJob), [&wiring, &database, &clock](jobs::JobRun& run) -> Result<void> {
    for (const auto& organization : database.read([](db::Tx& tx) { return identity::organizations(tx); })) {
      CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
        groups::sweep(wiring.groups, tx, organization.id, clock.now());
        return {};
      }));
      if (!run.keep()) return {};
    }
    return {};
  });
  worker.every(kGroupEvery, std::string(kGroupJob));
}

}  // namespace concord::app
