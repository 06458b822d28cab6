#include "exchange/csv_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "base/zone.h"
#include "billing/billing_store.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "exchange/csv_folder.h"
#include "exchange/exchange_sql.h"
#include "exchange/outside_names.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "patients/conditions_store.h"
#include "patients/patients_store.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_store.h"
#include "safety/safety_store.h"
#include "treatments/treatments_store.h"

namespace concord::exchange {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPatientIdSystem = "urn:concord:csv:patient_id";

/// One file of the folder. Cells are added in the order of the columns.
class Table {
 public:
  Table(const fs::path& folder, std::string_view kind, const std::vector<std::string>& more_columns = {})
      : path_(folder / (std::string(kind) + ".csv")), file_(path_, std::ios::binary | std::ios::trunc) {
    std::error_code ignored;  // where permissions mean nothing (a FAT stick) the file is still written
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write, ignored);
    for (auto name : csv_columns(kind)) add(name);
    for (const auto& name : more_columns) add(name);
    end();
    rows_ = 0;
  }
  Table& add(std::string_view text) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += csv_cell(text);
    return *this;
  }
  Table& add(const std::string& text) { return add(std::string_view(text)); }
  Table& add(const char* text) { return add(std::string_view(text)); }
  Table& add(bool flag) { return add(std::string_view(flag ? "true" : "false")); }
  Table& add(int number) { return add(std::string_view(std::to_string(number))); }
  Table& add(double number) {
    char digits[32];
    const auto end_of = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return add(std::string_view(digits, static_cast<std::size_t>(end_of - digits)));
  }
  Table& add(Date date) { return add(std::string_view(date.iso())); }
  Table& add(Instant at) { return add(std::string_view(iso(at))); }
  template <class T>
  Table& add(const std::optional<T>& maybe) {
    return maybe ? add(*maybe) : add(std::string_view());
  }
  void end() {
    line_ += '\n';
    first_ = true;
    ++rows_;
    if (line_.size() > (1 << 16)) flush();
  }
  std::int64_t rows() const { return rows_; }
  bool close() {
    flush();
    file_.close();
    return !file_.fail();
  }

 private:
  void flush() {
    file_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
    line_.clear();
  }
  fs::path path_;
  std::ofstream file_;
  std::string line_;
  bool first_ = true;
  std::int64_t rows_ = 0;
};

std::string escape_blanks(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ' ') out += "%20";
    else out += c;
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

class Export {
 public:
  Export(db::Tx& tx, const CsvExportOptions& options, const fs::path& folder, Report& report)
      : tx_(tx), options_(options), folder_(folder), report_(report), names_(tx, options.organization) {}
  Result<void> run();

 private:
  std::string site_name(SiteId site) const {
    auto found = sites_.find(site.uuid);
    return found == sites_.end() ? std::string() : found->second;
  }
  std::string user_name(const std::optional<UserId>& user) {
    if (!user || user->is_nil()) return {};
    auto [at, fresh] = users_.try_emplace(user->uuid);
    if (fresh)
      if (auto found = identity::find_user(tx_, options_.organization, *user)) at->second = found->display_name;
    return at->second;
  }
  OrganizationId org() const { return options_.organization; }

  db::Tx& tx_;
  const CsvExportOptions& options_;
  fs::path folder_;
  Report& report_;
  OutsideNames names_;
  std::unordered_map<Uuid, std::string> sites_, users_;
};

