#include "base/digest.h"

#include <sodium.h>

#include <array>

#include "base/text.h"

namespace concord {

std::string digest_hex(std::string_view bytes) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace concord
