// Routes of what a person keeps on their own desk: named views of the caseload, and drafts.
#pragma once

#include <vector>

#include "base/id.h"
#include "http/route.h"

namespace concord::identity {

std::vector<http::Route> desk_routes(IdSource& ids);

}  // namespace concord::identity
