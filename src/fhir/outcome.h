// OperationOutcome: what a FHIR door answers when something is wrong.
#pragma once

#include <string>

#include "base/result.h"

namespace concord::fhir {

/// One issue per Issue of the error (its path as `expression`), or one for the error itself when it has
/// none. Appends JSON.
void write_outcome(std::string& out, const Error& error);

}  // namespace concord::fhir
