// Appends HTML to a string. What is given as text or as an attribute's value is always escaped, so nothing that somebody
// typed can become markup; tags and attribute names are literals of this program.
//   Html h(out);
//   h.open("p", {{"class", "hint"}}).text("a < b").close();
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concord::checkins {

class Html {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit Html(std::string& out) : out_(out) {}

  Html& open(std::string_view tag, Attributes attributes = {});
  /// Closes the innermost open tag.
  Html& close();
  /// Closes tags until `depth` are open.
  Html& close_to(std::size_t depth);
  std::size_t depth() const { return open_.size(); }
  Html& text(std::string_view text);
  /// Tag, text and end.
  Html& line(std::string_view tag, std::string_view text, Attributes attributes = {});
  /// A tag without content: input, link, meta. An attribute of value kFlag stands alone (checked).
  Html& alone(std::string_view tag, Attributes attributes);

  static constexpr std::string_view kFlag = "\x01";  ///< an attribute that stands alone
  static constexpr std::string_view kLeft = "\x02";  ///< an attribute that is left out

 private:
  void begin(std::string_view tag, Attributes attributes);

  std::string& out_;
  std::vector<std::string_view> open_;
};

/// & < > " ' become entities; bytes that are no UTF-8 and control characters but newline become U+FFFD.
void append_escaped(std::string& out, std::string_view text);

}  // namespace concord::checkins
