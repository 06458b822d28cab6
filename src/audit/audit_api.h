// Routes of the audit log: the patient's access list.
#pragma once

#include <functional>
#include <vector>

#include "http/route.h"

namespace concord::audit {

/// Whether the caller may know of the patient: other sites' patients answer like missing ones.
using MaySee = std::function<bool(db::Tx&, const Caller&, Instant now, const Uuid& patient)>;

std::vector<http::Route> routes(MaySee may_see);

}  // namespace concord::audit
