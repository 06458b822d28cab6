#include "base/text.h"

#include <gtest/gtest.h>

namespace concord {
namespace {

TEST(Fold, LowersAndRemovesAccents) {
  EXPECT_EQ(fold("Núñez"), "nunez");
  EXPECT_EQ(fold("Łukasz"), "lukasz");
  EXPECT_EQ(fold("Weiß"), "weiss");
  EXPECT_EQ(fold("STRAẞE"), "strasse");
  EXPECT_EQ(fold("Ærøskøbing"), "aeroskobing");
  EXPECT_EQ(fold("Þórður Œuvre"), "thordur oeuvre");
  EXPECT_EQ(fold("Đặng Thị Nguyễn"), "dang thi nguyen");
  EXPECT_EQ(fold("Dvořák Škvorecký Čapek"), "dvorak skvorecky capek");
  EXPECT_EQ(fold("İbrahim Işık Çağlar"), "ibrahim isik caglar");
  EXPECT_EQ(fold("Ștefan Țepeș"), "stefan tepes");
  EXPECT_EQ(fold("ÀÖØöøÿŸ"), "aooooyy");
  EXPECT_EQ(fold("Ǆ ǲ ŉ ſ"), "dz dz n s");
}

TEST(Fold, CombiningMarksAreTheSameAsWholeLetters) {
  EXPECT_EQ(fold("Nu\xCC\x81n\xCC\x83"
                 "ez"),
            fold("Núñez"));
  EXPECT_EQ(fold("\xCC\x81"), "");
}

TEST(Fold, KeepsOtherScriptsAndSigns) {
  EXPECT_EQ(fold("王小明"), "王小明");
  EXPECT_EQ(fold("محمد"), "محمد");
  EXPECT_EQ(fold("ИВАН Ёлкин"), "иван ёлкин");
  EXPECT_EQ(fold("ΣΟΦΙΑ"), "σοφια");
  EXPECT_EQ(fold("2×3÷4"), "2×3÷4");
  EXPECT_EQ(fold("😀"), "😀");
}

TEST(Fold, TypographicApostropheAndHyphenAreThePlainOnes) {
  EXPECT_EQ(fold("O’Brien‐Smith"), "o'brien-smith");
  EXPECT_EQ(fold("O'BRIEN-SMITH"), "o'brien-smith");
}

TEST(Fold, MakesEveryRunOfBlanksOne) {
  EXPECT_EQ(fold("  de  la\tCruz \r\n"), "de la cruz");
  EXPECT_EQ(fold("a\xC2\xA0\xE3\x80\x80 b"), "a b");
  EXPECT_EQ(fold(" \t "), "");
  EXPECT_EQ(fold(""), "");
  EXPECT_EQ(fold("a\xE2\x80\x8B"
                 "b\xC2\xAD"
                 "c"),
            "abc");
}

TEST(Fold, DropsBadBytes) {
  EXPECT_EQ(fold("a\xFF"
                 "b\xC3"),
            "ab");
  EXPECT_EQ(fold("\xC3"
                 "a\xE2\x82"),
            "a");
  EXPECT_EQ(fold("x\xED\xA0\x80y"), "xy");
}

TEST(Fold, IsStableAndValidForEveryLetterOfTheTables) {
  for (char32_t point = 0xC0; point <= 0x1EFF; ++point) {
    if (point == 0x250) point = 0x1E00;
    std::string letter;
    if (point < 0x800) {
      letter = {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
    } else {
      letter = {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
                static_cast<char>(0x80 | (point & 0x3F))};
    }
    const std::string folded = fold(letter);
    EXPECT_FALSE(folded.empty()) << static_cast<unsigned>(point);
    EXPECT_EQ(fold(folded), folded) << letter;
    EXPECT_TRUE(is_valid_utf8(folded)) << letter;
  }
}

TEST(Utf8, AcceptsWellFormedText) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_valid_utf8("plain text longer than eight bytes, then ñ 王 😀 \xF4\x8F\xBF\xBF"));
}

TEST(Utf8, RefusesIllFormedText) {
  for (const char* text : {"\x80",
                           "\xBF",
                           "\xC0\x80",
                           "\xC1\xBF",
                           "\xC3",
                           "\xC3(",
                           "\xE0\x80\x80",
                           "\xE0\x9F\xBF",
                           "\xE2\x82",
                           "\xE2(\xA1",
                           "\xED\xA0\x80",
                           "\xED\xBF\xBF",
                           "\xF0\x80\x80\x80",
                           "\xF0\x8F\xBF\xBF",
                           "\xF0\x9F\x98",
                           "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80",
                           "\xF8\x88\x80\x80\x80",
                           "\xFE",
                           "\xFF",
                           "12345678\xFF",
                           "1234567\xC3"})
    EXPECT_FALSE(is_valid_utf8(text)) << to_hex(text);
}

TEST(Split, KeepsEmptyParts) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("a,,b,", ','), (Parts{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (Parts{""}));
  EXPECT_EQ(split("abc", ','), (Parts{"abc"}));
}

TEST(Trim, TakesAsciiBlanksOffBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Case, IsAsciiOnly) {
  EXPECT_EQ(to_lower("AbZ[É"), "abz[É");
  EXPECT_TRUE(equals_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Hex, WritesLowerCase) { EXPECT_EQ(to_hex(std::string_view("\x00\x7F\xFF\xAB", 4)), "007fffab"); }

TEST(CsvCell, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_cell(""), "");
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_cell("a;=1+1"), "\"a;=1+1\"");
}

TEST(CsvCell, TakesTheTeethOutOfFormulas) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("+CMD"), "'+CMD");
  EXPECT_EQ(csv_cell("-2+3"), "'-2+3");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("\tx"), "'\tx");
  EXPECT_EQ(csv_cell("\rx"), "\"'\rx\"");
  EXPECT_EQ(csv_cell("=\"a\",b"), "\"'=\"\"a\"\",b\"");
  for (const char* wide : {"＝1", "＋1", "－1", "＠1"}) EXPECT_EQ(csv_cell(wide), std::string("'") + wide);
  EXPECT_EQ(csv_cell("-"), "'-");
  EXPECT_EQ(csv_cell("-1e5"), "'-1e5");
  EXPECT_EQ(csv_cell("+1 555 0100"), "'+1 555 0100");
}

TEST(CsvCell, LeavesNumbersAlone) {
  for (const char* number : {"-5", "+5", "-0.25", "12.50", "0"}) EXPECT_EQ(csv_cell(number), number);
  EXPECT_EQ(csv_cell("-5."), "'-5.");
  EXPECT_EQ(csv_cell("-.5"), "'-.5");
}

TEST(CsvCell, ABinaryZeroIsNotAFormula) { EXPECT_EQ(csv_cell(std::string_view("\0=", 2)), std::string("\0=", 2)); }

}  // namespace
}  // namespace concord
