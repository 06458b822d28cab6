// Reads and checks one pathway file. Every rule a file must keep is here; docs/pathways.md lists them.

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "json/data_files.h"
#include "pathways/pathways.h"

namespace concord::pathways {
namespace {

using json::Cursor;
using json::read_bilingual;

bool is_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string read_id(const Cursor& c) {
  const auto id = c.string(1, 60);
  if (id && !is_id(*id)) c.issue("must be lower case letters, digits, - and _");
  return id.value_or("");
}

std::string read_source(const Cursor& c) { return c.required("source").string(3, 500).value_or(""); }

class Reader {
 public:
  Reader(const instruments::Library& instruments, const std::function<bool(std::string_view)>& is_aid)
      : instruments_(instruments), is_aid_(is_aid) {}

  Pathway read(const Cursor& c) {
    c.only({"id",
            "version",
            "title",
            "summary",
            "conditions",
            "age_from",
            "age_to",
            "privacy_label",
            "primary_instrument",
            "instruments",
            "contacts",
            "team",
            "prompts",
            "rules",
            "physical_measures",
            "decision_aids",
            "education",
            "terms",
            "sources",
            "review"});
    Pathway p;
    p.id = read_id(c.required("id"));
    p.version = c.required("version").string(1, 20).value_or("");
    p.title = read_bilingual(c.required("title"), 120);
    p.summary = read_bilingual(c.required("summary"));
    each(c.required("conditions"), [&](const Cursor& one) { p.conditions.push_back(read_id(one)); });
    if (const auto n = c.optional("age_from").integer(0, 120)) p.age_from = static_cast<int>(*n);
    if (const auto n = c.optional("age_to").integer(0, 120)) p.age_to = static_cast<int>(*n);
    if (p.age_from && p.age_to && *p.age_from > *p.age_to) c.optional("age_to").issue("must not be below age_from");
    p.privacy_label = c.required("privacy_label").one_of({"normal", "part2", "adolescent_confidential"}).value_or("normal");
    const auto primary = c.required("primary_instrument");
    p.primary_instrument = read_instrument(primary);
    each(c.required("instruments"), [&](const Cursor& one) { p.instruments.push_back(read_use(one)); });
    if (std::none_of(p.instruments.begin(), p.instruments.end(),
                     [&](const Use& u) { return u.instrument == p.primary_instrument && u.when == When::cadence; }))
      primary.issue("must be among the instruments with a cadence");
    read_contacts(c.required("contacts"), p);
    each(c.optional("team"), [&](const Cursor& one) {
      one.only({"role", "title", "why"});
      const auto role = one.required("role");
      const auto word = read_id(role);
      if (std::find(std::begin(episodes::kTeamRoles), std::end(episodes::kTeamRoles), word) == std::end(episodes::kTeamRoles))
        role.issue("is no role of a care team");
      p.team.push_back({word, read_bilingual(one.required("title"), 120), read_bilingual(one.required("why"))});
    });
    each(c.optional("prompts"), [&](const Cursor& one) {
      one.only({"id", "at", "text", "source"});
      Reminder r;
      r.id = unique(one.required("id"));
      r.at = one.required("at").one_of({"intake", "before_antidepressant", "each_contact", "target_met"}).value_or("");
      r.text = read_bilingual(one.required("text"));
      r.source = read_source(one);
      p.prompts.push_back(std::move(r));
    });
    each(c.optional("rules"), [&](const Cursor& one) { p.rules.push_back(read_rule(one, p)); });
    each(c.optional("physical_measures"), [&](const Cursor& one) {
      one.only({"id", "title", "unit", "loinc", "every_days", "goal", "source"});
      PhysicalMeasure m;
      m.id = unique(one.required("id"));
      m.title = read_bilingual(one.required("title"), 120);
      m.unit = one.required("unit").string(1, 20).value_or("");
      const auto loinc = one.required("loinc");
      m.loinc = loinc.string(3, 20).value_or("");
      if (!m.loinc.empty() && !instruments::is_loinc_code(m.loinc)) loinc.issue("has a wrong check digit for a LOINC code");
      m.every_days = days(one.required("every_days"));
      m.goal = read_bilingual(one.required("goal"), 200);
      m.source = read_source(one);
      p.physical_measures.push_back(std::move(m));
    });
    each(c.optional("decision_aids"), [&](const Cursor& one) {
      const auto id = read_id(one);
      if (!id.empty() && !is_aid_(id)) one.issue("is no decision aid in content/decision_aids");
      p.decision_aids.push_back(id);
    });
    each(c.required("education"), [&](const Cursor& one) {
      one.only({"id", "title"});
      p.education.push_back({read_id(one.required("id")), read_bilingual(one.required("title"), 200)});
    });
    each(c.optional("terms"), [&](const Cursor& one) { p.terms.push_back(read_term(one)); });
    if (p.terms.empty() &&
        std::any_of(p.rules.begin(), p.rules.end(), [](const Rule& r) { return r.break_within_days.has_value(); }))
      c.required("terms").issue("are needed by a rule about breaks");
    for (std::size_t i = 1; i < p.terms.size(); ++i)
      if (std::pair(p.terms[i].from_month, p.terms[i].from_day) <= std::pair(p.terms[i - 1].to_month, p.terms[i - 1].to_day))
        c.optional("terms").issue("must be in order and must not overlap");
    each(c.required("sources"), [&](const Cursor& one) { p.sources.push_back(one.string(3, 500).value_or("")); });
    if (p.sources.empty()) c.required("sources").issue("needs one source at least");
    const auto review = c.required("review");
    review.only({"en", "es"});
    p.review_en = review.required("en").string(1, 200).value_or("");
    p.review_es = review.required("es").string(1, 200).value_or("");
    return p;
  }

