// How a connection lives (one coroutine each, on the thread that accepted it):
//
//   (TLS handshake) -> idle -> reading -> working -> writing -+-> idle ...           keep-alive
//                        |        |          |                +-> lingering -> end   close, errors
//                        v        v          +-> streaming -> end                    server-sent events
//                       end    400 408 413 431
//
// A worker is one thread with its own io_context, acceptor (SO_REUSEPORT), timer wheel and connections; they
// share nothing but counters. Other threads reach a connection only through its worker's Gate.
#include "http/server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <ctime>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <type_traits>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "http/target.h"
#include "http/timer_wheel.h"
#include "http/wire.h"

namespace concord::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// The concrete executor spares the type-erased one a virtual call for every step.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> use_awaitable;

constexpr std::size_t kReadBuffer = 16 * 1024;
constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kJoinedBody = 4 * 1024;   // smaller bodies are copied behind the head
constexpr std::size_t kKeptOutput = 16 * 1024;  // an output buffer larger than this is given back
constexpr std::size_t kMaxRefusedLingering = 64;
constexpr std::size_t kMaxDiscarded = 64 * 1024 * 1024;
constexpr int kLingerMs = 2000;
constexpr int kAcceptPauseMs = 50;

struct Worker;
class ServerImpl;
class ConnectionBase;
class SseStream;

/// The only way from another thread to a worker: closed before the worker's io_context goes away.
class Gate {
 public:
  explicit Gate(asio::io_context& context) : context_(&context) {}
  void entered_by(std::thread::id thread) { thread_.store(thread, std::memory_order_relaxed); }
  void close() {
    std::lock_guard lock(mutex_);
    context_ = nullptr;
    thread_.store({}, std::memory_order_relaxed);
  }
  /// Runs `step` on the worker's thread: at once when this is it, else later, or never when it is gone.
  template <class Step>
  void run(Step step) {
    if (thread_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
      step();
      return;
    }
    post(std::move(step));
  }
  template <class Step>
  void post(Step step) {
    std::lock_guard lock(mutex_);
    if (context_ != nullptr) asio::post(*context_, std::move(step));
  }

 private:
  std::mutex mutex_;
  asio::io_context* context_;
  std::atomic<std::thread::id> thread_{};
};

struct StreamStart {
  Headers extra;
  std::shared_ptr<SseStream> stream;
};
struct Dropped {};
using Answer = std::variant<std::monostate, Response, StreamStart, Dropped>;

enum class Phase { handshake, idle, reading, working, writing, streaming, lingering };

/// A suspended coroutine, to be resumed once.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void resume(asio::io_context& context) = 0;
};
template <class Handler>
class WaiterOf final : public Waiter {
 public:
  explicit WaiterOf(Handler handler) : handler_(std::move(handler)) {}
  void resume(asio::io_context& context) override { asio::post(context, std::move(handler_)); }

 private:
  Handler handler_;
};

/// What other threads and the worker see of a connection, whatever its transport.
class ConnectionBase : public TimerWheel::Entry, public std::enable_shared_from_this<ConnectionBase> {
 public:
  explicit ConnectionBase(Worker& worker) : worker_(worker) {}
  virtual ~ConnectionBase() = default;
  virtual void start(bool refused) = 0;
  virtual void on_due() = 0;
  virtual void on_stop() = 0;
  virtual void abort() = 0;

  void deliver(Answer answer) {
    answer_ = std::move(answer);
    wake();
  }
  void wake();

 protected:
  Awaitable<> wait();

  Worker& worker_;
  Answer answer_;
  bool woken_ = false;
  bool aborted_ = false;
  Phase phase_ = Phase::idle;
  std::unique_ptr<Waiter> waiter_;
};

/// Shared by all copies of one exchange's `respond` and `stream`.
class Pending {
 public:
  Pending(std::shared_ptr<Gate> gate, std::weak_ptr<ConnectionBase> connection, std::size_t max_backlog)
      : gate_(std::move(gate)), connection_(std::move(connection)), max_backlog_(max_backlog) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    if (!answered_.load(std::memory_order_acquire)) send(Dropped{});
  }
  void respond(Response response) {
    if (!answered_.exchange(true, std::memory_order_acq_rel)) send(std::move(response));
  }
  std::shared_ptr<EventStream> stream(Headers extra);

 private:
  void send(Answer answer) {
    gate_->run([connection = connection_, answer = std::move(answer)]() mutable {
      if (auto held = connection.lock()) held->deliver(std::move(answer));
    });
  }

  std::shared_ptr<Gate> gate_;
  std::weak_ptr<ConnectionBase> connection_;
  std::size_t max_backlog_;
  std::atomic<bool> answered_{false};
};

class SseStream final : public EventStream {
 public:
  SseStream(std::shared_ptr<Gate> gate, std::weak_ptr<ConnectionBase> connection, std::size_t max_backlog)
      : gate_(std::move(gate)), connection_(std::move(connection)), max_backlog_(max_backlog) {}

