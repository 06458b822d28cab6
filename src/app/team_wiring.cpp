#include "app/team_wiring.h"

#include <algorithm>

#include "app/timeline_parts.h"
#include "base/zone.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "measurements/measurements_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_store.h"
#include "safety/caseload_hand_over.h"
#include "safety/safety_store.h"
#include "tasks/handover_store.h"
#include "tasks/tasks_store.h"
#include "treatments/treatments_store.h"

namespace concord::app {
namespace {

using patients::Asker;
using patients::PatientId;
using patients::Place;
using patients::TimelineEntry;
using Entries = std::vector<TimelineEntry>;

/// The first line of `rule` among what the attention list says in JSON.
std::optional<tasks::AttentionLine> find_line(std::string_view lines_json, std::string_view rule, const std::string& zone) {
  const auto document = json::Document::parse(lines_json);
  if (!document) return std::nullopt;
  for (const auto& item : document->root().items()) {
    const auto* name = item.find("rule");
    const auto* text = item.find("text");
    const auto* due = item.find("due");
    if (!name || name->text() != rule || !text) continue;
    tasks::AttentionLine line;
    line.text = std::string(text->text());
    if (due && due->is(json::Kind::string)) {
      if (const auto date = Date::parse(due->text())) line.due = *date;
      else if (const auto instant = parse_instant(due->text())) line.due = local_date(*instant, zone);
    }
    return line;
  }
  return std::nullopt;
}

/// Roles at the site with which somebody may do it.
std::vector<std::string> roles_with(std::vector<std::string> roles, std::string_view permission) {
  std::erase_if(roles, [&](const std::string& role) { return !identity::role_allows(role, permission); });
  return roles;
}

void add_contacts(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& c : contacts::list(tx, asker.organization(), place.patient)) {
    auto e = timeline_entry(c.date, c.started_at ? c.started_at : std::optional(c.entered_at), "contact", c.kind, c.id.uuid,
                            c.staff, c.note, TimelineData().with("modality", c.modality).with("minutes", c.minutes).done());
    e.role = c.staff_role;
    out.push_back(std::move(e));
  }
}

void add_scores(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& m : measurements::list(tx, asker.organization(), place.patient))
    out.push_back(timeline_entry(m.administered_date, m.administered_at, "score", m.instrument, m.id.uuid, m.entered_by, "",
                                 TimelineData()
                                     .with("total", m.total)
                                     .with("severity", m.severity)
                                     .with("valid", m.valid)
                                     .with("informant", m.informant)
                                     .with("safety", m.safety)
                                     .with("corrected", m.replaced_by.has_value())
                                     .done()));
}

void add_treatments(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& t : treatments::list(tx, asker.organization(), place.patient)) {
    out.push_back(timeline_entry(t.start_date, std::nullopt, "treatment", "started", t.id.uuid, std::nullopt, "",
                                 TimelineData()
                                     .with("kind", t.kind)
                                     .with("name", t.name)
                                     .with("dose", t.changes.empty() ? t.dose : t.changes.front().from_dose)
                                     .done()));
    for (const auto& change : t.changes)
      out.push_back(timeline_entry(
          change.on, std::nullopt, "treatment", "changed", change.id, std::nullopt, change.reason,
          TimelineData().with("name", t.name).with("from_dose", change.from_dose).with("dose", change.to_dose).done()));
    if (t.stop_date)
      out.push_back(timeline_entry(*t.stop_date, std::nullopt, "treatment", "stopped", t.id.uuid, std::nullopt,
                                   t.stop_reason.value_or(""), TimelineData().with("name", t.name).done()));
  }
  for (const auto& s : treatments::list_sessions(tx, asker.organization(), place.patient))
    out.push_back(timeline_entry(s.on, s.at, "treatment", "session", s.id, s.by, s.focus,
                                 TimelineData().with("approach", s.approach).with("minutes", s.minutes).done()));
}

