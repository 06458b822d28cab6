#include "http/static_files.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "base/text.h"
#include "http/security.h"

namespace concord::http {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNoncePlace = "__CSP_NONCE__";

struct Type {
  std::string_view extension, type;
};
constexpr auto kTypes = std::to_array<Type>({
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".xml", "application/xml"},
    {".pdf", "application/pdf"},
    {".wasm", "application/wasm"},
});

std::string hash_of(std::string_view content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  CHECK(EVP_Q_digest(nullptr, "SHA256", nullptr, content.data(), content.size(), digest, &size) == 1);
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest), 12));
}

std::optional<std::string> read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return std::nullopt;
  return text;
}

bool is_inside(const fs::path& path, const fs::path& root) {
  const auto [end, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end() && rest != path.end();
}

/// Any of the listed tags, or "*". Weak comparison, as RFC 9110 asks of If-None-Match.
bool names_tag(std::string_view list, std::string_view tag) {
  for (std::string_view one : split(list, ',')) {
    one = trim(one);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
  for (const Type& type : kTypes)
    if (file_name.ends_with(type.extension)) return type.type;
  return "application/octet-stream";
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  bool by_star = false;
  for (const std::string_view part : split(accept_encoding, ',')) {
    const auto pieces = split(part, ';');
    bool refused = false;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      const std::string_view quality = trim(pieces[i]);
      // "q=0", "q=0.0", "q=0.000" all mean never.
      if (quality.size() >= 3 && (quality[0] == 'q' || quality[0] == 'Q') && quality[1] == '=')
        refused = quality.substr(2).find_first_not_of("0.") == std::string_view::npos;
    }
    const std::string_view offered = trim(pieces[0]);
    if (equals_ignoring_case(offered, coding)) return !refused;
    if (offered == "*") by_star = !refused;
  }
  return by_star;
}

Result<StaticFiles> StaticFiles::load(const fs::path& folder, StaticOptions options) {
  StaticFiles loaded;
  loaded.options_ = std::move(options);
  if (!loaded.options_.nonce) loaded.options_.nonce = random_nonce;
  std::error_code ec;
  const fs::path root = fs::canonical(folder, ec);
  if (ec || !fs::is_directory(root, ec))
    return fail(ErrorCode::bad_config, "The folder of the web front, " + folder.string() + ", cannot be read.");
  std::vector<fs::path> found;
  fs::recursive_directory_iterator walk(root, ec), end;
  for (; !ec && walk != end; walk.increment(ec)) {
    const fs::path& path = walk->path();
    std::error_code broken;
    if (walk->is_symlink(broken)) {
      const fs::path real = fs::canonical(path, broken);
      if (broken || !is_inside(real, root))
        return fail(ErrorCode::bad_config,
                    "The web front holds a link that leaves its folder: " + path.lexically_relative(root).string() + ".");
      if (fs::is_directory(real, broken)) continue;  // its files are found where they are
    }
    if (fs::is_regular_file(path, broken)) found.push_back(path);
  }
  if (ec) return fail(ErrorCode::bad_config, "The folder of the web front, " + folder.string() + ", cannot be read.");

  for (const fs::path& path : found) {
    const std::string name = "/" + path.lexically_relative(root).generic_string();
    const bool compressed = name.ends_with(".br") || name.ends_with(".gz");
    if (compressed && fs::exists(fs::path(path).replace_extension(), ec)) continue;
    auto body = read_all(path);
    if (!body) return fail(ErrorCode::bad_config, "The file " + name + " of the web front cannot be read.");
    File file;
    file.type = content_type_of(name);
    file.body = std::move(*body);
    file.is_page = name.ends_with(".html");
    file.immutable = name.starts_with("/assets/");
    file.tag = hash_of(file.body);
    if (!file.is_page) {
      if (auto br = read_all(fs::path(path) += ".br")) file.brotli = std::move(*br);
      if (auto gz = read_all(fs::path(path) += ".gz")) file.gzip = std::move(*gz);
    }
    loaded.files_.emplace(name, std::move(file));
  }
  for (const auto& [prefix, page] : loaded.options_.shells)
    if (!loaded.files_.contains("/" + page))
      return fail(ErrorCode::bad_config, "The web front lacks " + page + ". Build it, or name the right folder.");
  return loaded;
}

std::size_t StaticFiles::bytes() const {
  std::size_t sum = 0;
  for (const auto& [name, file] : files_) sum += file.body.size() + file.brotli.size() + file.gzip.size();
  return sum;
}

const StaticFiles::File* StaticFiles::shell_for(std::string_view path) const {
  for (const std::string& prefix : options_.not_ours)
    if (path.starts_with(prefix)) return nullptr;
  // A dot means that a file was asked for: an old script's name must not be answered with a page.
  if (path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos) return nullptr;
  const std::pair<std::string, std::string>* best = nullptr;
  for (const auto& shell : options_.shells)
    if (path.starts_with(shell.first) && (best == nullptr || shell.first.size() > best->first.size())) best = &shell;
  if (best == nullptr) return nullptr;
  const auto file = files_.find("/" + best->second);
  return file == files_.end() ? nullptr : &file->second;
}

Response StaticFiles::page(const File& file, const Request& request) const {
  Response response;
  const std::string nonce = options_.nonce();
  response.content_type = file.type;
  response.body = file.body;
  for (std::size_t at = response.body.find(kNoncePlace); at != std::string::npos;
       at = response.body.find(kNoncePlace, at + nonce.size()))
    response.body.replace(at, kNoncePlace.size(), nonce);
  response.headers.emplace_back("Cache-Control", "no-cache");
  add_missing(response, shell_security_headers(nonce, request.secure));
  return response;
}

Response StaticFiles::answer(const Request& request) const {
  if (request.method != Method::get && request.method != Method::head) {
    Response refused = problem(Error{ErrorCode::method_not_allowed, "This address takes GET.", {}, {}}, request.request_id);
    refused.headers.emplace_back("Allow", "GET, HEAD");
    add_missing(refused, api_security_headers(request.secure));
    return refused;
  }
  const auto found = files_.find(request.path);
  const File* file = found != files_.end() ? &found->second : shell_for(request.path);
  if (file == nullptr) {
    Response missing = problem(Error{ErrorCode::not_found, "There is no such page or file.", {}, {}}, request.request_id);
    add_missing(missing, api_security_headers(request.secure));
    return missing;
  }
  if (file->is_page) return page(*file, request);

  Response response;
  response.content_type = file->type;
  std::string tag = "\"" + file->tag;
  const std::string_view accepted = request.header("accept-encoding");
  const std::string* body = &file->body;
  if (!file->brotli.empty() && accepts_coding(accepted, "br")) {
    body = &file->brotli;
    tag += "-br";
    response.headers.emplace_back("Content-Encoding", "br");
  } else if (!file->gzip.empty() && accepts_coding(accepted, "gzip")) {
    body = &file->gzip;
    tag += "-gz";
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  tag += '"';
  response.headers.emplace_back("ETag", tag);
  if (!file->brotli.empty() || !file->gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  add_missing(response, asset_security_headers(request.secure));
  if (const auto known = request.header("if-none-match"); !known.empty() && names_tag(known, tag)) response.status = 304;
  else response.body = *body;
  return response;
}

}  // namespace concord::http
