#include "treatments/trial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "json/cursor.h"

namespace concord::treatments {
namespace {

int whole_weeks(Date from, Date to) { return to > from ? (to - from) / 7 : 0; }

/// "Sertraline (Zoloft) 50mg tablets" -> the first word the rules know.
std::optional<double> minimum_of(const TrialRules& rules, std::string_view name) {
  std::string word;
  const std::string folded = fold(name);
  for (std::size_t i = 0; i <= folded.size(); ++i) {
    const char c = i < folded.size() ? folded[i] : ' ';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += c;
      continue;
    }
    if (const auto found = rules.minimum_mg.find(word); found != rules.minimum_mg.end()) return found->second;
    word.clear();
  }
  return std::nullopt;
}

std::string number(double value) {
  std::string text = std::to_string(value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string weeks_text(int weeks, bool es) {
  if (es) return std::to_string(weeks) + (weeks == 1 ? " semana" : " semanas");
  return std::to_string(weeks) + (weeks == 1 ? " week" : " weeks");
}

Adequacy of_medication(const Treatment& t, std::span<const Report> reports, const TrialRules& rules, Date today, bool es) {
  Adequacy a;
  a.needed_weeks = rules.minimum_weeks;
  a.minimum_mg = minimum_of(rules, t.name);
  a.citation = rules.weeks_source;
  if (!a.minimum_mg) {
    a.why = es ? "No hay una dosis mínima registrada para este medicamento; decide el clínico"
               : "No minimum dose is on file for this medication; a clinician decides";
    return a;
  }
  const Date end = t.stop_date ? std::min(*t.stop_date, today) : today;
  auto steps = dose_steps(t, end);
  bool illegible = false;
  int longest = 0;
  std::optional<Date> run_from, best_from, best_to;
  // A report that none of it was taken ends the run on its day; the next one that says otherwise starts anew.
  struct Mark {
    Date on;
    int kind;  // 0 dose high enough, 1 too low, 2 cannot be read, 3 taken, 4 not taken
  };
  std::vector<Mark> marks;
  for (const auto& step : steps) {
    const auto mg = step.dose ? mg_per_day(*step.dose) : std::nullopt;
    marks.push_back({step.from, !mg ? 2 : *mg >= *a.minimum_mg ? 0 : 1});
  }
  for (const auto& report : reports)
    if (report.treatment == t.id && report.on <= end && report.on >= t.start_date && report.adherence != "not_said")
      marks.push_back({report.on, report.adherence == "none" ? 4 : 3});
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& x, const Mark& y) { return x.on < y.on; });
  bool enough = false, taken = true;
  const auto close_run = [&](Date at) {
    if (run_from && at - *run_from > longest) longest = at - *run_from, best_from = run_from, best_to = at;
    run_from.reset();
  };
  for (const auto& mark : marks) {
    if (mark.kind == 2) illegible = true;
    if (mark.kind <= 2) enough = mark.kind == 0;
    else taken = mark.kind == 3;
    if (enough && taken) {
      if (!run_from) run_from = mark.on;
    } else {
      close_run(mark.on);
    }
  }
  close_run(end);
  a.weeks = longest / 7;
  const std::string run = es ? weeks_text(a.weeks, true) + " con " + number(*a.minimum_mg) + " mg al día o más; se necesitan " +
                                   std::to_string(rules.minimum_weeks)
                             : weeks_text(a.weeks, false) + " at " + number(*a.minimum_mg) + " mg a day or more; " +
                                   std::to_string(rules.minimum_weeks) + " are needed";
  if (a.weeks >= rules.minimum_weeks) {
    const bool partly = std::any_of(reports.begin(), reports.end(), [&](const Report& r) {
      return r.treatment == t.id && r.adherence == "some" && best_from && r.on >= *best_from && r.on <= *best_to;
    });
    a.result = partly ? Answer::unknown : Answer::yes;
    a.why = partly ? run + (es ? "; tomado solo en parte" : "; taken only in part") : run;
    return a;
  }
  if (illegible) {
    a.why = es ? "La dosis no está escrita de forma que pueda contarse" : "The dose is not written in a way that can be counted";
    return a;
  }
  a.result = Answer::no;
  a.why = run;
  return a;
}

/// The approach of a treatment from its name, where its sessions do not say it.
std::optional<std::string> approach_of(const Treatment& t, std::span<const Session> sessions) {
  for (const auto& s : sessions)
    if (s.treatment == t.id) return s.approach;
  const std::string name = fold(t.name);
  if (name.find("problem") != std::string::npos || name == "pst" || name == "pst-pc") return "pst";
  if (name.find("behavioral activation") != std::string::npos || name == "ba") return "ba";
  if (name.find("cognitive") != std::string::npos || name == "cbt") return "cbt";
  if (name.find("interpersonal") != std::string::npos || name == "ipt") return "ipt";
  return std::nullopt;
}

Adequacy of_psychotherapy(const Treatment& t, std::span<const Session> sessions, const TrialRules& rules, Date today, bool es) {
  Adequacy a;
  a.citation = rules.sessions_source;
  const auto approach = approach_of(t, sessions);
  for (const auto& s : sessions) {
    const bool own = s.treatment ? *s.treatment == t.id : approach && s.approach == *approach;
    if (own && s.on >= t.start_date && s.on <= today && (!t.stop_date || s.on <= *t.stop_date)) ++a.sessions;
  }
  const auto needed = approach ? rules.minimum_sessions.find(*approach) : rules.minimum_sessions.end();
  if (needed == rules.minimum_sessions.end()) {
    a.why = es ? "No hay un número mínimo de sesiones registrado para esta psicoterapia; decide el clínico"
               : "No minimum number of sessions is on file for this psychotherapy; a clinician decides";
    return a;
  }
  a.needed_sessions = needed->second;
  a.result = a.sessions >= needed->second ? Answer::yes : Answer::no;
  const std::string done = std::to_string(a.sessions), wanted = std::to_string(needed->second);
  a.why = es ? done + (a.sessions == 1 ? " sesión" : " sesiones") + "; se necesitan " + wanted
             : done + (a.sessions == 1 ? " session; " : " sessions; ") + wanted + " are needed";
  return a;
}

}  // namespace

