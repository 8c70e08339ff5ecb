// Exact sums of products of int64 columns, in integers of three limbs.
//
//     column    1234567890123          cut in slices of 27 bits if it is below 2**53
//     slices    9198 | 48842955        products are below 2**54: 256 of them add up in 64 bits
//     tile      3 columns x 3 columns  nine sums at a time, of a run of rows
//     sums      one integer of 128 bits for each pair of slices, then three limbs for each pair
//
// Columns with larger numbers are multiplied in 128 bits.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "instructions.hpp"

namespace linreg {

__extension__ typedef __int128 int128;

constexpr int kLimbBits = 48;
constexpr int64_t kLimbMask = (int64_t{1} << kLimbBits) - 1;
constexpr int64_t kFactorLimit = int64_t{1} << 60;
constexpr size_t kMaxRows = size_t{1} << 20;
constexpr size_t kWideRun = 64;  // products of factors within the limit that add up in 127 bits
constexpr int kSliceBits = 27;
constexpr size_t kRun = 256;     // products of slices that add up in 63 bits
constexpr size_t kTile = 3;
constexpr size_t kLanes = 8;     // rows of slices are filled up to a multiple with zeros

// The smallest and the largest number of a column; of no rows, both are 0.
struct Extent {
    int64_t least = 0, most = 0;
};

// Where the slices of a column are among all slices: one, two, or none if its numbers are too large.
struct Factor {
    const int64_t* values;
    Extent extent;
    size_t first = 0, slices = 0;
};

namespace plain {

LINREG_INLINE Extent extent_in(const int64_t* values, size_t rows) {
    Extent extent{rows > 0 ? values[0] : 0, rows > 0 ? values[0] : 0};
    for (size_t i = 0; i < rows; i++) {
        extent.least = values[i] < extent.least ? values[i] : extent.least;
        extent.most = values[i] > extent.most ? values[i] : extent.most;
    }
    return extent;
}

LINREG_INLINE void slice_in(const int64_t* values, size_t rows, size_t slices, int32_t* low,
                            int32_t* high) {
    constexpr int64_t kMask = (int64_t{1} << kSliceBits) - 1;
    if (slices == 1) {
        for (size_t i = 0; i < rows; i++) low[i] = static_cast<int32_t>(values[i]);
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        low[i] = static_cast<int32_t>(values[i] & kMask);
        high[i] = static_cast<int32_t>(values[i] >> kSliceBits);
    }
}

inline Extent extent_of(const int64_t* values, size_t rows) { return extent_in(values, rows); }

inline void cut(const int64_t* values, size_t rows, size_t slices, int32_t* low, int32_t* high) {
    slice_in(values, rows, slices, low, high);
}

// The sums of left[i] * right[k] over a run of rows.
inline void sum_tile(const int32_t* const* left, const int32_t* const* right, size_t rows,
                     int64_t* sums) {
    for (size_t i = 0; i < kTile; i++) {
        for (size_t k = 0; k < kTile; k++) {
            int64_t sum = 0;
            for (size_t row = 0; row < rows; row++) {
                sum += static_cast<int64_t>(left[i][row]) * right[k][row];
            }
            sums[i * kTile + k] = sum;
        }
    }
}

}  // namespace plain

#if defined(LINREG_HAS_AVX2)
namespace avx2 {

LINREG_AVX2 inline Extent extent_of(const int64_t* values, size_t rows) {
    return plain::extent_in(values, rows);
}

LINREG_AVX2 inline void cut(const int64_t* values, size_t rows, size_t slices, int32_t* low,
                            int32_t* high) {
    plain::slice_in(values, rows, slices, low, high);
}

LINREG_AVX2 LINREG_INLINE __m256i load_row(const int32_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

LINREG_AVX2 LINREG_INLINE int64_t sum_lanes(__m256i sum) {
    int64_t lanes[4];
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), sum);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

LINREG_AVX2 inline void sum_tile(const int32_t* const* left, const int32_t* const* right,
                                 size_t rows, int64_t* sums) {
    __m256i sum[kTile][kTile];
    for (auto& row : sum) {
        for (__m256i& each : row) each = _mm256_setzero_si256();
    }
    const int32_t *left0 = left[0], *left1 = left[1], *left2 = left[2];
    const int32_t *right0 = right[0], *right1 = right[1], *right2 = right[2];
    for (size_t row = 0; row < rows; row += kLanes) {
        __m256i a[kTile] = {load_row(left0 + row), load_row(left1 + row), load_row(left2 + row)};
        __m256i b[kTile] = {load_row(right0 + row), load_row(right1 + row),
                            load_row(right2 + row)};
        for (int half = 0; half < 2; half++) {  // even rows, then odd ones
            for (size_t i = 0; i < kTile; i++) {
                for (size_t k = 0; k < kTile; k++) {
                    sum[i][k] = _mm256_add_epi64(sum[i][k], _mm256_mul_epi32(a[i], b[k]));
                }
            }
            for (__m256i& each : a) each = _mm256_srli_epi64(each, 32);
            for (__m256i& each : b) each = _mm256_srli_epi64(each, 32);
        }
    }
    for (size_t i = 0; i < kTile; i++) {
        for (size_t k = 0; k < kTile; k++) sums[i * kTile + k] = sum_lanes(sum[i][k]);
    }
}

}  // namespace avx2
#endif

// Multiplies each value by its weight; false if a product is beyond the limit.
inline bool weigh(const int64_t* values, const int64_t* weights, size_t rows, int64_t* weighed) {
    bool fits = true;
    for (size_t i = 0; i < rows; i++) {
        fits &= !__builtin_mul_overflow(values[i], weights[i], &weighed[i]);
        fits &= -kFactorLimit < weighed[i] && weighed[i] < kFactorLimit;
    }
    return fits;
}

// Of the limbs, low ones first, all but the last are in [0, 2**48), so that the sums of 2**14 such
// integers still fit.
inline void write_limbs(int128 sum, int64_t* limbs) {
    limbs[0] = static_cast<int64_t>(sum) & kLimbMask;
    limbs[1] = static_cast<int64_t>(sum >> kLimbBits) & kLimbMask;
    limbs[2] = static_cast<int64_t>(sum >> 2 * kLimbBits);
}

// Adds limbs to others, and carries.
inline void add_limbs(const int64_t* limbs, int64_t* to) {
    const int64_t low = to[0] + limbs[0], middle = to[1] + limbs[1] + (low >> kLimbBits);
    to[0] = low & kLimbMask;
    to[1] = middle & kLimbMask;
    to[2] += limbs[2] + (middle >> kLimbBits);
}

// Sums left * right in 128 bits.
inline void sum_wide(const int64_t* left, const int64_t* right, size_t rows, int64_t* limbs) {
    std::fill(limbs, limbs + 3, 0);
    for (size_t start = 0; start < rows; start += kWideRun) {
        const size_t end = std::min(start + kWideRun, rows);
        int128 sum = 0;
        for (size_t i = start; i < end; i++) sum += static_cast<int128>(left[i]) * right[i];
        int64_t part[3];
        write_limbs(sum, part);
        add_limbs(part, limbs);
    }
}

// Sums products of columns; it keeps its memory for the next rows.
class Products {
 public:
    // The sums of the products of every two of the columns 1, x1 ... xp: three limbs for (0, 0),
    // (1, 0), (1, 1), (2, 0) ... The result is valid until the next call.
    std::vector<int64_t> limbs;
    // The extents of x1 ... xp.
    std::vector<Extent> extents;

