#include "messaging/patient_messages.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::messaging {
namespace {

constexpr std::string_view kPrefix = "patient.";
constexpr std::string_view kClinic = "{clinic}", kLink = "{link}", kCode = "{code}";

/// The code point at `at`, which moves behind it; U+FFFD for what is no UTF-8.
char32_t next_letter(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : (lead & 0xE0U) == 0xC0 ? 2 : (lead & 0xF0U) == 0xE0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  if (length > 1 && at + length > text.size()) {
    at = text.size();
    return 0xFFFD;
  }
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  at += length;
  return point;
}

/// Septets of a letter in the default alphabet of 3GPP TS 23.038; 0 when it is not in it.
int septets(char32_t c) {
  static constexpr std::u32string_view kBasic =
      U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
      U"abcdefghijklmnopqrstuvwxyzäöñüà";
  static constexpr std::u32string_view kExtension = U"\f^{}\\[~]|€";
  if (kBasic.find(c) != std::u32string_view::npos) return 1;
  return kExtension.find(c) != std::u32string_view::npos ? 2 : 0;
}

bool is_gsm(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (septets(next_letter(text, at)) == 0) return false;
  return true;
}

struct Declared {
  bool link = false, code = false;
};

void check_words(const json::Cursor& cursor, std::string_view text) {
  std::string word;
  const std::string folded = fold(text) + " ";
  for (const char c : folded) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += c;
      continue;
    }
    for (const auto& telling : words_that_tell())
      if (word.starts_with(telling)) cursor.issue("must not say \"" + word + "\": it tells why somebody is in care");
    word.clear();
  }
}

