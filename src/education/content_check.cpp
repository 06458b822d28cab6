#include "education/content_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "education/education.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::education {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastWordsToMeasure = 5;  // a button says nothing about reading age

Result<json::Document> read_document(const fs::path& file) {
  const auto bytes = json::read_file(file);
  auto document = json::Document::parse(bytes.value_or(""));
  if (!document)
    return fail(ErrorCode::bad_file, "The content check cannot begin.", {{file.filename().string(), "is missing, or no JSON"}});
  return std::move(*document);
}

/// "patient.*.json": one star.
bool matches(std::string_view name, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const auto before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

std::vector<fs::path> files_of(const fs::path& root, std::string_view pattern) {
  const auto slash = pattern.rfind('/');
  const fs::path folder = root / std::string(pattern.substr(0, slash));
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (at->is_regular_file() && matches(at->path().filename().string(), pattern.substr(slash + 1))) files.push_back(at->path());
  std::sort(files.begin(), files.end());
  return files;
}

struct Source {
  std::string name, kind, files;
  std::vector<std::string> only, skip;
  bool optional = false;
};

/// Everything the check has learnt while it walks.
struct Walk {
  const CheckOptions& options;
  std::map<std::string, std::vector<Forbidden>> words;  // by language
  std::map<std::string, std::string> reasons;           // by file
  std::set<std::string> numbers;                        // that may be called
  CheckReport report;

  void problem(const std::string& file, std::string_view language, std::string text) {
    report.problems.push_back({file, std::string(language), std::move(text)});
  }

  void look_for_words(const std::string& file, const std::string& language, std::string_view text) {
    for (const auto* found : forbidden_in(text, words[language], file))
      problem(file, language, "says \"" + found->word + "\": " + found->why);
    for (const auto& number : phone_numbers_in(text))
      if (!numbers.contains(number))
        problem(file, language, "holds the number " + number + ", which content/numbers.json does not know");
    if (text.find("\xE2\x80\x94") != std::string_view::npos) problem(file, language, "has a long dash: make two sentences");
  }

  void add(TextRow row) {
    row.reading = reading(row.counts, row.language);
    if (row.reason.empty())
      if (const auto found = reasons.find(row.file); found != reasons.end()) row.reason = found->second;
    if (!row.reading.is_easy && row.reason.empty())
      problem(
          row.file, row.language,
          row.language == "es"
              ? fmt::format("is too hard: INFLESZ {:.1f} (at least {:.0f}), Fernandez Huerta {:.1f} (at least {:.0f})",
                            row.reading.first, kLeastInflesz, row.reading.second, kLeastFernandezHuerta)
              : fmt::format(
                    "is too hard: Flesch-Kincaid grade {:.1f} (at most {:.0f}), automated readability {:.1f} (at most {:.0f})",
                    row.reading.first, kMostGrade, row.reading.second, kMostAutomatedGrade));
    if (row.counts.longest_sentence > kMostSentenceWords && row.reason.empty())
      problem(row.file, row.language,
              fmt::format("has a sentence of {} words (at most {})", row.counts.longest_sentence, kMostSentenceWords));
    if (row.status != "reviewed") {
      ++report.unreviewed;
      if (options.release) problem(row.file, row.language, "no person has reviewed it: a release needs that (Section 1557)");
    }
    if (!row.has_translation)
      problem(row.file, row.language, row.language == "es" ? "is not there in English" : "is not there in Spanish");
    report.rows.push_back(std::move(row));
  }
};

// ---- pieces

/// Many short points must not hide one hard paragraph: four grades over the limit, or "somewhat difficult" on the Spanish scale.
bool is_far_too_hard(const Counts& paragraph, std::string_view language) {
  constexpr int kLeastWords = 15;
  constexpr double kMostParagraphGrade = 10.0, kLeastParagraphInflesz = 55.0;
  if (paragraph.words < kLeastWords) return false;
  return language == "es" ? inflesz(paragraph) < kLeastParagraphInflesz : flesch_kincaid(paragraph) > kMostParagraphGrade;
}

void check_pieces(Walk& walk, const Source& source, const std::vector<fs::path>& files, const std::string& shown_folder) {
  std::map<std::string, std::set<std::string>> languages;  // of each piece
  struct One {
    std::string file;
    Parsed parsed;
  };
  std::vector<One> pieces;
  for (const auto& path : files) {
    const std::string file = shown_folder + "/" + path.filename().string();
    std::vector<Issue> issues;
    auto parsed = parse_piece(path.filename().string(), json::read_file(path).value_or(""), issues);
    for (const auto& issue : issues) walk.problem(file, "", issue.path + ": " + issue.text);
    if (!parsed) continue;
    languages[parsed->piece.id].insert(parsed->text.language);
    pieces.push_back({file, std::move(*parsed)});
  }
  for (const auto& [file, parsed] : pieces) {
    const Text& text = parsed.text;
    TextRow row;
    row.source = source.name;
    row.file = file;
    row.language = text.language;
    // Headings are left out: short as they are, they would make every text look easier.
    for (const auto& block : text.blocks) {
      if (block.kind == Block::Kind::paragraph) {
        const auto one = count(plain_text(block.spans), text.language);
        row.counts += one;
        if (is_far_too_hard(one, text.language) && text.reading_reason.empty())
          walk.problem(file, text.language,
                       "has a paragraph that is far harder than the rest: \"" + plain_text(block.spans).substr(0, 60) + "...\"");
      }
      for (const auto& item : block.items) row.counts += count(plain_text(item), text.language);
      walk.look_for_words(file, text.language, plain_text(block.spans));
      for (const auto& item : block.items) walk.look_for_words(file, text.language, plain_text(item));
    }
    walk.look_for_words(file, text.language, text.title);
    row.status = text.is_reviewed() ? "reviewed" : "awaiting review";
    row.reason = text.reading_reason;
    row.has_translation = languages[parsed.piece.id].size() == 2;
    if (text.words < kLeastPieceWords || text.words > kMostPieceWords)
      walk.problem(file, text.language,
                   fmt::format("has {} words: {} to {} are good", text.words, kLeastPieceWords, kMostPieceWords));
    if (const int age = reading(row.counts, text.language).age; age != text.reading_age)
      walk.problem(file, text.language, fmt::format("says reading_age: {}, but {} was measured", text.reading_age, age));
    walk.add(std::move(row));
  }
}

// ---- JSON

struct Pair {
  std::string path, en, es;
};

/// Members that nobody reads as words.
bool is_no_text(std::string_view key) {
  static const std::set<std::string, std::less<>> keys = {
      "id",     "kind",     "number", "tel",       "sms_body",  "chat",        "source", "sources", "version",  "url",
      "review", "reviewed", "link",   "review_en", "review_es", "reviewed_by", "about",  "code",    "segments", "update_due"};
  return keys.contains(key);
}

class Pairs {
 public:
  Pairs(const Source& source, std::vector<Pair>& pairs) : source_(source), pairs_(pairs) {}

  void walk(const json::Value& value, const std::string& path, bool at_top) {
    if (value.is(json::Kind::array)) {
      std::size_t i = 0;
      for (const auto& item : value.items()) walk(item, path + "[" + std::to_string(i++) + "]", false);
      return;
    }
    if (!value.is(json::Kind::object)) return;
    const auto* en = value.find("en");
    const auto* es = value.find("es");
    const bool is_languages =
        (en != nullptr || es != nullptr) && std::all_of(value.members().begin(), value.members().end(),
                                                        [](const json::Member& m) { return m.key == "en" || m.key == "es"; });
    if (is_languages) {
      both(en, es, path);
      return;
    }
    for (const auto& member : value.members()) {
      const std::string key(member.key);
      if (is_no_text(key) || holds(source_.skip, key)) continue;
      if (at_top && !source_.only.empty() && !holds(source_.only, key)) continue;
      walk(member.value, path.empty() ? key : path + "." + key, false);
    }
  }

 private:
  static bool holds(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  }

  void both(const json::Value* en, const json::Value* es, const std::string& path) {
    const auto is = [](const json::Value* v, json::Kind kind) { return v != nullptr && v->is(kind); };
    if (is(en, json::Kind::string) || is(es, json::Kind::string)) {
      pairs_.push_back({path, is(en, json::Kind::string) ? std::string(en->text()) : "",
                        is(es, json::Kind::string) ? std::string(es->text()) : ""});
      return;
    }
    if (is(en, json::Kind::array) || is(es, json::Kind::array)) {
      const std::size_t n =
          std::max(is(en, json::Kind::array) ? en->items().size() : 0, is(es, json::Kind::array) ? es->items().size() : 0);
      for (std::size_t i = 0; i < n; ++i)
        both(is(en, json::Kind::array) && i < en->items().size() ? &en->items()[i] : nullptr,
             is(es, json::Kind::array) && i < es->items().size() ? &es->items()[i] : nullptr,
             path + "[" + std::to_string(i) + "]");
      return;
    }
    std::vector<std::string> keys;
    for (const auto* side : {en, es})
      if (is(side, json::Kind::object))
        for (const auto& member : side->members())
          if (const std::string key(member.key); !is_no_text(key) && !holds(source_.skip, key) && !holds(keys, key))
            keys.push_back(key);
    for (const auto& key : keys)
      both(is(en, json::Kind::object) ? en->find(key) : nullptr, is(es, json::Kind::object) ? es->find(key) : nullptr,
           path + "." + key);
  }

  const Source& source_;
  std::vector<Pair>& pairs_;
};

/// What the file says about its review in a language; nothing said is not reviewed.
bool is_reviewed(const json::Value& root, std::string_view language) {
  const auto names_somebody = [](const json::Value* v) {
    if (v == nullptr || !v->is(json::Kind::string)) return false;
    const std::string text = fold(v->text());
    return !text.empty() && text.find("await") == std::string::npos && text.find("not reviewed") == std::string::npos;
  };
  if (const auto* by = root.find("reviewed_by"))
    return by->is(json::Kind::object) ? names_somebody(by->find(language)) : names_somebody(by);
  return false;
}

/// "{clinic}" and "{link}" of a text.
std::multiset<std::string> placeholders(std::string_view text) {
  std::multiset<std::string> found;
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) break;
    found.emplace(text.substr(at, end - at + 1));
  }
  return found;
}

