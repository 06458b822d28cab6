#include "measures/period.h"

#include <algorithm>

namespace concord::measures {
namespace {

std::optional<ReportPeriod> period(std::string_view text, const std::optional<Date>& first, int months) {
  if (!first || *first < Date::ymd(1900, 1, 1) || *first >= Date::ymd(2200, 1, 1)) return std::nullopt;
  const Date last = first->plus_months(months - 1).last_of_month();
  return ReportPeriod{std::string(text), *first, last, last};
}

}  // namespace

std::optional<ReportPeriod> ReportPeriod::month(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  return period(text, Date::parse(std::string(text) + "-01"), 1);
}

std::optional<ReportPeriod> ReportPeriod::quarter(std::string_view text) {
  if (text.size() != 7 || text.substr(4, 2) != "-Q" || text[6] < '1' || text[6] > '4') return std::nullopt;
  const auto year = Date::parse(std::string(text.substr(0, 4)) + "-01-01");
  if (!year) return std::nullopt;
  return period(text, year->plus_months(3 * (text[6] - '1')), 3);
}

std::optional<ReportPeriod> ReportPeriod::year(std::string_view text) {
  if (text.size() != 4) return std::nullopt;
  return period(text, Date::parse(std::string(text) + "-01-01"), 12);
}

std::optional<ReportPeriod> ReportPeriod::known_on(Date today) const {
  if (first > today) return std::nullopt;
  ReportPeriod known = *this;
  known.until = std::min(last, today);
  return known;
}

}  // namespace concord::measures
