// The text of a Reference, taken apart. Which row it means is the reader's business (exchange/).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concord::fhir {

struct Reference {
  enum class Kind {
    relative,     ///< Patient/123, with or without /_history/2
    absolute,     ///< https://host/fhir/Patient/123: type and id are its last two parts
    urn,          ///< urn:uuid:... or urn:oid:...: a fullUrl in the same bundle
    contained,    ///< #id inside the same resource
    conditional,  ///< Practitioner?identifier=system|value
  };
  Kind kind = Kind::relative;
  std::string_view url;   ///< as written, without a version
  std::string_view type;  ///< "Patient"; empty for urn and contained
  std::string_view id;    ///< logical id, urn value after the last colon, or contained id
  std::string system;     ///< conditional: identifier system, "" when none was given
  std::string value;      ///< conditional: identifier value
};

/// nullopt when the text is none of the kinds (for example a bare "p1"). Views point into `text`.
/// A conditional reference that asks for anything but `identifier` is nullopt too.
std::optional<Reference> parse_reference(std::string_view text);

/// True for a name that can be a resource type: a capital letter, then letters.
bool looks_like_type(std::string_view name);
/// "%7C" -> "|" and so on; text that is not valid percent-encoding is kept as it is.
std::string percent_decode(std::string_view text);

}  // namespace concord::fhir