    // Sums the columns, each row counted as often as its weight says. The numbers are below 10**18;
    // `weights` may be null. False if a weight times a number is too large, or there are too many
    // rows.
    bool sum(const std::vector<const int64_t*>& columns, const int64_t* weights, size_t rows,
             Instructions instructions) {
        if (rows > kMaxRows) return false;
        instructions_ = instructions;
        rows_ = rows;
        if (ones_.size() < rows) ones_.resize(rows, 1);
        right_.clear();
        right_.push_back({ones_.data(), {}});
        for (const int64_t* column : columns) right_.push_back({column, {}});
        left_ = right_;
        if (weights != nullptr && !weigh_all(weights)) return false;
        slice(&right_, &right_slices_, &right_data_);
        if (weights != nullptr) slice(&left_, &left_slices_, &left_data_);
        extents.clear();
        for (size_t j = 1; j < right_.size(); j++) extents.push_back(right_[j].extent);
        const bool is_weighed = weights != nullptr;
        sum_slices(is_weighed ? left_slices_ : right_slices_, right_slices_);
        write(is_weighed ? left_ : right_);
        return true;
    }

 private:
    bool weigh_all(const int64_t* weights) {
        weighed_.resize(right_.size() * rows_);
        bool fits = true;
        for (size_t j = 0; j < left_.size(); j++) {
            int64_t* to = weighed_.data() + j * rows_;
            fits &= weigh(right_[j].values, weights, rows_, to);
            left_[j].values = to;
        }
        return fits;
    }

    Extent extent_of(const int64_t* values) const {
#if defined(LINREG_HAS_AVX2)
        if (instructions_ != Instructions::plain) return avx2::extent_of(values, rows_);
#endif
        return plain::extent_of(values, rows_);
    }

    void cut(const Factor& factor, int32_t* low, int32_t* high) const {
#if defined(LINREG_HAS_AVX2)
        if (instructions_ != Instructions::plain) {
            avx2::cut(factor.values, rows_, factor.slices, low, high);
            return;
        }
#endif
        plain::cut(factor.values, rows_, factor.slices, low, high);
    }

