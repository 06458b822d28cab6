#include "app/system.h"

#include <sodium.h>
#include <unistd.h>

#include <chrono>
#include <string_view>

extern char** environ;

namespace concord::app {

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Uuid RandomIds::next() {
  std::uint8_t random[10];
  randombytes_buf(random, sizeof random);
  return make_uuid_v7(std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch()).count(),
                      std::span<const std::uint8_t, 10>(random));
}

Environment read_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (text.starts_with("CONCORD_") && equals != std::string_view::npos)
      environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::filesystem::path executable_path() {
  std::error_code error;
  auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::current_path() / "concord" : path;
}

bool is_terminal(int file_descriptor) { return isatty(file_descriptor) == 1; }

}  // namespace concord::app
