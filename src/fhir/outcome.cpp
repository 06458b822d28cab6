#include "fhir/outcome.h"

#include "json/writer.h"

namespace concord::fhir {

void write_outcome(std::string& out, const Error& error) {
  json::Writer w(out);
  w.object().field("resourceType", "OperationOutcome").key("issue").array();
  const auto type = fhir_issue_type(error.code);
  auto one = [&](std::string_view text, std::string_view path) {
    w.object().field("severity", "error").field("code", type);
    w.key("details").object().field("text", text).end();
    if (!path.empty()) w.key("expression").array().value(path).end();
    w.end();
  };
  if (error.issues.empty()) one(error.text, {});
  for (const auto& issue : error.issues) one(issue.text, issue.path);
  w.end().end();
}

}  // namespace concord::fhir
