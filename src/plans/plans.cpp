#include "plans/plans.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/text.h"

namespace concord::plans {
namespace {

constexpr std::size_t kTextBytes = 4000;
constexpr std::size_t kItemBytes = 500;
constexpr std::size_t kMostItems = 30;

void read_text(const json::Cursor& body, std::string_view key, std::string& into) {
  const auto member = body.optional(key);
  if (member.value() == nullptr) return;
  if (!member.present()) into.clear();
  else if (const auto read = member.string(0, kTextBytes)) into = std::string(trim(*read));
}

void read_date(const json::Cursor& body, std::string_view key, std::optional<Date>& into) {
  const auto member = body.optional(key);
  if (member.value() == nullptr) return;
  if (!member.present()) into.reset();
  else if (const auto read = member.date()) into = read;
}

/// A list that is given replaces the one that was there; null empties it.
template <class T, class ReadItem>
void read_list(const json::Cursor& body, std::string_view key, std::vector<T>& into, ReadItem&& read_item) {
  const auto member = body.optional(key);
  if (member.value() == nullptr) return;
  into.clear();
  if (!member.present()) return;
  member.each([&](const json::Cursor& item) {
    if (into.size() == kMostItems) {
      item.issue("is one too many: at most 30");
      return;
    }
    if (auto read = read_item(item)) into.push_back(std::move(*read));
  });
}

std::optional<std::string> read_line(const json::Cursor& item) {
  const auto read = item.string(0, kItemBytes);
  if (!read) return std::nullopt;
  std::string kept(trim(*read));
  if (kept.empty()) {
    item.issue("must not be empty");
    return std::nullopt;
  }
  return kept;
}

std::string member_text(const json::Cursor& item, std::string_view key) {
  const auto read = item.optional(key).string(0, kItemBytes);
  return read ? std::string(trim(*read)) : std::string();
}

std::optional<Step> read_step(const json::Cursor& item) {
  item.only({"text", "who", "by"});
  const auto words = read_line(item.required("text"));
  Step step{words.value_or(""), member_text(item, "who"), item.optional("by").date()};
  if (!words) return std::nullopt;
  return step;
}

std::optional<HelpContact> read_contact(const json::Cursor& item) {
  item.only({"name", "phone", "when"});
  const auto name = read_line(item.required("name"));
  HelpContact contact{name.value_or(""), member_text(item, "phone"), member_text(item, "when")};
  if (!name) return std::nullopt;
  return contact;
}

void write_lines(json::Writer& w, std::string_view key, const std::vector<std::string>& lines) {
  w.key(key).array();
  for (const auto& line : lines) w.value(line);
  w.end();
}

}  // namespace

const PlanVersion* Plan::in_effect() const {
  for (const auto& v : versions)
    if (v.state == "in_effect") return &v;
  return nullptr;
}

const PlanVersion* Plan::find(std::int64_t number) const {
  for (const auto& v : versions)
    if (v.number == number) return &v;
  return nullptr;
}

void read_content(const json::Cursor& body, std::string_view kind, Content& into) {
  const auto written_with = [&] {
    read_list(body, "written_with", into.written_with,
              [](const json::Cursor& item) { return item.one_of({"patient", "caregiver", "interpreter"}); });
  };
  if (kind == "care_plan") {
    body.only({"wants", "preferences", "values", "barriers", "supports", "steps", "written_with"});
    read_text(body, "wants", into.wants);
    read_text(body, "preferences", into.preferences);
    read_text(body, "values", into.values);
    read_text(body, "barriers", into.barriers);
    read_text(body, "supports", into.supports);
    read_list(body, "steps", into.steps, read_step);
    written_with();
  } else if (kind == "relapse_prevention") {
    body.only({"warning_signs", "helps", "contacts", "maintenance", "way_back", "written_with"});
    read_list(body, "warning_signs", into.warning_signs, read_line);
    read_list(body, "helps", into.helps, read_line);
    read_list(body, "contacts", into.contacts, read_contact);
    read_text(body, "maintenance", into.maintenance);
    read_text(body, "way_back", into.way_back);
    written_with();
  } else {
    body.only({"description", "activities", "category", "status", "from", "until"});
    read_text(body, "description", into.description);
    read_list(body, "activities", into.activities, read_line);
    read_text(body, "category", into.category);
    read_text(body, "status", into.status);
    read_date(body, "from", into.from);
    read_date(body, "until", into.until);
  }
}

void write_content(json::Writer& w, std::string_view kind, const Content& c) {
  w.object();
  if (kind == "care_plan") {
    w.field("wants", c.wants).field("preferences", c.preferences).field("values", c.values);
    w.field("barriers", c.barriers).field("supports", c.supports).key("steps").array();
    for (const auto& step : c.steps) w.object().field("text", step.text).field("who", step.who).field("by", step.by).end();
    w.end();
    write_lines(w, "written_with", c.written_with);
  } else if (kind == "relapse_prevention") {
    write_lines(w, "warning_signs", c.warning_signs);
    write_lines(w, "helps", c.helps);
    w.key("contacts").array();
    for (const auto& one : c.contacts) w.object().field("name", one.name).field("phone", one.phone).field("when", one.when).end();
    w.end().field("maintenance", c.maintenance).field("way_back", c.way_back);
    write_lines(w, "written_with", c.written_with);
  } else {
    w.field("description", c.description);
    write_lines(w, "activities", c.activities);
    w.field("category", c.category).field("status", c.status).field("from", c.from).field("until", c.until);
  }
  w.end();
}

std::string encode(std::string_view kind, const Content& content) {
  std::string out;
  json::Writer w(out);
  write_content(w, kind, content);
  return out;
}

Content decode(std::string_view kind, std::string_view text) {
  Content content;
  const auto document = json::Document::parse(text);
  CHECK(document.has_value());
  json::Issues issues;
  read_content(json::Cursor(document->root(), issues), kind, content);
  CHECK(issues.empty());
  return content;
}

Result<void> may_be_changed(const Plan& plan) {
  if (plan.kind == "imported")
    return fail(ErrorCode::conflict, "This plan came from another system. Write a plan of your own with the patient.");
  if (plan.status == "ended") return fail(ErrorCode::conflict, "This plan was ended. Start a new one.");
  return {};
}

Result<void> may_be_edited(const Plan& plan) {
  CONCORD_TRY_VOID(may_be_changed(plan));
  if (plan.newest().state != "draft")
    return fail(ErrorCode::conflict, "These words are not a draft any more. Write a new version.");
  if (plan.newest().was_asked())
    return fail(ErrorCode::conflict, "The patient has said what they think of these words. Write a new version.");
  return {};
}

Result<void> may_take_effect(const Plan& plan) {
  CONCORD_TRY_VOID(may_be_changed(plan));
  const auto& v = plan.newest();
  if (v.state != "draft") return fail(ErrorCode::conflict, "There is no draft to put into effect.");
  if (!v.is_agreed()) {
    const std::string why = v.was_asked() ? "the patient wants something else: write a new version together"
                                          : "the patient was not asked yet: record what they say first";
    return fail(ErrorCode::conflict, "A plan takes effect only when the patient agrees.", {{"patient_view", why}});
  }
  std::vector<Issue> issues;
  const auto& c = v.content;
  if (plan.kind == "care_plan") {
    if (c.wants.empty()) issues.push_back({"content.wants", "say what the patient wants"});
    if (c.steps.empty()) issues.push_back({"content.steps", "needs one agreed step at least"});
  } else {
    if (c.warning_signs.empty()) issues.push_back({"content.warning_signs", "needs one warning sign at least"});
    if (c.contacts.empty()) issues.push_back({"content.contacts", "say whom to call"});
    if (std::find(c.written_with.begin(), c.written_with.end(), "patient") == c.written_with.end())
      issues.push_back({"content.written_with", "this plan is written with the patient"});
  }
  if (!issues.empty()) return fail(ErrorCode::invalid, "The plan says too little to take effect.", std::move(issues));
  return {};
}

std::string_view title_of(std::string_view kind, std::string_view language) {
  const bool spanish = language.starts_with("es");
  if (kind == "relapse_prevention") return spanish ? "Plan para prevenir una recaída" : "Relapse prevention plan";
  return spanish ? "Plan de cuidado" : "Care plan";
}

}  // namespace concord::plans
