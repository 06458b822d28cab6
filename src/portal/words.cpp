#include "portal/words.h"

#include <charconv>
#include <cmath>

#include "base/check.h"
#include "json/data_files.h"

namespace concord::portal {
namespace {

constexpr std::string_view kMonths[2][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
     "diciembre"}};
constexpr std::string_view kDays[2][7] = {{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
                                          {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}};

bool is_spanish(std::string_view language) { return language.starts_with("es"); }

std::size_t gaps(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2)) ++n;
  return n;
}

std::string_view month_of(Date day, std::string_view language) {
  return kMonths[is_spanish(language) ? 1 : 0][static_cast<unsigned>(day.parts().month()) - 1];
}

std::string year_of(Date day, Date today, std::string_view before) {
  if (day.parts().year() == today.parts().year()) return {};
  return std::string(before) + std::to_string(static_cast<int>(day.parts().year()));
}

}  // namespace

std::string Words::operator()(std::string_view id, std::string_view language,
                              std::initializer_list<std::string_view> pieces) const {
  const auto found = texts_.find(id);
  CHECK(found != texts_.end());
  std::string_view rest = found->second.in(language);
  std::string out;
  auto piece = pieces.begin();
  for (std::size_t at = rest.find("{}"); at != std::string_view::npos; at = rest.find("{}")) {
    CHECK(piece != pieces.end());
    out.append(rest.substr(0, at)).append(*piece++);
    rest.remove_prefix(at + 2);
  }
  CHECK(piece == pieces.end());
  return out.append(rest);
}

const std::string& Words::role(std::string_view role, std::string_view language) const {
  auto found = texts_.find("role." + std::string(role));
  if (found == texts_.end()) found = texts_.find("role.other");
  CHECK(found != texts_.end());
  return found->second.in(language);
}

Result<Words> parse_words(std::string_view text) {
  CONCORD_TRY(const auto document, json::Document::parse(text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"about", "review", "words"});
  root.required("review").string(1, 200);
  Words words;
  const auto list = root.required("words");
  if (list.value() != nullptr && list.value()->is(json::Kind::object)) {
    for (const auto& member : list.value()->members()) {
      const auto cell = list.required(member.key);
      auto both = json::read_bilingual(cell);
      if (gaps(both.en) != gaps(both.es)) cell.issue("has other gaps in one language than in the other");
      words.texts_.emplace(std::string(member.key), std::move(both));
    }
  } else {
    list.issue("must be an object of texts");
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The words of the portal are not what they should be.", issues.list());
  return words;
}

Result<Words> load_words(const std::filesystem::path& file) {
  const auto text = json::read_file(file);
  if (!text)
    return fail(ErrorCode::bad_file, "The words of the portal cannot be read.",
                {{file.filename().string(), "is missing in the data folder"}});
  return parse_words(*text);
}

std::string day_words(Date day, Date today, std::string_view language) {
  const std::string number = std::to_string(static_cast<unsigned>(day.parts().day()));
  if (is_spanish(language)) return number + " de " + std::string(month_of(day, language)) + year_of(day, today, " de ");
  return number + " " + std::string(month_of(day, language)) + year_of(day, today, " ");
}

std::string month_words(Date day, Date today, std::string_view language) {
  return std::string(month_of(day, language)) + year_of(day, today, is_spanish(language) ? " de " : " ");
}

std::string_view weekday_words(unsigned weekday, std::string_view language) {
  return kDays[is_spanish(language) ? 1 : 0][weekday % 7];
}

std::string number_words(double value) {
  char digits[32];
  if (value == std::floor(value))
    return {digits, std::to_chars(digits, digits + sizeof digits, static_cast<long long>(value)).ptr};
  return {digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 1).ptr};
}

}  // namespace concord::portal
