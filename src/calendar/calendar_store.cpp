#include "calendar/calendar_store.h"

#include <limits>

#include "base/check.h"
#include "base/text.h"
#include "calendar/calendar_sql.h"

namespace concord::calendar {
namespace {

std::string week_text(const Calendar& calendar) {
  std::string out;
  for (const auto& hours : calendar.week) {
    if (!out.empty()) out += ' ';
    out += hours ? clock_text(hours->opens_minute) + "-" + clock_text(hours->closes_minute) : "-";
  }
  return out;
}

void read_week(std::string_view text, Calendar& calendar) {
  const auto parts = split(text, ' ');
  CHECK(parts.size() == calendar.week.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    calendar.week[i] = std::nullopt;
    if (parts[i] == "-") continue;
    const auto opens = minute_from(parts[i].substr(0, 5));
    const auto closes = minute_from(parts[i].substr(6));
    CHECK(opens && closes);
    calendar.week[i] = Opening{*opens, *closes};
  }
}

/// The first six columns of both selects.
Version read_version(const db::Row& row) {
  Version v;
  v.version = row.integer(0);
  read_week(row.text(1), v.calendar);
  v.calendar.holidays = holidays_from(row.text(2)).value_or(Holidays::none);
  v.reason = row.string(3);
  v.changed_by = row.id<UserId>(4);
  v.changed_at = row.instant(5);
  return v;
}

SpecialDay read_day(const db::Row& row, int first) {
  SpecialDay day{row.date(first), row.string(first + 1), std::nullopt};
  if (!row.is_null(first + 2))
    day.opening = Opening{static_cast<int>(row.integer(first + 2)), static_cast<int>(row.integer(first + 3))};
  return day;
}

}  // namespace

Version find(db::Tx& tx, OrganizationId organization, SiteId site) {
  Version found;
  tx.each(sql::kFindCalendar, {organization, site}, [&](const db::Row& row) {
    if (found.version == 0) found = read_version(row);
    if (!row.is_null(6)) found.calendar.special_days.push_back(read_day(row, 6));
  });
  return found;
}

Calendar load(db::Tx& tx, OrganizationId organization, SiteId site, std::string zone) {
  Calendar calendar = find(tx, organization, site).calendar;
  calendar.zone = std::move(zone);
  return calendar;
}

std::vector<Version> list_versions(db::Tx& tx, OrganizationId organization, SiteId site, std::int64_t before, int limit) {
  const std::int64_t below = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  auto versions = tx.all(sql::kListVersions, {organization, site, below, limit}, read_version);
  for (auto& v : versions)
    v.calendar.special_days =
        tx.all(sql::kListSpecialDays, {organization, site, v.version}, [](const db::Row& row) { return read_day(row, 0); });
  return versions;
}

bool insert(db::Tx& tx, OrganizationId organization, SiteId site, const Version& v) {
  CHECK(v.changed_by && v.changed_at);
  if (tx.run(sql::kInsertCalendar, {organization, site, v.version, week_text(v.calendar), name(v.calendar.holidays), v.reason,
                                    *v.changed_by, *v.changed_at}) == 0)
    return false;
  for (const auto& day : v.calendar.special_days) {
    std::optional<std::int64_t> opens, closes;
    if (day.opening) opens = day.opening->opens_minute, closes = day.opening->closes_minute;
    tx.run(sql::kInsertSpecialDay, {organization, site, v.version, day.date, day.name, opens, closes});
  }
  return true;
}

}  // namespace concord::calendar
