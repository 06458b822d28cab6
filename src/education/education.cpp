#include "education/education.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "base/text.h"
#include "education/readability.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::education {
namespace {

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> list;
  for (const auto part : split(text, ','))
    if (const auto word = trim(part); !word.empty()) list.emplace_back(word);
  return list;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// How often, at most `most`.
int times_in(std::string_view text, std::string_view word, int most) {
  int times = 0;
  for (auto at = text.find(word); at != std::string_view::npos && times < most; at = text.find(word, at + word.size())) ++times;
  return times;
}

/// The lines between the two "---": "key: value", and "sources:" with a list below it.
struct Head {
  struct Value {
    std::string text;
    std::vector<std::string> list;
    int line = 0;
  };
  std::map<std::string, Value, std::less<>> values;
  std::string_view body;
  int body_line = 1;
};

std::optional<Head> read_head(std::string_view file, std::string_view bytes, std::vector<Issue>& issues) {
  const auto wrong = [&](int line, std::string text) {
    issues.push_back({std::string(file) + ": line " + std::to_string(line), std::move(text)});
  };
  Head head;
  int line = 0;
  bool is_open = false;
  Head::Value* last = nullptr;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto end = bytes.find('\n', at);
    const auto text = bytes.substr(at, end == std::string_view::npos ? std::string_view::npos : end - at);
    at = end == std::string_view::npos ? bytes.size() : end + 1;
    ++line;
    if (line == 1) {
      if (text != "---") {
        wrong(1, "must be --- (the front matter)");
        return std::nullopt;
      }
      is_open = true;
      continue;
    }
    if (text == "---") {
      is_open = false;
      break;
    }
    if (text.starts_with("  - ")) {
      if (last == nullptr) wrong(line, "is a point of no list");
      else last->list.emplace_back(trim(text.substr(4)));
      continue;
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
      wrong(line, "must be \"key: value\"");
      continue;
    }
    auto value = trim(text.substr(colon + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    auto [place, is_new] = head.values.try_emplace(std::string(trim(text.substr(0, colon))));
    if (!is_new) wrong(line, "is there twice: " + place->first);
    place->second.text = value;
    place->second.line = line;
    last = &place->second;
  }
  if (is_open) {
    wrong(line, "the front matter has no end (---)");
    return std::nullopt;
  }
  head.body = bytes.substr(at);
  head.body_line = line + 1;
  return head;
}

}  // namespace

const Text& Piece::in(std::string_view language) const {
  if (const auto found = texts.find(language); found != texts.end()) return found->second;
  if (const auto found = texts.find("en"); found != texts.end()) return found->second;
  return texts.begin()->second;
}

std::optional<Parsed> parse_piece(std::string_view file_name, std::string_view given, std::vector<Issue>& issues) {
  const auto before = issues.size();
  if (!is_valid_utf8(given)) {
    issues.push_back({std::string(file_name), "is not UTF-8"});
    return std::nullopt;
  }
  // As some editors write them: a mark at the beginning, two bytes at the end of a line.
  if (given.starts_with("\xEF\xBB\xBF")) given.remove_prefix(3);
  std::string bytes(given);
  std::erase(bytes, '\r');
  const auto head = read_head(file_name, bytes, issues);
  if (!head) return std::nullopt;
  const auto wrong = [&](int line, std::string text) {
    issues.push_back({std::string(file_name) + ": line " + std::to_string(line), std::move(text)});
  };
  static constexpr std::string_view kKeys[] = {"id",          "title",       "topic",    "audience",      "pathways",
                                               "moments",     "language",    "sources",  "reading_age",   "review_status",
                                               "reviewed_by", "review_date", "keywords", "reading_reason"};
  for (const auto& [key, value] : head->values)
    if (!holds(kKeys, key)) wrong(value.line, "there is no such key: " + key);
  const auto text_of = [&](std::string_view key, bool required) -> std::string {
    const auto found = head->values.find(key);
    if (found == head->values.end() || (required && found->second.text.empty())) {
      if (required) wrong(1, std::string(key) + " is missing");
      return {};
    }
    return found->second.text;
  };
  const auto line_of = [&](std::string_view key) {
    const auto found = head->values.find(key);
    return found == head->values.end() ? 1 : found->second.line;
  };
  Parsed parsed;
  auto& [piece, text] = parsed;
  piece.id = text_of("id", true);
  if (!piece.id.empty() && !is_id(piece.id)) wrong(line_of("id"), "an id is made of a-z, 0-9 and hyphens");
  text.language = text_of("language", true);
  if (text.language != "en" && text.language != "es") wrong(line_of("language"), "must be en or es");
  if (issues.size() == before && file_name != piece.id + "." + text.language + ".md")
    wrong(1, "the file must be named " + piece.id + "." + text.language + ".md");
  text.title = text_of("title", true);
  piece.topic = text_of("topic", true);
  piece.audience = comma_list(text_of("audience", true));
  for (const auto& word : piece.audience)
    if (!holds(kAudiences, word)) wrong(line_of("audience"), "nobody is called \"" + word + "\"");
  piece.pathways = comma_list(text_of("pathways", false));
  piece.moments = comma_list(text_of("moments", false));
  for (const auto& word : piece.moments)
    if (!holds(kMoments, word)) wrong(line_of("moments"), "there is no moment \"" + word + "\"");
  text.keywords = comma_list(text_of("keywords", true));
  if (const auto found = head->values.find("sources"); found != head->values.end()) text.sources = found->second.list;
  if (text.sources.empty() || holds(text.sources, "")) wrong(line_of("sources"), "must name at least one source");
  text.reviewed_by = text_of("reviewed_by", false);
  text.review_status = text_of("review_status", true);
  if (text.review_status != kAwaiting && text.review_status != "reviewed")
    wrong(line_of("review_status"), "must be reviewed or " + std::string(kAwaiting));
  if ((text.review_status == "reviewed") == text.reviewed_by.empty() && !text.review_status.empty())
    wrong(line_of("reviewed_by"), "must name who reviewed it, and only then");
  if (const auto day = text_of("review_date", false); !day.empty()) {
    text.review_date = Date::parse(day);
    if (!text.review_date) wrong(line_of("review_date"), "must be a day like 2026-11-22");
  }
  if (const auto age = text_of("reading_age", true); !age.empty()) {
    const auto [end, code] = std::from_chars(age.data(), age.data() + age.size(), text.reading_age);
    if (code != std::errc() || end != age.data() + age.size() || text.reading_age < 5 || text.reading_age > 20)
      wrong(line_of("reading_age"), "must be years, 5 to 20");
  }
  text.reading_reason = text_of("reading_reason", false);

  std::vector<Issue> in_body;
  text.blocks = parse_markdown(head->body, head->body_line, in_body);
  for (auto& issue : in_body) issues.push_back({std::string(file_name) + ": " + issue.path, std::move(issue.text)});
  if (text.blocks.empty() && in_body.empty()) wrong(head->body_line, "there is no text");
  std::string all;
  for (const auto& block : text.blocks) {
    all += plain_text(block.spans) + "\n";
    for (const auto& item : block.items) all += plain_text(item) + "\n";
  }
  text.words = count(all, text.language).words;
  text.folded_title = fold(text.title);
  for (const auto& word : text.keywords) text.folded_keywords += fold(word) + "\n";
  text.folded_text = fold(all);
  text.file = file_name;
  if (issues.size() != before) return std::nullopt;
  return parsed;
}

const Piece* Library::find(std::string_view id) const {
  const auto at =
      std::lower_bound(pieces_.begin(), pieces_.end(), id, [](const Piece& p, std::string_view i) { return p.id < i; });
  return at != pieces_.end() && at->id == id ? &*at : nullptr;
}

std::vector<const Piece*> Library::search(const Search& search, std::string_view language) const {
  const std::string folded = fold(search.words);
  std::vector<std::string_view> words;
  for (const auto word : split(folded, ' '))
    if (!word.empty()) words.push_back(word);
  struct Hit {
    int rank;
    std::size_t topic;
    const Text* text;
    const Piece* piece;
  };
  std::vector<Hit> hits;
  for (const auto& piece : pieces_) {
    if (search.topic && piece.topic != *search.topic) continue;
    if (search.audience && !holds(piece.audience, *search.audience)) continue;
    if (search.pathway && !holds(piece.pathways, *search.pathway)) continue;
    const Text& text = piece.in(language);
    int rank = 0;
    bool all = true;
    for (const auto word : words) {
      // The first keyword is what the piece is about.
      const auto keyword = text.folded_keywords.find(word);
      int here = 0;
      if (text.folded_title.find(word) != std::string::npos) here = 100;
      else if (keyword != std::string::npos) here = keyword < text.folded_keywords.find('\n') ? 50 : 10;
      here += times_in(text.folded_text, word, 9);
      if (here == 0) all = false;
      rank += here;
    }
    if (!all) continue;
    std::size_t topic = 0;
    while (topic < topics_.size() && topics_[topic].id != piece.topic) ++topic;
    hits.push_back({rank, topic, &text, &piece});
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::tuple(-a.rank, a.topic, std::string_view(a.text->folded_title), std::string_view(a.piece->id)) <
           std::tuple(-b.rank, b.topic, std::string_view(b.text->folded_title), std::string_view(b.piece->id));
  });
  std::vector<const Piece*> found;
  for (const auto& hit : hits) found.push_back(hit.piece);
  return found;
}

