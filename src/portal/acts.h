// What the portal's acts (POST, PUT, PATCH of patients and trusted persons) have in common. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "http/route.h"
#include "portal/view.h"

namespace concord::portal {

/// Who told it: "patient" or "trusted_person". For portal callers only.
std::string_view teller(const Caller& caller);
/// For the page: "patient" -> "you", "staff" -> "team", "trusted_person" stays.
std::string_view by_for_page(std::string_view teller);

/// Does the age rule `code` ("own:goals") keep private what the patient writes?
bool is_private(const Viewer& viewer, std::string_view code);
/// The labels of a row that the caller writes: the record's, and adolescent_confidential where the patient writes what the age
/// rules keep private. What a trusted person writes is no secret from them.
std::string labels_of_new(const Viewer& viewer, std::string_view record_labels, std::string_view code);

/// A route of the portal with the one permission that all of them have; what it may do is checked by require().
http::Route act(http::Method method, std::string pattern, std::string name, std::string summary, bool creates,
                std::string request, std::string response, http::Handler handler);

/// How many characters a person sees typed: UTF-8 code points.
std::size_t characters(std::string_view utf8);

}  // namespace concord::portal
