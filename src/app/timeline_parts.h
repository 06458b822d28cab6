// How the wirings of slices write a line of the patient's timeline.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "json/writer.h"
#include "patients/timeline.h"

namespace concord::app {

/// Somebody of the staff did it.
inline patients::TimelineEntry timeline_entry(Date date, std::optional<Instant> at, std::string kind, std::string what,
                                              const Uuid& id, std::optional<UserId> who, std::string text, std::string data) {
  patients::TimelineEntry e;
  e.date = date;
  e.at = at;
  e.kind = std::move(kind);
  e.what = std::move(what);
  e.id = id;
  e.who = who;
  e.text = std::move(text);
  e.data = std::move(data);
  return e;
}

/// What a kind has besides: TimelineData().with("minutes", 20).done().
class TimelineData {
 public:
  TimelineData() : writer_(text_) { writer_.object(); }
  template <class T>
  TimelineData& with(std::string_view key, const T& value) {
    writer_.field(key, value);
    return *this;
  }
  std::string done() {
    writer_.end();
    return std::move(text_);
  }

 private:
  std::string text_;
  json::Writer writer_;
};

}  // namespace concord::app
