// The facts of the review agenda: the caseload's rows and the rules that fire on them, in the words of reviews/agenda.h.
#pragma once

#include <optional>
#include <vector>

#include "caseload/caseload_store.h"
#include "patients/chart.h"
#include "reviews/agenda.h"

namespace concord::app {

/// The open caseload of a site, read from the projection: one clustered read for each care manager; without any,
/// every row of the site.
std::vector<reviews::Case> review_cases(db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules, SiteId site,
                                        const std::vector<UserId>& care_managers, Date day);
/// One patient, from the facts themselves.
std::optional<reviews::Case> review_case(db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules,
                                         patients::PatientId patient, Date day);
/// {instrument, baseline, ..., points, range} of the primary instrument, or null without an episode or a score.
void write_trend(json::Writer& w, db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules,
                 const patients::Place& place);

}  // namespace concord::app
