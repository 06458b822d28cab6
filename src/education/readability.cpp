#include "education/readability.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace concord::education {
namespace {

using Letters = std::u32string;

/// Code points; a broken byte becomes a blank, so that it ends a word.
Letters decode(std::string_view utf8) {
  Letters out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    std::size_t length = byte < 0x80 ? 1 : byte >> 5 == 6 ? 2 : byte >> 4 == 14 ? 3 : byte >> 3 == 30 ? 4 : 0;
    if (length == 0 || i + length > utf8.size()) {
      out += U' ';
      ++i;
      continue;
    }
    char32_t point = length == 1 ? byte : byte & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
    out += point;
    i += length;
  }
  return out;
}

bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

char32_t lower(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  return c;
}

bool in(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }

/// Without accents, lower case, letters only.
std::string plain(const Letters& word) {
  std::string out;
  for (char32_t c : word) {
    c = lower(c);
    if (c >= 0xE0 && c <= 0xE5) c = U'a';
    else if (c >= 0xE8 && c <= 0xEB) c = U'e';
    else if (c >= 0xEC && c <= 0xEF) c = U'i';
    else if (c >= 0xF2 && c <= 0xF6) c = U'o';
    else if (c >= 0xF9 && c <= 0xFC) c = U'u';
    else if (c == 0xF1) c = U'n';
    if (c >= U'a' && c <= U'z') out += static_cast<char>(c);
  }
  return out;
}

// ---- English

/// Words that the rules get wrong.
const std::map<std::string, int, std::less<>>& exceptions() {
  static const std::map<std::string, int, std::less<>> words = {
      {"anyone", 3},      {"anything", 3},  {"anywhere", 3},  {"area", 3},       {"areas", 3},      {"being", 2},
      {"business", 2},    {"cafe", 2},      {"client", 2},    {"create", 2},     {"created", 3},    {"creates", 2},
      {"diet", 2},        {"every", 2},     {"everybody", 4}, {"everyone", 3},   {"everything", 3}, {"everywhere", 3},
      {"everyday", 3},    {"evening", 2},   {"evenings", 2},  {"family", 3},     {"fire", 1},       {"forever", 3},
      {"hour", 1},        {"hours", 1},     {"idea", 3},      {"ideas", 3},      {"medicine", 3},   {"medicines", 4},
      {"naloxone", 3},    {"ours", 1},      {"people", 2},    {"period", 3},     {"poem", 2},       {"quiet", 2},
      {"real", 1},        {"really", 2},    {"reality", 4},   {"recipe", 3},     {"science", 2},    {"sometimes", 2},
      {"someone", 2},     {"something", 2}, {"someday", 2},   {"somewhere", 2},  {"somebody", 3},   {"society", 4},
      {"theater", 3},     {"trial", 2},     {"usual", 3},     {"usually", 4},    {"video", 3},      {"violence", 3},
      {"violent", 3},     {"whole", 1},     {"anxiety", 4},   {"appreciate", 4}, {"react", 2},      {"reaction", 3},
      {"reactions", 3},   {"diary", 3},     {"variety", 4},   {"naive", 2},      {"lonely", 2},     {"therefore", 2},
      {"movement", 2},    {"homework", 2},  {"household", 2}, {"lifeline", 2},   {"housework", 2},  {"wherever", 3},
      {"whatever", 3},    {"whenever", 3},  {"however", 3},   {"whoever", 3},    {"moreover", 3},   {"psychiatrist", 4},
      {"psychiatric", 4}, {"ruin", 2},      {"fluid", 2},     {"suicide", 3},    {"suicidal", 4},   {"truest", 2},
      {"bipolar", 3},     {"maybe", 2},     {"careful", 2},   {"safety", 2},     {"lately", 2},     {"useful", 2},
      {"basement", 2},    {"statement", 2}, {"placement", 2}, {"lifelong", 2},   {"timeline", 2},   {"bedtime", 2},
      {"mealtime", 2},    {"awhile", 2},    {"meanwhile", 2}, {"baseline", 2},   {"hopeless", 2},   {"sidewalk", 2},
      {"outside", 2},     {"inside", 2},    {"beside", 2},    {"besides", 2},    {"healthcare", 2}, {"caregiver", 3},
      {"caregivers", 3},  {"likewise", 2},  {"otherwise", 3}, {"makeup", 2},     {"wakeup", 2},     {"phoned", 1},
      {"lion", 2},        {"riot", 2},      {"pioneer", 3},   {"violin", 3},     {"giant", 2},      {"dial", 2},
      {"denial", 3},      {"dialing", 3},   {"fuel", 2},      {"cruel", 2},      {"duel", 2},       {"poet", 2},
      {"going", 2},       {"cooperate", 4}, {"lead", 1},      {"ion", 2},        {"triage", 2},     {"orient", 3},
      {"experience", 4},  {"obedience", 4}, {"audience", 3},  {"patience", 2},   {"patient", 2},    {"patients", 2},
      {"ancient", 2},     {"efficient", 3}, {"species", 2},   {"series", 2},     {"movie", 2},      {"movies", 2},
      {"cookie", 2},      {"cookies", 2},   {"rhythm", 2},    {"mhm", 1},        {"mr", 2},         {"mrs", 2},
      {"dr", 2},          {"ms", 1},        {"pm", 2},        {"am", 1},         {"tv", 2},         {"ok", 2},
      {"ssri", 4},        {"ssris", 4},     {"hiv", 3},       {"er", 2},         {"id", 2},         {"ptsd", 4},
      {"qr", 2},          {"gi", 2},        {"phq", 3},       {"gad", 1},        {"pin", 1},        {"pdf", 3},
      {"sms", 3},         {"eye", 1},       {"eyes", 1}};
  return words;
}

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

