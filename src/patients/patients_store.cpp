#include "patients/patients_store.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "patients/patients_sql.h"

namespace concord::patients {
namespace {

constexpr std::size_t kSitesAtOnce = 8;
/// Sorts behind every continuation of a word: U+10FFFF.
constexpr std::string_view kHighest = "\xF4\x8F\xBF\xBF";

Patient read_patient(const db::Row& row) {
  Patient p;
  p.id = row.id<PatientId>(0);
  p.site = row.id<SiteId>(1);
  p.given_name = row.string(2);
  p.family_name = row.string(3);
  p.birth_date = row.maybe_date(4);
  p.sex = row.maybe_string(5);
  p.gender_identity = row.maybe_string(6);
  p.race = row.maybe_string(7);
  p.ethnicity = row.maybe_string(8);
  p.language = row.maybe_string(9);
  p.interpreter_needed = row.boolean(10);
  p.preferred_channel = row.maybe_string(11);
  p.phone = row.maybe_string(12);
  p.email = row.maybe_string(13);
  p.postal_code = row.maybe_string(14);
  p.deceased_date = row.maybe_date(15);
  p.placeholder = row.boolean(16);
  p.labels = row.string(17);
  p.version = row.integer(18);
  return p;
}

Coverage read_coverage(const db::Row& row) {
  Coverage c;
  c.id = row.id<CoverageId>(0);
  c.patient = row.id<PatientId>(1);
  c.payer_category = row.string(2);
  c.plan_name = row.maybe_string(3);
  c.start_date = row.date(4);
  c.end_date = row.maybe_date(5);
  c.version = row.integer(6);
  return c;
}

std::vector<Identifier> identifiers_of(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListIdentifiers, {organization, patient},
                [](const db::Row& row) { return Identifier{row.string(0), row.string(1)}; });
}

/// Runs `query` for the sites, eight at a time; the last one fills the free places.
template <class Query>
void for_sites(std::span<const SiteId> sites, Query&& query) {
  for (std::size_t from = 0; from < sites.size(); from += kSitesAtOnce) {
    std::array<SiteId, kSitesAtOnce> some;
    for (std::size_t i = 0; i < kSitesAtOnce; ++i) some[i] = sites[std::min(from + i, sites.size() - 1)];
    query(some);
  }
}

bool has_words(const Patient& patient, const std::vector<std::string>& wanted) {
  const auto words = search_words(patient);
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& want) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(want); });
  });
}

std::optional<Date> parse_us_date(std::string_view text) {  // 2/3/1980
  const auto parts = split(text, '/');
  if (parts.size() != 3) return std::nullopt;
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [stop, error] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
    if (error != std::errc() || stop != parts[i].data() + parts[i].size() || numbers[i] < 1) return std::nullopt;
  }
  if (numbers[2] < 1800 || numbers[2] > 2200) return std::nullopt;
  return Date::from_ymd(numbers[2], static_cast<unsigned>(numbers[0]), static_cast<unsigned>(numbers[1]));
}

// The columns of a row in the order in which it is inserted; they look into what they are given.

/// Without when the patient was changed last.
std::vector<db::Param> values_of(OrganizationId organization, const Patient& p, const std::string& folded, Instant created_at) {
  return {organization,
          p.id,
          p.site,
          p.given_name,
          p.family_name,
          p.birth_date,
          p.sex,
          p.gender_identity,
          p.race,
          p.ethnicity,
          p.language,
          p.interpreter_needed,
          p.preferred_channel,
          p.phone,
          p.email,
          p.postal_code,
          p.deceased_date,
          p.placeholder,
          p.labels,
          p.version,
          folded,
          created_at};
}

std::vector<db::Param> values_of(OrganizationId organization, const Coverage& c, Instant recorded_at) {
  return {organization, c.patient, c.id, c.payer_category, c.plan_name, c.start_date, c.end_date, c.version, recorded_at};
}

}  // namespace

std::optional<Patient> find(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto found = tx.one(sql::kFindPatient, {organization, patient}, read_patient);
  if (found) found->identifiers = identifiers_of(tx, organization, patient);
  return found;
}

std::optional<SiteId> find_site(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kFindSite, {organization, patient}, [](const db::Row& row) { return row.id<SiteId>(0); });
}

void insert(db::Tx& tx, OrganizationId organization, const Patient& p, Instant now) {
  const std::string folded = folded_name(p);
  tx.run(sql::kInsertPatient, values_of(organization, p, folded, now));
  for (const auto& identifier : p.identifiers)
    tx.run(sql::kInsertIdentifier, {organization, p.id, identifier.system, identifier.value});
  for (const auto& word : search_words(p)) tx.run(sql::kInsertNameWord, {organization, word, p.id});
}

