// The fast scanner: bytes of whole records -> the wanted columns as int64 decimals.
//
// It decides only what it is sure of. At anything else (a number of more than 18 digits, a text
// cell, a ragged record, a quote inside a quoted number ...) it gives up, and the general reader
// takes the chunk, so that both agree on every input.

#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
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

// ---------------------------------------------------------------- structure

// Finds, in order, the bytes that can be structure: delimiter, line ends and quotes.
class Marks {
 public:
    Marks(const char* data, size_t size, char delimiter)
        : data_(data), size_(size), delimiter_(delimiter) {
        load();
    }

    // Line ends seen so far, a CRLF as one; valid when all bytes were seen.
    int64_t lines() const { return lines_; }
    bool has_nul() const { return has_nul_; }
    bool is_ascii() const { return is_ascii_; }

    // The position of the next such byte, or the size of the data.
    size_t next() {
        while (bits_ == 0) {
            base_ += kStep;
            if (base_ >= size_) return size_;
            load();
        }
        size_t position = base_ + static_cast<size_t>(__builtin_ctzll(bits_));
        bits_ &= bits_ - 1;
        return position;
    }

 private:
    void load() {
        if (size_ - base_ >= kStep) {
            bits_ = find(data_ + base_);
            return;
        }
        char last[kStep];
        std::memset(last, ' ', kStep);
        std::memcpy(last, data_ + base_, size_ - base_);
        // a blank after the end is no mark, even where the delimiter is one
        bits_ = find(last) & ((uint64_t{1} << (size_ - base_)) - 1);
    }

    void count(uint64_t lf, uint64_t cr) {
        lines_ += __builtin_popcountll(lf);
        if (cr == 0 && !after_cr_) return;
        lines_ += __builtin_popcountll(cr) - __builtin_popcountll(cr & (lf >> 1));
        lines_ -= after_cr_ && (lf & 1);
        after_cr_ = cr >> 63;
    }

#if defined(__SSE2__)
    uint64_t find(const char* at) {
        const __m128i delimiter = _mm_set1_epi8(delimiter_), lf = _mm_set1_epi8('\n'),
                      cr = _mm_set1_epi8('\r'), quote = _mm_set1_epi8('"');
        uint64_t other = 0, lfs = 0, crs = 0;
        __m128i all = _mm_setzero_si128(), nuls = _mm_setzero_si128();
        for (int i = 0; i < 4; i++) {
            __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
            all = _mm_or_si128(all, bytes);
            nuls = _mm_or_si128(nuls, _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
            other |= mask(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter),
                                       _mm_cmpeq_epi8(bytes, quote)), i);
            lfs |= mask(_mm_cmpeq_epi8(bytes, lf), i);
            crs |= mask(_mm_cmpeq_epi8(bytes, cr), i);
        }
        is_ascii_ &= _mm_movemask_epi8(all) == 0;
        has_nul_ |= _mm_movemask_epi8(nuls) != 0;
        count(lfs, crs);
        return other | lfs | crs;
    }

    static uint64_t mask(__m128i found, int i) {
        return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << (16 * i);
    }
#else
    uint64_t find(const char* at) {
        uint64_t other = 0, lfs = 0, crs = 0;
        for (size_t i = 0; i < kStep; i++) {
            char c = at[i];
            other |= static_cast<uint64_t>(c == delimiter_ || c == '"') << i;
            lfs |= static_cast<uint64_t>(c == '\n') << i;
            crs |= static_cast<uint64_t>(c == '\r') << i;
            is_ascii_ &= static_cast<unsigned char>(c) < 128;
            has_nul_ |= c == 0;
        }
        count(lfs, crs);
        return other | lfs | crs;
    }
#endif

    const char* data_;
    size_t size_;
    char delimiter_;
    size_t base_ = 0;
    uint64_t bits_ = 0;
    int64_t lines_ = 0;
    bool after_cr_ = false;
    bool is_ascii_ = true;
    bool has_nul_ = false;
};

