#include "ecqm/terms.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/check.h"
#include "fhir/element.h"
#include "fhir/input.h"
#include "fhir/resource_file.h"

namespace concord::ecqm {
namespace {

using json::Value;

struct Known {
  System system;
  std::string_view url, name, oid;
};

constexpr Known kKnown[] = {
    {kLoinc, "http://loinc.org", "LOINC", "2.16.840.1.113883.6.1"},
    {kSnomed, "http://snomed.info/sct", "SNOMED CT", "2.16.840.1.113883.6.96"},
    {kIcd10cm, "http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM", "2.16.840.1.113883.6.90"},
    {kIcd9cm, "http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM", "2.16.840.1.113883.6.103"},
    {kCpt, "http://www.ama-assn.org/go/cpt", "CPT", "2.16.840.1.113883.6.12"},
    {kHcpcs, "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS", "2.16.840.1.113883.6.285"},
    {kRxNorm, "http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm", "2.16.840.1.113883.6.88"},
    {kIcd10pcs, "http://www.cms.gov/Medicare/Coding/ICD10", "ICD-10-PCS", "2.16.840.1.113883.6.4"},
    {kCdt, "http://www.ada.org/cdt", "CDT", "2.16.840.1.113883.6.13"},
    {kUbrev, "https://www.nubc.org/CodeSystem/RevenueCodes", "NUBC revenue codes", "2.16.840.1.113883.6.301.3"},
    {kHsloc, "https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html", "HSLOC", "2.16.840.1.113883.6.259"},
};

constexpr std::string_view kUrnOid = "urn:oid:";

/// One spelling for systems that are written in several ways.
std::string_view canonical(std::string_view system) {
  if (system.starts_with(kUrnOid)) {
    const auto oid = system.substr(kUrnOid.size());
    for (const Known& known : kKnown)
      if (known.oid == oid) return known.url;
  }
  if (system.size() > 20 && (system.starts_with("http://www.cms.gov/") || system.starts_with("https://www.cms.gov/"))) {
    if (system.ends_with("HCPCSReleaseCodeSets") || system.ends_with("MedHCPCSGenInfo")) return url_of(kHcpcs);
    if (system.ends_with("ICD10")) return url_of(kIcd10pcs);
  }
  return system;
}

std::uint16_t bit_of(std::string_view system) {
  const auto url = canonical(system);
  for (const Known& known : kKnown)
    if (known.url == url) return known.system;
  return 0;
}

std::string names_of(std::uint16_t systems) {
  std::string names;
  for (const Known& known : kKnown)
    if ((systems & known.system) != 0) names += (names.empty() ? "" : ", ") + std::string(known.name);
  return names;
}

std::uint64_t hash_of(std::string_view system, std::string_view code) {
  const std::hash<std::string_view> hash;
  const std::uint64_t h = hash(code) * 0x9E3779B97F4A7C15ULL ^ hash(system);
  return h == 0 ? 1 : h;
}

/// Adds a hash that is not 0 to a table with room for it.
void put_hash(std::vector<std::uint64_t>& table, std::uint64_t hash) {
  std::size_t at = hash & (table.size() - 1);
  while (table[at] != 0 && table[at] != hash) at = (at + 1) & (table.size() - 1);
  table[at] = hash;
}

std::string_view without_version(std::string_view url) { return url.substr(0, url.find('|')); }

/// Is this OID the end of its url, an identifier, or its id?
bool is_called(const Value& set, std::string_view oid) {
  const auto url = without_version(fhir::text(&set, "url"));
  if (url.ends_with(oid) &&
      (url.size() == oid.size() || url[url.size() - oid.size() - 1] == '/' || url[url.size() - oid.size() - 1] == ':'))
    return true;
  if (fhir::text(&set, "id") == oid) return true;
  bool found = false;
  fhir::each(set.find("identifier"), [&](const Value* identifier) {
    auto value = fhir::text(identifier, "value");
    if (value.starts_with(kUrnOid)) value.remove_prefix(kUrnOid.size());
    found = found || value == oid;
  });
  return found;
}

struct Read {
  std::string file;
  bool seen = false;
  std::size_t codes = 0;
  std::uint16_t systems = 0;
  bool other_systems = false;
};

/// The text of an error that names its file once more.
std::string without(const std::string& name, std::string_view text) {
  if (text.starts_with(name + ": ")) text.remove_prefix(name.size() + 2);
  return std::string(text);
}

class Loader {
 public:
  Loader(Terms& terms, const std::vector<TermNeed>& needs) : terms_(terms), needs_(needs), read_(needs.size()) {}

