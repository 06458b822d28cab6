#include "http/server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "support/http_client.h"

namespace concord::http {
namespace {

using concord::testing::ClientResponse;
using concord::testing::HttpClient;
using concord::testing::RawConnection;

/// Answers "METHOD path body".
void echo(Exchange exchange) {
  const Request& r = exchange.request;
  Response response;
  response.content_type = "text/plain";
  response.body = std::string(name(r.method)) + " " + r.path + " " + r.body;
  exchange.respond(std::move(response));
}

class TestServer {
 public:
  explicit TestServer(Dispatch dispatch = echo, ServerOptions options = {}) {
    options.port = 0;
    auto made = Server::listen(std::move(options), std::move(dispatch));
    if (!made) throw std::runtime_error(made.error().text);
    server_ = std::move(*made);
    thread_ = std::thread([this] { server_->run(); });
  }
  ~TestServer() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  void begin_stop() { server_->stop(); }
  void join() { thread_.join(); }
  void destroy() {
    stop();
    server_.reset();
  }
  std::uint16_t port() const { return server_->port(); }
  ServerStatistics statistics() const { return server_->statistics(); }

 private:
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

/// Exchanges that the test answers when it likes.
class Held {
 public:
  Dispatch dispatch() {
    return [this](Exchange exchange) {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(exchange));
      arrived_.notify_all();
    };
  }
  Exchange take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(10), [this] { return !waiting_.empty(); }))
      throw std::runtime_error("no request came");
    Exchange exchange = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    return exchange;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Exchange> waiting_;
};

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

bool has(const ClientResponse& response, std::string_view part) { return response.body.find(part) != std::string::npos; }

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(HttpServer, AnswersOnAConnectionThatStaysOpen) {
  TestServer server;
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/a").body, "GET /a ");
  EXPECT_EQ(client.post("/b", "{}").body, "POST /b {}");
  EXPECT_EQ(client.del("/c").body, "DELETE /c ");
  EXPECT_EQ(server.statistics().connections_total, 1u);
  EXPECT_EQ(server.statistics().requests_total, 3u);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrderOneAtATime) {
  Held held;
  TestServer server(held.dispatch());
  RawConnection wire(server.port());
  wire.send(
      "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
      "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n"
      "\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  for (const char* expected : {"/1 first", "/2 second", "/3 "}) {
    Exchange exchange = held.take();
    std::thread([exchange] { exchange.respond(text(exchange.request.path + " " + exchange.request.body)); }).join();
    EXPECT_EQ(wire.read_response().body, expected);
  }
}

