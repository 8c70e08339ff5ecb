// Predictions: the value at a center plus the sum of m times x, which is a feature less its center,
// carried with twice the digits of a float64.
//
// Error-free sum and product: T. J. Dekker, A floating-point technique for extending the available
// precision, Numerische Mathematik 18 (1971). The rounding test: A. Ziv, Fast evaluation of
// elementary mathematical functions with correctly rounded last bit, ACM TOMS 17 (1991). A compiler
// may not contract a product and a sum here (-ffp-contract=off).

#pragma once

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

// slope * integer / ten, of an integer below 2e18 and an exact power of ten. What the
// result lacks is at most 9 u**2 of it, where u is 2**-53: 3 u**2 from the product with what x lacks,
// as much from adding that, as much from the division.
inline Double2 multiply(int64_t integer, double slope, double ten) {
    const double x = static_cast<double>(integer);
    const double x_low = static_cast<double>(integer - static_cast<int64_t>(x));
    Double2 product = two_product(x, slope);
    product.low += x_low * slope;
    if (ten == 1) return product;
    const double quotient = product.high / ten;
    const Double2 back = two_product(quotient, ten);
    return {quotient, (((product.high - back.high) - back.low) + product.low) / ten};
}

// A line or plane; the integers of feature j are its numbers, less its center, times tens[j].
struct Plane {
    const double* slopes;
    const double* tens;
    size_t features;
    double value;  // at the center
};

// Predicts rows given feature after feature. Where the bound does not decide the last bit, integers
// do; `unsure` is set where the prediction may be infinite.
inline void predict(const Plane& plane, const int64_t* values, size_t rows, double* predictions,
                    unsigned char* unsure) {
    // Let u be 2**-53, k the features, `size` that of all terms together. After j additions the low
    // part is at most (j + 3) u size, so that they round off (k**2 / 2 + 4.5 k + 3) u**2 size in all;
    // the terms lack 9 u**2 size, and the last sum u**2 size. The bound is 4 (k + 4)**2 u**2 size.
    const double additions = static_cast<double>(plane.features) + 4;
    const double relative = 0x1p-104 * additions * additions;
    for (size_t i = 0; i < rows; i++) {
        Double2 sum{plane.value, 0};
        double size = std::fabs(plane.value);
        bool is_zero = size == 0;  // a term may also be 0 because it is too small for a float64
        for (size_t j = 0; j < plane.features; j++) {
            const int64_t integer = values[j * rows + i];
            is_zero &= integer == 0;
            const Double2 term = multiply(integer, plane.slopes[j], plane.tens[j]);
            const Double2 total = two_sum(sum.high, term.high);
            sum = {total.high, sum.low + (total.low + term.low)};
            size += std::fabs(term.high);
        }
        sum = two_sum(sum.high, sum.low);
        const double bound = size * relative;
        double prediction = sum.high + (sum.low + bound);
        const bool is_sure = prediction == sum.high + (sum.low - bound) && size >= kTiny;
        if (!is_zero && !(is_sure && std::isfinite(prediction))) {
            prediction = nearest(twice_the_sum(plane.value, plane.slopes, values + i, rows,
                                               plane.tens, plane.features));
        }
        predictions[i] = prediction + 0.0;  // zero has no sign
        unsure[i] = !std::isfinite(prediction);
    }
}

}  // namespace linreg