Result<TrialRules> load_trial_rules(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "review_after_weeks", "medication", "psychotherapy"});
  TrialRules rules;
  rules.name = root.required("name").string(1, 60).value_or("");
  rules.version = root.required("version").string(1, 20).value_or("");
  const auto cited = [](const json::Cursor& item, int least, int most, std::string& source) {
    item.only({"value", "source"});
    source = item.required("source").string(1, 500).value_or("");
    return static_cast<int>(item.required("value").integer(least, most).value_or(least));
  };
  rules.review_after_weeks = cited(root.required("review_after_weeks"), 1, 52, rules.review_source);
  const auto medication = root.required("medication");
  medication.only({"minimum_weeks", "dose_source", "minimum_mg_per_day"});
  rules.minimum_weeks = cited(medication.required("minimum_weeks"), 1, 52, rules.weeks_source);
  rules.dose_source = medication.required("dose_source").string(1, 500).value_or("");
  medication.required("minimum_mg_per_day").each([&](const json::Cursor& item) {
    item.only({"name", "aliases", "mg"});
    const auto mg = item.required("mg").real(0.01, 5000);
    const auto add = [&](const json::Cursor& named) {
      const auto text = named.string(1, 60);
      if (text && mg && !rules.minimum_mg.emplace(fold(*text), *mg).second) named.issue("is there twice");
    };
    add(item.required("name"));
    if (const auto aliases = item.optional("aliases"); aliases.present()) aliases.each(add);
  });
  const auto therapy = root.required("psychotherapy");
  therapy.only({"source", "minimum_sessions"});
  rules.sessions_source = therapy.required("source").string(1, 500).value_or("");
  therapy.required("minimum_sessions").each([&](const json::Cursor& item) {
    item.only({"approach", "sessions"});
    const auto approach = item.required("approach").one_of({"pst", "ba", "cbt", "ipt", "mi", "other"});
    const auto sessions = item.required("sessions").integer(1, 100);
    if (approach && sessions && !rules.minimum_sessions.emplace(*approach, static_cast<int>(*sessions)).second)
      item.issue("is there twice");
  });
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rules of treatment trials are wrong.", issues.list());
  return rules;
}

