#include "education/markdown.h"

#include <gtest/gtest.h>

namespace concord::education {
namespace {

std::vector<Block> read(std::string_view text, std::vector<Issue>* into = nullptr, int first_line = 1) {
  std::vector<Issue> issues;
  auto blocks = parse_markdown(text, first_line, issues);
  if (into) *into = issues;
  else EXPECT_TRUE(issues.empty()) << issues.front().path << issues.front().text;
  return blocks;
}

TEST(Markdown, HeadingsParagraphsAndListsBecomeBlocks) {
  const auto blocks = read("Hello\nyou.\n\n## Next\n\n- one\n- two **now**\n\n1. first\n2. second\n");
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].kind, Block::Kind::paragraph);
  EXPECT_EQ(plain_text(blocks[0].spans), "Hello you.");
  EXPECT_EQ(blocks[1].kind, Block::Kind::heading);
  EXPECT_EQ(blocks[2].kind, Block::Kind::list);
  ASSERT_EQ(blocks[2].items.size(), 2u);
  EXPECT_EQ(blocks[2].items[1], (Line{{"two ", false, false, ""}, {"now", true, false, ""}}));
  EXPECT_EQ(blocks[3].kind, Block::Kind::numbers);
}

TEST(Markdown, LinksLeadToPhonesMessagesAndSafeSitesOnly) {
  const auto blocks = read("[988](tel:988) *or* [text](sms:988) [site](https://988lifeline.org)");
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].spans[0].link, "tel:988");
  EXPECT_TRUE(blocks[0].spans[2].em);
  for (const char* bad : {"[x](javascript:alert)", "[x](http://a.example)", "[x](data:text/html,x)", "[x](/portal)"}) {
    std::vector<Issue> issues;
    const auto read_anyway = read(bad, &issues);
    ASSERT_EQ(issues.size(), 1u) << bad;
    EXPECT_EQ(read_anyway[0].spans[0].link, "");
  }
}

TEST(Markdown, HtmlImagesCodeQuotesAndOtherHeadingsAreRefusedWithTheirLine) {
  for (const char* bad : {"\n<b>x</b>", "\n<script>x</script>", "\n![x](https://a.example/x.png)", "\n`code`", "\n> quote",
                          "\n# Title", "\n### Deep", "\n---", "\n- a\n  - b", "\n    code"}) {
    std::vector<Issue> issues;
    read(bad, &issues, 10);
    ASSERT_FALSE(issues.empty()) << bad;
    EXPECT_EQ(issues[0].path, "line 11") << bad;
  }
}

TEST(Markdown, BlocksAreWrittenAsPlainData) {
  std::string out;
  json::Writer w(out);
  write(w, read("## A\n\n- <3 [b](tel:911)"));
  EXPECT_EQ(
      out,
      R"([{"kind":"heading","spans":[{"text":"A","strong":false,"em":false,"link":null}]},)"
      R"({"kind":"list","items":[[{"text":"<3 ","strong":false,"em":false,"link":null},{"text":"b","strong":false,"em":false,"link":"tel:911"}]]}])");
}

}  // namespace
}  // namespace concord::education
