// Mail by SMTP and SMS by an HTTP gateway (the form of request that Twilio made common), through libcurl, which is
// seen in transport_curl.cpp only. Certificates are checked; without TLS it speaks to loopback addresses alone.
// The transports may be used from any thread; one call is one connection.
#pragma once

#include <string>

#include "messaging/messaging.h"

namespace concord::messaging {

struct MailSettings {
  std::string url;             ///< "smtps://mail.example.org:465", "smtp://mail.example.org:587" (STARTTLS is then required)
  std::string from;            ///< "concord@example.org"
  std::string user, password;  ///< empty: no sign-in
  std::string ca_file;         ///< PEM; empty: the system's
  int connect_timeout_ms = 10000;
  int timeout_ms = 30000;  ///< of the whole conversation
};

struct SmsSettings {
  std::string url;  ///< "https://gateway.example.org": POST <url>/2010-04-01/Accounts/<account>/Messages.json
  std::string account, token;
  std::string from;  ///< "+15550100"
  std::string ca_file;
  int connect_timeout_ms = 10000;
  int timeout_ms = 30000;
  /// "https://concord.example.org/hooks/sms/status": where the gateway says what became of a message; empty: nowhere.
  std::string status_callback = {};
};

/// bad_config names the setting ("messages.smtp_url") that cannot be used.
Result<Transport> make_mail_transport(const MailSettings& settings);
Result<Transport> make_sms_transport(const SmsSettings& settings);

/// The mail as it goes over the wire: headers and a base64 body, CRLF. Pure.
std::string compose_mail(const Outgoing& message, std::string_view from);

}  // namespace concord::messaging
