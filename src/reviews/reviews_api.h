// Routes of psychiatric case reviews: sessions and their agenda (sessions_api.cpp), review mode, drafts, signing and
// questions (reviews_api.cpp), recommendations and the PCP's page (recommendations_api.cpp).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "json/cursor.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "reviews/agenda.h"
#include "reviews/reviews.h"

namespace concord::reviews {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// Who is who for a patient, as far as they are users.
struct Team {
  std::optional<UserId> care_manager, consultant, pcp, bh_specialist;
};

/// What the patient takes and does now, in one line.
struct PlanLine {
  std::string line;                  ///< "sertraline 50 -> 100 mg"; "" without a treatment
  std::string adequate = "unknown";  ///< yes, no, unknown
};

/// A member of a prepared page, written by the slice that owns it.
struct Section {
  std::string name;
  std::function<void(json::Writer&, db::Tx&, const Asker&, const Place&)> write;
};

/// Must outlive the routes. Thread-safe when its functions are.
struct Deps {
  const Chart* chart = nullptr;
  const AgendaRules* agenda_rules = nullptr;
  messaging::Notify notify;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  std::function<Team(db::Tx&, OrganizationId, PatientId)> team;
  /// The open caseload of a site with the causes to discuss each patient, those of the care managers only unless
  /// there are none. Texts in the caller's language.
  std::function<std::vector<Case>(db::Tx&, const Asker&, SiteId, const std::vector<UserId>& care_managers, Date day)> cases;
  /// The same for one patient; nullopt without an episode.
  std::function<std::optional<Case>(db::Tx&, const Asker&, PatientId, Date day)> one_case;
  /// Writes {instrument, points, baseline, ...} of the primary instrument, or null.
  std::function<void(json::Writer&, db::Tx&, const Asker&, const Place&)> write_trend;
  std::function<PlanLine(db::Tx&, const Asker&, const Place&)> plan_line;
  std::function<bool(db::Tx&, OrganizationId, PatientId, const Uuid& treatment)> is_treatment;
  std::vector<Section> review_sections;  ///< of the consultant's page
  std::vector<Section> answer_sections;  ///< of the PCP's page
};

std::vector<http::Route> routes(const Deps& deps);

/// A treatment carries a recommendation out: accepted (when nobody had answered yet) and done, in the caller's
/// transaction. invalid at `path` when it is not this patient's, conflict when it cannot be done any more.
Result<void> close_recommendation(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                                  const Uuid& recommendation, const Uuid& treatment, Date day, std::string_view path);

/// Members of the patient page: "reviews" newest first, "review_questions" that are open.
void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_open_questions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::reviews
