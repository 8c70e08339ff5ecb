// A float64 as text, as Python's repr writes it: the shortest text that reads back the same.
//
//     4503599.627370497
//           │ shortest.hpp
//     4503599627370497 * 10**-9
//           │ all 17 digits at once
//     04503599627370497
//           │ zeros at both ends off, the point between
//     4503599.627370497
//
// A number below 10**-4, or of 10**16 or more, has an exponent: 1.5e-05, 1e+16.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "shortest.hpp"

namespace linreg {

constexpr size_t kNumberSize = 48;  // room for 24 characters, and for what is written past them
constexpr int kMostDigits = 17;     // of a shortest decimal
constexpr uint64_t kTenToThe8 = 100000000, kTenToThe16 = kTenToThe8 * kTenToThe8;

// The digits of a number below 10**8, a byte each, the first in the lowest byte.
inline uint64_t eight_digits(uint64_t number) {
    const uint64_t fours = number / 10000 | number % 10000 << 32;
    const uint64_t hundreds = (fours * 5243 >> 19) & 0x0000007F0000007F;
    const uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000F;
    return tens | (pairs - 10 * tens) << 8;
}

// Writes eight digits as text, and returns a bit for each that is not 0, the lowest for the first.
inline unsigned write_eight_digits(uint64_t number, char* to) {
    constexpr uint64_t kEach = 0x0101010101010101;
    const uint64_t digits = eight_digits(number);
    for (int i = 0; i < 8; i++) to[i] = static_cast<char>('0' + (digits >> 8 * i & 0xFF));
    const uint64_t flags = (digits + 0x7F * kEach) >> 7 & kEach;
    return static_cast<unsigned>(flags * 0x0102040810204080 >> 56);
}

// The same for a number below 10**16.
inline unsigned write_sixteen_digits_simply(uint64_t number, char* to) {
    const unsigned first = write_eight_digits(number / kTenToThe8, to);
    return first | write_eight_digits(number % kTenToThe8, to + 8) << 8;
}

#if defined(__SSE2__)
// As `eight_digits`, for both halves at once.
inline __m128i sixteen_digits(uint64_t number) {
    const __m128i halves = _mm_set_epi64x(static_cast<int64_t>(number % kTenToThe8),
                                          static_cast<int64_t>(number / kTenToThe8));
    const __m128i of_fours =
        _mm_srli_epi64(_mm_mul_epu32(halves, _mm_set1_epi32(109951163)), 40);  // 2**40 / 10**4
    const __m128i rest = _mm_sub_epi64(halves, _mm_mul_epu32(of_fours, _mm_set1_epi32(10000)));
    const __m128i fours = _mm_or_si128(of_fours, _mm_slli_epi64(rest, 32));
    const __m128i hundreds = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi16(5243)), 3);
    const __m128i below = _mm_sub_epi16(fours, _mm_mullo_epi16(hundreds, _mm_set1_epi16(100)));
    const __m128i pairs = _mm_or_si128(hundreds, _mm_slli_epi32(below, 16));
    const __m128i tens = _mm_mulhi_epu16(pairs, _mm_set1_epi16(6554));  // 2**16 / 10
    const __m128i ones = _mm_sub_epi16(pairs, _mm_mullo_epi16(tens, _mm_set1_epi16(10)));
    return _mm_or_si128(tens, _mm_slli_epi16(ones, 8));
}

inline unsigned are_not_0(__m128i digits) {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi8(digits, _mm_setzero_si128())));
}

inline unsigned write_sixteen_digits(uint64_t number, char* to) {
    const __m128i digits = sixteen_digits(number);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_or_si128(digits, _mm_set1_epi8('0')));
    return are_not_0(digits);
}

// Writes 17 digits, the first of which is not 0, with a point after the first and `more` others, at
// most 15. It does what `write_fixed` does in registers: to read what was just written takes time.
inline char* write_seventeen(uint64_t number, int more, char point, char* to) {
    alignas(16) static constexpr uint64_t kOnes[4] = {UINT64_MAX, UINT64_MAX, 0, 0};
    const char* ones = reinterpret_cast<const char*>(kOnes) + 16 - more;  // `more` bytes of them
    const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ones));
    const __m128i up_to_point = _mm_or_si128(_mm_slli_si128(before, 1), _mm_cvtsi32_si128(0xFF));
    const __m128i at_point = _mm_andnot_si128(before, up_to_point);
    const __m128i digits = sixteen_digits(number % kTenToThe16);
    const __m128i text = _mm_or_si128(digits, _mm_set1_epi8('0'));
    const __m128i behind = _mm_andnot_si128(up_to_point, _mm_slli_si128(text, 1));
    const __m128i with_point =
        _mm_or_si128(_mm_and_si128(before, text),
                     _mm_or_si128(_mm_and_si128(at_point, _mm_set1_epi8(point)), behind));
    *to = static_cast<char>('0' + number / kTenToThe16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 1), with_point);
    to[17] = static_cast<char>('0' + number % 10);
    const int last = 31 - __builtin_clz(are_not_0(digits) | 1);
    return to + 3 + (last > more ? last : more);
}
#else
inline unsigned write_sixteen_digits(uint64_t number, char* to) {
    return write_sixteen_digits_simply(number, to);
}
#endif