// Whether bytes are UTF-8 as Python means it: shortest forms, no surrogates, up to U+10FFFF.
bool is_utf8(const char* data, size_t size) {
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

// ---------------------------------------------------------------- numbers

enum class Kind { number, missing, unsure };

struct Cell {
    int64_t integer = 0;
    int decimals = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(const char* at, const char* end, const char* lower) {
    size_t size = std::strlen(lower);
    if (static_cast<size_t>(end - at) != size) return false;
    for (size_t i = 0; i < size; i++) {
        char c = at[i] >= 'A' && at[i] <= 'Z' ? static_cast<char>(at[i] + 32) : at[i];
        if (c != lower[i]) return false;
    }
    return true;
}

bool is_missing(const char* at, const char* end) {
    if (at == end) return true;
    for (const char* word : {"na", "n/a", "nan", "null", "none"}) {
        if (is_word(at, end, word)) return true;
    }
    return false;
}

// The exponent's digits at `at`: false if there are none, or more than a small number has.
bool read_exponent(const char* at, const char* end, int* exponent) {
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

// Finishes a number of at most 18 digits.
inline Kind finish(bool negative, int64_t value, int decimals, Cell* cell) {
    // zero has no decimals, however it is written
    cell->integer = negative ? -value : value;
    cell->decimals = value == 0 ? 0 : decimals;
    return Kind::number;
}

// Reads digits up to the end or another character; more than 18 of them overflow and are counted.
inline const char* read_digits(const char* at, const char* end, uint64_t* integer) {
    for (; at < end; at++) {
        unsigned digit = static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
        if (digit > 9) break;
        *integer = *integer * 10 + digit;
    }
    return at;
}

// A number in any of its forms: leading zeros, an exponent.
Kind read_odd_number(const char* at, const char* end, char point, Cell* cell) {
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
        } else if (*at == point && !in_fraction) {
            in_fraction = true;
        } else {
            break;
        }
    }
    if (digits == 0) return is_missing(start, end) ? Kind::missing : Kind::unsure;
    int exponent = 0;
    if (at < end) {
        if ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, end, &exponent)) {
            return Kind::unsure;
        }
    }
    int64_t value = static_cast<int64_t>(integer);
    int decimals = fraction - exponent;
    if (value == 0) return finish(negative, 0, 0, cell);
    if (decimals < 0) {
        if (-decimals > kMaxDigits || value >= kLimit / kPowers[-decimals]) return Kind::unsure;
        return finish(negative, value * kPowers[-decimals], 0, cell);
    }
    if (decimals > 255) return Kind::unsure;  // near the end of float64's range
    return finish(negative, value, decimals, cell);
}

inline Kind read_number(const char* at, const char* end, char point, Cell* cell) {
    const char* start = at;
    bool negative = at < end && *at == '-';
    at += negative;
    uint64_t integer = 0;
    const char* stop = read_digits(at, end, &integer);
    std::ptrdiff_t digits = stop - at;
    int decimals = 0;
    if (stop < end && *stop == point) {
        const char* last = read_digits(stop + 1, end, &integer);
        decimals = static_cast<int>(last - stop - 1);
        digits += decimals;
        stop = last;
    }
    if (stop == end && digits > 0 && digits <= kMaxDigits) {
        return finish(negative, static_cast<int64_t>(integer), decimals, cell);
    }
    return read_odd_number(start, end, point, cell);
}

inline Kind read_cell(const char* at, const char* end, char point, Cell* cell) {
    if (at < end && *at == '"') {  // quoted as a whole: the caller has seen its end
        at++;
        end--;
        if (std::memchr(at, '"', static_cast<size_t>(end - at))) return Kind::unsure;
    }
    if (at < end && (is_blank(*at) || is_blank(end[-1]))) {
        while (at < end && is_blank(*at)) at++;
        while (end > at && is_blank(end[-1])) end--;
    }
    return read_number(at, end, point, cell);
}

