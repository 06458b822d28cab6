#include "http/security.h"

#include <openssl/rand.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace concord::http {
namespace {

constexpr const char* kOneYear = "max-age=31536000; includeSubDomains";

Headers common(bool secure) {
  Headers headers{{"X-Content-Type-Options", "nosniff"},
                  {"Referrer-Policy", "no-referrer"},
                  {"Cross-Origin-Opener-Policy", "same-origin"},
                  {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (secure) headers.emplace_back("Strict-Transport-Security", kOneYear);
  return headers;
}

}  // namespace

Headers api_security_headers(bool secure) {
  Headers headers = common(secure);
  headers.emplace_back("Cache-Control", "no-store");
  headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  return headers;
}

Headers shell_security_headers(std::string_view nonce, bool secure) {
  Headers headers = common(secure);
  headers.emplace_back("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + std::string(nonce) +
                           "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
                           "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                           "require-trusted-types-for 'script'");
  headers.emplace_back("X-Frame-Options", "DENY");
  return headers;
}

Headers asset_security_headers(bool secure) { return common(secure); }

void add_missing(Response& response, Headers headers) {
  for (auto& header : headers) {
    const bool present = std::any_of(response.headers.begin(), response.headers.end(),
                                     [&](const auto& have) { return equals_ignoring_case(have.first, header.first); });
    if (!present) response.headers.push_back(std::move(header));
  }
}

std::string secret_cookie(std::string_view name, std::string_view value, bool secure, std::optional<std::chrono::seconds> lasts) {
  std::string cookie(name);
  cookie += '=';
  cookie += value;
  cookie += "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) cookie += "; Secure";
  if (value.empty()) cookie += "; Max-Age=0";
  else if (lasts) cookie += "; Max-Age=" + std::to_string(lasts->count());
  return cookie;
}

std::string random_nonce() {
  unsigned char bytes[16];
  CHECK(RAND_bytes(bytes, sizeof bytes) == 1);
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes));
}

}  // namespace concord::http
