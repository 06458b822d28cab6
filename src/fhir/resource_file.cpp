#include "fhir/resource_file.h"

#include "fhir/element.h"

namespace concord::fhir {
namespace {

constexpr std::size_t kPieceBytes = 8 << 20;

void drop_byte_order_mark(std::string& text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
}

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) ++at;
  return at;
}

/// Where the first JSON value ends if that is on its first line; npos otherwise.
std::size_t end_of_one_line_value(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') return std::string_view::npos;
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

tl::unexpected<Error> bad(const std::filesystem::path& path, const std::string& why) {
  return fail(ErrorCode::bad_file, path.filename().string() + ": " + why);
}

bool add_resource(const Value& value, std::string prefix, std::size_t line, const Value* wrapper, Piece& piece) {
  const auto type = text(&value, "resourceType");
  if (type.empty()) return false;
  Entry entry;
  entry.resource = &value;
  entry.type = type;
  entry.id = text(&value, "id");
  entry.full_url = text(wrapper, "fullUrl");
  entry.method = text(wrapper, "request", "method");
  entry.if_none_exist = text(wrapper, "request", "ifNoneExist");
  entry.prefix = std::move(prefix);
  entry.line = line;
  piece.entries.push_back(std::move(entry));
  return true;
}

}  // namespace

std::string Entry::path(const json::Value* element) const { return join_path(prefix, path_of(*resource, element)); }
std::string Entry::path(std::string_view below) const { return join_path(prefix, below); }

bool expand(const json::Value& root, std::size_t line, Piece& piece) {
  if (root.is(json::Kind::array)) {
    std::size_t i = 0;
    bool any = root.items().empty();
    for (const Value& one : root.items()) {
      std::string prefix = "[" + std::to_string(i++) + "]";
      if (add_resource(one, prefix, line, nullptr, piece)) {
        any = true;
      } else {
        piece.bad.push_back({line, std::move(prefix), "is not a FHIR resource (it has no resourceType)"});
      }
    }
    return any;
  }
  const auto type = text(&root, "resourceType");
  if (type.empty()) return false;
  if (type != "Bundle") return add_resource(root, std::string(type), line, nullptr, piece);
  piece.bundle_type = text(&root, "type");
  const Value* entries = root.find("entry");
  if (entries != nullptr && entries->is(json::Kind::array)) piece.entries.reserve(piece.entries.size() + entries->items().size());
  std::size_t i = 0;
  each(entries, [&](const Value* wrapper) {
    std::string prefix = "Bundle.entry[" + std::to_string(i++) + "]";
    const Value* resource = get(wrapper, "resource");
    if (resource == nullptr) {
      // A transaction may delete or read: that is an entry without a resource, and nothing to import.
      if (get(wrapper, "request") == nullptr) piece.bad.push_back({line, prefix, "has no resource"});
      return;
    }
    prefix += ".resource";
    if (!add_resource(*resource, prefix, line, wrapper, piece))
      piece.bad.push_back({line, std::move(prefix), "is not a FHIR resource (it has no resourceType)"});
  });
  return true;
}

Result<ResourceFile> ResourceFile::open(const std::filesystem::path& path, std::uint64_t max_document_bytes) {
  ResourceFile file;
  file.path_ = path;
  file.max_bytes_ = max_document_bytes;
  CONCORD_TRY(file.source_, open_input(path));
  CONCORD_TRY(bool more, file.source_->read(file.buffer_));
  drop_byte_order_mark(file.buffer_);
  const std::size_t start = skip_blank(file.buffer_, 0);
  if (start >= file.buffer_.size() && !more) return bad(path, "is empty");
  if (start < file.buffer_.size() && file.buffer_[start] == '<') return bad(path, "is XML; Concord reads FHIR as JSON");
  if (start < file.buffer_.size() && file.buffer_[start] != '{' && file.buffer_[start] != '[') {
    const std::string_view head = file.buffer_;
    if (head.size() > 262 && head.substr(257, 5) == "ustar") return bad(path, "is a tar archive; unpack it first (tar xf)");
    if (head.starts_with("PK\x03\x04")) return bad(path, "is a zip archive; unpack it first");
    return bad(path, "is not JSON");
  }
  // Several values, each on its own line: NDJSON. A first value that does not end on its line: one document.
  // When the first line is longer than the first chunk, read on until it ends.
  const std::size_t line_start = start;
  std::size_t searched = line_start;
  while (file.buffer_.find('\n', searched) == std::string::npos && more) {
    searched = file.buffer_.size();
    CONCORD_TRY(more, file.source_->read(file.buffer_));
    if (file.buffer_.size() > max_document_bytes)
      return bad(path, "is larger than " + std::to_string(max_document_bytes >> 20) + " MiB unpacked");
  }
  const std::size_t end = end_of_one_line_value(std::string_view(file.buffer_).substr(line_start));
  if (end != std::string_view::npos) {
    std::size_t after = skip_blank(file.buffer_, line_start + end);
    while (after >= file.buffer_.size() && more) {
      CONCORD_TRY(more, file.source_->read(file.buffer_));
      after = skip_blank(file.buffer_, after);
    }
    if (after < file.buffer_.size() && file.buffer_.find('\n', line_start + end) < after) file.kind_ = Kind::ndjson;
  }
  file.ended_ = !more;
  return file;
}

