// What slices need around route.h: reading a JSON body, paging, and the answers that carry more than an
// error can (a stale edit with the row as it is now). No I/O, any thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/route.h"
#include "json/value.h"

namespace concord::http {

/// The body as JSON; bad_request when it is none.
Result<json::Document> read_json(const Request& request);

/// The one answer for a missing row, another organization's and another site's.
tl::unexpected<Error> not_found();

struct Page {
  int limit = 50;                    ///< 1 to 200
  std::optional<std::string> after;  ///< the "next" of the answer before
};
Result<Page> read_page(const Request& request);
/// `after` is not a key that this list gives out.
tl::unexpected<Error> wrong_page();

Reply json_reply(int status, std::string body);
/// problem+json of `error`, with one member more. Nothing may have been written before it: it is no failure,
/// so the transaction commits.
Reply problem_reply(const Error& error, std::string_view request_id, std::string_view member, std::string_view member_json);
/// 412 with the row as it is now, so that a person can put both versions side by side.
Reply stale_reply(std::string_view request_id, std::string_view current_json);

/// A JSON Schema object from pairs of name and type word. Words: id date instant text integer number boolean
/// object any, or allowed values joined by "|". Before the word: "[]" a list of it. After it: "?" may be
/// null, "!" required. A word that begins with "{" is a schema itself. `closed` refuses other members.
std::string schema(std::initializer_list<std::pair<std::string_view, std::string_view>> members, bool closed = false);
/// {"items":[...], "next":...} of rows with that schema.
std::string list_schema(std::string_view row_schema);

}  // namespace concord::http
