#include "base/id.h"

#include <sodium.h>

#include "base/check.h"

namespace concord {
namespace {

constexpr char kHex[] = "0123456789abcdef";

constexpr std::array<std::int8_t, 256> kHexValue = [] {
  std::array<std::int8_t, 256> values{};
  for (auto& v : values) v = -1;
  for (int i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
    values[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return values;
}();

/// Where byte i's two hex characters stand in the text form.
constexpr std::array<std::uint8_t, 16> kPlace = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

void mark_version(Uuid& id, std::uint8_t version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
}

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid id;
  for (std::size_t i = 0; i < 16; ++i) {
    const int high = kHexValue[static_cast<unsigned char>(text[kPlace[i]])];
    const int low = kHexValue[static_cast<unsigned char>(text[kPlace[i] + 1u])];
    if ((high | low) < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

void Uuid::append_text(std::string& out) const {
  char chars[36];
  chars[8] = chars[13] = chars[18] = chars[23] = '-';
  for (std::size_t i = 0; i < 16; ++i) {
    chars[kPlace[i]] = kHex[bytes[i] >> 4];
    chars[kPlace[i] + 1] = kHex[bytes[i] & 15];
  }
  out.append(chars, 36);
}

std::string Uuid::text() const {
  std::string out;
  append_text(out);
  return out;
}

Uuid make_uuid_v7(std::int64_t unix_ms, std::span<const std::uint8_t, 10> random) {
  CHECK(unix_ms >= 0 && unix_ms < (std::int64_t{1} << 48));
  Uuid id;
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (40 - 8 * i));
  std::memcpy(id.bytes.data() + 6, random.data(), 10);
  mark_version(id, 7);
  return id;
}

Uuid make_uuid_from(std::span<const std::string_view> parts) {
  crypto_generichash_state state;
  Uuid id;
  CHECK(crypto_generichash_init(&state, nullptr, 0, id.bytes.size()) == 0);
  for (const std::string_view part : parts) {
    std::uint8_t length[8];
    for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(std::uint64_t{part.size()} >> (8 * i));
    crypto_generichash_update(&state, length, sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  crypto_generichash_final(&state, id.bytes.data(), id.bytes.size());
  mark_version(id, 8);
  return id;
}

Uuid SeededIds::next() {
  const std::uint64_t state = state_.fetch_add(0x9E3779B97F4A7C15ULL);
  const std::uint64_t a = mix(state), b = mix(state ^ 0xD1B54A32D192ED03ULL);
  std::uint8_t random[10];
  for (std::size_t i = 0; i < 8; ++i) random[i] = static_cast<std::uint8_t>(a >> (8 * i));
  random[8] = static_cast<std::uint8_t>(b);
  random[9] = static_cast<std::uint8_t>(b >> 8);
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(clock_.now()).time_since_epoch().count();
  return make_uuid_v7(ms, random);
}

}  // namespace concord
