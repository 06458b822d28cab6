// The what-if on a server, and as `concord caseload what-if`.
#pragma once

#include <CLI/CLI.hpp>

#include "app/cli.h"
#include "app/slices.h"
#include "reports/reports_api.h"
#include "reports/what_if_api.h"

namespace concord::app {

/// What `lent` and `data` hold must outlive the routes.
reports::WhatIfDeps what_if_deps(const reports::Deps& lent, const DataFiles& data);

void add_what_if(CLI::App& caseload, CommandLine& line);

}  // namespace concord::app
