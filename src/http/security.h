// Response headers that keep a browser from doing what nobody meant (security.md C1 and C3).
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace concord::http {

/// For answers of the API: never stored, never sniffed, never framed. `secure` adds HSTS.
Headers api_security_headers(bool secure);
/// For the page that starts the web application; `nonce` is the page's csp-nonce, new for every response.
Headers shell_security_headers(std::string_view nonce, bool secure);
/// For scripts, styles, fonts and pictures.
Headers asset_security_headers(bool secure);
/// Adds what `response` does not have yet (names compared without case).
void add_missing(Response& response, Headers headers);
/// 128 random bits, as text that needs no escape in HTML or in a header.
std::string random_nonce();

}  // namespace concord::http
