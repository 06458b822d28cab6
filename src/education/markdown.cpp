#include "education/markdown.h"

#include <cmark.h>

#include <memory>

namespace concord::education {
namespace {

class Reader {
 public:
  Reader(int first_line, std::vector<Issue>& issues) : first_line_(first_line), issues_(issues) {}

  std::vector<Block> blocks(cmark_node* document) {
    std::vector<Block> all;
    for (auto* node = cmark_node_first_child(document); node != nullptr; node = cmark_node_next(node)) {
      Block block;
      switch (cmark_node_get_type(node)) {
        case CMARK_NODE_HEADING:
          if (cmark_node_get_heading_level(node) != 2) refuse(node, "use ## for headings; the title is in the front matter");
          block.kind = Block::Kind::heading;
          inlines(node, block.spans, node, {});
          break;
        case CMARK_NODE_PARAGRAPH:
          inlines(node, block.spans, node, {});
          break;
        case CMARK_NODE_LIST:
          block.kind = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? Block::Kind::numbers : Block::Kind::list;
          for (auto* item = cmark_node_first_child(node); item != nullptr; item = cmark_node_next(item)) {
            auto* text = cmark_node_first_child(item);
            if (text == nullptr || cmark_node_get_type(text) != CMARK_NODE_PARAGRAPH || cmark_node_next(text) != nullptr) {
              refuse(item, "a point of a list is one short text");
              continue;
            }
            block.items.emplace_back();
            inlines(text, block.items.back(), text, {});
          }
          break;
        default:
          refuse(node, "only headings, paragraphs and lists are used");
          continue;
      }
      all.push_back(std::move(block));
    }
    return all;
  }

 private:
  void refuse(cmark_node* at, std::string text) {
    issues_.push_back({"line " + std::to_string(first_line_ + cmark_node_get_start_line(at) - 1), std::move(text)});
  }

  static void add(Line& line, const Span& style, std::string_view text) {
    if (!line.empty() && line.back().strong == style.strong && line.back().em == style.em && line.back().link == style.link) {
      line.back().text += text;
      return;
    }
    line.push_back(style);
    line.back().text = text;
  }

  void inlines(cmark_node* parent, Line& line, cmark_node* block, const Span& style) {
    for (auto* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
      Span inner = style;
      switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
          add(line, style, cmark_node_get_literal(node));
          break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
          add(line, style, " ");
          break;
        case CMARK_NODE_STRONG:
          inner.strong = true;
          inlines(node, line, block, inner);
          break;
        case CMARK_NODE_EMPH:
          inner.em = true;
          inlines(node, line, block, inner);
          break;
        case CMARK_NODE_LINK:
          inner.link = cmark_node_get_url(node);
          if (!inner.link.starts_with("https://") && !inner.link.starts_with("tel:") && !inner.link.starts_with("sms:")) {
            refuse(block, "a link begins with https://, tel: or sms:");
            inner.link.clear();
          }
          inlines(node, line, block, inner);
          break;
        default:
          refuse(block, "only words, **strong**, *stress* and links are used (no HTML, images or code)");
      }
    }
  }

  int first_line_;
  std::vector<Issue>& issues_;
};

void write_line(json::Writer& w, const Line& line) {
  w.array();
  for (const auto& span : line)
    w.object()
        .field("text", span.text)
        .field("strong", span.strong)
        .field("em", span.em)
        .field("link", span.link.empty() ? std::optional<std::string>() : std::optional(span.link))
        .end();
  w.end();
}

}  // namespace

std::string_view name(Block::Kind kind) {
  switch (kind) {
    case Block::Kind::heading:
      return "heading";
    case Block::Kind::paragraph:
      return "paragraph";
    case Block::Kind::list:
      return "list";
    case Block::Kind::numbers:
      return "numbers";
  }
  return "paragraph";
}

std::vector<Block> parse_markdown(std::string_view text, int first_line, std::vector<Issue>& issues) {
  const std::unique_ptr<cmark_node, void (*)(cmark_node*)> document(
      cmark_parse_document(text.data(), text.size(), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8), cmark_node_free);
  return Reader(first_line, issues).blocks(document.get());
}

std::string plain_text(const Line& line) {
  std::string out;
  for (const auto& span : line) out += span.text;
  return out;
}

void write(json::Writer& w, const std::vector<Block>& blocks) {
  w.array();
  for (const auto& block : blocks) {
    w.object().field("kind", name(block.kind));
    if (block.kind == Block::Kind::heading || block.kind == Block::Kind::paragraph) {
      w.key("spans");
      write_line(w, block.spans);
    } else {
      w.key("items").array();
      for (const auto& item : block.items) write_line(w, item);
      w.end();
    }
    w.end();
  }
  w.end();
}

}  // namespace concord::education
