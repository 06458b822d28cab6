#include "app/load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

namespace concord::app {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Connection {
  int fd = -1;
  std::string out;
  std::size_t written = 0;
  std::string in;
  std::size_t expected = 0;  // whole answer, once the head is known
  int status = 0;
  SteadyClock::time_point sent;
};

class FileDescriptors {
 public:
  ~FileDescriptors() {
    for (const int fd : list) ::close(fd);
  }
  std::vector<int> list;
};

tl::unexpected<Error> broken(std::string what) { return fail(ErrorCode::internal, "The load run broke off: " + std::move(what)); }

// Length of the whole answer when its head is complete, else 0.
std::size_t answer_length(const std::string& in, int& status) {
  const auto head_end = in.find("\r\n\r\n");
  if (head_end == std::string::npos) return 0;
  if (in.size() > 12) std::from_chars(in.data() + 9, in.data() + 12, status);
  std::size_t length = 0;
  const std::string_view head(in.data(), head_end + 2);
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const auto at = head.find(name);
    if (at != std::string_view::npos) std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  }
  return head_end + 4 + length;
}

}  // namespace

Result<LoadReport> run_load(const LoadOptions& options, const NextRequest& next) {
  FileDescriptors open;
  const int epoll = ::epoll_create1(0);
  open.list.push_back(epoll);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<Connection> connections(static_cast<std::size_t>(options.connections));
  std::int64_t number = 0;
  const auto send_some = [](Connection& c) {
    while (c.written < c.out.size()) {
      const ssize_t n = ::send(c.fd, c.out.data() + c.written, c.out.size() - c.written, MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN;
      c.written += static_cast<std::size_t>(n);
    }
    return true;
  };
  const auto begin = SteadyClock::now();
  const auto seconds = [](double s) {
    return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(s));
  };
  const bool is_paced = options.per_second > 0;
  const auto due_at = [&](std::int64_t which) { return begin + seconds(static_cast<double>(which) / options.per_second); };
  std::vector<std::size_t> idle;  // of a paced run: connections that wait for the next request to be due
  const auto send_next = [&](Connection& c) {
    c.out.clear();
    c.written = 0;
    c.in.clear();
    c.expected = 0;
    c.sent = is_paced ? due_at(number) : SteadyClock::now();
    next(number++, c.out);
    return send_some(c);
  };
  const auto start_next = [&](Connection& c) {
    if (!is_paced || due_at(number) <= SteadyClock::now()) return send_next(c);
    idle.push_back(static_cast<std::size_t>(&c - connections.data()));
    return true;
  };
  for (std::size_t i = 0; i < connections.size(); ++i) {
    auto& c = connections[i];
    c.fd = ::socket(AF_INET, SOCK_STREAM, 0);
    open.list.push_back(c.fd);
    if (::connect(c.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return broken("cannot connect");
    const int on = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(c.fd, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = i;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, c.fd, &event);
    if (!start_next(c)) return broken("cannot send");
  }
  LoadReport report;
  std::vector<float> latencies_ms;
  const auto measured_from = begin + seconds(options.warmup_seconds);
  const auto until = measured_from + seconds(options.seconds);
  std::vector<epoll_event> events(connections.size());
  char buffer[65536];
  const auto is_enough = [&] { return options.most > 0 && report.requests >= options.most; };
  for (auto now = begin; now < until && !is_enough();) {
    for (; !idle.empty() && due_at(number) <= SteadyClock::now(); idle.pop_back())
      if (!send_next(connections[idle.back()])) return broken("cannot send");
    // A paced run looks again when the next request is due, to the millisecond.
    const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), idle.empty() ? 5000 : 1);
    if (ready == 0 && idle.empty()) return broken("no answer within 5 seconds");
    for (int e = 0; e < ready; ++e) {
      auto& c = connections[events[static_cast<std::size_t>(e)].data.u64];
      if (!send_some(c)) return broken("cannot send");
      for (;;) {
        const ssize_t n = ::recv(c.fd, buffer, sizeof buffer, 0);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0) return broken("the server closed a connection");
        c.in.append(buffer, static_cast<std::size_t>(n));
        if (c.expected == 0) c.expected = answer_length(c.in, c.status);
        if (c.expected == 0 || c.in.size() < c.expected) continue;
        now = SteadyClock::now();
        if (now >= measured_from && now < until && !is_enough()) {
          ++report.requests;
          ++report.statuses[c.status];
          report.bytes += static_cast<std::int64_t>(c.in.size());
          latencies_ms.push_back(std::chrono::duration<float, std::milli>(now - c.sent).count());
        }
        if (!start_next(c)) return broken("cannot send");
      }
    }
    now = SteadyClock::now();
  }
  report.seconds = std::min(options.seconds, std::chrono::duration<double>(SteadyClock::now() - measured_from).count());
  if (!latencies_ms.empty()) {
    std::sort(latencies_ms.begin(), latencies_ms.end());
    const auto at = [&](double share) {
      return static_cast<double>(latencies_ms[static_cast<std::size_t>(share * static_cast<double>(latencies_ms.size() - 1))]);
    };
    report.p50_ms = at(0.5);
    report.p99_ms = at(0.99);
    report.max_ms = at(1);
  }
  return report;
}

}  // namespace concord::app
