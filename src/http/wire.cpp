#include "http/wire.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace concord::http {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_clean(std::string& out, std::string_view text) {
  const auto bad = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  if (std::none_of(text.begin(), text.end(), bad)) {
    out.append(text);
    return;
  }
  for (const char c : text) out.push_back(bad(c) ? ' ' : c);
}

void append_header(std::string& out, std::string_view key, std::string_view value) {
  append_clean(out, key);
  out.append(": ");
  append_clean(out, value);
  out.append("\r\n");
}

/// What the server says itself; a handler's second opinion would only be ambiguous.
bool is_ours(std::string_view key) {
  switch (key.size()) {
    case 4:
      return equals_ignoring_case(key, "date");
    case 10:
      return equals_ignoring_case(key, "connection") || equals_ignoring_case(key, "keep-alive");
    case 12:
      return equals_ignoring_case(key, "content-type") || equals_ignoring_case(key, "x-request-id");
    case 14:
      return equals_ignoring_case(key, "content-length");
    case 17:
      return equals_ignoring_case(key, "transfer-encoding");
    default:
      return false;
  }
}

void append_status(std::string& out, int status) {
  if (status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
    return;
  }
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(status));
  out.push_back(' ');
  out.append(reason(status));
  out.append("\r\n");
}

void append_common(std::string& out, const WireOptions& options) {
  if (!options.date.empty()) append_header(out, "date", options.date);
  if (!options.request_id.empty()) append_header(out, "x-request-id", options.request_id);
  if (!options.keep_alive) out.append("connection: close\r\n");
  else if (options.http10) out.append("connection: keep-alive\r\n");
}

}  // namespace

std::string_view reason(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

bool is_bodiless(int status) { return status == 204 || status == 304 || status < 200; }

void append_head(std::string& out, const Response& response, const WireOptions& options) {
  append_status(out, response.status);
  if (!is_bodiless(response.status)) {
    if (!response.content_type.empty() && !response.body.empty()) append_header(out, "content-type", response.content_type);
    out.append("content-length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  append_common(out, options);
  for (const auto& [key, value] : response.headers)
    if (!is_ours(key)) append_header(out, key, value);
  out.append("\r\n");
}

void append_stream_head(std::string& out, const Headers& extra, const WireOptions& options) {
  append_status(out, 200);
  // A proxy that buffers would hold events back; X-Accel-Buffering tells the common one not to.
  out.append("content-type: text/event-stream\r\ncache-control: no-store\r\nx-accel-buffering: no\r\n");
  WireOptions closing = options;
  closing.keep_alive = false;
  append_common(out, closing);
  for (const auto& [key, value] : extra)
    if (!is_ours(key) && !equals_ignoring_case(key, "cache-control")) append_header(out, key, value);
  out.append("\r\n");
}

void append_event(std::string& out, std::string_view event, std::string_view data) {
  if (!event.empty()) {
    out.append("event: ");
    append_clean(out, event);
    out.push_back('\n');
  }
  for (;;) {
    const auto end = data.find_first_of("\r\n");
    out.append("data: ");
    out.append(data.substr(0, end));
    out.push_back('\n');
    if (end == std::string_view::npos) break;
    const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (pair ? 2 : 1));
  }
  out.push_back('\n');
}

}  // namespace concord::http
