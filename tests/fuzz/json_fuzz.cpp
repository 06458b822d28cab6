// Whatever parses must be written as JSON that parses to the same; readers of any kind must not crash.
#include <cstdlib>

#include "base/caller.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace {

using concord::json::Cursor;
using concord::json::Document;
using concord::json::Issues;
using concord::json::Kind;
using concord::json::Value;
using concord::json::Writer;

void write(Writer& w, const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      w.null();
      break;
    case Kind::boolean:
      w.value(value.boolean());
      break;
    case Kind::number:
      w.raw(value.text());
      break;
    case Kind::string:
      w.value(value.text());
      break;
    case Kind::array:
      w.array();
      for (const Value& item : value.items()) write(w, item);
      w.end();
      break;
    case Kind::object:
      w.object();
      for (const auto& member : value.members()) write(w.key(member.key), member.value);
      w.end();
      break;
  }
}

std::string written(const Document& document) {
  std::string out;
  Writer w(out);
  write(w, document.root());
  return out;
}

void read_every_way(const Cursor& cursor) {
  cursor.string(1, 20);
  cursor.one_of({"a", "b"});
  cursor.boolean();
  cursor.date();
  cursor.instant();
  cursor.id<concord::OrganizationId>();
  const auto whole = cursor.integer(INT64_MIN, INT64_MAX);
  const auto real = cursor.real(-1e308, 1e308);
  if (whole && (!real || *real != static_cast<double>(*whole))) std::abort();
  cursor.only({"a"});
  cursor.each([](const Cursor& item) { read_every_way(item); });
  if (cursor.present())
    for (const auto& member : cursor.value()->members()) read_every_way(cursor.optional(member.key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse(text);
  if (!document) {
    if (document.error().text.empty()) std::abort();
    return 0;
  }
  const std::string once = written(*document);
  const auto again = Document::parse(once);
  if (!again || written(*again) != once) std::abort();
  Issues issues;
  read_every_way(Cursor(document->root(), issues));
  return 0;
}
