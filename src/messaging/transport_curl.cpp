#include "messaging/transport_curl.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

namespace concord::messaging {
namespace {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Address {
  std::string scheme, host;
  bool is_loopback() const { return host == "localhost" || host == "[::1]" || host == "::1" || host.starts_with("127."); }
};

std::optional<Address> address_of(const std::string& text) {
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  const auto part = [&](CURLUPart which) {
    char* value = nullptr;
    std::string out;
    if (curl_url_get(url.get(), which, &value, 0) == CURLUE_OK && value) out = value;
    curl_free(value);
    return out;
  };
  Address address{part(CURLUPART_SCHEME), part(CURLUPART_HOST)};
  // Names and passwords belong into their own settings; here they would end in logs.
  if (address.host.empty() || !part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty()) return std::nullopt;
  return address;
}

std::string base64(std::string_view bytes, std::size_t line) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t in_line = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < n ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += j <= n ? kLetters[group >> (18 - 6 * j) & 63U] : '=';
    if (line != 0 && (in_line += 4) >= line) {
      out += "\r\n";
      in_line = 0;
    }
  }
  return out;
}

std::string header_text(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= ' ' && c < 127; });
  if (plain) return std::string(text);
  // Encoded words hold at most 75 characters and whole UTF-8 letters.
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = std::min(text.size(), i + 42);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64(text.substr(i, end - i), 0) + "?=";
    i = end;
  }
  return out;
}

std::string mail_date(Instant at) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const Date date(day);
  const auto parts = date.parts();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at - day).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %d %02d:%02d:%02d +0000", kDays.at(date.weekday()),
                static_cast<unsigned>(parts.day()), kMonths.at(static_cast<unsigned>(parts.month()) - 1),
                static_cast<int>(parts.year()), static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  return text.data();
}

struct Upload {
  std::string_view left;
};
std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* upload) {
  auto& from = *static_cast<Upload*>(upload);
  const std::size_t n = std::min(size * count, from.left.size());
  std::memcpy(buffer, from.left.data(), n);
  from.left.remove_prefix(n);
  return n;
}
// The gateway's answer is not needed: its status says enough, and it may repeat the number.
std::size_t drop_answer(char*, std::size_t size, std::size_t count, void*) { return size * count; }

template <class Settings>
Easy connect(const Settings& settings, const char* protocols) {
  Easy easy(curl_easy_init());
  if (!easy) return easy;
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout_ms));
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout_ms));
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, drop_answer);
  // What is asked for is sent there and nowhere else.
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  if (!settings.ca_file.empty()) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, settings.ca_file.c_str());
  return easy;
}

Delivery outcome(CURLcode done, long code, std::string_view protocol, bool ok, bool for_good) {
  Delivery d;
  d.sent = ok;
  d.may_retry = !for_good;
  if (code != 0) d.detail = std::string(protocol) + " " + std::to_string(code);
  if (done != CURLE_OK) {
    if (!d.detail.empty()) d.detail += ", ";
    d.detail += curl_easy_strerror(done);
  }
  if (d.detail.empty()) d.detail = "no answer";
  return d;
}

Delivery send_mail(const MailSettings& settings, bool tls_required, const Outgoing& message) {
  // A header is made of it: what came into the database another way must not add one.
  if (!is_mail_address(message.to)) return {false, false, "the address is no mail address"};
  const Easy easy = connect(settings, "smtp,smtps");
  if (!easy) return {false, true, "out of memory"};
  const List to(curl_slist_append(nullptr, ("<" + message.to + ">").c_str()));
  const std::string mail = compose_mail(message, settings.from);
  Upload upload{mail};
  CURL* c = easy.get();
  curl_easy_setopt(c, CURLOPT_URL, settings.url.c_str());
  if (tls_required) curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!settings.user.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, settings.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, settings.password.c_str());
  }
  const std::string from = "<" + settings.from + ">";
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(c, CURLOPT_READFUNCTION, read_upload);
  curl_easy_setopt(c, CURLOPT_READDATA, &upload);
  const CURLcode done = curl_easy_perform(c);
  long code = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
  // The mailbox does not exist or may not be written to; everything else may be different in a minute.
  const bool for_good = done != CURLE_OK && (code == 550 || code == 551 || code == 553);
  return outcome(done, code, "smtp", done == CURLE_OK, for_good);
}

