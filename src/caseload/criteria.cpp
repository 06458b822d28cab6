#include "caseload/criteria.h"

namespace concord::caseload {

measurements::Criteria criteria_of(const instruments::Instrument& instrument) {
  measurements::Criteria c;
  const instruments::Thresholds& t = instrument.thresholds;
  c.instrument = instrument.id;
  c.label = instrument.short_title.empty() ? instrument.id : instrument.short_title;
  c.minimum = instrument.total_min;
  c.maximum = instrument.total_max;
  c.higher_is_worse = instrument.higher_is_worse;
  if (t.elevated && t.elevated->of.empty()) c.elevated = c.higher_is_worse ? t.elevated->at_least : t.elevated->at_most;
  if (t.remission && t.remission->of.empty()) c.remission_below = t.remission->below;
  // An instrument where more is better states its gain as a rise.
  auto points = [&](const instruments::Change& change) { return c.higher_is_worse ? change.drop_points : change.rise_points; };
  if (t.response) {
    if (t.response->drop_percent) {
      c.response_kind = measurements::ResponseKind::percent;
      c.response = *t.response->drop_percent;
    } else if (const auto gain = points(*t.response)) {
      c.response_kind = measurements::ResponseKind::points;
      c.response = *gain;
    }
  }
  if (t.improved) c.improved_below = t.improved->or_below;
  if (t.worse) c.worse_by = c.higher_is_worse ? t.worse->rise_points : t.worse->drop_points;
  if (t.stale) {
    c.stale_days_active = t.stale->active;
    c.stale_days_relapse_prevention = t.stale->relapse_prevention;
  }
  return c;
}

void add_instruments(RuleSet& rules, const instruments::Library& library) {
  for (const instruments::Instrument* instrument : library.all()) {
    rules.add_instrument(criteria_of(*instrument));
    if (instrument->permission == instruments::Permission::opt_in) rules.opt_in.insert(instrument->id);
  }
}

}  // namespace concord::caseload
