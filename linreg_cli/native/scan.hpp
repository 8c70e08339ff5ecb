// The fast reader: bytes of whole records -> the selected columns as int64 decimals.
//
//     data ─ sub-block ─ marks.hpp ─ structure.hpp ─ cells.hpp ─┐
//          ─ sub-block ─ ...             numbers.hpp (odd ones) ─┤ columns: complete rows only,
//          ─ sub-block ─ ...                                    ─┘ each with the same decimals
//
// It accepts only what it reads for certain. For any other input (a number of more than 18 digits, a
// text cell, a ragged record, a quote inside a quoted number ...) it gives up, and the general reader
// takes the data, so that both agree. tests/reading/test_fast_reader.py compares the two.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cells.hpp"
#include "dates.hpp"
#include "layout.hpp"
#include "levels.hpp"
#include "numbers.hpp"
#include "structure.hpp"

namespace linreg {

// How many digits the numbers of a column have after their point: none, exactly three after one to
// three others, so that the point may separate thousands, or others.
enum class Grouping { whole, three, other };

constexpr char kGrouped = ';';  // the delimiter of files where that is in doubt

// The cells of a column that are text: how many, where the first is, and the first of those that
// differ.
class Texts {
 public:
    static constexpr size_t kMost = 1001;  // one more than is counted

    int64_t count = 0;
    int64_t first_row = -1;
    bool are_dates = true;
    std::vector<int64_t> counts;  // of each; too low if there are kMost different texts

    void add(const char* data, Cell cell, size_t row) {
        if (count++ == 0) first_row = static_cast<int64_t>(row);
        const std::string_view text = text_of(data, cell);
        if (last_ == kMost || text != in_order_[last_]) {
            are_dates = are_dates && is_date(text);
            if (in_order_.size() == kMost) return;
            const auto [place, is_new] = places_.try_emplace(text, in_order_.size());
            if (is_new) {
                in_order_.push_back(text);
                counts.push_back(0);
            }
            last_ = place->second;
        }
        counts[last_]++;
    }

    // The texts that differ, as they read without quotes.
    std::vector<std::string> distinct() const {
        std::vector<std::string> found;
        for (std::string_view text : in_order_) found.push_back(without_quotes(text));
        return found;
    }

 private:
    std::unordered_map<std::string_view, size_t> places_;
    std::vector<std::string_view> in_order_;
    size_t last_ = kMost;
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

// What the cells of a sub-block are written to, beside their numbers.
struct Scratch {
    Array<unsigned char> is_plain, is_negative;
};

// One column: while it is read, each number has its own decimals; then only the kept rows are left,
// all with the same.
class Column {
 public:
    Array<int64_t> values;
    int decimals = 0;
    int64_t missing = 0;
    bool is_sure = true;
    Grouping grouping = Grouping::whole;
    // where columns are read by themselves: which cells are missing (0), numbers (1) or text (2)
    std::vector<unsigned char> complete;
    Texts texts;
    // where the column is a category, whose values are codes
    Levels levels;

    void start() {
        values.clear();
        places_.clear();
        complete.clear();
        texts = Texts();
        levels = Levels();
        decimals = 0;
        missing = 0;
        is_sure = true;
        grouping = Grouping::whole;
        has_decimals_ = false;
    }

    // Reads the cells of a sub-block; a missing one makes its row incomplete, a text cell has the
    // flag 2. Is not sure if a cell needs the general reader.
    void read(const char* data, size_t size, const Layout& layout, const Places& places,
              size_t rows, unsigned char* kinds, Scratch* scratch) {
        const size_t before = values.size();
        values.resize(before + rows);
        places_.resize(before + rows);
        scratch->is_plain.resize(rows);
        scratch->is_negative.resize(rows);
        const Batch batch{data, size, places, rows, layout.point, values.data() + before,
                          places_.data() + before, scratch->is_plain.data(),
                          scratch->is_negative.data()};
        bool has_decimals = has_points_;
        const bool are_plain = read_cells(batch, layout.instructions, &has_decimals);
        has_decimals_ |= has_decimals;
        if (!are_plain) {
            if (!read_others(batch, layout, kinds)) return;
        } else if (has_points_) {
            has_points_ = std::any_of(batch.decimals, batch.decimals + rows,
                                      [](unsigned char each) { return each > 0; });
        }
        if (!layout.missing.numbers.empty()) find_markers(batch, layout, kinds);
    }

