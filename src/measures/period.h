// The time a report is about: a month, a quarter or a year in the site's time zone, and how far of it is known.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace concord::measures {

struct ReportPeriod {
  std::string text;  ///< "2026-03", "2026-Q1", "2026"
  Date first, last;
  Date until;  ///< the last day that is known: `last`, or today in a period that is running. Nothing later is looked at

  /// "2026-03", "2026-Q1", "2026"; nothing else. Years 1900 to 2199.
  static std::optional<ReportPeriod> month(std::string_view text);
  static std::optional<ReportPeriod> quarter(std::string_view text);
  static std::optional<ReportPeriod> year(std::string_view text);

  /// The same period as it is known on a day; nullopt when it has not begun.
  std::optional<ReportPeriod> known_on(Date today) const;
  bool holds(Date day) const { return day >= first && day <= until; }
};

}  // namespace concord::measures
