// How routes write codes, what is missing and entries. Pure.
#pragma once

#include <string>

#include "billing/billing.h"
#include "json/writer.h"

namespace concord::billing {

void write(json::Writer& w, Confirm confirm);  ///< null or {code, text}
void write(json::Writer& w, const std::vector<Proposal>& codes);
void write(json::Writer& w, const std::vector<Missing>& missing);
void write(json::Writer& w, const std::optional<Next>& next);
void write(json::Writer& w, const CoverageFact* payer);
/// Members minutes_counted, minutes_not_counted, initial, codes, missing, next of an open object.
void write_members(json::Writer& w, const PatientMonth& month);

/// "09:05"; empty for none.
std::optional<std::string> clock(std::optional<int> minute);
/// "09:05" -> 545.
std::optional<int> parse_clock(std::string_view text);

std::string code_schema();
std::string missing_schema();
std::string next_schema();
std::string payer_schema();

}  // namespace concord::billing
