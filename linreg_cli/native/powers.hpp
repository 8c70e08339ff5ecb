// Powers of ten with 128 bits, computed while the program is compiled.
//
//     10**n  <=  significand * 2**exponent  <  10**n + 2**exponent      2**127 <= significand < 2**128
//
// The significand of a power is the least that is not below it. It is found by exact steps:
//
//     10**0  · 10 ·→  10**1  · 10 ·→  ...  10**324         all bits are kept
//     2**1120  ÷ 10 ·→  ÷ 10 ·→  ...                       floors, which are those of 2**1120 / 10**n

#pragma once

#include <cstdint>

namespace linreg {

__extension__ typedef unsigned __int128 uint128;

struct Power {
    uint64_t high;  // of the significand
    uint64_t low;
    int exponent;
};

// The powers of ten that bring the last bit of a float64 between 1 and 10.
constexpr int kLeastPower = -292, kMostPower = 324;

class Powers {
 public:
    constexpr Powers() {
        Words words(4);
        for (int n = 0; n <= kMostPower; n++) {
            powers_[n - kLeastPower] = words.rounded_up(4, true);
            words.multiply(10);
        }
        words = Words(kPlaces);
        for (int n = -1; n >= kLeastPower; n--) {
            words.divide(10);
            powers_[n - kLeastPower] = words.rounded_up(kPlaces, false);
        }
    }

    constexpr const Power& of(int n) const { return powers_[n - kLeastPower]; }

 private:
    static constexpr int kPlaces = 35;  // words: 10**292 has 970 bits, and 128 more are wanted
    static constexpr int kWords = 38;   // 10**324 has 1077 bits, and stands above four words

    // An unsigned integer that is not 0, the lowest word first.
    struct Words {
        uint32_t words[kWords] = {};
        int top;  // index of the highest word that is not 0

        // 2**32 to the power of `place`.
        constexpr explicit Words(int place) : top(place) { words[place] = 1; }

        constexpr void multiply(uint32_t factor) {
            uint64_t carry = 0;
            for (int i = 0; i <= top; i++) {
                carry += uint64_t{words[i]} * factor;
                words[i] = static_cast<uint32_t>(carry);
                carry >>= 32;
            }
            if (carry != 0) words[++top] = static_cast<uint32_t>(carry);
        }

        // Divides; the remainder is dropped.
        constexpr void divide(uint32_t divisor) {
            uint64_t rest = 0;
            for (int i = top; i >= 0; i--) {
                rest = rest << 32 | words[i];
                words[i] = static_cast<uint32_t>(rest / divisor);
                rest %= divisor;
            }
            if (words[top] == 0) top--;
        }

        // The integer over 2**32 to the power of `places`, to which a fraction that was dropped
        // belongs unless it is exact.
        constexpr Power rounded_up(int places, bool is_exact) const {
            int shift = 0;
            while ((words[top] << shift & 0x80000000) == 0) shift++;
            uint128 significand = 0;
            for (int i = top; i > top - 4; i--) significand = significand << 32 | words[i];
            const uint64_t next = uint64_t{words[top - 4]} << shift;
            significand = significand << shift | next >> 32;
            is_exact &= static_cast<uint32_t>(next) == 0;
            for (int i = 0; i < top - 4; i++) is_exact &= words[i] == 0;
            significand += !is_exact;
            return {static_cast<uint64_t>(significand >> 64), static_cast<uint64_t>(significand),
                    32 * (top - 3 - places) - shift};
        }
    };

    Power powers_[kMostPower - kLeastPower + 1] = {};
};

inline constexpr Powers kPowersOfTen;

}  // namespace linreg
