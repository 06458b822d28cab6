// A small part of Markdown as plain data: headings (##), paragraphs, lists, **strong**, *stress* and links. Whoever shows it
// builds elements from blocks, so no text of ours ever becomes HTML. Everything else is refused with its line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/writer.h"

namespace concord::education {

struct Span {
  std::string text;
  bool strong = false, em = false;
  std::string link;  ///< https:, tel: or sms:; empty for none
  bool operator==(const Span&) const = default;
};
using Line = std::vector<Span>;

struct Block {
  enum class Kind { heading, paragraph, list, numbers };
  Kind kind = Kind::paragraph;
  Line spans;               ///< of a heading or paragraph
  std::vector<Line> items;  ///< of a list
  bool operator==(const Block&) const = default;
};
std::string_view name(Block::Kind kind);

/// `first_line`: the number of the text's first line in its file, for issues ("line 14").
std::vector<Block> parse_markdown(std::string_view text, int first_line, std::vector<Issue>& issues);

/// Without marks.
std::string plain_text(const Line& line);
void write(json::Writer& w, const std::vector<Block>& blocks);

}  // namespace concord::education