bool update(db::Tx& tx, OrganizationId organization, const Patient& before, const Patient& after, Instant now) {
  const std::string folded = folded_name(after);
  if (before.birth_date != after.birth_date)
    tx.run(sql::kKeepBirthDate, {organization, before.id, now, before.version, after.birth_date});
  if (before.deceased_date != after.deceased_date)
    tx.run(sql::kKeepDeath, {organization, before.id, now, before.version, after.deceased_date});
  const auto changed = tx.run(sql::kUpdatePatient, {organization,
                                                    before.id,
                                                    before.version,
                                                    after.given_name,
                                                    after.family_name,
                                                    after.birth_date,
                                                    after.sex,
                                                    after.gender_identity,
                                                    after.race,
                                                    after.ethnicity,
                                                    after.language,
                                                    after.interpreter_needed,
                                                    after.preferred_channel,
                                                    after.phone,
                                                    after.email,
                                                    after.postal_code,
                                                    after.deceased_date,
                                                    after.placeholder,
                                                    after.site,
                                                    folded,
                                                    now});
  if (changed == 0) return false;
  if (before.identifiers != after.identifiers) {
    tx.run(sql::kDeleteIdentifiers, {organization, before.id});
    for (const auto& identifier : after.identifiers)
      tx.run(sql::kInsertIdentifier, {organization, before.id, identifier.system, identifier.value});
  }
  const auto old_words = search_words(before), new_words = search_words(after);
  const auto in = [](const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  for (const auto& word : old_words)
    if (!in(new_words, word)) tx.run(sql::kDeleteNameWord, {organization, word, before.id});
  for (const auto& word : new_words)
    if (!in(old_words, word)) tx.run(sql::kInsertNameWord, {organization, word, before.id});
  return true;
}

Search parse_search(std::string_view typed) {
  Search search;
  typed = trim(typed);
  search.identifier = std::string(typed);
  std::string rest;
  for (const auto token : split(typed, ' ')) {
    std::optional<Date> date = Date::parse(token);
    if (!date) date = parse_us_date(token);
    if (date && !search.birth_date) {
      search.birth_date = date;
      continue;
    }
    rest += ' ';
    rest += token;
  }
  search.words = name_words(rest);
  return search;
}

std::vector<Patient> search(db::Tx& tx, OrganizationId organization, std::span<const SiteId> sites, const Search& wanted,
                            const std::optional<PatientId>& after, int limit) {
  std::vector<Patient> found;
  if (sites.empty() || limit <= 0) return found;
  const auto most = static_cast<std::size_t>(limit);

  if (!wanted.identifier.empty() && !after) {
    for_sites(sites, [&](const auto& s) {
      tx.each(sql::kSearchIdentifier, {organization, wanted.identifier, limit, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]},
              [&](const db::Row& row) { found.push_back(read_patient(row)); });
    });
    if (!found.empty()) {
      if (found.size() > most) found.resize(most);
      return found;
    }
  }
  const bool wants_somebody = !wanted.words.empty() || wanted.birth_date;
  if (!wants_somebody && !wanted.identifier.empty()) return found;  // typed "--": nobody

  // The longest word finds the fewest; the others are checked on what it finds.
  std::string low, high;
  if (!wanted.words.empty()) {
    low = *std::max_element(wanted.words.begin(), wanted.words.end(),
                            [](const auto& a, const auto& b) { return a.size() < b.size(); });
    high = low + std::string(kHighest);
  }
  const auto fits = [&](const Patient& p) {
    return (!wanted.birth_date || p.birth_date == wanted.birth_date) && has_words(p, wanted.words);
  };
  const bool checks_more = wanted.words.size() > 1 || (wanted.birth_date && !wanted.words.empty());

  std::string first_name;
  PatientId first_id;
  if (after) {
    const auto key = tx.one(sql::kFindSortKey, {organization, *after}, [](const db::Row& row) { return row.string(0); });
    if (!key) return found;
    first_name = *key, first_id = *after;
  }
  for_sites(sites, [&](const auto& s) {
    std::string name = first_name;
    PatientId id = first_id;
    std::size_t kept = 0;
    const int chunk = checks_more ? std::max(limit, 500) : limit;
    while (true) {
      int read = 0;
      const auto take = [&](const db::Row& row) {
        Patient patient = read_patient(row);
        ++read;
        name = folded_name(patient), id = patient.id;
        if (kept < most && fits(patient)) {
          ++kept;
          found.push_back(std::move(patient));
        }
      };
      // A birth date alone is looked up by its index; with words, the words find and the date is checked.
      const std::string begin_name = name;
      const PatientId begin_id = id;
      if (!wanted.words.empty())
        tx.each(sql::kSearchWords,
                {organization, begin_name, begin_id, chunk, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], low, high}, take);
      else if (wanted.birth_date)
        tx.each(sql::kSearchBirthDate,
                {organization, begin_name, begin_id, chunk, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], *wanted.birth_date},
                take);
      else
        tx.each(sql::kListByName, {organization, begin_name, begin_id, chunk, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]},
                take);
      if (read < chunk || kept >= most) break;
    }
  });
  if (sites.size() > kSitesAtOnce) {
    std::sort(found.begin(), found.end(), [](const Patient& a, const Patient& b) {
      return std::make_pair(folded_name(a), a.id) < std::make_pair(folded_name(b), b.id);
    });
    if (found.size() > most) found.resize(most);
  }
  return found;
}

