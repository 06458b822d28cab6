#include "safety/crisis.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "json/data_files.h"

namespace concord::safety {
namespace {

constexpr std::size_t kMostText = 500;

std::string text_of(const json::Cursor& cursor, std::size_t most = kMostText) {
  auto text = cursor.string(1, most);
  if (text && trim(*text).empty()) cursor.issue("must not be empty");
  return text ? std::string(trim(*text)) : std::string();
}

CrisisWords read_words(const json::Cursor& cursor) {
  CrisisWords words;
  cursor.only({"review", "title", "intro", "when_heading", "when", "lines", "clinic_label", "clinic_text", "clinic_unknown",
               "read_unknown", "not_watched"});
  words.review = cursor.optional("review").string(1, 200);
  words.title = text_of(cursor.required("title"), 100);
  words.intro = text_of(cursor.required("intro"));
  words.when_heading = text_of(cursor.required("when_heading"), 100);
  cursor.required("when").each([&](const json::Cursor& c) { words.when.push_back(text_of(c, 200)); });
  cursor.required("lines").each([&](const json::Cursor& c) {
    c.only({"id", "label", "number", "tel", "sms", "sms_body", "chat", "text"});
    HelpLine line;
    line.id = text_of(c.required("id"), 40);
    line.label = text_of(c.required("label"), 100);
    line.number = text_of(c.required("number"), 60);
    line.tel = text_of(c.required("tel"), 20);
    if (dial(line.tel) != line.tel) c.required("tel").issue("must be digits only");
    line.sms = c.optional("sms").string(0, 20).value_or("");
    if (dial(line.sms) != line.sms) c.required("sms").issue("must be digits only");
    line.sms_body = c.optional("sms_body").string(0, 20).value_or("");
    if (!std::all_of(line.sms_body.begin(), line.sms_body.end(), [](char ch) { return ch >= 'A' && ch <= 'Z'; }))
      c.required("sms_body").issue("must be one word in capitals");
    line.chat = c.optional("chat").string(0, 200).value_or("");
    if (!line.chat.empty() && !line.chat.starts_with("https://")) c.required("chat").issue("must begin with https://");
    line.text = text_of(c.required("text"));
    words.lines.push_back(std::move(line));
  });
  for (const std::string_view id : {"988", "911"})
    if (std::none_of(words.lines.begin(), words.lines.end(), [&](const HelpLine& l) { return l.id == id && l.tel == id; }))
      cursor.required("lines").issue("must hold " + std::string(id));
  if (words.when.empty()) cursor.required("when").issue("must hold a point");
  words.clinic_label = text_of(cursor.required("clinic_label"), 100);
  words.clinic_text = text_of(cursor.required("clinic_text"));
  words.clinic_unknown = text_of(cursor.required("clinic_unknown"));
  words.read_unknown = text_of(cursor.required("read_unknown"));
  words.not_watched = text_of(cursor.required("not_watched"));
  return words;
}

/// {"en","es"}, both filled, or both empty where `may_be_empty`.
BothLanguages read_both(const json::Cursor& cursor, std::size_t most, bool may_be_empty) {
  BothLanguages both;
  if (!cursor.present()) {
    if (!may_be_empty) cursor.string(1, most);  // says that it is missing
    return both;
  }
  cursor.only({"en", "es"});
  both.en = text_of(cursor.required("en"), most);
  both.es = text_of(cursor.required("es"), most);
  return both;
}

void write_both(json::Writer& w, std::string_view key, const BothLanguages& both) {
  w.key(key);
  if (both.en.empty() && both.es.empty()) w.null();
  else w.object().field("en", both.en).field("es", both.es).end();
}

bool is_phone(std::string_view number) { return dial(number).size() >= 3; }

std::optional<std::string> or_null(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

}  // namespace

std::string dial(std::string_view number) {
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const char c = number[i];
    if (c >= '0' && c <= '9') digits += c;
    else if (c == '+' && digits.empty()) digits += c;
    else if ((c == 'x' || c == 'X' || c == 'e' || c == 'E' || c == ',' || c == ';') && !digits.empty()) break;  // extension
  }
  return digits == "+" ? std::string() : digits;
}

std::string link_of_call(const HelpLine& line) { return line.tel.empty() ? std::string() : "tel:" + line.tel; }

std::string link_of_text(const HelpLine& line) {
  if (line.sms.empty()) return {};
  return "sms:" + line.sms + (line.sms_body.empty() ? std::string() : "?body=" + line.sms_body);
}

void write(json::Writer& w, const CrisisHelp& help) {
  w.object().field("language", help.language).field("title", help.title).field("intro", help.intro);
  w.field("when_heading", help.when_heading).key("when").array();
  for (const auto& point : help.when) w.value(point);
  w.end().key("lines").array();
  for (const auto& line : help.lines)
    w.object()
        .field("id", line.id)
        .field("label", line.label)
        .field("number", line.number)
        .field("call", or_null(link_of_call(line)))
        .field("text_to", or_null(link_of_text(line)))
        .field("chat", or_null(line.chat))
        .field("text", line.text)
        .field("hours", or_null(line.hours))
        .end();
  w.end().field("read_when", help.read_when).field("not_watched", help.not_watched);
  w.field("outside_text", help.outside_text).end();
}

const CrisisWords& CrisisContent::in(std::string_view language) const {
  return languages.at(language.substr(0, language.find('-')) == "es" ? "es" : "en");
}

Result<CrisisContent> load_crisis(const std::filesystem::path& file) {
  const auto document = json::Document::parse(json::read_file(file).value_or(""));
  if (!document)
    return fail(ErrorCode::bad_file, "The help lines cannot be read.",
                {{file.filename().string(), "is missing in the data folder, or no JSON"}});
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  root.only({"sources", "languages"});
  bool any_source = false;
  root.required("sources").each([&](const json::Cursor& c) { any_source |= !text_of(c, 1000).empty(); });
  if (!any_source) root.required("sources").issue("must name a source");
  CrisisContent content;
  const auto languages = root.required("languages");
  languages.only({"en", "es"});
  for (const std::string language : {"en", "es"}) content.languages[language] = read_words(languages.required(language));
  const auto& en = content.languages["en"].lines;
  const auto& es = content.languages["es"].lines;
  if (!std::equal(en.begin(), en.end(), es.begin(), es.end(),
                  [](const HelpLine& a, const HelpLine& b) { return a.id == b.id && a.tel == b.tel && a.sms == b.sms; }))
    languages.required("es").issue("must have the same lines, with the same numbers, in the same order as en");
  if (!issues.empty()) {
    auto error = issues.error("The help lines cannot be used.");
    error.value().code = ErrorCode::bad_file;
    return error;
  }
  return content;
}

SiteCrisis read_site_crisis(const json::Cursor& body, SiteCrisis site) {
  body.only({"lines", "read_when", "clinic_hours"});
  if (const auto list = body.optional("lines"); list.present()) {
    site.lines.clear();
    list.each([&](const json::Cursor& c) {
      if (site.lines.size() == kMostOwnLines) {
        c.issue("is one too many: at most " + std::to_string(kMostOwnLines));
        return;
      }
      c.only({"label", "number", "sms", "text", "hours"});
      OwnLine line;
      line.label = read_both(c.required("label"), 100, false);
      line.number = text_of(c.required("number"), 40);
      if (!line.number.empty() && !is_phone(line.number)) c.required("number").issue("must be a phone number");
      line.sms = std::string(trim(c.optional("sms").string(0, 40).value_or("")));
      if (!line.sms.empty() && !is_phone(line.sms)) c.required("sms").issue("must be a phone number");
      line.text = read_both(c.optional("text"), 300, true);
      line.hours = read_both(c.optional("hours"), 200, true);
      site.lines.push_back(std::move(line));
    });
  }
  const auto words = [&](std::string_view name, std::optional<BothLanguages>& at) {
    const auto* members = body.value();
    if (members == nullptr || members->find(name) == nullptr) return;  // not named: stays as it is
    const auto cursor = body.optional(name);
    at = cursor.present() ? std::optional(read_both(cursor, 300, false)) : std::nullopt;
  };
  words("read_when", site.read_when);
  words("clinic_hours", site.clinic_hours);
  return site;
}

void write_members(json::Writer& w, const SiteCrisis& site) {
  w.key("lines").array();
  for (const auto& line : site.lines) {
    w.object();
    write_both(w, "label", line.label);
    w.field("number", line.number).field("sms", or_null(line.sms));
    write_both(w, "text", line.text);
    write_both(w, "hours", line.hours);
    w.end();
  }
  w.end();
  write_both(w, "read_when", site.read_when.value_or(BothLanguages{}));
  write_both(w, "clinic_hours", site.clinic_hours.value_or(BothLanguages{}));
}

std::string encode(const SiteCrisis& site) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_members(w, site);
  w.end();
  return out;
}

