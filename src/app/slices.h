// The slices' shared data and the functions they lend each other. A slice never includes another's store:
// what it needs from a neighbour is passed here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "app/admission.h"
#include "app/zones.h"
#include "base/clock.h"
#include "base/id.h"
#include "billing/rules.h"
#include "caseload/ruleset.h"
#include "caseload/what_if.h"
#include "checkins/checkins.h"
#include "checkins/flow.h"
#include "checkins/words.h"
#include "education/education.h"
#include "http/route.h"
#include "instruments/instruments.h"
#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/nys.h"
#include "measures/residents.h"
#include "measures/run_chart.h"
#include "messaging/outbox.h"
#include "pathways/pathways.h"
#include "patients/patients.h"
#include "plans/decision_aid.h"
#include "portal/confidentiality.h"
#include "portal/portal_deps.h"
#include "portal/words.h"
#include "reminders/reminders_run.h"
#include "reports/reports.h"
#include "reviews/agenda.h"
#include "safety/crisis.h"
#include "safety/safety_plan.h"
#include "surveys/surveys.h"
#include "treatments/trial.h"

namespace concord::app {

/// Data files, loaded once, read-only afterwards.
struct DataFiles {
  instruments::Library instruments;
  measures::NysRules nys;      ///< rulesets/nys-omh-2025.json
  measures::AimsRules aims;    ///< rulesets/aims-2026.json
  measures::HedisRules hedis;  ///< rulesets/hedis-my2026.json
  caseload::RuleSet rules;
  billing::Rules billing;
  reviews::AgendaRules agenda;    ///< rulesets/review-agenda-2026.json
  treatments::TrialRules trials;  ///< rulesets/trials-2026.json
  plans::AidLibrary aids;
  pathways::Library pathways;
  messaging::Texts messages;                               ///< content/messages/
  messaging::PatientTexts patient_messages;                ///< content/messages/patient.*.json
  safety::PlanTemplate safety_plan;                        ///< content/safety/plan.json
  portal::Confidentiality confidentiality;                 ///< rulesets/confidentiality-2026.json
  reminders::Rules reminders;                              ///< rulesets/reminders-2026.json
  checkins::Words checkin_words;                           ///< content/checkins/pages.json
  portal::Words portal_words;                              ///< content/portal/words.json
  surveys::Library surveys;                                ///< content/surveys/
  safety::CrisisContent crisis;                            ///< content/crisis/help.json
  education::Library education;                            ///< content/education/, and the site's own pieces
  std::shared_ptr<const measures::OutcomeRules> outcomes;  ///< rulesets/outcomes-2026.json
  measures::RunChartRules run_charts;                      ///< rulesets/run-charts-2026.json
  reports::Rules reports;                                  ///< rulesets/reports-2026.json
  caseload::WhatIfAssumptions what_if;                     ///< rulesets/what-if-2026.json
  portal::Words report_words;                              ///< content/reports/words.json
};
/// Loads and checks instruments/, rulesets/, content/ and pathways/ under `folder`; `own_content`: a site's own pieces.
Result<DataFiles> load_data_files(const std::filesystem::path& folder, const std::string& own_content = {});
/// After migrations, before anything reads or writes the caseload: computes its rows again where another program or other
/// rules made them. Takes as long as a rebuild then, and no time otherwise.
Result<void> bring_caseload_up_to_date(db::Database& database, const DataFiles& data);

/// What the portal must know of the configuration.
struct PortalSettings {
  std::string state;          ///< "NY": whose age rules hold; empty: the program's own
  int trusted_months = 12;    ///< how long a trusted person's access holds when nobody says otherwise
  bool staff_by_name = true;  ///< "who looked at my record" names people, not only roles
  /// The demo's: shows on the console what a message would have said. Empty everywhere else.
  std::function<void(const std::string& address, const std::string& text)> show;
};

/// What the slices must know of the configuration.
struct SliceSettings {
  std::string public_url;  ///< where people open Concord, without a slash at the end
  bool mail_is_set_up = false, sms_is_set_up = false;
  bool secure_cookies = false;  ///< TLS, or a proxy that does it
  PortalSettings portal;
  int most_attempts = 10;       ///< of one message
  messaging::QuietHours quiet;  ///< no message to a patient then
  std::string sms_token;        ///< of the gateway, whose calls are signed with it
  bool reminders_on = true;
  int reminder_minute = 8 * 60;  ///< site time at which a day of reminders is planned
  checkins::Settings checkins;
  std::filesystem::path web_folder;        ///< web/dist; may be missing
  int escalate_after_minutes = 10;         ///< a safety signal without an answer goes to the next person
  int remind_assessment_minutes = 60;      ///< and one without an assessment is called to mind
  measures::Residents::Settings outcomes;  ///< how outcome columns stay fresh
};

/// Owns what the slices share and wires their routes. Lives as long as its routes. Thread-safe.
class Slices {
 public:
  Slices(const Clock& clock, IdSource& ids, DataFiles data, const SliceSettings& settings = {});
  ~Slices();

  /// Every route of every slice, wired, and the live event stream.
  std::vector<http::Route> routes() const;
  /// Brings caseload rows up to date after facts have changed.
  void refresh(db::Tx& tx, OrganizationId organization, std::span<const patients::PatientId> patients) const;
  /// Lets `worker` call the next person for a safety signal, at its time.
  void call_for_help(jobs::Worker& worker, db::Database& database) const;
  /// Lets `worker` compute the caseload again after a site's calendar has changed, in batches.
  void follow_calendars(jobs::Worker& worker, db::Database& database) const;
  /// Lets `worker` write down check-ins that have expired and remove answers that were never sent.
  void keep_checkins(jobs::Worker& worker, db::Database& database) const;
  /// Lets `worker` send what patients are due, once a day at each site; not when the configuration turned it off.
  void plan_reminders(jobs::Worker& worker, db::Database& database) const;
  /// For the command line.
  const reminders::Lent& reminders() const;
  /// Lets `worker` end offers of places in groups that nobody answered.
  void keep_groups(jobs::Worker& worker, db::Database& database) const;
  /// Mail, SMS and notices.
  const messaging::Outbox& outbox() const;
  /// Accounts of the portal, for signing in (app/portal_auth.h) and the command line.
  const portal::Deps& portal() const;
  /// What patients see, for tests that walk all of it.
  const std::vector<portal::View>& portal_views() const;
  /// What check-ins lean on: for the demo.
  const checkins::Deps& checkins() const;
  /// Who is admitted to portal, check-in pages and hooks.
  const Admissions& admissions() const;
  /// The columns that figures of outcomes are computed from. Whoever runs a server starts it and stops it before the database
  /// goes.
  measures::Residents& residents() const;
  /// Told of changes that no request made. Before any worker runs.
  void publish_to(std::function<void(OrganizationId, const http::Event&)> publish);
  const DataFiles& data() const { return data_; }
  Zones& zones() { return zones_; }

 private:
  struct Wiring;

  const Clock& clock_;
  IdSource& ids_;
  const DataFiles data_;
  Zones zones_;
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace concord::app
