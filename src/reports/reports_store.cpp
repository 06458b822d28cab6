#include "reports/reports_store.h"

#include "json/value.h"
#include "json/writer.h"
#include "reports/reports_sql.h"

namespace concord::reports {
namespace {

std::string encode(const Assumptions& values) {
  std::string out;
  json::Writer w(out);
  w.object();
  for (const auto& [id, value] : values) w.field(id, value);
  w.end();
  return out;
}

Assumptions decode(std::string_view stored) {
  Assumptions values;
  const auto document = json::Document::parse(stored);
  if (!document) return values;
  for (const auto& member : document->root().members())
    if (const auto value = member.value.real()) values[std::string(member.key)] = *value;
  return values;
}

Annotation annotation_of(const db::Row& row) {
  Annotation a;
  a.id = row.id<AnnotationId>(0);
  a.on = row.date(1);
  a.site = row.maybe_id<SiteId>(2);
  a.figure = row.maybe_string(3);
  a.words = row.string(4);
  a.created_by = row.id<UserId>(5);
  a.created_at = row.instant(6);
  a.ended_at = row.maybe_instant(7);
  a.ended_by = row.maybe_id<UserId>(8);
  a.end_reason = row.string(9);
  a.version = row.integer(10);
  return a;
}

}  // namespace

std::vector<AssumptionsVersion> assumption_versions(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kListAssumptions, {organization}, [](const db::Row& row) {
    AssumptionsVersion v;
    v.version = row.integer(0);
    v.values = decode(row.text(1));
    v.reason = row.string(2);
    v.by = row.id<UserId>(3);
    v.at = row.instant(4);
    return v;
  });
}

bool insert(db::Tx& tx, OrganizationId organization, const AssumptionsVersion& v) {
  return tx.run(sql::kInsertAssumptions, {organization, v.version, encode(v.values), v.reason, v.by, v.at}) == 1;
}

std::vector<Annotation> annotations(db::Tx& tx, OrganizationId organization, Date from, Date to) {
  return tx.all(sql::kListAnnotations, {organization, from, to}, annotation_of);
}

std::optional<Annotation> find(db::Tx& tx, OrganizationId organization, AnnotationId id) {
  return tx.one(sql::kFindAnnotation, {organization, id}, annotation_of);
}

void insert(db::Tx& tx, OrganizationId organization, const Annotation& a) {
  tx.run(sql::kInsertAnnotation, {organization, a.id, a.on, a.site, a.figure, a.words, a.created_by, a.created_at});
}

bool end(db::Tx& tx, OrganizationId organization, const Annotation& ended, std::int64_t version) {
  return tx.run(sql::kEndAnnotation, {organization, ended.id, version, ended.ended_at, ended.ended_by, ended.end_reason}) == 1;
}

}  // namespace concord::reports
