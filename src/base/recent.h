// What was made last, within a bound of entries and bytes: a cache whose least recently asked entries go first. An answer is
// kept only as well as its key: everything the answer was made from must be in it. Thread-safe.
#pragma once

#include <cstddef>
#include <exception>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/check.h"

namespace concord {

struct RecentBounds {
  std::size_t entries = static_cast<std::size_t>(-1);
  std::size_t bytes = static_cast<std::size_t>(-1);
  /// What is larger is not kept at all. Without it the newest is kept, however large, and everything else goes.
  std::size_t one = static_cast<std::size_t>(-1);
};

/// Key: anything with `<`. Value: anything, or void where entries are of several types.
template <class Key, class Value>
class Recent {
 public:
  using Pointer = std::shared_ptr<const Value>;
  /// What is made for a key, and how much of the bound it takes. A null value is handed on and not kept.
  struct Made {
    Pointer value;
    std::size_t bytes = 0;
  };

  explicit Recent(RecentBounds bounds) : bounds_(bounds) {}
  Recent(const Recent&) = delete;
  Recent& operator=(const Recent&) = delete;

  /// nullptr: not here (any more).
  Pointer find(const Key& key) {
    const std::lock_guard lock(mutex_);
    return look_up(key);
  }

  /// Takes the place of what stood under the key.
  void keep(const Key& key, Pointer value, std::size_t bytes) {
    List gone;  // goes out of scope after the lock: large things are not freed under it
    const std::lock_guard lock(mutex_);
    put(key, std::move(value), bytes, gone);
  }

  /// What stands under the key, else what `make()` (a Made) gives. Of several threads that ask at once one makes it, the others
  /// wait for it; what `make` throws, all of them throw, and whoever asks next tries anew. `make` may ask for other keys, in an
  /// order without circles, and never for its own.
  template <class Make>
  Pointer find_or_make(const Key& key, Make&& make) {
    std::promise<Pointer> promise;
    {
      std::unique_lock lock(mutex_);
      if (auto found = look_up(key)) return found;
      const auto [at, is_first] = making_.try_emplace(key);
      if (!is_first) {
        const auto by_another = at->second;
        ++waiting_;
        lock.unlock();
        const Waiting leaves{*this};
        return by_another.get();
      }
      at->second = promise.get_future().share();
    }
    try {
      Made made = make();
      {
        List gone;
        const std::lock_guard lock(mutex_);
        if (made.value) put(key, made.value, made.bytes, gone);
        making_.erase(key);
      }
      promise.set_value(made.value);
      return made.value;
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        making_.erase(key);
      }
      promise.set_exception(std::current_exception());
      throw;
    }
  }

  std::size_t entries() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }
  std::size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }
  /// Threads that wait for what another makes.
  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }

 private:
  struct Entry {
    Key key;
    Pointer value;
    std::size_t bytes = 0;
  };
  using List = std::list<Entry>;
  struct Waiting {
    Recent& recent;
    ~Waiting() {
      const std::lock_guard lock(recent.mutex_);
      --recent.waiting_;
    }
  };

  Pointer look_up(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }
  void remove(typename List::iterator at, List& gone) {
    bytes_ -= at->bytes;
    index_.erase(at->key);
    gone.splice(gone.begin(), entries_, at);
  }
  void put(const Key& key, Pointer value, std::size_t bytes, List& gone) {
    CHECK(value != nullptr);
    if (const auto known = index_.find(key); known != index_.end()) remove(known->second, gone);
    if (bytes > bounds_.one || bounds_.entries == 0) return;
    List one;
    one.push_back({key, std::move(value), bytes});
    index_.emplace(key, one.begin());
    entries_.splice(entries_.begin(), one);
    bytes_ += bytes;
    while (entries_.size() > 1 && (entries_.size() > bounds_.entries || bytes_ > bounds_.bytes))
      remove(std::prev(entries_.end()), gone);
  }

  const RecentBounds bounds_;
  mutable std::mutex mutex_;  // guards what follows
  List entries_;              ///< the latest asked for first
  std::map<Key, typename List::iterator> index_;
  std::map<Key, std::shared_future<Pointer>> making_;
  std::size_t bytes_ = 0, waiting_ = 0;
};

}  // namespace concord
