#include "community/directory_file.h"

#include <map>

#include "base/table_reader.h"
#include "base/text.h"

namespace concord::community {

Result<std::vector<Service>> read_directory(std::string_view text, const std::string& file_name, Date today) {
  CONCORD_TRY(auto table, TableReader::open(text, file_name));
  CONCORD_TRY(const auto required, table.require({"name", "kinds"}));
  std::vector<Issue> issues;
  for (const auto& name : table.unknown(
           {"name", "kinds", "areas", "languages", "phone", "hours", "web", "eligibility", "cost", "checked_on", "note"}))
    issues.push_back({file_name + ":1:" + name, "is no column of a directory"});
  const auto cell = [&](const char* name) { return std::string(trim(table.cell(table.column(name)))); };
  const auto place = [&](std::string_view name) {
    const auto column = table.column(name);
    return column ? table.place(*column) : table.place();
  };

  std::vector<Service> services;
  std::map<std::string, std::size_t> line_of;
  while (table.next()) {
    if (const auto& problem = table.problem()) {
      issues.push_back(*problem);
      continue;
    }
    Service s;
    s.name = cell("name");
    for (auto& kind : words(cell("kinds"), ';')) s.kinds.push_back(to_lower(kind));
    s.areas = words(cell("areas"), ';');
    s.languages = words(cell("languages"), ';');
    s.phone = cell("phone");
    s.hours = cell("hours");
    s.web = cell("web");
    s.eligibility = cell("eligibility");
    s.cost = cell("cost");
    s.note = cell("note");
    if (const auto day = cell("checked_on"); !day.empty()) {
      s.checked = Date::parse(day);
      if (!s.checked) issues.push_back({place("checked_on"), "must be a day, YYYY-MM-DD"});
    }
    for (auto& issue : check(s, today)) issues.push_back({place(issue.path), std::move(issue.text)});
    const auto [first, is_new] = line_of.emplace(fold(s.name), table.line());
    if (!is_new) issues.push_back({place("name"), "is on line " + std::to_string(first->second) + " already"});
    services.push_back(std::move(s));
  }
  if (issues.empty() && services.empty()) issues.push_back({file_name, "holds no service"});
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The directory has faults; nothing was stored.", std::move(issues));
  return services;
}

}  // namespace concord::community
