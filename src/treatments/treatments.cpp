#include "treatments/treatments.h"

namespace concord::treatments {

std::optional<Date> last_change(const std::vector<Treatment>& treatments, Date on) {
  std::optional<Date> latest;
  auto consider = [&](Date day) {
    if (day <= on && (!latest || day > *latest)) latest = day;
  };
  for (const Treatment& t : treatments) {
    consider(t.start_date);
    if (t.stop_date) consider(*t.stop_date);
    for (const DoseChange& change : t.changes) consider(change.on);
  }
  return latest;
}

}  // namespace concord::treatments
