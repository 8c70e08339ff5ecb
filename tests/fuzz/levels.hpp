// Codes of levels beside the texts of the cells; and sums by code beside the same sums one by one.

#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "../../linreg_cli/native/code_sums.hpp"
#include "../../linreg_cli/native/scan.hpp"
#include "check.hpp"
#include "scans.hpp"
#include "sums.hpp"

namespace fuzz_levels {

using linreg::Layout;
using linreg::Levels;
using linreg::Scan;

// Whether a text without its blanks counts as missing.
inline bool is_missing(const std::string& cell, const Layout& layout) {
    const size_t begin = cell.find_first_not_of(" \t"), end = cell.find_last_not_of(" \t");
    const std::string text = begin == cell.npos ? "" : cell.substr(begin, end - begin + 1);
    std::string lower = text;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
    const auto has = [](const std::vector<std::string>& words, const std::string& word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    return has(layout.missing.as_written, text) || has(layout.missing.any_case, lower);
}

// Checks the codes of one category against the cells of the records.
inline void check_codes(const std::vector<std::vector<std::string>>& records, const Layout& layout,
                        const Scan& found, size_t j) {
    const std::vector<std::string> levels = found.columns[j].levels.levels();
    std::set<std::string> seen;
    size_t row = 0;
    for (size_t i = 0; i < records.size(); i++) {
        const std::string& cell = records[i][static_cast<size_t>(layout.wanted[j])];
        const bool lacks = is_missing(cell, layout);
        if (!lacks) seen.insert(cell);
        if (lacks && j >= layout.keys) check(!found.complete[i], "a row without a level is complete");
        if (!found.complete[i]) continue;
        const int64_t code = found.columns[j].values[row++];
        check((code == Levels::kMissing) == lacks, "a missing level has a code");
        if (lacks) continue;
        check(0 <= code && static_cast<size_t>(code) < levels.size(), "a code has no level");
        check(levels[static_cast<size_t>(code)] == cell, "a code is that of another level");
    }
    check(found.columns[j].values.size() == row, "a code is lost");
    check(std::set<std::string>(levels.begin(), levels.end()) == seen, "a level is lost");
}

// Scans a file with categories; gives whether the scanner was sure of it.
inline bool run(Random& random) {
    Layout layout = fuzz_scans::any_layout(random);
    layout.categories = 1 + random() % layout.wanted.size();
    layout.keys = random() % (layout.categories + 1);
    const std::string text = random() % 4 ? fuzz_scans::make_rows(random, layout)
                                          : fuzz_scans::make_text(random);
    const auto data = copy_of<char>(text);
    static Scan found, other;  // keep their memory
    found.read(data.get(), text.size(), layout, true);
    Layout changed = layout;
    changed.instructions = any_instructions(random);
    changed.block_bytes = random() % 4 ? 1 + random() % 300 : linreg::kBlockBytes;
    other.read(data.get(), text.size(), changed, true);
    check(fuzz_scans::are_same(found, other), "codes depend on instructions or sub-blocks");
    if (!found.is_sure) return false;
    std::vector<std::vector<std::string>> records;
    for (size_t i = 0; i < found.spans.size(); i++) {
        const auto [begin, end] = found.spans[i];
        records.push_back(fuzz_scans::cells_of(text.substr(begin, end - begin), layout.delimiter));
        check(records.back().size() == static_cast<size_t>(layout.width), "a field is lost");
    }
    for (size_t j = 0; j < layout.categories; j++) {
        check(other.columns[j].levels.levels() == found.columns[j].levels.levels(),
              "levels depend on instructions or sub-blocks");
        check_codes(records, layout, found, j);
    }
    return true;
}

inline std::vector<int64_t> any_integers(Random& random, size_t count) {
    const int64_t bound = int64_t{1} << random() % 62;
    std::vector<int64_t> values(count);
    for (int64_t& each : values) each = any_integer(random) % bound;
    return values;
}

// Adds numbers by code.
inline void run_sums(Random& random) {
    const size_t columns = random() % 4, rows = random() % 40, size = 1 + random() % 6;
    const std::vector<int64_t> values = any_integers(random, columns * rows);
    const std::vector<int64_t> weights = any_integers(random, random() % 2 ? rows : 0);
    std::vector<int64_t> codes(rows);
    for (int64_t& each : codes) each = static_cast<int64_t>(random() % size);
    if (rows > 0 && random() % 16 == 0) codes[random() % rows] = random() % 2 ? -1 : 6;
    const bool are_codes = std::all_of(codes.begin(), codes.end(), [&](int64_t code) {
        return 0 <= code && code < static_cast<int64_t>(size);
    });
    std::vector<fuzz_sums::Residues> expected(size * (1 + columns));
    long double largest = 0;  // of the sizes of a sum's terms together
    for (size_t j = 0; are_codes && j <= columns; j++) {
        long double total = 0;
        for (size_t i = 0; i < rows; i++) {
            const int64_t value = j == 0 ? 1 : values[(j - 1) * rows + i];
            const int64_t weight = weights.empty() ? 1 : weights[i];
            expected[static_cast<size_t>(codes[i]) * (1 + columns) + j].add(weight, value);
            total += std::fabs(static_cast<long double>(value) * static_cast<long double>(weight));
        }
        largest = std::max(largest, total);
    }
    const auto xs = copy_of<int64_t>(values), factors = copy_of<int64_t>(weights);
    const auto places = copy_of<int64_t>(codes);
    std::vector<linreg::int128> sums;
    const bool fits = linreg::sum_by_code(xs.get(), weights.empty() ? nullptr : factors.get(),
                                          places.get(), columns, rows, size, &sums);
    check(!fits || (are_codes && largest < 0x1p126L), "sums by code that are too large are given");
    if (!fits) {  // of two numbers below 2**60 each, and 40 rows, no product is too large
        check(!are_codes, "sums by code are refused");
        return;
    }
    check(sums.size() == expected.size(), "a sum by code is lost");
    for (size_t i = 0; i < sums.size(); i++) {
        fuzz_sums::Residues found;
        found.add(sums[i], 1);
        check(found == expected[i], "a sum by code is wrong");
    }
}

}  // namespace fuzz_levels
