#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace concord::testing {
namespace {

[[noreturn]] void give_up(const std::string& what) { throw std::runtime_error("http client: " + what); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

ClientResponse parse_head(std::string_view head) {
  ClientResponse response;
  const auto line_end = head.find("\r\n");
  const std::string_view line = head.substr(0, line_end);
  if (!line.starts_with("HTTP/1.1 ") || line.size() < 12) give_up("not a status line: " + std::string(line));
  response.status = std::stoi(std::string(line.substr(9, 3)));
  head.remove_prefix(line_end + 2);
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const std::string_view header = head.substr(0, end);
    if (header.empty()) break;
    const auto colon = header.find(':');
    if (colon == std::string_view::npos) give_up("not a header: " + std::string(header));
    response.headers.emplace_back(lower(header.substr(0, colon)), std::string(trimmed(header.substr(colon + 1))));
    head.remove_prefix(end + 2);
  }
  return response;
}

}  // namespace

std::string ClientResponse::header(std::string_view lower_case_name) const {
  for (const auto& [key, value] : headers)
    if (key == lower_case_name) return value;
  return {};
}

bool ClientResponse::has_header(std::string_view lower_case_name) const { return count_header(lower_case_name) > 0; }

std::size_t ClientResponse::count_header(std::string_view lower_case_name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == lower_case_name; }));
}

RawConnection::RawConnection(std::uint16_t port, const Options& options) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) give_up("no socket");
  if (options.receive_buffer > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof options.receive_buffer);
  const timeval patience{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, options.host.c_str(), &address.sin_addr) != 1) give_up("no address: " + options.host);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    close();
    give_up("cannot connect: " + why);
  }
}

RawConnection::~RawConnection() { close(); }

RawConnection::RawConnection(RawConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

RawConnection& RawConnection::operator=(RawConnection&& other) noexcept {
  if (this != &other) {
    close();
    socket_ = std::exchange(other.socket_, -1);
    buffer_ = std::move(other.buffer_);
  }
  return *this;
}

void RawConnection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void RawConnection::shutdown_send() { ::shutdown(socket_, SHUT_WR); }

bool RawConnection::is_ended() const {
  char byte;
  return buffer_.empty() && ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

bool RawConnection::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) give_up("the server does not read");
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawConnection::send(std::string_view bytes) {
  if (!try_send(bytes)) give_up("the server closed before it had read everything");
}

bool RawConnection::fill() {
  char chunk[16384];
  for (;;) {
    const auto n = ::recv(socket_, chunk, sizeof chunk, 0);
    if (n > 0) {
      buffer_.append(chunk, static_cast<std::size_t>(n));
      return true;
    }
    if (n == 0 || errno == ECONNRESET) return false;
    if (errno == EINTR) continue;
    give_up("nothing came for ten seconds; so far: \"" + buffer_.substr(0, 200) + "\"");
  }
}

std::string RawConnection::read_until(std::string_view mark) {
  std::size_t at;
  while ((at = buffer_.find(mark)) == std::string::npos)
    if (!fill()) give_up("the server closed; so far: \"" + buffer_.substr(0, 200) + "\"");
  std::string taken = buffer_.substr(0, at + mark.size());
  buffer_.erase(0, at + mark.size());
  return taken;
}

ClientResponse RawConnection::read_head() { return parse_head(read_until("\r\n\r\n")); }

ClientResponse RawConnection::read_response(bool to_head) {
  ClientResponse response = read_head();
  while (response.status == 100) response = read_head();
  if (to_head || response.status == 204 || response.status == 304) return response;
  if (!response.has_header("content-length")) {
    response.body = read_to_end();
    return response;
  }
  const auto length = static_cast<std::size_t>(std::stoull(response.header("content-length")));
  while (buffer_.size() < length)
    if (!fill()) give_up("the server closed in the middle of a body");
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

std::string RawConnection::read_to_end() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool RawConnection::is_closed_by_peer() { return buffer_.empty() && !fill(); }

std::string HttpClient::origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

void HttpClient::set_header(std::string name, std::string value) {
  for (auto& header : headers_)
    if (lower(header.first) == lower(name)) {
      header.second = std::move(value);
      return;
    }
  headers_.emplace_back(std::move(name), std::move(value));
}

std::string HttpClient::head_of(std::string_view method, std::string_view target, std::optional<std::size_t> length,
                                const Headers& headers) const {
  std::string head =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n";
  bool has_type = false;
  const auto given = [&](const std::string& key) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& h) { return lower(h.first) == key; });
  };
  for (const Headers* list : {&headers_, &headers})
    for (const auto& [key, value] : *list) {
      if (list == &headers_ && given(lower(key))) continue;
      has_type = has_type || lower(key) == "content-type";
      head += key + ": " + value + "\r\n";
    }
  if (!cookies_.empty()) {
    head += "Cookie: ";
    bool first = true;
    for (const auto& [key, value] : cookies_) {
      if (!std::exchange(first, false)) head += "; ";
      head += key + "=" + value;
    }
    head += "\r\n";
  }
  if (length) {
    if (!has_type && *length > 0) head += "Content-Type: application/json\r\n";
    head += "Content-Length: " + std::to_string(*length) + "\r\n";
  }
  return head + "\r\n";
}

void HttpClient::keep_cookies(const ClientResponse& response) {
  for (const auto& [key, value] : response.headers) {
    if (key != "set-cookie") continue;
    const std::string_view pair = std::string_view(value).substr(0, value.find(';'));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name(trimmed(pair.substr(0, equals)));
    const std::string content(trimmed(pair.substr(equals + 1)));
    const std::string attributes = lower(value);
    if (content.empty() || attributes.find("max-age=0") != std::string::npos) cookies_.erase(name);
    else cookies_[name] = content;
  }
}

ClientResponse HttpClient::request(std::string_view method, std::string_view target, std::string_view body,
                                   const Headers& headers) {
  const bool with_length = !body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
  const std::string head = head_of(method, target, with_length ? std::optional<std::size_t>(body.size()) : std::nullopt, headers);
  // A browser that was left alone for long finds its connection closed, and opens another.
  if (connection_ && connection_->is_ended()) connection_.reset();
  if (!connection_) connection_.emplace(port_);
  // A refused body may be answered before all of it is sent: then reading is what counts.
  connection_->try_send(head + std::string(body));
  ClientResponse response = connection_->read_response(method == "HEAD");
  if (lower(response.header("connection")) == "close") connection_.reset();
  keep_cookies(response);
  return response;
}

HttpClient::Stream HttpClient::open_stream(std::string_view target, const Headers& headers) {
  Headers all = headers;
  all.emplace_back("Accept", "text/event-stream");
  Stream stream{{}, RawConnection(port_)};
  stream.connection.send(head_of("GET", target, std::nullopt, all));
  stream.head = stream.connection.read_head();
  return stream;
}

}  // namespace concord::testing