TEST(HttpServer, RequestMayArriveByteByByte) {
  TestServer server;
  RawConnection wire(server.port());
  for (const char c : std::string("POST /x?y=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "5;ext=1\r\nhello\r\n0\r\nTrailer: ignored\r\n\r\n"))
    wire.send(std::string_view(&c, 1));
  EXPECT_EQ(wire.read_response().body, "POST /x hello");
  wire.send(kGet);
  EXPECT_EQ(wire.read_response().body, "GET / ");
}

TEST(HttpServer, RequestWithDoubtfulFramingOrFormIsRefused) {
  TestServer server;
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  for (const std::string& bad : {
           head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
           head + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
           head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
           head + "Content-Length: 5, 5\r\n\r\nhello",
           head + "Content-Length: +5\r\n\r\nhello",
           head + "Content-Length: -5\r\n\r\nhello",
           head + "Content-Length: 0x5\r\n\r\nhello",
           head + "Content-Length:\r\n\r\n",
           head + "Content-Length: 99999999999999999999999\r\n\r\n",
           head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: identity\r\n\r\n",
           head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
           std::string("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
           std::string("GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
           std::string("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHo st: a\r\n\r\n"),
           "GET / HTTP/1.1\r\nHost: a\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n",
           std::string("GET /../etc HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET /%2e%2e/etc HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET /%g0 HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET patients HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
       }) {
    SCOPED_TRACE(bad);
    RawConnection wire(server.port());
    wire.send(bad);
    wire.shutdown_send();
    const ClientResponse r = wire.read_response();
    EXPECT_EQ(r.status, 400);
    EXPECT_EQ(r.header("content-type"), "application/problem+json");
    EXPECT_EQ(r.header("connection"), "close");
    EXPECT_TRUE(has(r, "\"code\":\"bad_request\"")) << r.body;
    EXPECT_FALSE(r.header("x-request-id").empty());
    EXPECT_TRUE(has(r, r.header("x-request-id")));
    EXPECT_TRUE(wire.is_closed_by_peer());
  }
  EXPECT_EQ(server.statistics().requests_total, 0u);
}

TEST(HttpServer, BodyOverTheLimitIsRefusedBeforeItIsRead) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  TestServer server(echo, options);
  RawConnection wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nContent-Length: 1001\r\n\r\n");
  const ClientResponse r = wire.read_response();
  EXPECT_EQ(r.status, 413);
  EXPECT_EQ(r.header("x-request-id"), "mine");
  EXPECT_TRUE(has(r, "1000 bytes")) << r.body;
  HttpClient client(server.port());
  EXPECT_EQ(client.post("/", std::string(1000, 'a')).status, 200);
  EXPECT_EQ(client.post("/", std::string(20 * 1024 * 1024, 'a')).status, 413);
}

TEST(HttpServer, ChunkedBodyOverTheLimitIsRefusedWhileItIsRead) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  TestServer server(echo, options);
  RawConnection wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "190\r\n" + std::string(400, 'a') + "\r\n";
  wire.send(chunk + chunk + chunk);
  EXPECT_EQ(wire.read_response().status, 413);
}

TEST(HttpServer, HeadersOverTheLimitAreRefused) {
  ServerOptions options;
  options.max_header_bytes = 2048;
  TestServer server(echo, options);
  {
    RawConnection wire(server.port());
    wire.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(3000, 'a') + "\r\n\r\n");
    EXPECT_EQ(wire.read_response().status, 431);
  }
  {
    RawConnection wire(server.port());
    wire.send("GET /" + std::string(3000, 'a'));
    EXPECT_EQ(wire.read_response().status, 431);
  }
  {  // many small ones that arrive bit by bit
    RawConnection wire(server.port());
    wire.send("GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 90; ++i)
      if (!wire.try_send("H" + std::to_string(i) + ": " + std::string(40, 'v') + "\r\n")) break;
    EXPECT_EQ(wire.read_response().status, 431);
  }
  {  // more than a hundred, though few bytes
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 101; ++i) many += "a: b\r\n";
    RawConnection wire(server.port());
    wire.send(many + "\r\n");
    EXPECT_EQ(wire.read_response().status, 431);
  }
  RawConnection wire(server.port());
  wire.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1900, 'a') + "\r\n\r\n");
  EXPECT_EQ(wire.read_response().status, 200);
}

TEST(HttpServer, SlowHeadersAndSlowBodyAreTimedOut) {
  ServerOptions options;
  options.header_timeout_ms = 40;
  options.body_timeout_ms = 40;
  TestServer server(echo, options);
  RawConnection headers(server.port()), body(server.port());
  headers.send("GET / HTTP/1.1\r\nHo");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
  const ClientResponse slow_headers = headers.read_response(), slow_body = body.read_response();
  EXPECT_EQ(slow_headers.status, 408);
  EXPECT_TRUE(has(slow_headers, "request_timeout"));
  EXPECT_TRUE(headers.is_closed_by_peer());
  EXPECT_EQ(slow_body.status, 408);
  EXPECT_TRUE(has(slow_body, "The body did not arrive"));
}

TEST(HttpServer, SilentConnectionIsClosedWithoutAWord) {
  ServerOptions options;
  options.header_timeout_ms = 40;
  options.keep_alive_timeout_ms = 40;
  TestServer server(echo, options);
  RawConnection fresh(server.port()), used(server.port());
  used.send(kGet);
  EXPECT_EQ(used.read_response().status, 200);
  EXPECT_TRUE(used.is_closed_by_peer());
  EXPECT_TRUE(fresh.is_closed_by_peer());
}

TEST(HttpServer, ConnectionOverTheLimitIsTold503) {
  ServerOptions options;
  options.max_connections = 2;
  TestServer server(echo, options);
  HttpClient a(server.port()), b(server.port());
  EXPECT_EQ(a.get("/").status, 200);
  EXPECT_EQ(b.get("/").status, 200);
  RawConnection third(server.port());
  third.send(kGet);
  const ClientResponse r = third.read_response();
  EXPECT_EQ(r.status, 503);
  EXPECT_TRUE(r.has_header("retry-after"));
  EXPECT_TRUE(has(r, "overloaded"));
  EXPECT_EQ(a.get("/").status, 200);
}

