// A slice's routes whose handlers are plain functions of what the slice was lent.
//   RouteList<Kept> all(deps);
//   all.add(Method::get, "/api/v1/visits", "visits.list", "visits.read", "Visits of some days", RunAs::list, "", schema,
//   list_visits); return all.take();
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/route.h"

namespace concord::http {

/// `Kept`: a shared pointer to the slice's Deps; every handler holds one.
template <class Kept>
class RouteList {
 public:
  using Step = Result<Work> (*)(const Kept&, const Call&);

  explicit RouteList(Kept deps) : deps_(std::move(deps)) {}
  /// The new route, for what few routes have (creates, query_parameters); valid until the next add().
  Route& add(Method method, std::string pattern, std::string name, std::string permission, std::string summary, RunAs run_as,
             std::string request_schema, std::string response_schema, Step step) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.permission = std::move(permission);
    route.summary = std::move(summary);
    route.run_as = run_as;
    route.request_schema = std::move(request_schema);
    route.response_schema = std::move(response_schema);
    route.handler = [deps = deps_, step](const Call& call) { return step(deps, call); };
    return all_.emplace_back(std::move(route));
  }
  std::vector<Route> take() { return std::move(all_); }

 private:
  Kept deps_;
  std::vector<Route> all_;
};

}  // namespace concord::http
