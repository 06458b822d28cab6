#include "patients/shapes.h"

#include "base/text.h"
#include "http/replies.h"

namespace concord::patients {

std::string user_schema() {
  return R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}},"required":["id","name"]})";
}

std::string patient_name_schema() { return http::schema({{"id", "id!"}, {"given_name", "text!"}, {"family_name", "text!"}}); }

void write_labels(json::Writer& w, std::string_view labels, Normal normal) {
  w.array();
  for (const auto label : split(labels, ' '))
    if (!label.empty() && (normal == Normal::written || label != "normal")) w.value(label);
  w.end();
}

}  // namespace concord::patients
