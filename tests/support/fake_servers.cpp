#include "support/fake_servers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "base/text.h"

namespace concord::testing {
namespace {

int listen_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 16) != 0)
    throw std::runtime_error("a fake server cannot listen");
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

/// Reads a connection line by line.
class Conversation {
 public:
  explicit Conversation(int fd) : fd_(fd) {}
  bool line(std::string& out) {
    while (true) {
      if (const auto end = buffer_.find('\n'); end != std::string::npos) {
        out = buffer_.substr(0, end);
        if (out.ends_with('\r')) out.pop_back();
        buffer_.erase(0, end + 1);
        return true;
      }
      if (!more()) return false;
    }
  }
  bool bytes(std::size_t count, std::string& out) {
    while (buffer_.size() < count)
      if (!more()) return false;
    out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
  }
  bool say(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

 private:
  bool more() {
    char chunk[4096];
    const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(got));
    return true;
  }
  int fd_;
  std::string buffer_;
};

std::string between(std::string_view text, char open, char close) {
  const auto from = text.find(open), to = text.rfind(close);
  return from == std::string_view::npos || to == std::string_view::npos || to <= from
             ? std::string()
             : std::string(text.substr(from + 1, to - from - 1));
}

std::string form_value(std::string_view body, std::string_view name) {
  for (const auto pair : split(body, '&')) {
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    std::string out;
    for (std::size_t i = equals + 1; i < pair.size(); ++i) {
      if (pair[i] == '%' && i + 2 < pair.size()) {
        out += static_cast<char>(std::stoi(std::string(pair.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        out += pair[i] == '+' ? ' ' : pair[i];
      }
    }
    return out;
  }
  return {};
}

std::string from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto value = kLetters.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((count += 6) >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xffU);
  }
  return out;
}

}  // namespace

FakeServer::FakeServer() {
  if (::pipe(wake_) != 0) throw std::runtime_error("no pipe");
}

FakeServer::~FakeServer() {
  stop_serving();
  ::close(wake_[0]);
  ::close(wake_[1]);
}

void FakeServer::stop_serving() { down(); }

void FakeServer::up() {
  if (thread_.joinable()) return;
  listener_ = listen_on(port_);
  port_ = port_of(listener_);
  thread_ = std::thread([this] { run(); });
}

void FakeServer::down() {
  if (!thread_.joinable()) return;
  [[maybe_unused]] const auto woken = ::write(wake_[1], "x", 1);
  thread_.join();
  ::close(listener_);
  listener_ = -1;
}

void FakeServer::run() {
  while (true) {
    pollfd ready[2] = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (::poll(ready, 2, -1) < 0) continue;
    if (ready[1].revents != 0) {
      char byte = 0;
      [[maybe_unused]] const auto got = ::read(wake_[0], &byte, 1);
      return;
    }
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    ::close(connection);
  }
}

std::string ReceivedMail::header(std::string_view name) const {
  for (auto line : split(std::string_view(data).substr(0, data.find("\n\n")), '\n'))
    if (line.size() > name.size() + 1 && line[name.size()] == ':' && equals_ignoring_case(line.substr(0, name.size()), name))
      return std::string(trim(line.substr(name.size() + 1)));
  return {};
}

std::string ReceivedMail::text() const {
  const auto body = data.find("\n\n");
  return body == std::string::npos ? std::string() : from_base64(std::string_view(data).substr(body + 2));
}

std::vector<ReceivedMail> FakeMailServer::received() {
  const std::lock_guard lock(mutex_);
  return received_;
}

void FakeMailServer::refuse_with(std::string answer) {
  const std::lock_guard lock(mutex_);
  refusal_ = std::move(answer);
}

void FakeMailServer::serve(int connection) {
  Conversation with(connection);
  with.say("220 fake.example.test ready\r\n");
  ReceivedMail mail;
  std::string line;
  while (with.line(line)) {
    const auto verb = to_lower(line.substr(0, 4));
    if (verb == "ehlo" || verb == "helo") {
      with.say("250 fake.example.test\r\n");
    } else if (verb == "mail") {
      mail = ReceivedMail();
      mail.from = between(line, '<', '>');
      with.say("250 ok\r\n");
    } else if (verb == "rcpt") {
      std::string refusal;
      {
        const std::lock_guard lock(mutex_);
        refusal = refusal_;
      }
      mail.to = between(line, '<', '>');
      with.say(refusal.empty() ? "250 ok\r\n" : refusal + "\r\n");
    } else if (verb == "data") {
      with.say("354 go on\r\n");
      while (with.line(line) && line != ".") {
        if (line.starts_with("..")) line.erase(0, 1);
        mail.data += line + "\n";
      }
      {
        const std::lock_guard lock(mutex_);
        received_.push_back(mail);
      }
      if (before_answer) before_answer();
      with.say("250 taken\r\n");
    } else if (verb == "quit") {
      with.say("221 bye\r\n");
      return;
    } else {
      with.say("502 what?\r\n");
    }
  }
}

std::vector<ReceivedSms> FakeSmsGateway::received() {
  const std::lock_guard lock(mutex_);
  return received_;
}

void FakeSmsGateway::answer_with(int status) {
  const std::lock_guard lock(mutex_);
  status_ = status;
}

void FakeSmsGateway::serve(int connection) {
  Conversation with(connection);
  std::string line;
  if (!with.line(line)) return;
  ReceivedSms sms;
  sms.path = std::string(split(line, ' ').at(1));
  std::size_t length = 0;
  while (with.line(line) && !line.empty()) {
    const auto colon = line.find(':');
    const auto name = to_lower(line.substr(0, colon));
    const std::string value(trim(std::string_view(line).substr(colon + 1)));
    if (name == "content-length") length = std::stoul(value);
    if (name == "authorization") sms.authorization = value;
    if (name == "idempotency-key") sms.idempotency_key = value;
  }
  std::string body;
  if (!with.bytes(length, body)) return;
  sms.to = form_value(body, "To");
  sms.from = form_value(body, "From");
  sms.text = form_value(body, "Body");
  sms.status_callback = form_value(body, "StatusCallback");
  int status = 0;
  {
    const std::lock_guard lock(mutex_);
    received_.push_back(sms);
    status = status_;
  }
  if (before_answer) before_answer();
  with.say("HTTP/1.1 " + std::to_string(status) +
           " x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
}

}  // namespace concord::testing
