// The slices' shared data and the functions they lend each other. A slice never includes another's store:
// what it needs from a neighbour is passed here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "app/zones.h"
#include "base/clock.h"
#include "base/id.h"
#include "billing/rules.h"
#include "caseload/ruleset.h"
#include "http/route.h"
#include "instruments/instruments.h"
#include "messaging/outbox.h"
#include "pathways/pathways.h"
#include "patients/patients.h"
#include "plans/decision_aid.h"
#include "reviews/agenda.h"
#include "safety/safety_plan.h"
#include "treatments/trial.h"

namespace concord::app {

/// Data files, loaded once, read-only afterwards.
struct DataFiles {
  instruments::Library instruments;
  caseload::RuleSet rules;
  billing::Rules billing;
  reviews::AgendaRules agenda;    ///< rulesets/review-agenda-2026.json
  treatments::TrialRules trials;  ///< rulesets/trials-2026.json
  plans::AidLibrary aids;
  pathways::Library pathways;
  messaging::Texts messages;         ///< content/messages/
  safety::PlanTemplate safety_plan;  ///< content/safety/plan.json
};
/// Loads and checks instruments/, rulesets/, content/decision_aids/ and pathways/ under `folder`.
Result<DataFiles> load_data_files(const std::filesystem::path& folder);
/// After migrations, before anything reads or writes the caseload: computes its rows again where another program or other
/// rules made them. Takes as long as a rebuild then, and no time otherwise.
Result<void> bring_caseload_up_to_date(db::Database& database, const DataFiles& data);

/// What the slices must know of the configuration.
struct SliceSettings {
  std::string public_url;  ///< where people open Concord, without a slash at the end
  bool mail_is_set_up = false, sms_is_set_up = false;
  int most_attempts = 10;              ///< of one message
  int escalate_after_minutes = 10;     ///< a safety signal without an answer goes to the next person
  int remind_assessment_minutes = 60;  ///< and one without an assessment is called to mind
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
  /// Mail, SMS and notices.
  const messaging::Outbox& outbox() const;
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
