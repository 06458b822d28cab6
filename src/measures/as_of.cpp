#include "measures/as_of.h"

#include <charconv>

#include "base/zone.h"

namespace concord::measures {
namespace {

/// Two digits below `limit`.
std::optional<int> two_digits(std::string_view text, int limit) {
  int value = 0;
  if (text.size() != 2) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 2, value);
  if (error != std::errc() || end != text.data() + 2 || value < 0 || value >= limit) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Instant> parse_as_of(std::string_view text, std::string_view zone) {
  if (const auto day = Date::parse(text)) return at_local_time(day->plus_days(1), 0, zone) - std::chrono::microseconds(1);
  if (const auto instant = parse_instant(text)) return instant;
  if ((text.size() != 16 && text.size() != 19) || text[10] != 'T' || text[13] != ':') return std::nullopt;
  const auto day = Date::parse(text.substr(0, 10));
  const auto hour = two_digits(text.substr(11, 2), 24), minute = two_digits(text.substr(14, 2), 60);
  std::optional<int> second = 0;
  if (text.size() == 19) second = text[16] == ':' ? two_digits(text.substr(17, 2), 60) : std::nullopt;
  if (!day || !hour || !minute || !second) return std::nullopt;
  return at_local_time(*day, *hour * 60 + *minute, zone) + std::chrono::seconds(*second);
}

}  // namespace concord::measures
