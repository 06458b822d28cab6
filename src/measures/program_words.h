// Names of the AIMS set's and the HEDIS-like figures, whom they are of, and the reasons for being in or out, in the languages of
// the care team.
#pragma once

#include <string_view>

namespace concord::measures {

struct FigureWords {
  std::string_view name, of;
};
/// `figure`: "first_contact", "dsf_screening", ...; `language`: "en", "es"; others read English.
FigureWords program_figure_words(std::string_view figure, std::string_view language);
/// "no contact within four weeks"; the code itself where there are no words for it.
std::string_view program_reason_words(std::string_view code, std::string_view language);

}  // namespace concord::measures