void add_reviews(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& r : reviews::list(tx, asker.organization(), place.patient)) {
    auto held = timeline_entry(r.date, r.signed_at, "review", "held", r.id.uuid, r.reviewer, r.question, "");
    held.who_name = r.reviewer_name;
    out.push_back(std::move(held));
    for (const auto& recommendation : r.recommendations)
      for (const auto& step : reviews::list_steps(tx, asker.organization(), place.patient, recommendation.id)) {
        auto e = timeline_entry(
            local_date(step.at, place.zone), step.at, "recommendation", step.act, recommendation.id.uuid, step.by, step.note,
            TimelineData().with("recommendation_id", recommendation.id).with("text", recommendation.text).done());
        e.role = step.role;
        out.push_back(std::move(e));
      }
  }
  for (const auto& q : reviews::list_questions(tx, asker.organization(), place.patient)) {
    auto e = timeline_entry(q.asked_date, q.asked_at, "review", "asked", q.id.uuid, q.asked_by, q.question,
                            TimelineData().with("urgency", q.urgency).done());
    e.role = q.asked_role;
    out.push_back(std::move(e));
  }
}

void add_safety(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& event : safety::list(tx, asker.organization(), place.patient)) {
    const auto steps = safety::list_steps(tx, asker.organization(), event.id);
    for (const auto& step : steps) {
      const Uuid id = step.message.value_or(event.id.uuid);
      out.push_back(timeline_entry(local_date(step.at, place.zone), step.at, "safety", step.kind, id, step.by,
                                   step.text.value_or(""),
                                   TimelineData()
                                       .with("safety_event_id", event.id)
                                       .with("number", step.number)
                                       .with("level", step.level)
                                       .with("channel", step.channel)
                                       .done()));
    }
    if (!steps.empty()) continue;  // imported, or from before there were steps: what the event itself says
    out.push_back(timeline_entry(event.signalled_date, event.signalled_at, "safety", "signalled", event.id.uuid, std::nullopt,
                                 event.note.value_or(""), TimelineData().with("signal", event.signal).done()));
    if (event.closed_at)
      out.push_back(timeline_entry(local_date(*event.closed_at, place.zone), event.closed_at, "safety", "closed", event.id.uuid,
                                   event.closed_by, event.disposition.value_or(""),
                                   TimelineData().with("level", event.level).done()));
  }
}

void add_referrals(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& r : referrals::list(tx, asker.organization(), place.patient)) {
    if (!asker.caller.may_use(r.site)) continue;
    auto received =
        timeline_entry(r.received_date, r.received_at, "referral", "received", r.id.uuid, r.referred_by_user, r.reason, "");
    received.who_name = r.referred_by;
    out.push_back(std::move(received));
    for (const auto& a : referrals::list_attempts(tx, asker.organization(), r.id))
      out.push_back(timeline_entry(a.on, a.at, "referral", "attempt", a.id, a.by, a.note,
                                   TimelineData().with("modality", a.modality).with("result", a.result).done()));
    if (r.outcome_date)
      out.push_back(timeline_entry(*r.outcome_date, std::nullopt, "referral", "outcome", r.id.uuid, std::nullopt, "",
                                   TimelineData().with("outcome", r.outcome).done()));
  }
}

void add_plans(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& plan : plans::list_plans(tx, asker.organization(), place.patient))
    for (const auto& version : plan.versions) {
      const auto data = [&] { return TimelineData().with("kind", plan.kind).with("number", version.number).done(); };
      const std::string number = std::to_string(version.number);
      out.push_back(timeline_entry(version.written_date, std::nullopt, "plan", "written." + number, plan.id.uuid,
                                   version.written_by, version.reason, data()));
      for (const auto& view : version.views)
        out.push_back(
            timeline_entry(view.on, std::nullopt, "plan", "view." + number, view.id, view.recorded_by, view.words.value_or(""),
                           TimelineData().with("kind", plan.kind).with("number", version.number).with("view", view.view).done()));
      if (version.effective_date)
        out.push_back(timeline_entry(*version.effective_date, std::nullopt, "plan", "in_effect." + number, plan.id.uuid,
                                     std::nullopt, "", data()));
    }
}

