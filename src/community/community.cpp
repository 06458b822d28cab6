#include "community/community.h"

#include <algorithm>

#include "base/text.h"

namespace concord::community {
namespace {

template <class List>
bool among(std::string_view word, const List& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_language(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = text.substr(0, dash);
  if (first.size() < 2 || first.size() > 3) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return text.size() <= 20;
}

bool is_postal(std::string_view text) {
  return !text.empty() && std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view primary(std::string_view language) { return language.substr(0, language.find('-')); }

bool has_language(const Service& s, std::string_view wanted) {
  if (s.languages.empty()) return equals_ignoring_case(primary(wanted), "en");
  return std::any_of(s.languages.begin(), s.languages.end(),
                     [&](const std::string& one) { return equals_ignoring_case(primary(one), primary(wanted)); });
}

bool has_area(const Service& s, std::string_view wanted) {
  if (s.areas.empty()) return true;
  const std::string sought = fold(wanted);
  for (const auto& area : s.areas) {
    std::string own = fold(area);
    if (own.ends_with('*')) {
      own.pop_back();
      if (sought.starts_with(own)) return true;
    } else if (is_postal(own) ? sought.starts_with(own) : own.find(sought) != std::string::npos) {
      return true;  // "10453-1234" is in 10453
    }
  }
  return false;
}

constexpr std::string_view kAhcKinds[] = {"housing", "food", "transport", "utilities", "safety",
                                          "money",   "work", "company",   "education"};
constexpr std::string_view kPrapareKinds[] = {"housing",    "work",          "education", "money",   "food",   "utilities",
                                              "child_care", "health_access", "transport", "company", "safety", "other"};
constexpr std::string_view kLicenceAhc =
    "Concord ships no wording. CMS publishes the tool; some items belong to others. Use the clinic's own copy.";
constexpr std::string_view kLicencePrapare =
    "Concord ships no wording. PRAPARE belongs to NACHC and its partners; their terms of use apply. Use the clinic's own copy.";
constexpr Form kForms[] = {{"ahc-hrsn", "AHC Health-Related Social Needs", "96777-8", kLicenceAhc, kAhcKinds},
                           {"prapare", "PRAPARE", "93025-5", kLicencePrapare, kPrapareKinds}};

}  // namespace

bool is_kind(std::string_view kind) { return among(kind, kKinds); }
bool may_be_shown_in_portal(std::string_view kind) { return kind != "safety"; }

bool Service::same_words(const Service& o) const {
  return name == o.name && kinds == o.kinds && areas == o.areas && languages == o.languages && phone == o.phone &&
         hours == o.hours && web == o.web && eligibility == o.eligibility && cost == o.cost && note == o.note &&
         checked == o.checked && withdrawn == o.withdrawn;
}

std::vector<Issue> check(const Service& s, Date today) {
  std::vector<Issue> issues;
  if (fold(s.name).size() < 2) issues.push_back({"name", "must not be empty"});
  if (s.name.size() > 200) issues.push_back({"name", "must not be longer than 200 bytes"});
  if (s.kinds.empty()) issues.push_back({"kinds", "must say what the service helps with"});
  for (const auto& kind : s.kinds)
    if (!is_kind(kind)) issues.push_back({"kinds", "\"" + kind.substr(0, 40) + "\" is not a kind Concord knows"});
  for (const auto& area : s.areas) {
    const auto star = area.find('*');
    if (area.size() > 60) issues.push_back({"areas", "an area must not be longer than 60 bytes"});
    if (star != std::string::npos && (star + 1 != area.size() || star == 0))
      issues.push_back({"areas", "* may only stand at the end of a postal code: 104*"});
  }
  for (const auto& language : s.languages)
    if (!is_language(language)) issues.push_back({"languages", "must be language codes such as en, es"});
  if (!s.web.empty() && !s.web.starts_with("https://") && !s.web.starts_with("http://"))
    issues.push_back({"web", "must begin with https:// or http://"});
  if (s.web.find_first_of(" \t\r\n\"<>") != std::string::npos) issues.push_back({"web", "must be one address"});
  const std::pair<std::string_view, const std::string*> texts[] = {{"phone", &s.phone}, {"hours", &s.hours},
                                                                   {"web", &s.web},     {"eligibility", &s.eligibility},
                                                                   {"cost", &s.cost},   {"note", &s.note}};
  for (const auto& [name, text] : texts)
    if (text->size() > 1000) issues.push_back({std::string(name), "must not be longer than 1000 bytes"});
  if (s.checked && *s.checked > today) issues.push_back({"checked_on", "must not be in the future"});
  return issues;
}

bool matches(const Service& s, const Search& search) {
  if (!search.kind.empty() && !among(search.kind, s.kinds)) return false;
  if (!search.language.empty() && !has_language(s, search.language)) return false;
  if (!search.area.empty() && !has_area(s, search.area)) return false;
  if (search.text.empty()) return true;
  const std::string haystack = fold(s.name + " " + s.eligibility + " " + s.note);
  const std::string sought = fold(search.text);
  for (const auto word : split(sought, ' '))
    if (!word.empty() && haystack.find(word) == std::string::npos) return false;
  return true;
}

std::string_view state_of_answer(std::string_view wants_help) {
  return wants_help == "yes" ? "wants_help" : wants_help == "no" ? "declined" : "later";
}

std::span<const Form> forms() { return kForms; }

std::string_view item_codes(std::string_view form, std::string_view kind) {
  struct Items {
    std::string_view form, kind, codes;
  };
  static constexpr Items kItems[] = {
      {"prapare", "housing", "71802-3 93033-9"},
      {"prapare", "education", "82589-3"},
      {"prapare", "work", "67875-5"},
      {"prapare", "money", "63586-2"},
      {"prapare", "food", "93031-3"},
      {"prapare", "utilities", "93031-3"},
      {"prapare", "child_care", "93031-3"},
      {"prapare", "health_access", "76437-3 93031-3"},
      {"prapare", "transport", "93030-5"},
      {"prapare", "company", "93029-7"},
      {"prapare", "safety", "76501-6"},
      {"prapare", "other", "93031-3"},
      {"ahc-hrsn", "housing", "71802-3 96778-6"},
  };
  for (const auto& items : kItems)
    if (items.form == form && items.kind == kind) return items.codes;
  return "";
}

const Form* find_form(std::string_view id) {
  for (const auto& form : kForms)
    if (form.id == id) return &form;
  return nullptr;
}

std::vector<Issue> check(const Screening& s, Date today) {
  std::vector<Issue> issues;
  const auto* form = find_form(s.form);
  if (!form) return {{"form", "must be ahc-hrsn or prapare"}};
  if (s.on > today) issues.push_back({"on", "must not be in the future"});
  if (s.refused && (!s.asked.empty() || !s.found.empty())) issues.push_back({"asked", "goes without refused"});
  if (!s.refused && s.asked.empty()) issues.push_back({"asked", "must say what was asked"});
  for (const auto& kind : s.asked)
    if (!among(kind, form->kinds)) issues.push_back({"asked", "\"" + kind.substr(0, 40) + "\" is no part of this form"});
  for (const auto& kind : s.found)
    if (!among(kind, s.asked)) issues.push_back({"found", "\"" + kind.substr(0, 40) + "\" was not asked"});
  return issues;
}

std::vector<Issue> check(const Referral& r, Date today) {
  static constexpr std::string_view kWays[] = {"phone", "mail", "email", "fax", "platform", "patient_goes"};
  static constexpr std::string_view kMethods[] = {"verbal", "written", "electronic"};
  std::vector<Issue> issues;
  if (r.sent > today) issues.push_back({"sent_on", "must not be in the future"});
  if (!among(r.sent_by_way, kWays))
    issues.push_back({"sent_by_way", "must be phone, mail, email, fax, platform or patient_goes"});
  if (!among(r.consent_method, kMethods)) issues.push_back({"consent.method", "must be verbal, written or electronic"});
  if (r.consent_date > r.sent) issues.push_back({"consent.on", "must not be after the day it was sent"});
  if (r.shares.empty() && r.sent_by_way != "patient_goes")
    issues.push_back({"shares", "must say what the service is told, with the patient's consent"});
  for (const auto& share : r.shares)
    if (!among(share, kShares)) issues.push_back({"shares", "\"" + share.substr(0, 40) + "\" is nothing Concord shares"});
  return issues;
}

Result<Referral> apply(const Referral& before, const Act& act, Date today) {
  Referral after = before;
  std::vector<Issue> issues;
  if (act.on > today) issues.push_back({"on", "must not be in the future"});
  if (act.on < before.sent) issues.push_back({"on", "must not be before the day it was sent"});
  const auto wrong_state = [&]() -> tl::unexpected<Error> {
    return fail(ErrorCode::conflict, "That does not go: this referral is " + before.state + ".");
  };
  if (act.act == "accept") {
    if (before.state != "sent" && before.state != "declined") return wrong_state();
    after.state = "accepted";
    after.accepted = act.on;
    after.declined.reset();
  } else if (act.act == "decline") {
    if (before.state != "sent" && before.state != "accepted") return wrong_state();
    after.state = "declined";
    after.declined = act.on;
  } else if (act.act == "seen") {
    if (!before.waits()) return wrong_state();
    if (act.confirmed_by != "service" && act.confirmed_by != "patient" && act.confirmed_by != "staff")
      issues.push_back({"confirmed_by", "must say who confirmed it: service, patient or staff"});
    after.state = "seen";
    after.seen = act.on;
    after.seen_confirmed_by = act.confirmed_by;
  } else if (act.act == "close") {
    if (before.state == "closed") return wrong_state();
    if (act.outcome != "met" && act.outcome != "partly_met" && act.outcome != "not_met")
      issues.push_back({"outcome", "must be met, partly_met or not_met"});
    if (act.outcome != "met" && trim(act.reason).empty()) issues.push_back({"reason", "is needed unless the need is met"});
    after.state = "closed";
    after.closed = act.on;
    after.outcome = act.outcome;
    after.reason = act.reason;
  } else if (act.act == "withdraw_consent") {
    if (before.state == "closed") return wrong_state();
    after.state = "closed";
    after.closed = act.on;
    after.consent_withdrawn = act.on;
    after.outcome = "not_met";
    after.reason = act.reason.empty() ? "consent_withdrawn" : act.reason;
  } else if (act.act == "reopen") {
    if (before.state != "closed") return wrong_state();
    if (before.consent_withdrawn)
      return fail(ErrorCode::conflict, "The consent was withdrawn. Ask for a new one and refer again.");
    after.state = before.seen ? "seen" : before.declined ? "declined" : before.accepted ? "accepted" : "sent";
    after.closed.reset();
    after.outcome.reset();
    after.reason.clear();
  } else {
    issues.push_back({"act", "is not an act of a referral"});
  }
  if (!issues.empty()) return fail(ErrorCode::invalid, "Some fields are missing or wrong.", std::move(issues));
  return after;
}

std::optional<Date> due(const Referral& r) {
  if (!r.waits()) return std::nullopt;
  return r.sent.plus_days(kSeenWithinDays);
}

int overdue_days(const Referral& r, Date today) {
  const auto day = due(r);
  return day ? std::max(0, today - *day) : 0;
}

std::vector<std::string> words(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (const auto part : split(text, separator))
    if (const auto word = trim(part); !word.empty() && !among(word, out)) out.emplace_back(word);
  return out;
}

std::string joined(const std::vector<std::string>& parts, char separator) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

}  // namespace concord::community
