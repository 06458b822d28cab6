#include "app/housekeeping.h"

#include "identity/idempotency_store.h"
#include "identity/identity_store.h"

namespace concord::app {
namespace {

constexpr auto kSessionsKept = std::chrono::hours(24 * 30);

}  // namespace

Housekeeping::Housekeeping(db::Database& database, const Clock& clock, IdSource& ids, std::chrono::hours keep_answers)
    : worker_(database, clock, ids) {
  worker_.handle("identity.purge", [&database, &clock, keep_answers](jobs::JobRun&) {
    return database.write([&](db::Tx& tx) -> Result<void> {
      identity::purge_sessions(tx, clock.now() - kSessionsKept);
      identity::purge_answers(tx, clock.now() - keep_answers);
      return {};
    });
  });
  worker_.every(std::chrono::minutes(60), "identity.purge");
}

void Housekeeping::start() {
  thread_ = std::jthread([this](std::stop_token stop) { worker_.run(stop); });
}

}  // namespace concord::app
