// The fast scanner: bytes of whole records -> the wanted columns as int64 decimals.
//
//   Marks      where delimiters, line ends and quotes are
//   Structure  where the records are, and the wanted cells in them
//   Numbers    what the cells of a column say
//   Scan       the complete rows, all numbers of a column with the same decimals
//
// Every stage is a loop over all of the data that decides only what it is sure of. At anything else
// (a number of more than 18 digits, a text cell, a ragged record, a quote inside a quoted number ...)
// the scan gives up, and the general reader takes the chunk, so that both agree on every input.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace linreg {

constexpr int kMaxDigits = 18;
constexpr int64_t kLimit = 1000000000000000000;  // 10**18: as block.MAX_DIGITS_INT64 says
constexpr int64_t kPowers[kMaxDigits + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};
constexpr size_t kStep = 64;
constexpr size_t kMaxSize = UINT32_MAX - 1;  // of the data: positions have 32 bits

struct Number {
    int64_t integer;
    int decimals;
};

// The cells that count as missing.
struct Missing {
    std::vector<std::string> any_case;    // in lower case
    std::vector<std::string> as_written;
    std::vector<Number> numbers;          // in their shortest form

    bool has(const char* at, const char* end) const {
        const size_t size = static_cast<size_t>(end - at);
        for (const std::string& word : as_written) {
            if (word.size() == size && std::memcmp(word.data(), at, size) == 0) return true;
        }
        for (const std::string& word : any_case) {
            if (word.size() == size && std::equal(at, end, word.begin(), is_lower_of)) return true;
        }
        return false;
    }

    bool has(Number number) const {
        for (Number marker : numbers) {
            const int more = number.decimals - marker.decimals;
            if (more < 0 || more > kMaxDigits) continue;
            const int64_t bound = kLimit / kPowers[more];
            if (marker.integer < bound && marker.integer > -bound &&
                marker.integer * kPowers[more] == number.integer) {
                return true;
            }
        }
        return false;
    }

 private:
    static bool is_lower_of(char c, char lower) {
        return (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) == lower;
    }
};

// How a file is laid out, and which of its fields are wanted.
struct Layout {
    char delimiter;
    char point;
    int width;                  // fields in a record
    bool has_empty_last;        // every record ends in a delimiter, behind which there is nothing
    std::vector<int> wanted;    // fields, from 0
    Missing missing;
    bool takes_text = false;    // cells that are surely no numbers are wanted too; without
                                // characters that are removed from numbers
};

// ---------------------------------------------------------------- marks

// The positions, in order, of the bytes that can be structure: delimiter, line ends and quotes; and
// of NUL, which can be nothing.
class Marks {
 public:
    Marks(const char* data, size_t size, char delimiter) : positions_(new uint32_t[size + kStep]) {
        end_ = find_all(data, size, delimiter, positions_.get(), &is_ascii_);
    }

    const uint32_t* begin() const { return positions_.get(); }
    const uint32_t* end() const { return end_; }
    size_t size() const { return static_cast<size_t>(end_ - begin()); }
    bool is_ascii() const { return is_ascii_; }

 private:
    static uint32_t* find_all(const char* data, size_t size, char delimiter, uint32_t* to,
                              bool* is_ascii);

    std::unique_ptr<uint32_t[]> positions_;
    uint32_t* end_;
    bool is_ascii_ = true;
};

#if defined(__SSE2__)
// All bytes or'ed together, of which the highest bit matters.
using Bytes = __m128i;
inline Bytes no_bytes() { return _mm_setzero_si128(); }
inline bool are_ascii(Bytes bytes) { return _mm_movemask_epi8(bytes) == 0; }

inline uint64_t find_marks(const char* at, char delimiter, Bytes* all) {
    const __m128i wanted[] = {_mm_set1_epi8(delimiter), _mm_set1_epi8('\n'), _mm_set1_epi8('\r'),
                              _mm_set1_epi8('"'), _mm_setzero_si128()};
    uint64_t marks = 0;
    for (size_t i = 0; i < kStep; i += 16) {
        __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        *all = _mm_or_si128(*all, bytes);
        __m128i found = _mm_setzero_si128();
        for (__m128i byte : wanted) found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, byte));
        marks |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << i;
    }
    return marks;
}
#else
using Bytes = unsigned char;
inline Bytes no_bytes() { return 0; }
inline bool are_ascii(Bytes bytes) { return bytes < 128; }

