// Which float64 is nearest to value + m1 * integer1 / ten1 + ..., decided in integers.
//
//       below               near              above       three float64, one after the other
//     ────┼──────────╎───────┼───────╎──────────┼────
//                 middle          middle                  is the exact sum beyond one of these?
//
// All numbers are multiples of 2**-1074 / 10**kMostPlaces, so that everything is an integer of
// kWords words. It takes about a microsecond, for the few rows that twice the digits of a float64
// leave open: mostly sums that lie in the very middle, where the even float64 is right.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace linreg {

constexpr int kMostPlaces = 22;  // 10**22 is the largest power of ten that a float64 holds exactly

// A signed integer in two's complement, in units of 2**-1074 / 10**kMostPlaces.
class WideInteger {
 public:
    // Adds value * factor / 10**places; the factor is below 2**62.
    void add(double value, int64_t factor, int places) {
        uint64_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        const int exponent = static_cast<int>(bits >> 52 & 0x7FF);
        const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
        const uint64_t significand = fraction | static_cast<uint64_t>(exponent != 0) << 52;
        const bool is_negative = (bits >> 63 != 0) != (factor < 0);
        WideInteger term;
        term.place(significand, static_cast<uint64_t>(factor < 0 ? -factor : factor),
                   exponent != 0 ? exponent - 1 : 0);
        term.multiply_by_ten_to_the(kMostPlaces - places);
        add(term, is_negative);
    }

    // Adds or subtracts digits * 10**exponent; the exponent is not below -kMostPlaces.
    void add_decimal(uint64_t digits, int exponent, bool negated) {
        WideInteger term;
        term.place(digits, 1, 1074);
        term.multiply_by_ten_to_the(kMostPlaces + exponent);
        add(term, negated);
    }

    // A float64 a few units of its last bit away at most; infinite if the number is too large.
    double approximate() const {
        WideInteger size;
        size.add(*this, sign() < 0);
        int top = kWords - 1;
        while (top > 1 && size.words_[top] == 0) top--;
        const double high = static_cast<double>(size.words_[top]) * 0x1p64 +
                            static_cast<double>(size.words_[top - 1]);
        const double found = std::ldexp(high / 1e22, 64 * (top - 1) - 1074);
        return sign() < 0 ? -found : found;
    }

    int sign() const {
        if (words_[kWords - 1] >> 63) return -1;
        for (uint64_t word : words_) {
            if (word != 0) return 1;
        }
        return 0;
    }

 private:
    __extension__ typedef unsigned __int128 Double;
    static constexpr int kWords = 38;  // 2098 bits of a float64, 62 of a factor, 74 of a power of ten

    // significand * factor * 2**shift
    void place(uint64_t significand, uint64_t factor, int shift) {
        const Double product = static_cast<Double>(significand) * factor;
        const int word = shift / 64, bit = shift % 64;
        const Double low = product << bit;
        words_[word] = static_cast<uint64_t>(low);
        words_[word + 1] = static_cast<uint64_t>(low >> 64);
        words_[word + 2] = bit == 0 ? 0 : static_cast<uint64_t>(product >> 64) >> (64 - bit);
    }

    void multiply_by_ten_to_the(int exponent) {
        for (; exponent > 0; exponent -= 18) {
            uint64_t power = 1;
            for (int i = 0; i < exponent && i < 18; i++) power *= 10;
            multiply(power);
        }
    }

    void multiply(uint64_t factor) {
        Double carry = 0;
        for (uint64_t& word : words_) {
            carry += static_cast<Double>(word) * factor;
            word = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    void add(const WideInteger& other, bool negated) {
        Double carry = negated;
        for (int i = 0; i < kWords; i++) {
            carry += static_cast<Double>(words_[i]) + (negated ? ~other.words_[i] : other.words_[i]);
            words_[i] = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
    }

    uint64_t words_[kWords] = {};
};

// The decimal places of a power of ten up to 10**kMostPlaces.
inline int places_of(double ten) {
    int places = 0;
    for (double power = 1; power < ten; power *= 10) places++;
    return places;
}

// The sign of a number less the middle of two others; `doubled` is twice the number.
inline int compare_with_middle(WideInteger doubled, double one, double other) {
    doubled.add(one, -1, 0);
    doubled.add(other, -1, 0);
    return doubled.sign();
}

inline bool is_even(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits % 2 == 0;
}

// Twice the sum. The integers are `step` apart.
inline WideInteger twice_the_sum(double value, const double* slopes, const int64_t* integers,
                                 size_t step, const double* tens, size_t features) {
    WideInteger doubled;
    doubled.add(value, 2, 0);
    for (size_t j = 0; j < features; j++) {
        const int places = places_of(tens[j]);
        for (int twice = 0; twice < 2; twice++) doubled.add(slopes[j], integers[j * step], places);
    }
    return doubled;
}

// The float64 nearest to half of a number; NaN if it is near infinity.
inline double nearest(const WideInteger& doubled) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    double near = doubled.approximate() / 2;
    for (int steps = 0; steps < 8; steps++) {
        const double below = std::nextafter(near, -kInfinity);
        const double above = std::nextafter(near, kInfinity);
        if (!std::isfinite(below) || !std::isfinite(above)) break;
        const int over = compare_with_middle(doubled, below, near);
        const int under = compare_with_middle(doubled, near, above);
        if (over < 0 || (over == 0 && is_even(below))) {
            near = below;
        } else if (under > 0 || (under == 0 && is_even(above))) {
            near = above;
        } else {
            return near;
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace linreg
