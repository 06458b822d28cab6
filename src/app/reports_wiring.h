// Lends the reports what they ask neighbours for.
#pragma once

#include "app/slices.h"
#include "reports/reports_api.h"

namespace concord::app {

/// `chart`, `data` and `residents` must outlive the routes.
reports::Deps report_deps(const patients::Chart& chart, const DataFiles& data, measures::Residents& residents);

}  // namespace concord::app