inline uint64_t find_marks(const char* at, char delimiter, Bytes* all) {
    uint64_t marks = 0;
    for (size_t i = 0; i < kStep; i++) {
        char c = at[i];
        *all = static_cast<Bytes>(*all | static_cast<unsigned char>(c));
        bool is_mark = c == delimiter || c == '\n' || c == '\r' || c == '"' || c == 0;
        marks |= static_cast<uint64_t>(is_mark) << i;
    }
    return marks;
}
#endif

// Writes the positions of the bits that are set; up to 7 more numbers behind them mean nothing.
inline uint32_t* write_positions(uint64_t bits, size_t base, uint32_t* to) {
    uint32_t* end = to + __builtin_popcountll(bits);
    // eight at a time: a processor cannot guess the end of a loop over single bits
    for (; to < end; to += 8) {
        for (int i = 0; i < 8; i++) {
            to[i] = static_cast<uint32_t>(base) +
                    static_cast<uint32_t>(__builtin_ctzll(bits | uint64_t{1} << 63));
            bits &= bits - 1;
        }
    }
    return end;
}

inline uint32_t* Marks::find_all(const char* data, size_t size, char delimiter, uint32_t* to,
                                 bool* is_ascii) {
    Bytes all = no_bytes();
    size_t base = 0;
    for (; size - base >= kStep; base += kStep) {
        to = write_positions(find_marks(data + base, delimiter, &all), base, to);
    }
    if (base < size) {
        char last[kStep];
        std::memset(last, ' ', kStep);
        std::memcpy(last, data + base, size - base);
        uint64_t inside = (uint64_t{1} << (size - base)) - 1;  // blanks may be delimiters
        to = write_positions(find_marks(last, delimiter, &all) & inside, base, to);
    }
    *is_ascii = are_ascii(all);
    return to;
}

// Whether bytes are UTF-8 as Python means it: shortest forms, no surrogates, up to U+10FFFF.
inline bool is_utf8(const char* data, size_t size) {
    const unsigned char* at = reinterpret_cast<const unsigned char*>(data);
    const unsigned char* end = at + size;
    while (at < end) {
        unsigned char lead = *at++;
        if (lead < 0x80) continue;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || end - at < more) return false;
        unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (*at < low || *at > high) return false;
        at++;
        for (int i = 1; i < more; i++) {
            if ((*at++ & 0xC0) != 0x80) return false;
        }
    }
    return true;
}

// ---------------------------------------------------------------- structure

// Room for so many values, which are not set before they are pushed.
template <typename T>
class Array {
 public:
    explicit Array(size_t most) : values_(new T[most]) {}
    void push(T value) { values_[size_++] = value; }
    size_t size() const { return size_; }
    const T* data() const { return values_.get(); }
    T& operator[](size_t i) { return values_[i]; }
    const T& operator[](size_t i) const { return values_[i]; }

 private:
    std::unique_ptr<T[]> values_;
    size_t size_ = 0;
};

// Where the text of a cell lies, without its quotes.
struct Cell {
    uint32_t begin;
    uint32_t end;
};

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Finds the records and the wanted cells in them.
class Structure {
 public:
    Structure(const char* data, size_t size, const Layout& layout, const Marks& marks,
              bool keeps_records)
        : cells(most_records(layout, marks) * layout.wanted.size()), data_(data),
          size_(static_cast<uint32_t>(size)), layout_(layout), keeps_records_(keeps_records),
          next_(marks.begin()), last_(marks.end()), fields_(static_cast<size_t>(layout.width)) {}

    Array<Cell> cells;  // record by record
    std::vector<int64_t> starts, ends;  // of each record's text, if records are kept
    size_t records = 0;
    int64_t lines = 0;  // line ends, a CRLF as one

    // False if it is not sure.
    bool run() {
        while (start_ < size_) {
            if (!plain_record() && !record()) return false;
        }
        return true;
    }

 private:
    static constexpr uint32_t kNone = UINT32_MAX;

    // A record has a mark for each of its fields, but for a line end that the last may lack.
    static size_t most_records(const Layout& layout, const Marks& marks) {
        return marks.size() / static_cast<size_t>(layout.width) + 1;
    }

