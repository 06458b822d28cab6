// Questionnaires as data, and what their answers mean. An instrument is one file instruments/<id>.json: a FHIR R4
// Questionnaire, a scoring block, licence and sources; every number in it names where it comes from. Loading
// checks a file completely, so scoring never meets a broken one. Read next: docs/instruments.md (the file format
// and the rules), score.h (scoring), instruments/phq-9.json (an example).
//
// Everything here is pure and thread-safe once loaded: a Library never changes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/writer.h"

namespace concord::instruments {

/// One answer a person can choose. `points` is what it counts (FHIR ordinalValue): a reversed item's "No" has 1.
struct Option {
  double points = 0;
  std::string code;      ///< LOINC answer code ("LA6568-5"), or the points as text
  std::string system;    ///< "http://loinc.org", or empty
  std::string label;     ///< the instrument's own words
  std::string label_es;  ///< empty: no translation is shipped
};

struct Item {
  std::string link_id;  ///< "q9"; names an answer everywhere in Concord
  std::string number;   ///< as printed, "9."; may be empty
  std::string code;     ///< LOINC, may be empty
  std::string text;
  std::string text_es;
  std::vector<Option> options;
  std::string lead_in, lead_in_es;  ///< a display line that stands right before this item, not before the first
  bool scored = false;              ///< counts in the total, or in the level
  bool required = true;             ///< false: an extra question that may be left out of an entry
  bool reversed = false;            ///< "no" is the answer that counts; `points` already says so
};

struct Band {
  std::string label;  ///< "moderately severe"
  double from = 0;    ///< inclusive
  double to = 0;      ///< inclusive
};

/// "item has `at_least` points".
struct ItemCondition {
  int item = 0;  ///< index into Instrument::items
  double at_least = 0;
};

struct Subscale {
  std::string id;  ///< "B", "inattention"
  std::string title;
  std::vector<int> items;         ///< indexes; empty when only its total can be entered
  std::vector<int> item_numbers;  ///< numbers on the printed form, for totals-only instruments
  double min = 0, max = 0;
  std::optional<double> positive_at;  ///< positive from this total on
  std::optional<double> count_from;   ///< or: positive when `needs` items have this many points
  int needs = 0;
  std::string source;
};

/// A cut-off on the total, or on the subscale `of`. Exactly one of the values is set (by sex: both sexes).
struct Cut {
  std::optional<double> at_least, at_most, below;
  std::optional<double> male, female;  ///< at least
  std::string of;                      ///< subscale id; empty: the total
  std::vector<ItemCondition> also;     ///< must hold too (MDQ)
  std::string source;
};

/// A change between two scores of one instrument. Percent and points are of the drop (or rise) from the first.
struct Change {
  std::optional<double> drop_percent, drop_points, rise_points;
  std::optional<double> or_below;  ///< or the later score is below this
  std::string source;
};

struct StaleDays {
  int active = 0;  ///< days without a score until one is due
  int relapse_prevention = 0;
  std::string source;
};

/// The numbers care is steered by; absent where nobody published one.
struct Thresholds {
  std::optional<Cut> elevated, remission;
  std::optional<Change> response, improved, worse, minimal_change, reliable_change;
  std::optional<StaleDays> stale;
  /// New York State OMH metrics, which may differ from the registry's own.
  std::optional<Cut> nys_elevated, nys_remission;
  std::optional<Change> nys_improved;
};

/// A point inside the published range or in other use, shown beside a score.
struct Cutoff {
  double at = 0;
  std::string meaning, source;
};

/// When every condition's item has exactly those points, `skips` are not asked and count 0.
struct Gate {
  struct Equals {
    int item = 0;
    double points = 0;
  };
  std::vector<Equals> when;
  std::vector<int> skips;
  bool ignores_answers = false;  ///< answers to the skipped items are not counted either (PC-PTSD-5)
};

struct SafetyRule {
  int item = 0;
  double at_least = 1;
  bool required = true;  ///< left blank, the safety state is unknown and the item must be asked again
  std::string source;
};

/// C-SSRS: the worst level with a condition that holds; listed worst first.
struct Level {
  std::string level;
  std::vector<ItemCondition> any;
};

enum class Method { sum, mean, count, worst_level };
enum class MissingRule { all_required, prorate, as_zero };
enum class Entry {
  items,            ///< full wording shipped
  items_by_number,  ///< points by item number from the site's own licensed copy
  total             ///< total and subscales only
};
enum class Permission { free, opt_in };
enum class Sex { unknown, female, male };

struct Instrument {
  std::string id;  ///< "phq-9", also the file's name
  std::string version;
  std::string title, title_es;
  std::string short_title;  ///< "PHQ-9"
  std::string measures;     ///< "depression", "anxiety", ...
  bool validated = true;    ///< false: nobody has; it can be no episode's primary instrument, so it is never a baseline
  std::vector<std::string> aliases;
  std::vector<std::string> informants;  ///< the first is the default
  std::vector<std::string> languages;   ///< "en", and "es" when the wording is shipped
  std::string instructions, instructions_es;
  std::string stem, stem_es;
  std::vector<Item> items;  ///< in the order they are asked

