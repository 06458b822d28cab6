// Routes of treatment trials, reports about them and sessions of psychotherapy, and the readers of what a contact
// brings: dose changes, reports, a session.
#pragma once

#include <functional>
#include <vector>

#include "json/cursor.h"
#include "patients/chart.h"
#include "treatments/treatments.h"
#include "treatments/trial.h"

namespace concord::treatments {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  const TrialRules* rules = nullptr;
  /// Scores of the primary instrument of the open episode.
  std::function<ScoreSeries(db::Tx&, OrganizationId, PatientId)> scores;
  /// The treatment carries a recommendation out (reviews_api.h close_recommendation); issues at `path`.
  std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Uuid& recommendation, const Uuid& treatment, Date day,
                             std::string_view path)>
      close_recommendation;
  /// How the patient says medicines were taken since a day, newest first, one a treatment and day. May be empty.
  std::function<std::vector<TakenDay>(db::Tx&, OrganizationId, PatientId, Date since)> taken = {};
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores a part of a contact's body in its transaction, on the contact's day, and writes it as JSON.
using StorePart =
    std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Uuid& contact, Date contact_date, json::Writer&)>;
using StoreChange = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Date contact_date, json::Writer&)>;
/// Reads {treatment_id, version, to_dose, reason, recommendation_id}; empty after an issue.
std::function<StoreChange(const json::Cursor& body)> reader(const Deps& deps);
/// Reads {treatment_id, adherence, side_effects, bother}; empty after an issue.
std::function<StorePart(const json::Cursor& body)> report_reader(const Deps& deps);
/// Reads {approach, treatment_id, minutes, focus, homework}; `minutes`: of the contact, where the session says none.
std::function<StorePart(const json::Cursor& body, std::optional<int> minutes)> session_reader(const Deps& deps);

/// Members of the patient page: "treatments" newest first, "trial", "treatment_reports" and "psychotherapy_sessions"
/// (the last 20 each).
void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_trial(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_reports(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_sessions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// What is taken now in one line ("sertraline 50 -> 100 mg + problem-solving treatment"), and whether it was tried enough.
struct PlanNow {
  std::string line;
  Answer adequate = Answer::unknown;
};
PlanNow plan_now(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::treatments
