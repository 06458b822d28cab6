#include "app/portal_content.h"

#include <algorithm>
#include <iterator>

#include "app/team_wiring.h"
#include "base/zone.h"
#include "checkins/checkins_store.h"
#include "contacts/contacts_store.h"
#include "conversations/portal_messages.h"
#include "education/education_store.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "logs/logs_store.h"
#include "patients/patients_store.h"
#include "portal/accounts_store.h"
#include "safety/safety_store.h"
#include "treatments/treatments_store.h"
#include "visits/visits_store.h"

namespace concord::app {
namespace {

using patients::PatientId;
using patients::Place;
using portal::Viewer;

constexpr int kSignalDays = 90;  // a safety plan is asked for so long after a signal
constexpr int kMostVisits = 50;

template <class T>
void add(std::vector<T>& all, std::vector<T> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string record_labels(db::Tx& tx, OrganizationId organization, PatientId id) {
  const auto patient = patients::find(tx, organization, id);
  const auto episode = episodes::find_open(tx, organization, id);
  return (patient ? patient->labels : std::string()) + " " + (episode ? episode->labels : std::string());
}

/// The care manager of the open episode, or whoever covers for them.
std::optional<UserId> addressee_of(db::Tx& tx, OrganizationId organization, const Place& place, Instant now) {
  const auto episode = episodes::find_open(tx, organization, place.patient);
  if (!episode || !episode->care_manager) return std::nullopt;
  return responsible_now(tx, organization, episode->site, place.patient, *episode->care_manager, now);
}

/// People who can sign in and hold the role at the site.
std::vector<UserId> people_with(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view role) {
  std::vector<UserId> people;
  for (const auto& user : identity::staff(tx, organization, role)) {
    const bool here = std::any_of(user.roles.begin(), user.roles.end(),
                                  [&](const identity::RoleAtSite& r) { return r.site == site && r.role == role; });
    if (here && !user.disabled_at && user.sign_in_name) people.push_back(user.id);
  }
  return people;
}

std::optional<identity::Site> site_of(db::Tx& tx, OrganizationId organization, SiteId id) {
  for (auto& site : identity::sites(tx, organization))
    if (site.id == id) return std::move(site);
  return std::nullopt;
}

template <class Clinic>
Clinic clinic_of(db::Tx& tx, OrganizationId organization, SiteId id) {
  const auto site = site_of(tx, organization, id);
  return site ? Clinic{site->name, site->phone, site->hours} : Clinic{};
}

std::optional<surveys::Course> course_of(db::Tx& tx, OrganizationId organization, PatientId patient) {
  std::optional<surveys::Course> last;
  for (const auto& e : episodes::list(tx, organization, patient)) {
    if (!e.enrolled_date) continue;
    surveys::Course course{e.id.uuid, e.site, *e.enrolled_date, e.closed_date, e.labels};
    if (!e.closed_date) return course;
    if (!last || last->closed < course.closed) last = std::move(course);
  }
  return last;
}

// ---- facts of the first page

portal::HomeDeps::CheckIns open_check_ins(db::Tx& tx, const Viewer& viewer) {
  portal::HomeDeps::CheckIns found;
  for (const auto& c : checkins::list_open(tx, viewer.organization, viewer.patient)) {
    const bool seen = std::all_of(c.forms.begin(), c.forms.end(), [&](const checkins::Form& f) {
      return portal::may_see(viewer, "", "instrument:" + f.instrument);
    });
    if (!seen || !checkins::is_open(c, viewer.now)) continue;
    ++found.open;
    if (!found.next) found.next = portal::NextFacts::CheckIn{c.id.uuid, c.due};
  }
  return found;
}

/// "4:30 PM", "4:30 p. m.": as the portal's own pages write it.
std::string clock_words(int minute_of_day, std::string_view language) {
  const int hour = minute_of_day / 60, minute = minute_of_day % 60;
  std::string text = std::to_string(hour % 12 == 0 ? 12 : hour % 12) + (minute < 10 ? ":0" : ":") + std::to_string(minute);
  if (language == "es") return text + (hour < 12 ? " a. m." : " p. m.");
  return text + (hour < 12 ? " AM" : " PM");
}

std::optional<portal::NextFacts::Visit> next_visit(const portal::Words& words, db::Tx& tx, const Viewer& viewer) {
  std::optional<visits::Visit> next;
  for (auto& v : visits::list_of_patient(tx, viewer.organization, viewer.patient, kMostVisits)) {
    if (v.state != "booked" || v.ends_at <= viewer.now || !portal::may_see(viewer, v.labels, "visit:" + v.kind)) continue;
    if (!next || v.starts_at < next->starts_at) next = std::move(v);
  }
  if (!next) return std::nullopt;
  const Date on = next->date();
  const std::string day = std::string(portal::weekday_words(on.weekday(), viewer.language)) + " " +
                          portal::day_words(on, viewer.today, viewer.language);
  const std::string clock = clock_words(next->start_minute(), viewer.language);
  const auto name = identity::display_name(tx, viewer.organization, next->staff);
  portal::NextFacts::Visit found;
  found.id = next->id.uuid;
  found.at = next->starts_at;
  found.on = on;
  found.text = name ? words("next.visit.line", viewer.language, {day, clock, *name})
                    : words("next.visit.line_alone", viewer.language, {day, clock});
  return found;
}

portal::HomeDeps::Reading open_reading(const education::Library& library, db::Tx& tx, const Viewer& viewer) {
  portal::HomeDeps::Reading found;
  if (!viewer.is_self) return found;  // what the patient has read is the patient's own
  const auto readings = education::list_readings(tx, viewer.organization, viewer.patient);
  for (const auto& a : education::list_assignments(tx, viewer.organization, viewer.patient)) {
    if (a.withdrawn_at || !portal::may_see(viewer, a.labels)) continue;
    const auto* read = education::by_patient(readings, a.piece);
    if (read != nullptr && read->finished_at) continue;
    const auto* piece = library.find(a.piece);
    if (piece == nullptr) continue;
    ++found.unread;
    if (!found.next) found.next = portal::NextFacts::Reading{a.piece, piece->in(viewer.language).title};
  }
  return found;
}

/// The day agreed at the last contact that names one.
std::optional<Date> next_contact(db::Tx& tx, const Viewer& viewer) {
  for (const auto& c : contacts::list(tx, viewer.organization, viewer.patient))
    if (c.next_due_date) return c.next_due_date;
  return std::nullopt;
}

bool safety_plan_wanted(db::Tx& tx, const Viewer& viewer) {
  if (safety::has_plan(tx, viewer.organization, viewer.patient)) return false;
  for (const auto& event : safety::list(tx, viewer.organization, viewer.patient))
    if (viewer.today - event.signalled_date <= kSignalDays) return true;
  return false;
}

void wire_home(ContentWiring& w, const ContentLent& lent) {
  const portal::Words* words = &lent.data->portal_words;
  auto& h = w.home;
  h.words = words;
  h.clinic = clinic_of<portal::HomeDeps::Clinic>;
  h.response_time = [&w](std::string_view language) { return conversations::response_time(w.messages, language); };
  h.check_ins = open_check_ins;
  h.decision = [&w](db::Tx& tx, const Viewer& viewer) -> std::optional<portal::NextFacts::Decision> {
    const auto* aid = plans::decision_to_make(w.plans, tx, viewer);
    if (aid == nullptr) return std::nullopt;
    return portal::NextFacts::Decision{aid->id, aid->title.in(viewer.language)};
  };
  h.visit = [words](db::Tx& tx, const Viewer& viewer) { return next_visit(*words, tx, viewer); };
  h.goals = [](db::Tx& tx, const Viewer& viewer) {
    const auto now = plans::goals_now(tx, viewer);
    portal::HomeDeps::Goals goals;
    goals.active = now.active;
    goals.for_today = now.for_today;
    goals.done_today = now.done_today;
    if (now.next) goals.next = portal::NextFacts::Goal{now.next->uuid, now.statement};
    for (const auto& [goal, statement, m] : now.milestones)
      goals.milestones.push_back({goal.uuid, m.id, m.on, statement + ' ' + plans::milestone_text(m.id, viewer.language) + '.'});
    return goals;
  };
  h.messages = [](db::Tx& tx, const Viewer& viewer) {
    const auto now = conversations::messages_now(tx, viewer);
    return portal::NextFacts::Messages{now.thread ? std::optional(now.thread->uuid) : std::nullopt, now.unread};
  };
  h.reading = [library = &lent.data->education](db::Tx& tx, const Viewer& viewer) { return open_reading(*library, tx, viewer); };
  h.scores = [&w](db::Tx& tx, const Viewer& viewer) {
    std::vector<portal::HomeDeps::Score> scores;
    for (const auto& s : measurements::series_for(w.scores, tx, viewer)) {
      const auto& criteria = w.scores.criteria(s.instrument->id);
      const auto direction =
          s.points.size() < 2 ? measurements::Direction::first
                              : measurements::direction_of(s.points[s.points.size() - 2].total, s.points.back().total, criteria);
      scores.push_back({s.instrument->id, s.instrument->short_title,
                        measurements::score_words(s, criteria, *w.scores.words, viewer.today, viewer.language),
                        std::string(measurements::name(direction))});
    }
    return scores;
  };
  h.plan = [](db::Tx& tx, const Viewer& viewer) {
    const auto state = plans::plan_state(tx, viewer);
    return portal::HomeDeps::Plan{state.in_effect, state.since};
  };
  h.surveys_due = [&w](db::Tx& tx, const Viewer& viewer) { return surveys::due_now(w.surveys, tx, viewer); };
  h.safety_plan_wanted = safety_plan_wanted;
  h.next_contact = next_contact;
}

}  // namespace

void wire_content(ContentWiring& w, const ContentLent& lent) {
  const portal::Words* words = &lent.data->portal_words;
  const auto viewer_of = [portal = lent.portal](db::Tx& tx, const Caller& caller, Instant now) {
    return portal::viewer_of(*portal, tx, caller, now);
  };

  w.plans.chart = lent.chart;
  w.plans.aids = &lent.data->aids;
  w.plans.words = words;
  w.plans.viewer_of = viewer_of;
  w.plans.labels_of = record_labels;
  w.plans.aids_for = [data = lent.data](db::Tx& tx, OrganizationId organization, PatientId patient) {
    std::vector<std::string> aids;
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode) return aids;
    if (const auto* way = episode->pathway ? data->pathways.find(*episode->pathway) : nullptr) return way->decision_aids;
    if (!episode->primary_condition) return aids;
    // Without a pathway the condition says, and what is written for pregnancy is for pregnancy.
    for (const auto& aid : data->aids.all()) {
      const auto is = [](std::string_view wanted) { return [wanted](const std::string& c) { return c.starts_with(wanted); }; };
      const bool perinatal = std::any_of(aid.conditions.begin(), aid.conditions.end(), is("perinatal"));
      if (std::find(aid.conditions.begin(), aid.conditions.end(), *episode->primary_condition) != aid.conditions.end() &&
          (!perinatal || episode->primary_condition->starts_with("perinatal")))
        aids.push_back(aid.id);
    }
    return aids;
  };