std::string read_text(const json::Cursor& cursor, std::size_t most, const Declared& declared, bool is_subject) {
  const auto text = cursor.string(1, most);
  if (!text) return {};
  for (auto at = text->find('{'); at != std::string::npos; at = text->find('{', at + 1)) {
    const auto is = [&](std::string_view variable) { return text->compare(at, variable.size(), variable) == 0; };
    const bool known = is(kClinic) || (!is_subject && ((declared.link && is(kLink)) || (declared.code && is(kCode))));
    if (!known) cursor.issue("may hold {clinic}, the declared {link} or {code}, and no other variable: nothing personal leaves");
  }
  if (!text->starts_with(kClinic)) cursor.issue("must begin with {clinic}: people must know who writes");
  if (!is_subject && declared.link && text->find(kLink) == std::string::npos) cursor.issue("must hold {link}");
  if (!is_subject && declared.code && text->find(kCode) == std::string::npos) cursor.issue("must hold {code}");
  check_words(cursor, *text);
  return *text;
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string out((size + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

// ---- ways

std::optional<std::string> normal_phone(std::string_view text) {
  text = trim(text);
  const bool is_international = text.starts_with('+');
  std::string digits;
  for (const char c : is_international ? text.substr(1) : text) {
    if (c >= '0' && c <= '9') digits += c;
    else if (std::string_view(" ()-./\t").find(c) == std::string_view::npos) return std::nullopt;
  }
  if (!is_international && digits.size() == 10) digits.insert(0, "1");
  else if (!is_international && (digits.size() != 11 || digits[0] != '1')) return std::nullopt;
  std::string number = "+" + digits;
  if (!is_phone(number)) return std::nullopt;
  return number;
}

Ways ways_to(const Recipient& recipient, const Preference& preference, const AddressState& mail, const AddressState& sms,
             bool mail_is_set_up, bool sms_is_set_up) {
  Ways out;
  if (recipient.deceased) out.why_not = "deceased";
  else if (preference.channel == "none") out.why_not = "wants_none";
  if (!out.why_not.empty()) return out;
  const auto number = recipient.phone ? normal_phone(*recipient.phone) : std::nullopt;
  const bool has_mail = recipient.mail && is_mail_address(*recipient.mail);
  const bool mail_stopped = mail.stopped || preference.mail_stopped_at, sms_stopped = sms.stopped || preference.sms_stopped_at;
  // Somebody who wants to be called is written to at that number; the portal's news come by mail.
  const std::string wish = preference.channel ? *preference.channel
                           : recipient.preferred_channel == "email" || recipient.preferred_channel == "portal" ? "mail"
                                                                                                               : "sms";
  const auto add = [&](Channel channel) {
    const bool is_mail = channel == Channel::mail;
    const bool possible = is_mail ? has_mail && mail_is_set_up && !mail_stopped : number && sms_is_set_up && !sms_stopped;
    if (possible) out.ways.push_back({channel, is_mail ? *recipient.mail : *number});
  };
  add(wish == "mail" ? Channel::mail : Channel::sms);
  add(wish == "mail" ? Channel::sms : Channel::mail);
  const auto failing = [&](const Way& way) { return way.channel == Channel::mail ? mail.failing : sms.failing; };
  std::stable_partition(out.ways.begin(), out.ways.end(), [&](const Way& way) { return !failing(way); });
  if (out.ways.empty())
    out.why_not = !has_mail && !number                                    ? "no_address"
                  : (has_mail && mail_stopped) || (number && sms_stopped) ? "stopped"
                                                                          : "not_set_up";
  return out;
}

// ---- quiet hours

Instant not_before(Instant now, const QuietHours& quiet, std::string_view zone) {
  if (quiet.from == quiet.until) return now;
  const int minute = local_minute_of_day(now, zone);
  const bool over_midnight = quiet.from > quiet.until;
  const bool is_quiet =
      over_midnight ? minute >= quiet.from || minute < quiet.until : minute >= quiet.from && minute < quiet.until;
  if (!is_quiet) return now;
  const Date today = local_date(now, zone);
  const Date ends_on = over_midnight && minute >= quiet.from ? today.plus_days(1) : today;
  // Never back in time: an hour that comes twice has ended once already.
  return std::max(now, at_local_time(ends_on, quiet.until, zone));
}

// ---- texts

const PatientText* PatientTexts::of(std::string_view kind, std::string_view language) const {
  const auto found = kinds.find(kind);
  if (found == kinds.end()) return nullptr;
  const auto by_language = found->second.texts.find(std::string(language.substr(0, 2)));
  return by_language != found->second.texts.end() ? &by_language->second : &found->second.texts.at("en");
}

const PatientTexts::Kind* PatientTexts::kind(std::string_view name) const {
  const auto found = kinds.find(name);
  return found == kinds.end() ? nullptr : &found->second;
}

Result<PatientTexts> load_patient_texts(const std::filesystem::path& folder) {
  PatientTexts all;
  std::vector<Issue> wrong;
  for (const auto& file : json::files_in(folder, ".json")) {
    const std::string name = file.filename().string();
    if (!name.starts_with(kPrefix)) continue;
    const auto document = json::Document::parse(json::read_file(file).value_or(""));
    if (!document) {
      wrong.push_back({name, "is no JSON: " + document.error().text});
      continue;
    }
    json::Issues issues;
    const json::Cursor root(document->root(), issues);
    root.only({"kind", "link", "code", "segments", "texts", "review"});
    const auto kind = root.required("kind").string(1, 60);
    if (kind && *kind + ".json" != name) root.required("kind").issue("must be the file's name");
    root.required("review").required("es").string(1, 200);
    PatientTexts::Kind one;
    one.link = root.required("link").one_of({"secret", "page", "none"}).value_or("none");
    one.code = root.optional("code").boolean().value_or(false);
    const auto by_language = root.required("texts");
    by_language.only({"en", "es"});
    const auto declared_segments = root.optional("segments");
    if (declared_segments.present()) declared_segments.only({"en", "es"});
    for (const std::string language : {"en", "es"}) {
      const auto cursor = by_language.required(language);
      cursor.only({"subject", "mail", "sms"});
      const Declared declared{one.link != "none", one.code};
      PatientText text;
      text.subject = read_text(cursor.required("subject"), 120, declared, true);
      text.mail = read_text(cursor.required("mail"), 2000, declared, false);
      text.sms = read_text(cursor.required("sms"), 600, declared, false);
      const auto most = declared_segments.present() ? declared_segments.optional(language).integer(1, 4).value_or(1) : 1;
      const std::string worst =
          fill(text.sms, std::string(kClinicLetters, 'c'), std::string(kLinkLetters, 'l'), std::string(kCodeLetters, '0'));
      if (const int segments = sms_segments(worst); segments > most)
        cursor.required("sms").issue("takes " + std::to_string(segments) + " SMS segments" +
                                     (is_gsm(worst) ? "" : " (a letter outside the SMS alphabet halves the room)") +
                                     "; make it shorter or declare them in \"segments\"");
      one.texts[language] = std::move(text);
    }
    for (const auto& issue : issues.list()) wrong.push_back({name + ": " + issue.path, issue.text});
    if (kind) all.kinds[kind->substr(kPrefix.size())] = std::move(one);
  }
  if (wrong.empty() && all.kinds.empty()) wrong.push_back({"patient.*.json", "are missing"});
  if (!wrong.empty()) return fail(ErrorCode::bad_file, "The texts of messages to patients cannot be used.", std::move(wrong));
  return all;
}

int sms_segments(std::string_view utf8) {
  std::size_t gsm = 0, units = 0;
  bool fits = true;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t letter = next_letter(utf8, at);
    const int size = septets(letter);
    fits = fits && size > 0;
    gsm += static_cast<std::size_t>(size);
    units += letter > 0xFFFF ? 2U : 1U;
  }
  const auto segments = [](std::size_t length, std::size_t one, std::size_t each) {
    return length <= one ? 1 : static_cast<int>((length + each - 1) / each);
  };
  return fits ? segments(gsm, 160, 153) : segments(units, 70, 67);
}

std::string clinic_for_sms(std::string_view name) {
  std::string plain;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    const char32_t letter = next_letter(name, at);
    const std::string_view utf8 = name.substr(begin, at - begin);
    // Two septets for a bracket would break the count; a name needs none.
    if (septets(letter) == 1) {
      plain += utf8;
      continue;
    }
    std::string folded = fold(utf8);
    if (!is_gsm(folded)) continue;
    // fold() makes small letters; capitals of the Latin blocks stand before their small ones.
    const bool is_capital = (letter >= 0xC0 && letter <= 0xDE) || (letter >= 0x100 && letter < 0x180 && letter % 2 == 0);
    if (is_capital && folded.size() == 1) folded[0] = static_cast<char>(folded[0] - 'a' + 'A');
    plain += folded;
  }
  const auto letters = [](std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) next_letter(text, at);
    return count;
  };
  while (letters(plain) > kClinicLetters) {
    const auto blank = plain.rfind(' ');
    if (blank != std::string::npos && blank > 0) {
      plain.resize(blank);
    } else {
      do plain.pop_back();
      while (!plain.empty() && (static_cast<unsigned char>(plain.back()) & 0xC0U) == 0x80U);
    }
  }
  const auto trimmed = trim(plain);
  return trimmed.empty() ? "Your clinic" : std::string(trimmed);
}

