// The only source of time in the program. Only app/ makes a SystemClock; tests crank a ManualClock.
#pragma once

#include <atomic>

#include "base/date.h"

namespace concord {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Thread-safe.
  virtual Instant now() const = 0;
};

/// A clock that stands still until it is told to move. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : micros_(start.time_since_epoch().count()) {}
  Instant now() const override { return Instant(std::chrono::microseconds(micros_.load())); }
  void set(Instant to) { micros_.store(to.time_since_epoch().count()); }
  void advance(std::chrono::microseconds by) { micros_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace concord
