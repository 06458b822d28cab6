// A mail server and an SMS gateway on loopback, real sockets and no more of the protocols than a client needs. What
// arrived is stored before it is answered, so a test that sent something need not wait for it.
//
//   FakeMailServer mail;                       // smtp://127.0.0.1:mail.port()
//   mail.down(); ... mail.up();                // refuses connections, then takes the same port again
//   mail.before_answer = [&] { kill(child, SIGKILL); };   // the message is stored, the client never hears of it
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace concord::testing {

/// Accepts one connection after the other on a thread of its own.
class FakeServer {
 public:
  FakeServer();
  virtual ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::uint16_t port() const { return port_; }
  void down();  ///< connections are refused from here on
  void up();
  /// Called when a message is complete and stored, before the answer goes out. Set while no client is there.
  std::function<void()> before_answer;

 protected:
  virtual void serve(int connection) = 0;
  void stop_serving();  ///< first thing in a derived destructor
  std::mutex mutex_;

 private:
  void run();

  std::uint16_t port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::thread thread_;
};

struct ReceivedMail {
  std::string from, to, data;
  std::string header(std::string_view name) const;
  std::string text() const;  ///< the body, decoded
};

class FakeMailServer final : public FakeServer {
 public:
  FakeMailServer() { up(); }
  ~FakeMailServer() override { stop_serving(); }
  std::vector<ReceivedMail> received();
  /// "451 try later" to every recipient from now on; "" takes them again.
  void refuse_with(std::string answer);

 private:
  void serve(int connection) override;
  std::vector<ReceivedMail> received_;
  std::string refusal_;
};

struct ReceivedSms {
  std::string path, authorization, idempotency_key, to, from, text, status_callback;
};

class FakeSmsGateway final : public FakeServer {
 public:
  FakeSmsGateway() { up(); }
  ~FakeSmsGateway() override { stop_serving(); }
  std::vector<ReceivedSms> received();
  void answer_with(int status);

 private:
  void serve(int connection) override;
  std::vector<ReceivedSms> received_;
  int status_ = 201;
};

}  // namespace concord::testing
