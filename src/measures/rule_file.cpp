#include "measures/rule_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace concord::measures {

void RuleFile::whole(const json::Cursor& numbers, std::string_view key, int least, int most, int& into) {
  const auto number = numbers.required(key);
  number.required("source").string(1, 500);
  into = static_cast<int>(number.required("value").integer(least, most).value_or(least));
  parameters_.emplace_back(key, std::to_string(into));
}

void RuleFile::points(const json::Cursor& numbers, std::string_view key, double& into) {
  const auto number = numbers.required(key);
  number.required("source").string(1, 500);
  into = number.required("value").real(0, 100).value_or(0);
  parameters_.emplace_back(key, fmt::format("{:g}", into));
}

void RuleFile::flag(const json::Cursor& switches, std::string_view key, bool& into) {
  const auto item = switches.required(key);
  item.required("source").string(1, 500);
  into = item.required("value").boolean().value_or(false);
  parameters_.emplace_back(key, into ? "true" : "false");
}

void RuleFile::write(json::Writer& w) const {
  w.key("parameters").object();
  for (const auto& [name, value] : parameters_) {
    w.key(name);
    if (value == "true" || value == "false") w.value(value == "true");
    else w.value(std::stod(value));
  }
  w.end();
}

std::vector<std::string> read_names(const json::Cursor& list) {
  std::vector<std::string> names;
  list.each([&](const json::Cursor& item) {
    if (auto name = item.string(1, 60)) names.push_back(std::move(*name));
  });
  return names;
}

std::vector<Benchmark> read_benchmarks(const json::Cursor& list) {
  std::vector<Benchmark> all;
  list.each([&](const json::Cursor& item) {
    item.only({"figure", "value", "unit", "kind", "of", "source"});
    Benchmark b;
    b.figure = item.required("figure").string(1, 60).value_or("");
    b.value = item.required("value").real(0, 1'000'000).value_or(0);
    b.unit = item.required("unit").string(1, 100).value_or("");
    b.kind = item.required("kind").string(1, 200).value_or("");
    b.of = item.required("of").string(1, 200).value_or("");
    b.source = item.required("source").string(1, 500).value_or("");
    all.push_back(std::move(b));
  });
  return all;
}

void write_benchmarks(json::Writer& w, const std::vector<Benchmark>& all, std::string_view figure) {
  w.key("benchmarks").array();
  for (const auto& b : all)
    if (b.figure == figure)
      w.object()
          .field("value", b.value)
          .field("unit", b.unit)
          .field("kind", b.kind)
          .field("of", b.of)
          .field("source", b.source)
          .end();
  w.end();
}

bool contains(const std::vector<std::string>& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

}  // namespace concord::measures