 private:
  template <class F>
  static void each(const Cursor& list, F&& f) {
    if (list.value() == nullptr) {
      list.each([](const Cursor&) {});  // says that a required list is missing, if it is required
      return;
    }
    list.each(std::forward<F>(f));
  }

  std::string unique(const Cursor& c) {
    auto id = read_id(c);
    if (!id.empty() && !ids_.insert(id).second) c.issue("is there twice");
    return id;
  }

  static int days(const Cursor& c) { return static_cast<int>(c.integer(1, 400).value_or(1)); }

  std::string read_instrument(const Cursor& c) {
    const auto id = read_id(c);
    if (!id.empty() && instruments_.find(id) == nullptr) c.issue("is no instrument in instruments/");
    return id;
  }

  /// A mark on the instrument's total: it must be reachable.
  void check_mark(const Cursor& c, const std::string& instrument, double mark) {
    const auto* in = instruments_.find(instrument);
    if (in != nullptr && (mark <= in->total_min || mark > in->total_max)) c.issue("is outside the scores of " + instrument);
  }

  Use read_use(const Cursor& c) {
    c.only({"instrument", "informant", "when", "every_days", "every_days_relapse_prevention", "after", "why", "source"});
    Use use;
    use.instrument = read_instrument(c.required("instrument"));
    const auto informant = c.optional("informant");
    use.informant = informant.string(1, 40).value_or("");
    const auto* in = instruments_.find(use.instrument);
    if (in != nullptr && !use.informant.empty() && !in->has_informant(use.informant))
      informant.issue("is no informant of " + use.instrument);
    const auto when = c.required("when").one_of({"intake", "follow_up", "cadence"}).value_or("intake");
    use.when = when == "intake" ? When::intake : when == "follow_up" ? When::follow_up : When::cadence;
    const bool cadence = use.when == When::cadence, follows = use.when == When::follow_up;
    if (cadence) {
      use.every_days = days(c.required("every_days"));
      use.every_days_relapse_prevention = days(c.required("every_days_relapse_prevention"));
    } else if (c.optional("every_days").present() || c.optional("every_days_relapse_prevention").present()) {
      c.issue("has days although it is not given in a cadence");
    }
    if (follows) {
      const auto after = c.required("after");
      after.only({"instrument", "at_least"});
      use.after = read_instrument(after.required("instrument"));
      const auto mark = after.required("at_least");
      use.after_at_least = mark.real(0, 1000).value_or(0);
      if (!use.after.empty()) check_mark(mark, use.after, use.after_at_least);
      if (!use.after.empty() && use.after == use.instrument) after.issue("follows itself");
    } else if (c.optional("after").present()) {
      c.optional("after").issue("is for follow_up only");
    }
    use.why = read_bilingual(c.required("why"));
    use.source = read_source(c);
    return use;
  }

  static void read_contacts(const Cursor& c, Pathway& p) {
    each(c, [&](const Cursor& one) {
      one.only({"from_week", "every_days"});
      p.contacts.push_back(
          {static_cast<int>(one.required("from_week").integer(0, 104).value_or(0)), days(one.required("every_days"))});
    });
    if (p.contacts.empty() || p.contacts.front().from_week != 0) c.issue("must begin with week 0");
    for (std::size_t i = 1; i < p.contacts.size(); ++i)
      if (p.contacts[i].from_week <= p.contacts[i - 1].from_week) c.issue("must be in the order of the weeks");
  }