Result<Library> load_library(const std::filesystem::path& folder, const std::vector<std::string>& pathways,
                             const std::filesystem::path& own) {
  std::vector<Issue> issues;
  Library library;
  {
    const auto document = json::Document::parse(json::read_file(folder / "topics.json").value_or(""));
    if (!document)
      return fail(ErrorCode::bad_file, "The library cannot be read.",
                  {{"topics.json", "is missing in content/education, or no JSON"}});
    json::Issues wrong;
    const json::Cursor root(document->root(), wrong);
    root.only({"topics"});
    root.required("topics").each([&](const json::Cursor& c) {
      c.only({"id", "title"});
      const auto title = c.required("title");
      title.only({"en", "es"});
      library.topics_.push_back({c.required("id").string(1, 40).value_or(""), title.required("en").string(1, 100).value_or(""),
                                 title.required("es").string(1, 100).value_or("")});
    });
    for (const auto& issue : wrong.list()) issues.push_back({"topics.json: " + issue.path, issue.text});
  }
  const auto read_folder = [&](const std::filesystem::path& from) {
    const auto files = json::files_in(from, ".md");
    if (files.empty()) issues.push_back({from.filename().string(), "holds no pieces, or cannot be read"});
    std::map<std::string, Piece> pieces;
    for (const auto& file : files) {
      const std::string name = file.filename().string();
      auto parsed = parse_piece(name, json::read_file(file).value_or(""), issues);
      if (!parsed) continue;
      auto& [piece, text] = *parsed;
      if (std::none_of(library.topics_.begin(), library.topics_.end(), [&](const Topic& t) { return t.id == piece.topic; }))
        issues.push_back({name, "there is no topic \"" + piece.topic + "\""});
      for (const auto& pathway : piece.pathways)
        if (!holds(pathways, pathway)) issues.push_back({name, "there is no pathway \"" + pathway + "\""});
      const auto [at, is_new] = pieces.try_emplace(piece.id, piece);
      if (!is_new && std::tie(at->second.topic, at->second.audience, at->second.pathways, at->second.moments) !=
                         std::tie(piece.topic, piece.audience, piece.pathways, piece.moments))
        issues.push_back({name, "topic, audience, pathways and moments must be those of the other language"});
      const std::string language = text.language;
      at->second.texts.emplace(language, std::move(text));
    }
    return pieces;
  };
  auto pieces = read_folder(folder);
  if (!own.empty())
    for (auto& [id, piece] : read_folder(own)) pieces.insert_or_assign(id, std::move(piece));
  for (auto& [id, piece] : pieces) library.pieces_.push_back(std::move(piece));
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The library of pieces cannot be used.", std::move(issues));
  return library;
}

