// Values in PostgreSQL's binary form, by type: how parameters are written and results read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "db/internal.h"

namespace concord::db::postgres {

/// Type numbers of PostgreSQL's catalog (pg_type.oid); fixed for built-in types.
enum TypeId : unsigned {
  kBool = 16,
  kBytea = 17,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kBpchar = 1042,
  kVarchar = 1043,
  kDate = 1082,
  kTimestamptz = 1184,
  kNumeric = 1700,
  kUuid = 2950,
};

/// Appends the binary form of a value that is not NULL; false when the kind does not fit the type.
bool append_binary(std::string& out, const Param::Variant& value, unsigned type);

std::uint64_t read_be(const char* data, int bytes);

/// The decimal text of a binary NUMERIC ("-12.5"); nullopt for NaN and infinities.
std::optional<std::string> numeric_text(const char* data, int length);

/// Days and microseconds from PostgreSQL's epoch (2000-01-01) to 1970-01-01.
inline constexpr std::int32_t kEpochDays = 10957;
inline constexpr std::int64_t kEpochMicros = 946684800000000;

}  // namespace concord::db::postgres