  Rule read_rule(const Cursor& c, const Pathway& p) {
    c.only({"id", "when", "text", "source"});
    Rule rule;
    rule.id = unique(c.required("id"));
    rule.text = read_bilingual(c.required("text"));
    rule.source = read_source(c);
    const auto when = c.required("when");
    when.only({"missing", "score", "role_missing", "weeks_in_care", "break_within_days"});
    int conditions = 0;
    if (const auto missing = when.optional("missing"); missing.present()) {
      ++conditions;
      rule.missing = read_instrument(missing);
    }
    if (const auto score = when.optional("score"); score.present()) {
      ++conditions;
      score.only({"instrument", "at_least"});
      rule.score_of = read_instrument(score.required("instrument"));
      const auto mark = score.required("at_least");
      rule.score_at_least = mark.real(0, 1000).value_or(0);
      if (!rule.score_of.empty()) check_mark(mark, rule.score_of, rule.score_at_least);
    }
    if (const auto role = when.optional("role_missing"); role.present()) {
      ++conditions;
      rule.role_missing = read_id(role);
      if (std::none_of(p.team.begin(), p.team.end(), [&](const Role& r) { return r.role == rule.role_missing; }))
        role.issue("is no role of this pathway's team");
    }
    if (const auto weeks = when.optional("weeks_in_care"); weeks.present()) {
      ++conditions;
      rule.weeks_in_care = static_cast<int>(weeks.integer(1, 104).value_or(1));
    }
    if (const auto pause = when.optional("break_within_days"); pause.present()) {
      ++conditions;
      rule.break_within_days = static_cast<int>(pause.integer(1, 120).value_or(1));
    }
    if (when.present() && conditions != 1) when.issue("needs exactly one condition");
    return rule;
  }

  static std::pair<int, int> read_day(const Cursor& c) {
    const auto text = c.string(5, 5);
    if (!text) return {1, 1};
    int month = 0, day = 0;
    const char* begin = text->data();
    const bool digits = std::from_chars(begin, begin + 2, month).ptr == begin + 2 && (*text)[2] == '-' &&
                        std::from_chars(begin + 3, begin + 5, day).ptr == begin + 5;
    // A day that is in every year: 29 February is not.
    if (!digits || !Date::from_ymd(2001, static_cast<unsigned>(month), static_cast<unsigned>(day))) {
      c.issue("must be a month and a day of every year, \"08-25\"");
      return {1, 1};
    }
    return {month, day};
  }

  static Term read_term(const Cursor& c) {
    c.only({"name", "from", "to"});
    Term term;
    term.name = read_bilingual(c.required("name"), 120);
    std::tie(term.from_month, term.from_day) = read_day(c.required("from"));
    std::tie(term.to_month, term.to_day) = read_day(c.required("to"));
    if (std::pair(term.to_month, term.to_day) <= std::pair(term.from_month, term.from_day))
      c.issue("must end after it begins, in the same year");
    return term;
  }

  const instruments::Library& instruments_;
  const std::function<bool(std::string_view)>& is_aid_;
  std::set<std::string> ids_;
};

}  // namespace

Result<Pathway> parse_pathway(std::string_view file_name, std::string_view text, const instruments::Library& instruments,
                              const std::function<bool(std::string_view)>& is_aid) {
  const auto wrong = [&](std::vector<Issue> issues) {
    for (auto& issue : issues) issue.path = std::string(file_name) + ": " + issue.path;
    return fail(ErrorCode::bad_file, "A pathway is not what it should be.", std::move(issues));
  };
  const auto document = json::Document::parse(text);
  if (!document) return wrong({{"", document.error().text}});
  json::Issues issues;
  auto pathway = Reader(instruments, is_aid).read(Cursor(document->root(), issues));
  if (issues.empty() && pathway.id + ".json" != file_name) issues.add("id", "must be the file's name");
  if (!issues.empty()) return wrong(issues.list());
  return pathway;
}

Result<Library> load_pathways(const std::filesystem::path& folder, const instruments::Library& instruments,
                              const std::function<bool(std::string_view)>& is_aid) {
  const auto files = json::files_in(folder, ".json");
  if (files.empty())
    return fail(ErrorCode::bad_file, "The pathways cannot be read.",
                {{folder.filename().string(), "is missing or empty in the data folder"}});
  Library library;
  std::vector<Issue> issues;
  for (const auto& file : files) {
    auto pathway = parse_pathway(file.filename().string(), json::read_file(file).value_or(""), instruments, is_aid);
    if (pathway) library.pathways_.push_back(std::move(*pathway));
    else issues.insert(issues.end(), pathway.error().issues.begin(), pathway.error().issues.end());
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "Pathways are not what they should be.", std::move(issues));
  return library;
}

}  // namespace concord::pathways
