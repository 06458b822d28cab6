#include "measures/published_store.h"

#include "base/check.h"
#include "base/zone.h"
#include "measures/measures_sql.h"

namespace concord::measures {
namespace {

constexpr std::string_view kEpisodes = "episode", kScreening = "screening";

Publication read_publication(const db::Row& row) {
  Publication p;
  p.month.first = row.date(0);
  p.number = row.integer(1);
  p.rule_set_version = row.string(2);
  p.as_of = row.instant(3);
  p.published_at = row.instant(4);
  p.by = row.maybe_id<UserId>(5);
  p.role = row.string(6);
  p.reason = row.string(7);
  p.digest = row.string(8);
  p.figures = row.string(9);
  return p;
}

Uuid uuid_of(const std::string& text) {
  const auto id = Uuid::parse(text);
  CHECK(id.has_value());  // snapshots hold Concord's ids
  return *id;
}

}  // namespace

std::vector<Publication> list_publications(db::Tx& tx, OrganizationId organization, std::string_view rule_set,
                                           ReportMonth month) {
  return tx.all(sql::kListPublications, {organization, rule_set, month.first}, read_publication);
}

std::vector<Publication> list_publications(db::Tx& tx, OrganizationId organization, std::string_view rule_set) {
  return tx.all(sql::kListPublishedMonths, {organization, rule_set}, read_publication);
}

std::optional<Snapshot> find_snapshot(db::Tx& tx, OrganizationId organization, std::string_view rule_set, ReportMonth month,
                                      std::int64_t number) {
  auto snapshot = tx.one(sql::kFindPublication, {organization, rule_set, month.first, number}, [&](const db::Row& row) {
    Snapshot s;
    s.rule_set = std::string(rule_set);
    s.rule_set_version = row.string(0);
    s.month = month;
    s.figures = row.string(1);
    return s;
  });
  if (!snapshot) return snapshot;
  tx.each(sql::kListPublicationLines, {organization, rule_set, month.first, number}, [&](const db::Row& row) {
    snapshot->lines.push_back(
        {row.text(0) == kScreening, row.uuid(1).text(), row.is_null(2) ? std::string() : row.uuid(2).text(), row.string(3)});
  });
  return snapshot;
}

Result<Publication> publish(db::Tx& tx, OrganizationId organization, const Snapshot& snapshot, const Publish& asked,
                            std::string_view zone) {
  const auto before = list_publications(tx, organization, snapshot.rule_set, snapshot.month);
  if (local_date(asked.now, zone) <= snapshot.month.last())
    return fail(ErrorCode::invalid, "This month is not over: its figures can still change by themselves.",
                {{"month", "can be published from " + snapshot.month.last().plus_days(1).iso() + " on"}});
  if (local_date(asked.as_of, zone) <= snapshot.month.last())
    return fail(ErrorCode::invalid, "The month was not over then.",
                {{"as_of", "must be after " + snapshot.month.last().iso() + ", the month's last day"}});
  Publication p;
  p.month = snapshot.month;
  p.number = static_cast<std::int64_t>(before.size()) + 1;
  p.rule_set_version = snapshot.rule_set_version;
  p.as_of = asked.as_of;
  p.published_at = asked.now;
  p.by = asked.by;
  p.role = asked.role;
  p.reason = asked.reason;
  p.digest = digest_of(snapshot);
  p.figures = snapshot.figures;
  if (!before.empty()) {
    if (p.digest == before.back().digest)
      return fail(ErrorCode::conflict, "Nothing differs from publication " + std::to_string(before.back().number) +
                                           " of this month: there is nothing to restate.");
    if (asked.as_of <= before.back().as_of)
      return fail(ErrorCode::invalid, "A restatement knows more than what it corrects.",
                  {{"as_of", "must be after " + iso(before.back().as_of) + ", that of publication " +
                                 std::to_string(before.back().number)}});
    if (asked.reason.empty())
      return fail(ErrorCode::invalid, "This month was published before: say why it is restated.",
                  {{"reason", "is needed for a restatement, for example \"scores that came late\""}});
  }
  tx.run(sql::kInsertPublication, {organization, snapshot.rule_set, p.month.first, p.number, p.rule_set_version, p.as_of,
                                   p.published_at, p.by, p.role, p.reason, snapshot.figures, p.digest});
  static constexpr std::string_view kColumns[] = {"organization_id", "rule_set",   "month_start", "number", "part",
                                                  "position",        "patient_id", "episode_id",  "line"};
  std::size_t next = 0;
  std::int64_t position = 0;
  tx.load("report_publication_line", kColumns, [&](std::vector<db::Param>& values) {
    if (next == snapshot.lines.size()) return false;
    const auto& line = snapshot.lines[next];
    if (next > 0 && snapshot.lines[next - 1].is_screening != line.is_screening) position = 0;
    ++next;
    values.assign({organization, snapshot.rule_set, p.month.first, p.number, line.is_screening ? kScreening : kEpisodes,
                   position++, uuid_of(line.patient), line.episode.empty() ? std::nullopt : std::optional(uuid_of(line.episode)),
                   line.text});
    return true;
  });
  return p;
}

void write(json::Writer& w, const Publication& p, std::string_view by) {
  w.object().field("month", p.month.text()).field("number", p.number).field("kind", p.number == 1 ? "first" : "restatement");
  w.field("as_of", p.as_of).field("published_at", p.published_at).key("published_by").raw(by);
  w.field("role", p.role).field("rule_set_version", p.rule_set_version).field("digest", p.digest).field("reason", p.reason);
  w.end();
}

}  // namespace concord::measures
