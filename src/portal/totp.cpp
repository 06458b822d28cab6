#include "portal/totp.h"

#include <liboath/oath.h>
#include <sodium.h>

#include "base/check.h"

namespace concord::portal {
namespace {

constexpr unsigned kStepSeconds = 30;
constexpr unsigned kDigits = 6;

std::time_t seconds(Instant at) {
  return static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::string escaped(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (plain) out += c;
    else (((out += '%') += kHex[b >> 4]) += kHex[b & 15]);
  }
  return out;
}

}  // namespace

std::string new_totp_secret() {
  std::string secret(20, '\0');
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string base32(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(held >> (bits - 5)) & 31];
    held &= (1U << bits) - 1;
  }
  if (bits > 0) out += kAlphabet[(held << (5 - bits)) & 31];
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) + "?secret=" + base32(secret) +
         "&issuer=" + escaped(issuer) + "&algorithm=SHA1&digits=6&period=30";
}

std::string totp_code(std::string_view secret, Instant at) {
  char code[kDigits + 1] = {};
  const int made =
      oath_totp_generate(secret.data(), secret.size(), seconds(at), kStepSeconds, OATH_TOTP_DEFAULT_START_TIME, kDigits, code);
  CHECK(made == OATH_OK);
  return code;
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Instant now, std::int64_t last_step) {
  if (secret.empty() || code.size() != kDigits) return std::nullopt;
  std::optional<std::int64_t> found;
  for (int shift = -1; shift <= 1; ++shift) {  // all three, so that time does not tell which one it was
    const Instant at = now + std::chrono::seconds(shift * static_cast<int>(kStepSeconds));
    const std::int64_t step = seconds(at) / static_cast<std::int64_t>(kStepSeconds);
    const std::string wanted = totp_code(secret, at);
    if (sodium_memcmp(wanted.data(), code.data(), kDigits) == 0 && step > last_step && !found) found = step;
  }
  return found;
}

}  // namespace concord::portal
