#include "portal/acts.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace concord::portal {

std::string_view teller(const Caller& caller) {
  CHECK(caller.kind == ActorKind::patient || caller.kind == ActorKind::trusted_person);
  return caller.kind == ActorKind::patient ? "patient" : "trusted_person";
}

std::string_view by_for_page(std::string_view teller) {
  if (teller == "patient") return "you";
  return teller == "staff" ? "team" : teller;
}

bool is_private(const Viewer& viewer, std::string_view code) {
  return std::find(viewer.private_codes.begin(), viewer.private_codes.end(), code) != viewer.private_codes.end();
}

std::string labels_of_new(const Viewer& viewer, std::string_view record_labels, std::string_view code) {
  std::vector<std::string_view> kept;
  const auto add = [&](std::string_view label) {
    if (!label.empty() && label != "normal" && std::find(kept.begin(), kept.end(), label) == kept.end()) kept.push_back(label);
  };
  for (const auto label : split(record_labels, ' ')) add(label);
  if (viewer.is_self && is_private(viewer, code)) add("adolescent_confidential");
  if (kept.empty()) return "normal";
  std::sort(kept.begin(), kept.end());
  std::string labels;
  for (const auto label : kept) labels.append(labels.empty() ? "" : " ").append(label);
  return labels;
}

http::Route act(http::Method method, std::string pattern, std::string name, std::string summary, bool creates,
                std::string request, std::string response, http::Handler handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.name = std::move(name);
  route.permission = "portal.use";
  route.summary = std::move(summary);
  route.run_as = http::RunAs::write;
  route.creates = creates;
  route.request_schema = std::move(request);
  route.response_schema = std::move(response);
  route.handler = std::move(handler);
  route.audience = http::Audience::portal;
  return route;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace concord::portal
