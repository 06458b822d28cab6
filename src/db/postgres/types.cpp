#include "db/postgres/types.h"

#include <bit>
#include <limits>
#include <vector>

namespace concord::db::postgres {

namespace {

void append_be(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

template <class Narrow>
bool fits(std::int64_t v) {
  return v >= std::numeric_limits<Narrow>::min() && v <= std::numeric_limits<Narrow>::max();
}

/// NUMERIC: digits in base 10000, the weight of the first, sign, decimal places.
void append_numeric(std::string& out, std::uint64_t magnitude, bool negative, int fraction_groups) {
  std::vector<int> groups;
  for (; magnitude; magnitude /= 10000) groups.insert(groups.begin(), static_cast<int>(magnitude % 10000));
  append_be(out, groups.size(), 2);
  append_be(out, static_cast<std::uint64_t>(static_cast<std::int64_t>(groups.size()) - 1 - fraction_groups), 2);
  append_be(out, negative ? 0x4000 : 0, 2);
  append_be(out, static_cast<std::uint64_t>(fraction_groups * 4), 2);
  for (const int group : groups) append_be(out, static_cast<std::uint64_t>(group), 2);
}

}  // namespace

bool append_binary(std::string& out, const Param::Variant& value, unsigned type) {
  const auto real = [&](double v) {
    if (type == kFloat8) append_be(out, std::bit_cast<std::uint64_t>(v), 8);
    else if (type == kFloat4) append_be(out, std::bit_cast<std::uint32_t>(static_cast<float>(v)), 4);
    else return false;
    return true;
  };
  switch (value.index()) {
    case 1: {
      const std::int64_t v = std::get<1>(value);
      if (type == kInt8) append_be(out, static_cast<std::uint64_t>(v), 8);
      else if (type == kInt4 && fits<std::int32_t>(v)) append_be(out, static_cast<std::uint64_t>(v), 4);
      else if (type == kInt2 && fits<std::int16_t>(v)) append_be(out, static_cast<std::uint64_t>(v), 2);
      else if (type == kNumeric)
        append_numeric(out, v < 0 ? 0 - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v), v < 0, 0);
      else return real(static_cast<double>(v));
      return true;
    }
    case 2: {
      const double v = std::get<2>(value);
      if (type != kNumeric) return real(v);
      // Compared with a sum or mean of integers: eight decimal places tell any two of those apart.
      if (!(v > -9e9 && v < 9e9)) return false;
      append_numeric(out, static_cast<std::uint64_t>((v < 0 ? -v : v) * 1e8 + 0.5), v < 0, 2);
      return true;
    }
    case 3:
      if (type != kBool) return false;
      out += std::get<3>(value) ? '\1' : '\0';
      return true;
    case 4:
      if (type != kText && type != kVarchar && type != kBpchar && type != kName) return false;
      out += std::get<4>(value);
      return true;
    case 5:
      if (type != kDate) return false;
      append_be(out, static_cast<std::uint64_t>(std::get<5>(value).days_since_1970() - kEpochDays), 4);
      return true;
    case 6:
      if (type != kTimestamptz) return false;
      append_be(out, static_cast<std::uint64_t>(std::get<6>(value).time_since_epoch().count() - kEpochMicros), 8);
      return true;
    case 7: {
      if (type != kUuid) return false;
      const auto& bytes = std::get<7>(value).bytes;
      out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return true;
    }
    case 8: {
      if (type != kBytea) return false;
      const Bytes bytes = std::get<8>(value);
      if (!bytes.empty()) out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return true;
    }
    default:
      return false;
  }
}

std::uint64_t read_be(const char* data, int bytes) {
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i) v = v << 8 | static_cast<unsigned char>(data[i]);
  return v;
}

std::optional<std::string> numeric_text(const char* data, int length) {
  if (length < 8) return std::nullopt;
  const int count = static_cast<int>(read_be(data, 2));
  const int weight = static_cast<std::int16_t>(read_be(data + 2, 2));
  const auto sign = read_be(data + 4, 2);
  const int places = static_cast<int>(read_be(data + 6, 2));
  if ((sign != 0 && sign != 0x4000) || length < 8 + 2 * count) return std::nullopt;
  const auto group = [&](int i) { return i >= 0 && i < count ? static_cast<unsigned>(read_be(data + 8 + 2 * i, 2)) : 0u; };
  std::string out = sign ? "-" : "";
  if (weight < 0) out += '0';
  for (int i = 0; i <= weight; ++i) {
    const std::string digits = std::to_string(group(i));
    if (i > 0) out.append(4 - digits.size(), '0');
    out += digits;
  }
  if (places > 0) {
    out += '.';
    const std::size_t end = out.size() + static_cast<std::size_t>(places);
    for (int i = weight + 1; out.size() < end; ++i) {
      const std::string digits = std::to_string(i < 0 ? 0u : group(i));
      out.append(4 - digits.size(), '0');
      out += digits;
    }
    out.resize(end);
  }
  return out;
}

}  // namespace concord::db::postgres
