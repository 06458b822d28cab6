#include "portal/accounts.h"

#include <sodium.h>

#include <algorithm>

#include "base/text.h"
#include "base/zone.h"
#include "messaging/patient_messages.h"

namespace concord::portal {
namespace {

using Microseconds = std::chrono::microseconds;

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : fold(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0) out += c;
  return out;
}

/// What remains when a word everybody would guess is taken out.
std::string without(std::string text, std::string_view word) {
  if (word.size() < 3) return text;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) text.erase(at, word.size());
  return text;
}

bool is_repetition(std::string_view text) {
  for (std::size_t period = 1; period <= 4 && period < text.size(); ++period) {
    bool repeats = true;
    for (std::size_t i = period; i < text.size() && repeats; ++i) repeats = text[i] == text[i - period];
    if (repeats) return true;
  }
  return false;
}

bool is_run(std::string_view text) {
  for (const std::string_view run : {"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz",
                                     "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv", "1q2w3e4r5t6y7u8i9o0p"})
    if (run.find(text) != std::string_view::npos) return true;
  return false;
}

/// Words that a password of 8 to 14 characters must not consist of, with or without digits around them. Folded.
constexpr std::string_view kGuessed[] = {"password", "passwort", "passw0rd", "contrasena", "letmein",  "welcome",  "iloveyou",
                                         "sunshine", "princess", "football", "baseball",   "superman", "trustno1", "dragon",
                                         "monkey",   "shadow",   "master",   "computer",   "internet", "whatever", "starwars",
                                         "michael",  "jennifer", "jessica",  "charlie",    "teamo",    "mariposa", "estrella",
                                         "patient",  "paciente", "health",   "doctor",     "clinic",   "clinica",  "portal",
                                         "concord",  "changeme", "secret",   "abc",        "qwerty",   "asdf",     "admin"};

}  // namespace

std::string_view state_of(const Invitation& invitation, Instant now) {
  if (invitation.accepted_at) return "accepted";
  if (invitation.ended_at) return "ended";
  return now < invitation.expires_at && invitation.tries < kBirthDateTries ? "open" : "expired";
}

std::string_view state_of(const Grant& grant, const std::optional<Date>& birth_date, const AgeRules& ages, std::string_view zone,
                          Instant now) {
  if (grant.ended_at) return "ended";
  if (now >= grant.expires_at) return "expired";
  const Date today = local_date(now, zone);
  const auto asked = last_asking(birth_date, today, ages);
  if (asked && local_date(grant.agreed_at, zone) < *asked) return "ask_again";
  // Nobody stays a guardian of a grown-up, whatever was agreed.
  if (grant.kind == "guardian" && stage_of(birth_date, today, ages) == Stage::adult) return "ask_again";
  return grant.accepted_at ? "active" : "invited";
}

bool is_live(const Session& session, Instant now) {
  return !session.ended_at && now < expires_at(session) && now >= session.created_at - std::chrono::minutes(5);
}

Instant expires_at(const Session& session) {
  return std::min(session.last_active_at + std::chrono::duration_cast<Microseconds>(kIdleTimeout),
                  session.created_at + std::chrono::duration_cast<Microseconds>(kAbsoluteTimeout));
}

bool is_proved(const Session& session, Instant now) {
  return now < session.proved_at + std::chrono::duration_cast<Microseconds>(kProofLasts);
}

std::optional<ContactPoint> contact_point(std::string_view text) {
  const auto trimmed = trim(text);
  if (trimmed.size() > 200) return std::nullopt;
  const auto at = trimmed.find('@');
  if (at == std::string_view::npos) {
    auto phone = messaging::normal_phone(trimmed);
    if (!phone) return std::nullopt;
    return ContactPoint{"sms", std::move(*phone)};
  }
  const auto host = trimmed.substr(at + 1);
  const bool plain = std::all_of(trimmed.begin(), trimmed.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '<' && c != '>' && c != ',' && c != ';' && c != '"' && c != 0x7F;
  });
  if (at == 0 || host.empty() || host.find('@') != std::string_view::npos || host.find('.') == std::string_view::npos || !plain)
    return std::nullopt;
  return ContactPoint{"mail", std::string(trimmed)};
}

std::string folded(const ContactPoint& contact) { return contact.channel == "mail" ? fold(contact.address) : contact.address; }

std::string masked(const ContactPoint& contact) {
  const std::string& a = contact.address;
  if (contact.channel == "mail") {
    const auto at = a.find('@');
    return at == std::string::npos || at == 0 ? "***" : a.substr(0, 1) + "***" + a.substr(at);
  }
  return "***" + a.substr(a.size() > 4 ? a.size() - 4 : 0);
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
    else if (c != ' ' && c != '-') return {};
  }
  return digits;
}

std::vector<Issue> check_portal_password(std::string_view password, std::string_view name, std::string_view clinic) {
  std::vector<Issue> issues;
  const auto wrong = [&](std::string text) { issues.push_back({"new_password", std::move(text)}); };
  if (count_characters(password) < 8) wrong("must have at least 8 characters");
  if (password.size() > 1024) wrong("must have at most 1,024 bytes");
  if (!issues.empty()) return issues;
  const std::string plain = letters_and_digits(password);
  std::string left = plain;
  for (const auto word : kGuessed) left = without(std::move(left), word);
  const std::string of_clinic = fold(clinic);
  for (const auto part : split(of_clinic, ' ')) left = without(std::move(left), part);
  left = without(std::move(left), letters_and_digits(name.substr(0, name.find('@'))));
  left.erase(std::remove_if(left.begin(), left.end(), [](char c) { return c >= '0' && c <= '9'; }), left.end());
  const bool only_digits = std::all_of(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (left.size() < 3 && !(only_digits && plain.size() >= 12 && !is_repetition(plain) && !is_run(plain)))
    wrong("is one that others guess first; take words that only you would put together");
  else if (is_repetition(plain) || is_run(plain)) wrong("repeats itself; take words that only you would put together");
  return issues;
}

std::vector<std::string> read_scopes(std::string_view text, char separator) {
  std::vector<std::string> scopes;
  for (const auto word : split(text, separator))
    if (!word.empty()) scopes.emplace_back(word);
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  return scopes;
}

std::string join(const std::vector<std::string>& scopes, char separator) {
  std::string text;
  for (const auto& scope : scopes) {
    if (!text.empty()) text += separator;
    text += scope;
  }
  return text;
}

std::string network_of(std::string_view remote_address) {
  std::string_view address = remote_address;
  if (address.starts_with("::ffff:") && address.find('.') != std::string_view::npos) address.remove_prefix(7);
  std::string network;
  if (address.find(':') == std::string_view::npos) {
    const auto last = address.rfind('.');
    network = address.substr(0, last == std::string_view::npos ? address.size() : last);
  } else {
    int groups = 0;
    for (const char c : address) {
      if (c == ':' && ++groups == 4) break;
      network += c;
    }
  }
  unsigned char out[16];
  crypto_generichash(out, sizeof out, reinterpret_cast<const unsigned char*>(network.data()), network.size(), nullptr, 0);
  return {reinterpret_cast<char*>(out), sizeof out};
}

}  // namespace concord::portal