bool ends(std::string_view word, std::string_view end) { return word.size() > end.size() && word.ends_with(end); }

int by_rules(std::string_view w) {
  int total = 0;
  // Two words in one: "wellbeing" stays one, but a silent e before these endings is silent.
  for (const std::string_view suffix : {"ful", "fully", "less", "lessness", "ment", "ments", "ness", "ly"})
    if (ends(w, suffix) && w.size() > suffix.size() + 2) {
      const auto stem = w.substr(0, w.size() - suffix.size());
      if (stem.back() != 'e' || stem.size() < 3 || is_vowel(stem[stem.size() - 2])) continue;
      int of_suffix = 1;
      if (suffix == "fully" || suffix == "lessness") of_suffix = 2;
      return by_rules(stem) + of_suffix;
    }
  for (std::size_t i = 0; i < w.size(); ++i) {
    const bool vowel = is_vowel(w[i]) &&
                       !(w[i] == 'y' && i + 1 < w.size() && is_vowel(w[i + 1]) && (i == 0 || is_vowel(w[i - 1]))) &&
                       !(w[i] == 'u' && i > 0 && w[i - 1] == 'q');
    if (!vowel) continue;
    const bool follows_vowel = i > 0 && is_vowel(w[i - 1]) && !(w[i - 1] == 'u' && i > 1 && w[i - 2] == 'q') &&
                               !(w[i - 1] == 'y' && (i == 1 || is_vowel(w[i - 2])));
    if (!follows_vowel) {
      ++total;
      continue;
    }
    // Two vowels that are said apart.
    const char before = w[i - 1], here = w[i];
    const char earlier = i > 1 ? w[i - 2] : ' ';
    const bool soft = earlier == 't' || earlier == 'c' || earlier == 's' || earlier == 'x' || earlier == 'g';
    const bool apart = (before == 'i' && (here == 'a' || here == 'o' || here == 'u') && !soft) ||
                       (before == 'e' && here == 'o') || (before == 'u' && here == 'a' && earlier != 'g') ||
                       (here == 'i' && w.substr(i) == "ing") || (before == 'y' && here == 'i') ||
                       (before == 'i' && here == 'e' && (w.substr(i) == "er" || w.substr(i) == "est" || w.substr(i) == "ers"));
    total += apart;
  }
  // Endings that are not said.
  if (w.size() > 2 && w.back() == 'e' && !is_vowel(w[w.size() - 2])) {
    const bool is_le = w[w.size() - 2] == 'l' && w.size() > 3 && !is_vowel(w[w.size() - 3]);
    if (!is_le) --total;
  } else if (ends(w, "ed") && !is_vowel(w[w.size() - 3]) && w[w.size() - 3] != 't' && w[w.size() - 3] != 'd') {
    const bool is_led = w[w.size() - 3] == 'l' && w.size() > 4 && !is_vowel(w[w.size() - 4]) && w[w.size() - 4] != 'l';
    if (!is_led) --total;  // "called" is one, "settled" two
  } else if (ends(w, "yed") && w.size() > 4 && is_vowel(w[w.size() - 4])) {
    --total;  // "stayed"
  } else if (ends(w, "es") && !is_vowel(w[w.size() - 3])) {
    const char c = w[w.size() - 3];
    const bool hisses = c == 's' || c == 'x' || c == 'z' || c == 'c' || c == 'g' ||
                        (c == 'h' && w.size() > 3 && (w[w.size() - 4] == 'c' || w[w.size() - 4] == 's'));
    const bool is_les = c == 'l' && w.size() > 4 && !is_vowel(w[w.size() - 4]);
    if (!hisses && !is_les) --total;
  }
  if (ends(w, "sm")) ++total;
  return std::max(total, 1);
}

