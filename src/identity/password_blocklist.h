// Passwords of 15 and more characters that attackers try first. Folded, without blanks and punctuation.
#pragma once

#include <string_view>

namespace concord::identity {

/// `folded` is lower case letters and digits only.
bool is_blocked_password(std::string_view folded);

}  // namespace concord::identity
