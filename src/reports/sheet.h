// Figures as somebody may see them: counted by measures/outcomes.h, and for who sees aggregates only without what is small
// (suppression.h). Nothing is counted here. A Desk keeps what it has counted, and finished pages, within a bound; a question that
// several ask at once is answered once. Thread-safe.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/recent.h"
#include "measures/resident.h"
#include "reports/reports.h"

namespace concord::reports {

using Sheet = std::array<Shown, measures::kFigures>;

struct StratumSheet {
  std::string value;
  Sheet figures;
};
/// Why somebody is not in a figure's numerator.
struct ReasonLine {
  measures::Place standing = measures::Place::out;  ///< out, or denominator: in it and not in the numerator
  std::string code;
  bool suppressed = false;
  std::int64_t n = 0;
};
using Standings = std::shared_ptr<const std::vector<measures::StandingLine>>;
/// Values by stratum, without "unknown".
using PresentValues = std::array<std::vector<std::string>, measures::kStrata>;

class Desk {
 public:
  explicit Desk(int threshold, std::size_t most_bytes = 96u << 20)
      : threshold_(threshold), recent_({.bytes = most_bytes, .one = most_bytes / 2}) {}

  Sheet total(const measures::Resident& facts, const Asked& asked);
  /// `months` months, the last one the period's last.
  std::vector<Sheet> series(const measures::Resident& facts, const Asked& asked, int months);
  /// By the values of a stratum that anybody has. Who sees aggregates only asks with one filter at most.
  std::vector<StratumSheet> by(const measures::Resident& facts, const Asked& asked, Stratum stratum);
  /// Of somebody who sees aggregates only: empty with a filter.
  std::vector<ReasonLine> reasons(const measures::Resident& facts, const Asked& asked, measures::Figure figure);
  /// Every subject of the figure, in their order.
  Standings standings(const measures::Resident& facts, const Asked& asked, measures::Figure figure);

  /// What somebody of the caller's sites has.
  std::shared_ptr<const PresentValues> present(const measures::Resident& facts, const Asked& asked);
  /// A finished page. `key` holds everything it is made from, and which page it is.
  std::shared_ptr<const std::string> page(const std::string& key, const std::function<std::string()>& make);

  std::size_t bytes() const { return recent_.bytes(); }
  /// Threads that wait for what another computes.
  std::size_t waiting() const { return recent_.waiting(); }

 private:
  /// Totals of one period: [row][column], by the values of two partitions.
  using Cells = std::vector<std::vector<measures::Totals>>;
  struct Axis {
    std::optional<Stratum> stratum;
    std::vector<std::string> values;  ///< one empty value without a stratum
  };
  class Tables;  // period_tables.h
  friend class Tables;

  // Entries of every type, each with a key that begins in its own way.
  template <class T>
  std::shared_ptr<const T> find(const std::string& key) {
    return std::static_pointer_cast<const T>(recent_.find(key));
  }
  void keep(const std::string& key, std::shared_ptr<const void> what, std::size_t bytes) {
    recent_.keep(key, std::move(what), room_of(key, bytes));
  }
  /// make() gives a T, bytes_of(T) its memory.
  template <class Make, class BytesOf>
  auto find_or_make(const std::string& key, Make&& make, BytesOf&& bytes_of) {
    using T = decltype(make());
    return std::static_pointer_cast<const T>(recent_.find_or_make(key, [&]() -> Recent<std::string, void>::Made {
      auto made = std::make_shared<const T>(make());
      const std::size_t bytes = bytes_of(*made);
      return {std::move(made), room_of(key, bytes)};
    }));
  }
  /// The key stands there twice, and an entry has its pointers.
  static std::size_t room_of(const std::string& key, std::size_t bytes) { return bytes + 2 * key.size() + 200; }

  int threshold_;
  Recent<std::string, void> recent_;
};

}  // namespace concord::reports
