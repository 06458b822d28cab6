#include "billing/billing_store.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "billing/billing_sql.h"
#include "json/value.h"

namespace concord::billing {
namespace {

const Date kEarliest = Date::ymd(1900, 1, 1);

std::optional<int> maybe_int(const db::Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

Uuid all_bits() {
  Uuid id;
  id.bytes.fill(0xff);
  return id;
}

/// Reads the facts of one book: everybody of a site or organization, or one patient.
class Loader {
 public:
  Loader(db::Tx& tx, OrganizationId organization, Month month, const Rules& rules)
      : tx_(tx), organization_(organization), month_(month), rules_(rules) {}

  void one(PatientId patient) { from_ = until_ = patient.uuid; }

  void patients(std::optional<SiteId> site) {
    tx_.each(sql::kFactsPatients, {organization_, from_, until_, site},
             [&](const db::Row& row) { book_.patient(row.uuid(0)).site = row.id<SiteId>(1); });
  }

  /// `site`: whose closed months end the looking back; nullopt looks back to the first entry.
  void courses(std::optional<SiteId> site) {
    book_.open_from = Month::of(kEarliest);
    if (!site) return;
    const auto closed = closed_through(tx_, organization_, *site, month_.first);
    if (!closed) return;
    book_.open_from = closed->next();
    tx_.each(sql::kFactsCourses, {organization_, *site, closed->first, from_, until_}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->course = {row.maybe_date(1), row.maybe_date(2), row.maybe_date(3)};
    });
  }

  void closed_at(std::optional<Instant> at) { closed_at_ = at; }

  void entry(const db::Row& row) {
    Entry e;
    e.patient = row.uuid(0);
    e.date = row.date(1);
    e.id = row.uuid(2);
    e.staff = book_.staff_number(row.is_null(3) ? std::nullopt : std::optional(row.uuid(3)), row.text(4));
    e.minutes = static_cast<int>(row.integer(5));
    e.start = static_cast<int>(row.maybe_integer(7).value_or(-1));
    e.separately_billed = row.boolean(8);
    e.activity = reason(row.text(9), row.text(6));
    if (closed_at_ && month_.holds(e.date))
      if (const auto entered = row.maybe_instant(10)) e.late = *entered > *closed_at_;
    book_.add(e);
  }

  void entries_of_everybody() {
    tx_.each(sql::kFactsEntries, {organization_, first_day(), month_.last()}, [&](const db::Row& row) { entry(row); });
  }

  void entries_of(PatientId patient) {
    struct Where {
      Date day;
      std::optional<Uuid> staff;
      std::string name;
    };
    std::vector<Where> where;
    tx_.each(sql::kFactsEntriesOfPatient, {organization_, patient, first_day(), month_.last()}, [&](const db::Row& row) {
      entry(row);
      if (book_.entries.back().start < 0) return;
      where.push_back({row.date(1), row.is_null(3) ? std::nullopt : std::optional(row.uuid(3)), row.string(4)});
    });
    // Others' minutes of the same staff member, on the days that matter.
    std::set<std::pair<std::string, Date>> asked;
    std::set<Uuid> seen;
    const auto other = [&](const db::Row& row) {
      if (row.uuid(0) != patient.uuid && seen.insert(row.uuid(2)).second) entry(row);
    };
    for (const auto& w : where) {
      if (!asked.emplace(w.staff ? w.staff->text() : w.name, w.day).second) continue;
      if (w.staff) tx_.each(sql::kFactsEntriesOfStaff, {organization_, *w.staff, w.day.plus_days(-1), w.day}, other);
      else if (!w.name.empty()) tx_.each(sql::kFactsEntriesOfName, {organization_, w.name, w.day.plus_days(-1), w.day}, other);
    }
  }

  void facts() {
    const Date last = month_.last();
    const Date earliest_service = book_.open_from.first;
    what_counts();
    rest(last, earliest_service);
  }

  void only_this_month() { book_.open_from = month_; }

  void what_counts() {
    tx_.each(sql::kFactsConsents, {organization_, from_, until_}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->consents.push_back({row.date(1), row.maybe_date(2)});
    });
    tx_.each(sql::kFactsStays, {organization_, from_, until_}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->stays.push_back(stay(row.date(1), maybe_int(row, 2), row.maybe_date(3), maybe_int(row, 4)));
    });
  }

