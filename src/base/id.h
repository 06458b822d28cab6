// Identifiers: 16 bytes, UUIDv7 when made here (they sort by time), text only at the edge. A typed id per
// kind of row keeps a patient's id out of an episode's place: `using PatientId = Id<struct PatientTag>;`.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace concord {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// Lower or upper case hex, 36 characters with hyphens; nothing else.
  static std::optional<Uuid> parse(std::string_view text);
  std::string text() const;
  void append_text(std::string& out) const;
  bool is_nil() const { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;
};

template <class Tag>
struct Id {
  Uuid uuid;

  constexpr Id() = default;
  constexpr explicit Id(Uuid value) : uuid(value) {}
  static std::optional<Id> parse(std::string_view text) {
    auto parsed = Uuid::parse(text);
    if (!parsed) return std::nullopt;
    return Id(*parsed);
  }
  std::string text() const { return uuid.text(); }
  bool is_nil() const { return uuid.is_nil(); }
  auto operator<=>(const Id&) const = default;
};

/// Makes new ids. Thread-safe. The real one (app/) takes time from the clock and randomness from libsodium.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual Uuid next() = 0;
};

/// UUIDv7 from a millisecond time and 10 random bytes.
Uuid make_uuid_v7(std::int64_t unix_ms, std::span<const std::uint8_t, 10> random);
/// An id that is the same for the same parts, whoever makes it (UUIDv8 over BLAKE2b-128 of the
/// length-prefixed parts). Imports use it, so a second run finds its own rows again.
Uuid make_uuid_from(std::span<const std::string_view> parts);

/// Repeatable ids for tests and simulation: UUIDv7 of the clock's time with a seeded generator.
class SeededIds final : public IdSource {
 public:
  SeededIds(const Clock& clock, std::uint64_t seed) : clock_(clock), state_(seed) {}
  Uuid next() override;

 private:
  const Clock& clock_;
  std::atomic<std::uint64_t> state_;
};

}  // namespace concord

template <>
struct std::hash<concord::Uuid> {
  std::size_t operator()(const concord::Uuid& id) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, id.bytes.data(), 16);
    return static_cast<std::size_t>(halves[0] * 0x9E3779B97F4A7C15ULL ^ halves[1]);
  }
};
template <class Tag>
struct std::hash<concord::Id<Tag>> {
  std::size_t operator()(const concord::Id<Tag>& id) const noexcept { return std::hash<concord::Uuid>{}(id.uuid); }
};