std::vector<Duplicate> find_duplicates(db::Tx& tx, OrganizationId organization, std::span<const SiteId> sites,
                                       const Patient& patient) {
  std::vector<std::pair<PatientId, std::string>> ids;
  const auto note = [&](PatientId id, std::string_view because) {
    if (id == patient.id) return;
    for (const auto& known : ids)
      if (known.first == id) return;
    ids.emplace_back(id, because);
  };
  if (patient.birth_date)
    tx.each(sql::kFindSameName, {organization, folded_name(patient), *patient.birth_date},
            [&](const db::Row& row) { note(row.id<PatientId>(0), "name_and_birth_date"); });
  for (const auto& identifier : patient.identifiers)
    tx.each(sql::kFindSameIdentifier, {organization, identifier.system, identifier.value},
            [&](const db::Row& row) { note(row.id<PatientId>(0), "identifier"); });
  std::vector<Duplicate> duplicates;
  for (const auto& [id, because] : ids) {
    const auto found = tx.one(sql::kFindPatient, {organization, id}, read_patient);
    if (!found || std::find(sites.begin(), sites.end(), found->site) == sites.end()) continue;
    duplicates.push_back({id, found->given_name, found->family_name, found->birth_date, because});
  }
  return duplicates;
}

std::vector<ContactLine> list_contact_lines(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last) {
  return tx.all(sql::kListContactLines, {organization, first, last}, [](const db::Row& row) {
    return ContactLine{row.id<PatientId>(0), row.id<SiteId>(1),   row.maybe_string(2), row.maybe_string(3),
                       row.maybe_string(4),  row.maybe_string(5), !row.is_null(6),     !row.is_null(7)};
  });
}

std::vector<Coverage> list_coverage(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListCoverage, {organization, patient}, read_coverage);
}

void insert(db::Tx& tx, OrganizationId organization, const Coverage& c, Instant now) {
  tx.run(sql::kInsertCoverage, values_of(organization, c, now));
}

bool update(db::Tx& tx, OrganizationId organization, const Coverage& c, Instant now) {
  tx.run(sql::kKeepCoverage, {organization, c.patient, c.id, now, c.version, c.payer_category, c.start_date, c.end_date});
  return tx.run(sql::kUpdateCoverage,
                {organization, c.patient, c.id, c.version, c.payer_category, c.plan_name, c.start_date, c.end_date}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Patient> patients, Instant now) {
  static constexpr std::string_view kPatientColumns[] = {"organization_id",
                                                         "patient_id",
                                                         "site_id",
                                                         "given_name",
                                                         "family_name",
                                                         "birth_date",
                                                         "sex",
                                                         "gender_identity",
                                                         "race",
                                                         "ethnicity",
                                                         "language",
                                                         "interpreter_needed",
                                                         "preferred_channel",
                                                         "phone",
                                                         "email",
                                                         "postal_code",
                                                         "deceased_date",
                                                         "placeholder",
                                                         "labels",
                                                         "version",
                                                         "name_folded",
                                                         "created_at",
                                                         "updated_at"};
  std::size_t next = 0;
  std::string folded;
  tx.load("patient", kPatientColumns, [&](std::vector<db::Param>& values) {
    if (next == patients.size()) return false;
    const Patient& p = patients[next++];
    folded = folded_name(p);
    values = values_of(organization, p, folded, p.recorded_at.value_or(now));
    values.emplace_back(now);
    return true;
  });

  static constexpr std::string_view kIdentifierColumns[] = {"organization_id", "patient_id", "system", "value"};
  next = 0;
  std::size_t inner = 0;
  tx.load("patient_identifier", kIdentifierColumns, [&](std::vector<db::Param>& values) {
    while (next < patients.size() && inner == patients[next].identifiers.size()) ++next, inner = 0;
    if (next == patients.size()) return false;
    const Identifier& identifier = patients[next].identifiers[inner++];
    values.assign({organization, patients[next].id, identifier.system, identifier.value});
    return true;
  });

  static constexpr std::string_view kWordColumns[] = {"organization_id", "word", "patient_id"};
  next = 0;
  inner = 0;
  std::vector<std::string> words;
  if (!patients.empty()) words = search_words(patients[0]);
  tx.load("patient_name_word", kWordColumns, [&](std::vector<db::Param>& values) {
    while (next < patients.size() && inner == words.size()) {
      ++next, inner = 0;
      words.clear();
      if (next < patients.size()) words = search_words(patients[next]);
    }
    if (next == patients.size()) return false;
    values.assign({organization, words[inner++], patients[next].id});
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Coverage> coverage, Instant now) {
  static constexpr std::string_view kColumns[] = {"organization_id", "patient_id", "coverage_id", "payer_category", "plan_name",
                                                  "start_date",      "end_date",   "version",     "recorded_at"};
  std::size_t next = 0;
  tx.load("coverage", kColumns, [&](std::vector<db::Param>& values) {
    if (next == coverage.size()) return false;
    const Coverage& c = coverage[next++];
    values = values_of(organization, c, c.recorded_at.value_or(now));
    return true;
  });
}

}  // namespace concord::patients