Result<void> check_named(const Library& library, const std::vector<Named>& named) {
  std::vector<Issue> issues;
  for (const auto& n : named) {
    const auto* piece = library.find(n.piece);
    const std::string where = n.pathway + ": education \"" + n.piece + "\"";
    if (piece == nullptr) issues.push_back({where, "there is no such piece in content/education"});
    else if (!holds(piece->pathways, n.pathway)) issues.push_back({where, "the piece does not name this pathway"});
    else
      for (const auto& [language, title] : {std::pair("en", &n.title_en), std::pair("es", &n.title_es)})
        if (const auto text = piece->texts.find(language); text == piece->texts.end() || text->second.title != *title)
          issues.push_back({where, std::string("must be called as the piece is in ") + language});
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "A pathway names a piece that there is not.", std::move(issues));
  return {};
}

bool has_label(std::string_view labels, std::string_view label) {
  for (const auto one : split(labels, ' '))
    if (one == label) return true;
  return false;
}

const ReadState* by_patient(const std::vector<ReadState>& states, std::string_view piece) {
  const ReadState* found = nullptr;  // accounts may be replaced: the first time counts
  for (const auto& s : states)
    if (s.piece == piece && !s.on_behalf && (found == nullptr || (s.finished_at && !found->finished_at))) found = &s;
  return found;
}

