// Routes of the audit log: the patient's access list.
#pragma once

#include <vector>

#include "http/route.h"

namespace concord::audit {

std::vector<http::Route> routes();

}  // namespace concord::audit
