#include "education/readability.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace concord::education {
namespace {

TEST(Readability, EnglishSyllablesOfACommonWordList) {
  const std::pair<const char*, int> words[] = {
      {"a", 1},         {"I", 1},          {"you", 1},       {"the", 1},         {"be", 1},        {"me", 1},
      {"make", 1},      {"makes", 1},      {"made", 1},      {"time", 1},        {"times", 1},     {"help", 1},
      {"helped", 1},    {"walked", 1},     {"called", 1},    {"wanted", 2},      {"needed", 2},    {"settled", 2},
      {"feel", 1},      {"feeling", 2},    {"feelings", 2},  {"being", 2},       {"doing", 2},     {"going", 2},
      {"seeing", 2},    {"trying", 2},     {"playing", 2},   {"table", 2},       {"little", 2},    {"people", 2},
      {"able", 2},      {"apple", 2},      {"sleep", 1},     {"asleep", 2},      {"nurse", 1},     {"nurses", 2},
      {"changes", 2},   {"boxes", 2},      {"watches", 2},   {"places", 2},      {"plan", 1},      {"planned", 1},
      {"planning", 2},  {"medicine", 3},   {"medicines", 4}, {"depression", 3},  {"anxiety", 4},   {"worry", 2},
      {"worries", 2},   {"worried", 2},    {"doctor", 2},    {"appointment", 3}, {"question", 2},  {"questions", 2},
      {"emergency", 4}, {"hospital", 3},   {"family", 3},    {"families", 3},    {"friend", 1},    {"friends", 1},
      {"every", 2},     {"everything", 3}, {"something", 2}, {"sometimes", 2},   {"someone", 2},   {"anyone", 3},
      {"idea", 3},      {"ideas", 3},      {"quiet", 2},     {"hour", 1},        {"hours", 1},     {"safely", 2},
      {"careful", 2},   {"carefully", 3},  {"useful", 2},    {"hopeless", 2},    {"movement", 2},  {"treatment", 2},
      {"statement", 2}, {"lonely", 2},     {"baby", 2},      {"babies", 2},      {"pregnancy", 3}, {"alcohol", 3},
      {"energy", 3},    {"area", 3},       {"create", 2},    {"really", 2},      {"usually", 4},   {"quality", 3},
      {"guess", 1},     {"guide", 1},      {"fruit", 1},     {"year", 1},        {"yes", 1},       {"yesterday", 3},
      {"beyond", 2},    {"player", 2},     {"enjoy", 2},     {"enjoyed", 2},     {"radio", 3},     {"social", 2},
      {"special", 2},   {"station", 2},    {"serious", 3},   {"various", 3},     {"happier", 3},   {"easier", 3},
      {"easiest", 3},   {"science", 2},    {"client", 2},    {"patient", 2},     {"patients", 2},  {"experience", 4},
      {"suicide", 3},   {"mechanism", 4},  {"don't", 1},     {"can't", 1},       {"won't", 1},     {"didn't", 2},
      {"isn't", 2},     {"haven't", 2},    {"aren't", 1},    {"you're", 1},      {"it's", 1},      {"they'll", 1},
      {"wellbeing", 3}, {"well-being", 3}, {"follow-up", 3}, {"one", 1},         {"once", 1},      {"eye", 1},
      {"eyes", 1},      {"breathe", 1},    {"breathing", 2}, {"thought", 1},     {"through", 1},   {"enough", 2},
      {"laugh", 1},     {"rhythm", 2}};
  for (const auto& [word, syllables] : words) EXPECT_EQ(syllables_english(word), syllables) << word;
}

TEST(Readability, SpanishSyllablesFollowTheRules) {
  const std::pair<const char*, int> words[] = {
      {"a", 1},          {"y", 1},         {"muy", 1},           {"hoy", 1},       {"estoy", 2},
      {"yo", 1},         {"ayuda", 3},     {"usted", 2},         {"casa", 2},      {"agua", 2},
      {"que", 1},        {"quien", 1},     {"guerra", 2},        {"seguir", 2},    {"pingüino", 3},
      {"vergüenza", 3},  {"ciudad", 2},    {"cuidar", 2},        {"día", 2},       {"días", 2},
      {"tío", 2},        {"país", 2},      {"oír", 2},           {"leer", 2},      {"caer", 2},
      {"poeta", 3},      {"ahora", 3},     {"alcohol", 3},       {"búho", 2},      {"prohibido", 3},
      {"ansiedad", 3},   {"depresión", 3}, {"medicina", 4},      {"medicinas", 4}, {"sueño", 2},
      {"niño", 2},       {"familia", 3},   {"emergencia", 4},    {"teléfono", 4},  {"corazón", 3},
      {"sonreír", 3},    {"seguía", 3},    {"leían", 3},         {"estáis", 2},    {"buey", 1},
      {"aire", 2},       {"causa", 2},     {"deuda", 2},         {"viuda", 2},     {"ruido", 2},
      {"maestro", 3},    {"idea", 3},      {"ideas", 3},         {"creo", 2},      {"peor", 2},
      {"clínica", 3},    {"psicólogo", 4}, {"línea", 3},         {"queja", 2},     {"siguiente", 3},
      {"aunque", 2},     {"también", 2},   {"cualquier", 2},     {"atención", 3},  {"preocupación", 5},
      {"EMERGENCIA", 4}, {"Ánimo", 3},     {"físico-químico", 6}};
  for (const auto& [word, syllables] : words) EXPECT_EQ(syllables_spanish(word), syllables) << word;
}

TEST(Readability, CountsWordsSentencesAndLettersByHand) {
  const auto c = count("You can rest. Call 988 now! Is it 3.5 miles?", "en");
  EXPECT_EQ(c.words, 8);  // numbers are no words
  EXPECT_EQ(c.sentences, 3);
  EXPECT_EQ(c.letters, 26);
  EXPECT_EQ(c.syllables, 8);
  EXPECT_EQ(c.longest_sentence, 3);
}

TEST(Readability, AbbreviationsAndWebAddressesEndNoSentence) {
  EXPECT_EQ(count("Ask Dr. Lee at 5 p.m. on Friday", "en").sentences, 1);
  EXPECT_EQ(count("Go to 988lifeline.org and chat", "en").sentences, 1);
}

TEST(Readability, WhatIsLeftAfterTheLastStopIsASentence) {
  EXPECT_EQ(count("First. and then this", "en").sentences, 2);
  EXPECT_EQ(count("...", "en").sentences, 0);
  EXPECT_EQ(count("", "en").words, 0);
}

TEST(Readability, FormulasGiveWhatTheirPapersSay) {
  // 100 words in 5 sentences with 130 syllables and 420 letters.
  const Counts c{100, 5, 130, 420, 20};
  EXPECT_NEAR(flesch_kincaid(c), 0.39 * 20 + 11.8 * 1.3 - 15.59, 1e-9);
  EXPECT_NEAR(flesch_kincaid(c), 7.55, 1e-9);
  EXPECT_NEAR(automated_readability(c), 8.352, 1e-9);
  EXPECT_NEAR(fernandez_huerta(c), 108.44, 1e-9);
  EXPECT_NEAR(inflesz(c), 105.845, 1e-9);
}

TEST(Readability, HardTextsAreFoundAndEasyOnesPass) {
  const auto hard = count(
      "Pharmacological interventions demonstrate considerable effectiveness when administered consistently and monitored "
      "systematically by qualified professionals with appropriate experience in collaborative environments.",
      "en");
  EXPECT_FALSE(reading(hard, "en").is_easy);
  EXPECT_GT(reading(hard, "en").age, 15);
  const auto easy = count(
      "You feel low. That is hard. We can help you. Tell us how you are. We will plan the next step with you. It is your plan.",
      "en");
  EXPECT_TRUE(reading(easy, "en").is_easy);
  EXPECT_LE(reading(easy, "en").age, 8);
  const auto dificil = count(
      "Todas las intervenciones farmacológicas demuestran considerable efectividad cuando son administradas consistentemente y "
      "supervisadas sistemáticamente por profesionales cualificados con amplia experiencia interdisciplinaria.",
      "es");
  EXPECT_FALSE(reading(dificil, "es").is_easy);
  const auto facil = count(
      "Usted no está solo. Hay ayuda. Puede llamar hoy. Su equipo lo escucha. El plan es suyo y lo hace paso a paso.", "es");
  EXPECT_TRUE(reading(facil, "es").is_easy);
}

TEST(Readability, EitherMeasureAloneMakesATextHard) {
  Counts long_words{100, 10, 120, 560, 10};  // short by syllables, long by letters
  EXPECT_LE(flesch_kincaid(long_words), kMostGrade);
  EXPECT_GT(automated_readability(long_words), kMostAutomatedGrade);
  EXPECT_FALSE(reading(long_words, "en").is_easy);
}

TEST(Readability, AFewWordsAreNotJudged) {
  EXPECT_TRUE(reading(count("Collaborative pharmacological interventions", "en"), "en").is_easy);
}

}  // namespace
}  // namespace concord::education
