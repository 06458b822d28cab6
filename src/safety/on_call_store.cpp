#include "safety/on_call_store.h"

#include "base/check.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "safety/safety_sql.h"

namespace concord::safety {
namespace {

Shift read_shift(const db::Row& row) {
  Shift s;
  s.site = row.id<SiteId>(0);
  s.id = row.id<ShiftId>(1);
  s.rung = row.string(2);
  s.place = static_cast<int>(row.integer(3));
  s.user = row.id<UserId>(4);
  s.from = row.date(5);
  s.to = row.maybe_date(6);
  s.weekdays = static_cast<int>(row.integer(7));
  s.starts_minute = static_cast<int>(row.integer(8));
  s.ends_minute = static_cast<int>(row.integer(9));
  s.made_by = row.id<UserId>(10);
  s.made_at = row.instant(11);
  s.removed_by = row.maybe_id<UserId>(12);
  s.removed_at = row.maybe_instant(13);
  return s;
}

std::string encode(const std::vector<Number>& numbers) {
  std::string out;
  json::Writer w(out);
  w.array();
  for (const auto& n : numbers) w.object().field("label", n.label).field("number", n.number).end();
  w.end();
  return out;
}

std::vector<Number> decode_numbers(std::string_view stored) {
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());  // only encode writes it
  std::vector<Number> numbers;
  json::Issues issues;
  json::Cursor(document->root(), issues).each([&](const json::Cursor& c) {
    numbers.push_back({c.required("label").string().value_or(""), c.required("number").string().value_or("")});
  });
  return numbers;
}

}  // namespace

void insert(db::Tx& tx, OrganizationId organization, const Shift& s) {
  tx.run(sql::kInsertShift, {organization, s.site, s.id, s.rung, s.place, s.user, s.from, s.to, s.weekdays, s.starts_minute,
                             s.ends_minute, s.made_by, s.made_at, s.removed_by, s.removed_at});
}

std::vector<Shift> list_shifts(db::Tx& tx, OrganizationId organization, SiteId site, Date day) {
  return tx.all(sql::kListShifts, {organization, site, day.plus_days(-1)}, read_shift);
}

std::optional<Shift> find_shift(db::Tx& tx, OrganizationId organization, ShiftId shift) {
  return tx.one(sql::kFindShift, {organization, shift}, read_shift);
}

bool remove_shift(db::Tx& tx, OrganizationId organization, const Shift& s, UserId by, Instant now) {
  return tx.run(sql::kRemoveShift, {organization, s.site, s.id, by, now}) > 0;
}

OnCallSettings find_settings(db::Tx& tx, OrganizationId organization, SiteId site) {
  return tx
      .one(sql::kFindSettings, {organization, site},
           [](const db::Row& row) {
             OnCallSettings s;
             if (const auto minutes = row.maybe_integer(0)) s.escalate_after_minutes = static_cast<int>(*minutes);
             s.outside_text_en = row.maybe_string(1);
             s.outside_text_es = row.maybe_string(2);
             s.numbers = decode_numbers(row.text(3));
             s.version = row.integer(4);
             return s;
           })
      .value_or(OnCallSettings{});
}

bool save_settings(db::Tx& tx, OrganizationId organization, SiteId site, const OnCallSettings& s) {
  const std::string numbers = encode(s.numbers);
  if (s.version == 0)
    return tx.run(sql::kInsertSettings,
                  {organization, site, s.escalate_after_minutes, s.outside_text_en, s.outside_text_es, numbers}) == 1;
  return tx.run(sql::kUpdateSettings,
                {organization, site, s.version, s.escalate_after_minutes, s.outside_text_en, s.outside_text_es, numbers}) == 1;
}

}  // namespace concord::safety
