#include "identity/password.h"

#include <sodium.h>

#include "base/check.h"

namespace concord::identity {

PasswordHasher::PasswordHasher(bool cheap)
    : operations_(cheap ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE),
      memory_(cheap ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE) {
  CHECK(sodium_init() >= 0);
  dummy_ = hash("nobody has this password");
}

std::string PasswordHasher::hash(std::string_view password) {
  slots_.acquire();
  char out[crypto_pwhash_STRBYTES];
  const int failed = crypto_pwhash_str(out, password.data(), password.size(), operations_, memory_);
  slots_.release();
  CHECK(failed == 0);
  return out;
}

bool PasswordHasher::verify(const std::optional<std::string>& hash, std::string_view password) {
  slots_.acquire();
  const std::string& against = hash ? *hash : dummy_;
  const bool matches = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  slots_.release();
  return matches && hash.has_value();
}

std::string new_token() {
  unsigned char bytes[32];
  randombytes_buf(bytes, sizeof bytes);
  char text[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text;
}

std::string token_hash(std::string_view token) {
  unsigned char out[32];
  crypto_generichash(out, sizeof out, reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr, 0);
  return {reinterpret_cast<char*>(out), sizeof out};
}

std::string new_initial_password() {
  // No letters or digits that look alike.
  constexpr std::string_view kAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string out;
  for (int group = 0; group < 6; ++group) {
    if (group > 0) out += '-';
    for (int i = 0; i < 3; ++i) out += kAlphabet[randombytes_uniform(static_cast<std::uint32_t>(kAlphabet.size()))];
  }
  return out;
}

}  // namespace concord::identity
