#include "app/slices.h"

#include <algorithm>
#include <iterator>

#include "app/checkins_wiring.h"
#include "app/education_wiring.h"
#include "app/messaging_wiring.h"
#include "app/outcomes_wiring.h"
#include "app/outreach_wiring.h"
#include "app/portal_content.h"
#include "app/portal_wiring.h"
#include "app/reminders_wiring.h"
#include "app/reports_wiring.h"
#include "app/review_cases.h"
#include "app/state_report_wiring.h"
#include "app/team_wiring.h"
#include "app/what_if_wiring.h"
#include "audit/audit_api.h"
#include "base/log.h"
#include "base/zone.h"
#include "billing/billing_api.h"
#include "calendar/calendar_api.h"
#include "calendar/calendar_store.h"
#include "caseload/caseload_api.h"
#include "caseload/caseload_store.h"
#include "caseload/caseload_version.h"
#include "caseload/criteria.h"
#include "contacts/contacts_api.h"
#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "identity/desk_api.h"
#include "identity/identity_api.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "instruments/instruments_api.h"
#include "instruments/instruments_store.h"
#include "json/data_files.h"
#include "measurements/measurements_api.h"
#include "measurements/measurements_store.h"
#include "measures/program_figures_api.h"
#include "measures/site_months_api.h"
#include "messaging/messaging_api.h"
#include "messaging/messaging_store.h"
#include "pathways/pathways_api.h"
#include "patients/conditions_api.h"
#include "patients/patients_api.h"
#include "patients/patients_store.h"
#include "plans/plans_api.h"
#include "referrals/referrals_api.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_api.h"
#include "safety/safety_api.h"
#include "tasks/handover_store.h"
#include "treatments/treatments_api.h"
#include "treatments/treatments_store.h"

namespace concord::app {

Result<DataFiles> load_data_files(const std::filesystem::path& folder, const std::string& own_content) {
  DataFiles data;
  CONCORD_TRY(data.instruments, instruments::load_library(folder / "instruments"));
  // A mistake in a rule set names its file.
  const auto rules = [&](const char* name, auto& into, auto&& load) -> Result<void> {
    const auto text = json::read_file(folder / "rulesets" / name);
    if (!text) return fail(ErrorCode::bad_file, "The rule set cannot be read.", {{name, "is missing in the data folder"}});
    auto read = load(*text);
    if (!read) {
      Error error = std::move(read.error());
      for (auto& issue : error.issues) issue.path = std::string(name) + (issue.path.empty() ? "" : " ") + issue.path;
      return tl::unexpected(std::move(error));
    }
    into = std::move(*read);
    return {};
  };
  CONCORD_TRY_VOID(rules("concord-2026.json", data.rules, caseload::load_rule_set));
  CONCORD_TRY_VOID(rules("nys-omh-2025.json", data.nys,
                         [&](std::string_view text) { return measures::load_nys_rules(text, data.instruments); }));
  CONCORD_TRY_VOID(rules("aims-2026.json", data.aims, measures::load_aims_rules));
  CONCORD_TRY_VOID(rules("hedis-my2026.json", data.hedis, measures::load_hedis_rules));
  CONCORD_TRY_VOID(rules("review-agenda-2026.json", data.agenda, reviews::load_agenda_rules));
  CONCORD_TRY_VOID(rules("trials-2026.json", data.trials, treatments::load_trial_rules));
  CONCORD_TRY_VOID(rules("reminders-2026.json", data.reminders, reminders::load_rules));
  CONCORD_TRY_VOID(rules("billing-2026.json", data.billing, billing::load_rules));
  CONCORD_TRY_VOID(rules("confidentiality-2026.json", data.confidentiality, portal::load_confidentiality));
  caseload::add_instruments(data.rules, data.instruments);
  CONCORD_TRY(data.messages, messaging::load_texts(folder / "content" / "messages"));
  CONCORD_TRY(data.patient_messages, messaging::load_patient_texts(folder / "content" / "messages"));
  CONCORD_TRY(data.safety_plan, safety::load_plan_template(folder / "content" / "safety" / "plan.json"));
  CONCORD_TRY(data.portal_words, portal::load_words(folder / "content" / "portal" / "words.json"));
  CONCORD_TRY(data.surveys, surveys::load_surveys(folder / "content" / "surveys"));
  CONCORD_TRY(data.crisis, safety::load_crisis(folder / "content" / "crisis" / "help.json"));
  CONCORD_TRY(data.checkin_words, checkins::load_words(folder / "content" / "checkins" / "pages.json"));
  CONCORD_TRY(data.aids, plans::load_aids(folder / "content" / "decision_aids"));
  CONCORD_TRY(data.pathways, pathways::load_pathways(folder / "pathways", data.instruments,
                                                     [&](std::string_view id) { return data.aids.find(id) != nullptr; }));
  CONCORD_TRY(data.education,
              load_education(folder / "content" / "education",
                             own_content.empty() ? std::filesystem::path() : std::filesystem::path(own_content) / "education",
                             data.pathways));
  // What the attention rules lean on besides their own numbers.
  for (const auto& pathway : data.pathways.all()) data.rules.add_pathway(pathway);
  data.rules.billing = std::make_shared<const billing::Rules>(data.billing);
  data.rules.calendar_of = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return calendar::load(tx, organization, site, "UTC");  // days only: the zone does not matter
  };
  CONCORD_TRY_VOID(
      rules("outcomes-2026.json", data.outcomes, [&](std::string_view text) { return load_outcomes(text, data.rules); }));
  CONCORD_TRY_VOID(rules("run-charts-2026.json", data.run_charts, measures::load_run_chart_rules));
  CONCORD_TRY_VOID(rules("what-if-2026.json", data.what_if, caseload::load_what_if));
  CONCORD_TRY_VOID(rules("reports-2026.json", data.reports, reports::load_rules));
  CONCORD_TRY(data.report_words, portal::load_words(folder / "content" / "reports" / "words.json"));
  return data;
}

