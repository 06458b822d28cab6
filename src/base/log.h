// Operational log: one JSON object a line on standard error. Never personal data: a line is an event name
// and fields that are ids, codes, counts and durations. spdlog is seen in log.cpp only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace concord::log {

enum class Level { debug, info, warn, error, off };

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

/// Called once by app/ before anything logs; tests leave it at `off`.
void start(Level level);
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
inline void info(std::string_view event, std::initializer_list<Field> f = {}) { write(Level::info, event, f); }
inline void warn(std::string_view event, std::initializer_list<Field> f = {}) { write(Level::warn, event, f); }
inline void error(std::string_view event, std::initializer_list<Field> f = {}) { write(Level::error, event, f); }

}  // namespace concord::log
