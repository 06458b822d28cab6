// Routes of the account and the staff list. Sign-in, sign-out and password change hash passwords and so do
// not fit a unit of work: they are app/auth.h.
#pragma once

#include <vector>

#include "http/route.h"
#include "identity/identity.h"
#include "json/writer.h"

namespace concord::identity {

std::vector<http::Route> routes();

/// The answer of GET /auth/session: who, where, what they may do, which day it is at each site.
void write_session(json::Writer& w, const User& user, const Organization& organization, const std::vector<Site>& sites,
                   const SessionTimes& times, Instant now);

}  // namespace concord::identity