void add_goals(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& goal : plans::list_goals(tx, asker.organization(), place.patient)) {
    if (goal.status == "imported") continue;
    out.push_back(
        timeline_entry(goal.start_date, std::nullopt, "goal", "set", goal.id.uuid, std::nullopt, plans::statement(goal), ""));
    for (const auto& e : goal.entries)
      if (e.kind == "review")
        out.push_back(timeline_entry(e.on, std::nullopt, "goal", e.result, e.id, e.by, e.note,
                                     TimelineData().with("goal_id", goal.id).done()));
    if (goal.status == "stopped")
      out.push_back(timeline_entry(goal.status_date, std::nullopt, "goal", "stopped", goal.id.uuid, std::nullopt,
                                   goal.status_reason.value_or(""), ""));
  }
}

void add_decisions(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& d : plans::list_decisions(tx, asker.organization(), place.patient))
    out.push_back(timeline_entry(d.on, std::nullopt, "decision", d.choice == "undecided" ? "undecided" : "decided", d.id.uuid,
                                 d.recorded_by, d.note,
                                 TimelineData().with("topic", d.topic).with("choice", d.choice).with("aid", d.aid).done()));
}

void add_tasks(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  const bool sees_team = identity::role_allows(asker.caller.role, "tasks.team");
  for (const auto& [change, title, owner, made_by] : tasks::list_changes(tx, asker.organization(), place.patient)) {
    if (!sees_team && owner != asker.caller.user && made_by != asker.caller.user) continue;
    out.push_back(timeline_entry(
        local_date(change.at, place.zone), change.at, "task", change.kind, change.id, change.by, change.reason,
        TimelineData().with("task_id", change.task).with("title", title).with("owner_id", change.owner_after).done()));
  }
}

void add_hand_overs(db::Tx& tx, const Asker& asker, const Place& place, Entries& out) {
  for (const auto& h : tasks::list_of_patient(tx, asker.organization(), place.patient)) {
    if (!asker.caller.may_use(h.site)) continue;
    out.push_back(timeline_entry(local_date(h.made_at, place.zone), h.made_at, "hand_over", h.until ? "cover" : "for_good",
                                 h.id.uuid, h.made_by, h.reason,
                                 TimelineData()
                                     .with("from_user_id", h.from_user)
                                     .with("to_user_id", h.to_user)
                                     .with("from", h.from)
                                     .with("until", h.until)
                                     .done()));
  }
}

}  // namespace

void write_team_tasks(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  if (identity::role_allows(asker.caller.role, "tasks.read")) tasks::write_open(wiring.tasks, w, tx, asker, place);
  else w.null();
}

void write_cover_now(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto episode = episodes::find_open(tx, asker.organization(), place.patient);
  if (!episode || !episode->care_manager || !asker.caller.may_use(episode->site)) {
    w.null();
    return;
  }
  tasks::write_cover(*wiring.tasks.chart, w, tx, asker.organization(), tasks::covers_on(tx, asker.organization(), place.today),
                     episode->site, *episode->care_manager, place.patient);
}

void write_team_conversation(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  if (identity::role_allows(asker.caller.role, "conversations.read"))
    conversations::write_glance(wiring.conversations, w, tx, asker, place);
  else w.null();
}