  void file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    auto file = fhir::ResourceFile::open(path);
    if (!file) return unusable_.push_back({name, without(name, file.error().text)});
    for (;;) {
      auto piece = file->next();
      if (!piece) return unusable_.push_back({name, without(name, piece.error().text)});
      if (!*piece) return;
      for (const auto& entry : (*piece)->entries)
        if (entry.type == "ValueSet") set(*entry.resource, name, entry.path(std::string_view()));
    }
  }

  Result<std::vector<std::string>> finish() {
    for (std::size_t t = 0; t < needs_.size(); ++t) check(needs_[t], read_[t]);
    if (issues_.empty()) {
      for (const auto& issue : unusable_) notes_.push_back(issue.path + " was not used: " + issue.text);
      return std::move(notes_);
    }
    issues_.insert(issues_.end(), unusable_.begin(), unusable_.end());
    return fail(ErrorCode::bad_file,
                "The value sets cannot be used. Put the FHIR ValueSet JSON files with their expansions "
                "(for example from the Value Set Authority Center) into the folder of --valuesets.",
                std::move(issues_));
  }

 private:
  static std::string called(const TermNeed& need) { return std::string(need.oid) + " (" + std::string(need.title) + ")"; }

  void set(const Value& resource, const std::string& name, const std::string& path) {
    for (std::size_t t = 0; t < needs_.size(); ++t) {
      if (needs_[t].oid.empty() || !is_called(resource, needs_[t].oid)) continue;
      if (read_[t].seen)
        notes_.push_back(called(needs_[t]) + " is in " + read_[t].file + " and in " + name + ": the codes of both are used");
      read_[t].seen = true;
      read_[t].file = name;
      const Value* expansion = fhir::get(&resource, "expansion", "contains");
      const std::size_t before = read_[t].codes;
      if (expansion != nullptr) contains(t, expansion, name, fhir::join_path(path, "expansion.contains"));
      if (read_[t].codes == before) compose(t, resource, name, fhir::join_path(path, "compose.include"));
    }
  }

  void contains(std::size_t t, const Value* list, const std::string& name, const std::string& path) {
    std::size_t i = 0;
    fhir::each(list, [&](const Value* entry) {
      const std::string here = path + "[" + std::to_string(i++) + "]";
      const bool is_abstract = fhir::boolean(entry->find("abstract")).value_or(false);
      if (!is_abstract && !fhir::text(entry, "code").empty())
        code(t, fhir::text(entry, "system"), fhir::text(entry, "code"), name, here);
      if (const Value* below = entry->find("contains")) contains(t, below, name, here + ".contains");
    });
  }

  void compose(std::size_t t, const Value& resource, const std::string& name, const std::string& path) {
    std::size_t i = 0;
    fhir::each(fhir::get(&resource, "compose", "include"), [&](const Value* include) {
      const std::string here = path + "[" + std::to_string(i++) + "]";
      fhir::each(include->find("concept"),
                 [&](const Value* listed) { code(t, fhir::text(include, "system"), fhir::text(listed, "code"), name, here); });
    });
  }

  void code(std::size_t t, std::string_view system, std::string_view code, const std::string& name, const std::string& path) {
    if (code.empty()) return;
    if (system.empty()) {
      if (!systemless_[t]++)
        issues_.push_back(
            {name + ": " + path, "has a code of " + called(needs_[t]) + " without its code system: add \"system\""});
      return;
    }
    terms_.add(static_cast<unsigned>(t), system, code);
    ++read_[t].codes;
    const auto known = bit_of(system);
    read_[t].systems |= known;
    read_[t].other_systems = read_[t].other_systems || known == 0;
  }

  void check(const TermNeed& need, const Read& read) {
    if (need.oid.empty() || !need.required) return;
    if (!read.seen) return issues_.push_back({called(need), "is missing: add its ValueSet file with the expansion"});
    if (read.codes == 0)
      return issues_.push_back(
          {called(need),
           "has no codes in " + read.file + ": the file must hold the expansion (expansion.contains), not only the definition"});
    if (need.systems != 0 && (read.systems & need.systems) == 0) {
      if (!read.other_systems)
        return issues_.push_back({called(need), "has codes of " + names_of(read.systems) + " only in " + read.file +
                                                    "; records use " + names_of(need.systems) +
                                                    ": take the expansion of the published value set"});
      notes_.push_back(called(need) + " has no code of " + names_of(need.systems) +
                       ": only records with its own code systems are found");
      return;
    }
    if (const auto missing = static_cast<std::uint16_t>(need.expected & ~read.systems); missing != 0)
      notes_.push_back(called(need) + " has no code of " + names_of(missing) + ": records coded that way are not found");
  }