std::string fill(std::string_view text, std::string_view clinic, std::string_view link, std::string_view code) {
  std::string out(text);
  // The clinic's name last: what stands in it is no variable.
  replace_all(out, kLink, link);
  replace_all(out, kCode, code);
  replace_all(out, kClinic, clinic);
  return out;
}

const std::vector<std::string>& words_that_tell() {
  static const std::vector<std::string> words = {
      // Conditions, substances, treatments and the names of our questionnaires, as beginnings of folded words.
      "depress",   "depres",    "anxi",       "ansie",    "ptsd",    "tept",   "trauma", "suicid",   "selfharm",  "psych",
      "psiq",      "psic",      "mental",     "behavior", "conduct", "therap", "terap",  "counsel",  "consejer",  "substance",
      "sustancia", "alcohol",   "drink",      "bebid",    "drug",    "droga",  "opioid", "addict",   "adicc",     "sober",
      "sobri",     "bipolar",   "diagnos",    "symptom",  "sintoma", "mood",   "animo",  "disorder", "trastorno", "antidep",
      "medicat",   "medicin",   "medicament", "phq",      "gad",     "pcl",    "epds",   "audit",    "dast",      "score",
      "puntaje",   "perinatal", "postpartum", "pregnan",  "embaraz", "hiv",    "vih"};
  return words;
}

// ---- STOP, START, HELP

Keyword keyword_of(std::string_view body) {
  std::string word;
  for (const char c : fold(body))
    if ((c >= 'a' && c <= 'z') || c == ' ') word += c;
  const auto is_one = [word = std::string(trim(word))](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_one({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "alto", "parar", "baja", "detener",
              "cancelar"}))
    return Keyword::stop;
  if (is_one({"start", "yes", "unstop", "iniciar", "si", "empezar"})) return Keyword::start;
  if (is_one({"help", "info", "ayuda"})) return Keyword::help;
  return Keyword::none;
}

std::string gateway_signature(std::string_view token, std::string_view url,
                              std::vector<std::pair<std::string, std::string>> form) {
  std::sort(form.begin(), form.end());
  std::string signed_text(url);
  for (const auto& [name, value] : form) signed_text += name + value;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(HMAC(EVP_sha1(), token.data(), static_cast<int>(token.size()), reinterpret_cast<const unsigned char*>(signed_text.data()),
             signed_text.size(), digest.data(), &size) != nullptr);
  return base64(digest.data(), size);
}

bool is_signed(std::string_view token, std::string_view url, const std::vector<std::pair<std::string, std::string>>& form,
               std::string_view signature) {
  if (token.empty()) return false;
  const std::string wanted = gateway_signature(token, url, form);
  unsigned difference = wanted.size() == signature.size() ? 0U : 1U;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    difference |= static_cast<unsigned char>(wanted[i]) ^ static_cast<unsigned char>(i < signature.size() ? signature[i] : 0);
  return difference == 0;
}

}  // namespace concord::messaging
