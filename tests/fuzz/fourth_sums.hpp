// Sums of products of three and four columns beside the same sums modulo 2**128 and modulo three
// primes: all together leave no other integer below 2**300.

#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "../../linreg_cli/native/fourth_sums.hpp"
#include "check.hpp"

namespace fuzz_fourth_sums {

using linreg::FourthProducts;
using linreg::int128;
__extension__ typedef unsigned __int128 uint128;

constexpr std::array<int128, 3> kPrimes = {(int128{1} << 61) - 1, (int128{1} << 60) - 93,
                                           (int128{1} << 59) - 55};

struct Residues {
    uint128 wrapped = 0;
    std::array<int128, 3> of_primes{};

    // Adds a product.
    void add(const int128* factors, size_t count) {
        uint128 product = 1;
        for (size_t n = 0; n < count; n++) product *= static_cast<uint128>(factors[n]);
        wrapped += product;
        for (size_t i = 0; i < kPrimes.size(); i++) {
            int128 rest = 1;
            for (size_t n = 0; n < count; n++) rest = rest * (factors[n] % kPrimes[i]) % kPrimes[i];
            of_primes[i] = (of_primes[i] + rest) % kPrimes[i];
        }
    }

    bool operator==(const Residues& other) const {
        bool is_same = wrapped == other.wrapped;
        for (size_t i = 0; i < kPrimes.size(); i++) {
            is_same = is_same && (of_primes[i] - other.of_primes[i]) % kPrimes[i] == 0;
        }
        return is_same;
    }
};

// One integer of limbs, low ones first.
inline Residues residues_of(const int64_t* limbs) {
    Residues found;
    int128 factors[linreg::kFourthLimbs];
    for (size_t i = 0; i < linreg::kFourthLimbs; i++) {
        const bool is_last = i + 1 == linreg::kFourthLimbs;
        check(is_last || (0 <= limbs[i] && limbs[i] <= linreg::kLimbMask), "a limb is too large");
        factors[i] = limbs[i];
        found.add(factors, i + 1);
        factors[i] = int128{1} << linreg::kLimbBits;
    }
    return found;
}

// Checks the sums of products of `order` columns from `limbs` on, and moves behind them.
inline void check_order(const std::vector<int64_t>& values, const std::vector<int64_t>& origin,
                        size_t order, const int64_t** limbs) {
    const size_t columns = origin.size(), rows = values.size() / columns;
    std::vector<size_t> chosen(order, 0);
    while (true) {
        Residues expected;
        for (size_t i = 0; i < rows; i++) {
            int128 factors[4];
            for (size_t n = 0; n < order; n++) {
                const size_t j = chosen[n];
                factors[n] = static_cast<int128>(values[j * rows + i]) - origin[j];
            }
            expected.add(factors, order);
        }
        check(residues_of(*limbs) == expected, "a sum of products of several columns is wrong");
        *limbs += linreg::kFourthLimbs;
        size_t last = order;  // the next choice in lexicographic order
        while (last > 0 && chosen[last - 1] + 1 == columns) last--;
        if (last == 0) return;
        std::fill(chosen.begin() + static_cast<std::ptrdiff_t>(last) - 1, chosen.end(),
                  chosen[last - 1] + 1);
    }
}

inline std::vector<int64_t> sums_of(const std::vector<int64_t>& values,
                                    const std::vector<int64_t>& origin, size_t first, size_t last,
                                    linreg::Instructions instructions) {
    static FourthProducts products;  // keeps its memory
    const size_t rows = values.size() / origin.size();
    std::vector<std::unique_ptr<int64_t[]>> columns;
    std::vector<const int64_t*> starts;
    for (size_t j = 0; j < origin.size(); j++) {
        const auto from = values.begin() + static_cast<std::ptrdiff_t>(j * rows);
        columns.push_back(copy_of<int64_t>(
            std::vector<int64_t>(from + static_cast<std::ptrdiff_t>(first),
                                 from + static_cast<std::ptrdiff_t>(last))));
        starts.push_back(columns.back().get());
    }
    check(products.sum(starts, origin, last - first, instructions), "few rows are refused");
    return products.limbs;
}

inline void run(Random& random) {
    const size_t columns = 1 + random() % 4, rows = random() % 32 ? random() % 8 : random() % 600;
    const int64_t bound = int64_t{1} << random() % 61;
    std::vector<int64_t> values(columns * rows), origin(columns);
    for (int64_t& each : values) each = any_integer(random) % bound;
    for (int64_t& each : origin) each = random() % 2 ? any_integer(random) % bound : 0;
    const auto best = linreg::choose_instructions(nullptr);
    const std::vector<int64_t> all =
        sums_of(values, origin, 0, rows, linreg::Instructions::plain);
    check(all == sums_of(values, origin, 0, rows, best), "sums depend on instructions");
    const int64_t* limbs = all.data();
    check_order(values, origin, 3, &limbs);
    check_order(values, origin, 4, &limbs);
    check(limbs == all.data() + all.size(), "there are other sums");
    const size_t cut = random() % (rows + 1);  // parts add up
    std::vector<int64_t> parts = sums_of(values, origin, 0, cut, best);
    const std::vector<int64_t> rest = sums_of(values, origin, cut, rows, best);
    for (size_t i = 0; i < parts.size(); i += linreg::kFourthLimbs) {
        linreg::add_fourth_limbs(&rest[i], &parts[i]);
    }
    check(parts == all, "sums of parts do not add up");
}

}  // namespace fuzz_fourth_sums