// The digits of a number below 10**kMostDigits as text, with zeros at both ends.
struct Digits {
    char text[56];
    int first;  // index of the first digit that is not 0; that of the last digit if all are
    int last;   // and of the last one

    explicit Digits(uint64_t number) {
        const uint64_t top = number / kTenToThe16;
        text[0] = static_cast<char>('0' + top);
        const unsigned found = write_sixteen_digits(number % kTenToThe16, text + 1) << 1 | (top != 0);
        std::memset(text + kMostDigits, '0', sizeof text - kMostDigits);
        const unsigned not_0 = found != 0 ? found : 1u << (kMostDigits - 1);
        first = __builtin_ctz(not_0);
        last = 31 - __builtin_clz(not_0);
    }
};

// Writes digits with an exponent of at least two digits.
inline char* write_with_exponent(const Digits& digits, int exponent, char point, char* to) {
    *to++ = digits.text[digits.first];
    if (digits.last > digits.first) {
        *to++ = point;
        const auto more = static_cast<size_t>(digits.last - digits.first);
        std::memcpy(to, digits.text + digits.first + 1, more);
        to += more;
    }
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    const int size = std::abs(exponent);
    if (size >= 100) *to++ = static_cast<char>('0' + size / 100);
    *to++ = static_cast<char>('0' + size / 10 % 10);
    *to++ = static_cast<char>('0' + size % 10);
    return to;
}

// Writes digits without an exponent. The point stands before the digit of index `whole`, which is at
// most 16 more than the first. More is written than the text has: a copy of a constant size is fast.
inline char* write_fixed(const Digits& digits, int whole, char point, char* to) {
    if (whole <= digits.first) {  // 0.00123
        std::memcpy(to, "0.000", 5);
        to[1] = point;
        to += 2 + digits.first - whole;
        std::memcpy(to, digits.text + digits.first, 24);
        return to + 1 + digits.last - digits.first;
    }
    std::memcpy(to, digits.text + digits.first, 24);
    to += whole - digits.first;
    *to++ = point;
    std::memcpy(to, digits.text + whole, 24);
    return to + (digits.last >= whole ? digits.last + 1 - whole : 1);
}

// Writes a decimal of at most kMostDigits, and returns where the text ends. `to` has room for
// kNumberSize characters. An integer has ".0" only if it `keeps_zero`.
inline char* write_decimal(bool is_negative, Decimal decimal, char point, char* to,
                           bool keeps_zero = true) {
    *to = '-';
    to += is_negative;
#if defined(__SSE2__)
    const bool is_shorter = decimal.digits < kTenToThe16;
    const uint64_t number = is_shorter ? 10 * decimal.digits : decimal.digits;
    const int more = decimal.exponent - is_shorter + kMostDigits - 1;
    if (number >= kTenToThe16 && 0 <= more && more < 16 && decimal.exponent < 0) {
        return write_seventeen(number, more, point, to);
    }
#endif
    const Digits digits(decimal.digits);
    const int exponent = decimal.exponent + kMostDigits - 1 - digits.first;  // of the first digit
    if (exponent < -4 || exponent >= 16) return write_with_exponent(digits, exponent, point, to);
    const int whole = kMostDigits + decimal.exponent;
    char* end = write_fixed(digits, whole, point, to);
    return digits.last >= whole || keeps_zero ? end : end - 2;
}

// Writes a float64, as `write_decimal` does.
inline char* write_number(double value, char point, char* to) {
    if (!std::isfinite(value)) {
        std::memcpy(to, std::isnan(value) ? "nan " : value < 0 ? "-inf" : "inf ", 4);
        return to + (value < 0 ? 4 : 3);
    }
    return write_decimal(std::signbit(value), shortest(value), point, to);
}

}  // namespace linreg