  void rest(Date last, Date earliest_service) {
    tx_.each(sql::kFactsEpisodes, {organization_, from_, until_, last}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->episodes.push_back({row.date(1), row.maybe_date(2), row.maybe_string(3).value_or("")});
    });
    tx_.each(sql::kFactsVisits, {organization_, from_, until_, last}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->visits.push_back(row.date(1));
    });
    tx_.each(sql::kFactsPracticeVisits, {organization_, from_, until_, last}, [&](const db::Row& row) {
      auto* p = known(row);
      if (!p) return;
      for (const auto code : split(row.text(2), ' ')) add_visit_code(*p, row.date(1), code, rules_, earliest_service);
    });
    tx_.each(sql::kFactsServices, {organization_, from_, until_, earliest_service, last}, [&](const db::Row& row) {
      if (auto* p = known(row)) p->services.push_back({row.date(1), row.string(2), row.string(3)});
    });
    tx_.each(sql::kFactsReviews, {organization_, from_, until_, last.plus_days(1 - rules_.numbers.review_within_days), last},
             [&](const db::Row& row) {
               if (auto* p = known(row)) p->reviews.push_back(row.date(1));
             });
    tx_.each(sql::kFactsCoverage, {organization_, from_, until_, last}, [&](const db::Row& row) {
      if (auto* p = known(row))
        p->coverage.push_back({row.date(1), row.maybe_date(2), row.string(3), row.maybe_string(4).value_or("")});
    });
    tx_.each(sql::kFactsChoices, {organization_, from_, until_, earliest_service, last}, [&](const db::Row& row) {
      if (auto* p = known(row))
        if (const auto family = parse_family(row.text(2))) p->choices.emplace_back(Month{row.date(1)}, *family);
    });
  }

  Book take() { return std::move(book_); }

 private:
  Date first_day() const { return book_.open_from.first.plus_days(-1); }

  /// Most tables lie in the order of patients: the one after the last is tried before the index.
  PatientFacts* known(const db::Row& row) {
    const Uuid id = row.uuid(0);
    auto& all = book_.patients;
    for (std::size_t i = last_; i < all.size() && i < last_ + 3; ++i)
      if (all[i].patient == id) return &all[last_ = i];
    const auto found = book_.index.find(id);
    if (found < 0) return nullptr;
    return &all[last_ = static_cast<std::size_t>(found)];
  }

  /// There are few roles and activities: each pair is looked up once.
  Reason reason(std::string_view role, std::string_view activity) {
    for (const auto& known : reasons_)
      if (known.role == role && known.activity == activity) return known.reason;
    reasons_.push_back({std::string(role), std::string(activity), reason_of(rules_, role, activity)});
    return reasons_.back().reason;
  }

  struct Known {
    std::string role, activity;
    Reason reason;
  };

  db::Tx& tx_;
  const OrganizationId organization_;
  const Month month_;
  const Rules& rules_;
  Uuid from_{}, until_ = all_bits();
  std::optional<Instant> closed_at_;
  std::vector<Known> reasons_;
  std::size_t last_ = 0;
  Book book_;
};