    // Reads the cells of a sub-block as codes of levels; a missing one makes its row incomplete,
    // unless the column is one of a key.
    void read_levels(const char* data, const Layout& layout, const Places& places, size_t rows,
                     bool is_key, unsigned char* kinds) {
        const size_t before = values.size();
        values.resize(before + rows);
        for (size_t i = 0; i < rows; i++) {
            const int64_t code = levels.code_of(text_of(data, places.at(data, i)), layout.missing);
            values[before + i] = code;
            if (code == Levels::kMissing) {
                kinds[i] &= is_key;
                missing++;
            }
        }
    }

    // Keeps the flagged rows only, and gives all the same decimals; is not sure if a number then takes
    // more than 18 digits.
    void finish(const unsigned char* kept, size_t rows, bool keeps_all, bool groups) {
        if (!is_sure) {
            values.clear();
            return;
        }
        if (groups && has_decimals_) grouping = find_grouping();
        int most = 0, least = 255;
        for (size_t i = 0; has_decimals_ && i < rows; i++) {
            if (!kept[i]) continue;
            most = std::max<int>(most, places_[i]);
            if (values[i] != 0) least = std::min<int>(least, places_[i]);
        }
        decimals = most;
        const bool scales = least < most;
        if (keeps_all && !scales) return;
        size_t count = 0;
        for (size_t i = 0; i < rows; i++) {
            int64_t value = values[i];
            if (scales && kept[i]) is_sure &= scale(&value, most - places_[i]);
            values[count] = value;
            count += kept[i] != 0;
        }
        values.resize(count);
    }

 private:
    // Reads the cells that are not plain one by one; is not sure if one needs the general reader.
    bool read_others(const Batch& batch, const Layout& layout, unsigned char* kinds) {
        size_t with_point = 0, first_row = values.size() - batch.rows;
        for (size_t i = 0; i < batch.rows; i++) {
            if (batch.is_plain[i]) continue;
            const Cell cell = batch.places.at(batch.data, i);
            const char *at = batch.data + cell.begin, *end = batch.data + cell.end;
            Number number{0, 0};
            Kind kind = Kind::number;
            if (!read_plain_number(at, end, batch.data + batch.size, layout.point, &number)) {
                kind = read_other_cell(at, end, layout, &number);
            }
            if (kind == Kind::unsure || (kind == Kind::text && !layout.takes_text)) {
                is_sure = false;
                return false;
            }
            batch.integers[i] = number.integer;
            batch.decimals[i] = static_cast<unsigned char>(number.decimals);
            batch.is_plain[i] = kind == Kind::number;
            with_point += number.decimals > 0;
            if (kind == Kind::missing) {
                kinds[i] = 0;
                missing++;
            } else if (kind == Kind::text) {
                kinds[i] = 2;
                texts.add(batch.data, cell, first_row + i);
            }
        }
        has_decimals_ |= with_point > 0;
        has_points_ |= 16 * with_point > batch.rows;
        return true;
    }

    Grouping find_grouping() const {
        bool has_other = false, has_any = false;
        for (size_t i = 0; i < places_.size(); i++) {
            if (places_[i] == 0) continue;
            const int64_t size = values[i] < 0 ? -values[i] : values[i];
            has_other |= places_[i] != 3 || size < 1000 || size > 999999;
            has_any = true;
        }
        return has_other ? Grouping::other : has_any ? Grouping::three : Grouping::whole;
    }

    // Numbers that stand for a missing cell.
    void find_markers(const Batch& batch, const Layout& layout, unsigned char* kinds) {
        for (size_t i = 0; i < batch.rows; i++) {
            const Number number{batch.integers[i], batch.decimals[i]};
            if (!batch.is_plain[i] || !layout.missing.has(number)) continue;
            batch.integers[i] = 0;
            batch.decimals[i] = 0;
            kinds[i] = 0;
            missing++;
        }
    }