  void send(std::string_view event, std::string_view json) override {
    bool first = false;
    {
      std::lock_guard lock(mutex_);
      if (!open_) return;
      if (backlog_.size() + event.size() + json.size() > max_backlog_) {
        open_ = false;
        dropped_ = true;
      } else {
        append_event(backlog_, event, json);
      }
      first = !std::exchange(scheduled_, true);
    }
    if (first) nudge();
  }
  bool open() const override {
    std::lock_guard lock(mutex_);
    return open_;
  }
  void close() override {
    {
      std::lock_guard lock(mutex_);
      if (!open_) return;
      open_ = false;
    }
    nudge();
  }

  /// Takes what waits; answers whether more may follow. A dropped stream's backlog is not sent.
  bool take(std::string& out) {
    std::lock_guard lock(mutex_);
    scheduled_ = false;
    if (dropped_) return false;
    out.append(backlog_);
    backlog_.clear();
    if (backlog_.capacity() > kKeptOutput) backlog_.shrink_to_fit();
    return open_;
  }
  bool dropped() const {
    std::lock_guard lock(mutex_);
    return dropped_;
  }
  void end() {
    std::lock_guard lock(mutex_);
    open_ = false;
    backlog_ = std::string();
  }

 private:
  void nudge() {
    // Always posted: `send` may be called while the caller holds its own locks.
    gate_->post([connection = connection_] {
      if (auto held = connection.lock()) held->wake();
    });
  }

  std::shared_ptr<Gate> gate_;
  std::weak_ptr<ConnectionBase> connection_;
  const std::size_t max_backlog_;
  mutable std::mutex mutex_;
  std::string backlog_;
  bool open_ = true, scheduled_ = false, dropped_ = false;
};

std::shared_ptr<EventStream> Pending::stream(Headers extra) {
  auto made = std::make_shared<SseStream>(gate_, connection_, max_backlog_);
  if (answered_.exchange(true, std::memory_order_acq_rel)) {
    made->end();
    return made;
  }
  send(StreamStart{std::move(extra), made});
  return made;
}

struct Worker {
  Worker(ServerImpl& owner, tcp::endpoint endpoint, bool share_port, std::uint64_t seed);

  void start();
  void stop();
  std::uint64_t ticks(int ms) const { return static_cast<std::uint64_t>((ms + tick_ms - 1) / tick_ms + 1); }
  std::string next_request_id();
  void finished(const std::shared_ptr<ConnectionBase>& connection, bool refused);

  ServerImpl& server;
  asio::io_context context{1};
  std::shared_ptr<Gate> gate = std::make_shared<Gate>(context);
  Acceptor acceptor{context.get_executor()};
  Timer tick{context.get_executor()};
  int tick_ms;
  TimerWheel wheel;
  // After the wheel: connections leave it when they go.
  std::unordered_set<std::shared_ptr<ConnectionBase>> connections;
  bool stopping = false;
  std::uint64_t drain_tick = UINT64_MAX;
  std::size_t refused_lingering = 0;
  std::string date;
  std::time_t date_second = 0;
  std::uint64_t id_seed, id_count = 0;
  std::atomic<std::uint64_t> requests{0}, total{0}, refused{0};

 private:
  Awaitable<> accept_loop();
  Awaitable<> tick_loop();
  void add(Socket socket);
  void refresh_date();
};

class ServerImpl final : public Server {
 public:
  ServerImpl(ServerOptions with, Dispatch to) : options(std::move(with)), dispatch(std::move(to)) {}
  ~ServerImpl() override {
    for (auto& worker : workers) worker->gate->close();
  }

  std::uint16_t port() const override { return port_number; }
  void run() override {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < workers.size(); ++i) threads.emplace_back([this, i] { serve(*workers[i]); });
    serve(*workers[0]);
    for (auto& thread : threads) thread.join();
  }
  void stop() override {
    for (auto& worker : workers) worker->gate->post([w = worker.get()] { w->stop(); });
  }
  ServerStatistics statistics() const override {
    ServerStatistics s;
    s.connections_open = open_connections.load(std::memory_order_relaxed);
    for (const auto& worker : workers) {
      s.connections_total += worker->total.load(std::memory_order_relaxed);
      s.requests_total += worker->requests.load(std::memory_order_relaxed);
      s.refused_total += worker->refused.load(std::memory_order_relaxed);
    }
    return s;
  }

  ServerOptions options;
  Dispatch dispatch;
  std::uint16_t port_number = 0;
  std::optional<asio::ssl::context> tls;
  std::vector<std::unique_ptr<Worker>> workers;
  std::atomic<std::size_t> open_connections{0};

 private:
  static void serve(Worker& worker) {
    worker.gate->entered_by(std::this_thread::get_id());
    worker.start();
    worker.context.run();
    worker.gate->close();
  }
};

// ---- waiting -------------------------------------------------------------------------------------------

