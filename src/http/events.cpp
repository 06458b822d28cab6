#include "http/events.h"

#include <algorithm>

#include "json/writer.h"

namespace concord::http {

// Streams are told outside the lock: what they do with it is theirs.

void EventHub::subscribe(OrganizationId organization, std::string_view session, std::shared_ptr<EventStream> stream,
                         Instant until) {
  std::shared_ptr<EventStream> superfluous;
  {
    std::lock_guard lock(mutex_);
    if (closed_) {
      superfluous = std::move(stream);
    } else {
      auto& list = listeners_[organization];
      std::erase_if(list, [](const Listener& l) { return !l.stream->open(); });
      const auto same = [&](const Listener& l) { return l.session == session; };
      if (static_cast<std::size_t>(std::count_if(list.begin(), list.end(), same)) >= kMaxPerSession) {
        const auto oldest = std::find_if(list.begin(), list.end(), same);
        superfluous = std::move(oldest->stream);
        list.erase(oldest);
      }
      list.push_back({std::string(session), std::move(stream), until});
    }
  }
  if (superfluous) superfluous->close();
}

void EventHub::publish(OrganizationId organization, const Event& event, Instant now) {
  std::vector<std::shared_ptr<EventStream>> streams, ended;
  {
    std::lock_guard lock(mutex_);
    const auto found = listeners_.find(organization);
    if (found == listeners_.end()) return;
    std::erase_if(found->second, [&](Listener& l) {
      if (!l.stream->open()) return true;
      if (now < l.until) return false;
      ended.push_back(std::move(l.stream));
      return true;
    });
    for (const Listener& listener : found->second) streams.push_back(listener.stream);
    if (found->second.empty()) listeners_.erase(found);
  }
  for (const auto& stream : ended) stream->close();
  if (streams.empty()) return;
  std::string data;
  json::Writer(data).object().field("topic", event.topic).field("id", event.object).end();
  for (const auto& stream : streams) stream->send("change", data);
}

void EventHub::close_session(std::string_view session) {
  std::vector<std::shared_ptr<EventStream>> ended;
  {
    std::lock_guard lock(mutex_);
    for (auto& [organization, list] : listeners_)
      std::erase_if(list, [&](Listener& listener) {
        if (listener.session != session) return false;
        ended.push_back(std::move(listener.stream));
        return true;
      });
  }
  for (const auto& stream : ended) stream->close();
}

void EventHub::close_all() {
  std::unordered_map<OrganizationId, std::vector<Listener>> ended;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    ended.swap(listeners_);
  }
  for (const auto& [organization, list] : ended)
    for (const Listener& listener : list) listener.stream->close();
}

std::size_t EventHub::size() const {
  std::lock_guard lock(mutex_);
  std::size_t open = 0;
  for (const auto& [organization, list] : listeners_)
    open += static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [](const Listener& l) { return l.stream->open(); }));
  return open;
}

}  // namespace concord::http
