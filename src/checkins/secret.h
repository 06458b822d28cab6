// A link's secret.
#pragma once

#include <string>

namespace concord::checkins {

struct Deps;
/// 132 random bits that no mail program cuts: the last character is a letter or a digit.
std::string new_link_secret(const Deps& deps);

}  // namespace concord::checkins
