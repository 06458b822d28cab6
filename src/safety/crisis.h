// "Get help now": the one block of help lines that stands on every patient page. Nobody writes numbers of their own: the
// check-in pages, the portal, the safety texts and print take them from here (ux.md C1-C4).
//
//   content/crisis/help.json  988, 911, veterans, in each language        loaded once
//   + the site                its phone and hours, what it says outside   site, on_call_settings
//   + site_crisis             its own lines and when answers are read     PATCH /api/v1/sites/{site_id}/crisis
//   = CrisisHelp              what one page shows, in one language
//
// Pure but for the two functions at the end; any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "db/database.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "safety/on_call.h"

namespace concord::safety {

/// One way to help. Links are made by link_of_call and link_of_text, the number also stands as text.
struct HelpLine {
  std::string id;        ///< "988", "911", "veterans", "clinic", "site"
  std::string label;     ///< "Your clinic"
  std::string number;    ///< as a person reads it: "988, then press 1"; "" when the clinic has no number here
  std::string tel;       ///< digits, perhaps "+" first: for a tel: link; "" without
  std::string sms;       ///< the same for an sms: link; "" without
  std::string sms_body;  ///< the word to send ("AYUDA"); "" for any
  std::string chat;      ///< https address; "" without
  std::string text;      ///< one or two sentences
  std::string hours;     ///< in words; "" when it is always open or nobody said
  bool operator==(const HelpLine&) const = default;
};
/// "tel:+15550100", "sms:988?body=AYUDA"; "" when the line has none.
std::string link_of_call(const HelpLine& line);
std::string link_of_text(const HelpLine& line);
/// Only digits, and a "+" in front: "(555) 010-0100 ext. 4" has none and gives "5550100100" (what comes after "ext" or
/// "x" is left out).
std::string dial(std::string_view number);

/// Everything a page shows, in one language, ready to print. Never a colour, never a promise.
struct CrisisHelp {
  std::string language;  ///< en or es
  std::string title;     ///< "Get help now"
  std::string intro;
  std::string when_heading;                 ///< "Call 988 now if:"
  std::vector<std::string> when;            ///< its points
  std::vector<HelpLine> lines;              ///< 988 first, then 911, then the clinic, then the program's own, then veterans
  std::string read_when;                    ///< when the team reads answers; never blank
  std::string not_watched;                  ///< "Nobody is watching this page."
  std::optional<std::string> outside_text;  ///< what the clinic says outside its hours, only when it is closed now
  std::optional<std::string> review;        ///< "awaiting clinical review": for staff, never shown to a patient
};
/// The members of the block, as an object.
void write(json::Writer& w, const CrisisHelp& help);

/// What the file says, by language.
struct CrisisWords {
  std::string title, intro, when_heading;
  std::vector<std::string> when;
  std::vector<HelpLine> lines;
  std::string clinic_label, clinic_text, clinic_unknown, read_unknown, not_watched;
  std::optional<std::string> review;
};
struct CrisisContent {
  std::map<std::string, CrisisWords> languages;  ///< en and es
  const CrisisWords& in(std::string_view language) const;
};
/// bad_file names the place. Both languages need the same lines in the same order, 988 and 911 among them.
Result<CrisisContent> load_crisis(const std::filesystem::path& file);

/// Words in both languages; a program's own words need both.
struct BothLanguages {
  std::string en, es;
  const std::string& in(std::string_view language) const { return language == "es" ? es : en; }
  bool operator==(const BothLanguages&) const = default;
};
/// A number of the program itself: a mobile crisis team, a warm line.
struct OwnLine {
  BothLanguages label, text, hours;  ///< text and hours may be empty
  std::string number, sms;
  bool operator==(const OwnLine&) const = default;
};
/// What a site says for itself.
struct SiteCrisis {
  std::vector<OwnLine> lines;
  std::optional<BothLanguages> read_when;     ///< "Your team reads answers on weekdays from 8 to 5."
  std::optional<BothLanguages> clinic_hours;  ///< instead of the site's hours, which are in one language
  std::int64_t version = 0;                   ///< 0: nothing saved yet
};
inline constexpr std::size_t kMostOwnLines = 6;

/// Reads the members of a PATCH over what is there; issues have their place.
SiteCrisis read_site_crisis(const json::Cursor& body, SiteCrisis before);
/// {"lines","read_when","clinic_hours"} as stored and as answered.
void write_members(json::Writer& w, const SiteCrisis& site);
std::string encode(const SiteCrisis& site);
SiteCrisis decode_site_crisis(std::string_view stored);

struct ClinicLine {
  std::string name;
  std::optional<std::string> phone, hours;
};

/// Puts the block together. `is_open`: the clinic works at this moment. Numbers of the rota's settings that the site's
/// own lines do not repeat are shown too.
CrisisHelp help_for(const CrisisContent& content, const SiteCrisis& site, const OnCallSettings& on_call, const ClinicLine& clinic,
                    bool is_open, std::string_view language);
/// What an administrator still has to fill in, so that no page is blank: "clinic_phone", "clinic_hours", "read_when".
std::vector<std::string> missing(const SiteCrisis& site, const ClinicLine& clinic);

/// Lent to check-ins, portal and others: the block of a site, in a language (anything but "es" is English), at a time.
using CrisisOf = std::function<CrisisHelp(db::Tx&, OrganizationId, SiteId, std::string_view language, Instant now)>;

}  // namespace concord::safety
