// From the text of a cell to an exact decimal.
//
//     -203.50      minus, digits, point, at most 16    eight characters at a time     integer  -20350
//     +1.5e3       a number of any other form          one character at a time        decimals 2
//      NA          a word                              missing, or text
//
// What may still be a number but is not read here is unsure. tests/fuzz/scans.hpp compares with the C
// library.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "layout.hpp"
#include "structure.hpp"

namespace linreg {

enum class Kind { missing, number, text, unsure };  // text is certainly not a number

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The exponent's digits at `at`: false if there are none, or more than a small number has.
inline bool read_exponent(const char* at, const char* end, int* exponent) {
    bool negative = false;
    if (at < end && (*at == '+' || *at == '-')) negative = *at++ == '-';
    if (at == end || end - at > 3) return false;
    int value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at)) return false;
        value = value * 10 + (*at - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

// Whether an exponent's digits are written as they have to be, be they too many or not.
inline bool is_exponent(const char* at, const char* end) {
    if (at < end && (*at == '+' || *at == '-')) at++;
    return at < end && std::all_of(at, end, is_digit);
}

// Finishes a number of at most 18 digits.
inline Kind finish(bool negative, int64_t value, int decimals, Number* number) {
    // zero has no decimals, however it is written
    number->integer = negative ? -value : value;
    number->decimals = value == 0 ? 0 : decimals;
    return Kind::number;
}

// Whether a text has a blank or a minus that is not ASCII: it may still be a number or missing.
inline bool has_wide_blank_or_minus(const char* at, const char* end) {
    for (; end - at >= 2; at++) {
        if (static_cast<signed char>(*at) >= 0) continue;
        const std::string_view two(at, 2), three(at, static_cast<size_t>(end - at >= 3 ? 3 : 2));
        if (two == "\xC2\xA0" || two == "\xE2\x80" || three == "\xE2\x81\x9F" ||
            three == "\xE2\x88\x92" || three == "\xE1\x9A\x80" || three == "\xE3\x80\x80") {
            return true;
        }
    }
    return false;
}

// A cell without ASCII blanks around it that is not written as a number.
inline Kind read_word(const char* at, const char* end, const Layout& layout) {
    if (layout.missing.has(at, end)) return Kind::missing;
    return has_wide_blank_or_minus(at, end) ? Kind::unsure : Kind::text;
}

// A cell of any form: blanks around it, a plus, an exponent, any number of leading zeros, missing.
inline Kind read_any_number(const char* at, const char* end, const Layout& layout,
                            Number* number) {
    const char* start = at;
    bool negative = false;
    if (at < end && (*at == '-' || *at == '+')) negative = *at++ == '-';
    uint64_t integer = 0;
    int digits = 0, significant = 0, fraction = 0;
    bool in_fraction = false;
    for (; at < end; at++) {
        unsigned digit = static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
        if (digit <= 9) {
            integer = integer * 10 + digit;
            significant += significant > 0 || digit > 0;
            if (significant > kMaxDigits) return Kind::unsure;
            if (++digits > 900) return Kind::unsure;
            fraction += in_fraction;
        } else if (*at == layout.point && !in_fraction) {
            in_fraction = true;
        } else {
            break;
        }
    }
    if (digits == 0) return read_word(start, end, layout);
    int exponent = 0;
    if (at < end) {
        if (*at != 'e' && *at != 'E') return read_word(start, end, layout);
        if (!read_exponent(at + 1, end, &exponent)) {
            return is_exponent(at + 1, end) ? Kind::unsure : read_word(start, end, layout);
        }
    }
    int64_t value = static_cast<int64_t>(integer);
    int decimals = fraction - exponent;
    if (value == 0) return finish(negative, 0, 0, number);
    if (decimals < 0) {
        if (-decimals > kMaxDigits || value >= kLimit / kPowers[-decimals]) return Kind::unsure;
        return finish(negative, value * kPowers[-decimals], 0, number);
    }
    if (decimals > 255) return Kind::unsure;  // near the end of float64's range
    return finish(negative, value, decimals, number);
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
// The number in up to eight characters; `fraction` counts the digits after a point, -1 if there is
// none.
struct Eight {
    int64_t integer;
    int fraction;
};

// Reads 1 to 8 digits and at most one point, all at once; false if they are not that. Eight
// characters from `at` on must be there to read.
inline bool read_eight(const char* at, std::ptrdiff_t count, char point, Eight* eight) {
    constexpr uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach, kZeros = '0' * kEach;
    uint64_t text;
    std::memcpy(&text, at, 8);
    // shift so that the last character is the highest byte, with zeros below the first
    if (count < 8) text = text << (8 * (8 - count)) | kZeros >> (8 * count);
    const uint64_t other = text ^ static_cast<unsigned char>(point) * kEach;
    const uint64_t points = (other - kEach) & ~other & kHigh;  // the lowest bit is right
    eight->fraction = -1;
    if (points != 0) {
        const int bit = __builtin_ctzll(points) - 7;
        const uint64_t below = (uint64_t{1} << bit) - 1;
        text = (text & below) << 8 | (text & ~below & ~(uint64_t{0xFF} << bit)) | '0';
        eight->fraction = 7 - bit / 8;
    }
    uint64_t digits = text - kZeros;
    if (((text + 0x46 * kEach) | digits) & kHigh) return false;
    // pairs of digits, then fours, then all eight
    digits = digits * 10 + (digits >> 8);
    constexpr uint64_t kPairs = 0x000000FF000000FF;
    digits = (digits & kPairs) * (100 + (uint64_t{1000000} << 32)) +
             (digits >> 16 & kPairs) * (1 + (uint64_t{10000} << 32));
    eight->integer = static_cast<int64_t>(digits >> 32);
    return true;
}

// Reads up to 16 characters that are nothing but a minus, digits and a point; false if they are not
// that, or lie in the last bytes before `stop`, where the data ends.
inline bool read_plain_number(const char* at, const char* end, const char* stop, char point,
                              Number* number) {
    const bool negative = at < end && *at == '-';
    at += negative;
    const std::ptrdiff_t count = end - at;
    if (count < 1 || count > 16 || stop - at < 8) return false;
    Eight low, high{0, -1};
    if (!read_eight(count < 8 ? at : end - 8, std::min<std::ptrdiff_t>(count, 8), point, &low)) {
        return false;
    }
    if (count > 8 && !read_eight(at, count - 8, point, &high)) return false;
    const bool in_low = low.fraction >= 0, in_high = high.fraction >= 0;
    if ((in_low && in_high) || (count == 1 && in_low)) return false;
    const int64_t integer = high.integer * kPowers[8 - in_low] + low.integer;
    const int decimals = in_low ? low.fraction : in_high ? high.fraction + 8 : 0;
    return finish(negative, integer, decimals, number) == Kind::number;
}
#else
inline bool read_plain_number(const char*, const char*, const char*, char, Number*) { return false; }
#endif

// A cell that is not a plain number, without the quotes around it.
inline Kind read_other_cell(const char* at, const char* end, const Layout& layout, Number* number) {
    if (!layout.takes_text && std::memchr(at, '"', static_cast<size_t>(end - at)) != nullptr) {
        return Kind::unsure;
    }
    while (at < end && is_blank(*at)) at++;
    while (end > at && is_blank(end[-1])) end--;
    return read_any_number(at, end, layout, number);
}

}  // namespace linreg
