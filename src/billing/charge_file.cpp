#include "billing/charge_file.h"

#include <fmt/format.h>

#include "base/text.h"

namespace concord::billing {
namespace {

std::string day(Date date) {
  const auto iso = date.iso();
  return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2);
}

/// YYYYMMDDHHMMSS+0000
std::string stamp(Instant at) {
  const auto text = iso(at);  // 2026-03-01T14:05:06.123Z
  return text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + text.substr(11, 2) + text.substr(14, 2) +
         text.substr(17, 2) + "+0000";
}

std::string cents(std::int64_t amount) { return fmt::format("{}.{:02}", amount / 100, amount % 100); }

/// HL7 table 0001.
std::string_view sex_code(std::string_view sex) {
  if (sex == "female") return "F";
  if (sex == "male") return "M";
  if (sex == "other") return "O";
  return "U";
}

/// CPT codes are all digits; the others are HCPCS level II.
std::string_view coding_system(std::string_view code) { return code.front() >= 'A' ? "HCPCS" : "C4"; }

std::string procedure(const FileCharge& c) {
  return fmt::format("{}^{}^{}", hl7_text(c.code), hl7_text(c.title), coding_system(c.code));
}

/// XCN: the registry knows the practitioner by name only.
std::string practitioner(const FileCharge& c) { return c.practitioner.empty() ? "" : "^" + hl7_text(c.practitioner); }

class Dft {
 public:
  Dft(const FileHead& head, std::string& out) : head_(head), out_(out) {}

  void segment(std::initializer_list<std::string_view> fields) {
    // Trailing empty fields are left out.
    std::size_t last = fields.size();
    while (last > 1 && (fields.begin() + last - 1)->empty()) --last;
    for (std::size_t i = 0; i < last; ++i) {
      if (i > 0) out_ += '|';
      out_ += *(fields.begin() + i);
    }
    out_ += '\r';
  }

  void begin_file() {
    const auto made = stamp(head_.made), site = hl7_text(head_.site), reference = hl7_text(head_.reference);
    segment({"FHS", "^~\\&", "CONCORD", site, "", "", made, "", "", "", reference});
    segment({"BHS", "^~\\&", "CONCORD", site, "", "", made, "", "", "", reference});
  }

  void end_file(std::size_t messages) {
    segment({"BTS", std::to_string(messages)});
    segment({"FTS", "1"});
  }

  void message(std::size_t number, std::span<const FileCharge> charges) {
    const FilePatient& p = *charges.front().patient;
    const auto made = stamp(head_.made);
    segment({"MSH", "^~\\&", "CONCORD", hl7_text(head_.site), "", "", made, "", "DFT^P03^DFT_P03",
             fmt::format("{}-{}", head_.reference, number), "P", "2.5.1", "", "", "AL", "NE", "", "UNICODE UTF-8"});
    segment({"EVN", "P03", made});
    std::string ids = fmt::format("{}^^^CONCORD^PI", p.id.text());
    for (const auto& other : p.identifiers) ids += fmt::format("~{}^^^{}^U", hl7_text(other.value), hl7_text(other.system));
    segment({"PID", "1", "", ids, "", hl7_text(p.family_name) + "^" + hl7_text(p.given_name), "",
             p.birth_date ? day(*p.birth_date) : "", sex_code(p.sex), "", "",
             p.postal_code.empty() ? "" : "^^^^" + hl7_text(p.postal_code)});
    const FileCharge& first = charges.front();
    segment({"PV1", "1", "O", "", "", "", "", practitioner(first)});
    int set = 0;
    for (const auto& c : charges) {
      segment(
          {"FT1",
           std::to_string(++set),
           c.reference,
           hl7_text(head_.reference),
           day(c.service_date),
           made,
           c.is_credit ? "CR" : "CG",
           procedure(c),
           "",
           "",
           std::to_string(c.units),
           "",
           "",
           "",
           c.payer_category.empty() ? "" : hl7_text(c.payer_category) + (c.plan_name.empty() ? "" : "^" + hl7_text(c.plan_name)),
           "",
           "",
           "",
           "",
           "",
           practitioner(c),
           "",
           "",
           "",
           "",
           procedure(c)});
    }
  }

 private:
  const FileHead& head_;
  std::string& out_;
};

}  // namespace

std::string hl7_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '|':
        out += "\\F\\";
        break;
      case '^':
        out += "\\S\\";
        break;
      case '&':
        out += "\\T\\";
        break;
      case '~':
        out += "\\R\\";
        break;
      case '\\':
        out += "\\E\\";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

std::string short_reference(const Uuid& id) {
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::uint64_t bits = 0;
  for (std::size_t i = 8; i < 16; ++i) bits = bits << 8 | id.bytes[i];
  std::string out(12, '0');
  for (std::size_t i = 12; i-- > 0; bits >>= 5) out[i] = kDigits[bits & 31];
  return out;
}

std::string write_csv(const FileHead& head, std::span<const FileCharge> charges) {
  std::string out =
      "batch,transaction,charge,patient_id,family_name,given_name,birth_date,month,service_date,code,title,units,minutes_counted,"
      "payer_category,plan_name,billing_practitioner,decision,rate_usd_for_information,rate_place,rate_from,rate_until,rate_"
      "source\r\n";
  for (const auto& c : charges) {
    const FilePatient& p = *c.patient;
    bool first = true;
    const auto cell = [&](std::string_view value) {
      if (!first) out += ',';
      first = false;
      out += csv_cell(value);
    };
    cell(head.reference);
    cell(c.is_credit ? "credit" : "charge");
    cell(c.reference);
    cell(p.id.text());
    cell(p.family_name);
    cell(p.given_name);
    cell(p.birth_date ? p.birth_date->iso() : "");
    cell(c.month.text());
    cell(c.service_date.iso());
    cell(c.code);
    cell(c.title);
    cell(std::to_string(c.units));
    cell(std::to_string(c.minutes_counted));
    cell(c.payer_category);
    cell(c.plan_name);
    cell(c.practitioner);
    cell(c.decision);
    cell(c.rate ? cents(c.rate->cents) : "");
    cell(c.rate ? c.rate->place : "");
    cell(c.rate ? c.rate->from.iso() : "");
    cell(c.rate && c.rate->until ? c.rate->until->iso() : "");
    cell(c.rate ? c.rate->source : "");
    out += "\r\n";
  }
  return out;
}

std::string write_dft(const FileHead& head, std::span<const FileCharge> charges) {
  std::string out;
  Dft file(head, out);
  file.begin_file();
  std::size_t messages = 0;
  for (std::size_t from = 0; from < charges.size();) {
    std::size_t until = from + 1;
    while (until < charges.size() && charges[until].patient->id == charges[from].patient->id) ++until;
    file.message(++messages, charges.subspan(from, until - from));
    from = until;
  }
  file.end_file(messages);
  return out;
}

}  // namespace concord::billing
