// The built web front, from memory: loaded once at start, so a request never touches the disk and no path
// can reach a file that was not there. Thread-safe after loading.
//
//   /assets/app-3f9c.js   a year, immutable (the name changes with the content); .br or .gz when accepted
//   /favicon.svg          asked again each time, answered 304 by ETag
//   /  /patients/...      the page itself, with a new nonce in its text and in its Content-Security-Policy
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace concord::http {

struct StaticOptions {
  /// Which page answers an address that is no file: the longest prefix wins.
  std::vector<std::pair<std::string, std::string>> shells = {{"/", "index.html"}};
  /// Addresses that are never the web application's.
  std::vector<std::string> not_ours = {"/api/",   "/auth/",   "/fhir/", "/cds-services", "/healthz",
                                       "/readyz", "/metrics", "/c/",    "/hooks/"};
  /// Empty: random_nonce().
  std::function<std::string()> nonce;
};

class StaticFiles {
 public:
  /// Nothing to serve: every answer is 404 (a server without a web front).
  StaticFiles() = default;
  /// bad_config when the folder cannot be read, holds a link that leaves it, or lacks a shell page.
  static Result<StaticFiles> load(const std::filesystem::path& folder, StaticOptions options = {});

  /// Always an answer: the file, 304, the page for an address of the web application, 404 or 405.
  Response answer(const Request& request) const;
  std::size_t size() const { return files_.size(); }
  std::size_t bytes() const;

 private:
  struct File {
    std::string type;
    std::string body, brotli, gzip;  // the last two empty when there is no compressed sibling
    std::string tag;
    bool immutable = false;
    bool is_page = false;
  };
  Response page(const File& file, const Request& request) const;
  const File* shell_for(std::string_view path) const;

  StaticOptions options_;
  std::unordered_map<std::string, File> files_;  // by path with leading slash
};

/// "text/javascript; charset=utf-8" for "app.js"; application/octet-stream when unknown.
std::string_view content_type_of(std::string_view file_name);
/// Whether an Accept-Encoding header allows the coding ("br;q=0" does not).
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace concord::http
