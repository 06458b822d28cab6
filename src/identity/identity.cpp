#include "identity/identity.h"

#include <algorithm>

#include "base/text.h"
#include "identity/password_blocklist.h"
#include "identity/permissions.h"

namespace concord::identity {

bool is_live(const SessionTimes& session, Instant now) {
  return !session.ended_at && now < expires_at(session) && now >= session.created_at - std::chrono::minutes(5);
}

Instant expires_at(const SessionTimes& session) {
  return std::min(session.last_active_at + std::chrono::duration_cast<std::chrono::microseconds>(kIdleTimeout),
                  session.created_at + std::chrono::duration_cast<std::chrono::microseconds>(kAbsoluteTimeout));
}

std::chrono::seconds sign_in_delay(int failed_attempts) {
  if (failed_attempts < 3) return std::chrono::seconds(0);
  const int doublings = std::min(failed_attempts - 2, 10);
  return std::min(std::chrono::seconds(1 << doublings), std::chrono::seconds(15 * 60));
}

bool must_wait(int failed_attempts, std::optional<Instant> last_failed_at, Instant now) {
  return last_failed_at && now < *last_failed_at + sign_in_delay(failed_attempts);
}

namespace {

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (char c : fold(text))
    if (c != ' ' && c != '-' && c != '_' && c != '.' && c != '@') out += c;
  return out;
}

// What is left of the password when the words everybody would guess are taken out.
std::size_t left_without(std::string password, std::initializer_list<std::string> words) {
  for (const auto& word : words) {
    if (word.size() < 3) continue;
    for (std::size_t at = password.find(word); at != std::string::npos; at = password.find(word)) password.erase(at, word.size());
  }
  return password.size();
}

bool is_repetition(std::string_view text) {
  for (std::size_t period = 1; period <= 4 && period < text.size(); ++period) {
    bool repeats = true;
    for (std::size_t i = period; i < text.size() && repeats; ++i) repeats = text[i] == text[i - period];
    if (repeats) return true;
  }
  return false;
}

}  // namespace

std::vector<Issue> check_password(std::string_view password, std::string_view sign_in_name, std::string_view organization_name) {
  std::vector<Issue> issues;
  if (!is_valid_utf8(password)) issues.push_back({"password", "must be text"});
  if (count_characters(password) < 15) issues.push_back({"password", "must have at least 15 characters; a few words do well"});
  if (password.size() > 1024) issues.push_back({"password", "must have at most 1,024 bytes"});
  const std::string plain = letters_and_digits(password);
  if (is_repetition(plain)) issues.push_back({"password", "must not repeat the same few characters"});
  if (is_blocked_password(plain)) issues.push_back({"password", "is on the list of passwords that are tried first"});
  if (left_without(plain, {"concord", "password", letters_and_digits(sign_in_name), letters_and_digits(organization_name)}) < 8)
    issues.push_back({"password", "must not be made of the name of the product, the clinic or the sign-in name"});
  return issues;
}

std::optional<Caller> authorize(const User& user, std::string_view permission) {
  Caller caller;
  for (const auto& held : user.roles) {
    if (!role_allows(held.role, permission)) continue;
    if (caller.role.empty()) caller.role = held.role;
    if (!caller.may_use(held.site)) caller.sites.push_back(held.site);
  }
  if (caller.role.empty()) return std::nullopt;
  caller.kind = ActorKind::user;
  caller.organization = user.organization;
  caller.user = user.id;
  caller.display_name = user.display_name;
  caller.language = user.language;
  return caller;
}

std::vector<std::string_view> permissions_of(const User& user) {
  std::vector<std::string_view> list;
  for (auto permission : all_permissions())
    if (std::any_of(user.roles.begin(), user.roles.end(), [&](const auto& r) { return role_allows(r.role, permission); }))
      list.push_back(permission);
  return list;
}

}  // namespace concord::identity
