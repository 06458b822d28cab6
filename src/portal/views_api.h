// The routes made of the views: reading them, the preview of what a trusted person will see, the whole record.
#pragma once

#include <vector>

#include "http/route.h"
#include "portal/portal_deps.h"
#include "portal/view.h"

namespace concord::portal {

/// Names are unique, letters, digits and hyphens, and scopes known: broken invariants otherwise. `deps` must outlive them.
std::vector<http::Route> view_routes(const Deps& deps, std::vector<View> views);

/// Whether "who looked at my record" has words of its own for what an action is about.
bool has_words(std::string_view action);
/// Who looked at my record ("accesses"): the patient's only.
View accesses_view(const Deps& deps);

}  // namespace concord::portal
