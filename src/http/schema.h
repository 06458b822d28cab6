// JSON Schema objects whose members are put together from several lists; of one list http::schema (replies.h) makes one too.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace concord::http {

/// Name and type word of each member; the words are those of http::schema.
using Members = std::vector<std::pair<std::string, std::string>>;
std::string schema_of(const Members& members, bool closed = false);
Members joined(Members first, const Members& then);

}  // namespace concord::http
