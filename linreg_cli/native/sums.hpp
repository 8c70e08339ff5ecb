// Exact sums of products of int64 columns, in integers of three limbs.

#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace linreg {

__extension__ typedef __int128 int128;

constexpr int kLimbBits = 48;
constexpr int64_t kLimbMask = (int64_t{1} << kLimbBits) - 1;
constexpr int64_t kFactorLimit = int64_t{1} << 60;
constexpr size_t kMaxRows = size_t{1} << 20;
constexpr size_t kRun = 64;  // so many products of factors within the limit fit 127 bits

// Adds up left * right. Of the limbs, low ones first, all but the last are in [0, 2**48), so that
// the sums of 2**14 such integers still fit.
inline void sum_products(const int64_t* left, const int64_t* right, size_t rows, int64_t* limbs) {
    int64_t low = 0, middle = 0, high = 0;
    for (size_t start = 0; start < rows; start += kRun) {
        const size_t stop = std::min(start + kRun, rows);
        int128 sum = 0;
        for (size_t i = start; i < stop; i++) sum += static_cast<int128>(left[i]) * right[i];
        low += static_cast<int64_t>(sum) & kLimbMask;
        middle += static_cast<int64_t>(sum >> kLimbBits) & kLimbMask;
        high += static_cast<int64_t>(sum >> 2 * kLimbBits);
    }
    middle += low >> kLimbBits;
    limbs[0] = low & kLimbMask;
    limbs[1] = middle & kLimbMask;
    limbs[2] = high + (middle >> kLimbBits);
}

// Multiplies each value by its weight; false if a product is beyond the limit.
inline bool weigh(const int64_t* values, const int64_t* weights, size_t rows, int64_t* weighed) {
    bool fits = true;
    for (size_t i = 0; i < rows; i++) {
        fits &= !__builtin_mul_overflow(values[i], weights[i], &weighed[i]);
        fits &= -kFactorLimit < weighed[i] && weighed[i] < kFactorLimit;
    }
    return fits;
}

// The sums of the products of every two of the columns 1, x1 ... xp, each row counted as often as
// its weight says: three limbs for (0, 0), (1, 0), (1, 1), (2, 0) ... `values` has column after
// column, of numbers below 10**18; `weights` may be null. False if a weight times a number is too
// large, or there are too many rows.
inline bool sum_moments(const int64_t* values, const int64_t* weights, size_t columns, size_t rows,
                        std::vector<int64_t>* moments) {
    if (rows > kMaxRows) return false;
    const std::vector<int64_t> ones(rows, 1);
    std::vector<const int64_t*> factors{ones.data()};
    for (size_t j = 0; j < columns; j++) factors.push_back(values + j * rows);
    std::vector<int64_t> weighed(weights == nullptr ? 0 : rows);
    moments->resize(3 * factors.size() * (factors.size() + 1) / 2);
    int64_t* to = moments->data();
    for (size_t j = 0; j < factors.size(); j++) {
        const int64_t* left = factors[j];
        if (weights != nullptr) {
            if (!weigh(left, weights, rows, weighed.data())) return false;
            left = weighed.data();
        }
        for (size_t k = 0; k <= j; k++, to += 3) sum_products(left, factors[k], rows, to);
    }
    return true;
}

}  // namespace linreg