std::vector<patients::TimelineSource> timeline_sources() {
  return {
      {"contact", "contacts.read", add_contacts},
      {"score", "measurements.read", add_scores},
      {"treatment", "treatments.read", add_treatments},
      {"review", "reviews.read", add_reviews},
      {"safety", "safety.read", add_safety},
      {"referral", "referrals.read", add_referrals},
      {"plan", "plans.read", add_plans},
      {"goal", "plans.read", add_goals},
      {"decision", "plans.read", add_decisions},
      {"episode", "episodes.read", episodes::add_to_timeline},
      {"task", "tasks.read", add_tasks},
      {"hand_over", "tasks.team", add_hand_overs},
      {"conversation", "conversations.read", conversations::add_to_timeline},
  };
}

UserId responsible_now(db::Tx& tx, OrganizationId organization, SiteId site, PatientId patient, UserId owner, Instant now) {
  // A site that no request has met yet is not in memory; jobs ask too.
  const auto zone = identity::zone_of(tx, organization, site);
  if (!zone) return owner;
  return tasks::responsible_for(tx, organization, site, patient, owner, local_date(now, *zone));
}

void wire_team(TeamWiring& wiring, const TeamLent& lent) {
  auto& t = wiring.tasks;
  t.chart = lent.chart;
  t.patient = patients::find;
  t.has_role = identity::has_role;
  t.may_own = [](db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
    return identity::may(tx, organization, user, site, "tasks.write");
  };
  t.sees_team = [](std::string_view role) { return identity::role_allows(role, "tasks.team"); };
  t.episode = [](db::Tx& tx, OrganizationId organization, const Uuid& id) -> std::optional<std::pair<PatientId, SiteId>> {
    const auto episode = episodes::find(tx, organization, episodes::EpisodeId(id));
    if (!episode) return std::nullopt;
    return std::pair(episode->patient, episode->site);
  };
  t.line = [write = lent.write_attention](db::Tx& tx, const Asker& asker, const Place& place, std::string_view rule) {
    std::string lines;
    json::Writer out(lines);
    write(out, tx, asker, place);
    return find_line(lines, rule, place.zone);
  };
  t.is_recommendation = [](db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& recommendation) {
    return reviews::find(tx, organization, patient, reviews::RecommendationId(recommendation)).has_value();
  };
  t.move_care_manager = episodes::move_care_manager;
  t.patients_of = episodes::patients_of;
  t.move_safety_events = safety::hand_over_events;
  t.refresh_caseload = lent.refresh_caseload;
  t.notify = lent.notify;

  auto& c = wiring.conversations;
  c.chart = lent.chart;
  c.patient = patients::find;
  c.labels_of = [](db::Tx& tx, OrganizationId organization, PatientId id) {
    const auto patient = patients::find(tx, organization, id);
    const auto episode = episodes::find_open(tx, organization, id);
    return (patient ? patient->labels : std::string()) + " " + (episode ? episode->labels : std::string());
  };
  c.reading_roles = [](db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
    return roles_with(identity::roles_at(tx, organization, user, site), "conversations.read");
  };
  c.people = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    std::vector<conversations::Person> people;
    for (const auto& user : identity::staff(tx, organization, "")) {
      std::vector<std::string> here;
      for (const auto& held : user.roles)
        if (held.site == site) here.push_back(held.role);
      here = roles_with(std::move(here), "conversations.read");
      if (!here.empty()) people.push_back({user.id, user.display_name, std::move(here)});
    }
    return people;
  };
  c.team_of = [](db::Tx& tx, OrganizationId organization, const Place& place) {
    auto people = episodes::people_of(tx, organization, place.patient);
    const auto episode = episodes::find_open(tx, organization, place.patient);
    if (episode && episode->care_manager) {
      const auto who =
          tasks::responsible_for(tx, organization, episode->site, place.patient, *episode->care_manager, place.today);
      if (std::find(people.begin(), people.end(), who) == people.end()) people.push_back(who);
    }
    return people;
  };
  c.notify = lent.notify;

  wiring.timeline.chart = lent.chart;
  wiring.timeline.allows = identity::role_allows;
  wiring.timeline.sources = timeline_sources();
}

}  // namespace concord::app