namespace {

/// Somebody who can sign in and may take over a safety event at the site.
bool works_at(db::Tx& tx, OrganizationId organization, SiteId site, UserId who) {
  const auto user = identity::find_user(tx, organization, who);
  if (!user || user->disabled_at || !user->sign_in_name) return false;
  return std::any_of(user->roles.begin(), user->roles.end(), [&](const identity::RoleAtSite& r) {
    return r.site == site && identity::role_allows(r.role, "safety.close");
  });
}

/// Everybody of that kind, or only those with `role`.
std::vector<UserId> people_at(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view role) {
  std::vector<UserId> people;
  for (const auto& user : identity::staff(tx, organization, role)) {
    const bool is_here = std::any_of(user.roles.begin(), user.roles.end(), [&](const identity::RoleAtSite& r) {
      return r.site == site && identity::role_allows(r.role, "safety.close");
    });
    if (is_here && works_at(tx, organization, site, user.id)) people.push_back(user.id);
  }
  return people;
}

safety::Screen screen_of(const measurements::Measurement& m) {
  return {m.id, m.instrument, m.mode, m.replaced_by.has_value(), m.administered_date, safety::columbia_of(m.answers)};
}

}  // namespace

namespace {

constexpr std::string_view kCalendarJob = "calendar.changed";

/// Needs nothing in memory, so that jobs and the command line may ask too.
calendar::Calendar calendar_at(db::Tx& tx, OrganizationId organization, SiteId site) {
  return calendar::load(tx, organization, site, identity::zone_of(tx, organization, site).value_or("UTC"));
}

}  // namespace

Result<void> bring_caseload_up_to_date(db::Database& database, const DataFiles& data) {
  std::vector<OrganizationId> organizations;
  for (const auto& organization : database.read([](db::Tx& tx) { return identity::organizations(tx); }))
    organizations.push_back(organization.id);
  CONCORD_TRY(const auto rows, caseload::bring_up_to_date(database, organizations, data.rules));
  if (rows > 0) log::info("caseload computed again for this program", {{"rows", rows}});
  return {};
}

// One Deps for each slice; a neighbour's function is passed as a function, never as its store.
struct Slices::Wiring {
  patients::Chart chart;
  calendar::CalendarOf calendar_of;  // the working calendar of a site, with its zone
  calendar::Deps calendar;
  TeamWiring team;
  messaging::Outbox outbox;
  messaging::Post post;      // tells which ways a notice goes
  messaging::Notify notify;  // for slices that only have something to tell
  messaging::Deps messaging;
  MessagingWiring patient_messages;  // tell_patient and its kin
  safety::Deps safety;
  education::Deps education;
  safety::CrisisOf crisis_of;  // "get help now" of a site, for every page a patient sees
  std::function<void(OrganizationId, const http::Event&)> publish;
  measurements::Deps measurements;
  checkins::Deps checkins;
  reminders::Deps reminders;
  bool reminders_on = true;
  int reminder_minute = 0;
  treatments::Deps treatments;
  episodes::Deps episodes;
  referrals::Deps referrals;
  reviews::Deps reviews;
  plans::Deps plans;
  pathways::Deps pathways;
  billing::Deps billing;
  contacts::Deps contacts;
  measures::Deps state_report;
  measures::ProgramDeps program_figures;
  reports::Deps reports;
  patients::Deps patients;
  caseload::Deps caseload;
  OutreachWiring outreach;
  PortalWiring portal;
  ContentWiring content;  // what patients see and do
  Admissions admissions;
  std::unique_ptr<measures::Residents> residents;
};

