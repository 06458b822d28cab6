#include "http/route.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/check.h"

namespace concord::http {

std::string_view Call::path_parameter(std::string_view name) const {
  for (const auto& [key, value] : path_parameters)
    if (key == name) return value;
  throw BrokenInvariant("the pattern has no parameter " + std::string(name));
}

Result<std::int64_t> Call::if_match() const {
  const std::string_view value = request.header("if-match");
  if (value.empty())
    return fail(ErrorCode::precondition_missing,
                "This change needs an If-Match header with the version you edited, for example If-Match: \"7\".");
  std::int64_t version = 0;
  if (value.size() >= 3 && value.front() == '"' && value.back() == '"') {
    const char* end = value.data() + value.size() - 1;
    const auto parsed = std::from_chars(value.data() + 1, end, version);
    if (parsed.ec == std::errc() && parsed.ptr == end && version >= 0) return version;
  }
  return fail(ErrorCode::bad_request, "If-Match must hold the version in quotes, as the ETag header gave it.");
}

namespace {

constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other) + 1;
constexpr std::size_t kMaxSegments = 32;

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return segments;
}

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

}  // namespace

struct Router::Node {
  struct Leaf {
    std::size_t route = 0;
    std::vector<std::string> parameters;
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::array<std::optional<Leaf>, kMethods> leaves;

  bool has_any() const {
    return std::any_of(leaves.begin(), leaves.end(), [](const auto& leaf) { return leaf.has_value(); });
  }
  const Leaf* leaf(Method method) const {
    const auto& exact = leaves[static_cast<std::size_t>(method)];
    if (exact) return &*exact;
    const auto& get = leaves[static_cast<std::size_t>(Method::get)];
    return method == Method::head && get ? &*get : nullptr;
  }

  /// Visits the nodes that fit `segments`, literal ones first, until `found` answers true.
  template <class Found>
  bool walk(const std::vector<std::string_view>& segments, std::size_t at, std::vector<std::string_view>& values,
            Found& found) const {
    if (at == segments.size()) return has_any() && found(*this);
    if (const auto child = literals.find(segments[at]); child != literals.end())
      if (child->second->walk(segments, at + 1, values, found)) return true;
    if (parameter && !segments[at].empty()) {
      values.push_back(segments[at]);
      if (parameter->walk(segments, at + 1, values, found)) return true;
      values.pop_back();
    }
    return false;
  }
};

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  auto root = std::make_shared<Node>();
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    const std::string label = std::string(http::name(route.method)) + " " + route.pattern;
    if (route.permission.empty()) throw BrokenInvariant("the route " + label + " names no permission");
    if (route.pattern.empty() || route.pattern.front() != '/')
      throw BrokenInvariant("the route " + label + " does not start with a slash");
    Node* node = root.get();
    Node::Leaf leaf;
    leaf.route = i;
    for (const std::string_view segment : segments_of(route.pattern)) {
      if (is_parameter(segment)) {
        const std::string parameter_name(segment.substr(1, segment.size() - 2));
        if (std::find(leaf.parameters.begin(), leaf.parameters.end(), parameter_name) != leaf.parameters.end())
          throw BrokenInvariant("the route " + label + " names a parameter twice");
        leaf.parameters.push_back(parameter_name);
        if (!node->parameter) node->parameter = std::make_unique<Node>();
        node = node->parameter.get();
      } else {
        auto& child = node->literals[std::string(segment)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
    }
    auto& place = node->leaves[static_cast<std::size_t>(route.method)];
    if (place) throw BrokenInvariant("two routes answer " + label);
    place = std::move(leaf);
  }
  root_ = std::move(root);
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (path.empty() || path.front() != '/') return match;
  const auto segments = segments_of(path);
  if (segments.size() > kMaxSegments) return match;
  std::vector<std::string_view> values;
  auto found = [&](const Node& node) {
    match.path_exists = true;
    const Node::Leaf* leaf = node.leaf(method);
    if (leaf == nullptr) return false;
    match.route = &routes_[leaf->route];
    for (std::size_t i = 0; i < leaf->parameters.size(); ++i)
      match.parameters.emplace_back(leaf->parameters[i], std::string(values[i]));
    return true;
  };
  root_->walk(segments, 0, values, found);
  return match;
}

std::string Router::allowed(std::string_view path) const {
  std::array<bool, kMethods> any{};
  if (path.empty() || path.front() != '/') return {};
  const auto segments = segments_of(path);
  if (segments.size() > kMaxSegments) return {};
  std::vector<std::string_view> values;
  auto found = [&](const Node& node) {
    for (std::size_t i = 0; i < kMethods; ++i) any[i] = any[i] || node.leaf(static_cast<Method>(i)) != nullptr;
    return false;
  };
  root_->walk(segments, 0, values, found);
  std::string list;
  for (std::size_t i = 0; i < kMethods; ++i) {
    if (!any[i]) continue;
    if (!list.empty()) list += ", ";
    list += http::name(static_cast<Method>(i));
  }
  return list;
}

}  // namespace concord::http