void measure(Counts& counts, std::string_view text, std::string_view language) {
  for (const auto line : split(text, '\n')) {
    const auto one = count(without_placeholders(line), language);
    if (static_cast<std::size_t>(one.words) >= kLeastWordsToMeasure) counts += one;
  }
}

void check_pairs(Walk& walk, const Source& source, const std::string& file, const std::vector<Pair>& pairs, bool en_reviewed,
                 bool es_reviewed) {
  std::map<std::string, Counts> counts;
  for (const auto& pair : pairs) {
    for (const auto& [language, text] : {std::pair<std::string, const std::string*>("en", &pair.en), {"es", &pair.es}}) {
      if (trim(*text).empty()) {
        if (!trim(pair.en).empty() || !trim(pair.es).empty())
          walk.problem(file, language, pair.path + ": is not there in this language");
        continue;
      }
      walk.look_for_words(file, language, *text);
      measure(counts[language], *text, language);
    }
    const auto en = placeholders(pair.en), es = placeholders(pair.es);
    if (!pair.en.empty() && !pair.es.empty() && source.kind != "po" && en != es)
      walk.problem(file, "es", pair.path + ": has other places to fill in ({...}) than the English");
  }
  for (const auto& [language, c] : counts) {
    TextRow row;
    row.source = source.name;
    row.file = file;
    row.language = language;
    row.counts = c;
    row.status = (language == "en" ? en_reviewed : es_reviewed) ? "reviewed" : "awaiting review";
    walk.add(std::move(row));
  }
}