Slices::Slices(const Clock& clock, IdSource& ids, DataFiles data, const SliceSettings& settings)
    : clock_(clock), ids_(ids), data_(std::move(data)), wiring_(std::make_unique<Wiring>()) {
  using patients::Asker;
  using patients::PatientId;
  using patients::Place;
  auto& w = *wiring_;
  w.residents = std::make_unique<measures::Residents>(data_.outcomes, survey_items(data_.surveys), settings.outcomes);

  w.chart.ids = &ids_;
  w.chart.time_zone = [this](OrganizationId organization, SiteId site) { return zones_.of(organization, site); };
  w.chart.site_of = patients::find_site;
  w.chart.user_name = identity::display_name;
  w.chart.refresh_caseload = [this](db::Tx& tx, OrganizationId organization, PatientId patient) {
    caseload::refresh(tx, organization, patient, data_.rules);
  };

  w.calendar_of = calendar_at;
  w.calendar.time_zone = w.chart.time_zone;
  w.calendar.user_name = w.chart.user_name;
  w.calendar.calendar_changed = [this](db::Tx& tx, OrganizationId organization, SiteId) {
    // Rows say on which day which rule fires; many of them count working days. A job, because a site may be large.
    jobs::NewJob job;
    job.organization = organization;
    job.kind = kCalendarJob;
    jobs::enqueue(tx, job, jobs::JobId(ids_.next()), clock_.now());
  };

  w.outbox.clock = &clock_;
  w.outbox.ids = &ids_;
  w.outbox.texts = &data_.messages;
  w.outbox.public_url = settings.public_url;
  w.outbox.mail_is_set_up = settings.mail_is_set_up;
  w.outbox.sms_is_set_up = settings.sms_is_set_up;
  w.outbox.most_attempts = settings.most_attempts;
  w.outbox.language_of = [](db::Tx& tx, OrganizationId organization, UserId who) {
    const auto user = identity::find_user(tx, organization, who);
    return user ? user->language : std::string("en");
  };
  w.outbox.operators = [](db::Tx& tx, OrganizationId organization) {
    std::vector<UserId> people;
    for (const auto& user : identity::staff(tx, organization, "admin")) people.push_back(user.id);
    return people;
  };
  w.outbox.on_attempt = [&w](db::Tx& tx, OrganizationId organization, const messaging::Message& message,
                             const messaging::MessageAttempt& attempt) {
    safety::on_attempt(w.safety, tx, organization, message, attempt);
  };
  w.outbox.still_needed = [&w](db::Tx& tx, OrganizationId organization, const messaging::Message& m) {
    if (m.patient && m.link_path && m.kind.starts_with("checkins."))  // a dead link is not sent
      return checkins::still_needed(w.checkins, tx, organization, m.object, *m.link_path);
    return safety::still_needed(tx, organization, m);
  };
  w.post = [&w](db::Tx& tx, OrganizationId organization, const messaging::Notice& notice) {
    return messaging::post(w.outbox, tx, organization, notice);
  };
  w.notify = [&w](db::Tx& tx, OrganizationId organization, const messaging::Notice& notice) {
    messaging::post(w.outbox, tx, organization, notice);
  };
  w.messaging.chart = &w.chart;
  w.messaging.outbox = &w.outbox;
  wire_patient_messages(w.patient_messages, w.outbox, data_, w.chart, settings);
  w.admissions.gateway = admit_gateway(w.patient_messages);

  w.safety.chart = &w.chart;
  w.safety.review_within_minutes = data_.rules.numbers.safety_unreviewed_minutes;
  w.safety.post = w.post;
  w.safety.settle = messaging::settle;
  w.safety.calendar_of = w.calendar_of;
  w.safety.escalate_after_minutes = settings.escalate_after_minutes;
  w.safety.remind_assessment_minutes = settings.remind_assessment_minutes;
  w.safety.mail_is_set_up = settings.mail_is_set_up;
  w.safety.sms_is_set_up = settings.sms_is_set_up;
  w.safety.plan = &data_.safety_plan;
  w.safety.crisis = &data_.crisis;
  w.crisis_of = [&w](db::Tx& tx, OrganizationId organization, SiteId site, std::string_view language, Instant now) {
    return safety::crisis_help(w.safety, tx, organization, site, language, now);
  };
  w.safety.contact_of = messaging::find_contact;
  w.safety.team_of = [this](db::Tx& tx, OrganizationId organization, PatientId patient) {
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode) return safety::Team{};
    safety::Team team{episode->care_manager, episode->consultant};
    if (team.care_manager)  // whoever covers for them today
      team.care_manager = responsible_now(tx, organization, episode->site, patient, *team.care_manager, clock_.now());
    return team;
  };
  w.safety.works_at = works_at;
  w.safety.clinicians_at = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return people_at(tx, organization, site, "");
  };
  w.safety.consultants_at = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return people_at(tx, organization, site, "psychiatric_consultant");
  };
  w.safety.screen = [](db::Tx& tx, OrganizationId organization, PatientId patient, measurements::MeasurementId id) {
    const auto m = measurements::find(tx, organization, patient, id);
    return m ? std::optional(screen_of(*m)) : std::nullopt;
  };
  w.safety.latest_screen = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<safety::Screen> {
    for (const auto& m : measurements::list(tx, organization, patient))
      if (m.instrument.starts_with("c-ssrs") && !m.replaced_by) return screen_of(m);
    return std::nullopt;
  };
  w.safety.patient = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<safety::PatientLine> {
    const auto p = patients::find(tx, organization, patient);
    if (!p) return std::nullopt;
    return safety::PatientLine{p->given_name, p->family_name, p->birth_date, p->language};
  };
  w.safety.clinic = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& s : identity::sites(tx, organization))
      if (s.id == site) return safety::ClinicLine{s.name, s.phone, s.hours};
    return safety::ClinicLine{};
  };
  w.safety.publish = [&w](OrganizationId organization, PatientId patient) {
    if (!w.publish) return;
    for (const char* topic : {"safety", "patient", "notices"}) w.publish(organization, {topic, patient.uuid});
  };

  w.measurements.chart = &w.chart;
  w.measurements.library = &data_.instruments;
  w.measurements.permitted = [this](db::Tx& tx, OrganizationId organization, SiteId site, std::string_view instrument) {
    return instruments::is_permitted(tx, organization, site, instrument, local_date(clock_.now(), zones_.of(organization, site)));
  };
  w.measurements.raise_signal = [&w](db::Tx& tx, const Asker& asker, const Place& place,
                                     const measurements::RaisedSignal& raised) {
    safety::raise(w.safety, tx, asker, place, raised.measurement, raised.signal, raised.level, raised.corrects);
  };

  w.measurements.on_entered = [&w](db::Tx& tx, const Asker& asker, const Place& place, const measurements::Measurement& m) {
    checkins::entered(w.checkins, tx, asker, place, m);
  };
  w.measurements.on_seen = [&w](db::Tx& tx, const Asker& asker, const Place& place, measurements::MeasurementId id) {
    checkins::seen(w.checkins, tx, asker, place, id);
  };
  wire_checkins(w.checkins, {&w.chart, &data_, &settings, &w.measurements, &w.safety, w.patient_messages.tell_patient, w.notify,
                             w.calendar_of, &clock_});
  wire_reminders(w.reminders, {&w.chart, &data_, &w.outbox, &w.checkins, &clock_, &ids_, w.patient_messages.tell_patients});
  w.reminders_on = settings.reminders_on;
  w.reminder_minute = settings.reminder_minute;
  w.admissions.form = admit_form(w.checkins);
  w.admissions.form_problem = form_problem(w.checkins);

  w.treatments.chart = &w.chart;
  w.treatments.rules = &data_.trials;
  w.treatments.scores = [this](db::Tx& tx, OrganizationId organization, PatientId patient) {
    treatments::ScoreSeries series;
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode || !episode->primary_instrument) return series;
    series.instrument = *episode->primary_instrument;
    series.higher_is_worse = data_.rules.criteria(series.instrument).higher_is_worse;
    for (const auto& m : measurements::list(tx, organization, patient))
      if (m.instrument == series.instrument && m.valid && m.total && !m.replaced_by &&
          (m.informant == "self" || m.informant == "child"))
        series.points.push_back({m.administered_date, *m.total});
    return series;
  };
  w.treatments.close_recommendation = [&w](db::Tx& tx, const Asker& asker, const Place& place, const Uuid& recommendation,
                                           const Uuid& treatment, Date day, std::string_view path) {
    return reviews::close_recommendation(w.reviews, tx, asker, place, recommendation, treatment, day, path);
  };

  w.reviews.chart = &w.chart;
  w.reviews.agenda_rules = &data_.agenda;
  w.reviews.notify = w.notify;
  w.reviews.patient = patients::find;
  w.reviews.team = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    reviews::Team team;
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode) return team;
    team.care_manager = episode->care_manager;
    team.consultant = episode->consultant;
    for (const auto& member : episodes::list_team(tx, organization, episode->id)) {
      if (!member.user || member.until) continue;
      if (member.role == "pcp") team.pcp = member.user;
      if (member.role == "bh_specialist") team.bh_specialist = member.user;
      if (member.role == "psychiatric_consultant" && !team.consultant) team.consultant = member.user;
    }
    // Nobody has been made the patient's doctor: whoever referred them is.
    if (!team.pcp && episode->referral)
      if (const auto referral = referrals::find(tx, organization, *episode->referral)) team.pcp = referral->referred_by_user;
    return team;
  };
  w.reviews.cases = [this](db::Tx& tx, const Asker& asker, SiteId site, const std::vector<UserId>& care_managers, Date day) {
    return review_cases(tx, asker, data_.rules, site, care_managers, day);
  };
  w.reviews.one_case = [this](db::Tx& tx, const Asker& asker, PatientId patient, Date day) {
    return review_case(tx, asker, data_.rules, patient, day);
  };
  w.reviews.write_trend = [this](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
    write_trend(out, tx, asker, data_.rules, place);
  };
  w.reviews.plan_line = [&w](db::Tx& tx, const Asker& asker, const Place& place) {
    const auto plan = treatments::plan_now(w.treatments, tx, asker, place);
    return reviews::PlanLine{plan.line, std::string(treatments::name(plan.adequate))};
  };
  w.reviews.is_treatment = [](db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& treatment) {
    return treatments::find(tx, organization, patient, treatments::TreatmentId(treatment)).has_value();
  };

  w.episodes.chart = &w.chart;
  w.episodes.has_role = identity::has_role;
  w.episodes.is_instrument = [this](std::string_view id) {
    const auto* found = data_.instruments.find(id);
    return found && found->validated;
  };
  w.episodes.set_referral_outcome = [](db::Tx& tx, OrganizationId organization, episodes::ReferralId referral,
                                       std::string_view outcome,
                                       Date on) { referrals::set_outcome(tx, organization, referral, outcome, on); };

  w.referrals.chart = &w.chart;
  w.referrals.patient = patients::find;
  w.referrals.open_episode = [&w](db::Tx& tx, const Asker& asker, PatientId patient, SiteId site, episodes::ReferralId referral,
                                  Date on) { return episodes::open(w.chart, tx, asker, patient, site, referral, on); };
  w.referrals.episode_of = episodes::of_referral;
  w.referrals.close_episode = [&w](db::Tx& tx, const Asker& asker, PatientId patient, episodes::ReferralId referral,
                                   std::string_view reason, std::string_view note, Date on) {
    return episodes::close_of_referral(w.chart, tx, asker, patient, referral, reason, note, on);
  };

  w.plans.chart = &w.chart;
  w.plans.aids = &data_.aids;
  w.plans.language_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<std::string> {
    const auto found = patients::find(tx, organization, patient);
    return found ? found->language : std::nullopt;
  };
  w.plans.labels_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    const auto episode = episodes::find_open(tx, organization, patient);
    return episode ? episode->labels : std::string("normal");
  };

  w.pathways.chart = &w.chart;
  w.pathways.library = &data_.pathways;
  w.pathways.instruments = &data_.instruments;
  w.pathways.aid_title = [this](std::string_view aid, std::string_view language) {
    const auto* found = data_.aids.find(aid);
    return found != nullptr ? found->title.in(language) : std::string(aid);
  };
  w.pathways.open_episode = episodes::find_open;
  w.pathways.team_of = episodes::list_team;
  w.pathways.given = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    std::vector<pathways::Given> given;
    for (const auto& m : measurements::list(tx, organization, patient))
      if (!m.replaced_by) given.push_back({m.instrument, m.informant, m.administered_date, m.total, m.valid});
    return given;
  };
  w.pathways.birth_date = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<Date> {
    const auto found = patients::find(tx, organization, patient);
    return found ? found->birth_date : std::nullopt;
  };
  w.pathways.has_medication = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    for (const auto& t : treatments::list(tx, organization, patient))
      if (t.kind == "medication" && !t.stop_date) return true;
    return false;
  };
  w.pathways.has_relapse_plan = plans::has_relapse_plan;
  w.pathways.permitted = w.measurements.permitted;

  w.episodes.pathway_label = [this](std::string_view pathway) { return pathways::label_of(data_.pathways, pathway); };
  w.episodes.note_pathway = [&w](db::Tx& tx, const Asker& asker, episodes::EpisodeId episode,
                                 const std::optional<std::string>& from, const std::optional<std::string>& to,
                                 const std::string& reason,
                                 Date on) { pathways::note_choice(w.chart, tx, asker, episode, from, to, reason, on); };

  w.billing.chart = &w.chart;
  w.billing.rules = &data_.billing;
  w.billing.calendar_of = w.calendar_of;
  w.billing.site_name = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& one : identity::sites(tx, organization))
      if (one.id == site) return one.name;
    return std::string();
  };
  w.contacts.refuse_minutes = [&w](db::Tx& tx, const Asker& asker, const Place& place, const contacts::TimeEntry& entry,
                                   std::optional<contacts::TimeEntryId> replaces) {
    return billing::refuse_minutes(w.billing, tx, asker, place, entry, replaces);
  };
  w.contacts.minutes_counted = [&w](db::Tx& tx, OrganizationId organization, const Place& place, Date day) {
    return billing::minutes_counted(w.billing, tx, organization, place, day);
  };
  w.contacts.read_goal_check = plans::goal_check_reader(w.plans);
  w.contacts.chart = &w.chart;
  w.contacts.read_measurement = measurements::reader(w.measurements);
  w.contacts.read_treatment_change = treatments::reader(w.treatments);
  w.contacts.read_treatment_report = treatments::report_reader(w.treatments);
  w.contacts.read_psychotherapy = treatments::session_reader(w.treatments);
  const auto write_attention = [this](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
    return caseload::write_attention(out, tx, asker.caller, data_.rules, place.patient, place.today, asker.now);
  };
  w.contacts.write_attention = write_attention;

  TeamLent lent;
  lent.chart = &w.chart;
  lent.notify = w.notify;
  lent.write_attention = write_attention;
  lent.refresh_caseload = [this](db::Tx& tx, OrganizationId organization, const std::vector<PatientId>& patients) {
    caseload::refresh_many(tx, organization, patients, data_.rules);
  };
  wire_team(w.team, lent);
  wire_outreach(w.outreach,
                {&w.chart, &w.portal.deps, w.calendar_of, w.notify, w.patient_messages.tell_patient, settings.public_url});
  for (auto& source : outreach_timeline()) w.team.timeline.sources.push_back(std::move(source));
  w.contacts.take_visit = [&w](db::Tx& tx, const Asker& asker, const Place& place, const Uuid& visit, const Uuid& contact) {
    return visits::take_contact(w.outreach.visits, tx, asker, place, visit, contact);
  };

  w.patients.chart = &w.chart;
  w.patients.episode_state = episodes::open_state;
  const auto with_chart = [&w](auto write) {
    return [&w, write](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
      write(w.chart, out, tx, asker, place);
    };
  };
  const auto with_treatments = [&w](auto write) {
    return [&w, write](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
      write(w.treatments, out, tx, asker, place);
    };
  };
  const auto with_reviews = [&w](auto write) {
    return [&w, write](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
      write(w.reviews, out, tx, asker, place);
    };
  };
  w.patients.sections = {
      {"episode", with_chart(episodes::write_open)},
      {"episodes", with_chart(episodes::write_all)},
      {"care_team", with_chart(episodes::write_team)},
      {"consents", with_chart(episodes::write_consents)},
      {"measurements", with_chart(measurements::write_all)},
      {"contacts", with_chart(contacts::write_all)},
      {"treatments", with_treatments(treatments::write_all)},
      {"trial", with_treatments(treatments::write_trial)},
      {"treatment_reports", with_treatments(treatments::write_reports)},
      {"psychotherapy_sessions", with_treatments(treatments::write_sessions)},
      {"reviews", with_reviews(reviews::write_all)},
      {"review_questions", with_reviews(reviews::write_open_questions)},
      {"safety_events", with_chart(safety::write_all)},
      {"safety_plan", with_chart(safety::write_plan_line)},
      {"plans", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                     const Place& place) { plans::write_plans(w.plans, out, tx, asker, place); }},
      {"goals", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                     const Place& place) { plans::write_goals(w.plans, out, tx, asker, place); }},
      {"decisions", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                         const Place& place) { plans::write_decisions(w.plans, out, tx, asker, place); }},
      {"check_ins",
       [&w](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
         if (identity::role_allows(asker.caller.role, "checkins.read")) checkins::write_glance(w.checkins, out, tx, asker, place);
         else out.null();
       }},
      {"decision_preparations", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                                     const Place& place) { plans::write_preparations(w.plans, out, tx, asker, place); }},
      {"patient_messages", write_patient_messages},
      {"patient_logs", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                            const Place& place) { write_patient_logs(w.content, out, tx, asker, place); }},
      {"conditions", patients::write_conditions},
      {"allergies", patients::write_allergies},
      {"prompts", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                       const Place& place) { pathways::write_prompts(w.pathways, out, tx, asker, place); }},
      {"referrals", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                         const Place& place) { referrals::write_all(w.referrals, out, tx, asker, place); }},
      {"cover", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                     const Place& place) { write_cover_now(w.team, out, tx, asker, place); }},
      {"education", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                         const Place& place) { education::write_line(w.education, out, tx, asker, place); }},
      {"tasks", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                     const Place& place) { write_team_tasks(w.team, out, tx, asker, place); }},
      {"conversation", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                            const Place& place) { write_team_conversation(w.team, out, tx, asker, place); }},
      {"minutes_this_month", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                                  const Place& place) { contacts::write_minutes(w.contacts, out, tx, asker, place); }},
      {"billing", [&w](json::Writer& out, db::Tx& tx, const Asker& asker,
                       const Place& place) { billing::write_month(w.billing, out, tx, asker, place); }},
      {"attention", [write_attention](json::Writer& out, db::Tx& tx, const Asker& asker,
                                      const Place& place) { write_attention(out, tx, asker, place); }},
  };

  for (auto& section : outreach_sections(w.outreach)) w.patients.sections.push_back(std::move(section));

  // What the consultant and the PCP see beside the question: the patient page's own sections, none twice.
  for (const auto& section : w.patients.sections) {
    static constexpr std::string_view kNotOfReview[] = {"episodes", "consents",         "contacts",
                                                        "reviews",  "review_questions", "referrals"};
    static constexpr std::string_view kOfAnswer[] = {"treatments", "trial", "allergies", "conditions"};
    if (std::find(std::begin(kNotOfReview), std::end(kNotOfReview), section.name) == std::end(kNotOfReview))
      w.reviews.review_sections.push_back({section.name, section.write});
    if (std::find(std::begin(kOfAnswer), std::end(kOfAnswer), section.name) != std::end(kOfAnswer))
      w.reviews.answer_sections.push_back({section.name, section.write});
  }

  // What the patient wants, in a few lines.
  const auto write_wishes = [&w](json::Writer& out, db::Tx& tx, const Asker& asker, const Place& place) {
    plans::write_wishes(w.plans, out, tx, asker, place);
  };
  w.reviews.review_sections.push_back({"wishes", write_wishes});
  w.reviews.answer_sections.push_back({"wishes", write_wishes});

  w.caseload.rules = &data_.rules;
  w.caseload.chart = &w.chart;
  w.caseload.covers_on = tasks::covers_on;

  w.state_report = state_report_deps(w.chart, data_);
  w.program_figures = {&w.state_report, &data_.aims, &data_.hedis};
  w.reports = report_deps(w.chart, data_, *w.residents);

  w.education = education_deps(w.chart, data_, w.patient_messages.tell_patient);
  ContentLent content;
  content.chart = &w.chart;
  content.data = &data_;
  content.portal = &w.portal.deps;
  content.calendar_of = w.calendar_of;
  content.notify = w.notify;
  content.tell_patient = w.patient_messages.tell_patient;
  content.crisis_of = w.crisis_of;
  wire_content(w.content, content);
  w.treatments.taken = taken_days;
  PortalLent shown;
  shown.chart = &w.chart;
  shown.clock = &clock_;
  shown.ids = &ids_;
  shown.data = &data_;
  shown.outbox = &w.outbox;
  shown.tell_patient = w.patient_messages.tell_patient;
  shown.education = &w.education;
  shown.content = &w.content;
  shown.outreach = &w.outreach;
  shown.checkins = &w.checkins;
  wire_portal(w.portal, shown, settings);
  w.admissions.portal = admit_portal(w.portal);
}