  auto& m = w.messages;
  m.chart = lent.chart;
  m.words = words;
  m.calendar_of = lent.calendar_of;
  m.answer_working_days = lent.data->rules.numbers.message_working_days;
  m.patient = patients::find;
  m.labels_of = record_labels;
  m.is_private = [portal = lent.portal](db::Tx& tx, OrganizationId organization, PatientId patient, Instant now) {
    const auto viewer = portal::trusted_viewer(*portal, tx, organization, patient, {}, false, "en", now);
    return std::find(viewer.private_codes.begin(), viewer.private_codes.end(), conversations::kOwnMessages) !=
           viewer.private_codes.end();
  };
  m.viewer_of = viewer_of;
  m.addressee_of = addressee_of;
  m.responsible_now = responsible_now;
  m.may_answer = [](db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
    return identity::may(tx, organization, user, site, "patient_inbox.write");
  };
  m.care_managers = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return people_with(tx, organization, site, "care_manager");
  };
  m.portal_name = [](db::Tx& tx, OrganizationId organization, UserId account) -> std::optional<std::string> {
    const auto found = portal::find_account(tx, organization, account);
    return found ? std::optional(found->display_name) : std::nullopt;
  };
  m.trusted_address = [](db::Tx& tx, OrganizationId organization,
                         UserId account) -> std::optional<std::pair<std::string, std::string>> {
    const auto found = portal::find_account(tx, organization, account);
    if (!found || found->ended_at) return std::nullopt;
    const auto contacts = portal::contacts_of(tx, organization, account);
    if (contacts.empty()) return std::nullopt;
    return std::pair(contacts.front().address, found->language);
  };
  m.hours_of = [](db::Tx& tx, OrganizationId organization, SiteId site) -> std::optional<std::string> {
    const auto found = site_of(tx, organization, site);
    return found ? found->hours : std::nullopt;
  };
  m.notify = lent.notify;
  m.tell_patient = lent.tell_patient;