void ConnectionBase::wake() {
  if (waiter_) {
    // Posted, so that whoever wakes us is not on our stack while we run.
    std::exchange(waiter_, nullptr)->resume(worker_.context);
  } else {
    woken_ = true;
  }
}

/// Until somebody calls wake(); may also return early, so callers check why they waited.
Awaitable<> ConnectionBase::wait() {
  if (std::exchange(woken_, false)) co_return;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>&, void()>(
      [this](auto handler) { waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler)); }, use_awaitable);
  woken_ = false;
}

// ---- reading -------------------------------------------------------------------------------------------

Method to_method(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::put:
      return Method::put;
    case beast_http::verb::patch:
      return Method::patch;
    case beast_http::verb::delete_:
      return Method::del;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Beast's tokenizer writing straight into our Request. What it lets pass and we do not (two lengths, an
/// encoding besides chunked, no or several hosts) becomes `fault`.
class Parser final : public beast_http::basic_parser<true> {
 public:
  Parser(Request& request, std::size_t max_head, std::size_t max_body) : request_(request) {
    header_limit(static_cast<std::uint32_t>(max_head));
    body_limit(max_body);
  }

  std::optional<Error> fault;
  int version = 11;
  bool expects_continue = false;
  bool chunked_seen = false;

 private:
  void refuse(ErrorCode code, std::string text, error_code& ec) {
    fault = Error{code, std::move(text), {}, {}};
    ec = beast_http::error::bad_value;
  }
  void on_request_impl(beast_http::verb verb, boost::beast::string_view, boost::beast::string_view target, int http_version,
                       error_code&) override {
    request_.method = to_method(verb);
    request_.target.assign(target.data(), target.size());
    request_.headers.reserve(12);
    version = http_version;
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field field, boost::beast::string_view field_name, boost::beast::string_view value,
                     error_code& ec) override {
    if (head_done_) return;  // trailers of a chunked body carry nothing we use
    if (request_.headers.size() >= kMaxHeaders)
      return refuse(ErrorCode::headers_too_large, "The request has more than 100 headers.", ec);
    const std::string_view text = view(value);
    switch (field) {
      case beast_http::field::content_length:
        if (std::exchange(length_seen_, true) || text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
          return refuse(ErrorCode::bad_request, "There must be one Content-Length header holding one number.", ec);
        if (chunked_seen) return refuse(ErrorCode::bad_request, kBothFramings, ec);
        break;
      case beast_http::field::transfer_encoding:
        if (std::exchange(chunked_seen, true) || !equals_ignoring_case(text, "chunked") || version < 11)
          return refuse(ErrorCode::bad_request, "The only Transfer-Encoding understood is chunked, once.", ec);
        if (length_seen_) return refuse(ErrorCode::bad_request, kBothFramings, ec);
        break;
      case beast_http::field::host:
        if (std::exchange(host_seen_, true)) return refuse(ErrorCode::bad_request, "There must be one Host header.", ec);
        break;
      case beast_http::field::expect:
        expects_continue = equals_ignoring_case(text, "100-continue");
        break;
      default:
        break;
    }
    if (text.find('\0') != std::string_view::npos) return refuse(ErrorCode::bad_request, "A header holds a NUL.", ec);
    auto& header = request_.headers.emplace_back();
    header.first.resize(field_name.size());
    for (std::size_t i = 0; i < field_name.size(); ++i) {
      const char c = field_name[i];
      header.first[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    header.second.assign(text);
  }
  void on_header_impl(error_code& ec) override {
    head_done_ = true;
    if (!host_seen_ && version >= 11) return refuse(ErrorCode::bad_request, "An HTTP/1.1 request needs a Host header.", ec);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // Not reserved in full before anything came: a promise of many bytes must cost us nothing.
    if (length) request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 64 * 1024)));
  }
  std::size_t on_body_impl(boost::beast::string_view body, error_code&) override {
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code&) override {
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  static constexpr const char* kBothFramings = "A request has either a Content-Length or a Transfer-Encoding.";
  Request& request_;
  bool head_done_ = false, length_seen_ = false, host_seen_ = false;
};

Error error_of(const error_code& ec, const ServerOptions& options) {
  if (ec == beast_http::error::body_limit)
    return {ErrorCode::too_large,
            "The body is larger than the limit of " + std::to_string(options.max_body_bytes) + " bytes.",
            {},
            {}};
  if (ec == beast_http::error::header_limit || ec == beast_http::error::buffer_overflow)
    return {ErrorCode::headers_too_large,
            "The request line and headers are larger than the limit of " + std::to_string(options.max_header_bytes) + " bytes.",
            {},
            {}};
  if (ec == beast_http::error::bad_version) return {ErrorCode::bad_request, "Only HTTP/1.1 and HTTP/1.0 are understood.", {}, {}};
  if (ec == beast_http::error::bad_content_length || ec == beast_http::error::multiple_content_length ||
      ec == beast_http::error::bad_transfer_encoding)
    return {ErrorCode::bad_request, "The length of the body is not stated clearly.", {}, {}};
  if (ec == beast_http::error::bad_chunk || ec == beast_http::error::bad_chunk_extension)
    return {ErrorCode::bad_request, "The chunked body is malformed.", {}, {}};
  return {ErrorCode::bad_request, "The request is not well-formed HTTP.", {}, {}};
}

// ---- a connection --------------------------------------------------------------------------------------

template <class Stream>
class Connection final : public ConnectionBase {
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

 public:
  template <class... StreamArguments>
  Connection(Worker& worker, std::string remote, StreamArguments&&... arguments)
      : ConnectionBase(worker),
        stream_(std::forward<StreamArguments>(arguments)...),
        remote_(std::move(remote)),
        input_(std::max(kReadBuffer, options().max_header_bytes)) {}

  void start(bool refused) override {
    asio::co_spawn(
        worker_.context.get_executor(),
        [self = std::static_pointer_cast<Connection>(shared_from_this()), refused]() -> Awaitable<> {
          try {
            if (refused) co_await self->refuse_whole();
            else co_await self->serve();
          } catch (const std::exception& e) {
            log::error("http.connection_failed", {{"what", std::string_view(e.what())}});
          }
          self->abort();
          self->worker_.wheel.disarm(*self);
          self->worker_.finished(self, refused);
        },
        asio::detached);
  }

  void on_due() override {
    switch (phase_) {
      case Phase::idle:
      case Phase::handshake:
      case Phase::writing:
      case Phase::lingering:
        abort();
        break;
      case Phase::reading: {
        timed_out_ = true;
        error_code ignored;
        socket().cancel(ignored);
        break;
      }
      case Phase::streaming:
        heartbeat_due_ = true;
        wake();
        break;
      case Phase::working:
        break;
    }
  }

  void on_stop() override {
    if (phase_ == Phase::streaming) {
      wake();
    } else if (phase_ == Phase::idle) {
      // Bytes that have arrived are a request we accepted.
      error_code ec;
      if (buffered() == 0 && (socket().available(ec) == 0 || ec)) abort();
    }
  }

  void abort() override {
    aborted_ = true;
    error_code ignored;
    socket().close(ignored);
    wake();
  }

 private:
  enum class Received { request, refused, closed };

  const ServerOptions& options() const { return worker_.server.options; }
  Socket& socket() {
    if constexpr (kTls) return stream_.next_layer();
    else return stream_;
  }
  std::size_t buffered() const { return end_ - begin_; }
  void enter(Phase phase, int timeout_ms) {
    phase_ = phase;
    worker_.wheel.arm(*this, worker_.ticks(timeout_ms));
  }

  Awaitable<> serve() {
    if constexpr (kTls) {
      enter(Phase::handshake, options().header_timeout_ms);
      error_code ec;
      co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(use_awaitable, ec));
      if (ec) co_return;
    }
    bool first = true;
    for (;;) {
      const Received received = co_await receive(std::exchange(first, false));
      if (received == Received::closed) co_return;
      if (received == Received::refused) {
        worker_.refused.fetch_add(1, std::memory_order_relaxed);
        const Response response = problem(refusal_, request_id_);
        if (co_await send(response, false)) co_await linger();
        co_return;
      }
      worker_.requests.fetch_add(1, std::memory_order_relaxed);
      phase_ = Phase::working;
      worker_.wheel.disarm(*this);
      hand_over();
      while (std::holds_alternative<std::monostate>(answer_) && !aborted_) co_await wait();
      if (aborted_) co_return;
      if (auto* start = std::get_if<StreamStart>(&answer_)) {
        co_await serve_stream(*start);
        co_return;
      }
      if (std::holds_alternative<Dropped>(answer_)) {
        log::error("http.unanswered", {{"request_id", std::string_view(request_id_)}});
        answer_ = problem(Error{ErrorCode::internal, {}, {}, {}}, request_id_, request_id_);
      }
      const bool keep = keep_alive_ && !worker_.stopping;
      if (!co_await send(std::get<Response>(answer_), keep)) co_return;
      answer_ = std::monostate();
      if (!keep) {
        co_await linger();
        co_return;
      }
    }
  }

  /// One whole request into request_, or what is wrong with it into refusal_.
  Awaitable<Received> receive(bool first) {
    request_ = Request();
    request_id_.clear();
    is_head_ = false;
    http10_ = false;
    timed_out_ = false;
    std::optional<Parser> parser;
    parser.emplace(request_, options().max_header_bytes, options().max_body_bytes);
    std::size_t head_bytes = 0;
    bool head_seen = false;
    for (;;) {
      // An empty line in front of a request is tolerated (RFC 9112, 2.2).
      while (!parser->got_some() && buffered() > 0 && (input_[begin_] == '\r' || input_[begin_] == '\n')) ++begin_;
      while (buffered() > 0) {
        error_code ec;
        const std::size_t used = parser->put(asio::const_buffer(input_.data() + begin_, buffered()), ec);
        begin_ += used;
        if (!head_seen) head_bytes += used;
        if (parser->fault) co_return refuse(std::move(*parser->fault));
        if (ec && ec != beast_http::error::need_more) {
          if (ec == beast_http::error::body_limit && !head_seen) take_identity();
          co_return refuse(error_of(ec, options()));
        }
        if (!head_seen && head_bytes + (parser->is_header_done() ? 0 : buffered()) > options().max_header_bytes)
          co_return refuse(error_of(beast_http::error::header_limit, options()));
        if (!head_seen && parser->is_header_done()) {
          head_seen = true;
          is_head_ = request_.method == Method::head;
          http10_ = parser->version < 11;
          keep_alive_ = parser->keep_alive();
          take_identity();
          auto target = parse_target(request_.target);
          if (!target) co_return refuse(std::move(target.error()));
          request_.path = std::move(target->path);
          request_.query = std::move(target->query);
          if (!parser->is_done()) {
            parser->eager(true);
            enter(Phase::reading, options().body_timeout_ms);
            if (parser->expects_continue && buffered() == 0 && !http10_) {
              out_ = "HTTP/1.1 100 Continue\r\n\r\n";
              if (!co_await write_out({})) co_return Received::closed;
              enter(Phase::reading, options().body_timeout_ms);
            }
          }
        }
        if (parser->is_done()) co_return Received::request;
        if (ec == beast_http::error::need_more) break;
      }
      if (begin_ == end_) {
        begin_ = end_ = 0;
      } else if (begin_ > 0 && end_ == input_.size()) {
        std::copy(input_.begin() + static_cast<std::ptrdiff_t>(begin_), input_.begin() + static_cast<std::ptrdiff_t>(end_),
                  input_.begin());
        end_ -= begin_;
        begin_ = 0;
      }
      if (end_ == input_.size()) {
        // A line (or a chunk's size, extensions and trailers) that does not fit.
        co_return refuse(error_of(
            head_seen ? error_code(beast_http::error::bad_chunk) : error_code(beast_http::error::header_limit), options()));
      }
      const bool waiting = !parser->got_some() && buffered() == 0;
      if (waiting) {
        if (worker_.stopping && !first) co_return Received::closed;
        const int patience = first ? options().header_timeout_ms : options().keep_alive_timeout_ms;
        enter(Phase::idle, worker_.stopping ? std::min(patience, kLingerMs / 4) : patience);
      } else if (phase_ != Phase::reading) {
        enter(Phase::reading, options().header_timeout_ms);
      }
      error_code ec;
      const std::size_t got = co_await stream_.async_read_some(asio::buffer(input_.data() + end_, input_.size() - end_),
                                                               asio::redirect_error(use_awaitable, ec));
      if (timed_out_ && !aborted_)
        co_return refuse(
            {ErrorCode::request_timeout,
             head_seen ? "The body did not arrive within the time limit." : "The headers did not arrive within the time limit.",
             {},
             {}});
      if (ec) co_return Received::closed;
      end_ += got;
    }
  }

  Received refuse(Error error) {
    refusal_ = std::move(error);
    if (request_id_.empty()) request_id_ = worker_.next_request_id();
    is_head_ = request_.method == Method::head;
    return Received::refused;
  }

  /// Request id, peer and scheme; forwarding headers are believed, or else removed.
  void take_identity() {
    const std::string_view given = request_.header("x-request-id");
    if (is_request_id(given)) request_id_ = given;
    else request_id_ = worker_.next_request_id();
    request_.request_id = request_id_;
    request_.remote_address = remote_;
    request_.secure = kTls;
    if (options().behind_proxy) {
      for (const auto& [key, value] : request_.headers) {
        if (key == "x-forwarded-for") {
          if (const auto hop = last_element(value); !hop.empty()) request_.remote_address = hop;
        } else if (key == "x-forwarded-proto") {
          request_.secure = kTls || equals_ignoring_case(last_element(value), "https");
        }
      }
    } else {
      std::erase_if(request_.headers,
                    [](const auto& h) { return h.first == "forwarded" || h.first.starts_with("x-forwarded-"); });
    }
  }

  void hand_over() {
    answer_ = std::monostate();
    woken_ = false;
    auto pending = std::make_shared<Pending>(worker_.gate, weak_from_this(), options().max_stream_backlog_bytes);
    Exchange exchange{std::move(request_), [pending](Response response) { pending->respond(std::move(response)); },
                      [pending](Headers extra) { return pending->stream(std::move(extra)); }};
    try {
      worker_.server.dispatch(std::move(exchange));
    } catch (const std::exception& e) {
      log::error("http.dispatch_failed", {{"request_id", std::string_view(request_id_)}, {"what", std::string_view(e.what())}});
      pending->respond(problem(Error{ErrorCode::internal, {}, {}, {}}, request_id_, request_id_));
    }
  }

  Awaitable<bool> send(const Response& response, bool keep_alive) {
    const bool with_body = !is_head_ && !is_bodiless(response.status);
    out_.clear();
    append_head(out_, response, {keep_alive, http10_, worker_.date, request_id_});
    std::string_view tail;
    if (with_body) {
      // TLS joins anyhow: one record rather than two.
      if (kTls || response.body.size() <= kJoinedBody) out_.append(response.body);
      else tail = response.body;
    }
    return write_out(tail);
  }

  /// Writes out_, then `tail`. False when the peer is gone or does not read.
  Awaitable<bool> write_out(std::string_view tail) {
    std::array<asio::const_buffer, 2> buffers{asio::buffer(out_), asio::const_buffer(tail.data(), tail.size())};
    std::size_t left = out_.size() + tail.size();
    const auto advance = [&](std::size_t n) {
      left -= n;
      const std::size_t head = std::min(n, buffers[0].size());
      buffers[0] += head;
      buffers[1] += n - head;
    };
    error_code ec;
    if constexpr (!kTls) {
      // The socket nearly always takes a whole response at once; then the coroutine is not suspended.
      const std::size_t n = stream_.write_some(buffers, ec);
      if (ec && ec != asio::error::would_block) co_return false;
      advance(n);
    }
    while (left > 0) {
      enter(Phase::writing, options().body_timeout_ms);
      ec = {};
      const std::size_t n = co_await stream_.async_write_some(buffers, asio::redirect_error(use_awaitable, ec));
      if (ec) co_return false;
      advance(n);
    }
    if (out_.capacity() > kKeptOutput) out_ = std::string();
    co_return !aborted_;
  }

  /// Ends our side, then reads what the peer still sends: closing with unread bytes would reset the
  /// connection and could take the answer with it.
  Awaitable<> linger() {
    enter(Phase::lingering, kLingerMs);
    error_code ec;
    if constexpr (kTls) co_await stream_.async_shutdown(asio::redirect_error(use_awaitable, ec));
    socket().shutdown(tcp::socket::shutdown_send, ec);
    std::size_t discarded = 0;
    while (!ec && discarded < kMaxDiscarded)
      discarded += co_await socket().async_read_some(asio::buffer(input_), asio::redirect_error(use_awaitable, ec));
  }

  Awaitable<> refuse_whole() {
    request_id_ = worker_.next_request_id();
    keep_alive_ = false;
    if constexpr (!kTls) {
      Response response =
          problem(Error{ErrorCode::overloaded, "Too many connections are open. Try again shortly.", {}, {}}, request_id_);
      response.headers.emplace_back("Retry-After", "1");
      if (co_await send(response, false)) co_await linger();
    }
    co_return;
  }

  Awaitable<> serve_stream(StreamStart start) {
    const std::shared_ptr<SseStream> events = std::move(start.stream);
    answer_ = std::monostate();
    out_.clear();
    append_stream_head(out_, start.extra, {false, http10_, worker_.date, request_id_});
    bool alive = co_await write_out({});
    if (is_head_) alive = false;
    if (alive) {
      input_ = std::vector<char>(256);
      asio::co_spawn(
          worker_.context.get_executor(),
          [self = std::static_pointer_cast<Connection>(shared_from_this())] { return self->watch_peer(); }, asio::detached);
    }
    while (alive && !aborted_) {
      out_.clear();
      const bool more = events->take(out_);
      if (out_.empty() && std::exchange(heartbeat_due_, false)) out_ = ": still here\n\n";
      if (!out_.empty()) {
        alive = co_await write_out({});
        continue;
      }
      if (!more || worker_.stopping) break;
      enter(Phase::streaming, options().heartbeat_ms);
      co_await wait();
    }
    if (events->dropped()) log::info("http.slow_stream_dropped", {{"request_id", std::string_view(request_id_)}});
    events->end();
  }

  /// A browser that goes away is noticed by the end of its (otherwise silent) half of the connection.
  Awaitable<> watch_peer() {
    error_code ec;
    while (!ec) co_await stream_.async_read_some(asio::buffer(input_), asio::redirect_error(use_awaitable, ec));
    abort();
  }

  Stream stream_;
  const std::string remote_;
  std::vector<char> input_;
  std::size_t begin_ = 0, end_ = 0;
  std::string out_;
  Request request_;
  std::string request_id_;
  Error refusal_;
  bool keep_alive_ = true, http10_ = false, is_head_ = false, timed_out_ = false, heartbeat_due_ = false;
};

// ---- a worker ------------------------------------------------------------------------------------------

int tick_of(const ServerOptions& o) {
  const int shortest =
      std::min({o.header_timeout_ms, o.body_timeout_ms, o.keep_alive_timeout_ms, o.drain_timeout_ms, o.heartbeat_ms});
  return std::clamp(shortest / 8, 5, 250);
}

Worker::Worker(ServerImpl& owner, tcp::endpoint endpoint, bool share_port, std::uint64_t seed)
    : server(owner), tick_ms(tick_of(owner.options)), id_seed(seed) {
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  if (share_port) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
      throw boost::system::system_error(error_code(errno, boost::system::system_category()));
  }
  acceptor.bind(endpoint);
  acceptor.listen(4096);
}