void check_json(Walk& walk, const Source& source, const fs::path& path, const std::string& file) {
  const auto bytes = json::read_file(path);
  const auto document = json::Document::parse(bytes.value_or(""));
  if (!document) {
    walk.problem(file, "", "is no JSON");
    return;
  }
  std::vector<Pair> pairs;
  Pairs(source, pairs).walk(document->root(), "", true);
  if (pairs.empty()) walk.problem(file, "", "holds no text in two languages");
  check_pairs(walk, source, file, pairs, is_reviewed(document->root(), "en"), is_reviewed(document->root(), "es"));
}

// ---- catalogues

void check_catalogues(Walk& walk, const Source& source, const std::vector<fs::path>& files, const fs::path& root) {
  std::map<std::string, std::map<std::string, std::string>> by_language;
  std::map<std::string, bool> reviewed;
  std::string folder;
  for (const auto& path : files) {
    const std::string language = path.stem().string();
    folder = fs::relative(path.parent_path(), root).generic_string();
    if (language != "en" && language != "es") continue;
    bool is_ok = false;
    for (auto& text : read_catalogue(json::read_file(path).value_or(""), &is_ok))
      by_language[language][text.id] = std::move(text.text);
    reviewed[language] = is_ok;
  }
  for (const std::string language : {"en", "es"}) {
    const std::string file = folder + "/" + language + ".po";
    Counts counts;
    std::vector<std::string> not_there;
    for (const auto& [id, text] : by_language[language]) {
      const std::string shown = text.empty() && language == "en" ? id : text;
      if (trim(shown).empty()) not_there.push_back(id);
      walk.look_for_words(file, language, without_placeholders(shown));
      measure(counts, shown, language);
    }
    const auto& other = by_language[language == "en" ? "es" : "en"];
    for (const auto& [id, ignored] : other)
      if (!by_language[language].contains(id)) not_there.push_back(id);
    if (!not_there.empty())
      walk.problem(file, language,
                   fmt::format("{} of its texts are not there in this language: \"{}\"{}", not_there.size(), not_there.front(),
                               not_there.size() > 1 ? " and more" : ""));
    TextRow row;
    row.source = source.name;
    row.file = file;
    row.language = language;
    row.counts = counts;
    row.status = reviewed[language] ? "reviewed" : "awaiting review";
    walk.add(std::move(row));
  }
}

