// The check-in pages as HTML text. They work without JavaScript; the script only makes them bear a lost network. Pure: what
// is shown comes in, so every page can be tested and looked at without a server. Rules: ux.md sections 1 to 3.
//   one question a page, its words in the <h1> of the <legend>, stem and scale on every page, "Get help now" always first
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkins/checkins.h"
#include "checkins/words.h"
#include "safety/crisis.h"

namespace concord::checkins {

/// Addresses of the built files; empty without a web build: the pages then are plain, and whole.
struct Assets {
  std::string style, script, icon;
};
/// From web/dist/manifest.json; empty members where it does not say.
Assets load_assets(const std::filesystem::path& manifest);

/// What stands around every page.
struct Frame {
  const Words* words = nullptr;
  const Assets* assets = nullptr;
  std::string language = "en";
  std::string clinic;  ///< "" for somebody who came without a link that works
  safety::CrisisHelp help;
  bool kiosk = false;
  int leave_after_seconds = 0;  ///< the tablet: the page gives way to the neutral one by itself
  /// Where the other language is asked for: "?lang=es" on the first page (GET), or a POST to /c/language from here. "": not.
  std::string language_link, language_back;
};

struct Landing {
  std::string secret;
  int count = 0;     ///< questions, as far as known
  int answered = 0;  ///< of a check-in that was begun
  Date until;        ///< the last day of the link
  bool asks_birth_date = false;
  bool may_be_foreign = true;  ///< "this is not for me" is offered
  bool on_behalf = false;
  std::string error;  ///< of the birth date; "" none
  std::string month, day, year;
};
std::string landing_page(const Frame& frame, const Landing& landing);

/// `error`: nothing was chosen. `then_check`: the person came from the page where answers are checked.
std::string question_page(const Frame& frame, const Question& question, const Kept* kept, bool error, bool then_check);

/// `missing`: numbers of questions without an answer; the page then says so first.
std::string check_page(const Frame& frame, std::span<const Question> questions, std::span<const Kept> kept,
                       std::span<const int> missing);

/// After a positive answer: help now, or go on.
std::string pause_page(const Frame& frame, std::string_view go_on);
/// The help lines as a page of their own.
std::string help_page(const Frame& frame);

struct Done {
  std::string receipt;
  Date date;  ///< at the site
  int minute = 0;
  std::string hours;              ///< in words
  std::optional<int> open_until;  ///< the clinic is open now, until this minute of the day
  std::optional<Date> opens;      ///< or the day it opens next
};
std::string done_page(const Frame& frame, const Done& done);

/// Title and one or two sentences: ended links, "please hand the tablet back".
std::string message_page(const Frame& frame, std::string_view title, std::string_view text);

/// Words of an item, an option and the stem in a language; English when the instrument has none.
bool has_language(const instruments::Instrument& instrument, std::string_view language);

}  // namespace concord::checkins
