// Argon2id through libsodium, INTERACTIVE cost (64 MiB, about 70 ms). At most kConcurrentHashes run at once,
// so that sign-in attempts cannot exhaust memory; the others wait their turn.
#pragma once

#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

namespace concord::identity {

inline constexpr int kConcurrentHashes = 4;

/// Thread-safe.
class PasswordHasher {
 public:
  /// `cheap` is for tests and demo data only: the least memory and time libsodium allows.
  explicit PasswordHasher(bool cheap = false);

  std::string hash(std::string_view password);
  /// Takes the same time whether or not there is a hash: without one, a dummy is verified and false returned.
  bool verify(const std::optional<std::string>& hash, std::string_view password);

 private:
  std::counting_semaphore<kConcurrentHashes> slots_{kConcurrentHashes};
  unsigned long long operations_;
  std::size_t memory_;
  std::string dummy_;
};

/// A random token for a session or a service key: 32 bytes, base64url text.
std::string new_token();
/// BLAKE2b-256 of a token: what is stored.
std::string token_hash(std::string_view token);
/// Six random groups of letters and digits, about 90 bits, for `concord user add` and `reset`.
std::string new_initial_password();

}  // namespace concord::identity
