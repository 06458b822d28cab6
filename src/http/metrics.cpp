#include "http/metrics.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>

namespace concord::http {
namespace {

constexpr std::string_view kRequests = "concord_http_requests_total";
constexpr std::string_view kSeconds = "concord_http_request_seconds";

void append_double(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    char digits[64];
    const auto format =
        value == 0 || (std::abs(value) >= 1e-9 && std::abs(value) < 1e15) ? std::chars_format::fixed : std::chars_format::general;
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value, format).ptr);
  }
}

void append_series(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
                   std::string_view extra = {}) {
  out.append(name).append(suffix);
  if (!labels.empty() || !extra.empty()) {
    out.push_back('{');
    out.append(labels);
    if (!labels.empty() && !extra.empty()) out.push_back(',');
    out.append(extra);
    out.push_back('}');
  }
  out.push_back(' ');
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (c == '\n') out += "\\n";
    else out.push_back(c);
  }
  return out;
}

void Metrics::Histogram::observe(double seconds) {
  const auto at = static_cast<std::size_t>(std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin());
  buckets[at].fetch_add(1, std::memory_order_relaxed);
  micros.fetch_add(static_cast<std::uint64_t>(std::max(0.0, seconds) * 1e6 + 0.5), std::memory_order_relaxed);
}

template <class Series>
Series& Metrics::series(Family<Series>& family, std::string_view name, std::string_view labels) {
  {
    std::shared_lock lock(mutex_);
    if (const auto named = family.find(name); named != family.end())
      if (const auto found = named->second.find(labels); found != named->second.end()) return *found->second;
  }
  std::unique_lock lock(mutex_);
  auto& place = family[std::string(name)][std::string(labels)];
  if (!place) place = std::make_unique<Series>();
  return *place;
}

void Metrics::increment(std::string_view name, std::uint64_t by, std::string_view labels) {
  series(counters_, name, labels).value.fetch_add(by, std::memory_order_relaxed);
}

void Metrics::set(std::string_view name, double value, std::string_view labels) {
  series(gauges_, name, labels).value.store(value, std::memory_order_relaxed);
}

void Metrics::observe(std::string_view name, double seconds, std::string_view labels) {
  series(histograms_, name, labels).observe(seconds);
}

void Metrics::describe(std::string_view name, std::string_view help) {
  std::unique_lock lock(mutex_);
  help_[std::string(name)] = std::string(help);
}

void Metrics::request(std::string_view route, std::string_view method, int status, double seconds) {
  // "route method" in a buffer on the stack: the usual case allocates nothing.
  char buffer[96];
  std::string_view key;
  std::string long_key;
  if (route.size() + method.size() + 1 <= sizeof buffer) {
    char* end = std::copy(route.begin(), route.end(), buffer);
    *end++ = ' ';
    end = std::copy(method.begin(), method.end(), end);
    key = {buffer, static_cast<std::size_t>(end - buffer)};
  } else {
    long_key.append(route).append(" ").append(method);
    key = long_key;
  }
  RouteSeries* found = nullptr;
  {
    std::shared_lock lock(mutex_);
    if (const auto at = routes_.find(key); at != routes_.end()) found = at->second.get();
  }
  const auto labels = [&] { return "route=\"" + label_value(route) + "\",method=\"" + label_value(method) + "\""; };
  if (found == nullptr) {
    Histogram& histogram = series(histograms_, kSeconds, labels());
    std::unique_lock lock(mutex_);
    auto& place = routes_[std::string(key)];
    if (!place) {
      place = std::make_unique<RouteSeries>();
      place->seconds = &histogram;
    }
    found = place.get();
  }
  const std::size_t slot = status >= 0 && status < 600 ? static_cast<std::size_t>(status) : 0;
  Counter* counter = found->by_status[slot].load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &series(counters_, kRequests, labels() + ",status=\"" + std::to_string(slot) + "\"");
    found->by_status[slot].store(counter, std::memory_order_release);
  }
  counter->value.fetch_add(1, std::memory_order_relaxed);
  found->seconds->observe(seconds);
}

std::string Metrics::text() const {
  std::shared_lock lock(mutex_);
  std::string out;
  const auto head = [&](const std::string& name, std::string_view type) {
    if (const auto help = help_.find(name); help != help_.end()) {
      out += "# HELP " + name + " ";
      for (const char c : help->second)
        out += c == '\n' ? std::string("\\n") : c == '\\' ? std::string("\\\\") : std::string(1, c);
      out += '\n';
    }
    out += "# TYPE " + name + " ";
    out.append(type);
    out += '\n';
  };
  for (const auto& [name, all] : counters_) {
    head(name, "counter");
    for (const auto& [labels, counter] : all) {
      append_series(out, name, "", labels);
      out += std::to_string(counter->value.load(std::memory_order_relaxed)) + "\n";
    }
  }
  for (const auto& [name, all] : gauges_) {
    head(name, "gauge");
    for (const auto& [labels, gauge] : all) {
      append_series(out, name, "", labels);
      append_double(out, gauge->value.load(std::memory_order_relaxed));
      out += '\n';
    }
  }
  for (const auto& [name, all] : histograms_) {
    head(name, "histogram");
    for (const auto& [labels, histogram] : all) {
      std::uint64_t cumulative = 0;
      for (std::size_t i = 0; i <= kBuckets.size(); ++i) {
        cumulative += histogram->buckets[i].load(std::memory_order_relaxed);
        std::string bound = "le=\"";
        if (i < kBuckets.size()) append_double(bound, kBuckets[i]);
        else bound += "+Inf";
        append_series(out, name, "_bucket", labels, bound + "\"");
        out += std::to_string(cumulative) + "\n";
      }
      append_series(out, name, "_sum", labels);
      append_double(out, static_cast<double>(histogram->micros.load(std::memory_order_relaxed)) / 1e6);
      out += '\n';
      append_series(out, name, "_count", labels);
      out += std::to_string(cumulative) + "\n";
    }
  }
  return out;
}

}  // namespace concord::http
