// How long ten thousand reminders take: planned and queued, and sent by some workers at once. For `concord bench`.
#pragma once

#include <cstdint>
#include <string>

#include "app/cli.h"

namespace concord::app {

struct ReminderFigures {
  std::int64_t patients = 0, check_ins = 0;
  double plan_seconds = 0;  ///< facts, plan, check-ins, messages, jobs: everything committed
  std::int64_t sent = 0;
  double send_seconds = 0;
  int most_at_once = 0;  ///< conversations that were open at the same time
};
/// Fills an organization of its own in the database (patients in care who are all due), then plans and sends. The other side of a
/// conversation is `answer_ms` of waiting: what is measured is Concord.
Result<ReminderFigures> bench_reminders(CommandLine& line, const Config& config, int patients, int connections, int answer_ms);

}  // namespace concord::app
