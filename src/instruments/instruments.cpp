#include "instruments/instruments.h"

#include <fmt/format.h>

#include <algorithm>

namespace concord::instruments {
namespace {

/// Letters and digits only, lower case: "PHQ_9" and "phq-9" are one name.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    else if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void write_change(json::Writer& w, std::string_view key, const std::optional<Change>& change) {
  if (!change) return;
  w.key(key).object();
  if (change->drop_percent) w.field("drop_percent", *change->drop_percent);
  if (change->drop_points) w.field("drop_points", *change->drop_points);
  if (change->rise_points) w.field("rise_points", *change->rise_points);
  if (change->or_below) w.field("or_below", *change->or_below);
  w.field("source", change->source).end();
}

void write_cut(json::Writer& w, std::string_view key, const std::optional<Cut>& cut) {
  if (!cut) return;
  w.key(key).object();
  if (cut->at_least) w.field("at_least", *cut->at_least);
  if (cut->at_most) w.field("at_most", *cut->at_most);
  if (cut->below) w.field("below", *cut->below);
  if (cut->male) w.field("male", *cut->male).field("female", *cut->female);
  if (!cut->of.empty()) w.field("of", cut->of);
  w.field("source", cut->source).end();
}

void write_thresholds(json::Writer& w, const Thresholds& t) {
  w.object();
  write_cut(w, "elevated", t.elevated);
  write_change(w, "response", t.response);
  write_cut(w, "remission", t.remission);
  write_change(w, "improved", t.improved);
  write_change(w, "worse", t.worse);
  write_change(w, "minimal_change", t.minimal_change);
  write_change(w, "reliable_change", t.reliable_change);
  if (t.stale)
    w.key("stale_days").object().field("active", t.stale->active).field("relapse_prevention", t.stale->relapse_prevention).end();
  w.end();
}

}  // namespace

int Instrument::item(std::string_view link_id) const {
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].link_id == link_id) return static_cast<int>(i);
  return -1;
}

int Instrument::item_by_code(std::string_view code) const {
  if (code.empty()) return -1;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].code == code) return static_cast<int>(i);
  for (const auto& also : also_items)
    if (also.code == code) return also.item;
  return -1;
}

std::optional<double> Instrument::points_of(int item_index, std::string_view answer_code) const {
  if (item_index < 0 || answer_code.empty()) return std::nullopt;
  for (const auto& option : items[static_cast<std::size_t>(item_index)].options)
    if (option.code == answer_code) return option.points;
  for (const auto& also : also_answers)
    if ((also.item == -1 || also.item == item_index) && also.code == answer_code) return also.points;
  return std::nullopt;
}

int Instrument::subscale(std::string_view subscale_id) const {
  for (std::size_t i = 0; i < subscales.size(); ++i)
    if (subscales[i].id == subscale_id) return static_cast<int>(i);
  return -1;
}

bool Instrument::has_informant(std::string_view informant) const {
  return std::find(informants.begin(), informants.end(), informant) != informants.end();
}

const Thresholds& Instrument::thresholds_for(std::string_view informant) const {
  for (const auto& [who, own] : thresholds_by_informant)
    if (who == informant) return own;
  return thresholds;
}

const Instrument* Library::find(std::string_view id) const {
  for (const auto* instrument : order_)
    if (instrument->id == id) return instrument;
  return nullptr;
}

Result<Found> Library::lookup(std::string_view name) const {
  const std::string wanted = plain(name);
  const auto is = [&](const Instrument& instrument, std::string_view ending) {
    const auto matches = [&](std::string_view own) { return plain(own) + plain(ending) == wanted; };
    return matches(instrument.id) || std::any_of(instrument.aliases.begin(), instrument.aliases.end(), matches);
  };
  if (!wanted.empty()) {
    for (const auto* instrument : order_)
      if (is(*instrument, "")) return Found{instrument, instrument->informants.front()};
    for (const auto* instrument : order_)
      for (const auto& informant : instrument->informants)
        if (is(*instrument, informant)) return Found{instrument, informant};
  }
  std::string known;
  for (const auto* instrument : order_) known += (known.empty() ? "" : ", ") + instrument->id;
  return fail(ErrorCode::not_found, "There is no such instrument. There are: " + known + ".");
}

const Instrument* Library::by_total_code(std::string_view loinc) const {
  if (loinc.empty()) return nullptr;
  for (const auto* instrument : order_)
    if (instrument->loinc_total == loinc) return instrument;
  return nullptr;
}

