// The resources of one file, in order: a bundle of any type, a single resource, a list of resources, or
// NDJSON. NDJSON comes in pieces of bounded size, everything else whole.
//
//   CONCORD_TRY(auto file, ResourceFile::open(path));
//   for (;;) {
//     CONCORD_TRY(auto piece, file.next());
//     if (!piece) break;
//     for (const Entry& entry : piece->entries) ...
//   }
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/input.h"
#include "json/value.h"

namespace concord::fhir {

/// One resource where it was found. Views live as long as the Piece.
struct Entry {
  const json::Value* resource = nullptr;
  std::string_view type;           ///< resourceType
  std::string_view id;             ///< logical id, "" when none
  std::string_view full_url;       ///< of the bundle entry
  std::string_view method;         ///< of the bundle entry's request, "" when none
  std::string_view if_none_exist;  ///< of the bundle entry's request
  std::string prefix;              ///< "Bundle.entry[2].resource", "Patient", or "" in front of element paths
  std::size_t line = 0;            ///< NDJSON: line number from 1; otherwise 0

  /// Path of an element of this resource for a message: "Bundle.entry[2].resource.code".
  std::string path(const json::Value* element) const;
  std::string path(std::string_view below) const;
};

/// A line or entry that holds no resource.
struct BadEntry {
  std::size_t line = 0;
  std::string path;
  std::string reason;
};

struct Piece {
  std::vector<json::Document> documents;
  std::vector<Entry> entries;
  std::vector<BadEntry> bad;
  std::string_view bundle_type;  ///< "" when it is no bundle
};

class ResourceFile {
 public:
  enum class Kind { document, ndjson };

  /// Errors: bad_file with what is wrong ("line 7", byte offset) when the file cannot be read, is not JSON, is
  /// cut off, or holds no FHIR resource.
  static Result<ResourceFile> open(const std::filesystem::path& path, std::uint64_t max_document_bytes = 1ULL << 30);

  Kind kind() const { return kind_; }
  /// The next piece, or nullopt at the end. An error means the file as a whole cannot be trusted.
  Result<std::optional<Piece>> next();
  /// Bytes of the file on disk read so far.
  std::uint64_t consumed() const { return source_->consumed(); }

 private:
  ResourceFile() = default;
  Result<std::optional<Piece>> next_lines();

  std::filesystem::path path_;
  std::unique_ptr<ByteSource> source_;
  Kind kind_ = Kind::document;
  std::string buffer_;  ///< NDJSON: bytes not yet handed out; document: everything
  std::size_t line_ = 0;
  std::uint64_t max_bytes_ = 0;
  bool ended_ = false, done_ = false;
};

/// Resources of one parsed JSON value, appended to `piece`. False when it is no FHIR at all.
bool expand(const json::Value& root, std::size_t line, Piece& piece);

/// What a file holds, from its first bytes: the first resourceType that is not Bundle, or "" when it does
/// not begin like JSON. For ordering the files of an import.
std::string first_resource_type(const std::filesystem::path& path);

}  // namespace concord::fhir
