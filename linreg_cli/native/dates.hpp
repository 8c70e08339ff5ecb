// Whether a cell is an ISO 8601 date or date-time, as linreg_cli/exact/dates.py says.
//
//     2024-02-29                         the date alone,
//     2024-02-29T12:30                   with a time after T or a blank,
//     2024-02-29T12:30:05.25+01:00       with seconds and a zone (Z, +01, +0100)
//
// tests/fuzz/dates.hpp compares with a regular expression and the calendar of the C
// library.

#pragma once

#include <cstddef>
#include <string_view>

#include "numbers.hpp"

namespace linreg {

// Reads digits, the way from left to right; a failure stays a failure.
class DateText {
 public:
    explicit DateText(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

    bool is_right() const { return is_right_; }
    bool is_at_end() const { return at_ == end_; }

    // The number in the next digits; it has to be in a range.
    int number(int digits, int least, int most) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            if (at_ == end_ || !is_digit(*at_)) return fail();
            value = value * 10 + (*at_++ - '0');
        }
        return value < least || value > most ? fail() : value;
    }

    void expect(char c) {
        if (!accept(c)) fail();
    }

    bool accept(char c) {
        if (at_ == end_ || *at_ != c) return false;
        at_++;
        return true;
    }

    void one_or_more_digits() {
        if (at_ == end_ || !is_digit(*at_)) fail();
        while (at_ != end_ && is_digit(*at_)) at_++;
    }

 private:
    int fail() {
        is_right_ = false;
        at_ = end_;
        return 0;
    }

    const char* at_;
    const char* end_;
    bool is_right_ = true;
};

inline int days_of_month(int year, int month) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

inline bool is_date(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    if (text.size() < 10) return false;
    DateText date(text);
    const int year = date.number(4, 1, 9999);
    date.expect('-');
    const int month = date.number(2, 1, 12);
    date.expect('-');
    date.number(2, 1, days_of_month(year, month));
    if (!date.is_right() || date.is_at_end()) return date.is_right();
    if (!date.accept('T')) date.expect(' ');
    date.number(2, 0, 23);
    date.expect(':');
    date.number(2, 0, 59);
    if (date.accept(':')) {
        date.number(2, 0, 59);
        if (date.accept('.') || date.accept(',')) date.one_or_more_digits();
    }
    if (!date.accept('Z') && (date.accept('+') || date.accept('-'))) {
        date.number(2, 0, 23);
        const bool has_colon = date.accept(':');
        if (has_colon || !date.is_at_end()) date.number(2, 0, 59);
    }
    return date.is_right() && date.is_at_end();
}

}  // namespace linreg