  w.treatments.words = words;
  w.treatments.taken = taken_days;

  w.logs.chart = lent.chart;
  w.logs.words = words;
  w.logs.viewer_of = viewer_of;
  w.logs.labels_of = record_labels;
  w.logs.medicines = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    std::vector<logs::Medicine> medicines;
    for (const auto& t : treatments::list(tx, organization, patient))
      medicines.push_back({t.id.uuid, t.name, t.kind, t.start_date, t.stop_date});
    return medicines;
  };
  w.logs.report_side_effect = [](db::Tx& tx, OrganizationId organization, const logs::Log& log, std::string_view teller,
                                 Date today) {
    treatments::Report report;
    report.id = log.id.uuid;
    report.patient = log.patient;
    report.treatment = treatments::TreatmentId(*log.treatment);
    report.on = log.on;
    report.adherence = "not_said";
    report.side_effects = log.words;
    report.bother = log.bother;
    report.by = log.by;
    report.at = log.at;
    report.reporter = teller;
    report.labels = log.labels;
    return treatments::report_side_effect(tx, organization, report, today);
  };

  w.safety_plan.chart = lent.chart;
  w.safety_plan.plan = &lent.data->safety_plan;
  w.safety_plan.words = words;
  w.safety_plan.crisis_of = lent.crisis_of;
  w.safety_plan.viewer_of = viewer_of;
  w.safety_plan.addressee_of = addressee_of;
  w.safety_plan.notify = lent.notify;

  w.scores.library = &lent.data->instruments;
  w.scores.words = words;
  w.scores.criteria = [rules = &lent.data->rules](std::string_view instrument) -> const measurements::Criteria& {
    return rules->criteria(instrument);
  };
  w.scores.role_of = [](db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
    const auto roles = identity::roles_at(tx, organization, user, site);
    const bool manages = std::find(roles.begin(), roles.end(), "care_manager") != roles.end();
    return manages ? std::string("care_manager") : roles.empty() ? std::string() : roles.front();
  };
  w.scores.own_goal = [](db::Tx& tx, const Viewer& viewer) -> std::optional<std::pair<Uuid, std::string>> {
    const auto goal = plans::own_goal(tx, viewer);
    if (!goal) return std::nullopt;
    return std::pair(goal->first.uuid, goal->second);
  };

  w.team.words = words;
  w.team.user_name = identity::display_name;
  w.team.clinic = clinic_of<episodes::PortalDeps::Clinic>;

  w.surveys.chart = lent.chart;
  w.surveys.library = &lent.data->surveys;
  w.surveys.words = words;
  w.surveys.viewer_of = viewer_of;
  w.surveys.labels_of = record_labels;
  w.surveys.course_of = course_of;

  w.feedback.chart = lent.chart;
  w.feedback.words = words;
  w.feedback.viewer_of = viewer_of;
  w.feedback.labels_of = record_labels;
  w.feedback.patient = patients::find;
  w.feedback.managers = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return people_with(tx, organization, site, "program_manager");
  };
  w.feedback.notify = lent.notify;
  w.feedback.tell_patient = lent.tell_patient;

  wire_home(w, lent);
}