Slices::~Slices() = default;

measures::Residents& Slices::residents() const { return *wiring_->residents; }

std::vector<http::Route> Slices::routes() const {
  const auto& w = *wiring_;
  std::vector<http::Route> all;
  const auto add = [&](std::vector<http::Route> routes) {
    for (auto& route : routes) all.push_back(std::move(route));
  };
  add(caseload::routes(w.caseload));
  add(patients::routes(w.patients));
  add(referrals::routes(w.referrals));
  add(episodes::routes(w.episodes));
  add(measurements::routes(w.measurements));
  add(contacts::routes(w.contacts));
  add(billing::routes(w.billing));
  add(measures::site_month_routes());
  add(treatments::routes(w.treatments));
  add(reviews::routes(w.reviews));
  add(safety::routes(w.safety));
  add(messaging::routes(w.messaging));
  add(messaging::patient_routes(w.patient_messages.deps));
  add(portal_preference_routes(w.outbox));
  add(portal_routes(w.portal));
  add(content_acts(w.content));
  add(content_routes(w.content));
  add(education::routes(w.education));
  add(checkins::routes(w.checkins));
  add(reminders::routes(w.reminders));
  add(checkins::page_routes(w.checkins));
  add(portal_checkin_routes(w.checkins, w.portal.deps));
  add(outreach_routes(w.outreach));
  add(plans::routes(w.plans));
  add(pathways::routes(w.pathways));
  add(patients::condition_routes(w.chart));
  add(instruments::routes(data_.instruments));
  add(calendar::routes(w.calendar));
  add(tasks::routes(w.team.tasks));
  add(conversations::routes(w.team.conversations));
  add(patients::timeline_routes(w.team.timeline));
  add(identity::desk_routes(ids_));
  add(identity::routes());
  add(measures::routes(w.state_report));
  add(measures::program_routes(w.program_figures));
  add(reports::routes(w.reports));
  add(reports::what_if_routes(what_if_deps(w.reports, data_)));
  add(audit::routes([&w](db::Tx& tx, const Caller& caller, Instant now, const Uuid& patient) {
    return w.chart.find(tx, caller, now, patients::PatientId(patient)).has_value();
  }));
  // The live stream has no handler: the dispatcher opens it after the same admission as everything else.
  http::Route events;
  events.pattern = "/api/v1/events";
  events.name = "events.stream";
  events.permission = "events.read";
  events.summary = "Server-sent events: which kind of row changed, and its id";
  events.response_schema = R"({"type":"string","description":"text/event-stream; event: change; data: {\"topic\",\"id\"}"})";
  all.push_back(std::move(events));
  learn_routes(wiring_->portal, all);
  return all;
}

