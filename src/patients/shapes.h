// JSON that many slices write the same way about the same thing: somebody of the staff, a patient's name, privacy labels.
// Chart::write_user() writes what user_schema() describes.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"

namespace concord::patients {

/// Schema of {"id","name"} or null.
std::string user_schema();
/// Schema of {"id","given_name","family_name"}.
std::string patient_name_schema();

enum class Normal { written, left_out };
/// The labels of a row ("part2 mh") as a list; "normal" says that there is none, and some lists leave it out.
void write_labels(json::Writer& w, std::string_view labels, Normal normal);

}  // namespace concord::patients
