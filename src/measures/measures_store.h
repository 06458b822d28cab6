// Facts of an organization from the database, for measures. Reads other slices' tables, like the caseload's facts: a measure
// is a statement about all of them. Reads only.
#pragma once

#include <functional>
#include <string>

#include "base/caller.h"
#include "db/database.h"
#include "measures/facts.h"
#include "measures/nys.h"

namespace concord::measures {

/// What a row was called outside ("patient" or "episode"); its id where it has no other name.
using NameOf = std::function<std::string(std::string_view kind, const Uuid& id)>;

/// Every patient that ever had an enrolment, a visit at the practice or a score. One snapshot; a large organization takes
/// seconds.
Clinic load_clinic(db::Tx& tx, OrganizationId organization, const NysRules& rules, const NameOf& name_of);

/// The facts as they were known at `as_of`: what was entered, changed or taken back later is as it was (docs/decisions/0012).
Clinic load_clinic_as_of(db::Tx& tx, OrganizationId organization, const NysRules& rules, const NameOf& name_of, Instant as_of);

/// From the columns of facts_scores.sql; adds the form to the clinic.
Score score_from(Clinic& clinic, const NysRules& rules, const db::Row& row);
/// From the columns of facts_treatments.sql.
void add_treatment(Clinic& clinic, PatientIndex patient, const db::Row& row);
/// From the columns of facts_visits.sql.
Visit visit_from(const NysRules& rules, const db::Row& row);
/// From the columns of facts_conditions.sql.
void add_diagnosis(Clinic& clinic, PatientIndex patient, const db::Row& row);

}  // namespace concord::measures
