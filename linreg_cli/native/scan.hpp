// The fast scanner: bytes of whole records -> the selected columns as int64 decimals.
//
//   structure.hpp  where the records are, and the selected cells in them
//   numbers.hpp    the number in a cell
//   here           the complete rows; all numbers of a column have the same decimals
//
// Every stage is a loop over all of the data that accepts only input it reads for certain. For any
// other (a number of more than 18 digits, a text cell, a ragged record, a quote inside a quoted
// number ...) the scan gives up, and the general reader takes the chunk, so that both agree on every
// input. tests/reading/test_fast_reader.py compares the two.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dates.hpp"
#include "layout.hpp"
#include "structure.hpp"
#include "numbers.hpp"

namespace linreg {

// How many digits the numbers of a column have after their point: none, exactly three after one to
// three others, so that the point may separate thousands, or others.
enum class Grouping { whole, three, other };

constexpr char kGrouped = ';';  // the delimiter of files where that is in doubt

// The numbers of one column, each with its own decimals.
struct Numbers {
    explicit Numbers(size_t rows) : integers(rows), decimals(rows) {}

    Grouping grouping() const {
        if (most_decimals == 0) return Grouping::whole;
        if (most_decimals != 3) return Grouping::other;
        for (size_t i = 0; i < decimals.size(); i++) {
            if (decimals[i] == 0) continue;
            const int64_t size = integers[i] < 0 ? -integers[i] : integers[i];
            if (decimals[i] != 3 || size < 1000 || size > 999999) return Grouping::other;
        }
        return Grouping::three;
    }

    Array<int64_t> integers;
    Array<unsigned char> decimals;
    int least_decimals = 255, most_decimals = 0;
    int64_t missing = 0;

    // Reads every `step`-th of the cells; a missing one makes its row incomplete. A text cell has
    // the flag 2, if text is wanted. False if a cell needs the general reader.
    bool read(const char* data, size_t size, const Layout& layout, const Cell* cells, size_t rows,
              size_t step, unsigned char* complete) {
        const bool has_markers = !layout.missing.numbers.empty();
        const char point = layout.point;  // kept in a register, unlike a member
        for (size_t i = 0; i < rows; i++) {
            const Cell cell = cells[i * step];
            Number number{0, 0};
            const char *at = data + cell.begin, *end = data + cell.end;
            Kind kind = Kind::number;
            if (!read_plain_number(at, end, data + size, point, &number)) {
                kind = read_other_cell(at, end, layout, &number);
            }
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
    bool are_dates = true;
    std::vector<std::string> distinct;
    std::vector<int64_t> counts;  // of each; too low if there are kMost different texts

    void read(const char* data, const Cell* cells, size_t rows, size_t step,
              const unsigned char* complete) {
        std::unordered_map<std::string_view, size_t> places;
        std::vector<std::string_view> in_order;
        size_t last = kMost;
        for (size_t i = 0; i < rows; i++) {
            if (complete[i] != 2) continue;
            if (count++ == 0) first_row = static_cast<int64_t>(i);
            const Cell cell = cells[i * step];
            const std::string_view text = with_quote(data, cell);
            if (last == kMost || text != in_order[last]) {
                are_dates = are_dates && is_date(text);
                if (in_order.size() == kMost) continue;
                const auto [place, is_new] = places.try_emplace(text, in_order.size());
                if (is_new) {
                    in_order.push_back(text);
                    counts.push_back(0);
                }
                last = place->second;
            }
            counts[last]++;
        }
        for (std::string_view text : in_order) {
            const bool is_quoted = text.size() > 1 && text[0] == '"';
            distinct.push_back(is_quoted ? with_quotes_halved(text.substr(1)) : std::string(text));
        }
    }

    // The text of a cell, with the quote before it if quotes in it are doubled.
    static std::string_view with_quote(const char* data, Cell cell) {
        const char* start = data + cell.begin;
        const size_t size = cell.end - cell.begin;
        const bool is_quoted = cell.begin > 0 && start[-1] == '"' && size > 0 &&
                               std::memchr(start, '"', size) != nullptr;
        return is_quoted ? std::string_view(start - 1, size + 1) : std::string_view(start, size);
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
    Grouping grouping = Grouping::whole;
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
    bool is_sure = false;  // if false, no other member is set
    std::vector<Column> columns;
    int64_t records = 0;
    int64_t lines = 0;
    // of each record, if records are kept: where its text lies, and whether it is complete
    std::vector<int64_t> starts, ends;
    std::vector<unsigned char> complete;
};

// Finds the cells of all records; false if a record needs the general reader.
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
        const Grouping grouping = layout.delimiter == kGrouped ? each.grouping() : Grouping::whole;
        found.columns.emplace_back(std::move(each), complete);
        if (!found.columns.back().is_sure) return {};
        found.columns.back().grouping = grouping;
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

// Reads each column by itself: a cell that it cannot read affects no other column, and a missing
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
        const bool asks = layout.delimiter == kGrouped && is_sure;
        const Grouping grouping = asks ? numbers.grouping() : Grouping::whole;
        Column column(std::move(numbers), is_sure ? all : none);
        column.is_sure &= is_sure;
        column.grouping = grouping;
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

// The offset after the last record whose end is certain, line end included; 0 if there is none.
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