const Instrument* Library::by_panel_code(std::string_view loinc) const {
  if (loinc.empty()) return nullptr;
  for (const auto* instrument : order_)
    if (instrument->loinc_panel == loinc) return instrument;
  return nullptr;
}

Result<void> may_start(const Instrument& instrument, bool permitted) {
  if (instrument.permission == Permission::free || permitted) return {};
  return fail(ErrorCode::not_permitted_by_licence,
              fmt::format("{} may only be used with the permission of its owner ({}). Record the permission of this site first.",
                          instrument.short_title, instrument.licence_holder));
}

std::string_view name(Permission permission) { return permission == Permission::free ? "free" : "opt_in"; }

std::string_view name(Entry entry) {
  switch (entry) {
    case Entry::items:
      return "items";
    case Entry::items_by_number:
      return "items_by_number";
    case Entry::total:
      return "total";
  }
  return "items";
}

void write_instrument(json::Writer& w, const Instrument& in, std::string_view language) {
  const bool spanish = language == "es" && std::find(in.languages.begin(), in.languages.end(), "es") != in.languages.end();
  const auto text = [&](const std::string& en, const std::string& es) -> const std::string& { return spanish ? es : en; };
  w.object();
  w.field("id", in.id)
      .field("version", in.version)
      .field("title", text(in.title, in.title_es))
      .field("short_title", in.short_title);
  w.field("measures", in.measures).field("language", spanish ? "es" : "en");
  w.key("languages").array();
  for (const auto& l : in.languages) w.value(l);
  w.end();
  w.field("instructions", text(in.instructions, in.instructions_es)).field("stem", text(in.stem, in.stem_es));
  w.field("entry", name(in.entry)).field("total_only", in.total_only());
  w.key("items").array();
  for (std::size_t i = 0; i < in.items.size(); ++i) {
    const Item& item = in.items[i];
    w.object();
    w.field("id", item.link_id).field("number", item.number).field("text", text(item.text, item.text_es));
    if (!item.lead_in.empty()) w.field("lead_in", text(item.lead_in, item.lead_in_es));
    w.field("scored", item.scored).field("optional", !item.required);
    const bool safety =
        std::any_of(in.safety.begin(), in.safety.end(), [&](const SafetyRule& r) { return r.item == static_cast<int>(i); });
    w.field("safety", safety);
    w.key("options").array();
    for (const auto& option : item.options)
      w.object().field("value", option.points).field("label", text(option.label, option.label_es)).end();
    w.end();
    // Hide the item when every condition of one of these groups holds.
    w.key("skip_when").array();
    for (const auto& gate : in.gates) {
      if (std::find(gate.skips.begin(), gate.skips.end(), static_cast<int>(i)) == gate.skips.end()) continue;
      w.array();
      for (const auto& when : gate.when)
        w.object().field("item", in.items[static_cast<std::size_t>(when.item)].link_id).field("equals", when.points).end();
      w.end();
    }
    w.end();
    w.end();
  }
  w.end();
  if (in.method == Method::worst_level) {
    w.key("total_min").null().key("total_max").null();
    w.key("levels").array().value(in.no_level);
    for (auto level = in.levels.rbegin(); level != in.levels.rend(); ++level) w.value(level->level);
    w.end();
  } else {
    w.field("total_min", in.total_min).field("total_max", in.total_max);
  }
  w.field("decimals", in.decimals).field("higher_is_worse", in.higher_is_worse);
  w.key("bands").array();
  for (const auto& band : in.bands) w.object().field("label", band.label).field("from", band.from).field("to", band.to).end();
  w.end();
  w.key("subscales").array();
  for (const auto& sub : in.subscales) {
    w.object().field("id", sub.id).field("title", sub.title).field("min", sub.min).field("max", sub.max);
    w.field("positive_at", sub.positive_at).end();
  }
  w.end();
  w.key("thresholds");
  write_thresholds(w, in.thresholds);
  w.key("thresholds_by_informant").object();
  for (const auto& [who, own] : in.thresholds_by_informant) {
    w.key(who);
    write_thresholds(w, own);
  }
  w.end();
  w.key("informants").array();
  for (const auto& informant : in.informants) w.value(informant);
  w.end();
  w.field("permission", name(in.permission));
  w.key("licence")
      .object()
      .field("holder", in.licence_holder)
      .field("notice", in.licence_notice)
      .field("terms", in.licence_terms)
      .end();
  w.key("notes").array();
  for (const auto& note : in.notes) w.value(note);
  w.end();
  w.end();
}

}  // namespace concord::instruments
