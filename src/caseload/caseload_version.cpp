#include "caseload/caseload_version.h"

#include <charconv>

#include "billing/rules.h"
#include "caseload/caseload_sql.h"

namespace concord::caseload {
namespace {

/// Counts the forms of a row: its bytes (caseload_codec.cpp) and its body (row_body).
constexpr int kForm = 4;

std::string made_with(const RuleSet& rules) {
  std::string numbers;
  for (const Parameter& p : rules.parameters) {
    char digits[32];
    numbers.append(p.id).append("=");
    numbers.append(digits, std::to_chars(digits, digits + sizeof digits, p.value).ptr).append(";");
  }
  for (const Rule rule : all_rules()) numbers.append(name(rule)).append(";");
  for (const auto& [id, pathway] : rules.pathways) numbers.append(id).append(" ").append(pathway.way.version).append(";");
  if (rules.billing) numbers.append(rules.billing->name).append(" ").append(rules.billing->version).append(";");
  const std::string_view parts[] = {numbers};
  return "form " + std::to_string(kForm) + ", " + rules.name + " " + rules.version + ", " + make_uuid_from(parts).text();
}

}  // namespace

Result<std::int64_t> bring_up_to_date(db::Database& database, std::span<const OrganizationId> organizations,
                                      const RuleSet& rules) {
  const std::string now = made_with(rules);
  struct Found {
    std::string made_with;
    bool has_rows = false;
  };
  const Found found = database.read([&](db::Tx& tx) {
    Found f;
    f.made_with = tx.one(sql::kFindVersion, {OrganizationId()}, [](const db::Row& r) { return r.string(0); }).value_or("");
    for (const OrganizationId organization : organizations)
      f.has_rows = f.has_rows || tx.one(sql::kHasRows, {organization}, [](const db::Row& r) { return r.integer(0); });
    return f;
  });
  if (found.made_with == now) return std::int64_t{0};
  std::int64_t rows = 0;
  if (found.has_rows)
    for (const OrganizationId organization : organizations) {
      CONCORD_TRY(const RebuildProgress done, rebuild(database, organization, rules));
      rows += done.rows;
    }
  CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
    tx.run(sql::kPutVersion, {OrganizationId(), now});
    return {};
  }));
  return rows;
}

}  // namespace concord::caseload
