// Wires what patients read: loads the library, tells it what is known of a patient.
#pragma once

#include <filesystem>

#include "app/slices.h"
#include "education/education_api.h"
#include "messaging/patient_messages.h"

namespace concord::app {

/// content/education and, if any, the site's own folder; checks that every piece a pathway names is there.
Result<education::Library> load_education(const std::filesystem::path& folder, const std::filesystem::path& own,
                                          const pathways::Library& pathways);
/// `chart` and `data` must outlive it.
education::Deps education_deps(const patients::Chart& chart, const DataFiles& data, messaging::TellPatient tell);

}  // namespace concord::app
