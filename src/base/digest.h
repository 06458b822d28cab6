// A fingerprint of bytes, to tell whether two of them are the same.
#pragma once

#include <string>
#include <string_view>

namespace concord {

/// BLAKE2b-256 as 64 hexadecimal digits.
std::string digest_hex(std::string_view bytes);

}  // namespace concord
