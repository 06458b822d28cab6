#include "plans/decision_aid.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "json/data_files.h"

namespace concord::plans {
namespace {

using json::Cursor;
using json::read_bilingual;

constexpr std::size_t kWords = 400;  // of one statement: long ones are not read side by side
constexpr std::string_view kAwaiting = "awaiting clinical review";

bool is_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string read_id(const Cursor& c) {
  const auto id = c.string(1, 60);
  if (id && !is_id(*id)) c.issue("must be lower case letters, digits, - and _");
  return id.value_or("");
}

/// A number in words has no source and no common frame.
void check_words(const Cursor& c, const Bilingual& words) {
  for (const auto& text : {words.en, words.es})
    if (text.find('%') != std::string::npos) {
      c.issue("says a percentage in words: give per_100 and source instead");
      return;
    }
}

AidStatement read_statement(const Cursor& c) {
  c.only({"words", "per_100", "source"});
  AidStatement s;
  const auto words = c.required("words");
  s.words = read_bilingual(words, kWords);
  check_words(words, s.words);
  if (const auto n = c.optional("per_100").integer(0, 100)) s.per_100 = static_cast<int>(*n);
  s.source = c.optional("source").string(1, 400).value_or("");
  if (s.per_100 && s.source.empty()) c.issue("has a number and needs its source");
  if (!s.per_100 && !s.source.empty()) c.issue("has a source and no number");
  return s;
}

/// Told alike: nobody writes a page about one side and a word about the other.
bool alike(const std::string& a, const std::string& b) {
  return std::max(a.size(), b.size()) <= 4 * std::max<std::size_t>(std::min(a.size(), b.size()), 25);
}

AidIssue read_issue(const Cursor& c, const std::vector<AidOption>& options) {
  c.only({"id", "question", "answers"});
  AidIssue issue;
  issue.id = read_id(c.required("id"));
  issue.question = read_bilingual(c.required("question"));
  std::size_t numbers = 0, statements = 0;
  c.required("answers").each([&](const Cursor& a) {
    a.only({"option", "benefit", "harm"});
    AidAnswer answer;
    answer.option = read_id(a.required("option"));
    answer.benefit = read_statement(a.required("benefit"));
    answer.harm = read_statement(a.required("harm"));
    for (const auto language : {"en", "es"})
      if (!alike(answer.benefit.words.in(language), answer.harm.words.in(language)))
        a.issue(std::string("tells benefit and harm at very different length (") + language + ")");
    statements += 2;
    numbers += (answer.benefit.per_100 ? 1u : 0u) + (answer.harm.per_100 ? 1u : 0u);
    issue.answers.push_back(std::move(answer));
  });
  if (numbers != 0 && numbers != statements)
    c.issue("mixes numbers and words: every benefit and harm of one question is told in the same frame");
  std::vector<AidAnswer> in_order;
  for (const auto& option : options) {
    const auto count =
        std::count_if(issue.answers.begin(), issue.answers.end(), [&](const AidAnswer& a) { return a.option == option.id; });
    if (count != 1) {
      c.required("answers").issue("needs exactly one answer for the option \"" + option.id + "\"");
      continue;
    }
    in_order.push_back(
        *std::find_if(issue.answers.begin(), issue.answers.end(), [&](const AidAnswer& a) { return a.option == option.id; }));
  }
  if (in_order.size() == options.size() && issue.answers.size() != options.size())
    c.required("answers").issue("answers for an option that the aid does not have");
  issue.answers = std::move(in_order);
  return issue;
}

template <class T>
void check_unique(const Cursor& c, const std::vector<T>& list) {
  std::set<std::string> seen;
  for (const auto& one : list)
    if (!seen.insert(one.id).second) c.issue("has the id \"" + one.id + "\" twice");
}

DecisionAid read_aid(const Cursor& c) {
  c.only({"id", "version", "conditions", "title", "question", "introduction", "for_whom", "options", "issues", "matters",
          "uncertainty", "talk_first", "sources", "reviewed", "update_due", "review"});
  DecisionAid aid;
  aid.id = read_id(c.required("id"));
  aid.version = c.required("version").string(1, 20).value_or("");
  c.required("conditions").each([&](const Cursor& one) { aid.conditions.push_back(one.string(1, 60).value_or("")); });
  aid.title = read_bilingual(c.required("title"));
  aid.question = read_bilingual(c.required("question"));
  aid.introduction = read_bilingual(c.required("introduction"));
  aid.for_whom = read_bilingual(c.required("for_whom"));
  c.required("options").each([&](const Cursor& one) {
    one.only({"id", "name", "none", "what", "living_with"});
    AidOption option;
    option.id = read_id(one.required("id"));
    option.name = read_bilingual(one.required("name"), 120);
    option.none = one.optional("none").boolean().value_or(false);
    option.what = read_bilingual(one.required("what"), kWords);
    option.living_with = read_bilingual(one.required("living_with"), kWords);
    if (option.id == "undecided" || option.id == "other") one.issue("uses an id that every decision has already");
    aid.options.push_back(std::move(option));
  });
  if (aid.options.size() < 2) c.required("options").issue("needs two options at least");
  if (std::none_of(aid.options.begin(), aid.options.end(), [](const AidOption& o) { return o.none; }))
    c.required("options").issue("needs an option without treatment now (\"none\": true)");
  check_unique(c.required("options"), aid.options);
  c.required("issues").each([&](const Cursor& one) { aid.issues.push_back(read_issue(one, aid.options)); });
  if (aid.issues.empty()) c.required("issues").issue("needs one question at least");
  check_unique(c.required("issues"), aid.issues);
  c.required("matters").each([&](const Cursor& one) {
    one.only({"id", "text"});
    aid.matters.push_back({read_id(one.required("id")), read_bilingual(one.required("text"), 200)});
  });
  if (aid.matters.size() < 3) c.required("matters").issue("needs three things at least that may matter to a patient");
  check_unique(c.required("matters"), aid.matters);
  aid.uncertainty = read_bilingual(c.required("uncertainty"));
  aid.talk_first = read_bilingual(c.required("talk_first"));
  c.required("sources").each([&](const Cursor& one) { aid.sources.push_back(one.string(1, 400).value_or("")); });
  if (aid.sources.empty()) c.required("sources").issue("needs one source at least");
  aid.reviewed = c.required("reviewed").date().value_or(Date());
  aid.update_due = c.required("update_due").date().value_or(Date());
  if (aid.update_due <= aid.reviewed) c.required("update_due").issue("must be after the day it was reviewed");
  const auto review = c.required("review");
  review.only({"en", "es"});
  aid.review_en = review.required("en").string(1, 200).value_or("");
  aid.review_es = review.required("es").string(1, 200).value_or("");
  return aid;
}

std::string_view review_of(const DecisionAid& aid, std::string_view language) {
  return language.starts_with("es") ? aid.review_es : aid.review_en;
}

void write_statement(json::Writer& w, std::string_view key, const AidStatement& s, std::string_view language) {
  w.key(key).object().field("words", s.words.in(language)).field("per_100", s.per_100);
  if (s.source.empty()) w.field("source", std::optional<std::string>());
  else w.field("source", s.source);
  w.end();
}

}  // namespace

const AidOption* DecisionAid::option(std::string_view option_id) const {
  for (const auto& o : options)
    if (o.id == option_id) return &o;
  return nullptr;
}

const AidMatter* DecisionAid::matter(std::string_view matter_id) const {
  for (const auto& m : matters)
    if (m.id == matter_id) return &m;
  return nullptr;
}

const DecisionAid* AidLibrary::find(std::string_view id) const {
  for (const auto& aid : aids_)
    if (aid.id == id) return &aid;
  return nullptr;
}

Result<DecisionAid> parse_aid(std::string_view file_name, std::string_view text) {
  const auto wrong = [&](std::vector<Issue> issues) {
    for (auto& issue : issues) issue.path = std::string(file_name) + ": " + issue.path;
    return fail(ErrorCode::bad_file, "A decision aid is not what it should be.", std::move(issues));
  };
  const auto document = json::Document::parse(text);
  if (!document) return wrong({{"", document.error().text}});
  json::Issues issues;
  auto aid = read_aid(Cursor(document->root(), issues));
  if (issues.empty() && aid.id + ".json" != file_name) issues.add("id", "must be the file's name");
  if (!issues.empty()) return wrong(issues.list());
  return aid;
}

Result<AidLibrary> load_aids(const std::filesystem::path& folder) {
  const auto files = json::files_in(folder, ".json");
  if (files.empty())
    return fail(ErrorCode::bad_file, "The decision aids cannot be read.",
                {{folder.filename().string(), "is missing or empty in the data folder"}});
  AidLibrary library;
  std::vector<Issue> issues;
  for (const auto& file : files) {
    auto aid = parse_aid(file.filename().string(), json::read_file(file).value_or(""));
    if (aid) library.aids_.push_back(std::move(*aid));
    else issues.insert(issues.end(), aid.error().issues.begin(), aid.error().issues.end());
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "Decision aids are not what they should be.", std::move(issues));
  return library;
}

void write_aid_line(json::Writer& w, const DecisionAid& aid, std::string_view language) {
  w.object()
      .field("id", aid.id)
      .field("version", aid.version)
      .field("title", aid.title.in(language))
      .field("question", aid.question.in(language))
      .key("conditions")
      .array();
  for (const auto& condition : aid.conditions) w.value(condition);
  w.end().key("languages").array().value("en").value("es").end();
  w.key("review").object().field("en", aid.review_en).field("es", aid.review_es).end();
  w.end();
}

void write_aid(json::Writer& w, const DecisionAid& aid, std::string_view language) {
  const std::string_view shown = language.starts_with("es") ? "es" : "en";
  w.object().field("id", aid.id).field("version", aid.version).field("language", shown);
  w.field("review", review_of(aid, shown)).field("awaiting_review", review_of(aid, shown).starts_with(kAwaiting));
  w.key("conditions").array();
  for (const auto& condition : aid.conditions) w.value(condition);
  w.end()
      .field("title", aid.title.in(shown))
      .field("question", aid.question.in(shown))
      .field("introduction", aid.introduction.in(shown))
      .field("for_whom", aid.for_whom.in(shown))
      .key("options")
      .array();
  for (const auto& o : aid.options)
    w.object()
        .field("id", o.id)
        .field("name", o.name.in(shown))
        .field("none", o.none)
        .field("what", o.what.in(shown))
        .field("living_with", o.living_with.in(shown))
        .end();
  w.end().key("issues").array();
  for (const auto& issue : aid.issues) {
    w.object().field("id", issue.id).field("question", issue.question.in(shown)).key("answers").array();
    for (const auto& a : issue.answers) {
      w.object().field("option", a.option);
      write_statement(w, "benefit", a.benefit, shown);
      write_statement(w, "harm", a.harm, shown);
      w.end();
    }
    w.end().end();
  }
  w.end().key("matters").array();
  for (const auto& m : aid.matters) w.object().field("id", m.id).field("text", m.text.in(shown)).end();
  w.end().field("uncertainty", aid.uncertainty.in(shown)).field("talk_first", aid.talk_first.in(shown));
  w.field("help_now", help_now(shown)).key("sources").array();
  for (const auto& source : aid.sources) w.value(source);
  w.end().field("reviewed", aid.reviewed).field("update_due", aid.update_due).end();
}

std::string_view help_now(std::string_view language) {
  if (language.starts_with("es"))
    return "¿Piensa en hacerse daño? Llame o mande un mensaje de texto al 988 ahora, a cualquier hora. Si hay peligro, llame al "
           "911. Nadie vigila esta página.";
  return "Thinking about hurting yourself? Call or text 988 now, at any hour. If there is danger, call 911. Nobody is watching "
         "this page.";
}

}  // namespace concord::plans
