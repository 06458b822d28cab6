#include "logs/logs.h"

#include <algorithm>
#include <map>

namespace concord::logs {

std::vector<Log> taken_days(std::span<const Log> logs) {
  std::map<std::pair<Uuid, Date>, const Log*> last;
  for (const auto& log : logs) {
    if (log.kind != "medicine" || !log.treatment || !log.taken) continue;
    const Log*& kept = last[{*log.treatment, log.on}];
    if (kept == nullptr || std::pair(kept->at, kept->id) < std::pair(log.at, log.id)) kept = &log;
  }
  std::vector<Log> days;
  for (const auto& [key, log] : last) days.push_back(*log);
  std::stable_sort(days.begin(), days.end(), [](const Log& a, const Log& b) { return a.on > b.on; });
  return days;
}

Glance glance(std::span<const Log> logs) {
  Glance out;
  std::map<Date, const Log*> mood;
  for (const auto& log : logs) {
    out.activities += log.kind == "activity";
    out.side_effects += log.kind == "side_effect" && log.bother.value_or(0) >= 2;
    if (log.kind != "mood" || !log.score) continue;
    const Log*& kept = mood[log.on];
    if (kept == nullptr || std::pair(kept->at, kept->id) < std::pair(log.at, log.id)) kept = &log;
  }
  for (const auto& [on, log] : mood) out.mood.push_back({on, *log->score});
  return out;
}

}  // namespace concord::logs
