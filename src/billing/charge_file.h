// Charges as files for a billing system: CSV, and HL7 v2.5.1 DFT^P03 messages in one batch file (FHS, BHS, one message
// a patient, BTS, FTS). Pure: the same batch makes the same bytes. No prices: the practice's system knows its fees.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/date.h"
#include "billing/billing.h"

namespace concord::billing {

/// A patient as the file names them.
struct FilePatient {
  PatientId id;
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::string sex;  ///< female, male, other, unknown, ""
  std::string postal_code;
  std::vector<patients::Identifier> identifiers;
};

struct FileCharge {
  const FilePatient* patient = nullptr;
  bool is_credit = false;  ///< takes back a charge that went out before
  std::string reference;   ///< of the charge; a credit has the same
  Month month;
  Date service_date;
  std::string code;
  std::string title;
  int units = 1;
  int minutes_counted = 0;
  std::string payer_category, plan_name, practitioner;
  std::string decision;  ///< why a person let it go out, ""
  const Rate* rate = nullptr;
};

struct FileHead {
  std::string reference;  ///< of the batch
  std::string site;       ///< name
  Instant made{};
};

/// RFC 4180 with a header row; formula-safe.
std::string write_csv(const FileHead& head, std::span<const FileCharge> charges);
/// Charges must come patient by patient. Segments end with CR.
std::string write_dft(const FileHead& head, std::span<const FileCharge> charges);

/// Text inside a field: the delimiters as escape sequences (HL7 2.5.1, 2.7), control characters as blanks.
std::string hl7_text(std::string_view text);
/// Twelve letters and digits (Crockford's base 32) of the id's last 60 bits, which are random in ids made here.
std::string short_reference(const Uuid& id);

}  // namespace concord::billing
