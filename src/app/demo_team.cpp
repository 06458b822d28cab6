#include "app/demo_team.h"

#include <algorithm>

#include "app/demo.h"
#include "base/zone.h"
#include "conversations/conversations_store.h"
#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "identity/desk_store.h"
#include "identity/identity_store.h"
#include "tasks/handover_store.h"
#include "tasks/tasks_store.h"

namespace concord::app {
namespace {

constexpr int kPatients = 6;  // of the demo care manager

class Filler {
 public:
  Filler(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization, SiteId site, Date today)
      : tx_(tx), ids_(ids), now_(now), organization_(organization), site_(site), today_(today) {}

  /// Who signs in at the demo clinic in that role.
  UserId somebody(std::string_view role) {
    for (const auto& person : demo_people())
      if (person.role == role)
        for (const auto& user : identity::staff(tx_, organization_, role))
          if (user.display_name == person.display_name) return user.id;
    return {};
  }

  void task(UserId owner, UserId by, std::optional<patients::PatientId> patient, std::string title, int due_in_days,
            int made_days_ago, bool is_done = false) {
    tasks::Task t;
    t.id = tasks::TaskId(ids_.next());
    t.site = site_;
    t.patient = patient;
    t.title = std::move(title);
    t.due = today_.plus_days(due_in_days);
    t.owner = owner;
    t.created_by = by;
    t.created_at = now_ - std::chrono::hours(24 * made_days_ago + 2);
    if (is_done) {
      t.state = "done";
      t.closed_by = owner;
      t.closed_at = now_ - std::chrono::hours(20);
    }
    tasks::insert(tx_, organization_, t);
    tasks::TaskChange made;
    made.id = ids_.next();
    made.task = t.id;
    made.at = t.created_at;
    made.by = by;
    made.kind = "created";
    made.owner_after = owner;
    made.due_after = t.due;
    tasks::insert(tx_, organization_, made);
    if (!is_done) return;
    tasks::TaskChange done;
    done.id = ids_.next();
    done.task = t.id;
    done.at = *t.closed_at;
    done.by = owner;
    done.kind = "done";
    tasks::insert(tx_, organization_, done);
  }

  /// `reader` follows and has it unread.
  void say(patients::PatientId patient, UserId author, std::string role, std::string words, UserId reader, bool mentions,
           int hours_ago) {
    conversations::Message m;
    m.id = conversations::MessageId(ids_.next());
    m.at = now_ - std::chrono::hours(hours_ago);
    m.author = author;
    m.role = std::move(role);
    m.words = std::move(words);
    if (mentions) m.mentions = {reader};
    const auto before = conversations::newest(tx_, organization_, patient);
    conversations::insert(tx_, organization_, patient, m);
    conversations::arrived(tx_, organization_, reader, patient, 1, mentions ? 1 : 0, m.at, before);
    conversations::arrived(tx_, organization_, author, patient, 0, 0, m.at, m.id);
  }

  void member(patients::PatientId patient, std::string role, UserId user, std::string name, std::string relationship, UserId by) {
    const auto episode = episodes::find_open(tx_, organization_, patient);
    if (!episode) return;
    episodes::TeamMember m;
    m.id = ids_.next();
    m.role = std::move(role);
    if (!user.is_nil()) m.user = user;
    m.name = std::move(name);
    if (!relationship.empty()) {
      m.relationship = std::move(relationship);
      m.informant = true;
      m.phone = "555-0142";
    }
    m.since = std::max(episode->referred_date, today_.plus_days(-14));
    m.added_by = by;
    m.added_at = now_ - std::chrono::hours(24);
    episodes::insert(tx_, organization_, episode->id, m);
  }

 private:
  db::Tx& tx_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
  const SiteId site_;
  const Date today_;
};

}  // namespace

Result<void> add_demo_team(db::Database& database, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization,
                           const simulation::Cohort& cohort) {
  const auto& site = cohort.sites.front();
  const Date today = local_date(now, cohort.options.time_zone);
  return database.write([&](db::Tx& tx) -> Result<void> {
    const UserId dana = site.care_managers.front();
    const auto patients = episodes::patients_of(tx, organization, site.id, dana, kPatients);
    if (patients.size() < kPatients) return {};  // too small a clinic to show a team
    Filler f(tx, ids, now, organization, site.id, today);
    const UserId lee = f.somebody("pcp"), sol = f.somebody("bh_specialist"), wen = f.somebody("community_worker");
    if (lee.is_nil() || sol.is_nil() || wen.is_nil()) return {};

    f.task(dana, dana, std::nullopt, "Book interpreters for next week", -2, 6);
    f.task(dana, dana, std::nullopt, "Prepare the review hour", 1, 1);
    f.task(dana, lee, patients[0], "Ask how the new dose is going", 1, 2);
    f.task(lee, dana, patients[1], "Look at the TSH result", 2, 1);
    f.task(wen, dana, patients[2], "Bus pass for clinic visits", 3, 1);
    f.task(dana, dana, patients[3], "Send the safety numbers in Spanish", -1, 4, true);

    f.say(patients[0], lee, "pcp",
          "She told me the tablets make her dizzy in the morning. Could you ask about it at the next call?", dana, true, 26);
    f.say(patients[0], dana, "care_manager", "Will do, I call her tomorrow. I also ask when she takes them.", lee, false, 25);
    f.say(patients[0], lee, "pcp", "Thank you. If it is the morning dose we move it to the evening.", dana, false, 3);
    f.say(patients[2], sol, "bh_specialist", "First problem-solving session went well; he chose the bus as his problem.", dana,
          true, 5);

    f.member(patients[0], "caregiver", {}, "Rosa Alvarez", "mother", dana);
    f.member(patients[2], "bh_specialist", sol, "Sol Demo", "", dana);
    f.member(patients[2], "community_worker", wen, "Wen Demo", "", dana);
    f.member(patients[4], "obstetrician", {}, "Dr. Ola Berg", "", dana);

    if (site.care_managers.size() > 1) {
      tasks::HandOver h;
      h.id = tasks::HandOverId(ids.next());
      h.site = site.id;
      h.from_user = site.care_managers[1];
      h.to_user = dana;
      h.from = today.plus_days(10);
      h.until = h.planned_until = h.from.plus_days(4);
      h.patients = static_cast<int>(episodes::patients_of(tx, organization, site.id, h.from_user, 1000).size());
      h.reason = "Vacation";
      h.made_by = h.from_user;
      h.made_at = now - std::chrono::hours(48);
      tasks::insert(tx, organization, h, {});
    }
    identity::insert_view(tx, organization, dana,
                          {identity::ViewId(ids.next()), "Mondays: overdue", "need=overdue", now - std::chrono::hours(72), 1});
    slices.refresh(tx, organization, patients);
    return {};
  });
}

}  // namespace concord::app
