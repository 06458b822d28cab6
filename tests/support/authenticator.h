// A passkey of our own, for tests: makes what a browser would give and signs it (WebAuthn, ES256). Header only.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <memory>
#include <string>
#include <string_view>

namespace concord::testing {

inline std::string sha256(std::string_view text) {
  unsigned char out[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(out, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return {reinterpret_cast<char*>(out), sizeof out};
}

class Authenticator {
 public:
  Authenticator() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}
  std::string data(std::string_view rp, unsigned char flags, std::uint32_t count, bool with_key) const {
    std::string d = sha256(rp);
    d += static_cast<char>(with_key ? flags | 0x40 : flags);
    for (int shift = 24; shift >= 0; shift -= 8) d += static_cast<char>(count >> shift & 255);
    if (!with_key) return d;
    d += std::string(16, '\0');
    d += std::string("\0\x10", 2) + "credential-id-16";
    unsigned char point[65];
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), "pub", point, sizeof point, &size);
    const std::string_view raw(reinterpret_cast<char*>(point), size);
    d += std::string("\xA5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10);
    d += raw.substr(1, 32);
    d += std::string("\x22\x58\x20", 3);
    d += raw.substr(33, 32);
    return d;
  }
  static std::string client(std::string_view type, std::string_view challenge, std::string_view origin, bool framed = false) {
    return R"({"type":")" + std::string(type) + R"(","challenge":")" + std::string(challenge) + R"(","origin":")" +
           std::string(origin) + R"(","crossOrigin":)" + (framed ? "true" : "false") + "}";
  }
  std::string sign(std::string_view authenticator_data, std::string_view client_data) const {
    const std::string text = std::string(authenticator_data) + sha256(client_data);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    std::string signature(100, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    signature.resize(size);
    return signature;
  }

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

}  // namespace concord::testing
