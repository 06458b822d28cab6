// Numbers about the running program in Prometheus text format 0.0.4. Thread-safe. A series, once made,
// is counted with one relaxed atomic addition; finding it by name takes a shared lock. Labels are names of
// routes, methods and statuses from our own tables, never text from a request.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace concord::http {

class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Counts one answered request: concord_http_requests_total{route,method,status} and the histogram
  /// concord_http_request_seconds{route,method}.
  void request(std::string_view route, std::string_view method, int status, double seconds);
  /// A counter by full name, made at first use; `labels` as `kind="mail"`, already escaped, or empty.
  void increment(std::string_view name, std::uint64_t by = 1, std::string_view labels = {});
  /// A gauge by full name, made at first use.
  void set(std::string_view name, double value, std::string_view labels = {});
  /// A histogram of seconds by full name, made at first use.
  void observe(std::string_view name, double seconds, std::string_view labels = {});
  /// Text after "# HELP"; without one the name speaks for itself.
  void describe(std::string_view name, std::string_view help);

  /// Everything, sorted by name and labels.
  std::string text() const;

  /// Upper bounds in seconds; the last bucket is everything.
  static constexpr std::array<double, 14> kBuckets = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05,
                                                      0.1,    0.25,  0.5,   1.0,   2.5,  5.0,   10.0};

 private:
  struct Counter {
    std::atomic<std::uint64_t> value{0};
  };
  struct Gauge {
    std::atomic<double> value{0};
  };
  struct Histogram {
    std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> buckets{};
    std::atomic<std::uint64_t> micros{0};
    void observe(double seconds);
  };
  struct RouteSeries {
    Histogram* seconds = nullptr;
    std::array<std::atomic<Counter*>, 600> by_status{};
  };
  template <class Series>
  using Family = std::map<std::string, std::map<std::string, std::unique_ptr<Series>, std::less<>>, std::less<>>;

  template <class Series>
  Series& series(Family<Series>& family, std::string_view name, std::string_view labels);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  mutable std::shared_mutex mutex_;
  Family<Counter> counters_;
  Family<Gauge> gauges_;
  Family<Histogram> histograms_;
  std::map<std::string, std::string, std::less<>> help_;
  std::unordered_map<std::string, std::unique_ptr<RouteSeries>, TextHash, std::equal_to<>> routes_;
};

/// `text` as the inside of a label's quotes.
std::string label_value(std::string_view text);

}  // namespace concord::http