std::vector<portal::View> content_views(const ContentWiring& w) {
  std::vector<portal::View> views{portal::home_view(w.home)};
  add(views, measurements::portal_views(w.scores));
  add(views, plans::portal_views(w.plans));
  add(views, episodes::portal_views(w.team));
  add(views, treatments::portal_views(w.treatments));
  add(views, logs::portal_views(w.logs));
  add(views, safety::portal_views(w.safety_plan));
  add(views, conversations::portal_views(w.messages));
  add(views, surveys::portal_views(w.surveys));
  add(views, feedback::portal_views(w.feedback));
  return views;
}

std::vector<http::Route> content_acts(const ContentWiring& w) {
  auto acts = plans::portal_routes(w.plans);
  add(acts, logs::portal_routes(w.logs));
  add(acts, safety::portal_routes(w.safety_plan));
  add(acts, conversations::portal_routes(w.messages));
  add(acts, surveys::portal_routes(w.surveys));
  add(acts, feedback::portal_routes(w.feedback));
  return acts;
}

std::vector<http::Route> content_routes(const ContentWiring& w) {
  auto routes = conversations::patient_routes(w.messages);
  add(routes, logs::routes(w.logs));
  add(routes, surveys::routes(w.surveys));
  add(routes, feedback::routes(w.feedback));
  return routes;
}

void write_patient_messages(json::Writer& w, db::Tx& tx, const patients::Asker& asker, const Place& place) {
  if (identity::role_allows(asker.caller.role, "patient_inbox.read")) conversations::write_patient_glance(w, tx, asker, place);
  else w.null();
}

void write_patient_logs(const ContentWiring& wiring, json::Writer& w, db::Tx& tx, const patients::Asker& asker,
                        const Place& place) {
  if (identity::role_allows(asker.caller.role, "logs.read")) logs::write_glance(wiring.logs, w, tx, asker, place);
  else w.null();
}

std::vector<treatments::TakenDay> taken_days(db::Tx& tx, OrganizationId organization, PatientId patient, Date since) {
  std::vector<treatments::TakenDay> days;
  for (const auto& log : logs::taken_days(logs::list_since(tx, organization, patient, since)))
    days.push_back({treatments::TreatmentId(*log.treatment), log.on, *log.taken, log.labels});
  return days;
}

}  // namespace concord::app
