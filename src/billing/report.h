// A month as `concord billing` prints it: JSON for programs, a table for people. Pure.
#pragma once

#include <functional>
#include <string>

#include "billing/billing.h"

namespace concord::billing {

/// How ids are written: outside keys of a CSV folder, or the ids themselves.
struct ReportNames {
  std::function<std::string(const Uuid&)> patient;
  std::function<std::string(const Uuid&)> entry;
};

/// {"month","patients":[{"patient_id","minutes_counted","not_counted":[{"entry_id","minutes","reason"}],
/// "codes":[{"code","units","confirm"}],"missing":[..]}]} of everybody with minutes in the month, by patient_id.
/// "confirm" is a reason (text of Confirm) or null; "missing" are texts of Missing.
std::string report_json(const Book& book, Month month, const Rules& rules, const TermsOf& terms, const ReportNames& names);
std::string report_table(const Book& book, Month month, const Rules& rules, const TermsOf& terms, const ReportNames& names);

}  // namespace concord::billing
