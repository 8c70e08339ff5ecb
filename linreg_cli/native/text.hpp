// Numbers as text.

#pragma once

#include <charconv>
#include <cstring>
#include <string>

namespace linreg {

// Writes a float64 as Python's repr does: the shortest text that reads back as the same number.
inline void append_number(double value, char point, std::string* text) {
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific);
    const char* at = digits;
    if (*at == '-') text->push_back(*at++);
    const char* mark = static_cast<const char*>(
        std::memchr(at, 'e', static_cast<size_t>(end.ptr - at)));
    std::string mantissa(1, *at);
    if (mark - at > 2) mantissa.append(at + 2, mark);
    int exponent = 0;
    for (const char* c = mark + 2; c < end.ptr; c++) exponent = exponent * 10 + (*c - '0');
    if (mark[1] == '-') exponent = -exponent;
    int count = static_cast<int>(mantissa.size());
    if (exponent < -4 || exponent >= 16) {
        text->push_back(mantissa[0]);
        if (count > 1) {
            text->push_back(point);
            text->append(mantissa, 1);
        }
        text->append(mark, static_cast<const char*>(end.ptr));
    } else if (exponent < 0) {
        text->append({'0', point});
        text->append(static_cast<size_t>(-exponent - 1), '0');
        text->append(mantissa);
    } else if (count <= exponent + 1) {
        text->append(mantissa);
        text->append(static_cast<size_t>(exponent + 1 - count), '0');
        text->append({point, '0'});
    } else {
        text->append(mantissa, 0, static_cast<size_t>(exponent + 1));
        text->push_back(point);
        text->append(mantissa, static_cast<size_t>(exponent + 1));
    }
}

}  // namespace linreg
