#include "measures/program_json.h"

namespace concord::measures {

json::Writer& open_figure(json::Writer& w, const FigureValues& f) {
  w.object().field("id", f.id).field("kind", f.kind).field("of", f.of);
  w.field("numerator", f.numerator).field("denominator", f.denominator).field("percent", f.percent);
  return w.field("value", f.value).field("unit", f.unit);
}

json::Writer& write_period(json::Writer& w, const ReportPeriod& period) {
  w.key("period").object().field("name", period.text).field("from", period.first).field("to", period.last);
  return w.field("known_until", period.until).end();
}

void write_score(json::Writer& w, std::string_view name, const std::optional<Score>& score) {
  w.key(name);
  if (score) w.object().field("date", score->date).field("total", score->total).end();
  else w.null();
}

}  // namespace concord::measures
