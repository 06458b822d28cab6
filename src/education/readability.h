// How hard a text is to read. Numbers only point at texts that deserve another look (ux.md F8); people decide.
//
// English: Flesch-Kincaid grade      0.39 words/sentence + 11.8 syllables/word - 15.59
//            (Kincaid and others 1975, Navy Research Branch Report 8-75)
//          automated readability     4.71 letters/word + 0.5 words/sentence - 21.43
//            (Senter and Smith 1967, AMRL-TR-66-220; the same report's form): needs no syllables, so it checks the first
// Spanish: Fernandez Huerta          206.84 - 60 syllables/word - 1.02 words/sentence      70 and more: grade 6 and below
//            (Fernandez Huerta 1959, in the corrected form with F as words per sentence)
//          INFLESZ (Szigriszt-Pazos) 206.835 - 62.3 syllables/word - words/sentence        65 and more: quite easy
//            (Szigriszt Pazos 1993; scale: Barrio-Cantalejo and others 2008, An Sist Sanit Navar 31:135)
//
// A word is a run of letters (hyphens and apostrophes inside belong to it); numbers are no words. A sentence ends at . ! ? or
// with its piece of text. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace concord::education {

int syllables_english(std::string_view word);
int syllables_spanish(std::string_view word);

struct Counts {
  int words = 0, sentences = 0, syllables = 0, letters = 0;
  int longest_sentence = 0;  ///< in words
  Counts& operator+=(const Counts& more);
};
/// Of one paragraph, list item or label: what is left over after the last full stop is a sentence too.
Counts count(std::string_view text, std::string_view language);

double flesch_kincaid(const Counts& counts);
double automated_readability(const Counts& counts);
double fernandez_huerta(const Counts& counts);
double inflesz(const Counts& counts);

inline constexpr double kMostGrade = 6.0;              ///< Flesch-Kincaid: age 11
inline constexpr double kMostAutomatedGrade = 7.0;     ///< the second measure may differ by a grade
inline constexpr double kLeastFernandezHuerta = 70.0;  ///< "somewhat easy": grade 6
inline constexpr double kLeastInflesz = 65.0;          ///< "quite easy"

struct Reading {
  double first = 0;   ///< en: Flesch-Kincaid grade; es: INFLESZ
  double second = 0;  ///< en: automated readability grade; es: Fernandez Huerta
  int age = 0;        ///< years at which most people read it: grade + 5, never below 7
  bool is_easy = true;
};
/// Nothing to measure (fewer than 20 words) is easy.
Reading reading(const Counts& counts, std::string_view language);

}  // namespace concord::education
