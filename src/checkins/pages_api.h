// Routes of the check-in pages (audience form, HTML), who is let in, and the page for whoever is not.
//
//   GET  /c/{secret}          what this is; changes nothing however often it is fetched
//   POST /c/{secret}          Start: the secret becomes a cookie; on to /c/now
//   POST /c/{secret}/not-me   the link stops working, the staff hear of it
//   GET  /c/now               the first open question, or the answers to check
//   GET, POST /c/q/{number}   one question          POST /c/language    GET /c/pause  GET /c/help
//   GET, POST /c/check        check and send        GET /c/done         GET /c/finished: the tablet goes back
//
// A POST that asks for application/json (the script) gets {"next": "/c/..."} instead of a redirect.
#pragma once

#include <vector>

#include "checkins/flow.h"
#include "http/route.h"

namespace concord::checkins {

std::vector<http::Route> page_routes(const Deps& deps);

/// Who holds a secret or a cookie: the check-in's form. not_found for a secret that nobody has, not_signed_in without a live
/// cookie. A link that has ended is let in, to be told so.
Result<Caller> admit(const Deps& deps, db::Tx& tx, const http::Request& request, Instant now);
/// The page for a request that was refused before or instead of its handler.
http::Response problem_page(const Deps& deps, const Error& error, const http::Request& request);

/// "concord_checkin", with the __Host- prefix when cookies are secure.
std::string_view cookie_name(const Deps& deps);
/// Set-Cookie; an empty value removes it.
std::string set_cookie(const Deps& deps, const Cookie& cookie);

}  // namespace concord::checkins
