#include "app/demo_outreach.h"

#include <algorithm>

#include "app/demo.h"
#include "base/zone.h"
#include "community/community_store.h"
#include "episodes/episodes_api.h"
#include "groups/groups_store.h"
#include "identity/identity_store.h"
#include "visits/visits_store.h"

namespace concord::app {
namespace {

constexpr int kPatients = 10;  // of the demo care manager

// Invented; the numbers are those that are kept free for stories.
constexpr std::string_view kServices =
    "name,kinds,areas,languages,phone,hours,web,eligibility,cost,checked_on,note\n"
    "Demo Harbor Food Pantry,food,,en;es,555-0110,Mon Wed Fri 9 to 2,https://food.example.org,anybody; no papers "
    "needed,free,,bring a bag\n"
    "Demo Soup Kitchen on Mill Street,food;company,,en,555-0111,every day 11 to 1,https://soup.example.org,anybody,free,,\n"
    "Demo Roof and Keys,housing,,en;es,555-0112,weekdays 9 to 5,https://roof.example.org,behind with the rent or without a "
    "home,free,,emergency list on Mondays\n"
    "Demo Warm Home Fund,utilities;money,,en,555-0113,weekdays 8 to 4,https://warm.example.org,household income under the state "
    "limit,free,,needs the last bill\n"
    "Demo Ride Together,transport,,en;es,555-0114,call two days before,https://ride.example.org,no car and a medical "
    "visit,free,,\n"
    "Demo Bus Pass Desk,transport,,en,555-0115,Tue Thu 10 to 3,,low income,half price,,\n"
    "Demo Tenant Law Center,law;housing,,en;es,555-0116,weekdays 9 to 5,https://law.example.org,tenants,free,,no immigration "
    "cases\n"
    "Demo Job Start,work;education,,en;es,555-0117,weekdays 9 to 4,https://jobs.example.org,18 and older,free,,help with the "
    "resume\n"
    "Demo Night School,education,,en;es,555-0118,evenings,https://school.example.org,17 and older,\"$20 a term\",,\n"
    "Demo Little Steps Child Care,child_care,,en;es,555-0119,weekdays 7 to 6,https://steps.example.org,children to 5,by "
    "income,,\n"
    "Demo Safe Door,safety,,en;es,555-0120,day and night,,anybody who is not safe at home,free,,never leave a message\n"
    "Demo Neighbors' Table,company,,en,555-0121,Sundays,https://table.example.org,anybody,free,,older people especially\n";

class Outreach {
 public:
  Outreach(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization, SiteId site, std::string zone)
      : tx_(tx),
        ids_(ids),
        now_(now),
        organization_(organization),
        site_(site),
        zone_(std::move(zone)),
        today_(local_date(now, zone_)) {}

  UserId somebody(std::string_view role) {
    for (const auto& person : demo_people())
      if (person.role == role)
        for (const auto& user : identity::staff(tx_, organization_, role))
          if (user.display_name == person.display_name) return user.id;
    return {};
  }

  /// `days` from today on, moved off a weekend; `state` as it shall stand.
  void visit(patients::PatientId patient, UserId staff, int days, int minute, std::string kind, std::string purpose,
             std::string state = "booked", std::string answer = "none", std::string words = "") {
    visits::Visit v;
    v.id = visits::VisitId(ids_.next());
    v.patient = patient;
    v.site = site_;
    v.staff = staff;
    v.zone = zone_;
    Date day = today_.plus_days(days);
    while (day.is_weekend()) day = day.plus_days(days < 0 ? -1 : 1);
    v.starts_at = at_local_time(day, minute, zone_);
    v.ends_at = v.starts_at + std::chrono::minutes(30);
    v.kind = std::move(kind);
    v.purpose = std::move(purpose);
    if (v.kind == "in_person") v.place = "12 Maple Street, room 3";
    v.link_code = "demo-" + v.id.text();
    v.state = std::move(state);
    v.answer = std::move(answer);
    v.answer_words = std::move(words);
    v.created_by = staff;
    v.created_at = now_ - std::chrono::hours(24 * 9);
    v.changed_at = v.created_at;
    if (v.answer != "none") {
      v.answered_at = now_ - std::chrono::hours(20);
      v.answered_by = "patient";
    }
    if (v.state == "cancelled") {
      v.cancelled_by = "patient";
      v.reason = "has to work";
    }
    visits::insert(tx_, organization_, v);
    visits::VisitChange made;
    made.id = ids_.next();
    made.visit = v.id;
    made.at = v.created_at;
    made.by = staff;
    made.by_kind = "staff";
    made.kind = "booked";
    visits::insert(tx_, organization_, made);
  }