void Worker::start() {
  refresh_date();
  asio::co_spawn(context.get_executor(), tick_loop(), asio::detached);
  asio::co_spawn(context.get_executor(), accept_loop(), asio::detached);
}

void Worker::stop() {
  if (std::exchange(stopping, true)) return;
  drain_tick = wheel.now() + ticks(server.options.drain_timeout_ms);
  // What the kernel has accepted for us is served too.
  error_code ec;
  acceptor.native_non_blocking(true, ec);
  acceptor.non_blocking(true, ec);
  while (!ec) {
    Socket socket(context.get_executor());
    acceptor.accept(socket, ec);
    if (!ec) add(std::move(socket));
  }
  acceptor.close(ec);
  // Copied: a connection that ends leaves the set.
  const std::vector<std::shared_ptr<ConnectionBase>> open(connections.begin(), connections.end());
  for (const auto& connection : open) connection->on_stop();
  if (connections.empty()) tick.cancel();
}

Awaitable<> Worker::tick_loop() {
  auto next = std::chrono::steady_clock::now();
  for (;;) {
    next += std::chrono::milliseconds(tick_ms);
    error_code ec;
    tick.expires_at(next);
    co_await tick.async_wait(asio::redirect_error(use_awaitable, ec));
    if (stopping && connections.empty()) co_return;
    const auto now = std::chrono::steady_clock::now();
    // After a long pause (a stopped machine) time goes on from now: nobody is late for our absence.
    if (now > next + std::chrono::seconds(5)) next = now;
    refresh_date();
    wheel.advance([](TimerWheel::Entry& entry) { static_cast<ConnectionBase&>(entry).on_due(); });
    if (wheel.now() >= drain_tick) {
      drain_tick = UINT64_MAX;
      log::warn("http.drain_time_over", {{"connections", static_cast<std::int64_t>(connections.size())}});
      const std::vector<std::shared_ptr<ConnectionBase>> open(connections.begin(), connections.end());
      for (const auto& connection : open) connection->abort();
    }
  }
}

