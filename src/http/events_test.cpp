#include "http/events.h"

#include <gtest/gtest.h>

#include <thread>

#include "http/metrics.h"

namespace concord::http {
namespace {

struct RecordingStream final : EventStream {
  void send(std::string_view event, std::string_view json) override {
    sent.push_back(std::string(event) + " " + std::string(json));
  }
  bool open() const override { return is_open; }
  void close() override { is_open = false; }
  std::vector<std::string> sent;
  bool is_open = true;
};

OrganizationId organization(std::uint8_t n) {
  OrganizationId id;
  id.uuid.bytes[15] = n;
  return id;
}

TEST(EventHub, TellsEveryStreamOfTheOrganizationAndNoOther) {
  EventHub hub;
  auto ours = std::make_shared<RecordingStream>(), theirs = std::make_shared<RecordingStream>();
  hub.subscribe(organization(1), "s1", ours);
  hub.subscribe(organization(2), "s2", theirs);
  hub.publish(organization(1), {"caseload", Uuid{}});
  ASSERT_EQ(ours->sent.size(), 1u);
  EXPECT_EQ(ours->sent[0], R"(change {"topic":"caseload","id":"00000000-0000-0000-0000-000000000000"})");
  EXPECT_TRUE(theirs->sent.empty());
}

TEST(EventHub, EndsTheStreamsOfOneSession) {
  EventHub hub;
  auto a = std::make_shared<RecordingStream>(), b = std::make_shared<RecordingStream>(), c = std::make_shared<RecordingStream>();
  hub.subscribe(organization(1), "s1", a);
  hub.subscribe(organization(1), "s1", b);
  hub.subscribe(organization(1), "s2", c);
  hub.close_session("s1");
  EXPECT_FALSE(a->is_open);
  EXPECT_FALSE(b->is_open);
  EXPECT_TRUE(c->is_open);
  EXPECT_EQ(hub.size(), 1u);
}

TEST(EventHub, ForgetsStreamsThatClosedByThemselves) {
  EventHub hub;
  auto gone = std::make_shared<RecordingStream>();
  hub.subscribe(organization(1), "s1", gone);
  gone->is_open = false;
  hub.publish(organization(1), {"patient", Uuid{}});
  EXPECT_TRUE(gone->sent.empty());
  EXPECT_EQ(gone.use_count(), 1);
}

TEST(EventHub, SessionWithTooManyStreamsLosesItsOldest) {
  EventHub hub;
  std::vector<std::shared_ptr<RecordingStream>> streams;
  for (std::size_t i = 0; i <= EventHub::kMaxPerSession; ++i) {
    streams.push_back(std::make_shared<RecordingStream>());
    hub.subscribe(organization(1), "s1", streams.back());
  }
  EXPECT_FALSE(streams.front()->is_open);
  EXPECT_TRUE(streams.back()->is_open);
  EXPECT_EQ(hub.size(), EventHub::kMaxPerSession);
}

TEST(EventHub, TakesNobodyAfterTheEnd) {
  EventHub hub;
  auto before = std::make_shared<RecordingStream>(), after = std::make_shared<RecordingStream>();
  hub.subscribe(organization(1), "s1", before);
  hub.close_all();
  hub.subscribe(organization(1), "s1", after);
  EXPECT_FALSE(before->is_open);
  EXPECT_FALSE(after->is_open);
}

TEST(Metrics, PrintsCountersGaugesAndHistograms) {
  Metrics metrics;
  metrics.describe("concord_incidents_total", "Requests that failed inside.");
  metrics.increment("concord_incidents_total");
  metrics.increment("concord_incidents_total", 2);
  metrics.set("concord_waiting", 1.5);
  metrics.request("patients.read", "GET", 200, 0.0005);
  metrics.request("patients.read", "GET", 200, 0.3);
  metrics.request("patients.read", "GET", 404, 99);
  const std::string text = metrics.text();
  const auto has = [&](const std::string& line) { return text.find(line + "\n") != std::string::npos; };
  EXPECT_TRUE(has("# HELP concord_incidents_total Requests that failed inside.")) << text;
  EXPECT_TRUE(has("# TYPE concord_incidents_total counter"));
  EXPECT_TRUE(has("concord_incidents_total 3"));
  EXPECT_TRUE(has("concord_waiting 1.5"));
  EXPECT_TRUE(has("concord_http_requests_total{route=\"patients.read\",method=\"GET\",status=\"200\"} 2")) << text;
  EXPECT_TRUE(has("concord_http_requests_total{route=\"patients.read\",method=\"GET\",status=\"404\"} 1"));
  EXPECT_TRUE(has("concord_http_request_seconds_bucket{route=\"patients.read\",method=\"GET\",le=\"0.0005\"} 1")) << text;
  EXPECT_TRUE(has("concord_http_request_seconds_bucket{route=\"patients.read\",method=\"GET\",le=\"0.5\"} 2"));
  EXPECT_TRUE(has("concord_http_request_seconds_bucket{route=\"patients.read\",method=\"GET\",le=\"+Inf\"} 3"));
  EXPECT_TRUE(has("concord_http_request_seconds_count{route=\"patients.read\",method=\"GET\"} 3"));
  EXPECT_TRUE(has("concord_http_request_seconds_sum{route=\"patients.read\",method=\"GET\"} 99.3005"));
}

TEST(Metrics, CountFromManyThreadsIsExact) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) metrics.request("a", "GET", 200 + i % 3, 0.001);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_NE(metrics.text().find("concord_http_request_seconds_count{route=\"a\",method=\"GET\"} 20000\n"), std::string::npos);
}

TEST(Metrics, LabelTextIsEscaped) { EXPECT_EQ(label_value("a\"b\\c\nd"), "a\\\"b\\\\c\\nd"); }

}  // namespace
}  // namespace concord::http