int syllables_plain(std::string_view w) {
  if (w.empty()) return 0;
  const auto& known = exceptions();
  if (const auto found = known.find(w); found != known.end()) return found->second;
  if (w.size() > 2 && w.back() == 's' && w[w.size() - 2] != 's')
    if (const auto found = known.find(w.substr(0, w.size() - 1)); found != known.end()) {
      const char c = w[w.size() - 2];
      const bool hisses = w.ends_with("ces") || w.ends_with("ges") || w.ends_with("ses");
      return found->second + (hisses && c == 'e' ? 1 : 0);
    }
  return by_rules(w);
}

int english_part(const Letters& word) {
  // "don't", "you're": what follows the apostrophe is said with the word, but for n't after d, s and v.
  const auto apostrophe = std::find_if(word.begin(), word.end(), [](char32_t c) { return c == U'\'' || c == 0x2019; });
  if (apostrophe == word.end()) return syllables_plain(plain(word));
  const std::string base = plain(Letters(word.begin(), apostrophe)), rest = plain(Letters(apostrophe + 1, word.end()));
  if (rest == "t" && base.size() > 2 && base.back() == 'n') {
    const std::string verb = base.substr(0, base.size() - 1);
    const bool adds = verb.back() == 'd' || verb.back() == 's' || verb.ends_with("ve") || verb.back() == 'h';
    return syllables_plain(verb == "ca" || verb == "wo" ? base : verb) + adds;
  }
  return std::max(1, syllables_plain(base));
}

// ---- Spanish

enum class Sound { consonant, strong, weak, accented_weak };

int spanish_part(Letters word) {
  for (auto& c : word) c = lower(c);
  std::vector<Sound> sounds;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i], next = i + 1 < word.size() ? word[i + 1] : U' ', before = i > 0 ? word[i - 1] : U' ';
    if (c == U'u' && (before == U'q' || before == U'g') && in(next, U"eiéí")) continue;  // que, gui
    if (c == U'h' && before != U'c') continue;                                           // not said, and no border
    if (in(c, U"aeoáéó")) sounds.push_back(Sound::strong);
    else if (in(c, U"íú")) sounds.push_back(Sound::accented_weak);
    else if (in(c, U"iuü")) sounds.push_back(Sound::weak);
    else if (c == U'y' && (i + 1 == word.size() || !in(next, U"aeiouáéíóú"))) sounds.push_back(Sound::weak);
    else sounds.push_back(Sound::consonant);
  }
  int total = 0;
  Sound last = Sound::consonant;
  for (const Sound s : sounds) {
    if (s != Sound::consonant) {
      const bool joined = last != Sound::consonant && !(last == Sound::strong && s == Sound::strong) &&
                          !(last == Sound::strong && s == Sound::accented_weak) &&
                          !(last == Sound::accented_weak && s == Sound::strong);
      total += !joined;
    }
    last = s;
  }
  return std::max(total, 1);
}

template <class Part>
int over_parts(std::string_view word, Part part) {
  const Letters letters = decode(word);
  int total = 0;
  Letters one;
  for (const char32_t c : letters + U"-") {
    if (c != U'-') {
      one += c;
      continue;
    }
    if (!one.empty()) total += part(one);
    one.clear();
  }
  return total;
}

