#include "checkins/pages.h"

#include <cmath>
#include <sstream>

#include "checkins/html.h"
#include "json/data_files.h"
#include "json/value.h"

namespace concord::checkins {
namespace {

using instruments::Instrument;
using instruments::Item;

constexpr std::string_view kFlag = Html::kFlag, kLeft = Html::kLeft;

std::string points_text(double points) {
  if (points == std::floor(points)) return std::to_string(static_cast<long long>(points));
  std::ostringstream out;
  out << points;
  return out.str();
}

const std::string& in(std::string_view language, const std::string& en, const std::string& es) {
  return language == "es" && !es.empty() ? es : en;
}

/// One page: the frame and what `body` writes into its <main>.
template <class Body>
std::string page(const Frame& f, std::string_view title, Body&& body) {
  std::string out = "<!doctype html>\n";
  out.reserve(6000);
  Html h(out);
  const auto say = [&](std::string_view key, Words::Values values = {}) { return f.words->text(f.language, key, values); };
  h.open("html", {{"lang", f.language}}).open("head");
  h.alone("meta", {{"charset", "utf-8"}});
  h.alone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  h.alone("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  h.alone("meta", {{"name", "robots"}, {"content", "noindex, nofollow"}});
  h.alone("meta", {{"name", "referrer"}, {"content", "same-origin"}});
  h.alone("meta", {{"name", "format-detection"}, {"content", "telephone=no"}});
  if (f.leave_after_seconds > 0)
    h.alone("meta", {{"http-equiv", "refresh"}, {"content", std::to_string(f.leave_after_seconds) + ";url=/c/finished"}});
  std::string whole(title);
  if (!f.clinic.empty()) whole += " - " + f.clinic;
  h.line("title", whole);
  if (!f.assets->icon.empty()) h.alone("link", {{"rel", "icon"}, {"href", f.assets->icon}});
  if (!f.assets->style.empty()) h.alone("link", {{"rel", "stylesheet"}, {"href", f.assets->style}});
  if (!f.assets->script.empty()) h.open("script", {{"type", "module"}, {"src", f.assets->script}}).close();
  h.close();
  h.open("body");
  h.open("header", {{"class", "top"}});
  h.line("p", f.clinic.empty() ? say("page.plain_title") : f.clinic, {{"class", "clinic"}});
  h.line("a", f.help.title, {{"class", "help-link"}, {"href", "#help"}});
  h.close();
  h.open("main", {{"id", "main"}});
  body(h, say);
  h.close();
  // The help lines, at the foot of every page.
  h.open("section", {{"id", "help"}, {"class", "help"}, {"tabindex", "-1"}, {"aria-labelledby", "help-title"}});
  h.line("h2", f.help.title, {{"id", "help-title"}});
  h.open("ul");
  for (const auto& line : f.help.lines) {
    h.open("li");
    h.line("span", line.label, {{"class", "label"}});
    h.text(" ");
    h.open("span", {{"class", "ways"}});
    if (const auto call = safety::link_of_call(line); !call.empty())
      h.line("a", say("help.call", {{"number", line.number}}), {{"href", call}}).text(" ");
    if (const auto write = safety::link_of_text(line); !write.empty())
      h.line("a",
             line.sms_body.empty() ? say("help.write", {{"number", line.sms}})
                                   : say("help.write_word", {{"number", line.sms}, {"word", line.sms_body}}),
             {{"href", write}})
          .text(" ");
    if (!line.chat.empty() && !f.kiosk)
      h.line("a", say("help.chat"),
             {{"href", line.chat}, {"rel", "noopener noreferrer"}, {"aria-label", say("help.chat") + ": " + line.label}});
    h.close();
    if (!line.hours.empty()) h.text(" ").line("span", line.hours, {{"class", "hours"}});
    h.close();
  }
  h.close();
  if (f.help.outside_text) h.line("p", *f.help.outside_text);
  h.line("p", f.help.not_watched, {{"class", "watched"}});
  h.close();
  if (!f.language_link.empty() || !f.language_back.empty()) {
    const std::string other = f.language == "es" ? "en" : "es";
    const std::string name = f.language == "es" ? "English" : "Español";
    h.open("footer");
    h.line("span", say("page.language") + ":", {{"class", "hint"}}).text(" ");
    if (!f.language_link.empty()) {
      h.line("a", name, {{"href", f.language_link}, {"lang", other}, {"hreflang", other}});
    } else {
      h.open("form", {{"method", "post"}, {"action", "/c/language"}});
      h.alone("input", {{"type", "hidden"}, {"name", "back"}, {"value", f.language_back}});
      h.line("button", name, {{"class", "link"}, {"name", "language"}, {"value", other}, {"lang", other}});
      h.close();
    }
    h.close();
  }
  // Shown by the script while the network is gone.
  h.open("div", {{"id", "net"},
                 {"class", "net"},
                 {"role", "status"},
                 {"data-sending", say("net.sending")},
                 {"data-waiting", say("net.waiting")}});
  h.open("p").close();
  h.line("button", say("net.again"), {{"type", "button"}, {"hidden", kFlag}});
  h.close();
  h.close_to(0);
  out += '\n';
  return out;
}

void error_summary(Html& h, const std::string& heading, const std::string& text, std::string_view target) {
  h.open("div",
         {{"class", "errors"}, {"role", "alert"}, {"tabindex", "-1"}, {"autofocus", kFlag}, {"aria-labelledby", "errors-title"}});
  h.line("h2", heading, {{"id", "errors-title"}});
  h.open("ul").open("li").line("a", text, {{"href", target}}).close().close();
  h.close();
}

std::string option_id(double points) { return "value-" + points_text(points); }

}  // namespace

bool has_language(const Instrument& instrument, std::string_view language) {
  for (const auto& one : instrument.languages)
    if (one == language) return true;
  return false;
}

Assets load_assets(const std::filesystem::path& manifest) {
  Assets assets;
  const auto text = json::read_file(manifest);
  if (!text) return assets;
  const auto document = json::Document::parse(*text);
  if (!document) return assets;
  const auto file_of = [&](std::string_view key) -> std::string {
    const auto* entry = document->root().find(key);
    const auto* name = entry ? entry->find("file") : nullptr;
    return name ? "/" + std::string(name->text()) : std::string();
  };
  assets.style = file_of("src/checkin/checkin.css");
  assets.script = file_of("src/checkin/checkin.ts");
  assets.icon = "/mark.svg";
  return assets;
}

std::string landing_page(const Frame& f, const Landing& l) {
  const auto title = f.words->text(f.language, l.count == 1 ? "landing.title_one" : "landing.title", {{"clinic", f.clinic}});
  const auto shown = l.error.empty() ? title : f.words->text(f.language, "error.prefix", {{"title", title}});
  return page(f, shown, [&](Html& h, const auto& say) {
    if (!l.error.empty()) error_summary(h, say("error.title"), l.error, "#month");
    h.line("h1", title);
    h.line("p", say("landing.lead"), {{"class", "lead"}});
    if (l.on_behalf) h.line("p", say("landing.on_behalf"), {{"class", "note"}});
    if (l.answered > 0) {
      h.line("p", say("landing.resume", {{"answered", std::to_string(l.answered)}, {"count", std::to_string(l.count)}}),
             {{"class", "note"}});
    } else if (l.count == 1) {
      h.line("p", say("landing.count_one"));
    } else {
      h.line("p", say("landing.count",
                      {{"count", std::to_string(l.count)}, {"minutes", std::to_string(std::max(1, (l.count * 10 + 59) / 60))}}));
    }
    h.line("p", say(f.kiosk ? "landing.saved_here" : "landing.saved"));
    const std::string action = "/c/" + l.secret;
    h.open("form", {{"method", "post"}, {"action", action}, {"novalidate", kFlag}, {"data-once", kFlag}});
    h.alone("input", {{"type", "hidden"}, {"name", "language"}, {"value", f.language}});
    if (l.asks_birth_date) {
      h.open("fieldset", {{"class", l.error.empty() ? "birth" : "birth wrong"},
                          {"aria-describedby", l.error.empty() ? "birth-hint" : "birth-hint birth-error"}});
      h.line("legend", say("birth.legend"));
      h.line("p", say("birth.hint"), {{"id", "birth-hint"}, {"class", "hint"}});
      if (!l.error.empty()) h.line("p", l.error, {{"id", "birth-error"}, {"class", "error"}});
      h.open("div", {{"class", "date"}});
      const auto field = [&](std::string_view name, const std::string& label, const std::string& value, std::string_view size) {
        h.open("label", {{"for", name}}).text(label);
        h.alone("input", {{"id", name},
                          {"name", name},
                          {"inputmode", "numeric"},
                          {"autocomplete", "off"},
                          {"maxlength", size},
                          {"size", size},
                          {"value", value},
                          {"aria-invalid", l.error.empty() ? kLeft : "true"}});
        h.close();
      };
      field("month", say("birth.month"), l.month, "2");
      field("day", say("birth.day"), l.day, "2");
      field("year", say("birth.year"), l.year, "4");
      h.close().close();
    }
    h.line("button", say(l.answered > 0 ? "start.resume" : "start.button"), {{"class", "main"}});
    h.close();
    h.line("p", say("landing.helped"), {{"class", "hint"}});
    h.line("p", say("landing.private"), {{"class", "hint"}});
    if (l.may_be_foreign) {
      h.line("p", say("landing.until", {{"date", date_text(*f.words, f.language, l.until)}}), {{"class", "hint"}});
      h.open("section", {{"class", "foreign"}});
      h.line("h2", say("notme.heading"));
      h.line("p", say("notme.text"));
      h.open("form", {{"method", "post"}, {"action", action + "/not-me"}});
      h.alone("input", {{"type", "hidden"}, {"name", "language"}, {"value", f.language}});
      h.line("button", say("notme.button"), {{"class", "quiet"}});
      h.close().close();
    }
  });
}

std::string question_page(const Frame& f, const Question& q, const Kept* kept, bool error, bool then_check) {
  const Instrument& instrument = *q.instrument;
  const Item& item = q.asked();
  const bool translated = has_language(instrument, f.language);
  const std::string language = translated ? f.language : "en";
  const std::string& words = in(language, item.text, item.text_es);
  const std::string progress =
      f.words->text(f.language, "question.progress", {{"number", std::to_string(q.number)}, {"of", std::to_string(q.of)}});
  const std::string spoken =
      f.words->text(f.language, "question.progress_spoken", {{"number", std::to_string(q.number)}, {"of", std::to_string(q.of)}});
  const std::string title = error ? f.words->text(f.language, "error.prefix", {{"title", spoken}}) : spoken;
  return page(f, title, [&](Html& h, const auto& say) {
    if (q.of > 1 || then_check) {
      h.open("nav", {{"class", "steps"}, {"aria-label", spoken}});
      if (q.number > 1 || then_check)
        h.line("a", say("question.back"),
               {{"class", "back"}, {"href", then_check ? "/c/check" : "/c/q/" + std::to_string(q.number - 1)}});
      h.line("span", progress, {{"class", "progress"}, {"aria-hidden", "true"}});
      h.close();
      h.open("progress", {{"max", std::to_string(q.of)}, {"value", std::to_string(q.number)}, {"aria-hidden", "true"}}).close();
    }
    if (error) {
      // The link leads to the first choice, as the choices of a group share one field.
      error_summary(h, say("error.title"), say("error.choose"), "#" + option_id(item.options.front().points));
    }
    if (!translated) h.line("p", say("question.only_english"), {{"class", "note"}});
    if (q.informant == "parent" || q.informant == "caregiver") h.line("p", say("question.about_child"), {{"class", "note"}});
    const std::string lang_of_question = language == f.language ? std::string(kLeft) : language;
    if (const auto& text = in(language, instrument.instructions, instrument.instructions_es); q.first && !text.empty())
      h.line("p", text, {{"class", "instructions"}, {"lang", lang_of_question}});
    h.open("form",
           {{"method", "post"}, {"action", "/c/q/" + std::to_string(q.number)}, {"novalidate", kFlag}, {"data-answer", kFlag}});
    h.alone("input", {{"type", "hidden"}, {"name", "item"}, {"value", instrument.id + "/" + item.link_id}});
    if (then_check) h.alone("input", {{"type", "hidden"}, {"name", "then"}, {"value", "check"}});
    const bool is_scale = item.options.size() > 7;
    h.open("fieldset",
           {{"lang", lang_of_question}, {"class", is_scale ? "scale" : "list"}, {"aria-describedby", error ? "error" : kLeft}});
    h.open("legend").open("h1");
    const std::string& stem = in(language, instrument.stem, instrument.stem_es);
    const std::string& lead = in(language, item.lead_in, item.lead_in_es);
    if (!stem.empty()) h.line("span", stem, {{"class", "stem"}}).text(" ");
    if (!lead.empty()) h.line("span", lead, {{"class", "stem"}}).text(" ");
    h.line("span", words, {{"class", "item"}});
    h.close().close();
    if (error) h.line("p", say("error.choose"), {{"id", "error"}, {"class", "error"}});
    for (const auto& option : item.options) {
      const std::string id = option_id(option.points);
      const bool chosen = kept && kept->value == option.points;
      h.open("div", {{"class", "choice"}});
      h.alone("input", {{"type", "radio"},
                        {"name", "value"},
                        {"id", id},
                        {"value", points_text(option.points)},
                        {"checked", chosen ? kFlag : kLeft}});
      h.line("label", in(language, option.label, option.label_es), {{"for", id}});
      h.close();
    }
    if (q.may_skip) {
      h.open("div", {{"class", "choice skip"},
                     {"lang", language == f.language ? std::string_view(kLeft) : std::string_view(f.language)}});
      h.alone("input", {{"type", "radio"},
                        {"name", "value"},
                        {"id", "value-skip"},
                        {"value", "skip"},
                        {"checked", kept && !kept->value ? kFlag : kLeft}});
      h.line("label", say("question.skip"), {{"for", "value-skip"}});
      h.close();
    }
    h.close();
    h.line("button", say("question.continue"), {{"class", "main"}});
    h.close();
    if (instrument.validated && !instrument.licence_notice.empty())
      h.line("p", instrument.licence_notice,
             {{"class", "licence"}, {"lang", f.language == "en" ? kLeft : std::string_view("en")}});
  });
}

std::string check_page(const Frame& f, std::span<const Question> questions, std::span<const Kept> kept,
                       std::span<const int> missing) {
  const auto title = f.words->text(f.language, "check.title");
  const bool error = !missing.empty();
  return page(f, error ? f.words->text(f.language, "error.prefix", {{"title", title}}) : title, [&](Html& h, const auto& say) {
    if (!questions.empty()) {
      h.open("nav", {{"class", "steps"}, {"aria-label", say("question.back")}});
      h.line("a", say("question.back"), {{"class", "back"}, {"href", "/c/q/" + std::to_string(questions.size())}});
      h.close();
    }
    if (error)
      error_summary(h, say("error.title"), say("error.missing"), "/c/q/" + std::to_string(missing.front()) + "?then=check");
    h.line("h1", title);
    h.line("p", say("check.lead"));
    const Instrument* last = nullptr;
    std::size_t depth = h.depth();
    for (const auto& q : questions) {
      const bool translated = has_language(*q.instrument, f.language);
      const std::string language = translated ? f.language : "en";
      const std::string lang = translated ? std::string(kLeft) : std::string("en");
      if (q.instrument != last) {
        h.close_to(depth);
        last = q.instrument;
        if (const auto& stem = in(language, last->stem, last->stem_es); !stem.empty())
          h.line("p", stem, {{"class", "stem"}, {"lang", lang}});
        h.open("dl", {{"class", "answers"}});
      }
      const auto* k = kept_for(kept, q);
      std::string answer = say("check.none");
      bool is_words_of_form = false;
      if (k && !k->value) answer = say("check.skipped");
      if (k && k->value)
        for (const auto& option : q.asked().options)
          if (option.points == *k->value) answer = in(language, option.label, option.label_es), is_words_of_form = true;
      const std::string id = "q" + std::to_string(q.number);
      h.open("div");
      h.line("dt", in(language, q.asked().text, q.asked().text_es), {{"id", id}, {"lang", lang}});
      h.open("dd", {{"lang", is_words_of_form ? lang : std::string(kLeft)}}).text(answer).close();
      h.open("dd", {{"class", "change"}});
      h.line("a", say("check.change"),
             {{"href", "/c/q/" + std::to_string(q.number) + "?then=check"},
              {"id", id + "-change"},
              {"aria-labelledby", id + "-change " + id}});
      h.close().close();
    }
    h.close_to(depth);
    h.open("form", {{"method", "post"}, {"action", "/c/check"}, {"data-answer", kFlag}});
    h.line("p", say("check.note", {{"clinic", f.clinic}}));
    h.line("button", say("check.send"), {{"class", "main"}});
    h.close();
  });
}

std::string pause_page(const Frame& f, std::string_view go_on) {
  return page(f, f.words->text(f.language, "pause.title"), [&](Html& h, const auto& say) {
    h.line("h1", say("pause.title"));
    h.line("p", say("pause.saved"), {{"class", "lead"}});
    h.line("p", say("pause.text"));
    if (f.kiosk) h.line("p", say("pause.kiosk"));
    h.line("p", f.help.not_watched);
    h.open("div", {{"class", "two"}});
    h.line("a", say("pause.help"), {{"class", "button main"}, {"href", "/c/help"}});
    h.line("a", say("pause.go_on"), {{"class", "button"}, {"href", go_on}});
    h.close();
  });
}

std::string help_page(const Frame& f) {
  return page(f, f.help.title, [&](Html& h, const auto& say) {
    h.open("nav", {{"class", "steps"}, {"aria-label", say("question.back")}});
    h.line("a", say("help.back"), {{"class", "back"}, {"href", "/c/now"}});
    h.close();
    h.line("h1", f.help.title);
    if (!f.help.intro.empty()) h.line("p", f.help.intro, {{"class", "lead"}});
    if (f.kiosk) h.line("p", say("pause.kiosk"));
    h.open("section", {{"class", "card"}, {"aria-labelledby", "when"}});
    h.line("h2", f.help.when_heading, {{"id", "when"}});
    h.open("ul");
    for (const auto& one : f.help.when) h.line("li", one);
    h.close();
    for (const auto& line : f.help.lines)
      if (line.id == "988" && !f.kiosk)
        h.line("a", say("help.call", {{"number", line.number}}),
               {{"class", "button main"}, {"href", safety::link_of_call(line)}});
    h.close();
    h.open("dl", {{"class", "lines"}});
    for (const auto& line : f.help.lines) {
      h.open("div");
      h.line("dt", line.number.empty() ? line.label : line.label + ": " + line.number);
      h.open("dd").text(line.text);
      if (!line.hours.empty()) h.text(" " + line.hours);
      h.close().close();
    }
    h.close();
  });
}

std::string done_page(const Frame& f, const Done& d) {
  return page(f, f.words->text(f.language, "done.title"), [&](Html& h, const auto& say) {
    h.line("h1", say("done.title"), {{"tabindex", "-1"}});
    h.line("h2", say("done.next"));
    h.line("p", f.help.read_when.empty() ? say("done.read", {{"hours", d.hours}}) : f.help.read_when);
    if (d.open_until) h.line("p", say("done.open", {{"time", time_text(f.language, *d.open_until)}}));
    else if (d.opens) h.line("p", say("done.opens", {{"date", date_text(*f.words, f.language, *d.opens)}}));
    h.line("p", f.help.not_watched);
    h.line("p", say("done.told"));
    h.line("p", say("done.worse"), {{"class", "note"}});
    h.line("h2", say("done.receipt"));
    h.line("p",
           say("done.receipt_text", {{"receipt", d.receipt},
                                     {"date", date_text(*f.words, f.language, d.date)},
                                     {"time", time_text(f.language, d.minute)}}),
           {{"class", "receipt"}});
    h.line("p", say("done.keep"));
    h.line("button", say("done.print"), {{"type", "button"}, {"class", "quiet"}, {"data-print", kFlag}, {"hidden", kFlag}});
  });
}

std::string message_page(const Frame& f, std::string_view title, std::string_view text) {
  return page(f, title, [&](Html& h, const auto&) {
    h.line("h1", title);
    h.line("p", text, {{"class", "lead"}});
  });
}

}  // namespace concord::checkins
