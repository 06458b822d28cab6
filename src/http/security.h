// Response headers that keep a browser from doing what nobody meant (security.md C1 and C3).
#pragma once

#include <chrono>
#include <optional>
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
/// A Set-Cookie value that no script reads and no other site sends. No `lasts`: until the browser is closed. An empty value takes
/// the cookie away.
std::string secret_cookie(std::string_view name, std::string_view value, bool secure,
                          std::optional<std::chrono::seconds> lasts = std::nullopt);
/// 128 random bits, as text that needs no escape in HTML or in a header.
std::string random_nonce();

}  // namespace concord::http
