// What a Desk (sheet.h) counts for who sees aggregates only: every cell of two partitions in every block of time that decides
// over a period, and what of them is hidden (suppression.h). For sheet.cpp alone.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/sheet.h"

namespace concord::reports {

/// How the counts of a figure's numerator or denominator behave from month to month.
InTime in_time_of(measures::Figure figure, bool denominator);

/// With nothing hidden.
Sheet exact_sheet(const measures::Totals& totals);

/// Of the sites and filters asked for, until today at most.
measures::Question question(const Asked& asked, Date from, Date to);
measures::Window window(Span span, Date today);

/// Months of which the last is over.
MonthNumber last_month(const Asked& asked);
/// Every block that decides over the spans, and the spans themselves.
std::set<Span> blocks(const std::vector<Span>& spans, MonthNumber last);

/// Whose numbers, of which day: what every key of a Desk begins with.
std::string version_key(const measures::Resident& facts, const Asked& asked);

/// The numbers of two partitions (or one, or none) in every block of time, and what of them is hidden.
class Desk::Tables {
 public:
  Tables(Desk& desk, const measures::Resident& facts, const Asked& asked, std::vector<Stratum> strata);

  /// Counts what is missing of these periods and of the blocks that decide over them.
  void prepare(const std::vector<Span>& spans);
  const Cells& cells(Span span);
  const HiddenCounts& hidden(Span span);
  /// Where the value stands on an axis; nullopt: nobody has it.
  std::optional<std::size_t> place(std::size_t axis, const std::string& value) const;
  /// Row and column of the filters' values; 0 where there is no filter; nullopt: nobody has one of them.
  std::optional<std::array<std::size_t, 2>> place(const std::vector<std::pair<Stratum, std::string>>& filters) const;
  const Axis& axis(std::size_t i) const { return axes_[i]; }
  std::size_t axis_of(Stratum stratum) const { return axes_[0].stratum == stratum ? 0 : 1; }
  Sheet sheet(Span span, const std::array<std::size_t, 2>& where);

 private:
  const Counts& counts(Span span);
  void fill(const std::vector<Span>& spans);

  Desk& desk_;
  const measures::Resident& facts_;
  Asked asked_;  ///< without filters
  std::string key_;
  std::array<Axis, 2> axes_;
  std::map<Span, std::shared_ptr<const Cells>> tables_;
  std::map<Span, Counts> counts_;
  std::map<Span, HiddenCounts> hidden_;
  std::optional<Timeline> timeline_;
  std::array<std::unique_ptr<Tables>, 2> alone_;
};

}  // namespace concord::reports