bool is_abbreviation(const Letters& word) {
  static constexpr std::array<std::u32string_view, 13> kShort = {U"m",   U"dr", U"dra", U"mr", U"mrs", U"ms", U"sr",
                                                                 U"sra", U"st", U"p",   U"a",  U"ej",  U"etc"};
  Letters low;
  for (const char32_t c : word) low += lower(c);
  return std::find(kShort.begin(), kShort.end(), low) != kShort.end();
}

std::string encode(const Letters& letters) {
  std::string out;
  for (const char32_t c : letters) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

double per(int a, int b) { return b == 0 ? 0.0 : static_cast<double>(a) / b; }

}  // namespace

int syllables_english(std::string_view word) { return over_parts(word, english_part); }
int syllables_spanish(std::string_view word) {
  return over_parts(word, [](const Letters& part) { return spanish_part(part); });
}

Counts& Counts::operator+=(const Counts& more) {
  words += more.words;
  sentences += more.sentences;
  syllables += more.syllables;
  letters += more.letters;
  longest_sentence = std::max(longest_sentence, more.longest_sentence);
  return *this;
}

Counts count(std::string_view text, std::string_view language) {
  const bool spanish = language == "es";
  const Letters letters = decode(text);
  Counts counts;
  int in_sentence = 0;
  Letters word;
  const auto end_sentence = [&] {
    if (in_sentence == 0) return;
    ++counts.sentences;
    counts.longest_sentence = std::max(counts.longest_sentence, in_sentence);
    in_sentence = 0;
  };
  for (std::size_t i = 0; i <= letters.size(); ++i) {
    const char32_t c = i < letters.size() ? letters[i] : U' ';
    const char32_t next = i + 1 < letters.size() ? letters[i + 1] : U' ';
    const bool joins = (c == U'\'' || c == 0x2019 || c == U'-') && !word.empty() && is_letter(next);
    if (is_letter(c) || joins) {
      word += c;
      counts.letters += is_letter(c);
      continue;
    }
    const Letters finished = std::move(word);
    word.clear();
    if (!finished.empty()) {
      const std::string as_text = encode(finished);
      ++counts.words;
      ++in_sentence;
      counts.syllables += spanish ? syllables_spanish(as_text) : syllables_english(as_text);
    }
    const bool is_end = c == U'!' || c == U'?' || c == 0x2026 ||
                        (c == U'.' && !is_letter(next) && !(next >= U'0' && next <= U'9') && !is_abbreviation(finished));
    if (is_end) end_sentence();
  }
  end_sentence();
  return counts;
}

double flesch_kincaid(const Counts& c) { return 0.39 * per(c.words, c.sentences) + 11.8 * per(c.syllables, c.words) - 15.59; }
double automated_readability(const Counts& c) { return 4.71 * per(c.letters, c.words) + 0.5 * per(c.words, c.sentences) - 21.43; }
double fernandez_huerta(const Counts& c) { return 206.84 - 60.0 * per(c.syllables, c.words) - 1.02 * per(c.words, c.sentences); }
double inflesz(const Counts& c) { return 206.835 - 62.3 * per(c.syllables, c.words) - per(c.words, c.sentences); }

Reading reading(const Counts& counts, std::string_view language) {
  Reading r;
  if (language == "es") {
    r.first = inflesz(counts);
    r.second = fernandez_huerta(counts);
    r.is_easy = r.first >= kLeastInflesz && r.second >= kLeastFernandezHuerta;
    // Grades of Fernandez Huerta's own table: 90 fourth, 80 fifth, 70 sixth, 60 seventh and eighth, 50 pre-university.
    r.age = r.second >= 90 ? 9 : r.second >= 80 ? 10 : r.second >= 70 ? 11 : r.second >= 60 ? 13 : r.second >= 50 ? 15 : 18;
  } else {
    r.first = flesch_kincaid(counts);
    r.second = automated_readability(counts);
    r.is_easy = r.first <= kMostGrade && r.second <= kMostAutomatedGrade;
    r.age = std::max(7, static_cast<int>(std::lround(r.first)) + 5);
  }
  if (counts.words < 20) {
    r.is_easy = true;
    r.age = std::min(r.age, 11);
  }
  return r;
}

}  // namespace concord::education