    // Takes a record without quotes that ends in LF or CRLF; takes nothing if it is another.
    bool plain_record() {
        const int width = layout_.width;
        if (last_ - next_ < width) return false;
        for (int i = 0; i + 1 < width; i++) {
            if (data_[next_[i]] != layout_.delimiter) return false;
        }
        const uint32_t end = next_[width - 1];
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (data_[end] != '\n' && !is_crlf) return false;
        if (layout_.has_empty_last && end != next_[width - 2] + 1) return false;
        for (int field : layout_.wanted) {
            cells.push({field == 0 ? start_ : next_[field - 1] + 1, next_[field]});
        }
        keep(end);
        next_ += width + is_crlf;
        start_ = end + 1 + is_crlf;
        lines++;
        return true;
    }

    // Takes a record of any form; false if it is not sure.
    bool record() {
        int count = 0;
        uint32_t begin = start_, end;
        while (true) {
            end = take();
            Cell cell{begin, end};
            if (is_at(end, '"')) {
                if (end != begin) continue;  // in the middle of a field it is text
                end = end_of_quoted();
                if (end == kNone) return false;
                cell = {begin + 1, end - 1};
            }
            if (count == layout_.width || is_at(end, 0)) return false;
            fields_[static_cast<size_t>(count++)] = cell;
            if (!is_at(end, layout_.delimiter)) break;
            begin = end + 1;
        }
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (is_crlf) take();
        if (layout_.width > 1 && count == 1 && is_blank_text(start_, end)) {
            start_ = end + 1 + is_crlf;
            return true;
        }
        if (count != layout_.width) return false;
        if (layout_.has_empty_last && !(end > start_ && is_at(end - 1, layout_.delimiter))) {
            return false;
        }
        for (int field : layout_.wanted) {
            Cell cell = fields_[static_cast<size_t>(field)];
            if (!layout_.takes_text &&
                std::memchr(data_ + cell.begin, '"', cell.end - cell.begin)) {
                return false;
            }
            cells.push(cell);
        }
        keep(end);
        start_ = end + 1 + is_crlf;
        return true;
    }

    // The mark behind the closing quote; none if there is no delimiter or line end.
    uint32_t end_of_quoted() {
        while (true) {
            uint32_t close = take();
            if (close == size_ || data_[close] == 0) return kNone;
            if (data_[close] != '"') continue;
            if (is_at(close + 1, '"')) {
                take();
                continue;
            }
            return take() == close + 1 ? close + 1 : kNone;
        }
    }

    // The next mark, or the size.
    uint32_t take() {
        if (next_ == last_) return size_;
        uint32_t mark = *next_++;
        lines += data_[mark] == '\n' || (data_[mark] == '\r' && !is_at(mark + 1, '\n'));
        return mark;
    }

    void keep(uint32_t end) {
        records++;
        if (!keeps_records_) return;
        starts.push_back(start_);
        ends.push_back(end);
    }

    bool is_at(uint32_t position, char c) const { return position < size_ && data_[position] == c; }

    bool is_blank_text(uint32_t begin, uint32_t end) const {
        return std::all_of(data_ + begin, data_ + end, is_blank);
    }

    const char* data_;
    uint32_t size_;
    const Layout& layout_;
    bool keeps_records_;
    const uint32_t* next_;
    const uint32_t* last_;
    std::vector<Cell> fields_;  // of one record
    uint32_t start_ = 0;  // of the record
};

// ---------------------------------------------------------------- numbers

enum class Kind { missing, number, text, unsure };  // text is surely no number

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

// Whether a text has a blank or a minus that is not ASCII: it may be a number or missing all the same.
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
// What up to eight characters say; `fraction` counts the digits behind a point, -1 if there is none.
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
    // the last character is to be the highest byte, with zeros below the first
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

inline Kind read_cell(const char* at, const char* end, const char* stop, const Layout& layout,
                      Number* number) {
    if (read_plain_number(at, end, stop, layout.point, number)) return Kind::number;
    while (at < end && is_blank(*at)) at++;
    while (end > at && is_blank(end[-1])) end--;
    return read_any_number(at, end, layout, number);
}

// ---------------------------------------------------------------- columns

