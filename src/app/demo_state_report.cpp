#include "app/demo_state_report.h"

#include "base/zone.h"
#include "identity/identity_store.h"
#include "measures/measures_store.h"
#include "measures/published_store.h"

namespace concord::app {
namespace {

constexpr int kMonths = 3;
constexpr int kDaysAfter = 5;               // when the month's figures go out
constexpr int kMinuteOfDay = 16 * 60 + 40;  // in the afternoon

}  // namespace

Result<void> publish_demo_months(db::Database& database, const Slices& slices, Instant now, OrganizationId organization,
                                 std::string_view zone) {
  const auto& rules = slices.data().nys;
  return database.write([&](db::Tx& tx) -> Result<void> {
    std::optional<UserId> manager;
    for (const auto& user : identity::staff(tx, organization, "program_manager"))
      if (!manager) manager = user.id;
    for (int back = kMonths; back >= 1; --back) {
      const measures::ReportMonth month{local_date(now, zone).first_of_month().plus_months(-back)};
      measures::Publish asked;
      asked.as_of = asked.now = at_local_time(month.last().plus_days(kDaysAfter), kMinuteOfDay, zone);
      if (asked.as_of > now) continue;
      asked.by = manager;
      asked.role = "program_manager";
      const auto clinic = measures::load_clinic_as_of(
          tx, organization, rules, [](std::string_view, const Uuid& id) { return id.text(); }, asked.as_of);
      const auto snapshot = measures::snapshot_of(measures::nys_report(clinic, rules, month));
      CONCORD_TRY(const auto published, measures::publish(tx, organization, snapshot, asked, zone));
      (void)published;
    }
    return {};
  });
}

}  // namespace concord::app
