// Scans of random CSV beside cells read one character at a time.

#pragma once

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../../linreg_cli/native/scan.hpp"
#include "check.hpp"

namespace fuzz_scans {

using linreg::Layout;
using linreg::Scan;

const char* const kPieces[] = {
    "1", "23", "-4.5", "+.5", "1e3", "1E-300", "000", "999999999999999999", "1000000000000000000",
    "NA", "n/a", "None", "nan", "x", "-", "1.#IND", "\xc2\xa0", "\xe2\x88\x92", "\"", "\"\"", "\"1,2\"", "\"a\nb\"", ",", ",", ",", ";", "\t",
    "\n", "\n", "\r\n", "\r", " ", "\xc3\xa9", "\xff", "\xed\xa0\x80", "\xf4\x90\x80\x80", ".", "e", "-",
    "\"1\""};

inline bool is_wanted(const Layout& layout, int field) {
    return std::find(layout.wanted.begin(), layout.wanted.end(), field) != layout.wanted.end();
}

// Rows as they should be, of cells that the scanner knows.
inline std::string make_rows(Random& random, const Layout& layout) {
    const char* const cells[] = {
        "1", "-2.50", "+.5", "7.", "1e3", "25E-2", " 12 ", "NA", "", "\"3\"", "000.1",
        "999999999999999", "12345678", "-1234567.89", "123456789.1234567", "\"4,5\n6\"",
        "\"7\"\"8\"", "a\"b"};
    const char* const ends[] = {"\n", "\r\n", "\r", "\n\n"};
    std::string text;
    const char* end = ends[random() % 4];
    for (size_t rows = random() % 40; rows > 0; rows--) {
        for (int i = 0; i < layout.width; i++) {
            if (i > 0) text.push_back(layout.delimiter);
            if (layout.has_empty_last && i == layout.width - 1 && random() % 16) continue;
            text += cells[random() % (is_wanted(layout, i) ? 15 : 18)];
        }
        if (rows > 1 || random() % 2) text += end;
    }
    return text;
}

inline std::string make_text(Random& random) {
    std::string text;
    size_t count = random() % 200;
    for (size_t i = 0; i < count; i++) {
        text += kPieces[random() % (sizeof kPieces / sizeof *kPieces)];
    }
    if (random() % 20 == 0) text.insert(random() % (text.size() + 1), 1, '\0');
    return text;
}

// The cells of a record without its line end; quotes are taken off a cell that begins with one.
inline std::vector<std::string> cells_of(const std::string& record, char delimiter) {
    std::vector<std::string> cells(1);
    bool is_quoted = false, is_start = true;
    for (size_t i = 0; i < record.size(); i++) {
        const char c = record[i];
        if (is_quoted && c == '"' && i + 1 < record.size() && record[i + 1] == '"') {
            cells.back() += record[i++];
        } else if (c == '"' && (is_quoted || is_start)) {
            is_quoted = !is_quoted;
        } else if (c == delimiter && !is_quoted) {
            cells.emplace_back();
            is_start = true;
            continue;
        } else {
            cells.back() += c;
        }
        is_start = false;
    }
    return cells;
}

// Checks a number against what the C library reads, to the 18 digits that a long double has.
inline void check_number(std::string cell, char point, int64_t integer, int decimals) {
    for (char& c : cell) c = c == point ? '.' : c;
    char* end;
    const long double expected = std::strtold(cell.c_str(), &end);
    check(cell.find_first_not_of(" \t", static_cast<size_t>(end - cell.c_str())) == cell.npos,
          "what is no number is read as one");
    const long double found = static_cast<long double>(integer) / std::pow(10.0L, decimals);
    const long double room = 1e-17L * std::fabs(expected);
    check(std::fabs(found - expected) <= room, "a number is read as another");
}

// Checks the complete records against their text.
inline void check_cells(const std::string& text, const Layout& layout, const Scan& found) {
    size_t row = 0;
    for (size_t i = 0; i < found.complete.size(); i++) {
        if (!found.complete[i]) continue;
        const auto start = static_cast<size_t>(found.starts[i]);
        const auto size = static_cast<size_t>(found.ends[i]) - start;
        const std::vector<std::string> cells = cells_of(text.substr(start, size), layout.delimiter);
        check(cells.size() == static_cast<size_t>(layout.width), "a field is lost");
        for (size_t j = 0; j < layout.wanted.size(); j++) {
            check_number(cells[static_cast<size_t>(layout.wanted[j])], layout.point,
                         found.columns[j].values[row], found.columns[j].decimals);
        }
        row++;
    }
    for (const linreg::Column& column : found.columns) {
        check(column.values.size() == row, "a number is lost");
    }
}

inline int64_t count_line_ends(const std::string& text) {
    int64_t count = 0;
    for (size_t i = 0; i < text.size(); i++) {
        const bool is_crlf = text.compare(i, 2, "\r\n") == 0;
        count += text[i] == '\n' || (text[i] == '\r' && !is_crlf);
    }
    return count;
}

// Whether the scanner was sure of it all.
inline bool is_sure_of(const std::string& text, const Layout& layout) {
    const auto data = copy_of<char>(text);
    Layout with_text = layout;
    with_text.takes_text = true;
    const Scan apart = linreg::scan_columns(data.get(), text.size(), with_text);
    for (const linreg::Column& column : apart.columns) {
        size_t records = static_cast<size_t>(apart.records);
        check(!column.is_sure || column.values.size() == records, "a cell is lost");
        check(!column.is_sure || column.complete.size() == records, "a flag is lost");
    }
    Scan found = linreg::scan(data.get(), text.size(), layout, true);
    size_t cut = linreg::last_record_end(data.get(), text.size(), layout.delimiter);
    check(cut <= text.size(), "the cut is outside the data");
    if (!found.is_sure) return false;
    check(text.find('\0') == text.npos, "a NUL is taken for text");
    check(found.lines == count_line_ends(text), "a line is lost");
    check(apart.is_sure && apart.records == found.records, "columns apart are not sure");
    check(found.starts.size() == static_cast<size_t>(found.records), "a record is lost");
    int64_t before = 0;
    for (size_t i = 0; i < found.starts.size(); i++) {
        check(before <= found.starts[i] && found.starts[i] <= found.ends[i], "records overlap");
        before = found.ends[i];
    }
    check(before <= static_cast<int64_t>(text.size()), "a record ends outside the data");
    check_cells(text, layout, found);
    Scan part = linreg::scan(data.get(), cut, layout, true);
    check(part.is_sure, "records before the cut are not sure");
    for (size_t i = 0; i < part.starts.size(); i++) {
        const bool is_same = part.starts[i] == found.starts[i] && part.ends[i] == found.ends[i];
        check(is_same, "the cut is wrong");
    }
    return true;
}

// The words that count as missing, with or without further ones and numbers.
inline linreg::Missing any_missing(Random& random) {
    linreg::Missing missing;
    if (random() % 4) missing.any_case = {"", "na", "n/a", "nan", "null", "none"};
    if (random() % 2) missing.as_written = {"x", "-", "1.#IND", "None", "1x"};
    if (random() % 4 == 0) missing.numbers = {{1, 0}, {-45, 1}, {999999999999999999, 0}, {0, 0}};
    return missing;
}

// Scans one file; gives whether the scanner was sure of it.
inline bool run(Random& random) {
    const char delimiters[] = {',', ';', '\t', '|', ' '};
    const int width = 1 + static_cast<int>(random() % 4);
    Layout layout{delimiters[random() % 5], random() % 4 ? '.' : ',', width,
                  width > 1 && random() % 4 == 0, {}, any_missing(random)};
    if (layout.point == layout.delimiter) layout.point = '.';
    for (size_t j = 1 + random() % static_cast<size_t>(width); j > 0; j--) {
        layout.wanted.push_back(static_cast<int>(random() % static_cast<size_t>(width)));
    }
    return is_sure_of(random() % 2 ? make_text(random) : make_rows(random, layout), layout);
}

}  // namespace fuzz_scans
