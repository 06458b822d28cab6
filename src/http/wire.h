// A response as bytes: status line and headers into one string, so that one write sends it.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace concord::http {

struct WireOptions {
  bool keep_alive = true;
  bool http10 = false;    ///< the caller spoke HTTP/1.0: keep-alive has to be said
  std::string_view date;  ///< IMF-fixdate, or empty
  std::string_view request_id;
};

std::string_view reason(int status);
/// True for the statuses that never carry a body (1xx, 204, 304).
bool is_bodiless(int status);
/// Everything up to and including the empty line. The length is the body's, also when the body is not sent
/// (HEAD). Line breaks in header values become blanks: a header cannot start another one.
void append_head(std::string& out, const Response& response, const WireOptions& options);
/// The head of a stream whose end is the end of the connection.
void append_stream_head(std::string& out, const Headers& extra, const WireOptions& options);
/// "event: E\ndata: ...\n\n"; a line break in the data starts another data line.
void append_event(std::string& out, std::string_view event, std::string_view data);

}  // namespace concord::http
