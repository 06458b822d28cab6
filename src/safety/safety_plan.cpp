#include "safety/safety_plan.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"
#include "json/data_files.h"
#include "json/trimmed.h"

namespace concord::safety {
namespace {

constexpr std::array<std::string_view, 6> kSteps = {"warning_signs", "coping",        "distraction",
                                                    "people",        "professionals", "surroundings"};
constexpr std::size_t kMostEntries = 20, kMostText = 500;

bool is_people(std::string_view step) { return step == "people" || step == "professionals"; }

std::string text_of(const json::Cursor& cursor, std::size_t most) {
  auto text = cursor.string(1, most);
  if (text && trim(*text).empty()) cursor.issue("must not be empty");
  return text ? std::string(trim(*text)) : std::string();
}

PlanText read_language(const json::Cursor& cursor) {
  PlanText text;
  cursor.only({"title", "intro", "not_for_me", "steps", "crisis", "review"});
  text.title = text_of(cursor.required("title"), 200);
  text.intro = text_of(cursor.required("intro"), 1000);
  text.not_for_me = text_of(cursor.required("not_for_me"), 100);
  text.review = cursor.optional("review").string(1, 200);
  cursor.required("steps").each([&](const json::Cursor& c) {
    c.only({"id", "heading", "hint", "kind"});
    PlanStepText step;
    step.id = text_of(c.required("id"), 40);
    step.heading = text_of(c.required("heading"), 200);
    step.hint = text_of(c.required("hint"), 500);
    step.is_people = c.required("kind").one_of({"lines", "people"}) == "people";
    if (step.is_people != is_people(step.id)) c.required("kind").issue("is the other kind for this step");
    text.steps.push_back(std::move(step));
  });
  if (!std::equal(text.steps.begin(), text.steps.end(), kSteps.begin(), kSteps.end(),
                  [](const PlanStepText& a, std::string_view b) { return a.id == b; }))
    cursor.required("steps").issue("must be the six steps in their order");
  cursor.required("crisis").each([&](const json::Cursor& c) {
    c.only({"label", "number", "text"});
    text.crisis.push_back(
        {text_of(c.required("label"), 100), text_of(c.required("number"), 40), text_of(c.required("text"), 500)});
  });
  for (const std::string_view number : {"988", "911"})
    if (std::none_of(text.crisis.begin(), text.crisis.end(), [&](const CrisisLine& l) { return l.number == number; }))
      cursor.required("crisis").issue("must hold " + std::string(number));
  return text;
}

}  // namespace

const PlanText& PlanTemplate::in(std::string_view language) const {
  const auto found = languages.find(std::string(language));
  return found != languages.end() ? found->second : languages.at("en");
}

Result<PlanTemplate> load_plan_template(const std::filesystem::path& file) {
  const auto document = json::Document::parse(json::read_file(file).value_or(""));
  if (!document)
    return fail(ErrorCode::bad_file, "The safety plan's words cannot be read.",
                {{file.filename().string(), "is missing in the data folder, or no JSON"}});
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  root.only({"languages", "source"});
  PlanTemplate plan;
  const auto languages = root.required("languages");
  languages.only({"en", "es"});
  for (const std::string language : {"en", "es"}) plan.languages[language] = read_language(languages.required(language));
  root.required("source").string(1, 1000);
  if (!issues.empty()) {
    auto error = issues.error("The safety plan's words cannot be used.");
    error.value().code = ErrorCode::bad_file;
    return error;
  }
  return plan;
}

void write(json::Writer& w, const PlanTemplate& plan) {
  w.object();
  for (const auto& [language, text] : plan.languages) {
    w.key(language).object().field("title", text.title).field("intro", text.intro).field("not_for_me", text.not_for_me);
    w.key("steps").array();
    for (const auto& step : text.steps)
      w.object()
          .field("id", step.id)
          .field("heading", step.heading)
          .field("hint", step.hint)
          .field("kind", step.is_people ? "people" : "lines")
          .end();
    w.end().key("crisis").array();
    for (const auto& line : text.crisis)
      w.object().field("label", line.label).field("number", line.number).field("text", line.text).end();
    w.end().field("review", text.review).end();
  }
  w.end();
}

std::map<std::string, PlanEntries> read_steps(const json::Cursor& steps, const json::Cursor& not_for_me) {
  std::map<std::string, PlanEntries> read;
  steps.only({"warning_signs", "coping", "distraction", "people", "professionals", "surroundings"});
  bool any = false;
  for (const auto id : kSteps) {
    PlanEntries& entries = read[std::string(id)];
    const auto list = steps.optional(id);
    if (!list.present()) continue;
    std::size_t count = 0;
    list.each([&](const json::Cursor& item) {
      if (++count > kMostEntries) {
        if (count == kMostEntries + 1) item.issue("is one too many: at most " + std::to_string(kMostEntries));
        return;
      }
      any = true;
      if (!is_people(id)) {
        entries.lines.push_back(text_of(item, kMostText));
        return;
      }
      item.only({"name", "phone"});
      PlanPerson person;
      person.name = text_of(item.required("name"), 200);
      person.phone = json::filled(item.optional("phone"), 60);
      entries.people.push_back(std::move(person));
    });
  }
  if (not_for_me.present())
    not_for_me.each([&](const json::Cursor& item) {
      const auto id = item.one_of({"warning_signs", "coping", "distraction", "people", "professionals", "surroundings"});
      if (id) read[*id].not_for_me = true;
    });
  if (!any && steps.issues().empty()) steps.issue("must hold at least one entry");
  return read;
}

void write_steps(json::Writer& w, const std::map<std::string, PlanEntries>& steps) {
  w.key("steps").object();
  for (const auto id : kSteps) {
    const auto found = steps.find(std::string(id));
    w.key(id).array();
    if (found != steps.end()) {
      for (const auto& line : found->second.lines) w.value(line);
      for (const auto& person : found->second.people) w.object().field("name", person.name).field("phone", person.phone).end();
    }
    w.end();
  }
  w.end().key("not_for_me").array();
  for (const auto id : kSteps)
    if (const auto found = steps.find(std::string(id)); found != steps.end() && found->second.not_for_me) w.value(id);
  w.end();
}

std::string encode_steps(const std::map<std::string, PlanEntries>& steps) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_steps(w, steps);
  w.end();
  return out;
}

std::map<std::string, PlanEntries> decode_steps(std::string_view stored) {
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());  // only encode_steps writes it
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  auto steps = read_steps(root.required("steps"), root.optional("not_for_me"));
  CHECK(issues.empty());
  return steps;
}

void write_print(json::Writer& w, const SafetyPlan& plan, const PlanText& text) {
  w.key("sections").array();
  int number = 0;
  for (const auto& step : text.steps) {
    w.object().field("number", ++number).field("heading", step.heading).key("lines").array();
    const auto found = plan.steps.find(step.id);
    if (found != plan.steps.end()) {
      for (const auto& line : found->second.lines) w.value(line);
      for (const auto& person : found->second.people) w.value(person.phone ? person.name + ": " + *person.phone : person.name);
      if (found->second.not_for_me && found->second.lines.empty() && found->second.people.empty()) w.value(text.not_for_me);
    }
    w.end().end();
  }
  w.end().key("crisis").array();
  for (const auto& line : text.crisis)
    w.object().field("label", line.label).field("number", line.number).field("text", line.text).end();
  w.end();
}

}  // namespace concord::safety
