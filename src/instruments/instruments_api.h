// Routes: the instruments a person may use, one of them for a form, and recording a site's permission.
#pragma once

#include <vector>

#include "http/route.h"
#include "instruments/instruments.h"

namespace concord::instruments {

/// `library` must outlive the routes. Permissions: instruments.read, instruments.permit.
std::vector<http::Route> routes(const Library& library);

}  // namespace concord::instruments