Awaitable<> Worker::accept_loop() {
  Timer pause(context.get_executor());
  while (!stopping) {
    error_code ec;
    Socket socket(context.get_executor());
    co_await acceptor.async_accept(socket, asio::redirect_error(use_awaitable, ec));
    if (stopping || ec == asio::error::operation_aborted) {
      if (!ec) add(std::move(socket));
      co_return;
    }
    if (!ec) {
      add(std::move(socket));
      continue;
    }
    // Out of file descriptors, most likely: wait for some to come back instead of spinning.
    log::warn("http.accept_failed", {{"code", static_cast<std::int64_t>(ec.value())}});
    pause.expires_after(std::chrono::milliseconds(kAcceptPauseMs));
    co_await pause.async_wait(asio::redirect_error(use_awaitable, ec));
  }
}

void Worker::add(Socket socket) {
  error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec) return;
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  socket.set_option(tcp::no_delay(true), ec);
  socket.non_blocking(true, ec);
  total.fetch_add(1, std::memory_order_relaxed);
  const bool over = server.open_connections.fetch_add(1) >= server.options.max_connections;
  if (over) {
    server.open_connections.fetch_sub(1);
    refused.fetch_add(1, std::memory_order_relaxed);
    if (server.tls || refused_lingering >= kMaxRefusedLingering) return;
    ++refused_lingering;
  }
  std::shared_ptr<ConnectionBase> connection;
  if (server.tls)
    connection = std::make_shared<Connection<TlsStream>>(*this, address.to_string(), std::move(socket), *server.tls);
  else connection = std::make_shared<Connection<Socket>>(*this, address.to_string(), std::move(socket));
  connections.insert(connection);
  connection->start(over);
}