Delivery send_sms(const SmsSettings& settings, const Outgoing& message) {
  if (!is_phone(message.to)) return {false, false, "the address is no phone number"};
  const Easy easy = connect(settings, "http,https");
  if (!easy) return {false, true, "out of memory"};
  CURL* c = easy.get();
  const auto escaped = [&](const std::string& text) {
    char* value = curl_easy_escape(c, text.data(), static_cast<int>(text.size()));
    std::string out = value ? value : "";
    curl_free(value);
    return out;
  };
  const std::string url = settings.url + "/2010-04-01/Accounts/" + escaped(settings.account) + "/Messages.json";
  std::string body = "To=" + escaped(message.to) + "&From=" + escaped(settings.from) + "&Body=" + escaped(message.text);
  if (!settings.status_callback.empty() && !message.status_query.empty())
    body += "&StatusCallback=" + escaped(settings.status_callback + "?" + message.status_query);
  const List headers(curl_slist_append(nullptr, ("Idempotency-Key: " + message.message_id).c_str()));
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(c, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  curl_easy_setopt(c, CURLOPT_USERNAME, settings.account.c_str());
  curl_easy_setopt(c, CURLOPT_PASSWORD, settings.token.c_str());
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.c_str());
  const CURLcode done = curl_easy_perform(c);
  long code = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
  const bool ok = done == CURLE_OK && code >= 200 && code < 300;
  // A number that is none stays none; a wrong token, too many messages or a broken gateway may be mended.
  const bool for_good = done == CURLE_OK && (code == 400 || code == 404 || code == 422);
  return outcome(done, code, "http", ok, for_good);
}

Result<void> refused(std::string setting, std::string text) {
  return fail(ErrorCode::bad_config, "Messages cannot be sent with these settings.", {{std::move(setting), std::move(text)}});
}

bool can_stand_in_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= ' ' && c != 127; });
}

/// A name as it may stand before an address: plain words as they are, others quoted or encoded.
std::string sender_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  if (plain) return std::string(name);
  const bool ascii = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c >= ' ' && c < 127; });
  // A line break cannot get through: control characters are encoded.
  if (!ascii) return header_text(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string compose_mail(const Outgoing& message, std::string_view from) {
  const auto domain = from.substr(from.find('@') + 1);
  std::string mail = "Date: " + mail_date(message.at) + "\r\n";
  mail += "From: " + sender_name(message.from_name) + " <" + std::string(from) + ">\r\n";
  mail += "To: <" + message.to + ">\r\n";
  mail += "Subject: " + header_text(message.subject) + "\r\n";
  mail += "Message-ID: <" + message.message_id + "@" + std::string(domain) + ">\r\n";
  // No holiday answers to a machine.
  mail += "Auto-Submitted: auto-generated\r\n";
  if (message.urgent) mail += "Importance: high\r\nX-Priority: 1\r\n";
  mail += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  mail += base64(message.text, 76);
  mail += "\r\n";
  return mail;
}

Result<Transport> make_mail_transport(const MailSettings& settings) {
  start_library();
  const auto address = address_of(settings.url);
  if (!address || (address->scheme != "smtp" && address->scheme != "smtps"))
    CONCORD_TRY_VOID(
        refused("messages.smtp_url", "must be like smtps://HOST:465 or smtp://HOST:587, without a name or password"));
  if (!is_mail_address(settings.from)) CONCORD_TRY_VOID(refused("messages.smtp_from", "must be a mail address"));
  if (!can_stand_in_header(settings.user) || !can_stand_in_header(settings.password))
    CONCORD_TRY_VOID(refused("messages.smtp_user", "must hold no line breaks"));
  const bool plain = address->scheme == "smtp" && address->is_loopback();
  if (plain && !settings.user.empty())
    CONCORD_TRY_VOID(refused("messages.smtp_user", "is not sent without TLS: use smtps, or leave it out"));
  return Transport([settings, plain](const Outgoing& message) { return send_mail(settings, !plain, message); });
}

Result<Transport> make_sms_transport(const SmsSettings& given) {
  start_library();
  SmsSettings settings = given;
  while (settings.url.ends_with('/')) settings.url.pop_back();
  const auto address = address_of(settings.url);
  if (!address || (address->scheme != "https" && address->scheme != "http"))
    CONCORD_TRY_VOID(refused("messages.sms_url", "must be like https://HOST, without a name or password"));
  if (address->scheme == "http" && !address->is_loopback())
    CONCORD_TRY_VOID(refused("messages.sms_url", "must be https: only a loopback address may go without TLS"));
  if (settings.account.empty()) CONCORD_TRY_VOID(refused("messages.sms_account", "is needed with messages.sms_url"));
  if (settings.token.empty()) CONCORD_TRY_VOID(refused("messages.sms_token_file", "is needed with messages.sms_url"));
  if (!is_phone(settings.from)) CONCORD_TRY_VOID(refused("messages.sms_from", "must be a number like +15550100"));
  return Transport([settings](const Outgoing& message) { return send_sms(settings, message); });
}

}  // namespace concord::messaging
