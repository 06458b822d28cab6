#include "billing/rules.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace concord::billing {
namespace {

constexpr std::string_view kReasonNames[kReasons] = {
    "none",       "outside_month",  "not_care_manager",  "consultant_time", "clerical", "separately_billed",
    "no_consent", "before_consent", "consent_withdrawn", "inpatient",       "overlap",  "after_close"};
constexpr std::string_view kFamilies[] = {"time_codes", "apcm", "general_bhi", "g0512", "none"};
constexpr std::string_view kShortCodes[] = {"propose", "from_16", "not_accepted"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::string_view (&names)[N], std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

struct KnownNumber {
  std::string_view id;
  int Numbers::* member;
  std::string_view unit;
};
constexpr KnownNumber kNumbers[] = {
    {"initial.from", &Numbers::initial_from, "minutes"},
    {"initial.full", &Numbers::initial_full, "minutes"},
    {"subsequent.from", &Numbers::subsequent_from, "minutes"},
    {"subsequent.full", &Numbers::subsequent_full, "minutes"},
    {"add_on.every", &Numbers::add_on_every, "minutes"},
    {"add_on.from", &Numbers::add_on_from, "minutes"},
    {"add_on.cap", &Numbers::add_on_cap, "units"},
    {"short.from", &Numbers::short_from, "minutes"},
    {"short.confirm_from", &Numbers::short_confirm_from, "minutes"},
    {"general_bhi.from", &Numbers::general_bhi_from, "minutes"},
    {"g0512.initial_from", &Numbers::g0512_initial_from, "minutes"},
    {"g0512.subsequent_from", &Numbers::g0512_subsequent_from, "minutes"},
    {"course.gap_months", &Numbers::course_gap_months, "months"},
    {"visit.within_months", &Numbers::visit_within_months, "months"},
    {"review.within_days", &Numbers::review_within_days, "days"},
    {"near.minutes", &Numbers::near_minutes, "minutes"},
    {"near.working_days", &Numbers::near_working_days, "working days"},
};

bool is_object(const json::Cursor& at) {
  if (at.value() != nullptr && at.value()->is(json::Kind::object)) return true;
  at.issue("must be an object");
  return false;
}

void read_numbers(const json::Cursor& at, Rules& out) {
  if (!is_object(at)) return;
  for (const auto& member : at.value()->members())
    if (std::none_of(std::begin(kNumbers), std::end(kNumbers), [&](const auto& k) { return k.id == member.key; }))
      at.required(member.key).issue("is not a number this program knows");
  for (const auto& known : kNumbers) {
    const auto cell = at.required(known.id);
    const auto value = cell.required("value").integer(1, 1000);
    const auto unit = cell.required("unit").string(1, 40);
    const auto source = cell.required("source").string(1, 400);
    cell.only({"value", "unit", "source"});
    if (!value || !unit || !source) continue;
    if (*unit != known.unit) cell.issue("must be in " + std::string(known.unit));
    out.numbers.*known.member = static_cast<int>(*value);
    out.parameters.push_back({std::string(known.id), static_cast<int>(*value), *unit, *source});
  }
  const Numbers& n = out.numbers;
  if (n.initial_from > n.initial_full) at.required("initial.from").issue("must not be more than initial.full");
  if (n.subsequent_from > n.subsequent_full) at.required("subsequent.from").issue("must not be more than subsequent.full");
  if (n.add_on_from > n.add_on_every) at.required("add_on.from").issue("must not be more than add_on.every");
  if (n.short_confirm_from > n.short_from) at.required("short.confirm_from").issue("must not be more than short.from");
}

std::optional<std::string> read_code(const json::Cursor& at) {
  auto code = at.string(1, 20);
  if (code && !looks_like_code(*code)) {
    at.issue("must be a code of five letters or digits");
    return std::nullopt;
  }
  return code;
}

void read_codes(const json::Cursor& at, Rules& out) {
  if (!is_object(at)) return;
  for (const auto& member : at.value()->members()) {
    const auto cell = at.required(member.key);
    Code code;
    code.code = member.key;
    if (!looks_like_code(member.key)) cell.issue("must be a code of five letters or digits");
    code.title = cell.required("title").string(1, 200).value_or("");
    cell.required("rates").each([&](const json::Cursor& item) {
      Rate rate;
      rate.cents = item.required("cents").integer(1, 10'000'000).value_or(0);
      rate.place = item.required("place").string(1, 100).value_or("");
      if (const auto from = item.required("from").date()) rate.from = *from;
      rate.until = item.optional("until").date();
      rate.source = item.required("source").string(1, 400).value_or("");
      item.only({"cents", "place", "from", "until", "source"});
      if (rate.until && *rate.until < rate.from) item.required("until").issue("is before from");
      code.rates.push_back(std::move(rate));
    });
    cell.only({"title", "rates"});
    out.codes.push_back(std::move(code));
  }
  for (const std::string_view needed : {"99492", "99493", "99494", "G2214", "99484", "G0323", "G0512", "G0568", "G0569", "G0570"})
    if (out.find_code(needed) == nullptr) at.required(needed).issue("is missing");
}

std::optional<int> number_of(std::string_view code) {
  int n = 0;
  const auto [stop, error] = std::from_chars(code.data(), code.data() + code.size(), n);
  if (error != std::errc() || stop != code.data() + code.size()) return std::nullopt;
  return n;
}

/// {"codes": ["99202-99215", "G0402"], "source": "..."}
std::vector<std::string> read_code_list(const json::Cursor& at) {
  std::vector<std::string> codes;
  at.required("codes").each([&](const json::Cursor& item) {
    const auto text = item.string(5, 11);
    if (!text) return;
    const auto dash = text->find('-');
    const auto first = text->substr(0, dash);
    const auto last = dash == std::string::npos ? first : text->substr(dash + 1);
    const auto from = number_of(first), to = number_of(last);
    if (!looks_like_code(first) || !looks_like_code(last) || (dash != std::string::npos && (!from || !to || *from > *to))) {
      item.issue("must be a code, or two numbers joined by -");
      return;
    }
    if (dash == std::string::npos) codes.push_back(first);
    else
      for (int n = *from; n <= *to; ++n) codes.push_back(std::to_string(n));
  });
  at.required("source").string(1, 400);
  at.only({"codes", "source"});
  return codes;
}

std::optional<Reason> read_reason(const json::Cursor& at) {
  const auto text = at.string(1, 40);
  if (!text) return std::nullopt;
  const auto reason = parse_reason(*text);
  if (!reason) at.issue("is not a reason this program knows");
  return reason;
}

void read_activities(const json::Cursor& at, Rules& out) {
  at.required("source").string(1, 400);
  for (const bool offered : {true, false})
    at.required(offered ? "offered" : "known").each([&](const json::Cursor& item) {
      Activity activity;
      activity.activity = item.required("activity").string(1, 60).value_or("");
      activity.offered = offered;
      if (const auto reason = item.optional("reason"); reason.present())
        activity.reason = read_reason(reason).value_or(Reason::none);
      item.only({"activity", "reason"});
      out.activities.push_back(std::move(activity));
    });
  at.required("words").each([&](const json::Cursor& item) {
    Rules::Word word;
    word.word = item.required("word").string(1, 60).value_or("");
    word.reason = read_reason(item.required("reason")).value_or(Reason::none);
    item.only({"word", "reason"});
    out.words.push_back(std::move(word));
  });
  at.only({"source", "offered", "known", "words"});
}

void read_payers(const json::Cursor& at, Rules& out) {
  at.required("source").string(1, 400);
  at.required("order").each([&](const json::Cursor& item) {
    if (auto category = item.string(1, 60)) out.payer_order.push_back(std::move(*category));
  });
  const auto settings = at.required("settings");
  if (is_object(settings))
    for (const auto& member : settings.value()->members()) {
      Terms terms = out.default_terms();
      read_terms(settings.required(member.key), terms);
      out.payers.emplace(member.key, terms);
    }
  at.only({"source", "order", "settings"});
}

bool contains(const std::vector<std::string>& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

}  // namespace

std::string_view name(Reason reason) { return kReasonNames[static_cast<int>(reason)]; }
std::optional<Reason> parse_reason(std::string_view name) { return parse<Reason>(kReasonNames, name); }
std::string_view name(Family family) { return kFamilies[static_cast<int>(family)]; }
std::optional<Family> parse_family(std::string_view name) { return parse<Family>(kFamilies, name); }
std::string_view name(ShortCode code) { return kShortCodes[static_cast<int>(code)]; }

bool looks_like_code(std::string_view code) {
  return code.size() == 5 &&
         std::all_of(code.begin(), code.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

const Code* Rules::find_code(std::string_view code) const {
  for (const auto& one : codes)
    if (one.code == code) return &one;
  return nullptr;
}

const Rate* Rules::rate_on(std::string_view code, Date day) const {
  const Code* found = find_code(code);
  if (found == nullptr) return nullptr;
  for (const auto& rate : found->rates)
    if (rate.from <= day && (!rate.until || day <= *rate.until)) return &rate;
  return nullptr;
}

bool Rules::is_initiating_visit(std::string_view code) const { return contains(initiating_visit_codes, code); }
bool Rules::is_apcm_base(std::string_view code) const { return contains(apcm_base_codes, code); }
bool Rules::is_general_bhi(std::string_view code) const { return contains(general_bhi_codes, code); }

bool Rules::is_offered(std::string_view activity) const {
  return std::any_of(activities.begin(), activities.end(),
                     [&](const Activity& a) { return a.offered && a.activity == activity; });
}

Reason Rules::reason_of_activity(std::string_view activity) const {
  for (const auto& one : activities)
    if (one.activity == activity) return one.reason;
  const auto parts = split(activity, '_');
  for (const auto& word : words)
    if (std::find(parts.begin(), parts.end(), word.word) != parts.end()) return word.reason;
  return Reason::none;
}

bool Rules::knows_activity(std::string_view activity) const {
  return reason_of_activity(activity) != Reason::none ||
         std::any_of(activities.begin(), activities.end(), [&](const Activity& a) { return a.activity == activity; });
}

Terms Rules::default_terms() const {
  Terms terms;
  terms.add_on_cap = numbers.add_on_cap;
  terms.general_bhi_from = numbers.general_bhi_from;
  return terms;
}

void read_terms(const json::Cursor& at, Terms& terms) {
  if (!is_object(at)) return;
  at.only({"family", "add_on_cap", "g2214", "general_bhi_code", "general_bhi_from", "initial_once_per_calendar_year",
           "prior_authorization_after_months"});
  if (const auto word = at.optional("family").one_of({"time_codes", "apcm", "general_bhi", "g0512", "none"}))
    terms.family = *parse_family(*word);
  // Given as null it means: no cap. Absent: as before.
  if (const auto cap = at.optional("add_on_cap"); cap.value() != nullptr) {
    if (cap.value()->is(json::Kind::null)) terms.add_on_cap = std::nullopt;
    else if (const auto n = cap.integer(0, 50)) terms.add_on_cap = static_cast<int>(*n);
  }
  if (const auto word = at.optional("g2214").one_of({"propose", "from_16", "not_accepted"}))
    terms.short_code = *parse<ShortCode>(kShortCodes, *word);
  if (const auto word = at.optional("general_bhi_code").one_of({"99484", "G0323"})) terms.general_bhi_code = *word;
  if (const auto n = at.optional("general_bhi_from").integer(1, 120)) terms.general_bhi_from = static_cast<int>(*n);
  if (const auto flag = at.optional("initial_once_per_calendar_year").boolean()) terms.initial_once_per_calendar_year = *flag;
  if (const auto months = at.optional("prior_authorization_after_months"); months.value() != nullptr) {
    if (months.value()->is(json::Kind::null)) terms.prior_authorization_after_months = std::nullopt;
    else if (const auto n = months.integer(1, 60)) terms.prior_authorization_after_months = static_cast<int>(*n);
  }
}

void write_terms(json::Writer& w, const Terms& t, const Terms& defaults) {
  w.object();
  if (t.family != defaults.family) w.field("family", name(t.family));
  if (t.add_on_cap != defaults.add_on_cap) w.field("add_on_cap", t.add_on_cap);
  if (t.short_code != defaults.short_code) w.field("g2214", name(t.short_code));
  if (t.general_bhi_code != defaults.general_bhi_code) w.field("general_bhi_code", t.general_bhi_code);
  if (t.general_bhi_from != defaults.general_bhi_from) w.field("general_bhi_from", t.general_bhi_from);
  if (t.initial_once_per_calendar_year != defaults.initial_once_per_calendar_year)
    w.field("initial_once_per_calendar_year", t.initial_once_per_calendar_year);
  if (t.prior_authorization_after_months != defaults.prior_authorization_after_months)
    w.field("prior_authorization_after_months", t.prior_authorization_after_months);
  w.end();
}

Result<Rules> load_rules(std::string_view text) {
  CONCORD_TRY(const auto document, json::Document::parse(text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "valid_from", "about", "numbers", "codes", "initiating_visit_codes", "apcm_base_codes",
             "general_bhi_codes", "activities", "payers", "ended"});
  Rules out;
  out.name = root.required("name").string(1, 60).value_or("");
  out.version = root.required("version").string(1, 20).value_or("");
  if (const auto from = root.required("valid_from").date()) out.valid_from = *from;
  root.required("about").string(1, 2000);
  read_numbers(root.required("numbers"), out);
  read_codes(root.required("codes"), out);
  out.initiating_visit_codes = read_code_list(root.required("initiating_visit_codes"));
  out.apcm_base_codes = read_code_list(root.required("apcm_base_codes"));
  out.general_bhi_codes = read_code_list(root.required("general_bhi_codes"));
  read_activities(root.required("activities"), out);
  read_payers(root.required("payers"), out);
  root.required("ended").each([&](const json::Cursor& item) {
    Rules::Ended ended;
    ended.code = read_code(item.required("code")).value_or("");
    ended.payer_category = item.required("payer_category").string(1, 60).value_or("");
    if (const auto from = item.required("from").date()) ended.from = *from;
    ended.source = item.required("source").string(1, 400).value_or("");
    item.only({"code", "payer_category", "from", "source"});
    out.ended.push_back(std::move(ended));
  });
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The billing rules have mistakes.", issues.list());
  return out;
}

}  // namespace concord::billing
