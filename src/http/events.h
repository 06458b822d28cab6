// Live updates: who listens to which organization, and word to all of them. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "http/route.h"
#include "http/server.h"

namespace concord::http {

class EventHub {
 public:
  /// `session` is the key for close_session (the hash of the session token, say). A session that opens more
  /// than kMaxPerSession streams loses its oldest one. After close_all the stream is closed at once.
  /// From `until` on, when the session may have ended, the stream is told nothing more: it is closed, and a
  /// browser whose session lives comes back by itself.
  void subscribe(OrganizationId organization, std::string_view session, std::shared_ptr<EventStream> stream,
                 Instant until = Instant::max());
  /// Sends "event: change", data {"topic":"caseload","id":"..."} to every stream of the organization.
  void publish(OrganizationId organization, const Event& event, Instant now = Instant::min());
  /// The session ended (sign-out, disabled, role changed): its streams end.
  void close_session(std::string_view session);
  /// The server stops. No stream is taken after this.
  void close_all();
  /// Streams believed open.
  std::size_t size() const;

  static constexpr std::size_t kMaxPerSession = 12;

 private:
  struct Listener {
    std::string session;
    std::shared_ptr<EventStream> stream;
    Instant until = Instant::max();
  };
  mutable std::mutex mutex_;
  std::unordered_map<OrganizationId, std::vector<Listener>> listeners_;
  bool closed_ = false;
};

}  // namespace concord::http
