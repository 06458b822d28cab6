// The real clock, real randomness and the environment: the only place that touches them.
#pragma once

#include <filesystem>

#include "app/config.h"
#include "base/clock.h"
#include "base/id.h"

namespace concord::app {

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

/// UUIDv7 from the clock and libsodium's generator.
class RandomIds final : public IdSource {
 public:
  explicit RandomIds(const Clock& clock) : clock_(clock) {}
  Uuid next() override;

 private:
  const Clock& clock_;
};

/// Every CONCORD_ variable.
Environment read_environment();
std::filesystem::path executable_path();
/// True when a person looks at the stream (progress bars).
bool is_terminal(int file_descriptor);

}  // namespace concord::app
