#include "portal/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <sodium.h>

#include <array>
#include <memory>

#include "base/text.h"
#include "json/value.h"

namespace concord::portal {
namespace {

constexpr std::size_t kMostBytes = 8192;
constexpr std::size_t kRpHash = 32;  // SHA-256 of the party's id, at the beginning of authenticator data
constexpr unsigned kUserPresent = 0x01, kUserVerified = 0x04;

const unsigned char* raw_bytes(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string sha256(std::string_view bytes) {
  unsigned char out[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(out, raw_bytes(bytes), bytes.size());
  return {reinterpret_cast<char*>(out), sizeof out};
}

tl::unexpected<Error> refused(ErrorCode code) {
  return fail(code, code == ErrorCode::wrong_credentials ? "This passkey does not open an account here."
                                                         : "This passkey cannot be used.");
}

/// What the browser itself says about the ceremony.
bool says(std::string_view client_data, std::string_view type, std::string_view challenge, const Party& party) {
  const auto document = json::Document::parse(client_data);
  if (!document) return false;
  const auto is = [&](std::string_view name, std::string_view wanted) {
    const auto* value = document->root().find(name);
    return value != nullptr && value->is(json::Kind::string) && value->text() == wanted;
  };
  const auto* elsewhere = document->root().find("crossOrigin");
  const bool framed = elsewhere != nullptr && elsewhere->boolean();
  return is("type", type) && is("challenge", challenge) && is("origin", party.origin) && !framed;
}

struct Freer {
  void operator()(fido_cred_t* c) const { fido_cred_free(&c); }
  void operator()(fido_assert_t* a) const { fido_assert_free(&a); }
  void operator()(es256_pk_t* k) const { es256_pk_free(&k); }
  void operator()(eddsa_pk_t* k) const { eddsa_pk_free(&k); }
  void operator()(rs256_pk_t* k) const { rs256_pk_free(&k); }
};
template <class T>
using Owned = std::unique_ptr<T, Freer>;

bool verifies(const fido_assert_t* assertion, int algorithm, std::string_view key) {
  switch (algorithm) {
    case COSE_ES256: {
      const Owned<es256_pk_t> pk(es256_pk_new());
      return pk && es256_pk_from_ptr(pk.get(), key.data(), key.size()) == FIDO_OK &&
             fido_assert_verify(assertion, 0, algorithm, pk.get()) == FIDO_OK;
    }
    case COSE_EDDSA: {
      const Owned<eddsa_pk_t> pk(eddsa_pk_new());
      return pk && eddsa_pk_from_ptr(pk.get(), key.data(), key.size()) == FIDO_OK &&
             fido_assert_verify(assertion, 0, algorithm, pk.get()) == FIDO_OK;
    }
    case COSE_RS256: {
      const Owned<rs256_pk_t> pk(rs256_pk_new());
      return pk && rs256_pk_from_ptr(pk.get(), key.data(), key.size()) == FIDO_OK &&
             fido_assert_verify(assertion, 0, algorithm, pk.get()) == FIDO_OK;
    }
    default:
      return false;
  }
}

}  // namespace

std::optional<Party> party_of(std::string_view public_url) {
  const auto colon = public_url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  auto rest = public_url.substr(colon + 3);
  rest = rest.substr(0, rest.find('/'));
  const auto host = rest.starts_with("[") ? rest.substr(0, rest.find(']') + 1) : rest.substr(0, rest.find(':'));
  if (host.empty()) return std::nullopt;
  return Party{to_lower(host), to_lower(public_url.substr(0, colon)) + "://" + to_lower(rest)};
}

std::string base64url(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), raw_bytes(bytes), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the closing zero
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() > kMostBytes) return std::nullopt;
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr, &size,
                        &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

Result<NewCredential> check_registration(const Party& party, std::string_view challenge, std::string_view client_data_json,
                                         std::string_view authenticator_data) {
  const auto client = from_base64url(client_data_json);
  const auto authenticator = from_base64url(authenticator_data);
  if (!client || !authenticator || authenticator->size() <= kRpHash) return refused(ErrorCode::invalid);
  if (!says(*client, "webauthn.create", challenge, party)) return refused(ErrorCode::invalid);
  if (std::string_view(*authenticator).substr(0, kRpHash) != sha256(party.id)) return refused(ErrorCode::invalid);
  const auto flags = static_cast<unsigned char>((*authenticator)[kRpHash]);
  if ((flags & kUserPresent) == 0 || (flags & kUserVerified) == 0) return refused(ErrorCode::invalid);
  for (const int algorithm : {COSE_ES256, COSE_EDDSA, COSE_RS256}) {
    const Owned<fido_cred_t> credential(fido_cred_new());
    if (!credential || fido_cred_set_type(credential.get(), algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential.get(), raw_bytes(*authenticator), authenticator->size()) != FIDO_OK)
      continue;  // made with another algorithm
    NewCredential made;
    made.algorithm = algorithm;
    const auto* id = fido_cred_id_ptr(credential.get());
    const auto* key = fido_cred_pubkey_ptr(credential.get());
    if (id == nullptr || key == nullptr) return refused(ErrorCode::invalid);
    made.credential_id = base64url({reinterpret_cast<const char*>(id), fido_cred_id_len(credential.get())});
    made.public_key.assign(reinterpret_cast<const char*>(key), fido_cred_pubkey_len(credential.get()));
    made.sign_count = fido_cred_sigcount(credential.get());
    return made;
  }
  return refused(ErrorCode::invalid);
}

Result<std::int64_t> check_assertion(const Party& party, std::string_view challenge, std::string_view client_data_json,
                                     std::string_view authenticator_data, std::string_view signature, int algorithm,
                                     std::string_view public_key, std::int64_t last_count) {
  constexpr auto kCode = ErrorCode::wrong_credentials;
  const auto client = from_base64url(client_data_json);
  const auto authenticator = from_base64url(authenticator_data);
  const auto signed_with = from_base64url(signature);
  if (!client || !authenticator || !signed_with) return refused(kCode);
  if (!says(*client, "webauthn.get", challenge, party)) return refused(kCode);
  const std::string hash = sha256(*client);
  const Owned<fido_assert_t> assertion(fido_assert_new());
  fido_assert_t* a = assertion.get();
  // libfido2 compares the party's hash and the flags with what is set here.
  if (a == nullptr || fido_assert_set_clientdata_hash(a, raw_bytes(hash), hash.size()) != FIDO_OK ||
      fido_assert_set_rp(a, party.id.c_str()) != FIDO_OK || fido_assert_set_count(a, 1) != FIDO_OK ||
      fido_assert_set_authdata_raw(a, 0, raw_bytes(*authenticator), authenticator->size()) != FIDO_OK ||
      fido_assert_set_up(a, FIDO_OPT_TRUE) != FIDO_OK || fido_assert_set_uv(a, FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_sig(a, 0, raw_bytes(*signed_with), signed_with->size()) != FIDO_OK || !verifies(a, algorithm, public_key))
    return refused(kCode);
  const std::int64_t count = fido_assert_sigcount(a, 0);
  if ((count != 0 || last_count != 0) && count <= last_count) return refused(kCode);
  return count;
}

}  // namespace concord::portal
