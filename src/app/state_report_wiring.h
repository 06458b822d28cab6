// What the state report's routes are lent.
#pragma once

#include "app/slices.h"
#include "measures/measures_api.h"

namespace concord::app {

/// `chart` and `data` must outlive the routes.
measures::Deps state_report_deps(const patients::Chart& chart, const DataFiles& data);

}  // namespace concord::app