// ---------------------------------------------------------------- columns

// One wanted column: its integers, all with the same decimals.
class Column {
 public:
    int decimals = 0;
    int64_t missing = 0;
    bool is_sure = true;                    // false once it needs the general reader
    std::vector<unsigned char> is_missing;  // of each record, where columns are kept by themselves

    void reserve(size_t rows) { values_.reset(new int64_t[rows]); }
    size_t size() const { return size_; }
    const int64_t* values() const { return values_.get(); }

    // False if a number would need more than 18 digits.
    bool push(const Cell& cell) {
        int64_t value = cell.integer;
        if (cell.decimals != decimals) {
            if (cell.decimals > decimals) {
                if (!scale_all(cell.decimals - decimals)) return false;
                decimals = cell.decimals;
            } else if (!scale(&value, decimals - cell.decimals)) {
                return false;
            }
        }
        values_[size_++] = value;
        return true;
    }

 private:
    static bool scale(int64_t* value, int places) {
        if (*value == 0) return true;
        if (places > kMaxDigits) return false;
        int64_t bound = (kLimit - 1) / kPowers[places];
        if (*value > bound || *value < -bound) return false;
        *value *= kPowers[places];
        return true;
    }

    bool scale_all(int places) {
        for (size_t i = 0; i < size_; i++) {
            if (!scale(&values_[i], places)) return false;
        }
        return true;
    }

    std::unique_ptr<int64_t[]> values_;
    size_t size_ = 0;
};

struct Scan {
    std::vector<Column> columns;      // of the complete records, or of all: see by_column
    std::vector<int64_t> ends;        // offset of the end of each record's text
    std::vector<int64_t> starts;      // offset of its first byte
    std::vector<unsigned char> complete;
    int64_t records = 0;
    int64_t lines = 0;
    bool keeps_records = false;
    bool by_column = false;  // each column by itself: a cell of which it is not sure spoils no other
};

struct Layout {
    char delimiter;
    char point;
    int width;
    std::vector<int> wanted;  // for each field of a record, its place in the row, or -1
};

// Scans one record after the other; false as soon as it is not sure.
class Scanner {
 public:
    Scanner(const char* data, size_t size, const Layout& layout, Scan* scan)
        : data_(data), size_(size), layout_(layout), scan_(scan), marks_(data, size, layout.delimiter),
          row_(scan->columns.size()), is_missing_(scan->columns.size()) {
        // every record takes a byte for each of its delimiters and its line end
        size_t most = size / static_cast<size_t>(layout.width) + 1;
        for (Column& column : scan->columns) column.reserve(most);
    }

    bool run() {
        size_t start = 0;
        while (start < size_) {
            if (!record(&start)) return false;
        }
        scan_->lines = marks_.lines();
        return !marks_.has_nul() && (marks_.is_ascii() || is_utf8(data_, size_));
    }

 private:
    // Reads the record at *start and moves *start behind its line end.
    bool record(size_t* start) {
        size_t field = *start;
        int count = 0;
        while (true) {
            size_t mark = marks_.next();
            if (mark < size_ && data_[mark] == '"') {
                if (mark != field) continue;  // a quote in the middle of a field is text
                mark = end_of_quoted();
                if (mark > size_) return false;
            }
            if (count < layout_.width) {
                int place = layout_.wanted[static_cast<size_t>(count)];
                if (place >= 0 && !cell(data_ + field, data_ + mark, static_cast<size_t>(place))) {
                    return false;
                }
            }
            count++;
            if (mark < size_ && data_[mark] == layout_.delimiter) {
                field = mark + 1;
                continue;
            }
            size_t next = mark + 1;
            if (mark + 1 < size_ && data_[mark] == '\r' && data_[mark + 1] == '\n') {
                marks_.next();
                next++;
            }
            bool is_blank_line = layout_.width > 1 && count == 1 && is_blank_text(*start, mark);
            if (is_blank_line) {
                forget_missing();
            } else if (count != layout_.width || !keep(*start, mark)) {
                return false;
            }
            *start = next;
            return true;
        }
    }

