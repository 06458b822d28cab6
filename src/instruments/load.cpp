// Reads and checks one instrument file. Every rule a file must keep is here; docs/instruments.md lists them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "base/text.h"
#include "instruments/instruments.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::instruments {
namespace {

using json::Cursor;
using json::Issues;
using json::Kind;

constexpr double kBig = 1e6;
constexpr std::string_view kLoinc = "http://loinc.org";
constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::string_view kOrdinal = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
constexpr std::string_view kTranslation = "http://hl7.org/fhir/StructureDefinition/translation";
constexpr std::string_view kYes = "LA33-6";

void copy_json(json::Writer& w, const json::Value& v) {
  switch (v.kind()) {
    case Kind::null:
      w.null();
      break;
    case Kind::boolean:
      w.value(v.boolean());
      break;
    case Kind::number:
      w.raw(v.text());
      break;
    case Kind::string:
      w.value(v.text());
      break;
    case Kind::array:
      w.array();
      for (const auto& item : v.items()) copy_json(w, item);
      w.end();
      break;
    case Kind::object:
      w.object();
      for (const auto& member : v.members()) {
        w.key(member.key);
        copy_json(w, member.value);
      }
      w.end();
      break;
  }
}

/// An answer code: "LA" and digits with a check digit of LOINC's own making (not the mod-10 one).
bool is_answer_code(std::string_view code) {
  if (!code.starts_with("LA") || code.size() < 5 || code[code.size() - 2] != '-') return false;
  return std::all_of(code.begin() + 2, code.end() - 2, [](char c) { return c >= '0' && c <= '9'; }) && code.back() >= '0' &&
         code.back() <= '9';
}

bool is_link_id(std::string_view id) {
  return !id.empty() &&
         std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

/// The Spanish text of a FHIR primitive's sibling ("_text"), or empty.
std::string spanish(const Cursor& sibling) {
  std::string found;
  if (!sibling.present()) return found;
  sibling.only({"extension"});
  sibling.required("extension").each([&](const Cursor& extension) {
    extension.only({"url", "extension"});
    if (extension.required("url").string().value_or("") != kTranslation) {
      extension.required("url").issue("must be the FHIR translation extension");
      return;
    }
    std::string language, content;
    extension.required("extension").each([&](const Cursor& part) {
      part.only({"url", "valueCode", "valueString"});
      const std::string url = part.required("url").string().value_or("");
      if (url == "lang") language = part.required("valueCode").string(2, 5).value_or("");
      else if (url == "content") content = part.required("valueString").string(1).value_or("");
      else part.required("url").issue("must be lang or content");
    });
    if (language != "es") extension.issue("must be Spanish (es): no other language is shipped");
    else found = content;
  });
  return found;
}

struct EnableWhen {
  std::string question, code;
  bool equal = false;
};

struct Reader {
  Instrument in;
  Issues& issues;
  std::vector<std::string> entry_fields;             // linkIds of decimal items (totals-only instruments)
  std::vector<std::vector<EnableWhen>> enable_when;  // by item

  explicit Reader(Issues& collected) : issues(collected) {}

  std::string source(const Cursor& c) { return c.required("source").string(3, 500).value_or(""); }

  int item_ref(const Cursor& c) {
    const auto id = c.string(1, 60);
    if (!id) return -1;
    const int index = in.item(*id);
    if (index < 0) c.issue(fmt::format("names item \"{}\", which the questionnaire does not have", *id));
    return index;
  }

  std::vector<int> item_refs(const Cursor& list) {
    std::vector<int> out;
    list.each([&](const Cursor& c) {
      const int index = item_ref(c);
      if (index < 0) return;
      if (std::find(out.begin(), out.end(), index) != out.end()) c.issue("is listed twice");
      out.push_back(index);
    });
    return out;
  }

  double max_points(int item) const {
    double most = 0;
    for (const auto& o : in.items[static_cast<std::size_t>(item)].options) most = std::max(most, o.points);
    return most;
  }
  double min_points(int item) const {
    double least = kBig;
    for (const auto& o : in.items[static_cast<std::size_t>(item)].options) least = std::min(least, o.points);
    return least;
  }
  bool has_points(int item, double points) const {
    const auto& options = in.items[static_cast<std::size_t>(item)].options;
    return std::any_of(options.begin(), options.end(), [&](const Option& o) { return o.points == points; });
  }

  std::vector<ItemCondition> conditions(const Cursor& list) {
    std::vector<ItemCondition> out;
    list.each([&](const Cursor& c) {
      c.only({"item", "at_least"});
      ItemCondition condition;
      condition.item = item_ref(c.required("item"));
      condition.at_least = c.required("at_least").real(0, kBig).value_or(0);
      if (condition.item < 0) return;
      if (condition.at_least > max_points(condition.item)) c.required("at_least").issue("is more than the item can have");
      out.push_back(condition);
    });
    return out;
  }

  // ---- questionnaire ------------------------------------------------------------------------------------------

  std::string loinc_coding(const Cursor& list) {
    std::string code;
    list.each([&](const Cursor& c) {
      c.only({"system", "code", "display"});
      if (c.required("system").string().value_or("") != kLoinc) c.required("system").issue("must be http://loinc.org");
      code = c.required("code").string(3, 12).value_or("");
      if (!code.empty() && !is_loinc_code(code)) c.required("code").issue("has a wrong LOINC check digit");
    });
    return code;
  }

  void option(const Cursor& c, Item& item) {
    c.only({"valueCoding"});
    const Cursor coding = c.required("valueCoding");
    coding.only({"extension", "system", "code", "display", "_display"});
    Option o;
    bool has_ordinal = false;
    coding.required("extension").each([&](const Cursor& e) {
      e.only({"url", "valueDecimal"});
      if (e.required("url").string().value_or("") != kOrdinal) e.required("url").issue("must be the FHIR ordinalValue extension");
      const auto points = e.required("valueDecimal").real(0, 100);
      if (points) {
        o.points = *points;
        has_ordinal = true;
      }
    });
    if (!has_ordinal) coding.issue("needs its points (ordinalValue)");
    o.system = coding.optional("system").string().value_or("");
    o.code = coding.required("code").string(1, 30).value_or("");
    o.label = coding.required("display").string(1, 200).value_or("");
    o.label_es = spanish(coding.optional("_display"));
    if (o.system == kLoinc && !is_answer_code(o.code)) coding.required("code").issue("is no LOINC answer code (LA...)");
    else if (!o.system.empty() && o.system != kLoinc) coding.required("system").issue("must be http://loinc.org or left out");
    for (const auto& other : item.options) {
      if (other.points == o.points) coding.issue("has the points of another answer");
      if (other.code == o.code) coding.required("code").issue("is the code of another answer");
      if (other.label == o.label) coding.required("display").issue("is the text of another answer");
    }
    item.options.push_back(std::move(o));
  }

  void questionnaire(const Cursor& q, std::string_view id) {
    q.only({"resourceType", "url", "version", "name", "title", "_title", "status", "subjectType", "date", "copyright", "code",
            "item"});
    if (q.required("resourceType").string().value_or("") != "Questionnaire")
      q.required("resourceType").issue("must be Questionnaire");
    if (q.required("url").string().value_or("") != fmt::format("urn:concord:instrument:{}", id))
      q.required("url").issue(fmt::format("must be urn:concord:instrument:{}", id));
    in.version = q.required("version").string(1, 20).value_or("");
    q.required("name").string(1, 60);
    in.title = q.required("title").string(1, 200).value_or("");
    in.title_es = spanish(q.optional("_title"));
    q.required("status").one_of({"active"});
    q.required("subjectType").each([](const Cursor& c) { c.one_of({"Patient"}); });
    q.required("date").date();
    q.required("copyright").string(1, 2000);
    in.loinc_panel = loinc_coding(q.optional("code"));
    std::set<std::string> ids;
    std::string lead, lead_es;
    q.required("item").each([&](const Cursor& c) {
      c.only({"linkId", "code", "prefix", "text", "_text", "type", "enableWhen", "enableBehavior", "answerOption"});
      const std::string link = c.required("linkId").string(1, 40).value_or("");
      if (!is_link_id(link)) c.required("linkId").issue("must be lower case letters, digits and underscores");
      if (!ids.insert(link).second) c.required("linkId").issue("is used twice");
      const std::string text = c.required("text").string(1, 2000).value_or("");
      const std::string text_es = spanish(c.optional("_text"));
      const std::string type = c.required("type").one_of({"display", "choice", "decimal"}).value_or("");
      if (type == "display") {
        if (link == "instructions") {
          in.instructions = text;
          in.instructions_es = text_es;
        } else if (in.items.empty()) {
          in.stem = text;
          in.stem_es = text_es;
        } else {
          lead = text;
          lead_es = text_es;
        }
        return;
      }
      if (type == "decimal") {
        loinc_coding(c.optional("code"));
        entry_fields.push_back(link);
        return;
      }
      Item item;
      item.link_id = link;
      item.code = loinc_coding(c.optional("code"));
      item.number = c.optional("prefix").string(1, 10).value_or("");
      item.text = text;
      item.text_es = text_es;
      item.lead_in = std::exchange(lead, {});
      item.lead_in_es = std::exchange(lead_es, {});
      c.required("answerOption").each([&](const Cursor& o) { option(o, item); });
      if (item.options.size() < 2) c.required("answerOption").issue("needs two answers or more");
      if (!item.code.empty() && in.item_by_code(item.code) >= 0) c.required("code").issue("is the code of another item");
      std::vector<EnableWhen> when;
      c.optional("enableWhen").each([&](const Cursor& e) {
        e.only({"question", "operator", "answerCoding"});
        EnableWhen condition;
        const int question = item_ref(e.required("question"));
        condition.question = e.required("question").string().value_or("");
        condition.equal = e.required("operator").one_of({"=", "!="}).value_or("=") == "=";
        const Cursor coding = e.required("answerCoding");
        coding.only({"system", "code"});
        condition.code = coding.required("code").string(1, 30).value_or("");
        if (question >= 0) {
          const auto& options = in.items[static_cast<std::size_t>(question)].options;
          if (std::none_of(options.begin(), options.end(), [&](const Option& o) { return o.code == condition.code; }))
            coding.required("code").issue("is no answer of that question");
        }
        when.push_back(std::move(condition));
      });
      c.optional("enableBehavior").one_of({"all", "any"});
      if (when.size() > 1 && !c.optional("enableBehavior").present()) c.issue("needs enableBehavior: it has two conditions");
      in.items.push_back(std::move(item));
      enable_when.push_back(std::move(when));
    });
    if (!lead.empty()) q.required("item").issue("must not end with a display line");
  }

  // ---- scoring ------------------------------------------------------------------------------------------------

  Cut cut(const Cursor& c, double total_min, double total_max) {
    c.only({"at_least", "at_most", "below", "by_sex", "of", "and", "source"});
    Cut out;
    out.source = source(c);
    out.of = c.optional("of").string(1, 40).value_or("");
    double low = total_min, high = total_max;
    if (!out.of.empty()) {
      const int index = in.subscale(out.of);
      if (index < 0) c.required("of").issue("is no subscale");
      else {
        low = in.subscales[static_cast<std::size_t>(index)].min;
        high = in.subscales[static_cast<std::size_t>(index)].max;
      }
    }
    int given = 0;
    const auto read = [&](std::string_view key, std::optional<double>& into) {
      into = c.optional(key).real(low, high);
      given += c.optional(key).present();
    };
    read("at_least", out.at_least);
    read("at_most", out.at_most);
    read("below", out.below);
    if (const Cursor by_sex = c.optional("by_sex"); by_sex.present()) {
      by_sex.only({"male", "female"});
      out.male = by_sex.required("male").real(low, high);
      out.female = by_sex.required("female").real(low, high);
      ++given;
    }
    if (given != 1) c.issue("needs exactly one of at_least, at_most, below, by_sex");
    out.also = conditions(c.optional("and"));
    return out;
  }

  Change change(const Cursor& c) {
    c.only({"drop_percent", "drop_points", "rise_points", "points", "or_below", "source"});
    Change out;
    out.source = source(c);
    out.drop_percent = c.optional("drop_percent").real(1, 100);
    out.drop_points = c.optional("drop_points").real(0.1, kBig);
    out.rise_points = c.optional("rise_points").real(0.1, kBig);
    if (const auto either = c.optional("points").real(0.1, kBig)) out.drop_points = out.rise_points = either;
    out.or_below = c.optional("or_below").real(in.total_min, in.total_max);
    if (!out.drop_percent && !out.drop_points && !out.rise_points) c.issue("needs a percentage or points");
    return out;
  }

  Thresholds thresholds(const Cursor& c) {
    Thresholds out;
    if (!c.present()) return out;
    c.only({"elevated", "response", "remission", "improved", "worse", "minimal_change", "reliable_change", "stale_days", "nys"});
    const auto cut_of = [&](const Cursor& parent, std::string_view key, std::optional<Cut>& into) {
      const Cursor member = parent.optional(key);
      if (member.present()) into = cut(member, in.total_min, in.total_max);
    };
    const auto change_of = [&](const Cursor& parent, std::string_view key, std::optional<Change>& into) {
      const Cursor member = parent.optional(key);
      if (member.present()) into = change(member);
    };
    cut_of(c, "elevated", out.elevated);
    cut_of(c, "remission", out.remission);
    change_of(c, "response", out.response);
    change_of(c, "improved", out.improved);
    change_of(c, "worse", out.worse);
    change_of(c, "minimal_change", out.minimal_change);
    change_of(c, "reliable_change", out.reliable_change);
    if (const Cursor stale = c.optional("stale_days"); stale.present()) {
      stale.only({"active", "relapse_prevention", "source"});
      StaleDays days;
      days.active = static_cast<int>(stale.required("active").integer(1, 400).value_or(0));
      days.relapse_prevention = static_cast<int>(stale.required("relapse_prevention").integer(1, 800).value_or(0));
      days.source = source(stale);
      out.stale = days;
    }
    if (const Cursor nys = c.optional("nys"); nys.present()) {
      nys.only({"elevated", "improved", "remission"});
      cut_of(nys, "elevated", out.nys_elevated);
      cut_of(nys, "remission", out.nys_remission);
      change_of(nys, "improved", out.nys_improved);
    }
    return out;
  }

  void classify(const Cursor& s) {
    const auto scored = item_refs(s.optional("scored"));
    const auto optional = item_refs(s.optional("optional"));
    const auto asked = item_refs(s.optional("asked"));
    std::vector<int> uses(in.items.size(), 0);
    for (std::size_t i = 1; i < scored.size(); ++i)
      if (scored[i] <= scored[i - 1]) s.required("scored").issue("must be in the order of the questionnaire");
    for (const int i : scored) {
      in.items[static_cast<std::size_t>(i)].scored = true;
      ++uses[static_cast<std::size_t>(i)];
    }
    for (const int i : optional) {
      in.items[static_cast<std::size_t>(i)].required = false;
      ++uses[static_cast<std::size_t>(i)];
    }
    for (const int i : asked) ++uses[static_cast<std::size_t>(i)];
    for (const auto& gate : in.gates)
      for (const auto& when : gate.when)
        if (uses[static_cast<std::size_t>(when.item)] == 0) uses[static_cast<std::size_t>(when.item)] = 1;
    for (std::size_t i = 0; i < uses.size(); ++i)
      if (uses[i] != 1)
        s.issue(fmt::format("must say once what item \"{}\" is: scored, optional, asked, or the question of a gate",
                            in.items[i].link_id));
    const auto reverse = item_refs(s.optional("reverse"));
    for (const int i : reverse) in.items[static_cast<std::size_t>(i)].reversed = true;
    for (const auto& item : in.items)
      for (const auto& o : item.options)
        if (o.code == kYes && item.scored && (o.points == 0) != item.reversed)
          s.issue(fmt::format("must list item \"{}\" under reverse exactly when its \"Yes\" has 0 points", item.link_id));
    in.scored_count = static_cast<int>(scored.size());
    in.required_count =
        static_cast<int>(std::count_if(in.items.begin(), in.items.end(), [](const Item& i) { return i.required; }));
  }

  void gates(const Cursor& s) {
    s.optional("gates").each([&](const Cursor& c) {
      c.only({"when", "skips", "ignores_answers", "source"});
      source(c);
      Gate gate;
      gate.ignores_answers = c.optional("ignores_answers").boolean().value_or(false);
      c.required("when").each([&](const Cursor& w) {
        w.only({"item", "equals"});
        const int item = item_ref(w.required("item"));
        const double points = w.required("equals").real(0, 100).value_or(0);
        if (item < 0) return;
        if (!has_points(item, points)) w.required("equals").issue("is no answer of that item");
        gate.when.push_back({item, points});
      });
      gate.skips = item_refs(c.required("skips"));
      if (gate.when.empty() || gate.skips.empty()) c.issue("needs a condition and the items it skips");
      for (const int skip : gate.skips)
        for (const auto& when : gate.when)
          if (skip <= when.item) c.required("skips").issue("must come after the question that decides");
      in.gates.push_back(std::move(gate));
    });
    // The form's enableWhen and the scoring's gates say the same thing twice: they must not part.
    for (std::size_t i = 0; i < in.items.size(); ++i) {
      const bool skipped = std::any_of(in.gates.begin(), in.gates.end(), [&](const Gate& gate) {
        return std::find(gate.skips.begin(), gate.skips.end(), static_cast<int>(i)) != gate.skips.end();
      });
      if (skipped != !enable_when[i].empty())
        s.issue(fmt::format("item \"{}\": its enableWhen and the gates must agree", in.items[i].link_id));
    }
  }

  void total(const Cursor& s) {
    if (in.method == Method::worst_level) {
      if (s.optional("total").present()) s.required("total").issue("must be left out: a level has no total");
      return;
    }
    const Cursor t = s.required("total");
    t.only({"min", "max", "decimals", "multiply"});
    in.total_min = t.required("min").real(0, kBig).value_or(0);
    in.total_max = t.required("max").real(0, kBig).value_or(0);
    in.decimals = static_cast<int>(t.required("decimals").integer(0, 2).value_or(0));
    in.multiply = t.optional("multiply").real(1, 100).value_or(1);
    if (in.total_min >= in.total_max) t.issue("min must be less than max");
    if (in.total_only()) return;
    double low = 0, high = 0;
    for (std::size_t i = 0; i < in.items.size(); ++i)
      if (in.items[i].scored) {
        low += min_points(static_cast<int>(i));
        high += max_points(static_cast<int>(i));
      }
    const double divide = in.method == Method::mean ? std::max(1, in.scored_count) : 1;
    if (low * in.multiply / divide != in.total_min || high * in.multiply / divide != in.total_max)
      t.issue(fmt::format("must be {} to {}: that is what the items can make", low * in.multiply / divide,
                          high * in.multiply / divide));
  }

  void bands(const Cursor& s) {
    const Cursor b = s.optional("bands");
    if (!b.present()) return;
    b.only({"source", "list"});
    source(b);
    const double step = std::pow(10.0, -in.decimals);
    b.required("list").each([&](const Cursor& c) {
      c.only({"label", "from", "to"});
      Band band;
      band.label = c.required("label").string(1, 60).value_or("");
      band.from = c.required("from").real(in.total_min, in.total_max).value_or(0);
      band.to = c.required("to").real(in.total_min, in.total_max).value_or(0);
      if (band.to < band.from) c.issue("ends before it starts");
      const double expected = in.bands.empty() ? in.total_min : in.bands.back().to + step;
      if (std::abs(band.from - expected) > 1e-9)
        c.required("from").issue(fmt::format("must be {}: bands have no gap and no overlap", expected));
      for (const auto& other : in.bands)
        if (other.label == band.label) c.required("label").issue("is the label of another band");
      in.bands.push_back(std::move(band));
    });
    if (in.bands.empty() || in.bands.back().to != in.total_max) b.required("list").issue("must reach the highest total");
    if (const Cursor up = s.optional("band_step_up"); up.present()) {
      up.only({"any", "source"});
      source(up);
      in.step_up = conditions(up.required("any"));
    }
  }

  void subscales(const Cursor& s) {
    s.optional("subscales").each([&](const Cursor& c) {
      c.only({"id", "title", "items", "item_numbers", "min", "max", "positive_at", "count_from", "needs", "source"});
      Subscale sub;
      sub.id = c.required("id").string(1, 40).value_or("");
      sub.title = c.required("title").string(1, 80).value_or("");
      sub.source = source(c);
      sub.items = item_refs(c.optional("items"));
      c.optional("item_numbers").each([&](const Cursor& n) {
        sub.item_numbers.push_back(static_cast<int>(n.integer(1, 200).value_or(0)));
      });
      sub.min = c.required("min").real(0, kBig).value_or(0);
      sub.max = c.required("max").real(0, kBig).value_or(0);
      sub.positive_at = c.optional("positive_at").real(sub.min, sub.max);
      sub.count_from = c.optional("count_from").real(0, 100);
      sub.needs = static_cast<int>(c.optional("needs").integer(1, 100).value_or(0));
      if (sub.count_from.has_value() != (sub.needs > 0)) c.issue("count_from and needs belong together");
      if (in.subscale(sub.id) >= 0) c.required("id").issue("is used twice");
      if (in.total_only()) {
        if (!sub.items.empty()) c.required("items").issue("must be item_numbers: no item is shipped");
        if (std::find(entry_fields.begin(), entry_fields.end(), sub.id) == entry_fields.end())
          c.required("id").issue("has no field in the questionnaire");
      } else {
        double low = 0, high = 0;
        for (const int i : sub.items) {
          low += min_points(i);
          high += max_points(i);
        }
        if (sub.items.empty()) c.issue("needs its items");
        else if (low != sub.min || high != sub.max)
          c.issue(fmt::format("must be {} to {}: that is what its items can make", low, high));
        if (sub.needs > static_cast<int>(sub.items.size())) c.required("needs").issue("is more than it has items");
      }
      in.subscales.push_back(std::move(sub));
    });
    if (const Cursor rule = s.optional("cluster_rule"); rule.present()) {
      rule.only({"id", "subscales", "source"});
      source(rule);
      in.cluster_rule = rule.required("id").string(1, 40).value_or("");
      rule.required("subscales").each([&](const Cursor& c) {
        const int index = in.subscale(c.string(1, 40).value_or(""));
        if (index < 0) c.issue("is no subscale");
        else in.cluster_subscales.push_back(index);
      });
    }
  }

  void missing(const Cursor& s) {
    const Cursor m = in.total_only() ? s.optional("missing") : s.required("missing");
    if (!m.present()) return;
    m.only({"rule", "max_blank", "never_blank", "source"});
    source(m);
    const std::string rule = m.required("rule").one_of({"all_required", "prorate", "as_zero"}).value_or("all_required");
    in.missing = rule == "prorate" ? MissingRule::prorate : rule == "as_zero" ? MissingRule::as_zero : MissingRule::all_required;
    if (in.missing == MissingRule::all_required) {
      if (m.optional("max_blank").present()) m.required("max_blank").issue("must be left out: every answer is needed");
    } else {
      in.max_blank = static_cast<int>(m.required("max_blank").integer(1, 50).value_or(0));
      if (in.max_blank >= in.scored_count) m.required("max_blank").issue("must leave some answers");
      if (!in.gates.empty()) m.issue("cannot be used with gates");
    }
    in.never_blank = item_refs(m.optional("never_blank"));
  }

  void levels(const Cursor& s) {
    const Cursor l = s.optional("levels");
    if (l.present() != (in.method == Method::worst_level)) {
      s.issue("must have levels exactly when the method is worst_level");
      return;
    }
    if (!l.present()) return;
    l.only({"none", "source", "list"});
    source(l);
    in.no_level = l.required("none").string(1, 40).value_or("none");
    l.required("list").each([&](const Cursor& c) {
      c.only({"level", "any"});
      in.levels.push_back({c.required("level").string(1, 40).value_or(""), conditions(c.required("any"))});
    });
  }

  void codes(const Cursor& s) {
    const Cursor l = s.required("loinc");
    l.only({"total", "level", "meaning", "other"});
    l.required("meaning").string(3, 500);
    in.loinc_total = l.optional("total").string(3, 12).value_or("");
    in.loinc_level = l.optional("level").string(3, 12).value_or("");
    if (!in.loinc_total.empty() && !is_loinc_code(in.loinc_total)) l.required("total").issue("has a wrong LOINC check digit");
    if (!in.loinc_level.empty() && !is_loinc_code(in.loinc_level)) l.required("level").issue("has a wrong LOINC check digit");
    l.optional("other").each([&](const Cursor& c) {
      c.only({"code", "meaning"});
      c.required("meaning").string(3, 200);
      if (!is_loinc_code(c.required("code").string().value_or(""))) c.required("code").issue("has a wrong LOINC check digit");
    });
    s.optional("import_codes").each([&](const Cursor& c) {
      c.only({"item", "code", "value", "reason"});
      c.required("reason").string(3, 300);
      Instrument::AlsoAnswer also;
      if (c.optional("item").present()) also.item = item_ref(c.required("item"));
      also.code = c.required("code").string(1, 30).value_or("");
      also.points = c.required("value").real(0, 100).value_or(0);
      if (also.item >= 0 && !has_points(also.item, also.points)) c.required("value").issue("is no answer of that item");
      in.also_answers.push_back(std::move(also));
    });
    s.optional("import_items").each([&](const Cursor& c) {
      c.only({"item", "code", "reason"});
      c.required("reason").string(3, 300);
      Instrument::AlsoItem also;
      also.item = item_ref(c.required("item"));
      also.code = c.required("code").string(1, 12).value_or("");
      if (!is_loinc_code(also.code)) c.required("code").issue("has a wrong LOINC check digit");
      if (in.item_by_code(also.code) >= 0) c.required("code").issue("is the code of another item");
      in.also_items.push_back(std::move(also));
    });
  }

  void scoring(const Cursor& s, std::string_view id) {
    s.only({"id",        "short_title", "aliases",      "measures",  "informants",   "entry",        "method",
            "direction", "total",       "scored",       "optional",  "asked",        "reverse",      "missing",
            "gates",     "bands",       "band_step_up", "subscales", "cluster_rule", "thresholds",   "thresholds_by_informant",
            "cutoffs",   "safety",      "levels",       "loinc",     "import_codes", "import_items", "notes",
            "validated"});
    in.id = s.required("id").string(1, 40).value_or("");
    if (in.id != id) s.required("id").issue("must be the file's name");
    in.short_title = s.required("short_title").string(1, 40).value_or("");
    in.measures = s.required("measures").string(1, 40).value_or("");
    in.validated = s.optional("validated").boolean().value_or(true);
    s.optional("aliases").each([&](const Cursor& c) { in.aliases.push_back(c.string(1, 40).value_or("")); });
    s.required("informants").each([&](const Cursor& c) {
      in.informants.push_back(c.one_of({"self", "parent", "child", "teacher", "caregiver", "clinician"}).value_or(""));
    });
    if (in.informants.empty()) s.required("informants").issue("must not be empty");
    const std::string entry = s.required("entry").one_of({"items", "items_by_number", "total"}).value_or("items");
    in.entry = entry == "total" ? Entry::total : entry == "items" ? Entry::items : Entry::items_by_number;
    const std::string method = s.required("method").one_of({"sum", "mean", "count", "worst_level"}).value_or("sum");
    in.method = method == "mean"          ? Method::mean
                : method == "count"       ? Method::count
                : method == "worst_level" ? Method::worst_level
                                          : Method::sum;
    in.higher_is_worse =
        s.required("direction").one_of({"higher_is_worse", "higher_is_better"}).value_or("") != "higher_is_better";
    if (in.total_only() == entry_fields.empty())
      s.required("entry").issue("must fit the questionnaire: choice items, or a total field");
    if (in.total_only() && !in.items.empty()) s.required("entry").issue("must not be total: the questionnaire has choice items");
    if (in.items.size() > 60) s.issue("has more items than scoring can take (60)");

    gates(s);
    classify(s);
    total(s);
    bands(s);
    subscales(s);
    missing(s);
    levels(s);
    in.thresholds = thresholds(s.optional("thresholds"));
    if (const Cursor by = s.optional("thresholds_by_informant"); by.present()) {
      for (const auto& member : by.value()->members()) {
        if (!in.has_informant(member.key))
          by.issue(fmt::format("names an informant (\"{}\") the instrument does not have", member.key));
        in.thresholds_by_informant.emplace_back(std::string(member.key), thresholds(by.required(member.key)));
      }
    }
    s.optional("cutoffs").each([&](const Cursor& c) {
      c.only({"at", "meaning", "source"});
      in.cutoffs.push_back({c.required("at").real(in.total_min, in.total_max).value_or(0),
                            c.required("meaning").string(3, 300).value_or(""), source(c)});
    });
    s.optional("safety").each([&](const Cursor& c) {
      c.only({"item", "at_least", "required", "source"});
      SafetyRule rule;
      rule.item = item_ref(c.required("item"));
      rule.at_least = c.required("at_least").real(0.1, 100).value_or(1);
      rule.required = c.required("required").boolean().value_or(true);
      rule.source = source(c);
      if (rule.item < 0) return;
      if (rule.at_least > max_points(rule.item)) c.required("at_least").issue("is more than the item can have");
      in.safety.push_back(std::move(rule));
    });
    codes(s);
    s.optional("notes").each([&](const Cursor& c) { in.notes.push_back(c.string(3, 500).value_or("")); });
  }

  void licence(const Cursor& c) {
    c.only({"permission", "holder", "notice", "terms"});
    const bool opt_in = c.required("permission").one_of({"free", "opt_in"}).value_or("opt_in") == "opt_in";
    in.permission = opt_in ? Permission::opt_in : Permission::free;
    in.licence_holder = c.required("holder").string(2, 200).value_or("");
    in.licence_notice = c.required("notice").string(2, 600).value_or("");
    in.licence_terms = c.required("terms").string(2, 400).value_or("");
    // No protected words may reach a form by accident.
    if (opt_in && in.entry == Entry::items) c.issue("an opt-in instrument must not ship its wording");
  }

  void translations(const Cursor& list) {
    bool ships = false;
    list.each([&](const Cursor& c) {
      c.only({"language", "version", "status", "review", "reason"});
      c.required("language").one_of({"es"});
      c.required("reason").string(3, 500);
      if (c.required("status").one_of({"shipped", "left_out"}).value_or("") == "shipped") {
        ships = true;
        c.required("version").string(3, 200);
        c.required("review").one_of({"awaiting clinical review", "reviewed"});
      }
    });
    in.languages = {"en"};
    if (ships) in.languages.push_back("es");
    // All or nothing: half a translated form is worse than none.
    const auto wrong = [&](const std::string& english, const std::string& es, const std::string& what) {
      if (!english.empty() && es.empty() == ships)
        list.issue(fmt::format("{} {} a Spanish text, against what is said here", what, ships ? "lacks" : "has"));
    };
    wrong(in.title, in.title_es, "the title");
    wrong(in.stem, in.stem_es, "the stem");
    wrong(in.instructions, in.instructions_es, "the instructions");
    for (const auto& item : in.items) {
      wrong(item.text, item.text_es, "item " + item.link_id);
      wrong(item.lead_in, item.lead_in_es, "the line before item " + item.link_id);
      for (const auto& o : item.options) wrong(o.label, o.label_es, "an answer of item " + item.link_id);
    }
  }
};

}  // namespace

bool is_loinc_code(std::string_view code) {
  if (code.size() < 3 || code.size() > 12 || code[code.size() - 2] != '-') return false;
  int sum = 0;
  bool twice = true;
  for (std::size_t i = code.size() - 2; i-- > 0;) {
    if (code[i] < '0' || code[i] > '9') return false;
    int digit = code[i] - '0';
    if (twice) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
    twice = !twice;
  }
  return code.back() - '0' == (10 - sum % 10) % 10;
}

Result<Instrument> parse_instrument(std::string_view file_name, std::string_view text) {
  const auto broken = [&](std::vector<Issue> issues) {
    for (auto& issue : issues) issue.path = fmt::format("{}: {}", file_name, issue.path);
    return fail(ErrorCode::bad_file, fmt::format("The instrument file {} is not valid.", file_name), std::move(issues));
  };
  constexpr std::string_view kEnding = ".json";
  if (!file_name.ends_with(kEnding)) return broken({{"", "must be named <id>.json"}});
  const std::string_view id = file_name.substr(0, file_name.size() - kEnding.size());
  auto document = json::Document::parse(text);
  if (!document) return broken({{"", document.error().text}});
  Issues issues;
  Reader reader(issues);
  const Cursor root(document->root(), issues);
  root.only({"questionnaire", "scoring", "licence", "translations", "sources"});
  reader.questionnaire(root.required("questionnaire"), id);
  reader.scoring(root.required("scoring"), id);
  reader.licence(root.required("licence"));
  reader.translations(root.required("translations"));
  root.required("sources").each([&](const Cursor& c) { reader.in.sources.push_back(c.string(3, 500).value_or("")); });
  if (reader.in.sources.empty()) root.required("sources").issue("must name where the wording and the rules come from");
  if (!issues.empty()) return broken(issues.list());
  json::Writer writer(reader.in.questionnaire_json);
  copy_json(writer, *document->root().find("questionnaire"));
  return std::move(reader.in);
}

Result<Library> load_library(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (error) return fail(ErrorCode::bad_file, "The folder of instruments cannot be read.", {{folder.string(), error.message()}});
  if (files.empty())
    return fail(ErrorCode::bad_file, "The folder of instruments holds no instrument.", {{folder.string(), "has no .json file"}});
  std::sort(files.begin(), files.end());
  Library library;
  std::vector<Issue> issues;
  for (const auto& path : files) {
    const std::string file_name = path.filename().string();
    const auto text = json::read_file(path);
    if (!text) {
      issues.push_back({file_name, "cannot be read"});
      continue;
    }
    auto parsed = parse_instrument(file_name, *text);
    if (!parsed) {
      issues.insert(issues.end(), parsed.error().issues.begin(), parsed.error().issues.end());
      continue;
    }
    library.owned_.push_back(std::make_unique<const Instrument>(std::move(*parsed)));
    library.order_.push_back(library.owned_.back().get());
  }
  std::sort(library.order_.begin(), library.order_.end(), [](const Instrument* a, const Instrument* b) { return a->id < b->id; });
  // One name or code must lead to one instrument.
  for (const auto* a : library.order_) {
    const auto own = [&](std::string_view spelled) {
      const auto found = library.lookup(spelled);
      if (!found || found->instrument != a)
        issues.push_back({a->id + ".json", fmt::format("\"{}\" also names another instrument", spelled)});
    };
    own(a->id);
    for (const auto& alias : a->aliases) own(alias);
    for (const auto* b : library.order_)
      if (a != b && ((!a->loinc_total.empty() && a->loinc_total == b->loinc_total) ||
                     (!a->loinc_panel.empty() && a->loinc_panel == b->loinc_panel)))
        issues.push_back({a->id + ".json", fmt::format("shares a LOINC code with {}", b->id)});
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "Some instrument files are not valid.", std::move(issues));
  return library;
}

}  // namespace concord::instruments