TimeEntry read_entry(const db::Row& row) {
  TimeEntry t;
  t.patient = row.id<PatientId>(0);
  t.date = row.date(1);
  t.id = row.id<TimeEntryId>(2);
  t.staff = row.maybe_id<UserId>(3);
  t.staff_name = row.string(4);
  t.minutes = static_cast<int>(row.integer(5));
  t.activity = row.string(6);
  t.start_minute = maybe_int(row, 7);
  t.separately_billed = row.boolean(8);
  t.contact = row.maybe_id<contacts::ContactId>(9);
  t.staff_role = row.string(10);
  t.note = row.string(11);
  t.source = row.string(12);
  t.entered_by = row.maybe_id<UserId>(13);
  t.entered_at = row.maybe_instant(14);
  t.ended_at = row.maybe_instant(15);
  t.ended_by = row.maybe_id<UserId>(16);
  t.end_reason = row.string(17);
  t.replaced_by = row.maybe_id<TimeEntryId>(18);
  return t;
}

Charge read_charge(const db::Row& row) {
  Charge c;
  c.id = row.uuid(0);
  c.site = row.id<SiteId>(1);
  c.month = {row.date(2)};
  c.patient = row.id<PatientId>(3);
  c.reference = row.string(4);
  c.service_date = row.date(5);
  c.code = row.string(6);
  c.units = static_cast<int>(row.integer(7));
  c.minutes_counted = static_cast<int>(row.integer(8));
  c.payer_category = row.string(9);
  c.plan_name = row.string(10);
  c.practitioner = row.string(11);
  c.confirm = parse_confirm(row.text(12)).value_or(Confirm::none);
  c.missing = row.string(13);
  c.state = row.string(14);
  c.decided_by = row.maybe_id<UserId>(15);
  c.decided_at = row.maybe_instant(16);
  c.decision_reason = row.string(17);
  if (!row.is_null(18)) c.export_id = row.uuid(18);
  if (!row.is_null(19)) c.credit_export_id = row.uuid(19);
  c.version = row.integer(20);
  return c;
}

Export read_export(const db::Row& row, bool with_files) {
  Export e;
  e.id = row.uuid(0);
  e.site = row.id<SiteId>(1);
  e.month = {row.date(2)};
  e.reference = row.string(3);
  e.at = row.instant(4);
  e.by = row.id<UserId>(5);
  e.charges = static_cast<int>(row.integer(6));
  e.credits = static_cast<int>(row.integer(7));
  if (with_files) e.csv = row.string(8), e.dft = row.string(9);
  return e;
}

}  // namespace

Book load_site(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const Rules& rules) {
  Loader load(tx, organization, month, rules);
  load.patients(site);
  load.courses(site);
  load.closed_at(month_state(tx, organization, site, month).closed_at);
  load.entries_of_everybody();
  load.facts();
  return load.take();
}

Book load_organization(db::Tx& tx, OrganizationId organization, Month month, const Rules& rules) {
  Loader load(tx, organization, month, rules);
  load.patients(std::nullopt);
  load.courses(std::nullopt);
  load.entries_of_everybody();
  load.facts();
  return load.take();
}

Book load_patient(db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site, Month month, const Rules& rules) {
  Loader load(tx, organization, month, rules);
  load.one(patient);
  load.patients(site);
  load.courses(site);
  load.closed_at(month_state(tx, organization, site, month).closed_at);
  load.entries_of(patient);
  load.facts();
  return load.take();
}

Book load_minutes(db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site, Month month, const Rules& rules) {
  Loader load(tx, organization, month, rules);
  load.one(patient);
  load.patients(site);
  load.only_this_month();
  load.closed_at(month_state(tx, organization, site, month).closed_at);
  load.entries_of(patient);
  load.what_counts();
  return load.take();
}

std::vector<TimeEntry> list_entries(db::Tx& tx, OrganizationId organization, PatientId patient, Date first, Date last) {
  return tx.all(sql::kListEntries, {organization, patient, first, last}, read_entry);
}

std::optional<TimeEntry> find_entry(db::Tx& tx, OrganizationId organization, PatientId patient, TimeEntryId entry) {
  return tx.one(sql::kFindEntry, {organization, patient, entry}, read_entry);
}