std::optional<double> mg_per_day(std::string_view dose) {
  const std::string text = to_lower(trim(dose));
  std::size_t at = 0;
  while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.')) ++at;
  if (at == 0) return std::nullopt;
  char* parsed = nullptr;
  const std::string digits = text.substr(0, at);
  const double amount = std::strtod(digits.c_str(), &parsed);
  if (*parsed != '\0' || !(amount > 0)) return std::nullopt;
  std::string rest(trim(std::string_view(text).substr(at)));
  if (!rest.starts_with("mg")) return std::nullopt;  // ranges, tablets, micrograms: not ours to guess
  rest = std::string(trim(std::string_view(rest).substr(2)));
  if (!rest.empty() && (rest.front() == '/' || rest.front() == '-')) {
    if (rest == "/day" || rest == "/d") return amount;
    return std::nullopt;
  }
  static constexpr std::array<std::string_view, 18> kOnce = {
      "",    "daily",   "a day",    "per day",    "once daily",    "once a day",     "qd",        "qday",    "qam", "qpm",
      "qhs", "nightly", "at night", "at bedtime", "every morning", "in the morning", "every day", "mornings"};
  static constexpr std::array<std::string_view, 4> kTwice = {"bid", "twice daily", "twice a day", "two times a day"};
  static constexpr std::array<std::string_view, 3> kThrice = {"tid", "three times daily", "three times a day"};
  static constexpr std::array<std::string_view, 8> kForms = {"er", "xr", "xl", "sr", "cr", "po", "by mouth", "orally"};
  // "xr daily", "po bid": how it is made and taken does not change the amount.
  for (bool again = true; again;) {
    again = false;
    for (const auto form : kForms)
      if (rest == form || rest.starts_with(std::string(form) + " ")) {
        rest = std::string(trim(std::string_view(rest).substr(form.size())));
        again = true;
      }
  }
  const auto is_in = [&](const auto& list) { return std::find(list.begin(), list.end(), rest) != list.end(); };
  if (is_in(kOnce)) return amount;
  if (is_in(kTwice)) return 2 * amount;
  if (is_in(kThrice)) return 3 * amount;
  return std::nullopt;
}

std::string_view name(Answer answer) { return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "unknown"; }

Adequacy adequacy(const Treatment& t, std::span<const Report> reports, std::span<const Session> sessions, const TrialRules& rules,
                  Date today, std::string_view language) {
  const bool es = language.starts_with("es");
  return t.kind == "psychotherapy" ? of_psychotherapy(t, sessions, rules, today, es)
                                   : of_medication(t, reports, rules, today, es);
}

Trial trial(const std::vector<Treatment>& treatments, std::span<const Report> reports, std::span<const Session> sessions,
            const ScoreSeries& scores, const TrialRules& rules, Date today, std::string_view language) {
  const bool es = language.starts_with("es");
  Trial out;
  // On one day a start or a dose says more than a stop: a switch is a start.
  const auto consider = [&](Date on, const Treatment& t, std::string_view what) {
    if (on > today) return;
    const bool later = !out.last_change || on > out.last_change->on;
    const bool says_more = out.last_change && on == out.last_change->on && out.last_change->what == "stop" && what != "stop";
    if (later || says_more) out.last_change = Trial::Change{on, t.id, std::string(what), line(t, today)};
  };
  for (const Treatment& t : treatments) {
    consider(t.start_date, t, "start");
    for (const auto& change : t.changes) consider(change.on, t, "dose");
    if (t.stop_date) consider(*t.stop_date, t, "stop");
  }
  out.plan_since = last_change(treatments, today);
  if (out.plan_since) out.weeks_on_plan = whole_weeks(*out.plan_since, today);

  if (out.plan_since) {
    auto points = scores.points;
    std::stable_sort(points.begin(), points.end(), [](const ScorePoint& a, const ScorePoint& b) { return a.date < b.date; });
    const auto better = [&](double a, double b) { return scores.higher_is_worse ? a < b : a > b; };
    for (const auto& p : points) {
      if (p.date > today) continue;
      if (p.date <= *out.plan_since) out.at_change = p;
      else {
        if (!out.best || better(p.total, out.best->total)) out.best = p;
        out.current = p;
      }
    }
    const auto percent = [&](const ScorePoint& p) -> std::optional<double> {
      if (!out.at_change || out.at_change->total == 0) return std::nullopt;
      return std::round(1000.0 * (p.total - out.at_change->total) / out.at_change->total) / 10.0;
    };
    if (out.best && out.at_change) out.best_change = out.best->total - out.at_change->total;
    if (out.best) out.best_percent = percent(*out.best);
    if (out.current) out.current_percent = percent(*out.current);
  }

  bool any = false, unknown = false;
  for (const Treatment& t : treatments) {
    if (!t.active(today)) continue;
    const Adequacy a = adequacy(t, reports, sessions, rules, today, language);
    out.lines.push_back(line(t, today) + ", " + weeks_text(whole_weeks(t.start_date, today), es));
    if (a.result == Answer::yes && out.adequate != Answer::yes) out.adequate = Answer::yes, out.why = t.name + ": " + a.why;
    unknown = unknown || a.result == Answer::unknown;
    if (!any) any = true;
    if (out.adequate != Answer::yes) {
      if (!out.why.empty()) out.why += "; ";
      out.why += t.name + ": " + a.why;
    }
  }
  if (out.adequate != Answer::yes && any) out.adequate = unknown ? Answer::unknown : Answer::no;
  if (!any) {
    out.adequate = Answer::no;
    out.why = es ? "Ningún tratamiento en curso" : "No treatment at present";
  }
  return out;
}

}  // namespace concord::treatments