  Terms& terms_;
  const std::vector<TermNeed>& needs_;
  std::vector<Read> read_;
  std::map<std::size_t, int> systemless_;
  std::vector<Issue> issues_, unusable_;
  std::vector<std::string> notes_;
};

}  // namespace

std::string_view url_of(System system) {
  for (const Known& known : kKnown)
    if (known.system == system) return known.url;
  return {};
}

std::string_view name_of(System system) {
  for (const Known& known : kKnown)
    if (known.system == system) return known.name;
  return {};
}

Terms Terms::of(const std::vector<TermNeed>& needs) {
  CHECK(needs.size() <= 64);
  Terms terms;
  for (unsigned t = 0; t < needs.size(); ++t) {
    if (!needs[t].code.empty()) terms.add(t, url_of(needs[t].system), needs[t].code);
    if (!needs[t].code2.empty()) terms.add(t, url_of(needs[t].system), needs[t].code2);
  }
  return terms;
}

Result<Terms> Terms::load(const std::filesystem::path& folder, const std::vector<TermNeed>& needs) {
  Terms terms = of(needs);
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::bad_file, "The folder of value sets cannot be read.",
                {{folder.string(), "is not a folder: --valuesets names the folder with the FHIR ValueSet files"}});
  CONCORD_TRY(const auto files, fhir::list_inputs({folder}));
  Loader loader(terms, needs);
  for (const auto& file : files) {
    const auto name = file.path.filename().string();
    if (name.ends_with(".json") || name.ends_with(".ndjson") || name.ends_with(".json.gz") || name.ends_with(".json.xz"))
      loader.file(file.path);
  }
  CONCORD_TRY(terms.notes_, loader.finish());
  return terms;
}

void Terms::grow() {
  std::vector<Slot> old(std::max<std::size_t>(256, slots_.size() * 2));
  old.swap(slots_);
  std::vector<std::uint64_t> old_codes(slots_.size());
  old_codes.swap(codes_);
  for (const auto hash : old_codes)
    if (hash != 0) put_hash(codes_, hash);
  for (const Slot& slot : old) {
    if (slot.hash == 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].hash != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

void Terms::add(unsigned term, std::string_view system, std::string_view code) {
  CHECK(term < 64);
  system = canonical(system);
  if ((count_ + 1) * 2 > slots_.size()) grow();
  const auto hash = hash_of(system, code);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.hash == hash && std::string_view(text_).substr(slot.code, slot.code_size) == code &&
        std::string_view(text_).substr(slot.system, slot.system_size) == system) {
      slot.mask |= bit(term);
      return;
    }
  }
  Slot& slot = slots_[at];
  slot.hash = hash;
  slot.system = static_cast<std::uint32_t>(text_.size());
  slot.system_size = static_cast<std::uint16_t>(system.size());
  text_ += system;
  slot.code = static_cast<std::uint32_t>(text_.size());
  slot.code_size = static_cast<std::uint16_t>(code.size());
  text_ += code;
  slot.mask = bit(term);
  ++count_;
  put_hash(codes_, hash_of({}, code));
}

bool Terms::is_some_code(std::string_view code) const {
  if (codes_.empty()) return false;
  const auto hash = hash_of({}, code);
  for (std::size_t at = hash & (codes_.size() - 1); codes_[at] != 0; at = (at + 1) & (codes_.size() - 1))
    if (codes_[at] == hash) return true;
  return false;
}

bool Terms::may_name_code(std::string_view text) const {
  constexpr std::string_view kKey = "\"code\"";
  for (std::size_t at = text.find(kKey); at != std::string_view::npos; at = text.find(kKey, at)) {
    at = text.find_first_not_of(" \t:", at + kKey.size());
    if (at == std::string_view::npos) return false;
    if (text[at] != '"') continue;  // a concept, not a code
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string_view::npos) return true;  // cut off: whoever parses it says so
    const auto code = text.substr(at + 1, end - at - 1);
    if (code.find('\\') != std::string_view::npos || is_some_code(code)) return true;
    at = end;
  }
  return false;
}

TermMask Terms::of(std::string_view system, std::string_view code) const {
  if (slots_.empty() || code.empty()) return 0;
  system = canonical(system);
  const auto hash = hash_of(system, code);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.hash == hash && std::string_view(text_).substr(slot.code, slot.code_size) == code &&
        std::string_view(text_).substr(slot.system, slot.system_size) == system)
      return slot.mask;
  }
  return 0;
}

}  // namespace concord::ecqm