void insert(db::Tx& tx, OrganizationId organization, const TimeEntry& t) {
  tx.run(sql::kInsertEntry, {organization, t.patient, t.date, t.id, t.staff, t.staff_name, t.minutes, t.activity, t.start_minute,
                             t.separately_billed, t.contact, t.staff_role, t.note, t.source, t.entered_by, t.entered_at});
}

bool end_entry(db::Tx& tx, OrganizationId organization, const TimeEntry& t, Instant at, UserId by, std::string_view reason,
               std::optional<TimeEntryId> replaced_by) {
  return tx.run(sql::kEndEntry, {organization, t.patient, t.date, t.id, at, by, reason, replaced_by}) > 0;
}

std::vector<TimeEntry> overlaps(db::Tx& tx, OrganizationId organization, UserId staff, Date day, int start, int minutes,
                                std::optional<TimeEntryId> except) {
  std::vector<TimeEntry> found;
  tx.each(sql::kFactsEntriesOfStaff, {organization, staff, day.plus_days(-1), day.plus_days(1)}, [&](const db::Row& row) {
    const auto start_minute = maybe_int(row, 7);
    if (!start_minute) return;
    TimeEntry t;
    t.id = row.id<TimeEntryId>(2);
    if (except && t.id == *except) return;
    t.patient = row.id<PatientId>(0);
    t.date = row.date(1);
    t.minutes = static_cast<int>(row.integer(5));
    t.start_minute = start_minute;
    const int begins = (t.date - day) * 24 * 60 + *start_minute;
    if (begins < start + minutes && begins + t.minutes > start) found.push_back(std::move(t));
  });
  std::sort(found.begin(), found.end(), [](const TimeEntry& a, const TimeEntry& b) {
    return std::tuple(a.date, *a.start_minute, a.id) < std::tuple(b.date, *b.start_minute, b.id);
  });
  return found;
}

std::optional<Timer> find_timer(db::Tx& tx, OrganizationId organization, UserId user) {
  return tx.one(sql::kFindTimer, {organization, user},
                [](const db::Row& row) { return Timer{row.id<PatientId>(0), row.string(1), row.string(2), row.instant(3)}; });
}

bool start_timer(db::Tx& tx, OrganizationId organization, UserId user, const Timer& t) {
  return tx.run(sql::kInsertTimer, {organization, user, t.patient, t.activity, t.note, t.started_at}) > 0;
}

void delete_timer(db::Tx& tx, OrganizationId organization, UserId user) { tx.run(sql::kDeleteTimer, {organization, user}); }

std::vector<Visit> list_visits(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListVisits, {organization, patient}, [](const db::Row& row) {
    return Visit{row.uuid(0), row.date(1), row.string(2), row.string(3), row.string(4), row.id<UserId>(5), row.instant(6)};
  });
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Visit& v) {
  tx.run(sql::kInsertVisit,
         {organization, patient, v.date, v.id, v.code, v.practitioner, v.source, v.recorded_by, v.recorded_at});
}

bool remove_visit(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& visit, Instant at) {
  return tx.run(sql::kRemoveVisit, {organization, patient, visit, at}) > 0;
}

std::vector<Service> list_services(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListServices, {organization, patient}, [](const db::Row& row) {
    return Service{row.uuid(0), row.date(1), row.string(2), row.string(3), row.id<UserId>(4), row.instant(5)};
  });
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Service& s) {
  tx.run(sql::kInsertService, {organization, patient, s.date, s.id, s.code, s.practitioner, s.recorded_by, s.recorded_at});
}

bool remove_service(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& service, Instant at) {
  return tx.run(sql::kRemoveService, {organization, patient, service, at}) > 0;
}

std::vector<Stay> list_stays(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListStays, {organization, patient}, [](const db::Row& row) {
    return Stay{row.uuid(0), row.string(1), row.date(2), maybe_int(row, 3), row.maybe_date(4), maybe_int(row, 5), row.integer(6)};
  });
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Stay& s, UserId by, Instant at) {
  tx.run(sql::kInsertStay,
         {organization, patient, s.admit_date, s.id, s.kind, s.admit_minute, s.discharge_date, s.discharge_minute, by, at});
}

