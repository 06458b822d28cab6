// Null-safe readers over a resource. A null pointer means "not there" everywhere, so a chain never needs a
// test in between:
//   const json::Value* period = get(resource, "period");
//   std::string_view start = text(get(period, "start"));          // "" when any of it is missing
// A place is named only when something is wrong with it: path_of() finds the element in its resource again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace concord::fhir {

using json::Value;

inline const Value* get(const Value* parent, std::string_view key) { return parent == nullptr ? nullptr : parent->find(key); }
template <class... Keys>
const Value* get(const Value* parent, std::string_view key, std::string_view next, Keys... keys) {
  return get(get(parent, key), next, keys...);
}
/// The n-th item of a list; null when there are fewer.
const Value* item(const Value* list, std::size_t n = 0);
/// Characters of a string; "" when it is missing or something else.
std::string_view text(const Value* value);
template <class... Keys>
std::string_view text(const Value* parent, std::string_view key, Keys... keys) {
  return text(get(parent, key, keys...));
}
std::optional<double> number(const Value* value);
std::optional<bool> boolean(const Value* value);
/// Calls f(const Value*) for each item; a single object where R4 wants a list is taken as a list of one.
template <class F>
void each(const Value* list, F&& f) {
  if (list == nullptr) return;
  if (list->is(json::Kind::object)) {
    f(list);
    return;
  }
  for (const Value& one : list->items()) f(&one);
}

/// Name of `element` below `root`: "valueQuantity.value", "item[3].answer[0]"; "" for root itself or when
/// it is not in there.
std::string path_of(const Value& root, const Value* element);
/// "a" + "b.c" -> "a.b.c", minding empty parts.
std::string join_path(std::string_view base, std::string_view rest);

struct Coding {
  std::string_view system, code, display;
};
/// The first coding of a CodeableConcept for which `accept(Coding)` holds.
template <class Accept>
std::optional<Coding> find_coding(const Value* concept_value, Accept&& accept) {
  std::optional<Coding> found;
  each(get(concept_value, "coding"), [&](const Value* coding) {
    if (found) return;
    Coding c{text(coding, "system"), text(coding, "code"), text(coding, "display")};
    if (accept(c)) found = c;
  });
  return found;
}
/// The code in one system; "" when there is none.
std::string_view code_in(const Value* concept_value, std::string_view system);
/// Words for people: text, else the first display, else the first code.
std::string_view words_of(const Value* concept_value);
/// The first extension with this url.
const Value* extension(const Value* element, std::string_view url);

inline constexpr std::string_view kLoinc = "http://loinc.org";
inline constexpr std::string_view kSnomed = "http://snomed.info/sct";
inline constexpr std::string_view kRxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
inline constexpr std::string_view kCpt = "http://www.ama-assn.org/go/cpt";
inline constexpr std::string_view kNpi = "http://hl7.org/fhir/sid/us-npi";

}  // namespace concord::fhir