TEST(HttpServer, ExpectedContinueIsGivenOnlyForABodyThatWillBeRead) {
  ServerOptions options;
  options.max_body_bytes = 10;
  TestServer server(echo, options);
  RawConnection wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(wire.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send("hello");
  EXPECT_EQ(wire.read_response().body, "POST / hello");
  wire.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(wire.read_head().status, 413);
}

TEST(HttpServer, HeadAnswersTheLengthWithoutTheBody) {
  TestServer server;
  RawConnection wire(server.port());
  wire.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  EXPECT_EQ(wire.read_response(true).header("content-length"), "10");
  EXPECT_EQ(wire.read_response().body, "GET / ");
}

TEST(HttpServer, OldAndClosingClientsGetTheirConnectionClosed) {
  TestServer server;
  RawConnection old(server.port()), closing(server.port()), old_keeping(server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read_response().header("connection"), "close");
  EXPECT_TRUE(old.is_closed_by_peer());
  closing.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(closing.read_response().header("connection"), "close");
  EXPECT_TRUE(closing.is_closed_by_peer());
  for (int i = 0; i < 2; ++i) {
    old_keeping.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old_keeping.read_response().header("connection"), "keep-alive");
  }
}

TEST(HttpServer, RequestIdIsTheCallersTokenOrANewOne) {
  TestServer server([](Exchange e) { e.respond(text(e.request.request_id)); });
  HttpClient client(server.port());
  const ClientResponse given = client.get("/", {{"X-Request-Id", "abc-1"}});
  EXPECT_EQ(given.body, "abc-1");
  EXPECT_EQ(given.header("x-request-id"), "abc-1");
  const ClientResponse doubtful = client.get("/", {{"X-Request-Id", "a\"b c"}});
  EXPECT_EQ(doubtful.body.size(), 13u);
  EXPECT_NE(doubtful.body, client.get("/").body);
}

TEST(HttpServer, ForwardingHeadersAreBelievedOnlyBehindAProxy) {
  const auto who = [](Exchange e) {
    e.respond(text(e.request.remote_address + (e.request.secure ? " secure " : " plain ") +
                   std::string(e.request.header("x-forwarded-for"))));
  };
  const HttpClient::Headers forwarded = {
      {"X-Forwarded-For", "6.6.6.6, 10.0.0.1"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "10.0.0.2 , 10.0.0.3"}};
  TestServer alone(who);
  EXPECT_EQ(HttpClient(alone.port()).get("/", forwarded).body, "127.0.0.1 plain ");
  ServerOptions options;
  options.behind_proxy = true;
  TestServer behind(who, options);
  EXPECT_EQ(HttpClient(behind.port()).get("/", forwarded).body, "10.0.0.3 secure 6.6.6.6, 10.0.0.1");
}

TEST(HttpServer, UnansweredOrThrowingRequestIsAnswered500WithAnIncident) {
  TestServer server([](Exchange e) {
    if (e.request.path == "/throw") throw std::runtime_error("inside");
    if (e.request.path == "/drop-later") std::thread([respond = std::move(e.respond), stream = std::move(e.stream)] {}).detach();
  });
  HttpClient client(server.port());
  for (const char* path : {"/throw", "/drop", "/drop-later"}) {
    const ClientResponse r = client.get(path);
    EXPECT_EQ(r.status, 500) << path;
    EXPECT_TRUE(has(r, "\"incident\":\"" + r.header("x-request-id") + "\"")) << r.body;
    EXPECT_FALSE(has(r, "inside"));
  }
}

TEST(HttpServer, OnlyTheFirstAnswerCounts) {
  TestServer server([](Exchange e) {
    e.respond(text("first"));
    e.respond(text("second"));
    EXPECT_FALSE(e.stream({})->open());
  });
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/").body, "first");
  EXPECT_EQ(client.get("/").body, "first");
}

