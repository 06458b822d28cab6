// Deadlines of many connections with one timer. Time is counted in ticks; moving a deadline later is one
// store (the entry is put into its new slot when its old slot comes round), moving it earlier relinks it.
// Not thread-safe: each I/O thread has its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace concord::http {

class TimerWheel {
 public:
  /// Base of what has a deadline. Leaves the wheel when destroyed.
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { unlink(); }
    bool armed() const { return due_ != kNever; }

   private:
    friend class TimerWheel;
    void unlink() {
      if (next_ == nullptr) return;
      previous_->next_ = next_;
      next_->previous_ = previous_;
      previous_ = next_ = nullptr;
    }
    void link_before(Entry& other) {
      previous_ = other.previous_;
      next_ = &other;
      previous_->next_ = this;
      other.previous_ = this;
    }
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
    std::uint64_t due_ = kNever;
    std::uint64_t slot_ = 0;
  };

  TimerWheel() {
    for (Entry& head : slots_) head.previous_ = head.next_ = &head;
  }
  ~TimerWheel() {
    for (Entry& head : slots_)
      while (head.next_ != &head) head.next_->unlink();
  }
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Due `ticks` ticks from now (at least one), replacing an earlier deadline.
  void arm(Entry& entry, std::uint64_t ticks) {
    entry.due_ = now_ + std::max<std::uint64_t>(ticks, 1);
    if (entry.next_ != nullptr && entry.slot_ <= entry.due_) return;
    entry.unlink();
    insert(entry);
  }
  void disarm(Entry& entry) { entry.due_ = kNever; }

  /// One tick passes; calls `due(entry)` for each that is due. `due` may arm, disarm or destroy any entry.
  template <class Due>
  void advance(Due&& due) {
    ++now_;
    Entry& slot = slots_[now_ % kSlots];
    Entry waiting;
    waiting.previous_ = waiting.next_ = &waiting;
    while (slot.next_ != &slot) {
      Entry& entry = *slot.next_;
      entry.unlink();
      entry.link_before(waiting);
    }
    while (waiting.next_ != &waiting) {
      Entry& entry = *waiting.next_;
      entry.unlink();
      if (entry.due_ == kNever) continue;
      if (entry.due_ > now_) {
        insert(entry);
      } else {
        entry.due_ = kNever;
        due(entry);
      }
    }
    waiting.previous_ = waiting.next_ = nullptr;
  }
  std::uint64_t now() const { return now_; }

 private:
  static constexpr std::uint64_t kNever = UINT64_MAX;
  static constexpr std::size_t kSlots = 512;

  void insert(Entry& entry) {
    entry.slot_ = std::min(entry.due_, now_ + kSlots - 1);
    entry.link_before(slots_[entry.slot_ % kSlots]);
  }

  std::uint64_t now_ = 0;
  std::array<Entry, kSlots> slots_;
};

}  // namespace concord::http
