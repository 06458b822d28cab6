// Routes: what staff set for one patient's reminders, what would be sent today, what was.
#pragma once

#include <vector>

#include "http/route.h"
#include "patients/chart.h"
#include "reminders/reminders_run.h"

namespace concord::reminders {

struct Deps {
  const patients::Chart* chart = nullptr;
  Lent lent;
};
std::vector<http::Route> routes(const Deps& deps);

void write_step(json::Writer& w, const Step& step);

}  // namespace concord::reminders
