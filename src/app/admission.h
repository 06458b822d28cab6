// How the dispatcher gets to know somebody who is no member of the staff: each kind's slice checks what the request
// shows (a portal session, a check-in's secret, a gateway's signature) and says who it is. Permission is asked afterwards,
// in one place, as for everybody.
#pragma once

#include <functional>
#include <optional>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "http/message.h"

namespace concord::db {
class Tx;
}

namespace concord::app {

struct Admission {
  Caller caller;
  std::optional<Instant> expires_at = {};    ///< of a session: told to the page, so that it can warn
  std::function<void(db::Tx&)> extend = {};  ///< keeps a session alive after an act of the person; may be empty
};
/// not_signed_in when the request does not say who it is from, or does so no more. Runs inside the unit of work.
using Admit = std::function<Result<Admission>(db::Tx&, const http::Request&, Instant)>;
/// The page for a refused form request.
using FormProblem = std::function<http::Response(const Error&, const http::Request&)>;

/// An empty function admits nobody.
struct Admissions {
  Admit portal, form, gateway;
  FormProblem form_problem;
};

}  // namespace concord::app
