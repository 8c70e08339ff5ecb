// Exact sums of products of int64 columns, in integers of three limbs.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace linreg {

__extension__ typedef __int128 int128;

constexpr int kLimbBits = 48;
constexpr int64_t kLimbMask = (int64_t{1} << kLimbBits) - 1;
constexpr int64_t kFactorLimit = int64_t{1} << 60;
constexpr size_t kMaxRows = size_t{1} << 20;
constexpr size_t kRun = 64;  // the sum of this many products of factors within the limit fits 127 bits

// A column to multiply: its numbers, also as float64, and the largest absolute value.
struct Factor {
    const int64_t* values;
    std::vector<double> floats;
    double largest = 0;

    Factor(const int64_t* column, size_t rows) : values(column), floats(column, column + rows) {
        for (double value : floats) largest = std::max(largest, std::fabs(value));
    }
};

// The sum of one run of products. In float64 it is exact as long as no sum of their sizes can pass
// 2**53; several sums side by side let the processor add several at a time.
inline int64_t sum_run(const double* left, const double* right, size_t count) {
    double lanes[8] = {}, sum = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (size_t lane = 0; lane < 8; lane++) lanes[lane] += left[i + lane] * right[i + lane];
    }
    for (; i < count; i++) sum += left[i] * right[i];
    for (double lane : lanes) sum += lane;
    return static_cast<int64_t>(sum);
}

inline int128 sum_run(const int64_t* left, const int64_t* right, size_t count) {
    int128 sum = 0;
    for (size_t i = 0; i < count; i++) sum += static_cast<int128>(left[i]) * right[i];
    return sum;
}

// Adds up left * right, run by run. Of the limbs, low ones first, all but the last are in
// [0, 2**48), so that the sums of 2**14 such integers still fit.
template <typename T>
void sum_runs(const T* left, const T* right, size_t rows, size_t run, int64_t* limbs) {
    int64_t low = 0, middle = 0, high = 0;
    for (size_t start = 0; start < rows; start += run) {
        const int128 sum = sum_run(left + start, right + start, std::min(run, rows - start));
        low += static_cast<int64_t>(sum) & kLimbMask;
        middle += static_cast<int64_t>(sum >> kLimbBits) & kLimbMask;
        high += static_cast<int64_t>(sum >> 2 * kLimbBits);
    }
    middle += low >> kLimbBits;
    limbs[0] = low & kLimbMask;
    limbs[1] = middle & kLimbMask;
    limbs[2] = high + (middle >> kLimbBits);
}

inline void sum_products(const Factor& left, const Factor& right, size_t rows, int64_t* limbs) {
    const double run = 0x1p52 / (left.largest * right.largest + 1);  // half of what is exact
    if (run >= kRun) {
        const size_t count = run < static_cast<double>(rows) ? static_cast<size_t>(run) : rows;
        sum_runs(left.floats.data(), right.floats.data(), rows, std::max<size_t>(count, 1), limbs);
    } else {
        sum_runs(left.values, right.values, rows, kRun, limbs);
    }
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
    std::vector<Factor> factors{Factor(ones.data(), rows)};
    for (size_t j = 0; j < columns; j++) factors.emplace_back(values + j * rows, rows);
    std::vector<int64_t> weighed(weights == nullptr ? 0 : rows);
    moments->resize(3 * factors.size() * (factors.size() + 1) / 2);
    int64_t* to = moments->data();
    for (size_t j = 0; j < factors.size(); j++) {
        if (weights != nullptr && !weigh(factors[j].values, weights, rows, weighed.data())) {
            return false;
        }
        const Factor with_weights(weighed.data(), weighed.size());  // none if there are none
        const Factor& left = weights == nullptr ? factors[j] : with_weights;
        for (size_t k = 0; k <= j; k++, to += 3) sum_products(left, factors[k], rows, to);
    }
    return true;
}

}  // namespace linreg
