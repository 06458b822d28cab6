// Passkeys: checks what a browser says a passkey signed (WebAuthn, W3C Recommendation, sections 7.1 and 7.2). The mathematics
// is libfido2's. Attestation is not asked for: which make a passkey is says nothing about the person. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace concord::portal {

/// Where pages come from: both parts follow from public_url.
struct Party {
  std::string id;      ///< "clinic.example.org": the host, no port
  std::string origin;  ///< "https://clinic.example.org:8443"
};
/// nullopt when the address is none.
std::optional<Party> party_of(std::string_view public_url);

struct NewCredential {
  std::string credential_id;  ///< base64url
  int algorithm = 0;
  std::string public_key;  ///< raw bytes, as libfido2 keeps it
  std::int64_t sign_count = 0;
};

/// Texts are base64url as the browser gives them. `invalid` when anything is wrong: another challenge, another origin, another
/// site's passkey, no person present and verified, an algorithm we do not know.
Result<NewCredential> check_registration(const Party& party, std::string_view challenge, std::string_view client_data_json,
                                         std::string_view authenticator_data);

/// The counter of a passkey that signed the challenge. wrong_credentials otherwise, also when the counter went back, which a
/// copied passkey's does.
Result<std::int64_t> check_assertion(const Party& party, std::string_view challenge, std::string_view client_data_json,
                                     std::string_view authenticator_data, std::string_view signature, int algorithm,
                                     std::string_view public_key, std::int64_t last_count);

std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace concord::portal
