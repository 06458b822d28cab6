// Reads and writes patient, patient_identifier, patient_name_word and coverage. Whether a caller may see a
// row is decided by its site: pass the sites, or ask find_site first (chart.h does).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "patients/patients.h"

namespace concord::patients {

/// With identifiers.
std::optional<Patient> find(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<SiteId> find_site(db::Tx& tx, OrganizationId organization, PatientId patient);
/// With identifiers and search words.
void insert(db::Tx& tx, OrganizationId organization, const Patient& patient, Instant now);
/// Changes the row, its identifiers and its search words from `before` to `after`; false when
/// `before.version` is stale. An earlier birth date stays in patient_before.
bool update(db::Tx& tx, OrganizationId organization, const Patient& before, const Patient& after, Instant now);

/// What a search wants: nothing (everybody), a birth date, name words, or both.
struct Search {
  std::vector<std::string> words;  ///< folded; each must begin a word of the name
  std::optional<Date> birth_date;
  std::string identifier;  ///< the whole text: a patient with exactly this identifier wins
};
/// "ruiz 1980-02-03" -> words {ruiz}, that date. Dates as 1980-02-03 or 2/3/1980.
Search parse_search(std::string_view typed);
/// At most `limit` patients at the sites in the order of their names, after `after`; without identifiers.
std::vector<Patient> search(db::Tx& tx, OrganizationId organization, std::span<const SiteId> sites, const Search& search,
                            const std::optional<PatientId>& after, int limit);

struct Duplicate {
  PatientId id;
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::string because;  ///< name_and_birth_date, identifier
};
/// Other patients at the sites with the same folded name and birth date, or the same identifier.
std::vector<Duplicate> find_duplicates(db::Tx& tx, OrganizationId organization, std::span<const SiteId> sites,
                                       const Patient& patient);

/// What a message to a patient needs to know.
struct ContactLine {
  PatientId id;
  SiteId site;
  std::optional<std::string> language, preferred_channel, phone, email;
  bool deceased = false, has_birth_date = false;
};
/// Of a range of patients, by id.
std::vector<ContactLine> list_contact_lines(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last);

std::vector<Coverage> list_coverage(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Coverage& coverage, Instant now);
/// False when the version is stale. What it said before stays in coverage_before.
bool update(db::Tx& tx, OrganizationId organization, const Coverage& coverage, Instant now);

/// Bulk: patients with identifiers and search words. Nothing is checked but the database's constraints.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Patient> patients, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Coverage> coverage, Instant now);

}  // namespace concord::patients