// The numbers of one column, each with its own decimals.
struct Numbers {
    explicit Numbers(size_t rows) : integers(rows), decimals(rows) {}

    Array<int64_t> integers;
    Array<unsigned char> decimals;
    int least_decimals = 255, most_decimals = 0;
    int64_t missing = 0;

    // Reads every `step`-th of the cells; a missing one makes its row incomplete. Text has the flag
    // 2, if it is taken. False if unsure.
    bool read(const char* data, size_t size, const Layout& layout, const Cell* cells, size_t rows,
              size_t step, unsigned char* complete) {
        const bool has_markers = !layout.missing.numbers.empty();
        for (size_t i = 0; i < rows; i++) {
            const Cell cell = cells[i * step];
            Number number{0, 0};
            Kind kind = read_cell(data + cell.begin, data + cell.end, data + size, layout, &number);
            if (kind == Kind::unsure || (kind == Kind::text && !layout.takes_text)) return false;
            if (kind == Kind::text) complete[i] = 2;
            if (has_markers && kind == Kind::number && layout.missing.has(number)) {
                kind = Kind::missing;
                number = {0, 0};
            }
            if (kind == Kind::missing) {
                complete[i] = 0;
                missing++;
            }
            integers.push(number.integer);
            decimals.push(static_cast<unsigned char>(number.decimals));
            least_decimals = std::min(least_decimals, number.decimals);
            most_decimals = std::max(most_decimals, number.decimals);
        }
        return true;
    }
};

// Multiplies by a power of ten; false if that takes more than 18 digits.
inline bool scale(int64_t* value, int places) {
    if (*value == 0 || places == 0) return true;
    if (places > kMaxDigits) return false;
    const int64_t bound = (kLimit - 1) / kPowers[places];
    if (*value > bound || *value < -bound) return false;
    *value *= kPowers[places];
    return true;
}

// The cells of a column that are text: how many, where the first is, and the first of those that
// differ, as they read without quotes.
struct Texts {
    static constexpr size_t kMost = 1001;  // one more than is counted

    int64_t count = 0;
    int64_t first_row = -1;
    std::vector<std::string> distinct;

    void read(const char* data, const Cell* cells, size_t rows, size_t step,
              const unsigned char* complete) {
        std::unordered_set<std::string_view> seen;
        std::vector<std::string_view> in_order;
        for (size_t i = 0; i < rows; i++) {
            if (complete[i] != 2) continue;
            if (count++ == 0) first_row = static_cast<int64_t>(i);
            if (in_order.size() == kMost) continue;
            const Cell cell = cells[i * step];
            const std::string_view text(data + cell.begin, cell.end - cell.begin);
            if (!in_order.empty() && text == in_order.back()) continue;
            if (seen.insert(text).second) in_order.push_back(text);
        }
        for (std::string_view text : in_order) {
            const bool is_quoted = text.data() > data && text.data()[-1] == '"';
            distinct.push_back(is_quoted ? with_quotes_halved(text) : std::string(text));
        }
    }

    static std::string with_quotes_halved(std::string_view text) {
        std::string halved;
        for (size_t i = 0; i < text.size(); i++) {
            halved.push_back(text[i]);
            i += text[i] == '"';
        }
        return halved;
    }
};

// The kept rows of one column: their integers, all with the same decimals.
struct Column {
    Array<int64_t> values;
    int decimals;
    int64_t missing;
    bool is_sure = true;  // no number takes more than 18 digits
    // where the column is read by itself: see scan_columns
    std::vector<unsigned char> complete;
    Texts texts;

    Column(Numbers&& numbers, const std::vector<unsigned char>& kept)
        : values(0), decimals(numbers.most_decimals), missing(numbers.missing) {
        const bool is_whole = std::find(kept.begin(), kept.end(), 0) == kept.end();
        if (is_whole && numbers.least_decimals == numbers.most_decimals) {
            values = std::move(numbers.integers);
            return;
        }
        decimals = 0;
        for (size_t i = 0; i < kept.size(); i++) {
            if (kept[i]) decimals = std::max<int>(decimals, numbers.decimals[i]);
        }
        values = Array<int64_t>(kept.size());
        for (size_t i = 0; i < kept.size(); i++) {
            if (!kept[i]) continue;
            int64_t value = numbers.integers[i];
            is_sure &= scale(&value, decimals - numbers.decimals[i]);
            values.push(value);
        }
    }
};

