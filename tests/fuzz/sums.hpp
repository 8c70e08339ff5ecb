// Sums of products beside the same sums modulo 2**128 and modulo a prime: both together leave no
// other integer below 2**188.

#pragma once

#include <algorithm>
#include <vector>

#include "../../linreg_cli/native/sums.hpp"
#include "check.hpp"

namespace fuzz_sums {

using linreg::int128;
__extension__ typedef unsigned __int128 uint128;

constexpr int128 kPrime = (int128{1} << 61) - 1;
constexpr int128 kLimit = int128{1} << 60;  // of a number times its weight

struct Residues {
    uint128 wrapped = 0;
    int128 of_prime = 0;

    void add(int128 left, int128 right) {
        wrapped += static_cast<uint128>(left) * static_cast<uint128>(right);
        of_prime = (of_prime + (left % kPrime) * (right % kPrime)) % kPrime;
    }
    bool operator==(const Residues& other) const {
        return wrapped == other.wrapped && (of_prime - other.of_prime) % kPrime == 0;
    }
};

// One integer of limbs, low ones first.
inline Residues residues_of(const int64_t* limbs) {
    Residues found;
    found.add(limbs[0], 1);
    found.add(limbs[1], int128{1} << linreg::kLimbBits);
    found.add(limbs[2] * (int128{1} << linreg::kLimbBits), int128{1} << linreg::kLimbBits);
    return found;
}

inline void check_moments(const std::vector<int64_t>& values, const std::vector<int64_t>& weights,
                          size_t columns, size_t rows) {
    const auto data = copy_of<int64_t>(values), factors = copy_of<int64_t>(weights);
    const auto value = [&](size_t column, size_t i) -> int128 {
        return column == 0 ? 1 : values[(column - 1) * rows + i];
    };
    const auto weight = [&](size_t i) -> int128 { return weights.empty() ? 1 : weights[i]; };
    bool fits = rows <= linreg::kMaxRows;
    for (size_t j = 0; j <= columns && !weights.empty(); j++) {
        for (size_t i = 0; i < rows; i++) {
            const int128 weighed = weight(i) * value(j, i);
            fits &= -kLimit < weighed && weighed < kLimit;
        }
    }
    static linreg::Products products, others;
    std::vector<const int64_t*> starts;
    for (size_t j = 0; j < columns; j++) starts.push_back(data.get() + j * rows);
    const int64_t* each = weights.empty() ? nullptr : factors.get();
    const bool is_summed = products.sum(starts, each, rows, linreg::Instructions::plain);
    check(is_summed == fits, "sums are refused, or too large");
    const auto best = linreg::choose_instructions(nullptr);
    check(others.sum(starts, each, rows, best) == fits, "instructions refuse sums");
    if (!is_summed) return;
    const std::vector<int64_t>& moments = products.limbs;
    check(moments == others.limbs, "sums depend on instructions");
    for (size_t j = 0; j < columns && rows > 0; j++) {
        const auto extremes = std::minmax_element(starts[j], starts[j] + rows);
        for (const linreg::Products* found : {&products, &others}) {
            check(found->extents[j].least == *extremes.first, "the least number is another");
            check(found->extents[j].most == *extremes.second, "the largest number is another");
        }
    }
    check(moments.size() == 3 * (columns + 1) * (columns + 2) / 2, "a sum is lost");
    const int64_t* limbs = moments.data();
    for (size_t j = 0; j <= columns; j++) {
        for (size_t k = 0; k <= j; k++, limbs += 3) {
            Residues expected;
            for (size_t i = 0; i < rows; i++) expected.add(weight(i) * value(j, i), value(k, i));
            check(residues_of(limbs) == expected, "a sum is wrong");
            for (int low : {0, 1}) {
                check(0 <= limbs[low] && limbs[low] <= linreg::kLimbMask, "a limb is too large");
            }
        }
    }
}

inline void run(Random& random) {
    const size_t columns = 1 + random() % 5, rows = random() % 4 ? random() % 10 : random() % 600;
    std::vector<int64_t> values(columns * rows), weights(random() % 2 ? rows : 0);
    const int64_t same = random() % 4 ? 0 : any_integer(random);
    const int64_t bound = int64_t{1} << random() % 60;
    const int64_t other = random() % 4 ? bound : int64_t{1} << random() % 60;
    for (size_t i = 0; i < values.size(); i++) {
        const int64_t largest = i < rows ? other : bound;
        values[i] = same ? same : any_integer(random) % largest;
    }
    for (int64_t& each : weights) each = any_integer(random) % ((int64_t{1} << 59) / bound + 1);
    if (!weights.empty() && random() % 8 == 0) weights[0] = any_integer(random);
    check_moments(values, weights, columns, rows);
}

// As many rows as there may be, of the largest numbers; and one more.
inline void run_largest() {
    for (size_t rows : {linreg::kMaxRows, linreg::kMaxRows + 1}) {
        for (int64_t value : {int64_t{999999999999999999}, int64_t{-999999999999999999}}) {
            check_moments(std::vector<int64_t>(rows, value), {}, 1, rows);
        }
    }
}

}  // namespace fuzz_sums
