// A small blocking HTTP client for tests on loopback.
//
//   HttpClient browser(port);                       // keeps cookies and the connection
//   auto r = browser.post("/auth/sign-in", R"({"name":"ann"})");
//   EXPECT_EQ(r.status, 204);
//
//   RawConnection wire(port);                       // says exactly what it is told to
//   wire.send("GET / HT"); wire.send("TP/1.1\r\nHost: x\r\n\r\n");
//   EXPECT_EQ(wire.read_response().status, 200);
//
// Every wait ends after ten seconds with a std::runtime_error that says what was waited for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concord::testing {

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in order
  std::string body;

  /// First header of that (lower-case) name, or empty.
  std::string header(std::string_view lower_case_name) const;
  bool has_header(std::string_view lower_case_name) const;
  std::size_t count_header(std::string_view lower_case_name) const;
};

class RawConnection {
 public:
  struct Options {
    int receive_buffer = 0;  ///< bytes; small makes a slow reader
    std::string host = "127.0.0.1";
  };
  explicit RawConnection(std::uint16_t port) : RawConnection(port, Options()) {}
  RawConnection(std::uint16_t port, const Options& options);
  ~RawConnection();
  RawConnection(RawConnection&& other) noexcept;
  RawConnection& operator=(RawConnection&& other) noexcept;

  void send(std::string_view bytes);
  /// The server has ended an idle connection: nothing more can be sent on it.
  bool is_ended() const;
  /// As many of the bytes as the peer takes; false when it has closed.
  bool try_send(std::string_view bytes);
  /// One whole response; 100 Continue is skipped. `to_head`: no body follows, whatever the length says.
  ClientResponse read_response(bool to_head = false);
  /// Status line and headers only (event streams). The rest stays readable.
  ClientResponse read_head();
  /// Until `mark` has come; returns everything up to and including it.
  std::string read_until(std::string_view mark);
  /// Everything until the peer closes.
  std::string read_to_end();
  /// True when the peer closes without another byte.
  bool is_closed_by_peer();
  void shutdown_send();
  void close();

 private:
  bool fill();
  int socket_ = -1;
  std::string buffer_;
};

class HttpClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  explicit HttpClient(std::uint16_t port) : port_(port) {}

  /// Sends, reads the answer, keeps its cookies. Opens a new connection when the last one was closed.
  /// A body gets "Content-Type: application/json" unless `headers` has one.
  ClientResponse request(std::string_view method, std::string_view target, std::string_view body = {},
                         const Headers& headers = {});
  ClientResponse get(std::string_view target, const Headers& headers = {}) { return request("GET", target, {}, headers); }
  ClientResponse post(std::string_view target, std::string_view body = {}, const Headers& headers = {}) {
    return request("POST", target, body, headers);
  }
  ClientResponse put(std::string_view target, std::string_view body, const Headers& headers = {}) {
    return request("PUT", target, body, headers);
  }
  ClientResponse patch(std::string_view target, std::string_view body, const Headers& headers = {}) {
    return request("PATCH", target, body, headers);
  }
  ClientResponse del(std::string_view target, const Headers& headers = {}) { return request("DELETE", target, {}, headers); }

  /// Sent with every request from now on ("Authorization", "Origin", ...).
  void set_header(std::string name, std::string value);
  std::map<std::string, std::string>& cookies() { return cookies_; }
  std::string origin() const;
  /// An event stream with this client's cookies: read_head() has been done, see `status`.
  struct Stream {
    ClientResponse head;
    RawConnection connection;
  };
  Stream open_stream(std::string_view target, const Headers& headers = {});

 private:
  std::string head_of(std::string_view method, std::string_view target, std::optional<std::size_t> length,
                      const Headers& headers) const;
  void keep_cookies(const ClientResponse& response);

  std::uint16_t port_;
  std::optional<RawConnection> connection_;
  Headers headers_;
  std::map<std::string, std::string> cookies_;
};

}  // namespace concord::testing
