// The shortest decimal that reads back as the same float64; of several, the nearest one.
//
//           the numbers that read back as c * 2**q
//        ├────────────────────────┼────────────────────────┤
//     (c - 1/2) 2**q           c * 2**q            (c + 1/2) 2**q
//     ··┼·······┼·······┼·······┼·······┼·······┼·······┼·······┼··   multiples of 10**k
//       └ one of these, or a multiple of 10**(k + 1), is the shortest
//
// The idea is from R. Giulietti, The Schubfach way to render doubles (2020). With the k for which
// 10**k <= 2**q < 10**(k + 1), some multiple of 10**k is in the interval, and at most one multiple
// of 10**(k + 1). So three numbers in units of 10**k / 4, the two ends and c * 2**q, decide, if they
// are compared with integers exactly. Of each we keep its floor, with the lowest bit set if it is
// not an integer: even integers compare with that as with the number itself.
//
// The floor comes from a product with a power of ten that is rounded up. It is that of the exact
// product because none of the numbers is closer to an integer than 2**-66 without being one:
// tests/native/test_shortest.py proves it for every q. The end of an interval reads back as the
// number in it if c is even, since a tie goes to the even number.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "powers.hpp"

namespace linreg {

// digits * 10**exponent; the digits may end in zeros.
struct Decimal {
    uint64_t digits;
    int exponent;
};

constexpr int kFractionBits = 52;
constexpr int kLeastExponent = -1074, kMostExponent = 971;  // of the last bit of a float64

// The k for which 10**k <= 2**q < 10**(k + 1).
constexpr int power_below(int q) { return q * 315653 >> 20; }
// The k for which 10**k <= 3/4 * 2**q < 10**(k + 1).
constexpr int power_below_three_quarters(int q) { return (q * 1262611 - 524031) >> 22; }

// Whether 1 <= quarters/4 * 2**q / 10**k < 10, by the highest 64 bits of 10**-k.
constexpr bool is_power_below(int k, int quarters, int q) {
    const Power& power = kPowersOfTen.of(-k);
    const int shift = q + power.exponent + 127;  // 2**q / 10**k is about high * 2**(shift - 63)
    if (shift < 0 || shift > 3) return false;
    const uint128 low = static_cast<uint128>(power.high) * static_cast<uint128>(quarters) << shift;
    const uint128 high = low + (static_cast<uint128>(quarters) << shift);
    const uint128 one = static_cast<uint128>(4) << 63;
    return (k == 0 ? low >= one : low > one) && high <= 10 * one;
}

constexpr bool are_powers_below() {
    for (int q = kLeastExponent; q <= kMostExponent; q++) {
        if (!is_power_below(power_below(q), 4, q)) return false;
        if (!is_power_below(power_below_three_quarters(q), 3, q)) return false;
    }
    return true;
}
static_assert(are_powers_below(), "a decimal exponent is wrong");

// The floor of number * power, with the lowest bit set if the product is not an integer. The number
// is below 2**59, so that rounding the power up adds less than 2**59 units of 2**-128.
inline uint64_t floor_or_odd(uint64_t number, const Power& power) {
    const uint128 low = static_cast<uint128>(number) * power.low;
    const uint128 high = static_cast<uint128>(number) * power.high + static_cast<uint64_t>(low >> 64);
    const uint64_t fraction = static_cast<uint64_t>(high) | static_cast<uint64_t>(low) >> 60;
    return static_cast<uint64_t>(high >> 64) | (fraction != 0);
}

// The shortest decimal of significand * 2**q, which is not 0. `has_near_below` is set if the
// float64 below is half as far as the one above.
inline Decimal shortest(uint64_t significand, int q, bool has_near_below) {
    const int k = has_near_below ? power_below_three_quarters(q) : power_below(q);
    const Power& power = kPowersOfTen.of(-k);
    const int shift = q + power.exponent + 128;  // 1 to 4
    const uint64_t middle = 4 * significand;
    const uint64_t lower = floor_or_odd((middle - 2 + has_near_below) << shift, power);
    const uint64_t exact = floor_or_odd(middle << shift, power);
    const uint64_t upper = floor_or_odd((middle + 2) << shift, power);
    const bool is_odd = (significand & 1) != 0;
    const uint64_t least = lower + is_odd, most = upper - is_odd;

    const uint64_t below = exact >> 2;
    const uint64_t tens = below / 10;
    const bool has_tens_below = least <= 40 * tens, has_tens_above = 40 * tens + 40 <= most;
    const bool is_tens = has_tens_below != has_tens_above;
    // the nearer one, or the even one of two: it is in the interval, unless that is shorter below
    bool takes_above = exact + (below & 1) > 4 * below + 2;
    if (has_near_below && least > 4 * below) takes_above = true;
    // no branch: a processor could not guess it
    const uint64_t ones = below + takes_above, of_tens = tens + has_tens_above;
    const uint64_t all = 0 - static_cast<uint64_t>(is_tens);
    return {ones ^ ((ones ^ of_tens) & all), k + is_tens};
}

// The shortest decimal of a float64 that is finite, without its sign.
inline Decimal shortest(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const double size = std::fabs(value);
    if (size < 0x1p53 && size == static_cast<double>(static_cast<int64_t>(size))) {
        return {static_cast<uint64_t>(size), 0};  // no decimal of fewer digits is so near
    }
    const uint64_t fraction = bits & ((uint64_t{1} << kFractionBits) - 1);
    const int exponent = static_cast<int>(bits >> kFractionBits & 0x7FF);
    const bool is_normal = exponent != 0;
    const uint64_t significand = fraction | static_cast<uint64_t>(is_normal) << kFractionBits;
    return shortest(significand, kLeastExponent + exponent - is_normal,
                    fraction == 0 && exponent > 1);
}

}  // namespace linreg
