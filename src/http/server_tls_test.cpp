// TLS as a browser meets it: a key pair made here, OpenSSL's own client on loopback.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "http/server.h"
#include "support/certificate.h"

namespace concord::http {
namespace {

namespace fs = std::filesystem;

class TlsServer : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "concord-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.port = 0;
    options_.tls_certificate = folder_ / "cert.pem";
    options_.tls_key = folder_ / "key.pem";
    testing::make_certificate(options_.tls_certificate, options_.tls_key);
  }
  void TearDown() override {
    if (thread_.joinable()) {
      server_->stop();
      thread_.join();
    }
    fs::remove_all(folder_);
  }

  void serve(Dispatch dispatch) {
    auto made = Server::listen(options_, std::move(dispatch));
    ASSERT_TRUE(made) << made.error().text;
    server_ = std::move(*made);
    thread_ = std::thread([this] { server_->run(); });
  }

  /// Sends `request`, returns the protocol's name and what came until the end; "" when there is no handshake.
  std::string talk(const std::string& request, int max_version = TLS1_3_VERSION, const char* ciphers = nullptr) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval patience{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);  // this client would also do what the server must not
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, max_version);
    if (ciphers) SSL_CTX_set_cipher_list(context, ciphers);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    std::string heard;
    if (SSL_connect(ssl) == 1) {
      heard = std::string(SSL_get_version(ssl)) + "\n";
      SSL_write(ssl, request.data(), static_cast<int>(request.size()));
      char chunk[16384];
      int n;
      while ((n = SSL_read(ssl, chunk, sizeof chunk)) > 0) heard.append(chunk, static_cast<std::size_t>(n));
      was_clean_end_ = SSL_get_error(ssl, n) == SSL_ERROR_ZERO_RETURN;
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    ::close(fd);
    return heard;
  }

  std::string refusal() {
    auto made = Server::listen(options_, [](Exchange) {});
    if (made) return "accepted";
    EXPECT_EQ(made.error().code, ErrorCode::bad_config);
    return made.error().text;
  }

  fs::path folder_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  bool was_clean_end_ = false;
};

TEST_F(TlsServer, AnswersOverTls13AndTls12) {
  serve([](Exchange e) {
    Response r;
    r.body = std::string(e.request.secure ? "secure" : "plain") + std::string(100000, 'x');
    e.respond(std::move(r));
  });
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  for (const auto& [version, name] : {std::pair(TLS1_3_VERSION, "TLSv1.3\n"), std::pair(TLS1_2_VERSION, "TLSv1.2\n")}) {
    const std::string heard = talk(get, version);
    EXPECT_TRUE(heard.starts_with(std::string(name) + "HTTP/1.1 200 OK")) << heard.substr(0, 100);
    EXPECT_GT(heard.size(), 200000u);
    EXPECT_NE(heard.find("\r\n\r\nsecure"), std::string::npos);
    EXPECT_TRUE(was_clean_end_);
  }
}

TEST_F(TlsServer, RefusesOldProtocolsAndCiphersWithoutForwardSecrecy) {
  serve([](Exchange e) { e.respond({}); });
  EXPECT_EQ(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n", TLS1_1_VERSION), "");
  EXPECT_EQ(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n", TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA:AES256-GCM-SHA384"), "");
}

TEST_F(TlsServer, RefusesABadRequestAndASlowOneInWords) {
  options_.header_timeout_ms = 60;
  serve([](Exchange e) { e.respond({}); });
  EXPECT_NE(talk("nonsense\r\n\r\n").find("400 Bad Request"), std::string::npos);
  EXPECT_NE(talk("GET / HT").find("408 Request Timeout"), std::string::npos);
}

TEST_F(TlsServer, CarriesEventStreams) {
  serve([](Exchange e) {
    auto stream = e.stream({});
    stream->send("changed", "1");
    stream->close();
  });
  EXPECT_NE(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n").find("event: changed\ndata: 1\n\n"), std::string::npos);
}

TEST_F(TlsServer, MayListenWhereOthersReachIt) {
  options_.address = "0.0.0.0";
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(TlsServer, KeyThatEverybodyMayReadIsRefused) {
  ::chmod(options_.tls_key.c_str(), 0644);
  EXPECT_NE(refusal().find("everybody on this machine may read"), std::string::npos);
  ::chmod(options_.tls_key.c_str(), 0640);
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(TlsServer, MissingOrForeignFilesAreNamed) {
  const fs::path other_key = folder_ / "other.pem";
  testing::make_certificate(folder_ / "other-cert.pem", other_key);
  const ServerOptions good = options_;
  options_.tls_key = other_key;
  EXPECT_NE(refusal().find("tls_key"), std::string::npos);
  options_ = good;
  options_.tls_certificate = folder_ / "none.pem";
  EXPECT_NE(refusal().find("tls_certificate"), std::string::npos);
  options_ = good;
  options_.tls_key.clear();
  EXPECT_NE(refusal().find("belong together"), std::string::npos);
}

}  // namespace
}  // namespace concord::http