// What was found in the data.
struct Scan {
    bool is_sure = false;  // else nothing else is set
    std::vector<Column> columns;
    int64_t records = 0;
    int64_t lines = 0;
    // of each record, if records are kept: where its text lies, and whether it is complete
    std::vector<int64_t> starts, ends;
    std::vector<unsigned char> complete;
};

// Finds the cells of all records; false if it is not sure of these.
inline bool is_sure_of_records(const char* data, size_t size, const Marks& marks,
                               Structure* structure) {
    return (marks.is_ascii() || is_utf8(data, size)) && structure->run();
}

inline Scan scan(const char* data, size_t size, const Layout& layout, bool keeps_records) {
    if (size > kMaxSize) return {};
    const Marks marks(data, size, layout.delimiter);
    Structure structure(data, size, layout, marks, keeps_records);
    if (!is_sure_of_records(data, size, marks, &structure)) return {};
    Scan found;
    std::vector<unsigned char> complete(structure.records, 1);
    const size_t step = layout.wanted.size();
    std::vector<Numbers> numbers;
    for (size_t j = 0; j < step; j++) {
        numbers.emplace_back(structure.records);
        if (!numbers[j].read(data, size, layout, structure.cells.data() + j,
                             structure.records, step, complete.data())) {
            return {};
        }
    }
    for (Numbers& each : numbers) {
        found.columns.emplace_back(std::move(each), complete);
        if (!found.columns.back().is_sure) return {};
    }
    found.records = static_cast<int64_t>(structure.records);
    found.lines = structure.lines;
    if (keeps_records) {
        found.starts = std::move(structure.starts);
        found.ends = std::move(structure.ends);
        found.complete = std::move(complete);
    }
    found.is_sure = true;
    return found;
}

// Reads each column by itself: a cell of which it is not sure spoils no other column, and a missing
// one stands as 0, so that all columns have as many numbers as there are records.
inline Scan scan_columns(const char* data, size_t size, const Layout& layout) {
    if (size > kMaxSize) return {};
    const Marks marks(data, size, layout.delimiter);
    Structure structure(data, size, layout, marks, false);
    if (!is_sure_of_records(data, size, marks, &structure)) return {};
    Scan found;
    const size_t step = layout.wanted.size();
    const std::vector<unsigned char> all(structure.records, 1), none;
    for (size_t j = 0; j < step; j++) {
        Numbers numbers(structure.records);
        std::vector<unsigned char> complete = all;
        const bool is_sure = numbers.read(data, size, layout, structure.cells.data() + j,
                                          structure.records, step, complete.data());
        Column column(std::move(numbers), is_sure ? all : none);
        column.is_sure &= is_sure;
        if (is_sure) {
            column.texts.read(data, structure.cells.data() + j, structure.records, step,
                              complete.data());
        }
        column.complete = std::move(complete);
        found.columns.push_back(std::move(column));
    }
    found.records = static_cast<int64_t>(structure.records);
    found.lines = structure.lines;
    found.is_sure = true;
    return found;
}

// The offset behind the last record that ends for sure, line end included; 0 if none does.
inline size_t last_record_end(const char* data, size_t size, char delimiter) {
    if (size > kMaxSize) return 0;
    const Marks marks(data, size, delimiter);
    const uint32_t* next = marks.begin();
    size_t field = 0, found = 0;
    while (next < marks.end()) {
        size_t mark = *next++;
        if (data[mark] == '"') {
            if (mark != field) continue;  // a quote in the middle of a field is text
            while (true) {
                // open, or a first half of ""
                if (next == marks.end() || (mark = *next++) + 1 == size) return found;
                if (data[mark] != '"') continue;
                if (data[mark + 1] != '"') break;
                next++;
            }
        } else if (data[mark] == delimiter) {
            field = mark + 1;
        } else if (data[mark] == '\n') {
            field = found = mark + 1;
        } else if (data[mark] == '\r' && mark + 1 < size) {  // a CR at the end may be half of a CRLF
            if (data[mark + 1] == '\n') mark = *next++;
            field = found = mark + 1;
        }
    }
    return found;
}

}  // namespace linreg
