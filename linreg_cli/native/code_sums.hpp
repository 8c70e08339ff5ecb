// Sums of columns over the rows of each code, such as the code of a level.
//
//     codes     0      1      0           sums       1    x1     x2
//     x1        1800   1200   1500        code 0     2    3300   990
//     x2        540    360    450         code 1     1    1200   360
//
// They are added up in 64 bits if they fit for certain, else in 128. tests/fuzz/levels.hpp compares
// with the same sums one by one.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sums.hpp"

namespace linreg {

// The largest absolute value of some numbers.
inline double largest_of(const int64_t* values, size_t count) {
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = std::max(largest, std::fabs(static_cast<double>(values[i])));
    return largest;
}

// Adds up what `sum_by_code` does, in a type that holds the sums.
template <typename T>
void add_by_code(const int64_t* values, const int64_t* weights, const int64_t* codes,
                 size_t columns, size_t rows, size_t size, std::vector<T>* sums) {
    const size_t step = 1 + columns;
    sums->assign(size * step, 0);
    for (size_t i = 0; i < rows; i++) {
        (*sums)[static_cast<size_t>(codes[i]) * step] += weights == nullptr ? 1 : weights[i];
    }
    for (size_t j = 0; j < columns; j++) {
        const int64_t* column = values + j * rows;
        T* to = sums->data() + 1 + j;
        for (size_t i = 0; i < rows; i++) {
            const T weight = weights == nullptr ? 1 : static_cast<T>(weights[i]);
            to[static_cast<size_t>(codes[i]) * step] += weight * column[i];
        }
    }
}

// The sums of the columns 1, x1 ... xp over the rows of each code, each row counted as often as its
// weight says: `sums` has a number for each code and column. `weights` may be null. False if a sum
// could be too large, or a code is not below `size`.
inline bool sum_by_code(const int64_t* values, const int64_t* weights, const int64_t* codes,
                        size_t columns, size_t rows, size_t size, std::vector<int128>* sums) {
    const double most = std::max(1.0, largest_of(values, columns * rows)) *
                        (weights == nullptr ? 1.0 : std::max(1.0, largest_of(weights, rows)));
    if (most * static_cast<double>(rows) >= 0x1p126) return false;
    for (size_t i = 0; i < rows; i++) {
        if (codes[i] < 0 || static_cast<size_t>(codes[i]) >= size) return false;
    }
    if (most * static_cast<double>(rows) < 0x1p62) {
        std::vector<int64_t> small;
        add_by_code(values, weights, codes, columns, rows, size, &small);
        sums->assign(small.begin(), small.end());
    } else {
        add_by_code(values, weights, codes, columns, rows, size, sums);
    }
    return true;
}

}  // namespace linreg
