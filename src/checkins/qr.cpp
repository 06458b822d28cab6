#include "checkins/qr.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace concord::checkins {
namespace {

// ISO/IEC 18004:2015, tables 9 and E.1, error correction level M.
struct Version {
  int codewords, correction_per_block, blocks;
  std::array<int, 3> align;  ///< centres of alignment patterns; 0: none
};
constexpr std::array<Version, 10> kVersions = {{{26, 10, 1, {0, 0, 0}},
                                                {44, 16, 1, {6, 18, 0}},
                                                {70, 26, 1, {6, 22, 0}},
                                                {100, 18, 2, {6, 26, 0}},
                                                {134, 24, 2, {6, 30, 0}},
                                                {172, 16, 4, {6, 34, 0}},
                                                {196, 18, 4, {6, 22, 38}},
                                                {242, 22, 4, {6, 24, 42}},
                                                {292, 22, 5, {6, 26, 46}},
                                                {346, 26, 5, {6, 28, 50}}}};

using Bytes = std::vector<std::uint8_t>;

std::uint8_t times(std::uint8_t x, std::uint8_t y) {  // in GF(256) with 0x11D
  int z = 0;
  for (int i = 7; i >= 0; --i) {
    z = (z << 1) ^ ((z >> 7) * 0x11D);
    z ^= ((y >> i) & 1) * x;
  }
  return static_cast<std::uint8_t>(z);
}

Bytes generator(int degree) {
  Bytes g(static_cast<std::size_t>(degree), 0);
  g.back() = 1;
  std::uint8_t root = 1;
  for (int i = 0; i < degree; ++i) {
    for (std::size_t j = 0; j < g.size(); ++j) {
      g[j] = times(g[j], root);
      if (j + 1 < g.size()) g[j] ^= g[j + 1];
    }
    root = times(root, 2);
  }
  return g;
}

Bytes remainder(const Bytes& data, const Bytes& g) {
  Bytes rest(g.size(), 0);
  for (const auto byte : data) {
    const std::uint8_t factor = byte ^ rest.front();
    rest.erase(rest.begin());
    rest.push_back(0);
    for (std::size_t i = 0; i < g.size(); ++i) rest[i] ^= times(g[i], factor);
  }
  return rest;
}

/// Data with its correction, in the order it is drawn.
Bytes codewords(std::string_view text, int number) {
  const auto& v = kVersions[static_cast<std::size_t>(number - 1)];
  const int capacity = v.codewords - v.correction_per_block * v.blocks;
  std::vector<bool> bits;
  const auto put = [&](unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) bits.push_back((value >> i) & 1U);
  };
  put(4, 4);
  put(static_cast<unsigned>(text.size()), number < 10 ? 8 : 16);
  for (const char c : text) put(static_cast<unsigned char>(c), 8);
  const auto most = static_cast<std::size_t>(capacity) * 8;
  for (int i = 0; i < 4 && bits.size() < most; ++i) bits.push_back(false);
  while (bits.size() % 8) bits.push_back(false);
  for (unsigned pad = 0xEC; bits.size() < most; pad ^= 0xEC ^ 0x11) put(pad, 8);
  Bytes data(static_cast<std::size_t>(capacity), 0);
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (bits[i]) data[i / 8] = static_cast<std::uint8_t>(data[i / 8] | (1U << (7 - i % 8)));

  const auto g = generator(v.correction_per_block);
  const int short_blocks = v.blocks - v.codewords % v.blocks, short_length = v.codewords / v.blocks - v.correction_per_block;
  std::vector<Bytes> blocks, corrections;
  std::size_t at = 0;
  for (int b = 0; b < v.blocks; ++b) {
    const auto length = static_cast<std::size_t>(short_length + (b < short_blocks ? 0 : 1));
    blocks.emplace_back(data.begin() + static_cast<std::ptrdiff_t>(at), data.begin() + static_cast<std::ptrdiff_t>(at + length));
    corrections.push_back(remainder(blocks.back(), g));
    at += length;
  }
  Bytes out;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(short_length); ++i)
    for (const auto& block : blocks)
      if (i < block.size()) out.push_back(block[i]);
  for (std::size_t i = 0; i < static_cast<std::size_t>(v.correction_per_block); ++i)
    for (const auto& correction : corrections) out.push_back(correction[i]);
  return out;
}

