#include "fhir/element.h"

namespace concord::fhir {

const Value* item(const Value* list, std::size_t n) {
  if (list == nullptr) return nullptr;
  if (list->is(json::Kind::object)) return n == 0 ? list : nullptr;
  const auto items = list->items();
  return n < items.size() ? &items[n] : nullptr;
}

std::string_view text(const Value* value) {
  return value != nullptr && value->is(json::Kind::string) ? value->text() : std::string_view{};
}

std::optional<double> number(const Value* value) {
  return value != nullptr && value->is(json::Kind::number) ? value->real() : std::nullopt;
}

std::optional<bool> boolean(const Value* value) {
  return value != nullptr && value->is(json::Kind::boolean) ? std::optional(value->boolean()) : std::nullopt;
}

namespace {
bool find_path(const Value& at, const Value* wanted, std::string& path) {
  if (&at == wanted) return true;
  const std::size_t length = path.size();
  for (const auto& member : at.members()) {
    if (!path.empty()) path += '.';
    path += member.key;
    if (find_path(member.value, wanted, path)) return true;
    path.resize(length);
  }
  std::size_t i = 0;
  for (const Value& one : at.items()) {
    path += '[' + std::to_string(i++) + ']';
    if (find_path(one, wanted, path)) return true;
    path.resize(length);
  }
  return false;
}
}  // namespace

std::string path_of(const Value& root, const Value* element) {
  std::string path;
  if (element == nullptr || !find_path(root, element, path)) return {};
  return path;
}

std::string join_path(std::string_view base, std::string_view rest) {
  std::string out(base);
  if (!base.empty() && !rest.empty() && rest.front() != '[') out += '.';
  out += rest;
  return out;
}

std::string_view code_in(const Value* concept_value, std::string_view system) {
  auto found = find_coding(concept_value, [&](const Coding& c) { return c.system == system && !c.code.empty(); });
  return found ? found->code : std::string_view{};
}

std::string_view words_of(const Value* concept_value) {
  if (auto words = text(concept_value, "text"); !words.empty()) return words;
  if (auto shown = find_coding(concept_value, [](const Coding& c) { return !c.display.empty(); })) return shown->display;
  if (auto coded = find_coding(concept_value, [](const Coding& c) { return !c.code.empty(); })) return coded->code;
  return {};
}

const Value* extension(const Value* element, std::string_view url) {
  const Value* found = nullptr;
  each(get(element, "extension"), [&](const Value* one) {
    if (found == nullptr && text(one, "url") == url) found = one;
  });
  return found;
}

}  // namespace concord::fhir
