// Scans of random CSV beside cells read one character at a time, and scans with other instructions
// and sub-blocks beside each other.

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

// A number of few digits, with or without a sign and a point.
inline std::string plain_number(Random& random) {
    std::string text = random() % 4 ? "" : "-";
    const uint64_t digits = 1 + random() % 9;
    const uint64_t point = random() % 3 ? digits : random() % digits;
    for (uint64_t i = 0; i < digits; i++) {
        if (i == point) text.push_back('.');
        text.push_back(static_cast<char>('0' + random() % 10));
    }
    return text;
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
    const bool is_plain = random() % 2;
    for (size_t rows = random() % 40; rows > 0; rows--) {
        for (int i = 0; i < layout.width; i++) {
            if (i > 0) text.push_back(layout.delimiter);
            if (layout.has_empty_last && i == layout.width - 1 && random() % 16) continue;
            if (is_plain && random() % 32) {
                text += plain_number(random);
            } else {
                text += cells[random() % (is_wanted(layout, i) ? 15 : 18)];
            }
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
        const auto [begin, end] = found.spans[i];
        const std::vector<std::string> cells =
            cells_of(text.substr(begin, end - begin), layout.delimiter);
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

inline bool are_same(const linreg::Column& one, const linreg::Column& other) {
    if (one.is_sure != other.is_sure) return false;
    if (!one.is_sure) return true;
    return one.values.size() == other.values.size() &&
           std::equal(one.values.data(), one.values.data() + one.values.size(),
                      other.values.data()) &&
           one.decimals == other.decimals && one.missing == other.missing &&
           one.complete == other.complete && one.texts.count == other.texts.count &&
           one.texts.first_row == other.texts.first_row &&
           one.texts.are_dates == other.texts.are_dates && one.texts.counts == other.texts.counts &&
           one.texts.distinct() == other.texts.distinct() && one.grouping == other.grouping;
}

inline bool are_same(const linreg::Array<linreg::Cell>& one,
                     const linreg::Array<linreg::Cell>& other) {
    return one.size() == other.size() &&
           std::equal(one.data(), one.data() + one.size(), other.data(),
                      [](linreg::Cell a, linreg::Cell b) {
                          return a.begin == b.begin && a.end == b.end;
                      });
}

// Whether two scans found the same.
inline bool are_same(const Scan& one, const Scan& other) {
    if (one.is_sure != other.is_sure) return false;
    if (!one.is_sure) return true;
    bool is_same = one.records == other.records && one.lines == other.lines &&
                   are_same(one.spans, other.spans) &&
                   one.complete == other.complete && one.columns.size() == other.columns.size();
    for (size_t j = 0; is_same && j < one.columns.size(); j++) {
        is_same = are_same(one.columns[j], other.columns[j]);
    }
    return is_same;
}

// Bytes near what UTF-8 allows are text or not, whatever the instructions.
inline void check_utf8(Random& random) {
    const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
                                   0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5};
    const char* const characters[] = {"a", "\xc3\xb6", "\xe2\x82\xac", "\xf0\x9d\x84\x9e"};
    std::string text;
    for (size_t count = random() % 40; count > 0; count--) text += characters[random() % 4];
    for (size_t count = random() % 4; count > 0; count--) {
        const auto byte = static_cast<char>(edges[random() % sizeof edges]);
        text.insert(random() % (text.size() + 1), 1, byte);
    }
    const auto data = copy_of<char>(text);
    const auto best = linreg::choose_instructions(nullptr);
    check(linreg::is_utf8(data.get(), text.size(), best) ==
              linreg::is_utf8(data.get(), text.size(), linreg::Instructions::plain),
          "UTF-8 depends on instructions");
}

// Scans again with other instructions and sub-blocks.
inline void check_other_ways(Random& random, const char* data, size_t size, Layout layout,
                             const Scan& expected, const Scan& expected_apart) {
    static Scan found;  // knows what it read before
    layout.instructions = any_instructions(random);
    layout.block_bytes = random() % 4 ? 1 + random() % 300 : linreg::kBlockBytes;
    found.read(data, size, layout, true);
    check(are_same(found, expected), "the scan depends on instructions or sub-blocks");
    layout.takes_text = true;
    found.read_apart(data, size, layout);
    check(are_same(found, expected_apart), "columns depend on instructions or sub-blocks");
}

// Whether the scanner was sure of it all.
inline bool is_sure_of(Random& random, const std::string& text, const Layout& layout) {
    const auto data = copy_of<char>(text);
    Layout with_text = layout;
    with_text.takes_text = true;
    Scan apart;
    apart.read_apart(data.get(), text.size(), with_text);
    for (const linreg::Column& column : apart.columns) {
        size_t records = static_cast<size_t>(apart.records);
        if (!apart.is_sure || !column.is_sure) continue;
        check(column.values.size() == records, "a cell is lost");
        check(column.complete.size() == records, "a flag is lost");
    }
    Scan found;
    found.read(data.get(), text.size(), layout, true);
    check_other_ways(random, data.get(), text.size(), layout, found, apart);
    size_t cut = linreg::last_record_end(data.get(), text.size(), layout.delimiter);
    check(cut <= text.size(), "the cut is outside the data");
    if (!found.is_sure) return false;
    check(text.find('\0') == text.npos, "a NUL is taken for text");
    check(found.lines == count_line_ends(text), "a line is lost");
    check(apart.is_sure && apart.records == found.records, "columns apart are not sure");
    check(found.spans.size() == static_cast<size_t>(found.records), "a record is lost");
    size_t before = 0;
    for (size_t i = 0; i < found.spans.size(); i++) {
        const auto [begin, end] = found.spans[i];
        check(before <= begin && begin <= end, "records overlap");
        before = end;
    }
    check(before <= text.size(), "a record ends outside the data");
    check_cells(text, layout, found);
    Scan part;
    part.read(data.get(), cut, layout, true);
    check(part.is_sure, "records before the cut are not sure");
    for (size_t i = 0; i < part.spans.size(); i++) {
        const auto one = part.spans[i], other = found.spans[i];
        check(one.begin == other.begin && one.end == other.end, "the cut is wrong");
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

// The form of a file, and the fields that are wanted.
inline Layout any_layout(Random& random) {
    const char delimiters[] = {',', ';', '\t', '|', ' '};
    const int width = 1 + static_cast<int>(random() % 4);
    Layout layout{delimiters[random() % 5], random() % 4 ? '.' : ',', width,
                  width > 1 && random() % 4 == 0, {}, any_missing(random)};
    if (layout.point == layout.delimiter) layout.point = '.';
    for (size_t j = 1 + random() % static_cast<size_t>(width); j > 0; j--) {
        layout.wanted.push_back(static_cast<int>(random() % static_cast<size_t>(width)));
    }
    return layout;
}

// Scans one file; gives whether the scanner was sure of it.
inline bool run(Random& random) {
    check_utf8(random);
    const Layout layout = any_layout(random);
    return is_sure_of(random, random() % 2 ? make_text(random) : make_rows(random, layout), layout);
}

}  // namespace fuzz_scans
