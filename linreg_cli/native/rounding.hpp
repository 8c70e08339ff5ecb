// A prediction rounded to some significant digits, half to even.
//
//     near                 9    9    5    4    6    .    5    0    0    1    2 ...
//                          └──── digits = 5 ────┘    └── fraction: more than a half?
//
// The exact prediction is within half a unit of the last bit of the float64 `near`. So `near` decides
// if the fraction differs from a half by more than that; if it does not, integers decide.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "exact.hpp"
#include "shortest.hpp"

namespace linreg {

constexpr int kMostRounded = 15;  // with more digits, half a unit of the last bit may be a whole digit

constexpr uint64_t power_of_ten(int n) {
    uint64_t power = 1;
    for (; n > 0; n--) power *= 10;
    return power;
}

// What a float64 says of a number near it, in units of 10**exponent: the number is whole + fraction.
struct Rounding {
    uint64_t whole;
    int exponent;
    bool is_above, is_below;  // whether the fraction is certainly more, or less, than a half
    bool may_be_less;         // whether the number may have one digit less before the fraction

    Decimal rounded(bool up, int digits) const {
        const uint64_t number = whole + up;
        if (number == power_of_ten(digits)) return {number / 10, exponent + 1};
        return {number, exponent};
    }
};

// Looks at a float64; false if it is too large or too small.
inline bool look_at(double near, int digits, Rounding* found) {
    if (std::fabs(near) < 0x1p-1022) return false;  // it has fewer bits than others
    int exponent;
    const double half = std::frexp(std::fabs(near), &exponent);  // in [1/2, 1)
    const auto significand = static_cast<uint64_t>(std::ldexp(half, 64));
    // 10**k is at most 2**(exponent - 1), and so at most the number, but not a tenth of it
    const int k = power_below(exponent - 1);
    for (int places = digits - 1 - k; places >= digits - 2 - k; places--) {
        if (places < kLeastPower || places > kMostPower) return false;
        const Power& power = kPowersOfTen.of(places);
        // the highest 128 bits of the product, at most 3 too large or too small
        const uint128 product = static_cast<uint128>(significand) * power.high +
                                (static_cast<uint128>(significand) * power.low >> 64);
        const int bits = -(exponent + power.exponent);  // of the product, that are a fraction
        const uint128 one = static_cast<uint128>(1) << bits;
        found->whole = static_cast<uint64_t>(product >> bits);
        if (found->whole >= power_of_ten(digits)) continue;
        const uint128 fraction = product & (one - 1);
        const uint128 room = (static_cast<uint128>(power.high) << 10) + 8;  // half of the last bit
        found->exponent = -places;
        found->is_above = fraction > one / 2 + room;
        found->is_below = fraction + room < one / 2;
        found->may_be_less = found->whole == power_of_ten(digits - 1) && fraction <= room;
        return true;
    }
    return false;
}

// Rounds a number to at most kMostRounded digits, half to even. `near` is the float64 nearest to it,
// and `twice` gives the number doubled. False if slower code has to do it.
template <typename Twice>
bool round_to(double near, int digits, const Twice& twice, Decimal* rounded) {
    if (near == 0) {
        *rounded = {0, 0};
        return twice().sign() == 0;
    }
    Rounding found;
    if (!look_at(near, digits, &found)) return false;
    bool up = found.is_above;
    if (found.may_be_less || (!found.is_above && !found.is_below)) {
        if (-found.exponent > kMostPlaces) return false;
        const int sign = near < 0 ? -1 : 1;
        if (found.may_be_less) {
            WideInteger rest = twice();
            rest.add_decimal(2 * found.whole, found.exponent, near > 0);
            if (sign * rest.sign() < 0) return false;
            up = false;
        } else {
            WideInteger rest = twice();
            rest.add_decimal(2 * found.whole + 1, found.exponent, near > 0);
            const int over = sign * rest.sign();
            up = over > 0 || (over == 0 && found.whole % 2 != 0);
        }
    }
    *rounded = found.rounded(up, digits);
    return true;
}

}  // namespace linreg
