#include "fhir/when.h"

#include <charconv>

#include "base/zone.h"

namespace concord::fhir {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

Instant When::instant_or_noon(std::string_view zone) const { return instant ? *instant : at_local_time(date, 12 * 60, zone); }

std::optional<When> parse_when(std::string_view text, std::string_view zone) {
  const auto year = digits(text, 0, 4);
  if (!year) return std::nullopt;
  When when;
  auto from = [&](int month, int day) {
    auto date = Date::from_ymd(*year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    if (date) when.date = *date;
    return date.has_value();
  };
  if (text.size() == 4) {
    when.precision = Precision::year;
    return from(1, 1) ? std::optional(when) : std::nullopt;
  }
  const auto month = digits(text, 5, 2);
  if (text[4] != '-' || !month) return std::nullopt;
  if (text.size() == 7) {
    when.precision = Precision::month;
    return from(*month, 1) ? std::optional(when) : std::nullopt;
  }
  const auto day = digits(text, 8, 2);
  if (text[7] != '-' || !day || !from(*month, *day)) return std::nullopt;
  if (text.size() == 10) return when;

  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  if (text[10] != 'T' || !hour || !minute || text.size() < 16 || text[13] != ':' || *hour > 23 || *minute > 59)
    return std::nullopt;
  std::size_t at = 16;
  int second = 0;
  std::int64_t micros = 0;
  if (at < text.size() && text[at] == ':') {
    const auto value = digits(text, at + 1, 2);
    if (!value || *value > 60) return std::nullopt;
    second = *value == 60 ? 59 : *value;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      std::int64_t unit = 100000;
      std::size_t n = 0;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++n) {
        micros += (text[at] - '0') * unit;
        unit /= 10;
      }
      if (n == 0) return std::nullopt;
    }
  }
  using namespace std::chrono;
  const auto clock_time = hours(*hour) + minutes(*minute) + seconds(second) + microseconds(micros);
  when.precision = Precision::time;
  const std::string_view offset = text.substr(at);
  if (offset.empty()) {
    when.instant = at_local_time(when.date, *hour * 60 + *minute, zone) + seconds(second) + microseconds(micros);
    return when;
  }
  minutes shift{0};
  if (offset != "Z") {
    const auto hh = digits(offset, 1, 2), mm = digits(offset, 4, 2);
    if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':' || !hh || !mm || *hh > 14 || *mm > 59)
      return std::nullopt;
    shift = hours(*hh) + minutes(*mm);
    if (offset[0] == '-') shift = -shift;
  }
  when.instant = Instant(when.date.sys().time_since_epoch() + clock_time - shift);
  when.date = local_date(*when.instant, zone);
  return when;
}

}  // namespace concord::fhir
