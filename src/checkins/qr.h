// A QR code (ISO/IEC 18004) for an address: byte mode, error correction M, versions 1 to 10. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concord::checkins {

struct QrCode {
  int size = 0;            ///< modules a side, without the quiet zone
  std::vector<bool> dark;  ///< row by row
  std::string path;        ///< for <path d>: one unit a module, "M0 0h7v1h-7z..."
  bool at(int row, int column) const { return dark[static_cast<std::size_t>(row * size + column)]; }
};
/// nullopt for a text of more than 213 bytes.
std::optional<QrCode> qr_code(std::string_view text);

}  // namespace concord::checkins