void Worker::finished(const std::shared_ptr<ConnectionBase>& connection, bool was_refused) {
  connections.erase(connection);
  if (was_refused) --refused_lingering;
  else server.open_connections.fetch_sub(1);
  if (stopping && connections.empty()) tick.cancel();
}

void Worker::refresh_date() {
  const std::time_t now = std::time(nullptr);
  if (now == date_second) return;
  date_second = now;
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  // The C locale's English names: the program never calls setlocale.
  date.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

std::string Worker::next_request_id() {
  // splitmix64 of a counter: distinct within a worker, and 13 characters need no allocation.
  std::uint64_t z = id_seed + ++id_count * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  static constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id(13, '0');
  for (char& c : id) {
    c = kAlphabet[z & 31];
    z >>= 5;
  }
  return id;
}

// ---- listening -----------------------------------------------------------------------------------------

Result<void> load_certificate(asio::ssl::context& context, const ServerOptions& o) {
  struct stat key{};
  if (::stat(o.tls_key.c_str(), &key) != 0)
    return fail(ErrorCode::bad_config, "tls_key: the file " + o.tls_key.string() + " cannot be read.");
  if ((key.st_mode & S_IRWXO) != 0)
    return fail(ErrorCode::bad_config, "tls_key: everybody on this machine may read " + o.tls_key.string() +
                                           ". Take that right away (chmod o= FILE) and start again.");
  error_code ec;
  context.use_certificate_chain_file(o.tls_certificate.string(), ec);
  if (ec)
    return fail(ErrorCode::bad_config,
                "tls_certificate: " + o.tls_certificate.string() + " is not a readable PEM certificate chain.");
  context.use_private_key_file(o.tls_key.string(), asio::ssl::context::pem, ec);
  if (ec || SSL_CTX_check_private_key(context.native_handle()) != 1)
    return fail(ErrorCode::bad_config, "tls_key: " + o.tls_key.string() + " is not the PEM key that belongs to tls_certificate.");
  return {};
}

Result<void> set_up_tls(std::optional<asio::ssl::context>& tls, const ServerOptions& o) {
  if (o.tls_certificate.empty() || o.tls_key.empty())
    return fail(ErrorCode::bad_config, "tls_certificate and tls_key belong together: set both or neither.");
  auto& context = tls.emplace(asio::ssl::context::tls_server);
  SSL_CTX* raw = context.native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  // Forward secrecy and authenticated encryption only (security.md C1); TLS 1.3 has nothing else.
  if (SSL_CTX_set_cipher_list(raw,
                              "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                              "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                              "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305") != 1 ||
      SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") != 1)
    return fail(ErrorCode::bad_config, "This OpenSSL offers none of the required ciphers.");
  static constexpr unsigned char kSessionContext[] = "concord";
  SSL_CTX_set_session_id_context(raw, kSessionContext, sizeof kSessionContext - 1);
  return load_certificate(context, o);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, Dispatch dispatch) {
  error_code ec;
  if (options.address == "localhost") options.address = "127.0.0.1";
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) return fail(ErrorCode::bad_config, "address: \"" + options.address + "\" is not an IP address.");
  const bool tls = !options.tls_certificate.empty() || !options.tls_key.empty();
  if (!address.is_loopback() && !tls && !options.behind_proxy)
    return fail(ErrorCode::bad_config,
                "address: " + options.address +
                    " can be reached from other machines, and nothing encrypts the connection. Set "
                    "tls_certificate and tls_key, or set behind_proxy = true when a proxy that does TLS stands in "
                    "front, or set address = \"127.0.0.1\".");
  if (options.io_threads < 1 || options.io_threads > 256) return fail(ErrorCode::bad_config, "io_threads: must be 1 to 256.");
  if (options.max_header_bytes < 1024 || options.max_header_bytes > 1024 * 1024)
    return fail(ErrorCode::bad_config, "max_header_bytes: must be 1024 to 1048576.");
  for (const int ms : {options.header_timeout_ms, options.body_timeout_ms, options.keep_alive_timeout_ms,
                       options.drain_timeout_ms, options.heartbeat_ms})
    if (ms < 1 || ms > 3'600'000) return fail(ErrorCode::bad_config, "A timeout must be 1 to 3600000 milliseconds.");

  auto server = std::make_unique<ServerImpl>(std::move(options), std::move(dispatch));
  const ServerOptions& o = server->options;
  if (tls) CONCORD_TRY_VOID(set_up_tls(server->tls, o));
  try {
    std::random_device random;
    tcp::endpoint endpoint(address, o.port);
    const bool share = o.io_threads > 1;
    std::optional<asio::io_context> probe_context;
    std::optional<Acceptor> probe;
    if (share) {
      // A shared port would quietly be shared with another program of the same user as well: ask for it
      // alone first, and keep what a free choice gave.
      probe_context.emplace();
      probe.emplace(probe_context->get_executor());
      probe->open(endpoint.protocol());
      probe->set_option(tcp::acceptor::reuse_address(true));
      probe->bind(endpoint);
      probe->listen(1);
      endpoint = probe->local_endpoint();
      probe->close();
    }
    for (int i = 0; i < o.io_threads; ++i) {
      const std::uint64_t seed = (static_cast<std::uint64_t>(random()) << 32) | random();
      server->workers.push_back(std::make_unique<Worker>(*server, endpoint, share, seed));
    }
    server->port_number = server->workers[0]->acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::address_in_use)
      return fail(ErrorCode::bad_config, "port: " + std::to_string(o.port) + " is already in use on " + o.address + ".");
    if (e.code() == asio::error::access_denied)
      return fail(ErrorCode::bad_config, "port: " + std::to_string(o.port) + " needs more rights than this user has.");
    return fail(ErrorCode::bad_config, "address: cannot listen on " + o.address + ": " + e.code().message() + ".");
  }
  return server;
}

}  // namespace concord::http
