// The only file that knows libxlsxwriter.
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <ctime>
#include <memory>

#include "base/text.h"
#include "reports/table.h"

namespace concord::reports {
namespace {

// A sheet holds so many rows; a cell so many characters.
constexpr std::size_t kMostRows = 1048576 - 1;
constexpr std::size_t kMostText = 32000;

struct MemoryFile {
  MemoryFile() : fd(memfd_create("concord-report", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd >= 0) close(fd);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd); }
  std::string bytes() const {
    std::string all;
    char buffer[65536];
    if (lseek(fd, 0, SEEK_SET) < 0) return all;
    for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
  }
  int fd;
};

/// Names of sheets: 31 characters, and not these.
std::string sheet_name(std::string_view wanted) {
  std::string name;
  for (const char c : wanted)
    if (std::string_view("[]:*?/\\'").find(c) == std::string_view::npos) name += c;
  if (name.size() > 31) name.resize(31);
  return name.empty() ? "1" : name;
}

void write_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text, lxw_format* format) {
  if (text.empty()) return;
  // Cut at the start of a character.
  std::size_t size = std::min(text.size(), kMostText);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  worksheet_write_string(sheet, row, column, text.substr(0, size).c_str(), format);
}

}  // namespace

Result<std::string> to_xlsx(const About& about, std::string_view about_title, const Listing& table) {
  if (table.rows.size() > kMostRows)
    return fail(ErrorCode::invalid, "A workbook cannot hold so many rows. Take the CSV.", {{"table", "has too many rows"}});
  const MemoryFile file;
  if (file.fd < 0) return fail(ErrorCode::overloaded, "There is no memory for a workbook now. Try again in a moment.");
  lxw_workbook* book = workbook_new(file.path().c_str());
  if (book == nullptr) return fail(ErrorCode::overloaded, "There is no memory for a workbook now. Try again in a moment.");
  lxw_doc_properties properties = {};
  properties.created = std::time_t{1767225600};  // the same input makes the same bytes
  workbook_set_properties(book, &properties);
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  lxw_format* wrap = workbook_add_format(book);
  format_set_text_wrap(wrap);
  format_set_align(wrap, LXW_ALIGN_VERTICAL_TOP);

  lxw_worksheet* first = workbook_add_worksheet(book, sheet_name(about_title).c_str());
  worksheet_set_column(first, 0, 0, 24, nullptr);
  worksheet_set_column(first, 1, 1, 90, nullptr);
  lxw_row_t row = 0;
  for (const auto& [what, says] : about) {
    write_text(first, row, 0, what, bold);
    write_text(first, row, 1, says, wrap);
    ++row;
  }
  std::string second_name = sheet_name(table.name);
  if (second_name == sheet_name(about_title)) second_name += " 2";
  lxw_worksheet* second = workbook_add_worksheet(book, second_name.c_str());
  for (std::size_t i = 0; i < table.columns.size(); ++i) write_text(second, 0, static_cast<lxw_col_t>(i), table.columns[i], bold);
  worksheet_freeze_panes(second, 1, 0);
  row = 1;
  for (const auto& cells : table.rows) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      if (const auto* number = std::get_if<double>(&cells[i])) worksheet_write_number(second, row, column, *number, nullptr);
      else if (const auto* text = std::get_if<std::string>(&cells[i])) write_text(second, row, column, *text, nullptr);
    }
    ++row;
  }
  if (workbook_close(book) != LXW_NO_ERROR) return fail(ErrorCode::internal, "The workbook could not be written. Take the CSV.");
  return file.bytes();
}

}  // namespace concord::reports
