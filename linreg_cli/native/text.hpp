// Records with a number after each, as text.
//
//     records     1800,3,a     complete          text     1800,3,a,540000.25⏎
//                 ,2,b                                    ,2,b,⏎
//     numbers     540000.25
//
// tests/fuzz/texts.hpp puts the same together from strings.

#pragma once

#include <cstdint>
#include <cstring>

#include "number_text.hpp"

namespace linreg {

inline char* write_bytes(const char* bytes, size_t size, char* to) {
    std::memcpy(to, bytes, size);
    return to + size;
}

// Records to repeat, if there are any, and a number for each that is complete.
struct Records {
    const char* data;
    const int64_t* starts;  // null if there is nothing to repeat
    const int64_t* ends;
    const unsigned char* complete;
    size_t count;
    const double* numbers;
};

// How a file is written.
struct Style {
    char delimiter;
    char point;
    const char* line_end;
    size_t line_end_size;
};

// The most room that `write_records` takes; 0 if a record is not inside the data, or too few are.
inline size_t room_for(const Records& records, int64_t data_size, const Style& style) {
    size_t room = records.count * (1 + kNumberSize + style.line_end_size) + 1;
    if (records.starts == nullptr) return room;
    for (size_t i = 0; i < records.count; i++) {
        const int64_t start = records.starts[i], end = records.ends[i];
        if (start < 0 || end < start || data_size < end) return 0;
        room += static_cast<size_t>(end - start);
    }
    return room;
}

// Writes each record, a delimiter and its number (nothing where it is not complete), and a line
// end; the numbers alone if there is nothing to repeat. Returns where the text ends.
inline char* write_records(const Records& records, const Style& style, char* to) {
    const double* number = records.numbers;
    for (size_t i = 0; i < records.count; i++) {
        if (records.starts != nullptr) {
            const int64_t start = records.starts[i];
            to = write_bytes(records.data + start, static_cast<size_t>(records.ends[i] - start), to);
            *to++ = style.delimiter;
        }
        if (records.complete[i]) to = write_number(*number++, style.point, to);
        to = write_bytes(style.line_end, style.line_end_size, to);
    }
    return to;
}

}  // namespace linreg