class Drawing {
 public:
  explicit Drawing(int number) : size_(17 + 4 * number) {
    dark_.assign(static_cast<std::size_t>(size_ * size_), false);
    fixed_ = dark_;
    for (int i = 0; i < size_; ++i) {
      fix(6, i, i % 2 == 0);
      fix(i, 6, i % 2 == 0);
    }
    finder(3, 3);
    finder(3, size_ - 4);
    finder(size_ - 4, 3);
    const auto& align = kVersions[static_cast<std::size_t>(number - 1)].align;
    for (const int row : align)
      for (const int column : align) {
        if (row == 0 || column == 0) continue;
        const int last = align[2] ? align[2] : align[1];
        if ((row == 6 && column == 6) || (row == 6 && column == last) || (row == last && column == 6)) continue;
        for (int r = -2; r <= 2; ++r)
          for (int c = -2; c <= 2; ++c) fix(row + r, column + c, std::max(std::abs(r), std::abs(c)) != 1);
      }
    format(0);
    if (number >= 7) {
      unsigned rest = static_cast<unsigned>(number);
      for (int i = 0; i < 12; ++i) rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
      const unsigned bits = static_cast<unsigned>(number) << 12 | rest;
      for (int i = 0; i < 18; ++i) {
        const int a = size_ - 11 + i % 3, b = i / 3;
        fix(a, b, (bits >> i) & 1U);
        fix(b, a, (bits >> i) & 1U);
      }
    }
  }

  void fill(const Bytes& data) {
    std::size_t i = 0;
    for (int right = size_ - 1; right >= 1; right -= 2) {
      if (right == 6) right = 5;
      for (int step = 0; step < size_; ++step)
        for (int j = 0; j < 2; ++j) {
          const int column = right - j;
          const bool up = ((right + 1) & 2) == 0;
          const int row = up ? size_ - 1 - step : step;
          if (is_fixed(row, column) || i >= data.size() * 8) continue;
          set(row, column, (data[i / 8] >> (7 - i % 8)) & 1U);
          ++i;
        }
    }
  }

  void mask(int which) {
    for (int r = 0; r < size_; ++r)
      for (int c = 0; c < size_; ++c) {
        bool turn = false;
        switch (which) {
          case 0:
            turn = (r + c) % 2 == 0;
            break;
          case 1:
            turn = r % 2 == 0;
            break;
          case 2:
            turn = c % 3 == 0;
            break;
          case 3:
            turn = (r + c) % 3 == 0;
            break;
          case 4:
            turn = (r / 2 + c / 3) % 2 == 0;
            break;
          case 5:
            turn = r * c % 2 + r * c % 3 == 0;
            break;
          case 6:
            turn = (r * c % 2 + r * c % 3) % 2 == 0;
            break;
          default:
            turn = ((r + c) % 2 + r * c % 3) % 2 == 0;
        }
        if (turn && !is_fixed(r, c)) set(r, c, !at(r, c));
      }
  }