Result<void> Export::run() {
  for (const auto& site : identity::sites(tx_, org())) sites_[site.id.uuid] = site.name;
  // Answer columns: of the instruments there are scores of.
  std::vector<std::string> items;
  {
    std::set<std::string> seen;
    std::vector<std::string> used = tx_.all(sql::kListUsedInstruments, {org()}, [](const db::Row& row) { return row.string(0); });
    std::sort(used.begin(), used.end());
    std::size_t most = 0;
    std::vector<std::string> others;
    for (const auto& id : used)
      if (const auto* instrument = options_.instruments->find(id); instrument != nullptr && !instrument->total_only())
        for (const auto& item : instrument->items) {
          const auto& link = item.link_id;
          const bool numbered = link.size() >= 2 && link[0] == 'q' &&
                                std::all_of(link.begin() + 1, link.end(), [](char c) { return c >= '0' && c <= '9'; });
          if (numbered) most = std::max<std::size_t>(most, std::stoul(link.substr(1)));
          else if (seen.insert(link).second) others.push_back(link);
        }
    for (std::size_t n = 1; n <= most; ++n) items.push_back("q" + std::to_string(n));
    items.insert(items.end(), others.begin(), others.end());
  }
  std::unordered_map<std::string, std::size_t> item_at;
  for (std::size_t i = 0; i < items.size(); ++i) item_at[items[i]] = i;

  Table patient(folder_, "patient"), coverage(folder_, "coverage"), condition(folder_, "condition"),
      referral(folder_, "referral"), attempt(folder_, "referral_attempt"), episode(folder_, "episode"),
      consent(folder_, "consent"), contact(folder_, "contact"), entry(folder_, "time_entry"),
      result(folder_, "scale_result", items), review(folder_, "psych_review"), visit(folder_, "practice_visit"),
      month(folder_, "site_month"), treatment(folder_, "treatment"), change(folder_, "treatment_change"),
      event(folder_, "safety_event");

  const auto ids = tx_.all(sql::kListPatientIds, {org()}, [](const db::Row& row) { return row.id<PatientId>(0); });
  const double began = options_.seconds ? options_.seconds() : 0;
  double shown = began;
  std::size_t done = 0;
  for (const PatientId id : ids) {
    const auto found = patients::find(tx_, org(), id);
    if (!found) continue;
    const auto& p = *found;
    std::string key = id.text();
    std::string identifiers;
    for (const auto& identifier : p.identifiers) {
      if (identifier.system == kPatientIdSystem && row_id(org(), "csv", "patient", identifier.value) == id.uuid) {
        key = identifier.value;
        continue;
      }
      identifiers += (identifiers.empty() ? "" : " ") + escape_blanks(identifier.system) + "|" + escape_blanks(identifier.value);
    }
    if (p.placeholder) report_.placeholders["patients"] += 1;
    patient.add(key)
        .add(p.birth_date)
        .add(p.given_name)
        .add(p.family_name)
        .add(p.sex)
        .add(p.gender_identity)
        .add(p.race)
        .add(p.ethnicity);
    patient.add(p.language).add(p.interpreter_needed).add(p.phone).add(p.email).add(p.postal_code).add(p.preferred_channel);
    patient.add(p.deceased_date).add(site_name(p.site)).add(p.labels).add(identifiers).end();
    if (!p.birth_date) report_.notes.push_back("A patient without a birth date was written; reading the folder back needs one.");

    for (const auto& c : patients::list_coverage(tx_, org(), id))
      coverage.add(key)
          .add(c.payer_category)
          .add(c.start_date)
          .add(c.end_date)
          .add(c.plan_name)
          .add(names_.of("coverage", c.id.uuid))
          .end();

    for (const auto& c : patients::list_conditions(tx_, org(), id)) {
      condition.add(names_.of("condition", c.id.uuid)).add(key).add(c.text).add(c.recorded_date).add(c.code).add(c.code_system);
      condition.add(c.clinical_status).add(c.onset_date).add(c.ended_date).add(c.labels).end();
    }

    for (const auto& r : referrals::list(tx_, org(), id)) {
      const auto referral_key = names_.of("referral", r.id.uuid);
      referral.add(referral_key)
          .add(key)
          .add(r.received_date)
          .add(r.referred_by)
          .add(r.reason)
          .add(r.outcome)
          .add(r.outcome_date);
      referral.add(r.seen_elsewhere_date).add(site_name(r.site)).end();
      for (const auto& a : referrals::list_attempts(tx_, org(), r.id))
        attempt.add(names_.of("attempt", a.id)).add(referral_key).add(a.on).add(a.result).add(a.modality).add(a.note).end();
    }
    for (const auto& e : episodes::list(tx_, org(), id)) {
      episode.add(names_.of("episode", e.id.uuid))
          .add(key)
          .add(e.enrolled_date)
          .add(e.primary_condition)
          .add(e.primary_instrument);
      episode.add(site_name(e.site))
          .add(user_name(e.care_manager))
          .add(e.closed_date)
          .add(e.close_reason)
          .add(episodes::name(e.state));
      episode.add(e.referred_date)
          .add(e.assessed_date)
          .add(e.relapse_prevention_date)
          .add(e.on_hold_date)
          .add(e.target)
          .add(e.pathway);
      episode.add(user_name(e.consultant)).add(e.billing_practitioner);
      episode.add(e.referral ? names_.of("referral", e.referral->uuid) : std::string()).add(e.labels).end();
    }
    for (const auto& c : episodes::list_consents(tx_, org(), id))
      consent.add(key)
          .add(c.given_date)
          .add(c.kind)
          .add(c.withdrawn_date)
          .add(c.method)
          .add(c.text_version)
          .add(c.language)
          .add(names_.of("consent", c.id.uuid))
          .end();

    std::unordered_map<Uuid, std::string> contact_keys;
    for (const auto& c : contacts::list(tx_, org(), id)) {
      const auto contact_key = names_.of("contact", c.id.uuid);
      contact_keys[c.id.uuid] = contact_key;
      contact.add(contact_key).add(key).add(c.date).add(c.staff_role).add(c.kind).add(c.modality).add(c.minutes);
      contact.add(c.with_whom.find("caregiver") != std::string::npos)
          .add(joined(c.interventions))
          .add(user_name(c.staff))
          .add(c.with_whom);
      contact.add(c.note).add(c.next_due_date).add(c.next_due_modality).add(c.started_at).add(c.labels).end();
    }
    for (const auto& t : contacts::list_time_entries(tx_, org(), id, Date::ymd(1900, 1, 1), Date::ymd(2200, 12, 31))) {
      std::string start;
      if (t.start_minute) start = fmt::format("{:02}:{:02}", *t.start_minute / 60, *t.start_minute % 60);
      std::string of_contact;
      if (t.contact)
        if (auto at = contact_keys.find(t.contact->uuid); at != contact_keys.end()) of_contact = at->second;
      const std::string staff = t.staff_name.empty() ? user_name(t.staff) : t.staff_name;
      entry.add(names_.of("time_entry", t.id.uuid))
          .add(key)
          .add(staff.empty() ? std::string("unknown") : staff)
          .add(t.date)
          .add(t.minutes);
      entry.add(t.activity).add(start).add(t.separately_billed).add(of_contact).add(t.staff_role).end();
    }
    for (const auto& m : measurements::list(tx_, org(), id)) {
      if (m.replaced_by) continue;
      const std::string result_key = m.source == "csv" ? names_.of("measurement", m.id.uuid) : m.id.text();
      std::string subscales;
      std::optional<double> symptom_count;
      // Subscales follow from the answers; where only totals are known they are written.
      if (m.answers.empty())
        for (const auto& s : m.subscales) {
          if (s.id == "symptom_count") {
            symptom_count = s.total;
            continue;
          }
          char digits[32];
          const auto end_of = std::to_chars(digits, digits + sizeof digits, s.total).ptr;
          subscales += (subscales.empty() ? "" : " ") + s.id + "=" + std::string(digits, end_of);
        }
      result.add(result_key)
          .add(key)
          .add(m.administered_date)
          .add(m.instrument)
          .add(m.stated_total ? m.stated_total : m.total)
          .add(m.informant);
      result.add(symptom_count)
          .add(std::string_view())
          .add(m.administered_at)
          .add(m.mode)
          .add(m.language)
          .add(subscales)
          .add(m.labels);
      std::vector<std::optional<double>> values(items.size());
      for (const auto& answer : m.answers)
        if (auto at = item_at.find(answer.item); at != item_at.end()) values[at->second] = answer.value;
      for (const auto& value : values) result.add(value);
      result.end();
    }
    for (const auto& r : reviews::list(tx_, org(), id)) {
      const std::string reviewer = r.reviewer_name.empty() ? user_name(r.reviewer) : r.reviewer_name;
      review.add(names_.of("review", r.id.uuid)).add(key).add(r.date).add(r.recommendation_documented).add(r.recommendation_to);
      review.add(r.recommendation)
          .add(reviewer)
          .add(r.question)
          .add(r.recommendation_state)
          .add(r.answered_date)
          .add(r.answer_reason)
          .add(r.done_date)
          .end();
    }
    tx_.each(sql::kListVisits, {org(), id}, [&](const db::Row& row) {
      visit.add(names_.of("visit", row.uuid(0)))
          .add(key)
          .add(row.date(1))
          .add(row.text(2))
          .add(row.text(3))
          .add(row.text(4))
          .end();
    });
    // What billing knows of visits and services is a visit with its code in the extract.
    for (const auto& v : billing::list_visits(tx_, org(), id))
      visit.add(v.id.text()).add(key).add(v.date).add("pcp").add(v.code).add("").end();
    for (const auto& service : billing::list_services(tx_, org(), id))
      visit.add(service.id.text()).add(key).add(service.date).add("pcp").add(service.code).add("").end();
    for (const auto& t : treatments::list(tx_, org(), id)) {
      const auto treatment_key = names_.of("treatment", t.id.uuid);
      treatment.add(treatment_key)
          .add(key)
          .add(t.kind)
          .add(t.name)
          .add(t.start_date)
          .add(t.dose)
          .add(t.stop_date)
          .add(t.stop_reason)
          .add(t.code)
          .end();
      for (const auto& c : t.changes)
        change.add(treatment_key).add(c.on).add(c.to_dose).add(c.from_dose).add(c.reason).add(c.id.text()).end();
    }
    for (const auto& e : safety::list(tx_, org(), id)) {
      std::optional<Date> closed;
      if (e.closed_at) closed = local_date(*e.closed_at, options_.zone);
      std::string of_result;
      if (e.measurement) of_result = names_.of("measurement", e.measurement->uuid);
      event.add(names_.of("safety_event", e.id.uuid))
          .add(key)
          .add(e.signalled_date)
          .add(e.signal)
          .add(closed)
          .add(e.level)
          .add(e.disposition);
      event.add(e.reassess_date).add(e.signalled_at).add(e.due_at).add(of_result).end();
    }
    ++done;
    if (options_.progress && options_.seconds) {
      const double now = options_.seconds();
      if (now - shown >= 0.2) {
        shown = now;
        Progress progress;
        progress.done = static_cast<double>(done) / static_cast<double>(ids.size());
        progress.items = static_cast<std::int64_t>(done);
        progress.items_per_second = static_cast<double>(done) / (now - began);
        progress.seconds_left = (now - began) * (1 - progress.done) / progress.done;
        options_.progress(progress);
      }
    }
  }
  tx_.each(sql::kListSiteMonths, {org()}, [&](const db::Row& row) {
    month.add(site_name(SiteId(row.uuid(0)))).add(row.date(1).iso().substr(0, 7)).add(row.real(2)).end();
  });
  std::sort(report_.notes.begin(), report_.notes.end());
  report_.notes.erase(std::unique(report_.notes.begin(), report_.notes.end()), report_.notes.end());

  const std::pair<const char*, Table*> all[] = {
      {"patients", &patient},          {"coverage", &coverage},    {"conditions", &condition},     {"referrals", &referral},
      {"referral_attempts", &attempt}, {"episodes", &episode},     {"consents", &consent},         {"contacts", &contact},
      {"time_entries", &entry},        {"measurements", &result},  {"reviews", &review},           {"visits", &visit},
      {"site_months", &month},         {"treatments", &treatment}, {"treatment_changes", &change}, {"safety_events", &event}};
  for (const auto& [name, table] : all) {
    if (!table->close())
      return fail(ErrorCode::bad_file, "The folder could not be written (is the disk full?).",
                  {{std::string(name), "could not be written"}});
    report_.stored.add(name, table->rows());
    report_.resources += table->rows();
    ++report_.files;
  }
  return {};
}

}  // namespace

Result<Report> export_csv(db::Database& database, const CsvExportOptions& options, const fs::path& folder) {
  const double began = options.seconds ? options.seconds() : 0;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error))
    return fail(ErrorCode::bad_file, folder.filename().string() + " is not a folder that can be written.",
                {{folder.filename().string(), "cannot be written"}});
  if (!options.overwrite && fs::exists(folder / "patient.csv", error))
    return fail(ErrorCode::bad_file, folder.filename().string() + " holds an export already; choose another folder.",
                {{"patient.csv", "is there already"}});
  Report report;
  report.source = "csv";
  Result<void> done = database.read([&](db::Tx& tx) { return Export(tx, options, folder, report).run(); });
  if (!done) return tl::unexpected<Error>(std::move(done.error()));
  if (options.audit) {
    auto audited = database.write([&](db::Tx& tx) -> Result<int> {
      options.audit(tx, "export.csv",
                    fmt::format("wrote {} rows of {} patients", report.resources, report.stored.rows["patients"]));
      return 0;
    });
    if (!audited) return tl::unexpected<Error>(std::move(audited.error()));
  }
  report.seconds = (options.seconds ? options.seconds() : 0) - began;
  return report;
}

}  // namespace concord::exchange