bool discharge(db::Tx& tx, OrganizationId organization, PatientId patient, const Stay& before, Date on,
               std::optional<int> minute) {
  return tx.run(sql::kDischarge, {organization, patient, before.id, before.version, on, minute}) > 0;
}

bool remove_stay(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& stay_id, Instant at) {
  return tx.run(sql::kRemoveStay, {organization, patient, stay_id, at}) > 0;
}

void set_choice(db::Tx& tx, OrganizationId organization, PatientId patient, Month month, Family family, std::string_view reason,
                UserId by, Instant at) {
  tx.run(sql::kSetChoice, {organization, patient, month.first, name(family), reason, by, at});
}

std::vector<PayerSetting> list_settings(db::Tx& tx, OrganizationId organization, const Rules& rules) {
  return tx.all(sql::kListSettings, {organization}, [&](const db::Row& row) {
    PayerSetting s;
    s.payer_category = row.string(0);
    s.plan_name = row.string(1);
    s.version = row.integer(2);
    s.valid_from = row.date(3);
    s.terms = rules.default_terms();
    const auto document = json::Document::parse(row.text(4));
    CHECK(document.has_value());
    json::Issues issues;
    read_terms(json::Cursor(document->root(), issues), s.terms);
    CHECK(issues.empty());
    s.reason = row.string(5);
    s.changed_by = row.id<UserId>(6);
    s.changed_at = row.instant(7);
    return s;
  });
}

void insert(db::Tx& tx, OrganizationId organization, const PayerSetting& s, const Rules& rules) {
  std::string settings;
  json::Writer w(settings);
  write_terms(w, s.terms, rules.default_terms());
  tx.run(sql::kInsertSetting,
         {organization, s.payer_category, s.plan_name, s.version, s.valid_from, settings, s.reason, s.changed_by, s.changed_at});
}

MonthState month_state(db::Tx& tx, OrganizationId organization, SiteId site, Month month) {
  return tx
      .one(sql::kFindMonth, {organization, site, month.first},
           [](const db::Row& row) { return MonthState{row.maybe_instant(0), row.maybe_id<UserId>(1)}; })
      .value_or(MonthState{});
}

std::optional<Month> closed_through(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<Date> before) {
  std::optional<Month> month;
  tx.each(sql::kClosedBefore, {organization, site, before}, [&](const db::Row& row) {
    if (const auto first = row.maybe_date(0)) month = Month{*first};
  });
  return month;
}

void set_month(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const MonthState& state) {
  tx.run(sql::kSetMonth, {organization, site, month.first, state.closed_at, state.closed_by});
}

void insert(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const Event& e) {
  tx.run(sql::kInsertEvent, {organization, site, month.first, e.id, e.at, e.by, e.kind, e.reason, e.detail});
}

std::vector<Event> list_events(db::Tx& tx, OrganizationId organization, SiteId site, Month month) {
  return tx.all(sql::kListEvents, {organization, site, month.first}, [](const db::Row& row) {
    return Event{{}, row.instant(0), row.id<UserId>(1), row.string(2), row.string(3), row.string(4)};
  });
}

void store_courses(db::Tx& tx, OrganizationId organization, SiteId site, Month month,
                   std::span<const std::pair<Uuid, Course>> courses) {
  tx.run(sql::kDeleteCourses, {organization, site, month.first});
  static constexpr std::string_view kColumns[] = {"organization_id",    "site_id",           "month_start",  "patient_id",
                                                  "first_service_date", "last_service_date", "initial_month"};
  std::size_t next = 0;
  tx.load("billing_course", kColumns, [&](std::vector<db::Param>& values) {
    while (next < courses.size() && !courses[next].second.last_service) ++next;
    if (next == courses.size()) return false;
    const auto& [patient, course] = courses[next++];
    values.assign({organization, site, month.first, patient, course.first_service, course.last_service, course.initial_month});
    return true;
  });
}

