#include "app/billing_from_csv.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "exchange/csv_folder.h"

namespace concord::app {
Result<CsvBook> book_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                              const billing::Rules& rules) {
  CONCORD_TRY(const auto read, exchange::read_faultless_folder(folder, instruments));
  const auto& rows = read.rows;
  const auto has = [&](std::string_view file) {
    return std::find(rows.files.begin(), rows.files.end(), file) != rows.files.end();
  };
  CsvBook out;
  out.notes = read.notes;
  out.book.open_from = billing::Month{Date::ymd(1900, 1, 1)};
  for (const auto& p : rows.patients) {
    auto& facts = out.book.patient(p.row.id.uuid);
    facts.site = p.row.site;
    out.ids.emplace(p.row.id.uuid, p.key);
  }
  for (const auto& c : rows.consents)
    if (c.row.kind == "collaborative_care")
      out.book.patient(c.row.patient.uuid).consents.push_back({c.row.given_date, c.row.withdrawn_date});
  for (const auto& e : rows.episodes)
    if (e.row.enrolled_date)
      out.book.patient(e.row.patient.uuid)
          .episodes.push_back({*e.row.enrolled_date, e.row.closed_date, e.row.billing_practitioner.value_or("")});
  for (const auto& r : rows.reviews)
    if (r.row.recommendation_documented) out.book.patient(r.row.patient.uuid).reviews.push_back(r.row.date);
  for (const auto& c : rows.coverage)
    out.book.patient(c.row.patient.uuid)
        .coverage.push_back({c.row.start_date, c.row.end_date, c.row.payer_category, c.row.plan_name.value_or("")});
  for (const auto& v : rows.visits) {
    auto& facts = out.book.patient(v.row.patient.uuid);
    for (const auto code : split(v.row.billing_codes, ' '))
      billing::add_visit_code(facts, v.row.date, code, rules, out.book.open_from.first);
  }

  std::set<std::string> not_known;
  const auto add = [&](const Uuid& id, const std::string& key, const Uuid& patient, std::string_view staff, std::string_view role,
                       Date date, std::optional<int> start, int minutes, std::string_view activity, bool separately_billed,
                       std::uint32_t line) {
    if (!rules.knows_activity(activity)) not_known.emplace(activity);
    billing::Entry e;
    e.id = id;
    e.patient = patient;
    e.staff = out.book.staff_number(std::nullopt, staff);
    e.date = date;
    e.start = start.value_or(-1);
    e.minutes = minutes;
    e.activity = billing::reason_of(rules, role, activity);
    e.separately_billed = separately_billed;
    e.order = line;
    out.book.add(e);
    out.ids.emplace(id, key);
  };
  for (const auto& t : rows.time_entries) {
    add(t.row.id.uuid, t.key, t.row.patient.uuid, t.row.staff_name, t.row.staff_role, t.row.date, t.row.start_minute,
        t.row.minutes, t.row.activity, t.row.separately_billed, t.place.line);
  }
  if (!has("time_entry.csv")) {
    out.notes.emplace_back("time_entry.csv is not in the folder: the minutes of contact.csv were taken");
    for (const auto& c : rows.contacts)
      if (c.row.minutes.value_or(0) > 0)
        add(c.row.id.uuid, c.key, c.row.patient.uuid, "", c.row.staff_role, c.row.date, std::nullopt, *c.row.minutes, c.row.kind,
            false, c.place.line);
  }
  if (!has("consent.csv")) out.notes.emplace_back("consent.csv is not in the folder: without consent no minute counts");
  for (const auto& activity : not_known)
    out.notes.push_back("the activity \"" + activity + "\" is not known and counts as the care manager's work");
  return out;
}

}  // namespace concord::app
