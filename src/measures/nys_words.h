// Names of the state report's figures and of the reasons for being in or out, in the languages of the care team.
#pragma once

#include <string_view>

namespace concord::measures {

inline constexpr int kNysMetrics = 11;

/// "improvement"; metric 1 to 11. `language`: "en", "es"; others read English.
std::string_view figure_name(int metric, std::string_view language);
/// "no later score in this episode"; the code itself where there are no words for it.
std::string_view reason_words(std::string_view code, std::string_view language);

}  // namespace concord::measures