    // Cuts the columns into slices; the rows after the last are zeros, and so are the slices after
    // the last, which fill up a tile.
    void slice(std::vector<Factor>* factors, std::vector<const int32_t*>* slices,
               std::vector<int32_t>* data) const {
        size_t count = 0;
        for (Factor& factor : *factors) {
            const bool are_ones = factor.values == ones_.data();
            factor.extent = are_ones ? Extent{1, 1} : extent_of(factor.values);
            const int64_t largest = std::max(factor.extent.most, -factor.extent.least);
            factor.first = count;
            factor.slices = largest < int64_t{1} << kSliceBits ? 1
                            : largest < int64_t{1} << 53       ? 2
                                                               : 0;
            count += factor.slices;
        }
        const size_t stride = (rows_ + kLanes - 1) / kLanes * kLanes;
        if (data->size() < (count + 1) * stride) data->resize((count + 1) * stride);
        slices->clear();
        for (size_t i = 0; i <= count; i++) {
            int32_t* at = data->data() + i * stride;
            std::fill(at + (i < count ? rows_ : 0), at + stride, 0);
            slices->push_back(at);
        }
        for (const Factor& factor : *factors) {
            int32_t* low = data->data() + factor.first * stride;
            if (factor.slices > 0) cut(factor, low, low + stride);
        }
    }

    // Adds up the products of slices, of which the last is all zeros, tile by tile.
    void sum_slices(const std::vector<const int32_t*>& left,
                    const std::vector<const int32_t*>& right) {
        width_ = right.size() - 1;
        const size_t height = left.size() - 1;
        is_symmetric_ = &left == &right;  // then what is above the diagonal is not needed
        sums_.assign(height * width_, 0);
        for (size_t start = 0; start < rows_; start += kRun) {
            const size_t rows = std::min(kRun, rows_ - start);
            for (size_t i = 0; i < height; i += kTile) {
                const size_t end = is_symmetric_ ? std::min(i + kTile, width_) : width_;
                for (size_t k = 0; k < end; k += kTile) add_tile(left, right, i, k, start, rows);
            }
        }
    }

    void add_tile(const std::vector<const int32_t*>& left, const std::vector<const int32_t*>& right,
                  size_t i, size_t k, size_t start, size_t rows) {
        const size_t height = left.size() - 1;
        const int32_t *lefts[kTile], *rights[kTile];
        for (size_t n = 0; n < kTile; n++) {
            lefts[n] = left[std::min(i + n, height)] + start;
            rights[n] = right[std::min(k + n, width_)] + start;
        }
        int64_t sums[kTile * kTile];
        sum_tile(lefts, rights, (rows + kLanes - 1) / kLanes * kLanes, sums);
        for (size_t n = 0; n < kTile && i + n < height; n++) {
            for (size_t m = 0; m < kTile && k + m < width_; m++) {
                sums_[(i + n) * width_ + k + m] += sums[n * kTile + m];
            }
        }
    }

    void sum_tile(const int32_t* const* left, const int32_t* const* right, size_t rows,
                  int64_t* sums) const {
#if defined(LINREG_HAS_AVX2)
        if (instructions_ != Instructions::plain) {
            avx2::sum_tile(left, right, rows, sums);
            return;
        }
#endif
        plain::sum_tile(left, right, rows, sums);
    }

    // Writes the limbs of each pair of columns.
    void write(const std::vector<Factor>& left) {
        limbs.resize(3 * right_.size() * (right_.size() + 1) / 2);
        int64_t* to = limbs.data();
        for (size_t j = 0; j < right_.size(); j++) {
            for (size_t k = 0; k <= j; k++, to += 3) {
                if (left[j].slices == 0 || right_[k].slices == 0) {
                    sum_wide(left[j].values, right_[k].values, rows_, to);
                    continue;
                }
                int128 sum = 0;
                for (size_t n = 0; n < left[j].slices; n++) {
                    for (size_t m = 0; m < right_[k].slices; m++) {
                        const bool swaps = is_symmetric_ && j == k && n < m;
                        const size_t row = left[j].first + (swaps ? m : n);
                        const int128 part = sums_[row * width_ + right_[k].first + (swaps ? n : m)];
                        sum += part * (int128{1} << kSliceBits * (n + m));
                    }
                }
                write_limbs(sum, to);
            }
        }
    }

    Instructions instructions_ = Instructions::plain;
    size_t rows_ = 0, width_ = 0;
    bool is_symmetric_ = true;
    std::vector<int64_t> ones_, weighed_;
    std::vector<Factor> left_, right_;
    std::vector<int32_t> left_data_, right_data_;
    std::vector<const int32_t*> left_slices_, right_slices_;
    std::vector<int128> sums_;  // of each slice on the left times each on the right
};

}  // namespace linreg
