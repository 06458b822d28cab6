#include "feedback/feedback_store.h"

#include "feedback/feedback_sql.h"

namespace concord::feedback {
namespace {

Feedback read(const db::Row& row) {
  Feedback f;
  f.id = row.id<FeedbackId>(0);
  f.patient = row.id<PatientId>(1);
  f.site = row.id<SiteId>(2);
  f.at = row.instant(3);
  f.topic = row.string(4);
  f.words = row.string(5);
  f.language = row.string(6);
  f.anonymous = row.boolean(7);
  f.state = row.string(8);
  f.answer = row.maybe_string(9);
  f.answered_by = row.maybe_id<UserId>(10);
  f.answered_at = row.maybe_instant(11);
  f.closed_by = row.maybe_id<UserId>(12);
  f.closed_at = row.maybe_instant(13);
  f.labels = row.string(14);
  f.version = row.integer(15);
  return f;
}

}  // namespace

void insert(db::Tx& tx, OrganizationId organization, const Feedback& f) {
  tx.run(sql::kInsertFeedback,
         {organization, f.id, f.patient, f.site, f.at, f.topic, f.words, f.language, f.anonymous, f.state, f.labels, f.version});
}

std::vector<Feedback> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListOfPatient, {organization, patient}, read);
}

std::vector<Feedback> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, const std::optional<std::string>& state,
                                   const std::optional<std::pair<Instant, FeedbackId>>& before, int limit) {
  Uuid highest;
  highest.bytes.fill(0xFF);
  const auto from =
      before.value_or(std::pair(Instant(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)), FeedbackId(highest)));
  return tx.all(sql::kListOfSite, {organization, site, from.first, from.second, state, limit}, read);
}

std::int64_t count_new(db::Tx& tx, OrganizationId organization, SiteId site) {
  return tx.one(sql::kCountNew, {organization, site}, [](const db::Row& row) { return row.integer(0); }).value_or(0);
}

std::optional<Feedback> find(db::Tx& tx, OrganizationId organization, FeedbackId feedback) {
  return tx.one(sql::kFindFeedback, {organization, feedback}, read);
}

bool update(db::Tx& tx, OrganizationId organization, const Feedback& f) {
  return tx.run(sql::kUpdateFeedback,
                {organization, f.id, f.version, f.state, f.answer, f.answered_by, f.answered_at, f.closed_by, f.closed_at}) > 0;
}

}  // namespace concord::feedback