TEST(HttpServer, AnswerForACallerWhoLeftOrAServerThatIsGoneIsHarmless) {
  Held held;
  TestServer server(held.dispatch());
  auto wire = std::make_optional<RawConnection>(server.port());
  wire->send(kGet);
  Exchange left = held.take();
  wire.reset();
  left.respond(text("too late"));
  RawConnection other(server.port());
  other.send(kGet);
  Exchange late = held.take();
  std::thread stopping([&] { server.stop(); });
  late.respond(text("in time"));
  EXPECT_EQ(other.read_response().body, "in time");
  stopping.join();

  Exchange kept = [&] {
    ServerOptions options;
    options.drain_timeout_ms = 20;
    TestServer short_lived(held.dispatch(), options);
    RawConnection third(short_lived.port());
    third.send(kGet);
    return held.take();
  }();
  kept.respond(text("nobody listens"));
}

TEST(HttpServer, StopFinishesWhatWasAcceptedAndClosesTheRest) {
  Held held;
  TestServer server(held.dispatch());
  RawConnection busy(server.port()), idle(server.port()), halfway(server.port());
  idle.send(kGet);
  held.take().respond(text("earlier"));
  EXPECT_EQ(idle.read_response().body, "earlier");
  halfway.send("POST /half HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(halfway.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  busy.send(kGet);
  Exchange exchange = held.take();
  server.begin_stop();
  EXPECT_TRUE(idle.is_closed_by_peer());
  exchange.respond(text("finished"));
  const ClientResponse r = busy.read_response();
  EXPECT_EQ(r.body, "finished");
  EXPECT_EQ(r.header("connection"), "close");
  halfway.send("body");
  held.take().respond(text("also finished"));
  EXPECT_EQ(halfway.read_response().body, "also finished");
  busy.close();
  halfway.close();
  server.join();
  EXPECT_THROW(RawConnection(server.port()), std::runtime_error);
}

TEST(HttpServer, StopEndsAfterTheDrainTimeThoughAnAnswerIsMissing) {
  Held held;
  ServerOptions options;
  options.drain_timeout_ms = 30;
  TestServer server(held.dispatch(), options);
  RawConnection wire(server.port());
  wire.send(kGet);
  Exchange never = held.take();
  server.stop();
  EXPECT_TRUE(wire.is_closed_by_peer());
}

TEST(HttpServer, StopBeforeRunEndsAtOnce) {
  ServerOptions options;
  options.port = 0;
  auto server = Server::listen(options, echo);
  ASSERT_TRUE(server);
  (*server)->stop();
  (*server)->run();
}

TEST(HttpServer, LargeAnswerReachesASlowReaderWhole) {
  const std::string large(8 * 1024 * 1024, 'z');
  TestServer server([&](Exchange e) { e.respond(text(large)); });
  RawConnection::Options slow;
  slow.receive_buffer = 4096;
  RawConnection wire(server.port(), slow);
  wire.send(kGet);
  EXPECT_TRUE(wire.read_response().body == large);
}

TEST(HttpServer, ReaderWhoStopsReadingIsDropped) {
  ServerOptions options;
  options.body_timeout_ms = 40;
  const std::string large(16 * 1024 * 1024, 'z');
  TestServer server([&](Exchange e) { e.respond(text(large)); }, options);
  RawConnection::Options slow;
  slow.receive_buffer = 4096;
  RawConnection wire(server.port(), slow);
  wire.send(kGet);
  while (server.statistics().connections_open != 0 || server.statistics().connections_total == 0) std::this_thread::yield();
  EXPECT_LT(wire.read_to_end().size(), large.size());
}

TEST(HttpServer, SeveralThreadsShareOnePort) {
  ServerOptions options;
  options.io_threads = 3;
  TestServer server(echo, options);
  std::vector<std::thread> clients;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      HttpClient client(server.port());
      for (int k = 0; k < 50; ++k) good += client.get("/" + std::to_string(k)).body == "GET /" + std::to_string(k) + " ";
    });
  for (auto& client : clients) client.join();
  EXPECT_EQ(good, 400);
  EXPECT_EQ(server.statistics().requests_total, 400u);
}

std::string refused(const ServerOptions& options) {
  auto server = Server::listen(options, echo);
  if (server) return "accepted";
  EXPECT_EQ(server.error().code, ErrorCode::bad_config);
  return server.error().text;
}

