// A patient's scores in words: view "scores". No colours, no bands, no cut-offs: the numbers, what lower or higher means, and
// whether it is fewer, more or about the same by the amount the instrument itself calls a change. Screens that only find
// things out (bipolar, suicide risk) are the team's, not a line to watch.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "instruments/instruments.h"
#include "measurements/measurements.h"
#include "measurements/progress.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::measurements {

enum class Direction { first, fewer, more, about_the_same, none };
std::string_view name(Direction direction);

/// What the step from one score to a later one means, by the instrument's own amount (worse_by, else its response in points);
/// `none` where it names no amount.
Direction direction_of(double before, double after, const Criteria& criteria);

struct ShownPoint {
  MeasurementId id;
  Date date;
  double total = 0;
  std::string mode;
  std::optional<Instant> seen_at;
  std::optional<UserId> seen_by;
};
/// One instrument as one person answers it, oldest first.
struct Series {
  const instruments::Instrument* instrument = nullptr;
  std::string informant;  ///< "self" stands for self and child
  std::vector<ShownPoint> points;
};
/// "Your score was 14. In January it was 19. Lower is fewer symptoms."
std::string score_words(const Series& series, const Criteria& criteria, const portal::Words& words, Date today,
                        std::string_view language);

struct PortalDeps {
  const instruments::Library* library = nullptr;
  const portal::Words* words = nullptr;
  std::function<const Criteria&(std::string_view instrument)> criteria;
  /// In which role somebody works at a site: for "a care manager read it".
  std::function<std::string(db::Tx&, OrganizationId, UserId, SiteId)> role_of;
  /// The patient's own newest goal, to stand beside the scores; asked only when the viewer may see goals.
  std::function<std::optional<std::pair<Uuid, std::string>>(db::Tx&, const portal::Viewer&)> own_goal;
};
std::vector<portal::View> portal_views(const PortalDeps& deps);

/// The series a viewer may see, the one with the newest score first.
std::vector<Series> series_for(const PortalDeps& deps, db::Tx& tx, const portal::Viewer& viewer);

}  // namespace concord::measurements