/// The text between quotes, with its escapes.
std::string unquote(std::string_view line) {
  const auto first = line.find('"'), last = line.rfind('"');
  std::string out;
  if (first == std::string_view::npos || last <= first) return out;
  for (std::size_t i = first + 1; i < last; ++i) {
    if (line[i] != '\\') {
      out += line[i];
      continue;
    }
    ++i;
    out += line[i] == 'n' ? '\n' : line[i] == 't' ? '\t' : line[i];
  }
  return out;
}

std::vector<std::string> strings_of(const json::Cursor& cursor) {
  std::vector<std::string> list;
  if (cursor.present()) cursor.each([&](const json::Cursor& c) { list.push_back(c.string(1, 200).value_or("")); });
  return list;
}

}  // namespace

std::vector<const Forbidden*> forbidden_in(std::string_view text, const std::vector<Forbidden>& words, std::string_view file) {
  // Letters and numbers stay; everything else is one blank, so that a phrase is found over a line's end and a comma ends a word.
  const auto words_only = [](std::string_view from) {
    std::string out = " ";
    for (const char c : fold(from)) {
      const bool stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
      if (stays) out += c;
      else if (out.back() != ' ') out += ' ';
    }
    if (out.back() != ' ') out += ' ';
    return out;
  };
  const std::string folded = words_only(text);
  std::vector<const Forbidden*> found;
  for (const auto& word : words) {
    if (std::any_of(word.allowed_in.begin(), word.allowed_in.end(),
                    [&](const std::string& start) { return file.starts_with(start); }))
      continue;
    if (folded.find(words_only(word.word)) != std::string::npos) found.push_back(&word);
  }
  return found;
}

std::vector<std::string> phone_numbers_in(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::vector<std::string> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    std::size_t end = i, digits = 0;
    while (end < text.size() && (is_digit(text[end]) || (text[end] == '-' && end + 1 < text.size() && is_digit(text[end + 1])))) {
      digits += is_digit(text[end]);
      ++end;
    }
    const bool is_part =
        (i > 0 && (text[i - 1] == '.' || text[i - 1] == ',' || text[i - 1] == ':' || text[i - 1] == '$')) ||
        (end + 1 < text.size() && (text[end] == '.' || text[end] == ',' || text[end] == ':') && is_digit(text[end + 1])) ||
        (end < text.size() && text[end] == '%');
    const auto number = text.substr(i, end - i);
    // "377 people": counted, not called.
    static constexpr std::string_view kCounted[] = {" people",   " adults",  " women",   " trials",  " studies",
                                                    " personas", " adultos", " mujeres", " ensayos", " estudios"};
    const auto after = text.substr(end);
    const bool is_count =
        std::any_of(std::begin(kCounted), std::end(kCounted), [&](std::string_view noun) { return after.starts_with(noun); });
    const bool is_date = digits == 8 && number.size() == 10;  // 2026-11-22
    if (!is_part && !is_date && !is_count && (digits >= 6 || (digits == 3 && number[0] >= '2'))) found.emplace_back(number);
    i = end;
  }
  return found;
}