void forget_initial(db::Tx& tx, OrganizationId organization, SiteId site, Month month, PatientId patient) {
  tx.run(sql::kForgetInitial, {organization, site, month.first, patient});
}

std::vector<Charge> list_charges(db::Tx& tx, OrganizationId organization, SiteId site, Month month) {
  return tx.all(sql::kListCharges, {organization, site, month.first}, read_charge);
}

std::optional<Charge> find_charge(db::Tx& tx, OrganizationId organization, const Uuid& charge) {
  return tx.one(sql::kFindCharge, {organization, charge}, read_charge);
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Charge> charges, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id", "charge_id",      "site_id",
                                                  "month_start",     "patient_id",     "reference",
                                                  "service_date",    "code",           "units",
                                                  "minutes_counted", "payer_category", "plan_name",
                                                  "practitioner",    "confirm",        "missing",
                                                  "state",           "decided_by",     "decided_at",
                                                  "decision_reason", "export_id",      "credit_export_id",
                                                  "made_at",         "version"};
  std::size_t next = 0;
  tx.load("charge", kColumns, [&](std::vector<db::Param>& values) {
    if (next == charges.size()) return false;
    const Charge& c = charges[next++];
    values.assign({organization,
                   c.id,
                   c.site,
                   c.month.first,
                   c.patient,
                   c.reference,
                   c.service_date,
                   c.code,
                   c.units,
                   c.minutes_counted,
                   c.payer_category,
                   c.plan_name,
                   c.practitioner,
                   c.confirm == Confirm::none ? std::string_view() : name(c.confirm),
                   c.missing,
                   c.state,
                   c.decided_by,
                   c.decided_at,
                   c.decision_reason,
                   c.export_id,
                   c.credit_export_id,
                   now,
                   c.version});
    return true;
  });
}

bool set_state(db::Tx& tx, OrganizationId organization, const Charge& c) {
  return tx.run(sql::kSetCharge, {organization, c.id, c.version, c.state, c.decided_by, c.decided_at, c.decision_reason,
                                  c.export_id, c.credit_export_id}) > 0;
}

void refresh(db::Tx& tx, OrganizationId organization, const Charge& c) {
  tx.run(sql::kRefreshCharge,
         {organization, c.id, c.service_date, c.minutes_counted, c.payer_category, c.plan_name, c.practitioner,
          c.confirm == Confirm::none ? std::string_view() : name(c.confirm), c.missing, c.state});
}

void insert(db::Tx& tx, OrganizationId organization, const Export& e) {
  tx.run(sql::kInsertExport,
         {organization, e.id, e.site, e.month.first, e.reference, e.at, e.by, e.charges, e.credits, e.csv, e.dft});
}

std::vector<Export> list_exports(db::Tx& tx, OrganizationId organization, SiteId site, Month month) {
  return tx.all(sql::kListExports, {organization, site, month.first}, [](const db::Row& row) { return read_export(row, false); });
}

std::optional<Export> find_export(db::Tx& tx, OrganizationId organization, const Uuid& id) {
  return tx.one(sql::kFindExport, {organization, id}, [](const db::Row& row) { return read_export(row, true); });
}

std::optional<Billed> find_billed(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto found = tx.one(sql::kPatientNames, {organization, patient}, [](const db::Row& row) {
    Billed b;
    b.given_name = row.string(0);
    b.family_name = row.string(1);
    b.birth_date = row.maybe_date(2);
    b.sex = row.maybe_string(3).value_or("");
    b.postal_code = row.maybe_string(4).value_or("");
    return b;
  });
  if (found)
    found->identifiers = tx.all(sql::kPatientIdentifiers, {organization, patient},
                                [](const db::Row& row) { return patients::Identifier{row.string(0), row.string(1)}; });
  return found;
}

}  // namespace concord::billing
