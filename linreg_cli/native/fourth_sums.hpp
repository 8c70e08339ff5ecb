// Exact sums of the products of three and of four int64 columns, about an origin.
//
//     d      column less its origin, so that the numbers are small
//     q      d of one column times d of another, cut in slices of 27 bits
//     left   d of column b and q of columns a <= b         the sums of left times right are the
//     right  q of columns c <= d, for c >= b               sums for b <= c <= d and a <= b <= c <= d
//
// So each sum is found once. Columns with larger numbers are multiplied in 128 bits.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sums.hpp"

namespace linreg {

constexpr size_t kFourthLimbs = 6;          // of 48 bits, for one sum
constexpr int64_t kOriginLimit = int64_t{1} << 61;  // numbers less their origin are below it
constexpr size_t kMostSlices = 3;

// A signed integer of 320 bits in two's complement: 2**20 products of four numbers below 2**61.
class WideSum {
 public:
    void add(int128 value, int shift) {
        const auto low = static_cast<uint64_t>(value);
        const auto high = static_cast<uint64_t>(value >> 64);
        const uint64_t sign = value < 0 ? ~uint64_t{0} : 0;
        add_words({low, high, sign}, shift);
    }

    // Adds the product of two numbers below 2**122.
    void add_product(int128 a, int128 b) {
        const bool is_negative = (a < 0) != (b < 0);
        const uint128 x = a < 0 ? -static_cast<uint128>(a) : static_cast<uint128>(a);
        const uint128 y = b < 0 ? -static_cast<uint128>(b) : static_cast<uint128>(b);
        const auto x0 = static_cast<uint64_t>(x), x1 = static_cast<uint64_t>(x >> 64);
        const auto y0 = static_cast<uint64_t>(y), y1 = static_cast<uint64_t>(y >> 64);
        const uint128 low = static_cast<uint128>(x0) * y0, high = static_cast<uint128>(x1) * y1;
        const uint128 cross = static_cast<uint128>(x0) * y1, other = static_cast<uint128>(x1) * y0;
        const uint128 middle = (low >> 64) + static_cast<uint64_t>(cross) + static_cast<uint64_t>(other);
        const uint128 top = high + (cross >> 64) + (other >> 64) + (middle >> 64);
        std::array<uint64_t, 5> words{static_cast<uint64_t>(low), static_cast<uint64_t>(middle),
                                      static_cast<uint64_t>(top), static_cast<uint64_t>(top >> 64), 0};
        if (is_negative) {
            uint128 carry = 1;
            for (uint64_t& word : words) {
                carry += static_cast<uint64_t>(~word);
                word = static_cast<uint64_t>(carry);
                carry >>= 64;
            }
        }
        uint128 carry = 0;
        for (size_t i = 0; i < words_.size(); i++) {
            carry += static_cast<uint128>(words_[i]) + words[i];
            words_[i] = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    // Of the limbs, low ones first, all but the last are in [0, 2**48).
    void write(int64_t* limbs) const {
        for (size_t i = 0; i < kFourthLimbs; i++) {
            const size_t bit = i * kLimbBits, word = bit / 64, offset = bit % 64;
            uint64_t part = words_[word] >> offset;
            if (offset > 0 && word + 1 < words_.size()) part |= words_[word + 1] << (64 - offset);
            limbs[i] = static_cast<int64_t>(part) & kLimbMask;
        }
        limbs[kFourthLimbs - 1] = static_cast<int64_t>(words_[3] >> 48 | words_[4] << 16);
    }

 private:
    __extension__ typedef unsigned __int128 uint128;

    // Adds the words of a number, whose last word is its sign, times 2**shift.
    void add_words(const std::array<uint64_t, 3>& words, int shift) {
        const size_t first = static_cast<size_t>(shift) / 64, offset = static_cast<size_t>(shift) % 64;
        uint128 carry = 0;
        for (size_t i = first; i < words_.size(); i++) {
            const size_t j = i - first;
            uint64_t part = words[std::min(j, size_t{2})] << offset;
            if (offset > 0 && j > 0) part |= words[std::min(j - 1, size_t{2})] >> (64 - offset);
            carry += static_cast<uint128>(words_[i]) + part;
            words_[i] = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    std::array<uint64_t, 5> words_{};
};

// Adds limbs to others, and carries.
inline void add_fourth_limbs(const int64_t* limbs, int64_t* to) {
    int64_t carry = 0;
    for (size_t i = 0; i + 1 < kFourthLimbs; i++) {
        const int64_t sum = to[i] + limbs[i] + carry;
        to[i] = sum & kLimbMask;
        carry = sum >> kLimbBits;
    }
    to[kFourthLimbs - 1] += limbs[kFourthLimbs - 1] + carry;
}

// Sums products of three and four columns; it keeps its memory for the next rows.
class FourthProducts {
 public:
    // Six limbs for each product: of the columns (0, 0, 0), (0, 0, 1) ..., then of (0, 0, 0, 0),
    // (0, 0, 0, 1) ..., in lexicographic order. The result is valid until the next call.
    std::vector<int64_t> limbs;

    // Sums the products of columns less their origin. The numbers are below 10**18, and so is the
    // origin. False if there are too many rows.
    bool sum(const std::vector<const int64_t*>& columns, const std::vector<int64_t>& origin,
             size_t rows, Instructions instructions) {
        if (rows > kMaxRows) return false;
        columns_ = columns;
        origin_ = origin;
        rows_ = rows;
        instructions_ = instructions;
        list_factors();
        totals_.assign(left_.size() * right_.size(), WideSum());
        if (are_sliced()) {
            sum_slices();
        } else {
            sum_wide_products();
        }
        write();
        return true;
    }

 private:
    // A column, or a product of two columns, and where its slices are.
    struct Part {
        size_t a, b;
        bool is_product;
        size_t first = 0, slices = 0;
    };

    void list_factors() {
        const size_t count = columns_.size();
        left_.clear();
        right_.clear();
        for (size_t b = 0; b < count; b++) {
            left_.push_back({b, b, false});
            for (size_t a = 0; a <= b; a++) left_.push_back({a, b, true});
            for (size_t d = b; d < count; d++) right_.push_back({b, d, true});
        }
    }

    // The first part on the right that is multiplied with a part on the left.
    size_t first_right(size_t b) const {
        const size_t count = columns_.size();
        return b * count - b * (b - 1) / 2;
    }

    // Finds how many slices each part needs; false if one is too large.
    bool are_sliced() {
        std::vector<int128> sizes;
        for (size_t j = 0; j < columns_.size(); j++) {
            const Extent extent = plain::extent_in(columns_[j], rows_);
            sizes.push_back(std::max<int128>(static_cast<int128>(extent.most) - origin_[j],
                                             static_cast<int128>(origin_[j]) - extent.least));
        }
        for (std::vector<Part>* parts : {&left_, &right_}) {
            size_t count = 0;
            for (Part& part : *parts) {
                const int128 size = part.is_product ? sizes[part.a] * sizes[part.b] : sizes[part.a];
                part.first = count;
                part.slices = 1;
                while (part.slices <= kMostSlices && size >> (kSliceBits * part.slices) > 0) {
                    part.slices++;
                }
                if (part.slices > kMostSlices || size >> 62 > 0) return false;
                count += part.slices;
            }
        }
        return true;
    }

    static size_t slices_of(const std::vector<Part>& parts) {
        return parts.back().first + parts.back().slices;
    }

    void sum_slices() {
        const size_t height = slices_of(left_), width = slices_of(right_);
        cut_left_.assign((height + kTile) * kRun, 0);
        cut_right_.assign((width + kTile) * kRun, 0);
        moved_.resize(columns_.size() * kRun);
        sums_.assign(height * width, 0);
        first_of_tile_.clear();
        for (size_t i = 0; i < height; i += kTile) first_of_tile_.push_back(first_slice_for(i));
        for (size_t start = 0; start < rows_; start += kRun) {
            const size_t rows = std::min(kRun, rows_ - start);
            move(start, rows);
            cut(left_, rows, cut_left_.data());
            cut(right_, rows, cut_right_.data());
            for (size_t i = 0; i < height; i += kTile) {
                for (size_t k = first_of_tile_[i / kTile]; k < width; k += kTile) {
                    add_tile(i, k, height, width, rows);
                }
            }
        }
        add_up_slices(width);
    }

    // The first slice on the right that the slices of a tile on the left are multiplied with.
    size_t first_slice_for(size_t slice) const {
        auto part = std::upper_bound(left_.begin(), left_.end(), slice,
                                     [](size_t at, const Part& each) { return at < each.first; });
        return right_[first_right(std::prev(part)->b)].first;
    }

    void move(size_t start, size_t rows) {
        for (size_t j = 0; j < columns_.size(); j++) {
            const int64_t* from = columns_[j] + start;
            int64_t* to = moved_.data() + j * kRun;
            for (size_t i = 0; i < rows; i++) to[i] = from[i] - origin_[j];
            std::fill(to + rows, to + kRun, 0);
        }
    }

    void cut(const std::vector<Part>& parts, size_t rows, int32_t* slices) const {
        const size_t padded = (rows + kLanes - 1) / kLanes * kLanes;
        for (const Part& part : parts) {
            const int64_t* a = moved_.data() + part.a * kRun;
            const int64_t* b = moved_.data() + part.b * kRun;
            int32_t* low = slices + part.first * kRun;
            if (part.is_product) {
                cut_values(part.slices, padded, low, [&](size_t i) { return a[i] * b[i]; });
            } else {
                cut_values(part.slices, padded, low, [&](size_t i) { return a[i]; });
            }
        }
    }

    template <typename Value>
    static void cut_values(size_t slices, size_t rows, int32_t* low, const Value& value) {
        constexpr int64_t kMask = (int64_t{1} << kSliceBits) - 1;
        int32_t *middle = low + kRun, *high = low + 2 * kRun;
        if (slices == 1) {
            for (size_t i = 0; i < rows; i++) low[i] = static_cast<int32_t>(value(i));
        } else if (slices == 2) {
            for (size_t i = 0; i < rows; i++) {
                const int64_t each = value(i);
                low[i] = static_cast<int32_t>(each & kMask);
                middle[i] = static_cast<int32_t>(each >> kSliceBits);
            }
        } else {
            for (size_t i = 0; i < rows; i++) {
                const int64_t each = value(i);
                low[i] = static_cast<int32_t>(each & kMask);
                middle[i] = static_cast<int32_t>(each >> kSliceBits & kMask);
                high[i] = static_cast<int32_t>(each >> 2 * kSliceBits);
            }
        }
    }

    void add_tile(size_t i, size_t k, size_t height, size_t width, size_t rows) {
        const int32_t *lefts[kTile], *rights[kTile];
        for (size_t n = 0; n < kTile; n++) {  // the slices after the last are zeros
            lefts[n] = cut_left_.data() + (i + n) * kRun;
            rights[n] = cut_right_.data() + (k + n) * kRun;
        }
        int64_t sums[kTile * kTile];
        const size_t padded = (rows + kLanes - 1) / kLanes * kLanes;
#if defined(LINREG_HAS_AVX2)
        if (instructions_ != Instructions::plain) {
            avx2::sum_tile(lefts, rights, padded, sums);
        } else {
            plain::sum_tile(lefts, rights, padded, sums);
        }
#else
        plain::sum_tile(lefts, rights, padded, sums);
#endif
        for (size_t n = 0; n < kTile && i + n < height; n++) {
            for (size_t m = 0; m < kTile && k + m < width; m++) {
                sums_[(i + n) * width + k + m] += sums[n * kTile + m];
            }
        }
    }

    void add_up_slices(size_t width) {
        for (size_t l = 0; l < left_.size(); l++) {
            for (size_t r = first_right(left_[l].b); r < right_.size(); r++) {
                WideSum& total = totals_[l * right_.size() + r];
                for (size_t n = 0; n < left_[l].slices; n++) {
                    for (size_t m = 0; m < right_[r].slices; m++) {
                        total.add(sums_[(left_[l].first + n) * width + right_[r].first + m],
                                  kSliceBits * static_cast<int>(n + m));
                    }
                }
            }
        }
    }

    void sum_wide_products() {
        std::vector<int128> d(columns_.size()), rights(right_.size());
        for (size_t row = 0; row < rows_; row++) {
            for (size_t j = 0; j < d.size(); j++) d[j] = columns_[j][row] - origin_[j];
            for (size_t r = 0; r < rights.size(); r++) rights[r] = d[right_[r].a] * d[right_[r].b];
            for (size_t l = 0; l < left_.size(); l++) {
                const Part& part = left_[l];
                const int128 left = part.is_product ? d[part.a] * d[part.b] : d[part.a];
                for (size_t r = first_right(part.b); r < rights.size(); r++) {
                    totals_[l * rights.size() + r].add_product(left, rights[r]);
                }
            }
        }
    }

    void write() {
        const size_t count = columns_.size();
        limbs.clear();
        const auto put = [&](const WideSum& sum) {
            limbs.resize(limbs.size() + kFourthLimbs);
            sum.write(limbs.data() + limbs.size() - kFourthLimbs);
        };
        const auto total = [&](size_t l, size_t c, size_t d) {
            return totals_[l * right_.size() + first_right(c) + d - c];
        };
        const auto first_left = [](size_t b) { return b * (b + 3) / 2; };  // the column b itself
        for (size_t b = 0; b < count; b++) {
            for (size_t c = b; c < count; c++) {
                for (size_t d = c; d < count; d++) put(total(first_left(b), c, d));
            }
        }
        for (size_t a = 0; a < count; a++) {
            for (size_t b = a; b < count; b++) {
                for (size_t c = b; c < count; c++) {
                    for (size_t d = c; d < count; d++) put(total(first_left(b) + 1 + a, c, d));
                }
            }
        }
    }

    std::vector<const int64_t*> columns_;
    std::vector<int64_t> origin_;
    size_t rows_ = 0;
    Instructions instructions_ = Instructions::plain;
    std::vector<Part> left_, right_;
    std::vector<int64_t> moved_;  // a run of rows of each column, less its origin
    std::vector<int32_t> cut_left_, cut_right_;
    std::vector<size_t> first_of_tile_;
    std::vector<int128> sums_;  // of each slice on the left times each on the right
    std::vector<WideSum> totals_;
};

}  // namespace linreg
