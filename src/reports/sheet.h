// Figures as somebody may see them: counted by measures/outcomes.h, and for who sees aggregates only without what is small
// (suppression.h). Nothing is counted here. A Desk keeps what it has counted of the newest snapshots, within a bound.
// Thread-safe.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

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

class Desk {
 public:
  explicit Desk(int threshold, std::size_t most_bytes = 96u << 20) : threshold_(threshold), most_bytes_(most_bytes) {}

  Sheet total(const measures::Resident& facts, const Asked& asked);
  /// `months` months, the last one the period's last.
  std::vector<Sheet> series(const measures::Resident& facts, const Asked& asked, int months);
  /// By the values of a stratum that anybody has. Who sees aggregates only asks with one filter at most.
  std::vector<StratumSheet> by(const measures::Resident& facts, const Asked& asked, Stratum stratum);
  /// Of somebody who sees aggregates only: empty with a filter.
  std::vector<ReasonLine> reasons(const measures::Resident& facts, const Asked& asked, measures::Figure figure);
  /// Every subject of the figure, in their order.
  Standings standings(const measures::Resident& facts, const Asked& asked, measures::Figure figure);

  std::size_t bytes() const;

 private:
  /// Totals of one period: [row][column], by the values of two partitions.
  using Cells = std::vector<std::vector<measures::Totals>>;
  struct Axis {
    std::optional<Stratum> stratum;
    std::vector<std::string> values;  ///< one empty value without a stratum
  };
  class Tables;
  friend class Tables;

  template <class T>
  std::shared_ptr<const T> kept(const std::string& key) {
    return std::static_pointer_cast<const T>(find(key));
  }
  std::shared_ptr<const void> find(const std::string& key);
  void keep(const std::string& key, std::shared_ptr<const void> what, std::size_t bytes);

  struct Entry {
    std::string key;
    std::shared_ptr<const void> what;
    std::size_t bytes = 0;
  };
  int threshold_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;  // guards what follows
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  ///< the latest used first
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
};

}  // namespace concord::reports