void Slices::refresh(db::Tx& tx, OrganizationId organization, std::span<const patients::PatientId> patients) const {
  caseload::refresh_many(tx, organization, patients, data_.rules);
}

void Slices::call_for_help(jobs::Worker& worker, db::Database& database) const {
  const auto* w = wiring_.get();
  worker.handle(std::string(safety::kEscalateJob),
                [this, w, &database](jobs::JobRun& run) { return safety::escalate(w->safety, database, clock_, run); });
  worker.handle(std::string(safety::kWatchJob), [this, w, &database](jobs::JobRun&) -> Result<void> {
    CONCORD_TRY_VOID(safety::make_up_for_lost_calls(w->safety, database, clock_));
    return {};
  });
  worker.every(std::chrono::minutes(5), std::string(safety::kWatchJob));
}

void Slices::follow_calendars(jobs::Worker& worker, db::Database& database) const {
  worker.handle(std::string(kCalendarJob), [this, &database](jobs::JobRun& run) -> Result<void> {
    CONCORD_TRY_VOID(caseload::rebuild(database, run.job().organization, data_.rules, [&](const auto&) { run.keep(); }));
    return {};
  });
}

const portal::Deps& Slices::portal() const { return wiring_->portal.deps; }

const std::vector<portal::View>& Slices::portal_views() const { return wiring_->portal.views; }

void Slices::plan_reminders(jobs::Worker& worker, db::Database& database) const {
  if (wiring_->reminders_on) app::plan_reminders(worker, database, wiring_->reminders.lent, wiring_->reminder_minute);
}

const reminders::Lent& Slices::reminders() const { return wiring_->reminders.lent; }

void Slices::keep_groups(jobs::Worker& worker, db::Database& database) const {
  app::keep_groups(wiring_->outreach, worker, database, clock_);
}

void Slices::keep_checkins(jobs::Worker& worker, db::Database& database) const {
  app::keep_checkins(wiring_->checkins, worker, database, clock_);
}

const checkins::Deps& Slices::checkins() const { return wiring_->checkins; }

const Admissions& Slices::admissions() const { return wiring_->admissions; }

const messaging::Outbox& Slices::outbox() const { return wiring_->outbox; }

void Slices::publish_to(std::function<void(OrganizationId, const http::Event&)> publish) {
  wiring_->publish = std::move(publish);
}

}  // namespace concord::app