std::string without_placeholders(std::string_view message) {
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i] == '<') {
      const auto end = message.find('>', i);
      if (end != std::string_view::npos && end - i <= 6) {
        i = end;
        continue;
      }
    }
    if (message[i] != '{') {
      out += message[i] == '#' ? '5' : message[i];
      continue;
    }
    int depth = 0;
    std::size_t end = i;
    for (; end < message.size(); ++end) {
      depth += message[end] == '{';
      depth -= message[end] == '}';
      if (depth == 0) break;
    }
    const auto inner = message.substr(i + 1, end - i - 1);
    // The branch for "other" is the one that is read most often.
    if (const auto other = inner.find("other {"); other != std::string_view::npos && inner.find(',') != std::string_view::npos) {
      const auto from = other + 7;
      int open = 1;
      std::size_t to = from;
      for (; to < inner.size(); ++to) {
        open += inner[to] == '{';
        open -= inner[to] == '}';
        if (open == 0) break;
      }
      out += without_placeholders(inner.substr(from, to - from));
    } else {
      out += "Ana";  // some name or word
    }
    i = end;
  }
  return out;
}

std::vector<CatalogueText> read_catalogue(std::string_view bytes, bool* is_reviewed) {
  std::vector<CatalogueText> texts;
  CatalogueText now;
  std::string header;
  enum class In { nothing, id, text } in = In::nothing;
  const auto finish = [&] {
    if (!now.id.empty()) texts.push_back(now);
    else header += now.text;
    now = {};
  };
  for (const auto line : split(bytes, '\n')) {
    if (line.starts_with("#~")) continue;
    if (line.starts_with("msgid ")) {
      if (in == In::text) finish();
      in = In::id;
      now.id = unquote(line);
    } else if (line.starts_with("msgstr ")) {
      in = In::text;
      now.text = unquote(line);
    } else if (line.starts_with("\"")) {
      (in == In::id ? now.id : now.text) += unquote(line);
    }
  }
  if (in == In::text) finish();
  if (is_reviewed != nullptr) *is_reviewed = header.find("X-Review: reviewed by ") != std::string::npos;
  return texts;
}

Result<CheckReport> check_content(const CheckOptions& options) {
  Walk walk{options, {}, {}, {}, {}};
  json::Issues issues;
  CONCORD_TRY(const auto words, read_document(options.root / "content" / "words.json"));
  {
    const json::Cursor root(words.root(), issues);
    root.only({"about", "words"});
    const auto by_language = root.required("words");
    by_language.only({"en", "es"});
    for (const std::string language : {"en", "es"})
      by_language.required(language).each([&](const json::Cursor& c) {
        c.only({"word", "why", "allowed_in"});
        walk.words[language].push_back({c.required("word").string(1, 100).value_or(""),
                                        c.required("why").string(1, 300).value_or(""), strings_of(c.optional("allowed_in"))});
      });
  }
  CONCORD_TRY(const auto reasons, read_document(options.root / "content" / "reading_reasons.json"));
  {
    const json::Cursor root(reasons.root(), issues);
    root.only({"about", "reasons"});
    const auto list = root.required("reasons");
    if (list.value() != nullptr)
      for (const auto& member : list.value()->members())
        walk.reasons[std::string(member.key)] = list.required(member.key).string(10, 500).value_or("");
  }
  CONCORD_TRY(const auto numbers, read_document(options.root / "content" / "numbers.json"));
  {
    const json::Cursor root(numbers.root(), issues);
    root.only({"about", "numbers"});
    root.required("numbers").each([&](const json::Cursor& c) {
      c.only({"number", "what", "source"});
      c.required("what").string(1, 200);
      c.required("source").string(1, 300);
      walk.numbers.insert(c.required("number").string(3, 40).value_or(""));
    });
  }
  CONCORD_TRY(const auto what, read_document(options.root / "content" / "check.json"));
  std::vector<Source> sources;
  {
    const json::Cursor root(what.root(), issues);
    root.only({"about", "sources"});
    root.required("sources").each([&](const json::Cursor& c) {
      c.only({"name", "kind", "files", "only", "skip", "optional"});
      Source s;
      s.name = c.required("name").string(1, 100).value_or("");
      s.kind = c.required("kind").one_of({"pieces", "json", "po"}).value_or("");
      s.files = c.required("files").string(3, 200).value_or("");
      s.only = strings_of(c.optional("only"));
      s.skip = strings_of(c.optional("skip"));
      s.optional = c.optional("optional").boolean().value_or(false);
      if (s.files.find('/') == std::string::npos) c.required("files").issue("must name a folder");
      sources.push_back(std::move(s));
    });
  }
  if (!issues.empty()) {
    auto error = issues.error("The content check cannot begin.");
    error.value().code = ErrorCode::bad_file;
    return error;
  }
  std::set<std::string> seen;
  for (const auto& source : sources) {
    const auto files = files_of(options.root, source.files);
    if (files.empty()) {
      if (source.optional) walk.report.left_out.push_back(source.name + " (" + source.files + ")");
      else walk.problem(source.files, "", "there is no such file");
      continue;
    }
    const auto shown = [&](const fs::path& path) { return fs::relative(path, options.root).generic_string(); };
    for (const auto& path : files) seen.insert(shown(path));
    if (source.kind == "pieces")
      check_pieces(walk, source, files, fs::relative(files.front().parent_path(), options.root).generic_string());
    else if (source.kind == "po") check_catalogues(walk, source, files, options.root);
    else
      for (const auto& path : files) check_json(walk, source, path, shown(path));
  }
  if (!options.own.empty()) {
    std::vector<fs::path> files = files_of(options.own.parent_path(), options.own.filename().string() + "/*.md");
    check_pieces(walk, {"Pieces of the site", "pieces", "", {}, {}, false}, files, "own");
  }
  for (const auto& [file, reason] : walk.reasons) {
    const bool needed = std::any_of(walk.report.rows.begin(), walk.report.rows.end(), [&](const TextRow& row) {
      return row.file == file && (!row.reading.is_easy || row.counts.longest_sentence > kMostSentenceWords);
    });
    if (seen.contains(file) && !needed)
      walk.problem(file, "", "needs no reason any more: take it out of content/reading_reasons.json");
  }
  return std::move(walk.report);
}

