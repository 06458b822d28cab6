// The HTTP server: Asio coroutines and the Beast parser live in server.cpp only (and tls there too).
// Keep-alive and pipelining (one request of a connection at a time, answered in order), Content-Length and
// chunked bodies, clear 400/408/413/431 answers, TLS by certificate files, server-sent events, graceful stop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/id.h"
#include "http/message.h"

namespace concord::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0 picks a free one: see Server::port()
  int io_threads = 1;
  bool behind_proxy = false;              ///< allows a non-loopback address without TLS, trusts X-Forwarded-*
  std::filesystem::path tls_certificate;  ///< PEM chain; empty: plain HTTP
  std::filesystem::path tls_key;          ///< PEM, must not be readable by others
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_connections = 10000;
  int header_timeout_ms = 10000;
  int body_timeout_ms = 30000;
  int keep_alive_timeout_ms = 75000;
  int drain_timeout_ms = 10000;
  int heartbeat_ms = 20000;                           ///< a comment line on an event stream that is otherwise silent
  std::size_t max_stream_backlog_bytes = 256 * 1024;  ///< a browser that is further behind loses its stream
};

/// A live event stream of one signed-in browser. `send` may be called from any thread; it drops the
/// stream when the browser does not read.
class EventStream {
 public:
  virtual ~EventStream() = default;
  virtual void send(std::string_view event, std::string_view json) = 0;
  virtual bool open() const = 0;
  virtual void close() = 0;
};

/// Called on an I/O thread for each complete request. Must not block. Either calls `respond` once (now or
/// later, from any thread), or calls `stream` once to turn the exchange into server-sent events.
struct Exchange {
  Request request;
  Respond respond;
  std::function<std::shared_ptr<EventStream>(Headers extra)> stream;
};
using Dispatch = std::function<void(Exchange)>;

struct ServerStatistics {
  std::uint64_t connections_open = 0, connections_total = 0, requests_total = 0, refused_total = 0;
};

class Server {
 public:
  /// bad_config when the address is not loopback and there is neither TLS nor behind_proxy, when a
  /// certificate cannot be read, or when the port is taken.
  static Result<std::unique_ptr<Server>> listen(ServerOptions options, Dispatch dispatch);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  /// Serves until stop(); returns when every accepted request is answered or the drain time is over.
  virtual void run() = 0;
  /// From any thread or a signal handler's thread: stop accepting, finish what was accepted.
  virtual void stop() = 0;
  virtual ServerStatistics statistics() const = 0;
};

}  // namespace concord::http