    Array<unsigned char> places_;  // decimals of each number
    bool has_points_ = false;      // how the cells of the last sub-block were read
    bool has_decimals_ = false;    // whether any number has
};

// Reads whole records; what it found stays in its members until the next data.
class Scan {
 public:
    bool is_sure = false;  // if false, no other member has a meaning
    std::vector<Column> columns;
    int64_t records = 0;
    int64_t lines = 0;
    // of each record: whether it is complete, and where its text lies, if records are kept
    std::vector<unsigned char> complete;
    Array<Cell> spans;

    // Reads the wanted columns of complete rows.
    void read(const char* data, size_t size, const Layout& layout, bool keeps_records) {
        start(layout);
        if (size > kMaxSize || layout.width < 1) return;
        structure_.start(data, size, layout);
        while (structure_.next()) {
            const size_t rows = structure_.records;
            if (rows == 0) continue;  // blank lines
            complete.resize(complete.size() + rows, 1);
            unsigned char* kinds = complete.data() + complete.size() - rows;
            for (size_t j = 0; j < layout.categories; j++) {
                columns[j].read_levels(data, layout, structure_.places(j), rows, j < layout.keys, kinds);
            }
            for (size_t j = layout.categories; j < columns.size(); j++) {
                columns[j].read(data, size, layout, structure_.places(j), rows, kinds, &scratch_);
                if (!columns[j].is_sure) return;
            }
            if (keeps_records) structure_.add_records(&spans);
        }
        if (!structure_.is_sure()) return;
        int64_t missing = 0;
        for (const Column& column : columns) missing += column.missing;
        is_sure = true;
        for (Column& column : columns) {
            column.finish(complete.data(), complete.size(), missing == 0,
                          layout.delimiter == kGrouped);
            is_sure &= column.is_sure;
        }
        count();
    }

    // Reads each column by itself: a cell that it cannot read affects no other column, and a missing
    // one stands as 0, so that all columns have as many numbers as there are records.
    void read_apart(const char* data, size_t size, const Layout& layout) {
        start(layout);
        if (size > kMaxSize || layout.width < 1) return;
        structure_.start(data, size, layout);
        while (structure_.next()) {
            const size_t rows = structure_.records;
            if (rows == 0) continue;  // blank lines
            complete.resize(complete.size() + rows, 1);
            for (size_t j = 0; j < columns.size(); j++) {
                Column& column = columns[j];
                if (!column.is_sure) continue;
                column.complete.resize(complete.size(), 1);
                column.read(data, size, layout, structure_.places(j), rows,
                            column.complete.data() + complete.size() - rows, &scratch_);
            }
        }
        if (!structure_.is_sure()) return;
        for (Column& column : columns) {
            column.finish(complete.data(), complete.size(), true, layout.delimiter == kGrouped);
        }
        is_sure = true;
        count();
    }

 private:
    void start(const Layout& layout) {
        columns.resize(layout.wanted.size());
        for (Column& column : columns) column.start();
        complete.clear();
        spans.clear();
        is_sure = false;
    }

    void count() {
        records = static_cast<int64_t>(complete.size());
        lines = structure_.lines;
    }

    Structure structure_;
    Scratch scratch_;
};

// The offset after the last record whose end is certain, line end included; 0 if there is none.
inline size_t last_record_end(const char* data, size_t size, char delimiter) {
    if (size > kMaxSize) return 0;
    Marks marks;
    marks.find(data, 0, size, delimiter);
    const uint32_t* next = marks.begin();
    size_t field = 0, found = 0;
    while (next < marks.end()) {
        size_t mark = *next++ - 1;
        if (data[mark] == '"') {
            if (mark != field) continue;  // a quote in the middle of a field is text
            while (true) {
                // open, or a first half of ""
                if (next == marks.end() || (mark = *next++ - 1) + 1 == size) return found;
                if (data[mark] != '"') continue;
                if (data[mark + 1] != '"') break;
                next++;
            }
        } else if (data[mark] == delimiter) {
            field = mark + 1;
        } else if (data[mark] == '\n') {
            field = found = mark + 1;
        } else if (data[mark] == '\r' && mark + 1 < size) {  // a CR at the end may be half of a CRLF
            if (data[mark + 1] == '\n') mark = *next++ - 1;
            field = found = mark + 1;
        }
    }
    return found;
}

}  // namespace linreg
