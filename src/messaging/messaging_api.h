// Routes: a person's own notices and contact settings, and an administrator's look at what does not go out.
#pragma once

#include <vector>

#include "http/route.h"
#include "messaging/outbox.h"
#include "patients/chart.h"

namespace concord::messaging {

struct Deps {
  const patients::Chart* chart = nullptr;
  const Outbox* outbox = nullptr;
};

std::vector<http::Route> routes(const Deps& deps);

}  // namespace concord::messaging
