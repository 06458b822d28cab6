#include "exchange/import_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/check.h"
#include "base/text.h"
#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "exchange/exchange_sql.h"
#include "exchange/links.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "measures/site_months_store.h"
#include "patients/conditions_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_store.h"
#include "safety/safety_store.h"
#include "treatments/treatments_store.h"

namespace concord::exchange {
namespace {

struct Known {
  Uuid row;
  Digest digest;
};

Digest read_digest(const db::Row& row, int column) {
  Digest digest{};
  const auto bytes = row.bytes(column);
  if (bytes.size() == digest.bytes.size()) std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

/// Kinds are literals: views of them live as long as the program.
/// import_key of one organization during one transaction: looked up one by one, or a kind as a whole when
/// much of it is asked for.
class Keys {
 public:
  Keys(db::Tx& tx, OrganizationId organization) : tx_(tx), organization_(organization) {}

  void expect(std::string_view kind, std::size_t lookups) {
    if (lookups < kReadAllFrom) return;
    auto& all = whole_.emplace_back(kind, std::unordered_map<std::string, Known>()).second;
    tx_.each(sql::kListKeys, {organization_, kind},
             [&](const db::Row& row) { all.emplace(row.string(0), Known{row.uuid(1), read_digest(row, 2)}); });
  }
  std::optional<Known> find(std::string_view kind, const std::string& key) {
    for (const auto& [name, all] : whole_) {
      if (name != kind) continue;
      auto found = all.find(key);
      if (found == all.end()) return std::nullopt;
      return found->second;
    }
    return tx_.one(sql::kFindKey, {organization_, kind, key},
                   [](const db::Row& row) { return Known{row.uuid(0), read_digest(row, 1)}; });
  }
  /// Sets a key to a row; `known` is what find() said.
  void set(std::string_view kind, const std::string& key, const Uuid& row, const Digest& digest,
           const std::optional<Known>& known) {
    if (known) {
      if (known->row != row || known->digest != digest)
        tx_.run(sql::kUpdateKey, {organization_, kind, key, row, db::Bytes(digest.bytes)});
      return;
    }
    fresh_.push_back({kind, key, row, digest});
  }
  /// Writes what set() collected.
  void flush() {
    std::sort(fresh_.begin(), fresh_.end(), [](const Fresh& a, const Fresh& b) {
      const int kind = a.kind.compare(b.kind);
      return kind != 0 ? kind < 0 : a.key < b.key;
    });
    fresh_.erase(std::unique(fresh_.begin(), fresh_.end(),
                             [](const Fresh& a, const Fresh& b) { return a.kind == b.kind && a.key == b.key; }),
                 fresh_.end());
    static constexpr std::string_view kColumns[] = {"organization_id", "kind", "outside_key", "row_id", "digest"};
    std::size_t next = 0;
    if (!fresh_.empty())
      tx_.load("import_key", kColumns, [&](std::vector<db::Param>& values) {
        if (next == fresh_.size()) return false;
        const auto& f = fresh_[next++];
        values = {organization_, f.kind, f.key, f.row, db::Bytes(f.digest.bytes)};
        return true;
      });
    fresh_.clear();
  }

 private:
  static constexpr std::size_t kReadAllFrom = 512;
  struct Fresh {
    std::string_view kind;
    std::string key;
    Uuid row;
    Digest digest;
  };
  db::Tx& tx_;
  OrganizationId organization_;
  std::vector<std::pair<std::string_view, std::unordered_map<std::string, Known>>> whole_;
  std::vector<Fresh> fresh_;
};

std::int64_t read_version(const db::Row& row) { return row.integer(0); }

constexpr std::size_t kPiece = 2048;

class Store {
 public:
  Store(db::Tx& tx, const ImportTarget& target, const Rows& rows, std::span<const PatientRef> refs)
      : tx_(tx), target_(target), rows_(rows), refs_(refs), keys_(tx, target.organization) {}

  Result<StoreResult> run(bool all_or_nothing);

 private:
  OrganizationId org() const { return target_.organization; }

  void sites_and_people();
  void patients();
  void coverage();
  void conditions();
  void allergies();
  void plans();
  void goals();
  void referrals();
  void attempts();
  void episodes();
  void team();
  void consents();
  void measurements();
  void contacts();
  void time_entries();
  void treatments();
  void reviews();
  void safety_events();
  void visits();
  void site_months();

  PatientId actual(PatientId id) const {
    if (patient_ids_.empty()) return id;
    auto found = patient_ids_.find(id.uuid);
    return found == patient_ids_.end() ? id : PatientId(found->second);
  }
  void actual(std::optional<UserId>& user) const {
    if (!user) return;
    if (auto found = user_ids_.find(user->uuid); found != user_ids_.end()) user = UserId(found->second);
  }
  SiteId actual_site(SiteId site) const {
    if (site.is_nil()) return target_.default_site;
    auto found = site_ids_.find(site.uuid);
    return found == site_ids_.end() ? site : SiteId(found->second);
  }
  void touch(PatientId patient) {
    if (patient == last_touched_) return;
    last_touched_ = patient;
    touched_.insert(patient.uuid);
  }
  void reject(const Place& place, std::string path, std::string reason) {
    result_.report.rejected.push_back(
        {place.file < rows_.files.size() ? rows_.files[place.file] : "", place.line,
         place.line == 0 && place.entry > 0
             ? fmt::format("Bundle.entry[{}].resource{}{}", place.entry - 1, path.empty() ? "" : ".", path)
             : std::move(path),
         std::move(reason)});
  }

  /// A row that will be written: where it is in its list, and what it becomes when it was there before.
  struct Pending {
    std::size_t index;
    std::optional<Uuid> id;
    std::int64_t version = 1;
  };
  /// The common case: rows that are written anew when they changed.
  ///   prepare(row): puts the ids of what is here in place;  version(row): of the stored row with this id,
  ///   nullopt when there is none;  remove(row): takes it away
  template <class T, class Prepare, class Version, class Remove>
  void plain(const std::string& name, std::string_view kind, const std::vector<Sourced<T>>& list, Prepare&& prepare,
             Version&& version, Remove&& remove) {
    keys_.expect(kind, list.size());
    std::vector<Pending> pending;
    pending.reserve(list.size());
    std::int64_t unchanged = 0, stored = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto& sourced = list[i];
      const auto known = keys_.find(kind, sourced.key);
      if (known && known->digest == sourced.digest) {
        ++unchanged;
        continue;
      }
      Pending next{i, std::nullopt, 1};
      if (known) {
        T row = sourced.row;
        prepare(row);
        set_id(row, known->row);
        const auto old = version(row);
        if (!old) {
          reject(sourced.place, "", "belonged to another patient when it was imported before; correct it by hand");
          continue;
        }
        remove(row);
        next.id = known->row;
        next.version = *old + 1;
        ++result_.report.updated;
      } else if (Uuid::parse(sourced.key)) {
        T row = sourced.row;
        prepare(row);
        if (version(row)) {
          // Concord's own row, exported and read back: here it is the original.
          ++unchanged;
          continue;
        }
      }
      keys_.set(kind, sourced.key, next.id ? *next.id : id_of(sourced.row), sourced.digest, known);
      ++stored;
      if constexpr (requires { sourced.row.patient; }) touch(actual(sourced.row.patient));
      pending.push_back(next);
    }
    result_.report.unchanged.add(name, unchanged);
    result_.report.stored.add(name, stored);
    // In the order of the clustered tables, so that a load appends; in pieces, so that a million rows are not
    // held twice.
    std::sort(pending.begin(), pending.end(),
              [&](const Pending& x, const Pending& y) { return before(list[x.index].row, list[y.index].row); });
    std::vector<T> piece;
    for (std::size_t from = 0; from < pending.size(); from += kPiece) {
      piece.clear();
      for (std::size_t i = from; i < std::min(from + kPiece, pending.size()); ++i) {
        T row = list[pending[i].index].row;
        prepare(row);
        if (pending[i].id) {
          set_id(row, *pending[i].id);
          if constexpr (requires { row.version; }) row.version = pending[i].version;
        }
        piece.push_back(std::move(row));
      }
      write(piece);
    }
  }
  template <class T>
  static bool before(const T& a, const T& b) {
    if constexpr (requires { a.patient; }) {
      if (a.patient != b.patient) return a.patient < b.patient;
      if constexpr (requires { a.date < b.date; })
        if (a.date != b.date) return a.date < b.date;
    }
    return a.id < b.id;
  }
  void write(std::span<const patients::Coverage> piece) { patients::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const patients::Condition> piece) { patients::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const patients::Allergy> piece) { patients::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const plans::Plan> piece) { plans::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const plans::Goal> piece) { plans::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const referrals::Attempt> piece) { referrals::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const episodes::Consent> piece) { episodes::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const contacts::Contact> piece) { contacts::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const contacts::TimeEntry> piece) { contacts::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const treatments::Treatment> piece) { treatments::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const reviews::Review> piece) { reviews::insert_all(tx_, org(), piece, target_.now); }
  void write(std::span<const PracticeVisit> piece);
  template <class T>
  static void set_id(T& row, const Uuid& id) {
    if constexpr (requires { row.id.uuid; }) row.id.uuid = id;
    else row.id = id;
  }
  template <class T>
  static Uuid id_of(const T& row) {
    if constexpr (requires { row.id.uuid; }) return row.id.uuid;
    else return row.id;
  }
  template <class T>
  static void in_order(std::vector<T>& list) {  // of the clustered tables, so that a load appends
    std::sort(list.begin(), list.end(),
              [](const T& a, const T& b) { return a.patient != b.patient ? a.patient < b.patient : a.id < b.id; });
  }
  auto by_patient(const db::Sql& statement) {
    return [this, &statement](const auto& row) { return tx_.one(statement, {org(), row.patient, row.id}, read_version); };
  }
  auto remove_by_patient(const db::Sql& statement) {
    return [this, &statement](const auto& row) { tx_.run(statement, {org(), row.patient, row.id}); };
  }
  /// The same for a fact of reports: what it said stays readable as what was known (docs/decisions/0012).
  auto remove_known(const db::Sql& keep, const db::Sql& statement) {
    return [this, &keep, &statement](const auto& row) {
      tx_.run(keep, {org(), row.patient, row.id, target_.now});
      tx_.run(statement, {org(), row.patient, row.id});
    };
  }

  db::Tx& tx_;
  const ImportTarget& target_;
  const Rows& rows_;
  std::span<const PatientRef> refs_;
  Keys keys_;
  StoreResult result_;
  std::unordered_map<Uuid, Uuid> patient_ids_, user_ids_, site_ids_, episode_ids_, referral_ids_, measurement_ids_;
  PatientId last_touched_;
  std::unordered_set<Uuid> touched_, new_measurements_, refused_episodes_;
};

void Store::sites_and_people() {
  if (!rows_.sites.empty()) {
    const auto here = identity::sites(tx_, org());
    for (const auto& wanted : rows_.sites) {
      auto found = std::find_if(here.begin(), here.end(), [&](const identity::Site& s) {
        return s.id == wanted.id || fold(s.name) == fold(wanted.name) || s.id.text() == to_lower(wanted.name);
      });
      if (found != here.end()) {
        site_ids_[wanted.id.uuid] = found->id.uuid;
        continue;
      }
      identity::Site site;
      site.id = wanted.id;
      site.name = wanted.name;
      site.time_zone = target_.zone;
      identity::insert_site(tx_, org(), site, target_.now);
      result_.report.stored.add("sites");
      result_.report.notes.push_back("The site \"" + wanted.name + "\" is new here: give people their roles at it.");
    }
  }
  if (!rows_.people.empty()) {
    std::unordered_map<std::string, Uuid> by_name;
    for (const auto& user : identity::staff(tx_, org(), "")) by_name.emplace(fold(user.display_name), user.id.uuid);
    for (const auto& person : rows_.people) {
      auto [found, fresh] = by_name.try_emplace(fold(person.name), person.id.uuid);
      if (!fresh) {
        user_ids_[person.id.uuid] = found->second;
        continue;
      }
      identity::User user;
      user.organization = org();
      user.id = person.id;
      user.display_name = person.name;
      user.imported = true;
      user.roles.push_back({person.role == "other_cocm_clinician" ? "bh_specialist"
                            : person.role == "care_manager" || person.role == "psychiatric_consultant" || person.role == "pcp"
                                ? person.role
                                : "bh_specialist",
                            actual_site(person.site)});
      identity::insert_user(tx_, user, target_.now);
      result_.report.stored.add("staff");
    }
  }
}

void Store::patients() {
  keys_.expect("patient", rows_.patients.size() + refs_.size());
  std::vector<patients::Patient> fresh;
  fresh.reserve(rows_.patients.size());
  std::unordered_set<Uuid> here;
  const std::string prefix = target_.source == "fhir" || target_.source == "csv" ? "" : target_.source + ":";
  for (const auto& sourced : rows_.patients) {
    const auto& row = sourced.row;
    if (!here.insert(row.id.uuid).second) {
      result_.report.unchanged.add("patients");
      continue;
    }
    auto known = keys_.find("patient", sourced.key);
    if (known && known->row != row.id.uuid) patient_ids_[row.id.uuid] = known->row;
    if (known && known->digest == sourced.digest) {
      result_.report.unchanged.add("patients");
      continue;
    }
    std::optional<Uuid> stored_as;
    if (known) {
      stored_as = known->row;
    } else if (target_.source != "csv") {
      // Somebody referred to this patient by identifier before: the placeholder becomes the patient.
      for (const auto& identifier : row.identifiers) {
        auto placeholder = keys_.find("patient", prefix + "Patient?" + identifier.system + "|" + identifier.value);
        if (placeholder && !stored_as) {
          stored_as = placeholder->row;
          patient_ids_[row.id.uuid] = placeholder->row;
        }
      }
    }
    if (stored_as) {
      auto before = patients::find(tx_, org(), PatientId(*stored_as));
      if (!before) {
        reject(sourced.place, "", "the patient it became is no longer here");
        continue;
      }
      patients::Patient after = row;
      after.id = before->id;
      after.version = before->version;
      after.site = row.site.is_nil() ? before->site : actual_site(row.site);
      auto keep = [&](auto member) {
        if (!(after.*member) && !before->placeholder) after.*member = (*before).*member;
      };
      keep(&patients::Patient::gender_identity);
      keep(&patients::Patient::race);
      keep(&patients::Patient::ethnicity);
      keep(&patients::Patient::language);
      keep(&patients::Patient::preferred_channel);
      keep(&patients::Patient::phone);
      keep(&patients::Patient::email);
      keep(&patients::Patient::postal_code);
      keep(&patients::Patient::deceased_date);
      for (const auto& identifier : before->identifiers)
        if (std::find(after.identifiers.begin(), after.identifiers.end(), identifier) == after.identifiers.end())
          after.identifiers.push_back(identifier);
      CHECK(patients::update(tx_, org(), *before, after, target_.now));
      keys_.set("patient", sourced.key, after.id.uuid, sourced.digest, known);
      result_.report.stored.add("patients");
      ++result_.report.updated;
      touch(after.id);
      continue;
    }
    if (Uuid::parse(sourced.key) && patients::find_site(tx_, org(), row.id)) {
      result_.report.unchanged.add("patients");
      continue;
    }
    patients::Patient made = row;
    made.site = actual_site(row.site);
    keys_.set("patient", sourced.key, made.id.uuid, sourced.digest, known);
    result_.report.stored.add("patients");
    touch(made.id);
    fresh.push_back(std::move(made));
  }
  for (const auto& ref : refs_) {
    if (here.count(ref.id.uuid) != 0) continue;
    auto known = keys_.find("patient", ref.key);
    if (known) {
      if (known->row != ref.id.uuid) patient_ids_[ref.id.uuid] = known->row;
      continue;
    }
    if (const auto question = ref.key.find("Patient?"); question != std::string::npos) {
      const auto identifier = std::string_view(ref.key).substr(question + 8);
      const auto bar = identifier.find('|');
      const auto found = tx_.all(sql::kFindPatientsByIdentifier, {org(), identifier.substr(bar + 1), identifier.substr(0, bar)},
                                 [](const db::Row& row) { return row.uuid(0); });
      if (found.size() == 1) {
        patient_ids_[ref.id.uuid] = found[0];
        continue;
      }
    }
    patients::Patient placeholder;
    placeholder.id = ref.id;
    placeholder.site = target_.default_site;
    placeholder.placeholder = true;
    placeholder.family_name = ref.display.empty() ? "(not in the import)" : ref.display;
    here.insert(ref.id.uuid);
    keys_.set("patient", ref.key, ref.id.uuid, Digest{}, known);
    ++result_.report.placeholders["patients"];
    fresh.push_back(std::move(placeholder));
  }
  std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  patients::insert_all(tx_, org(), fresh, target_.now);
}

void Store::coverage() {
  plain(
      "coverage", "coverage", rows_.coverage, [&](patients::Coverage& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfCoverage), remove_known(sql::kKeepCoverage, sql::kDeleteCoverage));
}

void Store::conditions() {
  plain(
      "conditions", "condition", rows_.conditions, [&](patients::Condition& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfCondition), remove_known(sql::kKeepCondition, sql::kDeleteCondition));
}

void Store::allergies() {
  plain(
      "allergies", "allergy", rows_.allergies, [&](patients::Allergy& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfAllergy), remove_by_patient(sql::kDeleteAllergy));
}

void Store::plans() {
  plain(
      "care_plans", "plan", rows_.plans, [&](plans::Plan& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfPlan),
      [&](const plans::Plan& row) {
        tx_.run(sql::kDeletePlanVersions, {org(), row.patient, row.id});
        tx_.run(sql::kDeletePlan, {org(), row.patient, row.id});
      });
}

void Store::goals() {
  plain(
      "goals", "goal", rows_.goals, [&](plans::Goal& row) { row.patient = actual(row.patient); }, by_patient(sql::kVersionOfGoal),
      remove_by_patient(sql::kDeleteGoal));
}

void Store::referrals() {
  keys_.expect("referral", rows_.referrals.size());
  std::vector<referrals::Referral> fresh;
  for (const auto& sourced : rows_.referrals) {
    referrals::Referral row = sourced.row;
    auto known = keys_.find("referral", sourced.key);
    if (known) referral_ids_[row.id.uuid] = known->row;
    if (known && known->digest == sourced.digest) {
      result_.report.unchanged.add("referrals");
      continue;
    }
    row.patient = actual(row.patient);
    row.site = actual_site(row.site);
    if (known) {
      row.id = referrals::ReferralId(known->row);
      tx_.run(sql::kUpdateReferral, {org(), row.id, row.site, row.referred_by, row.reason, row.received_at, row.received_date,
                                     row.outcome, row.outcome_date, row.seen_elsewhere_date});
      ++result_.report.updated;
    } else if (Uuid::parse(sourced.key) && referrals::find(tx_, org(), row.id)) {
      result_.report.unchanged.add("referrals");
      continue;
    } else {
      fresh.push_back(row);
    }
    keys_.set("referral", sourced.key, row.id.uuid, sourced.digest, known);
    result_.report.stored.add("referrals");
    touch(row.patient);
  }
  std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  referrals::insert_all(tx_, org(), fresh, target_.now);
}

void Store::attempts() {
  plain(
      "referral_attempts", "attempt", rows_.attempts,
      [&](referrals::Attempt& row) {
        if (auto found = referral_ids_.find(row.referral.uuid); found != referral_ids_.end())
          row.referral = referrals::ReferralId(found->second);
        row.by = target_.importer;
      },
      [&](const referrals::Attempt& row) { return tx_.one(sql::kVersionOfAttempt, {org(), row.referral, row.id}, read_version); },
      [&](const referrals::Attempt& row) { tx_.run(sql::kDeleteAttempt, {org(), row.referral, row.id}); });
}

void Store::episodes() {
  keys_.expect("episode", rows_.episodes.size());
  std::vector<episodes::Episode> fresh;
  std::unordered_set<Uuid> opened;
  auto update = [&](const episodes::Episode& row, const episodes::Episode& before) {
    episodes::Episode after = row;
    after.id = before.id;
    after.version = before.version;
    if (!after.referral) after.referral = before.referral;
    if (!after.billing_practitioner) after.billing_practitioner = before.billing_practitioner;
    if (!after.consultant) after.consultant = before.consultant;
    if (!after.target) after.target = before.target;
    if (!after.pathway) after.pathway = before.pathway;
    CHECK(episodes::update(tx_, org(), after, target_.now));
    ++result_.report.updated;
  };
  // Closed ones first: an episode that this import closes makes room for the one it opens.
  std::vector<const Sourced<episodes::Episode>*> order;
  order.reserve(rows_.episodes.size());
  for (const auto& sourced : rows_.episodes) order.push_back(&sourced);
  std::stable_partition(order.begin(), order.end(), [](const auto* s) { return s->row.state == episodes::State::closed; });
  for (const auto* sourced : order) {
    episodes::Episode row = sourced->row;
    const bool derived = sourced->key.starts_with(kReferralEpisodePrefix);
    auto known = keys_.find("episode", sourced->key);
    if (known) episode_ids_[row.id.uuid] = known->row;
    if (known && known->digest == sourced->digest) {
      if (!derived) result_.report.unchanged.add("episodes");
      continue;
    }
    row.patient = actual(row.patient);
    row.site = actual_site(row.site);
    if (row.referral)
      if (auto found = referral_ids_.find(row.referral->uuid); found != referral_ids_.end())
        row.referral = referrals::ReferralId(found->second);
    actual(row.care_manager);
    actual(row.consultant);
    const bool open = row.state != episodes::State::closed;
    if (known) {
      row.id = episodes::EpisodeId(known->row);
      auto before = episodes::find(tx_, org(), row.id);
      if (!before || before->patient != row.patient) {
        reject(sourced->place, "", "belonged to another patient when it was imported before; correct it by hand");
        continue;
      }
      // What only a referral opened, people have taken over since.
      if (derived && before->state != episodes::State::referred) {
        keys_.set("episode", sourced->key, row.id.uuid, sourced->digest, known);
        continue;
      }
      if (open)
        if (auto other = episodes::find_open(tx_, org(), row.patient); other && other->id != row.id) {
          reject(sourced->place, "", "the patient has another open episode here");
          refused_episodes_.insert(sourced->row.id.uuid);
          continue;
        }
      update(row, *before);
    } else {
      if (Uuid::parse(sourced->key) && episodes::find(tx_, org(), row.id)) {
        result_.report.unchanged.add("episodes");
        continue;
      }
      bool adopted = false;
      if (open) {
        auto other = episodes::find_open(tx_, org(), row.patient);
        const bool waiting = other && !episodes::is_enrolled(other->state);
        if (other && waiting && !derived) {
          episode_ids_[row.id.uuid] = other->id.uuid;
          update(row, *other);
          row.id = other->id;
          adopted = true;
        } else if (other || !opened.insert(row.patient.uuid).second) {
          if (derived) continue;
          reject(sourced->place, "", "the patient has an open episode here already");
          refused_episodes_.insert(sourced->row.id.uuid);
          continue;
        }
      }
      if (!adopted) fresh.push_back(row);
    }
    keys_.set("episode", sourced->key, row.id.uuid, sourced->digest, known);
    result_.report.stored.add("episodes");
    touch(row.patient);
  }
  std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  episodes::insert_all(tx_, org(), fresh, target_.now);
}

void Store::team() {
  keys_.expect("team", rows_.team.size());
  std::vector<episodes::EpisodeTeamMember> fresh;
  for (const auto& sourced : rows_.team) {
    if (refused_episodes_.count(sourced.row.episode.uuid) != 0) continue;
    auto known = keys_.find("team", sourced.key);
    if (known && known->digest == sourced.digest) {
      result_.report.unchanged.add("team_members");
      continue;
    }
    episodes::EpisodeTeamMember row{sourced.row.episode, sourced.row.member};
    if (auto found = episode_ids_.find(row.episode.uuid); found != episode_ids_.end())
      row.episode = episodes::EpisodeId(found->second);
    actual(row.member.user);
    if (known) {
      tx_.run(sql::kDeleteMember, {org(), row.episode, row.member.id});
      ++result_.report.updated;
    }
    keys_.set("team", sourced.key, row.member.id, sourced.digest, known);
    result_.report.stored.add("team_members");
    fresh.push_back(std::move(row));
  }
  episodes::insert_all(tx_, org(), fresh, target_.now);
}

void Store::consents() {
  plain(
      "consents", "consent", rows_.consents,
      [&](episodes::Consent& row) {
        row.patient = actual(row.patient);
        row.recorded_by = target_.importer;
      },
      by_patient(sql::kVersionOfConsent), remove_by_patient(sql::kDeleteConsent));
}

bool same_content(const measurements::Measurement& stored, const measurements::Measurement& given) {
  if (stored.instrument != given.instrument || stored.informant != given.informant ||
      stored.administered_date != given.administered_date)
    return false;
  if (given.answers.empty() && !stored.answers.empty()) return given.total == stored.total || given.total == stored.stated_total;
  return stored.total == given.total && stored.valid == given.valid && stored.answers == given.answers &&
         (given.subscales.empty() || stored.subscales == given.subscales) && stored.administered_at == given.administered_at;
}

void Store::measurements() {
  const bool fhir = target_.source != "csv";
  const bool events = !rows_.safety_events.empty();
  std::size_t parts = 0;
  for (const auto& a : rows_.measurements) parts += a.parts.size();
  keys_.expect("measurement", parts);
  if (fhir) keys_.expect("administration", rows_.measurements.size());
  std::vector<measurements::Measurement> corrections;
  std::vector<std::size_t> fresh;  // places in rows_.measurements
  fresh.reserve(rows_.measurements.size());
  std::unordered_map<std::string, Uuid> in_this_batch;
  for (std::size_t at = 0; at < rows_.measurements.size(); ++at) {
    const auto& administration = rows_.measurements[at];
    std::vector<std::optional<Known>> known;
    known.reserve(administration.parts.size());
    bool same = true;
    std::optional<Uuid> stored_as;
    for (const auto& part : administration.parts) {
      known.push_back(keys_.find("measurement", part.key));
      const auto& k = known.back();
      same = same && k && k->digest == part.digest;
      if (k && !stored_as) stored_as = k->row;
      if (k && stored_as && k->row != *stored_as) same = false;
    }
    const auto& instrument = administration.row.instrument;
    if (stored_as && events) measurement_ids_[administration.row.id.uuid] = *stored_as;
    if (same && stored_as) {
      ++result_.report.unchanged.measurements[instrument];
      continue;
    }
    const auto& given = administration.row;
    const PatientId patient = actual(given.patient);
    std::string moment;
    std::optional<Known> at_moment;
    if (fhir) {
      moment = patient.text() + "|" + given.instrument + "|" + given.informant + "|" + iso(given.administered_at);
      at_moment = keys_.find("administration", moment);
      if (auto batch = in_this_batch.find(moment); batch != in_this_batch.end()) {
        // The same administration twice in one file under different names: kept once.
        for (std::size_t i = 0; i < administration.parts.size(); ++i)
          keys_.set("measurement", administration.parts[i].key, batch->second, administration.parts[i].digest, known[i]);
        continue;
      }
      if (!stored_as && at_moment) stored_as = at_moment->row;
    }
    auto point_at = [&](const Uuid& id) {
      for (std::size_t i = 0; i < administration.parts.size(); ++i)
        keys_.set("measurement", administration.parts[i].key, id, administration.parts[i].digest, known[i]);
      if (fhir) {
        keys_.set("administration", moment, id, Digest{}, at_moment);
        in_this_batch.emplace(moment, id);
      }
    };
    Uuid id = given.id.uuid;
    if (stored_as) {
      auto before = measurements::find(tx_, org(), patient, measurements::MeasurementId(*stored_as));
      // Corrected by a person since: follow to the newest wording.
      while (before && before->replaced_by) before = measurements::find(tx_, org(), patient, *before->replaced_by);
      if (!before) {
        reject(administration.place, "", "belonged to another patient when it was imported before; correct it by hand");
        continue;
      }
      if (same_content(*before, given)) {
        point_at(before->id.uuid);
        if (events) measurement_ids_[given.id.uuid] = before->id.uuid;
        ++result_.report.unchanged.measurements[instrument];
        continue;
      }
      measurements::Measurement row = given;
      row.patient = patient;
      row.id = measurements::MeasurementId(
          row_id(org(), target_.source + " correction", "measurement", before->id.text() + digest_of(row).text()));
      row.replaces = before->id;
      row.correction_reason = "The source sent it again with other content.";
      row.entered_at = target_.now;
      if (!target_.importer.is_nil()) row.entered_by = target_.importer;
      CHECK(measurements::set_replaced(tx_, org(), *before, row.id));
      ++result_.report.updated;
      id = row.id.uuid;
      corrections.push_back(std::move(row));
    } else if (!fhir && Uuid::parse(administration.parts.front().key) && measurements::find(tx_, org(), patient, given.id)) {
      ++result_.report.unchanged.measurements[instrument];
      continue;
    } else {
      fresh.push_back(at);
    }
    point_at(id);
    if (events) {
      measurement_ids_[given.id.uuid] = id;
      new_measurements_.insert(id);
    }
    ++result_.report.stored.measurements[instrument];
    touch(patient);
  }
  std::sort(fresh.begin(), fresh.end(), [&](std::size_t x, std::size_t y) {
    const auto &a = rows_.measurements[x].row, &b = rows_.measurements[y].row;
    if (a.patient != b.patient) return a.patient < b.patient;
    return a.administered_at != b.administered_at ? a.administered_at < b.administered_at : a.id < b.id;
  });
  std::vector<measurements::Measurement> piece;
  for (std::size_t from = 0; from < fresh.size(); from += kPiece) {
    piece.clear();
    for (std::size_t i = from; i < std::min(from + kPiece, fresh.size()); ++i) {
      piece.push_back(rows_.measurements[fresh[i]].row);
      piece.back().patient = actual(piece.back().patient);
      if (!target_.importer.is_nil()) piece.back().entered_by = target_.importer;
    }
    measurements::insert_all(tx_, org(), piece, target_.now);
  }
  measurements::insert_all(tx_, org(), corrections, target_.now);
}

void Store::contacts() {
  plain(
      "contacts", "contact", rows_.contacts,
      [&](contacts::Contact& row) {
        row.patient = actual(row.patient);
        actual(row.staff);
      },
      by_patient(sql::kVersionOfContact), remove_known(sql::kKeepContact, sql::kDeleteContact));
}

void Store::time_entries() {
  plain(
      "time_entries", "time_entry", rows_.time_entries, [&](contacts::TimeEntry& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfTimeEntry), remove_by_patient(sql::kDeleteTimeEntry));
}

void Store::treatments() {
  plain(
      "treatments", "treatment", rows_.treatments, [&](treatments::Treatment& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfTreatment),
      [&](const treatments::Treatment& row) {
        tx_.run(sql::kKeepTreatment, {org(), row.patient, row.id, target_.now});
        tx_.run(sql::kKeepTreatmentChanges, {org(), row.patient, row.id, target_.now});
        tx_.run(sql::kDeleteTreatmentChanges, {org(), row.patient, row.id});
        tx_.run(sql::kDeleteTreatment, {org(), row.patient, row.id});
      });
}

void Store::reviews() {
  plain(
      "reviews", "review", rows_.reviews, [&](reviews::Review& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfReview),
      [&](const reviews::Review& row) {
        tx_.run(sql::kKeepRecommendations, {org(), row.patient, row.id, target_.now});
        remove_known(sql::kKeepReview, sql::kDeleteReview)(row);
      });
}

void Store::safety_events() {
  std::vector<safety::SafetyEvent> fresh;
  keys_.expect("safety_event", rows_.safety_events.size());
  for (const auto& sourced : rows_.safety_events) {
    safety::SafetyEvent row = sourced.row;
    row.patient = actual(row.patient);
    if (row.measurement)
      if (auto found = measurement_ids_.find(row.measurement->uuid); found != measurement_ids_.end())
        row.measurement = measurements::MeasurementId(found->second);
    if (row.closed_at) row.closed_by = target_.importer;
    if (sourced.key.empty()) {
      // From a positive answer: only an answer that is new here raises it.
      if (!row.measurement || new_measurements_.count(row.measurement->uuid) == 0) continue;
      if (safety::find(tx_, org(), row.patient, row.id)) continue;
    } else {
      auto known = keys_.find("safety_event", sourced.key);
      if (known && known->digest == sourced.digest) {
        result_.report.unchanged.add("safety_events");
        continue;
      }
      if (known) {
        row.id = safety::SafetyEventId(known->row);
        auto before = safety::find(tx_, org(), row.patient, row.id);
        if (!before) {
          reject(sourced.place, "", "belonged to another patient when it was imported before; correct it by hand");
          continue;
        }
        // Its steps are never undone: what somebody works on here goes on here.
        if (!safety::list_steps(tx_, org(), row.id).empty()) {
          if (row.closed_at && !before->closed_at)
            reject(sourced.place, "", "somebody works on this safety event here: close it here");
          else result_.report.unchanged.add("safety_events");
          continue;
        }
        keys_.set("safety_event", sourced.key, row.id.uuid, sourced.digest, known);
        // What a clinician closed here stays closed.
        if (before->closed_at && !row.closed_at) {
          result_.report.unchanged.add("safety_events");
          continue;
        }
        tx_.run(sql::kDeleteSafetyEvent, {org(), row.patient, row.id});
        row.version = before->version + 1;
        ++result_.report.updated;
      } else {
        if (Uuid::parse(sourced.key) && safety::find(tx_, org(), row.patient, row.id)) {
          result_.report.unchanged.add("safety_events");
          continue;
        }
        keys_.set("safety_event", sourced.key, row.id.uuid, sourced.digest, known);
      }
    }
    result_.report.stored.add("safety_events");
    touch(row.patient);
    fresh.push_back(std::move(row));
  }
  in_order(fresh);
  safety::insert_all(tx_, org(), fresh, target_.now);
}

void Store::visits() {
  plain(
      "visits", "visit", rows_.visits, [&](PracticeVisit& row) { row.patient = actual(row.patient); },
      by_patient(sql::kVersionOfVisit), remove_known(sql::kKeepVisit, sql::kDeleteVisit));
}

void Store::write(std::span<const PracticeVisit> piece) {
  static constexpr std::string_view kColumns[] = {"organization_id",   "patient_id",    "visit_date", "visit_id",
                                                  "provider_category", "billing_codes", "modality",   "recorded_at"};
  std::size_t next = 0;
  tx_.load("practice_visit", kColumns, [&](std::vector<db::Param>& values) {
    if (next == piece.size()) return false;
    const auto& v = piece[next++];
    values = {org(), v.patient, v.date, v.id, v.provider_category, v.billing_codes, v.modality, target_.now};
    return true;
  });
}

void Store::site_months() {
  for (const auto& sourced : rows_.site_months) {
    auto known = keys_.find("site_month", sourced.key);
    if (known && known->digest == sourced.digest) {
      result_.report.unchanged.add("site_months");
      continue;
    }
    const SiteId site = actual_site(sourced.row.site);
    if (measures::attest(tx_, org(), {site, sourced.row.month_start, sourced.row.bhcm_fte, {}}, target_.now))
      ++result_.report.updated;
    keys_.set("site_month", sourced.key, site.uuid, sourced.digest, known);
    result_.report.stored.add("site_months");
  }
}

Result<StoreResult> Store::run(bool all_or_nothing) {
  sites_and_people();
  patients();
  coverage();
  conditions();
  allergies();
  plans();
  goals();
  referrals();
  attempts();
  episodes();
  team();
  consents();
  measurements();
  contacts();
  time_entries();
  treatments();
  reviews();
  safety_events();
  visits();
  site_months();
  keys_.flush();
  if (all_or_nothing && !result_.report.rejected.empty()) {
    Error error{ErrorCode::invalid, "Some rows contradict what is stored; nothing was stored.", {}, {}};
    for (const auto& r : result_.report.rejected)
      error.issues.push_back(
          {r.file + (r.line > 0 ? ":" + std::to_string(r.line) : "") + (r.path.empty() ? "" : ":" + r.path), r.reason});
    return tl::unexpected<Error>(std::move(error));
  }
  if (target_.refresh_caseload && !touched_.empty()) {
    std::vector<PatientId> list;
    list.reserve(touched_.size());
    for (const auto& id : touched_) list.emplace_back(id);
    std::sort(list.begin(), list.end());
    target_.refresh_caseload(tx_, org(), list);
  }
  if (target_.audit && result_.report.stored.total() + result_.report.placeholder_count() > 0)
    target_.audit(tx_, target_.source == "csv" ? "import.csv" : "import.fhir",
                  fmt::format("stored {}, changed {}, rejected {}", result_.report.stored.total(), result_.report.updated,
                              result_.report.rejected.size()));
  return std::move(result_);
}

}  // namespace

Result<StoreResult> store_rows(db::Tx& tx, const ImportTarget& target, const Rows& rows, std::span<const PatientRef> refs,
                               bool all_or_nothing) {
  return Store(tx, target, rows, refs).run(all_or_nothing);
}

Report store_directory(db::Tx& tx, const ImportTarget& target, const Directory& directory, std::string_view key_prefix) {
  Report report;
  Keys keys(tx, target.organization);
  std::size_t lookups = directory.wanted.size();
  for (const auto& party : directory.parties) lookups += party.keys.size();
  keys.expect("party", lookups);
  std::vector<OutsideParty> fresh;
  std::unordered_set<std::string> here;
  auto plural = [](const std::string& kind) { return kind + "s"; };
  for (const auto& party : directory.parties) {
    OutsideParty row = party.row;
    const Digest digest = digest_of(row);
    std::vector<std::optional<Known>> known;
    std::optional<Uuid> stored_as;
    bool same = true;
    for (const auto& key : party.keys) {
      here.insert(key);
      known.push_back(keys.find("party", std::string(key_prefix) + key));
      if (known.back() && !stored_as) stored_as = known.back()->row;
      same = same && known.back() && known.back()->digest == digest;
    }
    if (same) {
      report.unchanged.add(plural(row.kind));
      continue;
    }
    if (stored_as) {
      row.id = *stored_as;
      tx.run(sql::kUpdateParty, {target.organization, row.id, row.name, row.identifier, row.role, row.phone, false});
      ++report.updated;
    }
    for (std::size_t i = 0; i < party.keys.size(); ++i)
      keys.set("party", std::string(key_prefix) + party.keys[i], row.id, digest, known[i]);
    report.stored.add(plural(row.kind));
    if (!stored_as) fresh.push_back(std::move(row));
  }
  for (const auto& [key, display] : directory.wanted) {
    if (here.count(key) != 0) continue;
    const std::string outside = std::string(key_prefix) + key;
    auto known = keys.find("party", outside);
    if (known) continue;
    OutsideParty row;
    const auto type = key.substr(0, key.find_first_of("/?"));
    row.kind = type == "Organization"       ? "organization"
               : type == "Location"         ? "location"
               : type == "PractitionerRole" ? "practitioner_role"
                                            : "practitioner";
    row.name = display;
    if (const auto question = key.find('?'); question != std::string::npos) row.identifier = key.substr(question + 1);
    row.placeholder = true;
    row.id = row_id(target.organization, target.source, "party", key);
    keys.set("party", outside, row.id, Digest{}, known);
    ++report.placeholders[plural(row.kind)];
    fresh.push_back(std::move(row));
  }
  std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  static constexpr std::string_view kColumns[] = {"organization_id", "party_id", "kind",  "name",
                                                  "identifier",      "role",     "phone", "placeholder"};
  std::size_t next = 0;
  if (!fresh.empty())
    tx.load("outside_party", kColumns, [&](std::vector<db::Param>& values) {
      if (next == fresh.size()) return false;
      const auto& p = fresh[next++];
      values = {target.organization, p.id, p.kind, p.name, p.identifier, p.role, p.phone, p.placeholder};
      return true;
    });
  keys.flush();
  return report;
}

}  // namespace concord::exchange
