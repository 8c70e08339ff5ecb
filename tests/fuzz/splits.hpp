// Parts of rows beside those of single rows, whose hashes are computed in integers of 128 bits.

#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "../../linreg_cli/native/split.hpp"
#include "../../linreg_cli/native/sums.hpp"
#include "check.hpp"

namespace fuzz_splits {

using linreg::int128;
using linreg::Split;

constexpr int64_t kPrime = 2147483647;

// What a split is made of.
struct Recipe {
    std::vector<int64_t> factors, bounds;

    Split split() const { return Split(factors, bounds); }
};

inline Recipe any_recipe(Random& random, size_t columns) {
    Recipe recipe;
    for (size_t j = 0; j < 2 * columns; j++) {
        recipe.factors.push_back(1 + static_cast<int64_t>(random() % (random() % 4 ? kPrime - 1 : 3)));
    }
    const size_t bounds = 1 + random() % (random() % 8 ? 6 : 2000);
    for (size_t part = 0; part < bounds; part++) {
        const int64_t edges[] = {0, 1, int64_t{1} << 22, int64_t{1} << 31, int64_t{1} << 32};
        const auto any = static_cast<int64_t>(random() % ((uint64_t{1} << 32) + 1));
        recipe.bounds.push_back(random() % 4 ? any : edges[random() % 5]);
    }
    std::sort(recipe.bounds.begin(), recipe.bounds.end());
    return recipe;
}

inline uint64_t mixed(uint64_t number) {
    number ^= number >> 30;
    number *= 0xBF58476D1CE4E5B9;
    number ^= number >> 27;
    number *= 0x94D049BB133111EB;
    return number ^ number >> 31;
}

// The number of 32 bits that decides the part of one row, as the definition has it.
inline int64_t number_of(const Recipe& recipe, const std::vector<int64_t>& row,
                         const std::vector<int>& decimals) {
    uint64_t sums[2];
    for (size_t which = 0; which < 2; which++) {
        int128 sum = 0;
        for (size_t j = 0; j < row.size(); j++) {
            int128 unit = recipe.factors[which * row.size() + j];
            // exact division modulo the prime: some unit + k * kPrime is a multiple of ten
            for (int i = 0; i < decimals[j]; i++) {
                while (unit % 10 != 0) unit += kPrime;
                unit /= 10;
            }
            sum += (row[j] % kPrime + kPrime) * (unit % kPrime);
        }
        sums[which] = static_cast<uint64_t>(sum % kPrime);
    }
    return static_cast<int64_t>(mixed(sums[0] << 31 ^ sums[1]) >> 32);
}

inline size_t part_of(const Recipe& recipe, const std::vector<int64_t>& row,
                      const std::vector<int>& decimals) {
    const int64_t number = number_of(recipe, row, decimals);
    size_t part = 0;
    for (int64_t bound : recipe.bounds) part += number >= bound;
    return part;
}

inline void run(Random& random) {
    const size_t columns = 1 + random() % 5, rows = random() % 20;
    Recipe recipe = any_recipe(random, columns);
    std::vector<std::unique_ptr<int64_t[]>> copies;
    std::vector<const int64_t*> starts;
    std::vector<int> decimals;
    for (size_t j = 0; j < columns; j++) {
        std::vector<int64_t> values;
        for (size_t i = 0; i < rows; i++) values.push_back(any_integer(random));
        copies.push_back(copy_of<int64_t>(values));
        starts.push_back(copies.back().get());
        decimals.push_back(static_cast<int>(random() % (random() % 4 ? 4 : 256)));
    }
    const auto row_at = [&starts](size_t i) {
        std::vector<int64_t> row;
        for (const int64_t* column : starts) row.push_back(column[i]);
        return row;
    };
    for (size_t i = 0; i < rows; i += 1 + random() % 4) {  // parts that begin with a row, or behind it
        const int64_t number = number_of(recipe, row_at(i), decimals);
        recipe.bounds.push_back(number + static_cast<int64_t>(random() % 2));
    }
    std::sort(recipe.bounds.begin(), recipe.bounds.end());
    static std::vector<uint32_t> parts;
    static linreg::SortedRows sorted;
    const Split split = recipe.split();
    check(split.parts() == recipe.bounds.size() + 1, "a part is lost");
    split.assign(starts, decimals, rows, &parts);
    check(parts.size() == rows, "a row has no part");
    std::vector<std::vector<size_t>> rows_of(split.parts());
    for (size_t i = 0; i < rows; i++) {
        check(parts[i] == part_of(recipe, row_at(i), decimals), "a row is in another part");
        rows_of[parts[i]].push_back(i);
    }
    sorted.sort(starts, parts, split.parts());
    size_t start = 0;
    for (size_t part = 0; part < split.parts(); part++) {
        check(sorted.ends[part] == start + rows_of[part].size(), "a part has other rows");
        if (rows_of[part].empty()) continue;
        const std::vector<const int64_t*> found = sorted.columns(start);
        check(found.size() == columns, "a column is lost");
        for (size_t j = 0; j < columns; j++) {
            for (size_t i = 0; i < rows_of[part].size(); i++) {
                check(found[j][i] == starts[j][rows_of[part][i]], "a number is another");
            }
        }
        start = sorted.ends[part];
    }
}

}  // namespace fuzz_splits
