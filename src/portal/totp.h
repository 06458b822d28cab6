// Codes from an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), through liboath. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace concord::portal {

/// 20 random bytes.
std::string new_totp_secret();
std::string base32(std::string_view bytes);  ///< without padding: what an app takes
/// otpauth://totp/... for a QR code.
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);
/// The code of a step; for tests and the demo.
std::string totp_code(std::string_view secret, Instant at);
/// The step a code belongs to (now, one before, one after: clocks differ), if it is later than `last_step`: each code once.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Instant now, std::int64_t last_step);

}  // namespace concord::portal