Result<std::optional<Piece>> ResourceFile::next() {
  if (done_) return std::optional<Piece>{};
  if (kind_ == Kind::ndjson) return next_lines();
  while (!ended_) {
    CONCORD_TRY(const bool more, source_->read(buffer_));
    ended_ = !more;
    if (buffer_.size() > max_bytes_) return bad(path_, "is larger than " + std::to_string(max_bytes_ >> 20) + " MiB unpacked");
  }
  done_ = true;
  auto document = json::Document::parse(buffer_);
  if (!document) {
    std::string why = "is cut off or not valid JSON";
    if (!document.error().text.empty()) why += ": " + document.error().text;
    return bad(path_, why);
  }
  buffer_.clear();
  buffer_.shrink_to_fit();
  Piece piece;
  piece.documents.push_back(std::move(*document));
  if (!expand(piece.documents.back().root(), 0, piece))
    return bad(path_, "is JSON, but holds no FHIR resource (no resourceType)");
  return std::optional<Piece>(std::move(piece));
}

Result<std::optional<Piece>> ResourceFile::next_lines() {
  while (!ended_ && buffer_.size() < kPieceBytes) {
    CONCORD_TRY(const bool more, source_->read(buffer_));
    ended_ = !more;
  }
  Piece piece;
  std::size_t at = 0;
  const std::string_view all = buffer_;
  while (at < all.size()) {
    std::size_t newline = all.find('\n', at);
    if (newline == std::string_view::npos && !ended_) {
      if (piece.entries.empty() && piece.bad.empty() && at == 0) {  // one line longer than a piece: read on
        CONCORD_TRY(const bool more, source_->read(buffer_));
        ended_ = !more;
        if (buffer_.size() > max_bytes_) return bad(path_, "line " + std::to_string(line_ + 1) + " is too long");
        return next_lines();
      }
      break;
    }
    const bool last = newline == std::string_view::npos;
    const auto line = all.substr(at, (last ? all.size() : newline) - at);
    at = last ? all.size() : newline + 1;
    ++line_;
    if (skip_blank(line, 0) == line.size()) continue;
    auto document = json::Document::parse(line);
    if (!document) {
      if (last) return bad(path_, "is cut off in line " + std::to_string(line_));
      piece.bad.push_back({line_, "", "is not valid JSON"});
      continue;
    }
    piece.documents.push_back(std::move(*document));
    if (!expand(piece.documents.back().root(), line_, piece))
      piece.bad.push_back({line_, "", "is not a FHIR resource (it has no resourceType)"});
  }
  buffer_.erase(0, at);
  if (ended_ && buffer_.empty()) done_ = true;
  return std::optional<Piece>(std::move(piece));
}

std::string first_resource_type(const std::filesystem::path& path) {
  auto source = open_input(path);
  if (!source) return {};
  std::string head;
  if (auto more = (*source)->read(head); !more) return {};
  drop_byte_order_mark(head);
  const std::size_t start = skip_blank(head, 0);
  if (start >= head.size() || (head[start] != '{' && head[start] != '[')) return {};
  constexpr std::string_view kKey = "\"resourceType\"";
  std::string seen = "?";
  for (std::size_t at = head.find(kKey); at != std::string::npos; at = head.find(kKey, at)) {
    at = skip_blank(head, at + kKey.size());
    if (at >= head.size() || head[at] != ':') continue;
    at = skip_blank(head, at + 1);
    if (at >= head.size() || head[at] != '"') continue;
    const std::size_t end = head.find('"', at + 1);
    if (end == std::string::npos) break;
    seen = head.substr(at + 1, end - at - 1);
    if (seen != "Bundle") return seen;
  }
  return seen;
}

}  // namespace concord::fhir