TEST(HttpServer, AddressOthersCanReachNeedsTlsOrAProxy) {
  ServerOptions options;
  options.port = 0;
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    options.address = address;
    const std::string why = refused(options);
    EXPECT_NE(why.find("tls_certificate and tls_key"), std::string::npos) << why;
    EXPECT_NE(why.find("behind_proxy = true"), std::string::npos) << why;
  }
  options.address = "0.0.0.0";
  options.behind_proxy = true;
  EXPECT_EQ(refused(options), "accepted");
  options.behind_proxy = false;
  options.address = "localhost";
  EXPECT_EQ(refused(options), "accepted");
  options.address = "clinic.example";
  EXPECT_NE(refused(options).find("not an IP address"), std::string::npos);
}

TEST(HttpServer, TakenPortIsSaid) {
  TestServer first;
  for (const int threads : {1, 2}) {
    ServerOptions options;
    options.port = first.port();
    options.io_threads = threads;
    EXPECT_NE(refused(options).find("already in use"), std::string::npos) << threads;
  }
}

// ---- server-sent events --------------------------------------------------------------------------------

class EventStreams : public ::testing::Test {
 protected:
  Dispatch dispatch() {
    return [this](Exchange e) {
      auto stream = e.stream({{"X-Extra", "1"}, {"Cache-Control", "public"}});
      std::lock_guard lock(mutex_);
      stream_ = std::move(stream);
      opened_.notify_all();
    };
  }
  std::shared_ptr<EventStream> stream() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return stream_ != nullptr; });
    return stream_;
  }
  std::mutex mutex_;
  std::condition_variable opened_;
  std::shared_ptr<EventStream> stream_;
};

TEST_F(EventStreams, CarryEventsSentFromAnyThread) {
  TestServer server(dispatch());
  auto browser = HttpClient(server.port()).open_stream("/events");
  EXPECT_EQ(browser.head.status, 200);
  EXPECT_EQ(browser.head.header("content-type"), "text/event-stream");
  EXPECT_EQ(browser.head.header("cache-control"), "no-store");
  EXPECT_EQ(browser.head.count_header("cache-control"), 1u);
  EXPECT_EQ(browser.head.header("x-extra"), "1");
  auto events = stream();
  EXPECT_TRUE(events->open());
  events->send("changed", "{\"n\":1}");
  EXPECT_EQ(browser.connection.read_until("\n\n"), "event: changed\ndata: {\"n\":1}\n\n");
  std::thread([&] { events->send("changed", "2"); }).join();
  events->send("changed", "3");
  EXPECT_EQ(browser.connection.read_until("data: 3\n\n"), "event: changed\ndata: 2\n\nevent: changed\ndata: 3\n\n");
  events->close();
  EXPECT_TRUE(browser.connection.is_closed_by_peer());
  EXPECT_FALSE(events->open());
  events->send("changed", "4");
}

TEST_F(EventStreams, BeatWhenNothingElseIsSent) {
  ServerOptions options;
  options.heartbeat_ms = 20;
  TestServer server(dispatch(), options);
  auto browser = HttpClient(server.port()).open_stream("/events");
  EXPECT_EQ(browser.connection.read_until("\n\n"), ": still here\n\n");
  EXPECT_EQ(browser.connection.read_until("\n\n"), ": still here\n\n");
}

TEST_F(EventStreams, NoticeThatTheBrowserLeft) {
  TestServer server(dispatch());
  {
    auto browser = HttpClient(server.port()).open_stream("/events");
    EXPECT_TRUE(stream()->open());
  }
  while (stream()->open()) std::this_thread::yield();
}

TEST_F(EventStreams, DropABrowserThatDoesNotRead) {
  ServerOptions options;
  options.max_stream_backlog_bytes = 64 * 1024;
  TestServer server(dispatch(), options);
  auto browser = HttpClient(server.port()).open_stream("/events");
  auto events = stream();
  const std::string large(8 * 1024, 'e');
  while (events->open()) events->send("changed", large);
  EXPECT_LT(browser.connection.read_to_end().size(), 1024u * 1024 * 1024);
}

TEST_F(EventStreams, EndWhenTheServerStops) {
  TestServer server(dispatch());
  auto browser = HttpClient(server.port()).open_stream("/events");
  stream()->send("changed", "last");
  EXPECT_EQ(browser.connection.read_until("\n\n"), "event: changed\ndata: last\n\n");
  server.stop();
  EXPECT_TRUE(browser.connection.is_closed_by_peer());
  EXPECT_FALSE(stream()->open());
  auto kept = stream();
  server.destroy();
  kept->send("changed", "nobody");
  kept->close();
}

}  // namespace
}  // namespace concord::http
