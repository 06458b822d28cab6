#include "audit/audit_api.h"

#include <limits>

#include "audit/audit_store.h"
#include "http/replies.h"
#include "json/writer.h"

namespace concord::audit {
namespace {

constexpr int kPageSize = 200;

Result<http::Work> access_log(const MaySee& may_see, const http::Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<Id<struct PatientTag>>("patient_id"));
  Instant before = call.now + std::chrono::hours(24);
  if (auto after = call.request.parameter("after")) {
    auto parsed = parse_instant(*after);
    if (!parsed) return fail(ErrorCode::invalid, "The page key is wrong.", {{"after", "must be the value of \"next\""}});
    before = *parsed;
  }
  return [may_see, caller = call.caller, now = call.now, patient, before](db::Tx& tx) -> Result<http::Reply> {
    if (!may_see(tx, caller, now, patient.uuid)) return http::not_found();
    const auto rows = accesses(tx, caller.organization, patient.uuid, before, kPageSize);
    http::Reply reply;
    json::Writer w(reply.body);
    w.object().key("items").array();
    for (const auto& row : rows) {
      w.object()
          .field("at", row.at)
          .field("actor", row.actor_name.empty() ? "system" : row.actor_name)
          .field("role", row.role)
          .field("action", row.action)
          .field("result", row.result)
          .end();
    }
    w.end().key("next");
    if (rows.size() == kPageSize) w.value(iso(rows.back().at));
    else w.null();
    w.end();
    reply.audit_patient = patient.uuid;
    reply.audit_detail = "rows=" + std::to_string(rows.size());
    return reply;
  };
}

}  // namespace

std::vector<http::Route> routes(MaySee may_see) {
  http::Route log;
  log.pattern = "/api/v1/patients/{patient_id}/access-log";
  log.name = "audit.accesses";
  log.permission = "audit.read";
  log.summary = "Who has looked at or changed this patient's record, newest first";
  log.run_as = http::RunAs::list;
  log.query_parameters = {{"after", "page key from the answer before"}};
  log.response_schema =
      R"({"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","properties":{"at":{"type":"string","format":"date-time"},"actor":{"type":"string"},"role":{"type":"string"},"action":{"type":"string"},"result":{"type":"string"}}}},"next":{"type":["string","null"]}}})";
  log.handler = [may_see = std::move(may_see)](const http::Call& call) { return access_log(may_see, call); };
  return {log};
}

}  // namespace concord::audit
