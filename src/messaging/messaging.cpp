#include "messaging/messaging.h"

#include <algorithm>

#include "base/check.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::messaging {
namespace {

constexpr std::string_view kLink = "{link}";
constexpr std::string_view kGeneral = "general";
constexpr std::size_t kMostSms = 300;

std::optional<std::string> read_text(const json::Cursor& cursor, std::size_t most, bool with_link) {
  const auto text = cursor.string(1, most);
  if (!text) return std::nullopt;
  for (auto at = text->find('{'); at != std::string::npos; at = text->find('{', at + 1))
    if (!with_link || text->compare(at, kLink.size(), kLink) != 0)
      cursor.issue(with_link ? "may hold {link} and no other variable: nothing personal leaves" : "holds no variables");
  if (with_link && text->find(kLink) == std::string::npos) cursor.issue("must hold {link}");
  return text;
}

Text read_language(const json::Cursor& cursor) {
  Text text;
  cursor.only({"notice", "subject", "mail", "sms"});
  text.notice = read_text(cursor.required("notice"), 200, false).value_or("");
  text.subject = read_text(cursor.required("subject"), 120, false).value_or("");
  text.mail = read_text(cursor.required("mail"), 2000, true).value_or("");
  text.sms = read_text(cursor.required("sms"), kMostSms, true).value_or("");
  return text;
}

}  // namespace

std::string_view name(Channel channel) {
  switch (channel) {
    case Channel::in_app:
      return "in_app";
    case Channel::mail:
      return "mail";
    case Channel::sms:
      return "sms";
  }
  return "in_app";
}

std::optional<Channel> channel_named(std::string_view name_given) {
  for (const auto channel : {Channel::in_app, Channel::mail, Channel::sms})
    if (name(channel) == name_given) return channel;
  return std::nullopt;
}

const Text& Texts::of(std::string_view kind, std::string_view language) const {
  auto found = kinds.find(kind);
  if (found == kinds.end()) found = kinds.find(kGeneral);
  CHECK(found != kinds.end());
  const auto by_language = found->second.find(std::string(language));
  return by_language != found->second.end() ? by_language->second : found->second.at("en");
}

Result<Texts> load_texts(const std::filesystem::path& folder) {
  Texts texts;
  std::vector<Issue> wrong;
  for (const auto& file : json::files_in(folder, ".json")) {
    const std::string name = file.filename().string();
    if (name.starts_with("patient.")) continue;  // of a shape of their own: patient_messages.h
    const auto document = json::Document::parse(json::read_file(file).value_or(""));
    if (!document) {
      wrong.push_back({name, "is no JSON: " + document.error().text});
      continue;
    }
    json::Issues issues;
    const json::Cursor root(document->root(), issues);
    root.only({"kind", "texts", "review"});
    const auto kind = root.required("kind").string(1, 60);
    if (kind && *kind + ".json" != name) root.required("kind").issue("must be the file's name");
    // Who has looked at the translation; a release may ask.
    root.required("review").required("es").string(1, 200);
    const auto by_language = root.required("texts");
    by_language.only({"en", "es"});
    for (const std::string language : {"en", "es"})
      if (kind) texts.kinds[*kind][language] = read_language(by_language.required(language));
    for (const auto& issue : issues.list()) wrong.push_back({name + ": " + issue.path, issue.text});
  }
  if (wrong.empty() && !texts.kinds.contains(kGeneral)) wrong.push_back({"general.json", "is missing"});
  if (!wrong.empty()) return fail(ErrorCode::bad_file, "The message texts cannot be used.", std::move(wrong));
  return texts;
}

std::string fill(std::string_view text, std::string_view link) {
  std::string out(text);
  for (auto at = out.find(kLink); at != std::string::npos; at = out.find(kLink, at + link.size()))
    out.replace(at, kLink.size(), link);
  return out;
}

bool is_mail_address(std::string_view text) {
  if (text.size() < 3 || text.size() > 254) return false;
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > ' ' && c < 127 && std::string_view("<>()[],;:\\\"").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

bool is_phone(std::string_view text) {
  if (text.size() < 9 || text.size() > 16 || text[0] != '+') return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace concord::messaging