  Entry entry = Entry::items;
  Method method = Method::sum;
  bool higher_is_worse = true;
  double total_min = 0, total_max = 0, multiply = 1;
  int decimals = 0;
  MissingRule missing = MissingRule::all_required;
  int max_blank = 0;
  std::vector<int> never_blank;  ///< items that are never filled in by a rule
  std::vector<Gate> gates;
  std::vector<Band> bands;             ///< without gaps from total_min to total_max, or none
  std::vector<ItemCondition> step_up;  ///< any of them: one band up (AUDIT)
  std::vector<Subscale> subscales;
  std::string cluster_rule;  ///< id, "dsm-5-clusters"; empty: none
  std::vector<int> cluster_subscales;
  Thresholds thresholds;
  std::vector<std::pair<std::string, Thresholds>> thresholds_by_informant;
  std::vector<Cutoff> cutoffs;
  std::vector<SafetyRule> safety;
  std::vector<Level> levels;
  std::string no_level;  ///< "none"

  std::string loinc_panel, loinc_total, loinc_level;
  struct AlsoAnswer {
    int item = -1;  ///< -1: every item
    std::string code;
    double points = 0;
  };
  std::vector<AlsoAnswer> also_answers;  ///< further answer codes accepted on import
  struct AlsoItem {
    int item = 0;
    std::string code;
  };
  std::vector<AlsoItem> also_items;  ///< further item codes accepted on import

  Permission permission = Permission::free;
  std::string licence_holder, licence_notice, licence_terms;
  std::vector<std::string> notes;
  std::vector<std::string> sources;
  std::string questionnaire_json;  ///< the FHIR Questionnaire, as text

  int scored_count = 0;
  int required_count = 0;

  /// Index of the item, or -1.
  int item(std::string_view link_id) const;
  /// Index of the item with this LOINC code (or accepted import code), or -1.
  int item_by_code(std::string_view code) const;
  /// Points of an answer code for an item (codes of the file, then accepted import codes).
  std::optional<double> points_of(int item_index, std::string_view answer_code) const;
  int subscale(std::string_view subscale_id) const;
  bool has_informant(std::string_view informant) const;
  /// The informant's own numbers where the instrument has them, else the instrument's.
  const Thresholds& thresholds_for(std::string_view informant) const;
  bool total_only() const { return entry == Entry::total; }
};

/// What a name found: "scared_child" is SCARED with the informant "child".
struct Found {
  const Instrument* instrument = nullptr;
  std::string informant;
};

/// Every instrument of a folder. Movable; the instruments keep their addresses.
class Library {
 public:
  const std::vector<const Instrument*>& all() const { return order_; }  ///< by id
  /// By exact id; null when unknown.
  const Instrument* find(std::string_view id) const;
  /// By any usual spelling: case, hyphens, underscores, blanks and dots do not matter; aliases ("phq_a"); an
  /// informant at the end. not_found names the instruments there are.
  Result<Found> lookup(std::string_view name) const;
  const Instrument* by_total_code(std::string_view loinc) const;
  const Instrument* by_panel_code(std::string_view loinc) const;

 private:
  friend Result<Library> load_library(const std::filesystem::path& folder);
  std::vector<std::unique_ptr<const Instrument>> owned_;
  std::vector<const Instrument*> order_;
};

/// Reads every *.json of the folder. bad_file with every issue of every file ("phq-9.json: scoring.bands[2].from").
Result<Library> load_library(const std::filesystem::path& folder);
/// One file's text; `file_name` is used for the issues' paths and must be "<id>.json".
Result<Instrument> parse_instrument(std::string_view file_name, std::string_view text);

/// LOINC's mod-10 check digit ("44261-6"). Proves form, not meaning.
bool is_loinc_code(std::string_view code);

/// May a new administration start? Free instruments always, the others when the site recorded a permission.
/// not_permitted_by_licence otherwise.
Result<void> may_start(const Instrument& instrument, bool permitted);

/// For forms: {"id","title","short_title","version","language","instructions","stem","items":[{"id","number","text","lead_in",
/// "options":[{"value","label"}],"scored","optional","show_when"}],"total_only","total_min","total_max","permission",
/// "informants","subscales",...}. A language without shipped wording falls back to English; "language" says which it is.
void write_instrument(json::Writer& writer, const Instrument& instrument, std::string_view language);

std::string_view name(Permission permission);
std::string_view name(Entry entry);

}  // namespace concord::instruments
