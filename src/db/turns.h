// Who works beside others and who works alone.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace concord::db {

/// Many work beside each other; who works alone has nobody beside them. Whoever waits to be alone is let in before anybody who
/// comes later, so nobody waits for ever. Not for use inside itself.
class Turns {
 public:
  using Beside = std::shared_lock<std::shared_mutex>;
  struct Alone {
    std::unique_lock<std::mutex> door;
    std::unique_lock<std::shared_mutex> room;
  };

  /// Until the lock goes.
  [[nodiscard]] Beside beside() {
    {
      const std::lock_guard door(door_);
    }
    return Beside(room_);
  }
  [[nodiscard]] Alone alone() {
    std::unique_lock door(door_);  // nobody else comes in while the others leave
    return {std::move(door), std::unique_lock(room_)};
  }

 private:
  std::mutex door_;
  std::shared_mutex room_;
};

}  // namespace concord::db