std::vector<Suggestion> suggest(const Library& library, const Situation& situation, const std::vector<Assignment>& assigned,
                                const std::vector<ReadState>& states) {
  std::vector<Suggestion> list;
  const auto offer = [&](const Piece* piece, std::string_view why) {
    if (piece == nullptr || list.size() == kMostSuggestions) return;
    if (std::any_of(list.begin(), list.end(), [&](const Suggestion& s) { return s.piece == piece; })) return;
    if (std::any_of(assigned.begin(), assigned.end(),
                    [&](const Assignment& a) { return !a.withdrawn_at && a.piece == piece->id; }))
      return;
    if (const auto* state = by_patient(states, piece->id); state != nullptr && state->finished_at) return;
    list.push_back({piece, std::string(why)});
  };
  const auto at_moment = [&](bool is_now, std::string_view moment) {
    if (!is_now) return;
    for (const auto& piece : library.all())
      if (holds(piece.moments, moment) &&
          (piece.pathways.empty() || (situation.pathway && holds(piece.pathways, *situation.pathway))))
        offer(&piece, moment);
  };
  // What just changed comes first; the pathway's own list is there for months.
  at_moment(situation.is_new, "new");
  at_moment(situation.medication_started, "medication");
  at_moment(situation.therapy_started, "therapy");
  at_moment(situation.stays_well, "staying_well");
  for (const auto& id : situation.pathway_pieces) offer(library.find(id), "pathway");
  at_moment(situation.has_goal, "goal");
  return list;
}

bool is_other_language(std::string_view of_text, const std::optional<std::string>& of_patient) {
  if (!of_patient || of_patient->empty()) return false;
  return to_lower(std::string_view(*of_patient).substr(0, of_patient->find('-'))) != of_text;
}

std::string language_for(const std::optional<std::string>& of_patient) {
  return of_patient && to_lower(std::string_view(*of_patient).substr(0, of_patient->find('-'))) == "es" ? "es" : "en";
}

}  // namespace concord::education
