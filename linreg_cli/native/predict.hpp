// Predictions: the value at a center plus the sum of m times x, which is a feature less its center,
// carried with twice the digits of a float64.
//
//     high + low                          the sum, with an error of at most `bound`
//     high + (low - bound)  ─┐
//     high + (low + bound)  ─┴─ equal?    yes: the nearest float64       no: exact.hpp decides
//
// Error-free sum and product: T. J. Dekker, A floating-point technique for extending the available
// precision, Numerische Mathematik 18 (1971). The rounding test: A. Ziv, Fast evaluation of
// elementary mathematical functions with correctly rounded last bit, ACM TOMS 17 (1991). A compiler
// may not contract a product and a sum here (-ffp-contract=off).

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "exact.hpp"

namespace linreg {

constexpr double kTiny = 0x1p-900;  // below it what a product lacks may be no float64

// A sum of two float64, of which `low` is what `high` lacks.
struct Double2 {
    double high;
    double low;
};

inline Double2 two_sum(double a, double b) {
    const double total = a + b;
    const double b_part = total - a;
    return {total, (a - (total - b_part)) + (b - b_part)};
}

inline Double2 two_product(double a, double b) {
    constexpr double kSplit = 0x1p27 + 1;
    const double product = a * b;
    const double a_high = kSplit * a - (kSplit * a - a), b_high = kSplit * b - (kSplit * b - b);
    const double a_low = a - a_high, b_low = b - b_high;
    return {product,
            ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

// A line or plane; the integers of feature j are its numbers, less its center, times tens[j].
struct Plane {
    const double* slopes;
    const double* tens;
    size_t features;
    double value;  // at the center
};

constexpr size_t kTogether = 64;  // rows at once: loops without a branch, which compilers turn into SIMD

// The sums of some rows: high + low, and the size of all terms together.
struct Sums2 {
    double high[kTogether], low[kTogether], size[kTogether];

    // Starts with the value at the center: `value(i)` of row i.
    template <typename ValueOf>
    explicit Sums2(const ValueOf& value) {
        for (size_t i = 0; i < kTogether; i++) {
            high[i] = value(i);
            low[i] = 0;
            size[i] = std::fabs(high[i]);
        }
    }

    // Adds slope(i) * integer / ten for each row i, of integers below 2e18 and an exact power of ten. What
    // a term lacks is at most 9 u**2 of it, where u is 2**-53: 3 u**2 from the product with what x
    // lacks, as much from adding that, as much from the division.
    template <typename SlopeOf>
    void add(const int64_t* integers, size_t count, const SlopeOf& slope, double ten) {
        double x[kTogether] = {}, x_low[kTogether] = {};
        uint64_t bits = 0;  // of the largest one, and more
        for (size_t i = 0; i < count; i++) {
            x[i] = static_cast<double>(integers[i]);
            bits |= static_cast<uint64_t>(integers[i] ^ (integers[i] >> 63));
        }
        for (size_t i = 0; bits >> 53 != 0 && i < count; i++) {
            x_low[i] = static_cast<double>(integers[i] - static_cast<int64_t>(x[i]));
        }
        for (size_t i = 0; i < kTogether; i++) {
            const Double2 product = two_product(x[i], slope(i));
            x[i] = product.high;
            x_low[i] = product.low + x_low[i] * slope(i);
        }
        if (ten != 1) divide(x, x_low, ten);
        for (size_t i = 0; i < kTogether; i++) {
            const Double2 total = two_sum(high[i], x[i]);
            high[i] = total.high;
            low[i] += total.low + x_low[i];
            size[i] += std::fabs(x[i]);
        }
    }

 private:
    static void divide(double* terms, double* terms_low, double ten) {
        for (size_t i = 0; i < kTogether; i++) {
            const double quotient = terms[i] / ten;
            const Double2 back = two_product(quotient, ten);
            terms_low[i] = (((terms[i] - back.high) - back.low) + terms_low[i]) / ten;
            terms[i] = quotient;
        }
    }
};

// Predicts the i-th of `rows` rows in integers; infinite or NaN if that may be too large.
inline double predict_exactly(const Plane& plane, const int64_t* values, size_t rows, size_t i) {
    return nearest(twice_the_sum(plane.value, plane.slopes, values + i, rows, plane.tens,
                                 plane.features));
}

// Predicts `count` rows from row `start` on, whose sums are known to within a bound. Where the bound
// does not decide the last bit, integers do, with the plane of the row: `plane_of(i)`.
template <typename PlaneOf>
void round_sums(const Sums2& sums, const PlaneOf& plane_of, size_t features, const int64_t* values,
                size_t rows, size_t start, size_t count, double* predictions,
                unsigned char* unsure) {
    // Let u be 2**-53, k the features, `size` that of all terms together. After j additions the low
    // part is at most (j + 3) u size, so that they round off (k**2 / 2 + 4.5 k + 3) u**2 size in all;
    // the terms lack 9 u**2 size, and the last sum u**2 size. The bound is 4 (k + 4)**2 u**2 size.
    const double additions = static_cast<double>(features) + 4;
    const double relative = 0x1p-104 * additions * additions;
    double found[kTogether], spread[kTogether];
    for (size_t i = 0; i < kTogether; i++) {
        const Double2 sum = two_sum(sums.high[i], sums.low[i]);
        const double bound = sums.size[i] * relative;
        found[i] = sum.high + (sum.low + bound);
        spread[i] = found[i] - (sum.high + (sum.low - bound));  // NaN if it is infinite
    }
    for (size_t i = 0; i < count; i++) {
        if (!(spread[i] == 0 && sums.size[i] >= kTiny)) {
            found[i] = predict_exactly(plane_of(i), values, rows, start + i);
        }
        predictions[start + i] = found[i] + 0.0;  // zero has no sign
        unsure[start + i] = !std::isfinite(found[i]);
    }
}

// Predicts rows given feature after feature; `unsure` is set where the prediction may be infinite.
inline void predict(const Plane& plane, const int64_t* values, size_t rows, double* predictions,
                    unsigned char* unsure) {
    for (size_t start = 0; start < rows; start += kTogether) {
        const size_t count = std::min(kTogether, rows - start);
        Sums2 sums([&](size_t) { return plane.value; });
        for (size_t j = 0; j < plane.features; j++) {
            const double slope = plane.slopes[j];
            sums.add(values + j * rows + start, count, [&](size_t) { return slope; },
                     plane.tens[j]);
        }
        round_sums(sums, [&](size_t) { return plane; }, plane.features, values, rows, start, count,
                   predictions, unsure);
    }
}

// The planes of groups, one after the other, with the same powers of ten.
struct Planes {
    const double* slopes;
    const double* tens;
    size_t features;
    const double* values;

    Plane of(int64_t code) const {
        return {slopes + static_cast<size_t>(code) * features, tens, features, values[code]};
    }
};

// Predicts rows as `predict` does, each with the plane of its code.
inline void predict_by_code(const Planes& planes, const int64_t* codes, const int64_t* values,
                            size_t rows, double* predictions, unsigned char* unsure) {
    for (size_t start = 0; start < rows; start += kTogether) {
        const size_t count = std::min(kTogether, rows - start);
        const int64_t* own = codes + start;
        double numbers[kTogether] = {};
        for (size_t i = 0; i < count; i++) numbers[i] = planes.values[own[i]];
        Sums2 sums([&](size_t i) { return numbers[i]; });
        for (size_t j = 0; j < planes.features; j++) {
            for (size_t i = 0; i < count; i++) numbers[i] = planes.of(own[i]).slopes[j];
            sums.add(values + j * rows + start, count, [&](size_t i) { return numbers[i]; },
                     planes.tens[j]);
        }
        round_sums(sums, [&](size_t i) { return planes.of(own[i]); }, planes.features, values, rows,
                   start, count, predictions, unsure);
    }
}

}  // namespace linreg