  void group(const std::vector<patients::PatientId>& patients, UserId leader) {
    groups::Group g;
    g.id = groups::GroupId(ids_.next());
    g.site = site_;
    g.name = "Sleep and rest";
    g.topic = "Six evenings about sleeping better without a pill";
    g.kind = "skills";
    g.place = "12 Maple Street, big room";
    g.link_code = "demo-" + g.id.text();
    g.capacity = 5;
    Date first = today_.plus_days(-16);
    while (first.is_weekend()) first = first.plus_days(1);
    g.first_date = first;
    g.start_minute = 17 * 60 + 30;
    g.minutes = 75;
    g.sessions_planned = 6;
    g.created_by = leader;
    g.created_at = now_ - std::chrono::hours(24 * 30);
    groups::insert(tx_, organization_, g);
    groups::set_facilitators(tx_, organization_, g.id, {leader});
    std::vector<groups::Member> members;
    for (std::size_t i = 0; i < patients.size() && i < 7; ++i) {
      groups::Member m;
      m.id = groups::MemberId(ids_.next());
      m.group = g.id;
      m.patient = patients[i];
      m.added_by = leader;
      m.added_at = now_ - std::chrono::hours(24 * 25);
      if (i < 4) {
        m.state = "joined";
        m.joined = first;
      } else if (i == 4) {
        m.state = "offered";
        m.answer_by = now_ + std::chrono::hours(24 * 3);
      } else {
        m.state = "waiting";
        m.line = static_cast<std::int64_t>(i);
      }
      groups::insert(tx_, organization_, m);
      groups::MemberChange c;
      c.id = ids_.next();
      c.group = g.id;
      c.member = m.id;
      c.at = m.added_at;
      c.by_kind = "staff";
      c.by = leader;
      c.after = m.state;
      groups::insert(tx_, organization_, c);
      members.push_back(std::move(m));
    }
    int number = 0;
    for (const auto& [from, until] : groups::session_times(g, zone_)) {
      groups::Session s;
      s.id = groups::SessionId(ids_.next());
      s.group = g.id;
      s.number = ++number;
      s.starts_at = from;
      s.ends_at = until;
      s.zone = zone_;
      s.state = until < now_ ? "held" : "planned";
      groups::insert(tx_, organization_, s);
      if (s.state != "held") continue;
      for (std::size_t i = 0; i < members.size() && i < 4; ++i) {
        groups::Attendance a;
        a.session = s.id;
        a.member = members[i].id;
        a.patient = members[i].patient;
        a.status = i == 3 ? "absent" : i == 2 && number == 2 ? "excused" : "present";
        a.note = i == 0 ? "Kept the sleep diary on five nights." : "";
        a.by = leader;
        a.at = s.ends_at;
        groups::insert(tx_, organization_, g.id, a);
      }
    }
  }

  void directory() {
    auto services = community::read_directory(kServices, "demo", today_);
    if (!services) return;
    for (std::size_t i = 0; i < services->size(); ++i) (*services)[i].checked = today_.plus_days(-static_cast<int>(20 + 17 * i));
    community::import_services(tx_, organization_, *services, ids_, now_);
    services_ = community::list_services(tx_, organization_, false, "", 100);
  }

  community::Need need(patients::PatientId patient, std::string kind, std::string state, UserId by, int days_ago) {
    community::Need n;
    n.id = community::NeedId(ids_.next());
    n.patient = patient;
    n.kind = std::move(kind);
    n.state = std::move(state);
    n.source = "ahc-hrsn";
    n.found = today_.plus_days(-days_ago);
    n.created_by = by;
    n.changed_at = now_ - std::chrono::hours(24 * days_ago);
    community::insert(tx_, organization_, n);
    community::NeedChange c;
    c.id = ids_.next();
    c.need = n.id;
    c.at = n.changed_at;
    c.by_kind = "staff";
    c.by = by;
    c.after = n.state;
    community::insert(tx_, organization_, patient, c);
    return n;
  }