  void format(int which) {
    const unsigned data = static_cast<unsigned>(which);  // level M is 00
    unsigned rest = data;
    for (int i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const unsigned bits = (data << 10 | rest) ^ 0x5412;
    const auto bit = [&](int i) { return ((bits >> i) & 1U) != 0; };
    for (int i = 0; i <= 5; ++i) fix(i, 8, bit(i));
    fix(7, 8, bit(6));
    fix(8, 8, bit(7));
    fix(8, 7, bit(8));
    for (int i = 9; i < 15; ++i) fix(8, 14 - i, bit(i));
    for (int i = 0; i < 8; ++i) fix(8, size_ - 1 - i, bit(i));
    for (int i = 8; i < 15; ++i) fix(size_ - 15 + i, 8, bit(i));
    fix(size_ - 8, 8, true);
  }

  /// The standard's four penalties: how hard it is to read.
  int penalty() const {
    int sum = 0, darks = 0;
    for (int turn = 0; turn < 2; ++turn)
      for (int a = 0; a < size_; ++a) {
        int run = 0;
        unsigned window = 0;
        for (int b = 0; b < size_; ++b) {
          const bool now = turn ? at(b, a) : at(a, b);
          const bool same = b > 0 && now == (turn ? at(b - 1, a) : at(a, b - 1));
          run = same ? run + 1 : 1;
          if (run == 5) sum += 3;
          else if (run > 5) ++sum;
          window = (window << 1 | (now ? 1U : 0U)) & 0x7FFU;
          if (b >= 10 && (window == 0x05D || window == 0x5D0)) sum += 40;
        }
      }
    for (int r = 0; r < size_; ++r)
      for (int c = 0; c < size_; ++c) {
        darks += at(r, c);
        if (r + 1 < size_ && c + 1 < size_ && at(r, c) == at(r, c + 1) && at(r, c) == at(r + 1, c) &&
            at(r, c) == at(r + 1, c + 1))
          sum += 3;
      }
    const int total = size_ * size_;
    return sum + std::abs(darks * 20 - total * 10) / total * 10;
  }

  QrCode done() const {
    QrCode code;
    code.size = size_;
    code.dark = dark_;
    for (int r = 0; r < size_; ++r)
      for (int c = 0; c < size_;) {
        int end = c;
        while (end < size_ && at(r, end)) ++end;
        if (end > c) {
          const auto length = std::to_string(end - c);
          code.path += "M" + std::to_string(c) + " " + std::to_string(r) + "h" + length + "v1h-" + length + "z";
        }
        c = std::max(end, c + 1);
      }
    return code;
  }

 private:
  std::size_t index(int row, int column) const { return static_cast<std::size_t>(row * size_ + column); }
  bool at(int row, int column) const { return dark_[index(row, column)]; }
  bool is_fixed(int row, int column) const { return fixed_[index(row, column)]; }
  void set(int row, int column, bool dark) { dark_[index(row, column)] = dark; }
  void fix(int row, int column, bool dark) {
    set(row, column, dark);
    fixed_[index(row, column)] = true;
  }
  void finder(int row, int column) {
    for (int r = -4; r <= 4; ++r)
      for (int c = -4; c <= 4; ++c) {
        if (row + r < 0 || row + r >= size_ || column + c < 0 || column + c >= size_) continue;
        const int distance = std::max(std::abs(r), std::abs(c));
        fix(row + r, column + c, distance != 2 && distance != 4);
      }
  }

  int size_;
  std::vector<bool> dark_, fixed_;
};

}  // namespace

std::optional<QrCode> qr_code(std::string_view text) {
  for (int number = 1; number <= static_cast<int>(kVersions.size()); ++number) {
    const auto& v = kVersions[static_cast<std::size_t>(number - 1)];
    const std::size_t needed = 4 + (number < 10 ? 8 : 16) + 8 * text.size();
    if (needed > static_cast<std::size_t>(v.codewords - v.correction_per_block * v.blocks) * 8) continue;
    Drawing plain(number);
    plain.fill(codewords(text, number));
    std::optional<Drawing> best;
    for (int which = 0; which < 8; ++which) {
      Drawing one = plain;
      one.mask(which);
      one.format(which);
      if (!best || one.penalty() < best->penalty()) best = one;
    }
    return best->done();
  }
  return std::nullopt;
}

}  // namespace concord::checkins
