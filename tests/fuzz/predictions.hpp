// Predictions beside the exact ones, in integers of thousands of bits.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "../../linreg_cli/native/predict.hpp"
#include "../../linreg_cli/native/rounding.hpp"
#include "check.hpp"

namespace fuzz_predictions {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

constexpr int kMostPlaces = 22;
constexpr int kLeastExponent = -1074;  // every float64 is a multiple of two to this power

// A signed integer in two's complement.
class Big {
 public:
    void add(const Big& other) {
        uint128 carry = 0;
        for (int i = 0; i < kWords; i++) {
            carry += static_cast<uint128>(words_[i]) + other.words_[i];
            words_[i] = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    void multiply(uint64_t factor) {
        uint128 carry = 0;
        for (uint64_t& word : words_) {
            carry += static_cast<uint128>(word) * factor;
            word = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    void multiply_by_ten_to_the(int power) {
        for (int i = 0; i < power; i++) multiply(10);
    }

    // value * factor / 2**kLeastExponent
    static Big of(double value, int64_t factor) {
        int exponent;
        const double fraction = std::frexp(value, &exponent);
        auto mantissa = static_cast<int64_t>(std::ldexp(fraction, 53));
        int shift = exponent - 53 - kLeastExponent;
        for (; shift < 0; shift++) mantissa /= 2;  // subnormal: these bits are 0
        const int128 product = static_cast<int128>(mantissa) * factor;
        Big big;
        for (int i = 0; i < kWords; i++) {  // the bits from 64 i - shift on, the sign above all
            const int from = 64 * i - shift;
            if (from <= -64) continue;
            big.words_[i] = from >= 0 ? static_cast<uint64_t>(product >> std::min(from, 127))
                                      : static_cast<uint64_t>(product) << -from;
        }
        return big;
    }

    void negate() {
        uint64_t carry = 1;
        for (uint64_t& word : words_) {
            word = ~word + carry;
            carry = carry != 0 && word == 0;
        }
    }

    int sign() const {
        if (words_[kWords - 1] >> 63) return -1;
        for (uint64_t word : words_) {
            if (word != 0) return 1;
        }
        return 0;
    }

 private:
    static constexpr int kWords = 38;

    uint64_t words_[kWords] = {};
};

// What is left of a number of units of 10**-kMostPlaces without the middle of two float64, doubled.
inline int compare_with_middle(Big doubled, double one, double other) {
    for (double each : {one, other}) {
        Big part = Big::of(each, -1);
        part.multiply_by_ten_to_the(kMostPlaces);
        doubled.add(part);
    }
    return doubled.sign();
}

inline int compare(Big one, const Big& other) {
    Big negative = other;
    negative.negate();
    one.add(negative);
    return one.sign();
}

inline void check_nearest(const Big& exact, double prediction) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    check(std::isfinite(prediction), "a prediction without end is certain");
    check(prediction != 0 || !std::signbit(prediction), "a zero has a sign");
    Big doubled = exact;
    doubled.multiply(2);
    const double below = std::nextafter(prediction, -kInfinity);
    const double above = std::nextafter(prediction, kInfinity);
    if (!std::isfinite(below) || !std::isfinite(above)) return;
    const int over = compare_with_middle(doubled, below, prediction);
    const int under = compare_with_middle(doubled, prediction, above);
    check(over >= 0 && under <= 0, "a prediction is not the nearest float64");
    uint64_t bits;
    std::memcpy(&bits, &prediction, sizeof bits);
    check((over != 0 && under != 0) || bits % 2 == 0, "a tie does not go to the even float64");
}

// Checks the digits of a number of units of 10**-kMostPlaces: the nearest ones, a tie to even.
inline void check_rounded(const Big& exact, linreg::Decimal rounded, int digits) {
    if (rounded.digits == 0) return check(exact.sign() == 0, "a number is rounded to 0");
    if (rounded.exponent < -kMostPlaces) return;
    const auto number = static_cast<int64_t>(rounded.digits);
    Big doubled = exact;
    doubled.multiply(2);
    int signs[2];
    for (int above = 0; above < 2; above++) {
        Big edge = Big::of(1, exact.sign() * (2 * number + 2 * above - 1));
        edge.multiply_by_ten_to_the(kMostPlaces + rounded.exponent);
        signs[above] = exact.sign() * compare(doubled, edge);
    }
    check(signs[0] >= 0 && signs[1] <= 0, "other digits are nearer");
    check((signs[0] != 0 && signs[1] != 0) || number % 2 == 0, "a tie goes to an odd digit");
    const auto most = static_cast<int64_t>(std::pow(10, digits));
    check(number >= most / 10 && number < most, "there are more or fewer digits");
}

inline double any_weight(Random& random) {
    const double mantissa = std::ldexp(static_cast<double>(random() >> 11), -53) + 0.5;
    const double sign = random() % 2 ? 1 : -1;
    switch (random() % 8) {
        case 0:
            return 0;
        case 1:
            return std::ldexp(sign * static_cast<double>(random() % 9), kLeastExponent);
        case 2:
            return std::ldexp(sign * mantissa, static_cast<int>(random() % 2090) - 1070);
        case 3:
            return std::ldexp(sign, static_cast<int>(random() % 100) - 50);
        case 4:
            return sign * static_cast<double>(random() % 1000);
        default:
            return std::ldexp(sign * mantissa, static_cast<int>(random() % 60) - 30);
    }
}

// Predicts some rows; gives how many predictions were certain.
inline size_t run(Random& random) {
    const size_t features = 1 + random() % 5, rows = random() % 4;
    std::vector<double> slopes(features), tens(features);
    std::vector<int> places(features);
    std::vector<int64_t> values(features * rows);
    const bool is_whole = random() % 2;
    for (size_t j = 0; j < features; j++) {
        places[j] = is_whole ? 0 : static_cast<int>(random() % (kMostPlaces + 1));
        tens[j] = std::pow(10.0, places[j]);
        slopes[j] = any_weight(random);
    }
    for (int64_t& each : values) {
        each = any_integer(random) / (random() % 2 ? 1 : 1000000);
        if (random() % 2) each -= any_integer(random);  // less a center
    }
    if (features > 1 && random() % 4 == 0) {  // terms that cancel
        slopes[1] = -slopes[0];
        tens[1] = tens[0];
        places[1] = places[0];
        for (size_t i = 0; i < rows; i++) values[rows + i] = values[i] - (values[i] > 0);
    }
    double intercept = any_weight(random);
    if (random() % 8 == 0) {  // sums with few bits behind the last one, often in the very middle
        for (int64_t& each : values) each = static_cast<int64_t>(random() % 64) - 32;
        for (double& each : tens) each = 1;
        for (int& each : places) each = 0;
        for (double& each : slopes) each = std::ldexp(slopes[0], static_cast<int>(random() % 3));
        if (random() % 2) intercept = std::ldexp(slopes[0], static_cast<int>(random() % 8));
    }
    if (random() % 16 == 0) {  // terms that are less than a float64 can tell
        intercept = 0;
        for (double& each : slopes) each = std::ldexp(1, kLeastExponent);
        for (int64_t& each : values) each %= 10;
    }
    const auto xs = copy_of<int64_t>(values);
    const auto ms = copy_of<double>(slopes), divisors = copy_of<double>(tens);
    const std::unique_ptr<double[]> predictions(new double[rows]);
    const std::unique_ptr<unsigned char[]> unsure(new unsigned char[rows]);
    linreg::predict({ms.get(), divisors.get(), features, intercept}, xs.get(), rows,
                    predictions.get(), unsure.get());
    size_t certain = 0;
    for (size_t i = 0; i < rows; i++) {
        if (unsure[i]) continue;
        certain++;
        Big exact = Big::of(intercept, 1);
        exact.multiply_by_ten_to_the(kMostPlaces);
        for (size_t j = 0; j < features; j++) {
            Big term = Big::of(slopes[j], values[j * rows + i]);
            term.multiply_by_ten_to_the(kMostPlaces - places[j]);
            exact.add(term);
        }
        check_nearest(exact, predictions[i]);
        const auto twice = [&] {
            return linreg::twice_the_sum(intercept, ms.get(), xs.get() + i, rows, divisors.get(),
                                         features);
        };
        linreg::Decimal rounded;
        const int digits = 1 + static_cast<int>(random() % linreg::kMostRounded);
        if (linreg::round_to(predictions[i], digits, twice, &rounded)) {
            check_rounded(exact, rounded, digits);
        }
    }
    return certain;
}

// Predicts rows with the planes of their codes beside all rows with each plane.
inline void run_by_code(Random& random) {
    const size_t features = 1 + random() % 3, rows = random() % 140, groups = 1 + random() % 4;
    std::vector<double> slopes(groups * features), at_center(groups), tens(features);
    std::vector<int64_t> values(features * rows), codes(rows);
    for (double& each : slopes) each = any_weight(random);
    for (double& each : at_center) each = any_weight(random);
    for (double& each : tens) each = std::pow(10.0, random() % (kMostPlaces + 1));
    for (int64_t& each : values) each = any_integer(random);
    for (int64_t& each : codes) each = static_cast<int64_t>(random() % groups);
    const auto ms = copy_of<double>(slopes), starts = copy_of<double>(at_center);
    const auto divisors = copy_of<double>(tens);
    const auto xs = copy_of<int64_t>(values), own = copy_of<int64_t>(codes);
    const std::unique_ptr<double[]> predictions(new double[rows]);
    const std::unique_ptr<unsigned char[]> unsure(new unsigned char[rows]);
    linreg::predict_by_code({ms.get(), divisors.get(), features, starts.get()}, own.get(), xs.get(),
                            rows, predictions.get(), unsure.get());
    std::vector<double> expected(rows);
    std::vector<unsigned char> are_unsure(rows);
    for (size_t code = 0; code < groups; code++) {
        linreg::predict({&slopes[code * features], tens.data(), features, at_center[code]},
                        values.data(), rows, expected.data(), are_unsure.data());
        for (size_t i = 0; i < rows; i++) {
            if (static_cast<size_t>(codes[i]) != code) continue;
            check(unsure[i] == are_unsure[i], "a row is certain only by its code, or without");
            check(unsure[i] || predictions[i] == expected[i], "a row has the plane of another code");
        }
    }
}

}  // namespace fuzz_predictions