SiteCrisis decode_site_crisis(std::string_view stored) {
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());  // only encode writes it
  json::Issues issues;
  auto site = read_site_crisis(json::Cursor(document->root(), issues), {});
  CHECK(issues.empty());
  return site;
}

CrisisHelp help_for(const CrisisContent& content, const SiteCrisis& site, const OnCallSettings& on_call, const ClinicLine& clinic,
                    bool is_open, std::string_view language) {
  const CrisisWords& words = content.in(language);
  CrisisHelp help;
  help.language = &words == &content.languages.at("es") ? "es" : "en";
  help.title = words.title;
  help.intro = words.intro;
  help.when_heading = words.when_heading;
  help.when = words.when;
  help.review = words.review;
  for (const auto& line : words.lines)
    if (line.id == "988" || line.id == "911") help.lines.push_back(line);

  HelpLine own{"clinic", clinic.name.empty() ? words.clinic_label : clinic.name, "", "", "", "", "", words.clinic_unknown, ""};
  if (clinic.phone && is_phone(*clinic.phone)) {
    own.number = *clinic.phone;
    own.tel = dial(*clinic.phone);
    own.text = words.clinic_text;
  }
  if (site.clinic_hours) own.hours = site.clinic_hours->in(help.language);
  else if (clinic.hours) own.hours = *clinic.hours;
  help.lines.push_back(std::move(own));

  const auto is_there = [&](std::string_view number) {
    return std::any_of(help.lines.begin(), help.lines.end(), [&](const HelpLine& l) { return l.tel == dial(number); });
  };
  for (const auto& line : site.lines)
    help.lines.push_back({"site", line.label.in(help.language), line.number, dial(line.number), dial(line.sms), "", "",
                          line.text.in(help.language), line.hours.in(help.language)});
  for (const auto& n : on_call.numbers)
    if (is_phone(n.number) && !is_there(n.number))
      help.lines.push_back({"site", n.label, n.number, dial(n.number), "", "", "", "", ""});
  for (const auto& line : words.lines)
    if (line.id != "988" && line.id != "911") help.lines.push_back(line);

  help.read_when = site.read_when ? site.read_when->in(help.language) : words.read_unknown;
  help.not_watched = words.not_watched;
  if (!is_open) {
    help.outside_text = help.language == "es" ? on_call.outside_text_es : on_call.outside_text_en;
    if (!help.outside_text) help.outside_text = on_call.outside_text_en;  // words in the other language beat silence
  }
  return help;
}

std::vector<std::string> missing(const SiteCrisis& site, const ClinicLine& clinic) {
  std::vector<std::string> list;
  if (!clinic.phone || !is_phone(*clinic.phone)) list.emplace_back("clinic_phone");
  if (!site.clinic_hours && (!clinic.hours || trim(*clinic.hours).empty())) list.emplace_back("clinic_hours");
  if (!site.read_when) list.emplace_back("read_when");
  return list;
}

}  // namespace concord::safety
