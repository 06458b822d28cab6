#include "surveys/surveys_store.h"

#include "surveys/surveys_sql.h"

namespace concord::surveys {
namespace {

Permission read_permission(const db::Row& row) {
  Permission p;
  p.site = row.id<SiteId>(0);
  p.survey = row.string(1);
  p.valid_from = row.date(2);
  p.permitted_by = row.string(3);
  p.reference = row.string(4);
  p.words = decode_words(row.text(5));
  p.recorded_by = row.id<UserId>(6);
  p.recorded_at = row.instant(7);
  return p;
}

Answer read_answer(const db::Row& row) {
  Answer a;
  a.patient = row.id<PatientId>(0);
  a.id = row.id<AnswerId>(1);
  a.episode = row.uuid(2);
  a.site = row.id<SiteId>(3);
  a.survey = row.string(4);
  a.version = row.string(5);
  a.point = row.string(6);
  a.on = row.date(7);
  a.at = row.instant(8);
  a.language = row.string(9);
  a.declined = row.boolean(10);
  a.values = decode_values(row.text(11));
  a.labels = row.string(12);
  a.by = row.id<UserId>(13);
  return a;
}

}  // namespace

bool insert(db::Tx& tx, OrganizationId organization, const Permission& p) {
  const std::string words = encode(p.words);
  return tx.run(sql::kInsertPermission, {organization, p.site, p.survey, p.valid_from, p.permitted_by, p.reference, words,
                                         p.recorded_by, p.recorded_at}) > 0;
}

std::vector<Permission> list_permissions(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kListPermissions, {organization}, read_permission);
}

std::optional<Permission> permission_on(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view survey, Date day) {
  return tx.one(sql::kPermissionOn, {organization, site, survey, day}, read_permission);
}

std::vector<Answer> list_answers(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListAnswers, {organization, patient}, read_answer);
}

bool insert(db::Tx& tx, OrganizationId organization, const Answer& a) {
  const std::string values = encode(a.values);
  return tx.run(sql::kInsertAnswer, {organization, a.patient, a.id, a.episode, a.site, a.survey, a.version, a.point, a.on, a.at,
                                     a.language, a.declined, values, a.labels, a.by}) > 0;
}

std::vector<Answer> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view survey, Date from,
                                 Date to) {
  return tx.all(sql::kListOfSite, {organization, site, survey, from, to}, read_answer);
}

}  // namespace concord::surveys