  void refer(const community::Need& need, std::string_view service, UserId owner, int days_ago, std::string state) {
    const auto listed = std::find_if(services_.begin(), services_.end(), [&](const auto& s) { return s.name == service; });
    if (listed == services_.end()) return;
    community::Referral r;
    r.id = community::ReferralId(ids_.next());
    r.patient = need.patient;
    r.site = site_;
    r.need = need.id;
    r.kind = need.kind;
    r.service = listed->id;
    r.state = std::move(state);
    r.sent = today_.plus_days(-days_ago);
    r.shares = {"name", "phone", "need"};
    r.consent_method = "verbal";
    r.consent_date = r.sent;
    r.consent_by = r.owner = r.created_by = owner;
    r.created_at = now_ - std::chrono::hours(24 * days_ago);
    if (r.state == "accepted" || r.state == "seen") r.accepted = r.sent.plus_days(2);
    if (r.state == "seen") {
      r.seen = today_.plus_days(-1);
      r.seen_confirmed_by = "service";
    }
    community::insert(tx_, organization_, r);
    community::ReferralEvent e;
    e.id = ids_.next();
    e.referral = r.id;
    e.at = r.created_at;
    e.on = r.sent;
    e.by_kind = "staff";
    e.by = owner;
    e.kind = "sent";
    e.detail = "name phone need";
    community::insert(tx_, organization_, r.patient, e);
  }

 private:
  db::Tx& tx_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
  const SiteId site_;
  const std::string zone_;
  const Date today_;
  std::vector<community::Service> services_;
};

}  // namespace

Result<void> add_demo_outreach(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                               OrganizationId organization, const simulation::Cohort& cohort) {
  const auto& site = cohort.sites.front();
  return database.write([&](db::Tx& tx) -> Result<void> {
    const UserId dana = site.care_managers.front();
    const auto patients = episodes::patients_of(tx, organization, site.id, dana, kPatients);
    Outreach o(tx, ids, now, organization, site.id, cohort.options.time_zone);
    const UserId sol = o.somebody("bh_specialist"), wen = o.somebody("community_worker"), kim = o.somebody("admin");
    if (patients.size() < kPatients || sol.is_nil() || wen.is_nil() || kim.is_nil()) return {};  // too small a clinic

    visits::insert(tx, organization, site.id, {"https://video.example.org/{visit}", "12 Maple Street, room 3", 1}, kim, now);
    o.visit(patients[0], dana, -7, 9 * 60, "in_person", "follow_up", "done");
    o.visit(patients[1], dana, -6, 10 * 60, "phone", "follow_up", "no_show");
    o.visit(patients[0], dana, 0, 16 * 60 + 30, "in_person", "follow_up");
    o.visit(patients[1], dana, 1, 9 * 60, "phone", "follow_up", "booked", "confirmed");
    o.visit(patients[2], dana, 1, 10 * 60 + 30, "video", "assessment");
    o.visit(patients[3], sol, 1, 13 * 60, "in_person", "therapy", "booked", "change_asked", "Could it be after 4 pm?");
    o.visit(patients[4], dana, 3, 9 * 60 + 30, "in_person", "follow_up", "cancelled", "cancelled");
    o.visit(patients[5], sol, 4, 11 * 60, "video", "therapy", "booked", "confirmed");
    o.visit(patients[6], dana, 7, 9 * 60, "in_person", "follow_up");
    o.visit(patients[7], wen, 8, 14 * 60, "in_person", "community");
    o.visit(patients[0], sol, 9, 10 * 60, "video", "therapy");
    // Four are in it, one has an offer to answer (the patient of the portal's demo), two wait.
    o.group({patients[1], patients[2], patients[3], patients[4], patients[0], patients[5], patients[6]}, sol);

    o.directory();
    o.refer(o.need(patients[0], "food", "wants_help", wen, 22), "Demo Harbor Food Pantry", wen, 20, "sent");
    o.refer(o.need(patients[1], "housing", "wants_help", wen, 12), "Demo Roof and Keys", wen, 10, "accepted");
    o.refer(o.need(patients[2], "transport", "wants_help", wen, 9), "Demo Ride Together", wen, 8, "seen");
    o.refer(o.need(patients[3], "law", "wants_help", dana, 4), "Demo Tenant Law Center", dana, 3, "sent");
    o.need(patients[4], "work", "wants_help", dana, 2);
    o.need(patients[5], "utilities", "found", dana, 1);
    o.need(patients[6], "company", "later", dana, 15);
    o.need(patients[7], "food", "declined", wen, 30);
    slices.refresh(tx, organization, patients);
    return {};
  });
}

}  // namespace concord::app