    // Reads a cell of a wanted column; false if it is not sure of the record.
    bool cell(const char* at, const char* end, size_t place) {
        if (!scan_->columns[place].is_sure) return true;
        Kind kind = read_cell(at, end, layout_.point, &row_[place]);
        if (kind == Kind::unsure) {
            scan_->columns[place].is_sure = false;
            return scan_->by_column;
        }
        if (kind == Kind::missing) {
            is_missing_[place] = true;
            is_complete_ = false;
        }
        return true;
    }

    // The mark behind the closing quote, past the size if there is no delimiter or line end.
    size_t end_of_quoted() {
        while (true) {
            size_t close = marks_.next();
            if (close >= size_) return size_ + 1;
            if (data_[close] != '"') continue;
            if (close + 1 < size_ && data_[close + 1] == '"') {
                marks_.next();
                continue;
            }
            size_t after = marks_.next();
            return after == close + 1 ? after : size_ + 1;
        }
    }

    bool is_blank_text(size_t start, size_t end) const {
        for (size_t i = start; i < end; i++) {
            if (!is_blank(data_[i])) return false;
        }
        return true;
    }

    bool keep(size_t start, size_t end) {
        scan_->records++;
        if (scan_->keeps_records) {
            scan_->starts.push_back(static_cast<int64_t>(start));
            scan_->ends.push_back(static_cast<int64_t>(end));
            scan_->complete.push_back(is_complete_);
        }
        if (scan_->by_column) {
            for (size_t j = 0; j < row_.size(); j++) keep_cell(j);
            forget_missing();
            return true;
        }
        if (is_complete_) {
            for (size_t j = 0; j < row_.size(); j++) {
                if (!scan_->columns[j].push(row_[j])) return false;
            }
            return true;
        }
        for (size_t j = 0; j < row_.size(); j++) scan_->columns[j].missing += is_missing_[j];
        forget_missing();
        return true;
    }

    // A missing cell stands as 0, so that every column has as many cells as there are records.
    void keep_cell(size_t place) {
        Column& column = scan_->columns[place];
        if (!column.is_sure) return;
        column.is_missing.push_back(is_missing_[place]);
        column.is_sure = column.push(is_missing_[place] ? Cell{} : row_[place]);
    }

    void forget_missing() {
        is_missing_.assign(is_missing_.size(), false);
        is_complete_ = true;
    }

    const char* data_;
    size_t size_;
    const Layout& layout_;
    Scan* scan_;
    Marks marks_;
    std::vector<Cell> row_;
    std::vector<char> is_missing_;
    bool is_complete_ = true;
};

// The offset behind the last record that ends for sure, line end included; 0 if none does.
size_t last_record_end(const char* data, size_t size, char delimiter) {
    Marks marks(data, size, delimiter);
    size_t field = 0, found = 0;
    for (size_t mark = marks.next(); mark < size; mark = marks.next()) {
        if (data[mark] == '"') {
            if (mark != field) continue;  // a quote in the middle of a field is text
            while (true) {
                mark = marks.next();
                if (mark + 1 >= size) return found;  // open, or a first half of ""
                if (data[mark] != '"') continue;
                if (data[mark + 1] != '"') break;
                marks.next();
            }
        } else if (data[mark] == delimiter) {
            field = mark + 1;
        } else if (data[mark] == '\n') {
            field = found = mark + 1;
        } else if (mark + 1 < size) {  // a CR at the end may be half of a CRLF
            if (data[mark + 1] == '\n') mark = marks.next();
            field = found = mark + 1;
        }
    }
    return found;
}

// ---------------------------------------------------------------- text

// Writes a float64 as Python's repr does: the shortest text that reads back as the same number.
void append_number(double value, char point, std::string* text) {
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