std::string table_of(const CheckReport& report) {
  std::string out = fmt::format("{:<62} {:<4} {:>5} {:>7} {:>7} {:>4} {:>5}  {}\n", "Text", "lang", "words", "first", "second",
                                "age", "longest", "status");
  std::string source;
  for (const auto& row : report.rows) {
    if (row.source != source) {
      source = row.source;
      out += "\n" + source + "\n";
    }
    out +=
        fmt::format("{:<62} {:<4} {:>5} {:>7.1f} {:>7.1f} {:>4} {:>5}  {}{}{}\n", "  " + row.file, row.language, row.counts.words,
                    row.reading.first, row.reading.second, row.reading.age, row.counts.longest_sentence, row.status,
                    row.has_translation ? "" : ", no translation", row.reason.empty() ? "" : ", harder because: " + row.reason);
  }
  out +=
      "\nEnglish: Flesch-Kincaid grade, automated readability grade (6.0 and 7.0 at most). Spanish: INFLESZ, Fernandez Huerta "
      "(65 and 70 at least).\n";
  for (const auto& name : report.left_out) out += "Not here: " + name + "\n";
  out += fmt::format("{} texts, {} of them wait for a person's review.\n", report.rows.size(), report.unreviewed);
  if (!report.problems.empty()) {
    out += fmt::format("\n{} problems:\n", report.problems.size());
    for (const auto& p : report.problems)
      out += "  " + p.file + (p.language.empty() ? "" : " (" + p.language + ")") + " " + p.text + "\n";
  }
  return out;
}

void write(json::Writer& w, const CheckReport& report) {
  w.object().field("ok", report.ok()).field("unreviewed", report.unreviewed).key("texts").array();
  for (const auto& row : report.rows)
    w.object()
        .field("source", row.source)
        .field("file", row.file)
        .field("language", row.language)
        .field("words", row.counts.words)
        .field("sentences", row.counts.sentences)
        .field("syllables", row.counts.syllables)
        .field("longest_sentence", row.counts.longest_sentence)
        .field(row.language == "es" ? "inflesz" : "flesch_kincaid", row.reading.first)
        .field(row.language == "es" ? "fernandez_huerta" : "automated_readability", row.reading.second)
        .field("reading_age", row.reading.age)
        .field("is_easy", row.reading.is_easy)
        .field("status", row.status)
        .field("translated", row.has_translation)
        .field("reason", row.reason.empty() ? std::optional<std::string>() : std::optional(row.reason))
        .end();
  w.end().key("problems").array();
  for (const auto& p : report.problems)
    w.object().field("file", p.file).field("language", p.language).field("text", p.text).end();
  w.end().key("left_out").array();
  for (const auto& name : report.left_out) w.value(name);
  w.end().end();
}

}  // namespace concord::education
