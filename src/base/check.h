// CHECK is for what must hold if our own code is right. It never validates input from people, files or
// the network. It throws; the request or job boundary catches once, logs, and answers with an incident id.
#pragma once

#include <stdexcept>
#include <string>

namespace concord {

class BrokenInvariant : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void broken_invariant(const char* expression, const char* file, int line) {
  throw BrokenInvariant(std::string(expression) + " at " + file + ":" + std::to_string(line));
}

}  // namespace concord

#define CHECK(expression) ((expression) ? (void)0 : ::concord::broken_invariant(#expression, __FILE__, __LINE__))
